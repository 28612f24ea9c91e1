// The classroom's forms: a bet, what became of it, a quiz. Native controls, so that a keyboard and a
// screen reader know them. Nothing is called saved before the kernel has said so.

import { replaceStill } from "../../views/kit/elements.js";
import { keepUnits, node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { plainly } from "../../twin/words.js";
import { leaningPicture } from "./how_you_bet.js";

// Every form is a module of its own to the browser, so a counter would start again in each.
const unique = () => `faultlab-form-${Math.random().toString(36).slice(2)}`;

function radios(id, options, type = "radio") {
  const inputs = options.map((_, i) => node("input", { type, name: id, value: i, id: `${id}-${i}` }));
  const rows = options.map((option, i) =>
    node("div", { class: "option" }, inputs[i], node("label", { for: `${id}-${i}` }, option)));
  return { inputs, rows };
}

function chosen(inputs) {
  return inputs.filter((input) => input.checked).map((input) => Number(input.value));
}

function number(id, model, asked) {
  const probability = model.get("kind") === "probability";
  const low = probability ? 0 : model.get("low");
  const high = probability ? 100 : model.get("high");
  const unit = probability ? "%" : model.get("unit");
  // A text box: a number box drops the commas and points that it doesn't know, and 8,5 becomes 85.
  const box = node("input", { type: "text", id, inputmode: "decimal", autocomplete: "off", "aria-describedby": asked });
  const range = `from ${plainly(low)} to ${plainly(high)}`;
  const label = node("label", { for: id }, `Your bet, ${range}${unit ? ` ${unit}` : ""}`);
  return {
    element: node("div", {}, label, node("span", { class: "pair" }, box, unit)),
    show: (value) => {
      if (value === null) return;
      box.value = probability ? Number((value * 100).toPrecision(6)) : value.toLocaleString("en", { maximumFractionDigits: 9 });
    },
    read: () => box.value.trim() || null,
    wrong: `Type a number ${range}.`,
    focus: () => box.focus(),
  };
}

function choice(id, model, asked) {
  const options = model.get("options");
  const { inputs, rows } = radios(id, options);
  return {
    element: node("fieldset", { "aria-label": "The options", "aria-describedby": asked }, ...rows),
    show: (value) => inputs.forEach((input, i) => { input.checked = options[i] === value; }),
    read: () => (chosen(inputs).length ? options[chosen(inputs)[0]] : null),
    wrong: "Choose one of the options.",
    focus: () => (inputs.find((input) => input.checked) ?? inputs[0]).focus(),
  };
}

// The slip: a question, and a stub on which the bet is placed, stands, or was passed up. The question describes what
// is filled in and names nothing: so it is heard once by who reads on, and by who comes with the Tab key.
export function betForm(model, root) {
  const id = unique();
  const worded = model.get("kind") === "choice";
  root.classList.add("slip");
  if (worded) root.classList.add("wide-stub");
  const asked = `${id}-asked`;
  const field = worded ? choice(id, model, asked) : number(id, model, asked);
  const fine = node("p", { class: "fine" }, "Trust your instinct. It is never graded.");
  const ask = node("div", { class: "ask" }, node("p", { class: "kicker" }, "Your bet"),
    node("p", { class: "question", id: asked }, model.get("question")), fine);
  const place = node("button", { type: "submit" }, "Place my bet");
  const form = node("form", { class: "stub", novalidate: "" });
  const before = node("div", {}, field.element, place);
  const mine = node("p", { class: worded ? "mybet words" : "mybet" });
  const head = node("p", { class: "quiet" }, "You bet");
  const change = node("button", { type: "button", class: "plain" }, "Change it");
  const after = node("div", {}, head, mine, change);
  const status = node("p", { class: "status", role: "status" });
  form.append(before, after, status);
  root.append(ask, form);

  let changing = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = field.read();
    if (value === null) {
      status.textContent = field.wrong;
      field.focus();
      return;
    }
    status.textContent = "Saving …";
    changing = false;
    model.send({ bet: value, typed: !worded });
  });
  change.addEventListener("click", () => { changing = true; show(); field.focus(); });
  const show = () => {
    const placed = model.get("answer") !== null, closed = model.get("closed");
    const had = form.contains(document.activeElement);
    field.show(model.get("answer"));
    before.hidden = closed || (placed && !changing);
    after.hidden = !closed && (!placed || changing);
    large(mine, model.get("shown").mine ?? "");
    head.hidden = !placed;
    change.hidden = closed;
    root.classList.toggle("passed", closed && !placed);
    status.textContent = model.get("status");
    if (had && before.hidden && !change.hidden) change.focus();
  };
  return show;
}

/** Write a number large and its unit small; tell the number, or nothing where there are words. */
function large(place, said) {
  const [, figure, unit] = /^([-−+]?[\d.,]+)\s*(.*)$/s.exec(said) ?? [null, "", ""];
  place.replaceChildren(figure || said, ...(unit ? [node("small", {}, `\u00a0${unit}`)] : []));
  place.classList.toggle("long", figure.length + unit.length > 10);
  return figure;
}

// The slip turned: covered until it is asked for, then the answer large, and the bet beside it.
export function revealForm(model, root) {
  root.classList.add("slip");
  const kicker = node("p", { class: "kicker" });
  const question = node("p", { class: "question", id: unique() }, model.get("question"));
  const answer = node("p", { class: "answer", tabindex: "-1" });
  const says = node("p", { class: "answer-says" }, model.get("question"));
  const ask = node("div", { class: "ask" }, kicker, question, answer, says);
  const head = node("p", { class: "quiet" });
  const mine = node("p", { class: model.get("kind") === "choice" ? "mybet words" : "mybet" });
  const missed = node("p", { class: "off" });
  const meaning = node("p", { class: "quiet" });
  const turn = node("button", { type: "button", "aria-describedby": question.id });
  const back = node("button", { type: "button", class: "plain" }, "Go to the bet");
  // What is heard with the answer, which then has the focus; the status speaks for a covered card alone.
  const stub = node("div", { class: "stub", id: unique() }, head, mine, missed, meaning, turn, back);
  answer.setAttribute("aria-describedby", stub.id);
  const status = node("p", { class: "status", role: "status" });
  stub.append(status);
  const shows = node("div", { class: "shows" });
  root.append(ask, stub, shows);
  let asked = false;
  turn.addEventListener("click", () => { asked = true; model.send({ seen: true }); });
  back.addEventListener("click", () => {
    /** @type {HTMLElement | null} */
    const slip = document.querySelector(`[data-of="Bet: ${model.get("shown").bet}"]`);
    slip?.scrollIntoView({ block: "center" });
    /** @type {HTMLElement | null | undefined} */
    const first = slip?.querySelector("input, button");
    first?.focus({ preventScroll: true });
  });
  const show = () => {
    const { covered, mine: bet, truth, missed: off, meaning: means, scale, early } = model.get("shown");
    root.dataset.covered = String(Boolean(covered));
    // The picture that answers marks the bet too.
    if (!covered && typeof scale?.bet === "number") root.dataset.bet = String(scale.bet);
    root.classList.toggle("turned", !covered);
    root.classList.toggle("passed", covered && !bet);
    kicker.textContent = covered ? "Your bet" : "The answer";
    for (const part of [question, turn]) part.hidden = !covered;
    for (const part of [answer, says, shows]) part.hidden = covered;
    back.hidden = !covered || Boolean(bet);
    const ready = bet && !early;
    turn.textContent = ready ? "Show the result" : "Show it anyway";
    turn.classList.toggle("line", !ready);
    head.textContent = bet ? "You bet" : "You did not bet";
    head.hidden = covered && !bet; // the status says it
    mine.hidden = !bet;
    large(mine, bet ?? "");
    missed.textContent = off ?? "";
    meaning.textContent = means ?? "";
    for (const part of [missed, meaning]) part.hidden = !part.textContent;
    status.textContent = covered ? model.get("status") : "";
    if (!covered) {
      const figure = large(answer, truth);
      answer.classList.toggle("words", figure === "");
      answer.classList.toggle("long", figure.length > 5);
      requestAnimationFrame(() => draw(shows, scale));
    }
    root.dispatchEvent(new CustomEvent("faultlab-cover", { bubbles: true }));
    if (covered || !asked) return;
    asked = false; // the page has turned the card: now its answer can have the focus
    root.classList.add("turning");
    answer.focus({ preventScroll: true });
  };
  new ResizeObserver(() => { if (root.dataset.covered === "false") draw(shows, model.get("shown").scale); }).observe(shows);
  return show;
}

// The bet and the answer on one line; or the options, with what was the answer and what was bet.
function draw(place, scale) {
  if (!scale || place.hidden) return;
  if (scale.options) {
    place.replaceChildren(node("ul", {}, ...scale.options.map((option) => {
      const marks = [option === scale.truth && "the answer", option === scale.bet && "your bet"].filter(Boolean);
      const said = marks.length ? ` (${marks.join(", ")})` : "";
      return node("li", {}, option === scale.truth ? node("b", {}, `${option}${said}`) : `${option}${said}`);
    })));
    return;
  }
  const style = getComputedStyle(place);
  const width = Math.round(place.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight));
  if (width < 40) return;
  const { low, high, log } = scale;
  const share = (v) => (log ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low));
  const at = (v) => 1 + Math.max(0, Math.min(1, share(v))) * (width - 2);
  const side = (x) => (x < 60 ? "start" : x > width - 60 ? "end" : "middle");
  const words = (v) => `${Number(v.toPrecision(3)).toLocaleString("en")}${scale.unit === "%" ? " %" : ""}`;
  const mark = (v, name, kind, y, end) => `<path class="${kind}" d="M${at(v)} 52V${end}"/>`
    + `<text class="${kind}" x="${at(v)}" y="${y}" text-anchor="${side(at(v))}">${name}</text>`;
  const bet = scale.bet === null || scale.bet === undefined ? "" : mark(scale.bet, "you", "you", 92, 78);
  const told = scale.bet === null || scale.bet === undefined ? "" : `, your bet ${words(scale.bet)}`;
  const unit = scale.unit && scale.unit !== "%" ? ` ${scale.unit}` : "";
  place.innerHTML = `<svg class="faultlab-scale" viewBox="0 0 ${width} 100" role="img" aria-label="On a scale from ${words(low)} to ${words(high)}${unit}: the answer ${words(scale.truth)}${told}">`
    + `<path d="M1 52H${width - 1}M1 47v10M${width - 1} 47v10"/><text x="0" y="${bet ? 72 : 76}" text-anchor="start">${words(low)}</text>`
    + `<text x="${width}" y="${bet ? 72 : 76}" text-anchor="end">${words(high)}${log ? ", equal steps are equal factors" : ""}</text>`
    + mark(scale.truth, "the answer", "point", 16, 24) + bet + "</svg>";
}

// How a learner bets, over the whole course: each bet with a number on the low side or the high side.
export function recordForm(model, root) {
  const picture = node("div", { class: "shows" });
  const status = node("p", { class: "status", role: "status" });
  root.append(node("p", { class: "head" }, "How you bet"), picture, status);
  const show = () => {
    status.textContent = model.get("status");
    const rows = (model.get("shown").rows ?? []).map((row) => ({ ...row, title: `Lesson ${Number(row.lesson)}: ${row.said}` }));
    picture.innerHTML = leaningPicture(rows, model.get("status"), Math.round(picture.clientWidth) || 600);
  };
  new ResizeObserver(show).observe(picture);
  return show;
}

export function quizForm(model, root) {
  root.classList.add("quiz");
  const shows = model.get("questions").map((question, place) => {
    const id = unique();
    const { inputs, rows } = radios(id, question.options, question.several ? "checkbox" : "radio");
    const button = node("button", { type: "submit", class: "line" }, "Check");
    const status = node("p", { class: "status", role: "status" });
    const legend = node("legend", {}, `${place + 1}. ${question.text}`);
    if (question.several) legend.append(node("span", { class: "several" }, " (more than one is right)"));
    const form = node("form", { novalidate: "" }, node("fieldset", {}, legend, ...rows), button, status);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const picked = chosen(inputs);
      if (!picked.length) {
        status.textContent = "Choose an option first.";
        inputs[0].focus();
        return;
      }
      model.send({ question: question.id, chosen: picked });
    });
    root.append(form);
    return () => {
      const mark = model.get("marks")[question.id];
      if (!mark) return;
      if (mark.chosen) inputs.forEach((input, i) => { input.checked = mark.chosen.includes(i); });
      status.textContent = mark.status;
      status.className = `status ${mark.right ? "right" : "wrong"}`;
      rows.forEach((row, i) => {
        row.querySelector(".feedback")?.remove();
        const said = mark.feedback[i];
        inputs[i].removeAttribute("aria-describedby");
        if (!said || !(mark.right || mark.chosen.includes(i))) return;
        const line = node("p", { class: `feedback ${said.right ? "right" : "wrong"}`, id: `${id}-${i}-said` },
          node("strong", {}, said.right ? "✓ Right: " : "✗ Not this one: "), said.text.replace(/^Right[.:] /, ""));
        row.append(line);
        inputs[i].setAttribute("aria-describedby", line.id);
      });
    };
  });
  return () => shows.forEach((show) => show());
}

// Two small forms: the team's code, and the resume code to copy or to paste.
export function placeForm(model, root) {
  const id = unique();
  const line = (name, label, button, send) => {
    const box = node("input", { type: "text", id: `${id}-${name}`, autocomplete: "off", spellcheck: "false" });
    const form = node("form", { class: "place", novalidate: "" }, node("label", { for: box.id }, label), box,
      node("button", { type: "submit" }, button));
    form.addEventListener("submit", (event) => { event.preventDefault(); send(box.value); });
    root.append(form);
    return box;
  };
  const team = line("team", "Your team's code, such as red-7", "Use this team", (value) => model.send({ team: value }));
  const code = node("code", { class: "resume", tabindex: "0" });
  const copy = node("button", { type: "button", class: "line" }, "Copy it");
  copy.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(code.textContent).catch(() => {});
    getSelection().selectAllChildren(code);
    copy.textContent = "Copied";
  });
  root.append(node("p", { class: "head" }, "Your resume code: copy it before you leave"), code, copy);
  line("code", "Coming back? Paste a resume code", "Restore", (value) => model.send({ restore: value }));
  const status = node("p", { class: "status", role: "status" });
  root.append(status);
  // What was done since the form was drawn, here or in another lesson, is in the code before anybody copies it.
  const renew = () => model.send({ code: true });
  for (const part of [code, copy]) {
    for (const event of ["pointerenter", "focus"]) part.addEventListener(event, renew);
  }
  new IntersectionObserver((places) => { if (places.some((one) => one.isIntersecting)) renew(); }).observe(code);
  return () => {
    const answer = model.get("answer");
    if (document.activeElement !== team) team.value = answer.team;
    if (code.textContent !== answer.code) copy.textContent = "Copy it";
    code.textContent = answer.code;
    status.textContent = model.get("status");
  };
}

// What stands below a check that isn't correct yet.
export function helpForm(model, root) {
  root.classList.add("faultlab-help");
  for (const [label, wanted] of [["Hint", "hint"], ["Show the solution", "solution"]]) {
    const button = node("button", { type: "button" }, label);
    button.addEventListener("click", () => model.send({ help: wanted }));
    root.append(button);
  }
  const said = node("div", { "aria-live": "polite" });
  root.append(said);
  return () => { said.innerHTML = model.get("answer") ?? ""; };
}

const KINDS = { bet: betForm, reveal: revealForm, record: recordForm, quiz: quizForm, place: placeForm, help: helpForm };

/** Draw one form: a page names the kinds that it has, and carries no others. */
export function drawForm(form, { model, el }) {
  const root = node("section", { class: "faultlab-form", "aria-label": model.get("name") || model.get("title") });
  root.dataset.of = model.get("title");
  // JupyterLab's own keys (arrows, letters, Enter) belong to the form while the focus is in it.
  root.addEventListener("keydown", (event) => event.stopPropagation());
  const fill = form(model, root);
  const show = () => {
    fill();
    keepUnits(root);
  };
  // The suppression of shortcuts has to stand on the element itself that has the focus.
  root.querySelectorAll("input, button").forEach((input) => { input.dataset.lmSuppressShortcuts = "true"; });
  el.append(root);
  show();
  const names = ["answer", "status", "closed", "marks", "shown"];
  names.forEach((name) => model.on(`change:${name}`, show));

  replaceStill(el);
  return () => names.forEach((name) => model.off(`change:${name}`, show));
}

export default { render: (given) => drawForm(KINDS[given.model.get("form")], given) };

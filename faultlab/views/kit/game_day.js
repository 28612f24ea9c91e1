// The browser's half of the game day: a year to choose, measures to buy, decisions, and the debriefing.

import { replaceStill, sentenceOf } from "./elements.js";
import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { Unread, number } from "../../twin/typed.js";

const unique = () => `faultlab-game-${Math.random().toString(36).slice(2)}`;
const euros = (amount) => `${amount.toLocaleString("en")} EUR`;
const OTHER = "other";

// Rows of radios or boxes, each with a line in small letters below its name.
function rows(type, options, first = -1) {
  const name = unique();
  const inputs = options.map(({ value, disabled, checked }, i) => {
    const input = node("input", { type, name, value });
    input.disabled = Boolean(disabled);
    input.checked = Boolean(checked) || i === first;
    return input;
  });
  const labels = options.map(({ text, small, end }, i) =>
    node("label", {}, inputs[i], node("span", {}, ...sentenceOf(text), node("small", {}, ...sentenceOf(small))), ...(end ? [node("b", {}, end)] : [])));
  return { inputs, labels };
}

function begins(frame, send, refuse) {
  const levels = rows("radio", frame.levels.map(({ id, text, says }) => ({ value: id, text, small: says })), 1);
  const seeds = node("select", {}, ...frame.seeds.map(({ seed, name }) => node("option", { value: seed }, `${name} (number ${seed})`)),
    node("option", { value: OTHER }, "Another year: type its number"));
  const typed = node("input", { type: "text", inputmode: "numeric", class: "typed", autocomplete: "off", "aria-label": "Number of the year" });
  const code = node("input", { type: "text", autocomplete: "off" });
  typed.hidden = true;
  seeds.addEventListener("change", () => { typed.hidden = seeds.value !== OTHER; if (!typed.hidden) typed.focus(); });
  const start = node("form", { novalidate: "" }, node("fieldset", {}, node("legend", {}, "How hard?"), ...levels.labels),
    node("label", { class: "row" }, "Which year?", seeds), typed,
    node("button", { type: "submit" }, "Begin the year"));
  start.addEventListener("submit", (event) => {
    event.preventDefault();
    const level = levels.inputs.find((input) => input.checked)?.value;
    try {
      const seed = seeds.value === OTHER ? number(typed.value, { low: 0, high: 99999, whole: true }) : Number(seeds.value);
      send({ new: { level, seed } });
    } catch (problem) {
      if (!(problem instanceof Unread)) throw problem;
      refuse(problem.message, typed);
    }
  });
  const again = node("form", { novalidate: "" }, node("label", { class: "row" }, "Or paste the code of a game:", code), node("button", { type: "submit", class: "line" }, "Play on"));
  again.addEventListener("submit", (event) => { event.preventDefault(); send({ resume: code.value }); });
  return [start, again];
}

function buys(frame, send) {
  const offered = rows("checkbox", frame.measures.map(({ id, name, does, price, held }) => (
    { value: id, text: name, small: does, end: held ? "yours" : euros(price), checked: held })));
  const left = node("p", { class: "row budget", role: "status" });
  const go = node("button", { type: "submit" }, `Begin quarter ${frame.quarter}`);
  const turned = (mine) => frame.measures.filter(({ held }, i) => held === mine && offered.inputs[i].checked !== held);
  const sum = (some) => some.reduce((all, { price }) => all + price, 0);
  const ids = (some) => some.map(({ id }) => id);
  const count = () => {
    const rest = frame.left + sum(turned(true)) - sum(turned(false));
    left.textContent = rest < 0 ? `${euros(-rest)} too much: take something back.` : `${euros(rest)} left after this.`;
    left.classList.toggle("wrong", rest < 0);
    go.disabled = rest < 0;
  };
  const form = node("form", { novalidate: "" },
    node("fieldset", {}, node("legend", {}, `What do you buy before quarter ${frame.quarter}? Prices are for the rest of the year.`),
      node("small", {}, frame.rule), ...offered.labels),
    left, go);
  form.addEventListener("change", count);
  form.addEventListener("submit", (event) => { event.preventDefault(); send({ begin: ids(turned(false)), stop: ids(turned(true)) }); });
  count();
  const odds = node("div", { class: "faultlab-table" });
  odds.innerHTML = frame.odds;
  return [odds, form];
}

function decides({ event: asked, seconds }, send, refuse) {
  const ways = rows("radio", asked.ways.map(({ text, follows }, i) => ({ value: i, text, small: follows })));
  const clock = node("p", { class: "row" });
  const form = node("form", { novalidate: "" }, node("p", { class: "kicker" }, asked.of), node("h4", { tabindex: "-1" }, asked.name),
    node("p", {}, asked.story), node("ul", {}, ...asked.known.map((line) => node("li", {}, line))), node("p", { class: "quiet" }, asked.have),
    node("fieldset", {}, node("legend", {}, asked.question), ...ways.labels),
    clock, node("button", { type: "submit" }, "Decide"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const way = ways.inputs.findIndex((input) => input.checked);
    if (way < 0) return refuse("Choose one of the ways.", ways.inputs[0]);
    send({ decide: way });
  });
  return { parts: [form], ticks: countdown(clock, seconds) };
}

// What came of a decision stays until the learner goes on.
function shows({ came }, send) {
  const steps = node("ul", {}, ...came.steps.map((line) => node("li", {}, ...sentenceOf(line))));
  const form = node("form", { novalidate: "" }, node("p", { class: "kicker" }, came.of), node("h4", { tabindex: "-1" }, came.name),
    node("p", {}, came.decided), steps, node("p", {}, ...sentenceOf(came.seen)), node("button", { type: "submit" }, came.next));
  form.addEventListener("submit", (event) => { event.preventDefault(); send({ next: true }); });
  return [form];
}

// A clock that presses and never decides: when it has run out, the choice is still there.
function countdown(place, seconds) {
  let left = seconds;
  const told = node("span", { class: "quiet" });
  const stop = node("button", { type: "button", class: "plain" }, "Stop the clock");
  place.append(told, stop);
  const say = () => {
    told.textContent = left > 0 ? `The clock: ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`
      : "The clock has run out, and customers wait. Decide now.";
  };
  const timer = setInterval(() => { left -= 1; say(); if (left <= 0) clearInterval(timer); }, 1000);
  stop.addEventListener("click", () => { clearInterval(timer); told.textContent = "No clock for this one."; stop.remove(); });
  say();
  return timer;
}

function render({ model, el }) {
  const root = node("section", { class: "faultlab-explorer faultlab-game", "aria-label": model.get("title") });
  const sentence = node("p", { class: "faultlab-sentence", role: "status" });
  const note = node("p", { class: "faultlab-note", role: "alert" });
  const figures = node("dl", { class: "figures" });
  const weighted = node("p", { class: "quiet" });
  const counted = node("details", {}, node("summary", {}, "How these are counted"), weighted);
  const stage = node("div");
  const log = node("div", { class: "faultlab-table" });
  const code = node("code", { class: "resume" });
  const kept = node("p", {}, "This line brings the game back, on any machine: ", code);
  const leave = node("button", { type: "button", class: "plain" }, "Another game");
  root.append(node("h3", {}, model.get("title")), sentence, figures, counted, note, stage, log, kept, leave);
  // Until there is an answer, nothing is sent twice: the end of the year takes some seconds. What is said of it
  // stands beside the button that was pressed, since the sentence may be far above.
  let waits = false;
  const waiting = node("span", { class: "quiet", "aria-hidden": "true" }, "\u2002One moment …");
  const send = (message) => {
    if (waits) return;
    waits = true;
    sentence.textContent = "One moment …";
    const pressed = document.activeElement;
    if (pressed instanceof HTMLButtonElement && root.contains(pressed)) pressed.after(waiting);
    model.send(message);
  };
  const refuse = (words, at) => { note.textContent = words; at.focus(); };
  leave.addEventListener("click", () => send({ leave: true }));
  // JupyterLab would take single keys for its own shortcuts.
  root.addEventListener("keydown", (event) => event.stopPropagation());

  let ticks = 0, shown = "";
  const paint = () => {
    const frame = model.get("frame");
    note.textContent = frame.note;
    waits = false;
    waiting.remove();
    if (frame.note) {
      sentence.replaceChildren(...sentenceOf(frame.sentence));
      return;
    }
    const moved = root.contains(document.activeElement) && shown !== "";
    clearInterval(ticks);
    sentence.replaceChildren(...sentenceOf(frame.sentence));
    figures.replaceChildren(...(frame.so_far ?? []).map(({ name, value }) => node("div", {}, node("dt", {}, name), node("dd", {}, value))));
    weighted.textContent = frame.weighted ?? "";
    counted.hidden = !frame.weighted || frame.stage === "over"; // the debriefing says it itself
    let parts = [];
    if (frame.stage === "start") parts = begins(frame, send, refuse);
    if (frame.stage === "buy") parts = buys(frame, send);
    if (frame.stage === "decide") ({ parts, ticks } = decides(frame, send, refuse));
    if (frame.stage === "came") parts = shows(frame, send);
    if (frame.stage === "over") {
      const told = node("div", { class: "debriefing" });
      told.innerHTML = frame.html;
      parts = [told];
    }
    stage.replaceChildren(...parts);
    sentence.hidden = frame.stage === "over";
    log.innerHTML = frame.stage === "over" ? "" : frame.log ?? "";
    code.textContent = frame.code;
    for (const part of [kept, leave]) part.hidden = frame.stage === "start";
    shown = frame.stage;
    root.toggleAttribute("data-played", shown === "over");
    requestAnimationFrame(() => root.dispatchEvent(new CustomEvent("faultlab-moved", { bubbles: true }))); // for the bar
    if (moved) {
      const first = stage.querySelector("[tabindex='-1'], input[type=radio]:checked") ?? stage.querySelector("input:not(:disabled)");
      /** @type {HTMLElement | null} */ (first)?.focus({ preventScroll: true });
      root.scrollIntoView({ block: "start" });
    }
  };
  model.on("change:frame", paint);
  paint();
  el.append(root);
  replaceStill(el);
  return () => { clearInterval(ticks); model.off("change:frame", paint); };
}

export default { render };

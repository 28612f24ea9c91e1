// The classroom's forms: a bet, what became of it, a quiz. Native controls, so that a keyboard and a
// screen reader know them. Nothing is called saved before the kernel has said so.

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

function number(id, model) {
  const probability = model.get("kind") === "probability";
  const low = probability ? 0 : model.get("low");
  const high = probability ? 100 : model.get("high");
  const unit = probability ? "%" : model.get("unit");
  // A text box: a number box drops the commas and points that it doesn't know, and 8,5 becomes 85.
  const box = node("input", { type: "text", id, inputmode: "decimal", autocomplete: "off" });
  const range = `from ${low.toLocaleString("en")} to ${high.toLocaleString("en")}`;
  const label = node("label", { for: id }, `Your bet, ${range}${unit ? ` ${unit}` : ""}`);
  return {
    element: node("div", { class: "typed" }, label, node("span", { class: "pair" }, box, unit)),
    show: (value) => {
      if (value === null) return;
      box.value = probability ? Number((value * 100).toPrecision(6)) : value.toLocaleString("en", { maximumFractionDigits: 9 });
    },
    read: () => box.value.trim() || null,
    wrong: `Type a number ${range}.`,
    close: (closed) => { box.disabled = closed; },
    focus: () => box.focus(),
  };
}

function choice(id, model) {
  const options = model.get("options");
  const { inputs, rows } = radios(id, options);
  return {
    element: node("div", { class: "options" }, ...rows),
    show: (value) => inputs.forEach((input, i) => { input.checked = options[i] === value; }),
    read: () => (chosen(inputs).length ? options[chosen(inputs)[0]] : null),
    wrong: "Choose one of the options.",
    close: (closed) => inputs.forEach((input) => { input.disabled = closed; }),
    focus: () => inputs[0].focus(),
  };
}

function bet(model, root) {
  const id = unique();
  const field = model.get("kind") === "choice" ? choice(id, model) : number(id, model);
  const button = node("button", { type: "submit" }, "Place my bet");
  const status = node("p", { class: "status", role: "status" });
  const form = node("form", { novalidate: "" },
    node("fieldset", {}, node("legend", {}, model.get("question")), field.element), button, status);
  root.append(node("p", { class: "head" }, "Place your bet"), form);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = field.read();
    if (value === null) {
      status.textContent = field.wrong;
      field.focus();
      return;
    }
    status.textContent = "Saving …";
    model.send({ bet: value, typed: model.get("kind") !== "choice" });
  });
  const show = () => {
    field.show(model.get("answer"));
    field.close(model.get("closed"));
    button.hidden = model.get("closed");
    status.textContent = model.get("status");
  };
  return show;
}

// The result stands above, for everyone; it is covered until the learner has bet or wants it anyway.
function reveal(model, root, el) {
  const status = node("p", { class: "status", role: "status" });
  const button = node("button", { type: "button" });
  button.addEventListener("click", () => model.send({ seen: true }));
  root.append(status, button);
  const show = () => {
    const { covered, placed } = model.get("answer") ?? {};
    button.hidden = !covered;
    button.textContent = placed ? "Show the result" : "Show it anyway";
    status.textContent = model.get("status");
    el.closest(".jp-OutputArea")?.querySelectorAll(".faultlab-box").forEach((box) => {
      (box.closest(".jp-OutputArea-child") ?? box).style.display = covered ? "none" : "";
    });
  };
  requestAnimationFrame(show);
  return show;
}

function quiz(model, root) {
  const shows = model.get("questions").map((question, place) => {
    const id = unique();
    const { inputs, rows } = radios(id, question.options, question.several ? "checkbox" : "radio");
    const button = node("button", { type: "submit" }, "Check");
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
function place(model, root) {
  const id = unique();
  const line = (name, label, button, send) => {
    const box = node("input", { type: "text", id: `${id}-${name}`, autocomplete: "off", spellcheck: "false" });
    const form = node("form", { novalidate: "" }, node("label", { for: box.id }, label), box,
      node("button", { type: "submit" }, button));
    form.addEventListener("submit", (event) => { event.preventDefault(); send(box.value); });
    root.append(form);
    return box;
  };
  const team = line("team", "Your team's code, such as red-7", "Use this team", (value) => model.send({ team: value }));
  const code = node("code", { class: "resume", tabindex: "0" });
  root.append(node("p", { class: "head" }, "Your resume code: copy it before you leave"), code);
  line("code", "Coming back? Paste a resume code", "Restore", (value) => model.send({ restore: value }));
  const status = node("p", { class: "status", role: "status" });
  root.append(status);
  return () => {
    const answer = model.get("answer");
    if (document.activeElement !== team) team.value = answer.team;
    code.textContent = answer.code;
    status.textContent = model.get("status");
  };
}

// What stands below a check that isn't correct yet.
function help(model, root) {
  root.classList.add("faultlab-help");
  for (const [label, wanted] of [["Hint", "hint"], ["Show a way", "solution"]]) {
    const button = node("button", { type: "button" }, label);
    button.addEventListener("click", () => model.send({ help: wanted }));
    root.append(button);
  }
  const said = node("div", { "aria-live": "polite" });
  root.append(said);
  return () => { said.innerHTML = model.get("answer") ?? ""; };
}

const KINDS = { bet, reveal, quiz, place, help };

function render({ model, el }) {
  const root = node("section", { class: "faultlab-form", "aria-label": model.get("title") });
  // JupyterLab's own keys (arrows, letters, Enter) belong to the form while the focus is in it.
  root.addEventListener("keydown", (event) => event.stopPropagation());
  const show = KINDS[model.get("form")](model, root, el);
  // The suppression of shortcuts has to stand on the element itself that has the focus.
  root.querySelectorAll("input, button").forEach((input) => { input.dataset.lmSuppressShortcuts = "true"; });
  el.append(root);
  show();
  const names = ["answer", "status", "closed", "marks"];
  names.forEach((name) => model.on(`change:${name}`, show));

  replaceStill(el);
  return () => names.forEach((name) => model.off(`change:${name}`, show));
}

export default { render };

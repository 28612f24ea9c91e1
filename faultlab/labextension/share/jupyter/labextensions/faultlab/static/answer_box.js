// The box in which a decision of a lab is answered without code. The answer's cell says in its metadata,
// {"faultlab": {"answer": {...}}}, what is asked for. What is typed is read by the kernel, by the very code
// that reads it in a check; the literal that comes back is written into the cell, and the cell and its check
// are run. So the notebook holds plain code, as it would without the box.

import { node } from "./node.js";
import { open, opening, save } from "./opening.js";

const DOTS = "...";
const HEARD = 5000; // milliseconds
const JUDGED = /^[✓↻]/; // how a verdict on an answer begins
const OWN_FILES = ".csv,.tsv,.txt,.json,.xlsx,.gz";
const EXAMPLE = {
  tree: {
    "customers can't pay": ["or", "the payment provider is down", "no payment server answers"],
    "no payment server answers": ["and", "server 1 fails", "server 2 fails"],
  },
  enough: [],
}; // a beginning, to write over: too small to pass
const CLOSED = "The lab is not open yet: choose More, then Run it again, and press Enter here again.";

/** Give every answer's cell of a notebook its box, now and whenever cells come. */
export function offerBoxes(panel, { CodeCell, Widget, contents }) {
  const met = new WeakSet();
  const offer = () => {
    panel.content.widgets.forEach((cell) => {
      const asked = cell.model.type === "code" && cell.model.getMetadata("faultlab")?.answer;
      if (!asked || met.has(cell)) return;
      met.add(cell);
      cell.ready.then(() => cell.isDisposed || boxBelow(panel, cell, asked, { CodeCell, Widget, contents }));
    });
  };
  offer();
  panel.content.model?.cells.changed.connect(() => requestAnimationFrame(() => panel.isDisposed || offer()));
}

function boxBelow(panel, cell, asked, { CodeCell, Widget, contents }) {
  const shared = cell.model.sharedModel;
  const { question, check } = neighbours(panel, cell, asked);
  if (!check) return;
  const form = FORMS[asked.kind]?.(asked, (own) => keepBeside(panel, own, contents));
  if (!form) return;
  const widget = new Widget({ node: form.root });
  const inputAt = cell.layout.widgets.findIndex((part) => part.hasClass("jp-Cell-inputWrapper"));
  cell.layout.insertWidget(inputAt + 1, widget);
  // Beside several numbers the code says more, such as which file they come from: it stays in sight.
  let code = asked.kind === "numbers", writing = false, busy = false, again = false;

  question?.addClass("faultlab-task");
  question?.addClass("faultlab-asked");
  for (const part of [cell, check]) part.addClass("faultlab-task");
  check.addClass("faultlab-judged");

  const read = asked.kind === "outline" ? parseTree : parse;
  const show = () => {
    const found = read(shared.getSource(), asked);
    if (!found) code = true; // the learner's own code stays in sight
    widget.setHidden(!found);
    question?.toggleClass("faultlab-offered", Boolean(found) && ["choice", "names"].includes(asked.kind) && !form.root.querySelector("input[type=text]:not([hidden])"));
    for (const part of [cell, check]) part.toggleClass("faultlab-boxed", Boolean(found) && !code);
    form.code.textContent = code ? "Fold the code" : "Show the code";
    form.code.setAttribute("aria-expanded", String(code));
    if (found && !form.root.contains(document.activeElement)) form.set(found.values);
  };
  const stale = (old) => check.toggleClass("faultlab-stale", old && JUDGED.test(wordsOf(check)));
  const say = (sentence, kind = "") => {
    form.said.textContent = sentence;
    form.said.className = `faultlab-said ${kind}`;
    form.invalid(kind === "wrong");
  };

  async function answer() {
    again = busy;
    if (busy) return;
    busy = true;
    say("Checking …");
    try {
      await opening(panel);
      const text = form.get();
      let entry = await ask(panel, asked.task, text);
      if (!entry) {
        // A new or restarted kernel knows nothing of the lab.
        await open(panel, "lab", CodeCell);
        entry = await ask(panel, asked.task, text);
      }
      if (!entry || entry.sentence) {
        stale(true);
        say(entry?.sentence ?? CLOSED, "wrong");
        form.focus();
        return;
      }
      const found = read(shared.getSource(), asked);
      if (!found) return;
      writing = true;
      shared.setSource(found.write([entry.literal].flat()));
      writing = false;
      form.set(read(shared.getSource(), asked).values);
      for (const part of [cell, check]) await CodeCell.execute(part, panel.sessionContext, { recordTiming: false });
      save(panel); // what was answered is there after a reload
      stale(false);
      say(verdict(check), "unseen");
      setTimeout(() => { if (form.said.matches(".unseen")) say(""); }, HEARD); // read on, it is in the check below
      check.node.scrollIntoView({ block: "nearest" });
    } catch {
      say(CLOSED, "wrong");
    } finally {
      busy = writing = false;
      if (again) answer(); // Enter was pressed meanwhile
    }
  }

  form.root.addEventListener("submit", (event) => { event.preventDefault(); answer(); });
  form.code.addEventListener("click", () => { code = !code; show(); });
  // JupyterLab's own keys (arrows, letters, Enter) belong to the box while the focus is in it; saving does not.
  form.root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
    event.preventDefault();
    save(panel);
  });
  form.root.querySelectorAll("input, button").forEach((part) => { part.dataset.lmSuppressShortcuts = "true"; });

  const changed = (_, change) => {
    if (!change.sourceChange) return;
    if (!writing) stale(true);
    show();
  };
  const checked = () => stale(cell.model.isDirty);
  const told = () => { form.tell(question ? wordsOf(question) : ""); show(); };
  shared.changed.connect(changed);
  check.model.outputs.changed.connect(checked);
  question?.model.outputs.changed.connect(told);
  cell.disposed.connect(() => {
    check.model?.outputs.changed.disconnect(checked);
    question?.model?.outputs.changed.disconnect(told);
  });
  told();
  show();
}

/** Put a file of the learner's beside the notebook, as an upload does; never in the place of a notebook. */
async function keepBeside(panel, own, contents) {
  if (!OWN_FILES.split(",").some((ending) => own.name.toLowerCase().endsWith(ending))) {
    throw new Error(`choose one that ends in ${OWN_FILES.replaceAll(",", ", ")}.`);
  }
  const bytes = new Uint8Array(await own.arrayBuffer());
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const path = panel.context.path.replace(/[^/]*$/, own.name);
  await contents.save(path, { name: own.name, path, type: "file", format: "base64", content: btoa(text) });
}

/** The question above an answer's cell, and the check below it. */
function neighbours(panel, cell, { task }) {
  const cells = panel.content.widgets.filter((one) => one.model.type === "code");
  const place = cells.indexOf(cell);
  const source = (one) => one.model.sharedModel.getSource();
  return {
    question: cells.slice(0, place).reverse().find((one) => source(one).startsWith(`check.${task}.question(`)),
    check: cells.slice(place + 1).find((one) => source(one).startsWith(`check.${task}(`)),
  };
}

const VALUE = String.raw`\.\.\.|[-+]?[\d_]*\.?[\d_]+(?:[eE][-+]?\d+)?|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[A-H]|`;

/** What a plain assignment holds, and how to write into it; null for anything else. */
export function parse(source, { name, parts }) {
  const holes = parts
    ? parts.map((part) => `(?<=^[ \\t]+"${part}":[ \\t]*)(?:${VALUE})(?=,[ \\t]*(?:#.*)?$)`)
    : [`(?<=^\\s*${name}[ \\t]*=[ \\t]*)(?:${VALUE})(?=[ \\t]*(?:#.*)?\\s*$)`];
  // In several lines each name has its own; one answer is all that its cell holds.
  const found = holes.map((hole) => new RegExp(hole, parts ? "m" : "").exec(source));
  if (found.includes(null)) return null;
  return {
    values: found.map(([literal]) => valueOf(literal)),
    write: (literals) => found
      .map((hole, i) => ({ hole, literal: literals[i] }))
      .sort((a, b) => b.hole.index - a.hole.index)
      .reduce((text, { hole: { index, 0: old }, literal }) =>
        text.slice(0, index) + literal + text.slice(index + old.length), source),
  };
}

function valueOf(literal) {
  if (literal === DOTS) return "";
  if (!/^["']/.test(literal)) return literal;
  try {
    return literal[0] === '"' ? JSON.parse(literal) : literal.slice(1, -1);
  } catch {
    return literal.slice(1, -1);
  }
}

/** What the kernel makes of a typed answer; null where it does not know the lab. */
async function ask(panel, task, text) {
  const kernel = panel.sessionContext.session?.kernel;
  if (!kernel) return null;
  const typed = `check.${task}.typed(${JSON.stringify(text)})`;
  const request = { code: "pass", store_history: false, allow_stdin: false, user_expressions: { typed } };
  const reply = await kernel.requestExecute(request).done.catch(() => null);
  return reply?.content?.user_expressions?.typed?.data?.["application/json"] ?? null;
}

function wordsOf(cell) {
  const outputs = cell.model.outputs;
  return Array.from({ length: outputs.length }, (_, i) => [outputs.get(i).data["text/plain"] ?? ""].flat().join(""))
    .join("\n");
}

/** The verdict as a screen reader should hear it: without its symbol. */
const verdict = (check) => wordsOf(check).split("\n").slice(0, 2).join(". ").replace(/^[^\p{L}]+/u, "");

/** The name of a number as its label: "Down minutes" for down_minutes. */
const inWords = (name) => name[0].toUpperCase() + name.slice(1).replaceAll("_", " ");

let made = 0;

function frame(line, ...parts) {
  const code = node("button", { type: "button", class: "faultlab-code" });
  line.append(node("button", { type: "submit" }, "Check"), code);
  const said = node("p", { class: "faultlab-said", role: "status", id: `faultlab-said-${++made}` });
  const root = node("form", { class: "faultlab-answer", novalidate: "" }, ...parts, said);
  return { root, code, said };
}

export function typed({ label, unit = "", kind }) {
  const id = `faultlab-answer-${++made}`;
  const input = node("input", { id, type: "text", autocomplete: "off", spellcheck: "false" });
  if (kind === "number") input.setAttribute("inputmode", "decimal");
  const line = node("span", { class: "faultlab-line" }, input);
  if (unit) line.append(node("span", { id: `${id}-unit` }, unit));
  const head = node("label", { for: id }, "Your answer", node("span", { class: "unseen" }, ` to ${label}`));
  const how = node("span", { id: `${id}-how`, class: "faultlab-how" }, "Names, with commas between them");
  const form = frame(line, head, ...(kind === "names" ? [how] : []), line);
  const about = [kind === "names" && how.id, unit && `${id}-unit`, form.said.id].filter(Boolean);
  input.setAttribute("aria-describedby", about.join(" "));
  return {
    ...form,
    get: () => input.value,
    set: ([value]) => { input.value = value; },
    focus: () => input.focus(),
    invalid: (is) => input.setAttribute("aria-invalid", String(is)),
    tell: () => {},
  };
}

export function choice({ label, options }) {
  const name = `faultlab-answer-${++made}`;
  const inputs = options.map((letter) => node("input", { type: "radio", name, value: letter, id: `${name}-${letter}` }));
  const words = options.map((letter) => node("span", {}, letter));
  const rows = inputs.map((input, i) => node("label", { for: input.id }, input, words[i]));
  const line = node("div", { class: "faultlab-line" });
  const form = frame(line, node("fieldset", {}, node("legend", { class: "unseen" }, label), node("div", { class: "faultlab-options" }, ...rows), line));
  return {
    ...form,
    get: () => inputs.find((input) => input.checked)?.value ?? "",
    set: ([value]) => inputs.forEach((input) => { input.checked = input.value === value.toUpperCase(); }),
    focus: () => (inputs.find((input) => input.checked) ?? inputs[0]).focus(),
    invalid: () => {},
    // The options come from the question, where they stand for those who have no boxes.
    tell: (said) => inputs.forEach((input, i) => {
      const option = said.split("\n").find((text) => text.startsWith(`${input.value}) `));
      if (option) words[i].replaceChildren(...lettered(input.value, option.slice(input.value.length + 2)));
    }),
  };
}

// Verdicts and hints name an option by its letter.
const lettered = (letter, words) => [node("b", {}, letter), `\u2002${words}`];

// Several letters where the question offers options; otherwise names, typed.
export function names(asked) {
  const form = typed(asked);
  const name = `faultlab-answer-${++made}`;
  const input = form.root.querySelector("input[type=text]");
  let boxes = [];
  const letters = (value) => value.toUpperCase().match(/[A-H]/g) ?? [];
  return {
    ...form,
    get: () => (boxes.length ? boxes.filter((box) => box.checked).map((box) => box.value).join(", ") : input.value),
    set: ([value]) => {
      input.value = value;
      boxes.forEach((box) => { box.checked = letters(value).includes(box.value); });
    },
    focus: () => (boxes[0] ?? input).focus(),
    tell: (said) => {
      const options = said.split("\n").map((line) => /^([A-H])\) (.+)$/.exec(line)).filter(Boolean);
      if (boxes.length || options.length < 2) return;
      boxes = options.map(([, letter]) => node("input", { type: "checkbox", value: letter, id: `${name}-${letter}` }));
      const rows = options.map(([, letter, words], i) => node("label", { for: boxes[i].id }, boxes[i], node("span", {}, ...lettered(letter, words))));
      const set = node("fieldset", {}, node("legend", { class: "unseen" }, asked.label), node("div", { class: "faultlab-options" }, ...rows));
      form.root.querySelectorAll("label[for], .faultlab-how").forEach((part) => { if (!set.contains(part)) part.hidden = true; });
      input.hidden = true;
      form.root.prepend(set);
      boxes.forEach((box) => { box.checked = letters(input.value).includes(box.value); box.dataset.lmSuppressShortcuts = "true"; });
    },
  };
}

function several({ label, parts }) {
  const id = `faultlab-answer-${++made}`;
  const inputs = parts.map((part) => node("input",
    { id: `${id}-${part}`, type: "text", autocomplete: "off", spellcheck: "false", inputmode: "decimal" }));
  const rows = inputs.map((input, i) => node("label", { for: input.id }, inWords(parts[i]), input));
  const line = node("div", { class: "faultlab-line" });
  const form = frame(line, node("fieldset", {}, node("legend", {}, label), ...rows, line));
  inputs.forEach((input) => input.setAttribute("aria-describedby", form.said.id));
  return {
    ...form,
    get: () => Object.fromEntries(parts.map((part, i) => [part, inputs[i].value])),
    set: (values) => inputs.forEach((input, i) => { input.value = values[i]; }),
    focus: () => (inputs.find((input) => !input.value) ?? inputs[0]).focus(),
    invalid: () => {}, // the sentence names the number
    tell: () => {},
  };
}

// A file of the learner's own, what else the report names, and the numbers, which the course counts where none is typed.
function file({ label, given, parts }, keep) {
  const id = `faultlab-answer-${++made}`;
  const pick = node("input", { type: "file", hidden: "", id: `${id}-pick`, accept: OWN_FILES });
  const chosen = node("output", { for: pick.id });
  const choose = node("button", { type: "button", class: "line" }, "Choose a file");
  const inputs = parts.map((part) => node("input", given.includes(part)
    ? { id: `${id}-${part}`, type: part === "file" ? "hidden" : "date" }
    : { id: `${id}-${part}`, type: "text", autocomplete: "off", spellcheck: "false", inputmode: "decimal" }));
  const rows = inputs.map((input, i) => (parts[i] === "file"
    ? node("div", { class: "faultlab-line" }, choose, chosen, pick, input)
    : node("label", { for: input.id }, inWords(parts[i]), input)));
  const line = node("div", { class: "faultlab-line" });
  const form = frame(line, node("fieldset", {}, node("legend", {}, label), ...rows, line));
  const count = node("button", { type: "submit", class: "line" }, "Count it for me");
  line.insertBefore(count, form.code);
  const counted = inputs.filter((_, i) => !given.includes(parts[i]));
  const of = inputs[parts.indexOf("file")];
  const empty = () => counted.forEach((input) => { input.value = ""; });
  const name = () => { chosen.textContent = of.value.split("/").at(-1); };
  choose.addEventListener("click", () => pick.click());
  count.addEventListener("click", empty);
  pick.addEventListener("change", async () => {
    const [own] = pick.files;
    pick.value = "";
    if (!own) return;
    form.said.textContent = `Reading ${own.name} …`;
    form.said.textContent = await keep(own).then(() => {
      of.value = own.name;
      empty();
      name();
      return `${own.name} is beside this notebook now.`;
    }, (problem) => `${own.name} could not be kept: ${problem.message ?? problem}`);
  });
  inputs.forEach((input) => input.setAttribute("aria-describedby", form.said.id));
  return {
    ...form,
    get: () => Object.fromEntries(parts.map((part, i) => [part, inputs[i].value])),
    set: (values) => { inputs.forEach((input, i) => { input.value = values[i]; }); name(); },
    focus: () => (counted.find((input) => !input.value) ?? choose).focus(),
    invalid: () => {}, // the sentence names what is wrong
    tell: () => {},
  };
}

// A fault tree as an outline, and one minimal cut set ticked among its events.
function outline({ label }) {
  const id = `faultlab-answer-${++made}`;
  const area = node("textarea", { id, rows: 12, spellcheck: "false", wrap: "off" });
  const pick = node("input", { type: "file", hidden: "", accept: ".txt,.md", id: `${id}-pick` });
  const choose = node("button", { type: "button", class: "line" }, "Take it from a text file");
  const boxes = node("div", { class: "faultlab-options" });
  const set = node("fieldset", {}, node("legend", {}, "One minimal cut set"), boxes);
  const line = node("div", { class: "faultlab-line" });
  const form = frame(line, node("label", { for: id }, "Your tree", node("span", { class: "unseen" }, ` for ${label}`)), area, set, line);
  line.insertBefore(choose, form.code);
  line.append(pick);
  let ticked = new Set();
  const offer = () => {
    const found = eventsOf(area.value);
    set.hidden = found.length < 2;
    boxes.replaceChildren(...found.map((name, i) => {
      const box = node("input", { type: "checkbox", id: `${id}-${i}`, value: name });
      box.checked = ticked.has(name);
      box.dataset.lmSuppressShortcuts = "true";
      box.addEventListener("change", () => { ticked[box.checked ? "add" : "delete"](name); });
      return node("label", { for: box.id }, box, node("span", {}, name));
    }));
  };
  choose.addEventListener("click", () => pick.click());
  pick.addEventListener("change", async () => {
    const [own] = pick.files;
    pick.value = "";
    if (own) area.value = await own.text();
    offer();
  });
  area.addEventListener("input", offer);
  // Tab moves on, as everywhere; a new line begins where the last one did.
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const before = area.value.slice(0, area.selectionStart);
    const [indent] = /[ ]*$/.exec(/(?:^|\n)([ ]*)[^\n]*$/.exec(before)[1]);
    area.setRangeText(`\n${indent}${/:[^\n]*$/.test(before) ? "    " : ""}`, area.selectionStart, area.selectionEnd, "end");
    offer();
  });
  area.dataset.lmSuppressShortcuts = "true";
  area.setAttribute("aria-describedby", form.said.id);
  return {
    ...form,
    get: () => ({ tree: area.value, enough: eventsOf(area.value).filter((name) => ticked.has(name)) }),
    set: ([{ tree, enough }]) => { area.value = asOutline(tree); ticked = new Set(enough); offer(); },
    focus: () => area.focus(),
    invalid: (is) => area.setAttribute("aria-invalid", String(is)),
    tell: () => {},
  };
}

/** The basic events of an outline: names without anything below them, each once. */
export function eventsOf(text) {
  const names = text.split("\n").map((line) => line.trim().replace(/^[-*• ]+/, "")).filter(Boolean);
  const gates = new Set(names.filter((name) => name.includes(":")).map((name) => name.replace(/:[^:]*$/, "").trim()));
  return [...new Set(names.filter((name) => !name.includes(":") && !gates.has(name)))];
}

/** A tree, from a gate to its kind and inputs, as an outline; the first gate is the top. */
export function asOutline(tree) {
  const lines = [], told = new Set();
  const say = (name, depth) => {
    const [kind, ...inputs] = tree[name] ?? [];
    const first = kind && !told.has(name);
    told.add(name);
    lines.push(`${" ".repeat(4 * depth)}${name}${first ? `: ${{ or: "any of", and: "all of" }[kind] ?? kind}` : ""}`);
    if (first) inputs.forEach((one) => say(one, depth + 1));
  };
  Object.keys(tree).slice(0, 1).forEach((top) => say(top, 0));
  return lines.join("\n");
}

/** What a cell `name = {"tree": …, "enough": …}` holds, as JSON writes it; dots stand for an example to change. */
export function parseTree(source, { name }) {
  const found = new RegExp(`^(\\s*${name}\\s*=\\s*)(\\{.*\\})(\\s*)$`, "s").exec(source);
  if (!found) return null;
  const [, head, literal, tail] = found;
  const write = ([text]) => head + text + tail;
  if (/(?<=[[,:]\s*)\.\.\.(?=[,\]])/.test(literal)) return { values: [EXAMPLE], write };
  try {
    const { tree, enough } = JSON.parse(literal.replace(/,(\s*[}\]])/g, "$1"));
    return tree && Array.isArray(enough) ? { values: [{ tree, enough }], write } : null;
  } catch {
    return null;
  }
}

const FORMS = { number: typed, text: typed, names, choice, numbers: several, file, outline };

// The browser's half of an Explorer: controls, the present picture, and pictures fetched ahead.

import { replaceStill, sentenceOf, widgetTitle } from "./elements.js";
import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { Unread, number } from "../../twin/typed.js";

const AHEAD = 12; // pictures asked for in one message
const IDLE = 120; // milliseconds without a move before the browser asks ahead
const KEPT = 3000; // pictures kept

const key = (state) => JSON.stringify(Object.keys(state).sort().map((name) => state[name]));

function nearest(values, wanted) {
  return values.reduce((best, v, i) => (Math.abs(v - wanted) < Math.abs(values[best] - wanted) ? i : best), 0);
}

// A slider over the positions of its values, paired with a box in which the value is typed.
function slider(control, id, move) {
  const values = control.values;
  const range = node("input", { type: "range", id, min: 0, max: values.length - 1, step: 1 });
  const [low, high] = [values[0], values[values.length - 1]];
  const whole = !control.between && values.every(Number.isInteger);
  // A text box: a number box drops the commas and points that it doesn't know, and 8,5 becomes 85.
  const box = node("input", {
    type: "text", class: "typed", inputmode: "decimal", autocomplete: "off", "aria-label": `${control.label}, typed`,
  });
  const said = node("p", { class: "said", "aria-live": "polite" });
  const spoken = (value) => `${value.toLocaleString("en", { maximumFractionDigits: 9 })} ${control.unit}`.trim();
  const show = (value) => {
    const at = nearest(values, value);
    range.value = at;
    range.style.setProperty("--at", `${(100 * at) / (values.length - 1)}%`);
    if (document.activeElement !== box) box.value = value;
    range.setAttribute("aria-valuetext", `${value} ${control.unit}`.trim());
  };
  range.addEventListener("input", () => {
    said.textContent = "";
    move(values[Number(range.value)]);
  });
  let applied = null; // what was in the box when it was last applied: Enter and leaving it are one answer
  const apply = () => {
    if (box.value === applied) return;
    applied = box.value;
    let wanted;
    try {
      wanted = number(box.value, { unit: control.unit, low, high, whole });
    } catch (problem) {
      if (!(problem instanceof Unread)) throw problem;
      said.textContent = problem.message;
      return;
    }
    const taken = control.between ? wanted : values[nearest(values, wanted)];
    said.textContent = taken === wanted ? "" : `Nearest: ${spoken(taken)}.`;
    box.value = taken;
    applied = box.value;
    move(taken);
  };
  box.addEventListener("focus", () => { applied = box.value; });
  box.addEventListener("change", apply);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    apply();
  });
  const pair = node("div", { class: "pair" }, range, box);
  if (control.unit) pair.append(node("span", { class: "unit" }, control.unit));
  return { element: node("div", { class: "faultlab-control" }, node("label", { for: id }, control.label), pair, said), show };
}

function choice(control, id, move) {
  const set = node("fieldset", {}, node("legend", {}, control.label));
  const options = node("div", { class: "options" });
  const inputs = control.values.map((value) => {
    const input = node("input", { type: "radio", name: id, value });
    input.addEventListener("change", () => move(value));
    options.append(node("label", {}, input, value));
    return input;
  });
  set.append(options);
  const show = (value) => inputs.forEach((input) => { input.checked = input.value === value; });
  return { element: node("div", { class: "faultlab-control" }, set), show };
}

/** Draw the reader's bet on the picture that answers it, once the answer has been turned. */
function markBet(svg, { id, along, times }) {
  const card = id && document.querySelector(`[data-of="Your bet: ${id}"]`);
  const bet = Number(card instanceof HTMLElement ? card.dataset.bet : NaN);
  const scale = svg?.dataset[along]?.split(" ");
  if (Number.isNaN(bet) || !scale || svg.querySelector(".bet-mark")) return;
  const [from, to, low, high] = scale.map(Number);
  const there = bet * times;
  const share = scale[4] === "log" ? Math.log(there / low) / Math.log(high / low) : (there - low) / (high - low);
  const at = from + Math.max(0, Math.min(1, share)) * (to - from);
  const words = share > 1 ? `your bet: ${bet.toLocaleString("en")}, beyond the picture` : "your bet";
  const { width } = svg.viewBox.baseVal;
  const height = Number(svg.dataset.high) || svg.viewBox.baseVal.height;
  const [top, bottom, left, right] = along === "x" ? [...ends(svg.dataset.y, 8, height - 14), at, at] : [at, at, ...ends(svg.dataset.x)];
  const place = along === "x"
    ? { x: at > width / 2 ? at - 5 : at + 5, y: svg.dataset.y ? top + 11 : height - 3, "text-anchor": at > width / 2 ? "end" : "start" }
    : { x: left + 5, y: at > 40 ? at - 5 : at + 15, "text-anchor": "start" };
  const set = (tag, attributes, text = "") => {
    const made = document.createElementNS(svg.namespaceURI, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
    made.textContent = text;
    return made;
  };
  const group = set("g", { class: "bet-mark" });
  group.append(set("path", { d: `M${left} ${top}L${right} ${bottom}` }), set("text", { ...place, "font-size": 13 }, words));
  svg.append(group);
}

/** The lesser and the greater end of a scale in the picture; the given ones where it has none. */
function ends(scale, ...given) {
  return scale ? scale.split(" ").slice(0, 2).map(Number).sort((a, b) => a - b) : given;
}

function render({ model, el }) {
  const kept = new Map();
  let state = { ...model.get("state") };
  let timer = null;
  const asked = new Set();

  const root = node("section", { class: "faultlab-explorer", "aria-label": model.get("title") });
  const controls = node("div", { class: "faultlab-controls" });
  const picture = node("div", { class: "faultlab-picture" });
  // JupyterLab's own keys (arrows, letters, Enter) belong to a control while the focus is in it.
  root.addEventListener("keydown", (event) => event.stopPropagation());
  const sentence = node("p", { class: "faultlab-sentence", "aria-live": "polite" });
  const table = node("div", { class: "faultlab-table" });
  const body = node("div", { class: "faultlab-body" }, picture, controls);
  root.append(widgetTitle(model.get("title")), sentence, body, table);

  const mark = () => markBet(picture.querySelector("svg"), model.get("bet") ?? {});
  let tallest = 0; // of the pictures so far, so that none is drawn in another size than the one before
  const measure = () => {
    const { width, height } = picture.querySelector("svg")?.viewBox.baseVal ?? {};
    if (!(height / width > tallest)) return;
    tallest = height / width;
    body.style.setProperty("--tall", tallest.toFixed(2));
    body.classList.toggle("tall", tallest > 1);
  };
  let painted = {};
  const paint = (frame) => { // what is there already is not made again
    if (frame.svg !== painted.svg) {
      picture.innerHTML = frame.svg;
      measure();
    }
    mark();
    if (frame.sentence !== painted.sentence) sentence.replaceChildren(...sentenceOf(frame.sentence));
    if (frame.table !== painted.table) {
      const open = table.querySelector("details")?.open;
      table.innerHTML = frame.table;
      if (open) table.querySelector("details").open = true;
    }
    painted = frame;
  };
  const keep = (of, frame) => {
    if (kept.size >= KEPT) kept.delete(kept.keys().next().value);
    kept.set(key(of), frame);
  };
  const shown = {};
  const showControls = () => Object.entries(shown).forEach(([name, show]) => show(state[name]));

  const move = (name, value) => {
    state = { ...state, [name]: value };
    const frame = kept.get(key(state));
    if (frame) paint(frame);
    showControls();
    model.send({ move: state });
    clearTimeout(timer);
    timer = setTimeout(lookAhead, IDLE);
  };

  // A part of the picture may be pressed instead of its control.
  picture.addEventListener("click", (event) => {
    const part = /** @type {Element} */ (event.target).closest("[data-sets]");
    if (!(part instanceof SVGElement)) return;
    const [name, value] = part.dataset.sets.split(":");
    move(name, value);
  });

  // Ask for every picture one control away from here, the nearest first.
  function lookAhead() {
    const around = [];
    for (const control of model.get("controls")) {
      const at = control.kind === "choice"
        ? control.values.indexOf(state[control.name])
        : nearest(control.values, state[control.name]);
      control.values.forEach((value, i) => around.push([Math.abs(i - at), { ...state, [control.name]: value }]));
    }
    around.sort((a, b) => a[0] - b[0]);
    const wanted = around.map(([, of]) => of).filter((of) => !kept.has(key(of)) && !asked.has(key(of)));
    if (!wanted.length) return;
    const part = wanted.slice(0, AHEAD);
    part.forEach((of) => asked.add(key(of)));
    model.send({ ask: part });
  }

  const answered = (message) => {
    keep(message.state, message.frame);
    if (!message.ahead && key(message.state) === key(state)) paint(message.frame);
    if (message.ahead) {
      asked.delete(key(message.state));
      if (!asked.size) { clearTimeout(timer); timer = setTimeout(lookAhead, IDLE); }
    }
  };
  const drivenFromCode = () => {
    state = { ...model.get("state") };
    keep(state, model.get("frame"));
    showControls();
    paint(model.get("frame"));
  };
  model.on("msg:custom", answered);
  document.addEventListener("faultlab-cover", mark);
  model.on("change:frame", drivenFromCode);

  model.get("controls").forEach((control, i) => {
    const id = `faultlab-${Math.random().toString(36).slice(2)}-${i}`;
    const make = control.kind === "choice" ? choice : slider;
    const made = make(control, id, (value) => move(control.name, value));
    shown[control.name] = made.show;
    controls.append(made.element);
  });
  drivenFromCode();
  // JupyterLab takes the arrow keys from whatever has the focus, unless that element itself says no.
  root.querySelectorAll("input").forEach((input) => { input.dataset.lmSuppressShortcuts = "true"; });
  el.append(root);
  timer = setTimeout(lookAhead, IDLE);

  replaceStill(el);

  return () => {
    clearTimeout(timer);
    model.off("msg:custom", answered);
    document.removeEventListener("faultlab-cover", mark);
    model.off("change:frame", drivenFromCode);
  };
}

export default { render };

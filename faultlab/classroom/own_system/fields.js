// The fields of the form in which a system is described: ranges, origins, lists of names. Each reads and writes one
// place of a tree of texts, and says `changed` when it did.

import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { Unread, number } from "../../twin/typed.js";

export const FIELDS = {
  availability: { words: "It works for this share of the time", unit: "%", high: 100 },
  mtbf_hours: { words: "From one failure to the next it runs", unit: "hours" },
  mttr_hours: { words: "A repair takes", unit: "hours" },
  shared_cause: { words: "Of a copy's failures, this share strikes all copies at once", unit: "%", high: 100 },
  worth_per_hour: { words: "An hour without it costs", money: true },
  per_year: { words: "It comes so many times a year", unit: "times" },
  hours: { words: "Each time it lasts", unit: "hours" },
  lasting_cost: { words: "Each time it costs beyond the hours (customers, fines)", money: true },
  data_lost_minutes: { words: "Each time it loses data of the last", unit: "minutes" },
  cost_per_year: { words: "It costs a year", money: true },
};
export const ORIGINS = { "": "nobody said", contract: "a contract", measured: "measured", judgement: "judgement", typical: "a typical value", assumed: "assumed" };
const WHICH = { contract: "which contract", measured: "in which file", judgement: "whose", typical: "source" };
const MOST = 1e15;

let made = 0;
const unique = () => `faultlab-system-${Date.now().toString(36)}-${(made += 1)}`;

/** A number as it is written in the box: a share in per cent, thousands apart. */
export function shownNumber(text, percent) {
  const value = Number(text);
  if (text === undefined || text === "" || !Number.isFinite(value)) return text ?? "";
  return Number((percent ? 100 * value : value).toPrecision(10)).toLocaleString("en", { maximumFractionDigits: 9 });
}

/** What was typed without the commas between thousands, which are written here so: 1,000 is no decimal of 1. @param {string} text */
export function withoutThousands(text) {
  return /^[^\d,]*\d{1,3}(,\d{3})+(?![\d,])/.test(text) ? text.replace(/,(?=\d{3}(?!\d))/g, "") : text;
}

/** What is kept of what was typed: a number where it is one, else the text itself; and what to say of it. */
export function keptNumber(typed, { unit = "", high = MOST, question = "" }) {
  const text = typed.trim();
  const percent = unit === "%";
  if (!text) return { kept: "", said: "" };
  try {
    const value = number(percent ? text : withoutThousands(text), { unit: percent ? "%" : "", low: 0, high, question });
    return { kept: String(Number((percent ? value / 100 : value).toPrecision(12))), said: "" };
  } catch (problem) {
    if (!(problem instanceof Unread)) throw problem;
    // It stays as it is, but never as a number that would be taken for another one.
    return { kept: Number.isFinite(Number(text)) ? `${text} ${unit || "?"}` : text, said: problem.message };
  }
}

/** A range from its three texts: [low, likely, high], or one number; undefined where there is nothing. */
export function rangeFrom(low, likely, high) {
  if (!low && !high) return likely || undefined;
  if (!likely) {
    const [a, b] = [Number(low), Number(high)];
    const middle = a > 0 ? Math.sqrt(a * b) : (a + b) / 2;
    likely = low && high && Number.isFinite(middle) ? String(Number(middle.toPrecision(2 + Math.max(0, Math.ceil(-Math.log10(Math.max(1 - middle, 1e-9))))))) : "";
    if (likely && (Number(likely) < a || Number(likely) > b)) likely = String(middle);
  }
  return low === likely && high === likely ? likely : [low, likely, high];
}

/** The control of a range: nine times in ten between … and …, most likely …. */
export function rangeControl(entry, key, { unit = "", money = false, words, high = MOST, hint = (/** @type {any} */ _value) => "" }, currency, changed) {
  const percent = unit === "%";
  const of = () => (Array.isArray(entry[key]) ? entry[key] : [entry[key] ?? "", entry[key] ?? "", entry[key] ?? ""]);
  const said = node("p", { class: "said", role: "status" });
  const strip = node("i", { class: "strip", "aria-hidden": "true" });
  const told = node("span", { class: "quiet" });
  const boxes = ["at least", "most likely", "at most"].map((end, i) => {
    const box = node("input", { type: "text", inputmode: "decimal", autocomplete: "off", size: 9, "aria-label": `${words}: ${end}` });
    box.value = shownNumber(of()[i], percent);
    return box;
  });
  const look = () => {
    const [low, likely, end] = of().map(Number);
    told.textContent = hint(likely);
    const known = low > 0 && end > low && likely >= low && likely <= end;
    strip.hidden = !known;
    if (known) strip.style.setProperty("--at", `${(100 * Math.log(likely / low)) / Math.log(end / low)}%`);
  };
  const read = () => {
    const found = boxes.map((box) => keptNumber(box.value, { unit, high, question: words }));
    said.textContent = found.find((one) => one.said)?.said ?? "";
    boxes.forEach((box, i) => box.setAttribute("aria-invalid", String(Boolean(found[i].said))));
    const value = rangeFrom(...found.map((one) => one.kept));
    if (value === undefined) delete entry[key];
    else entry[key] = value;
    look();
    changed();
  };
  boxes.forEach((box) => box.addEventListener("input", read));
  boxes[1].addEventListener("focus", () => {
    if (boxes[1].value) return;
    boxes[1].value = shownNumber(of()[1], percent); // the middle that stands for an empty box
    boxes[1].select(); // and what is typed takes its place
  });
  look();
  const [low, likely, most] = boxes;
  return node("fieldset", { class: "range" }, node("legend", {}, words),
    node("span", { class: "quiet" }, "nine times in ten between "), low, node("span", { class: "quiet" }, " and "), most,
    node("span", { class: "quiet" }, ` ${money ? currency() : unit}, most likely `), likely, told, strip, said);
}

/** One number or text in a box. */
export function plainBox(words, value, set, { unit = "", high = MOST, text = false, size = 9 } = {}) {
  const id = unique();
  const box = node("input", { type: "text", id, autocomplete: "off", size, ...(text ? {} : { inputmode: "decimal" }) });
  box.value = text ? value ?? "" : shownNumber(value, unit === "%");
  const said = node("span", { class: "said", role: "status" });
  box.addEventListener("input", () => {
    if (text) {
      said.textContent = set(box.value) ?? "";
      return;
    }
    const found = keptNumber(box.value, { unit, high, question: words });
    said.textContent = found.said;
    set(found.kept);
  });
  return node("div", { class: "one" }, node("label", { for: id }, words), " ", box, unit ? ` ${unit}` : "", said);
}

/** Choose one of some values, each with its words. */
export function chooser(words, options, value, set) {
  const id = unique();
  const select = node("select", { id }, ...Object.entries(options).map(([key, said]) => node("option", { value: key }, said)));
  select.value = value;
  select.addEventListener("change", () => set(select.value));
  return node("div", { class: "one" }, node("label", { for: id }, words), " ", select);
}

/** Tick the names that are needed, struck, or excluded. */
export function nameList(words, names, chosen, set) {
  const boxes = [...new Set([...names, ...chosen])].map((name) => {
    const box = node("input", { type: "checkbox", value: name });
    box.checked = chosen.includes(name);
    box.addEventListener("change", () => set(boxes.filter((one) => one.checked).map((one) => one.value)));
    return box;
  });
  return node("fieldset", { class: "names" }, node("legend", {}, words), ...boxes.map((box) => node("label", {}, box, spoken(box.value))));
}

/** A name of the model as it is written for people. */
export function spoken(name) {
  return name.replaceAll("_", " ");
}

/** Where numbers come from: one origin for a whole entry, or one for each of its numbers. */
export function originControl(entry, fields, changed) {
  const root = node("div", { class: "origin" });
  const byNumber = () => entry.origin !== null && typeof entry.origin === "object" && !Object.keys(entry.origin).some((kind) => kind in ORIGINS);
  const row = (words, get, set) => {
    const origin = get();
    const [kind, source] = origin && typeof origin === "object" ? Object.entries(origin)[0] : [origin ?? "", ""];
    const which = node("div", {});
    const ask = (chosen, said) => {
      which.replaceChildren(...(WHICH[chosen]
        ? [plainBox(WHICH[chosen], said, (text) => { set(text.trim() ? { [chosen]: text.trim().slice(0, 200) } : chosen); changed(); }, { text: true, size: 26 })] : []));
    };
    ask(kind, source);
    return node("div", { class: "from" }, chooser(words, ORIGINS, kind, (chosen) => { set(chosen); ask(chosen, ""); changed(); }), which);
  };
  const draw = () => {
    const put = (holder, key) => (value) => { if (value) holder[key] = value; else delete holder[key]; };
    if (!byNumber()) {
      const each = node("button", { type: "button", class: "plain" }, "One for each number");
      each.addEventListener("click", () => {
        entry.origin = Object.fromEntries(fields().map((field) => [field, entry.origin || "assumed"]));
        draw();
        changed();
      });
      root.replaceChildren(row("These numbers come from", () => entry.origin, put(entry, "origin")), ...(fields().length > 1 ? [each] : []));
      return;
    }
    root.replaceChildren(...fields().map((field) => row(`${spoken(field)}: from`, () => entry.origin[field], put(entry.origin, field))));
  };
  draw();
  return root;
}

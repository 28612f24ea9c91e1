// The fields of the form in which a system is described: ranges, origins, lists of names. Each reads and writes one
// place of a tree of texts, and says `changed` when it did.

import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { Unread, number } from "../../twin/typed.js";

export const FIELDS = {
  availability: { words: "It works for this share of the time", unit: "%", high: 100 },
  mtbf_hours: { words: "From one failure to the next it runs", unit: "hours" },
  mttr_hours: { words: "A repair takes", unit: "hours" },
  shared_cause: { words: "Of a copy's failures, this share strikes all copies at once", unit: "%", high: 100 },
  switch_over_fails: { words: "This share of switch-overs to a spare fails", unit: "%", high: 100 },
  tested_every_hours: { words: "A spare is tested every", unit: "hours" },
  worth_per_hour: { words: "An hour without it costs", money: true },
  per_year: { words: "It comes so many times a year", unit: "times" },
  hours: { words: "Each time it lasts", unit: "hours" },
  lasting_cost: { words: "Each time it costs beyond the hours (customers, fines)", money: true },
  data_lost_minutes: { words: "Each time it loses data of the last", unit: "minutes" },
  cost_per_year: { words: "It costs a year", money: true },
};
/** What a figure is called where somebody chooses one. @type {Record<string, string>} */
export const NAMES = {
  availability: "the share of time for which it works",
  mtbf_hours: "how long it runs between failures",
  mttr_hours: "how long a repair takes",
  copies: "how many there are",
  needs: "how many must work",
  shared_cause: "the share of failures that strikes all copies",
  switch_over_fails: "the share of switch-overs that fail",
  tested_every_hours: "how often a spare is tested",
  worth_per_hour: "what an hour without it costs",
  per_year: "how often it comes",
  hours: "how long it lasts",
  lasting_cost: "what it costs beyond the hours",
  data_lost_minutes: "how much data is lost",
  cost_per_year: "what it costs a year",
  tolerance_hours: "the longest outage that can be borne",
  recovery_hours: "how long a recovery may take",
  recovery_point_minutes: "how much data a recovery may lose",
};
/** What has no origin is assumed too: there is one word for what nobody has looked at. */
export const ORIGINS = { assumed: "assumed, nobody has looked yet", contract: "a contract", measured: "a measurement", judgement: "somebody's judgement", typical: "a typical value" };
/** Fields of a part that has to outlast a mission: the file keeps them, and no form asks for them. */
export const MISSION = ["failures_per_hour", "mission_hours", "scale_hours", "shape"];
/** Whose judgement a number is once somebody has typed it. */
export const AUTHOR = "the author of this review";
const WHICH = { contract: "which contract", measured: "in which file", judgement: "whose", typical: "source" };
const LACKING = {
  contract: "Name the contract: without it nobody can check the figure.",
  measured: "Name the file: without it nobody can check the figure.",
  judgement: "Say whose judgement it is, so that somebody can be asked.",
  typical: "Name the source: without it nobody can check the figure.",
};
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

/**
 * What is kept of what was typed: a number where it is one, else the text itself; and what to say of it. Money has its
 * currency as the unit and is read as bets are: 1.000 is a thousand or asked back, and never one.
 */
export function keptNumber(typed, { unit = "", money = false, high = MOST, question = "" }) {
  const text = typed.trim();
  const percent = unit === "%" && !money;
  if (!text) return { kept: "", said: "" };
  try {
    const value = number(percent || money ? text : withoutThousands(text), { unit: percent || money ? unit : "", low: 0, high, whole: money, question });
    return { kept: String(Number((percent ? value / 100 : value).toPrecision(12))), said: "" };
  } catch (problem) {
    if (!(problem instanceof Unread)) throw problem;
    // It stays as it is, but never as a number that would be taken for another one.
    return { kept: Number.isFinite(Number(text)) ? `${text} ${unit || "?"}` : text, said: problem.message };
  }
}

/** What was typed, of what is kept of it: without the unit that was put behind it. */
export function asTyped(kept, { unit = "" }) {
  const [text, added] = [kept.slice(0, kept.lastIndexOf(" ")), kept.slice(kept.lastIndexOf(" ") + 1)];
  return text && added === (unit || "?") && Number.isFinite(Number(text)) ? text : kept;
}

/** What is kept where a box shows still what is kept: 12.375 in a file is no question to somebody who types beside it. */
function keptAgain(typed, kept, percent) {
  return kept && Number.isFinite(Number(kept)) && typed === shownNumber(kept, percent) ? { kept, said: "" } : undefined;
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

/** Whether an entry has an origin for each of its numbers, and not one for all. */
function byNumber(entry) {
  return entry.origin !== null && typeof entry.origin === "object" && !Object.keys(entry.origin).some((kind) => kind in ORIGINS);
}

/** Entries whose origin somebody chose since they were read, with the numbers that it was chosen for. @type {WeakMap<object, Set<string>>} */
const chosen = new WeakMap();
export function choose(entry, keys) {
  chosen.set(entry, new Set([...(chosen.get(entry) ?? []), ...keys]));
}

/**
 * A number that somebody types is their judgement, whatever the one before it stood on, until they choose an origin;
 * a number that is taken out has none. Says whether the origin has changed.
 */
export function judged(entry, key, keys) {
  const there = keys.includes(key);
  if (there ? chosen.get(entry)?.has(key) : !byNumber(entry)) return false;
  const mine = { judgement: AUTHOR };
  const each = byNumber(entry) ? { ...entry.origin } : Object.fromEntries(entry.origin ? keys.map((one) => [one, entry.origin]) : []);
  if (there) each[key] = mine; else delete each[key];
  const next = keys.length && keys.every((one) => JSON.stringify(each[one]) === JSON.stringify(mine)) ? mine : each;
  if (JSON.stringify(next) === JSON.stringify(entry.origin)) return false;
  if (Object.keys(next).length) entry.origin = next; else delete entry.origin;
  return true;
}

/** Every amount of money of a system in another currency. */
export function converted(tree, rate) {
  const keys = Object.keys(FIELDS).filter((key) => FIELDS[key].money);
  const times = (value) => (Array.isArray(value) ? value.map(times)
    : value && Number.isFinite(Number(value)) ? String(Number((Number(value) * rate).toPrecision(6))) : value);
  const within = (entry) => keys.forEach((key) => { if (entry[key] !== undefined) entry[key] = times(entry[key]); });
  for (const room of Object.values(tree)) {
    if (room === null || typeof room !== "object") continue;
    for (const entry of Object.values(room)) {
      if (entry === null || typeof entry !== "object") continue;
      within(entry);
      Object.values(entry.changes ?? {}).forEach(within);
    }
  }
  if (tree.appetite?.loss) tree.appetite.loss = times(tree.appetite.loss);
}

/** The control of a range: nine times in ten between … and …, most likely …. */
export function rangeControl(entry, key, { unit = "", money = false, words, high = MOST, hint = (/** @type {any} */ _value) => "", typed = () => {} }, currency, changed) {
  const percent = unit === "%";
  const asked = () => ({ unit: money ? currency().trim() : unit, money, high, question: words });
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
  const say = () => {
    const found = boxes.map((box, i) => keptAgain(box.value, of()[i], percent) ?? keptNumber(box.value, asked()));
    said.textContent = found.find((one) => one.said)?.said ?? "";
    boxes.forEach((box, i) => box.setAttribute("aria-invalid", String(Boolean(found[i].said))));
    const [a, b, c] = found.map((one) => (one.kept === "" ? NaN : Number(one.kept)));
    if (!said.textContent && (a > b || b > c || a > c)) said.textContent = "The lowest number stands first and the highest second; the likely one lies between them.";
    return found;
  };
  const read = () => {
    const found = say();
    const value = rangeFrom(...found.map((one) => one.kept));
    if (value === undefined) delete entry[key];
    else entry[key] = value;
    typed();
    look();
    changed();
  };
  boxes.forEach((box, i) => {
    box.addEventListener("input", read);
    if (money) box.addEventListener("change", () => { if (box.value.trim() && Number.isFinite(Number(of()[i]))) box.value = shownNumber(of()[i], percent); }); // as it was read
  });
  boxes[1].addEventListener("focus", () => {
    if (boxes[1].value) return;
    boxes[1].value = shownNumber(of()[1], percent); // the middle that stands for an empty box
    boxes[1].select(); // and what is typed takes its place
  });
  say();
  look();
  const [low, likely, most] = boxes;
  return node("fieldset", { class: "range" }, node("legend", {}, words),
    node("span", { class: "quiet" }, "nine times in ten between "), low, node("span", { class: "quiet" }, " and "), most,
    node("span", { class: "quiet" }, ` ${money ? currency() : unit}, most likely `), likely, told, strip, said);
}

/** One number or text in a box; `currency` says in what it is, where it is money. */
export function plainBox(words, value, set, { unit = "", high = MOST, text = false, size = 9, lacking = "", currency = /** @type {(() => string) | undefined} */ (undefined) } = {}) {
  const id = unique();
  const box = node("input", { type: "text", id, autocomplete: "off", size, ...(text ? {} : { inputmode: "decimal" }) });
  box.value = text ? value ?? "" : shownNumber(value, unit === "%");
  const said = node("span", { class: "said", role: "status" }, box.value ? "" : lacking);
  let kept = value;
  const read = () => {
    const found = keptAgain(box.value, kept, unit === "%") ?? keptNumber(box.value, { unit: currency ? currency().trim() : unit, money: Boolean(currency), high, question: words });
    said.textContent = found.said || (box.value ? "" : lacking);
    return found.kept;
  };
  if (!text) read();
  box.addEventListener("input", () => {
    if (text) {
      said.textContent = set(box.value) || (box.value.trim() ? "" : lacking);
      return;
    }
    kept = read();
    set(kept);
  });
  if (currency) box.addEventListener("change", () => { if (box.value.trim() && Number.isFinite(Number(kept))) box.value = shownNumber(kept, false); }); // as it was read
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

const capital = (words) => words[0].toUpperCase() + words.slice(1);

/** Where numbers come from: one origin for a whole entry, or one for each of its numbers; `root.again` draws it anew. */
export function originControl(entry, fields, changed, whole = "These numbers come from") {
  const root = Object.assign(node("div", { class: "origin" }), { again: () => {} });
  const row = (words, get, put, keys) => {
    const set = (value) => { choose(entry, keys()); put(value); };
    const origin = get();
    const [kind, source] = origin && typeof origin === "object" ? Object.entries(origin)[0] : [origin || "assumed", ""];
    const which = node("div", {});
    const ask = (chosen, said) => {
      which.replaceChildren(...(WHICH[chosen]
        ? [plainBox(WHICH[chosen], said, (text) => { set(text.trim() ? { [chosen]: text.trim().slice(0, 200) } : chosen); changed(); }, { text: true, size: 26, lacking: LACKING[chosen] })] : []));
    };
    ask(kind, source);
    return node("div", { class: "from" }, chooser(words, ORIGINS, kind, (chosen) => { set(chosen); ask(chosen, ""); changed(); }), which);
  };
  const draw = () => {
    const put = (holder, key) => (value) => { if (value) holder[key] = value; else delete holder[key]; };
    if (!fields().length) {
      root.replaceChildren();
      return;
    }
    if (!byNumber(entry)) {
      const each = node("button", { type: "button", class: "plain" }, "One for each number");
      each.addEventListener("click", () => {
        entry.origin = Object.fromEntries(fields().map((field) => [field, entry.origin || "assumed"]));
        draw();
        changed();
      });
      root.replaceChildren(row(whole, () => entry.origin, put(entry, "origin"), fields), ...(fields().length > 1 ? [each] : []));
      return;
    }
    root.replaceChildren(...fields().map((field) => row(`${capital(NAMES[field] ?? spoken(field))}, from`, () => entry.origin[field], put(entry.origin, field), () => [field])));
  };
  root.again = draw;
  draw();
  return root;
}

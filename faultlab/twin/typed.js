// What people type, read without a kernel: the grammar and the sentences of faultlab/classroom/answers/typed.py,
// which says what they are for. Neither is changed without the other: tests/twin/ asks both the same.

import { general, plainly, quoted } from "./words.js";

const LONGEST = 200; // letters of what is read as a number
const MONEY = [
  ["eur", "euro", "euros", "€"],
  ["usd", "$", "us$", "dollar", "dollars"],
  ["gbp", "£", "pound", "pounds"],
  ["chf", "fr", "fr.", "sfr", "sfr.", "franc", "francs"],
];
const MEASURES = [
  ["%", "percent", "per cent", "pct"],
  ["minutes", "minute", "mins", "min", "m"],
  ["hours", "hour", "hrs", "hr", "h"],
  ["seconds", "second", "secs", "sec", "s"],
  ["milliseconds", "millisecond", "msec", "ms"],
  ["days", "day", "d"],
];
const PERIODS = [
  ["second", "sec", "s"],
  ["minute", "min"],
  ["hour", "hr", "h"],
  ["day", "d"],
  ["week", "wk"],
  ["month", "mo"],
  ["quarter"],
  ["year", "yr", "y", "annum"],
];
/** @type {Record<string, number>} */
const POWERS = { k: 3, thousand: 3, m: 6, mio: 6, mn: 6, million: 6, millions: 6, bn: 9, billion: 9, billions: 9 };
// What Python calls a space and a letter; JavaScript's own classes are others.
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const [BEGINS, ENDS] = ["(?<![\\p{L}\\p{N}_])", "(?![\\p{L}\\p{N}_])"];
const ABOUT = /^(?:approximately|about|around|roughly|circa|ca\.?|approx\.?|[~≈=])\s*/;
const DIGITS = /[+-]?[.,]?\d(?:[\d.,_'’ ]*\d)?(?:e[+-]?\d{1,4})?[.,]?(?!\w*\d)/;
const SUFFIX = new RegExp(`^(${Object.keys(POWERS).sort((a, b) => b.length - a.length).join("|")})\\.?(?=eur|usd|gbp|chf|[^a-z.]|$)`);
const PERIOD = new RegExp(
  `(?:(?:${BEGINS}(?:in )?(?:a|an|per|each|every)${ENDS}|/)\\s*(?<word>${PERIODS.flat().join("|")})|${BEGINS}p\\.? ?a\\.?)$`, "u");

/** What was typed can't be read; the message is a sentence for the learner. */
export class Unread extends Error {}

/**
 * What a number is asked for.
 * @typedef {{unit?: string, low?: number, high?: number, whole?: boolean, question?: string}} Asked
 */

class Wanted {
  /** @param {Asked} asked */
  constructor({ unit = "", low = -Infinity, high = Infinity, whole = false, question = "" }) {
    this.unit = unit;
    this.low = low;
    this.high = high;
    this.question = question;
    const [head] = parted(unit.toLowerCase());
    this.head = head.startsWith("% ") ? "%" : head;
    this.measured = MEASURES.some((words) => words.includes(this.head));
    this.counted = whole || (this.head !== "" && !this.measured);
    this.bounded = Number.isFinite(low) && Number.isFinite(high);
    this.said = this.bounded
      ? `Type a number from ${plainly(low)} to ${plainly(high)}.`
      : "Type the digits alone, such as 12.5.";
    this.named = this.head === "%" ? "a percentage" : unit ? `a number in ${unit}` : "a plain number";
  }
}

/** @param {string} text */
function oneSpaced(text) {
  return text.split(new RegExp(`${SPACE}+`)).filter(Boolean).join(" ");
}

/** @param {string} text @param {string} letters */
function stripped(text, letters) {
  const all = [...text];
  let from = 0, to = all.length;
  while (from < to && letters.includes(all[from])) from += 1;
  while (to > from && letters.includes(all[to - 1])) to -= 1;
  return all.slice(from, to).join("");
}

/** @param {string} text */
const short = (text) => quoted([...text].slice(0, 60).join(""));

/**
 * Whether nothing has been typed yet.
 * @param {string | null | undefined} value
 * @returns {boolean}
 */
export function isPlaceholder(value) {
  return value === null || value === undefined || ["", "...", "…"].includes(oneSpaced(value));
}

/**
 * What was typed, as a number in the unit asked for; `Unread` where it can't be told.
 * @param {string | number} value
 * @param {Asked} [asked]
 * @returns {number}
 */
export function number(value, asked = {}) {
  const wanted = new Wanted(asked);
  return typeof value === "string" ? ofText(value, wanted) : fitting([finite(value)], wanted)[0];
}

/** @param {string} text @param {Wanted} asked */
function ofText(text, asked) {
  const written = stripped(oneSpaced(text), "\"'");
  const plain = written.toLowerCase().replaceAll("−", "-").replace(ABOUT, "");
  const unread = new Unread(`I can't read ${short(written)} as ${asked.named}. ${asked.said}`);
  const found = [...written].length <= LONGEST ? DIGITS.exec(plain) : null;
  if (!found) throw unread;
  const [start, end] = [plain.slice(0, found.index), plain.slice(found.index + found[0].length)];
  if (/\p{Nd}/u.test(start + end)) throw unread;
  const [power, behind] = powerOf(stripped(end, " "), asked);
  const spoken = [stripped(start, " "), stripped(behind, " .")].filter(Boolean).join(" ");
  if (spoken && !isSameUnit(spoken, asked)) throw unread;
  const readings = readingsOf(found[0].replace(/[.,]+$/, ""));
  if (!readings.length) throw new Unread(`I can't read ${short(written)} as one number. Write it like 1234.5. ${asked.said}`);
  const values = fitting(readings.map((reading) => finite(times(reading, power))), asked);
  return values.length === 1 ? values[0] : oneOf(readings, values, found[0].includes(","), power, asked, written);
}

/** @param {string} reading @param {number} power */
function times(reading, power) {
  const [digits, exponent] = reading.split("e");
  return Number(`${digits}e${Number(exponent ?? 0) + power}`);
}

/**
 * Take k, m or million off what stands behind a number.
 * @param {string} behind
 * @param {Wanted} asked
 * @returns {[number, string]}
 */
function powerOf(behind, asked) {
  const found = SUFFIX.exec(behind);
  if (!found || asked.head === "%" || (found[1] === "m" && asked.measured)) return [0, behind];
  return [POWERS[found[1]], behind.slice(found[0].length)];
}

/** @param {string} one */
function knownAs(one) {
  return [...MONEY, ...MEASURES].find((words) => words.includes(one)) ?? [one, one.replace(/s$/, ""), `${one}s`];
}

/** @param {string} spoken @param {Wanted} asked */
function isSameUnit(spoken, asked) {
  const [head, period] = parted(spoken);
  const [whole, its] = parted(asked.unit.toLowerCase());
  if (head && (!whole || ![whole, ...knownAs(asked.head)].includes(head))) return false;
  if (!period || period === its) return true;
  return !its && new RegExp(`${BEGINS}${period}${ENDS}`, "u").test(asked.question.toLowerCase());
}

/** @param {string} unit */
function parted(unit) {
  const found = PERIOD.exec(unit);
  if (!found) return [stripped(unit, " "), ""];
  const said = found.groups?.word ?? "year";
  return [stripped(unit.slice(0, found.index), " "), (PERIODS.find((words) => words.includes(said)) ?? ["year"])[0]];
}

/** @param {string} digits */
function readingsOf(digits) {
  const at = digits.indexOf("e");
  const exponent = at < 0 ? "" : digits.slice(at);
  let plain = at < 0 ? digits : digits.slice(0, at);
  const apart = /[ _'’]/.exec(plain)?.[0];
  if (apart) {
    if (!new RegExp(`^[+-]?\\d{1,3}(?:${apart}\\d{3})+(?:[.,]\\d+)?$`).test(plain)) return [];
    plain = plain.replaceAll(apart, "").replaceAll(",", ".");
  }
  const last = plain[Math.max(plain.lastIndexOf(","), plain.lastIndexOf("."))];
  if (last === undefined) return [plain + exponent];
  const other = last === "." ? "," : ".";
  const many = plain.split(last).length > 2;
  const grouped = (/** @type {string} */ text, /** @type {string} */ mark) => new RegExp(`^[+-]?\\d{1,3}(?:\\${mark}\\d{3})+$`).test(text);
  let found;
  if (plain.includes(other)) {
    const whole = plain.slice(0, plain.lastIndexOf(last));
    found = !many && grouped(whole, other) ? [plain.replaceAll(other, "").replace(last, ".")] : [];
  } else if (many) {
    found = grouped(plain, last) ? [plain.replaceAll(last, "")] : [];
  } else {
    const both = grouped(plain, last) && !apart && !exponent && !/^[+-]?0/.test(plain);
    found = [...(both ? [plain.replace(last, "")] : []), plain.replace(last, ".")];
  }
  return found.map((one) => one + exponent);
}

/** @param {number[]} values @param {Wanted} asked */
function fitting(values, asked) {
  if (asked.head === "%" && !asked.bounded && values.length > 1) return values.slice(1);
  const found = values.filter((value) => asked.low <= value && value <= asked.high);
  if (!found.length) throw new Unread(`I read ${plainly(values[0])}. ${asked.said}`);
  return found;
}

/**
 * @param {string[]} readings
 * @param {number[]} values
 * @param {boolean} comma
 * @param {number} power
 * @param {Wanted} asked
 * @param {string} written
 */
function oneOf(readings, values, comma, power, asked, written) {
  const [whole, decimal] = values;
  if (!power) {
    if (asked.counted && (comma || (MONEY.some((words) => words.includes(asked.head)) && readings[1].endsWith("000")))) return whole;
    if (!comma && !asked.counted) return decimal;
  } else if (!comma) {
    return decimal;
  }
  const choices = (power || asked.counted ? values.map(plainly) : readings).join(" or "); // as they can be typed without being asked again
  throw new Unread(`I can't tell whether ${short(written)} means ${choices}. Write one of these.`);
}

/** @param {number} value */
function finite(value) {
  if (Number.isFinite(value)) return value;
  throw new Unread(`This asks for a number; ${plainly(value)} is none.`);
}

/**
 * A short text as it is compared: one space between words, case and quotes left out.
 * @param {string | number} value
 * @returns {string}
 */
export function word(value) {
  return typeof value === "number" ? general(value, 6) : stripped(oneSpaced(value), "\"'“”‘’.").toLowerCase();
}

/**
 * Several names, each once, from a text with commas or such between them.
 * @param {string} value
 * @param {string[]} [letters] those to choose from, where names are letters
 * @returns {string[]}
 */
export function words(value, letters = []) {
  const known = letters.map((one) => one.toLowerCase());
  if (known.length) {
    const joined = value.toLowerCase().replace(new RegExp(`${BEGINS}and${ENDS}`, "gu"), " ");
    const found = [...new Set((joined.match(/[a-z]+/g) ?? []).join(""))];
    if (found.length && found.every((one) => known.includes(one)) && !/\p{Nd}/u.test(value)) return found;
  }
  const bare = value.replace(new RegExp(`^${SPACE}+|${SPACE}+$`, "g"), "");
  const parts = bare.split(new RegExp(`${SPACE}*[,;/&\\n]${SPACE}*|${SPACE}+and${SPACE}+`));
  const said = parts.filter((part) => !isPlaceholder(part)).map(word);
  return [...new Set(known.length ? said.map((one) => stripped(one, "()[]{}. ")) : said)].filter(Boolean);
}

/**
 * What tells a name from others: no hyphens or underscores, no article, no "service" behind it.
 * @param {string} name
 * @returns {string}
 */
export function nameKey(name) {
  const plain = stripped(word(name).replace(new RegExp(`(?:${SPACE}|[_‐‑-])+`, "g"), " "), " ");
  return plain.replace(/^(?:the|a|an) (?=.)/, "").replace(/(?<=.) services?$/, "");
}

/**
 * Whether two sets of names mean the same things.
 * @param {string[]} one
 * @param {string[]} other
 * @returns {boolean}
 */
export function sameNames(one, other) {
  const [mine, theirs] = [one, other].map((names) => new Set(names.map(nameKey)));
  return mine.size === theirs.size && [...mine].every((name) => theirs.has(name));
}

/**
 * The letter of an option: typed as "b", "(b)", "B)", "option B", or with the option's text.
 * @param {string | number} value
 * @param {Record<string, string>} options
 * @returns {string}
 */
export function letter(value, options) {
  const typed = word(value);
  const bare = stripped(typed.replace(/^(?:option|answer|letter)[ :]+/, ""), "()[]{}.:; \"'");
  for (const [name, text] of Object.entries(options)) {
    const option = word(text);
    if (bare === name.toLowerCase() || typed === option) return name;
    const behind = new RegExp(`^\\(?${name.toLowerCase()}[).:]+ *(.+)$`).exec(typed);
    if (behind && option.startsWith(stripped(behind[1], "\"'."))) return name;
  }
  const letters = Object.keys(options).map((name) => `"${name}"`).join(", ");
  throw new Unread(`Type the letter of one option, ${letters}; you typed ${short(String(value))}.`);
}

// A decision of a lab, checked without Python: faultlab/classroom/answers/kinds.py, with digests in place of answers.
// A test gives both the same answers and compares what they say.

import { digest } from "../../twin/sha256.js";
import { Unread, isPlaceholder, letter, nameKey, number, words } from "../../twin/typed.js";
import { general, plainly, thousands } from "../../twin/words.js";

const LETTERS = 8; // of a digest
const SLIPS = [
  [60, "mix up minutes and hours, or seconds and minutes"], [3600, "mix up seconds and hours"],
  [24, "mix up hours and days"], [100, "mix up a fraction and a percentage"], [12, "mix up a month and a year"],
  [365, "mix up a day and a year"], [30, "mix up a day and a month"], [1000, "drop or add three zeros"],
];

/** @typedef {[log: number, width: number, offset: number, digest: string]} Cell */
/** @typedef {{state: "not started" | "try again" | "correct", message: string, unread?: boolean}} Outcome */

/**
 * A text that was veiled, so that nobody reads it by accident.
 * @param {string} text
 * @returns {string}
 */
export function unveiled(text) {
  const turned = (/** @type {number} */ from, /** @type {number} */ size, /** @type {string} */ one) =>
    String.fromCharCode(from + ((one.charCodeAt(0) - from + size / 2) % size));
  return text.replace(/[a-z]/g, (one) => turned(97, 26, one)).replace(/[A-Z]/g, (one) => turned(65, 26, one))
    .replace(/[0-9]/g, (one) => turned(48, 10, one));
}

/** A task in the hands of a team. */
export class LabTask {
  /** @param {any} task as `labs.decision` writes it @param {string} lab @param {string[]} teams @param {string} team */
  constructor(task, lab, teams, team) {
    const [asked, hints, solution, why, right, wrong, order] = task.teams[teams.indexOf(team)];
    const veiled = (/** @type {number} */ place) => unveiled(task.texts[place]);
    this.task = task;
    this.salt = [lab, team, task.name].join("\x1f");
    this.right = right;
    this.wrong = wrong;
    this.order = order;
    this.asked = task.texts[asked];
    this.hints = hints.map(veiled);
    this.solution = () => veiled(solution);
    this.why = () => veiled(why);
    this.hintTo = veiled;
  }

  /** @param {string} text */
  #salted(text) {
    return digest(`${this.salt}\x1f${text}`);
  }

  /** @param {string} text */
  #digest(text) {
    return this.#salted(text).slice(0, LETTERS);
  }

  /**
   * Whether a number is too high or too low: the first bit in which it differs from the answer's says so.
   * @param {number} value
   */
  #side(value) {
    const bits = inOrder(value);
    for (let i = 0; i < 4 * this.order.length; i += 1) {
      const turned = (parseInt(this.order[i >> 2], 16) >> (3 - (i % 4))) & 1;
      const bit = turned ^ (parseInt(this.#salted(bits.slice(0, i))[0], 16) & 1);
      if (bit !== Number(bits[i])) return bit ? "low" : "high";
    }
    return "high"; // to nine digits the same, and yet not taken: no tolerance is so small
  }

  /** @param {number} value @param {Cell} cell */
  #isIn(value, [log, width, offset, wanted]) {
    if (log && value === 0) return false;
    const at = log ? Math.log(Math.abs(value)) : value;
    const sign = log && value < 0 ? "below " : "";
    return this.#digest(`${sign}${Math.floor((at - offset) / width)}`) === wanted;
  }

  /**
   * What a check of a typed answer says.
   * @param {string} text
   * @returns {Outcome}
   */
  check(text) {
    if (isPlaceholder(text)) return { state: "not started", message: "There is no answer yet.", unread: true };
    try {
      return this[/** @type {"number" | "choice" | "names"} */ (this.task.kind)](text);
    } catch (problem) {
      if (!(problem instanceof Unread)) throw problem;
      return { state: "try again", message: problem.message, unread: true };
    }
  }

  /**
   * @param {string} said
   * @param {(place: any) => boolean} lies whether the answer lies where a digest says
   * @param {() => string} miss
   * @returns {Outcome}
   */
  #judged(said, lies, miss) {
    if (lies(this.right[0])) return { state: "correct", message: `You answered ${said}. ${this.why()}`.trimEnd() };
    const wrong = this.wrong.find((/** @type {[any, number]} */ [place]) => lies(place));
    return { state: "try again", message: wrong ? this.hintTo(wrong[1]) : miss() };
  }

  /** @param {string} text */
  number(text) {
    const { unit, whole, decimals, periods } = this.task;
    const given = number(text, { unit, whole, question: periods });
    const said = `${unit === "%" ? thousands(general(given, 10)) : plainly(given)} ${unit}`.trim();
    const isWhole = (/** @type {number} */ value) => Math.abs(value - Math.round(value)) <= 1e-12 * Math.abs(value);
    const lies = (/** @type {number} */ value, /** @type {Cell} */ cell) => (!whole || isWhole(value)) && this.#isIn(value, cell);
    const same = (/** @type {number} */ value) => lies(value, this.right[0]);
    return this.#judged(said, (cell) => lies(given, cell), () => {
      if (whole && !Number.isInteger(given)) return `You answered ${said}. This asks for a whole number.`;
      if (decimals !== null && this.#isIn(given, this.right[1])) {
        return `You answered ${said}. That is close: round to ${decimals} decimals or more, and don't cut off.`;
      }
      return `You answered ${said}. ${slip(given, same) || `That is too ${this.#side(given)}.`}`;
    });
  }

  /** @param {string} text */
  choice(text) {
    const given = letter(text, this.task.options);
    const words = this.task.options[given];
    const said = (words ? `${given}) ${words}` : given).replace(/\.+$/, "");
    const end = words.endsWith(".") ? "." : "";
    return this.#judged(said, (place) => this.#digest(given) === place, () => `You answered ${said}${end}. That is not it yet: a hint helps.`);
  }

  /** @param {string} text */
  names(text) {
    const given = words(text, [...this.task.letters]).sort();
    const shown = (/** @type {string} */ name) => (this.task.letters ? name.toUpperCase() : name.replaceAll("_", " "));
    const said = given.map(shown).join(", ") || "none";
    const keys = [...new Set(given.map(nameKey))].sort();
    const all = this.#digest(keys.join("|"));
    return this.#judged(said, (place) => all === place, () => {
      const [, ...each] = this.right;
      const there = (/** @type {string} */ key) => each.includes(this.#digest(key));
      const extra = given.filter((name) => !there(nameKey(name)));
      const right = keys.filter(there).length;
      if (!right) return `You named ${said}. ${extra.length > 1 ? "None of these is" : "That isn't"} right yet.`;
      const part = right < each.length ? `${right} of the ${each.length}` : "all the right ones";
      const other = extra.length ? `, but “${shown(extra[0])}” doesn't belong` : "";
      return `You named ${said}. You have ${part}${other}.`;
    });
  }
}

/**
 * The bits of a number, such that a greater number has the greater bits.
 * @param {number} value
 */
function inOrder(value) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value + 0); // no zero with a sign
  const text = view.getBigUint64(0).toString(2).padStart(64, "0");
  return text[0] === "0" ? `1${text.slice(1)}` : text.replace(/[01]/g, (bit) => (bit === "0" ? "1" : "0"));
}

/** @param {number} given @param {(value: number) => boolean} same */
function slip(given, same) {
  if (same(-given)) return "Right size, wrong sign.";
  for (const [factor, what] of SLIPS) {
    for (const direction of [Number(factor), 1 / Number(factor)]) {
      if (same(given * direction)) {
        return `Your answer is ${thousands(String(factor))} times ${direction > 1 ? "too small" : "too large"}. Did you ${what}?`;
      }
    }
  }
  if (given >= 0 && given <= 1 && same(1 - given)) return "That is one minus the answer: you mixed up uptime and downtime.";
  if (given >= 0 && given <= 100 && same(100 - given)) return "That is 100 minus the answer: you mixed up uptime and downtime.";
  return "";
}

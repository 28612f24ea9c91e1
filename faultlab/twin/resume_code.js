// The resume code without a kernel: faultlab/classroom/learner/resume_code.py, which says how it is laid out.

import { BadInput } from "./progress.js";
import { sha256 } from "./sha256.js";
import { general, quoted, rounded } from "./words.js";

const PREFIX = "FT3-";
const BEFORE = ["FT1-", "FT2-"];
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TEAM_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-";
const LONGEST_TEAM = 20;
const STEPS = 24;
const OUTCOMES = ["not started", "try again", "correct"];
/** @type {Part[]} */
const PARTS = ["tasks", "bets", "quiz"];
const BASES = { tasks: 12, bets: STEPS + 1, quiz: 3 };
const DIGESTS = { tasks: 256, bets: 64, quiz: 16 };
const VERSION_1 = [12, 10, 5, 5];
const CHECK_LETTERS = 5;
const MOST_LETTERS = 250;
const MOST_PLACES = 1000;
const MISTYPED = "This resume code is mistyped or cut off: compare it with the original and paste it whole.";
const SAID = { tasks: ["tasks", "lab"], bets: ["bets", "lesson"], quiz: ["quiz answers", "lesson"] };

/** @typedef {import("./progress.js").Part} Part */
/** @typedef {import("./progress.js").Carried} Data */
/** @typedef {import("./progress.js").Entry} Entry */
/** @typedef {{kind: string, low: number, high: number, options: string[]}} Bet */
/** @typedef {{tasks: string[], bets: Record<string, Bet>, quiz: string[], digests: Record<Part, number[]>}} Lesson the digest of no mark, of the first, of the first two … */
/**
 * What the course holds, as `Catalogue.for_browser` writes it.
 * @typedef {{lessons: Record<string, Lesson>, before: Record<string, number[][]>}} Catalogue
 */

/** Small numbers packed into one large number, the first of them in its last place. */
class Packed {
  /** @param {bigint} [whole] */
  constructor(whole = 0n) {
    this.whole = whole;
    /** @type {[number, number][]} */
    this.digits = [];
  }

  /** @param {number} value @param {number} base */
  put(value, base) {
    this.digits.push([value, base]);
  }

  /** @param {number} count any whole number: three bits at a time, each with a bit that says whether more follow */
  putCount(count) {
    for (; count >= 8; count = Math.floor(count / 8)) this.put(8 + (count % 8), 16);
    this.put(count, 16);
  }

  sum() {
    return this.digits.reduceRight((number, [value, base]) => number * BigInt(base) + BigInt(value), 0n);
  }

  /** @param {number} base */
  get(base) {
    const value = Number(this.whole % BigInt(base));
    this.whole /= BigInt(base);
    return value;
  }

  getCount() {
    let count = 0n, size = 1n, part = this.get(16);
    for (; part >= 8; part = this.get(16)) [count, size] = [count + BigInt(part - 8) * size, size * 8n];
    return Number(count + BigInt(part) * size);
  }
}

/** @param {Catalogue} catalogue @param {string} number @returns {Lesson} */
function lessonOf(catalogue, number) {
  return catalogue.lessons[number] ?? { tasks: [], bets: {}, quiz: [], digests: { tasks: [], bets: [], quiz: [] } };
}

/** @param {Lesson} lesson @param {Part} part */
function namesOf(lesson, part) {
  return part === "bets" ? Object.keys(lesson.bets) : lesson[part];
}

/**
 * The resume code of a progress; `BadInput` names what no code can hold.
 * @param {Data} data
 * @param {Catalogue} catalogue
 * @returns {string}
 */
export function write(data, catalogue) {
  const [found] = strangers(data, catalogue);
  if (found) throw new BadInput(`No resume code can hold ${quoted(found[2])} of lesson ${found[1]} (${found[0]}): this course hasn't got it.`);
  const team = [...data.team];
  if (team.length > LONGEST_TEAM || team.some((letter) => !TEAM_LETTERS.includes(letter))) {
    throw new BadInput(`No resume code can hold the team ${quoted(team.slice(0, 40).join(""))}: choose the team again.`);
  }
  const out = new Packed();
  out.put(team.length, 21);
  team.forEach((letter) => out.put(TEAM_LETTERS.indexOf(letter), TEAM_LETTERS.length));
  const until = Math.max(0, ...PARTS.flatMap((part) => Object.keys(data[part]).map((number) => Number(number) + 1)));
  const lessons = Array.from({ length: until }, (_, place) => digitsOf(data, nameOf(place), catalogue));
  const used = PARTS.map((_, part) => Math.max(0, ...lessons.map((one) => usedOf(one[part]))));
  for (const count of [lessons.length, ...used]) out.putCount(count);
  const begun = lessons.map((one) => one.flat().some(Boolean));
  begun.forEach((there) => out.put(Number(there), 2));
  lessons.forEach((one, place) => begun[place] && PARTS.forEach((part, i) => {
    for (let at = 0; at < used[i]; at++) out.put(one[i][at] ?? 0, BASES[part]);
    const its = usedOf(one[i]);
    if (its) out.put(digestOf(catalogue, part, nameOf(place), its) % DIGESTS[part], DIGESTS[part]);
  }));
  const body = spell(out.sum());
  return PREFIX + body + checkLetters(PREFIX, body);
}

/**
 * What no code can hold, since this version of the course hasn't got it: part, lesson, name.
 * @param {Data} data
 * @param {Catalogue} catalogue
 * @returns {[Part, string, string][]}
 */
export function strangers(data, catalogue) {
  /** @type {[Part, string, string][]} */
  const found = [];
  for (const part of PARTS) {
    for (const [number, entries] of Object.entries(data[part])) {
      const lesson = lessonOf(catalogue, number);
      for (const [name, entry] of Object.entries(entries)) {
        const held = /^[0-9]{2,3}$/.test(number) && namesOf(lesson, part).includes(name)
          && (part !== "bets" || canBeStepped(entry.bet, lesson.bets[name]));
        if (!held) found.push([part, number, name]);
      }
    }
  }
  return found;
}

/** @param {unknown} value @param {Bet} bet */
function canBeStepped(value, bet) {
  if (value === null || value === undefined) return true;
  if (bet.kind === "choice") return bet.options.slice(0, STEPS).includes(String(value));
  return typeof value === "number" && Number.isFinite(value);
}

/** @param {Data} data @param {string} number @param {Catalogue} catalogue @returns {number[][]} */
function digitsOf(data, number, catalogue) {
  const lesson = lessonOf(catalogue, number);
  const [tasks, bets, quiz] = PARTS.map((part) => data[part][number] ?? {});
  return [
    lesson.tasks.map((name) => digitOf(tasks[name] ?? {})),
    Object.entries(lesson.bets).map(([name, bet]) => (typeof (bets[name]?.bet ?? null) === "object" ? 0 : 1 + step(bets[name].bet, bet))),
    lesson.quiz.map((name) => (quiz[name] ? 1 + Number(Boolean(quiz[name].right)) : 0)),
  ];
}

/** @param {Entry} entry */
function digitOf(entry) {
  return OUTCOMES.indexOf(entry.outcome ?? OUTCOMES[0]) * 4 + 2 * Number(Boolean(entry.hints)) + Number(Boolean(entry.solution));
}

/** @param {number[]} values */
function usedOf(values) {
  return values.findLastIndex(Boolean) + 1;
}

/** @param {number} place */
function nameOf(place) {
  return String(place).padStart(2, "0");
}

/** @param {Catalogue} catalogue @param {Part} part @param {string} number */
function digestsOf(catalogue, part, number) {
  const { digests } = lessonOf(catalogue, number);
  return digests[part].length ? digests[part] : [sha256(`${part}\x1f${number}`)[0]];
}

/** @param {Catalogue} catalogue @param {Part} part @param {string} number @param {number} used how many marks it is of; of all, where there are fewer */
function digestOf(catalogue, part, number, used) {
  const digests = digestsOf(catalogue, part, number);
  return digests[Math.min(used, digests.length - 1)];
}

/**
 * The progress that a resume code holds, and a sentence on what the course no longer has.
 * @param {string} code
 * @param {Catalogue} catalogue
 * @returns {{data: Data, lost: string}}
 */
export function read(code, catalogue) {
  const [prefix, body] = bodyOf(code);
  const source = new Packed([...body].reduce((number, letter) => number * 32n + BigInt(LETTERS.indexOf(letter)), 0n));
  /** @type {Data} */
  const data = { format: 1, team: "", tasks: {}, bets: {}, quiz: {} };
  const letters = source.get(21);
  for (let i = 0; i < letters; i++) data.team += TEAM_LETTERS[source.get(TEAM_LETTERS.length)];
  const room = VERSION_1.map((count) => (prefix === "FT1-" ? count : source.getCount()));
  if (Math.max(...room) > MOST_PLACES) throw new BadInput(MISTYPED);
  const [lessons, ...counts] = room;
  const begun = Array.from({ length: lessons }, (_, place) => nameOf(place)).filter(() => source.get(2));
  /** @type {Record<Part, string[]>} */
  const lost = { tasks: [], bets: [], quiz: [] };
  for (const number of begun) {
    PARTS.forEach((part, i) => {
      const values = Array.from({ length: counts[i] }, () => source.get(BASES[part]));
      const used = usedOf(values);
      if (!used) return;
      const seen = prefix === PREFIX ? source.get(DIGESTS[part]) : null;
      if (!isTheSame(catalogue, part, number, used, seen)) {
        lost[part].push(number);
        return;
      }
      const lesson = lessonOf(catalogue, number);
      const entries = namesOf(lesson, part).slice(0, used).map((name, at) => [name, values[at]]);
      data[part][number] = Object.fromEntries(
        entries.filter(([, value]) => value).map(([name, value]) => [name, entryOf(part, Number(value), lesson.bets[name])]));
    });
  }
  return { data, lost: sentence(lost) };
}

/**
 * Whether the places that a code uses mean today what they meant when it was made.
 * @param {Catalogue} catalogue
 * @param {Part} part
 * @param {string} number
 * @param {number} used
 * @param {number | null} seen
 */
function isTheSame(catalogue, part, number, used, seen) {
  if (seen !== null) return digestOf(catalogue, part, number, used) % DIGESTS[part] === seen;
  const [count, then] = catalogue.before[number]?.[PARTS.indexOf(part)] ?? [0, 0];
  return used <= count && digestsOf(catalogue, part, number)[count] === then;
}

/** @param {Record<Part, string[]>} lost */
function sentence(lost) {
  const said = PARTS.filter((part) => lost[part].length).map((part) => {
    const [name, room] = SAID[part];
    return `the ${name} of ${room}${lost[part].length === 1 ? "" : "s"} ${lost[part].map(Number).join(", ")}`;
  });
  return said.length ? `Not restored, because the course has changed there: ${said.join("; ")}.` : "";
}

/** @param {Part} part @param {number} value @param {Bet} bet @returns {Entry} */
function entryOf(part, value, bet) {
  if (part === "quiz") return { right: value === 2 };
  if (part === "bets") return { bet: unstep(value - 1, bet), rounded: true };
  return { outcome: OUTCOMES[value >> 2], ...(value & 2 ? { hints: 1 } : {}), ...(value & 1 ? { solution: true } : {}) };
}

/** Whether a bet's range is wide enough to be measured in factors. @param {Bet} bet @returns {boolean} */
export function isWide({ low, high }) {
  return low > 0 && high / low >= 100;
}

/** @param {number | string} value @param {Bet} bet */
function step(value, bet) {
  if (typeof value === "string" || bet.kind === "choice") return bet.options.indexOf(String(value));
  const { low, high } = bet;
  const share = isWide(bet) ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low);
  return rounded(Math.min(Math.max(share, 0), 1) * (STEPS - 1));
}

/** The value that stands for one of the steps of a bet. @param {number} place @param {Bet} bet @returns {number | string} */
export function unstep(place, bet) {
  if (bet.kind === "choice") return bet.options[Math.min(place, bet.options.length - 1)];
  const { low, high } = bet, share = place / (STEPS - 1);
  return Number(general(isWide(bet) ? low * (high / low) ** share : low + share * (high - low), 3));
}

/** @param {bigint} number */
function spell(number) {
  let text = "";
  do {
    text = LETTERS[Number(number % 32n)] + text;
    number /= 32n;
  } while (number);
  return text;
}

/** @param {string} prefix @param {string} body */
function checkLetters(prefix, body) {
  const [number] = sha256(prefix + body);
  return Array.from({ length: CHECK_LETTERS }, (_, place) => LETTERS[(number >>> (5 * place)) & 31]).join("");
}

/**
 * The version that a code begins with, and what stands between it and the check letters.
 * @param {string} code
 * @returns {[string, string]}
 */
function bodyOf(code) {
  const typed = code.replace(/[\s\x1c-\x1f\x85]+/g, "").toUpperCase().replaceAll("-", "");
  if (!typed) throw new BadInput("The resume code is empty: paste the whole line that lesson 00 showed.");
  const prefix = `${typed.slice(0, 3)}-`;
  if (![...BEFORE, PREFIX].includes(prefix)) {
    throw new BadInput(/^FT\d/.test(typed)
      ? "This resume code is of another version of the course; open it with that version."
      : `A resume code begins with ${PREFIX}; paste the whole line that lesson 00 showed.`);
  }
  const letters = typed.slice(3).replaceAll("I", "1").replaceAll("L", "1").replaceAll("O", "0");
  const [body, check] = [letters.slice(0, -CHECK_LETTERS), letters.slice(-CHECK_LETTERS)];
  const sound = letters.length <= 20 * MOST_LETTERS && [...letters].every((letter) => LETTERS.includes(letter)) && body;
  if (!sound || check !== checkLetters(prefix, body)) throw new BadInput(MISTYPED);
  return [prefix, body];
}

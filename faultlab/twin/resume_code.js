// The resume code without a kernel: faultlab/classroom/learner/resume_code.py, which says how it is laid out.

import { FORMS } from "./before_and_after.js";
import { LETTERS, Packed, checkLetters, checkedBody, typedOf, valueOf } from "./letters.js";
import { BadInput } from "./progress.js";
import { sha256 } from "./sha256.js";
import { general, quoted, rounded } from "./words.js";

const PREFIX = "FT4-";
const BEFORE = ["FT1-", "FT2-", "FT3-"];
const TEAM_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-";
const LONGEST_TEAM = 20;
const STEPS = 24;
const OUTCOMES = ["not started", "try again", "correct"];
/** @type {Part[]} */
const PARTS = ["tasks", "bets", "quiz"];
const MOST_OPTIONS = 4;
const BASES = { tasks: 12, bets: STEPS + 1, quiz: MOST_OPTIONS + 2 };
const QUIZ_BEFORE = 3;
const DIGESTS = { tasks: 256, bets: 64, quiz: 16, chosen: 16, before: 16, after: 16 };
const VERSION_1 = [12, 10, 5, 5];
const MOST_LETTERS = 340;
const MOST_PLACES = 1000;
const GAME = "GD1-", GAME_LESSON = "11", GAME_ROOM = 64;
const MISTYPED = "This resume code is mistyped or cut off: compare it with the original and paste it whole.";
const SAID = { tasks: ["tasks", "lab"], bets: ["bets", "lesson"], quiz: ["quiz answers", "lesson"] };

/** @typedef {import("./progress.js").Part} Part */
/** @typedef {import("./progress.js").Carried} Data */
/** @typedef {import("./progress.js").Entry} Entry */
/** @typedef {{kind: string, low: number, high: number, options: string[]}} Bet */
/** @typedef {import("./before_and_after.js").Form} Form */
/** @typedef {Part | "chosen"} Marked */
/** @typedef {{options: string[], right: number[]}} Question */
/** @typedef {{tasks: string[], bets: Record<string, Bet>, quiz: string[], asked: Record<string, Question>, digests: Record<Marked, number[]>}} Lesson the digest of no mark, of the first, of the first two … */
/**
 * What the course holds, as `Catalogue.for_browser` writes it.
 * @typedef {{lessons: Record<string, Lesson>, before: Record<string, number[][]>, pairs: import("./before_and_after.js").Pair[], digests: Record<Form, number[]>}} Catalogue
 */

/** @param {Catalogue} catalogue @param {string} number @returns {Lesson} */
function lessonOf(catalogue, number) {
  return catalogue.lessons[number] ?? { tasks: [], bets: {}, quiz: [], asked: {}, digests: { tasks: [], bets: [], quiz: [], chosen: [] } };
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
    if (its) out.put(digestOf(catalogue, marked(part, PREFIX), nameOf(place), its), DIGESTS[part]);
  }));
  for (const form of FORMS) {
    const given = data.before_and_after?.[form] ?? {};
    const values = catalogue.pairs.map((pair) => optionDigit(given[pair.id]?.chosen, pair[form].options));
    const its = usedOf(values);
    out.putCount(its);
    values.slice(0, its).forEach((value) => out.put(value, MOST_OPTIONS + 1));
    if (its) out.put(digestOf(catalogue, form, "", its), DIGESTS[form]);
  }
  const game = checkedBody(GAME, String(data.monday?.[GAME_LESSON]?.game?.finished?.code ?? ""), GAME_ROOM) ?? "";
  out.put(game.length, GAME_ROOM);
  for (const letter of game) out.put(LETTERS.indexOf(letter), LETTERS.length);
  const body = spell(out.sum());
  return PREFIX + body + checkLetters(PREFIX, body);
}

/**
 * What no code can hold, since this version of the course hasn't got it: part, lesson, name; or "before_and_after", form, id.
 * @param {Data} data
 * @param {Catalogue} catalogue
 * @returns {[Part | "before_and_after", string, string][]}
 */
export function strangers(data, catalogue) {
  /** @type {[Part | "before_and_after", string, string][]} */
  const found = [];
  for (const [form, given] of Object.entries(data.before_and_after ?? {})) {
    for (const [id, { chosen }] of Object.entries(given)) {
      const asked = FORMS.filter((one) => one === form).map((one) => catalogue.pairs.find((pair) => pair.id === id)?.[one])[0];
      if (!asked || !optionDigit(chosen, asked.options)) found.push(["before_and_after", form, id]);
    }
  }
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
    lesson.quiz.map((name) => quizDigit(quiz[name], lesson.asked[name])),
  ];
}

/** @param {Entry | undefined} entry @param {Question} asked */
function quizDigit(entry, asked) {
  if (!entry) return 0;
  if (!isToldApart(asked)) return 1 + Number(Boolean(entry.right));
  if (entry.right) return 2 + asked.right[0];
  const place = Array.isArray(entry.chosen) && entry.chosen.length === 1 ? optionDigit(entry.chosen[0], asked.options) : 0;
  return place === 0 || asked.right.includes(place - 1) ? 1 : 1 + place;
}

/** @param {Question} asked */
function isToldApart({ options, right }) {
  return right.length === 1 && options.length <= MOST_OPTIONS;
}

/** The place of a chosen option from 1, or 0. @param {unknown} chosen @param {string[]} options */
function optionDigit(chosen, options) {
  return 1 + options.indexOf(/** @type {string} */ (chosen));
}

/** Which marks a digest is of. @param {Part} part @param {string} prefix @returns {Marked} */
function marked(part, prefix) {
  return part === "quiz" && prefix === PREFIX ? "chosen" : part;
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

/** @param {Catalogue} catalogue @param {Marked | Form} part @param {string} number */
function digestsOf(catalogue, part, number) {
  const digests = part === "before" || part === "after" ? catalogue.digests[part] : lessonOf(catalogue, number).digests[part];
  return digests.length ? digests : [sha256(`${part}\x1f${number}`)[0]];
}

/** @param {Catalogue} catalogue @param {Marked | Form} part @param {string} number @param {number} used how many marks it is of; of all, where there are fewer */
function digestOf(catalogue, part, number, used) {
  const digests = digestsOf(catalogue, part, number);
  return digests[Math.min(used, digests.length - 1)] % DIGESTS[part];
}

/**
 * The progress that a resume code holds, and a sentence on what the course no longer has.
 * @param {string} code
 * @param {Catalogue} catalogue
 * @returns {{data: Data, lost: string}}
 */
export function read(code, catalogue) {
  const [prefix, body] = bodyOf(code);
  const source = new Packed(valueOf(body));
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
      const base = part !== "quiz" || prefix === PREFIX ? BASES[part] : QUIZ_BEFORE;
      const values = Array.from({ length: counts[i] }, () => source.get(base));
      const used = usedOf(values);
      if (!used) return;
      const same = prefix === "FT1-" || prefix === "FT2-"
        ? wasTheSame(catalogue, part, number, used)
        : source.get(DIGESTS[part]) === digestOf(catalogue, marked(part, prefix), number, used);
      if (!same) {
        lost[part].push(number);
        return;
      }
      const lesson = lessonOf(catalogue, number);
      const entries = namesOf(lesson, part).slice(0, used).map((name, at) => [name, values[at]]);
      data[part][number] = Object.fromEntries(
        entries.filter(([, value]) => value).map(([name, value]) => [name, part === "quiz" && prefix === PREFIX
          ? quizEntry(Number(value), lesson.asked[name]) : entryOf(part, Number(value), lesson.bets[name])]));
    });
  }
  const forms = prefix === PREFIX ? readForms(source, catalogue) : [];
  const kept = Object.fromEntries(forms.flatMap(([form, given]) => (given && Object.keys(given).length ? [[form, given]] : [])));
  if (Object.keys(kept).length) data.before_and_after = kept;
  const game = Array.from({ length: prefix === PREFIX ? source.get(GAME_ROOM) : 0 }, () => LETTERS[source.get(LETTERS.length)]).join("");
  if (game) {
    const played = GAME + game + checkLetters(GAME, game);
    data.monday = { [GAME_LESSON]: { game: { code: played, finished: { code: played, said: "" } } } };
  }
  return { data, lost: sentence(lost, forms.filter(([, given]) => !given).map(([form]) => form)) };
}

/**
 * What was answered before and after the course; null for what the course asks otherwise now.
 * @param {Packed} source
 * @param {Catalogue} catalogue
 */
function readForms(source, catalogue) {
  /** @type {[Form, Record<string, Entry> | null][]} */
  const found = [];
  for (const form of FORMS) {
    const count = source.getCount();
    if (count > MOST_PLACES) throw new BadInput(MISTYPED);
    const values = Array.from({ length: count }, () => source.get(MOST_OPTIONS + 1));
    if (!count) continue;
    const same = source.get(DIGESTS[form]) === digestOf(catalogue, form, "", count);
    const { pairs } = catalogue;
    if (!same || count > pairs.length || values.some((value, at) => value > pairs[at][form].options.length)) found.push([form, null]);
    else found.push([form, Object.fromEntries(values.flatMap((value, at) => (value ? [[pairs[at].id, { chosen: pairs[at][form].options[value - 1] }]] : [])))]);
  }
  return found;
}

/** @param {number} value @param {Question} asked @returns {Entry} */
function quizEntry(value, asked) {
  if (!isToldApart(asked) || value < 2) return { right: value === 2 };
  const place = Math.min(value - 2, asked.options.length - 1);
  return { right: asked.right.includes(place), chosen: [asked.options[place]] };
}

/**
 * Whether the places that an old code uses mean today what they meant when it was made.
 * @param {Catalogue} catalogue
 * @param {Part} part
 * @param {string} number
 * @param {number} used
 */
function wasTheSame(catalogue, part, number, used) {
  const [count, then] = catalogue.before[number]?.[PARTS.indexOf(part)] ?? [0, 0];
  return used <= count && digestsOf(catalogue, part, number)[count] === then;
}

/** @param {Record<Part, string[]>} lost @param {Form[]} gone */
function sentence(lost, gone) {
  const said = PARTS.filter((part) => lost[part].length).map((part) => {
    const [name, room] = SAID[part];
    return `the ${name} of ${room}${lost[part].length === 1 ? "" : "s"} ${lost[part].map(Number).join(", ")}`;
  });
  said.push(...gone.map((form) => `the answers ${form} the course`));
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

/**
 * The version that a code begins with, and what stands between it and the check letters.
 * @param {string} code
 * @returns {[string, string]}
 */
function bodyOf(code) {
  const typed = typedOf(code);
  if (!typed) throw new BadInput("The resume code is empty: paste the whole line that lesson 00 showed.");
  const prefix = `${typed.slice(0, 3)}-`;
  if (![...BEFORE, PREFIX].includes(prefix)) {
    throw new BadInput(/^FT\d/.test(typed)
      ? "This resume code is of another version of the course; open it with that version."
      : `A resume code begins with ${PREFIX}; paste the whole line that lesson 00 showed.`);
  }
  const body = checkedBody(prefix, code, 20 * MOST_LETTERS);
  if (body === null) throw new BadInput(MISTYPED);
  return [prefix, body];
}

// A room of learners from their resume codes: faultlab/classroom/learner/room.py without a kernel.

import { readJudgedYear } from "./game_code.js";
import { BadInput, DEFAULT_TEAM } from "./progress.js";
import { read } from "./resume_code.js";

const CODE = /(?<![0-9A-Z-])FT[0-9]-?[0-9A-Z-]{6,}/i;
const GAME = /(?<![0-9A-Z-])GD[0-9]-?[0-9A-Z-]{6,}/i; // of a game of lesson 11
const LONGEST_LINE = 40;
const LONGEST_NAME = 30;
const LEAST_OF_A_MIDDLE = 8;
const CLOCK = /^[ 0-9:,.[\]]+|[ 0-9:,.[\]]+$/g; // what a chat puts around a name
const UNJUDGED = "its code doesn't say how the year was judged: the game isn't finished, or the code is of before; `room` on the command line tells.";
/** @type {Part[]} */
const PARTS = ["tasks", "bets", "quiz"];

/** @typedef {import("./progress.js").Part} Part */
/** @typedef {import("./progress.js").Carried} State */
/** @typedef {import("./progress.js").Entry} Entry */
/** @typedef {import("./resume_code.js").Catalogue} Catalogue */
/** @typedef {{number: string, bets: {id: string, placed: number[]}[], quiz: {id: string, answered: number, right: number, chose: number[]}[], tasks: {name: string, correct: number, stuck: number, helped: number}[]}} Counted */

/**
 * The codes that a room has pasted, one a line, whatever a chat has put beside them; and what could not be used.
 * @param {string} text
 * @param {Catalogue} catalogue
 * @returns {{states: State[], problems: string[]}}
 */
export function readCodes(text, catalogue) {
  /** @type {State[]} */
  const states = [];
  /** @type {string[]} */
  const problems = [];
  /** @type {Map<string, number>} */
  const lines = new Map();
  text.split(/\r\n|[\n\r]/).forEach((line, i) => {
    const number = i + 1, words = line.trim();
    const found = CODE.exec(line);
    if (!words || (GAME.test(line) && !found)) return;
    if (!found) {
      const said = [...words.replace(/\s+/g, " ")].slice(0, LONGEST_LINE).join("");
      problems.push(`Line ${number}: no code is in “${said}”.`);
      return;
    }
    const key = found[0].toUpperCase().replaceAll("-", "").replaceAll("I", "1").replaceAll("L", "1").replaceAll("O", "0");
    if (lines.has(key)) {
      problems.push(`Line ${number}: the code of line ${lines.get(key)} again; it counts once.`);
      return;
    }
    try {
      const { data, lost } = read(found[0], catalogue);
      lines.set(key, number);
      if (lost) problems.push(`Line ${number}: ${lost}`);
      states.push(data);
    } catch (problem) {
      if (!(problem instanceof BadInput)) throw problem;
      problems.push(`Line ${number}: ${problem.message}`);
    }
  });
  return { states: states.filter((one) => !states.some((other) => isEarlier(one, other))), problems };
}

/** @typedef {{team: string, called: string} & import("./game_code.js").JudgedYear} Played */

/**
 * Game day's league, level by level the best decisions first, and what could not be used: `read_league` in Python.
 * @param {string} text
 * @param {import("./game_code.js").GameRules | null} game
 * @returns {{league: Played[], problems: string[]}}
 */
export function readLeague(text, game) {
  /** @type {Map<string, Played>} */
  const found = new Map();
  /** @type {string[]} */
  const problems = [];
  text.split(/\r\n|[\n\r]/).forEach((line, i) => {
    const code = game && GAME.exec(line), key = code?.[0].toUpperCase().replaceAll("-", "");
    if (!code || !key || found.has(key)) return;
    try {
      const judged = readJudgedYear(game, code[0]);
      const said = line.slice(0, code.index).trim().replace(/\s+/g, " ").replace(CLOCK, "");
      const team = [...said].slice(0, LONGEST_NAME).join("");
      const place = judged ? game.rooms.indexOf(judged.year) + 1 : 0;
      if (judged) found.set(key, { team: team || `line ${i + 1}`, called: place ? `year ${place}` : `year number ${judged.year}`, ...judged });
      else problems.push(`Line ${i + 1}: ${UNJUDGED}`);
    } catch (problem) {
      if (!(problem instanceof BadInput)) throw problem;
      problems.push(`Line ${i + 1}: ${problem.message}`);
    }
  });
  const levels = game?.levels ?? [];
  const order = (/** @type {Played} */ one, /** @type {Played} */ other) => levels.indexOf(one.level) - levels.indexOf(other.level) || one.expected - other.expected;
  return { league: [...found.values()].sort(order), problems };
}

/** Whether a code of a team of its own holds less than another one of that team, and nothing else. @param {State} one @param {State} other */
function isEarlier(one, other) {
  if (one === other || one.team !== other.team || ["", DEFAULT_TEAM].includes(one.team)) return false;
  const [mine, its] = [entriesOf(one), entriesOf(other)];
  return mine.size < its.size && [...mine].every(([place, entry]) => its.get(place) === entry);
}

/** @param {State} state */
function entriesOf(state) {
  const parts = /** @type {(Part | "before_and_after")[]} */ ([...PARTS, "before_and_after"]);
  return new Map(parts.flatMap((part) => Object.entries(state[part] ?? {}).flatMap(([number, entries]) =>
    Object.entries(entries).map(([name, entry]) => /** @type {[string, string]} */ ([`${part} ${number} ${name}`, JSON.stringify(entry)])))));
}

/**
 * What a room bet, answered and tried, lesson by lesson, of those that anybody has begun.
 * @param {State[]} states
 * @param {Catalogue} catalogue
 * @returns {Counted[]}
 */
export function countRoom(states, catalogue) {
  return Object.entries(catalogue.lessons).sort(([one], [other]) => Number(one) - Number(other)).flatMap(([number, lesson]) => {
    const [tasks, bets, quiz] = PARTS.map((part) => states.map((state) => state[part][number] ?? {}));
    if (![tasks, bets, quiz].some((part) => part.some((entries) => Object.keys(entries).length))) return [];
    const of = (/** @type {Record<string, Entry>[]} */ part, /** @type {string} */ name) => part.map((entries) => entries[name]).filter(Boolean);
    return [{
      number,
      bets: Object.entries(lesson.bets).map(([id, bet]) => ({ id, placed: placed(of(bets, id).map((entry) => entry.bet), bet) })),
      quiz: lesson.quiz.map((id) => {
        const answers = of(quiz, id);
        const chose = lesson.asked[id].options.map((option) => answers.filter((entry) => (entry.chosen ?? []).includes(option)).length);
        return { id, answered: answers.length, right: answers.filter((entry) => entry.right).length, chose };
      }),
      tasks: lesson.tasks.map((name) => {
        const entries = of(tasks, name);
        return {
          name,
          correct: entries.filter((entry) => entry.outcome === "correct").length,
          stuck: entries.filter((entry) => entry.outcome === "try again").length,
          helped: entries.filter((entry) => entry.hints || entry.solution).length,
        };
      }),
    }];
  });
}

/**
 * What half of a room's numbers lie between, as many of them below it as above: `middle_half` in Python.
 * @param {number[]} placed in order
 * @returns {number[] | null} null for fewer than eight
 */
export function middleHalf(placed) {
  const outside = Math.floor((placed.length + 1) / 4);
  return placed.length < LEAST_OF_A_MIDDLE ? null : [placed[outside], placed[placed.length - 1 - outside]];
}

/** @param {unknown[]} values @param {import("./resume_code.js").Bet} bet @returns {number[]} */
function placed(values, bet) {
  if (bet.kind === "choice") return bet.options.map((option) => values.filter((value) => value === option).length);
  return values.map(Number).sort((one, other) => one - other);
}

// A room of learners from their resume codes: faultlab/classroom/learner/room.py without a kernel.

import { BadInput, DEFAULT_TEAM } from "./progress.js";
import { read } from "./resume_code.js";

const CODE = /FT[0-9]-?[0-9A-Z-]{8,}/i;
const GAME = /GD[0-9]-?[0-9A-Z-]{6,}/i; // of a game of lesson 11
const LONGEST_LINE = 40;
/** @type {Part[]} */
const PARTS = ["tasks", "bets", "quiz"];

/** @typedef {import("./progress.js").Part} Part */
/** @typedef {import("./progress.js").Carried} State */
/** @typedef {import("./progress.js").Entry} Entry */
/** @typedef {import("./resume_code.js").Catalogue} Catalogue */
/** @typedef {{number: string, bets: {id: string, placed: number[]}[], quiz: {id: string, answered: number, right: number}[], tasks: {name: string, correct: number, stuck: number, helped: number}[]}} Counted */

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

/** How many games' codes a text has: Python alone can score them. @param {string} text @returns {number} */
export function gamesIn(text) {
  return text.split(/\r\n|[\n\r]/).filter((line) => GAME.test(line)).length;
}

/** Whether a code of a team of its own holds less than another one of that team, and nothing else. @param {State} one @param {State} other */
function isEarlier(one, other) {
  if (one === other || one.team !== other.team || ["", DEFAULT_TEAM].includes(one.team)) return false;
  const [mine, its] = [entriesOf(one), entriesOf(other)];
  return mine.size < its.size && [...mine].every(([place, entry]) => its.get(place) === entry);
}

/** @param {State} state */
function entriesOf(state) {
  return new Map(PARTS.flatMap((part) => Object.entries(state[part]).flatMap(([number, entries]) =>
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
      quiz: lesson.quiz.map((id) => ({ id, answered: of(quiz, id).length, right: of(quiz, id).filter((entry) => entry.right).length })),
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

/** @param {unknown[]} values @param {import("./resume_code.js").Bet} bet @returns {number[]} */
function placed(values, bet) {
  if (bet.kind === "choice") return bet.options.map((option) => values.filter((value) => value === option).length);
  return values.map(Number).sort((one, other) => one - other);
}

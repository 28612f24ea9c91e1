// Progress in a browser's own storage: faultlab/classroom/learner/progress.py, which keeps it in a file.

import { quoted } from "./words.js";

export const DEFAULT_TEAM = "kestrel";
const FORMAT = 1;
const LONGEST_TEAM = 20;
/** @type {Record<string, number>} */
const RANK = { "not started": 0, "try again": 1, correct: 2 };
/** @type {Part[]} */
const PARTS = ["tasks", "bets", "quiz"];

/** @typedef {"tasks" | "bets" | "quiz"} Part */
/** @typedef {Record<string, any>} Entry */
/** @typedef {Record<string, Record<string, Entry>>} Entries by lesson and name */
/** @typedef {{company: Entry, decisions: Record<string, Entry>, monday: Entries, figures: Entries, ranges: Entry, board: Record<string, Entry>}} Own what no code carries, but for a finished game */
/** @typedef {{format: number, team: string, tasks: Entries, bets: Entries, quiz: Entries, before_and_after?: Entries, monday?: Entries}} Carried what a resume code carries */
/** @typedef {Carried & Own} Data */
/** @typedef {Pick<Storage, "getItem" | "setItem">} Place */

/** A sentence for the learner: what was given can't be used. */
export class BadInput extends Error {}

/**
 * Progress of someone who has not begun.
 * @returns {Data}
 */
export function empty() {
  return { format: FORMAT, team: "", tasks: {}, bets: {}, quiz: {}, company: {}, decisions: {}, monday: {}, figures: {}, ranges: {}, board: {}, before_and_after: {} };
}

/** What a learner has done, kept where the browser keeps things, or until the page is closed. */
export class Progress {
  /** @type {Data | null} */
  #memory = null;
  #place;
  #key;

  /** @param {Place | null} place @param {string} [key] */
  constructor(place, key = "faultlab-progress") {
    this.#place = place;
    this.#key = key;
    this.remark = "";
  }

  /** Whether changes outlive the page. */
  get saved() {
    return this.#memory === null;
  }

  /** The team code; "kestrel" where none was chosen. */
  get team() {
    return this.read().team || DEFAULT_TEAM;
  }

  /** @returns {Data} */
  read() {
    if (this.#memory) return structuredClone(this.#memory);
    try {
      if (!this.#place) throw new Error("no storage");
      return this.#sound(this.#place, this.#place.getItem(this.#key));
    } catch {
      return structuredClone(this.#goOnInMemory(empty()));
    }
  }

  /** @param {(data: Data) => void} edit */
  change(edit) {
    const data = this.read();
    edit(data);
    if (!this.#memory) {
      try {
        this.#place?.setItem(this.#key, JSON.stringify(data));
        return;
      } catch { /* a private window, or no room */ }
    }
    this.#goOnInMemory(data);
  }

  /** @param {Place} place @param {string | null} text */
  #sound(place, text) {
    if (text === null) return empty();
    try {
      const data = JSON.parse(text);
      if (isSound(data)) return { ...empty(), ...data };
    } catch { /* not JSON */ }
    place.setItem(`${this.#key}-damaged-${new Date().toISOString()}`, text);
    place.setItem(this.#key, JSON.stringify(empty()));
    this.remark = "Your saved progress couldn't be read. It was set aside, and a new one was begun. If you have a resume code, paste it in to restore your answers.";
    return empty();
  }

  /** @param {Data} data */
  #goOnInMemory(data) {
    this.#memory = data;
    this.remark = "Progress can't be saved in this browser, so it is kept until this page is closed; a resume code keeps it.";
    return data;
  }
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {unknown} part @returns {part is Record<string, Entry>} */
const holdsRecords = (part) => isRecord(part) && Object.values(part).every(isRecord);

/**
 * Whether data has the form that everything here relies on.
 * @param {unknown} data
 * @returns {data is Data}
 */
export function isSound(data) {
  if (!isRecord(data) || data.format !== FORMAT || typeof data.team !== "string") return false;
  const { company = {}, decisions = {}, monday = {}, figures = {}, ranges = {}, board = {}, before_and_after: forms = {} } = data;
  const named = [...PARTS.map((part) => data[part]), monday, figures, forms];
  return isRecord(company) && isRecord(ranges) && holdsRecords(decisions) && holdsRecords(board) && named.every((part) => isRecord(part) && Object.values(part).every(holdsRecords));
}

/**
 * A team code as it is stored: small letters, digits and hyphens, at most 20.
 * @param {string} text
 * @returns {string}
 */
export function teamCode(text) {
  const code = text.trim().toLowerCase().replace(/[\s_]+/g, "-");
  if (/^[a-z0-9-]{1,20}$/.test(code)) return code;
  throw new BadInput(`A team code is 1 to ${LONGEST_TEAM} letters, digits or hyphens, such as red-7, not ${quoted(text)}.`);
}

/** @param {Data} data @param {Part} part @param {string} lesson @param {string} name */
function entryOf(data, part, lesson, name) {
  return ((data[part][lesson] ??= {})[name] ??= {});
}

/**
 * Note the outcome of a check; the best one is kept.
 * @param {Data} data
 * @param {string} lab
 * @param {string} task
 * @param {string} state
 */
export function recordCheck(data, lab, task, state) {
  const entry = entryOf(data, "tasks", lab, task);
  entry.attempts = (entry.attempts ?? 0) + 1;
  if (RANK[state] > (RANK[entry.outcome] ?? 0)) entry.outcome = state;
}

/**
 * Note that a hint was shown.
 * @param {Data} data
 * @param {string} lab
 * @param {string} task
 * @param {number} step
 */
export function recordHint(data, lab, task, step) {
  const entry = entryOf(data, "tasks", lab, task);
  entry.hints = Math.max(entry.hints ?? 0, step);
}

/**
 * Note that the solution was shown.
 * @param {Data} data
 * @param {string} lab
 * @param {string} task
 */
export function recordSolution(data, lab, task) {
  entryOf(data, "tasks", lab, task).solution = true;
}

/**
 * Add another progress to this one, in place; of two records of one thing the better stays.
 * @param {Data} data
 * @param {Carried} other
 */
export function merge(data, other) {
  data.team = other.team || data.team;
  for (const [lab, tasks] of Object.entries(other.tasks)) {
    for (const [name, theirs] of Object.entries(tasks)) {
      const mine = entryOf(data, "tasks", lab, name);
      if ((RANK[theirs.outcome] ?? 0) > (RANK[mine.outcome] ?? 0)) mine.outcome = theirs.outcome;
      for (const count of ["attempts", "hints"]) if ((theirs[count] ?? 0) > (mine[count] ?? 0)) mine[count] = theirs[count];
      if (theirs.solution) mine.solution = true;
    }
  }
  for (const [lesson, bets] of Object.entries(other.bets)) data.bets[lesson] = { ...bets, ...data.bets[lesson] };
  for (const [lesson, answers] of Object.entries(other.quiz)) {
    const mine = (data.quiz[lesson] ??= {});
    for (const [name, theirs] of Object.entries(answers)) if (!mine[name]?.right) mine[name] = theirs;
  }
  const forms = (data.before_and_after ??= {});
  for (const [form, theirs] of Object.entries(other.before_and_after ?? {})) {
    if (!Object.keys(forms[form] ?? {}).length) forms[form] = theirs;
  }
  for (const [lesson, { game: theirs }] of Object.entries(other.monday ?? {})) {
    if (!theirs) continue;
    const mine = ((data.monday[lesson] ??= {}).game ??= {});
    if (!mine.finished) Object.assign(mine, { ...theirs, ...mine }); // what is being played here stays as it is
  }
}

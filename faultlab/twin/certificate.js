// What a certificate says, and the code that changes with every word of it: faultlab/classroom/learner/certificate.py.

import { sha256 } from "./sha256.js";

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const PREFIX = "CT1-";
const COURSE = "Building Fault-Tolerant Software Systems";
const SAYS = "has worked on these parts of the course.";
const MEANS = "This page counts what was answered. It is no examination: nobody watched, and help was allowed.";
const OPEN = "The code changes with every word above, so it shows a slip or an edit. Whoever reads the course's own code can make one.";

/** @typedef {{of: number, correct: number, shown: number}} Tasks */
/** @typedef {{number: string, title: string, state: string, bets: unknown[], quiz: {of: number, answered: number, right: number}, lab: {decisions: Tasks, functions: Tasks}, decision: {choice: string} | null, game: unknown}} Lesson */
/** @typedef {{lessons: Lesson[], gained: string}} Record what My page shows */

const counted = (/** @type {number} */ count, /** @type {string} */ what) => `${count} ${what}${count === 1 ? "" : "s"}`;
const sum = (/** @type {number[]} */ values) => values.reduce((all, value) => all + value, 0);
const isSigned = (/** @type {Lesson} */ { decision }) => Boolean(decision?.choice);

/** @param {Tasks} tasks @param {string} what */
const correct = (tasks, what) => tasks.correct > 0 && `${tasks.correct} of ${counted(tasks.of, `lab ${what}`)} correct${tasks.shown ? `, ${tasks.shown} after the solution` : ""}`;

/**
 * What was done, each part as its name and what: the course in sum, each lesson, the gain.
 * @param {Record} record
 * @returns {[string, string][]}
 */
export function partsDone({ lessons, gained }) {
  const ready = lessons.filter(({ state }) => state === "done").length, signed = lessons.filter(isSigned).length;
  const all = (/** @type {keyof Tasks} */ key) => sum(lessons.map(({ lab }) => lab.decisions[key]));
  const inSum = [
    ready && `${ready} of ${counted(lessons.length, "lesson")} finished`,
    signed && `${counted(signed, "decision")} signed`,
    correct({ of: all("of"), correct: all("correct"), shown: all("shown") }, "decision"),
  ];
  /** @type {[string, (string | number | false | null)[]][]} */
  const found = [["The course", inSum], ...lessons.map((lesson) => {
    const { number, title, bets, quiz, lab, game } = lesson;
    return /** @type {[string, (string | number | false | null)[]]} */ ([`Lesson ${Number(number)}, ${title.split(":")[0]}`, [
      quiz.answered && `${quiz.right} of ${counted(quiz.of, "question")} right`,
      bets.length && counted(bets.length, "bet"),
      isSigned(lesson) && "decision signed",
      correct(lab.decisions, "decision"),
      correct(lab.functions, "function"),
      game ? "a year of the game day played" : null,
    ]]);
  })];
  return [
    ...found.filter(([, done]) => done.some(Boolean)).map(([name, done]) => /** @type {[string, string]} */ ([name, `${done.filter(Boolean).join("; ")}.`])),
    ...(gained ? [/** @type {[string, string]} */ (["Ten decisions before and after", gained])] : []),
  ];
}

/**
 * All that stands on a certificate, in order.
 * @param {string} name
 * @param {string} date in words
 * @param {Record} record
 */
export function certificate(name, date, record) {
  const parts = partsDone(record);
  const words = [COURSE, name, SAYS, ...parts.flat(), date, MEANS, OPEN];
  return { course: COURSE, name, says: SAYS, parts, date, means: MEANS, sealed: OPEN, code: codeOf(words.join(" ")) };
}

/**
 * The code of a text: 50 bits of SHA-256 over its letters and digits, whatever stands between them.
 * @param {string} text
 */
function codeOf(text) {
  const words = text.normalize("NFC").match(/[\p{L}\p{N}]+/gu) ?? [];
  const [high, low] = sha256(PREFIX + words.join(" "));
  const bits = (BigInt(high) << 32n) | BigInt(low);
  const letters = Array.from({ length: 10 }, (_, place) => LETTERS[Number((bits >> BigInt(5 * place)) & 31n)]).join("");
  return `${PREFIX}${letters.slice(0, 5)}-${letters.slice(5)}`;
}

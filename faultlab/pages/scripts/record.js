// What a learner takes away, as plain data: faultlab/classroom/learner/record.py, said again. A test compares both.

import { gainSaid } from "../../twin/before_and_after.js";
import { leaning, missed, score, told, written } from "../../twin/scoring.js";

const LEAST_BETS = 3; // from which a learner's record says something
const CLOSE = 0.1; // a factor of 1.26, or 5 points of a share

const isNumber = (value) => typeof value === "number";
const wordsOf = (value) => String(value ?? "");

/** All that My page shows, from a progress and what the page knows of the course. */
export function courseRecord(data, course) {
  return {
    team: data.team,
    company: companyOf(data),
    bets_said: howYouBet(settledBets(data, course)),
    gained: gainSaid(data.before_and_after, course.catalogue.pairs),
    lessons: course.openings.map((opening) => lessonOf(data, course, opening)),
  };
}

function lessonOf(data, course, opening) {
  const { number } = opening;
  const { quiz, tasks, functions } = course.catalogue.lessons[number];
  const asked = course.everyBet[number] ?? {}, tried = data.tasks[number] ?? {};
  const [placed, answers] = [data.bets[number] ?? {}, data.quiz[number] ?? {}];
  const question = course.decisions[number];
  const lesson = {
    ...opening,
    bets: Object.entries(asked).filter(([id]) => "bet" in (placed[id] ?? {})).map(([id, bet]) => betOf(bet, placed[id])),
    quiz: { of: quiz.length, answered: quiz.filter((id) => id in answers).length, right: quiz.filter((id) => answers[id]?.right).length },
    lab: { decisions: labOf(tasks.filter((name) => !functions.includes(name)), tried), functions: labOf(functions, tried) },
    figures: figuresOf(data, number),
    decision: question ? { question, ...signatureOf(data.decisions[number]) } : null,
    monday: mondayOf(data, course, number),
    board: textsOf(data.board[number], ["company", "said", "date", "file"]),
    game: textsOf(data.monday[number]?.game?.finished, ["said", "code"]),
  };
  return { ...lesson, state: stateOf(lesson) };
}

/** A lesson is done when its decision is signed, or every question at its end has been answered. */
function stateOf({ bets, quiz, decision, monday, board, game }) {
  if (decision?.choice || (quiz.of > 0 && quiz.answered === quiz.of)) return "done";
  return bets.length || quiz.answered || board || game || monday.some(({ name, date }) => name || date) ? "begun" : "";
}

function labOf(tasks, entries) {
  const correct = tasks.map((name) => entries[name]).filter((entry) => entry?.outcome === "correct");
  return { of: tasks.length, correct: correct.length, shown: correct.filter(({ solution }) => solution).length };
}

function betOf({ short, kind, unit }, { bet, truth }) {
  const row = { asks: short, mine: written(kind, bet, unit) };
  if (truth === undefined) return row;
  return {
    ...row,
    answer: written(kind, truth, unit),
    missed: missed(kind, bet, truth, unit),
    right: kind === "choice" ? score(kind, bet, truth) === 1 : null,
    leaning: leaning(kind, bet, truth, unit),
  };
}

/** The learner's company: its name, its users and the worth of an hour as [low, high] or null. */
export function companyOf({ company }) {
  return { name: wordsOf(company.name), users: rangeOf(company.users), worth: rangeOf(company.worth) };
}

function rangeOf(found) {
  const sound = Array.isArray(found) && found.length === 2 && found.every(isNumber);
  return sound && found[0] >= 0 && found[0] <= found[1] && found[1] < Infinity ? found : null;
}

/** What a lesson has counted: hours and what one is worth to Kestrel, or a share of the users. */
export function figuresOf(data, number) {
  const kept = Object.entries(data.figures[number] ?? {});
  const placeOf = ([, { place }]) => wordsOf(place).padStart(4, "0");
  return kept.sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
    .map(([what, entry]) => ({ ...Object.fromEntries(["hours", "kestrel", "share"].filter((key) => isNumber(entry[key])).map((key) => [key, entry[key]])), what }))
    .filter((row) => "share" in row || ("hours" in row && "kestrel" in row));
}

/** What is kept under some keys, as texts; null where nothing is. */
const textsOf = (entry, keys) => (entry ? Object.fromEntries(keys.map((key) => [key, wordsOf(entry[key])])) : null);

/** Choice, name, date and reason of a decision; empty texts before it is signed. */
export function signatureOf(entry = {}) {
  return textsOf(entry, ["choice", "name", "date", "reason"]);
}

/** A lesson's questions for Monday, each with the name and the date that it got. */
export function mondayOf(data, course, number) {
  const named = data.monday[number] ?? {};
  return (course.mondays[number] ?? []).map((question, place) => (
    { question: wordsOf(named[place + 1]?.question) || question, name: wordsOf(named[place + 1]?.name), date: wordsOf(named[place + 1]?.date) }));
}

/** The bets that have met their result, in the order of the course. */
export function settledBets({ bets }, { everyBet }) {
  return Object.keys(bets).sort().flatMap((lesson) => Object.entries(everyBet[lesson] ?? {}).flatMap(([id, { question, kind, unit }]) => {
    const { bet, truth } = bets[lesson][id] ?? {};
    if (bet === undefined || truth === undefined) return [];
    const scored = score(kind, bet, truth);
    return [{
      lesson, bet: question, kind, said: told(kind, bet, truth, unit), score: Number.isFinite(scored) ? scored : null, leaning: leaning(kind, bet, truth, unit),
    }];
  }));
}

/** How the bets went, in a sentence or two. */
export function howYouBet(rows) {
  if (rows.length < LEAST_BETS) {
    const more = LEAST_BETS - rows.length;
    return `After ${more} more bet${more > 1 ? "s" : ""} you see here how you bet.`;
  }
  const leanings = rows.map((row) => row.leaning).filter((one) => one !== null);
  const low = leanings.filter((one) => one < -CLOSE).length;
  const high = leanings.filter((one) => one > CLOSE).length;
  const choices = rows.filter((row) => row.kind === "choice").map((row) => row.score);
  const right = choices.reduce((sum, one) => sum + one, 0);
  return [
    `You have placed ${rows.length} bets.`,
    countedOf("number", { "too low": low, "too high": high, close: leanings.length - low - high }),
    countedOf("choice", { right, wrong: choices.length - right }),
  ].filter(Boolean).join(" ");
}

/** How many of something were what, in a sentence; nothing of what there is none of. */
function countedOf(what, counts) {
  const found = Object.entries(counts).filter(([, count]) => count);
  const total = found.reduce((sum, [, count]) => sum + count, 0);
  if (!total) return "";
  if (found.length > 1) {
    const parts = found.map(([words, count]) => `${count} ${count === 1 ? "was" : "were"} ${words}`);
    return `Of your ${total} ${what}s, ${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}.`;
  }
  const words = found[0][0];
  if (total === 1) return `Your one ${what} was ${words}.`;
  return `${total === 2 ? "Both" : `All ${total}`} of your ${what}s were ${words}.`;
}

export const enough = (rows) => rows.length >= LEAST_BETS;

// How good a prediction was, and in which words: faultlab/classroom/answers/scoring.py without a kernel.

import { fixed, general, plainly } from "./words.js";

/** @typedef {"number" | "probability" | "choice"} Kind */
/** @typedef {number | string} Value */

/**
 * The Brier score of a probability: 0 is perfect, 1 is the worst.
 * @param {number} bet
 * @param {number} truth
 * @returns {number}
 */
export function brier(bet, truth) {
  return Number(fixed((bet - truth) ** 2, 12));
}

/**
 * How far a number is from the truth, as a factor of at least 1.
 * @param {number} bet
 * @param {number} truth
 * @returns {number}
 */
export function closeness(bet, truth) {
  if (bet === truth) return 1;
  if (bet === 0 || truth === 0 || bet < 0 !== truth < 0) return Infinity;
  return bet / truth > 1 ? bet / truth : 1 / (bet / truth);
}

/** @param {Kind} kind @param {Value} bet @param {Value} truth */
function areWords(kind, bet, truth) {
  return kind === "choice" || typeof bet === "string" || typeof truth === "string";
}

/**
 * A bet's score: Brier for a probability, a factor for a number, 1 or 0 for a choice.
 * @param {Kind} kind
 * @param {Value} bet
 * @param {Value} truth
 * @returns {number}
 */
export function score(kind, bet, truth) {
  if (areWords(kind, bet, truth)) return Number(bet === truth);
  return (kind === "probability" ? brier : closeness)(Number(bet), Number(truth));
}

/**
 * A sentence that compares a bet with the truth.
 * @param {Kind} kind
 * @param {Value} bet
 * @param {Value} truth
 * @param {string} [unit]
 * @returns {string}
 */
export function told(kind, bet, truth, unit = "") {
  if (areWords(kind, bet, truth)) return `You bet “${bet}”. ${bet === truth ? "That is the answer." : `It is “${truth}”.`}`;
  return `You bet ${written(kind, bet, unit)}; it is ${written(kind, truth, unit)}. ${missed(kind, bet, truth, unit)}`;
}

/**
 * How far off a bet was, in words.
 * @param {Kind} kind
 * @param {Value} bet
 * @param {Value} truth
 * @param {string} [unit]
 * @returns {string}
 */
export function missed(kind, bet, truth, unit = "") {
  if (areWords(kind, bet, truth)) return bet === truth ? "You knew." : "It was another one.";
  const [mine, its] = [Number(bet), Number(truth)];
  const side = mine > its ? "high" : "low";
  if (kind === "probability" && (its === 0 || its === 1)) {
    return `Brier score ${fixed(brier(mine, its), 3)}: 0 is perfect, 1 the worst.`;
  }
  if (kind === "probability" || unit === "%") {
    const points = Number(general(Math.abs(mine - its) * (unit === "%" ? 1 : 100), 2));
    return points < 1 ? "Spot on." : `${plainly(points)} point${points === 1 ? "" : "s"} too ${side}.`;
  }
  const factor = closeness(mine, its);
  if (factor < 1.05) return "Very close.";
  if (factor < 2) return `${fixed(100 * Math.abs((mine - its) / its), 0)} % too ${side}.`;
  return `Too ${side}${Number.isFinite(factor) ? ` by a factor of ${factorWords(factor)}` : ""}.`;
}

/**
 * How far a bet lies on the low (-1) or the high (1) side; null for a choice.
 * @param {Kind} kind
 * @param {Value} bet
 * @param {Value} truth
 * @param {string} [unit]
 * @returns {number | null}
 */
export function leaning(kind, bet, truth, unit = "") {
  if (areWords(kind, bet, truth)) return null;
  const [mine, its] = [Number(bet), Number(truth)];
  if (kind === "probability" || unit === "%") return Math.max(-1, Math.min(1, (mine - its) / (unit === "%" ? 50 : 0.5)));
  const size = Math.min(1, Math.log10(closeness(mine, its)));
  return mine > its ? size : -size;
}

/**
 * A bet or a truth as it is shown.
 * @param {Kind} kind
 * @param {Value} value
 * @param {string} [unit]
 * @returns {string}
 */
export function written(kind, value, unit = "") {
  if (kind === "choice" || typeof value === "string") return String(value);
  if (kind === "probability") {
    // Three digits, but 99.95 % must not be shown as 100 %.
    return value > 0.99 && value < 1 ? `${general(100 * value, 6)} %` : `${plainly(Number(general(100 * value, 3)))} %`;
  }
  return `${plainly(value)} ${unit}`.trim();
}

/** @param {number} factor as it is spoken of: about 1,900 rather than 1.9e+03 */
function factorWords(factor) {
  return factor < 100 ? general(factor, 3) : `about ${plainly(Number(general(factor, 2)))}`;
}

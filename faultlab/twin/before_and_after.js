// What was gained between ten questions before the course and ten after it: faultlab/classroom/learner/before_and_after.py,
// which says where the gain comes from and who doubts it.

/** @typedef {"before" | "after"} Form */
/** @typedef {{question: string, options: string[], right: number}} Asked */
/** @typedef {{id: string, idea: string, lesson: string, before: Asked, after: Asked}} Pair */
/** @typedef {Partial<Record<Form, Record<string, {chosen?: unknown}>>>} Answers */

/** @type {Form[]} */
export const FORMS = ["before", "after"];
const LEAST = 5;

/**
 * Whether each question of a form was answered right; what was left out was not, and counts as missed.
 * @param {Answers} answers
 * @param {Form} form
 * @param {Pair[]} pairs
 */
export function rightOf(answers, form, pairs) {
  return pairs.map((pair) => answers[form]?.[pair.id]?.chosen === pair[form].options[pair[form].right]);
}

/** Whether somebody has answered something of a form. @param {Answers} answers @param {Form} form */
export const hasAnswered = (answers, form) => Object.keys(answers[form] ?? {}).length > 0;

/** @param {number[]} values */
const sum = (values) => values.reduce((total, value) => total + value, 0);

/**
 * What a room knew before and after, of those who answered both; null where nobody did.
 * @param {Answers[]} several
 * @param {Pair[]} pairs
 * @param {number[]} reaches Student's t by degrees of freedom, from 1
 */
export function gainOfRoom(several, pairs, reaches) {
  const both = several.filter((one) => FORMS.every((form) => hasAnswered(one, form)));
  if (!both.length || !pairs.length) return null;
  const marks = both.map((one) => FORMS.map((form) => rightOf(one, form, pairs)));
  const missed = marks.map((forms) => forms.map((right) => right.filter((one) => !one).length));
  const n = both.length, before = sum(missed.map(([x]) => x)), after = sum(missed.map(([, y]) => y));
  /** @type {(number | null)[]} */
  let [gain, low, high] = [null, null, null];
  if (before) {
    const ratio = after / before;
    gain = 1 - ratio;
    if (n >= LEAST) {
      const spread = Math.sqrt(sum(missed.map(([x, y]) => (y - ratio * x) ** 2)) / (n - 1));
      const reach = (reaches[Math.min(n - 1, reaches.length) - 1] * spread * Math.sqrt(n)) / before;
      [low, high] = [gain - reach, gain + reach];
    }
  }
  const items = pairs.map((pair, place) => {
    const right = marks.map(([one, other]) => [one[place], other[place]]);
    const count = (/** @type {(right: boolean[]) => boolean} */ is) => right.filter(is).length;
    return {
      id: pair.id,
      before: count(([one]) => one),
      after: count(([, other]) => other),
      gained: count(([one, other]) => other && !one),
      lost: count(([one, other]) => one && !other),
      chose: Object.fromEntries(FORMS.map((form) => [form, pair[form].options.map((option) => both.filter((one) => one[form]?.[pair.id]?.chosen === option).length)])),
    };
  });
  return { learners: n, before: pairs.length - before / n, after: pairs.length - after / n, gain, low, high, items };
}

/**
 * What one learner gained, in a sentence or three; empty before both forms are handed in.
 * @param {Answers} answers
 * @param {Pair[]} pairs
 */
export function gainSaid(answers, pairs) {
  if (!pairs.length || !FORMS.every((form) => hasAnswered(answers, form))) return "";
  const of = pairs.length;
  const [before, after] = FORMS.map((form) => rightOf(answers, form, pairs).filter(Boolean).length);
  const open = FORMS.map((form) => pairs.filter(({ id }) => !(id in (answers[form] ?? {}))).length);
  const [left, leftAfter] = open.map((count) => (count ? `, with ${count} left out` : ""));
  const said = [`Before the course ${before} of ${of} were right${left}, and after it ${after}${leftAfter}.`];
  if (open[0] || open[1]) said.push("What is left out counts as missed.");
  if (before === of) said.push(after === of ? "There was nothing left to gain." : "There was nothing to gain, and something to lose.");
  else if (after > before) said.push(`That is ${after - before} more, of ${of - before} that were missed: a gain of ${Math.round((100 * (after - before)) / (of - before))}\u00a0%.`);
  else said.push(after === before ? "The number is the same." : "That is fewer.");
  return said.join(" ");
}

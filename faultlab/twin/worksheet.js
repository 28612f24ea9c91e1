// Where each row of a worksheet stands once its ratings were moved: faultlab/views/lesson_07/free_ratings.py.

/** @typedef {{ratings: number[][], limit: number, letters: string, priorities: Record<string, string>}} Worksheet */
/** @typedef {{by_rpn: number, by_priority: number, rpn: number, priority: string, listed: boolean, ratings: number[], was: string}} Stands */

const ORDER = "HML";

/** @param {number[]} ratings */
const rpn = ([severity, occurrence, detection]) => severity * occurrence * detection;

/** @param {number} count @param {string} what */
const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** The places of rows from 1, the least key first; of equal ones the worksheet's first. @param {number[][]} keys */
function placesBy(keys) {
  const sorted = keys.map((key, i) => [...key, i]).sort((one, other) => one.map((value, i) => value - other[i]).find(Boolean) ?? 0);
  /** @type {number[]} */
  const places = [];
  sorted.forEach((key, place) => { places[/** @type {number} */ (key.at(-1))] = place + 1; });
  return places;
}

/**
 * Where each row stands, in the worksheet's order, and what that means in a sentence.
 * @param {Worksheet} worksheet
 * @param {Record<string, number[]>} moved by a row's place, its ratings from now on
 * @returns {{sentence: string, rows: Stands[]}}
 */
export function standing({ ratings: before, limit, letters, priorities }, moved) {
  const now = before.map((ratings, i) => moved[i] ?? ratings);
  const letterOf = (/** @type {number[]} */ [s, o, d]) => letters[100 * (s - 1) + 10 * (o - 1) + d - 1];
  const byRpn = [before, now].map((all) => placesBy(all.map((one) => [-rpn(one)])));
  const byPriority = [before, now].map((all) => placesBy(all.map((one) => [ORDER.indexOf(letterOf(one)), -one[0], -rpn(one)])));
  const rows = now.map((ratings, i) => {
    const old = before[i], same = ratings.every((value, place) => value === old[place]);
    const [first, last] = [old, ratings].map((one) => priorities[letterOf(one)]);
    const was = same ? "" : `RPN ${rpn(old)}, now ${rpn(ratings)}: place ${byRpn[0][i]}, now ${byRpn[1][i]}. `
      + `Action Priority ${first}, ${first === last ? "as before" : `now ${last}`}: place ${byPriority[0][i]}, now ${byPriority[1][i]}.`;
    return { by_rpn: byRpn[1][i], by_priority: byPriority[1][i], rpn: rpn(ratings), priority: letterOf(ratings), listed: rpn(ratings) >= limit, ratings, was };
  });
  const steps = now.flatMap((ratings, i) => ratings.map((value, place) => Math.abs(value - before[i][place]))).filter(Boolean);
  const [listedBefore, listed] = [before, now].map((all) => all.filter((one) => rpn(one) >= limit).length);
  const [highBefore, high] = [before, now].map((all) => all.filter((one) => letterOf(one) === "H").length);
  const begins = `${listed} of ${now.length} rows ${listed === 1 ? "is" : "are"} on the list`;
  const ends = `${high} ${high === 1 ? "has" : "have"} high priority`;
  if (!steps.length) return { sentence: `${begins}: an RPN of ${limit} or more. ${ends}.`, rows };
  const since = (/** @type {number} */ was, /** @type {number} */ is) => (was === is ? ", as before" : `, instead of ${was}`);
  const points = steps.reduce((sum, one) => sum + one, 0);
  const sentence = `You moved ${counted(steps.length, "rating")}, by ${counted(points, "point")}. ${begins}${since(listedBefore, listed)}. ${ends}${since(highBefore, high)}.`;
  return { sentence, rows };
}

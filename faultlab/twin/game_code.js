// What a finished game's code says of its year: `read_judged_year` of faultlab/cases/game_day/game_code.py.

import { Packed, checkedBody, valueOf } from "./letters.js";
import { BadInput } from "./progress.js";

const UNFINISHED = "This game isn't finished; play it to the end of the year.";

/** @typedef {{prefix: string, letters: number, rules: [number, number], levels: string[], seeds: number, rooms: number[], quarters: number, measures: number, ways: [number, number], judged: Record<string, [number, number]>}} GameRules as `game_for_browser` writes them */
/** @typedef {{level: string, year: number, cost: number, customers: number, minutes: number, expected: number, decided_better: number, unluckier: number}} JudgedYear */

/**
 * What a code says, without playing it; null where it says nothing of how the year was judged.
 * @param {GameRules} game
 * @param {string} code
 * @returns {JudgedYear | null}
 */
export function readJudgedYear(game, code) {
  const body = checkedBody(game.prefix, code, game.letters);
  if (body === null) throw new BadInput(`This is no code of a game: it begins with ${game.prefix}, and is pasted whole.`);
  const left = new Packed(valueOf(body));
  const [rules, manyRules] = game.rules, [mostWays, ways] = game.ways;
  if (left.get(manyRules) !== rules) throw new BadInput("This code is of a game with other prices or chances; play it with that version.");
  const level = game.levels[left.get(game.levels.length)], year = left.get(game.seeds);
  const quarters = Math.min(left.get(game.quarters + 1), game.quarters);
  for (let i = 0; i < quarters; i++) left.get(2 ** game.measures);
  for (let i = left.get(mostWays); i > 0; i--) left.get(ways);
  if (quarters < game.quarters) throw new BadInput(UNFINISHED);
  if (!left.whole) return null;
  const judged = Object.entries(game.judged).map(([name, [step, many]]) => {
    const value = left.get(many);
    return [name, step < 1 ? value / 1000 : value * step];
  });
  return /** @type {JudgedYear} */ ({ level, year, ...Object.fromEntries(judged) });
}

// Pictures that were drawn beforehand, taken out of the form in which pictures.py packed them.

/** The parts of one frame. */
export function frameAt(packed, place) {
  const { skeletons, pool, frames } = packed;
  if (pool) return frames[place].map((runs) => runs.split(",").map((run) => taken(pool, run)).join(""));
  packed.opened ??= packed.parts.map(opened);
  return packed.opened.map(({ shapes, ranks, columns }) => {
    const shape = shapes.length > 1 ? shapes[place] : shapes[0];
    const [first, ...rest] = skeletons[shape];
    return rest.reduce((text, piece, i) => text + columns[shape][i][ranks[place] ?? place] + piece, first);
  });
}

/** What stands in a pool at the places of a run, such as "3" or "3-9". */
function taken(pool, run) {
  const [first, last] = run.split("-");
  return last === undefined ? pool[first] : pool.slice(Number(first), Number(last) + 1).join("");
}

/** A part of all frames: the shape of each, its place among those of its shape, and the numbers by column. */
function opened({ shapes, columns }) {
  const of = shapes.split(",");
  const seen = {};
  const ranks = of.length > 1 ? of.map((shape) => (seen[shape] = (seen[shape] ?? -1) + 1)) : [];
  const split = Object.entries(columns).map(([shape, all]) => [shape, all.map((column) => column.split(","))]);
  return { shapes: of, ranks, columns: Object.fromEntries(split) };
}

/** The picture of an Explorer in a state. The last control turns fastest. */
export function pictureOf(packed, state) {
  const place = packed.controls.reduce((sum, { name, values }) => sum * values.length + values.indexOf(state[name]), 0);
  const [svg, sentence, table] = frameAt(packed, place);
  return { svg, sentence, table };
}

// Pictures that were drawn beforehand, taken out of the form in which pictures.py packed them.

/** The parts of one frame. */
export function frameAt(packed, place) {
  const { skeletons, pool, frames } = packed;
  if (pool) return frames[place].map((places) => places.map((at) => pool[at]).join(""));
  const bits = frames[place].split(",");
  const parts = [];
  for (let at = 0; at < bits.length;) {
    const [first, ...rest] = skeletons[Number(bits[at++])];
    parts.push(rest.reduce((text, piece) => text + bits[at++] + piece, first));
  }
  return parts;
}

/** The picture of an Explorer in a state. The last control turns fastest. */
export function pictureOf(packed, state) {
  const place = packed.controls.reduce((sum, { name, values }) => sum * values.length + values.indexOf(state[name]), 0);
  const [svg, sentence, table] = frameAt(packed, place);
  return { svg, sentence, table };
}

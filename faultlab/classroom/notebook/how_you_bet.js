// The bets of a course on one line: each with a number lies on the low side or on the high side of its answer.

/** The picture of some bets, as SVG; `rows` have a `leaning` from -1 (too low) to 1, and a `title`. */
export function leaningPicture(rows, said, width) {
  const dots = rows.filter((row) => typeof row.leaning === "number");
  if (!dots.length) return "";
  const at = (leaning) => width / 2 + leaning * (width / 2 - 12);
  const plain = (text) => text.replace(/[<&"]/g, "");
  const marks = dots.map((row, i) => `<circle class="you" cx="${at(row.leaning)}" cy="${34 + 14 * (i % 3)}" r="6"><title>${plain(row.title)}</title></circle>`);
  return `<svg class="faultlab-scale" viewBox="0 0 ${width} 84" role="img" aria-label="${plain(said)}">`
    + `<path d="M12 76H${width - 12}M${width / 2} 22V80"/><text x="0" y="14">too low</text>`
    + `<text x="${width / 2}" y="14" text-anchor="middle">right</text><text x="${width}" y="14" text-anchor="end">too high</text>${marks.join("")}</svg>`;
}

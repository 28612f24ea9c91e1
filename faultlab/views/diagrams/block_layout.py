"""Where everything in a block diagram stands.

From left to right; series that are too long for the width go on in the next row, as a text does. Every
arrangement is measured first, from the inside out, and drawn afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from faultlab.analysis.systems import Block, Parallel, Series, still_works

SIZE = 14
LINE = 17
EM = 0.58
"""The mean width of a letter, in its size; rather wide, since fonts differ between machines."""

PAD = 7
GAP = 13
RAIL = 12
BRANCH_GAP = 12
TALL = 90
TALL_GAP = 30
"""Branches of several rows need more room between them, or their rows seem to be one."""

ROW_GAP = 30
BADGE = 20
MOST_LETTERS = 14
LEAST_LETTERS = 6
MOST_LINES = 3
"""What is longer than so many lines of the usual length stands in a wider block."""


@dataclass(frozen=True)
class Style:
    """What is shown besides the structure.

    Parameters
    ----------
    path, cut : frozenset of str
        Blocks that work, or that fail, to be marked.
    shares : dict
        By block, a share from 0 to 1, drawn as a bar with its percentage.
    badges : dict
        By block, the letter of a block that stands in several places.
    sets : dict
        By block, the control that a press on it sets, and to what.
    """

    path: frozenset[str]
    cut: frozenset[str]
    shares: dict[str, float]
    badges: dict[str, str]
    working: frozenset[str]
    sets: dict[str, str]

    def line(self, part: Block | Series | Parallel) -> str:
        """How the lines of a part are drawn: "plain", "works" or "broken"."""
        if self.path:
            return "works" if still_works(part, self.working) else "plain"
        if self.cut:
            return "plain" if still_works(part, self.working) else "broken"
        return "plain"


@dataclass
class Box:
    """The room that a part takes: width, height, and how far down its line comes in and goes out."""

    part: Block | Series | Parallel
    width: float
    height: float
    enter: float
    leave: float
    inside: list[tuple[float, Box]] | list[tuple[float, list[Box]]]
    lines: tuple[str, ...] = ()


def measure(part: Block | Series | Parallel, width: float, style: Style) -> Box:
    """Return the Box of a part that would like to be no wider than `width`."""
    if isinstance(part, Block):
        return _measure_block(part, width, style)
    if isinstance(part, Parallel):
        return _measure_parallel(part, width, style)
    return _measure_series(part, width, style)


def text_width(words: str, size: float = SIZE) -> float:
    """About how wide words are drawn, in pixels."""
    return len(words) * size * EM


def wrapped(words: str, letters: int) -> tuple[str, ...]:
    """Words in as few lines as they need, of about one length and at most so many letters.

    >>> wrapped("order database 1", 14)
    ('order', 'database 1')
    """
    lines = _filled(words, letters)
    longest = max(map(len, words.split()), default=0)
    while letters > max(LEAST_LETTERS, longest) and len(_filled(words, letters - 1)) == len(lines):
        letters -= 1
        lines = _filled(words, letters)
    return lines


def _filled(words, letters):
    lines = [""]
    for word in words.split():
        while len(word) > letters:
            lines.append(word[:letters])
            word = word[letters:]
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= letters:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(line for line in lines if line) or ("",)


def _measure_block(block, width, style):
    room = width - 2 * PAD - (BADGE if block.name in style.badges else 0)
    most = max(MOST_LETTERS, ceil(len(block.words) / MOST_LINES))
    letters = max(LEAST_LETTERS, min(most, int(room / (SIZE * EM))))
    lines = wrapped(block.words, letters)
    wide = max(text_width(line) for line in lines)
    if block.name in style.shares:
        wide = max(wide, text_width("100 %"))
    wide += 2 * PAD + (BADGE if block.name in style.badges else 0)
    high = LINE * len(lines) + 12 + (LINE + 6 if block.name in style.shares else 0)
    return Box(block, wide, high, high / 2, high / 2, [], lines)


def _measure_parallel(part, width, style):
    mark = vote_width(part)
    inside = [measure(one, width - 2 * RAIL - mark, style) for one in part.parts]
    wide = max(box.width for box in inside) + 2 * RAIL + mark
    gap = TALL_GAP if max(box.height for box in inside) > TALL else BRANCH_GAP
    tops, top = [], 0.0
    for box in inside:
        tops.append(top)
        top += box.height + gap
    enters = [y + box.enter for y, box in zip(tops, inside, strict=True)]
    leaves = [y + box.leave for y, box in zip(tops, inside, strict=True)]
    middle = ((enters[0] + enters[-1]) / 2, (leaves[0] + leaves[-1]) / 2)
    return Box(part, wide, top - gap, *middle, list(zip(tops, inside, strict=True)))


def vote_width(part: Parallel) -> float:
    """How wide that mark is; 0 where one of all is enough."""
    return text_width(vote(part), 13) + 12 if part.needed > 1 else 0


def vote(part: Parallel) -> str:
    """What the mark of k of n says."""
    return f"{part.needed} of {len(part.parts)}"


def _measure_series(part, width, style):
    boxes = [measure(one, width, style) for one in part.parts]
    if sum(box.width + GAP for box in boxes) - GAP > width:
        boxes = [measure(one, width - 2 * RAIL, style) for one in part.parts]
    rows: list[list[Box]] = [[]]
    room = width if sum(box.width + GAP for box in boxes) - GAP <= width else width - 2 * RAIL
    for box in boxes:
        if rows[-1] and _row_width([*rows[-1], box]) > room:
            rows.append([])
        rows[-1].append(box)
    wide = max(map(_row_width, rows)) + (2 * RAIL if len(rows) > 1 else 0)
    placed, top = [], 0.0
    for row in rows:
        line = line_of(row)
        placed.append((top + line, row))
        top += line + max(box.height - _from_top(row, i) for i, box in enumerate(row)) + ROW_GAP
    return Box(part, wide, top - ROW_GAP, placed[0][0], _leaving(*placed[-1]), placed)


def _row_width(row):
    return sum(box.width for box in row) + GAP * (len(row) - 1)


def _from_top(row, place):
    """How far below its own top a box meets the line on which its row begins."""
    return row[place].enter - sum(box.leave - box.enter for box in row[:place])


def line_of(row: Sequence[Box]) -> float:
    """How far below the top of a row its line begins."""
    return max(_from_top(row, i) for i in range(len(row)))


def _leaving(line, row):
    return line + sum(box.leave - box.enter for box in row)

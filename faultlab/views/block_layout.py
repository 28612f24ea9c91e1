"""Where everything in a block diagram stands, and how it is drawn.

From left to right; series that are too long for the width go on in the next row, as a text does. Every
arrangement is measured first, from the inside out, and drawn afterwards. What a line says, it says by
its form too: thick where a path works, dashed where a cut breaks it.
"""

from dataclasses import dataclass

from faultlab.views.blocks import Block, Parallel, still_works
from faultlab.views.chart import text
from faultlab.views.palette import (
    BLUE,
    BLUE_TINT,
    GREEN,
    GREEN_TINT,
    GREY_TINT,
    INK,
    ORANGE,
    PAGE,
    QUIET,
    RED,
    RED_TINT,
)

SIZE = 14
LINE = 17
EM = 0.58
"""The mean width of a letter, in its size; rather wide, since fonts differ between machines."""

PAD = 9
GAP = 16
RAIL = 14
BRANCH_GAP = 12
ROW_GAP = 34
BADGE = 20
MOST_LETTERS = 14
LEAST_LETTERS = 6


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
    """

    path: frozenset
    cut: frozenset
    shares: dict
    badges: dict
    working: frozenset

    def line(self, part):
        """How the lines of a part are drawn: "plain", "works" or "broken"."""
        if self.path:
            return "works" if still_works(part, self.working) else "plain"
        if self.cut:
            return "plain" if still_works(part, self.working) else "broken"
        return "plain"


@dataclass
class Box:
    """The room that a part takes: width, height, and how far down its line comes in and goes out."""

    part: object
    width: float
    height: float
    enter: float
    leave: float
    inside: list
    lines: tuple = ()


def measure(part, width, style):
    """Return the Box of a part that would like to be no wider than `width`."""
    if isinstance(part, Block):
        return _measure_block(part, width, style)
    if isinstance(part, Parallel):
        return _measure_parallel(part, width, style)
    return _measure_series(part, width, style)


def text_width(words, size=SIZE):
    """About how wide words are drawn, in pixels."""
    return len(words) * size * EM


def wrapped(words, letters):
    """Words in as few lines as they need, of about one length and at most so many letters.

    >>> wrapped("order database 1", 14)
    ('order', 'database 1')
    """
    lines = _filled(words, letters)
    while letters > LEAST_LETTERS and len(_filled(words, letters - 1)) == len(lines):
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
    letters = max(LEAST_LETTERS, min(MOST_LETTERS, int(room / (SIZE * EM))))
    lines = wrapped(block.words, letters)
    wide = max(text_width(line) for line in lines)
    if block.name in style.shares:
        wide = max(wide, text_width("100 %"))
    wide += 2 * PAD + (BADGE if block.name in style.badges else 0)
    high = LINE * len(lines) + 12 + (LINE + 6 if block.name in style.shares else 0)
    return Box(block, wide, high, high / 2, high / 2, [], lines)


def _measure_parallel(part, width, style):
    vote = _vote_width(part)
    inside = [measure(one, width - 2 * RAIL - vote, style) for one in part.parts]
    wide = max(box.width for box in inside) + 2 * RAIL + vote
    tops, top = [], 0
    for box in inside:
        tops.append(top)
        top += box.height + BRANCH_GAP
    enters = [y + box.enter for y, box in zip(tops, inside, strict=True)]
    leaves = [y + box.leave for y, box in zip(tops, inside, strict=True)]
    middle = ((enters[0] + enters[-1]) / 2, (leaves[0] + leaves[-1]) / 2)
    return Box(part, wide, top - BRANCH_GAP, *middle, list(zip(tops, inside, strict=True)))


def _vote_width(part):
    return text_width(_vote(part), 13) + 12 if part.needed > 1 else 0


def _vote(part):
    return f"{part.needed} of {len(part.parts)}"


def _measure_series(part, width, style):
    boxes = [measure(one, width, style) for one in part.parts]
    if sum(box.width + GAP for box in boxes) - GAP > width:
        boxes = [measure(one, width - 2 * RAIL, style) for one in part.parts]
    rows = [[]]
    room = width if sum(box.width + GAP for box in boxes) - GAP <= width else width - 2 * RAIL
    for box in boxes:
        if rows[-1] and _row_width([*rows[-1], box]) > room:
            rows.append([])
        rows[-1].append(box)
    wide = max(map(_row_width, rows)) + (2 * RAIL if len(rows) > 1 else 0)
    placed, top = [], 0
    for row in rows:
        line = _line_of(row)
        placed.append((top + line, row))
        top += line + max(box.height - _from_top(row, i) for i, box in enumerate(row)) + ROW_GAP
    return Box(part, wide, top - ROW_GAP, placed[0][0], _leaving(*placed[-1]), placed)


def _row_width(row):
    return sum(box.width for box in row) + GAP * (len(row) - 1)


def _from_top(row, place):
    """How far below its own top a box meets the line on which its row begins."""
    return row[place].enter - sum(box.leave - box.enter for box in row[:place])


def _line_of(row):
    return max(_from_top(row, i) for i in range(len(row)))


def _leaving(line, row):
    return line + sum(box.leave - box.enter for box in row)


def draw(box, x, y, style):
    """Return the SVG marks of a Box whose upper left corner is at (x, y)."""
    if isinstance(box.part, Block):
        return _draw_block(box, x, y, style)
    if isinstance(box.part, Parallel):
        return _draw_parallel(box, x, y, style)
    return _draw_series(box, x, y, style)


def wire(points, kind="plain"):
    """A line through points."""
    colour, wide, dash = {
        "plain": (QUIET, 1.8, ""),
        "works": (GREEN, 4, ""),
        "broken": (RED, 2.2, "2 5"),
    }[kind]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='{wide}' "
        f"stroke-dasharray='{dash}' stroke-linejoin='round'/>"
    )


def _draw_series(box, x, y, style):
    kind = style.line(box.part)
    marks, several = [], len(box.inside) > 1
    at, line = x, y + box.enter
    for number, (place, row) in enumerate(box.inside):
        start = x + (RAIL if several else 0)
        if number:
            between = y + place - _line_of(row) - ROW_GAP / 2
            end = x + box.width
            marks.append(
                wire(
                    [
                        (at, line),
                        (end, line),
                        (end, between),
                        (x, between),
                        (x, y + place),
                        (start, y + place),
                    ],
                    kind,
                )
            )
        elif several:
            marks.append(wire([(x, line), (start, line)], kind))
        at, line = start, y + place
        for i, one in enumerate(row):
            if i:
                marks.append(wire([(at, line), (at + GAP, line)], kind))
                at += GAP
            marks += draw(one, at, line - one.enter, style)
            at, line = at + one.width, line - one.enter + one.leave
    if at < x + box.width - 0.1:
        marks.append(wire([(at, line), (x + box.width, line)], kind))
    return marks


def _draw_parallel(box, x, y, style):
    vote = _vote_width(box.part)
    left, right = x, x + box.width - vote
    room = right - left - 2 * RAIL
    plain, strong = [], []
    for top, one in box.inside:
        kind = style.line(one.part)
        if kind == "works" and style.line(box.part) != "works":
            kind = "plain"
        start = left + RAIL + (room - one.width) / 2
        enter, leave = y + top + one.enter, y + top + one.leave
        lines = [
            wire([(left, y + box.enter), (left, enter), (start, enter)], kind),
            wire([(start + one.width, leave), (right, leave), (right, y + box.leave)], kind),
        ]
        (plain if kind == "plain" else strong).extend(lines)
        strong += draw(one, start, y + top, style)
    marks = plain + strong
    if vote:
        line = y + box.leave
        marks.append(
            f"<rect x='{right:.1f}' y='{line - 13:.1f}' width='{vote:.1f}' height='26' rx='13' "
            f"fill='{PAGE}' stroke='{INK}' stroke-width='1.6'/>"
        )
        marks.append(text(right + vote / 2, line + 5, _vote(box.part), 13, INK, "middle", "600"))
    return marks


def _draw_block(box, x, y, style):
    name = box.part.name
    badge = style.badges.get(name)
    outline, fill, wide, colour = INK, PAGE, 1.6, INK
    if name in style.cut:
        outline, fill, wide = RED, RED_TINT, 3
    elif name in style.path:
        outline, fill, wide = GREEN, GREEN_TINT, 3
    elif style.path:
        outline, fill, colour = QUIET, GREY_TINT, QUIET
    marks = [
        f"<rect class='block' x='{x:.1f}' y='{y:.1f}' width='{box.width:.1f}' height='{box.height:.1f}' "
        f"rx='3' fill='{fill}' stroke='{outline}' stroke-width='{wide}' "
        f"stroke-dasharray='{'7 4' if badge else ''}'/>"
    ]
    left = x + (BADGE if badge else 0)
    middle = (left + x + box.width) / 2
    for i, words in enumerate(box.lines):
        marks.append(text(middle, y + 19 + i * LINE, words, SIZE, colour, "middle"))
    if badge:
        marks.append(
            f"<rect x='{x + 4:.1f}' y='{y + 4:.1f}' width='{BADGE - 2}' height='19' rx='3' fill='{BLUE}'/>"
        )
        marks.append(text(x + 3 + BADGE / 2, y + 18.5, badge, 14, PAGE, "middle", "700"))
    if name in style.shares:
        marks += _draw_share(style.shares[name], x, y + 12 + LINE * len(box.lines), box.width)
    if name in style.cut:
        marks.append(_cross(x + box.width - 2, y + 2))
    return marks


def _draw_share(share, x, y, width):
    """A bar as long as the share, with its percentage over it."""
    room = width - 2 * PAD
    return [
        f"<rect x='{x + PAD:.1f}' y='{y + LINE - 3:.1f}' width='{room:.1f}' height='5' fill='{BLUE_TINT}'/>",
        f"<rect x='{x + PAD:.1f}' y='{y + LINE - 3:.1f}' width='{max(room * min(share, 1), 0.5):.1f}' "
        f"height='5' fill='{ORANGE}'/>",
        text(x + width / 2, y + 10, f"{share:.0%}".replace("%", " %"), 13, ORANGE, "middle", "600"),
    ]


def _cross(x, y):
    return (
        f"<circle cx='{x:.1f}' cy='{y:.1f}' r='9' fill='{RED}' stroke='{PAGE}' stroke-width='1.5'/>"
        f"<path d='M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8' stroke='{PAGE}' stroke-width='2.4' fill='none'/>"
    )

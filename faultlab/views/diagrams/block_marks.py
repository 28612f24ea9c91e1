"""The marks of a block diagram whose parts have been measured.

What a line says, it says by its form too: thick where a path works, dashed where a cut breaks it.
"""

from __future__ import annotations

from collections.abc import Iterable

from faultlab.analysis.systems import Block, Parallel
from faultlab.views.diagrams.block_layout import (
    BADGE,
    GAP,
    LINE,
    PAD,
    RAIL,
    ROW_GAP,
    SIZE,
    Box,
    Style,
    line_of,
    vote,
    vote_width,
)
from faultlab.views.kit.chart import pressed, text
from faultlab.views.kit.palette import (
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


def draw(box: Box, x: float, y: float, style: Style) -> list[str]:
    """Return the SVG marks of a Box whose upper left corner is at (x, y)."""
    if isinstance(box.part, Block):
        return _draw_block(box, x, y, style)
    if isinstance(box.part, Parallel):
        return _draw_parallel(box, x, y, style)
    return _draw_series(box, x, y, style)


def wire(points: Iterable[tuple[float, float]], kind: str = "plain") -> str:
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
            between = y + place - line_of(row) - ROW_GAP / 2
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
    mark = vote_width(box.part)
    left, right = x, x + box.width - mark
    room = right - left - 2 * RAIL
    plain: list[str] = []
    strong: list[str] = []
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
    if mark:
        line = y + box.leave
        marks.append(
            f"<rect x='{right:.1f}' y='{line - 13:.1f}' width='{mark:.1f}' height='26' rx='13' "
            f"fill='{PAGE}' stroke='{INK}' stroke-width='1.6'/>"
        )
        marks.append(text(right + mark / 2, line + 5, vote(box.part), 13, INK, "middle", "600"))
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
    return pressed(marks, style.sets.get(name))


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

"""The marks of a drawn fault tree: from the top down, or line by line with indents."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from faultlab.views.diagrams.drawn_gates import DRAWN
from faultlab.views.diagrams.gate_shapes import RADIUS, symbol, wire
from faultlab.views.diagrams.tree_layout import everyone, tidy
from faultlab.views.diagrams.tree_words import kind_in_words
from faultlab.views.kit.chart import WIDTH, pressed
from faultlab.views.kit.lettering import width_of, wrapped
from faultlab.views.kit.palette import GREEN, INK, QUIET

if TYPE_CHECKING:
    from faultlab.views.diagrams.tree_nodes import Node


INDENT = 27


@dataclass(frozen=True)
class Letters:
    """The size of letters, the distance of lines, and the room for a label from the top down."""

    size: int
    line: int
    slot: int


# Large where there is room, since a page shrinks to two thirds on a phone.
LARGE, SMALL = Letters(15, 19, 150), Letters(13, 17, 110)


@dataclass(frozen=True)
class Style:
    """What is written beside the symbols."""

    labels: dict[str, str]
    assumed: frozenset[str]
    barrier: str
    sets: dict[str, str]

    def words(self, node: Node) -> tuple[str, str]:
        """The node's label, and what is said behind it in quiet letters."""
        said = []
        if node.kind in DRAWN:
            said.append(kind_in_words(node))
        if node.kind == "again":
            said.append("drawn above")
        if node.kind == "house":
            said.append("given")
        if node.kind == "event" and node.later:
            said.append("the same event")
        if node.name in self.assumed:
            said.append("assumed")
        if self.barrier and node.name == self.barrier:
            said.append("barrier")
        return self.labels.get(node.name, node.name), ", ".join(said)


def from_the_top(top: Node, style: Style) -> tuple[list[str], int, int, bool]:
    """Marks, height and width of a tree from the top down, and whether it fits the page without broken words.

    The letters are the largest that fit. Where none fit it is wider than the page, in small letters.
    """
    for letters in (LARGE, SMALL):
        placed = _placed(top, letters.slot - 6)
        breadth = _breadth(placed, letters.slot)
        fits = breadth <= WIDTH and not _breaks_words(placed, style, letters)
        if fits:
            break
    width = max(breadth, WIDTH)
    return *_downwards(placed, width, style, letters), round(width), fits


def _placed(top, room):
    return tidy(top, lambda node: node.below, lambda node: room, gap=6)


def _breaks_words(placed, style, letters):
    words = [word for one in everyone(placed) for part in style.words(one.item) for word in part.split()]
    return any(width_of(word, letters.size, bold=True) > letters.slot - 8 for word in words)


def _breadth(placed, slot):
    places = [one.x for one in everyone(placed)]
    return max(places) - min(places) + slot


def _downwards(placed, width, style, letters):
    """Label over each gate and under each event; a level is as high as its longest label."""
    nodes = everyone(placed)
    # The tree stands in the middle of the page, whichever side of the top is the wider one.
    middle = (max(one.x for one in nodes) + min(one.x for one in nodes)) / 2
    shift = width / 2 - middle
    lines = {id(one): _label(one.item, style, letters.slot - 8, letters.size) for one in nodes}
    levels = max(one.level for one in nodes) + 1
    above, below = [0] * levels, [0] * levels
    for one in nodes:
        room = above if one.below else below
        room[one.level] = max(room[one.level], len(lines[id(one)]))
    tops, y = [], 10.0
    for level in range(levels):
        tops.append(y + above[level] * letters.line + RADIUS + 4)
        y = tops[-1] + RADIUS + 4 + below[level] * letters.line + 26
    parts = []
    for one in nodes:
        x, middle = one.x + shift, tops[one.level]
        for child in one.below:
            foot = tops[child.level] - RADIUS - above[child.level] * letters.line - 10
            end = (
                tops[child.level] - RADIUS - (len(lines[id(child)]) * letters.line + 6 if child.below else 0)
            )
            cx = child.x + shift
            path = [(x, middle), (x, foot), (cx, foot), (cx, end)]
            parts.append(wire(path, one.item.lit and child.item.lit))
            if style.barrier and child.item.name == style.barrier:
                parts.append(_bar(cx, (foot + end) / 2 + 2, upright=True))
    for one in nodes:
        x, middle = one.x + shift, tops[one.level]
        marks = [symbol(one.item, x, middle, one.item.name in style.assumed)]
        written = lines[id(one)]
        first = middle - RADIUS - 4 - (len(written) - 1) * letters.line if one.below else middle + RADIUS + 17
        marks += [
            _line(x, first + i * letters.line, pieces, letters.size, "middle")
            for i, pieces in enumerate(written)
        ]
        parts += pressed(marks, style.sets.get(one.item.name))
    return parts, round(y - 10)


def by_lines(top: Node, style: Style) -> tuple[list[str], int]:
    """A symbol and its label a row, as far in as it is deep.

    Of three and more gates side by side that differ in the names of their events alone, all but the first
    take one row each.
    """
    deep = _depth(top)
    indent = min(INDENT, (WIDTH * 0.45) / max(deep, 1))
    parts: list[str] = []
    thick: list[str] = []
    marks, y = [], 8.0
    at = {}
    waiting: list[tuple[Node, int, Node | None, bool]] = [(top, 0, None, False)]
    while waiting:
        node, level, parent, brief = waiting.pop()
        x = RADIUS + 6 + level * indent
        written = _label(node, style, WIDTH - x - RADIUS - 14, LARGE.size, brief)
        height = max(2 * RADIUS + 8, len(written) * LARGE.line + 8)
        middle = y + height / 2
        at[id(node)] = (x, middle)
        if parent is not None:
            px, py = at[id(parent)]
            lit = node.lit and parent.lit
            (thick if lit else parts).append(wire([(px, py), (px, middle), (x - RADIUS, middle)], lit))
            if style.barrier and node.name == style.barrier:
                marks.append(_bar((px + x - RADIUS) / 2 - 1, middle, upright=False))
        own = [symbol(node, x, middle, node.name in style.assumed)]
        first = middle - len(written) * LARGE.line / 2 + 15
        own += [
            _line(x + RADIUS + 9, first + i * LARGE.line, pieces, LARGE.size)
            for i, pieces in enumerate(written)
        ]
        marks += pressed(own, style.sets.get(node.name))
        y += height
        below = () if brief else node.below
        known = [_shape(child) for child in below]
        waiting.extend(
            (child, level + 1, node, known.count(known[i]) > 2 and known[i] in known[:i] and known[i] != ())
            for i, child in reversed(list(enumerate(below)))
        )
    return [*parts, *thick, *marks], round(y + 6)


def _bar(x, y, upright):
    """A barrier across a wire: two short strokes, green."""
    ends = [(-9, -3, 9, -3), (-9, 3, 9, 3)] if upright else [(-3, -10, -3, 10), (3, -10, 3, 10)]
    return "".join(
        f"<line x1='{x + a:.1f}' y1='{y + b:.1f}' x2='{x + c:.1f}' y2='{y + d:.1f}' stroke='{GREEN}' "
        "stroke-width='3.5'/>"
        for a, b, c, d in ends
    )


def _shape(node):
    """What a gate over events is like, whatever its own events are called; nothing for any other node."""
    if not node.below or any(child.kind != "event" for child in node.below):
        return ()
    inner = tuple((child.name if child.repeated else "", child.lit) for child in node.below)
    return node.kind, node.k, node.lit, inner


def _label(node, style, width, size, brief=False):
    """Lines of pieces (words, bold, colour) for a node, none wider than the width."""
    words, quiet = style.words(node)
    if brief:
        quiet = f"as above: {', '.join(str(child.number) for child in node.below)}"
    bold = node.kind in DRAWN or node.lit
    lines = [[(line, bold, INK)] for line in wrapped(words, width, size, bold) if line]
    if not quiet:
        return lines
    quiet = f"({quiet})"
    last = lines[-1][0][0] if lines else ""
    if lines and width_of(f"{last} ", size, bold) + width_of(quiet, size) <= width:
        lines[-1].append((f" {quiet}", False, QUIET))
        return lines
    return lines + [[(line, False, QUIET)] for line in wrapped(quiet, width, size)]


def _line(x, y, pieces, size, anchor="start"):
    """One line of text whose pieces differ in weight and colour."""
    spans = "".join(
        f"<tspan fill='{colour}' font-weight='{'600' if bold else 'normal'}'>{escape(words)}</tspan>"
        for words, bold, colour in pieces
    )
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' text-anchor='{anchor}' xml:space='preserve'>"
        f"{spans}</text>"
    )


def _depth(top):
    deepest, waiting = 0, [(top, 0)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((child, level + 1) for child in node.below)
    return deepest

"""The symbols of fault trees, as in IEC 61025 and the Fault Tree Handbook (NUREG-0492), as SVG.

AND is a dome with a flat foot, OR a shield with a hollow foot, k of n a shield with its numbers, a basic
event a circle with its number, a house event a house, and a gate that is drawn elsewhere a triangle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from faultlab.views.diagrams.drawn_gates import DRAWN, path
from faultlab.views.kit.chart import text
from faultlab.views.kit.palette import BLUE, BLUE_TINT, GREY_TINT, INK, PAGE, QUIET, RED, RED_TINT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from faultlab.views.diagrams.tree_nodes import Node

RADIUS = 13
"""Half the width and height of a symbol."""


def symbol(node: Node, x: float, y: float, dashed: bool = False) -> str:
    """Return the SVG of a node's symbol with its centre at (x, y).

    Parameters
    ----------
    node : Node
    x, y : float
    dashed : bool
        Whether no report tells of it.
    """
    x, y = round(x, 1), round(y, 1)
    line, wide, fill = (RED, 3, RED_TINT) if node.lit else (BLUE, 1.8, BLUE_TINT)
    if node.kind in ("event", "house", "again") and not node.lit:
        line, fill = INK, GREY_TINT if node.kind == "house" else PAGE
    style = f"fill='{fill}' stroke='{line}' stroke-width='{wide}' stroke-linejoin='round'"
    if dashed:
        style += " stroke-dasharray='4 3'"
    if node.kind == "event":
        return _event(node, x, y, style, line)
    r = RADIUS
    if node.kind == "house":
        outline = path((x - r, y + r), (x - r, y - 2), (x, y - r), (x + r, y - 2), (x + r, y + r))
    elif node.kind == "again":
        outline = path((x, y - r), (x + r, y + r - 2), (x - r, y + r - 2))
    else:
        outline = DRAWN[node.kind].outline(x, y, r)
    marks = f"<path d='{outline}' {style}/>"
    if node.kind == "xor":
        marks += (
            f"<path d='M{x - r:.1f},{y + r + 4:.1f} Q{x:.1f},{y + r - 4:.1f} {x + r:.1f},{y + r + 4:.1f}' "
            f"{style}/>"
        )
    if node.kind in DRAWN and (sign := DRAWN[node.kind].sign):
        marks += text(x, y + 6, sign.format(k=node.k, n=len(node.below)), 13, INK, "middle", "600")
    return marks


def _event(node, x, y, style, line):
    ring = f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{RADIUS + 3}' fill='none' stroke='{line}'/>"
    return (
        (ring if node.repeated else "")
        + f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{RADIUS - 0.5}' {style}/>"
        + text(x, y + 5, node.number, 13, INK, "middle", "600")
    )


def wire(points: Iterable[tuple[float, float]], lit: bool = False) -> str:
    """A line from a gate to what stands under it."""
    through = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    colour, wide = (RED, 3) if lit else (QUIET, 1.4)
    return f"<polyline points='{through}' fill='none' stroke='{colour}' stroke-width='{wide}'/>"

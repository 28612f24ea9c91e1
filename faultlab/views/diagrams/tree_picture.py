"""A fault tree as a picture: from the top down where it fits, line by line with indents where it doesn't."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from faultlab.analysis.fault_trees import minimal_cut_sets, solve
from faultlab.errors import BadInput
from faultlab.views.diagrams.tree_marks import Style, by_lines, from_the_top
from faultlab.views.diagrams.tree_nodes import nodes_of
from faultlab.views.diagrams.tree_words import in_words
from faultlab.views.kit.chart import WIDTH, document
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import count

if TYPE_CHECKING:
    from faultlab.analysis.fault_trees.fault_tree import FaultTree


def fault_tree(
    tree: FaultTree,
    highlight: Collection[str] = (),
    sentence: str = "",
    labels: dict[str, str] | None = None,
    assumed: Collection[str] = (),
    barrier: str = "",
    layout: str = "auto",
) -> Picture:
    """Draw a fault tree.

    Parameters
    ----------
    tree : FaultTree
    highlight : collection of str
        Events of a cut set: they and every gate that they set off are drawn thick. Gates may be named too.
    sentence : str
        What to see; by default how many minimal cut sets there are.
    labels : dict, optional
        From names to the words to show.
    assumed : collection of str
        Events and gates that no report tells: drawn with a dashed outline.
    barrier : str
        An event or gate before which a barrier is drawn.
    layout : str
        "down", "lines", or "auto": from the top down where the tree fits the page's width.

    Returns
    -------
    Picture

    Raises
    ------
    BadInput
        If a name is not in the tree, or the drawing would have more than 250 symbols.

    Examples
    --------
    >>> from faultlab.analysis.engine import AND, OR
    >>> from faultlab.analysis.fault_trees import FaultTree
    >>> tree = FaultTree("dark", {"dark": OR("grid", AND("fuse", "lamp"))}, dict.fromkeys(
    ...     ("grid", "fuse", "lamp"), 0.1))
    >>> fault_tree(tree).sentence
    '“dark” has 2 minimal cut sets; the smallest has 1 event.'
    """
    labels = labels or {}
    drawn = drawing(tree, highlight, labels, assumed, barrier, layout)
    svg = document(drawn.parts, drawn.height, drawn.alt, drawn.width)
    return Picture(svg, drawn.alt, sentence or _cut_set_sentence(tree, labels), drawn.rows)


@dataclass(frozen=True)
class Drawing:
    """The marks of a fault tree, for a picture that shows more than the tree."""

    parts: list[str]
    height: int
    width: int
    alt: str
    rows: tuple[dict, ...]


def drawing(
    tree: FaultTree,
    highlight: Collection[str] = (),
    labels: dict[str, str] | None = None,
    assumed: Collection[str] = (),
    barrier: str = "",
    layout: str = "auto",
    sets: dict[str, str] | None = None,
) -> Drawing:
    """Return the Drawing of a fault tree; parameters as in `fault_tree`, and `sets` as in `block_diagram`."""
    labels = labels or {}
    top = nodes_of(tree, highlight)
    style = Style(labels, frozenset(assumed), barrier, sets or {})
    for name in (*labels, *style.assumed, *([barrier] if barrier else [])):
        if name not in tree.events and name not in tree.gates and name not in tree.house:
            raise BadInput(f"The tree has no event or gate {name!r} to write on.")
    if layout not in ("auto", "down", "lines"):
        raise BadInput(f"A layout is auto, down or lines, not {layout!r}.")
    if layout != "lines":
        parts, height, width, fits = from_the_top(top, style)
    # A deep and narrow tree is easier to read line by line.
    if layout == "lines" or (layout == "auto" and not (fits and height <= 1.1 * WIDTH)):
        (parts, height), width = by_lines(top, style), WIDTH
    alt = "Fault tree. " + in_words(tree, labels)
    if highlight:
        names = ", ".join(labels.get(name, name) for name in sorted(highlight))
        alt += f" Drawn thick: {names}" + (", which set off the top." if top.lit else ".")
    if barrier:
        alt += f" A barrier stands before {labels.get(barrier, barrier)}."
    rows = tuple(_row(tree, name, number, style) for name, number in _numbers(top).items())
    return Drawing(parts, height, width, alt, rows)


def _cut_set_sentence(tree, labels):
    orders = minimal_cut_sets(solve(tree)).by_order()
    top = labels.get(tree.top, tree.top)
    if not orders:
        return f"“{top}” can't happen."
    sets = count(sum(orders.values()), "minimal cut set")
    return f"“{top}” has {sets}; the smallest has {count(min(orders), 'event')}."


def _numbers(top):
    found: dict[str, int] = {}
    waiting = [top]
    while waiting:
        node = waiting.pop()
        if node.number:
            found.setdefault(node.name, node.number)
        waiting.extend(reversed(node.below))
    return found


def _row(tree, name, number, style):
    chance = tree.events[name].at(float("inf"))[0]
    return {"No.": number, "Event": style.labels.get(name, name), "Probability": float(f"{chance:.6g}")}

"""A fault tree as the nodes of a drawing: repeated events share a number, repeated gates are drawn once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from faultlab.analysis.engine import Gate
from faultlab.errors import BadInput
from faultlab.views.diagrams.drawn_gates import DRAWN

if TYPE_CHECKING:
    from faultlab.analysis.fault_trees.fault_tree import FaultTree

MOST_NODES = 250


@dataclass(frozen=True)
class Node:
    """One symbol of the drawing.

    Attributes
    ----------
    name : str
        Of the event or gate; empty for a gate without a name inside another.
    kind : str
        A gate's kind, "event", "house", or "again" for a gate that is drawn elsewhere.
    k : int or None
        Of a k-of-n gate.
    number : int
        Of an event, the same wherever it stands; 0 for others.
    lit : bool
        Whether it happens when the highlighted events happen.
    repeated, later : bool
        Whether the tree names it more than once; whether it was drawn before.
    below : tuple of Node
    """

    name: str
    kind: str
    k: int | None
    number: int
    lit: bool
    repeated: bool
    later: bool
    below: tuple[Node, ...]


def numbered_events(tree: FaultTree) -> tuple[str, ...]:
    """Return the basic events under the top in the order of their numbers in the drawing.

    >>> from faultlab.analysis.engine import AND, OR
    >>> from faultlab.analysis.fault_trees import FaultTree
    >>> tree = FaultTree("t", {"t": OR("g", "c"), "g": AND("b", "c")}, {"b": 0.1, "c": 0.1})
    >>> numbered_events(tree)
    ('b', 'c')
    """
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting: list[Gate | str] = [tree.top]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Gate):
            waiting.extend(reversed(one.inputs))
        elif one in tree.events:
            found[one] = None
        elif one in tree.gates and one not in seen:
            seen.add(one)
            waiting.append(tree.gates[one])
    return tuple(found)


def nodes_of(tree: FaultTree, highlight: Collection[str] = ()) -> Node:
    """Return the top Node of a fault tree.

    Parameters
    ----------
    tree : FaultTree
    highlight : collection of str
        Events that happen; every gate that they set off is lit with them.

    Raises
    ------
    BadInput
        If a highlighted name is not in the tree, or the drawing would have more than 250 symbols.
    """
    highlight = frozenset(highlight)
    for name in sorted(highlight):
        if name not in tree.events and name not in tree.gates:
            raise BadInput(f"The tree has no event or gate {name!r} to highlight.")
    numbers = {name: i + 1 for i, name in enumerate(numbered_events(tree))}
    times, symbols = _times_named(tree)
    if symbols > MOST_NODES:
        raise BadInput(
            f"A drawing takes at most {MOST_NODES} symbols and this tree has {symbols:,}; draw one part "
            "of it, with that gate as the top."
        )
    known, drawn = {}, set()

    def happens(one):
        if isinstance(one, Gate):
            return DRAWN[one.kind].happens([happens(inner) for inner in one.inputs], one.k)
        if one not in known:
            if one in tree.gates:
                known[one] = one in highlight or happens(tree.gates[one])
            else:
                known[one] = one in highlight or tree.house.get(one, False)
        return known[one]

    def node(one):
        lit = bool(highlight) and happens(one)
        if isinstance(one, Gate):
            return Node("", one.kind, one.k, 0, lit, False, False, tuple(map(node, one.inputs)))
        repeated, later = times.get(one, 0) > 1, one in drawn
        drawn.add(one)
        if one not in tree.gates:
            kind = "event" if one in tree.events else "house"
            return Node(one, kind, None, numbers.get(one, 0), lit, repeated, later, ())
        gate = tree.gates[one]
        if later:
            return Node(one, "again", None, 0, lit, True, True, ())
        return Node(one, gate.kind, gate.k, 0, lit, repeated, False, tuple(map(node, gate.inputs)))

    return node(tree.top)


def _times_named(tree):
    """How often each name stands under the gates that the top needs, and the symbols of the whole."""
    times: dict[str, int] = {}
    seen, waiting, symbols = set(), [tree.gates[tree.top]], 1
    while waiting:
        for one in waiting.pop().inputs:
            symbols += 1
            if isinstance(one, Gate):
                waiting.append(one)
                continue
            times[one] = times.get(one, 0) + 1
            if one in tree.gates and one not in seen:
                seen.add(one)
                waiting.append(tree.gates[one])
    return times, symbols

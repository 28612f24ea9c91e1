"""A fault tree in words: what a reader who can't see the drawing is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faultlab.analysis.engine import Gate
from faultlab.views.diagrams.drawn_gates import DRAWN, listed

if TYPE_CHECKING:
    from faultlab.analysis.fault_trees.fault_tree import FaultTree
    from faultlab.views.diagrams.tree_nodes import Node

MOST_GATES = 14


def in_words(tree: FaultTree, labels: dict[str, str] | None = None) -> str:
    """Return a fault tree as sentences, one a gate, the top first, up to fourteen.

    Parameters
    ----------
    tree : FaultTree
    labels : dict, optional
        From names to the words to show.

    Returns
    -------
    str

    Examples
    --------
    >>> from faultlab.analysis.engine import AND, OR
    >>> from faultlab.analysis.fault_trees import FaultTree
    >>> tree = FaultTree("dark", {"dark": OR("grid", AND("fuse", "lamp"))}, dict.fromkeys(
    ...     ("grid", "fuse", "lamp"), 0.1))
    >>> in_words(tree)
    '“dark” happens if “grid”, or both “fuse” and “lamp”.'
    """
    labels = labels or {}
    sentences, seen, waiting = [], {tree.top}, [tree.top]
    while waiting:
        name = waiting.pop(0)
        gate = tree.gates[name]
        sentences.append(f"“{labels.get(name, name)}” happens if {_formula(gate, labels)}.")
        for one in _names(gate):
            if one in tree.gates and one not in seen:
                seen.add(one)
                waiting.append(one)
    given = [f"“{labels.get(name, name)}”" for name, true in tree.house.items() if true]
    said = sentences[:MOST_GATES]
    if len(sentences) > MOST_GATES:
        said.append(f"And {len(sentences) - MOST_GATES} more gates.")
    if given:
        said.append(f"Taken as given: {listed(given)}.")
    return " ".join(said)


def kind_in_words(node: Node) -> str:
    """What a gate asks of what stands under it, in two to four words.

    >>> from faultlab.analysis.engine import AT_LEAST
    >>> from faultlab.analysis.fault_trees import FaultTree
    >>> from faultlab.views.diagrams.tree_nodes import nodes_of
    >>> kind_in_words(nodes_of(FaultTree("t", {"t": AT_LEAST(2, *"abc")}, dict.fromkeys("abc", 0.1))))
    'at least 2 of 3'
    """
    n = len(node.below)
    if node.kind == "atleast" and node.k == n > 1:
        return "both" if n == 2 else f"all {n}"
    if n == 1 and node.kind in ("and", "or", "atleast", "xor"):
        return "comes with"
    return DRAWN[node.kind].asks(n, node.k)


def _formula(gate, labels):
    bare = [
        _formula(one, labels) if isinstance(one, Gate) else f"“{labels.get(one, one)}”" for one in gate.inputs
    ]
    parts = [
        f"({said})" if isinstance(one, Gate) else said for one, said in zip(gate.inputs, bare, strict=True)
    ]
    if len(parts) == 1 and gate.kind in ("and", "or", "atleast"):
        return bare[0]
    if gate.kind == "or" and bare != parts:
        return ", or ".join(bare)  # behind a comma a group needs no brackets: "a, or both b and c"
    return DRAWN[gate.kind].said(parts, gate.k)


def _names(gate):
    for one in gate.inputs:
        if isinstance(one, Gate):
            yield from _names(one)
        else:
            yield one

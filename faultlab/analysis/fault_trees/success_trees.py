"""The other side of a fault tree: what has to work for the top to work (IEC 61078, path sets)."""

from __future__ import annotations

import math

from faultlab.analysis.engine.gates import Gate
from faultlab.analysis.fault_trees.common_cause import with_common_causes
from faultlab.analysis.fault_trees.event_models import Constant
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.errors import BadInput

_DUAL = {"and": "or", "or": "and", "nand": "nor", "nor": "nand"}


def success_tree(tree: FaultTree, hours: float = math.inf) -> FaultTree:
    """Return the tree whose top is that the fault tree's top does not happen.

    Its events are that the fault tree's events do not happen, under the same names, and its minimal cut
    sets are the fault tree's minimal path sets: the fewest parts that keep the system up.

    Parameters
    ----------
    tree : FaultTree
        With the gates and, or, atleast, nand, nor.
    hours : float
        The time at which its probabilities are taken.

    Returns
    -------
    FaultTree

    Raises
    ------
    BadInput
        For another gate, which has no such other side.

    Examples
    --------
    >>> from faultlab.analysis.engine import AND, OR
    >>> from faultlab.analysis.fault_trees.cut_sets import minimal_cut_sets
    >>> from faultlab.analysis.fault_trees.solved_tree import solve
    >>> tree = FaultTree("dark", {"dark": OR("grid", AND("lamp", "torch"))},
    ...                  {"grid": 0.1, "lamp": 0.2, "torch": 0.5})
    >>> [one.events for one in minimal_cut_sets(solve(success_tree(tree))).most_probable(5)]
    [('grid', 'lamp'), ('grid', 'torch')]
    """
    tree = with_common_causes(tree)
    return FaultTree(
        tree.top,
        {name: _dual(gate, name) for name, gate in tree.gates.items()},
        {name: Constant(model.at(hours)[1]) for name, model in tree.events.items()},
        {name: not given for name, given in tree.house.items()},
    )


def _dual(gate, name):
    inputs = tuple(_dual(one, name) if isinstance(one, Gate) else one for one in gate.inputs)
    if gate.kind == "atleast":
        return Gate("atleast", inputs, len(inputs) - gate.k + 1)
    if gate.kind not in _DUAL:
        raise BadInput(f"gate {name!r} is {gate.kind!r}; path sets need a tree of and, or and atleast.")
    return Gate(_DUAL[gate.kind], inputs)

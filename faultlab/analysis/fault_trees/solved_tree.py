"""Solve a fault tree exactly: its diagrams are built once and kept for every later question."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from faultlab.analysis.engine.build_diagrams import AnalysisTooLarge, build_blocks
from faultlab.analysis.engine.diagram import collector_paused
from faultlab.analysis.engine.normal_form import normal_form
from faultlab.analysis.engine.quantify import probability
from faultlab.analysis.engine.redundant_gates import without_redundancy
from faultlab.analysis.fault_trees.common_cause import with_common_causes
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faultlab.analysis.engine.block import Block
    from faultlab.analysis.engine.normal_form import NormalForm
    from faultlab.analysis.fault_trees.fault_tree import FaultTree

MOST_NODES = 20_000_000


@dataclass(frozen=True, repr=False)
class SolvedTree:
    """A fault tree with its diagrams.

    Attributes
    ----------
    tree : FaultTree
        With every common cause as an event of its own.
    form : NormalForm
    blocks : tuple of Block
        A diagram for each module, inner ones first.
    """

    tree: FaultTree
    form: NormalForm
    blocks: tuple[Block, ...]
    kept: dict[Any, Any] = field(default_factory=dict, compare=False)

    def __repr__(self):
        nodes = sum(len(block.level) for block in self.blocks)
        return f"<fault tree {self.tree.top!r} solved: {len(self.tree.events)} events, {nodes:,} nodes>"

    def chances(self, hours: float = math.inf) -> dict[str, tuple[float, float]]:
        """The pair (happens, does not) of every basic event of the tree at a time."""
        return {name: model.at(hours) for name, model in self.tree.events.items()}

    def probability(
        self, chances: Mapping[str, Any] | None = None, hours: float = math.inf
    ) -> tuple[Any, Any]:
        """The exact pair (P, 1 - P) of the top event.

        Parameters
        ----------
        chances : dict, optional
            Other values for some events: a probability, or the pair (happens, does not). Arrays of one
            length give arrays.
        hours : float
            The time for events whose probability changes with time.

        Examples
        --------
        >>> from faultlab.analysis.engine import AND
        >>> from faultlab.analysis.fault_trees.fault_tree import FaultTree
        >>> from faultlab.analysis.fault_trees.solved_tree import solve
        >>> tree = FaultTree("dark", {"dark": AND("grid", "battery")}, {"grid": 0.1, "battery": 0.01})
        >>> round(solve(tree).probability()[0], 12)
        0.001
        """
        values = self.values(chances, hours)
        yes, no = values[abs(self.form.top)]
        if not isinstance(yes, np.ndarray) and (arrays := _arrays(chances)):
            # The events that were given arrays have no effect.
            yes, no = np.full(len(arrays[0]), yes), np.full(len(arrays[0]), no)
        return (yes, no) if self.form.top > 0 else (no, yes)

    def values(self, chances: Mapping[str, Any] | None = None, hours: float = math.inf) -> list[Any]:
        """The pairs by number in the normal form: of every variable and every module.

        Modules that no changed event stands under are taken from the last answer at this time.
        """
        if hours not in self.kept:
            self.kept[hours] = self._first_values(hours)
        if not chances:
            return self.kept[hours]
        values = list(self.kept[hours])
        changed = set()
        for name, value in chances.items():
            if name not in self.tree.events:
                raise BadInput(f"The tree has no basic event {name!r}; its name may be spelled otherwise.")
            number = self.numbers.get(name)
            if number is not None:
                values[number] = pair(name, value)
                changed.add(number)
        for block in self.blocks:
            if not changed.isdisjoint(block.variables):
                values[block.number] = _of_block(block, values)
                changed.add(block.number)
        return values

    @property
    def numbers(self) -> dict[str, int]:
        """From a basic event's name to its number in the normal form; events without effect are absent."""
        if "numbers" not in self.kept:
            self.kept["numbers"] = {name: i for i, name in enumerate(self.form.names) if name is not None}
        return self.kept["numbers"]

    def _first_values(self, hours):
        values: list[Any] = [None] * len(self.form.gates)
        values[1] = (1.0, 0.0)
        for name, number in self.numbers.items():
            values[number] = self.tree.events[name].at(hours)
        for block in self.blocks:
            values[block.number] = _of_block(block, values)
        return values


def _arrays(chances):
    values = [value[0] if isinstance(value, tuple) else value for value in (chances or {}).values()]
    return [value for value in values if isinstance(value, np.ndarray)]


def pair(name: str, value: Any) -> tuple[Any, Any]:
    """The pair (happens, does not) of a probability, or of a pair that is one already."""
    yes, no = value if isinstance(value, tuple) else (value, 1 - value)
    if not np.all((np.asarray(yes) >= 0) & (np.asarray(yes) <= 1)):
        raise BadInput(f"The probability of {name!r} is a number from 0 to 1, not {yes!r}.")
    return yes, no


def _of_block(block, values):
    pairs = [values[number] for number in block.variables]
    return probability(block, [one[0] for one in pairs], [one[1] for one in pairs])


def solve(
    tree: FaultTree,
    most_nodes: int = MOST_NODES,
    seconds: float | None = None,
    accelerate: bool = True,
) -> SolvedTree:
    """Build a fault tree's diagrams.

    Parameters
    ----------
    tree : FaultTree
    most_nodes : int
        That one module's diagram may have.
    seconds : float, optional
        After which it is given up, give or take the step that is under way.
    accelerate : bool
        Use the compiled library where it is installed; the answers are the same.

    Returns
    -------
    SolvedTree

    Raises
    ------
    AnalysisTooLarge
        Where a module is too large for its nodes or the time; `probability_bounds` still gives an interval.
    """
    with collector_paused():
        tree = with_common_causes(tree)
        form = without_redundancy(normal_form(tree))
    deadline = None if seconds is None else time.monotonic() + seconds
    blocks = build_blocks(form, most_nodes, deadline, accelerate)
    return SolvedTree(tree, form, tuple(blocks))


__all__ = ["AnalysisTooLarge", "SolvedTree", "solve"]

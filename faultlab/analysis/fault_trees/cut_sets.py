"""Minimal cut sets: their exact number, and the most probable ones, without listing the rest.

For a tree with not, xor and the like these are the minimal sets of events that make the top event happen
when no other event does (the minimal cut sets of the coherent hull). They are not the prime implicants,
which would also say what must *not* happen.
"""

from __future__ import annotations

import heapq
import math
import operator
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from faultlab.analysis.engine.build_diagrams import AnalysisTooLarge, build_blocks
from faultlab.analysis.engine.diagram import TimeIsUp, TooManyNodes, deep_recursion
from faultlab.analysis.engine.modules import find_modules
from faultlab.analysis.engine.set_families import Families
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faultlab.analysis.engine.block import Block
    from faultlab.analysis.engine.normal_form import NormalForm
    from faultlab.analysis.fault_trees.solved_tree import SolvedTree

MOST_SET_NODES = 3_000_000
# Of a module's diagram, where modules are other than the solved tree's.
MOST_NODES = 20_000_000


class TooManySets(Exception):
    """The cut sets take more nodes than were given."""


@dataclass(frozen=True)
class CutSet:
    """Events that together make the top event happen, and the probability that all of them do."""

    events: tuple[str, ...]
    probability: float


@dataclass(frozen=True, repr=False)
class CutSets:
    """The minimal cut sets of a solved tree, kept as diagrams. Made by `minimal_cut_sets`."""

    solved: SolvedTree
    blocks: tuple[Block, ...]
    families: tuple[Families, ...]
    roots: dict[int, int]
    direction: list[int]
    coherent: bool

    def __repr__(self):
        return f"<{self.count():,} minimal cut sets of {self.solved.tree.top!r}>"

    def count(self) -> int:
        """Their exact number, an integer however large.

        Examples
        --------
        >>> from faultlab.analysis.engine import AND, OR
        >>> from faultlab.analysis.fault_trees.cut_sets import minimal_cut_sets
        >>> from faultlab.analysis.fault_trees.fault_tree import FaultTree
        >>> from faultlab.analysis.fault_trees.solved_tree import solve
        >>> tree = FaultTree("t", {"t": OR("a", AND("b", "c"))}, {"a": 0.1, "b": 0.2, "c": 0.3})
        >>> minimal_cut_sets(solve(tree)).count()
        2
        """
        return self._fold(1, operator.add, operator.mul, none=0, one=1)

    def by_order(self) -> dict[int, int]:
        """How many there are of each number of events, as a dictionary from order to count."""

        def plus(a, b):
            return {order: a.get(order, 0) + b.get(order, 0) for order in a | b}

        def times(a, b):
            found: dict[int, int] = {}
            for i, m in a.items():
                for j, n in b.items():
                    found[i + j] = found.get(i + j, 0) + m * n
            return found

        return dict(sorted(self._fold({1: 1}, plus, times, none={}, one={0: 1}).items()))

    def most_probable(
        self, number: int, chances: Mapping[str, Any] | None = None, hours: float = math.inf
    ) -> list[CutSet]:
        """The most probable cut sets, best first; equal ones in no promised order.

        Parameters
        ----------
        number : int
        chances, hours
            As in `SolvedTree.probability`.

        Returns
        -------
        list of CutSet
        """
        if number < 0:
            raise BadInput(f"The number of cut sets is a whole number from 0, not {number}.")
        chance = self._chance_of_events(chances, hours)
        best = self._best(chance)
        names, solved, places = self.solved.form.names, self.solved, self._places()
        found: list[CutSet] = []
        tie = 0
        top = abs(solved.form.top)
        # A partial set: its best possible probability (as a rank, smallest first), the events so far and
        # their probability, and the families that it still has to choose from. Of equals the newest goes
        # first: it is nearest to its end. Rounding must not part equals, hence the ten decimals.
        waiting: list[tuple] = []

        def put(events, probability, rest):
            nonlocal tie
            reachable = probability * math.prod(best[place][node] for place, node in rest)
            tie -= 1
            rank = -round(math.log(reachable), 10) if reachable > 0 else math.inf
            heapq.heappush(waiting, (rank, tie, events, probability, rest))

        if top in self.roots:
            put((), 1.0, ((places[top], self.roots[top]),))
        elif solved.form.top > 1:
            put((names[top],), chance[top], ())
        elif solved.form.top != -1:
            put((), 1.0, ())
        while waiting and len(found) < number:
            _, _, events, probability, rest = heapq.heappop(waiting)
            if not rest:
                found.append(CutSet(tuple(sorted(events)), probability))
                continue
            (place, node), rest = rest[-1], rest[:-1]
            if node == 0:
                continue
            if node == 1:
                put(events, probability, rest)
                continue
            family = self.families[place]
            if family.low[node]:
                put(events, probability, (*rest, (place, family.low[node])))
            variable = self.blocks[place].variables[family.level[node]]
            onwards = (*rest, (place, family.high[node]))
            if variable in self.roots:
                put(events, probability, (*onwards, (places[variable], self.roots[variable])))
            else:
                put((*events, names[variable]), probability * chance[variable], onwards)
        return sorted(found, key=lambda one: -one.probability)

    def _places(self):
        return {block.number: place for place, block in enumerate(self.blocks)}

    def _chance_of_events(self, chances, hours):
        values = self.solved.values(chances, hours)
        return {number: values[number][0] for number in self.solved.numbers.values()}

    def _best(self, chance):
        """For each block and node, the probability of the most probable set of its family."""
        best, whole = [], dict(chance)
        for block, family in zip(self.blocks, self.families, strict=True):
            here = {0: 0.0, 1: 1.0}
            for node in family.under(self.roots[block.number]):
                through = whole[block.variables[family.level[node]]] * here[family.high[node]]
                here[node] = max(through, here[family.low[node]])
            best.append(here)
            whole[block.number] = here[self.roots[block.number]]
        return best

    def _fold(self, event, plus, times, none, one):
        """Combine over all sets: `event` for each element, `times` along a set, `plus` over sets."""
        top = self.solved.form.top
        whole: dict = {}
        # Without a gate: a variable, its negation (which happens when nothing does), true or false.
        result = event if top > 1 else none if top == -1 else one
        for block, family in zip(self.blocks, self.families, strict=True):
            here = {0: none, 1: one}
            for node in family.under(self.roots[block.number]):
                variable = block.variables[family.level[node]]
                through = times(whole.get(variable, event), here[family.high[node]])
                here[node] = plus(through, here[family.low[node]])
            result = whole[block.number] = here[self.roots[block.number]]
        return result


def minimal_cut_sets(
    solved: SolvedTree, most_nodes: int = MOST_SET_NODES, seconds: float | None = None
) -> CutSets:
    """Find the minimal cut sets of a solved tree.

    Parameters
    ----------
    solved : SolvedTree
    most_nodes : int
        That their diagrams may have.
    seconds : float, optional
        After which it is given up.

    Returns
    -------
    CutSets
        With `coherent` False where the tree uses negation; then see the head of this module.

    Raises
    ------
    TooManySets
        If the diagrams would be larger, or take longer.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    form = solved.form
    direction = directions(form)
    blocks = solved.blocks
    if any(direction[block.number] == 0 for block in blocks[:-1]):
        # Minimal sets pass through a module only if more events can't undo it.
        modules = [number for number in find_modules(form) if direction[number] != 0]
        if abs(form.top) not in modules:
            modules.append(abs(form.top))
        try:
            blocks = tuple(build_blocks(form, MOST_NODES, deadline, modules=modules))
        except AnalysisTooLarge:
            raise TooManySets(most_nodes) from None
    families, roots = [], {}
    sign = 1 if form.top > 0 else -1
    for block in blocks:
        turned: dict[int | str, int] = {
            level: int(direction[number] < 0) if form.gates[number] else 0
            for level, number in enumerate(block.variables)
        }
        grows = sign if block.number == abs(form.top) else direction[block.number]
        turned["root"] = int(grows < 0)
        family = Families(most_nodes, deadline)
        try:
            with deep_recursion(10 * len(block.variables) + 1000):
                roots[block.number] = family.minimal_solutions(block, turned)
        except (TooManyNodes, TimeIsUp):
            raise TooManySets(most_nodes) from None
        families.append(family)
    coherent = abs(form.top) == 1 or direction[abs(form.top)] == sign
    return CutSets(solved, blocks, tuple(families), roots, direction, coherent)


def directions(form: NormalForm) -> list[int]:
    """By number: 1 where more events can only make it true, -1 only false, 0 where gates allow both.

    Read off the signs on the way down, so a tree that is coherent in a roundabout way counts as 0.
    """
    found = [1] * len(form.gates)
    for number, gate in enumerate(form.gates):
        if gate is None:
            continue
        if gate[0] == "xor":
            found[number] = 0
            continue
        below = {found[abs(one)] * (1 if one > 0 else -1) for one in gate[-1]}
        found[number] = below.pop() if len(below) == 1 else 0
    return found

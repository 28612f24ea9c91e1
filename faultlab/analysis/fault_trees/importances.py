"""Importance: which events to look at first, and what each measure asks.

Definitions by Rausand and Hoyland (2004), System Reliability Theory, chapter 5. With P the probability of
the top event, P1 and P0 the same given that the event has happened and that it can't, p its probability:

- Birnbaum: P1 - P0, how much the top event's probability moves with the event's.
- criticality: p (P1 - P0) / P, the share of P that would go if the event could not happen.
- Fussell-Vesely: the probability that a minimal cut set with the event has happened, over P. It exceeds
  criticality where two such sets can happen at once. Some tools print criticality under this name, and
  others p P1 / P (the diagnostic importance factor).
- risk achievement worth (raw): P1 / P.  Risk reduction worth (rrw): P / P0, infinite where P0 is 0.

Where the top event can't happen, P is 0, and all but Birnbaum are undefined: None.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from faultlab.analysis.engine.diagram import Diagram, TooManyNodes, deep_recursion
from faultlab.analysis.engine.quantify import LOST_DIGITS, slopes
from faultlab.analysis.fault_trees.cut_sets import MOST_SET_NODES, TooManySets, minimal_cut_sets
from faultlab.analysis.fault_trees.solved_tree import pair

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faultlab.analysis.fault_trees.cut_sets import CutSets
    from faultlab.analysis.fault_trees.solved_tree import SolvedTree

MOST_UNION_NODES = 400_000


@dataclass(frozen=True)
class EventImportance:
    """The measures of one basic event.

    All but `birnbaum` are None where the top event has probability 0; `fussell_vesely` also where the tree
    uses negation, and where it was too large to be exact.
    """

    event: str
    probability: float
    birnbaum: float
    criticality: float | None
    fussell_vesely: float | None
    raw: float | None
    rrw: float | None


def birnbaum(solved: SolvedTree, chances: Mapping[str, Any] | None = None, hours: float = math.inf) -> dict:
    """Return the Birnbaum importance of every basic event, in one pass down the diagrams.

    Parameters
    ----------
    solved : SolvedTree
    chances, hours
        As in `SolvedTree.probability`.

    Returns
    -------
    dict
        By name; 0.0 for events that the top event does not depend on.

    Examples
    --------
    >>> from faultlab.analysis.engine import AND
    >>> from faultlab.analysis.fault_trees.fault_tree import FaultTree
    >>> from faultlab.analysis.fault_trees.solved_tree import solve
    >>> tree = FaultTree("t", {"t": AND("a", "b")}, {"a": 0.1, "b": 0.25})
    >>> birnbaum(solve(tree))
    {'a': 0.25, 'b': 0.1}
    """
    values = solved.values(chances, hours)
    top = solved.form.top
    slope = {abs(top): 1.0 if top > 0 else -1.0}
    for block in reversed(solved.blocks):
        outer = slope.get(block.number, 0.0)
        pairs = [values[number] for number in block.variables]
        inner = slopes(block, [one[0] for one in pairs], [one[1] for one in pairs])
        for number, value in zip(block.variables, inner, strict=True):
            slope[number] = outer * value
    return {name: slope.get(solved.numbers.get(name, 0), 0.0) for name in solved.tree.events}


def importance(
    solved: SolvedTree,
    chances: Mapping[str, Any] | None = None,
    hours: float = math.inf,
    cut_sets: CutSets | None = None,
) -> list[EventImportance]:
    """Return the importance of every basic event, the greatest criticality first.

    Parameters
    ----------
    solved : SolvedTree
    chances, hours
        As in `SolvedTree.probability`.
    cut_sets : CutSets, optional
        If they are at hand; Fussell-Vesely needs them.

    Returns
    -------
    list of EventImportance

    Examples
    --------
    >>> from faultlab.analysis.engine import AND, OR
    >>> from faultlab.analysis.fault_trees.fault_tree import FaultTree
    >>> from faultlab.analysis.fault_trees.solved_tree import solve
    >>> tree = FaultTree("t", {"t": OR("a", AND("b", "c"))}, {"a": 0.25, "b": 0.5, "c": 1e-20})
    >>> for one in importance(solve(tree)):
    ...     print(one.event, f"{one.birnbaum:.3g}, {one.criticality:.3g}")
    a 1, 1
    c 0.375, 1.5e-20
    b 7.5e-21, 1.5e-20
    """
    happens = solved.probability(chances, hours)[0]
    values = solved.values(chances, hours)
    shares = _cut_set_shares(solved, values, happens, cut_sets)
    given, found = chances or {}, []
    for name, slope in birnbaum(solved, chances, hours).items():
        number = solved.numbers.get(name)
        if number is not None:
            p, q = values[number]
        else:
            p, q = pair(name, given[name]) if name in given else solved.tree.events[name].at(hours)
        criticality = fussell_vesely = raw = rrw = None
        if happens > 0:
            sure = _after(solved, happens, q * slope, {**given, name: (1.0, 0.0)}, hours)
            never = _after(solved, happens, -p * slope, {**given, name: (0.0, 1.0)}, hours)
            criticality = min(1.0, p * slope / happens)
            raw, rrw = sure / happens, happens / never if never > 0 else math.inf
            if shares is not None:
                # It can't be less than criticality: what says so is the last digit of one of them.
                fussell_vesely = min(1.0, max(shares.get(number, 0.0), criticality))
        found.append(EventImportance(name, p, slope, criticality, fussell_vesely, raw, rrw))
    return sorted(found, key=lambda one: (-(one.criticality or 0.0), -one.birnbaum))


def _after(solved, happens, change, chances, hours):
    """P of the top event after a change, worked out anew where hardly anything is left of it."""
    value = happens + change
    return value if value >= LOST_DIGITS * happens else solved.probability(chances, hours)[0]


def _cut_set_shares(solved, values, happens, cut_sets):
    """By number, the probability that a minimal cut set with the event happens, over `happens`."""
    try:
        sets = cut_sets or minimal_cut_sets(solved, MOST_SET_NODES // 10)
        if not sets.coherent or happens == 0:
            return None if not sets.coherent else {}
        share = {abs(solved.form.top): 1.0}
        for block, family in zip(reversed(sets.blocks), reversed(sets.families), strict=True):
            outer = share.get(block.number, 0.0)
            inner = _shares_of_block(block, family, sets, values)
            for number, value in zip(block.variables, inner, strict=True):
                share[number] = outer * value
        return share
    except (TooManySets, TooManyNodes):
        return None


def _shares_of_block(block, family, sets, values):
    """By level, P(union of the block's minimal sets with the element) / P(block)."""
    pairs = []
    for number in block.variables:
        p, q = values[number]
        pairs.append((q, p) if sets.direction[number] < 0 else (p, q))
    diagram = Diagram()
    known: dict[int, int] = {}
    roots = []
    diagram.allow(MOST_UNION_NODES)
    root = sets.roots[block.number]
    with deep_recursion(10 * len(block.variables) + 1000):
        whole = family.union(diagram, root, known)
        for level in range(len(block.variables)):
            roots.append(family.union(diagram, family.with_element(root, level), known))
    chance = [1.0, 0.0]
    for node in range(1, len(diagram.level)):
        p, q = pairs[diagram.level[node]]
        high, low = diagram.high[node], diagram.low[node]
        chance.append(p * chance[high] + q * chance[low])
        chance.append(p * chance[high ^ 1] + q * chance[low ^ 1])
    if chance[whole] == 0:
        return [0.0] * len(roots)
    return [pairs[level][0] * chance[edge] / chance[whole] for level, edge in enumerate(roots)]

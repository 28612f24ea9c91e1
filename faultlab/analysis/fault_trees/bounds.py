"""A guaranteed interval for trees whose exact diagrams are too large.

Modules that are small are exact. What is left is bounded gate by gate (see `interval_gates`), and cases are
told apart: one event after the other is known to happen or not, in every case that is still open, and cases
in which the same is left of the tree become one, as in a decision diagram. The cases that add most to the
width stay open, as many as the time allows; the others count with the bounds that they have. So every case is
in the sum, and the exact probability lies in the interval whatever was left open.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from faultlab.analysis.engine.build_diagrams import AnalysisTooLarge, build_block
from faultlab.analysis.engine.diagram import TimeIsUp
from faultlab.analysis.engine.modules import find_modules
from faultlab.analysis.engine.normal_form import normal_form
from faultlab.analysis.engine.quantify import probability
from faultlab.analysis.engine.redundant_gates import without_redundancy
from faultlab.analysis.fault_trees import interval_gates
from faultlab.analysis.fault_trees.common_cause import with_common_causes
from faultlab.analysis.fault_trees.cut_sets import directions

if TYPE_CHECKING:
    from faultlab.analysis.fault_trees.fault_tree import FaultTree

# Rounding of a few thousand sums and products, each a part in 2^53.
ROUNDING = 1e-11
# Modules of more nodes are left to the bounds; they may take this share of the time.
MOST_NODES, SHARE = 50_000, 0.2
# Cases of the first sweep, how many times as many the next one has at most, the most, and those that are
# bounded at once: that fits a processor's cache better.
FIRST_CASES, GROWTH, MOST_CASES, AT_ONCE = 256, 8, 100_000, 2_000
# A sweep ends when its open cases are this part as wide as those that no longer go on.
PART = 0.05


@dataclass(frozen=True)
class Bounds:
    """The top event's probability lies between `low` and `high`; `cases` were told apart."""

    low: float
    high: float
    cases: int


def probability_bounds(
    tree: FaultTree, seconds: float = 10.0, hours: float = math.inf, narrow: float = 1e-6
) -> Bounds:
    """Return an interval that holds the exact probability of the top event.

    Parameters
    ----------
    tree : FaultTree
    seconds : float
        After which the interval is returned as it is.
    hours : float
        The time for events whose probability changes with time.
    narrow : float
        Stop once the interval's width is this share of its upper end.

    Returns
    -------
    Bounds

    Examples
    --------
    >>> from faultlab.analysis.engine import AND, OR
    >>> from faultlab.analysis.fault_trees.fault_tree import FaultTree
    >>> tree = FaultTree("t", {"t": AND(OR("a", "b"), OR("a", "c"))}, dict.fromkeys("abc", 0.1))
    >>> found = probability_bounds(tree)
    >>> round(found.low, 6), round(found.high, 6)
    (0.109, 0.109)
    """
    began = time.monotonic()
    tree = with_common_causes(tree)
    form = without_redundancy(normal_form(tree))
    chances = {n: tree.events[name].at(hours) for n, name in enumerate(form.names) if name is not None}
    _solve_modules(form, chances, began + SHARE * seconds)
    part = _Part(form, chances)
    low, high, count, most, following = 0.0, 1.0, 0, 0, FIRST_CASES
    while following > most:
        most, start = following, time.monotonic()
        found = _sweep(part, most, narrow, began + seconds)
        low, high, count = max(low, found.low), min(high, found.high), count + found.cases
        if found.whole or high - low <= narrow * high:
            break
        # As many as fit the time that is left; a step has a cost without any, too.
        now = time.monotonic()
        following = int(min(most * min(GROWTH, (began + seconds - now) / (now - start)), MOST_CASES))
    return Bounds(low * (1 - ROUNDING), min(1.0, high * (1 + ROUNDING)), count)


@dataclass(frozen=True)
class _Swept:
    """An interval, of how many cases, and whether all went on until they were known to the last digit."""

    low: float
    high: float
    cases: int
    whole: bool


def _sweep(part, most, narrow, until):
    """Take one event after the other as known, in the widest `most` cases; the others count as they are.

    A case is a row of `known`, with its weight: the probability that it is so. Cases in which the same is
    left of the tree become one.
    """
    known, weight = np.zeros((1, 0), bool), np.ones(1)
    low, high, _ = part.intervals(known)
    settled, count, whole, spent = [(0.0, 0.0)], 1, True, 0.0
    for event in part.order:
        before = time.monotonic()
        ends = np.sum(settled, axis=0)
        wide = np.sum(high - low)
        # What is settled is not known better by going on; then more cases help.
        least = max(narrow * (ends[1] + np.sum(high)) - (ends[1] - ends[0]), PART * (ends[1] - ends[0]))
        if wide <= least or before + spent > until:
            break
        known = np.concatenate(
            [np.column_stack((known, np.full(len(known), value))) for value in (True, False)]
        )
        weight = np.concatenate([weight * share for share in part.chances[event]])
        known, weight = known[weight > 0], weight[weight > 0]
        low, high, left = part.intervals(known)
        count += len(weight)
        # Those that are known to the last digit, or are not among the widest.
        _, one, which = np.unique(left, return_index=True, return_inverse=True)
        weight = np.bincount(which, weight)
        known, low, high = known[one], low[one] * weight, high[one] * weight
        ranked = np.argsort(low - high, kind="stable")
        open_cases = int(np.count_nonzero(high > low))
        goes, rest = np.split(ranked, [min(most, open_cases)])
        whole = whole and open_cases <= most
        settled.append((math.fsum(low[rest]), math.fsum(high[rest])))
        known, weight, low, high = known[goes], weight[goes], low[goes], high[goes]
        spent = time.monotonic() - before
    settled.append((math.fsum(low), math.fsum(high)))
    ends = [math.fsum(end) for end in zip(*settled, strict=True)]
    return _Swept(*ends, count, whole and not len(weight))


def _solve_modules(form, chances, deadline):
    """Put the exact pairs of the small modules beside those of the events."""
    modules = find_modules(form)
    leaves = set(modules)
    for module in modules[:-1]:
        try:
            block = build_block(form, module, leaves, MOST_NODES, deadline)
        except (AnalysisTooLarge, TimeIsUp):
            # Its gates, not it, are a part of those around it.
            leaves.remove(module)
            continue
        pairs = [chances[number] for number in block.variables]
        chances[module] = probability(block, *zip(*pairs, strict=True))


class _Part:
    """A normal form, to be bounded again and again with some of its events known.

    Attributes
    ----------
    order : list of int
        The events, and modules that count as such, in the order in which they become known.
    """

    def __init__(self, form, chances):
        self.form, self.chances = form, chances
        self.direction = directions(form)
        uses, met, waiting = {abs(form.top): 1}, {abs(form.top)}, [abs(form.top)]
        while waiting:
            number = waiting.pop()
            for one in () if number in chances else form.inputs(number):
                uses[abs(one)] = uses.get(abs(one), 0) + 1
                if abs(one) not in met:
                    met.add(abs(one))
                    waiting.append(abs(one))
        self.numbers = sorted(met - {1})
        # What is used most and is least certain parts the gates best; events that are used once come last.
        events = [number for number in self.numbers if number in chances]
        self.order = sorted(events, key=lambda one: (uses[one] == 1, -(uses[one] ** 2) * min(chances[one])))
        self.place = {number: i for i, number in enumerate(self.order)}
        # By number, what lies below as the bits of one number, by place in the order.
        self.below = {1: 0} | {number: 1 << i for number, i in self.place.items()}
        for number in self.numbers:
            if number not in chances:
                self.below[number] = 0
                for one in form.inputs(number):
                    self.below[number] |= self.below[abs(one)]
        # Bounds of gates above events of which none is known: the same for all cases.
        self.unknown = {}

    def intervals(self, known):
        """By case, the bounds of the top event where the first events are known, and what is left then."""
        parts = [self.interval(known[i : i + AT_ONCE]) for i in range(0, len(known), AT_ONCE)]
        return tuple(np.concatenate(arrays) for arrays in zip(*parts, strict=True))

    def interval(self, known):
        """As `intervals`, of not too many cases.

        Parameters
        ----------
        known : array of bool
            A row for each case, a column for each of the first events in the order.
        """
        cases, depth = known.shape
        free = -1 << depth
        found = {1: interval_gates.CERTAIN}
        for number in self.numbers:
            place = self.place.get(number)
            if place is None:
                unknown = self.below[number] & ~free == 0
                if not unknown or number not in self.unknown:
                    found[number] = self._gate(number, found, free)
                    if unknown:
                        self.unknown[number] = found[number]
                else:
                    found[number] = self.unknown[number]
            elif place < depth:
                yes, no = known[:, place].astype(float), (~known[:, place]).astype(float)
                found[number] = (yes, yes, no, no)
            else:
                yes, no = self.chances[number]
                found[number] = (yes, yes, no, no)
        low, high, _, _ = _signed(found, self.form.top)
        return np.broadcast_to(low, cases), np.broadcast_to(high, cases), self._left(found, free, cases)

    def _left(self, found, free, cases):
        """By case, what is left of the tree, as bytes: alike only where the same is left.

        That is the gates that are not settled and that the top depends on through such gates; of those that
        are no AND, how many of the inputs are true; and whether the top is settled.
        """
        top = abs(self.form.top)
        asked, parts = (
            {top: np.ones(cases, bool)},
            [np.ones(cases, bool), *(end > 0 for end in found[top][1::2])],
        )
        for number in reversed(self.numbers):
            if number in self.chances or number not in asked or self.below[number] & ~free == 0:
                continue
            _, high, _, not_high = found[number]
            here = asked[number] & (high > 0) & (not_high > 0)
            inputs = self.form.inputs(number)
            for one in inputs:
                asked[abs(one)] = asked[abs(one)] | here if abs(one) in asked else here
            parts.append(here)
            if self.form.gates[number][0] != "and":
                true = sum((_signed(found, one)[3] == 0) & here for one in inputs)
                width = len(inputs).bit_length()
                parts += [true >> i & 1 for i in range(width)]
        packed = np.packbits(np.array(np.broadcast_arrays(*parts), bool), axis=0).T
        return np.ascontiguousarray(packed).view(f"V{packed.shape[1]}").ravel()

    def _gate(self, number, found, free):
        gate = self.form.gates[number]
        inputs = gate[-1]
        masks = [self.below[abs(one)] & free for one in inputs]
        groups = _groups(masks)
        if gate[0] == "and":
            values = [[_signed(found, inputs[i]) for i in group] for group in groups]
            ways = [
                {self.direction[abs(inputs[i])] * (1 if inputs[i] > 0 else -1) for i in group}
                for group in groups
            ]
            return interval_gates.all_of(values, ways)
        values = [_signed(found, one) for one in inputs]
        apart = len(groups) == len(inputs)
        if gate[0] == "xor":
            return interval_gates.one_of_two(*values, apart)
        return interval_gates.at_least(gate[1], values, apart)


def _groups(masks):
    """The places of masks, in groups that have no bit in common."""
    groups = []
    for i, mask in enumerate(masks):
        members, others = [i], []
        for group in groups:
            if group[0] & mask:
                mask |= group[0]
                members = group[1] + members
            else:
                others.append(group)
        groups = [*others, (mask, members)]
    return [members for _, members in groups]


def _signed(found, one):
    return found[one] if one > 0 else interval_gates.opposite(found[-one])

"""A guaranteed interval for trees whose exact diagrams are too large.

Modules that are small are exact. What is left is bounded gate by gate (see `interval_gates`), or two gates at
once (see `joint_bounds`), and cases are told apart: one event after the other is known to happen or not, in
every case that is still open, and cases in which the same is left of the tree become one, as in a decision
diagram. The cases that add most to the width stay open, as many as the time allows; the others count with the
bounds that they have. So every case is in the sum, and the exact probability lies in the interval whatever
was left open.
"""

from __future__ import annotations

import functools
import itertools
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from faultlab.analysis.engine.build_diagrams import AnalysisTooLarge, build_block
from faultlab.analysis.engine.diagram import TimeIsUp, deep_recursion
from faultlab.analysis.engine.modules import find_modules
from faultlab.analysis.engine.normal_form import normal_form
from faultlab.analysis.engine.quantify import probability
from faultlab.analysis.engine.redundant_gates import without_redundancy
from faultlab.analysis.fault_trees import interval_gates
from faultlab.analysis.fault_trees.common_cause import with_common_causes
from faultlab.analysis.fault_trees.cut_sets import directions
from faultlab.analysis.fault_trees.joint_bounds import Joint

if TYPE_CHECKING:
    from faultlab.analysis.fault_trees.fault_tree import FaultTree

# Rounding of a few thousand sums and products, each a part in 2^53.
ROUNDING = 1e-11
# Modules of more nodes are left to the bounds; they may take this share of the time.
MOST_NODES, SHARE = 50_000, 0.2
# An interval whose width is this share of its upper end is narrow enough.
NARROW = 1e-6
# Cases of the first sweep, how many times as many the next one has at most, the most, and those that are
# bounded at once: that fits a processor's cache better.
FIRST_CASES, GROWTH, MOST_CASES, AT_ONCE = 256, 8, 100_000, 2_000
# Two ways are tried for this share of the time each, and the better one goes on: a quick one, whose cases are
# many, and a thorough one, which takes every two gates apart and looks for the events that narrow most.
TRIAL = 0.1
# So many events are chosen by one look at all.
CHOSEN_AT_ONCE = 4
# A sweep ends when its open cases are this part as wide as those that no longer go on.
PART = 0.05


@dataclass(frozen=True)
class Bounds:
    """The top event's probability lies between `low` and `high`; `cases` were told apart."""

    low: float
    high: float
    cases: int


def probability_bounds(tree: FaultTree, seconds: float = 10.0, hours: float = math.inf) -> Bounds:
    """Return an interval that holds the exact probability of the top event.

    Parameters
    ----------
    tree : FaultTree
    seconds : float
        After which the interval is returned as it is.
    hours : float
        The time for events whose probability changes with time.

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
    until = began + seconds
    tree = with_common_causes(tree)
    form = without_redundancy(normal_form(tree))
    chances = {n: tree.events[name].at(hours) for n, name in enumerate(form.names) if name is not None}
    _solve_modules(form, chances, began + SHARE * seconds)
    quick, thorough = (_Search(_Part(form, chances, until, thorough)) for thorough in (False, True))
    quick.go_on(time.monotonic() + TRIAL * seconds)
    if not quick.done:
        thorough.go_on(time.monotonic() + TRIAL * seconds)
        if not thorough.done:
            best = min(quick, thorough, key=lambda search: search.high - search.low)
            best.go_on(until)
    low, high = max(quick.low, thorough.low), min(quick.high, thorough.high)
    return Bounds(low * (1 - ROUNDING), min(1.0, high * (1 + ROUNDING)), quick.cases + thorough.cases)


class _Search:
    """Sweeps of a part with more and more cases, and the interval so far."""

    def __init__(self, part):
        self.part, self.low, self.high, self.cases, self.done = part, 0.0, 1.0, 0, False
        self._most, self._taken = 0, 0.0

    def go_on(self, until):
        """Sweep until the time is up, or the interval is narrow or as narrow as it gets."""
        while not self.done:
            start = time.monotonic()
            following = FIRST_CASES
            if self._most:
                # As many as fit the time that is left; a step has a cost without any, too.
                following = int(min(self._most * min(GROWTH, (until - start) / self._taken), MOST_CASES))
            if following <= self._most:
                break
            found = _sweep(self.part, following, until)
            self._most, self._taken = following, time.monotonic() - start
            self.low, self.high = max(self.low, found.low), min(self.high, found.high)
            self.cases += found.cases
            self.done = found.whole or self.high - self.low <= NARROW * self.high


@dataclass(frozen=True)
class _Swept:
    """An interval, of how many cases, and whether all went on until they were known to the last digit."""

    low: float
    high: float
    cases: int
    whole: bool


def _sweep(part, most, until):
    """Take one event after the other as known, in the widest `most` cases; the others count as they are.

    A case is a row of `known`, with its weight: the probability that it is so. Cases in which the same is
    left of the tree become one.
    """
    known, weight = np.zeros((1, 0), bool), np.ones(1)
    low, high, _ = part.intervals(known)
    settled, count, whole, spent = np.zeros(2), 1, True, 0.0
    ends = float(low[0]), float(high[0])
    for depth in range(len(part.events)):
        before = time.monotonic()
        # What is settled is not known better by going on; then more cases help.
        least = max(NARROW * ends[1] - (settled[1] - settled[0]), PART * (settled[1] - settled[0]))
        if np.sum(high - low) <= least or before + spent > until:
            break
        if depth == len(part.order):
            part.choose(known[0])
        known = np.concatenate(
            [np.column_stack((known, np.full(len(known), value))) for value in (True, False)]
        )
        weight = np.concatenate([weight * share for share in part.chances[part.order[depth]]])
        known, weight = known[weight > 0], weight[weight > 0]
        low, high, left = part.intervals(known)
        count += len(weight)
        # Those that are known to the last digit, or are not among the widest.
        _, one, which = np.unique(left, return_index=True, return_inverse=True)
        weight = np.asarray(np.bincount(which, weight), float)
        known, low, high = known[one], low[one] * weight, high[one] * weight
        ranked = np.argsort(low - high, kind="stable")
        open_cases = int(np.count_nonzero(high > low))
        goes, rest = np.split(ranked, [min(most, open_cases)])
        whole = whole and open_cases <= most
        settled += math.fsum(low[rest]), math.fsum(high[rest])
        known, weight, low, high = known[goes], weight[goes], low[goes], high[goes]
        ends = max(ends[0], settled[0] + math.fsum(low)), min(ends[1], settled[1] + math.fsum(high))
        spent = time.monotonic() - before
    return _Swept(float(ends[0]), float(ends[1]), count, whole and not len(weight))


def _solve_modules(form, chances, deadline):
    """Put the exact pairs of the small modules beside those of the events."""
    modules = find_modules(form)
    leaves = set(modules)
    for module in modules[:-1]:
        try:
            if time.monotonic() > deadline:
                raise TimeIsUp
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
    events : list of int
        The events, and modules that count as such.
    order : list of int
        Those of them that become known, as far as they were chosen.
    thorough : bool
        Whether two gates are taken apart (see `joint_bounds`), and the events chosen by what they narrow.
    """

    def __init__(self, form, chances, until, thorough):
        self.form, self.chances, self.until, self.thorough = form, chances, until, thorough
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
        self.events = sorted(events, key=lambda one: (uses[one] == 1, -(uses[one] ** 2) * min(chances[one])))
        self.order: list[int] = [] if thorough else [*self.events]
        # By number, what lies below as the bits of one number.
        self.below = {1: 0} | {number: 1 << i for i, number in enumerate(self.events)}
        for number in self.numbers:
            if number not in chances:
                self.below[number] = 0
                for one in form.inputs(number):
                    self.below[number] |= self.below[abs(one)]
        gates = [number for number in self.numbers if number not in chances]
        self.inputs = _flat_inputs(form, gates) if thorough else {one: form.inputs(one) for one in gates}
        # Bounds of gates above events of which none is known, and of two: the same for all cases.
        self.unknown, self.unknown_pairs = {}, {}

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
        pairs = dict(self.chances)
        for number, column in zip(self.order, known.T, strict=False):
            pairs[number] = column.astype(float), (~column).astype(float)
        free = self._free(depth)
        found = self._bounds(pairs, free, self.unknown, self.unknown_pairs)
        low, high, _, _ = _signed(found, self.form.top)
        return np.broadcast_to(low, cases), np.broadcast_to(high, cases), self._left(found, free, cases)

    def choose(self, case):
        """Put down as the next events those that narrow a case most, once one of them is known."""
        free = self._free(len(case))
        events = [number for number in self.events if self.below[number] & free]
        pairs = dict(self.chances)
        pairs |= {number: (float(yes), float(not yes)) for number, yes in zip(self.order, case, strict=True)}
        # A row where each of them happens, and one where it does not.
        for i, number in enumerate(events):
            yes, no = (np.full(2 * len(events), share) for share in self.chances[number])
            yes[2 * i : 2 * i + 2], no[2 * i : 2 * i + 2] = (1, 0), (0, 1)
            pairs[number] = yes, no
        low, high, _, _ = _signed(self._bounds(pairs, free, {}, {}), self.form.top)
        widths = np.reshape(np.broadcast_to(high - low, 2 * len(events)), (-1, 2))
        left = np.sum(widths * [self.chances[number] for number in events], axis=1)
        # Of equals, but for rounding, the first.
        rounded = np.round(left / left.max(), 9) if left.max() > 0 else left
        ranked = np.argsort(rounded, kind="stable")[:CHOSEN_AT_ONCE]
        self.order += [events[i] for i in ranked.tolist()]

    def _free(self, depth):
        free = -1
        for number in self.order[:depth]:
            free &= ~self.below[number]
        return free

    def _bounds(self, pairs, free, unknown, unknown_pairs):
        """By number, the bounds of all gates and events, with the pairs of the events as given."""
        found: dict = {1: interval_gates.CERTAIN}
        joint = Joint(
            self.form,
            self.inputs,
            self.below,
            free,
            found,
            unknown_pairs,
            self.until if self.thorough else None,
        )
        with deep_recursion(10 * len(self.numbers) + 1000):
            for number in self.numbers:
                if number in pairs:
                    yes, no = pairs[number]
                    found[number] = (yes, yes, no, no)
                elif number in unknown and not self.below[number] & ~free:
                    found[number] = unknown[number]
                else:
                    found[number] = self._gate(number, found, joint)
                    if not self.below[number] & ~free:
                        unknown[number] = found[number]
        return found

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

    def _gate(self, number, found, joint):
        gate, inputs = self.form.gates[number], self.inputs[number]
        groups = joint.groups(inputs)
        if gate[0] == "and":
            parts = []
            for group in groups:
                values = [_signed(found, one) for one in group]
                if len(group) == 1:
                    parts += values
                    continue
                directions = {self.direction[abs(one)] * (1 if one > 0 else -1) for one in group}
                not_low = joint.any_of([-one for one in group])
                parts.append(interval_gates.together(values, directions, joint.all_of(group), not_low))
            low, high, not_low, not_high = interval_gates.all_of(parts)
            if self.thorough:
                # An input that is known to be false settles the gate: `_left` rests on it.
                high = functools.reduce(np.minimum, map(joint.high, self.form.inputs(number)), high)
            return low, high, not_low, not_high
        values = [_signed(found, one) for one in inputs]
        apart = len(groups) == len(inputs)
        if gate[0] == "xor":
            return interval_gates.one_of_two(values[0], values[1], apart)
        if apart:
            return interval_gates.at_least(gate[1], values)
        high = joint.at_least(gate[1], inputs)
        not_high = joint.at_least(len(inputs) - gate[1] + 1, [-one for one in inputs])
        return interval_gates.from_above(high, not_high)


def _flat_inputs(form, gates):
    """By gate, its inputs; of an AND, with those of the ANDs among them in their place, each once.

    What two ORs under an OR share is then not counted twice.
    """
    flat: dict[int, tuple[int, ...]] = {}
    for number in gates:
        flat[number] = form.inputs(number)
        if form.gates[number][0] == "and":
            spread = [
                flat[one] if one in flat and form.gates[one][0] == "and" else (one,)
                for one in form.inputs(number)
            ]
            flat[number] = tuple(dict.fromkeys(itertools.chain.from_iterable(spread)))
    return flat


def _signed(found, one):
    return found[one] if one > 0 else interval_gates.opposite(found[-one])

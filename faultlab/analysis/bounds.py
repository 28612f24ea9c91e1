"""A guaranteed interval for trees whose exact diagrams are too large.

Gates are combined by what is certain whatever their inputs share: products where inputs share nothing,
the inequality of associated events (Esary, Proschan and Walkup 1967) where all rise or all fall with what
they share, and Fréchet's bounds (1935) elsewhere. Then cases are split on one event after the other, the
widest first, until the interval is narrow or the time is over.
"""

import heapq
import itertools
import math
import time
from dataclasses import dataclass

from faultlab.analysis.common_cause import with_common_causes
from faultlab.analysis.cut_sets import directions
from faultlab.analysis.normal_form import normal_form
from faultlab.analysis.redundancy import without_redundancy

# Rounding of a few thousand sums and products, each a part in 2^53.
ROUNDING = 1e-11
# What a difference of two probabilities can be wrong by.
DIFFERENCE = 1e-15


@dataclass(frozen=True)
class Bounds:
    """The top event's probability lies between `low` and `high`; `cases` were told apart."""

    low: float
    high: float
    cases: int


def probability_bounds(tree, seconds=10.0, hours=math.inf, narrow=1e-6):
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
    >>> from faultlab.analysis import AND, OR, FaultTree
    >>> tree = FaultTree("t", {"t": AND(OR("a", "b"), OR("a", "c"))}, dict.fromkeys("abc", 0.1))
    >>> found = probability_bounds(tree)
    >>> round(found.low, 6), round(found.high, 6)
    (0.109, 0.109)
    """
    until = time.monotonic() + seconds
    tree = with_common_causes(tree, hours)
    form = without_redundancy(normal_form(tree))
    chances = [tree.events[name].at(hours) if name is not None else None for name in form.names]
    cases = _Cases(form, chances)
    fixed = {}
    low, high = cases.interval(fixed)
    number = itertools.count()
    waiting = [(low - high, next(number), 1.0, fixed, low, high)]
    # The running totals say when to stop; the answer is added up anew, for they lose small digits.
    count, total_low, total_high, done = 1, low, high, []
    while waiting and time.monotonic() < until and total_high - total_low > narrow * total_high:
        _, _, weight, fixed, low, high = heapq.heappop(waiting)
        event = cases.next_event(fixed)
        if event is None:
            done.append((weight * low, weight * high))
            continue
        total_low, total_high = total_low - weight * low, total_high - weight * high
        for value, share in zip((True, False), chances[event], strict=True):
            if share == 0:
                continue
            case = {**fixed, event: value}
            case_low, case_high = cases.interval(case)
            part = weight * share
            total_low, total_high = total_low + part * case_low, total_high + part * case_high
            if case_high > case_low:
                entry = (part * (case_low - case_high), next(number), part, case, case_low, case_high)
                heapq.heappush(waiting, entry)
            else:
                done.append((part * case_low, part * case_high))
            count += 1
    done += [(weight * low, weight * high) for _, _, weight, _, low, high in waiting]
    low, high = (math.fsum(ends) for ends in zip(*done, strict=True))
    return Bounds(low * (1 - ROUNDING), min(1.0, high * (1 + ROUNDING)), count)


class _Cases:
    """A normal form, to be bounded again and again with some events known."""

    def __init__(self, form, chances):
        self.form, self.chances = form, chances
        self.direction = directions(form)
        reached, waiting = {abs(form.top)}, [abs(form.top)]
        uses = {}
        while waiting:
            for one in form.inputs(waiting.pop()):
                uses[abs(one)] = uses.get(abs(one), 0) + 1
                if abs(one) not in reached:
                    reached.add(abs(one))
                    waiting.append(abs(one))
        self.numbers = sorted(reached)
        below = {}
        for one in self.numbers:
            gate = form.gates[one]
            below[one] = 1 << one if gate is None else 0
            for inside in form.inputs(one):
                below[one] |= below.get(abs(inside), 0)
        self.below = below
        shared = [one for one in self.numbers if form.gates[one] is None and one > 1 and uses.get(one, 0) > 1]
        rest = [one for one in self.numbers if form.gates[one] is None and one > 1 and uses.get(one, 0) <= 1]
        self.order = sorted(shared, key=lambda one: -uses[one] * chances[one][0]) + rest

    def next_event(self, fixed):
        """The event to split on: not known yet, and the one with the most uses that happen."""
        return next((one for one in self.order if one not in fixed), None)

    def interval(self, fixed):
        """Bounds of the top event where some events are known."""
        free = ~sum(1 << one for one in fixed)
        # By number: P at least and at most, and 1 - P at least and at most.
        found = {1: (1.0, 1.0, 0.0, 0.0)}
        for one in self.numbers:
            gate = self.form.gates[one]
            if gate is not None:
                found[one] = self._of_gate(gate, found, free)
            elif one in fixed:
                found[one] = (1.0, 1.0, 0.0, 0.0) if fixed[one] else (0.0, 0.0, 1.0, 1.0)
            elif one > 1:
                yes, no = self.chances[one]
                found[one] = (yes, yes, no, no)
        low, high, _, _ = _signed(found, self.form.top)
        return low, high

    def _of_gate(self, gate, found, free):
        inputs = gate[-1]
        values = [_signed(found, one) for one in inputs]
        masks = [self.below.get(abs(one), 0) & free for one in inputs]
        if gate[0] == "and":
            return self._all(inputs, values, masks)
        apart = sum(mask.bit_count() for mask in masks) == _union(masks).bit_count()
        if gate[0] == "xor":
            return _one_of_two(*values, apart)
        return _at_least(gate[1], values, apart)

    def _all(self, inputs, values, masks):
        """All happen: groups that share nothing are multiplied, inside a group only what is certain."""
        if any(one[1] == 0 for one in values):
            return 0.0, 0.0, 1.0, 1.0
        kept = [i for i, one in enumerate(values) if one[0] < 1]
        groups = []
        for i in kept:
            mask, members, others = masks[i], [i], []
            for group in groups:
                if group[0] & mask:
                    mask |= group[0]
                    members = group[1] + members
                else:
                    others.append(group)
            groups = [*others, (mask, members)]
        parts = [
            self._together([inputs[i] for i in group], [values[i] for i in group]) for _, group in groups
        ]
        low, high = math.prod(one[0] for one in parts), math.prod(one[1] for one in parts)
        return low, high, _any([one[2] for one in parts]), _any([one[3] for one in parts])

    def _together(self, inputs, values):
        if len(values) == 1:
            return values[0]
        ways = {self.direction[abs(one)] * (1 if one > 0 else -1) for one in inputs}
        high, not_low = min(one[1] for one in values), max(one[2] for one in values)
        if ways in ({1}, {-1}):
            return math.prod(one[0] for one in values), high, not_low, _any([one[3] for one in values])
        not_high = min(1.0, math.fsum(one[3] for one in values))
        return max(0.0, 1 - not_high - DIFFERENCE), high, not_low, not_high


def _signed(found, one):
    low, high, not_low, not_high = found[abs(one)]
    return (low, high, not_low, not_high) if one > 0 else (not_low, not_high, low, high)


def _union(masks):
    total = 0
    for mask in masks:
        total |= mask
    return total


def _any(chances):
    """The probability that at least one of independent events happens, small ones to full precision."""
    if max(chances, default=0.0) >= 1:
        return 1.0
    return -math.expm1(math.fsum(math.log1p(-one) for one in chances))


def _one_of_two(a, b, apart):
    if apart:
        corners = [p * (1 - q) + q * (1 - p) for p in a[:2] for q in b[:2]]
        low, high = min(corners), max(corners)
    else:
        low = max(0.0, a[0] - b[1], b[0] - a[1])
        high = min(1.0, a[1] + b[1], a[3] + b[3])
    low, high = max(0.0, low - DIFFERENCE), min(1.0, high + DIFFERENCE)
    return low, high, max(0.0, 1 - high - DIFFERENCE), min(1.0, 1 - low + DIFFERENCE)


def _at_least(k, values, apart):
    if apart:
        low, not_high = _count([(one[0], one[3]) for one in values], k)
        high, not_low = _count([(one[1], one[2]) for one in values], k)
        return low, high, not_low, not_high
    # Markov's inequality for how many happen, and for how many do not.
    high = min(1.0, math.fsum(one[1] for one in values) / k)
    not_high = min(1.0, math.fsum(one[3] for one in values) / (len(values) - k + 1))
    return max(0.0, 1 - not_high - DIFFERENCE), high, max(0.0, 1 - high - DIFFERENCE), not_high


def _count(pairs, k):
    """The pair (at least k, fewer) of independent events with pairs (happens, does not)."""
    exactly, reached = [1.0] + [0.0] * (k - 1), 0.0
    for yes, no in pairs:
        reached += exactly[k - 1] * yes
        for i in range(k - 1, 0, -1):
            exactly[i] = exactly[i] * no + exactly[i - 1] * yes
        exactly[0] *= no
    return reached, math.fsum(exactly)

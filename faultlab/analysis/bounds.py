"""A guaranteed interval for trees whose exact diagrams are too large.

Modules that are small are exact. What is left is bounded gate by gate (see `interval_gates`), and cases are
told apart: one event after the other is known to happen or not, in every case that is still open. The cases
that add most to the width stay open, as many as the time allows; the others count with the bounds that they
have. So every case is in the sum, and the exact probability lies in the interval whatever was left open.
"""

import math
import time
from dataclasses import dataclass

import numpy as np

from faultlab.analysis import interval_gates
from faultlab.analysis.build_diagrams import AnalysisTooLarge, build_block
from faultlab.analysis.common_cause import with_common_causes
from faultlab.analysis.cut_sets import directions
from faultlab.analysis.diagram import TimeIsUp
from faultlab.analysis.modules import find_modules
from faultlab.analysis.normal_form import normal_form
from faultlab.analysis.quantify import probability
from faultlab.analysis.redundancy import without_redundancy

# Rounding of a few thousand sums and products, each a part in 2^53.
ROUNDING = 1e-11
# Modules of more nodes are left to the bounds; they may take this share of the time.
MOST_NODES, SHARE = 50_000, 0.2
FIRST_CASES, MOST_CASES = 256, 200_000
# Into how many steps the time is parted: events known after each other. More steps have fewer cases open.
STEPS = 150
# How many times those that go on may wait for the next sweep at each step; others are settled as they are.
MOST_OPEN = 4


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
    began = time.monotonic()
    tree = with_common_causes(tree)
    form = without_redundancy(normal_form(tree))
    chances = {n: tree.events[name].at(hours) for n, name in enumerate(form.names) if name is not None}
    _solve_modules(form, chances, began + SHARE * seconds)
    part = _Part(form, chances)
    cases = _Cases(part, narrow)
    while cases.open and cases.sweep(seconds, began + seconds):
        pass
    low, high = cases.sum()
    return Bounds(low * (1 - ROUNDING), min(1.0, high * (1 + ROUNDING)), cases.count)


class _Cases:
    """All cases: open ones by the number of events that are known in them, and the sums of the settled ones.

    A case is a row of `known`, with its weight (the probability that it is so) and its bounds. At most `most`
    cases are parted in a step; the last step with so many took `spent` seconds.
    """

    def __init__(self, part, narrow):
        self.part, self.narrow, self.count = part, narrow, 0
        self.open, self.settled = {}, []
        self.most, self.spent = FIRST_CASES, None
        self._put(0, np.zeros((1, 0), bool), np.ones(1))

    def sum(self):
        """The interval: every case is in it."""
        parts = [[math.fsum(end) for end in ends] for _, _, _, *ends in self.open.values()]
        return tuple(math.fsum(ends) for ends in zip(*self.settled, *parts, strict=True))

    def narrow_enough(self):
        """Whether the interval is."""
        low, high = (sum(end) for end in zip(*self.settled, strict=True))
        for _, _, _, *ends in self.open.values():
            low, high = low + ends[0].sum(), high + ends[1].sum()
        return high - low <= self.narrow * high

    def sweep(self, seconds, until):
        """Take one event more as known, in the widest of the open cases, from the first event to the last.

        Returns whether it came to the last: the time sufficed, and the interval is not narrow enough.
        """
        for depth, event in enumerate(self.part.order):
            if depth not in self.open:
                continue
            if time.monotonic() + (self.spent or 0) > until or (depth % 16 == 0 and self.narrow_enough()):
                return False
            known, weight, width, low, high = self.open.pop(depth)
            ranked = np.argsort(-width, kind="stable")
            goes, stays, rest = np.split(ranked, [self.most, MOST_OPEN * self.most])
            self.settled.append((math.fsum(low[rest]), math.fsum(high[rest])))
            if len(stays):
                self.open[depth] = tuple(one[stays] for one in (known, weight, width, low, high))
            before = time.monotonic()
            known = np.concatenate(
                [np.column_stack((known[goes], np.full(len(goes), value))) for value in (True, False)]
            )
            weight = np.concatenate([weight[goes] * share for share in self.part.chances[event]])
            self._put(depth + 1, known[weight > 0], weight[weight > 0])
            if len(goes) == self.most:
                self.spent = time.monotonic() - before
                # As many as a step's share of the time allows; a step has a cost without any, too.
                fit = self.most * seconds / STEPS / self.spent
                self.most = 1 + int(min(max(fit, self.most / 2), 2 * self.most, MOST_CASES))
        return True

    def _put(self, depth, known, weight):
        """Bound new cases; those that are known to the last digit are settled."""
        low, high = (weight * end for end in self.part.interval(known))
        self.count += len(weight)
        wide = high > low if depth < len(self.part.order) else np.zeros(len(weight), bool)
        self.settled.append((math.fsum(low[~wide]), math.fsum(high[~wide])))
        new = [one[wide] for one in (known, weight, high - low, low, high)]
        if depth in self.open:
            new = [np.concatenate(both) for both in zip(self.open[depth], new, strict=True)]
        if len(new[0]):
            self.open[depth] = tuple(new)


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
        # What is used most and happens most parts the gates best; events that are used once come last.
        events = [number for number in self.numbers if number in chances]
        self.order = sorted(events, key=lambda one: (uses[one] == 1, -uses[one] * chances[one][0]))
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

    def interval(self, known):
        """Bounds of the top event by case, where the first events are known.

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
        return np.broadcast_to(low, cases), np.broadcast_to(high, cases)

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

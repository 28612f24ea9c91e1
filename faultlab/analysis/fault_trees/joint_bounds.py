"""What two gates have in common at most, and what several make happen at least.

A bound of one gate at a time is wide where gates share events: of `a AND b` it can say no more than the less
likely of the two. So two gates are taken apart. An OR and another happen together at most as often as each
input of the OR does with the other, added up (Boole); an AND and another, as often as any two of their inputs
do; and what shares nothing is a product. At least one of several happens at least as often as each of them
does, less every two together (Bonferroni 1936).
"""

from __future__ import annotations

import functools
import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faultlab.analysis.engine.normal_form import NormalForm

# Sums of so few numbers are wrong by less than this part of what was added up.
ROUNDING = 1e-13
# Of more inputs than this, not every two are looked at.
MOST_INPUTS = 10
_OR = np.logical_or.reduce


class Joint:
    """Gates by signed number, with some of the events known.

    Parameters
    ----------
    form : NormalForm
    inputs : dict
        By gate, its inputs; not of those that count as events.
    below : dict
        By number, the events below as the bits of one number.
    free : int
        The events that are not known, as bits: what gates can share.
    found : dict
        By number, the bounds of the gates so far (see `interval_gates`); filled by the caller, inputs first.
    kept : dict
        What is known of two gates above events of which none is known, for the next cases.
    until : float or None
        On `time.monotonic()`'s clock: from then on nothing more is taken apart. None: nothing at all is.
    """

    def __init__(
        self,
        form: NormalForm,
        inputs: dict[int, tuple[int, ...]],
        below: dict[int, int],
        free: int,
        found: dict[int, Any],
        kept: dict[tuple[int, int], Any],
        until: float | None,
    ) -> None:
        self.form, self.inputs, self.below, self.free = form, inputs, below, free
        self.found, self.kept, self.until = found, kept, until
        self._pairs: dict[tuple[int, int], Any] = {}
        self._means: dict[int, float] = {}

    def high(self, one: int) -> Any:
        """The most that one can be true."""
        return self.found[one][1] if one > 0 else self.found[-one][3]

    def low(self, one: int) -> Any:
        """The least that one can be true."""
        return self.found[one][0] if one > 0 else self.found[-one][2]

    def groups(self, numbers: Sequence[int]) -> list[list[int]]:
        """The numbers in groups that share nothing with each other."""
        groups: list[tuple[int, list[int]]] = []
        for one in numbers:
            mask, members, others = self.below[abs(one)] & self.free, [one], []
            for group in groups:
                if group[0] & mask:
                    mask |= group[0]
                    members = group[1] + members
                else:
                    others.append(group)
            groups = [*others, (mask, members)]
        return [members for _, members in groups]

    def all_of(self, group: Sequence[int]) -> Any:
        """How often all of a group are true at most: the two of them that are least likely."""
        if len(group) == 1 or self.until is None:
            return functools.reduce(np.minimum, map(self.high, group))
        if len(group) > 2:
            group = sorted(group, key=self._mean)
        return self.both(*group[:2])

    def any_of(self, group: Sequence[int]) -> Any:
        """How often one of a group is true at least."""
        if self.until is None:
            return functools.reduce(np.maximum, map(self.low, group))
        ranked = sorted(group, key=lambda one: -_mean(self.low(one)))
        total, taken = self.low(ranked[0]), ranked[:1]
        for one in ranked[1:MOST_INPUTS]:
            gain, lost = self.low(one), 0.0
            for other in taken:
                if not _some(gain > lost):
                    break
                lost = lost + self.both(one, other)
            if _mean(gain - lost) > 0:
                total = total + (gain - lost) - ROUNDING * (gain + lost)
                taken.append(one)
        return functools.reduce(np.maximum, map(self.low, group), total)

    def at_least(self, k: int, numbers: Sequence[int]) -> Any:
        """How often k or more are true at most: by how many are, and by how many twos (Markov)."""
        high = sum(self.high(one) for one in numbers) / k
        if k > 1 and len(numbers) <= MOST_INPUTS and self.until is not None:
            twos = sum(self.both(a, b) for i, a in enumerate(numbers) for b in numbers[:i])
            high = np.minimum(high, twos / math.comb(k, 2))
        return np.minimum(high, 1.0)

    def both(self, a: int, b: int) -> Any:
        """How often two are true together at most."""
        if a == b:
            return self.high(a)
        if a == -b:
            return 0.0
        one, other = self.below[abs(a)], self.below[abs(b)]
        if not one & other & self.free:
            return self.high(a) * self.high(b)
        key = (a, b) if abs(a) > abs(b) else (b, a)
        known = self._pairs if (one | other) & ~self.free else self.kept
        if key not in known:
            known[key] = self._apart(*key)
        return known[key]

    def _apart(self, a, b):
        """Two that share something, the first, which may stand above the other, taken apart."""
        high = np.minimum(self.high(a), self.high(b))
        gate, inputs = self.form.gates[abs(a)], self.inputs.get(abs(a), ())
        late = self.until is None or time.monotonic() > self.until
        if not inputs or gate[0] == "xor" or late or not _some(high > 0):
            return high
        if gate[0] == "and" and a > 0:
            together = dict.fromkeys((*inputs, *self._all(b)))
            if any(-one in together for one in together):
                return 0.0
            product = 1.0
            # No `math.prod`: what calls itself through C is not deep on the heap alone.
            for group in self.groups(list(together)):
                product = product * self.all_of(group)
            return np.minimum(high, product)
        if a < 0:
            inputs = tuple(-one for one in inputs)
        needed = 1 if gate[0] == "and" else gate[1] if a > 0 else len(inputs) - gate[1] + 1
        total, most = 0.0, high * needed
        # The likeliest first: a sum that says nothing new is left early.
        for i, one in enumerate(sorted(inputs, key=self._mean, reverse=True)):
            total = total + self.both(one, b)
            if i % 2 and not _some(total < most):
                return high
        return np.minimum(high, total / needed)

    def _all(self, one):
        """What has to be true where one is: the inputs of an AND."""
        return self.inputs[one] if one in self.inputs and self.form.gates[one][0] == "and" else (one,)

    def _mean(self, one):
        if one not in self._means:
            self._means[one] = _mean(self.high(one))
        return self._means[one]


def _some(true):
    return _OR(true) if isinstance(true, np.ndarray) else true


def _mean(value):
    return value.mean() if isinstance(value, np.ndarray) else value

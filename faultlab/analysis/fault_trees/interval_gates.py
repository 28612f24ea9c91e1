"""What is certain of a gate's probability when that of its inputs is known to lie between bounds.

An input is (P at least, P at most, 1 - P at least, 1 - P at most): numbers, or arrays with an entry for each
case. Products where inputs share nothing, the inequality of associated events (Esary, Proschan and Walkup
1967) where all rise or all fall with what they share, and Frechet's bounds (1935) elsewhere.
"""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

CERTAIN, IMPOSSIBLE = (1.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, 1.0)
# What a difference of two probabilities can be wrong by.
DIFFERENCE = 1e-15


def opposite(value: Sequence[np.ndarray]) -> tuple[np.ndarray, ...]:
    """The bounds of what happens when the other does not."""
    low, high, not_low, not_high = value
    return not_low, not_high, low, high


def all_of(parts: Sequence[Sequence[np.ndarray]]) -> tuple[np.ndarray, ...]:
    """All happen, and they share nothing."""
    low, high = (functools.reduce(operator.mul, [one[i] for one in parts]) for i in (0, 1))
    return low, high, _any([one[2] for one in parts]), _any([one[3] for one in parts])


def together(
    values: Sequence[Sequence[np.ndarray]], directions: set[int], high: np.ndarray, not_low: np.ndarray
) -> tuple[np.ndarray, ...]:
    """All of some that share something happen.

    Parameters
    ----------
    values : list
        The bounds of each.
    directions : set of int
        The directions (1, -1, 0) in which they move with what they share.
    high, not_low : array
        What P is at most, and 1 - P at least (see `joint_bounds`).
    """
    if directions in ({1}, {-1}):
        low = functools.reduce(operator.mul, [one[0] for one in values])
        return low, high, not_low, _any([one[3] for one in values])
    not_high = np.minimum(1.0, sum(one[3] for one in values))
    return np.maximum(0.0, 1 - not_high - DIFFERENCE), high, not_low, not_high


def from_above(high: np.ndarray, not_high: np.ndarray) -> tuple[np.ndarray, ...]:
    """What is known of P and 1 - P from above alone."""
    return (
        np.maximum(0.0, 1 - not_high - DIFFERENCE),
        high,
        np.maximum(0.0, 1 - high - DIFFERENCE),
        not_high,
    )


def _any(chances):
    """The probability that at least one of independent events happens.

    Sums of what is not below zero: small ones keep their digits.
    """
    total = chances[0]
    for one in chances[1:]:
        total = total + one * (1 - total)
    return np.minimum(total, 1.0)


def one_of_two(a: Sequence[np.ndarray], b: Sequence[np.ndarray], apart: bool) -> tuple[np.ndarray, ...]:
    """Exactly one of two happens; `apart` says that they share nothing."""
    if apart:
        corners = [p * (1 - q) + q * (1 - p) for p in a[:2] for q in b[:2]]
        low, high = functools.reduce(np.minimum, corners), functools.reduce(np.maximum, corners)
    else:
        low = np.maximum(0.0, np.maximum(a[0] - b[1], b[0] - a[1]))
        high = np.minimum(1.0, np.minimum(a[1] + b[1], a[3] + b[3]))
    low, high = np.maximum(0.0, low - DIFFERENCE), np.minimum(1.0, high + DIFFERENCE)
    return low, high, np.maximum(0.0, 1 - high - DIFFERENCE), np.minimum(1.0, 1 - low + DIFFERENCE)


def at_least(k: int, values: Sequence[Sequence[np.ndarray]]) -> tuple[np.ndarray, ...]:
    """At least k happen, and they share nothing."""
    low, not_high = _count([(one[0], one[3]) for one in values], k)
    high, not_low = _count([(one[1], one[2]) for one in values], k)
    return low, high, not_low, not_high


def _count(pairs, k):
    """The pair (at least k, fewer) of independent events with pairs (happens, does not)."""
    exactly, reached = [1.0] + [0.0] * (k - 1), 0.0
    for yes, no in pairs:
        reached = reached + exactly[k - 1] * yes
        for i in range(k - 1, 0, -1):
            exactly[i] = exactly[i] * no + exactly[i - 1] * yes
        exactly[0] = exactly[0] * no
    return reached, sum(exactly)

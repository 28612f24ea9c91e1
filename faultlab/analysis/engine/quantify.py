"""Probabilities from diagrams: one pass up for the top event, one pass down for every event's share.

Probabilities are only ever added and multiplied on the way up, and whichever of P and 1 - P is small is
the one that is computed: subtracting from one would lose every digit of a small probability.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from faultlab.analysis.engine.diagram import DEEPEST, deep_recursion
from faultlab.analysis.engine.samples import of_samples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faultlab.analysis.engine.block import Block

# Above this many nodes a level, a pass by numpy arrays beats one by plain numbers.
DENSE = 12
# A difference below this share of what it is taken from is worked out from its parts.
LOST_DIGITS = 0.01


def probability(block: Block, yes: Sequence[Any], no: Sequence[Any]) -> tuple:
    """The pair (P, 1 - P) of a block, with the pairs of its variables by level.

    Parameters
    ----------
    block : Block
    yes, no : list of float, or of numpy arrays of one length
        By level: the probability that the variable is true, and that it is false.

    Returns
    -------
    tuple
        Two numbers, or two arrays.
    """
    arrays = [one for one in yes if isinstance(one, np.ndarray)]
    if arrays:
        return of_samples(block, yes, no, len(arrays[0]))
    if len(block.level) <= DENSE * len(block.variables):
        values = edge_values(block, yes, no)
        happens, fails = values[block.root], values[block.root ^ 1]
        return (happens, 1 - happens) if happens <= 0.5 else (1 - fails if fails <= 0.5 else happens, fails)
    happens = _along(block.happening, yes, no)
    if happens <= 0.5:
        return happens, 1 - happens
    fails = _along(block.not_happening, yes, no)
    return 1 - fails if fails <= 0.5 else happens, fails


def _along(steps, yes, no):
    """The value of the edge that the steps lead to."""
    values = np.empty(len(steps.high))
    values[:2] = 1.0, 0.0
    for level, first, end in steps.levels:
        values[first:end] = yes[level] * values[steps.high[first:end]]
        values[first:end] += no[level] * values[steps.low[first:end]]
    return float(values[steps.last])


def edge_values(block: Block, yes: Sequence[Any], no: Sequence[Any]) -> list[float]:
    """The probability of every edge of a block: by node P, then 1 - P."""
    values = [1.0, 0.0]
    for level, high, low in block.triples:
        p, q = yes[level], no[level]
        values.append(p * values[high] + q * values[low])
        values.append(p * values[high ^ 1] + q * values[low ^ 1])
    return values


def slopes(block: Block, yes: Sequence[Any], no: Sequence[Any]) -> list[float]:
    """By level, how the block's probability changes with the variable's: its Birnbaum importance.

    The derivative is P(block | variable true) - P(block | variable false), for every variable in one
    pass down. Where more of a variable can only help, or only harm, all that is added up has one sign.
    """
    with deep_recursion(10 * len(block.variables) + 1000):
        changes = _Changes(block, yes, no).of_nodes()
    weight = [0.0] * (2 * len(block.level))
    weight[block.root] = 1.0
    found = [0.0] * len(block.variables)
    for node in range(len(block.triples), 0, -1):
        level, high, low = block.triples[node - 1]
        positive, negative = weight[2 * node], weight[2 * node + 1]
        if positive == 0.0 and negative == 0.0:
            continue
        p, q = yes[level], no[level]
        weight[high] += p * positive
        weight[low] += q * positive
        weight[high ^ 1] += p * negative
        weight[low ^ 1] += q * negative
        found[level] += (positive - negative) * changes[node]
    return found


class _Changes:
    """P of one edge less P of another, to full precision.

    Most differences are taken as they are, between probabilities or between their complements, whichever
    are small. Where that would lose digits, the difference is made of those on the branches: between an
    edge and one that it implies, these all have one sign.
    """

    def __init__(self, block: Block, yes: Sequence[Any], no: Sequence[Any]) -> None:
        self.block, self.yes, self.no = block, yes, no
        self.triples, self.values = block.triples, edge_values(block, yes, no)
        self.known: dict = {}

    def of_nodes(self) -> np.ndarray:
        """By node, P where its variable is true less P where it is false."""
        values, high, low = np.array(self.values), self.block.high, self.block.low
        turned = values[high] + values[low] > 1.0
        first = np.where(turned, values[low ^ 1], values[high])
        second = np.where(turned, values[high ^ 1], values[low])
        changes = first - second
        lost = np.abs(changes) < LOST_DIGITS * np.maximum(first, second)
        changes = changes.tolist()
        for node in np.flatnonzero(lost[1:]).tolist():
            _, one, other = self.triples[node]
            changes[node + 1] = self._between(one, other)
        return changes

    def _between(self, one, other):
        values = self.values
        if values[one] + values[other] <= 1.0:
            first, second = values[one], values[other]
        else:
            first, second = values[other ^ 1], values[one ^ 1]
        change = first - second
        if abs(change) >= LOST_DIGITS * max(first, second) or one == other:
            return change
        key = (one, other)
        if key not in self.known:
            level = min(self._level(one), self._level(other))
            high, low = self._branches(one, level), self._branches(other, level)
            on, off = self._between(high[0], low[0]), self._between(high[1], low[1])
            self.known[key] = self.yes[level] * on + self.no[level] * off
        return self.known[key]

    def _level(self, edge):
        return self.triples[(edge >> 1) - 1][0] if edge > 1 else DEEPEST

    def _branches(self, edge, level):
        if self._level(edge) != level:
            return edge, edge
        _, high, low = self.triples[(edge >> 1) - 1]
        return high ^ edge & 1, low ^ edge & 1

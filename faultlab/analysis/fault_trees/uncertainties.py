"""Uncertainty: probabilities that are not known for sure, carried through the kept diagram."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from faultlab.analysis.fault_trees.expressions import Values
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.analysis.fault_trees.solved_tree import SolvedTree

FEWEST, MOST = 20, 1_000_000
NUMBERS_AT_ONCE = 5_000_000  # what the draws of one batch may hold
ENDS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Uncertain:
    """What is known of the top event's probability: `low` and `high` leave 5 % on either side.

    Attributes
    ----------
    mean, low, median, high : float
        To as many digits as so many samples carry: two standard errors move the last one.
    samples : array
    """

    mean: float
    low: float
    median: float
    high: float
    samples: np.ndarray


def uncertainty(
    solved: SolvedTree, samples: int = 10_000, seed: int = 0, hours: float = math.inf
) -> Uncertain:
    """Return the top event's probability as the distributions in its events' probabilities make it.

    Parameters
    ----------
    solved : SolvedTree
        Events whose probability is an expression (`Expressed`) with random deviates are drawn; those that
        share a parameter are drawn together. The others keep their one value.
    samples : int
    seed : int
    hours : float

    Returns
    -------
    Uncertain

    Raises
    ------
    BadInput
        If no event can be drawn, or a draw leaves the domain of an expression.

    Examples
    --------
    >>> from faultlab.analysis.engine import OR
    >>> from faultlab.analysis.fault_trees.expressions import Expressed, combined, constant
    >>> from faultlab.analysis.fault_trees.fault_tree import FaultTree
    >>> from faultlab.analysis.fault_trees.solved_tree import solve
    >>> around = Expressed("a", combined("uniform-deviate", [constant(0.0), constant(0.2)]))
    >>> tree = FaultTree("t", {"t": OR("a", "b")}, {"a": around, "b": 0.1})
    >>> found = uncertainty(solve(tree), samples=100_000)
    >>> found.mean, found.low, found.high
    (0.1899, 0.109, 0.271)
    """
    if not FEWEST <= samples <= MOST:
        raise BadInput(f"uncertainty takes from {FEWEST} to {MOST:,} samples, not {samples}.")
    events = {name: model for name, model in solved.tree.events.items() if name in solved.numbers}
    varying = {name: model for name, model in events.items() if model.random}
    if not varying:
        raise BadInput("no probability in this tree has a distribution, so there is nothing to sample.")
    rng, found = np.random.default_rng(seed), []
    most = max(1, NUMBERS_AT_ONCE // len(events))
    for start in range(0, samples, most):
        values = Values(hours, rng, min(most, samples - start))
        draws = {name: model.drawn(values) for name, model in varying.items()}
        found.append(solved.probability(draws, hours)[0])
    return summarised(np.concatenate(found))


def summarised(samples: np.ndarray) -> Uncertain:
    """Return the mean and the ends of samples, to as many digits as they carry.

    Parameters
    ----------
    samples : array of float

    Returns
    -------
    Uncertain

    Examples
    --------
    >>> found = summarised(np.linspace(0, 1, 10_000))
    >>> found.mean, found.low, found.high
    (0.5, 0.05, 0.95)
    """
    ordered, count = np.sort(samples), len(samples)
    mean = _rounded(ordered.mean(), 2 * ordered.std() / math.sqrt(count))
    ends = []
    for share in ENDS:
        # The ranks between which the true quantile lies with two standard errors: it is binomial.
        spread = 2 * math.sqrt(count * share * (1 - share))
        low, high = (
            ordered[round(min(max(0, share * count + side * spread), count - 1))] for side in (-1, 1)
        )
        ends.append(_rounded(np.quantile(ordered, share), (high - low) / 2))
    low, median, high = ends
    return Uncertain(mean, low, median, high, samples)


def _rounded(value, error):
    if not error > 0:
        return float(value)
    digits = math.floor(math.log10(abs(value) or error)) - math.floor(math.log10(error))
    return float(f"{value:.{max(0, digits)}e}")

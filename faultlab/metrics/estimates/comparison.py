"""Did we get better? What chance alone does to an MTTR, and how many incidents it takes to tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np

from faultlab.errors import BadInput
from faultlab.metrics.estimates.distributions import CONFIDENCE, normal_quantile
from faultlab.metrics.estimates.estimates import Estimate, counted_share, durations_array, mttr

_EXACT_UP_TO = 200_000
_PAIRS_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class Comparison:
    """Two periods side by side.

    `change` is the MTTR of the later period over the earlier one, less 1: -0.3 is 30 % shorter.
    `luck`: if nothing had changed, how often would chance alone show an improvement at least this large?
    """

    before: Estimate
    after: Estimate
    change: Estimate
    luck: Estimate


def compare_mttr(before: Sequence[float] | np.ndarray, after: Sequence[float] | np.ndarray) -> Comparison:
    """Compare the repairs of two periods.

    Parameters
    ----------
    before, after : sequence of float
        Durations in minutes, at least one each.

    Returns
    -------
    Comparison

    Examples
    --------
    >>> found = compare_mttr([30, 45, 60, 90], [20, 25, 40, 80])
    >>> round(found.change.value, 3), round(found.luck.value, 3)
    (-0.267, 0.229)
    """
    before, after = _some(before, "before"), _some(after, "after")
    earlier, later = mttr(before), mttr(after)
    return Comparison(earlier, later, _change(earlier, later), luck_probability(before, after))


def _change(earlier, later):
    """Join the two intervals on the logarithmic scale (MOVER for a ratio; Zou and Donner 2008)."""
    if earlier.value == 0 or later.value == 0 or None in (earlier.high, later.high):
        value = None if earlier.value == 0 else later.value / earlier.value - 1
        return Estimate(value, None, None, earlier.confidence, "the durations set no limits")
    ratio = math.log(later.value / earlier.value)
    down = math.hypot(math.log(later.value / later.low), math.log(earlier.high / earlier.value))
    up = math.hypot(math.log(later.high / later.value), math.log(earlier.value / earlier.low))
    low, high = math.expm1(ratio - down), math.expm1(ratio + up)
    return Estimate(math.expm1(ratio), low, high, earlier.confidence, "ratio of two MTTRs, MOVER")


def luck_probability(
    before: Sequence[float] | np.ndarray,
    after: Sequence[float] | np.ndarray,
    rounds: int = 20_000,
    seed: int = 0,
) -> Estimate:
    """Return how often chance alone would make the later period look at least so much better.

    If nothing has changed, every way to deal the durations out to the two periods is equally likely.
    This counts the share of them in which the later period comes out as short as it did, or shorter (a
    one-sided permutation test). All are tried when there are at most 200,000; otherwise `rounds` random
    ones. It is not the probability that nothing changed, which no table of incidents can tell.

    Parameters
    ----------
    before, after : sequence of float
        Durations in minutes, at least one each.
    rounds, seed : int
        Random deals, and their seed.

    Returns
    -------
    Estimate
        A probability; its interval is the error of the random deals, nil when all were tried.

    References
    ----------
    Phipson and Smyth (2010), Permutation p-values should never be zero.

    Examples
    --------
    Of the 20 ways to deal six out to three and three, one is as good as this.

    >>> luck_probability([4, 5, 6], [1, 2, 3]).value
    0.05
    """
    before, after = _some(before, "before"), _some(after, "after")
    together = np.concatenate((before, after))
    later = len(after)
    seen = float(together[len(before) :].sum())
    # Sums of the same numbers in another order differ in the last bits; they are the same deal.
    seen += 1e-9 * float(np.abs(together).sum())
    deals = math.comb(len(together), later)
    if deals <= _EXACT_UP_TO:
        value = _share_of_deals(together, later, seen, deals)
        return Estimate(value, value, value, CONFIDENCE, f"all {deals} ways to deal the durations out")
    rng = np.random.default_rng(seed)
    hits = 0
    batch = max(1, _PAIRS_AT_ONCE // len(together))
    for begin in range(0, rounds, batch):
        order = rng.random((min(batch, rounds - begin), len(together))).argsort(axis=1)[:, :later]
        hits += int((together[order].sum(axis=1) <= seen).sum())
    share = counted_share(hits, rounds, f"{rounds} random ways to deal the durations out")
    _, low, high = share.numbers()
    # The deal that happened is one of the possible ones, so the answer is never zero.
    value = (hits + 1) / (rounds + 1)
    return Estimate(value, min(low, value), max(high, value), share.confidence, share.method)


def _share_of_deals(values, size, seen, deals):
    hits = 0
    choices = combinations(range(len(values)), size)
    while chunk := list(islice(choices, 50_000)):
        hits += int((values[np.array(chunk)].sum(axis=1) <= seen).sum())
    return hits / deals


def chance_looks_better(incidents: int, sigma: float, by_at_least: float = 0.10) -> Estimate:
    """Return how often the later of two periods shows an MTTR shorter by at least `by_at_least`, by luck.

    Both periods have the same number of incidents, with lognormal durations that are alike.

    Parameters
    ----------
    incidents : int
        In each period.
    sigma : float
        Standard deviation of the logarithm of the durations; real ones have 1.0 to 1.6.
    by_at_least : float
        A share, 0.1 for 10 %.

    Returns
    -------
    Estimate
        A probability, with the error of the simulation.

    References
    ----------
    Davidovic (2021), Incident Metrics in SRE, Google.

    Examples
    --------
    Twelve incidents a quarter and no change at all: four boards in ten are shown a success.

    >>> round(chance_looks_better(12, 1.25).value, 1)
    0.4
    """
    ratios = mttr_ratios(incidents, sigma)
    better = int((ratios <= 1 - by_at_least).sum())
    return counted_share(better, len(ratios), f"{len(ratios)} simulated pairs of periods")


def mttr_ratios(incidents: int, sigma: float, rounds: int = 20_000, seed: int = 0) -> np.ndarray:
    """Return simulated ratios of the later period's MTTR to the earlier one's, where nothing has changed.

    Parameters
    ----------
    incidents, sigma
        As in `chance_looks_better`.
    rounds, seed : int
        Simulated pairs of periods, and their seed.

    Returns
    -------
    numpy.ndarray of shape (rounds,)

    Examples
    --------
    >>> mttr_ratios(12, 1.0, rounds=3).shape
    (3,)
    """
    if isinstance(incidents, bool) or incidents != int(incidents) or incidents < 1:
        raise BadInput(f"A period needs a whole number of incidents from 1 up, not {incidents!r}.")
    if not 0 <= sigma < 10:
        raise BadInput(f"Sigma is from 0 to below 10 (real repairs have 1.0 to 1.6), not {sigma!r}.")
    rng = np.random.default_rng(seed)
    batch = max(1, _PAIRS_AT_ONCE // (2 * int(incidents)))
    ratios = np.empty(rounds)
    for begin in range(0, rounds, batch):
        size = min(batch, rounds - begin)
        means = np.exp(sigma * rng.standard_normal((size, 2, int(incidents)))).mean(axis=2)
        ratios[begin : begin + size] = means[:, 1] / means[:, 0]
    return ratios


def incidents_to_tell(shorter_by: float, sigma: float) -> int:
    """Return how many incidents each period needs before a change in MTTR can be told from luck.

    With so many, a one-sided test at 5 % finds the change four times in five. The logarithm of a mean of n
    lognormal durations varies by about (exp(sigma^2) - 1) / n.

    Parameters
    ----------
    shorter_by : float
        The change to be found, 0.1 for 10 % shorter.
    sigma : float
        Standard deviation of the logarithm of the durations.

    Returns
    -------
    int
        Incidents in each of the two periods.

    References
    ----------
    The normal approximation for two means (NIST handbook 7.2.2.2), on the logarithmic scale.

    Examples
    --------
    >>> incidents_to_tell(0.10, 1.25)
    4201
    """
    if not 0 < shorter_by < 1:
        raise BadInput(f"The change to be found is a share between 0 and 1, not {shorter_by!r}.")
    distance = normal_quantile(0.95) + normal_quantile(0.8)
    return max(1, math.ceil(2 * math.expm1(sigma**2) * (distance / math.log1p(-shorter_by)) ** 2))


def _some(minutes, name):
    values = durations_array(minutes)
    if len(values) == 0:
        raise BadInput(f"The period {name!r} has no duration; there is nothing to compare.")
    return values

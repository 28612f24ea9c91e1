"""What outages cost: ranges, not points.

An outage's cost is given as a range: nine in ten outages cost between `low` and `high`, the 5 % and 95 %
points of a lognormal distribution, as in quantified risk analysis (riskquant, FAIR). Its long upper tail
is where the money is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from faultlab.errors import BadInput
from faultlab.metrics.estimates.distributions import CONFIDENCE, normal_quantile
from faultlab.metrics.estimates.estimates import Estimate, counted_share

_Z95 = normal_quantile(0.95)
CHECKOUT_HOUR, SEARCH_HOUR = (20_000, 50_000, 100_000), (4_000, 10_000, 20_000)
"""EUR: an hour of Kestrel's checkout and of its search, at least, likely and at most. As course/kestrel.yaml
has them, and a test holds the two together: the package works without the course beside it.
"""


@dataclass(frozen=True)
class Risk:
    """What happens `frequency` times a year and costs from `low` to `high` nine times in ten."""

    name: str
    frequency: float
    low: float
    high: float

    def __post_init__(self):
        lognormal_from_range(self.low, self.high)
        if not 0 <= self.frequency < 1e6:
            raise BadInput(f"{self.name}: a frequency is a number a year from 0 up, not {self.frequency!r}.")


def lognormal_from_range(low: float, high: float) -> tuple[float, float]:
    """Return mu and sigma of the lognormal whose 5 % and 95 % points are `low` and `high`.

    >>> mu, sigma = lognormal_from_range(1e5, 1e6)
    >>> round(math.exp(mu)), round(sigma, 6)
    (316228, 0.699936)
    """
    if not (0 < low <= high < math.inf):
        raise BadInput(
            f"A range goes from a positive low to a high at least as large, not {low!r} to {high!r}."
        )
    mu = (math.log(low) + math.log(high)) / 2
    sigma = (math.log(high) - math.log(low)) / (2 * _Z95)
    return mu, sigma


def mean_cost(low: float, high: float) -> float:
    """Return the mean cost of one outage whose 5-95 % range is given: exp(mu + sigma^2 / 2).

    It lies above the middle of the range on a logarithmic scale, since a few cost far more.

    >>> round(mean_cost(1e5, 1e6), 2)
    404001.28
    """
    mu, sigma = lognormal_from_range(low, high)
    return math.exp(mu + sigma * sigma / 2)


def annual_loss(frequency: float, low: float, high: float) -> float:
    """Return the mean loss a year: frequency times the mean cost of one outage.

    Parameters
    ----------
    frequency : float
        Outages a year; 0.1 is one in ten years.
    low, high : float
        5 % and 95 % points of the cost of one.

    Examples
    --------
    >>> round(annual_loss(0.10, 1e5, 1e6), 6)
    40400.128269
    """
    return frequency * mean_cost(low, high)


def trust_loss(hit: float, leaving: tuple[float, float], worth: float) -> tuple[float, float]:
    """Return the least and the most that customers lost for good cost: hit, times share leaving, times worth.

    A range of its own beside the cost of the hours: how many were hit is counted, which share of them leaves
    *because of it* is not, so its two ends are assumed and said.

    Parameters
    ----------
    hit : float
        Customers who met the outage.
    leaving : (float, float)
        The least and the most of them who leave for good because of it, as fractions.
    worth : float
        What one of them would still have brought.

    Raises
    ------
    BadInput
        For a share outside 0 to 1, the larger share first, or an amount below 0.

    Examples
    --------
    >>> trust_loss(5_000, (0, 0.02), 100)
    (0, 10000.0)
    """
    least, most = leaving
    if not 0 <= least <= most <= 1:
        raise BadInput(f"The shares who leave go up, between 0 and 1, not {least!r} to {most!r}.")
    for what, amount in (("Customers hit", hit), ("What a customer is worth", worth)):
        if not 0 <= amount < math.inf:
            raise BadInput(f"{what} is a number from 0 up, not {amount!r}.")
    return hit * least * worth, hit * most * worth


def simulate_annual_losses(risks: Risk | Sequence[Risk], years: int = 100_000, seed: int = 0) -> np.ndarray:
    """Return simulated losses, one a year: Poisson outages, each with a lognormal cost.

    Parameters
    ----------
    risks : Risk or sequence of Risk
        Independent of each other.
    years : int
        Simulated years, each like the next.
    seed : int

    Returns
    -------
    numpy.ndarray of shape (years,)

    Examples
    --------
    >>> losses = simulate_annual_losses(Risk("payments down", 0.10, 1e5, 1e6), years=1000)
    >>> bool((losses == 0).mean() > 0.85)
    True
    """
    if isinstance(years, bool) or years != int(years) or years < 1:
        raise BadInput(f"The years to simulate are a whole number from 1 up, not {years!r}.")
    risks = [risks] if isinstance(risks, Risk) else list(risks)
    # One stream of luck a risk: adding a risk or changing one leaves the luck of the others as it was.
    streams = np.random.SeedSequence(seed).spawn(len(risks))
    losses = np.zeros(int(years))
    for risk, stream in zip(risks, streams, strict=True):
        how_often, how_much = (np.random.default_rng(s) for s in stream.spawn(2))
        counts = how_often.poisson(risk.frequency, int(years))
        mu, sigma = lognormal_from_range(risk.low, risk.high)
        costs = np.exp(mu + sigma * how_much.standard_normal(int(counts.sum())))
        losses += np.bincount(np.repeat(np.arange(int(years)), counts), weights=costs, minlength=int(years))
    return losses


def loss_exceedance(
    losses: np.ndarray, amounts: Sequence[float] | np.ndarray, confidence: float = CONFIDENCE
) -> list[Estimate]:
    """Return, for each amount, the probability that a year costs more.

    Parameters
    ----------
    losses : array
        From `simulate_annual_losses`.
    amounts : sequence of float
    confidence : float
        Of the intervals, which hold the error of the simulation (Wilson) and no other.

    Returns
    -------
    list of Estimate

    Examples
    --------
    >>> curve = loss_exceedance(np.array([0.0, 0.0, 10.0, 30.0]), [0, 20])
    >>> [point.value for point in curve]
    [0.5, 0.25]
    """
    ordered = np.sort(np.asarray(losses, dtype=float))
    n = len(ordered)
    more = n - np.searchsorted(ordered, np.asarray(list(amounts), dtype=float), side="right")
    return [counted_share(count, n, f"{n} simulated years", confidence) for count in more.tolist()]


def loss_percentile(losses: np.ndarray, percentile: float, confidence: float = CONFIDENCE) -> Estimate:
    """Return the loss that this percentage of years stays below, with the error of the simulation.

    Parameters
    ----------
    losses : array
        From `simulate_annual_losses`.
    percentile : float
        Between 0 and 100; 95 is the loss of the one year in twenty.
    confidence : float
        Of the interval between two order statistics.

    Examples
    --------
    >>> loss_percentile(np.arange(1, 1001), 95).value
    950.0
    """
    if not 0 < percentile < 100:
        raise BadInput(f"A percentile lies between 0 and 100, not at {percentile!r}.")
    ordered = np.sort(np.asarray(losses, dtype=float))
    n = len(ordered)
    p = percentile / 100
    half = normal_quantile((1 + confidence) / 2) * math.sqrt(n * p * (1 - p))

    def rank(r):
        return float(ordered[min(max(math.ceil(r), 1), n) - 1])

    at = round(n * p, 9)  # 0.95 * 1000 is 950.0000000000001 in binary
    return Estimate(rank(at), rank(at - half), rank(at + half + 1), confidence, f"{n} simulated years")


def mean_loss(losses: np.ndarray, confidence: float = CONFIDENCE) -> Estimate:
    """Return the mean of simulated losses, with the error of the simulation.

    >>> mean_loss(np.array([0.0, 10.0])).value
    5.0
    """
    losses = np.asarray(losses, dtype=float)
    mean, n = float(losses.mean()), len(losses)
    half = (
        normal_quantile((1 + confidence) / 2) * float(losses.std(ddof=1)) / math.sqrt(n)
        if n > 1
        else math.inf
    )
    if not math.isfinite(half):
        return Estimate(mean, None, None, confidence, "one simulated year")
    return Estimate(mean, mean - half, mean + half, confidence, f"{n} simulated years")

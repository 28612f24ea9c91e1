"""What became of every customer of a simulated store."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from faultlab.errors import BadInput
from faultlab.metrics.estimates import CONFIDENCE_OF_TRIALS, Estimate, normal_quantile

OUTCOMES = ("served", "line full", "server died", "no server")
_BATCHES = 40


@dataclass(frozen=True, eq=False)
class StoreRun:
    """One customer a place, in order of arrival; times in seconds.

    Attributes
    ----------
    arrivals, starts, ends : numpy.ndarray of float
        When a customer came, began to be served, and left.
    outcomes : numpy.ndarray of int
        Index into `OUTCOMES`.
    servers : numpy.ndarray of int
        Which server; -1 where one line feeds all, or where none was there.
    kinds : numpy.ndarray of int
        Index into the kinds of customers.
    """

    arrivals: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    outcomes: np.ndarray
    servers: np.ndarray
    kinds: np.ndarray

    @property
    def served(self) -> np.ndarray:
        """True for customers who were served, however late."""
        return self.outcomes == 0

    @property
    def waits(self) -> np.ndarray:
        """Seconds in line, of those who were served."""
        return (self.starts - self.arrivals)[self.served]

    @property
    def responses(self) -> np.ndarray:
        """Seconds in line and in service, of those who were served."""
        return (self.ends - self.arrivals)[self.served]

    def share(self, outcome: str) -> float:
        """Return the share of customers with one of `OUTCOMES`."""
        if outcome not in OUTCOMES:
            raise BadInput(f"An outcome is {', '.join(OUTCOMES)}, not {outcome!r}.")
        return float(np.mean(self.outcomes == OUTCOMES.index(outcome)))

    def in_time(self, deadline: float) -> np.ndarray:
        """Return for each customer whether the answer came within so many seconds."""
        return self.served & (self.ends - self.arrivals <= deadline)

    def response_percentile(self, share: float) -> float:
        """Return the response time that a share of the served, such as 0.99, does not exceed."""
        return float(np.quantile(self.responses, share))

    def mean_wait(self, confidence: float = CONFIDENCE_OF_TRIALS) -> Estimate:
        """Return the mean wait with its interval; see `steady_mean`."""
        return steady_mean(self.waits, confidence)

    def mean_response(self, confidence: float = CONFIDENCE_OF_TRIALS) -> Estimate:
        """Return the mean response time with its interval; see `steady_mean`."""
        return steady_mean(self.responses, confidence)


def steady_mean(values: np.ndarray, confidence: float = CONFIDENCE_OF_TRIALS) -> Estimate:
    """Return the mean of a series in its long run, with an interval by batch means.

    The first tenth is left out, for a store opens empty. Neighbours wait together, so single customers say
    less than they seem to: the rest is cut into 40 batches, whose means are nearly independent.

    Parameters
    ----------
    values : array of float
        In order of time; 400 or more.
    confidence : float

    Returns
    -------
    faultlab.metrics.Estimate

    References
    ----------
    A. M. Law, *Simulation Modeling and Analysis*, 5th edition, McGraw-Hill 2015, section 9.5.3.

    Examples
    --------
    >>> found = steady_mean(np.random.default_rng(1).exponential(2.0, 100_000))
    >>> found.low < 2.0 < found.high
    True
    """
    values = np.asarray(values, float)
    if len(values) < 10 * _BATCHES:
        raise BadInput(f"{len(values)} customers are too few for an interval; simulate 400 or more.")
    kept = values[len(values) // 10 :]
    means = kept[: len(kept) // _BATCHES * _BATCHES].reshape(_BATCHES, -1).mean(axis=1)
    # Student's quantile from the normal one (Cornish and Fisher, first term): 2.022 for 39 degrees, 95 %.
    z = normal_quantile((1 + confidence) / 2)
    t = z + (z**3 + z) / (4 * (_BATCHES - 1))
    half = t * means.std(ddof=1) / math.sqrt(_BATCHES)
    mean = float(means.mean())
    return Estimate(mean, mean - float(half), mean + float(half), confidence, "batch means, 40 batches")

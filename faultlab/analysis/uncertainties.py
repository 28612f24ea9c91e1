"""Uncertainty: probabilities that are not known for sure, carried through the kept diagram."""

import math
from dataclasses import dataclass

import numpy as np

from faultlab.errors import BadInput


@dataclass(frozen=True)
class Uniform:
    """Anywhere between low and high, all alike."""

    low: float
    high: float

    def sample(self, rng, size):
        """Draw `size` values with a numpy generator."""
        return rng.uniform(self.low, self.high, size)


@dataclass(frozen=True)
class Lognormal:
    """A median, and an error factor by which the 95th percentile exceeds it.

    Draws above 1 count as 1.
    """

    median: float
    error_factor: float

    def sample(self, rng, size):
        """Draw `size` values with a numpy generator."""
        deviation = math.log(self.error_factor) / 1.6448536269514722
        return np.minimum(rng.lognormal(math.log(self.median), deviation, size), 1.0)


@dataclass(frozen=True)
class Beta:
    """What `alpha - 1` failures and `beta - 1` successes leave one to believe, from no belief before."""

    alpha: float
    beta: float

    def sample(self, rng, size):
        """Draw `size` values with a numpy generator."""
        return rng.beta(self.alpha, self.beta, size)


@dataclass(frozen=True)
class Triangular:
    """A low, a likeliest and a high value: what people can say of what they have not measured."""

    low: float
    likely: float
    high: float

    def sample(self, rng, size):
        """Draw `size` values with a numpy generator."""
        if self.low == self.high:
            return np.full(size, float(self.low))
        return rng.triangular(self.low, self.likely, self.high, size)


@dataclass(frozen=True)
class Uncertain:
    """What is known of the top event's probability: `low` and `high` leave 5 % on either side."""

    mean: float
    low: float
    median: float
    high: float
    samples: np.ndarray


def uncertainty(solved, distributions, samples=10_000, seed=0, hours=math.inf):
    """Return the top event's probability as the events' distributions make it.

    Parameters
    ----------
    solved : SolvedTree
    distributions : dict
        From event to `Uniform`, `Lognormal`, `Beta`, `Triangular`, or anything with `sample(rng, size)`.
        Events that are left out keep their one value.
    samples : int
    seed : int
    hours : float

    Returns
    -------
    Uncertain

    Examples
    --------
    >>> from faultlab.analysis import OR, FaultTree, solve
    >>> tree = FaultTree("t", {"t": OR("a", "b")}, {"a": 0.1, "b": 0.1})
    >>> found = uncertainty(solve(tree), {"a": Uniform(0.0, 0.2)}, samples=100_000)
    >>> round(found.mean, 2), round(found.low, 2), round(found.high, 2)
    (0.19, 0.11, 0.27)
    """
    if samples < 20:
        raise BadInput(f"uncertainty needs at least 20 samples, not {samples}.")
    rng = np.random.default_rng(seed)
    draws = {}
    for name, distribution in distributions.items():
        values = np.asarray(distribution.sample(rng, samples), float)
        if not np.all((values >= 0) & (values <= 1)):
            raise BadInput(f"the distribution of {name!r} gives probabilities outside 0 to 1; narrow it.")
        draws[name] = values
    found = solved.probability(draws, hours)[0]
    if not draws:
        found = np.full(samples, found)
    low, median, high = np.quantile(found, (0.05, 0.5, 0.95))
    return Uncertain(float(found.mean()), float(low), float(median), float(high), found)

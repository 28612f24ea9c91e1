"""The ranges of a system, carried through to its journeys: samples of what the ranges allow.

A range's low, likely and high are taken as the 5, 50 and 95 % points of a lognormal distribution with two
halves, one for each side. Availabilities are sampled as unavailabilities: it is in the minutes down that
they differ. Every quantity has its own random numbers, known by its name, so that two systems that differ
in one part are compared under the same luck.
"""

from __future__ import annotations

import functools
import math
import zlib
from typing import TYPE_CHECKING

import numpy as np

from faultlab.analysis.systems.component_lives import down_and_up
from faultlab.analysis.systems.system_tree import chances
from faultlab.errors import BadInput
from faultlab.metrics.estimates import normal_quantile

if TYPE_CHECKING:
    from faultlab.analysis.systems.system import Range, System

SAMPLES = 4000
_Z95 = normal_quantile(0.95)


def sampled(
    given: Range, name: str, samples: int = SAMPLES, seed: int = 0, most: float = np.inf
) -> float | np.ndarray:
    """Return samples of a range, or its one value where it is a point.

    Parameters
    ----------
    given : Range
        From 0 up.
    name : str
        Of the quantity: the same name and seed give the same random numbers.
    samples, seed : int
    most : float
        Draws above count as this.

    Returns
    -------
    float or numpy array

    Examples
    --------
    >>> from faultlab.analysis.systems.system import Range
    >>> drawn = sampled(Range(10.0, 20.0, 80.0), "worth")
    >>> [round(float(one)) for one in np.quantile(drawn, (0.05, 0.5, 0.95))]
    [10, 20, 80]
    """
    if given.low == given.high:
        return float(given.likely)
    return np.minimum(at_scores(given, normal_scores(samples, seed, name)), most)


def at_scores(given: Range, scores: np.ndarray) -> np.ndarray:
    """Return the numbers of a range that is no point at the normal scores of draws.

    >>> from faultlab.analysis.systems.system import Range
    >>> at_scores(Range(10.0, 20.0, 80.0), np.zeros(1))
    array([20.])
    """
    z = scores / _Z95
    if given.low > 0:
        below, above = np.log(given.likely / given.low), np.log(given.high / given.likely)
        values = given.likely * np.exp(z * np.where(z < 0, below, above))
    else:  # no lognormal reaches zero
        values = given.likely + z * np.where(z < 0, given.likely - given.low, given.high - given.likely)
    return np.maximum(values, 0.0)


def mean_of(given: Range) -> float:
    """Return the mean of a range's distribution, exactly.

    Examples
    --------
    A loss once in ten years, of 100,000 to 1,000,000: what Netflix's riskquant says of it.

    >>> from faultlab.analysis.systems.system import Range
    >>> round(0.1 * mean_of(Range(1e5, 10**5.5, 1e6)), 6)
    40400.128269
    """
    if given.low == given.high:
        return float(given.likely)
    if given.low > 0:
        below, above = np.log([given.likely / given.low, given.high / given.likely]) / _Z95
        return given.likely * float(
            math.exp(below**2 / 2) * _normal_below(-below) + math.exp(above**2 / 2) * _normal_below(above)
        )
    # The lower half is cut off at zero, _Z95 below the middle.
    density = (1 / math.sqrt(2 * math.pi), math.exp(-(_Z95**2) / 2) / math.sqrt(2 * math.pi))
    below = given.likely * (0.45 - (density[0] - density[1]) / _Z95)
    return below + given.likely / 2 + (given.high - given.likely) / _Z95 * density[0]


def share_above(given: Range, values: np.ndarray | float) -> np.ndarray:
    """Return the chance that a number drawn from a range lies above each value.

    >>> from faultlab.analysis.systems.system import Range
    >>> [round(float(one), 6) for one in share_above(Range(1.0, 2.0, 8.0), np.array([0, 1, 2, 8]))]
    [1.0, 0.95, 0.5, 0.05]
    """
    values = np.asarray(values, dtype=float)
    if given.low == given.high:
        return (values < given.likely).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        if given.low > 0:
            away = np.log(np.maximum(values, 0.0) / given.likely)
            below, above = np.log([given.likely / given.low, given.high / given.likely])
        else:
            away, below, above = values - given.likely, given.likely, given.high - given.likely
        z = _Z95 * np.where(away < 0, away / below, np.where(away > 0, away / above, 0.0))
    return np.where(values < 0, 1.0, 1.0 - _normal_below(z))


def _normal_below(z):
    x = np.asarray(np.divide(z, math.sqrt(2)))
    found = np.asarray(np.sign(x))  # which is all that a double holds of it so far out
    near = np.abs(x) < 6.0
    found[near] = _ERF(x[near])
    return 0.5 * (1.0 + found)


_ERF = np.frompyfunc(math.erf, 1, 1)


def down_samples(system: System, journey: str, samples: int = SAMPLES, seed: int = 0) -> np.ndarray:
    """Return samples of the share of time for which a journey does not work.

    Parameters
    ----------
    system : System
    journey : str
    samples, seed : int

    Returns
    -------
    numpy array of float

    Raises
    ------
    BadInput
        For fewer than 100 samples, which leave five beyond either end of a range of 90 %.
    """
    if samples < 100:
        raise BadInput(f"A range takes at least 100 samples, not {samples}; ask for more.")

    @functools.cache
    def life(name):
        return {
            field: _field(given, field, f"{name}.{field}", samples, seed)
            for field, given in system.components[name].life.items()
        }

    @functools.cache
    def down_up(name, group):
        every = None if group is None else system.groups[group].tested_every_hours
        if every is None:
            return down_and_up(life(name))
        drawn = sampled(every, f"{group}.tested_every_hours", samples, seed)
        return down_and_up(life(name) | {"tested_every_hours": drawn})

    def component(name, tested):
        return down_up(name, tested and tested.name)

    @functools.cache
    def share(name, field):
        return sampled(getattr(system.groups[name], field), f"{name}.{field}", samples, seed, most=1.0)

    solved = system.solved(journey)
    found = solved.probability(chances(system, solved.tree.events, component, share))[0]
    return found if isinstance(found, np.ndarray) else np.full(samples, found)


def _field(given, field, name, samples, seed):
    if field != "availability":
        return sampled(given, name, samples, seed)
    down = type(given)(1 - given.high, 1 - given.likely, 1 - given.low)
    return 1 - sampled(down, name, samples, seed, most=1.0)


@functools.lru_cache(maxsize=512)
def normal_scores(samples: int, seed: int, name: str) -> np.ndarray:
    """A normal sample, one value out of each of `samples` slices of equal probability, in random order."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())]).permutation(_slices(samples))


@functools.lru_cache(maxsize=8)
def _slices(samples):
    return np.array([normal_quantile((i + 0.5) / samples) for i in range(samples)])

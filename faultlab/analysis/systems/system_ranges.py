"""The ranges of a system, carried through to its journeys: samples of what the ranges allow.

A range's low, likely and high are taken as the 5, 50 and 95 % points of a lognormal distribution with two
halves, one for each side. Availabilities are sampled as unavailabilities: it is in the minutes down that
they differ. Every quantity has its own random numbers, known by its name, so that two systems that differ
in one part are compared under the same luck.
"""

from __future__ import annotations

import functools
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
    z = _normal(samples, seed, name) / _Z95
    if given.low > 0:
        below, above = np.log(given.likely / given.low), np.log(given.high / given.likely)
        values = given.likely * np.exp(z * np.where(z < 0, below, above))
    else:  # no lognormal reaches zero
        values = given.likely + z * np.where(z < 0, given.likely - given.low, given.high - given.likely)
    return np.clip(values, 0.0, most)


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
def _normal(samples, seed, name):
    """A normal sample, one value out of each of `samples` slices of equal probability, in random order."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())]).permutation(_slices(samples))


@functools.lru_cache(maxsize=8)
def _slices(samples):
    return np.array([normal_quantile((i + 0.5) / samples) for i in range(samples)])

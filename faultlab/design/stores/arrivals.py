"""When customers come: at a steady rate, by a curve, or in a flash sale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from faultlab.errors import BadInput


@dataclass(frozen=True)
class RateCurve:
    """A rate of arrivals over time, straight between the given points.

    Attributes
    ----------
    times : tuple of float
        Seconds, rising from 0; the last is the end.
    rates : tuple of float
        Customers a second at these times, 0 or more.

    Examples
    --------
    >>> ramp = RateCurve((0, 100), (0, 10))
    >>> ramp.at(50), ramp.customers
    (5.0, 500.0)
    """

    times: tuple[float, ...]
    rates: tuple[float, ...]

    def __post_init__(self):
        times, rates = self.times, self.rates
        if len(times) != len(rates) or len(times) < 2 or times[0] != 0 or any(np.diff(times) <= 0):
            raise BadInput("A rate curve needs as many rates as times, and times that rise from 0.")
        if not all(0 <= rate < math.inf for rate in rates):
            raise BadInput(f"A rate of arrivals is a number from 0, not {min(rates)!r}.")

    def at(self, time: float | np.ndarray) -> float | np.ndarray:
        """Return the rate at a time; an array for an array."""
        found = np.interp(time, self.times, self.rates)
        return float(found) if np.ndim(time) == 0 else found

    @property
    def end(self) -> float:
        """The last time, in seconds."""
        return self.times[-1]

    @property
    def customers(self) -> float:
        """The mean number of customers over the whole curve."""
        return float(np.trapezoid(self.rates, self.times))

    def times_of(self, counts: np.ndarray) -> np.ndarray:
        """Return when the mean number of customers so far reaches each of `counts`."""
        times, rates = np.asarray(self.times, float), np.asarray(self.rates, float)
        so_far = np.concatenate([[0.0], np.cumsum(np.diff(times) * (rates[1:] + rates[:-1]) / 2)])
        piece = np.clip(np.searchsorted(so_far, counts, "right") - 1, 0, len(times) - 2)
        slope = np.diff(rates)[piece] / np.diff(times)[piece]
        left, more = rates[piece], counts - so_far[piece]
        # The root of left·t + slope·t²/2 = more in the form that is safe where the slope is 0.
        below = left + np.sqrt(np.maximum(left**2 + 2 * slope * more, 0.0))
        return times[piece] + np.divide(2 * more, below, out=np.zeros_like(below), where=below > 0)


def steady(rate: float, duration: float) -> RateCurve:
    """Return the curve of a rate that never changes.

    >>> steady(10, 60).customers
    600.0
    """
    if not (0 < duration < math.inf):
        raise BadInput(f"A duration is more than 0 seconds, not {duration!r}.")
    return RateCurve((0.0, float(duration)), (float(rate), float(rate)))


def arrival_times(curve: RateCurve, seed: int | Sequence[int] = 0) -> np.ndarray:
    """Return the times of a Poisson process whose rate follows a curve.

    Parameters
    ----------
    curve : RateCurve
    seed : int or sequence of int
        The same seed gives the same luck under every curve: it draws a process of rate 1, whose clock the
        curve then runs faster or slower.

    Returns
    -------
    numpy.ndarray
        Seconds, rising.

    Examples
    --------
    >>> times = arrival_times(steady(10, 1000), seed=1)
    >>> 9_500 < len(times) < 10_500
    True
    """
    rng = np.random.default_rng(seed)
    parts, reached = [], 0.0
    while reached <= curve.customers:
        size = int(curve.customers - reached + 4 * math.sqrt(curve.customers) + 64)
        parts.append(reached + np.cumsum(rng.standard_exponential(size)))
        reached = parts[-1][-1]
    counts = np.concatenate(parts)
    return curve.times_of(counts[counts < curve.customers])

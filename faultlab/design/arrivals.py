"""When customers come: at a steady rate, by a curve, in a flash sale, or as a file has recorded it."""

import csv
import math
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

    times: tuple
    rates: tuple

    def __post_init__(self):
        times, rates = self.times, self.rates
        if len(times) != len(rates) or len(times) < 2 or times[0] != 0 or any(np.diff(times) <= 0):
            raise BadInput("A rate curve needs as many rates as times, and times that rise from 0.")
        if not all(0 <= rate < math.inf for rate in rates):
            raise BadInput(f"A rate of arrivals is a number from 0, not {min(rates)!r}.")

    def at(self, time):
        """Return the rate at a time; an array for an array."""
        found = np.interp(time, self.times, self.rates)
        return float(found) if np.ndim(time) == 0 else found

    @property
    def end(self):
        """The last time, in seconds."""
        return self.times[-1]

    @property
    def customers(self):
        """The mean number of customers over the whole curve."""
        return float(np.trapezoid(self.rates, self.times))

    def times_of(self, counts):
        """Return when the mean number of customers so far reaches each of `counts`."""
        times, rates = np.asarray(self.times, float), np.asarray(self.rates, float)
        so_far = np.concatenate([[0.0], np.cumsum(np.diff(times) * (rates[1:] + rates[:-1]) / 2)])
        piece = np.clip(np.searchsorted(so_far, counts, "right") - 1, 0, len(times) - 2)
        slope = np.diff(rates)[piece] / np.diff(times)[piece]
        left, more = rates[piece], counts - so_far[piece]
        # The root of left·t + slope·t²/2 = more in the form that is safe where the slope is 0.
        below = left + np.sqrt(np.maximum(left**2 + 2 * slope * more, 0.0))
        return times[piece] + np.divide(2 * more, below, out=np.zeros_like(below), where=below > 0)


def steady(rate, duration):
    """Return the curve of a rate that never changes.

    >>> steady(10, 60).customers
    600.0
    """
    if not (0 < duration < math.inf):
        raise BadInput(f"A duration is more than 0 seconds, not {duration!r}.")
    return RateCurve((0.0, float(duration)), (float(rate), float(rate)))


def daily_curve(mean_rate, peak_over_mean=1.8, peak_hour=20.0, days=1):
    """Return a day (or several) that swings like a cosine about its mean, in steps of 15 minutes.

    Parameters
    ----------
    mean_rate : float
        Customers a second.
    peak_over_mean : float
        From 1 (flat) to 2 (nobody at the quietest hour).
    peak_hour : float
        Of the day, 0 to 24.
    days : int

    Examples
    --------
    >>> day = daily_curve(10)
    >>> round(day.at(20 * 3600), 6), round(day.customers / 86_400, 6)
    (18.0, 10.0)
    """
    if not 1 <= peak_over_mean <= 2:
        raise BadInput(f"The peak of a daily curve is 1 to 2 times its mean, not {peak_over_mean!r}.")
    if isinstance(days, bool) or not isinstance(days, int) or days < 1:
        raise BadInput(f"A number of days is a whole number from 1, not {days!r}.")
    times = np.arange(0, days * 86_400 + 1, 900.0)
    swing = np.cos(2 * np.pi * (times / 3600 - peak_hour) / 24)
    return RateCurve(
        tuple(times.tolist()), tuple((mean_rate * (1 + (peak_over_mean - 1) * swing)).clip(min=0).tolist())
    )


def flash_sale(base_rate, peak_rate, starts, rise, hold, fall, duration):
    """Return a steady rate with one sale in it; all times in seconds.

    Examples
    --------
    >>> sale = flash_sale(10, 50, starts=600, rise=60, hold=300, fall=600, duration=3600)
    >>> sale.at(0), sale.at(630), sale.at(700), sale.at(3000)
    (10.0, 30.0, 50.0, 10.0)
    """
    if min(starts, rise, hold, fall) <= 0 or starts + rise + hold + fall >= duration:
        raise BadInput("A sale's start, rise, hold and fall are above 0 seconds and end before the duration.")
    times = (0.0, starts, starts + rise, starts + rise + hold, starts + rise + hold + fall, duration)
    return RateCurve(times, (base_rate, base_rate, peak_rate, peak_rate, base_rate, base_rate))


def arrival_times(curve, seed=0):
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


def replay(path, columns=("time",)):
    """Return the columns of a recorded trace, sorted by time.

    Parameters
    ----------
    path : path-like
        A CSV file with a header; `time` in seconds, and any other column that is asked for, all numbers.
    columns : sequence of str
        `time` first.

    Returns
    -------
    tuple of numpy.ndarray

    Raises
    ------
    BadInput
        For a missing column, a line that can't be read, a negative number, or an empty file.
    """
    columns = tuple(columns)
    rows = []
    with open(path, newline="", encoding="utf-8-sig") as file:
        table = csv.DictReader(file)
        missing = [name for name in columns if name not in (table.fieldnames or ())]
        if missing:
            raise BadInput(f"{path}: the trace has no column {', '.join(missing)}; add it to the header.")
        for row in table:
            try:
                rows.append([float(row[name]) for name in columns])
            except (TypeError, ValueError):
                raise BadInput(
                    f"{path}, line {table.line_num}: {', '.join(columns)} must be numbers."
                ) from None
            if not all(0 <= number < math.inf for number in rows[-1]):
                raise BadInput(f"{path}, line {table.line_num}: numbers of a trace are 0 or more.")
    if not rows:
        raise BadInput(f"{path}: the trace has no customers; it needs a line for each below the header.")
    rows.sort(key=lambda row: row[0])
    return tuple(np.array(rows).T.copy())

"""How often a detector cries wolf, and how often it sees what is there: labelled series, counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from faultlab.errors import BadInput
from faultlab.metrics.budgets.user_impact import SHOP_DAY
from faultlab.metrics.estimates.estimates import Estimate, counted_share
from faultlab.metrics.graphs.skyline_votes import skyline

DAY = 8_640
"""Points of ten seconds."""
_AT_ONCE = 50
SIGMAS, TAIL = 5.0, 3
"""What an anomaly is to `seasonal_anomaly`: how far off, and how many last points."""
_NOISE, _DAY_SPREAD, _POINTS = 10.0, 0.5, 3


@dataclass(frozen=True)
class DetectionRates:
    """Shares of series that a detector called anomalous: of quiet ones, and of those with an anomaly."""

    detector: str
    false_alarms: Estimate
    power: Estimate


def seasonal_anomaly(series: Sequence[float] | np.ndarray, points_a_period: int) -> np.ndarray:
    """Return whether the end of each series is unlike the same time of the periods before.

    The baseline that a shop with quiet nights needs: expected is the median of the same ten minutes in each
    earlier period, and the spread is what such an expectation missed by, over all earlier periods. The mean
    of the last three points has to be off by five robust standard deviations (1.4826 times the median
    absolute deviation).

    Parameters
    ----------
    series : array_like
        Metrics by values, whole periods with the newest last; at least four periods.
    points_a_period : int
        Such as 8,640 points of ten seconds for a day.

    Returns
    -------
    array of bool

    Examples
    --------
    >>> week = 100 + np.tile(50 * np.sin(np.arange(144) / 144 * 2 * np.pi), 7)
    >>> week = week + np.random.default_rng(1).normal(0, 5, week.size)
    >>> bool(seasonal_anomaly(week, 144)[0])
    False
    >>> week[-3:] -= 40
    >>> bool(seasonal_anomaly(week, 144)[0])
    True
    """
    values = np.atleast_2d(np.asarray(series, dtype=float))
    periods = values.shape[1] // points_a_period
    if periods < 4 or not np.isfinite(values).all():
        raise BadInput("A seasonal baseline needs finite numbers of at least four whole periods.")
    half = max(1, round(points_a_period * 300 / 86_400))
    apart = values[:, -periods * points_a_period :].reshape(len(values), periods, points_a_period)
    ends = apart[:, -1, -TAIL:].mean(axis=1)
    # The same time of day: the five minutes on either side smooth what one point would leave to chance.
    around = np.concatenate([apart[:, :-1, -half:], apart[:, 1:, :half]], axis=2)[:, : periods - 1]
    expected = np.median(around.reshape(len(values), -1), axis=1)
    # What the same rule missed by at other times of the earlier periods.
    blocks = apart[:, :-1].shape[2] // TAIL
    means = apart[:, :-1, : blocks * TAIL].reshape(len(values), periods - 1, blocks, TAIL).mean(axis=3)
    missed = means - np.median(means, axis=1)[:, None]
    spread = 1.4826 * np.median(np.abs(missed).reshape(len(values), -1), axis=1)
    # A median of few periods hugs its own values: of n normal ones it hides a share of 1/n.
    spread *= np.sqrt((periods - 1) / (periods - 2))
    return np.abs(ends - expected) > SIGMAS * np.maximum(spread, 1e-12)


def detection_rates(
    rng: np.random.Generator,
    height: float,
    season: float = 0.0,
    series: int = 200,
    days: int = 7,
) -> tuple[DetectionRates, ...]:
    """Return false alarms and power of Skyline, of Skyline without quirks and of a seasonal baseline.

    Half of the synthetic series are quiet, half end in an anomaly; all detectors see the same ones. A
    series is a day of noise (standard deviation 10) around 1,000, plus the shape of a shop's day. Skyline
    sees the last 24 hours, the baseline the last week. The end of each series falls at a random hour.
    An anomaly has lasted half a minute. The level moves from day to day by half the noise: were all days
    alike, which no shop's are, it would flatter the baseline.

    Parameters
    ----------
    rng : numpy.random.Generator
    height : float
        Of the anomaly, in standard deviations of the noise; negative for a drop.
    season : float
        Standard deviation of the day's shape, in standard deviations of the noise.
    series : int
        Of each half.
    days : int
        Of history, the last one included; at least 4.

    Returns
    -------
    tuple of DetectionRates

    Examples
    --------
    >>> rates = detection_rates(np.random.default_rng(1), height=10, series=20, days=4)
    >>> [found.detector for found in rates], rates[0].power.value
    (['skyline', 'skyline without quirks', 'seasonal baseline'], 1.0)
    """
    if days < 4 or series < 1:
        raise BadInput("A study takes 4 days or more and a series or more.")
    hours = np.asarray(SHOP_DAY) - np.mean(SHOP_DAY)
    shape = np.interp(np.arange(DAY) / 360, np.arange(25), [*hours, hours[0]]) / hours.std()
    detectors = {
        "skyline": lambda week: skyline(week[:, -DAY:]).anomalous,
        "skyline without quirks": lambda week: skyline(week[:, -DAY:], quirks=()).anomalous,
        "seasonal baseline": lambda week: seasonal_anomaly(week, DAY),
    }
    said = {name: [0, 0] for name in detectors}
    for first in range(0, series, _AT_ONCE):
        count = min(_AT_ONCE, series - first)
        starts = rng.integers(0, DAY, count)
        shapes = np.stack([np.roll(shape, -start) for start in starts])
        week = 1_000 + _NOISE * season * np.tile(shapes, (1, days))
        week += np.repeat(rng.normal(0, _NOISE * _DAY_SPREAD, (count, days)), DAY, axis=1)
        week += rng.normal(0, _NOISE, week.shape)
        for half in (0, 1):
            week[:, -_POINTS:] += half * height * _NOISE
            for name, looks in detectors.items():
                said[name][half] += int(looks(week).sum())
    return tuple(
        DetectionRates(
            name,
            counted_share(quiet, series, f"{series} quiet series"),
            counted_share(seen, series, f"{series} series with an anomaly"),
        )
        for name, (quiet, seen) in said.items()
    )

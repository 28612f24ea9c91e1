"""Skyline's nine algorithms and their vote, for many metrics at once.

Etsy published Skyline in 2013 (github.com/etsy/skyline, MIT) to watch over 250,000 metrics. The rules are
rewritten here from its `algorithms.py`; what is odd in them is named in `QUIRKS` and can be switched off.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from faultlab.errors import BadInput
from faultlab.metrics.estimates.distributions import student_t_upper
from faultlab.metrics.graphs.series_tests import dickey_fuller, ks_two_samples

ALGORITHMS = (
    "first_hour_average",
    "mean_subtraction_cumulation",
    "stddev_from_average",
    "stddev_from_moving_average",
    "least_squares",
    "grubbs",
    "histogram_bins",
    "median_absolute_deviation",
    "ks_test",
)
QUIRKS = {
    "one_sided_grubbs": "Grubbs's test looks at rises only: a drop of any size passes.",
    "missing_vote": "The median rule gives no answer instead of a no, and only a no counts against an alarm: "
    "five votes do then, where six are asked for.",
    "whole_sigmas": "Least squares keeps silent where the spread or the error rounds to 0: a metric of small "
    "numbers never alarms.",
    "first_bin": "The lowest histogram bin counts only at its very edge: a drop below all others passes.",
}
CONSENSUS = 6
_HOUR, _TEN_MINUTES = 360, 60  # points
_SIGMAS, _MEDIANS, _BINS, _FEW, _CENTRE_OF_MASS = 3, 6, 15, 20, 50


@dataclass(frozen=True)
class Votes:
    """What the algorithms say of each metric's last points.

    Attributes
    ----------
    answers : array of int8, metrics by nine
        1 yes, 0 no, -1 no answer; in the order of `ALGORITHMS`.
    anomalous : array of bool
    """

    answers: np.ndarray
    anomalous: np.ndarray


def skyline(series: Sequence[float] | np.ndarray, quirks: Collection[str] = tuple(QUIRKS)) -> Votes:
    """Return what Skyline says of the end of each series.

    Parameters
    ----------
    series : array_like
        A metric's values every ten seconds, or metrics by values; 24 hours is what Skyline takes, an hour is
        the least.
    quirks : collection of str
        Those of `QUIRKS` that are kept; all of them is Skyline as published, `()` none.

    Returns
    -------
    Votes

    Examples
    --------
    >>> day = np.random.default_rng(1).normal(100, 10, 8_640)
    >>> bool(skyline(day).anomalous[0])
    False
    >>> day[-3:] += 100
    >>> votes = skyline(day)
    >>> int((votes.answers == 1).sum()), bool(votes.anomalous[0])
    (8, True)
    """
    values = np.atleast_2d(np.asarray(series, dtype=float))
    quirks = _checked(values, quirks)
    tail = values[:, -3:].mean(axis=1)
    mean = values.mean(axis=1)
    centred = values - mean[:, None]
    squares = np.einsum("ij,ij->i", centred, centred)
    count = values.shape[1]
    hour = values[:, :_HOUR]
    sample_sd = np.sqrt(squares / (count - 1))
    answers = [
        np.abs(tail - hour.mean(axis=1)) > _SIGMAS * hour.std(axis=1, ddof=1),
        _last_from_the_mean(values, mean),
        np.abs(tail - mean) > _SIGMAS * sample_sd,
        _from_moving_average(values),
        _least_squares(centred, "whole_sigmas" in quirks),
        _grubbs(tail - mean, np.sqrt(squares / count), count, "one_sided_grubbs" in quirks),
        _rare_bin(values, tail, "first_bin" in quirks),
        _median_deviation(values, "missing_vote" in quirks),
        [_ks(row) for row in values],
    ]
    votes = np.array([np.asarray(answer, dtype=np.int8) for answer in answers]).T
    # Skyline counts the noes, so that a missing answer is as good as a yes.
    anomalous = (votes == 0).sum(axis=1) <= len(ALGORITHMS) - CONSENSUS
    return Votes(votes, anomalous)


def _checked(values, quirks):
    if values.ndim != 2 or not np.isfinite(values).all():
        raise BadInput("A series is a row of finite numbers, or several rows of the same length.")
    if values.shape[1] < _HOUR:
        raise BadInput(
            f"{values.shape[1]} points of 10 seconds are too short: an hour is the least, a day the rule."
        )
    if unknown := set(quirks) - set(QUIRKS):
        raise BadInput(f"{sorted(unknown)[0]!r} is no quirk of Skyline's; they are {', '.join(QUIRKS)}.")
    return set(quirks)


def _last_from_the_mean(values, mean):
    """Whether the last point alone is three deviations from those before it."""
    count = values.shape[1]
    last = values[:, -1]
    before = (mean * count - last) / (count - 1)
    return np.abs(last - before) > _SIGMAS * values[:, :-1].std(axis=1, ddof=1)


def _from_moving_average(values):
    """Whether the last point is three exponentially weighted deviations from such a mean, itself included."""
    # Weights of points that lie 2,000 back are below 1e-17.
    recent = values[:, -2_000:]
    weights = (_CENTRE_OF_MASS / (1 + _CENTRE_OF_MASS)) ** np.arange(recent.shape[1])[::-1]
    weights /= weights.sum()
    mean = recent @ weights
    variance = (recent - mean[:, None]) ** 2 @ weights / (1 - (weights**2).sum())
    return np.abs(values[:, -1] - mean) > _SIGMAS * np.sqrt(variance)


def _least_squares(centred, whole_sigmas):
    count = centred.shape[1]
    place = np.arange(count) - (count - 1) / 2
    slope = centred @ place / (place**2).sum()
    spread = np.sqrt(np.maximum((centred**2).mean(axis=1) - slope**2 * (place**2).mean(), 0))
    error = (centred[:, -3:] - slope[:, None] * place[-3:]).mean(axis=1)
    found = np.abs(error) > _SIGMAS * spread
    if whole_sigmas:
        found &= (np.round(spread) != 0) & (np.round(error) != 0)
    return found


def _grubbs(difference, spread, count, one_sided):
    squared = student_t_upper(0.05 / (2 * count), count - 2) ** 2
    critical = (count - 1) / np.sqrt(count) * np.sqrt(squared / (count - 2 + squared))
    return (difference if one_sided else np.abs(difference)) > critical * spread


def _rare_bin(values, tail, first_bin):
    """Whether the last points' average falls into one of 15 bins with 20 values or fewer."""
    low, high = values.min(axis=1), values.max(axis=1)
    flat = low == high
    edges = np.linspace(low - 0.5 * flat, high + 0.5 * flat, _BINS + 1, axis=1)
    place = (tail[:, None] >= edges).sum(axis=1) - 1
    inside = (place >= 0) & (place < _BINS)
    here = np.clip(place, 0, _BINS - 1)
    rows = np.arange(len(values))
    left, right = edges[rows, here][:, None], edges[rows, here + 1][:, None]
    last = here[:, None] == _BINS - 1
    size = ((values >= left) & ((values < right) | last)).sum(axis=1)
    found = inside & (size <= _FEW)
    if first_bin:
        found &= (here > 0) | (tail <= edges[:, 0])
    return found


def _median_deviation(values, missing_vote):
    apart = np.abs(values - np.median(values, axis=1)[:, None])
    typical = np.median(apart, axis=1)
    far = apart[:, -1] > _MEDIANS * typical
    no = np.where(typical == 0, 0, -1 if missing_vote else 0)
    return np.where(far & (typical > 0), 1, no)


def _ks(row):
    """Whether the last ten minutes are unlike the hour before, which was steady."""
    probe, reference = row[-_TEN_MINUTES:], row[-_HOUR:-_TEN_MINUTES]
    distance, chance = ks_two_samples(reference, probe)
    if not (chance < 0.05 and distance > 0.5) or np.ptp(reference) == 0:
        return False
    return dickey_fuller(reference)[1] < 0.05

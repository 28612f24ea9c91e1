"""Two tests that Skyline leans on, in NumPy: Kolmogorov and Smirnov's, Dickey and Fuller's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from faultlab.errors import BadInput

_TAU_MOST, _TAU_LEAST, _TAU_BEND = 2.74, -18.83, -1.61
_BELOW_BEND, _ABOVE_BEND = (2.1659, 1.4412, 0.038269), (1.7339, 0.93202, -0.12745, -0.010368)


def ks_two_samples(
    first: Sequence[float] | np.ndarray, second: Sequence[float] | np.ndarray
) -> tuple[float, float]:
    """Return Kolmogorov and Smirnov's D of two samples, and its p-value for large ones.

    Parameters
    ----------
    first, second : array_like

    Returns
    -------
    (float, float)
        The p-value has Stephens's correction for finite samples, as SciPy had it in Skyline's days.

    References
    ----------
    Stephens (1970), Use of the Kolmogorov-Smirnov, Cramer-von Mises and related statistics without
    extensive tables.

    Examples
    --------
    >>> ks_two_samples([1, 2, 3], [4, 5, 6])[0]
    1.0
    """
    first, second = np.sort(np.asarray(first, float)), np.sort(np.asarray(second, float))
    if not len(first) or not len(second):
        raise BadInput("Kolmogorov and Smirnov's test needs values in both samples.")
    both = np.concatenate([first, second])
    below_first = np.searchsorted(first, both, side="right") / len(first)
    below_second = np.searchsorted(second, both, side="right") / len(second)
    distance = float(np.abs(below_first - below_second).max())
    root = math.sqrt(len(first) * len(second) / (len(first) + len(second)))
    return distance, kolmogorov_tail((root + 0.12 + 0.11 / root) * distance)


def kolmogorov_tail(x: float) -> float:
    """Return the chance that Kolmogorov's variable exceeds x: an alternating series, or its transform.

    >>> round(kolmogorov_tail(1.3581), 4)
    0.05
    """
    if x <= 0:
        return 1.0
    if x < 1.18:
        # The theta function's other form converges where the alternating one is slow.
        terms = (math.exp(-((2 * k - 1) ** 2) * math.pi**2 / (8 * x * x)) for k in range(1, 20))
        return 1 - math.sqrt(2 * math.pi) / x * sum(terms)
    return 2 * sum((-1) ** (k - 1) * math.exp(-2 * k * k * x * x) for k in range(1, 20))


def dickey_fuller(series: Sequence[float] | np.ndarray, most_lags: int = 10) -> tuple[float, float]:
    """Return the augmented Dickey-Fuller statistic with a constant, and its p-value.

    A small p-value says that the series returns to its mean. The number of lags is the one of the least
    Akaike criterion.

    Parameters
    ----------
    series : array_like
    most_lags : int

    Returns
    -------
    (float, float)

    References
    ----------
    Said and Dickey (1984); MacKinnon (1994), Approximate asymptotic distribution functions for unit-root
    and cointegration tests, for the p-value.

    Examples
    --------
    >>> noise = np.random.default_rng(1).normal(size=300)
    >>> dickey_fuller(noise)[1] < 0.001, dickey_fuller(noise.cumsum())[1] > 0.05
    (True, True)
    """
    series = np.asarray(series, float)
    if len(series) < 2 * most_lags + 5:
        raise BadInput(f"{len(series)} points are too few for a Dickey-Fuller test with {most_lags} lags.")
    best = min(range(most_lags + 1), key=lambda lags: _regression(series, lags, most_lags)[1])
    statistic, _ = _regression(series, best, best)
    return statistic, _unit_root_p(statistic)


def _regression(series, lags, skipped):
    """The t value of the level in the regression of the changes, and Akaike's criterion."""
    changes = np.diff(series)
    wanted = changes[skipped:]
    columns = [series[skipped:-1], np.ones(len(wanted))]
    columns += [changes[skipped - lag : len(changes) - lag] for lag in range(1, lags + 1)]
    design = np.column_stack(columns)
    inverse = np.linalg.pinv(design.T @ design)
    weights = inverse @ (design.T @ wanted)
    squares = float(((wanted - design @ weights) ** 2).sum())
    count, width = design.shape
    error = math.sqrt(max(squares, 0.0) / (count - width) * inverse[0, 0])
    criterion = count * math.log(max(squares, 1e-300) / count) + 2 * width
    return (float(weights[0]) / error if error > 0 else 0.0), criterion


def _unit_root_p(statistic):
    if statistic > _TAU_MOST:
        return 1.0
    if statistic < _TAU_LEAST:
        return 0.0
    weights = _BELOW_BEND if statistic <= _TAU_BEND else _ABOVE_BEND
    return NormalDist().cdf(sum(weight * statistic**power for power, weight in enumerate(weights)))

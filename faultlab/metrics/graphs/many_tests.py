"""Many comparisons at once: p-values that stay honest when a dashboard has hundreds of lines."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from faultlab.errors import BadInput
from faultlab.metrics.estimates.distributions import CONFIDENCE, student_t_tail, student_t_upper
from faultlab.metrics.estimates.estimates import Estimate


def holm(p_values: Sequence[float] | np.ndarray) -> np.ndarray:
    """Return p-values adjusted by Holm: the chance of even one false alarm stays below the level.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p_values, dtype=float).ravel()
    if not ((values >= 0) & (values <= 1)).all():
        raise BadInput("P-values are from 0 to 1; one of them isn't.")
    order, found = np.argsort(values, kind="stable"), np.empty(len(values))
    found[order] = np.minimum(np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1)), 1)
    return found


def mean_change(
    before: Sequence[float] | np.ndarray,
    after: Sequence[float] | np.ndarray,
    confidence: float = CONFIDENCE,
    correlation: float = 0.0,
) -> tuple[Estimate, float]:
    """Return by how much a mean changed, with its interval, and the p-value of no change.

    Parameters
    ----------
    before, after : array_like
        At least three values each.
    confidence : float
    correlation : float
        Of neighbouring values, from 0 to below 1. Minutes that resemble each other count for less: n of
        them are worth n (1 - r) / (1 + r) independent ones.

    Returns
    -------
    (Estimate, float)

    Notes
    -----
    Student's t, for windows are short: Welch's, which lets the two sides spread differently, is too sure of
    itself with a handful of values, and would cry wolf twice as often as promised.

    References
    ----------
    Student (1908); Bayley and Hammersley (1946) for the effective number of correlated values.

    Examples
    --------
    >>> change, p = mean_change([10, 11, 12, 11], [15, 16, 14, 15])
    >>> round(change.value, 3), change.low > 0, p < 0.01
    (4.0, True, True)
    """
    before, after = np.asarray(before, float), np.asarray(after, float)
    if min(len(before), len(after)) < 3 or not (np.isfinite(before).all() and np.isfinite(after).all()):
        raise BadInput("A comparison needs three finite values before and three after.")
    if not 0 <= correlation < 1 or not 0 < confidence < 1:
        raise BadInput("A correlation is from 0 to below 1, a confidence between 0 and 1.")
    change = float(after.mean() - before.mean())
    worth = (1 - correlation) / (1 + correlation)
    sizes = [max(len(values) * worth, 2.0) for values in (before, after)]
    spreads = [float(values.var(ddof=1)) for values in (before, after)]
    degrees = sum(sizes) - 2
    spread = sum((n - 1) * one for n, one in zip(sizes, spreads, strict=True)) / degrees
    error = math.sqrt(spread / sizes[0] + spread / sizes[1])
    method = "difference of two means, Student's t"
    if error == 0:
        return Estimate(change, change, change, confidence, method), float(change == 0)
    half = student_t_upper((1 - confidence) / 2, degrees) * error
    p_value = min(2 * student_t_tail(abs(change) / error, degrees), 1.0)
    return Estimate(change, change - half, change + half, confidence, method), p_value

"""A burn-rate alert played over counts of requests, minute by minute: when it would have been on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from faultlab.errors import BadInput
from faultlab.metrics.alerts.burn_rates import error_ratio_threshold

if TYPE_CHECKING:
    from faultlab.metrics.alerts.burn_rates import BurnRateAlert


def minutes_firing(
    alert: BurnRateAlert,
    objective: float,
    failed: Sequence[float] | np.ndarray,
    total: Sequence[float] | np.ndarray,
) -> np.ndarray:
    """Return for each minute whether the alert is on at its end.

    The error ratio is that of all requests in a window, as Prometheus computes it from counters; a window
    that reaches back before the first minute holds what there is, and one without requests has none. With an
    `after_hours` it goes on when it has burned for as long.

    Parameters
    ----------
    alert : BurnRateAlert
    objective : float
        A fraction below 1.
    failed, total : array_like of int
        Requests a minute.

    Returns
    -------
    array of bool

    Raises
    ------
    BadInput
        If more failed than came, or the two differ in length.

    Examples
    --------
    >>> from faultlab.metrics.alerts.burn_rates import BurnRateAlert
    >>> page = BurnRateAlert(14.4, 1.0, 1 / 12)
    >>> on = minutes_firing(page, 0.999, [0] * 60 + [100] * 10 + [0] * 60, [100] * 130)
    >>> int(on.argmax()), int(on.sum())
    (60, 14)
    """
    failed, total = np.asarray(failed, dtype=float), np.asarray(total, dtype=float)
    if failed.shape != total.shape or failed.ndim != 1:
        raise BadInput("Give as many minutes of failed requests as of all requests.")
    if not (np.isfinite(total).all() and (failed >= 0).all() and (failed <= total).all()):
        raise BadInput("In every minute 0 or more requests failed, and no more than came.")
    threshold = error_ratio_threshold(alert, objective)
    over = np.greater_equal if alert.or_equal else np.greater
    on = over(_ratio(failed, total, alert.long_hours), threshold)
    if alert.short_hours is not None:
        on &= over(_ratio(failed, total, alert.short_hours), threshold)
    waits = round(60 * alert.after_hours)
    if not waits:
        return on
    minutes = np.arange(len(on))
    last_off = np.maximum.accumulate(np.where(on, -1, minutes))
    return on & (minutes - last_off > waits)


def _ratio(failed, total, hours):
    window = max(1, round(60 * hours))
    sums = []
    for counts in (failed, total):
        upto = np.concatenate([[0.0], np.cumsum(counts)])
        first = np.maximum(np.arange(len(counts)) + 1 - window, 0)
        sums.append(upto[1:] - upto[first])
    return np.divide(sums[0], sums[1], out=np.zeros(len(failed)), where=sums[1] > 0)

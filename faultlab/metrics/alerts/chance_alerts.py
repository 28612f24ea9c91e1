"""What chance alone does to a burn-rate alert: false alerts of a service that is exactly at its objective.

Requests come evenly and fail independently, each with the chance that the objective allows. Then windows are
the latest n requests, the counts of failures in them are binomial, and every figure here is exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from faultlab.errors import BadInput
from faultlab.metrics.alerts.burn_rates import HOURS_A_MONTH, allowed_share, error_ratio_threshold, span

if TYPE_CHECKING:
    from faultlab.metrics.alerts.burn_rates import BurnRateAlert

MOST_COUNTED = 10**11
_TRAFFIC = (1e-6, 1e12)  # requests an hour
_REACH = 13  # standard deviations: what lies beyond has a chance below 1e-30 for all but the smallest counts


@dataclass(frozen=True)
class FalseAlerts:
    """What an alert does while the service is exactly at its objective.

    Attributes
    ----------
    failures_to_fire : int
        Failed requests in the long window at which it may fire; one more than it holds where none can.
    share_over : float
        The share of long windows, one after the other, that are over their threshold.
    share_firing : float
        The share of time for which the alert is on: both windows are over theirs.
    alerts : float
        How often it goes on in a period, on average.
    """

    failures_to_fire: int
    share_over: float
    share_firing: float
    alerts: float


def requests_in(hours: float, requests_per_hour: float) -> int:
    """Return the whole number of requests in a window, at least one.

    Raises
    ------
    BadInput
        For traffic that is no number above 0, or for a window with more requests than are counted.
    """
    number = isinstance(requests_per_hour, int | float) and not isinstance(requests_per_hour, bool)
    if not number or not 0 < requests_per_hour < math.inf:
        raise BadInput(f"Requests an hour have to be a number above 0, not {requests_per_hour!r}.")
    if not _TRAFFIC[0] <= requests_per_hour <= _TRAFFIC[1]:
        raise BadInput(
            f"Requests an hour are from {_TRAFFIC[0]:g} to {_TRAFFIC[1]:g}, not {requests_per_hour:g}."
        )
    if hours * requests_per_hour > MOST_COUNTED:
        raise BadInput(
            f"A window of {span(hours)} holds {hours * requests_per_hour:.2g} requests, and up to "
            f"{MOST_COUNTED:.0e} are counted; give the traffic of one part of the service."
        )
    return max(1, round(hours * requests_per_hour))


def failures_to_fire(alert: BurnRateAlert, objective: float, requests_per_hour: float) -> int:
    """Return how many failed requests put the long window over its threshold.

    Where it is 1, a single failed request sets the alert off: the service has too little traffic for it.

    Examples
    --------
    >>> from faultlab.metrics.alerts.burn_rates import BurnRateAlert
    >>> page = BurnRateAlert(14.4, 1, 1 / 12)
    >>> failures_to_fire(page, 0.999, 69), failures_to_fire(page, 0.999, 70)
    (1, 2)
    """
    return _least_over(alert, objective, requests_in(alert.long_hours, requests_per_hour))


def false_alerts(
    alert: BurnRateAlert, objective: float, requests_per_hour: float, period_hours: float = HOURS_A_MONTH
) -> FalseAlerts:
    """Return what an alert does in a period in which nothing but chance happens.

    Parameters
    ----------
    alert : BurnRateAlert
    objective : float
        A fraction below 1; each request fails with the chance 1 - objective.
    requests_per_hour : float
        Above 0.
    period_hours : float

    Returns
    -------
    FalseAlerts

    Notes
    -----
    An alert goes on with a request that fails. Say a of the latest requests before it in the short window
    failed, r in the rest of the long one; the two requests that drop out of the windows as it comes failed
    or not. All of these are independent, so the chance that the alert was off before and is on now is a sum
    over their values. A time for which it has to burn (`after_hours`) is left out of account: with one, the
    alert is on at most as often and as long as this says.

    Examples
    --------
    >>> from faultlab.metrics.alerts.burn_rates import BurnRateAlert
    >>> found = false_alerts(BurnRateAlert(14.4, 1, 1 / 12), 0.999, requests_per_hour=60)
    >>> round(100 * found.share_over, 1), round(720 * found.share_over)
    (5.8, 42)
    >>> round(found.alerts, 1)  # a month of 43,200 requests has 43.2 failed ones
    43.0
    """
    chance = allowed_share(objective)
    long = requests_in(alert.long_hours, requests_per_hour)
    over_long = _least_over(alert, objective, long)
    short = long if alert.short_hours is None else requests_in(alert.short_hours, requests_per_hour)
    over_short = _least_over(alert, objective, short)
    requests = requests_per_hour * period_hours
    share_over = float(_Failures(long, chance).at_least(over_long))
    if short >= long:
        # One window: on with a failure that makes it enough, unless the oldest request was a failure too.
        exactly = float(_Failures(long - 1, chance).exactly(over_long - 1))
        return FalseAlerts(over_long, share_over, share_over, requests * chance * exactly * (1 - chance))
    recent, older = _Failures(short, chance), _Failures(long - short, chance)
    counts = np.arange(max(recent.first, over_short), recent.last + 1)
    firing = float((recent.exactly(counts) * older.at_least(over_long - counts)).sum())
    recent, older = _Failures(short - 1, chance), _Failures(long - short - 1, chance)
    starts = 0.0
    for likely, left_short in ((chance, 1), (1 - chance, 0)):
        goes_on = _chance_to_go_on(recent.counts(), left_short, chance, older, over_short, over_long)
        starts += likely * float((recent.exactly(recent.counts()) * goes_on).sum())
    return FalseAlerts(over_long, share_over, firing, requests * chance * starts)


def _chance_to_go_on(recent, left_short, chance, older, over_short, over_long):
    """The chances that a failed request puts the alert on, by the failures around the short window."""
    on_now = over_long - 1 - recent - left_short  # older failures at which the long window is over now
    total = older.at_least(on_now)
    # Where the short window was over before, the alert was on if the long one was over too, the request
    # that leaves it included.
    was_on = over_long - recent - left_short
    on_before = (1 - chance) * older.at_least(was_on) + chance * older.at_least(was_on - 1)
    total = total - np.where(recent + left_short >= over_short, on_before, 0.0)
    return np.where(recent + 1 < over_short, 0.0, np.maximum(total, 0.0))


def _least_over(alert, objective, requests):
    """The fewest failures whose share of the requests sets a window off; one more than all where none do."""
    failures = min(error_ratio_threshold(alert, objective), 2.0) * requests
    if alert.or_equal:
        return min(max(1, math.ceil(failures * (1 - 1e-12))), requests + 1)
    return min(math.floor(failures * (1 + 1e-12)) + 1, requests + 1)


class _Failures:
    """How many of `count` requests fail, each with one chance: a binomial count."""

    def __init__(self, count, chance):
        if chance == 1:
            weights, self.first = np.ones(1), count
        else:
            weights, self.first = _binomial(count, chance)
        self.weights = weights
        self.last = self.first + len(weights) - 1
        self._tails = np.append(np.cumsum(weights[::-1])[::-1], 0.0)

    def counts(self):
        return np.arange(self.first, self.last + 1)

    def exactly(self, counts):
        inside = (counts >= self.first) & (counts <= self.last)
        return np.where(inside, self.weights[np.clip(counts - self.first, 0, self.last - self.first)], 0.0)

    def at_least(self, counts):
        # What is certain is 1 exactly.
        tails = self._tails[np.clip(counts - self.first, 0, len(self.weights))]
        return np.where(counts <= self.first, 1.0, tails)


def _binomial(count, chance):
    """The chances of `first`, `first` + 1, … failures among `count` requests, and `first`."""
    mean, spread = count * chance, math.sqrt(count * chance * (1 - chance))
    first = max(0, math.floor(mean - _REACH * spread))
    last = min(count, math.ceil(mean + _REACH * spread) + 40)
    # From the most likely count outwards: each is the one before times a ratio.
    most = min(max(int((count + 1) * chance), first), last)
    up = np.arange(most, last)
    down = np.arange(most, first, -1)
    odds = chance / (1 - chance)
    above = np.cumprod((count - up) / (up + 1) * odds)
    below = np.cumprod(down / (count - down + 1) / odds)
    weights = np.concatenate([below[::-1], [1.0], above])
    return weights / weights.sum(), first

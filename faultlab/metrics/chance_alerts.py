"""What chance alone does to a burn-rate alert: false alerts of a service that is exactly at its objective.

Requests come evenly and fail independently, each with the chance that the objective allows. Then windows are
the latest n requests, the counts of failures in them are binomial, and every figure here is exact.
"""

import math
from dataclasses import dataclass

import numpy as np

from faultlab.errors import BadInput
from faultlab.metrics.burn_rates import HOURS_A_MONTH, error_ratio_threshold

_REACH = 13  # standard deviations: what lies beyond has a chance below 1e-30 for all but the smallest counts


@dataclass(frozen=True)
class FalseAlerts:
    """What an alert does while the service is exactly at its objective.

    Attributes
    ----------
    failures_to_fire : int
        Failed requests in the long window at which it may fire.
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


def requests_in(hours, requests_per_hour):
    """Return the whole number of requests in a window, at least one."""
    if isinstance(requests_per_hour, bool) or not 0 < requests_per_hour < math.inf:
        raise BadInput(f"Requests an hour are a number above 0, not {requests_per_hour!r}.")
    return max(1, round(hours * requests_per_hour))


def failures_to_fire(alert, objective, requests_per_hour):
    """Return how many failed requests put the long window over its threshold: 1 is too few to mean anything.

    Examples
    --------
    >>> from faultlab.metrics import BurnRateAlert
    >>> page = BurnRateAlert(14.4, 1, 1 / 12)
    >>> failures_to_fire(page, 0.999, 69), failures_to_fire(page, 0.999, 70)
    (1, 2)
    """
    return _least_over(
        error_ratio_threshold(alert, objective), requests_in(alert.long_hours, requests_per_hour)
    )


def false_alerts(alert, objective, requests_per_hour, period_hours=HOURS_A_MONTH):
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
    over their values.

    Examples
    --------
    >>> from faultlab.metrics import BurnRateAlert
    >>> found = false_alerts(BurnRateAlert(14.4, 1, 1 / 12), 0.999, requests_per_hour=60)
    >>> round(100 * found.share_over, 1), round(720 * found.share_over)
    (5.8, 42)
    >>> round(found.alerts, 1)  # a month of 43,200 requests has 43.2 failed ones
    43.0
    """
    threshold = error_ratio_threshold(alert, objective)
    chance = round(1 - objective, 15)
    long = requests_in(alert.long_hours, requests_per_hour)
    over_long = _least_over(threshold, long)
    short = long if alert.short_hours is None else requests_in(alert.short_hours, requests_per_hour)
    over_short = _least_over(threshold, short)
    requests = requests_per_hour * period_hours
    if short >= long:
        # One window: on with a failure that makes it enough, unless the oldest request was a failure too.
        inside, first = _binomial(long - 1, chance)
        exactly = _at(inside, first, over_long - 1)
        return FalseAlerts(
            over_long,
            _tail(*_binomial(long, chance), over_long),
            _tail(*_binomial(long, chance), over_long),
            requests * chance * exactly * (1 - chance),
        )
    recent, least = _binomial(short, chance)
    older, older_least = _binomial(long - short, chance)
    firing = math.fsum(
        p * _tail(older, older_least, over_long - count)
        for count, p in enumerate(recent, least)
        if count >= over_short
    )
    starts = math.fsum(
        p * q * goes_on
        for p, a in _values(*_binomial(short - 1, chance))
        for q, left_short in ((chance, 1), (1 - chance, 0))
        if (goes_on := _chance_to_go_on(a, left_short, chance, long - short - 1, over_short, over_long))
    )
    return FalseAlerts(
        over_long, _tail(*_binomial(long, chance), over_long), firing, requests * chance * starts
    )


def _chance_to_go_on(recent, left_short, chance, rest, over_short, over_long):
    """The chance that a failed request puts the alert on, given the failures around the short window."""
    if recent + 1 < over_short:
        return 0.0
    older, least = _binomial(rest, chance)
    on_now = over_long - 1 - recent - left_short  # older failures at which the long window is over now
    total = _tail(older, least, on_now)
    if recent + left_short >= over_short:
        # The short window was over before: the alert was on where the long one was too, the request that
        # leaves it included.
        was_on = over_long - recent - left_short
        total -= (1 - chance) * _tail(older, least, was_on) + chance * _tail(older, least, was_on - 1)
    return max(total, 0.0)


def _least_over(threshold, requests):
    """The fewest failures whose share of the requests is above the threshold."""
    return math.floor(threshold * requests * (1 + 1e-12)) + 1


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


def _values(weights, first):
    return zip(weights.tolist(), range(first, first + len(weights)), strict=True)


def _at(weights, first, count):
    return float(weights[count - first]) if first <= count < first + len(weights) else 0.0


def _tail(weights, first, least):
    """The chance of at least `least`."""
    return 1.0 if least <= first else float(weights[least - first :].sum())

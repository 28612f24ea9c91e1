"""The alert linter: what an alert can never see, what one failed request sets off, and what would mend it.

The default alerts of tools are made for an objective of 99.9 % and a busy service. Elsewhere some of them can
never fire and others fire at a single failure; no tool that was found says so.
"""

import math
from dataclasses import dataclass

from faultlab.errors import BadInput
from faultlab.metrics.burn_rates import (
    HOURS_A_MONTH,
    budget_spent_when_it_fires,
    detection_hours,
    error_ratio_threshold,
    highest_burn_rate,
    hours_until_spent,
    reset_hours,
)
from faultlab.metrics.chance_alerts import failures_to_fire, false_alerts, requests_in

OUTAGES = {"full": 1.0, "ten_percent": 0.1, "one_percent": 0.01}
"""Shares of requests that fail, for which the time to detect is told."""


@dataclass(frozen=True)
class AlertReport:
    """What one alert does under one objective; None where the traffic is not known.

    Attributes
    ----------
    alert : BurnRateAlert
    error_ratio_threshold : float
    can_fire : bool
        Whether a total outage sets it off.
    detection_minutes : dict
        From a name in `OUTAGES` to the minutes until it fires; None where it never does.
    reset_minutes : float or None
        After a long total outage.
    budget_spent : float
        The share of the period's error budget that is gone when it fires.
    failures_to_fire : int or None
        Failed requests in the long window at which it may fire.
    share_firing, false_alerts : float or None
        While the service is exactly at its objective: the share of time for which it is on, and how often
        it goes on in a period.
    """

    alert: object
    error_ratio_threshold: float
    can_fire: bool
    detection_minutes: dict
    reset_minutes: float | None
    budget_spent: float
    failures_to_fire: int | None = None
    share_firing: float | None = None
    false_alerts: float | None = None


@dataclass(frozen=True)
class Finding:
    """Something about an alert, or about all of them, that its owners should know, and what mends it.

    Attributes
    ----------
    kind : str
        "never fires", "one failure fires", "short window is empty", "false pages", "budget gone",
        "slow burn unseen" or "partial outage unseen".
    alert : str
        The alert's name, or "all alerts".
    finding, remedy : str
        A sentence each.
    """

    kind: str
    alert: str
    finding: str
    remedy: str


def alert_report(alert, objective, requests_per_hour=None, period_hours=HOURS_A_MONTH):
    """Return what one alert does under an objective.

    Parameters
    ----------
    alert : BurnRateAlert
    objective : float
        A fraction below 1.
    requests_per_hour : float, optional
        The traffic at its lowest, since that is where one failure weighs most.
    period_hours : float
        Of the objective.

    Returns
    -------
    AlertReport
    """
    detection = {
        name: _finite_minutes(detection_hours(alert, objective, ratio)) for name, ratio in OUTAGES.items()
    }
    resets = reset_hours(alert, objective)
    report = AlertReport(
        alert=alert,
        error_ratio_threshold=error_ratio_threshold(alert, objective),
        can_fire=detection["full"] is not None,
        detection_minutes=detection,
        reset_minutes=None if resets is None else 60 * resets,
        budget_spent=budget_spent_when_it_fires(alert, period_hours),
    )
    if requests_per_hour is None:
        return report
    chance = false_alerts(alert, objective, requests_per_hour, period_hours)
    return AlertReport(
        **vars(report)
        | {
            "failures_to_fire": chance.failures_to_fire,
            "share_firing": chance.share_firing,
            "false_alerts": chance.alerts,
        }
    )


def alert_findings(
    alerts, objective, requests_per_hour=None, period_hours=HOURS_A_MONTH, most_false_pages=1.0
):
    """Return what is wrong with a set of alerts, the gravest first.

    Parameters
    ----------
    alerts : sequence of BurnRateAlert
    objective, requests_per_hour, period_hours
        As in `alert_report`.
    most_false_pages : float
        Pages by chance in a period that are borne.

    Returns
    -------
    list of Finding

    Raises
    ------
    BadInput
        If there is no alert, or a number makes no sense.

    Examples
    --------
    >>> from faultlab.metrics import recommended_alerts
    >>> alert_findings(recommended_alerts(), 0.999)
    []
    >>> for found in alert_findings(recommended_alerts(), 0.9):
    ...     print(found.kind, "|", found.alert)
    never fires | page 14.4x over 1 h and 5 min
    partial outage unseen | all alerts
    >>> print(alert_findings(recommended_alerts(), 0.999, requests_per_hour=60)[0].finding)
    One failed request is enough to set off page 14.4x over 1 h and 5 min: with 60 requests in 1 h, it is 1.67 %, and the limit is 1.44 %.
    """  # noqa: E501 what is printed is one line
    alerts = list(alerts)
    if not alerts:
        raise BadInput("There is no alert to look at: give at least one.")
    found = []
    for alert in alerts:
        found += _of_one(alert, objective, requests_per_hour, period_hours, most_false_pages)
    found += _of_all(alerts, objective, period_hours)
    return sorted(found, key=lambda one: _GRAVITY.index(one.kind))


_GRAVITY = (
    "never fires",
    "budget gone",
    "one failure fires",
    "short window is empty",
    "false pages",
    "partial outage unseen",
    "slow burn unseen",
)


def _of_one(alert, objective, requests_per_hour, period_hours, most_false_pages):
    highest = highest_burn_rate(objective)
    threshold = error_ratio_threshold(alert, objective)
    if alert.burn_rate >= highest:
        yield Finding(
            "never fires",
            alert.name,
            f"A total outage burns {highest:.4g} times as fast as allowed at {_percent(objective)}, "
            f"and {alert.name} waits for more than {alert.burn_rate:g} times.",
            f"Set its burn rate well below {highest:.4g}, such as {highest / 2:.3g}, which it passes "
            "when more than half of all requests fail.",
        )
        return
    spent = budget_spent_when_it_fires(alert, period_hours)
    if spent >= 1:
        yield Finding(
            "budget gone",
            alert.name,
            f"When {alert.name} fires, {spent:.0%} of the error budget is spent.",
            f"Shorten its window to below {period_hours / alert.burn_rate:.3g} h, or lower its burn rate.",
        )
    if requests_per_hour is None:
        return
    requests = requests_in(alert.long_hours, requests_per_hour)
    if failures_to_fire(alert, objective, requests_per_hour) == 1:
        needed = math.floor(1 / threshold * (1 - 1e-12)) + 1
        yield Finding(
            "one failure fires",
            alert.name,
            f"One failed request is enough to set off {alert.name}: with {requests:,} requests in "
            f"{alert.long_hours:g} h, it is {100 / requests:.3g} %, and the limit is "
            f"{100 * threshold:.3g} %.",
            f"Let it count only from {needed:,} requests in the window on, lengthen the window to "
            f"{math.ceil(needed / requests_per_hour):,} h, or add synthetic requests.",
        )
    if alert.short_hours is not None and alert.short_hours * requests_per_hour < 1:
        yield Finding(
            "short window is empty",
            alert.name,
            f"The short window of {alert.name} holds {alert.short_hours * requests_per_hour:.2g} requests "
            "on average, so it ends the alert while the outage goes on.",
            f"Lengthen it to at least {60 / requests_per_hour:.3g} min, or take it out.",
        )
    by_chance = false_alerts(alert, objective, requests_per_hour, period_hours).alerts
    if alert.severity == "page" and by_chance > most_false_pages:
        yield Finding(
            "false pages",
            alert.name,
            f"A service exactly at {_percent(objective)} is paged by {alert.name} {by_chance:.3g} times in "
            f"{period_hours / 24:g} days, by chance alone.",
            "Ask for at least two failures, lengthen the windows, or turn the page into a ticket.",
        )


def _of_all(alerts, objective, period_hours):
    able = [alert for alert in alerts if alert.burn_rate < highest_burn_rate(objective)]
    if not able:
        return
    slowest = min(alert.burn_rate for alert in able)
    if slowest > 1:
        yield Finding(
            "slow burn unseen",
            "all alerts",
            f"A burn rate of just {slowest:g} fires nothing and spends the whole budget in "
            f"{hours_until_spent(slowest, period_hours) / 24:.3g} days.",
            "Add a slow alert, such as a ticket at burn rate 1 over three days.",
        )
    pages = [alert for alert in able if alert.severity == "page"] or able
    if all(math.isinf(detection_hours(alert, objective, 0.1)) for alert in pages):
        least = min(error_ratio_threshold(alert, objective) for alert in pages)
        yield Finding(
            "partial outage unseen",
            "all alerts",
            f"While one request in ten fails, nobody is paged: at least {100 * least:.3g} % must fail.",
            "Raise the objective to what customers expect, or lower the burn rate of a page.",
        )


def _finite_minutes(hours):
    return None if math.isinf(hours) else 60 * hours


def _percent(objective):
    return f"{round(100 * objective, 10):g} %"

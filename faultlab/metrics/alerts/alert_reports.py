"""What one burn-rate alert does under one objective: when it fires, what is spent, what chance does."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from faultlab.metrics.alerts.burn_rates import (
    HOURS_A_MONTH,
    budget_spent_when_it_fires,
    detection_hours,
    error_ratio_threshold,
    highest_burn_rate,
    reset_hours,
)
from faultlab.metrics.alerts.chance_alerts import failures_to_fire, false_alerts

if TYPE_CHECKING:
    from faultlab.metrics.alerts.burn_rates import BurnRateAlert

OUTAGES = {"full": 1.0, "ten_percent": 0.1, "one_percent": 0.01}
"""Shares of requests that fail, for which the time to detect is told."""


@dataclass(frozen=True)
class AlertReport:
    """What one alert does under one objective; None where the traffic is not known.

    Attributes
    ----------
    alert : BurnRateAlert
    error_ratio_threshold : float
        Of requests, or of time slices where those are counted.
    can_fire : bool
        Whether a total outage sets it off.
    detection_minutes : dict
        From a name in `OUTAGES` to the minutes until it fires; None where it never does.
    reset_minutes : float or None
        After a long total outage.
    budget_spent : float
        The share of the period's error budget that is gone when it fires; with an `after_hours`, in a total
        outage.
    failures_to_fire : int or None
        Failed requests in the long window, or bad time slices, at which it may fire.
    share_firing, false_alerts : float or None
        While the service is exactly at its objective: the share of time for which it is on, and how often
        it goes on in a period; at most, where it has an `after_hours`. None where bad slices are counted:
        they don't come by chance.
    """

    alert: BurnRateAlert
    error_ratio_threshold: float
    can_fire: bool
    detection_minutes: dict[str, float | None]
    reset_minutes: float | None
    budget_spent: float
    failures_to_fire: int | None = None
    share_firing: float | None = None
    false_alerts: float | None = None


@dataclass(frozen=True)
class Slices:
    """Time slices, where an objective counts them and not requests (OpenSLO's budgeting methods).

    Parameters
    ----------
    hours : float
        Of one slice.
    target : float or None
        The share of requests that must succeed in a slice that is good. None where the success ratios of the
        slices are averaged: at even traffic that is the share of requests.
    """

    hours: float
    target: float | None = None


def alert_report(
    alert: BurnRateAlert,
    objective: float,
    requests_per_hour: float | None = None,
    period_hours: float = HOURS_A_MONTH,
    slices: Slices | None = None,
) -> AlertReport:
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
    slices : Slices, optional

    Returns
    -------
    AlertReport
    """
    target = None if slices is None else slices.target
    detection = {
        name: _finite_minutes(detection_hours(alert, objective, ratio, target))
        for name, ratio in OUTAGES.items()
    }
    resets = reset_hours(alert, objective)
    report = AlertReport(
        alert=alert,
        error_ratio_threshold=error_ratio_threshold(alert, objective),
        can_fire=detection["full"] is not None,
        detection_minutes=detection,
        reset_minutes=None if resets is None else 60 * resets,
        budget_spent=budget_spent(alert, objective, period_hours),
    )
    if slices is not None and slices.target is not None:
        return replace(report, failures_to_fire=failures_to_fire(alert, objective, 1 / slices.hours))
    if requests_per_hour is None:
        return report
    chance = false_alerts(alert, objective, requests_per_hour, period_hours)
    return replace(
        report,
        failures_to_fire=chance.failures_to_fire,
        share_firing=chance.share_firing,
        false_alerts=chance.alerts,
    )


def budget_spent(alert: BurnRateAlert, objective: float, period_hours: float) -> float:
    """Return the share of the period's error budget that is gone when an alert fires.

    Where it has to burn for a time first, that time counts as a total outage.
    """
    waiting = alert.after_hours * highest_burn_rate(objective) / period_hours
    return budget_spent_when_it_fires(alert, period_hours) + waiting


def _finite_minutes(hours):
    return None if math.isinf(hours) else 60 * hours

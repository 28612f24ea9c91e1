"""Availability as minutes: how many a period loses, how many an objective allows, what is left."""

from __future__ import annotations

from dataclasses import dataclass

from faultlab.errors import BadInput
from faultlab.metrics.alerts.burn_rates import allowed_share
from faultlab.metrics.estimates.availability import MINUTES_IN, downtime_minutes, minutes_in
from faultlab.metrics.estimates.estimates import Estimate


def minutes_down(availability: Estimate, period: str = "year") -> Estimate:
    """Return the minutes down in a period that an estimate of availability stands for.

    >>> round(minutes_down(Estimate(0.999, 0.998, 0.9995, 0.9, "seen"), "month").high, 6)
    86.4
    """
    length = minutes_in(period)
    named = period if period in MINUTES_IN else "period"
    return Estimate(
        value=None if availability.value is None else downtime_minutes(availability.value, period),
        low=None if availability.high is None else downtime_minutes(availability.high, period),
        high=None if availability.low is None else downtime_minutes(availability.low, period),
        confidence=availability.confidence,
        method=f"{length:g} minutes per {named}, times the share of time down",
    )


@dataclass(frozen=True)
class ErrorBudget:
    """The minutes an objective allows in a period, and what became of them; `left` may be negative."""

    allowed: float
    spent: float
    left: float
    share_spent: float


def error_budget(objective: float, down: float, period: str | float = "month") -> ErrorBudget:
    """Return the error budget of a period and what `down` minutes leave of it.

    Parameters
    ----------
    objective : float
        A fraction below 1.
    down : float
        Minutes down in the period.
    period : str or float
        A name from `MINUTES_IN`, or days.

    Examples
    --------
    >>> budget = error_budget(0.999, 30, "month")
    >>> round(budget.allowed, 6), round(budget.left, 6), round(budget.share_spent, 3)
    (43.2, 13.2, 0.694)
    """
    allowed = allowed_share(objective) * minutes_in(period)
    if not 0 <= down <= minutes_in(period):
        raise BadInput(f"{down!r} minutes down don't fit in a period of {minutes_in(period):g} minutes.")
    return ErrorBudget(allowed, down, allowed - down, down / allowed)

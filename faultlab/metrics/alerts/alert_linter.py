"""The alert linter: what an alert can never see, what one failed request sets off, and what would mend it.

The default alerts of tools are made for an objective of 99.9 % and a busy service. Elsewhere some of them can
never fire and others fire at a single failure; no tool that was found says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from faultlab.errors import BadInput
from faultlab.metrics.alerts.alert_reports import budget_spent
from faultlab.metrics.alerts.burn_rates import (
    HOURS_A_MONTH,
    allowed_share,
    budget_spent_when_it_fires,
    complement,
    detection_hours,
    error_ratio_threshold,
    highest_burn_rate,
    hours_until_spent,
    recommended_alerts,
    span,
)
from faultlab.metrics.alerts.chance_alerts import failures_to_fire, false_alerts, requests_in

if TYPE_CHECKING:
    from faultlab.metrics.alerts.alert_reports import Slices
    from faultlab.metrics.alerts.burn_rates import BurnRateAlert


@dataclass(frozen=True)
class Finding:
    """Something about an alert, or about all of them, that its owners should know, and what mends it.

    Attributes
    ----------
    kind : str
        "never fires", "fires always", "budget gone", "one failure fires", "one slice fires",
        "one failure spoils a slice", "short window is empty", "false pages", "partial outage unseen" or
        "slow burn unseen".
    alert : str
        The alert's name, or "all alerts".
    finding, remedy : str
        A sentence each.
    """

    kind: str
    alert: str
    finding: str
    remedy: str


def alert_findings(
    alerts: Sequence[BurnRateAlert],
    objective: float,
    requests_per_hour: float | None = None,
    period_hours: float = HOURS_A_MONTH,
    most_false_pages: float = 1.0,
    slices: Slices | None = None,
) -> list[Finding]:
    """Return what is wrong with a set of alerts, the gravest first.

    Parameters
    ----------
    alerts : sequence of BurnRateAlert
    objective, requests_per_hour, period_hours
        As in `alert_report`.
    most_false_pages : float
        Pages by chance in a period that are borne.
    slices : Slices, optional

    Returns
    -------
    list of Finding

    Raises
    ------
    BadInput
        If there is no alert, or a number makes no sense.

    Examples
    --------
    >>> from faultlab.metrics.alerts.burn_rates import recommended_alerts
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
    if requests_per_hour is not None:
        requests_in(0, requests_per_hour)  # refuses what is no traffic
    found = []
    for alert in alerts:
        own = list(_of_rate(alert, objective, period_hours))
        if not own:
            own += _of_budget(alert, objective, period_hours)
            if slices is not None and slices.target is not None:
                own += _of_slices(alert, objective, slices)
            elif requests_per_hour is not None:
                own += _of_traffic(alert, objective, requests_per_hour, period_hours, most_false_pages)
        found += own
    if slices is not None and slices.target is not None and requests_per_hour is not None:
        found += _of_one_slice(slices, requests_per_hour)
    found += _of_all(alerts, objective, period_hours, slices)
    return sorted(found, key=lambda one: _GRAVITY.index(one.kind))


_GRAVITY = (
    "never fires",
    "fires always",
    "budget gone",
    "one failure fires",
    "one slice fires",
    "one failure spoils a slice",
    "short window is empty",
    "false pages",
    "partial outage unseen",
    "slow burn unseen",
)


def _of_rate(alert, objective, period_hours):
    highest = highest_burn_rate(objective)
    if math.isinf(detection_hours(alert, objective, 1.0)):
        # A rate below 1 is on while the objective is kept: none such is advised.
        remedy = (
            f"Set its burn rate well below {highest:.4g}, such as {highest / 2:.3g}, which it passes "
            "when more than half of all requests fail."
            if highest > 2.01
            else f"Raise the objective: no burn rate is well above 1 and below {highest:.4g}."
        )
        yield Finding(
            "never fires",
            alert.name,
            f"A total outage burns {highest:.4g} times as fast as allowed at "
            f"{objective_in_percent(objective)}, and {alert.name} waits for more than "
            f"{alert.burn_rate:g} times.",
            remedy,
        )
    elif alert.burn_rate < 1:
        spends = alert.burn_rate * alert.long_hours
        # No window of less than a minute is advised, nor one as long as the period.
        window = f", over {span(spends)} for the same share of the budget" if spends >= 1 / 60 else ""
        yield Finding(
            "fires always",
            alert.name,
            f"A service that keeps {objective_in_percent(objective)} may burn its budget at a rate of "
            f"up to 1, and {alert.name} fires above {alert.burn_rate:g}: it is on while nothing is wrong.",
            f"Set its burn rate to 1 or more{window if spends < period_hours else ''}.",
        )


def _of_budget(alert, objective, period_hours):
    spent = budget_spent(alert, objective, period_hours)
    if spent < 1:
        return
    longest = f"{period_hours / alert.burn_rate:.3g} h"
    shorten = f"Shorten its window to below {longest}"
    when, remedy = f"When {alert.name} fires", f"{shorten}, or lower its burn rate."
    if alert.long_hours >= period_hours:
        remedy = f"{shorten}: it is no shorter than the period of {span(period_hours)}."
    elif budget_spent_when_it_fires(alert, period_hours) < 1:
        when = f"In a total outage, when {alert.name} fires"
        remedy = f"Shorten the {span(alert.after_hours)} for which it has to burn first."
    yield Finding("budget gone", alert.name, f"{when}, {spent:.0%} of the error budget is spent.", remedy)


def _of_traffic(alert, objective, requests_per_hour, period_hours, most_false_pages):
    threshold = error_ratio_threshold(alert, objective)
    requests = requests_in(alert.long_hours, requests_per_hour)
    # One failure leaves the shorter window in time where the alert waits for as long.
    stays = alert.after_hours < (alert.short_hours or alert.long_hours)
    if stays and failures_to_fire(alert, objective, requests_per_hour) == 1:
        needed = math.floor(1 / threshold * (1 - 1e-12)) + 1
        longer = math.ceil(needed / requests_per_hour)
        lengthen = f"lengthen the window to {longer:,} h, " if longer < period_hours / alert.burn_rate else ""
        yield Finding(
            "one failure fires",
            alert.name,
            f"One failed request is enough to set off {alert.name}: with {requests:,} requests in "
            f"{span(alert.long_hours)}, it is {100 / requests:.3g} %, and the limit is "
            f"{100 * threshold:.3g} %.",
            f"Require at least {needed:,} requests in the window, {lengthen}or add synthetic requests.",
        )
    if alert.short_hours is not None and alert.short_hours * requests_per_hour < 1:
        yield Finding(
            "short window is empty",
            alert.name,
            f"The short window of {alert.name} holds {alert.short_hours * requests_per_hour:.2g} requests "
            "on average, so it ends the alert while the outage goes on.",
            f"Lengthen it to at least {60 / requests_per_hour:.3g} min, or take it out.",
        )
    if alert.severity != "page" or alert.after_hours:
        return
    by_chance = false_alerts(alert, objective, requests_per_hour, period_hours).alerts
    if by_chance > most_false_pages:
        yield Finding(
            "false pages",
            alert.name,
            f"A service that exactly meets {objective_in_percent(objective)} would still page someone "
            f"{by_chance:.3g} times in {period_hours / 24:g} days (alert: {alert.name}).",
            "Require at least two failures, lengthen the windows, or turn the page into a ticket.",
        )


def _of_slices(alert, objective, slices):
    in_window = requests_in(alert.long_hours, 1 / slices.hours)
    stays = alert.after_hours < (alert.short_hours or alert.long_hours)
    if stays and failures_to_fire(alert, objective, 1 / slices.hours) == 1:
        yield Finding(
            "one slice fires",
            alert.name,
            f"One bad time slice is enough to set off {alert.name}: of {in_window:,} in "
            f"{span(alert.long_hours)}, it is {100 / in_window:.3g} %, and the limit is "
            f"{100 * error_ratio_threshold(alert, objective):.3g} %.",
            "Take shorter time slices, or a higher burn rate.",
        )


def _of_one_slice(slices, requests_per_hour):
    holds = slices.hours * requests_per_hour
    if 1 / max(holds, 1.0) > complement(slices.target) * (1 + 1e-12):
        yield Finding(
            "one failure spoils a slice",
            "all alerts",
            f"One failed request makes a whole time slice bad: {span(slices.hours)} holds {holds:.3g} "
            f"requests, and {100 * complement(slices.target):.3g} % of them may fail.",
            "Lengthen the time slice, lower its target, or count requests (Occurrences).",
        )


def _of_all(alerts, objective, period_hours, slices):
    target = slices and slices.target
    able = [alert for alert in alerts if not math.isinf(detection_hours(alert, objective, 1.0))]
    if not able:
        return
    slowest = min(alert.burn_rate for alert in able)
    if slowest > 1:
        tickets = [one for one in recommended_alerts(period_hours) if one.severity == "ticket"]
        over = f" over {span(tickets[0].long_hours)}" if tickets else ""
        yield Finding(
            "slow burn unseen",
            "all alerts",
            f"A burn rate of just {slowest:g} fires nothing and spends the whole budget in "
            f"{hours_until_spent(slowest, period_hours) / 24:.3g} days.",
            f"Add a slow alert, such as a ticket at burn rate 1{over}.",
        )
    pages = [alert for alert in able if alert.severity == "page"] or able
    if all(math.isinf(detection_hours(alert, objective, 0.1, target)) for alert in pages):
        least = min(error_ratio_threshold(alert, objective) for alert in pages)
        raised = "the objective"
        if target is not None and complement(target) >= 0.1:
            least, raised = complement(target), "the target of a time slice"
        # At a tenth allowed only a rate below 1 would see it, which is on while the objective is kept.
        lower = ", or lower the burn rate of a page" if allowed_share(objective) < 0.1 else ""
        yield Finding(
            "partial outage unseen",
            "all alerts",
            f"While one request in ten fails, nobody is paged: at least {100 * least:.3g} % must fail.",
            f"Raise {raised} to what customers expect{lower}.",
        )


def objective_in_percent(objective: float) -> str:
    """Return an objective in per cent, with all of its digits.

    >>> objective_in_percent(0.9995), objective_in_percent(0.9999999999999999)
    ('99.95 %', '99.99999999999999 %')
    """
    percent = 100 * Decimal(repr(float(objective)))
    # Fractions that were computed, such as 99.9 / 100, get the digits that people mean.
    meant = round(percent, 10)
    return f"{(meant if 0 < meant < 100 else percent).normalize():f} %"

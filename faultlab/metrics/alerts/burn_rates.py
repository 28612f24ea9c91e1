"""Burn-rate alerts: when they fire, when they reset, and what of the error budget is left by then.

The burn rate is how many times faster than allowed the error budget is spent: the share of failed requests
over 1 - objective. B. Beyer and others, *The Site Reliability Workbook*, O'Reilly 2018, chapter 5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from faultlab.errors import BadInput

HOURS_A_MONTH = 720.0
_RATES = (1e-9, 1e18)  # the burn rate of a total outage is 1e16 at most
_WINDOWS = (1e-4, 1e11)  # hours
_SHARES = ((0.02, 1.0, "page"), (0.05, 6.0, "page"), (0.10, 72.0, "ticket"))


@dataclass(frozen=True)
class BurnRateAlert:
    """Fires while the burn rate is above `burn_rate` over the long window and over the short one.

    Parameters
    ----------
    burn_rate : float
        Above 0.
    long_hours : float
        The window that decides.
    short_hours : float, optional
        The window that lets the alert end soon after the outage; None where there is none.
    severity : str
        Such as "page" or "ticket".
    after_hours : float
        How long it has to burn before the alert fires: OpenSLO's `alertAfter`, the `for` of Prometheus.
    or_equal : bool
        Whether it fires at exactly `burn_rate` too.

    Raises
    ------
    BadInput
        For a rate or a window that is not above 0, or a short window that is not the shorter one.
    """

    burn_rate: float
    long_hours: float
    short_hours: float | None = None
    severity: str = "page"
    after_hours: float = 0.0
    or_equal: bool = False

    def __post_init__(self):
        _above_zero("The burn rate of an alert", self.burn_rate, *_RATES)
        _above_zero("The window of an alert, in hours,", self.long_hours, *_WINDOWS)
        if self.after_hours != 0:
            _above_zero("The time until an alert fires, in hours,", self.after_hours, *_WINDOWS)
        if self.short_hours is not None:
            _above_zero("The short window of an alert, in hours,", self.short_hours, *_WINDOWS)
            if self.short_hours >= self.long_hours:
                raise BadInput(
                    f"The short window ({span(self.short_hours)}) must be shorter than the long one "
                    f"({span(self.long_hours)}); swap the two."
                )

    @property
    def name(self) -> str:
        """As people say it: "page 14.4x over 1 h and 5 min"."""
        short = "" if self.short_hours is None else f" and {span(self.short_hours)}"
        after = f" for {span(self.after_hours)}" if self.after_hours else ""
        return f"{self.severity} {self.burn_rate:g}x over {span(self.long_hours)}{short}{after}"


def recommended_alerts(period_hours: float = HOURS_A_MONTH) -> tuple[BurnRateAlert, ...]:
    """Return the alerts of the Workbook's table 5-8 for a period of the objective.

    They fire when 2 % of the budget went in an hour, 5 % in six hours, and 10 % in three days. In a short
    period that would be a burn rate below 1, at which an alert is on while the objective is kept. There the
    ticket gets a shorter window, in which a rate of 1 spends the same share; a page is left out.

    Returns
    -------
    tuple of BurnRateAlert
        All three from 30 days on, and none below two hours.

    Examples
    --------
    >>> [alert.name for alert in recommended_alerts()]
    ['page 14.4x over 1 h and 5 min', 'page 6x over 6 h and 30 min', 'ticket 1x over 3 d and 6 h']
    >>> [alert.name for alert in recommended_alerts(7 * 24)][1:]
    ['page 1.4x over 6 h and 30 min', 'ticket 1x over 16.8 h and 1.4 h']
    >>> [alert.name for alert in recommended_alerts(24)]
    ['ticket 1x over 2.4 h and 12 min']
    """
    _above_zero("The period of an objective, in hours,", period_hours)
    found = []
    for share, hours, severity in _SHARES:
        longest = share * period_hours  # a rate of 1 spends the share in it
        if longest < hours and severity == "ticket":
            # Windows of whole minutes, the short one too, which is a twelfth.
            hours = math.floor(longest * 5 + 1e-9) / 5
        rate = round(longest / hours, 10) if hours else 0.0
        if rate >= 1:
            found.append(BurnRateAlert(rate, hours, hours / 12, severity))
    return tuple(found)


def left_out_or_shortened(period_hours: float) -> tuple[str, ...]:
    """Return a sentence for each alert of the Workbook's that `recommended_alerts` doesn't take as it is.

    Examples
    --------
    >>> left_out_or_shortened(720)
    ()
    >>> left_out_or_shortened(672)
    ('The ticket over 3 d looks at 67.2 h only: over 28 d its burn rate would be 0.93, below 1, at which an alert is on while the objective is kept.',)
    """  # noqa: E501 what is printed is one line
    taken = {alert.severity: alert for alert in recommended_alerts(period_hours)}
    said = []
    for share, hours, severity in _SHARES:
        rate = round(share * period_hours / hours, 10)
        if rate < 1:
            shorter = taken.get(severity) if severity == "ticket" else None
            instead = f"looks at {span(shorter.long_hours)} only" if shorter else "is left out"
            said.append(
                f"The {severity} over {span(hours)} {instead}: over {span(period_hours)} its burn rate would "
                f"be {rate:.2g}, below 1, at which an alert is on while the objective is kept."
            )
    return tuple(said)


def highest_burn_rate(objective: float) -> float:
    """Return the burn rate of a total outage, above which no alert can ever fire.

    Examples
    --------
    >>> round(highest_burn_rate(0.9306), 1), round(highest_burn_rate(0.999))
    (14.4, 1000)
    """
    return 1 / allowed_share(objective)


def error_ratio_threshold(alert: BurnRateAlert, objective: float) -> float:
    """Return the share of failed requests above which the alert's windows count as burning.

    Examples
    --------
    >>> round(error_ratio_threshold(BurnRateAlert(14.4, 1), 0.999), 6)
    0.0144
    """
    return alert.burn_rate * allowed_share(objective)


def detection_hours(
    alert: BurnRateAlert, objective: float, error_ratio: float, slice_target: float | None = None
) -> float:
    """Return the hours from the start of an outage until the alert fires, or infinity where it never does.

    Parameters
    ----------
    alert : BurnRateAlert
    objective : float
        A fraction below 1.
    error_ratio : float
        The share of requests that fail from now on, above 0 and up to 1; none failed before.
    slice_target : float, optional
        Where bad time slices are counted and not requests: the share of requests that must succeed in a slice
        that is good. Its slices are taken as short beside the window.

    Notes
    -----
    The long window passes its threshold last: ``burn rate · (1 - objective) · window / error ratio``. A
    result longer than the window means that the average never gets there. It has to burn for `after_hours`
    more before the alert fires.

    Examples
    --------
    >>> page = BurnRateAlert(14.4, 1, 1 / 12)
    >>> round(3600 * detection_hours(page, 0.999, 1.0), 2)
    51.84
    >>> detection_hours(page, 0.999, 0.01)
    inf
    >>> round(60 * detection_hours(page, 0.99, 0.1, slice_target=0.95), 2)  # every slice is bad
    8.64
    """
    _refuse_ratio(error_ratio)
    if slice_target is not None:
        if error_ratio <= complement(slice_target):
            return math.inf
        error_ratio = 1.0
    threshold = error_ratio_threshold(alert, objective)
    # A hair above equality is rounding and no burn.
    reached = error_ratio >= threshold * (1 - 1e-12) if alert.or_equal else False
    if error_ratio <= threshold * (1 + 1e-12) and not reached:
        return math.inf
    return min(threshold / error_ratio, 1.0) * alert.long_hours + alert.after_hours


def reset_hours(
    alert: BurnRateAlert, objective: float, error_ratio: float = 1.0, outage_hours: float = math.inf
) -> float | None:
    """Return the hours from the end of an outage until the alert ends; None where it didn't fire.

    Parameters
    ----------
    alert, objective, error_ratio
        As in `detection_hours`.
    outage_hours : float
        How long the outage lasted; by default longer than the windows.

    Examples
    --------
    >>> round(60 * reset_hours(BurnRateAlert(36, 1), 0.999))
    58
    >>> round(60 * reset_hours(BurnRateAlert(14.4, 1, 1 / 12), 0.999), 2)
    4.93
    """
    if detection_hours(alert, objective, error_ratio) >= outage_hours:
        return None
    threshold = error_ratio_threshold(alert, objective)
    windows = [alert.long_hours] + ([] if alert.short_hours is None else [alert.short_hours])
    return min(window * max(0.0, 1 - threshold / error_ratio) for window in windows)


def budget_spent_when_it_fires(alert: BurnRateAlert, period_hours: float = HOURS_A_MONTH) -> float:
    """Return the share of the period's error budget that is gone when the alert fires, however bad it is.

    Examples
    --------
    >>> [round(budget_spent_when_it_fires(alert), 6) for alert in recommended_alerts()]
    [0.02, 0.05, 0.1]
    """
    _above_zero("The period of an objective, in hours,", period_hours)
    return alert.burn_rate * alert.long_hours / period_hours


def hours_until_spent(burn_rate: float, period_hours: float = HOURS_A_MONTH) -> float:
    """Return the hours in which a constant burn rate spends the whole error budget.

    Examples
    --------
    >>> hours_until_spent(2), round(hours_until_spent(35), 1), round(60 * hours_until_spent(1000), 1)
    (360.0, 20.6, 43.2)
    """
    _above_zero("A burn rate", burn_rate)
    _above_zero("The period of an objective, in hours,", period_hours)
    return period_hours / burn_rate


def allowed_share(objective: float) -> float:
    """Return the share of requests that may fail, 1 - objective, with the digits that people mean.

    Raises
    ------
    BadInput
        For what is no fraction from 0 to less than 1.

    Examples
    --------
    >>> allowed_share(0.999), allowed_share(0), allowed_share(0.9999999999999999)
    (0.001, 1.0, 1e-16)
    """
    number = isinstance(objective, int | float) and not isinstance(objective, bool)
    if not number or not 0 <= objective < 1:
        raise BadInput(f"An objective is a fraction from 0 to less than 1, such as 0.999, not {objective!r}.")
    return complement(objective)


def complement(share: float) -> float:
    """Return 1 - share without the rounding of binary fractions: 0.001 for 0.999."""
    left = round(1.0 - share, 15)
    return left if left >= 1e-6 else float(1 - Decimal(repr(float(share))))


def span(hours: float) -> str:
    """Return hours as people say them.

    >>> span(72), span(1.5), span(1 / 12)
    ('3 d', '1.5 h', '5 min')
    """
    if hours >= 48 and hours % 24 == 0:
        return f"{hours / 24:g} d"
    return f"{hours:g} h" if hours >= 1 else f"{round(hours * 60, 6):g} min"


def _above_zero(what, number, least=0.0, most=math.inf):
    known = isinstance(number, int | float) and not isinstance(number, bool)
    if not known or not 0 < number < math.inf:
        raise BadInput(f"{what} is a number above 0, not {number!r}.")
    if not least <= number <= most:
        raise BadInput(f"{what} is from {least:g} to {most:g}, not {number:g}.")


def _refuse_ratio(error_ratio):
    if isinstance(error_ratio, bool) or not isinstance(error_ratio, int | float) or not 0 < error_ratio <= 1:
        raise BadInput(f"A share of failed requests is above 0 and at most 1, not {error_ratio!r}.")

"""Burn-rate alerts: when they fire, when they reset, and what of the error budget is left by then.

The burn rate is how many times faster than allowed the error budget is spent: the share of failed requests
over 1 - objective. B. Beyer and others, *The Site Reliability Workbook*, O'Reilly 2018, chapter 5.
"""

import math
from dataclasses import dataclass

from faultlab.errors import BadInput

HOURS_A_MONTH = 720.0


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

    Raises
    ------
    BadInput
        For a rate or a window that is not above 0, or a short window that is not the shorter one.
    """

    burn_rate: float
    long_hours: float
    short_hours: float | None = None
    severity: str = "page"

    def __post_init__(self):
        _above_zero("The burn rate of an alert", self.burn_rate)
        _above_zero("The window of an alert, in hours,", self.long_hours)
        if self.short_hours is not None:
            _above_zero("The short window of an alert, in hours,", self.short_hours)
            if self.short_hours >= self.long_hours:
                raise BadInput(
                    f"The short window ({self.short_hours:g} h) must be shorter than the long one "
                    f"({self.long_hours:g} h)."
                )

    @property
    def name(self):
        """As people say it: "page 14.4x over 1 h and 5 min"."""
        short = "" if self.short_hours is None else f" and {_span(self.short_hours)}"
        return f"{self.severity} {self.burn_rate:g}x over {_span(self.long_hours)}{short}"


def recommended_alerts(period_hours=HOURS_A_MONTH):
    """Return the three alerts of the Workbook's table 5-8 for a period of the objective.

    They fire when 2 % of the budget went in an hour, 5 % in six hours, and 10 % in three days.

    Examples
    --------
    >>> [alert.name for alert in recommended_alerts()]
    ['page 14.4x over 1 h and 5 min', 'page 6x over 6 h and 30 min', 'ticket 1x over 3 d and 6 h']
    """
    _above_zero("The period of an objective, in hours,", period_hours)
    shares = ((0.02, 1.0, "page"), (0.05, 6.0, "page"), (0.10, 72.0, "ticket"))
    return tuple(
        BurnRateAlert(round(share * period_hours / hours, 10), hours, hours / 12, severity)
        for share, hours, severity in shares
    )


def highest_burn_rate(objective):
    """Return the burn rate of a total outage, above which no alert can ever fire.

    Examples
    --------
    >>> round(highest_burn_rate(0.9306), 1), round(highest_burn_rate(0.999))
    (14.4, 1000)
    """
    return 1 / _allowed(objective)


def error_ratio_threshold(alert, objective):
    """Return the share of failed requests above which the alert's windows count as burning.

    Examples
    --------
    >>> round(error_ratio_threshold(BurnRateAlert(14.4, 1), 0.999), 6)
    0.0144
    """
    return alert.burn_rate * _allowed(objective)


def detection_hours(alert, objective, error_ratio):
    """Return the hours from the start of an outage until the alert fires, or infinity where it never does.

    Parameters
    ----------
    alert : BurnRateAlert
    objective : float
        A fraction below 1.
    error_ratio : float
        The share of requests that fail from now on, above 0 and up to 1; none failed before.

    Notes
    -----
    The long window passes its threshold last: ``burn rate · (1 - objective) · window / error ratio``. A
    result longer than the window means that the average never gets there.

    Examples
    --------
    >>> page = BurnRateAlert(14.4, 1, 1 / 12)
    >>> round(3600 * detection_hours(page, 0.999, 1.0), 2)
    51.84
    >>> detection_hours(page, 0.999, 0.01)
    inf
    """
    _refuse_ratio(error_ratio)
    threshold = error_ratio_threshold(alert, objective)
    # A hair above equality is rounding and no burn.
    if error_ratio <= threshold * (1 + 1e-12):
        return math.inf
    return threshold * alert.long_hours / error_ratio


def reset_hours(alert, objective, error_ratio=1.0, outage_hours=math.inf):
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
    return min(window * (1 - threshold / error_ratio) for window in windows)


def budget_spent_when_it_fires(alert, period_hours=HOURS_A_MONTH):
    """Return the share of the period's error budget that is gone when the alert fires, however bad it is.

    Examples
    --------
    >>> [round(budget_spent_when_it_fires(alert), 6) for alert in recommended_alerts()]
    [0.02, 0.05, 0.1]
    """
    _above_zero("The period of an objective, in hours,", period_hours)
    return alert.burn_rate * alert.long_hours / period_hours


def hours_until_spent(burn_rate, period_hours=HOURS_A_MONTH):
    """Return the hours in which a constant burn rate spends the whole error budget.

    Examples
    --------
    >>> hours_until_spent(2), round(hours_until_spent(35), 1), round(60 * hours_until_spent(1000), 1)
    (360.0, 20.6, 43.2)
    """
    _above_zero("A burn rate", burn_rate)
    _above_zero("The period of an objective, in hours,", period_hours)
    return period_hours / burn_rate


def _allowed(objective):
    if isinstance(objective, bool) or not isinstance(objective, int | float) or not 0 <= objective < 1:
        raise BadInput(f"An objective is a fraction from 0 to less than 1, such as 0.999, not {objective!r}.")
    return round(1 - objective, 15)  # 1 - 0.999 is 0.001


def _above_zero(what, number):
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 < number < math.inf:
        raise BadInput(f"{what} is a number above 0, not {number!r}.")


def _refuse_ratio(error_ratio):
    if isinstance(error_ratio, bool) or not isinstance(error_ratio, int | float) or not 0 < error_ratio <= 1:
        raise BadInput(f"A share of failed requests is above 0 and at most 1, not {error_ratio!r}.")


def _span(hours):
    if hours >= 48 and hours % 24 == 0:
        return f"{hours / 24:g} d"
    return f"{hours:g} h" if hours >= 1 else f"{round(hours * 60, 6):g} min"

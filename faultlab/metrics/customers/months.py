"""Month by month: what the clock says was down, and what customers met; and whether the two move together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from faultlab.errors import BadInput
from faultlab.metrics.budgets.budget_windows import calendar_budgets
from faultlab.metrics.budgets.user_impact import SHOP_DAY, failed_requests
from faultlab.metrics.estimates.distributions import CONFIDENCE, normal_quantile
from faultlab.metrics.estimates.estimates import Estimate

if TYPE_CHECKING:
    from faultlab.metrics.incidents.stretches import Incident


@dataclass(frozen=True)
class CustomerMonth:
    """A calendar month of one service.

    Attributes
    ----------
    start : datetime
    availability : float
        Of the time; an incident that failed a part of all requests counts as that part.
    incidents : int
        That began in it.
    failed_journeys : float
        Journeys, such as a way from basket to receipt, that met a failure.
    failed_share : float
        The same as a share of all journeys of the month.
    """

    start: datetime
    availability: float
    incidents: int
    failed_journeys: float
    failed_share: float


def customer_months(
    incidents: Sequence[Incident], start: datetime, end: datetime, journeys_a_day: float
) -> tuple[CustomerMonth, ...]:
    """Return each whole month from start to end, as the clock and as customers have it.

    Parameters
    ----------
    incidents : sequence of Incident
    start, end : datetime
        Aware.
    journeys_a_day : float
        They come through the day as `SHOP_DAY` says.

    Returns
    -------
    tuple of CustomerMonth

    Raises
    ------
    BadInput
        For a number of journeys that makes no sense.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from faultlab.metrics.incidents import Incident
    >>> night, evening = (datetime(2026, 1, 7, hour, tzinfo=UTC) for hour in (3, 20))
    >>> hour, edges = timedelta(hours=1), (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
    >>> months = [customer_months([Incident(at, at + hour)], *edges, 1_000)[0] for at in (night, evening)]
    >>> months[0].availability == months[1].availability
    True
    >>> [round(month.failed_journeys) for month in months]
    [4, 93]
    """
    if not journeys_a_day > 0:
        raise BadInput(f"Journeys a day are above 0, not {journeys_a_day!r}.")
    found = []
    for month in calendar_budgets(incidents, 0.0, start, end):
        first, last = month.start.astimezone(UTC), month.end.astimezone(UTC)
        failed = failed_requests(incidents, first, last, SHOP_DAY, journeys_a_day)
        found.append(
            CustomerMonth(
                month.start,
                1 - month.spent,
                sum(month.start <= incident.start < month.end for incident in incidents),
                failed.failed_requests,
                failed.failed_share,
            )
        )
    return tuple(found)


def moves_together(values: Sequence[float] | np.ndarray, others: Sequence[float] | np.ndarray) -> Estimate:
    """Return the rank correlation of two rows of numbers, with its interval.

    1: whenever one is higher, so is the other. 0: they have nothing to do with each other.

    Parameters
    ----------
    values, others : sequence of float
        Five pairs or more.

    Returns
    -------
    Estimate
        Spearman's coefficient, equal values sharing their ranks; its interval by Fisher's transformation.

    References
    ----------
    D. Bonett and T. Wright, "Sample size requirements for estimating Pearson, Kendall and Spearman
    correlations", Psychometrika 65, 2000: the variance (1 + r² / 2) / (n − 3).

    Examples
    --------
    >>> found = moves_together([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5])
    >>> round(found.value, 3), round(found.low, 2), round(found.high, 2)
    (0.829, 0.08, 0.98)
    """
    if len(values) != len(others) or len(values) < 5 or not np.isfinite([*values, *others]).all():
        raise BadInput("A correlation takes five pairs of finite numbers or more.")
    one, other = _ranks(values), _ranks(others)
    if one.std() == 0 or other.std() == 0:
        raise BadInput("One of the two never changes, so nothing can move with it.")
    correlation = float(np.corrcoef(one, other)[0, 1])
    method = f"Spearman, {len(values)} pairs"
    if abs(correlation) > 1 - 1e-12:
        return Estimate(correlation, None, None, CONFIDENCE, method)
    half = normal_quantile(0.5 + CONFIDENCE / 2) * math.sqrt((1 + correlation**2 / 2) / (len(values) - 3))
    low, high = (math.tanh(math.atanh(correlation) + side * half) for side in (-1, 1))
    return Estimate(correlation, low, high, CONFIDENCE, method)


def _ranks(values):
    """Ranks from 1; equal values share the mean of theirs."""
    _, place, count = np.unique(np.asarray(values, dtype=float), return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return (last - (count - 1) / 2)[place]

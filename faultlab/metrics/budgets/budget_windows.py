"""An error budget month by month of the calendar.

A month follows contracts and boards: it has its true length, 28 to 31 days, and on its first day all is
forgiven.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from faultlab.errors import BadInput
from faultlab.metrics.alerts.burn_rates import allowed_share
from faultlab.metrics.budgets.user_impact import worst_share_stretches
from faultlab.metrics.incidents.times import read_zone

if TYPE_CHECKING:
    from faultlab.metrics.incidents.stretches import Incident


@dataclass(frozen=True)
class BudgetWindow:
    """What became of one window's budget.

    Attributes
    ----------
    start, end : datetime
        Aware; the end is not part of it.
    budget_minutes, down_minutes : float
        Allowed and spent; an incident that failed a part of all requests counts as that part.
    spent : float
        The second over the first.
    ran_out : datetime or None
        When the last of the budget went.
    """

    start: datetime
    end: datetime
    budget_minutes: float
    down_minutes: float
    spent: float
    ran_out: datetime | None


def calendar_budgets(
    incidents: Sequence[Incident],
    objective: float,
    start: datetime,
    end: datetime,
    zone: str = "UTC",
) -> tuple[BudgetWindow, ...]:
    """Return the budget of each whole calendar month from start to end.

    Parameters
    ----------
    incidents : sequence of Incident
    objective : float
        A fraction below 1.
    start, end : datetime
        Aware. Months that begin before `start` or end after `end` are left out.
    zone : str
        Whose calendar; leap days and changes of the clock count.

    Returns
    -------
    tuple of BudgetWindow

    Raises
    ------
    BadInput
        For an objective that leaves no budget, or an end before the start.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from faultlab.metrics.incidents import Incident
    >>> noon = datetime(2024, 2, 9, 12, tzinfo=UTC)
    >>> out = Incident(noon, noon + timedelta(minutes=60))
    >>> new_year, april = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC)
    >>> quarter = calendar_budgets([out], 0.999, new_year, april)
    >>> [round(month.budget_minutes, 2) for month in quarter]  # 31, 29 and 31 days
    [44.64, 41.76, 44.64]
    >>> quarter[1].ran_out.strftime("%d %b %H:%M:%S")
    '09 Feb 12:41:45'
    """
    _refuse(objective, start, end)
    local = read_zone(zone)
    first = start.astimezone(local)
    edge = datetime(first.year, first.month, 1, tzinfo=local)
    found = []
    while edge <= end:
        following = datetime(edge.year + edge.month // 12, edge.month % 12 + 1, 1, tzinfo=local)
        if edge >= start and following <= end:
            found.append(_window(incidents, objective, edge, following))
        edge = following
    return tuple(found)


def _window(incidents, objective, start, end):
    allowed = allowed_share(objective) * ((end.timestamp() - start.timestamp()) / 60)
    spent, ran_out = 0.0, None
    for first, last, share in _stretches(incidents, start, end):
        before, spent = spent, spent + share * (last - first)
        if ran_out is None and share and spent >= allowed:
            at = start.timestamp() + 60 * (first + (allowed - before) / share)
            ran_out = datetime.fromtimestamp(at, start.tzinfo)
    return BudgetWindow(start, end, allowed, spent, spent / allowed, ran_out)


def _stretches(incidents, start, end):
    # In UTC: two times of one zone are subtracted by its clock, which jumps twice a year.
    return worst_share_stretches(incidents, start.astimezone(UTC), end.astimezone(UTC))


def _refuse(objective, start, end):
    allowed_share(objective)  # refuses what is no objective
    if start.tzinfo is None or end.tzinfo is None or not start < end:
        raise BadInput("Give a start and a later end, both with their time zone.")

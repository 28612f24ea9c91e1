"""The same minutes down at another hour: what the clock sees, and what customers see."""

from __future__ import annotations

from datetime import timedelta

from faultlab.metrics.budgets import SHOP_DAY, failed_requests
from faultlab.metrics.estimates import downtime_minutes
from faultlab.metrics.incidents import Incident, read_time
from faultlab.views.kit.chart import Axis, Chart
from faultlab.views.kit.palette import BLUE, INK, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import share, span

MONTH = ("2026-06-01", "2026-07-01")
MIDNIGHT = read_time("2026-06-10T00:00Z")


def outage_at(hour: int, minutes: int) -> Picture:
    """One outage of everything, at an hour of the day, in a month without another.

    Parameters
    ----------
    hour : int
        When it starts, 0 to 23.
    minutes : int
        How long it lasts.

    Returns
    -------
    Picture

    Examples
    --------
    >>> outage_at(20, 60).sentence
    "The clock says 99.86 % up; 0.31 % of the month's requests failed, 2.2 times the share of time."
    """
    start = MIDNIGHT + timedelta(hours=hour)
    seen = failed_requests([Incident(start, start + timedelta(minutes=minutes))], *MONTH)
    times = seen.failed_share / seen.down_share

    chart = Chart(
        Axis(0, 24, "Hour of the day", (0, 4, 8, 12, 16, 20, 24)),
        Axis(0, 10, "Percent of the day's requests", (0, 2, 4, 6, 8, 10)),
    )
    for at, percent in enumerate(SHOP_DAY):
        down = any(hour <= at + 24 * day < hour + minutes / 60 for day in (0, 1))
        chart.column(at, at + 1, percent, RED if down else BLUE)
    chart.rule(hour, INK, f"down {span(minutes)}", "start" if hour < 14 else "end")
    sentence = (
        f"The clock says {100 * (1 - seen.down_share):.2f} % up; {100 * seen.failed_share:.2f} % of the "
        f"month's requests failed, {times:.1f} times the share of time."
    )
    alt = (
        "Columns: the requests of a day by the hour, few at night and most at 20 h. An outage of "
        f"{span(minutes)} from {hour} h stands in red. {sentence}"
    )
    rows = (
        {"Seen by": "the clock", "Share of the month": f"{100 * seen.down_share:.3f} %"},
        {"Seen by": "the requests", "Share of the month": f"{100 * seen.failed_share:.3f} %"},
        {
            "Seen by": "a budget of 99.9 %",
            "Share of the month": f"{share(minutes / downtime_minutes(0.999, 'month'))} spent",
        },
    )
    return Picture(chart.svg(alt), alt, sentence, rows)

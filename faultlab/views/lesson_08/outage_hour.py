"""The same minutes down at another hour: measured in time, and in requests."""

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
    >>> outage_at(20, 60).sentence.partition(". ")[2]
    'Measured by requests, 0.31 % failed: 2.2 times the share of time lost.'
    """
    start = MIDNIGHT + timedelta(hours=hour)
    seen = failed_requests([Incident(start, start + timedelta(minutes=minutes))], *MONTH)
    times = seen.failed_share / seen.down_share

    chart = Chart(
        Axis(0, 24, "Hour of the day", (0, 4, 8, 12, 16, 20, 24)),
        Axis(0, 10, "Share of the day's requests, %", (0, 2, 4, 6, 8, 10)),
    )
    for at, percent in enumerate(SHOP_DAY):
        down = any(hour <= at + 24 * day < hour + minutes / 60 for day in (0, 1))
        chart.column(at, at + 1, percent, RED if down else BLUE)
    chart.rule(hour, INK, f"down {span(minutes)}", "start" if hour < 14 else "end")
    sentence = (
        f"Measured by time, the service was up {100 * (1 - seen.down_share):.2f} % of the month. Measured by "
        f"requests, {100 * seen.failed_share:.2f} % failed: {times:.1f} times the share of time lost."
    )
    alt = (
        "Columns: the requests of a day by the hour, few at night and most at 20:00. An outage of "
        f"{span(minutes)} from {hour}:00 is marked in red. {sentence}"
    )
    rows = (
        {"Measured by": "time", "Share of the month lost": f"{100 * seen.down_share:.3f} %"},
        {"Measured by": "requests", "Share of the month lost": f"{100 * seen.failed_share:.3f} %"},
        {
            "Measured by": "an error budget of 99.9 %",
            "Share of the month lost": f"{share(minutes / downtime_minutes(0.999, 'month'))} spent",
        },
    )
    return Picture(chart.svg(alt), alt, sentence, rows)

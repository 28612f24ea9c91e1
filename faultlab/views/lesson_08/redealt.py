"""Kestrels that differ from ours only by luck: what one service's MTTR did from year to year."""

from __future__ import annotations

import math
from collections.abc import Sequence

from faultlab.metrics.incidents import kestrel_incidents, read_time
from faultlab.views.kit.chart import Axis, Chart
from faultlab.views.kit.palette import INK, ORANGE, QUIET
from faultlab.views.kit.picture import Picture

SECOND_YEAR = read_time("2025-11-01T00:00Z")


def mttr_changes(seeds: Sequence[int], service: str = "payments") -> list[float]:
    """Return the change in one service's MTTR from the first year to the second, a Kestrel each.

    Parameters
    ----------
    seeds : sequence of int
        Of `kestrel_incidents`: the same habits, other luck.
    service : str
        "payments", in which nothing changes.

    Examples
    --------
    >>> [round(change, 2) for change in mttr_changes([1, 2])]
    [0.92, -0.56]
    """
    return [_change([one for one in kestrel_incidents(seed) if one.service == service]) for seed in seeds]


def redealt(reported: float, kestrels: int = 40) -> Picture:
    """Draw the changes in the MTTR of payments in other Kestrels, sorted, beside a reported one.

    Parameters
    ----------
    reported : float
        The change in the report, such as -0.44.
    kestrels : int
        How many.

    Returns
    -------
    Picture
    """
    changes = sorted(mttr_changes(range(kestrels)))
    chart = Chart(
        Axis(0, kestrels, f"{kestrels} Kestrels, sorted", ()),
        Axis(
            -100, 200, "Change in the MTTR of payments, year to year", (-100, -50, 0, 50, 100, 200), _signed
        ),
        height=320,
    )
    for place, change in enumerate(changes):
        chart.band(
            [place + 0.1, place + 0.9],
            [min(100 * change, 0)] * 2,
            [max(100 * change, 0)] * 2,
            ORANGE if change <= reported else QUIET,
        )
    chart.level(100 * reported, INK)
    chart.dot(kestrels, 100 * reported - 18, INK, f"the report: {_signed(100 * reported)}", 0, "end")
    as_good = sum(change <= reported for change in changes)
    worse = sum(change > 0 for change in changes)
    sentence = (
        f"In {as_good} of {kestrels} Kestrels in which nothing changed, payments look at least as much "
        f"better as in the report. In {worse} they look worse."
    )
    ends = f"{_signed(100 * changes[0])} to {_signed(100 * changes[-1])}"
    alt = f"Columns, one a Kestrel, from {ends}. {sentence}"
    rows = (
        {"Payments look": "at least as much better as in the report", "Kestrels": as_good},
        {"Payments look": "better, but less so", "Kestrels": kestrels - as_good - worse},
        {"Payments look": "worse", "Kestrels": worse},
    )
    return Picture(chart.svg(alt), alt, sentence, rows)


def _change(incidents):
    first = [one.minutes for one in incidents if one.start < SECOND_YEAR]
    later = [one.minutes for one in incidents if one.start >= SECOND_YEAR]
    return (math.fsum(later) / len(later)) / (math.fsum(first) / len(first)) - 1


def _signed(percent):
    return f"{percent:+.0f} %".replace("-", "−") if round(percent) else "0 %"

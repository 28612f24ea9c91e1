"""Kestrels that differ from ours only by luck: what one service's MTTR did from year to year."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

from faultlab.metrics.incidents import kestrel_incidents, read_time
from faultlab.views.kit.chart import Axis, Chart
from faultlab.views.kit.explorer import Explorer, Slider
from faultlab.views.kit.palette import INK, ORANGE, QUIET
from faultlab.views.kit.picture import Picture

SECOND_YEAR = read_time("2025-11-01T00:00Z")
KESTRELS = 40
"""How many others are dealt."""


def mttr_changes(seeds: Sequence[int]) -> list[float]:
    """Return the change in the MTTR of payments from the first year to the second, a Kestrel each.

    Parameters
    ----------
    seeds : sequence of int
        Of `kestrel_incidents`: the same habits, other luck. Nothing changes in payments.

    Examples
    --------
    >>> [round(change, 2) for change in mttr_changes([1, 2])]
    [0.92, -0.56]
    """
    return [_change([one for one in kestrel_incidents(seed) if one.service == "payments"]) for seed in seeds]


def deal(reported: float) -> Explorer:
    """Deal other Kestrels one by one.

    Parameters
    ----------
    reported : float
        The change in the report, such as -0.44.
    """
    dealt = Slider("dealt", "Kestrels dealt", 1, KESTRELS, 1)
    title = "How good do payments look by luck?"
    return Explorer(lambda dealt: redealt(reported, dealt), [dealt], title=title)


def redealt(reported: float, dealt: int = KESTRELS) -> Picture:
    """Draw the changes in the MTTR of payments in other Kestrels, dealt one by one, beside a reported one.

    Parameters
    ----------
    reported : float
        The change in the report, such as -0.44.
    dealt : int
        How many of the `KESTRELS` are seen.

    Returns
    -------
    Picture
    """
    changes = _all_changes()[:dealt]
    chart = Chart(
        Axis(0, KESTRELS, "Kestrels, as they were dealt", ()),
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
    chart.dot(KESTRELS, 100 * reported - 18, INK, f"the report: {_signed(100 * reported)}", 0, "end")
    as_good = sum(change <= reported for change in changes)
    worse = sum(change > 0 for change in changes)
    sentence = _sentence(dealt, as_good, worse)
    ends = f"{_signed(100 * min(changes))} to {_signed(100 * max(changes))}"
    alt = f"Columns, one a Kestrel, from {ends}. {sentence}"
    rows = (
        {"Payments look": "at least as much better as in the report", "Kestrels": as_good},
        {"Payments look": "better, but less so", "Kestrels": dealt - as_good - worse},
        {"Payments look": "worse", "Kestrels": worse},
    )
    return Picture(chart.svg(alt), alt, sentence, rows)


def _sentence(dealt, as_good, worse):
    better = "at least as much better as in the report"
    if dealt == 1:
        looks = better if as_good else "worse" if worse else "better, but less so than in the report"
        return f"In one Kestrel in which nothing changed, payments look {looks}."
    return (
        f"In {as_good} of {dealt} Kestrels in which nothing changed, payments look {better}. "
        f"In {worse} they look worse."
    )


@functools.cache
def _all_changes():
    return mttr_changes(range(KESTRELS))


def _change(incidents):
    first = [one.minutes for one in incidents if one.start < SECOND_YEAR]
    later = [one.minutes for one in incidents if one.start >= SECOND_YEAR]
    return (math.fsum(later) / len(later)) / (math.fsum(first) / len(first)) - 1


def _signed(percent):
    return f"{percent:+.0f} %".replace("-", "−") if round(percent) else "0 %"

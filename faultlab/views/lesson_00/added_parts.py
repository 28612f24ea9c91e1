"""How harmless additions to a checkout add up, and what loosening them buys."""

from __future__ import annotations

import functools

from faultlab.analysis.engine import AND, OR
from faultlab.analysis.fault_trees import FaultTree, solve
from faultlab.views.kit.chart import Axis, Chart
from faultlab.views.kit.palette import BLUE, ORANGE
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import count, share, span

UP = 0.9995
CORE = 0.0005
"""Unavailability of the checkout with its server and its database alone."""
MOST = 40
YEAR = 525_600


def added_parts(added: int, loosened: float) -> Picture:
    """Downtime a year of a checkout to which services are added, needed or loosened.

    Parameters
    ----------
    added : int
        Services, each up 99.95 % of the time, 0 to `MOST`.
    loosened : float
        Percent of the times that one is down in which the checkout goes on without it.

    Returns
    -------
    Picture
        Exact, by a fault tree: the checkout is down if its core is, or if a service is and the checkout
        doesn't cope.

    Examples
    --------
    >>> added_parts(0, 0).sentence.partition(".")[0]
    'With no service added, the checkout is down 4'
    """
    counts = range(MOST + 1)
    coupled = [_minutes(n, 0) for n in counts]
    loose = [_minutes(n, loosened) for n in counts]
    top = 180
    chart = Chart(
        Axis(0, MOST, "Services added to the checkout", (0, 10, 20, 30, 40)),
        Axis(0, top, "Hours down a year", (0, 45, 90, 135, 180)),
    )
    chart.line(list(counts), [m / 60 for m in coupled], ORANGE, "7 4")
    chart.line(list(counts), [m / 60 for m in loose], BLUE)
    chart.dot(added, coupled[added] / 60, ORANGE)
    chart.dot(added, loose[added] / 60, BLUE, radius=8)
    chart.legend(("every one is needed", ORANGE, "7 4"), ("loosened as you say", BLUE, ""))
    now, if_needed = span(loose[added]), span(coupled[added])
    who = (
        f"With {count(added, 'service') if added else 'no service'} added, the checkout is down {now} a year"
    )
    sentence = who + (
        f" instead of {if_needed}: it copes {loosened:g} % of the time." if added and loosened else "."
    )
    if added and not loosened:
        caused = share(1 - _core(added))
        sentence += f" Each service adds only {span(YEAR * (1 - UP))}; together they cause {caused} of it."
    alt = (
        f"Two rising lines over 0 to {MOST} added services. With {added}: {if_needed} down a year if every "
        f"one is needed, {now} if the checkout copes without one {loosened:g} % of the time."
    )
    rows = tuple(
        {
            "Services added": n,
            "Hours down a year, all needed": round(coupled[n] / 60, 1),
            "Loosened": round(loose[n] / 60, 1),
        }
        for n in sorted({0, 5, 10, 20, MOST, added})
    )
    return Picture(chart.svg(alt), alt, sentence, rows)


@functools.lru_cache(maxsize=512)
def _minutes(added, loosened):
    gates: dict = {"down": OR("core", *(f"stopped by {n}" for n in range(added)))}
    chances = {"core": CORE}
    for n in range(added):
        gates[f"stopped by {n}"] = AND(f"service {n}", f"no way round {n}")
        chances |= {f"service {n}": 1 - UP, f"no way round {n}": 1 - loosened / 100}
    return YEAR * solve(FaultTree("down", gates, chances)).probability()[0]


def _core(added):
    return YEAR * CORE / _minutes(added, 0)

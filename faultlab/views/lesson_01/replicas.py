"""What copies of a server buy, when a share of the failures strikes all of them at once."""

from __future__ import annotations

import math

from faultlab.design.redundancy import redundant_unavailability
from faultlab.metrics.estimates import downtime_minutes_from_unavailability
from faultlab.views.kit.chart import Axis, Chart
from faultlab.views.kit.palette import BLUE, DASHES, ORANGE
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import euros, span, written_out

MOST_COPIES = 5
SHARED = (0, 1, 2, 5, 10, 20)
"""Percent of a copy's failures that strike all copies (the beta factor)."""
EACH = 99.5
SECOND = 1 / 60


def replicas(copies: int, shared: float, worth: float, each: float = EACH) -> Picture:
    """Downtime a year by the number of copies, beside what independence promises.

    Parameters
    ----------
    copies : int
        1 to `MOST_COPIES`; one is enough to serve.
    shared : float
        Percent of each copy's failures that strike all at once.
    worth : float
        What an hour is worth, in EUR.
    each : float
        Availability of a copy, in percent.

    Returns
    -------
    Picture

    Examples
    --------
    >>> replicas(2, 5, 50_000).sentence.partition(". ")[0]
    'Two copies are down together for 2.39 hours a year, at a cost of 119,000 EUR'
    """
    counts = range(1, MOST_COPIES + 1)
    real = {n: _minutes(n, shared, each) for n in range(1, MOST_COPIES + 2)}
    promised = {n: _minutes(n, 0, each) for n in counts}

    chart = Chart(
        Axis(0.7, MOST_COPIES + 0.6, "Copies, of which one is enough", tuple(counts)),
        Axis(
            SECOND,
            20_000,
            "Downtime a year (the axis grows by factors)",
            tuple(_TICKS),
            _TICKS.__getitem__,
            log=True,
        ),
        left=76,
    )
    for values, colour, dash in ((promised, ORANGE, DASHES[1]), (real, BLUE, "")):
        xs, ys = _above(values)
        chart.line(xs, ys, colour, dash)
    for n in counts:
        if promised[n] >= SECOND:
            chart.dot(n, promised[n], ORANGE)
        if real[n] >= SECOND or n == copies:
            chart.dot(n, real[n], BLUE, radius=8 if n == copies else 5)
    chart.legend(("with common causes", BLUE, ""), ("if independent", ORANGE, DASHES[1]))
    # The label stands above and to the right of its dot, where no line passes.
    chart.line([copies + 0.95], [1.1 * max(real[copies], SECOND)], label=span(real[copies]))

    sentence = (
        f"{written_out(copies).capitalize()} "
        f"{'copies are down together' if copies > 1 else 'copy is down'} for "
        f"{span(real[copies])} a year, at a cost of {euros(real[copies] / 60 * worth)}."
    )
    if copies > 1 and shared:
        sentence += f" If they failed independently, it would be {span(promised[copies])}."
    saved = real[copies] - real[copies + 1]
    if saved >= SECOND:
        sentence += f" One more copy would save {span(saved)} a year, {euros(saved / 60 * worth)}."
    else:
        sentence += " One more copy would save almost nothing."
    alt = (
        f"Two falling lines over 1 to {MOST_COPIES} copies, each up {each:g} % of the time. With "
        f"{shared:g} % of failures hitting all copies at once: "
        + ", ".join(span(real[n]) for n in counts)
        + ". If they failed independently: "
        + ", ".join(span(promised[n]) for n in counts)
        + "."
    )
    rows = tuple(
        {
            "Copies": n,
            f"Minutes a year, {shared:g} % shared": float(f"{real[n]:.4g}"),
            "Minutes a year, independent": float(f"{promised[n]:.4g}"),
            "Cost a year, EUR": round(real[n] / 60 * worth),
        }
        for n in counts
    )
    return Picture(chart.svg(alt), alt, sentence, rows)


_TICKS = {SECOND: "1 second", 1: "1 minute", 60: "1 hour", 1440: "1 day"}


def _minutes(copies, shared, each):
    beta = shared / 100 if copies > 1 else 0  # one copy shares nothing with anybody
    down = redundant_unavailability(1, copies, round(1 - each / 100, 9), beta)
    return downtime_minutes_from_unavailability(down)


def _above(minutes):
    """The points of a line, up to where it leaves the chart at the bottom."""
    xs: list[float] = []
    ys: list[float] = []
    for n in range(1, MOST_COPIES + 1):
        if minutes[n] >= SECOND:
            xs.append(n)
            ys.append(minutes[n])
            continue
        above, below = math.log(ys[-1] / SECOND), math.log(SECOND / minutes[n])
        xs.append(n - 1 + above / (above + below))
        ys.append(SECOND)
        break
    return xs, ys

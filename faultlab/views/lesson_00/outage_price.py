"""The price of outages: what a year may cost, as a range and not as one number."""

from __future__ import annotations

import functools

from faultlab.metrics.customers import (
    Risk,
    loss_exceedance,
    loss_percentile,
    mean_loss,
    simulate_annual_losses,
)
from faultlab.views.kit.chart import Axis, Chart, amount_axis
from faultlab.views.kit.palette import BLUE, ORANGE, PURPLE, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import count, euros, share, span

YEARS = 20_000
SHORTER_OR_LONGER = 4
"""Nine outages in ten last between a quarter of the typical time and four times as long."""

STEPS = 80
FLAT = 0.03
"""How high the bar for trust is drawn, on the scale of chances: its length is what counts."""


def outage_price(outages: float, minutes: float, worth: float, trust: float = 0) -> Picture:
    """The chance that a year of outages costs more than each amount, and what trust may cost on top.

    Parameters
    ----------
    outages : float
        Expected outages a year.
    minutes : float
        The typical (median) length of one.
    worth : float
        The value of an hour of the journey, in EUR.
    trust : float
        The most that customers lost for good cost in an outage, in EUR; the least is nothing. A range of its
        own, since nobody has measured it as the hours are measured: it is not in the curve.

    Returns
    -------
    Picture

    Examples
    --------
    >>> "One year in ten" in outage_price(6, 45, 50_000).sentence
    True
    """
    losses = _losses(outages, minutes, worth)
    middle, bad, worst = (loss_percentile(losses, percentile).numbers()[0] for percentile in (50, 90, 95))
    mean = mean_loss(losses).numbers()[0]
    lost = outages * trust
    money = amount_axis(1.5 * max(worst, mean), "EUR a year")
    amounts = [money.high * step / STEPS for step in range(STEPS + 1)]
    chances = [point.numbers()[0] for point in loss_exceedance(losses, amounts)]

    chart = Chart(
        money,
        Axis(0, 1, "Chance that a year costs more", (0, 0.1, 0.25, 0.5, 0.75, 1), share),
    )
    chart.line(amounts, chances)
    if middle:
        chart.dot(middle, 0.5, BLUE, "typical year", lift=8)
    chart.dot(mean, _chance(losses, mean), ORANGE, "average year", lift=-2 if middle else 14)
    chart.dot(bad, 0.1, RED, "bad year: one in ten", lift=10)

    if lost:
        chart.column(0, lost, FLAT, PURPLE)
        chart.legend((f"trust, on top: from nothing to {euros(lost)}", PURPLE, None))

    typical = euros(middle) if middle else "nothing"
    sentence = f"An average year costs {euros(mean)}. One year in ten costs more than {euros(bad)}."
    if not bad:
        sentence = f"An average year costs {euros(mean)}, but in nine years out of ten there is no outage."
    on_top = f" Trust may cost up to {euros(lost)} more in an average year, or nothing." if lost else ""
    alt = (
        f"A falling curve: the chance that {count(outages, 'outage')} a year of typically {span(minutes)}, "
        f"at {euros(worth)} an hour, cost more than an amount. A typical year costs {typical}, an "
        f"average one {euros(mean)}; one year in ten costs more than {euros(bad)}.{on_top}"
    )
    rows: tuple[dict[str, str | int], ...] = (
        {"What": "A typical (median) year", "EUR a year": round(middle)},
        {"What": "The average of all years", "EUR a year": round(mean)},
        {"What": "One year in ten costs more than", "EUR a year": round(bad)},
        {
            "What": "One year in twenty costs more than",
            "EUR a year": round(worst),
        },
        {"What": f"Years without an outage: {share(_none(losses))}", "EUR a year": 0},
    )
    if lost:
        rows += ({"What": "Trust in an average year, on top: from nothing to", "EUR a year": round(lost)},)
    return Picture(chart.svg(alt), alt, sentence + on_top, rows)


@functools.lru_cache(maxsize=64)
def _losses(outages, minutes, worth):
    """Simulated years. One seed for all, so that two settings differ by the settings and not by luck."""
    typical = worth * minutes / 60
    risk = Risk("outages", outages, typical / SHORTER_OR_LONGER, typical * SHORTER_OR_LONGER)
    return simulate_annual_losses(risk, years=YEARS, seed=1)


def _chance(losses, amount):
    return float((losses > amount).mean())


def _none(losses):
    return float((losses == 0).mean())

"""Nines as time and money: what an availability allows."""

from __future__ import annotations

from faultlab.metrics.estimates import downtime_minutes
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, TEAL
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import euros, span

LEVELS = (99.0, 99.5, 99.9, 99.95, 99.99, 99.999)
PERIODS = {"a year (365 days)": "year", "a month (30 days)": "month", "a week": "week"}


def allowed_downtime(availability: float, period: str, worth: float) -> Picture:
    """The downtime that an availability allows in a period, beside the usual levels.

    Parameters
    ----------
    availability : float
        In percent.
    period : str
        A key of `PERIODS`.
    worth : float
        What an hour is worth, in EUR.

    Returns
    -------
    Picture

    Examples
    --------
    >>> allowed_downtime(99.999, "a month (30 days)", 50_000).sentence
    'At 99.999 %, the service may be down for 26 seconds a month. That costs up to 360 EUR.'
    >>> allowed_downtime(99.9, "a week", 50_000).sentence.partition(". ")[2]
    'That costs up to 8,400 EUR. Moving to 99.95 % would save up to 4,200 EUR a week.'
    """
    minutes = {level: _minutes(level, period) for level in sorted({*LEVELS, availability})}
    allowed = minutes[availability]
    cost = allowed / 60 * worth
    rows = [
        (f"{level:g} %", length, span(length), BLUE if level == availability else TEAL)
        for level, length in minutes.items()
    ]
    rows = [(f"► {words}" if c == BLUE else words, *rest, c) for words, *rest, c in rows]
    each = f"a {PERIODS[period]}"
    sentence = f"At {availability:g} %, the service may be down for {span(allowed)} {each}. "
    sentence += f"That costs up to {euros(cost)}."
    better = next((level for level in LEVELS if level > availability), None)
    if better:
        saved = euros((allowed - minutes[better]) / 60 * worth)
        sentence += f" Moving to {better:g} % would save up to {saved} {each}."
    alt = f"Bars of the downtime that each level allows {period}: " + ", ".join(
        f"{level:g} % {span(length)}" for level, length in minutes.items()
    )
    data = tuple(
        {
            "Availability": f"{level:g} %",
            f"Minutes down {period}": round(length, 3),
            "Cost in EUR": round(length / 60 * worth),
        }
        for level, length in minutes.items()
    )
    return Picture(bars(rows, alt, gap=48), alt, sentence, data)


def _minutes(percent, period):
    return downtime_minutes(round(percent / 100, 9), PERIODS[period])

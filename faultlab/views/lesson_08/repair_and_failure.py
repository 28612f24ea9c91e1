"""Availability from its two parts: how often it fails, and how long it stays down."""

from __future__ import annotations

from faultlab.metrics.estimates import downtime_minutes, percent, steady_availability
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, GREEN, ORANGE, PURPLE
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import span


def two_ways_up(mtbf_days: float, mttr_minutes: float) -> Picture:
    """Minutes down a year now, with failures half as frequent, and with repairs half as long.

    Parameters
    ----------
    mtbf_days : float
        Mean operating time between failures, in days.
    mttr_minutes : float
        Mean time to restore, in minutes.

    Returns
    -------
    Picture

    Examples
    --------
    >>> two_ways_up(30, 60).sentence.partition(" and ")[0]
    'The service is up 99.86 % of the time'
    """
    cases = (
        ("Today", mtbf_days, mttr_minutes, BLUE),
        ("Failures half as often", 2 * mtbf_days, mttr_minutes, ORANGE),
        ("Repairs twice as fast", mtbf_days, mttr_minutes / 2, GREEN),
        ("Both", 2 * mtbf_days, mttr_minutes / 2, PURPLE),
    )
    down = {
        words: downtime_minutes(steady_availability(24 * days, minutes), "year")
        for words, days, minutes, _ in cases
    }
    rows = [(words, down[words], span(down[words]), colour) for words, _, _, colour in cases]
    available = steady_availability(24 * mtbf_days, mttr_minutes)
    sentence = (
        f"The service is up {percent(available)} of the time and down {span(down['Today'])} a year. "
        "Half as many failures or repairs twice as fast: either halves the downtime."
    )
    alt = "Bars of downtime a year: " + ", ".join(f"{words} {span(down[words])}" for words in down)
    data = tuple(
        {
            "Case": words,
            "MTBF in days": days,
            "MTTR in minutes": minutes,
            "Minutes down a year": round(down[words], 1),
        }
        for words, days, minutes, _ in cases
    )
    return Picture(bars(rows, alt), alt, sentence, data)

"""A chain of parts that are all needed, and two ways to make it stronger."""

from __future__ import annotations

from faultlab.metrics.estimates import (
    downtime_minutes_from_unavailability,
    parallel_unavailability,
    percent,
    series_unavailability,
)
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, GREEN, ORANGE
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import count, span


def chain(parts: int, availability: float) -> Picture:
    """Minutes down a year of a chain, of two whole chains, and of a chain with every part twice.

    Parameters
    ----------
    parts : int
        How many parts the chain needs; all fail independently.
    availability : float
        Of each, in percent.

    Returns
    -------
    Picture

    Examples
    --------
    >>> chain(10, 99.9).sentence
    '10 parts in series, each up 99.9 % of the time, are all up 99 % of the time: 3.63 days down a year.'
    """
    each = round(1 - availability / 100, 9)
    whole = series_unavailability([each] * parts)
    cases = (
        ("One chain", whole, BLUE),
        ("Two whole chains, one is enough", parallel_unavailability([whole] * 2), ORANGE),
        (
            "One chain, every part twice",
            series_unavailability([parallel_unavailability([each] * 2)] * parts),
            GREEN,
        ),
    )
    minutes = {words: downtime_minutes_from_unavailability(down) for words, down, _ in cases}
    rows = [(words, minutes[words], span(minutes[words]), colour) for words, _, colour in cases]
    down = f"{span(minutes['One chain'])} down a year."
    sentence = (
        f"{count(parts, 'part')} in series, each up {availability:g} % of the time, are all up "
        f"{percent(unavailability=whole)} of the time: {down}"
        if parts > 1
        else f"A single part that is up {availability:g} % of the time is {down}"
    )
    alt = "Bars of downtime a year: " + ", ".join(f"{words} {span(minutes[words])}" for words in minutes)
    data = tuple(
        {
            "Arrangement": words,
            "Availability": percent(unavailability=down),
            "Minutes down a year": round(minutes[words], 3),
        }
        for words, down, _ in cases
    )
    return Picture(bars(rows, alt), alt, sentence, data)

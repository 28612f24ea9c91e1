"""Incidents that happen and incidents that get reported, before and after a change of rules."""

from __future__ import annotations

from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, QUIET
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import share

HAPPENED = 100
"""A year, before: a round number, so that shares can be read off it."""


def reported(change: int, before: int, after: int) -> Picture:
    """Draw how many incidents a company reports, by what happens and how much of it people report.

    Parameters
    ----------
    change : int
        In what happens, in percent.
    before, after : int
        Share of what happens that is reported, in percent.

    Returns
    -------
    Picture

    Examples
    --------
    >>> reported(20, 60, 40).sentence
    'The report says 20 % fewer incidents. In truth there are 20 % more, and 72 of 120 are never heard of.'
    """
    happens = round(HAPPENED * (1 + change / 100))
    seen = HAPPENED * before / 100, happens * after / 100
    rows = [
        ("Happened, year 1", HAPPENED, f"{HAPPENED}", QUIET),
        ("Reported, year 1", seen[0], f"{seen[0]:.0f}", BLUE),
        ("Happened, year 2", happens, f"{happens}", QUIET),
        ("Reported, year 2", seen[1], f"{seen[1]:.0f}", BLUE),
    ]
    unheard = happens - seen[1]
    sentence = (
        f"The report says {_moved(seen[1] / seen[0] - 1)} incidents. "
        f"In truth there are {_moved(change / 100)}, and "
        + (f"{unheard:.0f} of {happens} are never heard of." if unheard >= 0.5 else "all are heard of.")
    )
    alt = (
        "Bars: " + ", ".join(f"{words.lower()} {written}" for words, _, written, _ in rows) + f". {sentence}"
    )
    data = tuple({"Incidents": words, "Number": written} for words, _, written, _ in rows)
    return Picture(bars(rows, alt, highest=1.5 * HAPPENED), alt, sentence, data)


def _moved(change):
    if abs(change) < 0.005:
        return "just as many"
    return f"{share(abs(change))} {'more' if change > 0 else 'fewer'}"

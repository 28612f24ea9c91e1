"""k of n as a decision: how many spares, and what each one brings."""

from __future__ import annotations

from faultlab.metrics.estimates import downtime_minutes_from_unavailability, k_of_n_unavailability, percent
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, TEAL
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import count, span

MOST_SPARES = 4


def spares(needed: int, spare: int, availability: float) -> Picture:
    """Downtime a year by the number of spares, where `needed` servers must work.

    Parameters
    ----------
    needed : int
    spare : int
        How many there are beyond those, 0 to `MOST_SPARES`.
    availability : float
        Of each server, in percent; they fail independently.

    Returns
    -------
    Picture

    Examples
    --------
    >>> spares(2, 1, 99).sentence.partition(" The spare")[0]
    'At least 2 of 3 servers, each up 99 % of the time, are up 99.97 % of the time: 2.61 hours down a year.'
    """
    each = round(1 - availability / 100, 9)
    downs = [k_of_n_unavailability(needed, needed + more, each) for more in range(MOST_SPARES + 1)]
    minutes = [downtime_minutes_from_unavailability(down) for down in downs]
    rows = [
        (
            f"{'► ' if more == spare else ''}{count(more, 'spare') if more else 'no spare'}: "
            f"{needed} of {needed + more}",
            value,
            span(value),
            BLUE if more == spare else TEAL,
        )
        for more, value in enumerate(minutes)
    ]
    one = needed + spare == 1
    up = f"{percent(unavailability=downs[spare])} of the time: {span(minutes[spare])} down a year."
    each_up = f"each up {availability:g} % of the time,"
    if one:
        sentence = f"One server is up {up}"
    elif spare:
        sentence = f"At least {needed} of {needed + spare} servers, {each_up} are up {up}"
    else:
        sentence = f"All {needed} servers, {each_up} are up {up}"
    if spare:
        word = "spare adds" if spare == 1 else "spares add"
        sentence += f" The {word} {100 * spare / needed:.0f} % to your bill."
    alt = f"Downtime a year falls with every spare, where {count(needed, 'server')} must work: " + ", ".join(
        f"{needed} of {needed + more} {span(value)}" for more, value in enumerate(minutes)
    )
    data = tuple(
        {
            "Servers": f"{needed} of {needed + more}",
            "Availability": percent(unavailability=down),
            "Minutes down a year": float(f"{value:.4g}"),
            "Servers paid for": f"{100 * (needed + more) / needed:.0f} %",
        }
        for more, (down, value) in enumerate(zip(downs, minutes, strict=True))
    )
    return Picture(bars(rows, alt, gap=50), alt, sentence, data)

"""What an outage costs by the hour, and beside it what it may cost in trust: two ranges, never added up."""

from __future__ import annotations

from faultlab.metrics.customers import CHECKOUT_HOUR, trust_loss
from faultlab.views.kit.chart import Axis, Chart, amount_axis
from faultlab.views.kit.palette import BLUE, INK, PURPLE
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import euros, share, span

HOURS_AT, TRUST_AT, THICK = 3, 1.4, 0.7


def beside_the_hours(minutes: float, hit: float, leaving: float, worth: float) -> Picture:
    """The cost of one outage of Kestrel's checkout: its hours, and trust as a range of its own.

    Parameters
    ----------
    minutes : float
        How long it lasts.
    hit : float
        Customers who met it.
    leaving : float
        Percent of them who leave for good because of it, at most; the least is none.
    worth : float
        What a customer would still have brought, in EUR.

    Returns
    -------
    Picture
        Both ranges on one scale, and the share of leavers at which trust costs what the hours do.

    Examples
    --------
    >>> beside_the_hours(45, 5_000, 2, 100).sentence.rpartition(". ")[2]
    'It would cost as much as the hours if 8 % left.'
    """
    least, likely, most = (one * minutes / 60 for one in CHECKOUT_HOUR)
    none, trust = trust_loss(hit, (0, leaving / 100), worth)
    hours = f"{euros(least).removesuffix(' EUR')} to {euros(most)}"
    chart = Chart(amount_axis(max(most, trust), "EUR for this outage"), Axis(0, 4, "", ()), height=220)
    bars = (
        (HOURS_AT, least, most, BLUE, f"the hours: {hours}"),
        (TRUST_AT, none, trust, PURPLE, f"trust: nothing to {euros(trust)}"),
    )
    for at, low, high, colour, words in bars:
        chart.band([low, high], [at - THICK] * 2, [at] * 2, colour)
        chart.dot(0, at + 0.3, colour, words, radius=0)
    chart.line([likely] * 2, [HOURS_AT - THICK, HOURS_AT], INK)

    level = likely / (hit * worth)
    sentence = (
        f"{span(minutes)} cost {hours} in lost orders, likely {euros(likely)}. Trust costs "
        f"nothing, or up to {euros(trust)} more. "
    )
    sentence += (
        f"It would cost as much as the hours if {share(level)} left."
        if level <= 1
        else "Even if all of them left, it would cost less than the hours."
    )
    alt = (
        f"Two bars on one scale. The hours: {hours}, likely {euros(likely)}. Trust: from "
        f"nothing to {euros(trust)}."
    )
    rows = (
        {"What": "The hours", "At least": euros(least), "Likely": euros(likely), "At most": euros(most)},
        {"What": "Trust", "At least": euros(none), "Likely": "nobody knows", "At most": euros(trust)},
    )
    return Picture(chart.svg(alt), alt, sentence, rows)

"""An offer with its price: what a year costs today, and what it would cost, counted in two ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faultlab.analysis.systems import journey_report, spoken
from faultlab.metrics.estimates import downtime_minutes, percent
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, ORANGE, TEAL
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import euros, span

if TYPE_CHECKING:
    from faultlab.analysis.systems.system import System


def proposal(today: System, offered: System, journey: str, price: float) -> Picture:
    """The loss of a year, and an offer's price on top, part by part and exactly.

    Parameters
    ----------
    today, offered : System
        Both with the journey.
    journey : str
    price : float
        Of the offer, in EUR a year.

    Returns
    -------
    Picture
    """
    now, then = journey_report(today, journey), journey_report(offered, journey)
    worth = today.journey(journey).worth_per_hour.likely
    down = then.minutes_down_per_year
    assert down is not None  # only a journey with a mission time has no year
    cases = (
        ("Today, multiplied part by part: loss", now.naive_availability, 0, ORANGE),
        ("Today, exact: loss", now.availability, 0, TEAL),
        ("Offer, multiplied part by part: loss and price", then.naive_availability, price, ORANGE),
        ("Offer, exact: loss and price", then.availability, price, BLUE),
    )
    minutes = {words: downtime_minutes(up) for words, up, _, _ in cases}
    loss = {words: value / 60 * worth for words, value in minutes.items()}
    total = {words: loss[words] + paid for words, _, paid, _ in cases}
    rows = [
        (words, total[words], euros(total[words]).replace("million", "M"), colour)
        for words, _, _, colour in cases
    ]
    naive_today, today_exact, naive, exact = total.values()
    sentence = (
        f"Multiplied part by part, the offer {_gain(naive_today - naive)} a year. "
        f"Worked out exactly, it {_gain(today_exact - exact)}, "
        f"and the {spoken(journey)} is still down {span(down)} a year."
    )
    alt = "Bars of what a year costs: " + ", ".join(
        f"{words} {euros(value)}" for words, value in total.items()
    )
    data = tuple(
        {
            "Counted": words.partition(":")[0],
            "Availability": percent(up),
            "Down a year": span(minutes[words]),
            "Loss, EUR a year": round(loss[words]),
            "Price, EUR a year": paid,
        }
        for words, up, paid, _ in cases
    )
    return Picture(bars(rows, alt), alt, sentence, data)


def _gain(amount):
    return f"{'gains' if amount >= 0 else 'loses'} {euros(abs(amount))}"

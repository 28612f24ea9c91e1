"""What a system says while it is being typed: its block diagram, its journeys, what carries the loss.

Worked out on the samples of the board's page, so that both say the same. One year in ten is simulated
here and exact there, so it is said in two digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from faultlab.analysis.reviews import Losses, best_portfolio, contributors, simulated_years
from faultlab.analysis.systems import single_points_of_failure, spoken, unneeded
from faultlab.metrics.estimates import downtime_minutes, percent
from faultlab.views.kit.words import share
from faultlab.views.lesson_05.journey_loss import journey_loss
from faultlab.views.lesson_10.board_words import amount, in_hundred, listed

if TYPE_CHECKING:
    from faultlab.analysis.systems import System

EACH = 20
MOST_CARRIERS = 6


def own_answers(system: System, journey: str = "", money: bool = True) -> dict[str, Any]:
    """Return what stands beside the form, as plain data.

    Parameters
    ----------
    system : System
    journey : str
        Whose diagram is drawn; the first where it has none of that name.
    money : bool
        Whether what a year costs is said.

    Returns
    -------
    dict
        `sentence`, `svg`, `journey`, `names` of all journeys that have a year, `rows` of the journeys over
        their whole ranges, as the board's page has them, `apart`, what these and the diagram differ by,
        `idle`, what no journey needs, in a sentence, and `carriers`: what carries the loss, each with its
        share of it.

    Raises
    ------
    BadInput
        Where no journey has a year, or one is too large to be worked out exactly.
    """
    losses = Losses(system)
    names = losses.journeys
    journey = journey if journey in names else names[0]
    picture = journey_loss(system, journey, figures="at the likely figures")
    up = {name: 1 - float(np.mean(losses.down(name))) for name in names}
    worst = min(up, key=lambda name: up[name])
    mean = float(np.mean(losses.of(())))
    carried = contributors(losses, losses)[:MOST_CARRIERS]
    sentence = f"{spoken(worst).capitalize()} is down longest: {_hours(up[worst])} hours a year."
    if money:
        bad, currency = float(np.quantile(simulated_years(losses, each=EACH), 0.9)), system.currency
        sentence = (
            f"An average year costs {amount(mean, currency)}, and one year in ten about "
            f"{amount(bad, currency, 2)} or more. {sentence}"
        )
    return {
        "sentence": sentence,
        "svg": picture.svg,
        "journey": journey,
        "names": {name: spoken(name) for name in names},
        "rows": [_row(system, name, up[name]) for name in names],
        "apart": _apart(journey, system.availability(journey), up[journey]),
        "idle": _idle(unneeded(system)),
        "carriers": [{"name": one.name, "share": share(one.loss / mean)} for one in carried]
        if mean > 0
        else [],
    }


def _idle(names):
    if not names:
        return ""
    it, they = ("it", "it counts") if len(names) == 1 else ("them", "they count")
    return f"No journey needs {listed(names)} yet, so {they} for nothing: tick {it} under a journey."


def _apart(journey, likely, whole):
    over = "This counts your whole ranges, as the board's page does. Rare and large events come on top."
    if _hours(likely) == _hours(whole):
        return over
    why = ": the ranges reach further to the bad side" if whole < likely else ""
    return (
        f"{over} At the likely figures alone, as drawn, {spoken(journey)} is down for {_hours(likely)} hours "
        f"a year and not for {_hours(whole)}{why}."
    )


def _hours(works):
    hours = downtime_minutes(works) / 60
    if 0 < hours < 0.005:
        return "under 0.01"
    return f"{hours:,.{2 if hours < 9.995 else 1 if hours < 99.95 else 0}f}"


def _row(system, name, works):
    alone = single_points_of_failure(system, name)
    return {
        "Journey": spoken(name),
        "Works": percent(works),
        "Hours down a year": _hours(works),
        "Stops it alone": f"{len(alone)} part{'' if len(alone) == 1 else 's'}" if alone else "nothing",
    }


def own_offers(system: System) -> str:
    """What its options are worth, in a sentence or two; worked out when the typing pauses."""
    if not system.options:
        return ""
    best = best_portfolio(Losses(system)).best
    if not best.options:
        return "None of the options pays for itself on average."
    money = system.currency
    return (
        f"Worth buying: {listed(best.options)}, for {amount(best.cost_per_year.likely, money)} a year. That "
        f"saves {amount(best.saved_per_year.likely, money)} on average, and pays for itself in "
        f"{in_hundred(best.chance_of_paying)} of what the ranges allow."
    )

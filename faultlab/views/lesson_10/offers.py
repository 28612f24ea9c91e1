"""Choose offers under a budget: what a set costs and saves, beside the best one for the money."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from faultlab.analysis.reviews import Losses, best_portfolio, possible_sets, simulated_years
from faultlab.analysis.systems import spoken
from faultlab.views.kit import Picture
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, ORANGE, TEAL
from faultlab.views.kit.words import euros
from faultlab.views.lesson_10.board_words import in_hundred, listed

if TYPE_CHECKING:
    from faultlab.analysis.systems import System

BUDGETS = (60_000, 100_000, 150_000, 200_000)
YES, NO = "buy", "leave"
MARK = 5e6


def offers_explorer(system: System) -> Callable[..., Picture]:
    """Return the drawing function of an Explorer over the sets of a system's options.

    Parameters
    ----------
    system : System
        With a handful of options, each of which becomes a control.

    Returns
    -------
    callable
        From `budget` and, for each option by its name, `YES` or `NO`, to a Picture. Its `labels` are the
        options with their prices.
    """
    losses = Losses(system)
    names = list(system.options)
    possible, means = possible_sets(system), losses.means()
    prices = {name: one.cost_per_year.likely for name, one in system.options.items()}
    best = functools.cache(lambda budget: best_portfolio(losses, budget).best)
    highest = float(np.nanmax(means[0] - means[possible]))

    @functools.cache
    def beyond(options):
        return float(np.mean(simulated_years(losses, options, each=25) >= MARK))

    def draw(budget, **chosen):
        mine = tuple(name for name in names if chosen[name] == YES)
        number = sum(1 << i for i, name in enumerate(names) if name in mine)
        cost, top = sum(prices[name] for name in mine), best(budget)
        saved = float(means[0] - means[number]) if possible[number] else 0.0
        bought = [
            ("Your set saves", saved, euros(saved), BLUE),
            ("Your set costs", cost, euros(cost), ORANGE),
            (
                "The best set for the budget saves",
                top.saved_per_year.likely,
                euros(top.saved_per_year.likely),
                TEAL,
            ),
            ("The best set costs", top.cost_per_year.likely, euros(top.cost_per_year.likely), ORANGE),
        ]
        rows = tuple(
            {
                "Offer": spoken(name),
                "Costs, EUR a year": round(prices[name]),
                "Saves alone": round(float(means[0] - means[1 << i]), -3),
                "In your set": "yes" if name in mine else "",
                "In the best": "yes" if name in top.options else "",
            }
            for i, name in enumerate(names)
        )
        sentence = _verdict(system, mine, bool(possible[number]), cost, saved, budget, top, beyond)
        alt = "Bars: " + ", ".join(f"{words} {written}" for words, _, written, _ in bought)
        return Picture(bars(bought, alt, highest=highest), alt, sentence, rows)

    draw.labels = {name: f"{spoken(name).capitalize()}, {euros(price)}" for name, price in prices.items()}  # type: ignore[attr-defined]  # for who makes the controls
    return draw


def _verdict(system, mine, possible, cost, saved, budget, top, beyond):
    if not possible:
        pair = next((one, other) for one in mine for other in mine if other in system.options[one].excludes)
        return (
            f"You can't have both {spoken(pair[0])} and {spoken(pair[1])}: they mend the same outage. "
            "Leave one."
        )
    if cost > budget:
        return (
            f"That costs {euros(cost)} a year, {euros(cost - budget)} more than the budget. Leave something."
        )
    if not mine:
        return (
            f"You buy nothing. A year of 5 million EUR or more comes in {in_hundred(beyond(()))}. "
            f"What is worth {euros(budget)}?"
        )
    said = (
        f"For {euros(cost)} a year you save {euros(saved)}; a year of 5 million EUR or more comes in "
        f"{in_hundred(beyond(mine))}. "
    )
    short = top.saved_per_year.likely - top.cost_per_year.likely - (saved - cost)
    if set(mine) == set(top.options):
        return said + "No set for this budget gains more on average."
    return said + f"The best set gains {euros(max(short, 0.0))} more: {listed(top.options)}."

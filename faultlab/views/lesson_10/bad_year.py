"""How likely a year is that costs so much or more, as a scenario comes more often or offers are bought."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from faultlab.analysis.reviews import Losses, best_portfolio, simulated_years
from faultlab.analysis.systems import Range, spoken
from faultlab.views.kit import Axis, Chart, Picture
from faultlab.views.kit.palette import BLUE, ORANGE
from faultlab.views.kit.words import euros
from faultlab.views.lesson_10.board_words import in_hundred, listed

if TYPE_CHECKING:
    from faultlab.analysis.systems import System

EACH = 50
"""Years that are simulated for each sample of the ranges: 200,000, so that a chance is off by 0.2 points."""
TOP, MARK = 12e6, 5e6
NOTHING, RECOMMENDED = "nothing", "what pays for itself"
ONCE_IN = (10, 20, 50, 100, 200)


def year_explorer(system: System, scenario: str) -> Callable[..., Picture]:
    """Return the drawing function of an Explorer over the loss of a single year.

    Parameters
    ----------
    system : System
    scenario : str
        Whose frequency is moved.

    Returns
    -------
    callable
        From `once_in`, the likely years between two events, and `bought`, `NOTHING` or `RECOMMENDED`, to a
        Picture.
    """
    given = system.scenarios[scenario]
    best = best_portfolio(Losses(system)).best.options

    @functools.lru_cache(maxsize=32)
    def years(once_in, bought):
        times = 1 / once_in / given.per_year.likely
        per_year = Range(
            *(times * end for end in (given.per_year.low, given.per_year.likely, given.per_year.high))
        )
        changed = replace(system, scenarios=system.scenarios | {scenario: replace(given, per_year=per_year)})
        return np.sort(simulated_years(Losses(changed), best if bought == RECOMMENDED else (), each=EACH))

    @functools.lru_cache(maxsize=32)
    def draw(once_in, bought):
        found, today = years(once_in, bought), years(round(1 / given.per_year.likely), NOTHING)
        mean, bad = float(found.mean()), float(np.quantile(found, 0.9))
        beyond = chance(found, MARK)
        chart = Chart(
            Axis(0, TOP / 1e6, "million EUR lost in a year, or more", (0, 2, 4, 6, 8, 10, 12)),
            Axis(0, 1, "in 100 years", (0, 0.25, 0.5, 0.75, 1), lambda share: f"{100 * share:.0f}"),
        )
        at = np.linspace(0, TOP, 61)
        if found is not today:
            chart.line(at / 1e6, [chance(today, one) for one in at], ORANGE, dash="7 4")
        chart.line(at / 1e6, [chance(found, one) for one in at], BLUE)
        chart.dot(MARK / 1e6, beyond, BLUE, f"{in_hundred(beyond)}: 5 million or more", lift=14)
        more = (("Kestrel today", ORANGE, "7 4"),) if found is not today else ()
        chart.legend(("as set" if more else "Kestrel today", BLUE, ""), *more)
        sentence = (
            f"An average year costs {euros(mean)}, and one year in ten {euros(bad)} or more. "
            f"A year of 5 million EUR or more comes in {in_hundred(beyond)}."
        )
        words = f" Bought: {listed(best)}." if bought == RECOMMENDED else ""
        alt = f"A falling curve: the chance of losing at least so much in a year. {sentence}{words}"
        rows = tuple(
            {"A year costs": words, "EUR": round(value, -4)}
            for words, value in (
                ("on average", mean),
                ("or more, every second year", float(np.quantile(found, 0.5))),
                ("or more, one year in ten", bad),
                ("or more, one year in fifty", float(np.quantile(found, 0.98))),
            )
        )
        return Picture(chart.svg(alt), alt, sentence + words, rows)

    draw.label = f"{spoken(scenario).capitalize()} comes once in"  # type: ignore[attr-defined]  # for the control
    return draw


def chance(years: np.ndarray, loss: float) -> float:
    """The share of sorted years that cost so much or more.

    >>> float(chance(np.array([1.0, 2.0, 3.0, 4.0]), 3.0))
    0.5
    """
    return 1 - np.searchsorted(years, loss) / len(years)

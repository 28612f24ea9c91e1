"""What a review hides: how its figures move when something that it leaves out is put in."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from faultlab.analysis.reviews import Losses, simulated_years
from faultlab.analysis.systems import Range, Scenario
from faultlab.views.kit import Picture
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import ORANGE, TEAL
from faultlab.views.kit.words import euros

if TYPE_CHECKING:
    from faultlab.analysis.systems import System

HIDDEN = {
    "nothing: the page as it stands": "",
    "one cause behind all parts": "A bad setting stops everything for an hour and a half, twice a year.",
    "one scenario that nobody named": "The payment provider fails as a company, once in twenty years. "
    "Another one takes a week.",
    "one worth of an hour, copied five times": "All five worths come from one slide: if it is wrong, "
    "all are wrong together.",
    "ranges that are too narrow": "Each worth and each figure of a scenario may be half as far off again.",
}
"""What is put in, and what that means."""


def blind_explorer(system: System) -> Callable[..., Picture]:
    """Return the drawing function of an Explorer over what a review of Kestrel leaves out.

    Parameters
    ----------
    system : System
        With the journeys `checkout` and `payments`.

    Returns
    -------
    callable
        From `hidden`, a key of `HIDDEN`, to a Picture.
    """
    names = list(HIDDEN)

    @functools.cache
    def years(hidden):
        return simulated_years(_with(system, names.index(hidden)), each=50)

    def draw(hidden):
        page, found = years(names[0]), years(hidden)
        values = [
            (words, float(of(page)), float(of(found)))
            for words, of in (
                ("An average year", np.mean),
                ("One year in ten, or more", lambda one: np.quantile(one, 0.9)),
            )
        ]
        shown = [
            row
            for words, before, after in values
            for row in (
                (f"{words}: the page", before, euros(before).replace("million", "M"), TEAL),
                (f"{words}: with it", after, euros(after).replace("million", "M"), ORANGE),
            )
        ]
        (_, mean, mean_with), (_, bad, bad_with) = values
        sentence = (
            "An average year and a bad one as the page has them. Put in what it may leave out."
            if hidden == names[0]
            else f"{HIDDEN[hidden]} An average year then costs {_change(mean, mean_with)}, "
            f"and the year in ten {_change(bad, bad_with)}."
        )
        alt = "Bars: " + ", ".join(f"{words} {written}" for words, _, written, _ in shown)
        rows = tuple(
            {
                "A year": words,
                "As the page has it, EUR": round(before, -4),
                "With what it hides": round(after, -4),
            }
            for words, before, after in values
        )
        return Picture(bars(shown, alt, highest=11e6), alt, sentence, rows)

    return draw


def _change(before, after):
    share = round(100 * (after / before - 1))
    return "about as much" if abs(share) < 2 else f"{abs(share)} % {'more' if share > 0 else 'less'}"


def _with(system, place):
    """The losses of a system with one of the hidden things put in, by its place in `HIDDEN`."""
    everything = tuple(system.journeys)
    if place == 1:
        bad = Scenario("bad_setting", Range(1.0, 2.0, 4.0), Range(0.5, 1.5, 5.0), everything)
        return Losses(replace(system, scenarios=system.scenarios | {bad.name: bad}))
    if place == 2:
        gone = Scenario(
            "provider_gone", Range(0.02, 0.05, 0.12), Range(48.0, 168.0, 500.0), ("checkout", "payments")
        )
        return Losses(replace(system, scenarios=system.scenarios | {gone.name: gone}))
    if place == 3:
        return _OneSlide(system)
    if place == 4:
        journeys = {
            name: replace(one, worth_per_hour=_wider(one.worth_per_hour))
            for name, one in system.journeys.items()
        }
        scenarios = {
            name: replace(
                one,
                per_year=_wider(one.per_year),
                hours=_wider(one.hours),
                lasting_cost=_wider(one.lasting_cost),
            )
            for name, one in system.scenarios.items()
        }
        return Losses(replace(system, journeys=journeys, scenarios=scenarios))
    return Losses(system)


def _wider(given):
    """A range half as wide again, by factors of its likely value."""
    if given.low <= 0:
        return given
    low, high = (end * (end / given.likely) ** 0.5 for end in (given.low, given.high))
    return Range(low, given.likely, high)


class _OneSlide(Losses):
    """Losses whose worths are drawn together: one is too high where all are."""

    def worth(self, journey):
        return self.drawn(self.system.journeys[journey].worth_per_hour, "one slide")

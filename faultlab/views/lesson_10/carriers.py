"""What carries the loss, counted at the likely values and over the ranges."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from faultlab.analysis.reviews import Losses, best_portfolio, contributors
from faultlab.analysis.systems import Component, Range
from faultlab.views.kit import Picture
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import ORANGE, TEAL
from faultlab.views.kit.words import euros

if TYPE_CHECKING:
    from faultlab.analysis.systems import System

COUNTED = ("at the likely values alone", "over all that the ranges allow")
BOUGHT = ("nothing", "what pays for itself")
MOST = 7


def carriers_explorer(system: System) -> Callable[..., Picture]:
    """Return the drawing function of an Explorer over what carries the loss.

    Parameters
    ----------
    system : System

    Returns
    -------
    callable
        From `counted`, one of `COUNTED`, and `bought`, one of `BOUGHT`, to a Picture.
    """
    whole, likely = Losses(system), Losses(at_likely(system), 100)
    best = best_portfolio(whole).best.options

    @functools.cache
    def found(counted):
        losses = likely if counted == COUNTED[0] else whole
        return contributors(losses, Losses(losses.system.with_options(best), losses.samples))

    highest = max(one.loss for counted in COUNTED for one in found(counted))

    def draw(counted, bought):
        ranked = [
            (one.name, one.loss if bought == BOUGHT[0] else one.with_best, one.kind, one.single_point)
            for one in found(counted)
        ]
        ranked.sort(key=lambda one: -one[1])
        rows = [
            (name, loss, euros(loss).replace("million", "M"), ORANGE if kind == "scenario" else TEAL)
            for name, loss, kind, _ in ranked[:MOST]
        ]
        name, loss = ranked[0][:2]
        alt = f"What carries the loss {counted}: " + ", ".join(f"{row[0]} {row[2]}" for row in rows)
        sentence = (
            f"{name} carries most, {euros(loss)} a year {counted}. "
            "In orange: scenarios, which no part's figures hold."
        )
        table = tuple(
            {
                "What": name,
                "Kind": kind,
                "Stops a journey alone": "yes" if alone else "",
                "EUR a year": round(loss, -3),
            }
            for name, loss, kind, alone in ranked
        )
        return Picture(bars(rows, alt, highest=highest, gap=50), alt, sentence, table)

    return draw


def at_likely(system: System) -> System:
    """The system with each range as its likely value.

    >>> from faultlab.analysis.systems import Journey, System
    >>> shop = System("", "", {"disk": Component("disk", Range(0.9, 0.99, 0.999))},
    ...               journeys={"buy": Journey("buy", ("disk",), Range(1.0, 2.0, 8.0))})
    >>> at_likely(shop).journeys["buy"].worth_per_hour.high
    2.0
    """

    def pointed(entry: Any) -> Any:
        if isinstance(entry, Component):
            return Component.of_life(entry.name, **{key: _point(one) for key, one in entry.life.items()})
        ranges = {key: _point(value) for key, value in vars(entry).items() if isinstance(value, Range)}
        changes = getattr(entry, "changes", {})
        if changes:
            ranges["changes"] = {part: _pointed(fields) for part, fields in changes.items()}
        return replace(entry, **ranges)

    rooms = ("components", "groups", "journeys", "options", "scenarios")
    found: dict[str, Any] = {
        room: {name: pointed(one) for name, one in getattr(system, room).items()} for room in rooms
    }
    return replace(system, **found)


def _point(given):
    return Range.point(given.likely)


def _pointed(fields):
    """What an option changes, at the likely values; a part's life holds ranges of its own."""
    return {
        key: _point(value)
        if isinstance(value, Range)
        else _pointed(value)
        if isinstance(value, dict)
        else value
        for key, value in fields.items()
    }

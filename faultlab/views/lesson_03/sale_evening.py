"""Kestrel's sale, minute by minute: the servers it needs, those it has, and the customers it loses."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from faultlab.cases.amazon import KESTREL_EVENING, Fixed, Largest, Predictive, TargetTracking, scaled_evening
from faultlab.views.kit.chart import Axis, Chart
from faultlab.views.kit.palette import BLUE, ORANGE, QUIET, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import euros, share

if TYPE_CHECKING:
    from faultlab.cases.amazon import ScaledEvening


DECIDERS = (
    "nobody: 7 servers",
    "target tracking",
    "an eager autoscaler",
    "a plan made the day before",
    "plan and target tracking",
)
"""Who decides how many servers run."""
BROWSERS = ("wait like buyers", "are turned away first")
HIGHEST = 40
_AHEAD = KESTREL_EVENING.warm_up + KESTREL_EVENING.metric_delay
"""Minutes that the plan looks ahead: what a new server needs until it serves."""
_SHORT_LINE = 4
"""The longest line at a server that still takes a browser, where browsers are turned away first."""


def decider(name: str, target: float) -> Fixed | TargetTracking | Predictive | Largest:
    """The policy behind a name: what `scaled_evening` asks each minute.

    Parameters
    ----------
    name : str
        One of `DECIDERS`.
    target : float
        How busy it wants the servers, 0.6 for 60 %.
    """
    plan = Predictive(KESTREL_EVENING.traffic, KESTREL_EVENING.service, target, ahead=_AHEAD)
    # Eager: acts on one reading, forgets what it has just ordered, gives half back after three minutes.
    eager = TargetTracking(target, cooldown_in=0, out_after=1, in_after=3, in_step=0.5, counts_warming=False)
    policies = (
        Fixed(KESTREL_EVENING.first),
        TargetTracking(target),
        eager,
        plan,
        Largest((plan, TargetTracking(target))),
    )
    return policies[DECIDERS.index(name)]


@functools.lru_cache(maxsize=256)
def evening_under(name: str, target: float, browsers: str = BROWSERS[0]) -> ScaledEvening:
    """The evening under a policy; the same customers come whatever it does."""
    evening = KESTREL_EVENING
    if BROWSERS.index(browsers):
        evening = replace(evening, browse_places=_SHORT_LINE)
    return scaled_evening(evening, decider(name, target))


def sale_evening(decides: str, target: float, browsers: str) -> Picture:
    """Draw the evening under one who decides.

    Parameters
    ----------
    decides : str
        One of `DECIDERS`.
    target : float
        Per cent of their time that servers shall be busy.
    browsers : str
        One of `BROWSERS`: what happens to them where lines are long.

    Returns
    -------
    Picture

    Examples
    --------
    >>> sale_evening("target tracking", 60, "wait like buyers").sentence.endswith("36,400 EUR in all.")
    True
    """
    run = evening_under(decides, target / 100, browsers)
    orders = run.customers * KESTREL_EVENING.checkout_share
    sentence = (
        f"{share(run.lost_checkouts / orders)} of the orders are lost. Servers {euros(run.servers_money)}, "
        f"lost orders and visits {euros(run.lost_money)}: {euros(run.total_money)} in all."
    )
    svg, alt = drawn_evening(run.by_minute, f"Who decides: {decides}, at a target of {target:g} %. ")
    rows = (
        {"What": "Customers", "Number": f"{run.customers:,}"},
        {"What": "Orders lost", "Number": f"{run.lost_checkouts:,}"},
        {"What": "Visits lost", "Number": f"{run.lost_browsers:,}"},
        {"What": "Most servers at a time", "Number": f"{run.by_minute['in_service'].max():.0f}"},
        {"What": "Changes of their number", "Number": f"{run.changes}"},
        {"What": "Servers, EUR", "Number": f"{run.servers_money:,.0f}"},
        {"What": "Lost, EUR", "Number": f"{run.lost_money:,.0f}"},
    )
    return Picture(svg, alt, sentence, rows)


def drawn_evening(by_minute: dict[str, np.ndarray], said: str = "") -> tuple[str, str]:
    """The evening so far as SVG, and its alternative text.

    Parameters
    ----------
    by_minute : dict of str to array
        As `ScaledEvening` has it, for the minutes that have passed; it may be empty.
    said : str
        Said first in the alternative text.
    """
    chart = Chart(
        Axis(0, KESTREL_EVENING.minutes, "minute of the evening", (0, 30, 60, 90, 120)),
        Axis(0, HIGHEST + 5, "Servers", (0, 10, 20, 30, 40)),
        height=320,
    )
    passed = len(by_minute["customers"])
    for minute in range(passed):
        came, lost = by_minute["customers"][minute], by_minute["lost"][minute]
        if came and lost / came >= 0.01:
            chart.column(minute, minute + 1, HIGHEST * lost / came, RED, 0.45)
    times = np.arange(0, KESTREL_EVENING.minutes + 1, 1.0)
    expected = np.asarray(KESTREL_EVENING.traffic.at(60 * times)) * KESTREL_EVENING.service
    chart.line(times, expected, QUIET, "2 3")
    words = "no minute has passed"
    if passed:
        needed = by_minute["customers"] / 60 * KESTREL_EVENING.service
        chart.line(np.arange(passed) + 0.5, needed, ORANGE, "7 4")
        corners = np.repeat(np.arange(passed + 1), 2)[1:-1]
        chart.line(corners, np.repeat(by_minute["in_service"], 2), BLUE)
        worst = int(np.argmax(by_minute["lost"]))
        gone = by_minute["lost"][worst] / max(1, by_minute["customers"][worst])
        words = f"up to {by_minute['in_service'].max():.0f} servers in service"
        if gone >= 0.01:
            words += f"; at worst, in minute {worst}, {share(gone)} of the customers are lost"
    dies = KESTREL_EVENING.zone_dies
    if dies and passed > dies[0]:
        chart.rule(dies[0], RED, "a zone dies")
    chart.legend(
        ("in service", BLUE, ""),
        ("needed", ORANGE, "7 4"),
        ("forecast", QUIET, "2 3"),
        ("lost of all", RED, None),
    )
    alt = (
        f"{said}Servers over {KESTREL_EVENING.minutes} minutes. The sale needs 15 busy ones from minute 35 "
        f"to 60; after {passed} minutes: {words}."
    )
    return chart.svg(alt), alt

"""Kestrel's sale, minute by minute: the servers it needs, those it has, and the customers it loses."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from faultlab.cases.amazon import KESTREL_EVENING, Fixed, Largest, Predictive, TargetTracking, scaled_evening
from faultlab.design.stores import RateCurve
from faultlab.views.kit.chart import Axis, Chart, bars
from faultlab.views.kit.palette import BLUE, ORANGE, QUIET, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.stack import stacked
from faultlab.views.kit.words import euros, share

if TYPE_CHECKING:
    from faultlab.cases.amazon import ScaledEvening


DECIDERS = (
    "nobody: always 7 servers",
    "nobody: always 24 servers",
    "target tracking",
    "an over-eager autoscaler",
    "yesterday's plan",
    "the plan and target tracking",
)
"""Who decides how many servers run."""
BROWSERS = ("wait like everyone else", "are turned away first")
CROWDS = ("as forecast", "30 % more than forecast")
HIGHEST, TOP = 40, 45
"""Servers at most, and what the picture's height stands for: of the customers lost, all."""
_AHEAD = KESTREL_EVENING.warm_up + KESTREL_EVENING.metric_delay
"""Minutes that the plan looks ahead: what a new server needs until it serves."""
_SHORT_LINE = 4
"""The longest queue that still takes a browsing visitor, where they are turned away first."""


TWENTY_EVENINGS = {
    ("nobody: always 24 servers", 60, BROWSERS[0]): ((300, 730), (20_100, 21_600)),
    ("target tracking", 60, BROWSERS[0]): ((32_600, 38_300), (48_200, 67_400)),
    ("an over-eager autoscaler", 60, BROWSERS[0]): ((50_800, 54_600), (44_300, 73_500)),
    ("target tracking", 30, BROWSERS[0]): ((200, 270), (230, 410)),
    ("yesterday's plan", 60, BROWSERS[0]): ((200, 280), (19_500, 20_900)),
    ("the plan and target tracking", 60, BROWSERS[0]): ((200, 500), (220, 280)),
    ("target tracking", 60, BROWSERS[1]): ((2_590, 3_370), (4_520, 5_880)),
    ("the plan and target tracking", 60, BROWSERS[1]): ((210, 360), (230, 300)),
}
"""The least and the most that twenty evenings cost, in EUR, with the crowd as forecast and larger.

Kept, since playing them takes minutes without numba; a test plays them again.
"""


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
    # Over-eager: acts on every reading, and gives half of its servers back after three low ones.
    eager = TargetTracking(target, cooldown_in=0, out_after=1, in_after=3, in_step=0.5)
    policies = (
        Fixed(KESTREL_EVENING.first),
        Fixed(24),
        TargetTracking(target),
        eager,
        plan,
        Largest((plan, TargetTracking(target))),
    )
    return policies[DECIDERS.index(name)]


@functools.lru_cache(maxsize=256)
def evening_under(
    name: str, target: float, browsers: str = BROWSERS[0], crowd: str = CROWDS[0], seed: int = 0
) -> ScaledEvening:
    """The evening under a policy; with one seed the same customers come whatever it does."""
    evening = KESTREL_EVENING
    if CROWDS.index(crowd):
        peak = max(evening.traffic.rates)
        rates = tuple(1.3 * rate if rate == peak else rate for rate in evening.traffic.rates)
        evening = replace(evening, traffic=RateCurve(evening.traffic.times, rates))
    if BROWSERS.index(browsers):
        evening = replace(evening, browse_places=_SHORT_LINE)
    return scaled_evening(evening, decider(name, target), seed)


def sale_evening(decides: str, target: float, browsers: str, crowd: str = CROWDS[0]) -> Picture:
    """Draw the evening under one decider.

    Parameters
    ----------
    decides : str
        One of `DECIDERS`.
    target : float
        How busy servers should be, in per cent of their time.
    browsers : str
        One of `BROWSERS`: what happens to browsing visitors when queues are long.
    crowd : str
        One of `CROWDS`.

    Returns
    -------
    Picture

    Examples
    --------
    >>> sale_evening("target tracking", 60, "wait like everyone else").sentence.partition(":")[0]
    '16 % of orders are lost. The evening costs 36,400 EUR'
    """
    run = evening_under(decides, target / 100, browsers, crowd)
    orders = run.customers * KESTREL_EVENING.checkout_share
    lost = run.lost_checkouts / orders
    sentence = f"{share(lost) if lost else 'None'} of {'orders are' if lost else 'the orders is'} lost. "
    total, servers, gone = map(euros, (run.total_money, run.servers_money, run.lost_money))
    if gone == total:
        sentence += f"The evening costs {total}, almost all of it in lost orders; the servers cost {servers}."
    else:
        sentence += f"The evening costs {total}: {servers} for servers and {gone} in lost orders and visits."
    svg, alt = drawn_evening(
        run.by_minute, f"Who decides: {decides}, at a target of {target:g} %, with the crowd {crowd}. "
    )
    rows = (
        {"What": "Customers", "Number": f"{run.customers:,}"},
        {"What": "Orders lost", "Number": f"{run.lost_checkouts:,}"},
        {"What": "Browsing visitors lost", "Number": f"{run.lost_browsers:,}"},
        {"What": "Most servers at a time", "Number": f"{run.by_minute['in_service'].max():.0f}"},
        {"What": "Changes to the number of servers", "Number": f"{run.changes}"},
        {"What": "Cost of servers, EUR", "Number": f"{run.servers_money:,.0f}"},
        {"What": "Lost orders and visits, EUR", "Number": f"{run.lost_money:,.0f}"},
    )
    of_orders = bars([("Orders lost, of all in the evening", lost, share(lost), RED)], alt, highest=1.0)
    return Picture(stacked([of_orders, svg], alt), alt, sentence, rows)


def plans_compared() -> list[dict]:
    """What each arrangement costs over twenty evenings, a row each.

    Examples
    --------
    >>> plans_compared()[1]["As forecast"]
    '32,600 to 38,300 EUR'
    """
    rows = []
    for (decides, target, browsers), found in TWENTY_EVENINGS.items():
        words = decides[:1].upper() + decides[1:]
        if decides not in ("nobody: always 24 servers", "yesterday's plan"):
            words += f", {target} % busy"
        if browsers == BROWSERS[1]:
            words += "; browsing visitors turned away first"
        costs = (f"{low:,} to {high:,} EUR" for low, high in found)
        rows.append({"Arrangement": words} | dict(zip(("As forecast", "30 % more come"), costs, strict=True)))
    return rows


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
        Axis(0, TOP, "Servers; red: customers lost, full height is all", (0, 10, 20, 30, 40)),
        height=320,
    )
    passed = len(by_minute["customers"])
    for minute in range(passed):
        came, lost = by_minute["customers"][minute], by_minute["lost"][minute]
        if came and lost / came >= 0.01:
            chart.column(minute, minute + 1, TOP * lost / came, RED, 0.45)
    times = np.arange(0, KESTREL_EVENING.minutes + 1, 1.0)
    expected = np.asarray(KESTREL_EVENING.traffic.at(60 * times)) * KESTREL_EVENING.service
    chart.line(times, expected, QUIET, "2 3")
    words = "nothing has happened yet"
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
        ("lost", RED, None),
    )
    alt = (
        f"{said}Servers over {KESTREL_EVENING.minutes} minutes. From minute 35 to 60 the sale keeps 15 fully "
        f"busy. After {passed} minutes: {words}."
    )
    return chart.svg(alt), alt

"""Which options to buy: every set of them under a budget, how sure the best is, what is worth finding out.

Gains of options don't add up: two that mend the same outage save it once. So sets are compared, never sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from faultlab.analysis.reviews.many_options import Prices, Search, search
from faultlab.analysis.systems.system import Component, Range, changed_fields
from faultlab.analysis.systems.system_ranges import mean_of, normal_scores
from faultlab.analysis.systems.system_views import ninety
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.analysis.reviews.losses import Losses
    from faultlab.analysis.systems.system import System

MOST_OPTIONS = 20
RIVALS = 32
"""The sets of highest mean gain, among which the chance of being the best is told."""

SHOWN = 12
"""Sets that no other beats for which chances are told too."""

A_LITTLE_MORE = 1.25
"""Times the budget: up to there a dearer set is looked for."""
CLEARLY = 0.01
"""Of a year's loss: a dearer set that gains less than this beyond the recommended one is not worth a word."""
NEARLY = 0.9
"""Of the most that a little more money can gain: the cheapest set that gains so much is told."""


@dataclass(frozen=True)
class Purchase:
    """A set of options by the year: likely cost, and what it saves and gains in the mean, with ranges.

    `chance_of_paying` is the share of what the ranges allow in which it saves more than it costs, over the
    years; the single year is a matter of luck.
    """

    options: tuple[str, ...]
    cost_per_year: Range
    saved_per_year: Range
    gain_per_year: Range
    chance_of_paying: float


@dataclass(frozen=True)
class Portfolio:
    """The set of highest mean gain under a budget, what it was compared with, and how sure that is.

    No other set gains more than it by more than `gap` a year, which is 0 where that is proven. `sets` were
    worked out one by one: of up to 20 options all that can be had, of more those that no bound rules out.
    `pareto` has those of them that no other beats in both cost and saving, cheapest first.
    `chances` has for each of the `rivals`, the sets of highest mean gain, and for some of `pareto`, that it
    pays and that it is the best of these; `chance_of_being_best` is the recommended set's, and `likeliest`
    the set that is best most often.
    `more` is the cheapest set that gains clearly more for up to a quarter more money, out of every set of up
    to 20 options: None where there is none, and of more options.
    `together` is what the best set saves less the sum of what its options save alone.
    """

    best: Purchase
    budget: float | None
    sets: int
    pareto: tuple[tuple[tuple[str, ...], float, float], ...]
    chance_of_being_best: float
    rivals: tuple[tuple[str, ...], ...]
    chances: dict[tuple[str, ...], tuple[float, float]]
    likeliest: Purchase
    more: Purchase | None
    together: float
    gap: float


def purchase(losses: Losses, options: Sequence[str]) -> Purchase:
    """Return what a set of options costs, saves and gains."""
    saved = losses.of(()) - losses.of(options)
    cost = losses.cost(options)
    gain = saved - cost
    prices = [losses.system.options[name].cost_per_year for name in options]
    return Purchase(
        options=tuple(options),
        cost_per_year=ninety(cost, sum(one.likely for one in prices)),
        saved_per_year=ninety(saved, float(np.mean(saved))),
        gain_per_year=ninety(gain, float(np.mean(gain))),
        chance_of_paying=float(np.mean(gain > 0)),
    )


def can_be_together(system: System, one: str, other: str) -> bool:
    """Return whether two options can be had at once.

    Not where one excludes the other, and not where both change the same figure of a part to different values:
    these are alternatives.
    """
    first, second = system.options[one], system.options[other]
    if other in first.excludes or one in second.excludes:
        return False
    for part in set(first.changes) & set(second.changes):
        room = next(room for room in (system.components, system.groups, system.scenarios) if part in room)
        before = room[part]
        ours, theirs = (changed_fields(before, option.changes[part]) for option in (first, second))
        if any(ours[key] != theirs[key] for key in set(ours) & set(theirs)):
            return False
        if isinstance(before, Component) and not set(ours) | set(theirs) <= set(before.life):
            return False
    return True


def possible_sets(system: System) -> np.ndarray:
    """Return for every set of options, as a number whose bits are the options, whether it can be had."""
    if len(system.options) > MOST_OPTIONS:
        raise BadInput(
            f"{len(system.options)} options make more sets than can be compared here; give the "
            f"{MOST_OPTIONS} at most that are worth a decision."
        )
    return prices_of(system).can_be_had(np.arange(1 << len(system.options)))


def prices_of(system: System, budget: float | None = None) -> Prices:
    """Return what options cost, and which can't be had together or without others."""
    places = {name: i for i, name in enumerate(system.options)}
    costs = [one.cost_per_year for one in system.options.values()]
    return Prices(
        likely=np.array([one.likely for one in costs]),
        mean=np.array([mean_of(one) for one in costs]),
        budget=np.inf if budget is None else budget,
        apart=[
            (places[one], places[other])
            for one, other in combinations(places, 2)
            if not can_be_together(system, one, other)
        ],
        needs=[
            (places[one.name], places[other]) for one in system.options.values() for other in one.requires
        ],
    )


def best_portfolio(losses: Losses, budget: float | None = None) -> Portfolio:
    """Return the set of options of highest mean gain, out of every set that can be had for the budget.

    Parameters
    ----------
    losses : Losses
        Of a system with up to 20 options, all of whose sets are compared, or with more: `many_options`.
    budget : float, optional
        A year, for the sum of the likely costs.

    Examples
    --------
    Two ways out of the same outage, 88,000 a year, save it once:

    >>> from faultlab.analysis.reviews.losses import Losses
    >>> from faultlab.analysis.systems import Component, Journey, Option, System
    >>> after = {"availability": Range.point(1.0)}
    >>> shop = System("Shop", "EUR", {"disk": Component("disk", Range.point(0.99))},
    ...               journeys={"buy": Journey("buy", ("disk",), Range.point(1000.0))},
    ...               options={name: Option(name, Range.point(cost), {"disk": after})
    ...                        for name, cost in (("raid", 5000.0), ("cloud", 9000.0))})
    >>> best_portfolio(Losses(shop)).best.options
    ('raid',)
    """
    system = losses.system
    names = list(system.options)
    prices = prices_of(system, budget)
    dearer = None
    if len(names) <= MOST_OPTIONS:
        sets = np.arange(1 << len(names))
        means = losses.means()
        gains = means[0] - means - prices.of(sets, prices.mean)
        kept = prices.can_be_had(sets) & ~np.isnan(gains)
        found = Search(sets[kept], gains[kept], 0.0)
        dearer = _dearer(prices, gains, float(found.gains.max()), CLEARLY * means[0])
    else:
        found = search(losses, prices)
    likely, saved = prices.of(found.sets, prices.likely), found.gains + prices.of(found.sets, prices.mean)

    def chosen(number):
        return tuple(name for i, name in enumerate(names) if int(number) >> i & 1)

    # Of sets that gain alike the one of fewest options, which has the smallest cost.
    order = np.lexsort((likely, -found.gains))[:RIVALS]
    rivals = tuple(chosen(found.sets[one]) for one in order)
    unbeaten = [(chosen(found.sets[one]), float(likely[one])) for one in _pareto(likely, saved)]
    # What they save is told as of every other set: the mean of the same samples.
    savings = [float(np.mean(losses.of(()) - losses.of(one))) for one, _ in unbeaten]
    pareto = tuple(
        (*unbeaten[one], savings[one])
        for one in _pareto(np.array([cost for _, cost in unbeaten]), np.array(savings))
    )
    some = dict.fromkeys((*rivals, *(one[0] for one in pareto[:: -(-len(pareto) // SHOWN)])))
    gains = gains_of(losses, some)
    wins = np.bincount(gains.argmax(axis=0), minlength=len(some)) / losses.samples
    best = purchase(losses, rivals[0])
    likeliest = list(some)[int(wins.argmax())]
    alone = sum(purchase(losses, (name,)).saved_per_year.likely for name in rivals[0])
    return Portfolio(
        best=best,
        budget=budget,
        sets=len(found.sets),
        pareto=pareto,
        chance_of_being_best=float(wins[0]),
        rivals=rivals,
        chances={
            one: (float(np.mean(row > 0)), float(win))
            for one, row, win in zip(some, gains, wins, strict=True)
        },
        likeliest=best if likeliest == rivals[0] else purchase(losses, likeliest),
        more=None if dearer is None else purchase(losses, chosen(dearer)),
        together=best.saved_per_year.likely - alone,
        gap=found.gap,
    )


def _dearer(prices, gains, gained, clearly):
    """The cheapest set for a little more than the budget that gains nearly all that can be gained there."""
    if not np.isfinite(prices.budget):
        return None
    sets = np.arange(len(gains))
    wider = replace(prices, budget=A_LITTLE_MORE * prices.budget)
    sets = sets[wider.can_be_had(sets) & ~np.isnan(gains)]
    more = gains[sets] - gained
    if more.max() < clearly:
        return None
    sets = sets[more >= NEARLY * more.max()]
    return sets[np.lexsort((-gains[sets], prices.of(sets, prices.likely)))[0]]


def gains_of(losses: Losses, sets: Iterable[Sequence[str]]) -> np.ndarray:
    """Return samples of the gain of each set, a row a set."""
    today = losses.of(())
    return np.array([today - losses.of(one) - losses.cost(one) for one in sets])


def _pareto(cost, saved):
    """The sets that save more than every set that costs no more."""
    order = np.lexsort((-saved, cost))
    highest = np.maximum.accumulate(saved[order])
    return [one for i, one in enumerate(order) if i == 0 or saved[one] > highest[i - 1] * (1 + 1e-9)]


def information_value(losses: Losses, rivals: Sequence[Sequence[str]]) -> tuple[dict[str, float], float]:
    """Return what it is worth a year to know each number for sure before buying, and the estimate's noise.

    The expected value of perfect information on one number (Howard 1966) is the mean gain of choosing after
    it is known less that of choosing now. The mean gain of each set, given the number, is estimated by
    regression (Strong, Oakley and Brennan 2014): a cubic in the number's normal score over the samples. The
    noise is what the same estimate says, at most in 20 tries, of a number that the model doesn't have.

    Parameters
    ----------
    losses : Losses
    rivals : sequence of sets of options
        Among which to choose.

    Returns
    -------
    dict of str to float, float
        By the number's name, as `System.numbers` gives it, the highest first; and the noise.
    """
    gains = gains_of(losses, rivals)
    noise = max(_information(losses, gains, f"no number {i}") for i in range(20))
    found = {name: _information(losses, gains, name) for name in _uncertain(losses.system)}
    return dict(sorted(found.items(), key=lambda one: -one[1])), noise


def _uncertain(system):
    """The names of the ranges behind the samples, before or after an option, and of no event's own draws."""
    numbers = [system.numbers(), *(system.with_option(name).numbers() for name in system.options)]
    anew = (".hours", ".lasting_cost", ".data_lost_minutes")
    return dict.fromkeys(
        name
        for some in numbers
        for name, given in some.items()
        if given.low < given.high and not (name.startswith("scenario ") and name.endswith(anew))
    )


def _information(losses, gains, name):
    basis = np.linalg.qr(np.vander(normal_scores(losses.samples, losses.seed, name), 4))[0]
    known = basis @ (basis.T @ gains.T)
    return float(np.mean(known.max(axis=1)) - known.mean(axis=0).max())

"""What lab 11 asks about, worked out by lesson 11's engine: means of all years, years played, and best sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import combinations
from statistics import mean
from typing import Any

from faultlab.cases.game_day import QUARTERS, deck, expected_cost, outcome_of, years_of
from faultlab.classroom.learner.seeds import Draw
from faultlab.classroom.tasks.lesson_11.year_rules import ON_OFFER, the_game

OFFERED = (*ON_OFFER, "restore_drills")
BUDGET = 150  # thousand EUR, as all amounts here
OTHER_YEARS = 100
YEARS, TOGETHER = 120, 20
WELL, BADLY = 0.8, 0.3  # of the way from doing nothing to the best plan
PAIRS = (
    (("alerts",), ("doors",)),
    (("alerts",), ("separate_copies", "restore_drills")),
    (("shedding",), ("doors",)),
)
"""Two plans each, the better one in the mean of all years first."""

SUBSTITUTES, PARTNERS = ("shedding", "low_target"), ("separate_copies", "restore_drills")
PRICES = {  # thousand EUR; the last number is the budget
    "calm": (
        {
            "shedding": 30,
            "low_target": 30,
            "separate_copies": 35,
            "restore_drills": 40,
            "second_supplier": 50,
        },
        105,
    ),
    "board": (
        {
            "shedding": 35,
            "low_target": 35,
            "separate_copies": 40,
            "restore_drills": 50,
            "second_supplier": 60,
        },
        125,
    ),
    "storm": (
        {
            "shedding": 50,
            "low_target": 50,
            "separate_copies": 55,
            "restore_drills": 70,
            "second_supplier": 85,
        },
        175,
    ),
}


@cache
def year_mean(level: str, measures: frozenset[str]) -> float:
    """What a year costs in the mean of all years with measures bought at once, their price included."""
    return expected_cost(the_game(), level, [measures, *[frozenset[str]()] * (QUARTERS - 1)]) / 1000


def event_mean(level: str, measures: Iterable[str]) -> float:
    """What a year's events cost in the mean with these measures; their price is not in it."""
    held = frozenset(measures)
    return year_mean(level, held) - the_game().price(held) / 1000


@cache
def years(measures: tuple[str, ...], count: int) -> tuple[float, ...]:
    """What the first years cost with measures bought at once, at the level Board."""
    return tuple(cost / 1000 for cost in years_of(the_game(), "board", measures, count))


def subsets(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Every set of some names, the small ones first."""
    listed = list(names)
    return [some for size in range(len(listed) + 1) for some in combinations(listed, size)]


@cache
def _affordable():
    """What the budget buys, the best in the mean of all years first."""
    game = the_game()
    sets = [some for some in subsets(OFFERED) if game.price(frozenset(some)) <= 1000 * BUDGET]
    return sorted(sets, key=lambda some: year_mean("board", frozenset(some)))


def debriefing(draw: Draw) -> dict[str, Any]:
    """A finished year of a team that decided well or badly and was lucky or unlucky."""
    sets = _affordable()
    best = sets[0]
    means = {some: year_mean("board", frozenset(some)) for some in sets}

    def way(some):
        return (means[()] - means[some]) / (means[()] - means[best])

    well, lucky = draw.choice([True, False]), draw.choice([True, False])
    pool = [some for some in sets[1:] if (way(some) >= WELL if well else 0 < way(some) <= BADLY)]
    bought = draw.choice(pool)
    costs, rows = years(bought, OTHER_YEARS + 1), ((), bought, best)
    ordered = sorted(range(len(costs)), key=lambda year: costs[year])

    def tells_apart(year):
        """Whether what luck cost is none of the other differences."""
        none, ours, theirs = (years(some, len(costs))[year] for some in rows)
        luck = abs(ours - means[bought])
        others = (none - ours, ours - theirs, means[()] - means[bought], means[bought] - means[best])
        return all(abs(luck - abs(other)) > 0.05 * luck for other in others)

    year = draw.choice(filter(tells_apart, ordered[8:23] if lucky else ordered[78:93]))
    here = {some: round(years(some, len(costs))[year]) for some in rows}
    named = ("Nothing", "Their plan", "Best plan")
    lines = [
        f"{name}: mean {means[some]:,.0f}, this year {here[some]:,}"
        for name, some in zip(named, here, strict=True)
    ]
    worse = sum(means[some] > means[bought] for some in sets)
    return {
        "well": well,
        "lucky": lucky,
        "lines": "\n".join(lines),
        "budget": BUDGET,
        "sets": len(sets) - 1,
        "dearer": sum(cost > costs[year] for cost in costs),
        "cheaper": sum(cost < costs[year] for cost in costs),
        "share": round(100 * worse / (len(sets) - 1)),
        "way": round(100 * way(bought)),
        "mean": round(means[bought]),
        "nothing": round(means[()]),
        "best": round(means[best]),
        "here": here[bought],
        "nothing_here": here[()],
        "best_here": here[best],
        "side": "dearer" if here[bought] > means[bought] else "cheaper",
    }


def two_trials(draw: Draw) -> dict[str, Any]:
    """Two plans: in years of their own the worse one looks cheaper, in the same years the better one does."""
    plans = draw.choice(PAIRS)
    better, worse = (years(plan, YEARS) for plan in plans)
    starts = range(0, YEARS - TOGETHER + 1, TOGETHER // 2)

    def part(costs, start):
        return costs[start : start + TOGETHER]

    own = [
        (round(mean(part(better, one)) - mean(part(worse, other))))
        for one in starts
        for other in starts
        if abs(one - other) >= TOGETHER
    ]
    same = [
        (
            sum(b < w for b, w in zip(part(better, one), part(worse, one), strict=True)),
            round(mean(part(worse, one)) - mean(part(better, one))),
        )
        for one in starts
    ]
    names = draw.shuffled(["Red", "Blue"])
    wins, saved = draw.choice([one for one in same if one[0] >= 14 and one[1] >= 20])
    means = [year_mean("board", frozenset(plan)) for plan in plans]
    return {
        "better": names[0],
        "worse": names[1],
        "own": draw.choice([one for one in own if one >= 80]),
        "wins": wins,
        "saved": saved,
        "truth": round(means[1] - means[0]),
        "together": TOGETHER,
    }


def best_sets(level: str, prices: Mapping[str, int], budgets: Iterable[int]) -> list[tuple[str, ...]]:
    """The set of least cost under each budget: events in the mean of all years, and prices."""
    sets = [(some, sum(prices[one] for one in some)) for some in subsets(prices)]
    costs = {some: event_mean(level, some) + price for some, price in sets}
    found = []
    for budget in budgets:
        allowed = [some for some, price in sets if price <= budget]
        found.append(min(allowed, key=lambda some: costs[some]))
    return found


def in_no_best_set(level: str, prices: Mapping[str, int]) -> list[str]:
    """The measures that no budget should be spent on."""
    sums = sorted({sum(prices[one] for one in some) for some in subsets(prices)})
    in_some = {one for best in best_sets(level, prices, sums) for one in best}
    return [one for one in prices if one not in in_some]


def price_list(draw: Draw, level: str, prices: Mapping[str, int]) -> dict[str, Any]:
    """A price list with what each measure saves alone, and the two pairs that don't add up."""
    letters = dict(zip("ABCDEF", draw.shuffled(prices), strict=False))
    nothing = event_mean(level, ())

    def saved(*some: str) -> int:
        return round(nothing - event_mean(level, some))

    names = {name: the_game().measures[name].name for name in prices}
    place = {name: letter for letter, name in letters.items()}
    lines = {
        letter: f"{names[name]}: costs {prices[name]}, saves {saved(name)} alone"
        for letter, name in letters.items()
    }
    return lines | {
        "level": level,
        "hard": level.capitalize(),
        "letters": letters,
        "prices": dict(prices),
        "alone": {name: saved(name) for name in prices},
        "lines": "\n".join(f"{letter}) {line}" for letter, line in lines.items()),
        "shedding": place["shedding"],
        "low_target": place["low_target"],
        "copies": place["separate_copies"],
        "drills": place["restore_drills"],
        "supplier": place["second_supplier"],
        "both_servers": saved(*SUBSTITUTES),
        "both_copies": saved(*PARTNERS),
        "beside": saved(*SUBSTITUTES) - saved("shedding"),
        "beside_drills": saved(*PARTNERS) - saved("restore_drills"),
        "price": prices["low_target"],
        "of_copies": prices["separate_copies"],
    }


def another_budget(draw: Draw) -> dict[str, Any]:
    """A price list and a budget."""
    level = draw.choice(PRICES)
    prices, budget = PRICES[level]
    return price_list(draw, level, prices) | {"budget": budget + draw.choice([0, 5])}


def list_with_a_dominated_one(draw: Draw) -> dict[str, Any]:
    """A price list in which a measure costs more than another one that does its work."""
    level = draw.choice(PRICES)
    prices, _ = PRICES[level]
    dear = prices["low_target"] + prices["shedding"] + draw.choice([0, 5, 10])
    staged = 4 * prices["restore_drills"] - 5 * draw.integer(0, 2)
    supplier = round(0.88 * (event_mean(level, ()) - event_mean(level, ("second_supplier",))) / 5) * 5
    changed = {"low_target": dear, "second_supplier": supplier, "staged": staged}
    found = price_list(draw, level, {**prices, **changed})
    place = {name: letter for letter, name in found["letters"].items()}
    return found | {"staged": place["staged"], "of_supplier": supplier, "of_staged": staged}


def by_single_savings(n: Any) -> list[str]:
    """The best set where what each saves alone is added up."""
    allowed = [some for some in subsets(n.prices) if sum(n.prices[name] for name in some) <= n.budget]
    return list(max(allowed, key=lambda some: sum(n.alone[name] - n.prices[name] for name in some)))


def cheapest_first(n: Any) -> list[str]:
    """What is bought from the cheapest up, while there is money."""
    left, bought = n.budget, []
    for name in sorted(n.prices, key=lambda name: n.prices[name]):
        if n.prices[name] <= left:
            bought.append(name)
            left -= n.prices[name]
    return bought


def release_odds(runbook: bool) -> dict[str, int]:
    """A bad release over the game's cards: minutes of a fix, and in how many of 100 the old version will do."""
    game, held = the_game(), frozenset({"on_call"} if runbook else ())
    took: list[int] = []
    works: dict[int, list[bool]] = {0: [], 1: []}
    for card in deck(game, "release"):
        *_, (begun, _), (done, _) = outcome_of(game, "release", card, held, 1).steps
        took.append(done - begun)
        works[card.sign].append(not outcome_of(game, "release", card, held, 0).turns)
    return {
        "fix": round(mean(took)),
        "pages": round(100 * mean(works[0])),
        "tables": round(100 * mean(works[1])),
    }

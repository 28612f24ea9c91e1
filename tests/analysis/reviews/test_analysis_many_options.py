"""The best of many options by branch and bound, against every set by exhaustion and by closed form."""

import random
from dataclasses import replace

import numpy as np
import pytest

from faultlab.analysis.reviews.losses import Losses
from faultlab.analysis.reviews.many_options import search
from faultlab.analysis.reviews.portfolios import best_portfolio, prices_of
from faultlab.analysis.systems.system import Component, Group, Journey, Option, Range, Scenario, System
from faultlab.errors import BadInput

point = Range.point


def crowded(seed, many, exact=True):
    """A system whose options meet at parts, groups of copies, choices, common causes and scenarios."""
    rng = random.Random(seed)

    def number(low, high):
        values = sorted(rng.uniform(low, high) for _ in range(3))
        return point(values[1]) if exact else Range(*values)

    parts = {f"p{i}": Component(f"p{i}", number(0.99, 0.9999)) for i in range(10)}
    groups = {f"g{i}": Group(f"g{i}", f"p{i}", 1, 2, number(0.01, 0.3)) for i in range(2)}
    groups |= {"either": Group("either", None, 1, 2, point(0.0), ("p2", "p3"))}
    groups |= {"struck": Group("struck", None, 1, 2, number(0.1, 0.3), ("p4", "p5"))}
    every = [*groups, *(f"p{i}" for i in range(6, 10))]
    journeys = {
        f"j{i}": Journey(f"j{i}", tuple(rng.sample(every, 5)), number(1000, 20_000)) for i in range(2)
    }
    scenarios = {
        f"s{i}": Scenario(f"s{i}", number(0.02, 0.3), number(2, 50), (f"j{i}",), number(0, 500_000))
        for i in range(2)
    }
    options = {}
    for i in range(many):
        kind, part = rng.random(), f"p{rng.randrange(10)}"
        better = {"availability": rng.choice([point(1.0), number(0.999, 0.99999)])}
        change = {part: better}
        if kind < 0.15:
            change = {rng.choice(["g0", "g1", "struck"]): {"shared_cause": point(0.0)}}
        elif kind < 0.25:
            change = {f"g{rng.randrange(2)}": {"copies": 3}}
        elif kind < 0.4:
            change = {f"s{rng.randrange(2)}": {rng.choice(["hours", "per_year"]): point(0.01)}}
        elif kind < 0.5:
            change |= {f"s{rng.randrange(2)}": {"lasting_cost": point(0.0)}}
        elif kind < 0.55:
            change = {part: {"availability": number(0.98, 0.995)}}  # cheaper, and often worse
        needs = (f"o{rng.randrange(i)}",) if i and rng.random() < 0.1 else ()
        avoids = (f"o{rng.randrange(i)}",) if i and rng.random() < 0.05 else ()
        options[f"o{i}"] = Option(
            f"o{i}", number(500, 300_000 if kind < 0.5 else 40_000), change, needs, avoids
        )
    return System("Any", "EUR", parts, groups, {}, journeys, scenarios=scenarios, options=options)


@pytest.mark.parametrize("block", range(20))
def test_search_finds_what_exhaustion_finds(block):
    for seed in range(10 * block, 10 * block + 10):
        system = crowded(seed, 20 if seed % 10 == 0 else 7 + seed % 9, exact=seed % 2 == 0)
        budget = (None, 60_000, 250_000)[seed % 3]
        losses = Losses(system, samples=100)
        prices = prices_of(system, budget)
        found = search(losses, prices, seconds=600)
        every = best_portfolio(losses, budget)
        sets = np.arange(1 << len(system.options))
        means = losses.means()
        gains = means[0] - means - prices.of(sets, prices.mean)
        assert found.gap == 0
        assert found.gains.max() == pytest.approx(
            np.nanmax(gains[prices.can_be_had(sets)]), rel=1e-8, abs=1e-6
        )
        assert gains[found.sets] == pytest.approx(found.gains, rel=1e-8, abs=1e-4)
        assert every.gap == 0
        assert every.sets == np.sum(prices.can_be_had(sets) & ~np.isnan(gains))


def in_pairs(seed, pairs):
    """Spares in pairs, three options a pair, and what every half of them leaves of two journeys."""
    rng = random.Random(seed)
    parts, groups, options = {}, {}, {}
    for i in range(pairs):
        before, after = ([rng.uniform(*ends) for _ in "ab"] for ends in ((0.93, 0.98), (0.985, 0.999)))
        names = [f"{side}{i}" for side in "ab"]
        parts |= {name: Component(name, point(up)) for name, up in zip(names, before, strict=True)}
        groups[f"pair{i}"] = Group(f"pair{i}", None, 1, 2, among=tuple(names))
        changes = [{name: {"availability": point(up)}} for name, up in zip(names, after, strict=True)]
        for kind, change in (("a", changes[0]), ("b", changes[1]), ("both", changes[0] | changes[1])):
            name = f"{kind}{i} better"
            options[name] = Option(name, point(rng.uniform(2_000, 40_000)), change)
    journeys = {
        "all": Journey("all", tuple(groups), point(rng.uniform(500, 4_000))),
        "some": Journey("some", tuple(rng.sample([*groups], pairs // 2)), point(rng.uniform(500, 4_000))),
    }
    return System("Pairs", "EUR", parts, groups, {}, journeys, options=options)


def of_half(system, pairs):
    """Cost, and what each journey's part of these pairs is up, for every set of their options."""
    costs, ups = np.zeros(1), {name: np.ones(1) for name in system.journeys}
    for i in pairs:
        offers = [system.options[f"{kind}{i} better"] for kind in ("a", "b", "both")]
        cost, up = np.zeros(8), np.zeros(8)
        for number in range(8):
            bought = [one for place, one in enumerate(offers) if number >> place & 1]
            now = {name: system.components[name].availability.likely for name in (f"a{i}", f"b{i}")}
            for one in bought:
                now |= {name: change["availability"].likely for name, change in one.changes.items()}
            cost[number] = sum(one.cost_per_year.likely for one in bought)
            up[number] = 1 - np.prod([1 - value for value in now.values()])
        costs = (costs[None, :] + cost[:, None]).ravel()
        for name, journey in system.journeys.items():
            here = up if f"pair{i}" in journey.needs else np.ones(8)
            ups[name] = (ups[name][None, :] * here[:, None]).ravel()
    return costs, ups


@pytest.mark.parametrize(
    ("seed", "pairs"), [(0, 8), (1, 9), (2, 9), pytest.param(3, 10, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("budget", [None, 90_000.0])
def test_search_finds_what_a_loop_over_every_set_finds(seed, pairs, budget):
    system = in_pairs(seed, pairs)
    left, right = (of_half(system, half) for half in (range(pairs // 2), range(pairs // 2, pairs)))
    best = -np.inf
    for one in range(len(left[0])):
        cost = left[0][one] + right[0]
        gain = -cost
        for name, journey in system.journeys.items():
            up = left[1][name][one] * right[1][name]
            gain = gain + 8760 * journey.worth_per_hour.likely * (up - left[1][name][0] * right[1][name][0])
        best = max(best, np.max(gain[cost <= (np.inf if budget is None else budget)], initial=-np.inf))
    assert len(system.options) == 3 * pairs > 20
    found = best_portfolio(Losses(system, samples=100), budget)
    assert found.gap == 0
    assert found.best.gain_per_year.likely == pytest.approx(best, rel=1e-8)
    assert found.sets < 1 << 20


def test_a_search_that_ends_early_says_what_is_left_unproven():
    system = in_pairs(4, 10)
    losses, prices = Losses(system, samples=100), prices_of(system, 90_000.0)
    whole, cut = search(losses, prices), search(losses, prices, seconds=0.0)
    assert whole.gap == 0 < cut.gap
    assert cut.gains.max() <= whole.gains.max() <= cut.gains.max() + cut.gap


def test_options_without_end_are_refused():
    system = in_pairs(5, 21)
    with pytest.raises(BadInput, match="63 options are too many"):
        best_portfolio(Losses(system, samples=100))
    same = {f"o{i}": Option(f"o{i}", point(1.0), {"a0": {"availability": point(0.99)}}) for i in range(13)}
    with pytest.raises(BadInput, match="13 options change 'a0'"):
        best_portfolio(Losses(replace(in_pairs(5, 2), options=same), samples=100))

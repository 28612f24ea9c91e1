"""A year's loss and the best portfolio, against closed forms, plain simulation and plain exhaustion."""

import math
import random
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from faultlab.analysis.reviews.full_review import review
from faultlab.analysis.reviews.losses import Losses
from faultlab.analysis.reviews.portfolios import (
    best_portfolio,
    can_be_together,
    gains_of,
    information_value,
    possible_sets,
)
from faultlab.analysis.reviews.yearly_loss import simulated_years, yearly_loss
from faultlab.analysis.systems import read_system
from faultlab.analysis.systems.system import (
    Appetite,
    Component,
    Group,
    Journey,
    Objectives,
    Option,
    Range,
    Scenario,
    Service,
    System,
)
from faultlab.analysis.systems.system_ranges import down_samples, mean_of, sampled, share_above
from faultlab.errors import BadInput

KESTREL = read_system(Path(__file__).parents[3] / "course" / "kestrel.yaml")
point = Range.point


def shop(scenarios=(), options=(), worth=1000.0, availability=0.99):
    return System(
        "Shop",
        "EUR",
        {"disk": Component("disk", point(availability))},
        journeys={"buy": Journey("buy", ("disk",), worth if isinstance(worth, Range) else point(worth))},
        scenarios={one.name: one for one in scenarios},
        options={one.name: one for one in options},
    )


@pytest.mark.parametrize(
    "given", [Range(1, 2, 8), Range(0, 2, 3), Range(0, 0, 3), Range(5, 5, 9), Range(1, 9, 9)]
)
def test_mean_and_shares_of_a_range_are_those_of_its_samples(given):
    drawn = sampled(given, "any", samples=100_000)
    assert mean_of(given) == pytest.approx(np.mean(drawn), rel=2e-4)
    for value in (0.5, 1.5, 2.5, 7.0):
        assert share_above(given, value) == pytest.approx(np.mean(drawn > value), abs=2e-5)


@pytest.mark.parametrize("rate", [0.1, 2.5])
def test_a_scenario_of_one_size_is_poisson(rate):
    fire = Scenario("fire", point(rate), point(2.0), ("buy",), lasting_cost=point(500.0))
    found = yearly_loss(Losses(shop([fire], availability=1.0)), top=20_000.0)
    below = 0.0
    for fires in range(4):
        below += math.exp(-rate) * rate**fires / math.factorial(fires)
        assert found.chance_of(2500.0 * (fires + 0.5)) == pytest.approx(1 - below, abs=1e-6)


def test_a_rare_dear_scenario_leaves_the_ordinary_years_their_figures():
    # 0.0001 of 8,760 hours at 100 a time is 87.6; one year in twenty costs 102,000 more.
    dear = Scenario("fire", Range.point(0.05), Range.point(20.0), ("buy",), Range.point(100_000.0))
    found = yearly_loss(Losses(shop([dear], availability=0.9999, worth=100.0)))
    for years in (2, 10):
        assert found.one_in(years) == pytest.approx(87.6, rel=0.01)
    assert found.chance_of(200.0) == pytest.approx(-np.expm1(-0.05), abs=1e-5)
    assert np.all(np.diff(found.loss) > 0)
    assert np.all(np.diff(found.chance) < 1e-6)


def test_a_year_that_costs_nothing_nine_times_in_ten_is_told_as_nothing():
    fire = Scenario("fire", Range.point(0.05), Range.point(1.0), ("buy",))
    assert yearly_loss(Losses(shop([fire], availability=1.0))).one_in(10) == 0


def test_two_sizes_lie_within_the_stated_error_of_poissons_closed_form():
    kinds = [(0.4, 3.0, 5000.0), (0.05, 20.0, 100_000.0)]
    fires = [
        Scenario(f"f{i}", point(rate), point(hours), ("buy",), point(more))
        for i, (rate, hours, more) in enumerate(kinds)
    ]
    losses = Losses(shop(fires, availability=1.0))
    found = yearly_loss(losses)
    sizes = [1000 * hours + more for _, hours, more in kinds]
    assert losses.of(()).mean() == pytest.approx(0.4 * sizes[0] + 0.05 * sizes[1])

    def poisson(rate, n):
        return math.exp(-rate) * rate**n / math.factorial(n)

    for loss in (*np.linspace(100.0, found.loss[-1], 300), 120_000.0, 120_001.0):
        exact = 1 - sum(
            poisson(0.4, a) * poisson(0.05, b)
            for a in range(60)
            for b in range(30)
            if a * sizes[0] + b * sizes[1] < loss
        )
        low, high = found.bounds(loss)
        assert low <= exact <= high, loss


def test_copies_that_share_a_cause_are_down_as_the_binomial_says():
    up, beta = 0.99, 0.1
    parts = {"s": Component("s", point(up))}
    groups = {"g": Group("g", "s", 2, 3, point(beta))}
    system = System("Shop", "EUR", parts, groups, journeys={"buy": Journey("buy", ("g",), point(1000.0))})
    alone, together = (1 - beta) * (1 - up), beta * (1 - up)
    two = 3 * alone**2 * (1 - alone) + alone**3
    down = 1 - (1 - together) * (1 - two)
    (line,) = review(system).journeys
    assert line.availability == pytest.approx(1 - down, abs=1e-14)
    assert review(system).loss.likely == pytest.approx(8_760_000 * down, rel=1e-10)


@pytest.mark.parametrize("appetite", [1e4, 1e8, 1e12])
def test_a_line_far_from_what_years_cost_moves_no_other_figure(appetite):
    plain = review(replace(KESTREL, appetite=None), samples=1000).today
    found = review(replace(KESTREL, appetite=Appetite(appetite, 0.1)), samples=1000).today
    for years in (2, 10, 50):
        assert found.one_in(years) == pytest.approx(plain.one_in(years), rel=0.01)
    assert found.chance_of(1e12) < 0.01


def test_two_scenarios_together_cost_their_means():
    fires = [Scenario(f"f{i}", point(0.3), Range(1, 2, 3), ("buy",), Range(0, 200, 500)) for i in range(2)]
    losses = Losses(shop(fires, availability=1.0))
    found = yearly_loss(losses, top=100_000.0)
    cell = found.loss[1]
    exact = 2 * 0.3 * (1000 * mean_of(Range(1, 2, 3)) + mean_of(Range(0, 200, 500)))
    assert losses.of(()).mean() == pytest.approx(exact)
    low, high = found.low[1:].sum() * cell, found.high[:-1].sum() * cell
    assert low - 1 <= exact <= high + 1


def test_without_scenarios_a_year_costs_what_the_ranges_allow():
    losses = Losses(shop(worth=Range(500, 1000, 4000)))
    found, mean = yearly_loss(losses), losses.of(())
    for loss in np.quantile(mean, (0.1, 0.5, 0.9)):
        near = np.searchsorted(found.loss, loss)
        assert found.low[near + 1] <= np.mean(mean >= loss) <= found.high[near - 1]


@pytest.mark.parametrize("options", [(), ("second_payment_provider", "staged_releases")])
def test_exceedance_lies_within_its_stated_error_of_ten_million_plain_years(options):
    losses = Losses(KESTREL)
    found = yearly_loss(losses, options)
    years = np.sort(simulated_years(losses, options, each=2500))
    assert len(years) == 10_000_000
    plain = 1 - np.searchsorted(years, found.loss) / len(years)
    luck = 4 * np.sqrt(np.maximum(plain * (1 - plain), 1e-7) / len(years))
    assert np.all(found.low - luck <= plain)
    assert np.all(plain <= found.high + luck)
    assert np.max(found.high - found.low) < 0.06
    assert found.one_in(10) == pytest.approx(np.quantile(years, 0.9), rel=0.01)


def random_system(seed, exact=True):
    """A few parts, shared by groups, choices and services, and options that meet at them."""
    rng = random.Random(seed)

    def number(low, high):
        values = sorted(rng.uniform(low, high) for _ in range(3))
        return point(values[1]) if exact else Range(*values)

    parts = {f"p{i}": Component(f"p{i}", number(0.9, 0.9999)) for i in range(6)}
    groups = {
        "copies": Group("copies", "p0", rng.randint(1, 2), rng.randint(2, 3), number(0.01, 0.3)),
        "more": Group("more", rng.choice(["p0", "p1"]), 1, 2, switch_over_fails=number(0, 0.2)),
        "either": Group("either", None, 1, 2, number(0.01, 0.3), ("p2", "p3")),
    }
    every = [*parts, *groups]
    services = {"inside": Service("inside", tuple(rng.sample(every, 3)))}
    journeys = {
        f"j{i}": Journey(f"j{i}", ("inside", *rng.sample(every, 2)), number(100, 10_000)) for i in range(2)
    }
    scenarios = {"fire": Scenario("fire", number(0.01, 0.5), number(1, 90), ("j0",), number(0, 90_000))}
    changes = [
        {"p0": {"availability": number(0.99, 0.9999)}},
        {"p1": {"availability": number(0.99, 0.9999)}, "copies": {"shared_cause": point(0.0)}},
        {"either": {"shared_cause": point(0.0)}, "p4": {"availability": point(1.0)}},
        {"either": {"needs": rng.randint(1, 2)}},
        {"copies": {"copies": 4}, "fire": {"hours": point(1.0)}},
        {"more": {"copies": 3}, "fire": {"per_year": point(0.001)}},
        {"p0": {"availability": number(0.99, 0.9999)}, "p5": {"availability": point(0.999)}},
    ]
    options = {f"o{i}": Option(f"o{i}", number(1, 30_000), change) for i, change in enumerate(changes)}
    options["o1"] = Option("o1", point(100.0), changes[1], requires=("o4",))
    options["o5"] = Option("o5", point(100.0), changes[5], excludes=("o4",))
    return System("Any", "EUR", parts, groups, services, journeys, options, scenarios)


def plain_gain(system, chosen):
    """What a set gains, by building the system that has it."""

    def loss(one):
        downs = sum(
            8760 * one.up_and_down(name)[1] * one.journeys[name].worth_per_hour.likely
            for name in one.journeys
        )
        fire = one.scenarios["fire"]
        each = fire.hours.likely * one.journeys["j0"].worth_per_hour.likely + fire.lasting_cost.likely
        return downs + fire.per_year.likely * each

    cost = sum(system.options[name].cost_per_year.likely for name in chosen)
    return loss(system) - loss(system.with_options(chosen)) - cost, cost


@pytest.mark.parametrize("block", range(10))
def test_best_set_is_that_of_plain_exhaustion(block):
    for seed in range(20 * block, 20 * block + 20):
        system = random_system(seed)
        budget = 30_000 if seed % 3 else None
        gains, dearer = {}, {}
        for size in range(len(system.options) + 1):
            for chosen in combinations(system.options, size):
                if "o1" in chosen and "o4" not in chosen:
                    continue
                if {"o4", "o5"} <= set(chosen) or {"o0", "o6"} <= set(chosen):
                    continue
                gain, cost = plain_gain(system, chosen)
                if budget is None or cost <= budget:
                    gains[chosen] = gain
                elif cost <= 1.25 * budget:
                    dearer[chosen] = (cost, gain)
        losses = Losses(system, samples=100)
        found = best_portfolio(losses, budget)
        most = max((gain for _, gain in dearer.values()), default=-math.inf) - max(gains.values())
        if most < 0.01 * losses.of(()).mean():
            assert found.more is None
        else:
            near = {
                one: cost for one, (cost, gain) in dearer.items() if gain - max(gains.values()) >= 0.9 * most
            }
            assert found.more.cost_per_year.likely == pytest.approx(min(near.values()))
            assert found.more.gain_per_year.likely == pytest.approx(dearer[found.more.options][1], abs=1e-6)
        assert found.sets == len(gains)
        assert found.best.gain_per_year.likely == pytest.approx(max(gains.values()), abs=1e-6)
        assert gains[found.best.options] == pytest.approx(max(gains.values()), abs=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_samples_of_a_set_are_those_of_the_system_that_has_it(seed):
    system = random_system(seed, exact=False)
    losses = Losses(system, samples=500)
    for chosen in ((), ("o0",), ("o1", "o2", "o4"), ("o3", "o5", "o6")):
        bought = system.with_options(chosen)
        for name in system.journeys:
            plain = down_samples(bought, name, 500)
            assert losses.down(name, chosen) == pytest.approx(plain, rel=1e-9)


def test_pareto_sets_are_beaten_by_none():
    found = best_portfolio(Losses(KESTREL))
    for options, cost, saved in found.pareto:
        assert not any(c <= cost and s > saved and o != options for o, c, s in found.pareto)
    assert found.pareto[0] == ((), 0.0, 0.0)
    told = {options: saved for options, _, saved in found.pareto}
    assert told[found.best.options] == found.best.saved_per_year.likely, "one saving, wherever it is told"
    # To buy nothing never pays; one set is the best each time; the recommended set's own figure is there.
    assert found.chances[()][0] == 0
    assert sum(wins for _, wins in found.chances.values()) == pytest.approx(1)
    assert found.chances[found.best.options] == (found.best.chance_of_paying, found.chance_of_being_best)
    assert found.chances[found.likeliest.options][1] == max(wins for _, wins in found.chances.values())


def test_who_stops_a_journey_for_too_long_does_so_alone():
    slow = {"mtbf_hours": point(900.0), "mttr_hours": point(9.0)}
    parts = {name: Component.of_life(name, **slow) for name in ("disk", "server", "wing")}
    groups = {
        "servers": Group("servers", "server", 1, 2, point(0.1)),
        "wings": Group("wings", "wing", 2, 2, point(0.1)),
    }
    buy = Journey("buy", ("disk", "servers", "wings"), point(1.0), Objectives(recovery_hours=2.0))
    found = review(System("Shop", "EUR", parts, groups, journeys={"buy": buy}))
    assert found.journeys[0].slower_parts == ("disk", "wing"), "two servers stand in for each other"


def test_what_no_option_touches_is_told_down_to_the_first_that_one_does():
    parts = {name: Component(name, point(1 - down)) for name, down in (("a", 0.03), ("b", 0.02), ("c", 0.01))}
    mended = Option("mend", point(1.0), {"c": {"availability": point(0.999)}})
    system = System(
        "Shop",
        "EUR",
        parts,
        journeys={"buy": Journey("buy", ("a", "b", "c"), point(1.0))},
        options={"mend": mended},
    )
    assert [one.name for one in review(system).untouched] == ["A", "B"]
    assert review(replace(system, options={})).untouched == ()


@pytest.mark.parametrize("seed", range(20))
def test_the_figures_of_a_journey_fit_together(seed):
    losses = random_system(seed, exact=False)
    for one in review(losses, samples=2000, seed=seed).journeys:
        worth = mean_of(losses.journeys[one.journey].worth_per_hour)
        minutes = one.minutes_down.likely + one.scenario_minutes
        assert one.loss.likely == pytest.approx(minutes / 60 * worth, rel=0.03), "but for the samples' luck"
        assert one.minutes_down.likely == pytest.approx((1 - one.availability) * 8760 * 60, rel=1e-9)


def test_without_anything_shared_naive_and_exact_say_the_same():
    parts = {name: Component(name, Range(0.9, 0.99, 0.999)) for name in "abc"}
    system = System("Shop", "EUR", parts, journeys={"buy": Journey("buy", tuple("abc"), point(1.0))})
    (line,) = review(system).journeys
    assert line.naive_availability == pytest.approx(line.availability, rel=1e-4)
    assert line.availability < system.availability("buy"), "what can be worse pulls the mean down"


def test_alternatives_are_never_bought_together():
    two = [
        Option(f"o{i}", point(1.0), {"disk": {"availability": point(0.999 + i / 10_000)}}) for i in range(2)
    ]
    system = shop(options=two)
    assert not can_be_together(system, "o0", "o1")
    assert list(possible_sets(system)) == [True, True, True, False]
    with pytest.raises(BadInput, match=r"21 options.*20 at most"):
        possible_sets(shop(options=[Option(f"o{i}", point(1.0), {}) for i in range(21)]))


def test_knowing_the_one_uncertain_number_is_worth_the_better_choice_each_time():
    after = {"disk": {"availability": point(1.0)}}
    system = shop(options=[Option("raid", point(100_000.0), after)], worth=Range(300, 1000, 4000))
    losses = Losses(system)
    rivals = ((), ("raid",))
    gains = gains_of(losses, rivals)
    exact = gains.max(axis=0).mean() - gains.mean(axis=1).max()
    found, noise = information_value(losses, rivals)
    assert list(found) == ["journey buy.worth_per_hour"]
    assert found["journey buy.worth_per_hour"] == pytest.approx(exact, rel=0.05)
    assert 0 <= noise < exact / 20


def test_a_system_of_missions_has_no_yearly_loss():
    life = {"failures_per_hour": point(1e-4), "mission_hours": point(10.0)}
    fly = System(
        "Sky",
        "EUR",
        {"fan": Component.of_life("fan", **life)},
        journeys={"go": Journey("go", ("fan",), point(1))},
    )
    with pytest.raises(BadInput, match="no journey of Sky has a yearly figure"):
        Losses(fly)

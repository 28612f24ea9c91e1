"""Functions of lab 10: a year's loss from scenarios, the best set under a budget, the value of knowing."""

import math
from collections import defaultdict
from itertools import combinations

import numpy as np

from faultlab.analysis.reviews import Losses, best_portfolio
from faultlab.analysis.systems import Component, Journey, Option, Range, Scenario, System
from faultlab.classroom.answers.kinds import Function, Misconception
from faultlab.classroom.answers.sandbox import Case

_SURE = 1e-16


def chance_of_year(scenarios, loss):
    """The chance of a year that costs `loss` or more; each scenario is a pair (times a year, cost)."""
    if loss <= 0:
        return 1.0
    chances = [math.exp(-sum(rate for rate, _ in scenarios))]
    for total in range(1, loss):
        weighed = [rate * cost * chances[total - cost] for rate, cost in scenarios if cost <= total]
        chances.append(sum(weighed) / total)
    return 1 - sum(chances)


def by_counting(scenarios, loss):
    """The same by counting the events of each scenario, and adding up what they cost together."""
    chances = {0: 1.0}
    for rate, cost in scenarios:
        added: defaultdict[int, float] = defaultdict(float)
        for total, chance in chances.items():
            events, poisson = 0, math.exp(-rate)
            while total + events * cost < loss and poisson > _SURE:
                added[total + events * cost] += chance * poisson
                events += 1
                poisson *= rate / events
        chances = added
    return 1.0 if loss <= 0 else 1 - sum(chances.values())


def _most_once(scenarios, loss):
    chances = {0: 1.0}
    for rate, cost in scenarios:
        added: defaultdict[int, float] = defaultdict(float)
        for total, chance in chances.items():
            added[total] += chance * math.exp(-rate)
            added[total + cost] += chance * (1 - math.exp(-rate))
        chances = added
    return sum(chance for total, chance in chances.items() if total >= loss)


def _single_events(scenarios, loss):
    if loss <= 0:
        return 1.0
    return 1 - math.exp(-sum(rate for rate, cost in scenarios if cost >= loss))


def _rates_added(scenarios, loss):
    return 1.0 if loss <= 0 else min(1.0, sum(rate for rate, cost in scenarios if cost >= loss))


def _more_than(scenarios, loss):
    return by_counting(scenarios, loss + 1)


def _years(draw):
    region, crooks = draw.integer(20, 40), draw.integer(60, 90)
    rates = draw.choice([0.1, 0.15, 0.2]), draw.choice([0.3, 0.4]), draw.choice([1.5, 2.0])
    several = [(rates[0], region), (rates[1], crooks), (rates[2], 7)]
    return [
        Case("one scenario", ([(rates[0], region)], region)),
        Case("no scenario", ([], 10)),
        Case("nothing to lose is no feat", (several, 0)),
        Case("it may come twice", ([(rates[1], crooks)], 2 * crooks)),
        Case("two of them in one year", (several[:2], region + crooks)),
        Case("many small ones", ([(rates[2], 7)], 21)),
        Case("the smallest loss", (several, 1)),
        Case("a loss between two sums", (several, region + 5)),
        Case("a loss that takes several", (several, region + crooks + 10)),
        Case("two of the same size", ([(0.2, region), (rates[1], region)], region + 1)),
    ]


year_function = Function(
    name="year_function",
    title="The chance of a year that costs so much",
    question=(
        "Write chance_of_year(scenarios, loss). Each scenario is a pair (times a year in the mean, cost of each "
        "time); costs and loss are whole thousands. Scenarios come by chance, none tells of another, and each may "
        "come several times a year (a Poisson count). Return the chance of a year that costs loss or more."
    ),
    points=3,
    reference=by_counting,
    solution=chance_of_year,
    cases=_years,
    equivalent=("if loss <= -1:", "if cost <= total + 1", "range(2, loss)"),
    hints=(
        "A scenario that comes λ times a year in the mean comes k times with chance e^−λ λ^k / k!.",
        "Start from a year that costs nothing, for sure, and add one scenario after the other: a dictionary from cost to chance.",
        "Shorter, by Panjer: the chance of a year that costs s is the sum of λ · c · chance(s − c) over the scenarios, divided by s.",
        "What costs loss or more is everything but the years that cost less.",
    ),
    misconceptions=(
        Misconception(
            "at most one of each",
            _most_once,
            "A scenario may come twice in a year: what comes 0.4 times in the mean does so in 6 of 100 years.",
        ),
        Misconception(
            "single events only",
            _single_events,
            "Two events that each stay below the loss may exceed it together.",
        ),
        Misconception(
            "rates taken for chances",
            _rates_added,
            "What comes twice a year in the mean has no chance of 200 %. Some years have none, others several.",
        ),
        Misconception(
            "more than the loss",
            _more_than,
            "A year that costs exactly the loss counts: the question says so much or more.",
        ),
    ),
)


def best_set(options, outages, budget):
    """The options of highest gain, sorted; each is (cost, names of the outages that it ends)."""
    best, highest = [], 0
    for size in range(len(options) + 1):
        for chosen in combinations(sorted(options), size):
            cost = sum(options[name][0] for name in chosen)
            ended = {one for name in chosen for one in options[name][1]}
            gain = sum(outages[one] for one in ended) - cost
            if cost <= budget and gain > highest:
                best, highest = list(chosen), gain
    return best


def company(options, outages):
    """A system with nothing but outages, as scenarios that cost so much a year, and options that end some."""
    point, never = Range.point, {"per_year": Range.point(0.0)}
    return System(
        "Kestrel",
        "EUR",
        {"shop": Component("shop", point(1.0))},
        journeys={"buy": Journey("buy", ("shop",), point(0.0))},
        scenarios={
            name: Scenario(name, point(1.0), point(0.0), ("buy",), point(float(cost)))
            for name, cost in outages.items()
        },
        options={
            name: Option(name, point(float(cost)), dict.fromkeys(ends, never))
            for name, (cost, ends) in options.items()
        },
    )


def by_the_review(options, outages, budget):
    """The best set as the review of a system finds it."""
    return sorted(best_portfolio(Losses(company(options, outages), samples=100), budget).best.options)


def sums_of_savings(options, outages, budget):
    """The best set where savings are added up, as if no two options ended the same outage."""
    alone = {name: sum(outages[one] for one in ends) - cost for name, (cost, ends) in options.items()}
    return _highest(options, budget, lambda chosen: sum(alone[name] for name in chosen))


def _highest(options, budget, of):
    """The smallest affordable set of those for which something is highest."""
    sizes = range(len(options) + 1)
    sets: list[tuple[str, ...]] = [chosen for size in sizes for chosen in combinations(sorted(options), size)]
    affordable = [chosen for chosen in sets if sum(options[name][0] for name in chosen) <= budget]
    height = [of(chosen) - 1e-9 * len(chosen) for chosen in affordable]
    return list(affordable[height.index(max(height))])


def largest_first(options, outages, budget):
    """What gains most beside what is bought already, as long as there is money."""
    bought: list[str] = []
    while True:
        ended = {one for name in bought for one in options[name][1]}
        left = budget - sum(options[name][0] for name in bought)
        gains = {
            name: sum(outages[one] for one in set(ends) - ended) - cost
            for name, (cost, ends) in options.items()
            if cost <= left and name not in bought
        }
        name = max(gains, key=lambda one: gains[one], default=None)
        if name is None or gains[name] <= 0:
            return sorted(bought)
        bought.append(name)


def _savings_alone(options, outages, budget):
    def saved(chosen):
        return sum(outages[one] for one in {one for name in chosen for one in options[name][1]})

    return _highest(options, budget, saved)


def _no_budget(options, outages, budget):
    return best_set(options, outages, math.inf)


def kestrels_choice(scale, staged):
    """Four options and their outages, of which two overlap, and the budget: greed and sums both miss."""
    outages = {"supplier down": 120, "payments slow": 80, "bad release": staged, "slow restore": 70}
    options = {
        "second payment provider": (60, ["supplier down", "payments slow"]),
        "payment fallback": (20, ["payments slow"]),
        "staged releases": (50, ["bad release"]),
        "restore drills": (30, ["slow restore"]),
    }
    costs = {name: (round(cost * scale), ends) for name, (cost, ends) in options.items()}
    return costs, {name: round(cost * scale) for name, cost in outages.items()}, round(100 * scale)


def _choices(draw):
    options, outages, budget = kestrels_choice(draw.choice([1, 2, 3]), draw.choice([138, 142, 145]))
    cheap = min(options, key=lambda name: options[name][0])
    vain = options | {"golden servers": (outages["slow restore"] + 5, ["slow restore"])}
    small = {"a": (10, ["x"]), "b": (10, ["x", "y"]), "c": (draw.integer(4, 7), ["z"])}
    lost = {"x": 30, "y": 12, "z": draw.integer(20, 29)}
    return [
        Case("money is short", (options, outages, budget)),
        Case("money is no object", (options, outages, 10 * budget)),
        Case("for the cheapest alone", (options, outages, options[cheap][0])),
        Case("for nothing", (options, outages, options[cheap][0] - 1)),
        Case("no option", ({}, outages, budget)),
        Case("one costs more than it saves", (vain, outages, 10 * budget)),
        Case("one ends what another ends too", (small, lost, 100)),
        Case("exactly the budget", (small, lost, 10 + small["c"][0])),
        Case("a little less than that", (small, lost, 9 + small["c"][0])),
        Case("all of them pay", ({"b": (5, ["y"]), "a": (10, ["x"])}, lost, 100)),
        Case("none pays", ({"a": (31, ["x"]), "b": (40, ["x"])}, lost, 100)),
    ]


set_function = Function(
    name="set_function",
    title="The best set under a budget",
    question=(
        "Write best_set(options, outages, budget). outages is a dictionary from an outage to what it costs a year; "
        "options one from a name to a pair: its cost a year, and the outages that it ends. Return the names, sorted, "
        "of the set with the highest gain: what it saves less what it costs, for at most the budget. An outage that "
        "two options end is saved once. No set is better than one that gains nothing."
    ),
    points=3,
    reference=by_the_review,
    solution=best_set,
    cases=_choices,
    equivalent=("range(len(options) + 2)", "best, highest = ([], 1)", "best, highest = ([], -1)"),
    hints=(
        "There are 2 to the power of n sets, and with up to 20 options you can try them all.",
        "itertools.combinations(options, size) gives every set of one size.",
        "Collect the outages that a set ends in a set of Python's: what stands there twice counts once.",
    ),
    misconceptions=(
        Misconception(
            "savings added up",
            sums_of_savings,
            "You count an outage twice where two options end it. It is saved once.",
        ),
        Misconception(
            "the largest first",
            largest_first,
            "What gains most alone may leave no money for two others that gain more together. Compare whole sets.",
        ),
        Misconception(
            "savings without costs",
            _savings_alone,
            "You look at what a set saves alone. Take off what it costs, or the money is spent on what doesn't pay.",
        ),
        Misconception(
            "the budget forgotten",
            _no_budget,
            "Your set costs more than the budget allows.",
        ),
    ),
)


def worth_of_knowing(chances, gains):
    """What it is worth to know which case holds before choosing; `gains` has a list for each choice."""
    cases = range(len(chances))
    now = max(sum(chances[i] * row[i] for i in cases) for row in gains.values())
    best = [max([0, *(row[i] for row in gains.values())]) for i in cases]
    return sum(chances[i] * best[i] for i in cases) - max(now, 0)


def perfect_information(chances, gains):
    """The expected value of perfect information (Howard 1966), doing nothing among the choices."""
    table = np.array([np.zeros(len(chances)), *gains.values()])
    return float(np.dot(chances, table.max(axis=0)) - np.dot(table, chances).max())


def _nothing_forgotten(chances, gains):
    table = np.array([*gains.values()])
    return float(np.dot(chances, table.max(axis=0)) - np.dot(table, chances).max())


def _gain_when_known(chances, gains):
    return float(np.dot(chances, np.array([np.zeros(len(chances)), *gains.values()]).max(axis=0)))


def _cases_alike(chances, gains):
    return perfect_information([1 / len(chances)] * len(chances), gains)


def _best_less_worst(chances, gains):
    means = np.dot(np.array([np.zeros(len(chances)), *gains.values()]), chances)
    return float(means.max() - means.min())


def _known_cases(draw):
    likely, low = draw.choice([0.3, 0.4, 0.6]), -draw.integer(20, 50)
    high = draw.integer(80, 160)
    two = [likely, 1 - likely]
    three = [0.2, 0.5, 0.3]
    rivals = {"supplier": [high, low, 10], "releases": [15, 25, -10]}
    return [
        Case("buy, or leave it", (two, {"supplier": [high, low]})),
        Case("it pays in every case", (two, {"supplier": [high, 10]})),
        Case("it pays in none", (two, {"supplier": [-high, low]})),
        Case("it doesn't pay as it stands", ([0.1, 0.9], {"supplier": [high, low]})),
        Case("one of two", (three, rivals)),
        Case("the better one in each case", (two, {"a": [high, 10], "b": [20, 40]})),
        Case("one case only", ([1.0], {"supplier": [high]})),
        Case("both pay a little or cost", (three, {"a": [5, -20, 1], "b": [-20, 5, 2]})),
    ]


knowing_function = Function(
    name="knowing_function",
    title="What is it worth to know?",
    question=(
        "Write worth_of_knowing(chances, gains). chances has the chance of each case that may turn out to hold. gains "
        "is a dictionary from a choice to a list: what it gains in each case. One choice is made, and you may also "
        "buy nothing, which gains 0. Return what it is worth to know which case holds before you choose."
    ),
    points=2,
    reference=perfect_information,
    solution=worth_of_knowing,
    cases=_known_cases,
    hints=(
        "Without knowing you take the choice with the highest mean gain, if that is above 0.",
        "Knowing, you take the best choice of each case: weigh these by the chances.",
        "What it is worth is the difference of the two.",
    ),
    misconceptions=(
        Misconception(
            "to buy nothing forgotten",
            _nothing_forgotten,
            "You may also buy nothing. Where every choice loses, you gain 0.",
        ),
        Misconception(
            "what you gain once you know",
            _gain_when_known,
            "That is the gain of whoever knows. Take off what you gain without knowing.",
        ),
        Misconception(
            "all cases alike",
            _cases_alike,
            "The cases have chances of their own: weigh each by its chance.",
        ),
        Misconception(
            "the best choice less the worst",
            _best_less_worst,
            "That is what choosing well is worth as things stand. To know is worth what it changes about the choice.",
        ),
    ),
)

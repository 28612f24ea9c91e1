"""Functions of lab 11: two plans compared in the same years, and a policy that buys quarter by quarter."""

import math
from functools import lru_cache

import numpy as np

from faultlab.cases.game_day import Game, offer_of, plan_trial, policy_trial, read_game
from faultlab.classroom.answers.kinds import Function, Misconception
from faultlab.classroom.answers.sandbox import Case
from faultlab.classroom.answers.scored import Scored
from faultlab.classroom.folders import course_folder

ON_OFFER = ("alerts", "on_call", "shedding", "separate_copies", "doors")


def the_game() -> Game:
    """Lesson 11's game, read once."""
    return _read(course_folder())


@lru_cache(maxsize=2)
def _read(folder):
    return read_game(folder / "data" / "game_day.yaml", folder / "kestrel.yaml")


def score_plan(cost, plan, other, seeds):
    """What `plan` saves a year against `other`, in the mean of the same years, and the error of that mean."""
    saved = [cost(other, seed) - cost(plan, seed) for seed in seeds]
    years = len(saved)
    mean = sum(saved) / years
    scatter = sum((one - mean) ** 2 for one in saved) / (years - 1)
    return mean, (scatter / years) ** 0.5


def _costs(cost, plan, other, seeds):
    return np.array([[cost(one, seed) for seed in seeds] for one in (plan, other)], dtype=float)


def paired(cost, plan, other, seeds):
    """The paired comparison of a textbook: the mean of the differences and its standard error."""
    ours, others = _costs(cost, plan, other, seeds)
    return float(np.mean(others - ours)), float(np.std(others - ours, ddof=1) / math.sqrt(len(seeds)))


def _years_of_their_own(cost, plan, other, seeds):
    half = len(seeds) // 2
    ours = np.array([cost(plan, seed) for seed in seeds[:half]], dtype=float)
    others = np.array([cost(other, seed) for seed in seeds[half:]], dtype=float)
    error = np.var(ours, ddof=1) / len(ours) + np.var(others, ddof=1) / len(others)
    return float(np.mean(others) - np.mean(ours)), float(error**0.5)


def _errors_added(cost, plan, other, seeds):
    ours, others = _costs(cost, plan, other, seeds)
    error = (np.var(ours, ddof=1) + np.var(others, ddof=1)) / len(seeds)
    return float(np.mean(others - ours)), float(error**0.5)


def _scatter_of_a_year(cost, plan, other, seeds):
    ours, others = _costs(cost, plan, other, seeds)
    return float(np.mean(others - ours)), float(np.std(others - ours, ddof=1))


def _the_other_way_round(cost, plan, other, seeds):
    return paired(cost, other, plan, seeds)


def _divided_by_all(cost, plan, other, seeds):
    ours, others = _costs(cost, plan, other, seeds)
    return float(np.mean(others - ours)), float(np.std(others - ours) / math.sqrt(len(seeds)))


def _plans(draw):
    first = draw.integer(1, 90_000)
    some = draw.shuffled(ON_OFFER)
    return [
        Case(name, (offer_of(the_game(), level, ON_OFFER), plan, other, [first + step for step in steps]))
        for name, level, plan, other, steps in (
            ("a plan and nothing", "board", ["alerts", "on_call"], [], range(12)),
            ("two plans", "board", some[:2], some[2:4], range(15)),
            (
                "a rough year, years that don't follow each other",
                "storm",
                some[:1],
                some[1:3],
                range(0, 60, 4),
            ),
            ("four years", "board", ["doors"], ["shedding"], range(4)),
            ("the dearer plan is the worse one", "calm", ["separate_copies"], ["shedding"], range(10)),
        )
    ]


score_function = Function(
    name="score_function",
    title="Two plans in the same years",
    question=(
        "Write score_plan(cost, plan, other, seeds). cost(plan, seed) plays the year with that number and returns what it "
        "costs in EUR, measures included. Play both plans in every year. Return two numbers: what plan saves against other, "
        "in the mean of these years, and the standard error of that mean: the standard deviation of the savings (divide by "
        "the number of years less one), over the square root of the number of years."
    ),
    points=3,
    reference=paired,
    solution=score_plan,
    cases=_plans,
    drive=plan_trial,
    seconds=2.8,
    hints=(
        "Subtract year by year: one list of savings, cost(other, seed) - cost(plan, seed).",
        "The error belongs to that list. What both plans suffer in a year drops out of it.",
        "scatter = sum of the squared distances from the mean, over years - 1; the error is (scatter / years) ** 0.5.",
    ),
    misconceptions=(
        Misconception(
            "years of their own",
            _years_of_their_own,
            "You give each plan years of its own. Half of what you compare is then which plan met the better years.",
        ),
        Misconception(
            "errors added up",
            _errors_added,
            "You add what luck does to either plan. In the same years most of it meets both, and drops out of the difference.",
        ),
        Misconception(
            "the scatter of a year",
            _scatter_of_a_year,
            "That is how far single years scatter. The mean of many years scatters less, by the square root of their number.",
        ),
        Misconception(
            "the other way round",
            _the_other_way_round,
            "The sign is turned round: a plan that costs less than the other one saves something.",
        ),
        Misconception(
            "divided by all of them",
            _divided_by_all,
            "The mean was taken from the same savings, so divide their squares by the number of years less one.",
        ),
    ),
)


def policy(quarter, left, coming, held, prices, loss, happened):
    """What to buy now: the first step of the cheapest way through the rest of the year."""
    from itertools import combinations

    def way(quarter, left, held):
        if quarter > 4:
            return 0, ()
        rest, ways = [name for name in prices if name not in held], []
        for size in range(len(rest) + 1):
            for buy in combinations(rest, size):
                cost = sum(prices[name] for name in buy) * (5 - quarter) // 4
                if cost <= left:
                    later, _ = way(quarter + 1, left - cost + coming, held + buy)
                    ways.append((cost + loss(held + buy) + later, buy))
        return min(ways)

    return way(quarter, left, tuple(held))[1]


def _nothing(quarter, left, coming, held, prices, loss, happened):
    return []


def _by_worth(worth):
    """A policy that buys the worthiest of what can be paid now, again and again, while it gains something."""

    def policy(quarter, left, coming, held, prices, loss, happened):
        bought: list[str] = []
        while True:
            there, gains = [*held, *bought], {}
            for name in prices:
                price = prices[name] * (5 - quarter) // 4
                gain = (5 - quarter) * (loss(there) - loss([*there, name])) - price
                if name not in there and price <= left and gain > 0:
                    gains[name] = worth(gain, price)
            if not gains:
                return bought
            bought.append(max(gains, key=lambda name: gains[name]))
            left -= prices[bought[-1]] * (5 - quarter) // 4

    return policy


def _cheapest_first(quarter, left, coming, held, prices, loss, happened):
    bought = []
    for name in sorted(prices, key=lambda one: prices[one]):
        price = prices[name] * (5 - quarter) // 4
        if name not in held and price <= left:
            bought.append(name)
            left -= price
    return bought


AGAINST = {
    "release": "alerts",
    "zone": "shedding",
    "sale": "shedding",
    "storm": "shedding",
    "supplier": "alerts",
    "login": "doors",
    "deletion": "separate_copies",
    "flaw": "doors",
    "network": "on_call",
    "memory": "on_call",
}


def _after_the_event(quarter, left, coming, held, prices, loss, happened):
    bought = []
    for name in (AGAINST[event] for event in reversed(happened)):
        price = prices[name] * (5 - quarter) // 4
        if name not in held and name not in bought and price <= left:
            bought.append(name)
            left -= price
    return bought


def _all_saved_up(quarter, left, coming, held, prices, loss, happened):
    return policy(quarter, left, coming, held, prices, loss, happened) if quarter == 4 else []


def _budgets(draw):
    return [
        Case(
            f"{coming:,} EUR a quarter, {words}",
            (offer_of(the_game(), level, ON_OFFER), coming, 40, draw.integer(1, 90_000)),
        )
        for level, words, coming in (
            ("board", "an ordinary year", 30_000),
            ("storm", "a rough year", 30_000),
            ("storm", "a rough year", 35_000),
        )
    ]


policy_function = Scored(
    name="policy_function",
    title="A policy for a budget that comes by quarters",
    question=(
        "Write policy(quarter, left, coming, held, prices, loss, happened): a list of the measures to buy now. It is asked "
        "before each quarter, 1 to 4. left is what you may spend in EUR, coming what each later quarter adds; what you save "
        "stays. held lists what you have. prices has five measures with their price for a whole year; bought now, one costs "
        "prices[name] * (5 - quarter) // 4. loss(measures) is what the events of one quarter cost in the mean with these "
        "measures, exactly. happened names the events so far. Forty hidden years are played for each budget. What counts is "
        "what a year costs, measures included: full points for the course's own rule, none for buying nothing, in "
        "proportion in between."
    ),
    points=3,
    reference=policy,
    solution=policy,
    baseline=_nothing,
    measure="thousand EUR",
    cases=_budgets,
    drive=policy_trial,
    seconds=2.8,
    hints=(
        "The best measure may be too dear in the first quarter. What is it worth to wait for it?",
        "loss(held) - loss(held + [name]) is what a measure saves in one quarter. Do you buy something for one quarter or four?",
        "There are 32 sets, and four quarters. Try every set now, and after each every set later: a function that calls itself.",
    ),
    misconceptions=(
        Misconception(
            "what gains most today",
            _by_worth(lambda gain, price: gain),
            "You spend what comes at once, so the measure that saves most is never within reach. To wait is a decision too.",
        ),
        Misconception(
            "cheapest first",
            _cheapest_first,
            "You buy many measures, the cheap ones first. Ask what each saves, and leave the money for the one that saves most.",
        ),
        Misconception(
            "after the event",
            _after_the_event,
            "You buy against what has just happened. That it came once doesn't make it likelier; the odds were there before.",
        ),
        Misconception(
            "saved until the end",
            _all_saved_up,
            "You wait until everything is cheap. By then three quarters of the year have gone by without it.",
        ),
        Misconception(
            "nothing bought",
            _nothing,
            "That is the simple rule itself. Events cost far more than the measures.",
        ),
    ),
)

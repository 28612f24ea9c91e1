"""Lab 11: its figures are the game's own, its wrong answers stay apart, and no policy beats the course's."""

import itertools
import time
from statistics import mean, stdev

import pytest

from faultlab.cases.game_day import (
    deck,
    expected_cost,
    offer_of,
    outcome_of,
    policy_trial,
    years_of,
)
from faultlab.classroom import Function, tasks_of
from faultlab.classroom.tasks.lesson_11.finished_year import PAIRS, in_no_best_set, year_mean
from faultlab.classroom.tasks.lesson_11.year_rules import ON_OFFER, the_game

LAB = "11_game_day"
TASKS = tasks_of(LAB)
TEAMS = [f"team-{number}" for number in range(40)]
GAME = the_game()


@pytest.mark.parametrize(
    "task", [one for one in TASKS.values() if not isinstance(one, Function)], ids=lambda one: one.name
)
def test_wrong_answers_stay_apart_for_every_team(task):
    for team in TEAMS:
        numbers = task.numbers(team, LAB)
        found = [task.check(wrong.answer(numbers), numbers).misconception for wrong in task.misconceptions]
        assert found == [wrong.name for wrong in task.misconceptions]


def test_a_debriefing_says_what_a_thousand_years_say():
    verdicts = set()
    for team in TEAMS:
        n = TASKS["whose_year"].numbers(team, LAB)
        assert vars(n) == vars(TASKS["luck_of_year"].numbers(team, LAB)), "one year for three tasks"
        assert (n.dearer < 25, n.cheaper < 25) == (not n.lucky, n.lucky)
        assert n.best <= n.mean <= n.nothing
        assert (n.nothing - n.mean) / (n.nothing - n.best) == pytest.approx(n.way / 100, abs=0.01)
        verdicts.add((n.well, n.lucky))
    assert len(verdicts) == 4
    played = [cost / 1000 for cost in years_of(GAME, "board", (), 1000)]
    assert mean(played) == pytest.approx(n.nothing, abs=3 * stdev(played) / 1000**0.5)


def test_plans_that_differ_in_years_of_their_own_are_told_apart_in_the_same_years():
    for better, worse in PAIRS:
        ours, others = (years_of(GAME, "board", plan, 20 * 25) for plan in (better, worse))
        exact = year_mean("board", frozenset(worse)) - year_mean("board", frozenset(better))
        assert exact > 20
        blocks = [slice(start, start + 20) for start in range(0, 500, 20)]
        same = [mean(others[one]) - mean(ours[one]) for one in blocks]
        own = [mean(others[one]) - mean(ours[two]) for one, two in itertools.pairwise(blocks)]
        assert stdev(own) > 1.5 * stdev(same)
        assert sum(one < 0 for one in own) > sum(one < 0 for one in same)


def test_one_measure_of_a_price_list_is_dominated_and_the_others_are_not():
    for team in TEAMS:
        n = TASKS["dominated"].numbers(team, LAB)
        assert in_no_best_set(n.level, n.prices) == ["low_target"]


def test_at_the_game_s_own_prices_no_measure_of_the_list_is_dominated():
    n = TASKS["dominated"].numbers("kestrel", LAB)
    prices = {name: GAME.measures[name].price // 1000 for name in n.prices}
    assert in_no_best_set("board", prices) == []


def test_the_break_even_of_a_roll_back_is_that_of_the_game_s_own_cards():
    task = TASKS["roll_back"]
    n = task.numbers("kestrel", LAB)
    n.roll, n.undo = 20, 40  # as in the game
    for held in (frozenset(), frozenset({"on_call"})):
        for sign, name in enumerate(("pages", "tables")):
            took = [
                mean(
                    outcome_of(GAME, "release", card, held, way).steps[-1][0]
                    for card in deck(GAME, "release")
                    if card.sign == sign
                )
                for way in (0, 1)
            ]
            assert (took[0] < took[1]) == (getattr(n, name) > task.reference(n))


def test_no_way_to_buy_quarter_by_quarter_is_cheaper_than_the_course_s():
    asked = []

    def remembered(quarter, left, coming, held, prices, loss, happened):
        new = TASKS["policy_function"].reference(quarter, left, coming, held, prices, loss, happened)
        asked.append((quarter, new))
        return new

    coming = 30_000
    policy_trial(remembered, offer_of(GAME, "board", ON_OFFER), coming, 1, 7)
    ours = expected_cost(GAME, "board", [frozenset(new) for _, new in asked])

    def pays(plan):
        left = 0
        for place, new in enumerate(plan):
            left += coming - GAME.price(new, 4 - place)
            if left < 0:
                return False
        return True

    plans = (
        [
            frozenset(name for name, when in zip(ON_OFFER, whens, strict=True) if when == quarter)
            for quarter in range(4)
        ]
        for whens in itertools.product(range(5), repeat=len(ON_OFFER))
    )
    assert ours == pytest.approx(
        min(expected_cost(GAME, "board", plan) for plan in plans if pays(plan)), rel=1e-4
    )


def test_every_named_way_falls_short_over_twenty_teams():
    task = TASKS["policy_function"]
    for team in TEAMS[:20]:
        shares = {wrong.name: 0.0 for wrong in task.misconceptions[:3]}
        for case in task.cases_for(team, LAB):
            simple, best = (policy_trial(way, *case.args) for way in (task.baseline, task.reference))
            for wrong in task.misconceptions[:3]:
                shares[wrong.name] += (simple - policy_trial(wrong.answer, *case.args)) / (simple - best) / 3
        assert max(shares.values()) < task.enough


def test_whatever_a_policy_does_the_verdict_is_clear_and_soon():
    task = TASKS["policy_function"]
    cases = task.cases_for("kestrel", LAB)
    task.check_function(task.baseline, cases)  # what the engine works out once

    def for_ever(*seen):
        while True:
            pass

    for policy, said in (
        (for_ever, "had not come back after"),
        (lambda *seen: ["on_call"], "costs 77,000 EUR, and 30,000 EUR are there; buy less."),
        (lambda *seen: "doors", "Measures are a list"),
        (lambda *seen: ["luck"], "no measure 'luck' on offer"),
        (lambda *seen: 1 / 0, "ZeroDivisionError"),
        (lambda quarter: [], "TypeError"),
    ):
        begun = time.process_time(), time.monotonic()
        outcome = task.check_function(policy, cases)
        assert outcome.state == "try again"
        assert outcome.earned == 0
        assert said in outcome.message
        assert ".." not in outcome.message
        assert time.process_time() - begun[0] < 0.5
        assert time.monotonic() - begun[1] < task.seconds + 2
    assert task.seconds < 3

"""Lab 10: its exceedance is the review's own, and its wrong answers stay apart for every team."""

import random

import pytest

from faultlab.analysis.reviews import Losses
from faultlab.analysis.reviews.yearly_loss import yearly_loss
from faultlab.analysis.systems import Component, Journey, Range, Scenario, System
from faultlab.classroom import Function, tasks_of

LAB = "10_resilience_review"
TASKS = tasks_of(LAB)


@pytest.mark.parametrize("seed", range(5))
def test_the_chance_of_a_year_is_that_of_the_review(seed):
    rng, point = random.Random(seed), Range.point
    scenarios = [(rng.uniform(0.05, 2.0), rng.randint(5, 60)) for _ in range(rng.randint(1, 4))]
    shop = System(
        "Shop",
        "EUR",
        {"disk": Component("disk", point(1.0))},
        journeys={"buy": Journey("buy", ("disk",), point(0.0))},
        scenarios={
            f"s{i}": Scenario(f"s{i}", point(rate), point(0.0), ("buy",), point(float(cost)))
            for i, (rate, cost) in enumerate(scenarios)
        },
    )
    found, task = yearly_loss(Losses(shop, samples=100), top=400.0), TASKS["year_function"]
    for loss in (1, 37, 80, 161):
        reviewed = found.chance_of(loss - 0.5)  # the grid rounds an amount up or down by a tenth
        assert task.reference(scenarios, loss) == pytest.approx(reviewed, abs=1e-6)
        assert task.solution(scenarios, loss) == pytest.approx(reviewed, abs=1e-6)


@pytest.mark.parametrize(
    "task", [one for one in TASKS.values() if not isinstance(one, Function)], ids=lambda one: one.name
)
def test_wrong_answers_stay_apart_for_every_team(task):
    for number in range(40):
        numbers = task.numbers(f"team-{number}", LAB)
        found = [task.check(wrong.answer(numbers), numbers).misconception for wrong in task.misconceptions]
        assert found == [wrong.name for wrong in task.misconceptions]

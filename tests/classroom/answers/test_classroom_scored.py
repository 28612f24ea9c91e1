"""Tasks that are judged by how well a function does: points follow the cost, and nothing else."""

import pytest

from faultlab.classroom import CORRECT, TRY_AGAIN, labs, tasks_of
from faultlab.classroom.answers.kinds import NOT_STARTED
from faultlab.classroom.answers.sandbox import Case
from faultlab.classroom.answers.scored import Scored
from faultlab.errors import BadInput

SCORED = [task for number in labs() for task in tasks_of(number).values() if isinstance(task, Scored)]


def cost(function, weight):
    """The distance of an answer from ten, times a weight."""
    return weight * abs(function() - 10)


TEN = Scored(
    name="ten",
    title="Ten",
    question="Return ten.",
    reference=lambda: 10,
    solution=lambda: 10,
    baseline=lambda: 0,
    drive=cost,
    measure="steps",
    cases=lambda draw: [Case("light", (1.0,)), Case("heavy", (5.0,))],
    hints=("Ten.",),
    misconceptions=(),
)
CASES = TEN.cases(None)


@pytest.mark.parametrize(("answer", "earned"), [(10, 1.0), (9.2, 1.0), (5, 0.5), (0, 0.0), (-99, 0.0)])
def test_points_follow_the_cost(answer, earned):
    outcome = TEN.check_function(lambda: answer, CASES)
    assert outcome.earned == pytest.approx(earned)
    assert (outcome.state == CORRECT) == (earned == 1)
    if answer == 5:
        assert "goes 50 % of the way" in outcome.message


def test_whoever_is_better_than_the_reference_earns_all_and_no_more():
    clumsy = Scored(**{**vars(TEN), "reference": lambda: 8})
    assert clumsy.check_function(lambda: 10, CASES).earned == 1.0


@pytest.mark.parametrize("answer", [lambda: [10], lambda: "ten", lambda: 1 / 0, lambda: float("nan")])
def test_what_gives_no_cost_earns_nothing_and_says_why(answer):
    outcome = TEN.check_function(answer, CASES)
    assert (outcome.state, outcome.earned) == (TRY_AGAIN, 0.0)
    assert "I called" in outcome.message


def test_an_empty_function_has_not_started():
    def ten(): ...

    assert TEN.check_function(ten, CASES).state == NOT_STARTED


def test_a_task_without_a_way_to_play_it_is_refused():
    with pytest.raises(BadInput, match="needs a drive"):
        Scored(**{**vars(TEN), "drive": None})


@pytest.mark.parametrize("task", SCORED, ids=lambda task: task.name)
@pytest.mark.parametrize("team", ["kestrel", "red-7"])
def test_of_every_lab_the_simple_way_earns_nothing_and_costs_much_more(task, team):
    cases = task.cases_for(team, "a lab")
    assert len(cases) >= 3
    assert len({case.args[-1] for case in cases}) == len(cases), "each case has a seed of its own"
    for case in cases:
        simple, best = (task.drive(way, *case.args) for way in (task.baseline, task.reference))
        # In a game day, luck costs as much whatever is bought.
        assert simple > (1.2 if task.name == "policy_function" else 1.4) * best
    outcome = task.check_function(task.baseline, cases)
    assert outcome.earned == 0.0
    assert outcome.misconception

"""The trial of a retry function: what it plays, worked out by hand."""

import pytest

from faultlab.design.calls.retry_trials import retry_trial
from faultlab.errors import BadInput


def patient(operation, clock, draw, budget):
    """Three tries; after each failure the drawn number of seconds, while there are tokens."""
    budget.first_attempt()
    for failed in (1, 2, 3):
        try:
            return operation()
        except (ConnectionError, TimeoutError):
            if failed == 3 or not budget.allow_retry():
                raise
            clock.sleep(draw())


def test_times_and_endings_by_hand():
    told = retry_trial(patient, [["refused", "no answer", 0.25]], [0.5, 0.125], tokens=5, share=0)
    # refused at 0, 0.125 of waiting (one attempt so far), a second without an answer, 0.5 of waiting
    assert told == [{"ended": "answer 3", "began": [0, 0.125, 1.625], "seconds": 1.875}]


def test_the_budget_is_shared_by_all_calls():
    down = ["refused"] * 5
    told = retry_trial(patient, [down] * 5, [0.0], tokens=3, share=0)
    assert [len(call["began"]) for call in told] == [3, 2, 1, 1, 1]
    assert {call["ended"] for call in told} == {"ConnectionError"}
    earned = retry_trial(patient, [down] * 7, [0.0], tokens=1, share=0.5)
    assert [len(call["began"]) for call in earned] == [2, 1, 2, 1, 2, 1, 2]


def test_an_answer_that_says_no_passes_through():
    told = retry_trial(patient, [["no such customer", 0.1]], [0.5], tokens=5, share=0)
    assert told == [{"ended": "LookupError", "began": [0], "seconds": 0.1}]


def test_luck_does_not_depend_on_who_asks_first():
    def draws_first(operation, clock, draw, budget):
        budget.first_attempt()
        for failed in (1, 2, 3):
            try:
                return operation()
            except (ConnectionError, TimeoutError):
                wait = draw() + 0 * draw()
                if failed == 3 or not budget.allow_retry():
                    raise
                clock.sleep(wait)

    outages = [["refused"] * 5] * 4
    draws = [0.1, 0.2, 0.3, 0.4, 0.5]
    assert retry_trial(patient, outages, draws, 3, 0.5) == retry_trial(draws_first, outages, draws, 3, 0.5)


def test_one_attempt_too_many_and_a_mistake_in_the_code_are_told():
    def endless(operation, clock, draw, budget):
        while True:
            try:
                return operation()
            except ConnectionError:
                pass

    with pytest.raises(BadInput, match="one more attempt"):
        retry_trial(endless, [["refused"] * 4], [0.5], 3, 0.1)
    with pytest.raises(NameError):
        retry_trial(lambda operation, clock, draw, budget: nothing, [[0.1]], [0.5], 3, 0.1)  # noqa: F821

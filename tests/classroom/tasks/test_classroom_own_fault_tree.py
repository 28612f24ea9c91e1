"""The task that judges a learner's own fault tree by its structure: kind to forms, strict in substance."""

import pytest

from faultlab.classroom import CORRECT, NOT_STARTED, TRY_AGAIN, Progress, open_lab, tasks_of
from faultlab.classroom.tasks.lesson_06.own_fault_tree import own_tree

GATES = {
    "top": ["or", "provider", "no server", "key expired"],
    "no server": ["2 of", "server 1", "server 2", "server 3"],
}


def checked(tree, enough):
    return own_tree.check({"tree": tree, "enough": enough}, None)


def test_a_tree_of_ones_own_is_correct_and_told_about():
    outcome = checked(GATES, ["provider"])
    assert outcome.state == CORRECT
    # Two of three servers make three sets, the provider and the key one each.
    assert outcome.message.startswith(
        "Your tree has 5 events and 5 minimal cut sets, 2 of them single events. A single event stops you"
    )
    assert checked(GATES, ("server 3", " server  1 ")).state == CORRECT
    shouted = {"top": ("OR", "no server", "provider", "key"), "no server": ["And", "a", "b", "c"]}
    assert "2 minimal" not in checked(shouted, ["a", "b", "c"]).message
    assert checked(shouted, ["a", "b", "c"]).state == CORRECT


@pytest.mark.parametrize(
    ("tree", "enough", "said"),
    [
        ({**GATES, "no server": ["or", "top", "x"]}, ["x"], "go in a circle"),
        ({**GATES, "spare": ["or", "a", "b"]}, ["provider"], "'spare' is under no other gate"),
        ({"top": ["or", "alone"]}, ["alone"], "at least two inputs"),
        ({"top": ["nor", "a", "b"]}, ["a"], "begins with"),
        ({"top": ["or", "a", "a"]}, ["a"], "twice"),
        ({"top": ["4 of", "a", "b"]}, ["a"], "k can't be above n"),
        ({"top": ["0 of", "a", "b"]}, ["a"], "whole number from 1"),
        ({"top": ["or", 3, "b"]}, ["b"], "a text in quotes"),
        ({"top": "or"}, ["b"], "at least two inputs"),
        ({}, ["b"], "is a dictionary"),
        ([1], ["b"], "is a dictionary"),
        (GATES, ["no server"], "not a basic event"),
        (GATES, ["luck"], "not a basic event of the tree"),
        (GATES, [], "is a list of events"),
        (GATES, "provider", "is a list of events"),
        ({"top": ["or", *(f"event {i}" for i in range(400))]}, ["event 1"], "300 are enough"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(tree, enough, said):
    outcome = checked(tree, enough)
    assert outcome.state == TRY_AGAIN
    assert said in outcome.message
    assert outcome.misconception == ""


@pytest.mark.parametrize("answer", [{"tree": GATES}, [], 7, "tree", {"tree": GATES, "enough": ["x"], "y": 1}])
def test_another_form_is_told_what_is_asked(answer):
    outcome = own_tree.check(answer, None)
    assert outcome.state == TRY_AGAIN
    assert outcome.message


def test_dots_anywhere_have_not_started():
    for answer in (
        {"tree": {**GATES, "no server": ["and", ..., "b"]}, "enough": ["provider"]},
        {"tree": GATES, "enough": [...]},
        {"tree": {"...": ["or", "a", "b"]}, "enough": ["a"]},
    ):
        assert own_tree.check(answer, None).state == NOT_STARTED


@pytest.mark.parametrize(
    "event",
    [
        *("human error", "Operator error", "a mistake", "user's fault", "staff failure"),
        *("bob forgot to renew", "the renewal was forgotten", "the admin's error", "alert overlooked"),
        *("someone deleted the table", "fat-finger in the config", "Ada didn't notice"),
    ],
)
def test_a_tree_does_not_stop_at_a_person(event):
    outcome = checked({**GATES, "no server": ["and", event, "b", "c"]}, ["provider"])
    assert outcome.misconception == "stops at a person"


@pytest.mark.parametrize(
    "event",
    [
        *("error page is cached", "user database is down", "operator console is off"),
        *("kubernetes operator failure", "the Postgres operator's failure", "network operator failure"),
        *("misreads of the disk", "user error rate is not watched"),
    ],
)
def test_words_that_only_look_like_it_are_left_alone(event):
    assert checked({**GATES, "no server": ["and", event, "b", "c"]}, ["provider"]).state == CORRECT


def test_minimal_is_judged_by_the_engine_with_repeated_events():
    tree = {
        "top": ["and", "left", "right"],
        "left": ["or", "a", "shared"],
        "right": ["or", "b", "shared", "c", "d"],
    }
    assert checked(tree, ["shared"]).state == CORRECT
    assert checked(tree, ["a", "b"]).state == CORRECT
    assert checked(tree, ["a", "shared"]).misconception == "a cut set that is not minimal"
    assert checked(tree, ["a"]).misconception == "not enough"


def test_the_check_draws_ones_own_tree_where_it_can(tmp_path, capsys, monkeypatch):
    drawn = []
    monkeypatch.setattr("faultlab.classroom.notebook.lab.figure", drawn.append)
    check = open_lab("06_fault_tree_analysis", saved=Progress(tmp_path))
    for enough in ([...], ["luck"]):
        check.own_tree({"tree": GATES, "enough": enough})
    check.own_tree(open_lab)
    assert drawn == []
    check.own_tree({"tree": GATES, "enough": ["server 1"]})
    check.own_tree({"tree": GATES, "enough": ["provider"]})
    assert "which set off the top" in drawn[1].alt


@pytest.mark.parametrize("kind", ["2 of", "2 of 3", "2 out of 3", "2oo3", "at least 2", "any 2 of", "2/3", 2])
def test_two_of_three_is_read_as_it_is_written(kind):
    servers = [kind, "server 1", "server 2", "server 3"]
    assert checked({**GATES, "no server": servers}, ["server 1", "server 3"]).state == CORRECT


def test_a_gate_that_says_another_number_of_inputs_is_asked_about():
    tree = {**GATES, "no server": ["2 of 4", "server 1", "server 2", "server 3"]}
    assert "has 3 inputs" in checked(tree, ["key expired"]).message


@pytest.mark.parametrize("top", ["2 of", "3 of", "and"])
def test_gates_in_which_something_must_come_together_are_one_kind_only(top):
    tree = {"top": [top, "a", "b", "no server"], "no server": ["2 of", "c", "d", "e"]}
    outcome = checked(tree, ["a", "b"])
    assert outcome.misconception == "everything has to come together"


@pytest.mark.parametrize("low", ["1 of", "1 of 3"])
def test_one_of_several_is_an_or_gate(low):
    tree = {"top": [low, "a", "b", "no server"], "no server": ["1 of", "c", "d", "e"]}
    assert checked(tree, ["a"]).misconception == "nothing has to come together"


def test_the_lab_has_this_task_once():
    assert list(tasks_of("06")).count("own_tree") == 1

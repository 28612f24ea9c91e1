"""What lessons 03 and 04 do with real processes waits for its button, and says then what the text says."""

import os

import pytest

from faultlab.views.kit import LongRun
from faultlab.views.lesson_03.real_servers import real_servers
from faultlab.views.lesson_04.live_parts import greedy_task, killed_copies, slow_copies

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the tasks' limits are those of POSIX")


def ran(work):
    run = LongRun(work, "A part of a lesson", "a moment")
    assert (run.state, run.rows) == ("not started", [])
    run.start()
    run.wait(120)
    assert run.state == "done", run.note
    return run.rows


def test_the_greedy_task_is_given_up_and_its_neighbour_stays():
    greedy, neighbour, holder = ran(greedy_task())
    assert greedy["What happened"].endswith("given up")
    assert greedy["What happened"].count("started") == 2
    assert neighbour["What happened"] == "started, ready, notice, stopped"
    assert holder["What happened"]


def test_killed_copies_are_replaced():
    rows = ran(killed_copies())
    assert [row["What happened"] for row in rows].count("one is killed from outside") == 2
    assert rows[-1]["Copies running (3 declared)"] == 3


def test_the_hasty_check_kills_what_is_only_slow():
    hasty, patient = ran(slow_copies())
    assert (hasty["Service"], patient["Service"]) == ("gone", "slow, and there")


def test_the_model_stands_beside_real_servers():
    model, measured = ran(real_servers())
    shares = [int(row["Result"].partition(" ")[0]) for row in (model, measured)]
    assert all(50 < share < 100 for share in shares)
    assert abs(shares[0] - shares[1]) <= 12

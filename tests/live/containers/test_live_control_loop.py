"""The loop that compares wished and observed state, with real processes."""

import os
import subprocess

import pytest

from faultlab.errors import BadInput
from faultlab.live import keep_wished

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the tasks' limits are those of POSIX")


@pytest.fixture(autouse=True)
def nothing_is_left():
    yield
    mine = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True)
    assert "containers.container" not in mine.stdout


@pytest.mark.parametrize("kills", [0, 2])
def test_whoever_is_killed_is_replaced_until_all_are_there(kills):
    run = keep_wished(3, kills=kills)
    assert run.restored
    assert run.restarts == kills
    assert run.liveness_kills == 0
    said = [what for what, _ in run.happenings]
    assert said.count("one is killed from outside") == kills
    assert said.count("one more is running") == 3 + kills
    assert run.happenings[-1] == ("one more is running", 3)
    # A kill is always followed by a start, and never by more than were wished.
    assert max(running for _, running in run.happenings) == 3


def test_a_liveness_check_kills_a_slow_copy_and_a_patient_one_leaves_it_alone():
    hasty = keep_wished(2, answers_after=1.0, liveness=0.1, checks=2)
    assert hasty.liveness_kills >= 4
    assert hasty.restarts >= 2
    patient = keep_wished(2, answers_after=0.2, liveness=5.0, checks=2)
    assert (patient.liveness_kills, patient.restarts, patient.restored) == (0, 0, True)


@pytest.mark.parametrize("wrong", [{"wished": 0}, {"wished": 9}, {"wished": 2, "kills": -1}])
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(BadInput):
        keep_wished(**wrong)

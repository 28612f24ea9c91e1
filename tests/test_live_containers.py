"""Containers for real: a hog dies and its neighbour lives, notice comes before the kill, nothing is left."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from live_processes import identities, left_of, no_descendant_left

from faultlab.errors import BadInput
from faultlab.live.containers import ContainerTask, run_containers

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits and notice are those of POSIX")


@pytest.fixture(autouse=True)
def nothing_is_left():
    # Other tests' fleets may still be there; then there is nothing to be told from /proc.
    alone = no_descendant_left()
    yield
    assert no_descendant_left() or not alone


def test_a_hog_is_killed_and_rescheduled_and_its_neighbour_lives():
    hog = ContainerTask("hog", memory_mb=32, takes_mb=1024)
    run = run_containers([hog, ContainerTask("neighbour")], seconds=4)
    life = ["started", "out of memory"]
    assert run.of("hog") == [*life, "rescheduled", *life, "given up"]
    assert run.of("neighbour") == ["started", "ready", "notice", "stopped"]
    assert run.alive == ("neighbour",)
    assert run.held == ("resource limit" if sys.platform == "linux" else "the task itself")
    assert [one.seconds for one in run.happenings] == sorted(one.seconds for one in run.happenings)


def test_who_does_not_listen_to_notice_is_killed():
    run = run_containers([ContainerTask("deaf", deaf=True), ContainerTask("polite")], seconds=1, grace=0.3)
    assert run.of("deaf") == ["started", "ready", "notice", "killed"]
    assert run.of("polite")[-1] == "stopped"


def test_cpu_time_has_a_limit():
    run = run_containers([ContainerTask("busy", busy=True, cpu_seconds=1)], seconds=4, restarts=0)
    assert run.of("busy") == ["started", "ready", "out of CPU time", "given up"]
    assert run.alive == ()


def test_tasks_do_not_outlive_an_agent_that_is_killed():
    code = (
        "from faultlab.live import ContainerTask, run_containers; "
        "run_containers([ContainerTask('deaf', deaf=True), ContainerTask('busy', busy=True)], seconds=50)"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as agent:
        # The agent's children are started from a thread of its own: look at every thread.
        threads, tasks = Path(f"/proc/{agent.pid}/task"), []
        if not threads.exists():
            agent.kill()
            pytest.skip("this system does not list a process's children under /proc")
        for _ in range(200):
            tasks = [pid for one in threads.glob("*/children") for pid in one.read_text().split()]
            if len(tasks) == 2:
                break
            time.sleep(0.05)
        known = identities({pid: int(pid) for pid in tasks})
        agent.kill()
    assert len(known) == 2
    assert left_of(known)[0] == {}


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda: run_containers([]), "number of tasks"),
        (lambda: run_containers([ContainerTask("a"), ContainerTask("a")]), "same name"),
        (lambda: ContainerTask("a", memory_mb=1), "memory_mb of a"),
        (lambda: ContainerTask("a", cpu_seconds=0), "cpu_seconds of a"),
        (lambda: run_containers([ContainerTask("a")], seconds=1e9), "seconds is a number"),
    ],
)
def test_what_makes_no_sense_is_named(wrong, named):
    with pytest.raises(BadInput, match=named):
        wrong()

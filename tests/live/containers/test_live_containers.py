"""Containers for real: a hog dies and its neighbour lives, notice comes before the kill, nothing is left."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from live_processes import identities, left_of, no_descendant_left

from faultlab.errors import BadInput
from faultlab.live.containers.container_runs import ContainerTask, run_containers
from faultlab.live.containers.control_groups import ControlGroup, _sweep, own_groups

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits and notice are those of POSIX")


@pytest.fixture(autouse=True)
def nothing_is_left():
    # Other tests' fleets may still be there; then there is nothing to be told from /proc.
    alone = no_descendant_left()
    yield
    assert no_descendant_left() or not alone


def grants(cores=None):
    """Whether this machine grants control groups."""
    try:
        ControlGroup("grants", 2**25, cores).remove()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("control_groups", [True, False])
def test_a_hog_is_killed_and_rescheduled_and_its_neighbour_lives(control_groups):
    hog = ContainerTask("hog", memory_mb=32, takes_mb=1024)
    run = run_containers([hog, ContainerTask("neighbour")], seconds=4, control_groups=control_groups)
    life = ["started", "out of memory"]
    assert run.of("hog") == [*life, "rescheduled", *life, "given up"]
    assert run.of("neighbour") == ["started", "ready", "notice", "stopped"]
    assert run.alive == ("neighbour",)
    without = "resource limit" if sys.platform == "linux" else "the task itself"
    assert run.held == ("control group" if control_groups and grants() else without)
    assert [one.seconds for one in run.happenings] == sorted(one.seconds for one in run.happenings)


def test_who_does_not_listen_to_notice_is_killed():
    run = run_containers([ContainerTask("deaf", deaf=True), ContainerTask("polite")], seconds=1)
    assert run.of("deaf") == ["started", "ready", "notice", "killed"]
    assert run.of("polite")[-1] == "stopped"


def test_cpu_time_has_a_limit():
    run = run_containers([ContainerTask("busy", busy=True, cpu_seconds=1)], seconds=15)
    assert run.of("busy") == [
        "started",
        "ready",
        "out of CPU time",
        "rescheduled",
        "started",
        "ready",
        "out of CPU time",
        "given up",
    ]
    assert run.alive == ()


@pytest.mark.skipif(not grants(cores=0.2), reason="this machine grants no control groups")
def test_a_control_group_lets_a_busy_task_wait():
    busy = [ContainerTask("slow", busy=True, cores=0.2), ContainerTask("fast", busy=True)]
    run = run_containers(busy, seconds=2)
    assert run.cores_held
    # A quota is dealt out ten times a second; the first share goes to the start.
    assert run.cores_used["slow"] < 0.35
    assert run.cores_used["slow"] < run.cores_used["fast"]


def test_groups_of_agents_that_are_gone_are_swept_up_and_others_are_not(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    for pid in (gone.pid, os.getppid()):
        (tmp_path / f"faultlab-{pid}-hog").mkdir()
    (tmp_path / "faultlab-7x-hog").mkdir()
    _sweep(tmp_path)
    assert {one.name for one in tmp_path.iterdir()} == {f"faultlab-{os.getppid()}-hog", "faultlab-7x-hog"}


@pytest.mark.parametrize(
    ("mounts", "cgroup", "found"),
    [
        ([("/", "mem", "cgroup", "rw,memory")], "4:memory:/a/b\n", {"memory": "mem/a/b"}),
        ([("/a", "mem", "cgroup", "rw,memory")], "4:memory:/a/b\n0::/\n", {"memory": "mem/b"}),
        ([("/other", "mem", "cgroup", "rw,memory")], "4:memory:/a/b\n", {}),
        (
            [("/", "c", "cgroup", "rw,cpu,cpuacct")],
            "3:cpu,cpuacct:/\n",
            {"cpu": "c", "cpuacct": "c"},
        ),
        ([("/", "two", "cgroup2", "rw")], "0::/user.slice/app.scope\n", {"": "two/user.slice/app.scope"}),
    ],
)
def test_own_groups_are_found(tmp_path, mounts, cgroup, found):
    rows = [f"32 31 0:29 {root} /{point} rw - {system} x {how}" for root, point, system, how in mounts]
    (tmp_path / "mountinfo").write_text("\n".join(rows))
    (tmp_path / "cgroup").write_text(cgroup)
    assert own_groups(tmp_path) == {kind: Path("/") / path for kind, path in found.items()}


@pytest.mark.parametrize("where", ["app.scope", "."])
def test_version_2_makes_a_group_where_it_may_divide(tmp_path, where):
    """The kernel's folder is a plain one here: which files are written, not whether they are obeyed."""
    (tmp_path / "cgroup").write_text("0::/app.scope\n")
    (tmp_path / "mountinfo").write_text(f"32 31 0:29 / {tmp_path}/tree rw - cgroup2 x rw")
    tree = tmp_path / "tree"
    (tree / "app.scope").mkdir(parents=True)
    with pytest.raises(OSError, match="not ours to divide"):
        ControlGroup("a", 2**20, proc=tmp_path)
    (tree / where / "cgroup.subtree_control").write_text("cpu memory pids")
    group = ControlGroup("a", 2**20, cores=0.5, proc=tmp_path)
    (made,) = (tree / where).glob("faultlab-*")
    assert (made / "memory.max").read_text() == str(2**20)
    assert (made / "cpu.max").read_text() == "50000 100000"
    (made / "memory.events").write_text("low 0\noom 1\noom_kill 1\n")
    assert group.killed == 1


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
        (lambda: ContainerTask("a", cores=0), "cores of a"),
        (lambda: run_containers([ContainerTask("a")], seconds=1e9), "seconds is a number"),
    ],
)
def test_what_makes_no_sense_is_named(wrong, named):
    with pytest.raises(BadInput, match=named):
        wrong()

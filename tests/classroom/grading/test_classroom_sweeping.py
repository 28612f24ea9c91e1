"""A sweep: every result, in order, from threads, processes and a Dask cluster, whoever dies meanwhile."""

import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial

import pytest

from faultlab.classroom.grading.sweeping import sweep


def square_slowly(marks, number):
    """A square, after a mark that says who works on it."""
    with open(f"{marks}/{number}-{time.monotonic_ns()}", "w") as mark:
        mark.write(str(os.getpid()))
    time.sleep(0.15)
    return number * number


def fails_at_three(number):
    if number == 3:
        raise ValueError("three")
    return number


def kill_who_works(marks):
    """Kill the process that has begun the first piece of work; return its number."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for mark in sorted(os.listdir(marks)):
            with open(f"{marks}/{mark}") as read:
                pid = read.read()
            if pid and int(pid) != os.getpid():
                os.kill(int(pid), signal.SIGKILL)
                return int(pid)
        time.sleep(0.01)
    raise AssertionError("nobody began to work")


def test_order_and_errors():
    with ThreadPoolExecutor(3) as pool:
        assert sweep(abs, range(-9, 0), pool) == list(range(9, 0, -1))
        with pytest.raises(ValueError, match="three"):
            sweep(fails_at_three, range(6), pool)
        assert sweep(abs, [], pool) == []


def test_an_interrupt_leaves_no_work_behind():
    begun = []

    def interrupted(number):
        begun.append(number)
        time.sleep(0.02)
        raise KeyboardInterrupt

    with ThreadPoolExecutor(1) as pool, pytest.raises(KeyboardInterrupt):
        sweep(interrupted, range(200), pool)
    assert len(begun) < 20


@pytest.mark.skipif(os.name != "posix", reason="a process is killed by a signal")
def test_a_killed_process_costs_no_result(tmp_path):
    with ProcessPoolExecutor(2) as pool, ThreadPoolExecutor(1) as beside:
        killer = beside.submit(kill_who_works, tmp_path)
        found = sweep(partial(square_slowly, str(tmp_path)), range(6), pool)
        killer.result()
    assert found == [0, 1, 4, 9, 16, 25]


@pytest.mark.skipif(os.name != "posix", reason="a process is killed by a signal")
def test_a_killed_worker_of_a_cluster_costs_no_result(tmp_path):
    distributed = pytest.importorskip("distributed", reason="needs dask and distributed, the extra cluster")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as client,
        client.get_executor() as executor,
        ThreadPoolExecutor(1) as beside,
    ):
        killer = beside.submit(kill_who_works, tmp_path)
        found = sweep(partial(square_slowly, str(tmp_path)), range(6), executor)
        killer.result()
    assert found == [0, 1, 4, 9, 16, 25]
    assert len(os.listdir(tmp_path)) > 6, "what the dead one had in hand was done again"

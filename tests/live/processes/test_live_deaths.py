"""No orphan survives: whoever dies, and however, every process of the fleet is gone within seconds."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from live_processes import identities, identity, left_of

from faultlab.errors import BadInput
from faultlab.live import Fleet
from faultlab.live.fleet import starting

POSIX = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals (Linux or macOS)")

STARTS_A_FLEET = """
import json, os, sys, time
from faultlab.live import Fleet
{before}
with Fleet(workers=2, minutes=1) as fleet:
    {inside}
    print(json.dumps(fleet.processes()), flush=True)
    sys.stdin.readline()
    {then}
"""


def started(then, inside="pass", before="pass"):
    """A Python process with a fleet, and the identities of the processes of that fleet."""
    code = STARTS_A_FLEET.format(then=then, inside=inside, before=before)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen([sys.executable, "-c", code], bufsize=0, **pipes)
    line = process.stdout.readline()
    assert line, process.communicate()[1].decode()
    fleet = identities(json.loads(line))
    process.stdin.write(b"\n")  # they are known, so now it may happen
    return process, fleet


def assert_gone(processes, record_property):
    left, seconds = left_of(processes)
    record_property("seconds_until_all_were_gone", round(seconds, 3))
    assert not left, f"still running after {seconds:.1f} s: {left}"


def finish(process):
    if process.stdin:
        process.stdin.close()
    process.stdout.close()
    process.stderr.close()
    process.wait(10)


@pytest.mark.parametrize(
    ("then", "status"),
    [("pass", 0), ("raise RuntimeError", 1), ("sys.exit(3)", 3), ("os._exit(4)", 4)],
    ids=["normal end", "exception", "exit", "exit without clean-up"],
)
def test_a_program_that_ends_takes_its_fleet_along(then, status, record_property):
    process, fleet = started(then)
    assert process.wait(20) == status
    assert_gone(fleet, record_property)
    finish(process)


@POSIX
def test_an_interrupt_ends_the_fleet(record_property):
    # Short sleeps: an interrupt between the last line and a sleep is noticed at that sleep's end.
    process, fleet = started("for _ in range(600): time.sleep(0.1)")
    process.send_signal(signal.SIGINT)
    assert process.wait(20) != 0
    assert_gone(fleet, record_property)
    finish(process)


@POSIX
def test_a_killed_program_leaves_no_fleet_not_even_a_stopped_worker(record_property):
    process, fleet = started("time.sleep(60)", inside="fleet.load(60, rate=50); fleet.pause(1)")
    assert "load" in fleet
    process.kill()
    assert_gone(fleet, record_property)
    finish(process)


@POSIX
def test_a_fork_that_holds_the_pipe_open_does_not_keep_the_fleet_alive(record_property):
    forks = "child = os.fork()\n    if not child: time.sleep(30); os._exit(0)"
    process, fleet = started("print(child, flush=True); time.sleep(60)", inside=forks)
    fork = identity(int(process.stdout.readline()))
    process.kill()
    assert_gone(fleet, record_property)
    assert identity(fork[0]) == fork, "the fork was none of ours and lives"
    os.kill(fork[0], signal.SIGKILL)
    finish(process)


@POSIX
def test_a_killed_supervisor_takes_all_with_it_and_the_fleet_says_so(record_property):
    with Fleet(workers=3, minutes=1) as fleet:
        fleet.load(60, rate=50)
        fleet.network(2, delay_ms=1)
        fleet.pause(1)
        assert fleet.wait_until(lambda run: any(e.kind == "pause" for e in run.events))
        processes = identities(fleet.processes())
        assert {"supervisor", "balancer", "proxy", "load", "worker 3"} <= set(processes)
        os.kill(processes["supervisor"][0], signal.SIGKILL)  # ours: its identity was just read
        assert_gone(processes, record_property)
        assert not fleet.running
        for asked in (lambda: fleet.kill(1), fleet.get, fleet.processes):
            with pytest.raises(BadInput, match="has ended"):
                asked()
        assert any(event.kind == "pause" for event in fleet.run().events), "what was seen is kept"
    fleet.stop()


@POSIX
def test_a_stopped_child_dies_with_its_parent_where_the_kernel_has_no_death_signal(tmp_path, record_property):
    """What macOS relies on; the child asks for nothing, so here it is POSIX alone that ends it."""
    code = """
import asyncio, os, signal, sys
from faultlab.live.processes.children import Child
async def main():
    line = [sys.executable, "-c", "import time; print('{}', flush=True); time.sleep(60)"]
    heard = asyncio.Event()
    child = Child("child", line, asyncio.get_running_loop(), lambda *_: heard.set(), lambda *_: None)
    await heard.wait()
    child.signal(signal.SIGSTOP)
    await asyncio.sleep(0.2)
    print(child.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    child = identities({"child": int(parent.stdout.readline())})
    parent.kill()
    try:
        assert_gone(child, record_property)
    finally:
        finish(parent)
        for pid, began in child.values():
            if identity(pid) == (pid, began):
                os.kill(pid, signal.SIGKILL)


def test_an_interrupt_while_it_starts_leaves_nothing(monkeypatch, record_property):
    seen = {}

    def interrupted(popen, errors):
        seen["supervisor"] = identity(popen.pid)
        time.sleep(0.3)  # workers are being started
        raise KeyboardInterrupt

    monkeypatch.setattr(starting, "_first_report", interrupted)
    with pytest.raises(KeyboardInterrupt), Fleet(workers=2):
        pass
    assert_gone(seen, record_property)


def test_a_fleet_ends_by_itself_when_its_minutes_are_over(record_property):
    with Fleet(workers=2, minutes=0.025) as fleet:
        processes = identities(fleet.processes())
        assert_gone(processes, record_property)
        assert not fleet.running
        assert "ended by itself after 0.025 minutes" in fleet.run().events[-1].text
        with pytest.raises(BadInput, match="has ended"):
            fleet.kill(1)


def test_the_fleet_of_a_restarted_kernel_is_gone(record_property):
    jupyter_client = pytest.importorskip(
        "jupyter_client", reason="needs jupyter_client, a part of JupyterLab"
    )
    manager, client = jupyter_client.manager.start_new_kernel(kernel_name="python3")
    try:
        # A kernel's event loop is running already while this cell is.
        code = "import json; from faultlab.live import Fleet; fleet = Fleet(workers=2).start()\n"
        said = []
        client.execute_interactive(
            code + "print(json.dumps(fleet.processes()))",
            output_hook=lambda message: said.append(message["content"].get("text", "")),
            timeout=60,
        )
        found = json.loads("".join(said))
        fleet = identities(found)
        manager.restart_kernel(now=False)
        assert_gone(fleet, record_property)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)

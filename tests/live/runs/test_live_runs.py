"""Runs: saved and read back, read as incidents, measured as lesson 08 measures, played again."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from faultlab.design.calls.clocks import VirtualClock
from faultlab.errors import BadInput
from faultlab.live import (
    Event,
    Fleet,
    Interval,
    Replay,
    Run,
    WorkerSeen,
    kill_log,
    read_run,
    recorded_run,
    recorded_runs,
    worker_incidents,
)
from faultlab.metrics.incidents.table import read_incidents

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def told(*events):
    """A run of which only events are known: (t, kind, worker, text)."""
    return Run(NOON, {}, (), tuple(Event(t, kind, worker, text) for t, kind, worker, text in events))


def seconds(incident):
    """Start, detection and end of an incident, in seconds after noon."""
    times = (incident.start, incident.detected, incident.end)
    return tuple(None if t is None else (t - NOON).total_seconds() for t in times)


def served(*errors, requests=100):
    """A run of one-second intervals with so many errors each; None for nobody asking."""
    intervals = tuple(
        Interval(t, 1.0, 0 if bad is None else requests, {"502": bad} if bad else {}, 5.0, 9.0, ())
        for t, bad in enumerate(errors, start=1)
    )
    return Run(NOON, {}, intervals)


def test_a_run_tells_its_settings_and_keeps_its_token():
    with Fleet(workers=2) as fleet:
        fleet.kill(2)
        run = fleet.run()
    assert not run.recorded
    assert run.settings["workers"] == 2
    assert "token" not in run.settings


GOOD = {"format": "faultlab fleet run 1", "started": "2026-03-02T12:00:00+00:00", "machine": ""}
GOOD |= {"settings": {}, "events": [], "loads": [], "intervals": []}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is no JSON"),
        ("[]", "is no recorded run"),
        (json.dumps({"format": "something else"}), "is no recorded run"),
        (json.dumps(GOOD | {"started": "yesterday"}), "its started can't be read"),
        (json.dumps({one: GOOD[one] for one in GOOD if one != "machine"}), "its machine can't be read"),
        (json.dumps(GOOD | {"settings": 3}), "its settings can't be read"),
        (json.dumps(GOOD | {"events": [[1, "kill"]]}), "its events can't be read"),
        (json.dumps(GOOD | {"loads": [{"requests": 3}]}), "its loads can't be read"),
        (json.dumps(GOOD | {"intervals": [[1, 0, 5, {}, 1, 2, []]]}), "its intervals can't be read"),
        (json.dumps(GOOD | {"intervals": [[1, 1, 5, {}, 1, 2, [[1, "up"]]]]}), "its intervals can't be read"),
    ],
    ids=["cut", "list", "other", "started", "machine", "settings", "events", "loads", "length", "worker"],
)
def test_a_file_that_is_no_run_is_refused_in_a_sentence(tmp_path, content, sentence):
    path = tmp_path / "run.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=rf"run\.json.*{sentence}"):
        read_run(path)


def test_incidents_begin_with_the_fault_and_end_when_the_worker_is_of_use_again():
    restarted_before_it_was_missed = told(
        (1.0, "kill", 1, "Worker 1 is killed."), (1.1, "exit", 1, "…"), (2.0, "ready", 1, "…")
    )
    missed_by_the_balancer_too = told(
        (1.0, "kill", 1, "…"),
        (1.1, "exit", 1, "…"),
        (1.5, "out", 1, "…"),
        (2.0, "ready", 1, "…"),
        (3, "in", 1, "…"),
    )
    paused = told((4.0, "pause", 2, "…"), (5.25, "out", 2, "…"), (8.0, "resume", 2, "…"), (8.5, "in", 2, "…"))
    paused_and_never_missed = told((4.0, "pause", 2, "…"), (4.5, "resume", 2, "…"))
    half_open = told(
        (1.0, "fault", 3, "Worker 3: network half-open."), (2.5, "out", 3, "…"), (9.0, "in", 3, "…")
    )
    slow_but_up = told(
        (1.0, "fault", 3, "Worker 3: slower by 9 ms."), (2.0, "heal", 3, "Worker 3: well again.")
    )
    still_down = told((1.0, "kill", 1, "…"), (1.2, "exit", 1, "…"))
    leak = told((1.0, "fault", 1, "Worker 1: leaks 50 MB/s."), (3.0, "exit", 1, "…"), (4.0, "ready", 1, "…"))
    for run, expected, cause in (
        (restarted_before_it_was_missed, (1.0, 1.1, 2.0), "killed"),
        (missed_by_the_balancer_too, (1.0, 1.1, 3.0), "killed"),
        (paused, (4.0, 5.25, 8.5), "paused"),
        (paused_and_never_missed, (4.0, None, 4.5), "paused"),
        (half_open, (1.0, 2.5, 9.0), "network half-open"),
        (still_down, (1.0, 1.2, None), "killed"),
        (leak, (3.0, 3.0, 4.0), "leaks 50 MB/s"),
    ):
        (incident,) = worker_incidents(run)
        assert seconds(incident) == expected
        assert incident.cause == cause
    assert worker_incidents(slow_but_up) == ()
    both = told(
        (1, "kill", 2, ""), (2, "kill", 1, ""), (3, "ready", 1, ""), (4, "ready", 2, ""), (5, "kill", 1, "")
    )
    assert [i.service for i in worker_incidents(both)] == ["worker 2", "worker 1", "worker 1"]


def test_the_kill_log_is_what_the_metrics_tool_reads(tmp_path):
    run = recorded_run("kill_one_of_four")
    text = kill_log(run)
    read = read_incidents(text)
    assert not read.unreadable
    expected = worker_incidents(run)
    assert [i.service for i in read] == [i.service for i in expected]
    for one, other in zip(read, expected, strict=True):
        assert abs((one.start - other.start).total_seconds()) < 0.001
        assert abs((one.end - other.end).total_seconds()) < 0.001
    (tmp_path / "kills.csv").write_text(text, encoding="utf-8")
    window = ["--from", run.started.isoformat(), "--to", run.moment(run.length).isoformat()]
    line = [sys.executable, "-m", "faultlab", "metrics", str(tmp_path / "kills.csv"), "--json", *window]
    said = json.loads(subprocess.run(line, capture_output=True, text=True, check=True).stdout)
    assert said["incidents"] == len(expected)
    assert said["unreadable"] == []
    down = sum(i.minutes for i in expected)
    assert said["mttr_minutes"]["value"] == pytest.approx(down / len(expected), abs=1e-4)


@pytest.mark.parametrize("name", recorded_runs())
def test_recorded_runs_are_whole_and_small(name):
    run = recorded_run(name)
    assert run.recorded
    assert run.requests > 500
    if run.loads:  # the load had ended when the run was saved
        assert run.requests == sum(load.requests for load in run.loads)
        assert sum(run.errors.values()) == sum(load.failed for load in run.loads)
    assert all(len(interval.workers) == run.settings["workers"] for interval in run.intervals)
    assert {w.state for i in run.intervals for w in i.workers} > {"up"}


def test_an_unknown_recording_is_refused_with_the_names_of_the_others():
    with pytest.raises(BadInput, match="there are gray_failure, kill_one_of_four"):
        recorded_run("../../../etc/passwd")


def test_a_replay_shows_the_run_as_it_went():
    clock = VirtualClock()
    replay = Replay(recorded_run("kill_one_of_four"), speed=2, clock=clock)
    assert replay.running
    assert replay.run().intervals == ()
    clock.sleep(5)
    shown = replay.run()
    assert shown.intervals[-1].t == pytest.approx(10, abs=0.6)
    assert all(event.t <= 10 for event in shown.events)
    replay.stop()
    clock.sleep(100)
    assert not replay.running
    assert replay.run() == shown
    replay.reset()
    assert replay.running
    clock.sleep(1000)
    assert not replay.running
    assert replay.run() == recorded_run("kill_one_of_four")
    with pytest.raises(BadInput, match="speed above 0"):
        Replay(shown, speed=0)


def test_rates_and_totals_of_an_interval():
    worker = WorkerSeen(1, "up", True, 30, 2, 1)
    interval = Interval(2.0, 0.5, 30, {"502": 2, "timeout": 1}, 5.0, 9.0, (worker,))
    assert (interval.rate, interval.failed) == (60, 3)

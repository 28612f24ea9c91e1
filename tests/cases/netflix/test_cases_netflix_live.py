"""A monkey over real processes, on the leash and off it; what it does is judged by what others count."""

import csv
import io
import json
import math
import subprocess
import sys
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from faultlab.cases.netflix.apps import AppConfig
from faultlab.cases.netflix.fleet import EVERY_DAY, FLEET_MONKEY, FleetPrey, failing, monkey_log
from faultlab.cases.netflix.groups import Instance
from faultlab.cases.netflix.hunting import hunt, leashed, unleashed
from faultlab.cases.netflix.observed import answered_share, lost_to_detection, promised_availability
from faultlab.cases.netflix.trial import monkey_trial, recorded_trial, try_monkey
from faultlab.design.calls.clocks import VirtualClock
from faultlab.design.experiments.verdicts import verdict
from faultlab.errors import BadInput
from faultlab.live import Fleet, recorded_run
from faultlab.live.runs.runs import Interval, Run
from faultlab.metrics.estimates.distributions import student_t_upper


class Herd:
    """Instances in memory; those that were ended come back at once."""

    def __init__(self, count=4):
        self.ended = []
        self.count = count

    def instances(self):
        return [Instance("web-prod", "here", f"worker {n}") for n in range(1, self.count + 1)]

    def terminate(self, instance):
        self.ended.append(instance.id)


FREE = unleashed(FLEET_MONKEY)


def test_it_starts_on_the_leash():
    herd = Herd()
    found = hunt(herd, FLEET_MONKEY, EVERY_DAY, clock=VirtualClock())
    assert [attempt.decision.stopped_by for attempt in found.attempts] == ["leash"] * 5
    assert (herd.ended, found.killed, found.stopped) == ([], [], "")
    assert str(found.attempts[0]).startswith("Monday ")
    assert "would have been killed" in str(found.attempts[0])


def test_off_the_leash_it_kills_whom_it_would_have_killed():
    herd = Herd()
    said = hunt(herd, leashed(FREE), EVERY_DAY, seed=7, clock=VirtualClock())
    done = hunt(herd, FREE, EVERY_DAY, seed=7, clock=VirtualClock())
    assert [one.id for one in done.killed] == herd.ended
    assert herd.ended == [attempt.decision.instance.id for attempt in said.attempts]


def test_days_pass_by_the_clock_and_weekends_are_free():
    clock, herd = VirtualClock(), Herd()
    found = hunt(herd, FREE, EVERY_DAY, days=14, seconds_a_day=3, clock=clock)
    assert clock() == pytest.approx(42)
    assert len(herd.ended) == 10
    assert all(attempt.time.isoweekday() <= 5 for attempt in found.attempts)


def test_the_stop_condition_is_asked_before_each_kill():
    herd = Herd()
    found = hunt(
        herd, FREE, EVERY_DAY, stop=lambda: "two are enough" * (len(herd.ended) == 2), clock=VirtualClock()
    )
    assert (len(herd.ended), found.stopped) == (2, "two are enough")
    assert hunt(herd, FREE, EVERY_DAY, stop=lambda: "no", clock=VirtualClock()).attempts == ()


def test_a_stop_condition_that_fails_stops_it():
    def stop():
        raise OSError("no metrics")

    found = hunt(Herd(), FREE, EVERY_DAY, stop=stop, clock=VirtualClock())
    assert (found.attempts, "no metrics" in found.stopped) == ((), True)


@pytest.mark.parametrize(("days", "seconds"), [(0, 1), (1.5, 1), (1, 0), (1, -1), (1, float("nan"))])
def test_a_hunt_refuses(days, seconds):
    with pytest.raises(BadInput, match="A hunt takes"):
        hunt(Herd(), FREE, EVERY_DAY, days=days, seconds_a_day=seconds, clock=VirtualClock())


# Real processes.
@pytest.fixture(scope="module")
def trial():
    return try_monkey()


def test_processes_really_die_and_are_seen_to(trial):
    killed = [int(one.id.split()[1]) for one in trial.hunt.killed]
    assert len(killed) == 5
    events = [(event.kind, event.worker) for event in trial.run.events]
    assert [worker for kind, worker in events if kind == "kill"] == killed
    assert [worker for kind, worker in events if kind == "exit"][:5] == killed


def test_customers_notice_and_the_hypothesis_falls(trial):
    assert verdict(trial.journal).outcome == "refuted"
    seen = answered_share(trial.run, blocks=5, from_t=trial.started)
    assert seen.low <= seen.value <= seen.high
    assert seen.value < 0.99 < promised_availability(trial.run)


def test_theory_with_detection_time_counts_what_was_lost(trial):
    lost = lost_to_detection(trial.run)
    assert lost.kills == 5
    assert 0 < lost.detection <= lost.restart
    # Within three points of what customers counted, on a busy machine too.
    counted = sum(trial.run.errors.values()) / trial.run.requests
    assert lost.share == pytest.approx(counted, abs=0.03)


def test_metrics_read_the_log(trial, tmp_path):
    file = tmp_path / "kills.csv"
    file.write_text(monkey_log(trial.run, trial.hunt))
    day = f"{trial.run.started:%Y-%m-%d}"
    command = [sys.executable, "-m", "faultlab", "metrics", str(file), "--from", day, "--to", "2200-01-01"]
    told = json.loads(subprocess.run([*command, "--json"], capture_output=True, check=True).stdout)
    assert told["incidents"] == 5
    assert told["unreadable"] == []
    assert 0 < told["mttr_minutes"]["value"] < 0.5
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert list(rows[0]) == ["start", "end", "detected", "service", "cause"]
    assert {row["cause"] for row in rows} == {"Chaos Monkey"}


def test_a_log_tells_whose_kill_it_was(trial):
    others = monkey_log(trial.run, replace(trial.hunt, attempts=trial.hunt.attempts[:1]))
    assert [line.split(",")[-1] for line in others.splitlines()[1:]].count("Chaos Monkey") == 1


def test_a_retry_holds_the_hypothesis():
    found = try_monkey(retries=1)
    assert len(found.hunt.killed) == 5
    assert verdict(found.journal).outcome == "held"
    assert answered_share(found.run, blocks=5, from_t=found.started).value > 0.99


def test_a_fleet_that_fails_calls_the_monkey_back():
    with Fleet(workers=2, seed=1, restart_after=30) as fleet:
        fleet.load(seconds=60, rate=60)
        assert fleet.wait_until(lambda run: run.requests > 60)
        found = hunt(
            FleetPrey(fleet), FREE, EVERY_DAY, days=5, seconds_a_day=2.5, stop=failing(fleet, 0.2, 1.0)
        )
        assert "of the latest requests failed" in found.stopped
        assert 1 <= len(found.killed) <= 2


def test_prey_are_the_workers_that_run():
    with Fleet(workers=3, restart=False) as fleet:
        prey = FleetPrey(fleet)
        assert [one.id for one in prey.instances()] == ["worker 1", "worker 2", "worker 3"]
        prey.terminate(prey.instances()[1])
        fleet.load(seconds=5, rate=20)
        assert fleet.wait_until(lambda run: bool(run.intervals))
        assert [one.id for one in prey.instances()] == ["worker 1", "worker 3"]


@pytest.mark.parametrize(("name", "outcome"), [("monkey", "refuted"), ("monkey_with_a_retry", "held")])
def test_recorded_trials_have_the_outcomes_of_live_ones(name, outcome):
    found = recorded_trial(name)
    assert (verdict(found.journal).outcome, found.hunt, found.run.recorded) == (outcome, None, True)
    assert lost_to_detection(found.run).kills == 5


def test_where_no_process_can_start_the_recorded_trial_is_told(monkeypatch):
    def no_processes(retries):
        raise BadInput("No processes can be started here: take a recorded run.")

    monkeypatch.setattr("faultlab.cases.netflix.trial.try_monkey", no_processes)
    outcomes = [verdict(monkey_trial(retries).journal).outcome for retries in (0, 1)]
    assert outcomes == ["refuted", "held"]
    assert monkey_trial().run.recorded
    with pytest.raises(BadInput, match="with 2"):
        monkey_trial(2)


def test_another_fault_of_the_fleet_is_not_hidden(monkeypatch):
    def taken(retries):
        raise BadInput("3 fleets are running already; stop one of them first.")

    monkeypatch.setattr("faultlab.cases.netflix.trial.try_monkey", taken)
    with pytest.raises(BadInput, match="3 fleets"):
        monkey_trial()


def test_recorded_trials_need_a_kill():
    with pytest.raises(BadInput, match="no recorded run"):
        recorded_trial("nothing")
    with pytest.raises(BadInput, match="nobody was killed"):
        recorded_trial("gray_failure")


# Estimates.
@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 7, 30, 101])
def test_student_is_scipys(degrees):
    stats = pytest.importorskip("scipy.stats")
    for probability in (0.5, 0.6, 0.9, 0.975, 0.999):
        found = student_t_upper(1 - probability, degrees)
        assert found == pytest.approx(stats.t.ppf(probability, degrees), rel=1e-9, abs=1e-9)


def invented(failed):
    """A run of one interval a second with 100 requests each."""
    intervals = [
        Interval(n + 1.0, 1.0, 100, {"502": bad} if bad else {}, 1, 1, ()) for n, bad in enumerate(failed)
    ]
    start = recorded_run("monkey").started
    return Run(start, {"workers": 4}, tuple(intervals))


def test_batch_means_cover_the_truth_though_failures_clump():
    """One second in twenty loses half of its requests: 97.5 % are answered in the long run."""
    rng = np.random.default_rng(3)
    inside = naive = 0
    for _ in range(400):
        run = invented([50 * (rng.random() < 0.05) for _ in range(200)])
        found = answered_share(run, blocks=10, confidence=0.9)
        inside += found.low <= 0.975 <= found.high
        half = 1.645 * math.sqrt(found.value * (1 - found.value) / 20_000)
        naive += abs(found.value - 0.975) <= half
    assert 0.85 < inside / 400 < 0.95
    # Each request taken for a draw of its own: the interval misses the truth most of the time.
    assert naive / 400 < 0.6


def test_a_run_without_failures_still_has_a_lower_limit():
    found = answered_share(invented([0] * 10))
    assert (found.value, found.high) == (1, 1)
    assert found.low == pytest.approx(0.05 ** (1 / 1000), abs=1e-9)


def test_estimates_refuse():
    with pytest.raises(BadInput, match="2 blocks"):
        answered_share(invented([0] * 10), blocks=1)
    with pytest.raises(BadInput, match="2 blocks"):
        answered_share(invented([0] * 3), blocks=5)
    with pytest.raises(BadInput, match="Nobody was killed"):
        lost_to_detection(invented([0] * 3))
    with pytest.raises(BadInput, match="needs a load"):
        promised_availability(Run(date(2026, 1, 1), {"workers": 4}))
    with pytest.raises(BadInput, match="Stop above"):
        failing(None, above=1)


def test_promise_is_one_of_n():
    run = recorded_run("monkey")
    each = 1 - (1 - promised_availability(run)) ** (1 / 4)
    assert promised_availability(run) == pytest.approx(1 - (1 - each) ** 4)
    # All four needed: every moment with a worker down counts.
    assert promised_availability(run, needs=4) == pytest.approx(each**4)
    assert AppConfig().enabled

"""The load generator: latencies from the intended start, counts that add up, calls guarded by a policy."""

import os
import random
import signal
import time

import pytest
from live_processes import identities

from faultlab.design.calls.backoff import Backoff
from faultlab.design.calls.circuit_breaker import CircuitBreaker, ConsecutiveFailures, FailureRate
from faultlab.design.calls.policies import Policy, call
from faultlab.design.calls.retry_budget import RetryBudget
from faultlab.errors import BadInput
from faultlab.live import Fleet, intended_starts
from faultlab.live.load.load_process import quantile
from faultlab.live.load.policy_orders import read_policy, write_policy

POSIX = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals (Linux or macOS)")
QUICK = Backoff("full", base=0.001, cap=0.01)


@POSIX
def test_an_open_loop_sees_the_pause_that_a_closed_loop_hides():
    """A service that hangs for a second is asked nothing by customers who wait for each other."""
    patient = {"check_timeout": 10, "balancer_timeout": 10, "queue": 1000}
    with Fleet(workers=1, **patient) as one, Fleet(workers=1, **patient) as other:
        fleets = (one, other)
        loads = (
            one.load(3, rate=100, arrivals="even", timeout_ms=10_000),
            other.load(3, users=2, think_ms=10, timeout_ms=10_000),
        )
        for fleet in fleets:
            assert fleet.wait_until(lambda run: run.requests > 20)
        for fleet in fleets:
            fleet.pause(1)
        time.sleep(1.0)
        for fleet in fleets:
            fleet.resume(1)
        by_schedule, in_turn = (load.result() for load in loads)
    # A third of all came in the pause. Those who came in its first half waited half of it or longer.
    assert by_schedule.p90_ms > 300
    assert in_turn.p90_ms < 300
    assert in_turn.longest_ms > 500, "only those who were waiting saw it"
    assert by_schedule.errors == in_turn.errors == {}


def test_a_queue_behaves_as_queueing_theory_says():
    """One place, first come, first served: each leaves when Lindley's recursion of 1952 says."""
    with Fleet(workers=1, places=1, service_ms=20) as fleet:
        found = fleet.load(4, rate=25, seed=5).result()
    luck, free, latencies = random.Random(1), 0.0, []  # the first process of worker 1 draws with seed 1
    for at in intended_starts(25, 4, "poisson", seed=5):
        free = max(free, at) + luck.expovariate(1 / 0.020)
        latencies.append(1000 * (free - at))
    assert found.requests == len(latencies)
    for share, measured in ((0.5, found.p50_ms), (0.9, found.p90_ms)):
        computed = quantile(sorted(latencies), share)
        assert 0.95 * computed < measured < 1.6 * computed + 20


def test_counts_add_up_and_the_result_agrees_with_the_intervals():
    with Fleet(workers=2) as fleet:
        fleet.fail(1, share=0.5)
        load = fleet.load(2, rate=100, arrivals="even")
        assert load.running
        with pytest.raises(BadInput, match="A load is running already"):
            fleet.load(1, rate=1)
        with pytest.raises(TimeoutError):
            load.result(seconds=0.01)
        found = load.result()
        assert not load.running
        assert found.requests == found.attempts == 200
        assert 0.15 < found.failed / found.requests < 0.35
        assert found.answered_share == 1 - found.errors["500"] / 200
        run = fleet.run()
        assert run.requests == 200
        assert run.errors == found.errors

        def counted(run, what):
            return sum(getattr(w, what) for i in run.intervals for w in i.workers)

        # A request counts when it is sent, an error when it is answered, perhaps in the next interval.
        same = {"requests": 200, "errors": found.errors["500"]}
        assert fleet.wait_until(lambda run: all(counted(run, what) == count for what, count in same.items()))
        second = fleet.load(1, users=3, think_ms=5)
        assert second.result().requests > 20
        assert load.result() == found
        assert len(fleet.run().loads) == 2


def test_a_full_queue_turns_requests_away():
    with Fleet(workers=1, places=1, queue=1, service_ms=50) as fleet:
        found = fleet.load(1, users=8).result()
    assert found.errors["503"] > found.requests / 2


def test_retries_turn_half_errors_into_an_eighth_and_cost_what_they_must():
    """Each try fails with 1/2: three tries fail with 1/8, and 1 + 1/2 + 1/4 tries are made on average."""
    with Fleet(workers=1, service_ms=1) as fleet:
        fleet.fail(1, share=0.5)
        policy = Policy(timeout=1.0, retries=2, backoff=QUICK)
        found = fleet.load(1.5, rate=300, policy=policy).result()
        deviation = (0.125 * 0.875 / found.requests) ** 0.5
        assert found.failed / found.requests == pytest.approx(0.125, abs=4 * deviation)
        assert found.attempts / found.requests == pytest.approx(1.75, abs=0.12)
        budget = Policy(timeout=1.0, retries=2, backoff=QUICK, budget=RetryBudget(share=0.1, most=1))
        found = fleet.load(1, rate=300, policy=budget).result()
        assert found.attempts <= 1.1 * found.requests + 2
        assert found.failed / found.requests > 0.35


def test_an_open_breaker_calls_nobody():
    with Fleet(workers=1) as fleet:
        fleet.fail(1, share=1.0)
        breaker = CircuitBreaker(ConsecutiveFailures(3), open_for=60)
        found = fleet.load(1.5, rate=60, policy=Policy(timeout=1.0, breaker=breaker)).result()
    assert found.errors["not called"] > 50
    assert found.attempts < 30


def test_one_call_can_be_guarded_in_the_notebook():
    with Fleet(workers=1, service_ms=1) as fleet:
        outcome = call(lambda timeout: fleet.get(timeout=timeout), Policy(timeout=2.0))
        assert outcome.result() == {"worker": 1}
        fleet.slow(1, ms=1000)
        outcome = call(lambda timeout: fleet.get(timeout=timeout), Policy(timeout=0.1))
        assert isinstance(outcome.error, TimeoutError)


def test_a_load_can_be_stopped_and_one_that_dies_says_so():
    with Fleet(workers=1) as fleet:
        load = fleet.load(60, rate=50)
        assert fleet.wait_until(lambda run: run.requests)
        load.stop()
        found = load.result(seconds=20)
        assert 0 < found.seconds < 30
        lost = fleet.load(60, rate=50)
        assert fleet.wait_until(lambda run: run.requests > found.requests)
        pid, _ = identities({"load": fleet.processes()["load"]})["load"]
        os.kill(pid, signal.SIGTERM)
        with pytest.raises(BadInput, match="load generator died"):
            lost.result(seconds=20)
        unfinished = fleet.load(60, rate=50)
    with pytest.raises(BadInput, match="ended before its load did"):
        unfinished.result()


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        ({"seconds": 1}, "A load has a rate"),
        ({"seconds": 1, "rate": 5, "users": 5}, "A load has a rate"),
        ({"seconds": 1, "rate": 10**6}, "rate is a number from 0 to 5000"),
        ({"seconds": 1, "users": 1000}, "users is a whole number from 0 to 256"),
        ({"seconds": 0, "rate": 5}, "seconds is a number from 0.1"),
        ({"seconds": 1, "rate": 5, "arrivals": "bursty"}, "Arrivals are poisson or even"),
        ({"seconds": 1, "rate": 5, "policy": 3}, "policy= takes a faultlab.design.Policy"),
        ({"seconds": 1, "rate": 5, "seed": "x"}, "seed is a whole number"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_load_that_makes_no_sense_is_refused(idle, way, sentence):
    with pytest.raises(BadInput) as refused:
        idle.load(**way)
    assert str(refused.value).startswith(sentence)
    assert "load" not in idle.processes()


def test_an_experiment_starts_a_load_with_what_it_names(idle):
    """The door takes the same defaults as `Fleet.load`."""
    assert idle._door.do("load", seconds=0.2, rate=20) == {"load": 1}
    assert idle.wait_until(lambda run: run.loads)
    assert idle.run().loads[0].errors == {}


@pytest.fixture(scope="module")
def idle():
    with Fleet(workers=1) as fleet:
        yield fleet


@pytest.mark.parametrize(
    "policy",
    [
        Policy(),
        Policy(timeout=0.5, retries=3, backoff=Backoff("decorrelated", 0.1, 2), deadline=4),
        Policy(budget=RetryBudget(0.2, 5, 1.0), breaker=CircuitBreaker(FailureRate(0.3, seconds=10))),
        Policy(breaker=CircuitBreaker(FailureRate(0.3, calls=20), open_for=5, trials=2)),
    ],
    ids=["plain", "retries", "budget and rate", "calls"],
)
def test_a_policy_arrives_as_it_was_sent(policy):
    arrived = read_policy(write_policy(policy))
    assert write_policy(arrived) == write_policy(policy)
    assert (arrived.timeout, arrived.retries, arrived.backoff) == (
        policy.timeout,
        policy.retries,
        policy.backoff,
    )

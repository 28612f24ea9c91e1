"""The same traces through tenacity and pybreaker: where they agree with us, and what they lack.

A team will use a library. These tests say what it does, so that a lesson may say it.
"""

import contextlib
import inspect
import random

import pytest

from faultlab.design.calls.backoff import Backoff
from faultlab.design.calls.circuit_breaker import CircuitBreaker, ConsecutiveFailures, FailureRate
from faultlab.design.calls.clocks import VirtualClock
from faultlab.design.calls.policies import Policy, Replay, call
from faultlab.design.calls.retry_budget import RetryBudget

DOWN = ConnectionError("down")
WHY = "tenacity and pybreaker are not installed (extra dev): pip install tenacity pybreaker"
tenacity = pytest.importorskip("tenacity", reason=WHY)
pybreaker = pytest.importorskip("pybreaker", reason=WHY)


def with_tenacity(trace, clock, attempts, wait):
    service = Replay(trace, clock)
    retrying = tenacity.Retrying(
        sleep=clock.sleep, stop=tenacity.stop_after_attempt(attempts), wait=wait, reraise=True
    )
    try:
        return retrying(service), service.starts
    except ConnectionError:
        return None, service.starts


def with_ours(trace, clock, attempts, backoff, rng=None, **more):
    service = Replay(trace, clock)
    policy = Policy(retries=attempts - 1, backoff=backoff, **more)
    return call(service, policy, clock, rng=rng).value, service.starts


@pytest.mark.parametrize("trace", [[0.1], [DOWN, 0.1], [DOWN, DOWN, (0.2, DOWN), 0.1], [DOWN] * 6])
def test_exponential_backoff_is_tenacitys(trace):
    ours = with_ours(trace, VirtualClock(), 5, Backoff("exponential", base=0.1, cap=0.9))
    # tenacity's first window is its multiplier, ours is twice the base
    theirs = with_tenacity(trace, VirtualClock(), 5, tenacity.wait_exponential(multiplier=0.2, max=0.9))
    assert ours[0] == theirs[0]
    assert ours[1] == pytest.approx(theirs[1])


def test_full_jitter_has_tenacitys_windows():
    trace, backoff = [DOWN] * 4, Backoff("full", base=0.1, cap=0.5)
    wait = tenacity.wait_random_exponential(multiplier=0.2, max=0.5)
    random.seed(6)  # tenacity draws from the module's own
    rng = random.Random(7)
    ours, theirs = (
        [run() for _ in range(3000)]
        for run in (
            lambda: with_ours(trace, VirtualClock(), 4, backoff, rng)[1],
            lambda: with_tenacity(trace, VirtualClock(), 4, wait)[1],
        )
    )
    for place in (1, 2, 3):
        means = [sum(run[place] for run in runs) / len(runs) for runs in (ours, theirs)]
        assert means[0] == pytest.approx(means[1], rel=0.05)


def test_seven_virtual_seconds_take_tenacity_no_time():
    clock = VirtualClock()
    with_tenacity([DOWN] * 4, clock, 4, tenacity.wait_exponential(multiplier=1))
    assert clock() == 7


def test_tenacity_has_no_retry_budget():
    """A hundred failing calls, three retries each: nothing in the library remembers the calls before."""
    clock = VirtualClock()
    theirs = sum(len(with_tenacity([DOWN] * 4, clock, 4, tenacity.wait_none())[1]) for _ in range(100))
    budget = RetryBudget(share=0.1, most=10)
    ours = sum(len(with_ours([DOWN] * 4, clock, 4, Backoff("none"), budget=budget)[1]) for _ in range(100))
    assert theirs == 400
    assert ours == 100 + 10 + 9
    assert not [name for name in dir(tenacity) if "budget" in name.lower()]


def states_of_pybreaker(outcomes, limit):
    breaker, states = pybreaker.CircuitBreaker(fail_max=limit, reset_timeout=3600), []
    for ok in outcomes:
        with contextlib.suppress(ConnectionError, pybreaker.CircuitBreakerError):
            breaker.call(lambda ok=ok: None if ok else fail())
        states.append(breaker.current_state)
    return states


def fail():
    raise DOWN


def states_of_ours(outcomes, rule):
    breaker, states = CircuitBreaker(rule, open_for=3600, clock=VirtualClock()), []
    for ok in outcomes:
        permit = breaker.allow()
        if permit:
            breaker.record(permit, ok)
        states.append(breaker.state)
    return states


@pytest.mark.parametrize("seed", range(20))
def test_a_count_in_a_row_is_pybreakers(seed):
    luck = random.Random(seed)
    outcomes = [luck.random() < 0.4 for _ in range(60)]
    assert states_of_ours(outcomes, ConsecutiveFailures(4)) == states_of_pybreaker(outcomes, 4)


def test_pybreaker_knows_no_failure_rate():
    outcomes = [call_number % 5 == 0 for call_number in range(200)]  # four of five fail
    assert set(states_of_pybreaker(outcomes, 5)) == {"closed"}
    assert states_of_ours(outcomes, FailureRate(0.5, calls=20))[-1] == "open"
    settings = inspect.signature(pybreaker.CircuitBreaker.__init__).parameters
    assert not [name for name in settings if "rate" in name or "window" in name]


@pytest.mark.parametrize("seed", range(20))
def test_pybreaker_opens_at_the_first_five_failures_in_a_row(seed):
    """The rule by which lesson 01 says how long a part that fails one call in five keeps it closed."""
    luck = random.Random(seed)
    breaker, calls, row = pybreaker.CircuitBreaker(fail_max=5, reset_timeout=3600), 0, 0
    while breaker.current_state == "closed":
        ok = luck.random() >= 0.2
        calls, row = calls + 1, 0 if ok else row + 1
        with contextlib.suppress(ConnectionError, pybreaker.CircuitBreakerError):
            breaker.call(lambda ok=ok: None if ok else fail())
        assert (row == 5) == (breaker.current_state == "open"), calls


def test_pybreaker_takes_no_clock():
    settings = inspect.signature(pybreaker.CircuitBreaker.__init__).parameters
    assert not [name for name in settings if "clock" in name or name == "now"]

"""Backoff, budget, breaker, bulkhead, timeouts, hedging, shedding, fallback: against what they promise."""

import math
import random
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optional import peer

from faultlab.design.calls.backoff import STRATEGIES, Backoff
from faultlab.design.calls.bulkhead import Bulkhead
from faultlab.design.calls.circuit_breaker import CircuitBreaker, ConsecutiveFailures, FailureRate
from faultlab.design.calls.clocks import VirtualClock
from faultlab.design.calls.fallbacks import asleep_unavailability
from faultlab.design.calls.retry_budget import RetryBudget
from faultlab.design.calls.timeouts import false_timeout_rate, timeout_for
from faultlab.design.stores.shedding import SheddingQueue
from faultlab.errors import BadInput
from faultlab.metrics.estimates.exact_shares import exact_share, runs_to_tell

stats = peer("scipy.stats")

# ---- backoff


def waits_of(backoff, retries, seed):
    """The waits before so many retries, as one client draws them."""
    luck, found = random.Random(seed), []
    for failed in range(1, retries + 1):
        found.append(backoff.wait(failed, luck.random(), found[-1] if found else None))
    return found


@settings(deadline=None)
@given(st.sampled_from(STRATEGIES), st.floats(0.001, 10), st.floats(1, 1000), st.integers(0, 2**32))
def test_waits_stay_between_nothing_and_the_cap(strategy, base, times, seed):
    waits = waits_of(Backoff(strategy, base, base * times), 40, seed)
    assert len(waits) == 40
    assert all(0 <= wait <= base * times * (1 + 1e-12) for wait in waits)


@pytest.mark.parametrize(
    ("strategy", "mean"),
    # windows 10, 20, 40, 80, 100; equal has three quarters, full a half of them on average
    [("exponential", [10, 20, 40, 80, 100]), ("equal", [7.5, 15, 30, 60, 75]), ("full", [5, 10, 20, 40, 50])],
)
def test_mean_waits_follow_the_formulas(strategy, mean):
    found = np.mean([waits_of(Backoff(strategy, 5, 100), 5, seed) for seed in range(4000)], axis=0)
    assert found == pytest.approx(mean, rel=0.03)


def test_decorrelated_waits_depend_on_the_last_one():
    backoff = Backoff("decorrelated", 5, 2000)
    assert backoff.wait(1, u=1) == 15
    assert backoff.wait(2, u=1, previous=15) == 45
    assert backoff.wait(9, u=0, previous=2000) == 5
    assert backoff.wait(9, u=1, previous=2000) == 2000


def test_a_thousand_failures_do_not_overflow():
    assert Backoff("exponential", 0.1, 60).wait(100_000) == 60


@pytest.mark.parametrize("wrong", [("Full", 1, 2), ("full", 0, 2), ("full", 3, 2), ("full", 1, math.inf)])
def test_a_backoff_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(BadInput):
        Backoff(*wrong)


# ---- retry budget


@settings(deadline=None)
@given(st.floats(0, 1), st.integers(1, 50), st.lists(st.integers(0, 5), max_size=300))
def test_retries_never_exceed_the_budget(share, most, wanted):
    budget, retries = RetryBudget(share, most), 0
    for calls, want in enumerate(wanted, start=1):
        budget.first_attempt()
        retries += sum(budget.allow_retry() for _ in range(want))
        assert retries <= most + share * calls + 1e-6


def test_a_quiet_client_earns_retries_by_time():
    clock = VirtualClock()
    budget = RetryBudget(share=0, most=2, per_second=0.5, clock=clock)
    assert [budget.allow_retry() for _ in range(3)] == [True, True, False]
    clock.sleep(2)
    assert [budget.allow_retry() for _ in range(2)] == [True, False]
    clock.sleep(1000)  # the bucket holds no more than two
    assert [budget.allow_retry() for _ in range(3)] == [True, True, False]


# ---- circuit breaker


class SlowRate:
    """The rule of a failure rate, written as its definition says: keep everything, count anew."""

    def __init__(self, limit, calls=None, seconds=None, at_least=1):
        self.limit, self.calls, self.seconds, self.at_least = limit, calls, seconds, at_least
        self.seen = []

    def record(self, ok, now):
        self.seen.append((now, ok))

    def trips(self, now):
        inside = self.seen
        if self.seconds is not None:
            inside = [one for one in inside if one[0] > now - self.seconds]
        else:
            inside = inside[-self.calls :]
        failed = sum(not ok for _, ok in inside)
        return len(inside) >= self.at_least and failed >= self.limit * len(inside) - 1e-9


@settings(deadline=None)
@given(
    st.sampled_from([{"calls": 5}, {"calls": 8}, {"seconds": 3.0}, {"seconds": 10.0}]),
    st.sampled_from([0.2, 0.5, 0.75, 1.0]),
    st.integers(1, 5),
    st.lists(st.tuples(st.booleans(), st.integers(0, 4)), max_size=60),
)
def test_the_sliding_window_counts_what_is_inside(window, limit, at_least, trace):
    ours, slow, now = FailureRate(limit, at_least=at_least, **window), None, 0.0
    slow = SlowRate(limit, at_least=at_least, **window)
    for ok, gap in trace:
        now += gap
        ours.record(ok, now)
        slow.record(ok, now)
        assert ours.trips(now) == slow.trips(now)


def breaker_with(clock, **settings):
    return CircuitBreaker(ConsecutiveFailures(3), open_for=10, clock=clock, **settings)


def fail(breaker, times=1):
    for _ in range(times):
        breaker.record(breaker.allow(), ok=False)


def test_states_of_a_breaker():
    clock = VirtualClock()
    breaker = breaker_with(clock, trials=2)
    fail(breaker, 2)
    breaker.record(breaker.allow(), ok=True)  # one success forgives
    fail(breaker, 2)
    assert breaker.state == "closed"
    fail(breaker)
    assert breaker.state == "open"
    assert breaker.allow() == 0
    clock.sleep(9.999)
    assert breaker.allow() == 0
    clock.sleep(0.001)
    assert breaker.state == "half-open"
    trials = [breaker.allow() for _ in range(3)]
    assert all(trials[:2])
    assert trials[2] == 0  # two trials and no more
    breaker.record(trials[0], ok=True)
    assert breaker.state == "half-open"
    breaker.record(trials[1], ok=True)
    assert breaker.state == "closed"


def test_one_failed_trial_opens_it_for_the_whole_time_again():
    clock = VirtualClock()
    breaker = breaker_with(clock)
    fail(breaker, 3)
    clock.sleep(10)
    fail(breaker)
    clock.sleep(9)
    assert breaker.state == "open"
    clock.sleep(1)
    assert breaker.state == "half-open"


def test_a_late_answer_decides_nothing():
    clock = VirtualClock()
    breaker = breaker_with(clock)
    slow = breaker.allow()  # still under way while the breaker opens, and tries again
    fail(breaker, 3)
    breaker.record(slow, ok=True)
    assert breaker.state == "open"
    clock.sleep(10)
    trial = breaker.allow()
    breaker.record(slow, ok=True)
    assert breaker.state == "half-open"
    breaker.record(slow, ok=False)
    assert breaker.state == "half-open"
    breaker.record(trial, ok=True)
    assert breaker.state == "closed"


def test_a_trial_that_is_never_reported_does_not_block_for_ever():
    clock = VirtualClock()
    breaker = breaker_with(clock)
    fail(breaker, 3)
    clock.sleep(10)
    assert breaker.allow()
    assert not breaker.allow()
    clock.sleep(10)
    assert breaker.allow()


def test_nine_failures_in_ten_hide_from_a_count_and_not_from_a_rate():
    clock = VirtualClock()
    count = CircuitBreaker(ConsecutiveFailures(10), clock=clock)
    rate = CircuitBreaker(FailureRate(0.5, calls=20), clock=clock)
    for call in range(200):
        for breaker in (count, rate):
            permit = breaker.allow()
            if permit:
                breaker.record(permit, ok=call % 10 == 0)
    assert (count.state, rate.state) == ("closed", "open")


def test_thirty_seconds_are_over_after_thirty_seconds():
    clock = VirtualClock(0.1 + 0.2)
    breaker = CircuitBreaker(ConsecutiveFailures(1), open_for=30, clock=clock)
    fail(breaker)
    clock.now = 30.3
    assert breaker.state == "half-open"


# ---- bulkhead and threads


def test_threads_never_take_more_places_than_there_are():
    bulkhead, inside, most, refused = Bulkhead(3), [], [], []
    gate = threading.Barrier(8)

    def work(_):
        gate.wait()
        for _ in range(300):
            if bulkhead.enter():
                inside.append(1)
                most.append(len(inside))
                inside.pop()
                bulkhead.leave()
            else:
                refused.append(1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert max(most) <= 3
    assert len(most) + len(refused) == 8 * 300
    assert bulkhead.taken == 0


def test_leaving_an_empty_bulkhead_is_a_mistake():
    with pytest.raises(BadInput, match="leave once"):
        Bulkhead(1).leave()


# ---- timeouts


def test_a_timeout_cuts_off_no_more_than_the_rate():
    rng = np.random.default_rng(0)
    for size, rate in ((1000, 0.001), (5000, 0.01), (777, 0.05)):
        latencies = rng.lognormal(3, 1, size)
        found = timeout_for(latencies, rate)
        assert (latencies > found.value).mean() <= rate
        assert false_timeout_rate(latencies, found.value).value <= rate
        assert found.value in latencies


def test_limits_of_a_timeout_cover_the_true_quantile_as_often_as_they_say():
    rng, hits = np.random.default_rng(1), 0
    true = stats.lognorm(1).ppf(0.99)
    for _ in range(600):
        found = timeout_for(rng.lognormal(0, 1, 1000), 0.01, confidence=0.9)
        hits += found.low <= true <= found.high
    assert 0.88 <= hits / 600 <= 0.96  # order statistics come in steps, so a little more than 90 %


def test_the_mean_says_nothing_about_a_timeout():
    latencies = np.random.default_rng(2).lognormal(3, 1.2, 20_000)
    assert false_timeout_rate(latencies, latencies.mean()).value > 0.2
    assert timeout_for(latencies, 0.001).value > 10 * latencies.mean()


def test_too_few_latencies_are_refused_and_limits_left_open():
    with pytest.raises(BadInput, match="1,000 or more"):
        timeout_for(range(200), 0.001)
    assert timeout_for(range(1000), 0.001).high is None
    for wrong in ([], [-1, 2], ["a"], [math.nan], [1, math.inf]):
        with pytest.raises(BadInput, match="atencies"):
            timeout_for(wrong, 0.5)


# ---- exact shares


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(1, 60))
def test_exact_intervals_are_those_of_clopper_and_pearson(hits, trials):
    if hits > trials:
        return
    ours = exact_share(hits, trials, 0.9)
    if hits in (0, trials):
        theirs = stats.binomtest(hits, trials).proportion_ci(0.8, "exact")  # one tail of 10 %
    else:
        theirs = stats.binomtest(hits, trials).proportion_ci(0.9, "exact")
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@settings(deadline=None)
@given(st.floats(0.5, 0.995), st.floats(0.5, 0.99), st.integers(0, 4))
def test_runs_to_tell_is_the_fewest(at_least, confidence, failures):
    n = runs_to_tell(at_least, confidence, failures)
    assert stats.binom.cdf(failures, n, 1 - at_least) <= (1 - confidence) * (1 + 1e-9)
    if n > failures + 1:
        assert stats.binom.cdf(failures, n - 1, 1 - at_least) > (1 - confidence) * (1 - 1e-9)


# ---- hedging


# ---- shedding


@pytest.mark.parametrize("load", [0.5, 0.9, 2.0])
def test_a_queue_with_a_limit_refuses_as_erlang_says(load):
    """One server, Poisson arrivals, exponential service, room for K: P(refused) is known (M/M/1/K)."""
    rng, clock, room = np.random.default_rng(4), VirtualClock(), 4
    queue, free = SheddingQueue(room, clock=clock), 0.0
    arrivals = 200_000
    for gap, work in zip(rng.exponential(1 / load, arrivals), rng.exponential(1, arrivals), strict=True):
        arrives = clock() + gap
        while len(queue) and free <= arrives:
            clock.now = max(free, clock.now)
            free += queue.take()
        clock.now = arrives
        if not len(queue) and free <= arrives:
            free = arrives + work
        else:
            queue.offer(work)
    size = room + 1
    known = 1 / (size + 1) if load == 1 else (1 - load) * load**size / (1 - load ** (size + 1))
    assert queue.refused / arrivals == pytest.approx(known, rel=0.05)


def test_nobody_is_served_after_the_patience_ends():
    clock = VirtualClock()
    queue = SheddingQueue(10, patience=2, clock=clock)
    for _ in range(4):
        queue.offer(clock())
        clock.sleep(1)
    assert [queue.take(), queue.take(), queue.take()] == [3.0, None, None]
    assert (queue.refused, queue.expired) == (0, 3)


@settings(deadline=None)
@given(st.lists(st.one_of(st.integers(0, 3), st.none()), max_size=80), st.integers(0, 5))
def test_the_queue_behaves_as_a_list_does(script, limit):
    clock, plain = VirtualClock(), deque()
    queue = SheddingQueue(limit, patience=3, clock=clock)
    for place, step in enumerate(script):
        while plain and clock() - plain[0][0] >= 3:
            plain.popleft()
        if step is None:
            assert queue.take() == (plain.popleft()[1] if plain else None)
        else:
            assert queue.offer(place) == (len(plain) < limit)
            if len(plain) < limit:
                plain.append((clock(), place))
            clock.sleep(step)


# ---- fallback


def test_an_untested_fallback_against_a_simulation():
    rng, rate, days = np.random.default_rng(6), 2.0, 90
    breaks = rng.exponential(365 / rate, 200_000)  # days after the last test
    needed = rng.uniform(0, days, 200_000)
    seen = exact_share(int((breaks < needed).sum()), 200_000, 0.999)
    assert seen.low < asleep_unavailability(rate, days) < seen.high
    assert asleep_unavailability(1e-9, 10) == pytest.approx(1e-9 * 10 / 365 / 2)
    assert asleep_unavailability(1, math.inf) == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: RetryBudget(-1), "budget"),
        (lambda: RetryBudget(most=0), "budget"),
        (lambda: CircuitBreaker(open_for=0), "open"),
        (lambda: ConsecutiveFailures(0), "limit"),
        (lambda: FailureRate(0.5), "window"),
        (lambda: FailureRate(0.5, calls=3, seconds=3), "window"),
        (lambda: FailureRate(1.5, calls=3), "failure rate"),
        (lambda: FailureRate(0.5, calls=3, at_least=4), "never holds"),
        (lambda: Bulkhead(0), "places"),
        (lambda: SheddingQueue(-1), "limit"),
        (lambda: VirtualClock().sleep(-1), "forwards"),
        (lambda: exact_share(3, 2), "not a share"),
        (lambda: runs_to_tell(1), "between 0 and 1"),
    ],
)
def test_nonsense_is_refused(wrong, says):
    with pytest.raises(BadInput, match=says):
        wrong()

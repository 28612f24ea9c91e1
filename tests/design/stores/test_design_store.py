"""The simulated store: Erlang, the supermarket model, an event loop in simpy, and itself without numba."""

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optional import peer

from faultlab.design.calls.services import service_times
from faultlab.design.stores.arrivals import RateCurve, arrival_times, steady
from faultlab.design.stores.store import BALANCING, Server, StoreLines, balanced_store, pool
from faultlab.design.stores.store_loop import can_compile
from faultlab.design.stores.supermarket import supermarket_mean_time
from faultlab.errors import BadInput

simpy = peer("simpy")

CUSTOMERS = 400_000 if can_compile() else 100_000


def customers(rate, number=CUSTOMERS, seed=1, **service):
    come = arrival_times(steady(rate, number / rate), seed=[seed, 1])
    return come, service_times(len(come), seed=[seed, 2], **service)


@pytest.mark.parametrize(("policy", "choices"), [("random", 1), ("two choices", 2)])
@pytest.mark.parametrize("busy", [0.5, 0.8])
def test_choices_wait_as_the_supermarket_model_says(policy, choices, busy):
    run = balanced_store(*customers(500 * busy, 400_000), 500, policy)
    kept = run.responses[len(run.responses) // 2 :]  # the store opens empty, and long lines take long to form
    # The model is the limit of many servers: with 500, two choices take some per mille longer.
    assert kept.mean() == pytest.approx(
        supermarket_mean_time(busy, choices), rel=0.02 if busy == 0.5 else 0.03
    )


def test_event_loop_in_simpy_finds_the_same_times():
    come, takes = customers(0.9, 2_000)
    ends = np.zeros(len(come))

    def customer(env, number, desk):
        yield env.timeout(come[number] - env.now)
        with desk.request() as turn:
            yield turn
            yield env.timeout(takes[number])
            ends[number] = env.now

    env = simpy.Environment()
    desk = simpy.Resource(env, capacity=1)
    for number in range(len(come)):
        env.process(customer(env, number, desk))
    env.run()
    np.testing.assert_allclose(balanced_store(come, takes, 1).ends, ends, rtol=1e-12)


def slowly_balanced(come, takes, servers, policy, places):
    """The rules of round robin and least connections again, with lists of departures and no cleverness."""
    lines, free, ends, full = [[] for _ in range(servers)], [0.0] * servers, [], []
    rng = np.random.default_rng([7, 0]).random(len(come))
    for number, now in enumerate(come):
        inside = [sum(end > now for end in line) for line in lines]
        offset = int(rng[number] * servers)
        order = [(offset + step) % servers for step in range(servers)]
        best = number % servers if policy == "round robin" else min(order, key=inside.__getitem__)
        full.append(inside[best] >= places)
        if full[-1]:
            ends.append(now)
            continue
        free[best] = max(free[best], now) + takes[number]
        lines[best].append(free[best])
        ends.append(free[best])
    return ends, full


@pytest.mark.parametrize("policy", ["round robin", "least connections"])
def test_lines_follow_the_rules_spelled_out_slowly(policy):
    come, takes = customers(4.5, 1_500)
    run = balanced_store(come, takes, 5, policy, places=3, seed=7)
    ends, full = slowly_balanced(come.tolist(), takes.tolist(), 5, policy, 3)
    assert run.ends.tolist() == ends
    assert (run.outcomes == 1).tolist() == full


@pytest.mark.skipif(not can_compile(), reason="numba is not installed: pip install faultlab[fast]")
@pytest.mark.parametrize("policy", BALANCING)
def test_numba_changes_no_bit(policy):
    come, takes = customers(9.0, 5_000, kind="heavy tail")
    servers = (*pool(9, slow=1), Server(starts=40, stops=300), Server(dies=200, noticed_after=5, weight=2))
    kinds = np.arange(len(come)) % 2
    for look_every in (0.0, 0.7):
        fast, slow = (
            balanced_store(come, takes, servers, policy, (8, 4), kinds, look_every, seed=3, compiled=compiled)
            for compiled in (True, False)
        )
        for name in ("starts", "ends", "outcomes", "servers"):
            assert getattr(fast, name).tobytes() == getattr(slow, name).tobytes()


@pytest.mark.parametrize("look_every", [0.0, 0.5, 3.0])
def test_own_balancer_can_repeat_least_connections(look_every):
    come, takes = customers(4.5, 1_500)
    servers = len(pool(5))

    def fewest(lines, draw):
        offset = int(draw * servers)
        return min(((offset + step) % servers for step in range(servers)), key=lambda s: lines[s])

    ours = balanced_store(come, takes, 5, "least connections", look_every=look_every, seed=2)
    theirs = balanced_store(come, takes, 5, fewest, look_every=look_every, seed=2)
    assert theirs.ends.tolist() == ours.ends.tolist()
    with pytest.raises(BadInput, match=r"must return the index of a server, 0 to 4; it returned 5"):
        balanced_store(come, takes, 5, lambda lines, draw: 5)


def test_slow_server_and_old_news_decide_who_wins():
    come, takes = customers(8.0, 60_000)
    slow = pool(10, slow=1, slow_speed=0.5)
    mean = {policy: balanced_store(come, takes, slow, policy).responses.mean() for policy in BALANCING}
    assert mean["least connections"] < mean["two choices"] < mean["random"]
    assert mean["round robin"] > 3 * mean["two choices"]  # one in ten goes to a server that can't keep up
    stale = {
        policy: balanced_store(come, takes, 10, policy, look_every=10.0).responses.mean()
        for policy in ("least connections", "two choices", "random")
    }
    assert stale["least connections"] > stale["random"]  # everybody runs to what was shortest
    assert stale["least connections"] > stale["two choices"]


def test_weights_follow_the_speeds():
    come, takes = customers(10.0, 50_000)
    fair = (Server(speed=4, weight=4), *pool(8))
    run = balanced_store(come, takes, fair, "weighted")
    assert np.mean(run.servers == 0) == pytest.approx(1 / 3, abs=0.01)


def test_death_loses_the_line_and_what_is_sent_before_it_is_noticed():
    come, takes = np.arange(10.0), np.full(10, 2.5)
    run = balanced_store(come, takes, [Server(dies=4.0, noticed_after=2.0)], "random")
    # Ends at 2.5; the second would end at 5. Those of 4 and 5 are sent to the dead server.
    assert run.outcomes.tolist() == [0, 2, 2, 2, 2, 2, 3, 3, 3, 3]
    assert run.ends[1] == 4.0
    stopped = balanced_store(come, takes, [Server(stops=4.0)], "random")
    assert stopped.outcomes.tolist() == [0] * 4 + [3] * 6
    assert stopped.ends[3] == 10.0


def test_browsers_are_shed_before_buyers():
    come, takes = customers(15.0, 50_000)
    kinds = (np.random.default_rng(1).random(len(come)) < 0.8).astype(int)  # 0 checkout, 1 browse
    run = balanced_store(come, takes, 10, "two choices", places=(8, 3), kinds=kinds)
    lost = [np.mean(run.outcomes[kinds == kind] == 1) for kind in (0, 1)]
    assert lost[0] < 0.001
    assert 0.3 < lost[1] < 0.5


@given(
    st.lists(st.floats(0, 5), min_size=1, max_size=60),
    st.integers(1, 5),
    st.sampled_from(BALANCING),
    st.integers(1, 4),
    st.integers(0, 99),
)
def test_nobody_is_lost_from_sight(gaps, servers, policy, places, seed):
    come = np.cumsum(gaps)
    takes = np.array(random.Random(seed).choices([0.0, 0.5, 3.0], k=len(gaps)))
    run = balanced_store(come, takes, servers, policy, places, seed=seed, compiled=False)
    assert ((run.ends >= run.starts) & (run.starts >= run.arrivals)).all()
    for server in range(servers):
        own = run.served & (run.servers == server)
        assert (run.starts[own][1:] >= run.ends[own][:-1]).all()  # one at a time, in order


def test_curves_bring_as_many_as_they_say():
    day = RateCurve((0.0, 21_600.0, 64_800.0, 86_400.0), (1.0, 0.5, 4.0, 1.0))
    times = arrival_times(day, seed=4)
    assert len(times) == pytest.approx(day.customers, abs=4 * math.sqrt(day.customers))
    hours = np.histogram(times, bins=24, range=(0, 86_400))[0]
    expected = [np.trapezoid(day.at(np.linspace(h, h + 1, 61) * 3600), dx=60) for h in range(24)]
    assert sum((hours - expected) ** 2 / expected) < 55  # chi-square, 24 degrees: 51.2 at 99.9 %
    assert arrival_times(steady(0.0, 10)).size == 0
    assert np.all(np.diff(times) >= 0)


def test_service_times_have_their_means():
    for kind in ("exponential", "lognormal", "heavy tail"):
        assert service_times(10**6, 0.2, kind, tail=3.5, seed=1).mean() == pytest.approx(0.2, rel=0.01)
    assert service_times(10**5, 1.0, "heavy tail", tail=2.5).min() == pytest.approx(0.6, abs=1e-3)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: pool(0), "At least one server"),
        (lambda: balanced_store([1.0], [1.0], []), "At least one server"),
        (lambda: balanced_store([1.0], [1.0], 2, "fastest"), "not 'fastest'"),
        (lambda: balanced_store([2.0, 1.0], [1.0, 1.0], 2), "sort the trace"),
        (lambda: balanced_store([2.0], [1.0, 1.0], 2), "one service time"),
        (lambda: balanced_store([2.0], [math.nan], 2), "without gaps"),
        (lambda: balanced_store([2.0], [1.0], 2, kinds=[1]), "every kind a limit"),
        (lambda: balanced_store([2.0], [1.0], 2, look_every=-1), "looks at the lines"),
        (lambda: steady(-1.0, 10), "not -1.0"),
        (lambda: steady(1.0, 0), "duration"),
        (lambda: service_times(5, kind="gamma"), "not 'gamma'"),
        (lambda: service_times(5, kind="heavy tail", tail=1.0), "no mean"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(call, says):
    with pytest.raises(BadInput, match=says):
        call()


@pytest.mark.parametrize("compiled", [False, None])
def test_a_part_in_which_nobody_came_is_an_empty_run(compiled):
    lines = StoreLines([1.0], [1.0], 2, compiled=compiled)
    assert len(lines.run().ends) == 0
    lines.serve(1)
    assert len(lines.run(first=1).ends) == 0
    assert lines.run().ends.tolist() == [2.0]

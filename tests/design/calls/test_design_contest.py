"""The backoff contest against the original simulator, amplification against published figures."""

from statistics import stdev

import pytest

from faultlab.design.calls.backoff import STRATEGIES
from faultlab.design.calls.backoff_contests import backoff_contest
from faultlab.errors import BadInput

# Mean time (ms) and mean calls of aws-samples/aws-arch-backoff-simulator, 100 repetitions.
ORIGINAL = {
    (50, "none"): (1140, 691),
    (50, "exponential"): (36625, 621),
    (50, "decorrelated"): (2272, 378),
    (50, "equal"): (4221, 346),
    (50, "full"): (2925, 332),
    (100, "none"): (2029, 2420),
    (100, "exponential"): (63268, 1852),
    (100, "decorrelated"): (4612, 999),
    (100, "equal"): (6630, 813),
    (100, "full"): (4946, 795),
}


@pytest.fixture(scope="module")
def contests():
    return {row: backoff_contest(*row, repetitions=120, seed=1) for row in ORIGINAL}


@pytest.mark.parametrize("row", ORIGINAL, ids=str)
def test_the_contest_ends_as_in_the_original_simulator(contests, row):
    time_ms, calls = ORIGINAL[row]
    assert contests[row].mean_calls == pytest.approx(calls, rel=0.05)
    assert contests[row].mean_time_ms == pytest.approx(time_ms, rel=0.08)


def test_conclusions_of_the_article(contests):
    at_100 = {strategy: contests[100, strategy] for strategy in STRATEGIES}
    jittered = [at_100[name] for name in ("equal", "full", "decorrelated")]
    assert all(one.mean_calls < 0.55 * at_100["exponential"].mean_calls for one in jittered)
    assert max(jittered, key=lambda one: one.mean_time_ms).strategy == "equal"
    assert at_100["full"].mean_calls < at_100["decorrelated"].mean_calls
    assert at_100["full"].mean_time_ms > at_100["decorrelated"].mean_time_ms
    growth = at_100["full"].mean_calls / contests[50, "full"].mean_calls
    assert 2 < growth < 4  # more than the clients, up to their square


def test_spread_at_a_hundred_clients(contests):
    known = {"none": 32, "exponential": 64, "decorrelated": 33, "equal": 8.5, "full": 6.6}
    for strategy, sd in known.items():
        assert stdev(contests[100, strategy].calls) == pytest.approx(sd, rel=0.35)


def test_everyone_succeeds_once_and_alone_at_once():
    one = backoff_contest(1, "full", 5, seed=0)
    assert one.calls == (1,) * 5
    assert one.mean_time_ms == pytest.approx(40, abs=6)  # four messages of about 10 ms
    assert all(calls >= 20 for calls in backoff_contest(20, "none", 5).calls)


def test_a_seed_gives_one_result():
    assert backoff_contest(20, "full", 3, seed=9) == backoff_contest(20, "full", 3, seed=9)
    assert backoff_contest(20, "full", 3, seed=9) != backoff_contest(20, "full", 3, seed=8)
    # a longer contest begins with the same repetitions
    assert backoff_contest(20, "full", 6, seed=9).calls[:3] == backoff_contest(20, "full", 3, seed=9).calls


@pytest.mark.parametrize("wrong", [(0, "full", 5), (10, "jitter", 5), (10, "full", 0), (2.5, "full", 5)])
def test_a_contest_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(BadInput):
        backoff_contest(*wrong)

"""The backoff contest against the original simulator, amplification against published figures."""

import math
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from faultlab.design import (
    STRATEGIES,
    attempts_per_call,
    attempts_through_layers,
    backoff_contest,
    worst_case_attempts,
)
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
        assert contests[100, strategy].sd_calls == pytest.approx(sd, rel=0.35)


def test_everyone_succeeds_once_and_alone_at_once():
    one = backoff_contest(1, "full", 5, seed=0)
    assert one.calls == (1,) * 5
    assert one.mean_time_ms == pytest.approx(40, abs=6)  # four messages of about 10 ms
    assert one.sd_calls == 0
    assert all(calls >= 20 for calls in backoff_contest(20, "none", 5).calls)


def test_a_seed_gives_one_result():
    assert backoff_contest(20, "full", 3, seed=9) == backoff_contest(20, "full", 3, seed=9)
    assert backoff_contest(20, "full", 3, seed=9) != backoff_contest(20, "full", 3, seed=8)
    # a longer contest begins with the same repetitions
    assert backoff_contest(20, "full", 6, seed=9).calls[:3] == backoff_contest(20, "full", 3, seed=9).calls


def test_an_executor_changes_nothing():
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert backoff_contest(20, "full", 4, executor=pool) == backoff_contest(20, "full", 4)


@pytest.mark.parametrize("wrong", [(0, "full", 5), (10, "jitter", 5), (10, "full", 0), (2.5, "full", 5)])
def test_a_contest_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(BadInput):
        backoff_contest(*wrong)


@pytest.mark.parametrize(
    ("failure", "retries", "known"), [(0.5, 1, 1.5), (0.5, 2, 1.75), (0.5, 3, 1.875), (0.9, 3, 3.439)]
)
def test_attempts_per_call(failure, retries, known):
    assert attempts_per_call(failure, retries) == pytest.approx(known)
    rng, seen = np.random.default_rng(1), 0
    for _ in range(40_000):
        for _ in range(retries + 1):
            seen += 1
            if rng.random() >= failure:
                break
    assert seen / 40_000 == pytest.approx(known, rel=0.02)


def test_published_amplification():
    assert worst_case_attempts(3, 5) == 243  # five layers, three tries each
    assert worst_case_attempts(4, 3) == 64  # three layers, four tries each
    assert attempts_through_layers(1, 2, 5) == 243


def test_layers_against_a_simulation():
    rng, reached = np.random.default_rng(2), 0

    def works(layer):
        nonlocal reached
        if layer == 0:
            reached += 1
            return rng.random() >= 0.8
        return any(works(layer - 1) for _ in range(3))

    for _ in range(5000):
        works(3)
    assert reached / 5000 == pytest.approx(attempts_through_layers(0.8, 2, 3), rel=0.04)


@pytest.mark.parametrize("wrong", [(-0.1, 1), (1.1, 1), (0.5, -1), (0.5, 1.5), (math.nan, 1)])
def test_amplification_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(BadInput):
        attempts_per_call(*wrong)

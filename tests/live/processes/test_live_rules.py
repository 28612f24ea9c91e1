"""The rules of the fleet, as pure functions: health, choice, arrivals, HTTP, limits."""

import itertools
import math
import random
import statistics
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultlab.errors import BadInput
from faultlab.live import (
    POLICIES,
    Fleet,
    Health,
    detection_seconds,
    health_history,
    health_step,
    intended_starts,
)
from faultlab.live.load.load_process import quantile
from faultlab.live.processes.children import command
from faultlab.live.processes.wire import request, response, take_message


@given(checks=st.lists(st.booleans(), max_size=40), rise=st.integers(1, 5), fall=st.integers(1, 5))
def test_rotation_is_what_the_last_long_enough_streak_said(checks, rise, fall):
    """Beside the rule step by step: look back for the last run of `fall` failures or `rise` passes."""
    history = health_history(checks, rise, fall)
    for end in range(1, len(checks) + 1):
        believed = True
        at = 0
        for passed, streak in itertools.groupby(checks[:end]):
            length = len(list(streak))
            if length >= (rise if passed else fall):
                believed = passed
            at += length
        assert history[end - 1] == believed


def test_a_single_check_never_changes_what_two_are_needed_for():
    assert health_step(Health(up=False, against=0), passed=True, rise=2).up is False
    assert health_history([False, True] * 20) == [True] * 40, "a worker that flaps stays in rotation"


@given(
    every=st.floats(0.05, 2), wait=st.floats(0.01, 2), fall=st.integers(1, 5), phase=st.floats(0.001, 0.999)
)
def test_detection_takes_as_long_as_a_simulated_checker_takes(every, wait, fall, phase):
    """Checks begin `every` after the last one ended; the worker stops at a moment between two checks."""
    begin, failed, stopped = every, 0, phase * every
    while True:
        ended = begin + wait
        failed += 1
        if failed == fall:
            break
        begin = ended + every
    shortest, longest = detection_seconds(every, wait, fall)
    assert shortest - 1e-9 <= ended - stopped <= longest + 1e-9


@pytest.mark.parametrize("name", POLICIES)
@given(busy=st.dictionaries(st.integers(1, 16), st.integers(0, 50), min_size=1), turn=st.integers(0, 1000))
def test_a_policy_chooses_somebody_who_is_there(name, busy, turn):
    assert POLICIES[name](busy, turn, random.Random(turn)) in busy


def test_policies_spread_requests_as_theory_says():
    """n balls in n bins: the fullest has about ln n / ln ln n at random, ln ln n / ln 2 with two choices."""
    n, rng = 3000, random.Random(4)
    two, at_random = dict.fromkeys(range(n), 0), Counter(rng.randrange(n) for _ in range(n))
    for turn in range(n):
        two[POLICIES["two choices"](two, turn, rng)] += 1
    assert sum(two.values()) == n
    assert max(two.values()) <= math.log(math.log(n)) / math.log(2) + 2 < max(at_random.values())
    least = dict.fromkeys(range(5), 0)
    for turn in range(1000):
        least[POLICIES["least connections"](least, turn, rng)] += 1
    assert set(least.values()) == {200}


def test_least_connections_sends_everything_to_a_worker_that_fails_at_once():
    """The black hole: it never has anything in flight."""
    busy = {1: 3, 2: 0, 3: 3}
    assert [POLICIES["least connections"](busy, turn, None) for turn in range(9)] == [2] * 9


def test_arrivals_keep_their_rate_and_poisson_gaps_are_exponential():
    starts = list(intended_starts(200, 100, "poisson", seed=3))
    gaps = [b - a for a, b in itertools.pairwise([0.0, *starts])]
    assert len(starts) == pytest.approx(20_000, abs=4 * math.sqrt(20_000))
    assert statistics.stdev(gaps) == pytest.approx(statistics.mean(gaps), rel=0.03)
    assert sum(gap > 0.01 for gap in gaps) / len(gaps) == pytest.approx(math.exp(-2), abs=0.01)
    even = list(intended_starts(200, 100, "even", seed=3))
    assert len(even) == 20_000
    assert even[-1] == pytest.approx(99.995)
    assert starts == list(intended_starts(200, 100, "poisson", seed=3))


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60), st.floats(0.001, 1))
def test_quantile_is_the_nearest_rank(values, share):
    ordered = sorted(values)
    found = quantile(ordered, share)
    assert sum(v <= found for v in ordered) >= share * len(ordered) - 1e-6
    assert sum(v < found for v in ordered) < share * len(ordered) + 1e-6


@given(cut=st.integers(0, 200), body=st.binary(max_size=50))
def test_a_message_is_taken_whole_or_not_at_all(cut, body):
    raw = response(200, body, "application/json")
    whole = take_message(raw[:cut] if cut < len(raw) else raw + b"GET / HTTP")
    if cut < len(raw):
        assert whole is None
    else:
        assert (whole.status, whole.body, whole.size) == (200, body, len(raw))


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01 hello\r\n\r\n",
        b"HTTP/1.1 many OK\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"x" * 20_000,
    ],
    ids=["tls", "status", "negative", "huge", "chunked", "endless"],
)
def test_what_is_no_http_is_refused(raw):
    with pytest.raises(ValueError, match=r"HTTP|body|head"):
        take_message(raw)


def test_a_request_says_what_it_asks():
    asked = take_message(request("/do", "POST", b"{}", ["Authorization: Bearer x"]))
    assert (asked.method, asked.target, asked.body) == ("POST", "/do", b"{}")
    assert asked.header("authorization") == "Bearer x"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"workers": 0}, "workers is a whole number from 1 to 16, not 0."),
        ({"workers": 10_000}, "workers is a whole number from 1 to 16, not 10000."),
        ({"workers": 2.5}, "workers is a whole number"),
        ({"workers": True}, "workers is a whole number"),
        ({"policy": "random"}, "There is no policy 'random'; choose one of round robin"),
        ({"port": 70_000}, "port is a whole number from 0 to 65535"),
        ({"minutes": 100_000}, "minutes is a number from 0.01 to 60"),
        ({"minutes": math.nan}, "minutes is a number"),
        ({"service_ms": -1}, "service_ms is a number from 0.1"),
        ({"balancer_retries": 99}, "balancer_retries is a whole number"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_fleet_that_makes_no_sense_is_refused_before_anything_starts(settings, sentence):
    with pytest.raises(BadInput) as refused:
        Fleet(**settings)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    "module",
    ["fleet.worker", "balancers.balancer", "fleet.supervisor", "balancers.proxy", "load.load_process"],
)
def test_a_process_of_the_fleet_loads_no_large_library(module):
    line = command(module)
    at = line.index("-c") + 1
    line[at] = line[at].replace("; main()", "; print(*sys.modules)")
    loaded = set(subprocess.run(line, capture_output=True, text=True, check=True).stdout.split())
    assert f"faultlab.live.{module}" in loaded
    assert loaded.isdisjoint({"numpy", "matplotlib", "IPython", "faultlab.metrics", "faultlab.design"})


def test_the_door_opens_late_and_has_every_name():
    import faultlab.live

    for name in faultlab.live.__all__:
        assert getattr(faultlab.live, name) is not None
    assert set(faultlab.live.__all__) <= set(dir(faultlab.live))
    with pytest.raises(AttributeError, match="no attribute 'Flet'"):
        _ = faultlab.live.Flet


def test_the_learners_folder_cannot_take_the_place_of_the_library(tmp_path):
    (tmp_path / "random.py").write_text("raise SystemExit('the wrong module')", encoding="utf-8")
    code = """import sys; sys.path.append(sys.argv[1]); from faultlab.live import Fleet
with Fleet(1) as fleet: print(fleet.get())"""
    root = str(command("worker")).split("append('")[1].split("'")[0]
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, root], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout.strip() == "{'worker': 1}", done.stderr

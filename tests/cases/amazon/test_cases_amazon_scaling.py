"""Autoscalers: published rules and values, Erlang beside the evening, and the traps they are known for."""

import math
import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultlab.cases.amazon.autoscaling import (
    Fixed,
    Largest,
    Predictive,
    RuleOfThree,
    Scheduled,
    Seen,
    TargetTracking,
    rule_of_three,
)
from faultlab.cases.amazon.evening import Evening, scaled_evening
from faultlab.design.stores.arrivals import RateCurve, steady
from faultlab.design.stores.store_loop import can_compile
from faultlab.errors import BadInput

SALE = RateCurve((0, 1800, 1920, 3120, 3720, 5400), (20, 20, 90, 90, 20, 20))
EVENING = Evening(SALE, first=7, quota=60)


@pytest.mark.parametrize(
    ("current", "metric", "target", "wanted"),
    [(4, 90, 60, 6), (10, 75, 50, 15), (10, 52, 50, 10), (10, 56, 50, 12), (3, 200, 50, 12), (10, 20, 50, 4)],
)
def test_rule_of_three_with_tolerance(current, metric, target, wanted):
    assert rule_of_three(current, metric, target) == wanted


def test_rule_of_three_without_tolerance_moves_for_nothing():
    assert rule_of_three(10, 52, 50, tolerance=0.0) == 11
    assert rule_of_three(10, 0.66, 0.6, tolerance=0.05) == 11


readings = st.lists(st.none() | st.floats(0, 1), max_size=20).map(tuple)


@given(readings, st.integers(1, 50), st.integers(0, 20), st.sampled_from([0.0, 3.0, 60.0, math.inf]))
def test_target_tracking_as_documented(readings, in_service, warming, since):
    track = TargetTracking(0.6, cooldown_in=5)
    seen = Seen(99, in_service + warming, in_service, readings, since_in=since)
    wanted = track(seen)
    if None in readings[-15:] or len(readings) < 15:
        assert wanted >= seen.wanted  # missing data never scale in
    if wanted > seen.wanted:
        assert min(readings[-3:]) > 0.6
        assert wanted == math.ceil(in_service * readings[-1] / 0.6 - 1e-9)  # in proportion, at once
    if wanted < seen.wanted:
        assert since >= 5
        assert max(readings[-15:]) < 0.54
        assert seen.wanted - wanted <= max(1, 0.1 * seen.wanted)  # gradually


def test_scaling_out_ends_the_wait_after_scaling_in():
    high = Seen(99, 10, 10, (0.9,) * 3, since_in=0.0)
    assert TargetTracking(0.6, cooldown_in=30)(high) == 15
    assert TargetTracking(0.6, cooldown_out=5)(replace(high, since_out=2.0)) == 10


def test_several_policies_go_out_if_any_and_in_if_all_say_so():
    low, high = TargetTracking(0.9), TargetTracking(0.3)
    both = Largest((low, high))
    assert both(Seen(99, 10, 10, (0.5,) * 15)) == 17  # one says in, one says out
    assert both(Seen(99, 10, 10, (0.3,) * 15)) == 10  # one says in, one says stay
    assert both(Seen(99, 10, 10, (0.1,) * 15)) == 9


def test_kubernetes_looks_back_before_it_scales_in():
    assert RuleOfThree(0.5)(Seen(9, 10, 10, (0.5, 0.2, 0.2, 0.2, 0.2))) == 10
    assert RuleOfThree(0.5)(Seen(9, 10, 10, (0.5, 0.2, 0.2, 0.2, 0.2, 0.2))) == 4
    assert RuleOfThree(0.5)(Seen(9, 10, 10, (0.1, None))) == 10


def test_steady_evening_is_as_busy_as_offered_and_costs_what_it_must():
    calm = Evening(steady(20.0, 36_000), first=8)
    played = scaled_evening(calm, Fixed(8), seed=1)
    reading = np.nanmean(played.by_minute["reading"])
    assert reading == pytest.approx(20 * 0.2 / 8, abs=4 * 0.5 / math.sqrt(20 * 36_000) + 1e-3)
    assert played.servers_money == pytest.approx(8 * 10 * 0.5)
    assert played.changes == 0


def test_target_tracking_settles_at_its_target():
    calm = Evening(steady(60.0, 4 * 3600), first=15, deadline=1e9)
    played = scaled_evening(calm, TargetTracking(0.6), seed=1)
    assert played.by_minute["in_service"][-1] == pytest.approx(60 * 0.2 / 0.6, abs=3)
    assert played.lost_money < 0.01 * played.servers_money


def test_evening_is_the_same_with_and_without_numba():
    if not can_compile():
        pytest.skip("numba is not installed: pip install faultlab[fast]")
    hard = replace(EVENING, drain=False, session_minutes=10.0, browse_places=5)
    fast, slow = (
        scaled_evening(hard, RuleOfThree(0.6, steady_minutes=1), seed=5, compiled=compiled)
        for compiled in (True, False)
    )
    assert fast.total_money == slow.total_money
    assert fast.sessions_killed == slow.sessions_killed > 0
    for name, values in fast.by_minute.items():
        np.testing.assert_array_equal(values, slow.by_minute[name])


def test_policies_travel_to_other_processes():
    for scaler in (Fixed(9), TargetTracking(0.6), Largest((RuleOfThree(0.5), Predictive(SALE, 0.2)))):
        assert pickle.loads(pickle.dumps(scaler)) == scaler
    assert pickle.loads(pickle.dumps(EVENING)) == EVENING


def test_too_late_then_early_enough():
    played = {
        name: scaled_evening(EVENING, scaler)
        for name, scaler in {
            "tracking": TargetTracking(0.6),
            "scheduled": Largest((TargetTracking(0.6), Scheduled(((0, 1), (26, 30), (50, 1))))),
            "predictive": Largest((TargetTracking(0.6), Predictive(SALE, 0.2, 0.6, ahead=5))),
        }.items()
    }
    assert played["tracking"].lost_money > 5 * played["scheduled"].lost_money
    assert played["tracking"].total_money > played["predictive"].total_money
    slower = scaled_evening(replace(EVENING, warm_up=8), TargetTracking(0.6))
    assert slower.lost_money > played["tracking"].lost_money


def test_forgetting_what_warms_up_overshoots():
    good, eager = (
        scaled_evening(
            replace(EVENING, warm_up=6, quota=300), TargetTracking(0.6, out_after=1, counts_warming=counts)
        )
        for counts in (True, False)
    )
    assert eager.by_minute["wanted"].max() > 1.3 * good.by_minute["wanted"].max()


def test_rule_without_looking_back_swings():
    busy = Evening(steady(30.0, 3 * 3600), first=10, warm_up=4)
    swings = scaled_evening(busy, RuleOfThree(0.6, tolerance=0.0, steady_minutes=1), seed=2)
    calm = scaled_evening(busy, RuleOfThree(0.6, tolerance=0.1, steady_minutes=10), seed=2)
    assert swings.changes > 3 * calm.changes


def test_quota_caps_the_evening():
    capped = scaled_evening(replace(EVENING, quota=12), TargetTracking(0.6))
    assert capped.by_minute["wanted"].max() == 12
    assert capped.lost_money > scaled_evening(EVENING, TargetTracking(0.6)).lost_money


def test_slow_backends_idle_the_processor_and_fill_the_workers():
    slow = Evening(steady(60.0, 5400), first=20, slow_backends=(30, 60, 3.0))
    by_processor, by_workers = (
        scaled_evening(replace(slow, metric=metric), RuleOfThree(0.6), seed=1)
        for metric in ("utilisation", "busy workers")
    )
    assert by_processor.by_minute["reading"][35] == pytest.approx(1 / 3, abs=0.01)
    assert by_workers.by_minute["reading"][35] == pytest.approx(1, abs=0.01)
    assert by_processor.by_minute["in_service"][59] < 10 < 20 < by_workers.by_minute["in_service"][59]
    assert by_processor.lost_money > by_workers.lost_money
    blind = scaled_evening(replace(slow, no_readings=(30, 90)), TargetTracking(0.6), seed=1)
    assert blind.by_minute["in_service"][59] >= 20  # missing data never scale in
    with pytest.raises(BadInput, match="as long"):
        replace(slow, slow_backends=(30, 60, 0.5))


def test_scale_in_without_draining_loses_lines_and_sessions():
    busy, rule = replace(EVENING, session_minutes=10.0), RuleOfThree(0.9)
    kind, rude = (scaled_evening(replace(busy, drain=drain), rule, seed=3) for drain in (True, False))
    assert rude.sessions_killed > 0
    assert kind.sessions_killed > 0  # a drained server finishes its line, but its sessions end all the same
    assert rude.lost_checkouts + rude.lost_browsers >= kind.lost_checkouts + kind.lost_browsers


def test_browsers_are_shed_first():
    short = replace(EVENING, quota=10, first=10)
    plain, shedding = (scaled_evening(replace(short, browse_places=n), Fixed(10), seed=1) for n in (50, 4))
    assert shedding.lost_checkouts < 0.2 * plain.lost_checkouts
    assert shedding.lost_money < plain.lost_money


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: rule_of_three(0, 1, 1), "At least one server"),
        (lambda: rule_of_three(1, -1, 1), "metric"),
        (lambda: rule_of_three(1, 1, 0), "target"),
        (lambda: TargetTracking(0), "target"),
        (lambda: TargetTracking(0.6, cooldown_in=-1), "Cooldowns"),
        (lambda: Scheduled(()), "schedule"),
        (lambda: Largest(()), "one policy"),
        (lambda: Evening(SALE, first=0), "fewest"),
        (lambda: Evening(SALE, metric="memory"), "not 'memory'"),
        (lambda: scaled_evening(EVENING, lambda seen: 1.5), r"called with Seen\(minute=1.*not 1.5"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(call, says):
    with pytest.raises(BadInput, match=says):
        call()

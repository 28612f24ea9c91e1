"""Kestrel's evening: its worth as in kestrel.yaml, decisions that only change what follows, and scores."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from faultlab.cases.amazon.autoscaling import Fixed, TargetTracking
from faultlab.cases.amazon.evening import EveningInPlay, scaled_evening
from faultlab.cases.amazon.kestrel_evening import KESTREL_EVENING, decided
from faultlab.design.stores.arrivals import RateCurve
from faultlab.errors import BadInput
from faultlab.metrics.customers import CHECKOUT_HOUR, SEARCH_HOUR

KESTREL = Path(__file__).parents[3] / "course" / "kestrel.yaml"
SHORT = replace(
    KESTREL_EVENING, traffic=RateCurve((0, 900, 960, 2400), (15.0, 15.0, 40.0, 20.0)), zone_dies=None
)


def test_worth_of_orders_follows_kestrel():
    journeys = yaml.safe_load(KESTREL.read_text(encoding="utf-8"))["journeys"]
    an_hour = 3600 * KESTREL_EVENING.traffic.rates[0]
    checkouts = an_hour * KESTREL_EVENING.checkout_share
    checkout, search = (tuple(journeys[name]["worth_per_hour"]) for name in ("checkout", "search"))
    assert (checkout, search) == (CHECKOUT_HOUR, SEARCH_HOUR)
    assert checkouts * KESTREL_EVENING.checkout_worth == pytest.approx(checkout[1])
    assert (an_hour - checkouts) * KESTREL_EVENING.browse_worth == pytest.approx(search[1])


def test_later_decisions_do_not_change_what_was():
    play, seen = EveningInPlay(KESTREL_EVENING), {}
    for wanted in (8, 8, 15, 31, 37, 26):
        for _ in range(10):
            play.order(wanted)
            play.serve()
        seen[play.minute] = play.by_minute()
    for known, so_far in seen.items():
        for name in ("customers", "wanted", "in_service", "reading"):
            np.testing.assert_array_equal(so_far[name], play.by_minute()[name][:known])
    assert play.minute == 60


def test_an_evening_in_play_is_the_evening_that_a_policy_plays():
    for scaler in (Fixed(20), TargetTracking(0.6)):
        play = EveningInPlay(SHORT, seed=4)
        for _ in range(SHORT.minutes):
            play.order(int(np.clip(scaler(play.serve()), SHORT.fewest, SHORT.quota)))
        ours, whole = play.played(), scaled_evening(SHORT, scaler, seed=4)
        assert (ours.total_money, ours.changes, ours.customers) == (
            whole.total_money,
            whole.changes,
            whole.customers,
        )
        for name, values in whole.by_minute.items():
            np.testing.assert_array_equal(ours.by_minute[name], values)
        with pytest.raises(BadInput, match="is over"):
            play.serve()


def test_zone_takes_a_third_of_the_servers_and_they_come_back_warmed_up():
    played = scaled_evening(KESTREL_EVENING, Fixed(36), seed=2)
    serving = played.by_minute["in_service"]
    assert serving[49:56].tolist() == [36, 24, 24, 24, 24, 36, 36]
    assert played.servers_money == pytest.approx((7 + 119 * 36) / 60 * 3.0)
    calm = scaled_evening(replace(KESTREL_EVENING, zone_dies=None), Fixed(36), seed=2)
    assert played.lost_money > calm.lost_money


def test_decisions_are_whole_servers():
    for servers in ([], [0], [2.5]):
        with pytest.raises(BadInput, match="whole numbers of servers"):
            decided(servers)

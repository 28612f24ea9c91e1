"""Zones, regions and shuffle shards: published figures, closed forms, SciPy, and simulated losses."""

import math
from dataclasses import replace

import numpy as np
import pytest
from optional import peer

from faultlab.cases.amazon.region_failover import Regions, lose_a_region, still_on_old_address
from faultlab.cases.amazon.shuffle_sharding import (
    blast_radius,
    fixed_blast_radius,
    shard_count,
)
from faultlab.cases.amazon.zones import (
    ZonePlan,
    highest_utilisation,
    lose_a_zone,
    zone_capacity,
)
from faultlab.errors import BadInput

stats = peer("scipy.stats")


def test_published_counts_of_shards():
    assert (shard_count(8, 2), shard_count(100, 5), shard_count(2048, 4)) == (28, 75_287_520, 730_862_190_080)
    assert shard_count(8, 2) != math.perm(8, 2) == 56  # the ordered picks of 2014
    assert fixed_blast_radius(8, 2) / blast_radius(8, 2) == pytest.approx(7)


def test_capacity_for_lost_zones():
    assert [zone_capacity(n) for n in (2, 3, 4)] == pytest.approx([2.0, 1.5, 4 / 3])
    assert [highest_utilisation(n) for n in (2, 3, 4)] == pytest.approx([0.5, 2 / 3, 0.75])
    assert zone_capacity(3, lost=2) == 3.0


def test_lost_zone_overloads_the_survivors_by_what_they_cannot_carry():
    plan = ZonePlan(rate=90.0, servers_a_zone=6, dies_at=60, duration=2460, noticed_after=0.0, places=5)
    plan = replace(plan, deadline=100.0)  # count those turned away only
    found = lose_a_zone(plan, "least connections", seed=1)
    # At 1.5 times what they carry no survivor is ever idle: what is turned away is what can't be served.
    assert found.after == pytest.approx(1 - 1 / 1.5, abs=0.01)


def test_spare_before_beats_spare_after():
    static = lose_a_zone(ZonePlan(servers_a_zone=8))
    late = lose_a_zone(ZonePlan(servers_a_zone=5, ordered_after=240.0))
    nothing_came = lose_a_zone(ZonePlan(servers_a_zone=5, ordered_after=240.0, arrived_share=0.0))
    assert static.after < 0.01 < late.after < nothing_came.after
    assert late.before < 0.01
    # A third goes to the dead zone until it is noticed, and the dead are picked more: they look idle.
    assert static.unnoticed > 1 / 3
    assert lose_a_zone(ZonePlan(servers_a_zone=8), "round robin").unnoticed == pytest.approx(1 / 3, abs=0.03)


def test_shedding_browsers_keeps_checkouts_through_a_lost_zone():
    sinking, shedding = (lose_a_zone(ZonePlan(servers_a_zone=5, browse_places=n)) for n in (50, 3))
    assert sinking.checkouts_after > 0.3
    assert shedding.checkouts_after < 0.02
    assert shedding.browsers_after < sinking.browsers_after  # in time is what counts: shorter lines help all


def test_dns_loses_what_its_time_to_live_says():
    for ttl in (60.0, 300.0):
        found = lose_a_region(Regions(servers=30, time_to_live=ttl, decided_after=30.0), seed=2)
        # Half the traffic, for the decision and on average half the time to live.
        assert found.seconds_lost == pytest.approx(0.5 * (30 + ttl / 2), rel=0.06)
        assert found.of_the_survivor < 0.001
    shares = [still_on_old_address(second, 100) for second in range(101)]
    assert np.trapezoid(shares) == pytest.approx(50)
    stuck = lose_a_region(Regions(servers=30, overstay=0.1, duration=6000, decided_after=0, time_to_live=0))
    assert stuck.of_the_dead == pytest.approx(0.1, abs=0.01)


def test_failover_drags_down_the_survivor():
    full = lose_a_region(Regions(servers=8), seed=1)
    assert full.of_the_survivor > 0.3
    assert full.by_minute[:4].max() < 0.01 < full.by_minute[-1]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: shard_count(4, 5), "1 to 4"),
        (lambda: shard_count(4.0, 2), "whole numbers"),
        (lambda: fixed_blast_radius(8, 3), "divisor"),
        (lambda: zone_capacity(1), "two zones"),
        (lambda: zone_capacity(3, 3), "two zones"),
        (lambda: ZonePlan(servers_a_zone=0), "at least one server"),
        (lambda: ZonePlan(dies_at=0), "dies after"),
        (lambda: Regions(home_share=1.5), "0 to 1"),
        (lambda: still_on_old_address(-1, 60), "from 0"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(call, says):
    with pytest.raises(BadInput, match=says):
        call()

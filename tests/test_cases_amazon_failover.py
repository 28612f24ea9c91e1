"""Zones, regions and shuffle shards: published figures, closed forms, SciPy, and simulated losses."""

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from optional import peer

from faultlab.cases import (
    Regions,
    ZonePlan,
    blast,
    blast_radius,
    cells_needed,
    chance_of_an_untouched_fleet,
    fixed_blast_radius,
    highest_utilisation,
    in_rotation,
    lose_a_region,
    lose_a_zone,
    overlap_probabilities,
    random_shards,
    shard_count,
    still_on_old_address,
    zone_capacity,
)
from faultlab.design import servers_needed
from faultlab.errors import BadInput

stats = peer("scipy.stats")

OVERLAPS = {
    (8, 2): (0.535714, 0.428571, 0.035714),
    (16, 4): (0.271978, 0.483516, 0.217582, 0.026374, 0.000549),
    (100, 5): (0.769590, 0.211426, 0.018385, 0.000593, 6.31e-6, 1.33e-8),
    (2048, 4): (0.992205, 0.007778, 1.71e-5, 1.12e-8, 1.37e-12),
}


def test_published_counts_of_shards():
    assert (shard_count(8, 2), shard_count(100, 5), shard_count(2048, 4)) == (28, 75_287_520, 730_862_190_080)
    assert shard_count(8, 2) != math.perm(8, 2) == 56  # the ordered picks of 2014
    assert fixed_blast_radius(8, 2) / blast_radius(8, 2) == pytest.approx(7)


@pytest.mark.parametrize(("workers", "size"), OVERLAPS)
def test_overlaps(workers, size):
    found = overlap_probabilities(workers, size)
    for chance, published in zip(found, OVERLAPS[workers, size], strict=True):
        assert chance == pytest.approx(published, rel=5e-3 if published < 1e-4 else 0, abs=6e-7)
    assert found == pytest.approx(stats.hypergeom.pmf(range(size + 1), workers, size, size), rel=1e-9)
    assert sum(found) == pytest.approx(1, rel=1e-14)
    assert sum(shared * chance for shared, chance in enumerate(found)) == pytest.approx(size**2 / workers)
    assert found[-1] == blast_radius(workers, size)


def test_overlaps_counted_one_by_one():
    shards = [frozenset(shard) for shard in combinations(range(7), 3)]
    counts = np.bincount([len(shards[0] & other) for other in shards], minlength=4)
    assert overlap_probabilities(7, 3) == pytest.approx(tuple(counts / len(shards)))


def test_random_shards_are_spread_as_computed():
    shards = random_shards(20_001, 8, 2, seed=3)
    hit = blast(shards, 0)
    assert hit.down == pytest.approx(1 / 28, abs=4 * math.sqrt(1 / 28 / 20_000))
    assert hit.hurt == pytest.approx(1 - 0.535714, abs=0.015)
    assert sum(hit.left.values()) == 20_000
    assert chance_of_an_untouched_fleet(8, 2, 5) == pytest.approx((27 / 28) ** 5)
    assert chance_of_an_untouched_fleet(3, 3, 5) == 0.0


def test_capacity_for_lost_zones():
    assert [zone_capacity(n) for n in (2, 3, 4)] == pytest.approx([2.0, 1.5, 4 / 3])
    assert [highest_utilisation(n) for n in (2, 3, 4)] == pytest.approx([0.5, 2 / 3, 0.75])
    assert zone_capacity(3, lost=2) == 3.0


def test_lost_zone_overloads_the_survivors_by_what_they_cannot_carry():
    plan = ZonePlan(rate=90.0, servers_a_zone=6, dies_at=60, duration=2460, noticed_after=0.0, places=5)
    plan = replace(plan, deadline=100.0)  # count those turned away only
    found = lose_a_zone(plan, "least connections", seed=1)
    assert plan.utilisation_after == pytest.approx(1.5)
    # Far above capacity no server is ever idle: what is turned away is what can't be served.
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
    assert shedding.p99_after < sinking.p99_after


def test_checks_fail_open():
    assert in_rotation([False, True]) == (1,)
    assert in_rotation([False, False]) == (0, 1)
    assert in_rotation([False, False, True, True], fail_open_below=0.5) == (0, 1, 2, 3)


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
    assert Regions(servers=8).utilisation_after == pytest.approx(1.5)
    assert full.of_the_survivor > 0.3
    assert full.by_minute[:4].max() < 0.01 < full.by_minute[-1]


def test_cells_cost_servers():
    needed = [cells_needed(90.0, 1.0, cells, 0.1) for cells in (1, 3, 9)]
    assert needed == sorted(needed)
    assert needed[1] == 3 * servers_needed(30.0, 1.0, 0.1)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: shard_count(4, 5), "1 to 4"),
        (lambda: shard_count(4.0, 2), "whole numbers"),
        (lambda: fixed_blast_radius(8, 3), "divisor"),
        (lambda: blast((frozenset({1}),), 0), "two or more"),
        (lambda: zone_capacity(1), "two zones"),
        (lambda: zone_capacity(3, 3), "two zones"),
        (lambda: in_rotation([]), "At least one server"),
        (lambda: cells_needed(1.0, 1.0, 0, 1.0), "cells from 1"),
        (lambda: ZonePlan(servers_a_zone=0), "at least one server"),
        (lambda: ZonePlan(dies_at=0), "dies after"),
        (lambda: Regions(home_share=1.5), "0 to 1"),
        (lambda: still_on_old_address(-1, 60), "from 0"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(call, says):
    with pytest.raises(BadInput, match=says):
        call()

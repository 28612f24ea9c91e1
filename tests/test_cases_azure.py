"""Azure's outages: every gate with a source, every conclusion held against many bets."""

import itertools
import random
from datetime import UTC, timedelta

import pytest

from faultlab.analysis import minimal_cut_sets, solve
from faultlab.cases.azure import (
    OUTAGES,
    always_at_least_as_good,
    barriers_ranked,
    outage_tree,
    with_barrier,
)
from faultlab.errors import BadInput

EACH = pytest.mark.parametrize("outage", OUTAGES.values(), ids=OUTAGES)


@EACH
def test_every_gate_has_a_source_and_every_time_is_utc(outage):
    assert set(outage.sources) == set(outage.gates)
    assert all("." in source for source in outage.sources.values())
    assert outage.began.tzinfo is UTC
    assert outage.ended is None or outage.ended > outage.began
    assert outage.assumed <= set(outage.events)


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("leap day 2012", 34 * 60 + 15),
        ("Storage 2014", 654),
        ("Azure AD 2021", 865),
        ("WAN 2023", 335),
        ("Front Door 2025", 504),
    ],
)
def test_lengths_are_those_of_the_reports(name, minutes):
    assert OUTAGES[name].ended - OUTAGES[name].began == timedelta(minutes=minutes)


def cut_sets(name):
    sets = minimal_cut_sets(solve(outage_tree(OUTAGES[name])))
    return {frozenset(one.events) for one in sets.most_probable(1000)}


def test_cut_sets_tell_the_stories():
    sydney = cut_sets("Australia East 2023")
    people = {"pumps send no run signal", "three people at night"}
    assert {"voltage sag"} | people in sydney
    # Without the sag it takes three chillers of seven.
    assert len(sydney) == 1 + 35
    door = cut_sets("Front Door 2025")
    common = {"crash comes after the health check"}
    cause = {"valid changes in an unlucky order", "two builds of the control plane"}
    assert door == {
        frozenset(common | cause),
        frozenset({"health gate fails alone", "last known good is bad alone"} | cause),
    }


@EACH
def test_a_barrier_that_always_fails_changes_nothing_and_one_that_holds_cuts_the_event_off(outage):
    tree = outage_tree(outage)
    before = solve(tree).probability()[0]
    for name in (*tree.events, *tree.gates):
        assert solve(with_barrier(tree, name, 1.0)).probability()[0] == pytest.approx(before, rel=1e-12)
    for name in tree.events:
        without = solve(tree).probability({name: 0.0})[0]
        assert solve(with_barrier(tree, name, 0.0)).probability()[0] == pytest.approx(without, rel=1e-12)


@EACH
def test_what_holds_under_any_bets_holds_under_a_hundred_and_the_rest_does_not(outage):
    rng = random.Random(1)
    tree = outage_tree(outage)
    solved = {name: solve(with_barrier(tree, name)) for name in tree.events}
    bets = [{name: rng.uniform(0.01, 0.99) for name in tree.events} for _ in range(100)]
    after = {name: [one.probability(bet)[0] for bet in bets] for name, one in solved.items()}
    for one, other in itertools.permutations(tree.events, 2):
        never_worse = all(a <= b * (1 + 1e-12) for a, b in zip(after[one], after[other], strict=True))
        if always_at_least_as_good(tree, one, other):
            assert never_worse
        elif not never_worse:
            assert not always_at_least_as_good(tree, one, other)


def test_the_ranking_follows_the_bets():
    outage = OUTAGES["leap day 2012"]
    second = outage.gates["second wave"].inputs
    likely_second = dict.fromkeys(second, 0.9)
    assert barriers_ranked(outage_tree(outage, likely_second))[0].guarded in second
    likely_first = {name: 0.9 for name in outage.events if name not in likely_second}
    assert barriers_ranked(outage_tree(outage, likely_first))[0].guarded in likely_first


def test_a_bet_on_something_else_is_refused():
    with pytest.raises(BadInput, match="no event 'luck'; its events are"):
        outage_tree(OUTAGES["Storage 2014"], {"luck": 0.5})
    with pytest.raises(BadInput, match="no event or gate 'luck'"):
        with_barrier(outage_tree(OUTAGES["Storage 2014"]), "luck")
    with pytest.raises(BadInput, match="0 to 1"):
        outage_tree(OUTAGES["Storage 2014"], {"not in increments": 1.2})

"""Azure's outages: every gate with a source, every conclusion held against many bets."""

import itertools
import math
import random
from datetime import UTC, timedelta

import pytest

from faultlab.analysis.engine.gates import AND, OR
from faultlab.analysis.fault_trees.cut_sets import minimal_cut_sets
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.analysis.fault_trees.solved_tree import solve
from faultlab.cases.azure.barriers import (
    always_at_least_as_good,
    best_under_any_bets,
    first_place_shares,
    with_barrier,
)
from faultlab.cases.azure.outages import OUTAGES, outage_tree
from faultlab.cases.breaches import BREACHES
from faultlab.errors import BadInput

EACH = pytest.mark.parametrize("outage", OUTAGES.values(), ids=OUTAGES)


def cut_sets(tree):
    sets = minimal_cut_sets(solve(tree))
    return {frozenset(one.events) for one in sets.most_probable(1000)}


@EACH
def test_every_gate_has_a_source_and_every_time_is_utc(outage):
    assert "." in outage.source
    assert outage.began.tzinfo is UTC
    assert outage.ended is None or outage.ended > outage.began
    assert outage.assumed <= {*outage.events, *outage.gates}
    named = {one for gate in outage.gates.values() for one in gate.inputs}
    assert outage.certain <= named
    assert not outage.certain & set(outage.events)
    assert not any(word in name for name in named for word in ("human", "error", "mistake", "careless"))


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("Leap day 2012", 34 * 60 + 15),
        ("Storage 2014", 654),
        ("Azure AD 2021", 865),
        ("WAN 2023", 335),
        ("Front Door 9 October 2025", 490),
        ("Front Door 29 October 2025", 504),
    ],
)
def test_lengths_are_those_of_the_reports(name, minutes):
    assert OUTAGES[name].ended - OUTAGES[name].began == timedelta(minutes=minutes)


@EACH
def test_what_the_report_tells_was_enough_for_the_outage(outage):
    # The events that were told, and none of the assumed ones, must make the top event happen.
    told = [name for name in outage.events if name not in outage.assumed]
    happened = {name: float(name in told) for name in outage.events}
    assert solve(outage_tree(outage, happened)).probability()[0] == 1.0


def test_cut_sets_tell_the_stories():
    sydney = cut_sets(outage_tree(OUTAGES["Australia East 2023"]))
    people = {"pumps get no run signal", "too few people on site at night"}
    assert {"voltage sag"} | people in sydney
    # Without the sag it takes three chillers of seven.
    assert len(sydney) == 1 + 35
    assert all(people <= one for one in sydney)

    door = cut_sets(outage_tree(OUTAGES["Front Door 29 October 2025"]))
    cause = {
        *OUTAGES["Front Door 29 October 2025"].gates["harmful metadata"].inputs,
        "tests skip mixed builds",
    }
    assert door == {
        frozenset({"crash comes after the health check"} | cause),
        frozenset({"stage gate fails on its own", "last good copy is bad anyway"} | cause),
    }
    leap = cut_sets(outage_tree(OUTAGES["Leap day 2012"]))
    assert len(leap) == 2
    assert all("expiry is today plus one year" in one for one in leap)
    # Three causes, two of which came with one update: four conditions and not five.
    assert [len(one) for one in cut_sets(outage_tree(OUTAGES["MFA 2018"]))] == [4]


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
def test_what_holds_under_any_bets_is_what_the_cut_sets_say(outage):
    # A second way to decide it: every minimal cut set with the other event also has the first.
    tree = outage_tree(outage)
    sets = cut_sets(tree)
    for one, other in itertools.permutations(tree.events, 2):
        by_sets = all(one in cut for cut in sets if other in cut)
        assert always_at_least_as_good(tree, one, other) == by_sets
    everywhere = {name for name in tree.events if all(name in cut for cut in sets)}
    assert everywhere <= set(best_under_any_bets(tree))


@EACH
def test_what_holds_under_any_bets_holds_under_a_hundred(outage):
    rng = random.Random(1)
    tree = outage_tree(outage)
    solved = {name: solve(with_barrier(tree, name)) for name in tree.events}
    bets = [{name: rng.uniform(0.01, 0.99) for name in tree.events} for _ in range(100)]
    after = {name: [one.probability(bet)[0] for bet in bets] for name, one in solved.items()}
    best = best_under_any_bets(tree)
    for one, other in itertools.product(best, tree.events):
        assert all(a <= b * (1 + 1e-12) for a, b in zip(after[one], after[other], strict=True))
    shares = first_place_shares(tree, seed=3)
    assert all(shares[name] == 1.0 for name in best)
    assert all(shares[name] < 1.0 for name in tree.events if name not in best)


def test_numbers_that_may_be_off_by_a_factor_are_drawn_around_their_own():
    tree = FaultTree("t", {"t": OR("a", "b", "c")}, {"a": 0.01, "b": 0.02, "c": 0.001})
    # ln a - ln b is the difference of two even draws on ±ln 3, shifted by ln 2: P(a > b) = (1 - s)² / 2 with
    # s = ln 2 / (2 ln 3), and c, ten times rarer than a, is never first.
    shares = first_place_shares(tree, seed=1, bets=50_000, within=3)
    expected = (1 - math.log(2) / (2 * math.log(3))) ** 2 / 2
    assert shares["a"] == pytest.approx(expected, abs=0.01)
    assert shares["b"] == pytest.approx(1 - expected, abs=0.01)
    assert shares["c"] == 0.0


def test_a_barrier_finds_events_inside_gates_that_have_no_name():
    tree = FaultTree("t", {"t": OR(AND("a", "b"), "c")}, dict.fromkeys("abc", 0.1))
    guarded = solve(with_barrier(tree, "a", 0.0)).probability()[0]
    assert guarded == pytest.approx(0.1)


def test_a_bet_on_something_else_is_refused():
    with pytest.raises(BadInput, match="no event 'luck'; its events are"):
        outage_tree(OUTAGES["Storage 2014"], {"luck": 0.5})
    with pytest.raises(BadInput, match="no event or gate 'luck'"):
        with_barrier(outage_tree(OUTAGES["Storage 2014"]), "luck")
    with pytest.raises(BadInput, match="0 to 1"):
        outage_tree(OUTAGES["Storage 2014"], {"steps are left out": 1.2})


@pytest.mark.parametrize("breach", BREACHES.values(), ids=BREACHES)
def test_a_breach_has_a_source_for_every_gate_and_says_whose_reading_it_is(breach):
    assert "our reading" in breach.source
    assert "20" in breach.source
    happened = dict.fromkeys(breach.events, 1.0)
    assert solve(outage_tree(breach, happened)).probability()[0] == 1.0
    # All of it had to come together: without any one event nothing would have happened.
    assert cut_sets(outage_tree(breach)) == {frozenset(breach.events)}


def test_one_account_reaches_data_and_backups_at_code_spaces():
    gates = BREACHES["Code Spaces 2014"].gates
    shared = set(gates["data can be deleted"].inputs) & set(gates["backups can be deleted"].inputs)
    assert "intruder is in the console" in shared

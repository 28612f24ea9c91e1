"""Importance to the last digits: against exact fractions over all states, for rare and near-sure events."""

import itertools
import json
import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faultlab.__main__ import main
from faultlab.analysis.engine.gates import AND, NOT, OR, Gate
from faultlab.analysis.fault_trees.cut_sets import minimal_cut_sets
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.analysis.fault_trees.importances import importance
from faultlab.analysis.fault_trees.solved_tree import solve
from faultlab.views.lesson_06.event_ranking import event_moved

EVENTS = "abcdef"
CHANCES = [1e-20, 3e-17, 2e-13, 1e-7, 4e-3, 0.1, 0.5, 0.9, 1 - 1e-9, 1 - 2.0**-53]
MEANING = {
    "and": lambda inputs, k: all(inputs),
    "or": lambda inputs, k: any(inputs),
    "atleast": lambda inputs, k: sum(inputs) >= k,
    "not": lambda inputs, k: not inputs[0],
    "xor": lambda inputs, k: inputs[0] != inputs[1],
    "nand": lambda inputs, k: not all(inputs),
    "nor": lambda inputs, k: not any(inputs),
    "iff": lambda inputs, k: inputs[0] == inputs[1],
    "imply": lambda inputs, k: not inputs[0] or inputs[1],
}


@st.composite
def trees(draw, coherent):
    """Gates over events and earlier gates; what only one gate uses becomes a module."""
    kinds = ["and", "or", "atleast"] if coherent else list(MEANING)
    gates, fresh = {}, list(EVENTS)
    for i in range(draw(st.integers(1, 6))):
        names = [*EVENTS, *gates] if draw(st.booleans()) else [*(fresh or EVENTS), *gates]
        inputs = tuple(draw(st.lists(st.sampled_from(names), min_size=2, max_size=4, unique=True)))
        fresh = [name for name in fresh if name not in inputs]
        kind = draw(st.sampled_from(kinds))
        if kind == "not":
            inputs = inputs[:1]
        if kind in ("xor", "iff", "imply"):
            inputs = inputs[:2]
        k = draw(st.integers(1, len(inputs))) if kind == "atleast" else None
        gates[f"g{i}"] = Gate(kind, inputs, k)
    chances = draw(st.lists(st.sampled_from(CHANCES), min_size=len(EVENTS), max_size=len(EVENTS)))
    return FaultTree(f"g{len(gates) - 1}", gates, dict(zip(EVENTS, chances, strict=True)))


def holds(tree, up):
    """Whether the top event happens when these events do."""
    known = {name: name in up for name in EVENTS}
    for name, gate in tree.gates.items():
        known[name] = MEANING[gate.kind]([known[one] for one in gate.inputs], gate.k)
    return known[tree.top]


def chance_of(tree, up, without=None):
    """The exact probability of a state, of one event or of all but it."""
    result = Fraction(1)
    for name in EVENTS:
        if name != without:
            p = Fraction(tree.events[name].probability)
            result *= p if name in up else 1 - p
    return result


STATES = [frozenset(up) for n in range(len(EVENTS) + 1) for up in itertools.combinations(EVENTS, n)]


def exact(tree):
    """P(top), and by event the probabilities that it would be needed, and that it would stand in the way."""
    happens = {up for up in STATES if holds(tree, up)}
    total = sum((chance_of(tree, up) for up in happens), Fraction(0))
    parts = {}
    for name in EVENTS:
        helps = hinders = Fraction(0)
        for up in STATES:
            if name not in up:
                with_it, without = up | {name} in happens, up in happens
                helps += chance_of(tree, up, name) if with_it and not without else 0
                hinders += chance_of(tree, up, name) if without and not with_it else 0
        parts[name] = helps, hinders
    return happens, total, parts


@settings(max_examples=120, deadline=None)
@given(trees(coherent=True))
def test_every_measure_keeps_its_digits_in_a_coherent_tree(tree):
    happens, total, parts = exact(tree)
    minimal = [up for up in happens if not any(other < up for other in happens)]
    for one in importance(solve(tree)):
        p = Fraction(tree.events[one.event].probability)
        slope = parts[one.event][0]
        assert one.birnbaum == pytest.approx(float(slope), rel=1e-9, abs=1e-300)
        assert one.criticality == pytest.approx(float(p * slope / total), rel=1e-9, abs=1e-300)
        assert one.raw == pytest.approx(float((total + (1 - p) * slope) / total), rel=1e-9)
        never = total - p * slope
        assert one.rrw == (pytest.approx(float(total / never), rel=1e-9) if never else math.inf)
        through = [cut for cut in minimal if one.event in cut]
        share = sum((chance_of(tree, up) for up in STATES if any(cut <= up for cut in through)), Fraction(0))
        assert one.fussell_vesely == pytest.approx(float(share / total), rel=1e-9, abs=1e-300)
        assert 0 <= one.criticality <= one.fussell_vesely <= 1


@settings(max_examples=120, deadline=None)
@given(trees(coherent=False))
def test_every_measure_keeps_its_digits_in_a_tree_with_negation(tree):
    _, total, parts = exact(tree)
    for one in importance(solve(tree)):
        p = Fraction(tree.events[one.event].probability)
        helps, hinders = parts[one.event]
        # An event that helps in some states and hinders in others: the two are taken from each other.
        assert abs(Fraction(one.birnbaum) - (helps - hinders)) <= (helps + hinders) / 10**9
        if not hinders:
            assert one.birnbaum >= 0
        if total:
            assert one.raw == pytest.approx(float((total + (1 - p) * (helps - hinders)) / total), rel=1e-9)
            never = total - p * (helps - hinders)
            assert one.rrw == (pytest.approx(float(total / never), rel=1e-9) if never else math.inf)
        else:
            assert (one.criticality, one.raw, one.rrw) == (None, None, None)


def test_a_rare_event_beside_a_likely_one_is_not_lost():
    gates = {"t": OR(AND("a", "f", "e"), AND("e", "c"), AND("b", "d"))}
    tree = FaultTree("t", gates, {"a": 0.7, "b": 0.3, "c": 1e-10, "d": 0.5, "e": 1e-10, "f": 1e-7})
    a = next(one for one in importance(solve(tree)) if one.event == "a")
    assert a.birnbaum == pytest.approx(8.5e-18, rel=1e-9)
    assert a.criticality == pytest.approx(3.96666666e-17, rel=1e-6)


def test_digits_are_kept_on_the_way_down_through_modules():
    """Pairs of rare events under a module, beside a likely event, three levels deep."""
    gates, events, slope = {}, {"x": 1e-20, "y": 1e-20}, 1.0
    inner = AND("x", "y")
    for i in range(3):
        gates[f"m{i}"] = OR(inner if i == 0 else AND(f"m{i - 1}", f"r{i}"), AND(f"p{i}", f"q{i}"))
        events |= {f"p{i}": 0.5, f"q{i}": 0.5, f"r{i}": 1e-7}
        slope *= 0.75 * (1e-7 if i else 1.0)
    del events["r0"]
    found = {one.event: one for one in importance(solve(FaultTree("m2", gates, events)))}
    assert found["x"].birnbaum == pytest.approx(1e-20 * slope, rel=1e-9)


def test_importance_of_what_never_happens_is_undefined_and_shown_as_a_dash(tmp_path, capsys):
    tree = FaultTree("t", {"t": AND("a", "b")}, {"a": 0.0, "b": 0.5})
    solved = solve(tree)
    assert [(one.event, one.birnbaum) for one in importance(solved)] == [("a", 0.5), ("b", 0.0)]
    for one in importance(solved, cut_sets=minimal_cut_sets(solved)):
        assert (one.criticality, one.fussell_vesely, one.raw, one.rrw) == (None,) * 4
    (tmp_path / "t.xml").write_text(
        "<opsa-mef><define-fault-tree name='f'><define-gate name='t'><and><basic-event name='a'/>"
        "<basic-event name='b'/></and></define-gate><define-basic-event name='a'><float value='0'/>"
        "</define-basic-event><define-basic-event name='b'><float value='0.5'/></define-basic-event>"
        "</define-fault-tree></opsa-mef>"
    )
    assert main(["fta", str(tmp_path / "t.xml"), "--importance", "--json"]) == 0
    measures = json.loads(capsys.readouterr().out)["importance"]["a"]
    assert measures == {
        "birnbaum": 0.5,
        "criticality": None,
        "fussell_vesely": None,
        "raw": None,
        "rrw": None,
    }
    assert main(["fta", str(tmp_path / "t.xml"), "--importance"]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("a "))
    assert row.split() == ["a", "0.5", "-", "-", "-", "-"]


def test_the_ranking_of_events_is_drawn_where_nothing_can_happen_and_with_negation():
    never = event_moved(
        solve(FaultTree("t", {"t": OR("a", AND("b", "c"))}, {"a": 0.1, "b": 0, "c": 0.2})), "a", 0
    )
    assert never.sentence.startswith("It is never down")
    assert {row["Risk achievement"] for row in never.rows} == {"–"}
    negated = FaultTree("t", {"t": OR("a", AND("b", NOT("c")))}, {"a": 0.001, "b": 0.1, "c": 0.02})
    assert {row["Fussell-Vesely"] for row in event_moved(solve(negated), "a", 2).rows} == {"–"}

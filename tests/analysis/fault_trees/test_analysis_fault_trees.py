"""Fault trees: exact against the enumeration of all states, and against other people's results."""

import csv
import itertools
import json
import math
import random
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from open_psa_bytes import parse_open_psa

from faultlab.__main__ import main
from faultlab.analysis.engine import diagram
from faultlab.analysis.engine.attempts import Attempt
from faultlab.analysis.engine.build_diagrams import AnalysisTooLarge, gates_of
from faultlab.analysis.engine.diagram import TimeIsUp
from faultlab.analysis.engine.fast_diagram import available
from faultlab.analysis.engine.gates import AND, AT_LEAST, NOT, OR, XOR, Gate
from faultlab.analysis.engine.modules import find_modules
from faultlab.analysis.engine.normal_form import normal_form
from faultlab.analysis.engine.quantify import probability
from faultlab.analysis.engine.redundant_gates import without_redundancy
from faultlab.analysis.engine.variable_order import depth_first
from faultlab.analysis.fault_trees import bounds
from faultlab.analysis.fault_trees.bounds import probability_bounds
from faultlab.analysis.fault_trees.common_cause import CommonCause, with_common_causes
from faultlab.analysis.fault_trees.cut_sets import TooManySets, minimal_cut_sets
from faultlab.analysis.fault_trees.event_models import Exponential, Repairable, Weibull
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.analysis.fault_trees.importances import birnbaum, importance
from faultlab.analysis.fault_trees.solved_tree import solve
from faultlab.analysis.open_psa.reading import read_open_psa
from faultlab.errors import BadInput

SHARED = Path(__file__).parents[4] / "shared" / "benchmarks"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the Aralia models are not beside the project (shared/benchmarks)"
)


def happens(tree, state, name=None):
    """Whether a gate or event happens in a state, by the definition of each gate."""
    name = tree.top if name is None else name
    if isinstance(name, str):
        if name in state:
            return state[name]
        if name in tree.house:
            return tree.house[name]
        return happens(tree, state, tree.gates[name])
    inputs = [happens(tree, state, one) for one in name.inputs]
    return {
        "and": lambda: all(inputs),
        "or": lambda: any(inputs),
        "atleast": lambda: sum(inputs) >= name.k,
        "not": lambda: not inputs[0],
        "xor": lambda: inputs[0] != inputs[1],
        "nand": lambda: not all(inputs),
        "nor": lambda: not any(inputs),
        "iff": lambda: inputs[0] == inputs[1],
        "imply": lambda: not inputs[0] or inputs[1],
    }[name.kind]()


def states(tree):
    """Every state of the basic events with its probability."""
    names = list(tree.events)
    for values in itertools.product((True, False), repeat=len(names)):
        chance = math.prod(
            tree.events[name].probability if value else 1 - tree.events[name].probability
            for name, value in zip(names, values, strict=True)
        )
        yield dict(zip(names, values, strict=True)), chance


def by_enumeration(tree):
    return math.fsum(chance for state, chance in states(tree) if happens(tree, state))


def minimal_by_enumeration(tree):
    """Minimal sets of events that make the top event happen when no other does."""
    enough = [
        frozenset(name for name, value in state.items() if value)
        for state, _ in states(tree)
        if happens(tree, state)
    ]
    return {one for one in enough if not any(other < one for other in enough)}


EVENTS = "abcdef"


@st.composite
def trees(draw, kinds=("and", "or", "atleast", "not", "xor", "nand", "nor", "iff", "imply")):
    """Trees of up to six events and seven gates, with shared gates and house events."""
    names = [*EVENTS, "on", "off"]
    gates = {}
    for i in range(draw(st.integers(1, 7))):
        kind = draw(st.sampled_from(kinds))
        count = {"not": 1, "xor": 2, "iff": 2, "imply": 2}.get(kind) or draw(st.integers(1, 4))
        inputs = tuple(draw(st.sampled_from(names)) for _ in range(count))
        k = draw(st.integers(1, count)) if kind == "atleast" else None
        gates[f"g{i}"] = Gate(kind, inputs, k)
        names.append(f"g{i}")
    events = {name: draw(st.floats(0.001, 0.999)) for name in EVENTS}
    return FaultTree(list(gates)[-1], gates, events, {"on": True, "off": False})


@settings(max_examples=300, deadline=None)
@given(trees(), st.booleans())
def test_every_gate_agrees_with_the_enumeration_of_all_states(tree, accelerate):
    happening, not_happening = solve(tree, accelerate=accelerate).probability()
    expected = by_enumeration(tree)
    assert happening == pytest.approx(expected, abs=1e-12)
    assert not_happening == pytest.approx(1 - expected, abs=1e-12)


def random_tree(seed, events=9, gates=24):
    """A tree with many repeated parts, negations, nested gates, constants and impossible events."""
    rng = random.Random(seed)
    names = [f"e{i}" for i in range(rng.randint(2, events))]
    chances = {
        name: rng.choice([rng.random(), rng.random(), rng.random() * 1e-6, 0.0, 1.0]) for name in names
    }
    pool, made = [*names, *names, "on", "off"], {}
    kinds = ["and", "or", "atleast", "not", "xor", "nand", "nor", "iff", "imply"]

    def formula(depth):
        if depth and rng.random() < 0.5:
            return rng.choice(pool[-12:] if rng.random() < 0.5 else pool)
        kind = rng.choice(kinds)
        count = {"not": 1, "xor": 2, "iff": 2, "imply": 2}.get(kind) or rng.randint(1, 4)
        # The same part again, or turned, is what simplification works on.
        inputs = [formula(depth + 1) if depth < 3 else rng.choice(pool) for _ in range(count)]
        if count > 2 and rng.random() < 0.4:
            inputs[0] = rng.choice([inputs[1], NOT(inputs[1]), AND(inputs[1], inputs[2]), OR(*inputs[1:])])
        return Gate(kind, tuple(inputs), rng.randint(1, count) if kind == "atleast" else None)

    for i in range(rng.randint(1, gates)):
        made[f"g{i}"] = formula(0)
        pool += [f"g{i}"] * 2
    return FaultTree(list(made)[-1], made, chances, {"on": True, "off": False})


def by_truth_table(tree):
    """The pair (P, 1 - P), by the value of every gate in every state at once."""
    names = list(tree.events)
    states = np.arange(1 << len(names))
    known = {name: (states >> i & 1).astype(bool) for i, name in enumerate(names)}
    known |= {name: np.full(len(states), value) for name, value in tree.house.items()}
    rules = {
        "and": lambda inputs, k: np.all(inputs, axis=0),
        "or": lambda inputs, k: np.any(inputs, axis=0),
        "atleast": lambda inputs, k: np.sum(inputs, axis=0) >= k,
        "not": lambda inputs, k: ~inputs[0],
        "xor": lambda inputs, k: inputs[0] ^ inputs[1],
        "nand": lambda inputs, k: ~np.all(inputs, axis=0),
        "nor": lambda inputs, k: ~np.any(inputs, axis=0),
        "iff": lambda inputs, k: inputs[0] == inputs[1],
        "imply": lambda inputs, k: ~inputs[0] | inputs[1],
    }

    def value(one):
        if isinstance(one, str):
            if one not in known:
                known[one] = value(tree.gates[one])
            return known[one]
        return rules[one.kind]([value(inside) for inside in one.inputs], one.k)

    chance = np.ones(len(states))
    for name in names:
        p = tree.events[name].probability
        chance *= np.where(known[name], p, 1 - p)
    top = value(tree.top)
    return math.fsum(chance[top]), math.fsum(chance[~top]), {name: known[name] for name in names}, top, chance


@pytest.mark.parametrize("accelerate", [True, False])
@pytest.mark.parametrize("first", range(0, 600, 100))
def test_trees_full_of_repetition_agree_with_the_truth_table(first, accelerate):
    for seed in range(first, first + 100):
        tree = random_tree(seed)
        happens_, fails, events, top, chance = by_truth_table(tree)
        solved = solve(tree, accelerate=accelerate)
        found = solved.probability()
        assert found[0] == pytest.approx(happens_, rel=1e-9, abs=1e-300), seed
        assert found[1] == pytest.approx(fails, rel=1e-9, abs=1e-300), seed
        slopes = birnbaum(solved)
        for name, on in events.items():
            p = tree.events[name].probability
            if 0 < p < 1:
                expected = math.fsum(chance[top & on]) / p - math.fsum(chance[top & ~on]) / (1 - p)
                assert slopes[name] == pytest.approx(expected, abs=1e-9), (seed, name)


def test_functions_joined_by_arrays_are_those_joined_pair_by_pair(monkeypatch):
    monkeypatch.setattr(diagram, "MOST_NARROW", -1)
    monkeypatch.setattr(diagram, "JOINED_BETWEEN_LOOKS", 1)
    joined = []
    wide = diagram.wide_join
    monkeypatch.setattr(diagram, "wide_join", lambda *edges: joined.append(1) or wide(*edges))
    for seed in range(300):
        tree = random_tree(seed)
        expected = by_truth_table(tree)[:2]
        assert solve(tree, accelerate=False).probability() == pytest.approx(expected, rel=1e-9, abs=1e-300)
    assert len(joined) > 500


@pytest.mark.parametrize("accelerate", [True, False])
def test_an_attempt_that_is_stopped_at_every_node_goes_on_where_it_was(accelerate):
    stops = 0
    for seed in range(100):
        form = without_redundancy(normal_form(random_tree(seed, gates=40)))
        for top in find_modules(form)[-1:]:
            gates = gates_of(form, top, set())
            order = depth_first(form, top, set())
            attempt, whole = (Attempt(form, gates, order, accelerate) for _ in range(2))
            assert whole.advance(10**6)
            nodes = 1
            while not attempt.advance(nodes):
                nodes, stops = nodes + 1, stops + 1
            chances = [0.1 + 0.01 * i for i in range(len(order))]
            pairs = [chances, [1 - one for one in chances]]
            assert probability(attempt.block(), *pairs) == probability(whole.block(), *pairs)
    assert stops > 300


@pytest.mark.parametrize("accelerate", [True, False])
def test_a_deadline_holds_inside_an_order(accelerate):
    # Pairs whose halves lie far apart, in an order that no search is asked to better: 2 ** 40 nodes.
    names = [f"e{i}" for i in range(80)]
    gates = {"t": OR(*(AND(names[i], names[40 + i]) for i in range(40)))}
    form = normal_form(FaultTree("t", gates, dict.fromkeys(names, 0.1)))
    order = [number for number, name in enumerate(form.names) if name]
    attempt = Attempt(
        form, gates_of(form, abs(form.top), set()), sorted(order, key=lambda n: form.names[n]), accelerate
    )
    with pytest.raises(TimeIsUp):
        attempt.advance(1 << 30, deadline=time.monotonic() + 0.3)


@pytest.mark.parametrize("first", range(0, 300, 100))
def test_minimal_cut_sets_of_trees_full_of_repetition_are_those_of_the_truth_table(first):
    for seed in range(first, first + 100):
        tree = random_tree(seed, events=7)
        top, names = by_truth_table(tree)[3], list(tree.events)
        enough = np.flatnonzero(top).tolist()
        minimal = {one for one in enough if not any(two & one == two != one for two in enough)}
        sets = minimal_cut_sets(solve(tree))
        listed = {frozenset(one.events) for one in sets.most_probable(1000)}
        assert listed == {
            frozenset(name for i, name in enumerate(names) if one >> i & 1) for one in minimal
        }, seed
        assert sets.count() == len(minimal), seed


IMPOSSIBLE = {
    "seen at once": AND(OR("a", "b"), NOT("a"), NOT("b")),
    # An odd circle of differences: no input settles another, so only the diagram shows it.
    "seen in the diagram": AND(XOR("a", "b"), XOR("b", "c"), XOR("c", "a")),
}


@pytest.mark.parametrize("accelerate", [True, False])
@pytest.mark.parametrize("never", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_can_not_happen_has_probability_zero(never, accelerate):
    events = dict.fromkeys("abc", 0.5)
    for top, expected in [(never, (0.0, 1.0)), (NOT(never), (1.0, 0.0))]:
        solved = solve(FaultTree("t", {"t": OR(top)}, events), accelerate=accelerate)
        assert solved.probability() == expected
        assert [one.tolist() for one in solved.probability({"a": np.full(3, 0.2)})] == [
            [one] * 3 for one in expected
        ]


@pytest.mark.parametrize("accelerate", [True, False])
@pytest.mark.parametrize("never", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_module_that_is_constant_changes_nothing_around_it(never, accelerate):
    gates = {"n": never, "t": OR(AND("d", NOT("n")), AND("n", "e"), AND("d", "n", "f"))}
    solved = solve(FaultTree("t", gates, dict.fromkeys("abcdef", 0.25)), accelerate=accelerate)
    assert solved.probability() == (0.25, 0.75)
    assert birnbaum(solved) == dict.fromkeys("abcef", 0.0) | {"d": 1.0}
    sets = minimal_cut_sets(solved)
    assert (sets.count(), [one.events for one in sets.most_probable(5)]) == (1, [("d",)])
    assert [one.criticality for one in importance(solved)] == [1.0] + [0.0] * 5


@settings(max_examples=200, deadline=None)
@given(trees())
def test_minimal_cut_sets_are_those_of_the_definition(tree):
    sets = minimal_cut_sets(solve(tree))
    expected = minimal_by_enumeration(tree)
    listed = sets.most_probable(1000)
    assert sets.count() == len(expected)
    assert {frozenset(one.events) for one in listed} == expected
    assert len(listed) == len(expected)
    for one in listed:
        chance = math.prod(tree.events[name].probability for name in one.events)
        assert one.probability == pytest.approx(chance, rel=1e-12)
    probabilities = [one.probability for one in listed]
    assert probabilities == sorted(probabilities, reverse=True)
    orders = {size: sum(len(one) == size for one in expected) for size in {len(one) for one in expected}}
    assert sets.by_order() == dict(sorted(orders.items()))


@settings(max_examples=150, deadline=None)
@given(trees(("and", "or", "atleast")))
def test_importance_is_that_of_the_definition(tree):
    expected = by_enumeration(tree)
    sets = minimal_by_enumeration(tree)
    found = {one.event: one for one in importance(solve(tree))}
    for name in EVENTS:
        p = tree.events[name].probability

        def held(value, name=name):
            return by_enumeration(FaultTree(tree.top, tree.gates, tree.events | {name: value}, tree.house))

        one = found[name]
        assert one.birnbaum == pytest.approx(held(1.0) - held(0.0), abs=1e-12)
        if expected == 0:
            continue
        assert one.criticality == pytest.approx(p * (held(1.0) - held(0.0)) / expected, abs=1e-9)
        assert one.raw == pytest.approx(held(1.0) / expected, rel=1e-9)
        if held(0.0) > 0:
            assert one.rrw == pytest.approx(expected / held(0.0), rel=1e-9)
        through = math.fsum(
            chance
            for state, chance in states(tree)
            if any(name in cut and all(state[event] for event in cut) for cut in sets)
        )
        assert one.fussell_vesely == pytest.approx(through / expected, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(trees(), st.sampled_from(EVENTS), st.floats(0, 1))
def test_a_kept_diagram_answers_a_changed_probability(tree, name, value):
    solved = solve(tree)
    again = solve(FaultTree(tree.top, tree.gates, tree.events | {name: value}, tree.house))
    assert solved.probability({name: value})[0] == pytest.approx(again.probability()[0], abs=1e-12)
    assert birnbaum(solved, {name: value}) == pytest.approx(birnbaum(again), abs=1e-12)


def published():
    if not SHARED.is_dir():
        return []
    with open(SHARED / "aralia_reference.csv", newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["probability_scram"]]


SMALL = [row for row in published() if float(row["scram_seconds"]) < 0.06]


@needs_shared
@pytest.mark.parametrize("row", published(), ids=lambda row: row["model"])
def test_the_aralia_models_have_their_published_probabilities(row):
    if row["model"] == "das9701" and not available():
        pytest.skip("das9701 takes long without biodivine_aeon; `start.py bench fault_trees` solves it")
    solved = solve(read_open_psa(SHARED / "aralia" / f"{row['model']}.xml"))
    assert solved.probability()[0] == pytest.approx(float(row["probability_scram"]), rel=1e-5)


def in_fractions(solved):
    """The top event's probability without any rounding, from the kept diagrams."""
    exact = {
        number: Fraction(solved.tree.events[name].probability) for name, number in solved.numbers.items()
    }
    for block in solved.blocks:
        value = [Fraction(1), Fraction(0)]
        for level, high, low in block.triples:
            p = exact[block.variables[level]]
            value.append(p * value[high] + (1 - p) * value[low])
            value.append(1 - value[-1])
        exact[block.number] = value[block.root]
    top = solved.form.top
    return exact[top] if top > 0 else 1 - exact[-top]


@needs_shared
def test_das9209_keeps_all_its_digits():
    tree = read_open_psa(SHARED / "aralia" / "das9209.xml")
    solved = solve(tree)
    exact = in_fractions(solved)
    found = solved.probability()[0]
    assert abs(Fraction(found) / exact - 1) < Fraction(1, 10**14)
    # By a second method, without diagrams of the whole: 1.0580018854(6..8)e-13.
    interval = probability_bounds(tree)
    assert interval.low <= exact <= interval.high
    assert interval.high / interval.low - 1 < 1e-10
    # The published table prints six digits.
    assert f"{found:.5e}" == "1.05800e-13"


@needs_shared
@pytest.mark.parametrize("row", SMALL, ids=lambda row: row["model"])
def test_the_small_aralia_models_have_their_published_cut_sets_with_and_without_the_accelerator(row):
    tree = read_open_psa(SHARED / "aralia" / f"{row['model']}.xml")
    fast, plain = solve(tree), solve(tree, accelerate=False)
    assert fast.probability()[0] == pytest.approx(plain.probability()[0], rel=1e-12)
    for solved in (fast, plain):
        assert minimal_cut_sets(solved).count() == int(float(row["minimal_cut_sets_published"]))


def chain(levels):
    """A tree as deep as asked: or, and, or, and ..., an event at each level."""
    gates = {
        f"g{i}": (OR if i % 2 else AND)(f"e{i}", f"g{i + 1}" if i + 1 < levels else f"e{levels}")
        for i in range(levels)
    }
    return FaultTree("g0", gates, {f"e{i}": 0.5 for i in range(levels + 1)})


@pytest.mark.parametrize("accelerate", [True, False])
def test_a_tree_of_ten_thousand_levels_is_no_deeper_than_the_answer_needs(accelerate):
    tree = chain(10_000)
    expected = 0.5
    for i in reversed(range(10_000)):
        expected = 1 - 0.5 * (1 - expected) if i % 2 else 0.5 * expected
    solved = solve(tree, accelerate=accelerate)
    assert solved.probability()[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("accelerate", [True, False])
def test_ten_thousand_levels_that_share_their_events_are_solved_exactly(accelerate):
    levels, p = 10_000, 0.3
    gates = {f"g{i}": AT_LEAST(2, f"e{i}", f"e{i + 1}", f"g{i + 1}") for i in range(levels)}
    gates[f"g{levels}"] = OR("last")
    solved = solve(
        FaultTree("g0", gates, {f"e{i}": p for i in range(levels + 1)} | {"last": p}), accelerate=accelerate
    )
    # From the last level up: the probability of a gate, given the event that it shares with the one above.
    given = {True: p, False: p}
    for _ in range(levels):
        given = {
            one: math.fsum(
                chance * (1.0 if one and other else given[other] if one or other else 0.0)
                for other, chance in ((True, p), (False, 1 - p))
            )
            for one in (True, False)
        }
    assert solved.probability()[0] == pytest.approx(p * given[True] + (1 - p) * given[False], rel=1e-10)


def shuffled(tree, seed):
    """The same tree with other names, and gates and inputs in another order."""
    rng = random.Random(seed)
    names = [*tree.events, *tree.gates]
    new = dict(zip(rng.sample(names, len(names)), (f"n{i}" for i in range(len(names))), strict=True))

    def turned(one):
        if isinstance(one, str):
            return new.get(one, one)
        inputs = [turned(inside) for inside in one.inputs]
        if one.kind != "imply":
            rng.shuffle(inputs)
        return Gate(one.kind, tuple(inputs), one.k)

    gates = [(new[name], turned(gate)) for name, gate in tree.gates.items()]
    rng.shuffle(gates)
    return FaultTree(
        new[tree.top], dict(gates), {new[name]: model for name, model in tree.events.items()}, tree.house
    )


@needs_shared
@pytest.mark.parametrize(
    "row", [row for row in SMALL if row["not"] == "0"][::3], ids=lambda row: row["model"]
)
def test_shuffled_and_renamed_models_have_the_same_answers(row):
    tree = read_open_psa(SHARED / "aralia" / f"{row['model']}.xml")
    expected = solve(tree)
    sets = minimal_cut_sets(expected)
    for seed in (1, 2):
        again = solve(shuffled(tree, seed))
        assert again.probability() == pytest.approx(expected.probability(), rel=1e-12)
        assert minimal_cut_sets(again).by_order() == sets.by_order()


def test_a_wide_tree_counts_its_events_exactly():
    count = 5_000
    tree = FaultTree(
        "any", {"any": OR(*(f"e{i}" for i in range(count)))}, {f"e{i}": 1e-9 for i in range(count)}
    )
    solved = solve(tree)
    assert solved.probability()[0] == pytest.approx(-math.expm1(count * math.log1p(-1e-9)), rel=1e-12)
    assert minimal_cut_sets(solved).count() == count


def test_tiny_probabilities_keep_their_digits():
    tree = FaultTree("t", {"t": AND(*"abcdef")}, dict.fromkeys("abcdef", 1e-5))
    assert solve(tree).probability()[0] == pytest.approx(1e-30, rel=1e-12)
    both = FaultTree(
        "t", {"t": OR("g", "h"), "g": AND(*"abc"), "h": AND(*"def")}, dict.fromkeys("abcdef", 1e-5)
    )
    assert solve(both).probability()[0] == pytest.approx(2e-15, rel=1e-12)


def test_event_models_follow_their_closed_forms():
    assert Exponential(1e-9).at(1e-3)[0] == pytest.approx(1e-12, rel=1e-9)
    assert Weibull(100.0, 2.0).at(100)[0] == pytest.approx(1 - math.exp(-1))
    # The Markov model of two states, integrated in small steps.
    model, down, step = Repairable(50.0, 5.0), 0.0, 0.001
    for _ in range(10_000):
        down += step * ((1 - down) / 50 - down / 5)
    assert model.at(10)[0] == pytest.approx(down, rel=1e-3)
    assert model.at(math.inf)[0] == pytest.approx(5 / 55)
    assert sum(model.at(3.0)) == pytest.approx(1, abs=1e-15)


def test_common_causes_follow_beta_factor_and_greek_letters():
    pair = FaultTree(
        "t", {"t": AND("a", "b")}, {"a": 0.005, "b": 0.005}, {}, (CommonCause("cc", ("a", "b"), (0.1,)),)
    )
    alone, together = 0.9 * 0.005, 0.1 * 0.005
    assert solve(pair).probability()[0] == pytest.approx(together + (1 - together) * alone**2, rel=1e-12)
    # NUREG/CR-4780's formulas for three components, by hand: beta 0.1, gamma 0.3.
    three = CommonCause("cc", ("a", "b", "c"), (0.1, 0.3), "MGL")
    assert three.shares() == pytest.approx({1: 0.9, 2: 0.5 * 0.1 * 0.7, 3: 0.1 * 0.3})
    tree = FaultTree("t", {"t": AND("a", "b", "c")}, dict.fromkeys("abc", 0.01), {}, (three,))
    split = with_common_causes(tree)
    assert solve(tree).probability()[0] == pytest.approx(by_enumeration(split), rel=1e-12)
    # All ways in which one member is struck add up to its probability.
    total = sum(three.shares()[k] * math.comb(2, k - 1) for k in (1, 2, 3))
    assert total == pytest.approx(1)


@pytest.mark.parametrize("accelerate", [True, False])
def test_no_time_and_too_many_cut_sets_are_refused(accelerate):
    tree = chain(50)
    with pytest.raises(AnalysisTooLarge):
        solve(tree, seconds=0, accelerate=accelerate)
    names = [f"e{i}" for i in range(60)]
    gates = {"t": AT_LEAST(20, *names)}
    with pytest.raises(TooManySets):
        minimal_cut_sets(
            solve(FaultTree("t", gates, dict.fromkeys(names, 0.1)), accelerate=accelerate), most_nodes=50
        )


def test_a_tree_too_large_for_its_budget_is_refused():
    names = [f"e{i}" for i in range(40)]
    gates = {"t": OR(*(AND(*names[i : i + 3]) for i in range(38)), XOR(names[0], names[39]))}
    with pytest.raises(AnalysisTooLarge):
        solve(FaultTree("t", gates, dict.fromkeys(names, 0.1)), most_nodes=20, accelerate=False)


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: FaultTree("t", {"t": OR("a")}, {}), "names 'a', which is not defined"),
        (lambda: FaultTree("t", {"t": OR("u"), "u": OR("t")}, {}), "circle: t > u > t"),
        (lambda: FaultTree("t", {"t": OR(AND("t"))}, {}), "circle: t > t"),
        (lambda: FaultTree("x", {"t": OR("a")}, {"a": 0.1}), "top event 'x'"),
        (lambda: FaultTree("t", {"t": OR("a")}, {"a": 1.2}), "'a': a probability .* 1.2"),
        (lambda: FaultTree("t", {"t": OR("a")}, {"a": math.nan}), "probability"),
        (lambda: FaultTree("t", {"t": OR("t2"), "t2": OR("a")}, {"a": 0.1, "t2": 0.1}), "gate and an event"),
        (lambda: AT_LEAST(3, "a", "b"), "3 of 2 inputs: k can't be above n"),
        (lambda: AT_LEAST(0, "a"), "whole number from 1"),
        (lambda: OR(), "no inputs"),
        (lambda: Gate("maybe", ("a",)), "no gate 'maybe'"),
        (lambda: Gate("xor", ("a",)), "has 2 inputs, not 1"),
        (lambda: NOT(NOT("a")).inputs[0].kind == "not" and Gate("or", ("a",), 2), "has no k"),
        (lambda: CommonCause("c", ("a",), (0.1,)), "2 to 12"),
        (lambda: CommonCause("c", ("a", "b"), (1.1,)), "between 0 and 1"),
        (lambda: Exponential(-1), "above 0"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(build, words):
    with pytest.raises(BadInput, match=words):
        build()


def opsa(body):
    return f'<?xml version="1.0"?>\n<opsa-mef>{body}</opsa-mef>'.encode()


GOOD = (
    '<define-fault-tree name="f"><define-gate name="t"><or><basic-event name="a"/>'
    '<and><event name="b"/><event name="c"/></and></or></define-gate></define-fault-tree>'
    '<model-data><define-basic-event name="a"><float value="0.1"/></define-basic-event>'
    '<define-basic-event name="b"><float value="0.2"/></define-basic-event>'
    '<define-basic-event name="c"><parameter name="p"/></define-basic-event>'
    '<define-parameter name="p"><mul><float value="3"/><float value="0.1"/></mul></define-parameter></model-data>'
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (opsa(GOOD).replace(b'value="0.2"', b'value="1.2"'), "'b': .*0 to 1, not 1.2"),
        (opsa(GOOD).replace(b'value="0.2"', b'value="x"'), "'b': .*number, not 'x'"),
        (opsa(GOOD).replace(b'value="0.2"', b'value="inf"'), "'b': .*finite"),
        (opsa(GOOD).replace(b'<event name="b"/>', b'<event name="q"/>'), "'q', which is not defined"),
        (opsa(GOOD).replace(b'<event name="b"/>', b'<gate name="t"/>'), "circle: t > "),
        (opsa(GOOD).replace(b"<and>", b'<atleast min="3">').replace(b"</and>", b"</atleast>"), "3 of 2"),
        (opsa(GOOD).replace(b"<and>", b"<atleast>").replace(b"</and>", b"</atleast>"), "min"),
        (opsa(GOOD).replace(b"and>", b"andd>"), "'t' holds <andd>"),
        (opsa(GOOD.replace("</define-fault-tree>", '<define-gate name="u"><or><event name="a"/></or></define-gate></define-fault-tree>')), "2 gates stand under no other"),
        (opsa(GOOD.replace("</define-fault-tree>", '<define-gate name="t"><or><event name="a"/></or></define-gate></define-fault-tree>')), "'t' is defined twice"),
        (opsa(GOOD.replace('<float value="3"/>', '<parameter name="p"/>')), "parameters go in a circle"),
        (opsa(GOOD.replace('<parameter name="p"/>', '<parameter name="z"/>', 1)), "'z' is not defined"),
        (opsa(""), "no <define-gate>"),
        (b"", "not XML"),
        (bytes(range(256)), "not XML"),
        (b"<html/>", "not <opsa-mef>"),
        (opsa(GOOD)[:-30], "not XML"),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opsa-mef>&b;</opsa-mef>', "document type"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><opsa-mef/>', "document type"),
        ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "b">]><opsa-mef/>'.encode("utf-16"), "document type"),
        (opsa("<and>" * 100_000), "deep"),
        (b'<?xml version="1.0" encoding="nonsense"?><opsa-mef/>', "not XML"),
    ],
)  # fmt: skip
def test_a_model_that_makes_no_sense_is_refused_in_one_line(tmp_path, capsys, text, words):
    assert solve(parse_open_psa(opsa(GOOD))).probability()[0] == pytest.approx(1 - 0.9 * (1 - 0.2 * 0.3))
    with pytest.raises(BadInput, match=f"(?s){words}"):
        parse_open_psa(text)
    (tmp_path / "m.xml").write_bytes(text)
    assert main(["fta", str(tmp_path / "m.xml")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1


def test_the_command_line_answers_with_the_keys_that_it_promises(tmp_path, capsys):
    (tmp_path / "m.xml").write_bytes(opsa(GOOD))
    assert main(["fta", str(tmp_path / "m.xml"), "--json", "--cut-sets", "1", "--importance"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["top"] == "t"
    assert (found["basic_events"], found["gates"], found["minimal_cut_sets"]) == (3, 1, 2)
    assert found["probability"] == pytest.approx(0.154)
    assert found["cut_sets"] == [{"events": ["a"], "probability": 0.1}]
    assert set(found["importance"]["a"]) == {"birnbaum", "criticality", "fussell_vesely", "raw", "rrw"}
    assert found["importance"]["a"]["birnbaum"] == pytest.approx(0.94)
    assert found["seconds"] > 0
    assert main(["fta", str(tmp_path / "absent.xml")]) == 2


@pytest.mark.parametrize(("chance", "told"), [("1e-200", True), ("1e-100", False), ("0", False)])
def test_a_probability_below_what_a_computer_counts_is_told_from_none(tmp_path, capsys, chance, told):
    (tmp_path / "tree.txt").write_text(f"top = a and b\na = {chance}\nb = {chance}\n")
    assert main(["fta", str(tmp_path / "tree.txt")]) == 0
    assert ("below 1e-307" in capsys.readouterr().out) == told


@settings(max_examples=150, deadline=None)
@given(trees())
def test_an_interval_holds_the_exact_answer_from_the_first_case_to_the_last(tree):
    expected = by_enumeration(tree)
    for seconds in (0.0, 0.002, 60.0):
        found = probability_bounds(tree, seconds=seconds)
        assert found.low - 1e-12 <= expected <= found.high + 1e-12
    assert found.high - found.low <= 1e-6 * found.high + 1e-10


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_an_interval_holds_the_exact_answer_with_few_cases_open(seed, cases):
    tree = random_tree(seed, events=9)
    exact = solve(tree).probability()[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("faultlab.analysis.fault_trees.bounds.FIRST_CASES", cases)
        patch.setattr("faultlab.analysis.fault_trees.bounds.MOST_CASES", cases)
        found = probability_bounds(tree)
    assert found.low - 1e-12 <= exact <= found.high + 1e-12


def layered_tree(seed):
    """Ands and ors of each other: what one leaves open, another has settled."""
    rng = random.Random(seed)
    names = [f"e{i}" for i in range(14)]
    pool, made = [*names], {}
    for i in range(24):
        made[f"g{i}"] = rng.choice([AND, OR])(*rng.sample(pool[-20:], rng.randint(2, 4)))
        pool.append(f"g{i}")
    made["top"] = OR(*(AND(*rng.sample(pool[-10:], 3)) for _ in range(4)))
    return FaultTree("top", made, {name: rng.uniform(0.05, 0.5) for name in names})


@pytest.mark.parametrize("cases", [4, 256])
def test_an_interval_by_two_gates_at_once_holds_the_exact_answer(monkeypatch, cases):
    # The quick way, which is tried first, gets no further than its first look.
    go_on = bounds._Search.go_on
    monkeypatch.setattr(
        bounds._Search,
        "go_on",
        lambda search, until: go_on(search, until if search.part.thorough else 0.0),
    )
    monkeypatch.setattr(bounds, "FIRST_CASES", cases)
    monkeypatch.setattr(bounds, "MOST_CASES", cases)
    for seed in range(60):
        for tree in (layered_tree(seed), random_tree(seed)):
            found = probability_bounds(tree, seconds=60)
            assert found.low <= solve(tree).probability()[0] <= found.high


def test_two_gates_that_share_much_are_bounded_better_than_one_by_one():
    shared = OR(*(f"s{i}" for i in range(3)))
    tree = FaultTree(
        "t",
        {"t": AND("a", "b"), "a": OR(shared, "x", "y"), "b": OR(AND(shared, "z"), "v", "w")},
        dict.fromkeys(["s0", "s1", "s2", "x", "y", "z", "v", "w"], 0.01),
    )
    form = normal_form(tree)
    chances = {n: (0.01, 0.99) for n, name in enumerate(form.names) if name is not None}
    widths = []
    for thorough in (False, True):
        low, high, _ = bounds._Part(form, chances, math.inf, thorough).interval(np.zeros((1, 0), bool))
        widths.append(high[0] - low[0])
        assert low[0] <= solve(tree).probability()[0] <= high[0]
    assert widths[1] < widths[0] / 10


def test_two_gates_are_taken_apart_however_deep_they_stand():
    gates, depth = {}, 120
    for i in range(depth):
        for side in "ab":
            below = f"{side}{i + 1}" if i < depth - 1 else "last"
            gates[f"{side}{i}"] = AND(f"{side}-{i}", OR(below, f"e{i}"))
    events = {f"{side}-{i}": 0.9 for side in "ab" for i in range(depth)}
    events |= {f"e{i}": 0.01 for i in range(depth)} | {"last": 0.5}
    tree = FaultTree("t", {"t": AND("a0", "b0")} | gates, events)
    form = normal_form(tree)
    chances = {n: events[name] for n, name in enumerate(form.names) if name is not None}
    chances = {n: (chance, 1 - chance) for n, chance in chances.items()}
    low, high, _ = bounds._Part(form, chances, math.inf, True).interval(np.zeros((1, 0), bool))
    exact = solve(tree).probability()[0]
    assert low[0] <= exact <= high[0] <= 2 * exact


def test_cases_in_which_the_same_is_left_become_one():
    pairs = [OR(f"e{i}", f"e{i + 1}") for i in range(60)]
    tree = FaultTree("t", {"t": AND(*pairs)}, {f"e{i}": 0.5 for i in range(61)})
    found = probability_bounds(tree, seconds=60)
    exact = solve(tree).probability()[0]
    assert found.low <= exact <= found.high <= found.low * (1 + 1e-6)
    assert found.cases < 5_000  # of 2 ** 61


@needs_shared
@pytest.mark.parametrize("name", ["chinese", "das9209", "edf9201", "cea9601", "ftr10"])
def test_intervals_of_published_trees_hold_their_exact_answers(name):
    tree = read_open_psa(SHARED / "aralia" / f"{name}.xml")
    found = probability_bounds(tree, seconds=0.5)
    assert found.low <= solve(tree).probability()[0] <= found.high


def test_the_command_gives_an_interval_when_the_time_is_over(tmp_path, capsys):
    path = tmp_path / "model.xml"
    path.write_bytes(opsa(GOOD))
    assert main(["fta", str(path), "--seconds", "0", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["probability"] is None
    assert found["minimal_cut_sets"] is None
    assert found["probability_low"] <= 0.1 + 0.9 * 0.2 * 0.3 <= found["probability_high"]
    assert main(["fta", str(path), "--seconds", "0"]) == 0
    assert "guaranteed; too large" in capsys.readouterr().out

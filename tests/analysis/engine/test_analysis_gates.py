"""Gates: one table says what kinds there are and what they mean."""

import itertools
from fractions import Fraction

import numpy as np
import pytest

from faultlab.analysis.engine.gates import AND, AT_LEAST, NOT, OR, XOR, Gate, GateKind
from faultlab.analysis.engine.gates import KINDS as GATE_KINDS
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.analysis.fault_trees.solved_tree import solve
from faultlab.errors import BadInput

MEANING = {
    "and": all,
    "or": any,
    "atleast": lambda inputs: sum(inputs) >= 2,
    "not": lambda inputs: not inputs[0],
    "xor": lambda inputs: inputs[0] != inputs[1],
    "nand": lambda inputs: not all(inputs),
    "nor": lambda inputs: not any(inputs),
    "iff": lambda inputs: inputs[0] == inputs[1],
    "imply": lambda inputs: not inputs[0] or inputs[1],
}


@pytest.mark.parametrize("kind", GATE_KINDS)
def test_every_kind_in_the_table_means_what_its_name_says(kind):
    inputs = tuple("abc"[: GATE_KINDS[kind].inputs or 3])
    gate = Gate(kind, inputs, 2 if GATE_KINDS[kind].counts else None)
    chances = {"a": 0.5, "b": 0.25, "c": 0.125}
    expected = Fraction(0)
    for state in itertools.product((True, False), repeat=len(inputs)):
        chance = Fraction(1)
        for name, up in zip(inputs, state, strict=True):
            chance *= Fraction(chances[name]) if up else 1 - Fraction(chances[name])
        expected += chance * MEANING[kind](state)
    events = {name: chances[name] for name in inputs}
    assert solve(FaultTree("t", {"t": gate}, events)).probability()[0] == pytest.approx(
        float(expected), rel=1e-12
    )


def test_a_new_kind_is_one_entry(monkeypatch):
    odd = GateKind(lambda form, inputs, k: form.one_of_two(form.one_of_two(*inputs[:2]), inputs[2]), inputs=3)
    monkeypatch.setitem(GATE_KINDS, "odd", odd)
    tree = FaultTree("t", {"t": Gate("odd", ("a", "b", "c"))}, {"a": 0.1, "b": 0.2, "c": 0.3})
    assert solve(tree).probability()[0] == pytest.approx((1 - 0.8 * 0.6 * 0.4) / 2)


@pytest.mark.parametrize(
    ("kind", "inputs", "k", "words"),
    [
        ("majority", ("a",), None, "no gate 'majority'; use one of and, or"),
        (["and"], ("a",), None, "no gate"),
        ("or", (), None, "no inputs"),
        ("or", "ab", None, "not 'ab'"),
        ("or", ("a", 3), None, "a name or a gate, not 3"),
        ("xor", ("a", "b", "c"), None, "has 2 inputs, not 3"),
        ("atleast", ("a",), None, "needs k"),
        ("atleast", ("a",), True, "needs k"),
        ("atleast", ("a",), 2, "2 of 1"),
        ("and", ("a",), 1, "has no k"),
    ],
)
def test_a_gate_that_makes_no_sense_is_refused(kind, inputs, k, words):
    with pytest.raises(BadInput, match=words):
        Gate(kind, inputs, k)


def test_a_whole_number_of_numpy_counts_too():
    assert AT_LEAST(np.int64(2), "a", "b", "c").k == 2


# Each is a fault that was reported of a public tool.
REPORTED = {
    "a or not (a and b) is certain": OR("a", NOT(AND("a", "b")), "c"),
    "3 of 4 is not all of 4": AT_LEAST(3, "a", "b", "c", "d"),
    "a gate in two places": AND(OR("a", "b"), OR(OR("a", "b"), "c")),
    "a vote counts an input as often as it is written": AT_LEAST(2, "a", "a", "b"),
    "a vote over gates that share": AT_LEAST(2, OR("a", "b"), OR("a", "c"), AND("b", "c")),
    "a vote over negations": AT_LEAST(2, NOT("a"), "b", XOR("a", "c")),
    "xor of itself": OR(XOR("a", "a"), "b"),
    "nor of nand": Gate("nor", (Gate("nand", ("a", "b")), "c")),
    "negation": OR(AND("a", NOT("b")), AND("b", "c"), XOR(AND("a", OR("c", NOT("d"))), "d")),
}


def holds(gate, up):
    if isinstance(gate, str):
        return gate in up
    inputs = [holds(one, up) for one in gate.inputs]
    return sum(inputs) >= gate.k if gate.kind == "atleast" else bool(MEANING[gate.kind](inputs))


@pytest.mark.parametrize("gate", REPORTED.values(), ids=REPORTED)
def test_what_other_tools_got_wrong_agrees_with_enumeration(gate):
    chances = {"a": 0.1, "b": 0.15, "c": 0.2, "d": 0.25}
    expected = Fraction(0)
    for n in range(5):
        for up in itertools.combinations("abcd", n):
            chance = Fraction(1)
            for name, p in chances.items():
                chance *= Fraction(p) if name in up else 1 - Fraction(p)
            expected += chance * holds(gate, up)
    found = solve(FaultTree("t", {"t": gate}, chances)).probability()
    assert found == pytest.approx((float(expected), float(1 - expected)), rel=1e-12)

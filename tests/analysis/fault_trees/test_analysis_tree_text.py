"""Trees as plain lines: the same tree as from gates and from Open-PSA, and nothing in a line is run."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from open_psa_bytes import parse_open_psa

from faultlab.analysis.engine.gates import AND, AT_LEAST, NOT, OR, XOR, Gate
from faultlab.analysis.fault_trees.common_cause import CommonCause
from faultlab.analysis.fault_trees.cut_sets import minimal_cut_sets
from faultlab.analysis.fault_trees.event_models import Exponential
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.analysis.fault_trees.solved_tree import solve
from faultlab.analysis.fault_trees.success_trees import success_tree
from faultlab.analysis.fault_trees.tree_text import tree_as_text, tree_from_text
from faultlab.analysis.open_psa.writing import open_psa_as_text
from faultlab.analysis.systems import read_system
from faultlab.errors import BadInput

TEXT = """
top = a and (b or atleast(2, c, d, e)) and not f  # a remark
b = any(g) or xor(a, 'part #1 = odd')
a = 0.5
c = 0.25
d = 1e-3
e = 1
f = True
'part #1 = odd' = 0.125
"""


def test_lines_xml_and_gates_make_one_tree():
    tree = FaultTree(
        "top",
        {
            "top": AND("a", OR("b", AT_LEAST(2, "c", "d", "e")), NOT("f")),
            "b": OR(OR("g"), XOR("a", "part #1 = odd")),
        },
        {"g": 0.75, "a": 0.5, "c": 0.25, "d": 1e-3, "e": 1, "part #1 = odd": 0.125},
        {"f": True},
    )
    found = tree_from_text(TEXT + "\ng = 0.75")
    assert found == tree
    assert parse_open_psa(open_psa_as_text(tree).encode()) == found
    assert tree_from_text(tree_as_text(tree)) == tree


def test_the_first_line_is_the_top_and_a_name_alone_is_an_or():
    tree = tree_from_text("low = high\nhigh = x\nx = 0.25")
    assert (tree.top, tree.gates["low"]) == ("low", Gate("or", ("high",)))
    assert solve(tree).probability()[0] == 0.25


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is no gate"),
        ("a = 0.5", "there is no gate"),
        ("top", "line 1 isn't of the form `name = expression`"),
        ("top = ", "line 1 isn't"),
        ("top = a or", "line 1 isn't.*brackets"),
        ("top = (a or b\nb) = a", "line 1 isn't"),
        ("top == a", "line 1 isn't"),
        ("top = a\n1 = b", "line 2 isn't"),
        ("True = a", "line 1: 'True' can't be a name; put it in quotes"),
        ("if = a", "line 1 isn't"),
        ("top = a; b", "line 1 isn't"),
        ("top = a\ntop = b", "line 2: 'top' is defined twice"),
        ("top = a + b", r"line 1: 'a \+ b' is no name and no gate"),
        ("top = a and 3", "line 1: '3' is no name"),
        ("top = -0.5", "line 1: '-0.5' is no name"),
        ("top = [x for x in a]", "line 1: .* is no name"),
        ("top = lambda: a", "line 1: .* is no name"),
        ("top = (a := b)", "line 1: .* is no name"),
        ("top = f'{a}'", "line 1: .* is no name"),
        ("top = a.b", "line 1: 'a.b' is no name"),
        ("top = exec('a')", "line 1: there is no gate 'exec'"),
        ("top = (lambda: a)()", "line 1: there is no gate"),
        ("top = xor(a)", "line 1: A gate 'xor' has 2 inputs"),
        ("top = xor(*a)", "line 1: .* is no name"),
        ("top = xor(a, b=c)", "line 1: xor takes its inputs without"),
        ("top = atleast(a, b)", "line 1: atleast begins with a whole number"),
        ("top = atleast(True, b)", "line 1: atleast begins with a whole number"),
        ("top = atleast()", "line 1: atleast begins"),
        ("top = atleast(3, a, b)", "line 1: .*3 of 2"),
        ("top = all()", "line 1: .*no inputs"),
        ("top = a", "Gate 'top' names 'a', which is not defined"),
        ("top = a\na = 1.2", "'a': a probability is a number from 0 to 1"),
        ("top = a\na = top", "circle"),
        ("top = " + "not " * 101 + "a", "nests over 100 deep"),
        ("top = " + "(" * 100_000, "line 1 isn't"),
        ("top = " + "not " * 100_000 + "a", "line 1"),
        ("top = a" + ".b" * 100_000, "line 1"),
        ("top = " + "9" * 5000, "line 1"),
        ("top = a\0", "line 1 isn't"),
        ("t" * 1_000_001, "over 1,000,000 characters"),
    ],
)
def test_lines_that_make_no_sense_are_refused(text, words):
    with pytest.raises(BadInput, match=words):
        tree_from_text(text)


names = st.text(min_size=1, max_size=6)
leaves = st.sampled_from(["a", "b", "c", "d e", "if", "ﬁ", 'it\'s "x" = \\ #'])


def gates(inputs):
    several = st.lists(inputs, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Gate, st.sampled_from(["and", "or", "nand", "nor"]), several),
        several.flatmap(lambda some: st.integers(1, len(some)).map(lambda k: Gate("atleast", some, k))),
        st.builds(Gate, st.sampled_from(["xor", "iff", "imply"]), st.tuples(inputs, inputs)),
        st.builds(lambda one: Gate("not", (one,)), inputs),
    )


formulas = gates(st.recursive(leaves, gates, max_leaves=8))
EVENTS = dict.fromkeys(["a", "b", "c", "d e", "if", "ﬁ", 'it\'s "x" = \\ #'], 0.25)


@settings(max_examples=200, deadline=None)
@given(formulas, formulas)
def test_every_tree_reads_back_from_lines_and_from_xml(first, second):
    tree = FaultTree("top gate", {"top gate": first, "other": second, "x": OR("a")}, EVENTS, {"h": False})
    assert tree_from_text(tree_as_text(tree)) == tree
    assert parse_open_psa(open_psa_as_text(tree).encode(), top="top gate") == tree


@settings(max_examples=200, deadline=None)
@given(st.text("abtop= ()'\"#\\\n.,0123456789notrxlsfiymkv_[]{}:*", max_size=60))
def test_no_text_does_anything_but_make_a_tree_or_be_refused(text):
    with contextlib.suppress(BadInput):
        assert isinstance(tree_from_text("t = a\na = 0.5\n" + text), FaultTree)


def test_what_lines_have_no_form_for_is_refused():
    events = {"a": 0.1, "b": 0.1}
    with pytest.raises(BadInput, match="common causes"):
        tree_as_text(
            FaultTree("t", {"t": AND("a", "b")}, events, {}, (CommonCause("g", ("a", "b"), (0.1,)),))
        )
    with pytest.raises(BadInput, match="no form for the model of 'a'"):
        tree_as_text(FaultTree("t", {"t": OR("a")}, {"a": Exponential(0.1)}))


def test_path_sets_of_the_bridge():
    """The five-edge bridge has four minimal paths and four minimal cuts (IEC 61078)."""
    bridge = tree_from_text(
        "fails = atleast(1, all(a, b), all(d, e), all(a, c, e), all(d, c, b))\n"
        + "\n".join(f"{event} = 0.1" for event in "abcde")
    )
    paths = minimal_cut_sets(solve(success_tree(bridge)))
    assert {frozenset(one.events) for one in paths.most_probable(10)} == {
        frozenset(path) for path in ("ad", "be", "ace", "bcd")
    }
    assert solve(success_tree(bridge)).probability()[0] == pytest.approx(solve(bridge).probability()[1])
    with pytest.raises(BadInput, match="'xor'"):
        success_tree(tree_from_text("t = xor(a, b)\na = 0.1\nb = 0.1"))
    two_sides = tree_from_text("t = nand(a, nor(b, h))\nh = False\na = 0.25\nb = 0.5")
    assert solve(success_tree(two_sides)).probability() == pytest.approx(solve(two_sides).probability()[::-1])


def test_a_journey_of_the_yaml_is_the_tree_that_one_would_write():
    kestrel = read_system(Path(__file__).parents[3] / "course" / "kestrel.yaml")
    web, beta = 1.5 / 701.5, 0.05
    written = tree_from_text(
        """
        'journey search fails' = 'entrance fails' or search_index
        'entrance fails' = dns or cdn or load_balancer or 'web_servers fails'
        'web_servers fails' = atleast(2, '{w}/1', '{w}/2', '{w}/3') or '{w}/shared'
        dns = 0.00005
        cdn = 0.0005
        load_balancer = 0.0001
        search_index = 0.001996007984031936  # 1 h of 501
        """.replace("{w}", "web_servers")
        + f"'web_servers/shared' = {beta * web!r}\n"
        + "\n".join(f"'web_servers/{i}' = {(1 - beta) * web!r}" for i in (1, 2, 3))
    )
    read = kestrel.fault_tree("search")
    assert (written.top, written.gates, set(written.events)) == (read.top, read.gates, set(read.events))
    for name, model in read.events.items():
        assert written.events[name].probability == pytest.approx(model.probability, rel=1e-9)
    assert solve(written).probability()[1] == pytest.approx(kestrel.availability("search"), abs=1e-12)

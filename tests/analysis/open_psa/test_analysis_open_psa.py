"""Open-PSA as other people write it: expressions and their domains, scopes, common causes, odd files.

Expected values are closed forms, enumerations, SciPy's, or what SCRAM 0.16 answers.
"""

import contextlib
import json
import math
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from open_psa_bytes import parse_open_psa

from faultlab.__main__ import main
from faultlab.analysis.engine.gates import AND, OR
from faultlab.analysis.fault_trees.common_cause import CommonCause
from faultlab.analysis.fault_trees.event_models import Exponential
from faultlab.analysis.fault_trees.expression_kinds import KINDS
from faultlab.analysis.fault_trees.expressions import Expressed, combined, constant
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.analysis.fault_trees.solved_tree import solve
from faultlab.analysis.open_psa.units import HOURS_A_YEAR
from faultlab.analysis.open_psa.writing import open_psa_as_text
from faultlab.errors import BadInput

MISSION = "<system-mission-time/>"


def float_(value):
    return f'<float value="{value}"/>'


def of(tag, *parts):
    """An element around others; a number stands for a <float>."""
    return f"<{tag}>{''.join(one if isinstance(one, str) else float_(one) for one in parts)}</{tag}>"


def model(*trees, data="", more=""):
    inside = f"<model-data>{data}</model-data>" if data else ""
    return f'<?xml version="1.0"?><opsa-mef>{more}{"".join(trees)}{inside}</opsa-mef>'.encode()


def tree(*inside, name="f"):
    return f'<define-fault-tree name="{name}">{"".join(inside)}</define-fault-tree>'


def gate(name, formula):
    return f'<define-gate name="{name}">{formula}</define-gate>'


def event(name, inside="", role=""):
    role = f' role="{role}"' if role else ""
    inside = inside if isinstance(inside, str) else float_(inside)
    return f'<define-basic-event name="{name}"{role}>{inside}</define-basic-event>'


def ref(name, kind="basic-event"):
    return f'<{kind} name="{name}"/>'


def parameter(name, inside, unit=""):
    unit = f' unit="{unit}"' if unit else ""
    inside = inside if isinstance(inside, str) else float_(inside)
    return f'<define-parameter name="{name}"{unit}>{inside}</define-parameter>'


def only(expression, *parameters):
    """A model of one event with some expression for its probability."""
    return model(tree(gate("top", ref("e")), event("e", expression)), data="".join(parameters))


def chance(content, hours=math.inf, top=None):
    return solve(parse_open_psa(content, top=top)).probability(hours=hours)[0]


def refused(capsys, tmp_path, content, *more):
    """What the command says of a file that it refuses."""
    (tmp_path / "m.xml").write_bytes(content)
    assert main(["fta", str(tmp_path / "m.xml"), "--hours", "8760", *more]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    return said.err


def answered(capsys, paths, *more):
    assert main(["fta", *(str(one) for one in paths), "--json", *more]) == 0
    return json.loads(capsys.readouterr().out)


# --- expressions -------------------------------------------------------------------------------------------

VALUES = {  # every kind of expression: an example, and its value as a closed form
    "neg": (of("neg", of("neg", 0.3)), 0.3),
    "abs": (of("abs", -0.3), 0.3),
    "add": (of("add", 0.1, 0.2, 0.3), 0.6),
    "sub": (of("sub", 0.9, 0.2, 0.3), 0.4),
    "mul": (of("mul", 0.9, 0.2, 0.5), 0.09),
    "div": (of("div", 0.9, 2, 3), 0.15),
    "min": (of("min", 0.3, 0.1, 0.2), 0.1),
    "max": (of("max", 0.3, 0.1, 0.2), 0.3),
    "mean": (of("mean", 0.3, 0.1, 0.2), 0.2),
    "mod": (of("div", of("mod", 17, 5), 10), 0.2),
    "pow": (of("pow", 0.1, 3), 0.001),
    "sqrt": (of("sqrt", 0.04), 0.2),
    "exp": (of("exp", -2), math.exp(-2)),
    "log": (of("log", 1.5), math.log(1.5)),
    "log10": (of("log10", 2), math.log10(2)),
    "ceil": (of("div", of("ceil", 1.2), 4), 0.5),
    "floor": (of("div", of("floor", 1.8), 4), 0.25),
    "cos": (of("cos", 1), math.cos(1)),
    "sin": (of("sin", of("div", "<pi/>", 6)), 0.5),
    "tan": (of("tan", 0.5), math.tan(0.5)),
    "cosh": (of("sub", of("cosh", 0.5), 1), math.cosh(0.5) - 1),
    "sinh": (of("sinh", 0.5), math.sinh(0.5)),
    "tanh": (of("tanh", 0.5), math.tanh(0.5)),
    "acos": (of("acos", 0.9), math.acos(0.9)),
    "asin": (of("asin", 0.5), math.asin(0.5)),
    "atan": (of("atan", 0.5), math.atan(0.5)),
    "not": (of("not", 0), 1),
    "and": (of("and", 1, 2, 0), 0),
    "or": (of("or", 0, 2), 1),
    "eq": (of("eq", 2, 2), 1),
    "df": (of("df", 2, 2), 0),
    "lt": (of("lt", 1, 2), 1),
    "gt": (of("gt", 1, 2), 0),
    "leq": (of("leq", 2, 2), 1),
    "geq": (of("geq", 1, 2), 0),
    "ite": (of("ite", of("lt", MISSION, 100), 0.1, 0.2), 0.2),
    "exponential": (of("exponential", 1e-4, 200), -math.expm1(-0.02)),
    "GLM": (
        of("GLM", 0.01, 1e-4, 1e-2, 200),
        0.01 * math.exp(-2.02) - 1e-4 / 1.01e-2 * math.expm1(-2.02),
    ),
    "Weibull": (of("Weibull", 1000, 1.5, 100, MISSION), -math.expm1(-((900 / 1000) ** 1.5))),
    "periodic-test": (of("periodic-test", 1e-4, 300, 50, MISSION), -math.expm1(-1e-4 * 50)),
    "uniform-deviate": (of("uniform-deviate", 0.1, 0.2), 0.15),
    "normal-deviate": (of("normal-deviate", 0.1, 0.02), 0.1),
    "lognormal-deviate": (of("lognormal-deviate", 0.001, 3, 0.95), 0.001),
    "gamma-deviate": (of("gamma-deviate", 2, 0.01), 0.02),
    "beta-deviate": (of("beta-deviate", 1, 9), 0.1),
    "histogram": (of("histogram", 0, of("bin", 0.1, 1), of("bin", 0.2, 3)), 0.125),
}


def test_every_kind_of_expression_has_an_example():
    assert set(VALUES) == set(KINDS)


@pytest.mark.parametrize("kind", VALUES)
def test_expressions_have_their_value(kind):
    expression, expected = VALUES[kind]
    assert chance(only(expression), hours=1000) == pytest.approx(expected, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (of("lognormal-deviate", -7, 0.5), math.exp(-7 + 0.125)),
        (of("Weibull", 1000, 2, 100, 50), 0),  # before its shift
        (of("Weibull", 1000, 3, 100, 50), 0),
        (of("Weibull", 1000, 1.5, 100, 50), 0),
        (of("Weibull", 1000, 1.5, 8000, 4000), 0),
        (of("exponential", 0, MISSION), 0),
        (of("GLM", 0, 1e-4, 0, MISSION), -math.expm1(-0.876)),  # without repair
        (of("GLM", 0.5, 1e-4, 0, MISSION), 1 - 0.5 * math.exp(-0.876)),
        (of("mul", 0.5, of("exponential", 1e-5, MISSION)), 0.5 * -math.expm1(-0.0876)),
        (of("switch", of("case", of("gt", 1, 2), 0.1), of("case", of("lt", 1, 2), 0.2), 0.3), 0.2),
        (of("switch", of("case", of("gt", 1, 2), 0.1), 0.3), 0.3),
        ('<bool value="true"/>', 1),
        ('<float value=" +.5e0 "/>', 0.5),
        ('<int value="-0"/>', 0),
    ],
)  # fmt: skip
def test_forms_and_edges_of_expressions(expression, expected):
    assert chance(only(expression), hours=8760) == pytest.approx(expected, rel=1e-6, abs=1e-300)


YES, NO = (f'<bool value="{value}"/>' for value in ("true", "false"))


@pytest.mark.parametrize(
    ("parts", "hours", "expected"),
    [
        ((1e-5, 730, 100), 50, 0.000499875),
        ((1e-5, 730, 100), 8760, 0.0062802),
        ((1e-3, 0.1, 0), 1.7, -math.expm1(-1e-4)),  # 17 times 0.1 is a hair more than 1.7
        ((1e-3, 2.2, 0), 15.4, -math.expm1(-2.2e-3)),
        ((1e-5, 1e-2, 730, 100), 8760, 0.00628633),
        ((1e-3, 1e-3, 730, 100), 8700, 0.579307),
        ((1e-3, 0, 730, 100), 8760, 0.999843),
        ((1e-4, 2e-4, 1e-2, 730, 100, 0.01, 10, YES, 0.9, 0.02), 8760, 0.0694669),
        ((1e-4, 2e-4, 1e-2, 730, 100, 0.01, 200, NO, 0.9, 0.02), 8760, 0.0547636),
        ((1e-4, 2e-4, 1e-2, 730, 100, 0.01, 200, NO, 0.9, 0.02), 2390, 0.999701),
        ((1e-4, 2e-4, 1e-2, 730, 100, 0.01, 200, YES, 0.9, 0.02), 2390, 0.090728),
    ],
)
def test_periodic_tests_are_those_of_scram(parts, hours, expected):
    assert chance(only(of("periodic-test", *parts, MISSION)), hours=hours) == pytest.approx(
        expected, rel=1e-5
    )


def test_the_complement_of_what_is_nearly_sure_keeps_its_digits():
    sure = of("exponential", 1e-2, of("mul", 1, MISSION))
    assert solve(parse_open_psa(only(sure))).probability(hours=8760)[1] == pytest.approx(
        math.exp(-87.6), rel=1e-12
    )


OUTSIDE = {
    "negative rate": (of("exponential", -1e-4, MISSION), "<exponential> needs a failure rate from 0"),
    "negative time": (of("exponential", 1e-4, -10), "<exponential> needs a time from 0, not -10"),
    "on demand": (
        of("GLM", 1.5, 1e-4, 0, MISSION),
        "<GLM> needs a probability to fail on demand from 0 to 1",
    ),
    "no rate": (of("GLM", 0, 0, 1e-2, MISSION), "<GLM> needs a failure rate above 0, not 0"),
    "negative repair": (of("GLM", 0, 1e-4, -1, MISSION), "<GLM> needs a repair rate from 0, not -1"),
    "scale": (of("Weibull", 0, 1, 0, MISSION), "<Weibull> needs a scale above 0, not 0"),
    "shape": (of("Weibull", 9, -1, 0, MISSION), "<Weibull> needs a shape above 0, not -1"),
    "shift": (of("Weibull", 9, 1, -1, MISSION), "<Weibull> needs a time shift from 0, not -1"),
    "tests": (of("periodic-test", 1e-4, 0, 5, MISSION), "needs a time between tests above 0, not 0"),
    "three parts": (of("periodic-test", 1e-4, 10, 5), "<periodic-test> has 4 or 5 or 11 parts, not 3"),
    "long test": (
        of("periodic-test", 1e-4, 1e-4, 0.1, 10, 5, 0.1, 20, '<bool value="1"/>', 0.1, 0.1, MISSION),
        "needs tests no longer than the time between, not 20, 10",
    ),
    "reversed": (of("uniform-deviate", 0.9, 0.1), "needs a low end below the high one, not 0.9, 0.1"),
    "sigma": (of("normal-deviate", 0.1, -1), "<normal-deviate> needs a standard deviation above 0, not -1"),
    "two-part sigma": (of("lognormal-deviate", -7, 0), "needs a standard deviation above 0"),
    "error factor": (of("lognormal-deviate", 0.1, 0.5, 0.95), "needs an error factor above 1, not 0.5"),
    "level": (of("lognormal-deviate", 0.1, 3, 95), "needs a confidence level between 0 and 1, not 95"),
    "mean": (of("lognormal-deviate", 0, 3, 0.95), "<lognormal-deviate> needs a mean above 0, not 0"),
    "gamma": (of("gamma-deviate", -2, -0.01), "<gamma-deviate> needs a shape above 0, not -2"),
    "gamma scale": (of("gamma-deviate", 2, 0), "<gamma-deviate> needs a scale above 0, not 0"),
    "beta": (of("beta-deviate", 1, 0), "<beta-deviate> needs a second shape above 0, not 0"),
    "bins": (of("histogram", 0, of("bin", 0.2, 1), of("bin", 0.1, 3)), "needs ends of bins that grow"),
    "weights": (of("histogram", 0, of("bin", 0.2, -1)), "needs weights from 0 that are not all 0"),
    "half a bin": (of("histogram", 0, of("bin", 0.2, 1), 0.3), "<histogram> has 3 or more parts, not 4"),
    "division": (of("div", 1, 0), "<div> needs divisors but 0, not 1, 0"),
    "modulo": (of("mod", 1, 0.5), "<mod> needs a second whole number but 0, not 0.5"),
    "power of zero": (of("pow", 0, 0), "<pow> needs a power above 0 for the base 0"),
    "root": (of("pow", -2, 0.5), "<pow> needs a base from 0, not -2, 0.5"),
    "square root": (of("sqrt", -2), "<sqrt> needs a number from 0, not -2"),
    "logarithm": (of("log", 0), "<log> needs a number above 0, not 0"),
    "arc": (of("acos", 1.1), "<acos> needs a number from -1 to 1, not 1.1"),
    "overflow": (of("exp", 1e6), "<exp> of 1000000 can't be worked out or is not finite"),
    "over one": (of("mul", 1e-3, MISSION), "a probability is a number from 0 to 1, not 8.76"),
    "underscore": ('<float value="1_0e-2"/>', "<float> needs a value that is a finite number, not '1_0e-2'"),
    "other digits": ('<float value="٠.١"/>', "<float> needs a value that is a finite number"),
    "infinite": ('<float value="INF"/>', "<float> needs a value that is a finite number, not 'INF'"),
    "too large": ('<float value="1e999"/>', "'1e999' is no finite number"),
    "too small": ('<float value="-1.0E-400"/>', "'-1.0E-400' is below the smallest number here"),
    "half an int": ('<int value="0.5"/>', "<int> needs a value that is a whole number, not '0.5'"),
    "bool": ('<bool value="yes"/>', "<bool> needs the value true or false, not 'yes'"),
    "unknown": (of("foo", of("bin", 1, 2)), "<foo> is not read here"),
    "functions": (of("extern-function", 1), "<extern-function> is not read here"),
    "case": (of("switch", of("case", 1), 2), "<case> has a condition and a value"),
    "no default": (of("switch", of("case", 1, 2)), "<switch> has cases, and after them"),
    "two": (float_(0.1) + float_(0.2), "2 probabilities; give it one"),
}


@pytest.mark.parametrize("case", OUTSIDE)
def test_what_lies_outside_the_domain_is_refused_in_the_name_of_the_event(capsys, tmp_path, case):
    expression, words = OUTSIDE[case]
    said = refused(capsys, tmp_path, only(expression))
    assert "basic event 'e': " in said
    assert words in said


def test_every_domain_is_held_at_the_mission_time_too():
    later = of("GLM", of("div", MISSION, 100), 1e-4, 0, MISSION)
    tree_ = parse_open_psa(only(later))
    assert solve(tree_).probability(hours=50)[0] == pytest.approx(1 - 0.5 * math.exp(-0.005))
    with pytest.raises(BadInput, match="'e': <GLM> needs a probability to fail on demand from 0 to 1, not 2"):
        solve(tree_).probability(hours=200)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.lists(st.floats(-1e3, 1e3), min_size=0, max_size=11))
def test_any_numbers_make_a_finite_value_or_are_refused(kind, numbers):
    with contextlib.suppress(BadInput):
        found = combined(kind, [constant(one) for one in numbers])
        assert Expressed("x", combined("mul", [found, constant(0)])).at(1)[0] == 0


@pytest.mark.parametrize("hours", [10.0, 500.0, 730.0, 731.0, 5000.0, 8760.0])
@pytest.mark.parametrize("rate", [1e-6, 1e-3])
def test_a_tested_part_is_down_as_stepping_through_its_periods_says(rate, hours):
    """The five-part form against small steps of its differential equations."""
    repair, between, first, step = 0.02, 730.0, 100.0, 0.25
    works, hidden, repaired = 1.0, 0.0, 0.0
    leave, back = -math.expm1(-rate * step), -math.expm1(-repair * step)
    for i in range(round(hours / step)):
        since = i * step - first
        if since >= 0 and since % between == 0:
            hidden, repaired = 0.0, repaired + hidden
        works, hidden, repaired = (
            works * (1 - leave) + repaired * back,
            hidden + works * leave,
            repaired * (1 - back),
        )
    if hours > first and (hours - first) % between == 0:
        hidden, repaired = 0.0, repaired + hidden
    test = of("periodic-test", rate, repair, between, first, MISSION)
    assert chance(only(test), hours=hours) == pytest.approx(hidden + repaired, rel=5e-3)
    if rate == 1e-3:
        whole = of(
            "periodic-test", rate, rate, repair, between, first, 0, 1e-9, '<bool value="1"/>', 1, 0, MISSION
        )
        assert chance(only(whole), hours=hours) == pytest.approx(hidden + repaired, rel=5e-3)


def test_a_test_without_end_of_periods_takes_no_time():
    test = of("periodic-test", 1e-4, 1e-2, 1e-9, 0, MISSION)
    assert 0 < chance(only(test), hours=1e9) < 0.02


def test_weibull_lives_are_those_of_scipy():
    stats = pytest.importorskip("scipy.stats")
    for shape, shift in ((0.7, 0), (1.5, 100), (4, 900)):
        life = stats.weibull_min(shape, loc=shift, scale=1000)
        found = solve(parse_open_psa(only(of("Weibull", 1000, shape, shift, MISSION))))
        for hours in (50, 950, 3000):
            expected = (life.cdf(hours), life.sf(hours))
            assert found.probability(hours=hours) == pytest.approx(expected, rel=1e-12)


# --- the mission time and units ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "unit", "reference", "expected"),
    [
        (1e-5, "", "", 1e-5),
        (1e-5, "hours-1", "hours-1", 1e-5),
        (1e-5, "", "hours-1", 1e-5),
        (0.1, "years-1", "", 0.1 / HOURS_A_YEAR),
        (0.1, "years-1", "hours-1", 0.1 / HOURS_A_YEAR),
        (0.1, "", "years-1", 0.1 / HOURS_A_YEAR),
        (1e-5, "hours-1", "years-1", 1e-5),
        (500, "fit", "", 5e-7),
        (500, "fit", "hours-1", 5e-7),
    ],
)
@pytest.mark.parametrize(
    ("time", "years"),
    [
        (MISSION, False),
        ('<parameter name="t"/>', False),
        ('<system-mission-time unit="years"/>', True),
        ('<parameter name="y"/>', True),
    ],
)
def test_units_are_turned_into_each_other(rate, unit, reference, expected, time, years):
    label = f' unit="{reference}"' if reference else ""
    life = of("exponential", f'<parameter name="r"{label}/>', time)
    data = (parameter("r", rate, unit), parameter("t", MISSION), parameter("y", MISSION, "years"))
    if years and not (unit or reference):  # a rate without a unit goes with its time's
        expected /= HOURS_A_YEAR
    assert chance(only(life, *data), hours=1000) == pytest.approx(-math.expm1(-expected * 1000), rel=1e-12)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (of("mul", '<parameter name="h" unit="hours-1"/>', 1), "'h' is in hours and not in hours-1"),
        (of("mul", '<parameter name="d" unit="hours"/>', 1), "'d' is in demands and not in hours"),
        (of("add", '<parameter name="h"/>', '<parameter name="r"/>'), "<add> mixes hours and hours-1"),
        (
            of("exponential", '<parameter name="h"/>', MISSION),
            "<exponential> has hours where it needs hours-1",
        ),
        (of("mul", '<parameter name="h" unit="days"/>', 1), "'h' has the unit 'days'; use one of hours,"),
    ],
)
def test_units_that_do_not_go_together_are_refused(capsys, tmp_path, expression, words):
    data = (parameter("h", 24, "hours"), parameter("r", 1, "years-1"), parameter("d", 1, "demands"))
    assert words in refused(capsys, tmp_path, only(expression, *data))


def test_a_parameter_that_nothing_uses_is_held_against_its_domain_too(capsys, tmp_path):
    said = refused(capsys, tmp_path, only(0.1, parameter("spare", of("uniform-deviate", 2, 1))))
    assert "parameter 'spare': <uniform-deviate> needs a low end below" in said


def test_parameters_are_functions_of_the_mission_time(capsys, tmp_path):
    """As in SCRAM's BSCU and HIPPS: a parameter that is or holds the mission time, shared by events."""
    content = model(
        tree(gate("top", of("and", ref("a"), ref("b")))),
        data=event("a", of("exponential", 1e-5, '<parameter name="t"/>'))
        + event("b", '<parameter name="p"/>')
        + parameter("t", MISSION)
        + parameter("p", of("mul", 0.5, of("exponential", 1e-5, '<parameter name="t"/>'))),
    )
    solved = solve(parse_open_psa(content))
    for hours in (0, 10, 8760, 5, 1e7):
        life = -math.expm1(-1e-5 * hours)
        assert solved.probability(hours=hours)[0] == pytest.approx(0.5 * life**2, rel=1e-12)
    (tmp_path / "m.xml").write_bytes(content)
    assert main(["fta", str(tmp_path / "m.xml")]) == 2
    assert "'a' depends on the mission time" in capsys.readouterr().err


@pytest.mark.parametrize(
    "life", [of("exponential", 1e-6, MISSION), of("Weibull", 9, 1, 0, MISSION), of("div", MISSION, 1e9)]
)
def test_no_mission_time_where_one_is_needed_is_asked_for(capsys, tmp_path, life):
    (tmp_path / "m.xml").write_bytes(only(life))
    assert main(["fta", str(tmp_path / "m.xml")]) == 2
    assert "--hours" in capsys.readouterr().err
    # Not where the top does not ask for the event, nor where there is a long run.
    beside = model(tree(gate("top", ref("x")), event("x", 0.25), event("e", life)))
    (tmp_path / "m.xml").write_bytes(beside)
    assert answered(capsys, [tmp_path / "m.xml"], "--importance")["probability"] == 0.25
    (tmp_path / "m.xml").write_bytes(only(of("GLM", 0, 1e-3, 1e-1, MISSION)))
    assert answered(capsys, [tmp_path / "m.xml"])["probability"] == pytest.approx(1 / 101)


# --- common causes -----------------------------------------------------------------------------------------


def group(kind, members, factors, whole=0.1, more="", name="g"):
    """A group; factors are (level or None, value)."""
    inside = "".join(
        f"<factor{'' if level is None else f' level={chr(34)}{level}{chr(34)}'}>{float_(value)}</factor>"
        for level, value in factors
    )
    members = of("members", *(ref(one) for one in members))
    whole = "" if whole is None else of("distribution", whole)
    return (
        f'<define-CCF-group name="{name}" model="{kind}">{members}<factors>{inside}</factors>{whole}{more}'
        "</define-CCF-group>"
    )


def pumps(*groups, formula="and", members="abc", data=""):
    return model(tree(gate("top", of(formula, *(ref(one) for one in members))), *groups), data=data)


@pytest.mark.parametrize(
    ("kind", "factors", "shares"),
    [
        ("beta-factor", [(3, 0.2)], {1: 0.8, 3: 0.2}),
        ("MGL", [(2, 0.2), (3, 0.3)], {1: 0.8, 2: 0.5 * 0.2 * 0.7, 3: 0.06}),
        ("MGL", [(2, 0.2)], {1: 0.8, 2: 0.1}),
        ("alpha-factor", [(1, 0.9), (2, 0.08), (3, 0.02)], {1: 0.9 / 1.12, 2: 0.08 / 1.12, 3: 0.06 / 1.12}),
        ("phi-factor", [(1, 0.7), (2, 0.2), (3, 0.1)], {1: 0.7, 2: 0.2, 3: 0.1}),
    ],
)
def test_factors_go_by_their_level(kind, factors, shares):
    expected = CommonCause("g", tuple("abc"), tuple(value for _, value in factors), kind)
    assert expected.shares() == pytest.approx(shares)
    for order in (factors, factors[::-1], [(None, value) for _, value in factors]):
        assert parse_open_psa(pumps(group(kind, "abc", order))).common_causes == (expected,)


@pytest.mark.parametrize(
    ("kind", "members", "factors", "expected"),
    [  # SCRAM 0.16 with --ccf
        ("MGL", "abc", [(3, 0.2), (2, 0.1)], 0.00383586),
        ("MGL", "abc", [(2, 0.1)], 0.0021294),
        ("alpha-factor", "abc", [(1, 0.9), (2, 0.08), (3, 0.02)], 0.00770212),
        ("alpha-factor", "abcd", [(1, 0.7), (2, 0.1), (3, 0.1)], 0.00304381),
        ("phi-factor", "abc", [(1, 0.7), (2, 0.2), (3, 0.1)], 0.0154851),
        ("beta-factor", "abc", [(3, 0.2)], 0.0205018),
        ("alpha-factor", "ab", [(1, 0.95), (2, 0.05)], 0.0176318),
        ("phi-factor", "ab", [(1, 0.9), (2, 0.1)], 0.018019),
    ],
)
def test_common_causes_are_those_of_scram(kind, members, factors, expected):
    assert chance(pumps(group(kind, members, factors), members=members)) == pytest.approx(expected, rel=1e-5)


def test_what_is_written_is_what_other_readers_of_the_format_take():
    group_of_two = CommonCause("g", ("a", "b"), (0.9, 0.1), "alpha-factor")
    tree = FaultTree("t", {"t": OR("u"), "u": AND("a", "b")}, {"a": 0.1, "b": 0.1}, {}, (group_of_two,))
    text = open_psa_as_text(tree)
    assert parse_open_psa(text.encode()) == tree
    root = ET.fromstring(text)
    assert " " not in root.find("define-fault-tree").get("name")
    assert [one.get("level") for one in root.iter("factor")] == ["1", "2"]
    assert root.find(".//define-basic-event") is None  # the group defines its members
    assert [one.tag for one in root.find(".//define-gate[@name='t']")] == ["gate"]


def test_common_causes_follow_the_mission_time():
    life = of("exponential", 1e-4, MISSION)
    solved = solve(parse_open_psa(pumps(group("beta-factor", "ab", [(2, 0.1)], life), members="ab")))
    for hours in (10, 1000):
        whole = -math.expm1(-1e-4 * hours)
        alone, together = 0.9 * whole, 0.1 * whole
        expected = together + (1 - together) * alone**2
        assert solved.probability(hours=hours)[0] == pytest.approx(expected, rel=1e-12)


GROUPS = {
    "level of beta": (
        group("beta-factor", "abc", [(2, 0.2)]),
        "beta-factor of 3 members has a factor of level 3",
    ),
    "level twice": (group("MGL", "abc", [(2, 0.2), (2, 0.3)]), "the factor of level 2 is given twice"),
    "level missing": (group("MGL", "abc", [(3, 0.2)]), "the factor of level 2 is missing"),
    "level too high": (group("MGL", "abc", [(2, 0.2), (4, 0.3)]), "level from 2 to 3, not of 4"),
    "level too low": (group("MGL", "abc", [(1, 0.2), (2, 0.3)]), "level from 2 to 3, not of 1"),
    "no level": (group("MGL", "abc", [("two", 0.2)]), "level of a factor is a whole number, not 'two'"),
    "one factor more": (group("beta-factor", "abc", [(3, 0.2), (None, 0.2)]), "not of 4"),
    "no factors": (group("MGL", "abc", []), "it has no factors"),
    "negative": (group("MGL", "abc", [(2, -0.1)]), "factors lie between 0 and 1"),
    "phi": (group("phi-factor", "abc", [(1, 0.5), (2, 0.2)]), "phi-factors add up to 1, not 0.7"),
    "unknown": (group("gamma-factor", "abc", [(1, 0.5)]), "there is no model 'gamma-factor'"),
    "member twice": (group("MGL", "aba", [(2, 0.2)]), "'a' is a member twice"),
    "one member": (group("MGL", "a", [(2, 0.2)]), "level from 2 to 1"),
    "group twice": (group("MGL", "abc", [(2, 0.2)]) * 2, "'g' is defined twice"),
    "two groups": (
        group("MGL", "abc", [(2, 0.2)]) + group("MGL", "cd", [(2, 0.2)], name="h"),
        "shares a member with another group",
    ),
    "own probability": (
        group("MGL", "abc", [(2, 0.2)]) + event("a", 0.5),
        "'a' has a probability of its own",
    ),
    "no probability": (group("MGL", "abc", [(2, 0.2)], ""), "its distribution is empty"),
    "two probabilities": (
        group("MGL", "abc", [(2, 0.2)], more=of("distribution", 0.3)),
        "it has two distributions",
    ),
    "over one": (group("MGL", "abc", [(2, 0.2)], 1.5), "a probability is a number from 0 to 1, not 1.5"),
}


@pytest.mark.parametrize("case", GROUPS)
def test_groups_that_make_no_sense_are_refused_by_name(capsys, tmp_path, case):
    inside, words = GROUPS[case]
    said = refused(capsys, tmp_path, pumps(inside))
    assert words in said
    assert "'g'" in said or "'h'" in said


def test_members_may_be_defined_with_the_same_probability_or_none(capsys, tmp_path):
    alone = chance(pumps(group("MGL", "abc", [(2, 0.2), (3, 0.1)])))
    defined = group("MGL", "abc", [(2, 0.2), (3, 0.1)]) + event("a", 0.1) + event("b")
    assert chance(pumps(defined)) == alone
    own = group("MGL", "abc", [(2, 0.2), (3, 0.1)], None) + "".join(event(one, 0.1) for one in "abc")
    assert chance(pumps(own)) == alone
    (tmp_path / "m.xml").write_bytes(pumps(group("MGL", "abc", [(2, 0.2)])))
    assert "no factor of level 3: read as 0" in answered(capsys, [tmp_path / "m.xml"])["remarks"][0]


# --- scopes, formulas, files -------------------------------------------------------------------------------


def component(name, *inside, role=""):
    role = f' role="{role}"' if role else ""
    return f'<define-component name="{name}"{role}>{"".join(inside)}</define-component>'


def test_private_names_hold_in_their_own_component_and_by_path_elsewhere():
    def train(name, pump, motor):
        down = gate("down", of("or", ref("pump"), ref("motor")))
        return component(name, down, event("pump", pump), event("motor", motor), role="private")

    top = gate("top", of("and", ref("east.down", "gate"), ref("plant.west.down", "gate")))
    plant = model(tree(top, train("east", 0.1, 0.2), train("west", 0.3, 0.4), name="plant"))
    assert chance(plant) == pytest.approx((1 - 0.9 * 0.8) * (1 - 0.7 * 0.6))
    assert set(parse_open_psa(plant).events) == {
        f"plant.{side}.{part}" for side in ("east", "west") for part in ("pump", "motor")
    }
    assert chance(plant, top="plant.east.down") == pytest.approx(0.28)


def test_the_nearer_of_two_names_is_meant():
    down = gate("down", of("and", ref("y"), ref("x", "event")))
    inner = component("c", down, event("x", 0.9, "private"), event("y", 0.5))
    top = gate("top", of("or", ref("c.down", "gate"), ref("x")))
    assert chance(model(tree(top, inner, event("x", 0.1)))) == pytest.approx(1 - (1 - 0.45) * 0.9)
    inner = component("c", gate("down", ref("x")), event("x", '<parameter name="p"/>'), parameter("p", 0.5))
    inner = inner.replace('<define-parameter name="p"', '<define-parameter role="private" name="p"')
    outer = tree(gate("top", of("and", ref("c.down", "gate"), ref("z"))), inner)
    both = model(outer, data=event("z", '<parameter name="p"/>') + parameter("p", 0.2))
    assert chance(both) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            model(tree(gate("top", ref("pump")), component("c", event("pump", 0.1), role="private"))),
            "'top' names 'pump', which is not defined",
        ),
        (model(tree(gate("t", ref("x", "gate")), event("x", 0.1))), "as a gate, and it is a basic"),
        (model(tree(gate("t", ref("x")), event("x", 0.1) * 2)), "<define-basic-event> 'x' is defined twice"),
        (model(tree(gate("t", ref("x")), event("x", 0.1)), tree(name="f")), "'f' is defined twice; rename"),
        (model(tree(gate("t", ref("x"))), data=event("x", 0.1, "private")), "'x' is private and stands in"),
        (model(tree(gate("t", ref("x")), event("x", 0.1, "secret"))), "role 'secret'; use public or private"),
        (model(tree(gate("t", ref("x")), event("x", 0.1), "<foo><bar/></foo>")), "<foo> in <define-fault"),
        (model(more="<define-event-tree name='leak'/>"), "no <define-gate>, only <define-event-tree> 'leak'"),
        (
            model(tree(gate("t", ref("x")), event("x", 0.1)), more="<define-substitution name='s'/>"),
            "<define-substitution> 's' replaces events",
        ),
        (
            b'<opsa-mef xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="b.xml"/></opsa-mef>',
            "<xi:include> of 'b.xml' is not followed; remove it, and give both files",
        ),
        (model(tree(gate("t", '<event name="x" type="valve"/>'), event("x", 0.1))), "the type 'valve'"),
        (model(tree(gate("t", '<constant value="on"/>'))), "<constant> needs the value true or false"),
        (model(tree(gate("t", of("xor", ref("x"))), event("x", 0.1))), "'xor' has 2 inputs, not 1"),
        (
            model(tree(gate("t", f'<atleast min="1.0">{ref("x")}</atleast>'), event("x", 0.1))),
            "<atleast> needs min, a whole number",
        ),
        (
            model(tree(gate("t", f'<atleast min="1_0">{ref("x")}</atleast>'), event("x", 0.1))),
            "<atleast> needs min, a whole number",
        ),
    ],
)  # fmt: skip
def test_scopes_and_formulas_that_make_no_sense_are_refused(capsys, tmp_path, content, words):
    assert words in refused(capsys, tmp_path, content)


def test_spaces_around_names_and_numbers_do_not_count():
    content = model(
        tree(
            gate(" top", of("and", ref("left ", "gate"), ref("c"))),
            gate("left", of("or", ref(" a"), ref("b"))),
        ),
        data=event("a ", '<float value=" 0.1 "/>') + event("\tb", 0.2) + event("c", 0.3),
    )
    assert chance(content) == pytest.approx(0.28 * 0.3)


X, Y, Z = (ref(one) for one in "xyz")
FORMULAS = {
    "xor of three is odd parity": (of("xor", X, Y, Z), 0.404),
    "constants": (of("or", of("and", X, '<constant value="true"/>'), '<constant value="false"/>', Y), 0.28),
    "exactly one": (f'<cardinality min="1" max="1">{X}{Y}{Z}</cardinality>', 0.398),
    "none to two": (f'<cardinality min="0" max="2">{X}{Y}{Z}</cardinality>', 1 - 0.006),
    "any number": (of("and", X, f'<cardinality min="0" max="2">{Y}{Z}</cardinality>'), 0.1),
    "house event without a constant": (of("or", X, of("and", Y, ref("h", "house-event"))), 0.1),
    "typed": (of("and", '<event name="x" type="basic-event"/>', Y), 0.02),
}


@pytest.mark.parametrize("case", FORMULAS)
def test_formulas(case):
    formula, expected = FORMULAS[case]
    data = event("x", 0.1) + event("y", 0.2) + event("z", 0.3) + '<define-house-event name="h"/>'
    assert chance(model(tree(gate("top", formula)), data=data)) == pytest.approx(expected)


def test_a_house_event_that_is_called_true_stays_what_it_is():
    formula = of("or", '<constant value="true"/>', ref("true", "house-event"))
    named = '<define-house-event name="true"><constant value="false"/></define-house-event>'
    assert parse_open_psa(model(tree(gate("top", formula)), data=named)).house == {
        "true": False,
        "true'": True,
    }


def test_a_tree_without_probabilities_gives_its_cut_sets(capsys, tmp_path):
    formula = of("or", X, of("and", Y, Z))
    content = model(tree(gate("top", formula), event("x"), event("y", 0.5), event("z")))
    (tmp_path / "m.xml").write_bytes(content)
    found = answered(capsys, [tmp_path / "m.xml"], "--path-sets", "5")
    assert (found["probability"], found["minimal_cut_sets"]) == (None, 2)
    assert found["cut_sets"] == [
        {"events": ["x"], "probability": None},
        {"events": ["y", "z"], "probability": None},
    ]
    assert [one["events"] for one in found["path_sets"]] == [["x", "y"], ["x", "z"]]
    assert "'x' has no probability" in found["remarks"][0]
    assert main(["fta", str(tmp_path / "m.xml")]) == 0
    assert "no probability" in capsys.readouterr().out
    assert "'x' has no probability" in refused(capsys, tmp_path, content, "--importance")


def test_what_stands_beside_the_fault_tree_is_left_out_and_named(capsys, tmp_path):
    beside = (
        '<define-initiating-event name="leak" event-tree="after"/><define-event-tree name="after">'
        '<define-functional-event name="alarm"/></define-event-tree>'
    )
    (tmp_path / "m.xml").write_bytes(
        model(tree(gate("top", of("or", X, Y)), event("x", 0.1), event("y", 0.2)), more=beside)
    )
    found = answered(capsys, [tmp_path / "m.xml"], "--top", "top")
    assert found["probability"] == pytest.approx(0.28)
    assert found["remarks"] == [
        "Left out, for no fault tree needs it: <define-initiating-event> 'leak', <define-event-tree> 'after'."
    ]


def test_several_files_make_one_model(capsys, tmp_path):
    first, second = tmp_path / "a.xml", tmp_path / "b.xml"
    first.write_bytes(model(tree(gate("top", of("or", X, Y)))))
    second.write_bytes(model(data=event("x", 0.1) + event("y", 0.2)))
    for paths in ((first, second), (second, first)):
        assert answered(capsys, paths)["probability"] == pytest.approx(0.28)
    assert main(["fta", str(first)]) == 2
    assert main(["fta", str(first), str(second), str(second)]) == 2
    assert "'x' is defined twice" in capsys.readouterr().err
    assert main(["fta", str(tmp_path / "a.yaml"), str(second)]) == 2
    assert "stands alone" in capsys.readouterr().err


# --- the command's other doors -----------------------------------------------------------------------------


def test_the_command_gives_the_range_of_the_top(capsys, tmp_path):
    content = only(of("uniform-deviate", 0.1, 0.3))
    (tmp_path / "m.xml").write_bytes(content)
    found = answered(capsys, [tmp_path / "m.xml"], "--uncertainty", "20000")["uncertainty"]
    assert found == answered(capsys, [tmp_path / "m.xml"], "--uncertainty", "20000")["uncertainty"]
    assert (found["samples"], found["seed"]) == (20000, 0)
    for name, expected in (("mean", 0.2), ("low", 0.11), ("median", 0.2), ("high", 0.29)):
        assert found[name] == pytest.approx(expected, abs=0.005)
        assert len(repr(found[name])) <= 6  # no more digits than 20,000 samples carry
    other = answered(capsys, [tmp_path / "m.xml"], "--uncertainty", "20000", "--seed", "1")["uncertainty"]
    assert {**found, "seed": 1} != other
    assert main(["fta", str(tmp_path / "m.xml"), "--uncertainty", "100"]) == 0
    assert "90 % of 100 samples from 0.1" in capsys.readouterr().out
    assert "from 20 to 1,000,000" in refused(capsys, tmp_path, content, "--uncertainty", "5")
    assert "nothing to sample" in refused(capsys, tmp_path, only(0.1), "--uncertainty", "50")
    assert "--seed is a whole number from 0" in refused(capsys, tmp_path, content, "--seed", "-1")


def test_path_sets_are_those_of_the_mission_time(capsys, tmp_path):
    life = of("exponential", 1e-3, MISSION)
    content = model(
        tree(gate("top", of("or", X, of("and", Y, Z))), event("x", life), event("y", 0.2), event("z", 0.5))
    )
    (tmp_path / "m.xml").write_bytes(content)
    found = answered(capsys, [tmp_path / "m.xml"], "--path-sets", "1", "--hours", "100")
    assert found["minimal_path_sets"] == 2
    assert found["path_sets"] == [{"events": ["x", "y"], "probability": pytest.approx(math.exp(-0.1) * 0.8)}]
    assert "--path-sets is a whole number" in refused(capsys, tmp_path, content, "--path-sets", "-1")
    negated = model(tree(gate("top", of("not", X)), event("x", 0.1)))
    assert "path sets need a tree of and, or" in refused(capsys, tmp_path, negated, "--path-sets", "1")


def test_trees_are_written_as_they_are_read(capsys, tmp_path):
    lines = tmp_path / "dark.txt"
    lines.write_text("dark = grid and (lamp or torch)\ngrid = 0.01\nlamp = 0.1\ntorch = 0.5\n")
    xml, again = tmp_path / "dark.xml", tmp_path / "again.tree"
    first = answered(capsys, [lines], "--write", str(xml))
    second = answered(capsys, [xml], "--write", str(again))
    third = answered(capsys, [again])
    assert first["probability"] == pytest.approx(0.01 * 0.55)
    for found in (first, second, third):
        del found["seconds"]
    assert first == second == third
    assert main(["fta", str(lines), "--write", str(tmp_path / "dark.pdf")]) == 2
    assert "ends in .xml or .txt" in capsys.readouterr().err
    assert main(["fta", str(lines), "--write", str(tmp_path / "absent" / "dark.xml")]) == 2
    lines.write_text("dark = grid or\n")
    assert main(["fta", str(lines)]) == 2
    assert "dark.txt, line 1 isn't" in capsys.readouterr().err


def test_a_plain_life_is_read_as_one():
    events = parse_open_psa(only(of("exponential", 1e-4, MISSION))).events
    assert events == {"e": Exponential(1e-4)}

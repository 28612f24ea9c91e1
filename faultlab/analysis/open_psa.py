"""Read fault trees in the Open-PSA model exchange format: safely, and whole or not at all.

Open-PSA Initiative, Model Exchange Format 2.0d. Read are fault trees (with components inside), gates of
every kind, house events, basic events, parameters, common cause groups (beta-factor, MGL) and the
probabilities: constants, arithmetic, exponential, Weibull, and GLM (repairable).
"""

import math
import xml.etree.ElementTree as ET
from pathlib import Path
from xml.parsers import expat

from faultlab.analysis.common_cause import CommonCause
from faultlab.analysis.event_models import Constant, Exponential, Repairable, Weibull
from faultlab.analysis.fault_tree import FaultTree
from faultlab.analysis.gates import KINDS, Gate
from faultlab.errors import BadInput

MOST_BYTES = 50_000_000
MOST_DEPTH = 200
NAMED = {"gate", "basic-event", "house-event", "event"}
IGNORED = {"label", "attributes"}


def read_open_psa(path, top=None):
    """Read a fault tree.

    Parameters
    ----------
    path : str or Path
        An XML file.
    top : str, optional
        The gate to take as the top; without it the one gate that stands under no other.

    Returns
    -------
    FaultTree

    Raises
    ------
    BadInput
        With the name of the thing and the remedy: entities or a document type, XML that does not parse,
        a file that is too large, a name that is not defined or defined twice, several tops, ...

    Notes
    -----
    Names are global here: two fault trees of a file can't define the same name.
    """
    path = Path(path)
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise BadInput(f"{path.name} has over {MOST_BYTES // 1_000_000} MB; split the model.")
    return parse_open_psa(path.read_bytes(), path.name, top)


def parse_open_psa(text, name="the model", top=None):
    """Read a fault tree from the bytes of an XML document; see `read_open_psa`."""
    _refuse_unsafe(text, name)
    root = ET.fromstring(text)
    try:
        return _tree(root, top)
    except BadInput as wrong:
        raise BadInput(f"{name}: {wrong}") from None


def _refuse_unsafe(text, name):
    """Parse once with expat alone: no document type (so no entities) and no endless nesting."""
    parser = expat.ParserCreate()
    depth = 0

    def start_doctype(*_):
        raise BadInput(
            f"{name} declares a document type or entities; remove the <!DOCTYPE> and what it holds."
        )

    def start(*_):
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            raise BadInput(f"{name} nests elements over {MOST_DEPTH} deep; name the inner gates instead.")

    def end(_):
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = start_doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(text, True)
    except expat.ExpatError as wrong:
        raise BadInput(f"{name} is not XML that can be read ({wrong}); save it as Open-PSA XML.") from None
    except (ValueError, LookupError) as wrong:
        if isinstance(wrong, BadInput):
            raise
        raise BadInput(f"{name} is not XML that can be read ({wrong}); save it as UTF-8.") from None


def _tree(root, top):
    if root.tag != "opsa-mef":
        raise BadInput(f"the root is <{root.tag}>, not <opsa-mef>; is this an Open-PSA model?")
    found = {"define-gate": {}, "define-basic-event": {}, "define-house-event": {}, "define-parameter": {}}
    groups, waiting = [], [root]
    while waiting:
        for element in waiting.pop():
            tag = element.tag
            if tag in found:
                one = _named(element)
                if one in found[tag]:
                    raise BadInput(f"<{tag}> {one!r} is defined twice; remove one.")
                found[tag][one] = element
            elif tag in ("define-fault-tree", "define-component", "model-data"):
                waiting.append(element)
            elif tag == "define-CCF-group":
                groups.append(element)
            elif tag not in IGNORED:
                raise BadInput(f"<{tag}> is not read here; keep fault trees and model data only.")
    if not found["define-gate"]:
        raise BadInput("there is no <define-gate>; a fault tree needs at least one gate.")
    reader = _Expressions(found["define-parameter"])
    events = {one: reader.model(one, element) for one, element in found["define-basic-event"].items()}
    causes = tuple(_common_cause(element, reader, events) for element in groups)
    gates = {one: _gate(one, element) for one, element in found["define-gate"].items()}
    house = {one: _house(one, element) for one, element in found["define-house-event"].items()}
    return FaultTree(top or _only_top(gates), gates, events, house, causes)


def _only_top(gates):
    used, waiting = set(), list(gates.values())
    while waiting:
        for one in waiting.pop().inputs:
            if isinstance(one, Gate):
                waiting.append(one)
            else:
                used.add(one)
    tops = [name for name in gates if name not in used]
    if not tops:
        raise BadInput("every gate stands under another, so the gates go in a circle; break it.")
    if len(tops) > 1:
        shown = ", ".join(repr(one) for one in tops[:5]) + (", ..." if len(tops) > 5 else "")
        raise BadInput(f"{len(tops)} gates stand under no other ({shown}); name the top, or remove the rest.")
    return tops[0]


def _named(element):
    name = element.get("name")
    if not name:
        raise BadInput(f"a <{element.tag}> has no name; give it one.")
    return name


def _contents(element):
    return [child for child in element if child.tag not in IGNORED]


def _gate(name, element):
    inside = _contents(element)
    if len(inside) != 1:
        raise BadInput(f"gate {name!r} holds {len(inside)} formulas; give it one.")
    formula = _formula(name, inside[0])
    # A gate that only passes on another name is an OR of one.
    return formula if isinstance(formula, Gate) else Gate("or", (formula,))


def _formula(name, element):
    tag = element.tag
    if tag in NAMED:
        return _named(element)
    if tag == "constant":
        raise BadInput(f"gate {name!r} holds a constant; define a house event for it.")
    if tag not in KINDS:
        raise BadInput(f"gate {name!r} holds <{tag}>, which is no gate; use one of {', '.join(KINDS)}.")
    inputs = tuple(_formula(name, child) for child in _contents(element))
    k = None
    try:
        if tag == "atleast":
            k = int(element.get("min", ""))
        return Gate(tag, inputs, k)
    except BadInput as wrong:
        raise BadInput(f"gate {name!r}: {wrong}") from None
    except ValueError:
        raise BadInput(f"gate {name!r}: <atleast> needs min, a whole number.") from None


def _house(name, element):
    inside = _contents(element)
    value = inside[0].get("value") if len(inside) == 1 and inside[0].tag == "constant" else None
    if value not in ("true", "false"):
        raise BadInput(f'house event {name!r} needs <constant value="true"/> or false.')
    return value == "true"


def _common_cause(element, reader, events):
    name = _named(element)
    model = element.get("model")
    if model not in ("beta-factor", "MGL"):
        raise BadInput(f"CCF group {name!r} has the model {model!r}; use beta-factor or MGL.")
    members = tuple(_named(child) for child in element.findall("members/basic-event"))
    factors = tuple(
        reader.number(name, expression)
        for factor in element.iter("factor")
        for expression in _contents(factor)
    )
    group = CommonCause(name, members, factors, model)
    shared = element.find("distribution")
    if shared is not None:
        for member in members:
            events[member] = reader.model(member, shared)
    return group


class _Expressions:
    """Reads expressions; parameters are looked up by name and may not go in a circle."""

    def __init__(self, parameters):
        self.parameters = parameters
        self.known = {}
        self.open = []

    def model(self, name, element):
        """The model of a basic event."""
        inside = _contents(element)
        if len(inside) != 1:
            raise BadInput(f"basic event {name!r} has {len(inside)} probabilities; give it one.")
        one = inside[0]
        parts = _contents(one)
        try:
            if one.tag == "exponential" and len(parts) == 2 and parts[1].tag == "system-mission-time":
                return Exponential(self.number(name, parts[0]))
            if one.tag == "Weibull" and len(parts) == 4 and parts[3].tag == "system-mission-time":
                return Weibull(self.number(name, parts[0]), self.number(name, parts[1]))
            if one.tag == "GLM" and len(parts) == 4 and parts[3].tag == "system-mission-time":
                failure, repair = self.number(name, parts[1]), self.number(name, parts[2])
                return Repairable(1 / failure, 1 / repair)
            return Constant(self.number(name, one))
        except (BadInput, ArithmeticError, ValueError) as wrong:
            raise BadInput(f"basic event {name!r}: {wrong}") from None

    def number(self, name, element):
        """The value of an expression; a distribution counts with its mean."""
        tag, inside = element.tag, _contents(element)
        if tag in ("float", "int"):
            try:
                value = float(element.get("value", ""))
            except ValueError:
                raise BadInput(
                    f"<{tag}> needs a value that is a number, not {element.get('value')!r}."
                ) from None
            if not math.isfinite(value):
                raise BadInput(f"{element.get('value')!r} is no finite number.")
            return value
        if tag == "parameter":
            return self.parameter(_named(element))
        numbers = [self.number(name, child) for child in inside]
        if tag in ARITHMETIC and numbers:
            return ARITHMETIC[tag](numbers)
        if tag in MEANS and len(numbers) == MEANS[tag][0]:
            return MEANS[tag][1](*numbers)
        raise BadInput(f"<{tag}> with {len(inside)} parts is not read here; use a number or a known model.")

    def parameter(self, name):
        """The value of a parameter by name."""
        if name not in self.parameters:
            raise BadInput(f"parameter {name!r} is not defined; define it.")
        if name in self.open:
            raise BadInput(f"parameters go in a circle: {' > '.join([*self.open, name])}; break it.")
        if name not in self.known:
            inside = _contents(self.parameters[name])
            if len(inside) != 1:
                raise BadInput(f"parameter {name!r} has {len(inside)} values; give it one.")
            self.open.append(name)
            self.known[name] = self.number(name, inside[0])
            self.open.pop()
        return self.known[name]


def _quotient(numbers):
    value = numbers[0]
    for divisor in numbers[1:]:
        value /= divisor
    return value


ARITHMETIC = {
    "add": sum,
    "sub": lambda numbers: numbers[0] - sum(numbers[1:]),
    "mul": math.prod,
    "div": _quotient,
    "neg": lambda numbers: -numbers[0],
}

# Parts that each has, and what it comes to: a probability at a fixed time, or the mean of a distribution.
MEANS = {
    "exponential": (2, lambda rate, time: Exponential(rate).at(time)[0]),
    "Weibull": (4, lambda scale, shape, shift, time: Weibull(scale, shape).at(time - shift)[0]),
    "uniform-deviate": (2, lambda low, high: (low + high) / 2),
    "normal-deviate": (2, lambda mean, deviation: mean),
    "lognormal-deviate": (3, lambda mean, error_factor, level: mean),
    "gamma-deviate": (2, lambda shape, scale: shape * scale),
    "beta-deviate": (2, lambda alpha, beta: alpha / (alpha + beta)),
}

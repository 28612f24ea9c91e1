"""Read fault trees in the Open-PSA model exchange format: safely, and whole or not at all.

Open-PSA Initiative, Model Exchange Format 2.0d. Read are fault trees (with components inside), gates of
every kind, house events, basic events, parameters, common cause groups (beta-factor, MGL) and the
probabilities: constants, arithmetic, exponential, Weibull, and GLM (repairable).
"""

import xml.etree.ElementTree as ET
from pathlib import Path
from xml.parsers import expat

from faultlab.analysis.common_cause import CommonCause
from faultlab.analysis.fault_tree import FaultTree
from faultlab.analysis.gates import KINDS, Gate
from faultlab.analysis.open_psa_expressions import IGNORED, Expressions, contents, named
from faultlab.errors import BadInput
from faultlab.input_files import content_of

MOST_BYTES = 20_000_000
MOST_DEFINED = 30_000
MOST_DEPTH = 200
NAMED = {"gate", "basic-event", "house-event", "event"}


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
    return parse_open_psa(content_of(path, MOST_BYTES, "a model"), Path(path).name, top)


def parse_open_psa(text, name="the model", top=None):
    """Read a fault tree from the bytes of an XML document; see `read_open_psa`."""
    root = _parsed(text, name)
    try:
        return _tree(root, top)
    except BadInput as wrong:
        raise BadInput(f"{name}: {wrong}") from None


def _parsed(text, name):
    """The root element of a document without a document type (so without entities) or endless nesting."""
    parser = expat.ParserCreate()
    builder = ET.TreeBuilder()
    depth = 0

    def start_doctype(*_):
        raise BadInput(
            f"{name} declares a document type or entities; remove the <!DOCTYPE> and what it holds."
        )

    def start(tag, attributes):
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            raise BadInput(f"{name} nests elements over {MOST_DEPTH} deep; name the inner gates instead.")
        builder.start(tag, attributes)

    def end(tag):
        nonlocal depth
        depth -= 1
        builder.end(tag)

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
    return builder.close()


def _tree(root, top):
    if root.tag != "opsa-mef":
        raise BadInput(f"the root is <{root.tag}>, not <opsa-mef>; is this an Open-PSA model?")
    found = {"define-gate": {}, "define-basic-event": {}, "define-house-event": {}, "define-parameter": {}}
    groups, waiting = [], [root]
    while waiting:
        for element in waiting.pop():
            tag = element.tag
            if tag in found:
                one = named(element)
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
    defined = sum(map(len, found.values()))
    if defined > MOST_DEFINED:
        raise BadInput(
            f"{defined:,} definitions are more than the {MOST_DEFINED:,} read here; split the model."
        )
    reader = Expressions(found["define-parameter"])
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
    if not tops:  # they go in a circle, which the tree names
        return next(iter(gates))
    if len(tops) > 1:
        shown = ", ".join(repr(one) for one in tops[:5]) + (", ..." if len(tops) > 5 else "")
        raise BadInput(f"{len(tops)} gates stand under no other ({shown}); name the top, or remove the rest.")
    return tops[0]


def _gate(name, element):
    inside = contents(element)
    if len(inside) != 1:
        raise BadInput(f"gate {name!r} holds {len(inside)} formulas; give it one.")
    formula = _formula(name, inside[0])
    # A gate that only passes on another name is an OR of one.
    return formula if isinstance(formula, Gate) else Gate("or", (formula,))


def _formula(name, element):
    tag = element.tag
    if tag in NAMED:
        return named(element)
    if tag == "constant":
        raise BadInput(f"gate {name!r} holds a constant; define a house event for it.")
    if tag not in KINDS:
        raise BadInput(f"gate {name!r} holds <{tag}>, which is no gate; use one of {', '.join(KINDS)}.")
    inputs = tuple(_formula(name, child) for child in contents(element))
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
    inside = contents(element)
    value = inside[0].get("value") if len(inside) == 1 and inside[0].tag == "constant" else None
    if value not in ("true", "false"):
        raise BadInput(f'house event {name!r} needs <constant value="true"/> or false.')
    return value == "true"


def _common_cause(element, reader, events):
    name = named(element)
    model = element.get("model")
    if model not in ("beta-factor", "MGL"):
        raise BadInput(f"CCF group {name!r} has the model {model!r}; use beta-factor or MGL.")
    members = tuple(named(child) for child in element.findall("members/basic-event"))
    expressions = [one for factor in element.iter("factor") for one in contents(factor)]
    try:
        factors = tuple(reader.number(name, one) for one in expressions)
    except BadInput as wrong:
        raise BadInput(f"CCF group {name!r}: {wrong}") from None
    group = CommonCause(name, members, factors, model)
    shared = element.find("distribution")
    if shared is not None:
        for member in members:
            events[member] = reader.model(member, shared)
    return group

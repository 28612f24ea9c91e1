"""Write fault trees in the Open-PSA model exchange format."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from faultlab.analysis.engine.gates import Gate
from faultlab.analysis.fault_trees.common_cause import FIRST_LEVELS
from faultlab.analysis.fault_trees.event_models import Constant, Exponential, Repairable, Unstated, Weibull
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.analysis.fault_trees.fault_tree import FaultTree

MOST_DEPTH = 150
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def open_psa_as_text(tree: FaultTree) -> str:
    """Return a tree as an Open-PSA document that `read_open_psa` reads back to an equal tree.

    Where other gates stand under none, as the top does, the reader has to be told the top again.

    Parameters
    ----------
    tree : FaultTree

    Returns
    -------
    str

    Raises
    ------
    BadInput
        For what the format has no form for: a character, a model of events, gates nested very deep.

    Examples
    --------
    >>> from faultlab.analysis.engine import AND
    >>> from faultlab.analysis.fault_trees import FaultTree
    >>> tree = FaultTree("t", {"t": AND("a", "b")}, {"a": 0.1, "b": 0.2})
    >>> '<define-gate name="t">' in open_psa_as_text(tree)
    True
    """
    for one in (*tree.gates, *tree.events, *tree.house, *(group.name for group in tree.common_causes)):
        if not one or _NOT_XML.search(one):
            raise BadInput(f"{one!r} can't be a name in XML; rename it.")
    root = ET.Element("opsa-mef")
    inside = ET.SubElement(root, "define-fault-tree", name="fault-tree")
    # The top first: that is where readers start.
    for gate in dict.fromkeys((tree.top, *tree.gates)):
        definition = ET.SubElement(inside, "define-gate", name=gate)
        _formula(definition, tree.gates[gate], tree)
    data = ET.SubElement(root, "model-data")
    members = {member for group in tree.common_causes for member in group.members}
    for event, model in tree.events.items():
        if event not in members:  # which their group defines; other readers refuse a second definition
            _model(ET.SubElement(data, "define-basic-event", name=event), model)
    for event, given in tree.house.items():
        definition = ET.SubElement(data, "define-house-event", name=event)
        ET.SubElement(definition, "constant", value="true" if given else "false")
    for group in tree.common_causes:
        _group(root, group, tree.events)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _formula(parent, gate, tree, depth=0):
    if depth == 0 and gate.kind == "or" and len(gate.inputs) == 1 and isinstance(gate.inputs[0], str):
        _named(parent, gate.inputs[0], tree)  # an OR of one only passes it on; other readers ask for two
        return
    if depth > MOST_DEPTH:
        raise BadInput(f"a gate nests over {MOST_DEPTH} others; give the inner ones names.")
    element = ET.SubElement(parent, gate.kind, {"min": str(gate.k)} if gate.k else {})
    for one in gate.inputs:
        if isinstance(one, Gate):
            _formula(element, one, tree, depth + 1)
        else:
            _named(element, one, tree)


def _named(parent, name, tree):
    kind = "gate" if name in tree.gates else "house-event" if name in tree.house else "basic-event"
    ET.SubElement(parent, kind, name=name)


def _float(parent, value):
    ET.SubElement(parent, "float", value=repr(float(value)))


def _model(parent, model):
    if isinstance(model, Unstated):
        return
    if isinstance(model, Constant):
        _float(parent, model.probability)
        return
    if isinstance(model, Exponential):
        element = ET.SubElement(parent, "exponential")
        _float(element, model.failures_per_hour)
    elif isinstance(model, Weibull):
        element = ET.SubElement(parent, "Weibull")
        for value in (model.scale_hours, model.shape, 0.0):
            _float(element, value)
    elif isinstance(model, Repairable):
        element = ET.SubElement(parent, "GLM")
        _float(element, 0.0)
        for hours in (model.mtbf_hours, model.mttr_hours):
            quotient = ET.SubElement(element, "div")
            _float(quotient, 1.0)
            _float(quotient, hours)
    else:
        what = getattr(model, "where", "an event")
        raise BadInput(
            f"{what} has an expression for its probability, and those are not written; use a number."
        )
    ET.SubElement(element, "system-mission-time")


def _group(root, group, events):
    element = ET.SubElement(root, "define-CCF-group", name=group.name, model=group.model)
    members = ET.SubElement(element, "members")
    for member in group.members:
        ET.SubElement(members, "basic-event", name=member)
    if not isinstance(events[group.members[0]], Unstated):
        _model(ET.SubElement(element, "distribution"), events[group.members[0]])
    factors = ET.SubElement(element, "factors")
    for level, factor in enumerate(group.factors, FIRST_LEVELS[group.model] or len(group.members)):
        _float(ET.SubElement(factors, "factor", level=str(level)), factor)

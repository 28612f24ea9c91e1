"""Read fault trees in the Open-PSA model exchange format: safely, and whole or not at all.

Open-PSA Initiative, Model Exchange Format 2.0d. Read are fault trees with components and private names,
gates of every kind, house events, basic events, parameters, common cause groups, and every expression of the
format. Event trees and what belongs to them are left out, and named in the tree's remarks.
"""

from __future__ import annotations

from pathlib import Path

from faultlab.analysis.engine.diagram import collector_paused
from faultlab.analysis.engine.gates import Gate
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.analysis.open_psa.event_elements import Expressions
from faultlab.analysis.open_psa.formulas import Formulas
from faultlab.analysis.open_psa.groups import read_group
from faultlab.analysis.open_psa.scopes import Scopes
from faultlab.analysis.open_psa.xml_reader import contents, parsed, written
from faultlab.errors import BadInput
from faultlab.input_files import content_of

MOST_BYTES = 20_000_000
MOST_DEFINED = 30_000


def read_open_psa(path: str | Path, *more: str | Path, top: str | None = None) -> FaultTree:
    """Read a fault tree.

    Parameters
    ----------
    path, *more : str or Path
        XML files; what they define is one model.
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
    """
    paths = [Path(one) for one in (path, *more)]
    with collector_paused():
        documents = [(one.name, parsed(content_of(one, MOST_BYTES, "a model"), one.name)) for one in paths]
        return _tree(documents, top)


def _tree(documents, top):
    scopes = Scopes()
    for name, root in documents:
        try:
            if root.tag != "opsa-mef":
                raise BadInput(f"the root is <{root.tag}>, not <opsa-mef>; is this an Open-PSA model?")
            scopes.collect(root)
        except BadInput as wrong:
            raise BadInput(f"{name}: {wrong}") from None
    try:
        return _built(scopes, top)
    except BadInput as wrong:
        raise BadInput(f"{', '.join(name for name, _ in documents)}: {wrong}") from None


def _built(scopes, top):
    found = scopes.found
    if not found["gate"]:
        beside = f", only {scopes.beside[0]}" if scopes.beside else ""
        raise BadInput(f"there is no <define-gate>{beside}; a fault tree needs at least one gate.")
    defined = sum(map(len, found.values()))
    if defined > MOST_DEFINED:
        raise BadInput(
            f"{defined:,} definitions are more than the {MOST_DEFINED:,} read here; split the model."
        )
    remarks = []
    if scopes.beside:
        shown = ", ".join(scopes.beside[:5]) + (", ..." if len(scopes.beside) > 5 else "")
        remarks.append(f"Left out, for no fault tree needs it: {shown}.")
    reader = Expressions(scopes)
    for one in found["parameter"].values():  # those too that nothing uses
        try:
            reader.parameter(one)
        except BadInput as wrong:
            said = str(wrong)
            raise BadInput(
                said if said.startswith("parameter") else f"parameter {one.name!r}: {said}"
            ) from None
    events = {
        name: reader.model(one.element, one.base, f"basic event {name!r}")
        for name, one in found["basic-event"].items()
    }
    causes = tuple(read_group(one, scopes, reader, events, remarks) for one in found["CCF-group"].values())
    house = {name: _given(one) for name, one in found["house-event"].items()}
    formulas = Formulas(scopes, house, remarks)
    gates = {name: formulas.gate(one) for name, one in found["gate"].items()}
    if top is not None:
        named = scopes.named("gate", top, "")
        top = named.name if named else top
    return FaultTree(top or _only_top(gates), gates, events, house, causes, tuple(remarks))


def _given(definition):
    """What a house event is; one without a constant is false."""
    inside = contents(definition.element)
    if not inside:
        return False
    value = written(inside[0], "value") if len(inside) == 1 and inside[0].tag == "constant" else None
    if value not in ("true", "false", "1", "0"):
        raise BadInput(f'house event {definition.name!r} needs <constant value="true"/> or false.')
    return value in ("true", "1")


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
        said = f"{len(tops)} gates stand under no other ({shown})"
        raise BadInput(f"{said}; name the top (--top), or remove the rest.")
    return tops[0]

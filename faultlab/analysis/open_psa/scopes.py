"""What an Open-PSA model defines, and what a name means where it stands.

Public names hold in the whole model. A private one holds in its own fault tree or component, and elsewhere
by its path, as in `plant.east.pump`. Where both could be meant, the nearer one is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from faultlab.analysis.open_psa.xml_reader import IGNORED, named, written
from faultlab.errors import BadInput

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

EVENTS = {"define-gate": "gate", "define-basic-event": "basic-event", "define-house-event": "house-event"}
KINDS = {**EVENTS, "define-parameter": "parameter", "define-CCF-group": "CCF-group"}
CONTAINERS = ("define-fault-tree", "define-component", "model-data")
# Parts of a model that no fault tree needs.
BESIDE = (
    *("define-event-tree", "define-initiating-event", "define-functional-event", "define-sequence"),
    *("define-consequence", "define-consequence-group", "define-rule"),
    *("define-extern-library", "define-extern-function"),
)
# Parts that would change the tree's answer.
CHANGING = {
    "define-alignment": "changes house events from phase to phase, which is not read here",
    "define-substitution": "replaces events by others, which is not read here",
}


@dataclass(frozen=True)
class Definition:
    """One definition.

    Attributes
    ----------
    kind : str
        "gate", "basic-event", "house-event", "parameter" or "CCF-group".
    name : str
        By which the whole model knows it: its own, or the path of a private one.
    base : str
        The path of what it stands in, "" for the model's data.
    private : bool
    element : Element
    """

    kind: str
    name: str
    base: str
    private: bool
    element: ET.Element


@dataclass
class Scopes:
    """The definitions of a model by kind and name, and by kind and path.

    Attributes
    ----------
    found : dict
        From a kind to a dict from a name to its `Definition`, in the order of the files.
    beside : list of str
        What was left out, as in "<define-event-tree> 'leak'".
    """

    found: dict[str, dict[str, Definition]] = field(
        default_factory=lambda: {kind: {} for kind in KINDS.values()}
    )
    paths: dict[str, dict[str, Definition]] = field(
        default_factory=lambda: {kind: {} for kind in KINDS.values()}
    )
    containers: set = field(default_factory=set)
    beside: list = field(default_factory=list)

    def collect(self, root: ET.Element) -> None:
        """Take in the definitions of a document.

        Raises
        ------
        BadInput
            For a name or path that is defined twice, and for an element that is not read.
        """
        waiting = [(root, "", False)]
        while waiting:
            holder, base, private = waiting.pop()
            inner = []
            for element in holder:
                tag = element.tag
                if tag in KINDS:
                    self.add(KINDS[tag], named(element), base, _is_private(element, private, base), element)
                elif tag in CONTAINERS:
                    inner.append(self._container(element, base, private))
                elif tag in BESIDE and holder is root:
                    self.beside.append(f"<{tag}>" + (f" {named(element)!r}" if element.get("name") else ""))
                elif tag in CHANGING:
                    raise BadInput(f"<{tag}> {element.get('name', '')!r} {CHANGING[tag]}; remove it.")
                elif tag not in IGNORED:
                    inside = "" if holder is root else f" in <{holder.tag}> {holder.get('name', '')!r}"
                    raise BadInput(f"<{tag}>{inside} is not read here; keep fault trees and model data only.")
            waiting += reversed(inner)

    def _container(self, element, base, private):
        if element.tag == "model-data":
            return element, "", False
        if not element.get("name"):
            return element, base, private
        path = _joined(base, named(element))
        if path in self.containers:
            raise BadInput(f"<{element.tag}> {path!r} is defined twice; rename one.")
        self.containers.add(path)
        return element, path, _is_private(element, private, path)

    def add(self, kind: str, own: str, base: str, private: bool, element: ET.Element) -> Definition:
        """Take in one definition, and return it."""
        path = _joined(base, own)
        name = path if private else own
        if name in self.found[kind] or path in self.paths[kind]:
            raise BadInput(f"<define-{kind}> {name!r} is defined twice; remove one.")
        one = Definition(kind, name, base, private, element)
        self.found[kind][name] = self.paths[kind][path] = one
        return one

    def named(self, kind: str, reference: str, base: str) -> Definition | None:
        """The definition that a reference means, or None.

        Parameters
        ----------
        kind : str
            One of those above, or "event" for any kind of event.
        reference : str
            A name or a path.
        base : str
            The path of where it stands.
        """
        kinds = tuple(EVENTS.values()) if kind == "event" else (kind,)
        if base:
            for one in kinds:
                if found := self.paths[one].get(f"{base}.{reference}"):
                    return found
        for one in kinds:
            if found := self.found[one].get(reference) or self.paths[one].get(reference):
                return found
        return None

    def needed(self, kind: str, reference: str, base: str, user: str) -> Definition:
        """As `named`; what is not defined is refused in the name of its user."""
        found = self.named(kind, reference, base)
        if found is None:
            other = self.named("event", reference, base) if kind in EVENTS.values() else None
            if other:
                raise BadInput(
                    f"{user} names {reference!r} as a {kind}, and it is a {other.kind}; name it so."
                )
            raise BadInput(
                f"{user} names {reference!r}, which is not defined; define or remove it, or name the file "
                "that defines it as well."
            )
        return found


def _joined(base, name):
    return f"{base}.{name}" if base else name


def _is_private(element, inherited, base):
    role = written(element, "role")
    if role not in (None, "public", "private"):
        raise BadInput(f"{element.get('name')!r} has the role {role!r}; use public or private.")
    if role == "private" and not base:
        raise BadInput(f"{element.get('name')!r} is private and stands in no fault tree; make it public.")
    return inherited if role is None else role == "private"

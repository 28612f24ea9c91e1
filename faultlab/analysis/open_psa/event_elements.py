"""Read the expressions of an Open-PSA model, and how its basic events come about."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from faultlab.analysis.fault_trees.event_models import Constant, Exponential, Repairable, Unstated, Weibull
from faultlab.analysis.fault_trees.expression_kinds import KINDS
from faultlab.analysis.fault_trees.expressions import MISSION, Expressed, combined, constant, mission_time
from faultlab.analysis.open_psa.units import UNITS, labelled, with_units
from faultlab.analysis.open_psa.xml_reader import MOST_DEPTH, contents, named, number, written
from faultlab.errors import BadInput

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

    from faultlab.analysis.fault_trees.expressions import Expression
    from faultlab.analysis.open_psa.scopes import Definition, Scopes


class Expressions:
    """Reads the expressions of one model; parameters are looked up by name and may not go in a circle.

    Parameters
    ----------
    scopes : Scopes
    """

    def __init__(self, scopes: Scopes) -> None:
        self.scopes = scopes
        self.known: dict[str, Expression] = {}  # a parameter's expression by its name
        self.open: list[str] = []
        self.depth = 0
        self.mission = mission_time()
        self.kept: dict = {}

    def model(self, element: ET.Element, base: str, where: str) -> Expressed | Constant | Unstated:
        """The model of the event that an element describes.

        Parameters
        ----------
        element : Element
        base : str
            The path of what it stands in.
        where : str
            For messages, as in "basic event 'a'".

        Returns
        -------
        A model of an event; `Unstated` for an element that holds no expression.

        Raises
        ------
        BadInput
        """
        inside = contents(element)
        if not inside:
            return Unstated(where)
        try:
            if len(inside) > 1:
                raise BadInput(f"{len(inside)} probabilities; give it one.")
            if inside[0].tag == "float" and 0 <= (chance := number(inside[0])) <= 1:
                return Constant(chance)
            one = self.expression(inside[0], base)
            found = _known_life(one) or Expressed(where, one, self.kept)
            if not one.timed:
                chance = found.at(math.inf)[0]
                return found if one.random else Constant(chance)
        except BadInput as wrong:
            said = str(wrong)
            raise BadInput(said if said.startswith(where) else f"{where}: {said}") from None
        return found

    def expression(self, element: ET.Element, base: str) -> Expression:
        """The expression that an element is."""
        self.depth += 1
        try:
            if self.depth > MOST_DEPTH:
                raise BadInput(
                    f"parameters stand on each other over {MOST_DEPTH} deep; give numbers earlier."
                )
            return self._expression(element, base)
        finally:
            self.depth -= 1

    def _expression(self, element, base):
        tag, inside = element.tag, contents(element)
        if tag in ("float", "int", "bool"):
            return constant(number(element))
        if tag == "pi":
            return constant(math.pi)
        if tag == MISSION:
            return labelled(self.mission, written(element, "unit"), "the mission time")
        if tag == "parameter":
            return self._parameter(named(element), base, written(element, "unit"))
        if tag == "switch":
            return self._switch(inside, base)
        if tag not in KINDS:
            raise BadInput(f"<{tag}> is not read here; use a number or an expression of Open-PSA.")
        if tag == "histogram":
            inside = [one for child in inside for one in (contents(child) if child.tag == "bin" else [child])]
        parts = [self.expression(one, base) for one in inside]
        forms = [one for one in KINDS[tag] if one.least <= len(parts) <= one.most]
        parts, unit = with_units(tag, forms[0].units if forms else None, parts)
        return combined(tag, parts, unit)

    def _switch(self, inside, base):
        if not inside or any((one.tag == "case") != (one is not inside[-1]) for one in inside):
            raise BadInput("<switch> has cases, and after them what holds in no case.")
        found = self.expression(inside[-1], base)
        for case in reversed(inside[:-1]):
            if len(contents(case)) != 2:
                raise BadInput("<case> has a condition and a value.")
            found = combined("ite", [*(self.expression(one, base) for one in contents(case)), found])
        return found

    def _parameter(self, reference, base, label):
        definition = self.scopes.named("parameter", reference, base)
        if definition is None:
            raise BadInput(f"parameter {reference!r} is not defined; define it.")
        return self.parameter(definition, label)

    def parameter(self, definition: Definition, label: str | None = None) -> Expression:
        """The expression that a parameter's definition holds, in the unit of a label where there is one."""
        name, what = definition.name, f"parameter {definition.name!r}"
        if name in self.open:
            raise BadInput(f"parameters go in a circle: {' > '.join([*self.open, name])}; break it.")
        own = written(definition.element, "unit")
        if name not in self.known:
            inside = contents(definition.element)
            if len(inside) != 1:
                raise BadInput(f"{what} has {len(inside)} values; give it one.")
            self.open.append(name)
            self.known[name] = labelled(self.expression(inside[0], definition.base), own, what)
            self.open.pop()
        if own and label and own != label and UNITS.get(own, (None,))[0] is None:
            raise BadInput(f"{what} is in {own} and not in {label}; give it in one unit.")
        return labelled(self.known[name], label, what)


def _known_life(one):
    """The life of a part that an expression of the whole mission time is, or None."""
    parts = one.parts
    if not (one.timed and parts and parts[-1].name == MISSION):
        return None
    if any(part.number is None or (part.unit and part.unit.system != "hours") for part in parts[:-1]):
        return None
    numbers = [part.number for part in parts[:-1]]
    if one.name == "exponential" and numbers[0] > 0:
        return Exponential(numbers[0])
    if one.name == "Weibull" and numbers[2] == 0:
        return Weibull(*numbers[:2])
    if one.name == "GLM" and numbers[0] == 0:
        return Repairable(_inverse(parts[1]), _inverse(parts[2])) if numbers[2] else Exponential(numbers[1])
    return None


def _inverse(rate):
    """One divided by a rate; of a rate that is written as one divided by hours, those hours."""
    if rate.name == "div" and len(rate.parts) == 2 and rate.parts[0].number == 1:
        return rate.parts[1].number
    return 1 / rate.number

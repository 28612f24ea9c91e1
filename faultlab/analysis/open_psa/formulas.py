"""Read the formulas of Open-PSA gates."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from faultlab.analysis.engine.gates import AND, KINDS, NOT, XOR, Gate
from faultlab.analysis.open_psa.xml_reader import contents, integer, named, written
from faultlab.errors import BadInput

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

    from faultlab.analysis.open_psa.scopes import Definition, Scopes

NAMED = {"gate", "basic-event", "house-event", "event"}


class Formulas:
    """Reads formulas; a constant in one becomes a house event.

    Parameters
    ----------
    scopes : Scopes
    house : dict
        From a house event's name to what it is; takes those that stand for constants.
    remarks : list of str
        Takes what was decided.
    """

    def __init__(self, scopes: Scopes, house: dict, remarks: list[str]) -> None:
        self.scopes, self.house, self.remarks = scopes, house, remarks
        self.constants: dict = {}

    def gate(self, definition: Definition) -> Gate:
        """The gate that a definition describes.

        Parameters
        ----------
        definition : Definition

        Returns
        -------
        Gate
            One that only passes on another name is an OR of one.

        Raises
        ------
        BadInput
            In the name of the gate.
        """
        where, inside = f"gate {definition.name!r}", contents(definition.element)
        try:
            if len(inside) != 1:
                raise BadInput(f"{where} holds {len(inside)} formulas; give it one.")
            formula = self.formula(inside[0], definition.base, where)
        except BadInput as wrong:
            said = str(wrong)
            raise BadInput(said if said.startswith(where) else f"{where}: {said}") from None
        return formula if isinstance(formula, Gate) else Gate("or", (formula,))

    def formula(self, element: ET.Element, base: str, where: str) -> Gate | str:
        """A name, or a gate without one."""
        tag = element.tag
        if tag in NAMED:
            kind = tag
            if tag == "event" and (said := written(element, "type")):
                kind = said
                if kind not in NAMED:
                    raise BadInput(f"<event> has the type {kind!r}; use one of {', '.join(sorted(NAMED))}.")
            return self.scopes.needed(kind, named(element), base, where).name
        if tag == "constant":
            return self._constant(written(element, "value"))
        if tag != "cardinality" and tag not in KINDS:
            raise BadInput(
                f"{where} holds <{tag}>, which is no gate; use one of {', '.join(KINDS)}, cardinality."
            )
        inputs = tuple(self.formula(child, base, where) for child in contents(element))
        if tag == "cardinality":
            return self._cardinality(element, inputs)
        if tag == "xor" and len(inputs) > 2:
            self.remarks.append(f"{where}: <xor> of {len(inputs)} happens if an odd number of them does.")
            return functools.reduce(XOR, inputs)
        return Gate(tag, inputs, _count(element, "min") if tag == "atleast" else None)

    def _constant(self, value):
        if value not in ("true", "false", "1", "0"):
            raise BadInput(f"<constant> needs the value true or false, not {value!r}.")
        given = value in ("true", "1")
        if given not in self.constants:
            name = "true" if given else "false"
            while self.scopes.named("event", name, ""):
                name += "'"
            self.constants[given] = name
            self.house[name] = given
        return self.constants[given]

    def _cardinality(self, element, inputs):
        least, most = _count(element, "min"), _count(element, "max")
        if not 0 <= least <= most <= len(inputs):
            raise BadInput(f"<cardinality> asks for {least} to {most} of {len(inputs)} inputs.")
        sides = []
        if least > 0:
            sides.append(Gate("atleast", inputs, least))
        if most < len(inputs):
            sides.append(NOT(Gate("atleast", inputs, most + 1)))
        return AND(*sides) if sides else self._constant("true")


def _count(element, attribute):
    given = integer(written(element, attribute))
    if given is None:
        raise BadInput(f"<{element.tag}> needs {attribute}, a whole number.")
    return given

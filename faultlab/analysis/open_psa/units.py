"""Units of Open-PSA parameters: years are turned into hours where the two meet; what can't be is refused.

Numbers carry no unit in the format, parameters may. What is worked out from both is only taken to have the
unit of its parameters, and so never refused for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from faultlab.analysis.fault_trees.expressions import Unit, combined, constant
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.analysis.fault_trees.expressions import Expression

HOURS_A_YEAR = 8760
# The unit of time, and a factor: a FIT is one failure in 1e9 hours.
UNITS = {
    "hours": (Unit("hours", 1), 1.0),
    "hours-1": (Unit("hours", -1), 1.0),
    "years": (Unit("years", 1), 1.0),
    "years-1": (Unit("years", -1), 1.0),
    "fit": (Unit("hours", -1), 1e-9),
    "bool": (None, 1.0),
    "int": (None, 1.0),
    "float": (None, 1.0),
    "demands": (None, 1.0),
}


def in_system(one: Expression, system: str) -> Expression:
    """The expression with its time in "hours" or "years"."""
    if one.unit is None or one.unit.system == system:
        return one
    power = one.unit.power if system == "hours" else -one.unit.power
    unit = Unit(system, one.unit.power, one.unit.sure)
    return combined("mul", [one, constant(float(HOURS_A_YEAR) ** power)], unit)


def labelled(one: Expression, label: str | None, what: str) -> Expression:
    """Return an expression in the unit that a label names.

    Parameters
    ----------
    one : Expression
    label : str, optional
        As in XML; None leaves the expression as it is.
    what : str
        For messages, as in "parameter 'p'".

    Returns
    -------
    Expression

    Raises
    ------
    BadInput
        For a unit that is not known or measures something else.
    """
    if label is None:
        return one
    if label not in UNITS:
        raise BadInput(f"{what} has the unit {label!r}; use one of {', '.join(UNITS)}.")
    unit, factor = UNITS[label]
    power = unit.power if unit else None
    if one.unit is None or (not one.unit.sure and power != one.unit.power):
        return combined("mul", [one, constant(factor)], unit)
    if unit is None or power != one.unit.power:
        raise BadInput(f"{what} is in {one.unit} and not in {label}; give it in one unit.")
    sure, one = one.unit.sure, in_system(one, unit.system)
    return one if factor == 1 and sure else combined("mul", [one, constant(1 / factor)], unit)


def with_units(
    name: str, kind_units: tuple[int, ...] | str | None, parts: list[Expression]
) -> tuple[list[Expression], Unit | None]:
    """Return the parts of an expression in one system of time, and the unit of what they make.

    Parameters
    ----------
    name : str
        Of the kind of expression, for messages.
    kind_units : tuple, str or None
        What its kind says (`Kind.units`).
    parts : list of Expression

    Returns
    -------
    tuple of (list of Expression, Unit or None)

    Raises
    ------
    BadInput
        Where a rate stands for a time, or the two are added.
    """
    units = [one.unit for one in parts if one.unit]
    systems = {one.system for one in units}
    if len(systems) > 1:
        parts, systems = [in_system(one, "hours") for one in parts], {"hours"}
    if not units or kind_units is None:
        return parts, None
    if isinstance(kind_units, tuple):
        for one, wanted in zip(parts, kind_units, strict=False):
            if one.unit and one.unit.sure and one.unit.power != wanted:
                needed = Unit("hours", wanted) if wanted else "no unit of time"
                raise BadInput(f"<{name}> has {one.unit} where it needs {needed}; check its parts.")
        return parts, None
    powers = [one.unit.power if one.unit else 0 for one in parts]
    if kind_units == "same":
        mixed = sorted({str(one.unit) for one in parts if one.unit and one.unit.sure})
        if len(mixed) > 1:
            raise BadInput(f"<{name}> mixes {' and '.join(mixed)}; give all its parts in one unit.")
        power = next(one.power for one in units if one.sure or not mixed)
        return parts, Unit(systems.pop(), power, bool(mixed))
    power = powers[0] + (1 if kind_units == "product" else -1) * sum(powers[1:])
    sure = all(one.unit is not None and one.unit.sure for one in parts)
    return parts, Unit(systems.pop(), power, sure) if power else None

"""Units of Open-PSA parameters: years are turned into hours where the two meet; what can't be is refused."""

from faultlab.analysis.expressions import combined, constant
from faultlab.errors import BadInput

HOURS_A_YEAR = 8760
# The unit of time and its power, and a factor: a FIT is one failure in 1e9 hours.
UNITS = {
    "hours": (("hours", 1), 1.0),
    "hours-1": (("hours", -1), 1.0),
    "years": (("years", 1), 1.0),
    "years-1": (("years", -1), 1.0),
    "fit": (("hours", -1), 1e-9),
    "bool": (None, 1.0),
    "int": (None, 1.0),
    "float": (None, 1.0),
    "demands": (None, 1.0),
}


def said(unit):
    """A unit in words.

    Examples
    --------
    >>> said(("years", -1))
    'years-1'
    """
    return unit[0] if unit[1] == 1 else f"{unit[0]}{unit[1]}"


def in_system(one, system):
    """The expression with its time in "hours" or "years"."""
    if one.unit is None or one.unit[0] == system:
        return one
    power = one.unit[1] if system == "hours" else -one.unit[1]
    return combined("mul", [one, constant(float(HOURS_A_YEAR) ** power)], (system, one.unit[1]))


def labelled(one, label, what):
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
    if one.unit is None:
        return combined("mul", [one, constant(factor)], unit)
    if unit is None or unit[1] != one.unit[1]:
        raise BadInput(f"{what} is in {said(one.unit)} and not in {label}; give it in one unit.")
    one = in_system(one, unit[0])
    return one if factor == 1 else combined("mul", [one, constant(1 / factor)], unit)


def with_units(name, kind_units, parts):
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
    tuple of (list of Expression, tuple or None)

    Raises
    ------
    BadInput
        Where a rate stands for a time, or the two are added.
    """
    if all(one.unit is None for one in parts):
        return parts, None
    systems = {one.unit[0] for one in parts if one.unit}
    if len(systems) > 1:
        parts = [in_system(one, "hours") for one in parts]
    system = "hours" if "hours" in systems else "years"
    powers = [one.unit[1] if one.unit else None for one in parts]
    if isinstance(kind_units, tuple):
        for one, wanted in zip(parts, kind_units, strict=False):
            if one.unit and one.unit[1] != wanted:
                needed = said(("hours", wanted)) if wanted else "no unit of time"
                raise BadInput(f"<{name}> has {said(one.unit)} where it needs {needed}; check its parts.")
        return parts, None
    known = [one for one in powers if one is not None]
    if kind_units == "same":
        if len(set(known)) > 1:
            shown = " and ".join(sorted({said(one.unit) for one in parts if one.unit}))
            raise BadInput(f"<{name}> mixes {shown}; give all its parts in one unit.")
        return parts, (system, known[0])
    if kind_units in ("product", "quotient"):
        sign = 1 if kind_units == "product" else -1
        power = (powers[0] or 0) + sign * sum(one or 0 for one in powers[1:])
        return parts, (system, power) if power else None
    return parts, None

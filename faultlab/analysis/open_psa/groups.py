"""Read the common cause groups of an Open-PSA model: members, what they share, and factors by their level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faultlab.analysis.fault_trees.common_cause import FIRST_LEVELS, CommonCause
from faultlab.analysis.fault_trees.event_models import Unstated
from faultlab.analysis.fault_trees.expressions import Values
from faultlab.analysis.open_psa.xml_reader import contents, integer, named, written
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.analysis.open_psa.event_elements import Expressions
    from faultlab.analysis.open_psa.scopes import Definition, Scopes


def read_group(
    definition: Definition, scopes: Scopes, reader: Expressions, events: dict, remarks: list[str]
) -> CommonCause:
    """Return a group, and put its members among the events.

    Parameters
    ----------
    definition : Definition
        Of a group.
    scopes : Scopes
        Members that are defined nowhere else are defined here.
    reader : Expressions
    events : dict
        From a basic event's name to its model.
    remarks : list of str
        Takes what was decided.

    Returns
    -------
    CommonCause

    Raises
    ------
    BadInput
        In the name of the group.
    """
    where = f"CCF group {definition.name!r}"
    try:
        return _group(definition, where, scopes, reader, events, remarks)
    except BadInput as wrong:
        said = str(wrong)
        inside = said.startswith((where, "Common cause group"))
        raise BadInput(said if inside else f"{where}: {said}") from None


def _group(definition, where, scopes, reader, events, remarks):
    element, base = definition.element, definition.base
    model = written(element, "model")
    if model not in FIRST_LEVELS:
        raise BadInput(f"there is no model {model!r}; use one of {', '.join(FIRST_LEVELS)}.")
    for inside in contents(element):
        if inside.tag not in ("members", "distribution", "factor", "factors"):
            raise BadInput(f"<{inside.tag}> is not read here; it holds members, a distribution and factors.")
    members = _members(element, definition, scopes)
    factors = _factors(element, model, len(members), base, reader, where, remarks)
    shared = element.findall("distribution")
    if len(shared) > 1:
        raise BadInput("it has two distributions; remove one.")
    for one in members:
        events.setdefault(one.name, Unstated(f"basic event {one.name!r}"))
    if shared:
        if not contents(shared[0]):
            raise BadInput("its distribution is empty; give it.")
        whole = reader.model(shared[0], base, where)
        for one in members:
            if not isinstance(events[one.name], Unstated) and events[one.name] != whole:
                raise BadInput(
                    f"{one.name!r} has a probability of its own beside that of the group; remove one."
                )
            events[one.name] = whole
    return CommonCause(definition.name, tuple(one.name for one in members), factors, model)


def _members(element, definition, scopes):
    found = []
    for child in _inside(element.findall("members")):
        if child.tag not in ("basic-event", "event"):
            raise BadInput(f"its members hold <{child.tag}>; they are basic events.")
        own = named(child)
        one = scopes.named("basic-event", own, definition.base)
        if one is None:
            one = scopes.add("basic-event", own, definition.base, definition.private, None)
        if one in found:
            raise BadInput(f"{one.name!r} is a member twice; remove one.")
        found.append(one)
    return found


def _inside(holders):
    return [child for holder in holders for child in contents(holder)]


def _factors(element, model, members, base, reader, where, remarks):
    first = FIRST_LEVELS[model] or members
    by_level, level = {}, first - 1
    for factor in [*element.findall("factor"), *_inside(element.findall("factors"))]:
        if factor.tag != "factor":
            raise BadInput(f"its factors hold <{factor.tag}>; they are <factor level=...>.")
        given = written(factor, "level")
        level = level + 1 if given is None else integer(given)
        if level is None:
            raise BadInput(f"the level of a factor is a whole number, not {given!r}.")
        if not first <= level <= members:
            levels = str(first) if first == members else f"from {first} to {members}"
            raise BadInput(f"{model} of {members} members has a factor of level {levels}, not of {level}.")
        if level in by_level:
            raise BadInput(f"the factor of level {level} is given twice; remove one.")
        inside = contents(factor)
        if len(inside) != 1:
            raise BadInput(f"the factor of level {level} has {len(inside)} values; give it one.")
        found = reader.expression(inside[0], base)
        if found.timed:
            raise BadInput(f"the factor of level {level} depends on the mission time; give a number.")
        if found.random:
            remarks.append(f"{where}: the factor of level {level} counts with its mean.")
        by_level[level] = float(Values(0.0).of(found))
    if not by_level:
        raise BadInput("it has no factors; give them.")
    for one in range(first, max(by_level)):
        if one not in by_level:
            raise BadInput(f"the factor of level {one} is missing; give it.")
    left_out = range(max(by_level) + 1, members + 1)
    if left_out:
        levels = " and ".join(str(one) for one in left_out)
        remarks.append(f"{where} has no factor of level {levels}: read as 0.")
    return tuple(by_level[one] for one in sorted(by_level))

"""A system's journeys as fault trees and as block diagrams, over the same basic events."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from faultlab.analysis.engine.gates import AND, AT_LEAST, OR
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.analysis.systems.block_diagrams import Block, Parallel, Series, spoken
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.analysis.systems.system import System

MOST_MENTIONS, MOST_DEPTH = 10_000, 100


def fault_tree(system: System, journey: str) -> FaultTree:
    """Return the fault tree of a journey; `System.fault_tree` tells how events and gates are named."""
    top = f"journey {journey} fails"
    needs = system.journey(journey).needs
    causes = _causes(system)

    def failure(part):
        """A part's own name for a basic event, "... fails" for a gate."""
        return part if part in system.components and part not in causes else f"{part} fails"

    gates, waiting = {top: OR(*map(failure, needs))}, list(reversed(needs))
    events: dict[str, None] = {}
    while waiting:
        part = waiting.pop()
        name = failure(part)
        if name in gates:
            continue
        if part in system.components:
            events[part] = None
            if part in causes:
                gates[name] = OR(part, *causes[part])
                events.update(dict.fromkeys(causes[part]))
        elif part in system.services:
            gates[name] = OR(*map(failure, system.services[part].needs))
            waiting.extend(reversed(system.services[part].needs))
        else:
            group = system.groups[part]
            copies = _copies(group)
            inputs = [failure(member) for member in group.among] or copies
            gates[name] = AT_LEAST(len(inputs) - group.needs + 1, *inputs)
            waiting.extend(reversed(group.among))
            events.update(dict.fromkeys(copies))
            if copies and group.switch_over_fails.high > 0:
                in_use = copies[: group.needs]
                stuck = AND(OR(*in_use), f"{part}/switch-over")
                gates[name] = OR(gates[name], stuck)
                events[f"{part}/switch-over"] = None
            if copies and group.shared_cause.high > 0:
                gates[name] = OR(gates[name], f"{part}/shared")
                events[f"{part}/shared"] = None
    likely = system.chances(events)
    return FaultTree(top, gates, {name: likely[name][0] for name in events})


def _copies(group):
    return () if group.among else tuple(f"{group.name}/{i + 1}" for i in range(group.copies))


def _causes(system):
    """From a component to the common causes that strike it by name, wherever it is needed."""
    found: dict[str, list[str]] = {}
    for group in system.groups.values():
        if group.among and group.shared_cause.high > 0:
            for member in group.among:
                found.setdefault(member, []).append(f"{group.name}/shared")
    return found


def chances(system: System, names: Iterable[str], component: Callable, share: Callable) -> dict[str, Any]:
    """Return the pair (happens, does not) of each basic event.

    Parameters
    ----------
    system : System
    names : iterable of str
    component : callable
        From a component's name, and the group of which it is a tested spare or None, to its shares of time
        (down, up), numbers or arrays.
    share : callable
        From a group's name and the name of a field to a share: of its common cause, or of the switch-overs
        that fail.
    """
    causes = _causes(system)
    found = {}
    for name in names:
        part, _, copy = name.partition("/")
        if not copy:
            down, up = component(part, None)
            if part in causes:
                down = down - sum(_struck(system, cause, component, share) for cause in causes[part])
                up = 1 - down
        elif copy == "shared":
            down = _struck(system, name, component, share)
            up = 1 - down
        elif copy == "switch-over":
            down = share(part, "switch_over_fails")
            up = 1 - down
        else:
            group = system.groups[part]
            tested = group if group.tested_every_hours and name in group.spares() else None
            down = (1 - share(part, "shared_cause")) * component(group.of, tested)[0]
            up = 1 - down
        found[name] = (down, up) if isinstance(down, np.ndarray) else (float(down), float(up))
    return found


def _struck(system, cause, component, share):
    """The share of time for which a common cause strikes: of one copy's, or of the best member's."""
    group = system.groups[cause.partition("/")[0]]
    downs = [component(member, None)[0] for member in group.among or (group.of,)]
    return share(group.name, "shared_cause") * functools.reduce(np.minimum, downs)


def block_diagram(system: System, journey: str, once: bool = True) -> Series:
    """Return the block diagram of a journey; see `System.block_diagram`."""
    causes = _causes(system)
    drawn = 0

    def series(names, depth):
        parts = [part for name in names for part in parts_of(name, depth + 1)]
        return Series(tuple(dict.fromkeys(parts)) if once else tuple(parts))

    def parts_of(name, depth):
        """What a name puts into a series: one part, or the parts of a service or a group."""
        nonlocal drawn
        drawn += 1
        # A diagram repeats what is shared, and so can grow beyond all measure where a tree does not.
        if drawn > MOST_MENTIONS or depth > MOST_DEPTH:
            raise BadInput(
                f"journey {journey!r} is too large for a block diagram, which repeats what is shared: "
                f"over {MOST_MENTIONS:,} mentions or {MOST_DEPTH} levels; ask for its fault tree."
            )
        if name in system.components:
            return [Block(name), *(shared(cause) for cause in causes.get(name, ()))]
        if name in system.services:
            return series(system.services[name].needs, depth).parts
        group = system.groups[name]
        if group.among:
            members = tuple(_plain(series((member,), depth)) for member in group.among)
            return [Parallel(members, group.needs)]
        # Two groups of one component would have copies of the same label, which are not the same parts.
        alone = sum(one.of == group.of for one in system.groups.values()) == 1
        label = spoken(group.of) if group.of and alone else f"{spoken(name)}: copy"
        copies = tuple(Block(copy, f"{label} {i}") for i, copy in enumerate(_copies(group), 1))
        rest = [shared(f"{name}/shared")] if group.shared_cause.high else []
        if group.switch_over_fails.high:
            in_use = copies[: group.needs]
            switch = Block(f"{name}/switch-over", f"{spoken(name)}: switch-over")
            rest.insert(0, Parallel((_plain(Series(in_use)), switch), 1))
        return [Parallel(copies, group.needs), *rest]

    def shared(cause):
        return Block(cause, spoken(cause.removesuffix("/shared")) + ": common cause")

    return series(system.journey(journey).needs, 0)


def _plain(series):
    return series.parts[0] if len(series.parts) == 1 else series

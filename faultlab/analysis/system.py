"""The system model: parts, redundancy, services that share them, journeys and what they are worth."""

import functools
from dataclasses import dataclass, replace
from pathlib import Path

from faultlab.analysis.fault_tree import FaultTree
from faultlab.analysis.gates import AT_LEAST, OR
from faultlab.analysis.solved_tree import solve
from faultlab.errors import BadInput


@dataclass(frozen=True)
class Range:
    """A number that is not known for sure: nine in ten believe it lies between low and high.

    Examples
    --------
    >>> Range(1, 2, 4).likely, Range.point(3).high
    (2, 3)
    """

    low: float
    likely: float
    high: float

    @classmethod
    def point(cls, value):
        """A number that is taken as known."""
        return cls(value, value, value)


@dataclass(frozen=True)
class Component:
    """A part that works or doesn't, with the share of time for which it works."""

    name: str
    availability: Range


@dataclass(frozen=True)
class Group:
    """Redundancy: of several, `needs` must work.

    Either `copies` of one component (`of`), with `shared_cause` the beta factor: the share of a copy's
    failures that strikes all copies at once. Or a choice `among` named components, groups and services,
    which may share parts of their own.
    """

    name: str
    of: str | None
    needs: int
    copies: int
    shared_cause: Range = Range(0.0, 0.0, 0.0)
    among: tuple = ()


@dataclass(frozen=True)
class Service:
    """Works where everything that it needs works: components, groups, other services."""

    name: str
    needs: tuple


@dataclass(frozen=True)
class Journey:
    """What a customer wants to get done, what it needs, and what an hour without it costs."""

    name: str
    needs: tuple
    worth_per_hour: Range


@dataclass(frozen=True)
class Option:
    """Something that could be bought: its yearly cost, and the fields it changes by part."""

    name: str
    cost_per_year: Range
    changes: dict


@dataclass(frozen=True)
class System:
    """One model from which every view is made. Read it with `System.read`.

    Parameters
    ----------
    company, currency : str
    components, groups, services, journeys, options : dict
        By name.

    Examples
    --------
    >>> system = System("Shop", "EUR", components={
    ...     "disk": Component("disk", Range.point(0.99)), "net": Component("net", Range.point(0.999))},
    ...     journeys={"buy": Journey("buy", ("disk", "net"), Range.point(1000))})
    >>> round(system.availability("buy"), 6)
    0.98901
    """

    company: str
    currency: str
    components: dict
    groups: dict = None
    services: dict = None
    journeys: dict = None
    options: dict = None

    def __post_init__(self):
        for room in ("groups", "services", "journeys", "options"):
            if getattr(self, room) is None:
                object.__setattr__(self, room, {})

    @staticmethod
    def read(path):
        """Read a system from a YAML file such as `course/kestrel.yaml`."""
        from faultlab.analysis.system_yaml import read_system

        return read_system(Path(path))

    def journey(self, name):
        """A journey by name; BadInput names those there are."""
        if name not in self.journeys:
            raise BadInput(f"{self.company} has no journey {name!r}. It has: {', '.join(self.journeys)}.")
        return self.journeys[name]

    def availability(self, journey, at="likely"):
        """The exact availability of a journey, shared parts counted once.

        Parameters
        ----------
        journey : str
        at : str
            "low", "likely" or "high": the end of every part's range that is used.
        """
        return self.up_and_down(journey, at)[0]

    def up_and_down(self, journey, at="likely"):
        """The shares of time for which a journey works and does not, both to full precision."""
        solved = self.solved(journey)
        down, up = solved.probability(self.chances(solved.tree.events, at))
        return up, down

    @functools.lru_cache(maxsize=256)  # noqa: B019 the systems of a course are few
    def solved(self, journey):
        """The journey's fault tree with its diagram, kept for every further question."""
        return solve(self.fault_tree(journey))

    def fault_tree(self, journey):
        """The fault tree whose top event is that a journey does not work.

        An event is the failure of a component (its name), of a copy (`group/1`), or a group's shared
        cause (`group/shared`); its probability is the likely share of time for which it lasts. Gates are
        named after services, groups and the journey, as in `stock fails`.
        """
        top = f"journey {journey} fails"
        needs = self.journey(journey).needs
        gates, events, waiting = {top: OR(*map(self._failure, needs))}, {}, list(reversed(needs))
        while waiting:
            part = waiting.pop()
            failure = self._failure(part)
            if failure in gates:
                continue
            if part in self.components:
                events[part] = None
            elif part in self.services:
                gates[failure] = OR(*map(self._failure, self.services[part].needs))
                waiting.extend(reversed(self.services[part].needs))
            else:
                group = self.groups[part]
                copies = tuple(f"{part}/{i + 1}" for i in range(group.copies))
                inputs = [self._failure(member) for member in group.among] or copies
                gates[failure] = AT_LEAST(len(inputs) - group.needs + 1, *inputs)
                waiting.extend(reversed(group.among))
                if not group.among:
                    gates[failure] = OR(gates[failure], f"{part}/shared")
                    events.update(dict.fromkeys((*copies, f"{part}/shared")))
        chances = self.chances(events)
        return FaultTree(top, gates, {name: chances[name][0] for name in events})

    def _failure(self, part):
        """The name of a part's failure: its own for a basic event, "... fails" for a gate."""
        return f"{part} fails" if part in self.groups or part in self.services else part

    def chances(self, names, at="likely"):
        """The pair (fails, works) of each basic event, by the beta-factor model for groups.

        With a copy's unavailability q and the shared cause's share b, a copy fails on its own with
        (1 - b) q, and all together with b q.
        """
        found = {}
        for name in names:
            part, _, copy = name.partition("/")
            if not copy:
                down = 1 - getattr(self.components[part].availability, at)
            else:
                group = self.groups[part]
                whole = 1 - getattr(self.components[group.of].availability, at)
                worse = {"low": "high", "likely": "likely", "high": "low"}[at]
                beta = getattr(group.shared_cause, worse)
                down = beta * whole if copy == "shared" else (1 - beta) * whole
            found[name] = (down, 1 - down)
        return found

    def with_option(self, name):
        """The system after an option has been bought."""
        if name not in self.options:
            raise BadInput(f"{self.company} has no option {name!r}. It has: {', '.join(self.options)}.")
        components, groups = dict(self.components), dict(self.groups)
        for part, fields in self.options[name].changes.items():
            room = components if part in components else groups
            room[part] = replace(room[part], **fields)
        return replace(self, components=components, groups=groups)

    def __hash__(self):
        return id(self)

"""The system model: parts, redundancy, services that share them, journeys and what they are worth."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from faultlab.analysis.engine.build_diagrams import AnalysisTooLarge
from faultlab.analysis.fault_trees.solved_tree import solve
from faultlab.analysis.systems import system_tree
from faultlab.analysis.systems.component_lives import down_range
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable

    from faultlab.analysis.fault_trees.fault_tree import FaultTree
    from faultlab.analysis.fault_trees.solved_tree import SolvedTree
    from faultlab.analysis.systems.block_diagrams import Series

MOST_NODES, SECONDS = 1_000_000, 60.0


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
    def point(cls, value: float) -> Range:
        """A number that is taken as known."""
        return cls(value, value, value)


@dataclass(frozen=True)
class Component:
    """A part that works or doesn't, with the share of time for which it works.

    Parameters
    ----------
    name : str
    availability : Range
    life : dict, optional
        What the availability comes from, from field to `Range`: `component_lives.FORMS` tells which.

    Examples
    --------
    >>> part = Component.of_life("disk", mtbf_hours=Range.point(999.0), mttr_hours=Range.point(1.0))
    >>> part.availability.likely
    0.999
    """

    name: str
    availability: Range
    life: dict[str, Range] = field(default_factory=dict)

    def __post_init__(self):
        # An availability that has been replaced stands for itself.
        if not self.life or self._of_life(self.life) != self.availability:
            object.__setattr__(self, "life", {"availability": self.availability})

    @classmethod
    def of_life(cls, name: str, **life: Range) -> Component:
        """A component by MTBF and MTTR, or another of the forms."""
        return cls(name, cls._of_life(life), life)

    @staticmethod
    def _of_life(life):
        best, likely, worst = down_range(life)
        return Range(worst[1], likely[1], best[1])

    def down_and_up(self, at: str = "likely", tested: Group | None = None) -> tuple[float, float]:
        """The shares of time (down, up) at an end of the availability: "low", "likely" or "high".

        As a spare that is tested, where the group that it is a spare of is given.
        """
        life = dict(self.life)
        if tested is not None and tested.tested_every_hours is not None:
            life["tested_every_hours"] = tested.tested_every_hours
        return down_range(life)[("high", "likely", "low").index(at)]


@dataclass(frozen=True)
class Group:
    """Redundancy: of several, `needs` must work.

    Either `copies` of one component (`of`), with `shared_cause` the beta factor: the share of a copy's
    failures that strikes all copies at once. Or a choice `among` named components, groups and services,
    which may share parts of their own; where all of them are components, `shared_cause` is the share of
    the failures of the best of them that strikes all.

    Of copies the first `needs` are in use and the others are spares. `switch_over_fails` is the share of
    switch-overs that fail: the group is then down for as long as the copy in use. With
    `tested_every_hours` a spare's failure stays hidden until the next test; without, it shows at once.
    """

    name: str
    of: str | None
    needs: int
    copies: int
    shared_cause: Range = Range(0.0, 0.0, 0.0)
    among: tuple[str, ...] = ()
    switch_over_fails: Range = Range(0.0, 0.0, 0.0)
    tested_every_hours: Range | None = None

    def spares(self) -> tuple[str, ...]:
        """The names of the events of the copies that are spares.

        >>> Group("databases", "database", needs=1, copies=3).spares()
        ('databases/2', 'databases/3')
        """
        return tuple(f"{self.name}/{i + 1}" for i in range(self.needs, self.copies) if not self.among)


@dataclass(frozen=True)
class Service:
    """Works where everything that it needs works: components, groups, other services."""

    name: str
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Objectives:
    """What is promised of a journey; None where nothing is.

    `tolerance_hours` is the longest outage that can be borne (impact tolerance), `recovery_hours` the time
    and `recovery_point_minutes` the loss of data that a recovery may take.
    """

    availability: float | None = None
    tolerance_hours: float | None = None
    recovery_hours: float | None = None
    recovery_point_minutes: float | None = None


@dataclass(frozen=True)
class Journey:
    """What a customer wants to get done, what it needs, and what an hour without it costs."""

    name: str
    needs: tuple[str, ...]
    worth_per_hour: Range
    objectives: Objectives = Objectives()


@dataclass(frozen=True)
class Scenario:
    """Something rare and large that no part's figures hold, such as a region lost or a supplier gone.

    It comes by chance, `per_year` times in the mean, and no time tells of the next. Each time the journeys
    stand still for so many `hours`, `lasting_cost` is lost beyond them (customers, fines), and so are the
    last minutes of data: these three are drawn anew each time, nine in ten times within their range.
    """

    name: str
    per_year: Range
    hours: Range
    journeys: tuple[str, ...]
    lasting_cost: Range = Range(0.0, 0.0, 0.0)
    data_lost_minutes: Range = Range(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Option:
    """Something that could be bought: its yearly cost, and the fields it changes by part or scenario.

    It may need others of `requires` and can't be had with those of `excludes`.
    """

    name: str
    cost_per_year: Range
    changes: dict[str, dict[str, Any]]
    requires: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


SOLID = ("contract", "measured")
ORIGINS = (*SOLID, "judgement", "typical", "assumed")


@dataclass(frozen=True)
class Origin:
    """Where a number comes from: one of `ORIGINS`, and which contract, file, person or source.

    >>> Origin("contract", "terms of service").solid, Origin("contract").solid
    (True, False)
    """

    kind: str
    source: str = ""

    @property
    def solid(self) -> bool:
        """Whether somebody can check it: a contract or a measurement, and it is said which."""
        return self.kind in SOLID and bool(self.source.strip())


@dataclass(frozen=True)
class Appetite:
    """What the board accepts: a year that costs `loss` or more, with at most this `chance`."""

    loss: float
    chance: float


@dataclass(frozen=True, eq=False)
class System:
    """One model from which every view is made. Read it with `read_system`. Equal to itself alone.

    Parameters
    ----------
    company, currency : str
    components, groups, services, journeys, options, scenarios : dict
        By name.
    origins : dict
        By the name of a number, as `numbers` or `promises` gives it.
    appetite : Appetite, optional

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
    components: dict[str, Component]
    groups: dict[str, Group] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    journeys: dict[str, Journey] = field(default_factory=dict)
    options: dict[str, Option] = field(default_factory=dict)
    scenarios: dict[str, Scenario] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    appetite: Appetite | None = None
    _solved: dict[str, SolvedTree] = field(default_factory=dict, init=False, repr=False)

    def journey(self, name: str) -> Journey:
        """A journey by name; BadInput names those there are."""
        if name not in self.journeys:
            raise BadInput(f"{self.company} has no journey {name!r}. It has: {', '.join(self.journeys)}.")
        return self.journeys[name]

    def availability(self, journey: str, at: str = "likely") -> float:
        """The exact availability of a journey, shared parts counted once.

        Parameters
        ----------
        journey : str
        at : str
            "low", "likely" or "high": the end of every part's range that is used.
        """
        return self.up_and_down(journey, at)[0]

    def up_and_down(self, journey: str, at: str = "likely") -> tuple[float, float]:
        """The shares of time for which a journey works and does not, both to full precision."""
        solved = self.solved(journey)
        down, up = solved.probability(self.chances(solved.tree.events, at))
        return up, down

    def solved(self, journey: str) -> SolvedTree:
        """The journey's fault tree with its diagram, kept for every further question.

        Raises
        ------
        BadInput
            For a journey too large for an exact answer; its fault tree still has `probability_bounds`.
        """
        if journey not in self._solved:
            try:
                self._solved[journey] = solve(self.fault_tree(journey), MOST_NODES, SECONDS)
            except AnalysisTooLarge:
                raise BadInput(
                    f"journey {journey!r} is too large for an exact answer here; "
                    "`fta` with --journey gives a guaranteed interval."
                ) from None
        return self._solved[journey]

    def fault_tree(self, journey: str) -> FaultTree:
        """The fault tree whose top event is that a journey does not work.

        An event is the failure of a component (its name), of a copy (`group/1`), or a group's shared
        cause (`group/shared`); its probability is the likely share of time for which it lasts. Gates are
        named after services, groups and the journey, as in `stock fails`.
        """
        return system_tree.fault_tree(self, journey)

    def block_diagram(self, journey: str, once: bool = True) -> Series:
        """The reliability block diagram of a journey: `Series`, `Parallel` and `Block` within each other.

        Blocks have the names of the fault tree's events, and a name is one part wherever it stands.

        Parameters
        ----------
        journey : str
        once : bool
            Whether a part that one series needs twice stands there once, which is the same system.
        """
        return system_tree.block_diagram(self, journey, once)

    def chances(self, names: Iterable[str], at: str = "likely") -> dict[str, tuple[float, float]]:
        """The pair (fails, works) of each basic event, by the beta-factor model for groups.

        With a copy's unavailability q and the common cause's share b, a copy fails on its own with
        (1 - b) q, and all together with b q.
        """
        worse = {"low": "high", "likely": "likely", "high": "low"}[at]
        return system_tree.chances(
            self,
            names,
            lambda component, tested: self.components[component].down_and_up(at, tested),
            lambda group, field: getattr(getattr(self.groups[group], field), worse),
        )

    def numbers(self) -> dict[str, Range]:
        """Every number of the model by its name, such as `dns.availability` or `journey web.worth_per_hour`.

        The name is also what the number's samples are drawn by.
        """
        found = {
            f"{one.name}.{key}": given for one in self.components.values() for key, given in one.life.items()
        }
        for group in self.groups.values():
            for key in ("shared_cause", "switch_over_fails", "tested_every_hours"):
                given = getattr(group, key)
                if given is not None and given.high > 0:
                    found[f"{group.name}.{key}"] = given
        for journey in self.journeys.values():
            found[f"journey {journey.name}.worth_per_hour"] = journey.worth_per_hour
        for scenario in self.scenarios.values():
            for key in ("per_year", "hours", "lasting_cost", "data_lost_minutes"):
                if getattr(scenario, key).high > 0:
                    found[f"scenario {scenario.name}.{key}"] = getattr(scenario, key)
        for option in self.options.values():
            found[f"option {option.name}.cost_per_year"] = option.cost_per_year
        return found

    def promises(self) -> dict[str, float]:
        """Every objective of a journey by its name, such as `journey web.tolerance_hours`."""
        return {
            f"journey {one.name}.{key}": given
            for one in self.journeys.values()
            for key, given in vars(one.objectives).items()
            if given is not None
        }

    def with_option(self, name: str) -> System:
        """The system after an option has been bought."""
        return self.with_options((name,))

    def with_options(self, names: Iterable[str]) -> System:
        """The system after several options have been bought, each of which keeps what the others changed."""
        rooms: dict[str, dict[str, Any]] = {"components": {}, "groups": {}, "scenarios": {}}
        for name in names:
            if name not in self.options:
                raise BadInput(f"{self.company} has no option {name!r}. It has: {', '.join(self.options)}.")
            for part, fields in self.options[name].changes.items():
                room = next(room for room in rooms if part in getattr(self, room))
                before = getattr(self, room)[part]
                now = rooms[room].get(part, before)
                if now is before or room != "components":
                    rooms[room][part] = replace(now, **fields)
                else:
                    changed = changed_fields(before, fields)
                    kept = {key: given for key, given in now.life.items() if key not in changed}
                    rooms[room][part] = Component.of_life(part, **kept | changed)
        return replace(self, **{room: getattr(self, room) | changed for room, changed in rooms.items()})


def changed_fields(part: Component | Group | Scenario, fields: dict[str, Any]) -> dict[str, Any]:
    """What an option changes of a part, of a component by the fields of its life."""
    if not isinstance(part, Component):
        return fields
    return {key: given for key, given in replace(part, **fields).life.items() if part.life.get(key) != given}

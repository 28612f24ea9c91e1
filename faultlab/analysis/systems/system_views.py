"""Views of a journey: what it loses in time and money, what alone can stop it, what others would say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from faultlab.analysis.fault_trees.event_models import Constant, Repairable
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.analysis.fault_trees.importances import birnbaum
from faultlab.analysis.fault_trees.solved_tree import solve
from faultlab.analysis.systems.component_lives import hidden_times
from faultlab.analysis.systems.system import Range
from faultlab.analysis.systems.system_ranges import SAMPLES, down_samples, sampled
from faultlab.analysis.systems.system_times import times_of
from faultlab.errors import BadInput
from faultlab.metrics.estimates import k_of_n

if TYPE_CHECKING:
    from collections.abc import Callable

    from faultlab.analysis.systems.system import System
    from faultlab.analysis.systems.system_times import SystemTimes

HOURS_A_YEAR = 8760


@dataclass(frozen=True)
class JourneyReport:
    """What the model says of a journey.

    `availability` and `minutes_down_per_year` are exact, at the likely value of every range.
    `naive_availability` takes every mention of a part as another part and copies as independent. The
    three ranges have the figure at the likely values in the middle, and nine in ten of the sampled
    figures between their ends, to as many digits as the samples carry; where many ranges lean to one side,
    the middle lies near an end. `without_range` names the parts that count as known exactly.

    Where parts have to outlast a mission, `mission_hours` is its length and `availability` the chance that
    the journey does; there is no time down a year and no cost then: these are None.
    """

    journey: str
    availability: float
    minutes_down_per_year: float | None
    naive_availability: float
    single_points_of_failure: tuple[str, ...]
    cost_per_year: Range | None
    availability_range: Range
    minutes_down_range: Range | None
    without_range: tuple[str, ...]
    mission_hours: float | None = None


def journey_report(system: System, journey: str, samples: int = SAMPLES, seed: int = 0) -> JourneyReport:
    """Return what the model says of a journey.

    Parameters
    ----------
    system : System
    journey : str
    samples, seed : int
        For the ranges; the same numbers are drawn for the same part in every journey and system.

    Returns
    -------
    JourneyReport
    """
    up, down = system.up_and_down(journey)
    downs = down_samples(system, journey, samples, seed)
    time_down = ninety(downs, down)
    mission = mission_hours(system, journey)
    yearly = mission is None
    return JourneyReport(
        journey=journey,
        availability=up,
        minutes_down_per_year=down * HOURS_A_YEAR * 60 if yearly else None,
        naive_availability=naive_availability(system, journey),
        single_points_of_failure=single_points_of_failure(system, journey),
        cost_per_year=ninety(
            yearly_costs(system, journey, downs, seed),
            down * HOURS_A_YEAR * system.journey(journey).worth_per_hour.likely,
        )
        if yearly
        else None,
        availability_range=Range(1 - time_down.high, up, 1 - time_down.low),
        minutes_down_range=ninety(downs * (HOURS_A_YEAR * 60), down * HOURS_A_YEAR * 60) if yearly else None,
        without_range=without_range(system, journey),
        mission_hours=mission,
    )


def mission_hours(system: System, journey: str) -> float | None:
    """Return how long the parts of a journey have to last; None where they are given by the year.

    Parameters
    ----------
    system : System
    journey : str

    Returns
    -------
    float or None

    Raises
    ------
    BadInput
        Where some parts are given for a mission and others by the year, or for missions of two lengths: one
        chance can't be made of both.
    """
    lengths: dict = {}
    for name in parts_needed(system, journey):
        given = system.components[name].life.get("mission_hours")
        lengths.setdefault(given and given.likely, name)
    if len(lengths) > 1:
        said = " and ".join(
            f"{name!r} for {hours:g} h" if hours else f"{name!r} by the year"
            for hours, name in lengths.items()
        )
        raise BadInput(
            f"journey {journey!r} has parts given in different ways, {said}: "
            "give all of them for one mission, or all by the year."
        )
    return next(iter(lengths), None)


def without_range(system: System, journey: str) -> tuple[str, ...]:
    """Return the parts of a journey of which nothing is a range: they count as known exactly."""
    return tuple(
        name
        for name in parts_needed(system, journey)
        if all(one.low == one.high for one in system.components[name].life.values())
    )


def parts_needed(system: System, journey: str) -> tuple[str, ...]:
    """Return the components that a journey stands on, in the order of the model."""
    found, waiting = set(), list(system.journey(journey).needs)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_stands_on(system, name))
    return tuple(name for name in system.components if name in found)


def ninety(values: np.ndarray, likely: float) -> Range:
    """Return the range that holds nine in ten of sampled values, around the figure at likely values.

    The ends have as many digits as the samples carry: the last one is about as large as the standard error of
    the end, by the order statistics around it (David and Nagaraja 2003, section 7.1).

    Examples
    --------
    >>> ninety(np.linspace(0, 1, 401), 0.5)
    Range(low=0.05, likely=0.5, high=0.95)
    """
    ordered = np.sort(values)
    around = round(math.sqrt(0.05 * 0.95 * len(ordered)))
    ends = []
    for share in (0.05, 0.95):
        place = share * (len(ordered) - 1)
        end = float(np.interp(place, range(len(ordered)), ordered))
        low, high = (
            ordered[min(max(round(place) + step, 0), len(ordered) - 1)] for step in (-around, around)
        )
        error = float(high - low) / 2
        ends.append(round(end, -math.floor(math.log10(error))) if error > 0 else end)
    return Range(ends[0], float(likely), ends[1])


def yearly_costs(system: System, journey: str, downs: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return samples of a journey's cost a year: its share of time down, by hours, by the worth of one."""
    worth = system.journey(journey).worth_per_hour
    return downs * HOURS_A_YEAR * sampled(worth, f"journey {journey}.worth_per_hour", len(downs), seed)


def journey_times(system: System, journey: str) -> SystemTimes:
    """Return how often a journey fails and for how long, from the MTTR of its parts.

    A common cause takes as long to repair as a copy, or the longest of the parts that it strikes.

    Parameters
    ----------
    system : System
    journey : str

    Returns
    -------
    SystemTimes
        By the definitions of lesson 08.

    Raises
    ------
    BadInput
        Where a part has an availability and no `mttr_hours`.

    Examples
    --------
    >>> from faultlab.analysis.systems.system import Component, Journey, System
    >>> disk = Component.of_life("disk", mtbf_hours=Range.point(99.0), mttr_hours=Range.point(1.0))
    >>> times = journey_times(System("Shop", "EUR", {"disk": disk}, journeys={
    ...     "buy": Journey("buy", ("disk",), Range.point(1000.0))}), "buy")
    >>> round(times.mtbf_hours, 6), round(times.mttr_hours, 6), round(times.failures_per_year, 6)
    (99.0, 1.0, 87.6)
    """
    tree = system.fault_tree(journey)
    on_demand = {name for name in tree.events if name.endswith("/switch-over")}
    events = {
        name: model if name in on_demand else _over_time(system, name, model.probability)
        for name, model in tree.events.items()
    }
    return times_of(solve(FaultTree(tree.top, tree.gates, events)), on_demand)


def _over_time(system, name, down):
    """The model of an event that lasts for this share of time, by how long its part takes to be up again."""
    part = name.partition("/")[0]
    group = system.groups.get(part)
    parts = (part,) if group is None else group.among or (group.of,)
    lives = [system.components[one].life for one in parts]
    if not 0 < down < 1:
        return Constant(down)
    for one, life in zip(parts, lives, strict=True):
        if "mttr_hours" not in life:
            raise BadInput(f"how long {one!r} takes to repair is not known; give it `mttr_hours`.")
    if group is not None and group.tested_every_hours and name in group.spares():
        fields = lives[0] | {"tested_every_hours": group.tested_every_hours}
        hours = float(hidden_times({field: one.likely for field, one in fields.items()})[1])
    else:
        hours = max(life["mttr_hours"].likely for life in lives)
    # The MTBF with which this time to be up again gives this share of time down.
    return Repairable(hours * (1 - down) / down, hours) if hours else Constant(down)


def single_points_of_failure(system: System, journey: str) -> tuple[str, ...]:
    """Return the parts whose failure alone stops the journey, in the order of the model."""
    solved = system.solved(journey)
    # Where nothing else fails, a part makes all the difference or none.
    slopes = birnbaum(solved, dict.fromkeys(solved.tree.events, (0.0, 1.0)))
    return tuple(name for name, slope in slopes.items() if slope == 1.0)


def naive_availability(system: System, journey: str, works: Callable[[str], float] | None = None) -> float:
    """Return the product that is often taken for the availability.

    It multiplies what each need offers, so that a part that two services share counts twice, and takes
    the copies of a group as independent. Public calculators do so (course, lesson 05).

    Parameters
    ----------
    system : System
    journey : str
    works : callable, optional
        From a component's name to the share of time for which it works; its likely one otherwise.
    """
    known: dict[str, float] = {}
    waiting = list(system.journey(journey).needs)
    while waiting:
        name = waiting[-1]
        stands_on = _stands_on(system, name)
        missing = [part for part in stands_on if part not in known]
        if missing:
            waiting.extend(missing)
            continue
        waiting.pop()
        if name in system.components:
            known[name] = works(name) if works else system.components[name].availability.likely
        elif name in system.services:
            known[name] = math.prod(known[part] for part in stands_on)
        elif (group := system.groups[name]).of is None:
            known[name] = chance_of_at_least(group.needs, [known[part] for part in stands_on])
        else:
            known[name] = k_of_n(group.needs, group.copies, known[group.of])
    return math.prod(known[part] for part in system.journey(journey).needs)


def unneeded(system: System) -> tuple[str, ...]:
    """Return the components, groups and services that no journey stands on, so that nothing counts them.

    >>> from faultlab.analysis.systems.system import Component, Journey, System
    >>> parts = {name: Component(name, Range.point(0.99)) for name in ("disk", "fax")}
    >>> buy = Journey("buy", ("disk",), Range.point(1000.0))
    >>> unneeded(System("Shop", "EUR", parts, journeys={"buy": buy}))
    ('fax',)
    """
    waiting = [name for one in system.journeys.values() for name in one.needs]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_stands_on(system, name))
    return tuple(
        name
        for room in (system.components, system.groups, system.services)
        for name in room
        if name not in found
    )


def _stands_on(system, name):
    if name in system.components:
        return ()
    if name in system.services:
        return system.services[name].needs
    group = system.groups[name]
    return group.among or (group.of,)


def chance_of_at_least(needed: int, chances: list[float]) -> float:
    """Return the probability that at least `needed` of independent events happen.

    Parameters
    ----------
    needed : int
    chances : list of float
    """
    exactly = [1.0]
    for chance in chances:
        exactly = [
            (exactly[i] if i < len(exactly) else 0.0) * (1 - chance) + (exactly[i - 1] * chance if i else 0.0)
            for i in range(len(exactly) + 1)
        ]
    return sum(exactly[needed:])

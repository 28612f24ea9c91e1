"""Views of a journey: what it loses in time and money, what alone can stop it, what others would say."""

import math
from dataclasses import dataclass

import numpy as np

from faultlab.analysis.event_models import Repairable
from faultlab.analysis.fault_tree import FaultTree
from faultlab.analysis.importances import birnbaum
from faultlab.analysis.solved_tree import solve
from faultlab.analysis.system import Range
from faultlab.analysis.system_ranges import SAMPLES, down_samples, sampled
from faultlab.analysis.system_times import times_of
from faultlab.errors import BadInput
from faultlab.metrics import k_of_n

HOURS_A_YEAR = 8760


@dataclass(frozen=True)
class JourneyReport:
    """What the model says of a journey.

    `availability` and `minutes_down_per_year` are exact, at the likely value of every range.
    `naive_availability` takes every mention of a part as another part and copies as independent. The
    three ranges have the figure at the likely values in the middle, and nine in ten of the sampled
    figures between their ends; where many ranges lean to one side, the middle lies near an end.
    """

    journey: str
    availability: float
    minutes_down_per_year: float
    naive_availability: float
    single_points_of_failure: tuple
    cost_per_year: Range
    availability_range: Range
    minutes_down_range: Range


def journey_report(system, journey, samples=SAMPLES, seed=0):
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
    return JourneyReport(
        journey=journey,
        availability=up,
        minutes_down_per_year=down * HOURS_A_YEAR * 60,
        naive_availability=naive_availability(system, journey),
        single_points_of_failure=single_points_of_failure(system, journey),
        cost_per_year=ninety(
            yearly_costs(system, journey, downs, seed),
            down * HOURS_A_YEAR * system.journey(journey).worth_per_hour.likely,
        ),
        availability_range=Range(1 - time_down.high, up, 1 - time_down.low),
        minutes_down_range=Range(
            *(one * HOURS_A_YEAR * 60 for one in (time_down.low, down, time_down.high)),
        ),
    )


def ninety(values, likely):
    """Return the range that holds nine in ten of sampled values, around the figure at likely values."""
    low, high = np.quantile(values, (0.05, 0.95))
    return Range(float(low), float(likely), float(high))


def yearly_costs(system, journey, downs, seed=0):
    """Return samples of a journey's cost a year: its share of time down, by hours, by the worth of one."""
    worth = system.journey(journey).worth_per_hour
    return downs * HOURS_A_YEAR * sampled(worth, f"journey {journey}.worth_per_hour", len(downs), seed)


def journey_times(system, journey):
    """Return how often a journey fails and for how long, from the MTTR of its parts.

    A shared cause takes as long to repair as a copy, or the longest of the parts that it strikes.

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
    >>> from faultlab.analysis import Component, Journey, System
    >>> disk = Component.of_life("disk", mtbf_hours=Range.point(99.0), mttr_hours=Range.point(1.0))
    >>> times = journey_times(System("Shop", "EUR", {"disk": disk}, journeys={
    ...     "buy": Journey("buy", ("disk",), Range.point(1000.0))}), "buy")
    >>> round(times.mtbf_hours, 6), round(times.mttr_hours, 6), round(times.failures_per_year, 6)
    (99.0, 1.0, 87.6)
    """
    tree = system.fault_tree(journey)
    events = {}
    for name, model in tree.events.items():
        part = name.partition("/")[0]
        group = system.groups.get(part)
        parts = (part,) if group is None else group.among or (group.of,)
        repairs = [system.components[one].life.get("mttr_hours") for one in parts]
        down = model.probability
        if None in repairs and 0 < down < 1:
            short = parts[repairs.index(None)]
            raise BadInput(f"how long {short!r} takes to repair is not known; give it `mttr_hours`.")
        hours = 0 if None in repairs else max(one.likely for one in repairs)
        # The MTBF with which this repair time gives this share of time down.
        events[name] = Repairable(hours * (1 - down) / down, hours) if 0 < down < 1 and hours else model
    return times_of(solve(FaultTree(tree.top, tree.gates, events)))


def single_points_of_failure(system, journey):
    """Return the parts whose failure alone stops the journey, in the order of the model."""
    solved = system.solved(journey)
    # Where nothing else fails, a part makes all the difference or none.
    slopes = birnbaum(solved, dict.fromkeys(solved.tree.events, (0.0, 1.0)))
    return tuple(name for name, slope in slopes.items() if slope == 1.0)


def naive_availability(system, journey):
    """Return the product that is often taken for the availability.

    It multiplies what each need offers, so that a part that two services share counts twice, and takes
    the copies of a group as independent. Public calculators do so (course, lesson 05).
    """

    known, waiting = {}, list(system.journey(journey).needs)
    while waiting:
        name = waiting[-1]
        stands_on = _stands_on(system, name)
        missing = [part for part in stands_on if part not in known]
        if missing:
            waiting.extend(missing)
            continue
        waiting.pop()
        if name in system.components:
            known[name] = system.components[name].availability.likely
        elif name in system.services:
            known[name] = math.prod(known[part] for part in stands_on)
        elif system.groups[name].among:
            known[name] = chance_of_at_least(system.groups[name].needs, [known[part] for part in stands_on])
        else:
            group = system.groups[name]
            known[name] = k_of_n(group.needs, group.copies, known[group.of])
    return math.prod(known[part] for part in system.journey(journey).needs)


def _stands_on(system, name):
    if name in system.components:
        return ()
    if name in system.services:
        return system.services[name].needs
    group = system.groups[name]
    return group.among or (group.of,)


def chance_of_at_least(needed, chances):
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

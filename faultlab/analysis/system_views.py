"""Views of a journey: what it loses in time and money, what alone can stop it, what others would say."""

from dataclasses import dataclass

from faultlab.analysis.system import Range
from faultlab.metrics import k_of_n

HOURS_A_YEAR = 8760


@dataclass(frozen=True)
class JourneyReport:
    """What the model says of a journey.

    `availability` and `minutes_down_per_year` are exact; `naive_availability` takes every mention of a
    part as another part and copies as independent. `cost_per_year` is outermost: its ends take every part
    and the worth of an hour at their best ends, or their worst, at once.
    """

    journey: str
    availability: float
    minutes_down_per_year: float
    naive_availability: float
    single_points_of_failure: tuple
    cost_per_year: Range


def journey_report(system, journey):
    """Return what the model says of a journey.

    Parameters
    ----------
    system : System
    journey : str

    Returns
    -------
    JourneyReport
    """
    up, down = system.up_and_down(journey)
    worth = system.journey(journey).worth_per_hour
    best, worst = system.up_and_down(journey, "high")[1], system.up_and_down(journey, "low")[1]
    return JourneyReport(
        journey=journey,
        availability=up,
        minutes_down_per_year=down * HOURS_A_YEAR * 60,
        naive_availability=naive_availability(system, journey),
        single_points_of_failure=single_points_of_failure(system, journey),
        cost_per_year=Range(
            best * HOURS_A_YEAR * worth.low,
            down * HOURS_A_YEAR * worth.likely,
            worst * HOURS_A_YEAR * worth.high,
        ),
    )


def single_points_of_failure(system, journey):
    """Return the parts whose failure alone stops the journey, in the order of the model."""
    solved = system.solved(journey)
    possible = dict.fromkeys(solved.tree.events, 0.5)
    return tuple(name for name in solved.tree.events if solved.probability(possible | {name: 1.0})[1] == 0.0)


def naive_availability(system, journey):
    """Return the product that is often taken for the availability.

    It multiplies what each need offers, so that a part that two services share counts twice, and takes
    the copies of a group as independent. Public calculators do so (course, lesson 05).
    """

    def offered(name):
        if name in system.components:
            return system.components[name].availability.likely
        if name in system.groups:
            group = system.groups[name]
            if group.among:
                return chance_of_at_least(group.needs, [offered(member) for member in group.among])
            return k_of_n(group.needs, group.copies, system.components[group.of].availability.likely)
        return product(system.services[name].needs)

    def product(names):
        result = 1.0
        for name in names:
            result *= offered(name)
        return result

    return product(system.journey(journey).needs)


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

"""How often a system of repairable parts fails, how long it stays down, and its probability over time.

Rausand and Hoyland (2004), chapter 9: a part's failure becomes the system's exactly when the part is
critical, which has the probability of its Birnbaum importance.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from faultlab.analysis.fault_trees.cut_sets import directions
from faultlab.analysis.fault_trees.event_models import Constant, Exponential, Repairable, Weibull
from faultlab.analysis.fault_trees.importances import birnbaum
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.analysis.fault_trees.solved_tree import SolvedTree

HOURS_A_YEAR = 8760


@dataclass(frozen=True)
class SystemTimes:
    """The long run of a repairable system, by the definitions of MTBF and MTTR of lesson 08.

    `mtbf_hours` is the mean time from a repair to the next failure, `mttr_hours` the mean time down, so
    that availability = MTBF / (MTBF + MTTR).
    """

    availability: float
    failures_per_year: float
    mtbf_hours: float
    mttr_hours: float


def failure_frequency(solved: SolvedTree, hours: float = math.inf, on_demand: Collection[str] = ()) -> float:
    """Return how often per hour the top event begins, at a time.

    Parameters
    ----------
    solved : SolvedTree
        Of a coherent tree: no negation.
    hours : float
    on_demand : collection of str
        Events that hold or don't when they are asked for, such as a switch that is stuck; they begin nothing.

    Returns
    -------
    float

    Raises
    ------
    BadInput
        For an event with a constant probability, which has no rate, and for trees with negation.
    """
    form = solved.form
    if directions(form)[abs(form.top)] != (1 if form.top > 0 else -1):
        raise BadInput("the tree uses negation; a failure frequency needs a tree without.")
    total = []
    for name, slope in birnbaum(solved, hours=hours).items():
        if slope and name not in on_demand:
            total.append(slope * _intensity(name, solved.tree.events[name], hours))
    return math.fsum(total)


def _intensity(name, model, hours):
    """How often per hour an event begins at a time."""
    working = model.at(hours)[1]
    if isinstance(model, Repairable):
        return working / model.mtbf_hours
    if isinstance(model, Exponential):
        return working * model.failures_per_hour
    if isinstance(model, Weibull):
        if hours == math.inf:
            return 0.0
        return working * model.shape / model.scale_hours * (hours / model.scale_hours) ** (model.shape - 1)
    if isinstance(model, Constant) and model.probability in (0, 1):
        return 0.0
    raise BadInput(f"event {name!r} has a probability but no rate; give it an MTBF and an MTTR.")


def times_of(solved: SolvedTree, on_demand: Collection[str] = ()) -> SystemTimes:
    """Return the availability, failures a year, MTBF and MTTR of a system in the long run.

    Parameters
    ----------
    solved : SolvedTree
        Of a coherent tree of repairable events; the top event is that the system is down.
    on_demand : collection of str
        As for `failure_frequency`.

    Returns
    -------
    SystemTimes

    Examples
    --------
    Two parts in series, each 99 h up and 1 h down: the system fails about twice as often as one.

    >>> from faultlab.analysis.engine import OR
    >>> from faultlab.analysis.fault_trees import FaultTree, Repairable, solve
    >>> part = Repairable(mtbf_hours=99, mttr_hours=1)
    >>> times = times_of(solve(FaultTree("down", {"down": OR("a", "b")}, {"a": part, "b": part})))
    >>> round(times.mtbf_hours, 6), round(times.mttr_hours, 6)
    (49.5, 1.005051)
    """
    down, up = solved.probability()
    frequency = failure_frequency(solved, on_demand=on_demand)
    if frequency == 0:
        raise BadInput("the system never fails, or never again; give its parts an MTBF and an MTTR.")
    return SystemTimes(up, frequency * HOURS_A_YEAR, up / frequency, down / frequency)

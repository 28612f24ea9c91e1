"""What redundancy buys when replicas share a cause of failure, and when they share every bug.

The beta-factor model (Fleming 1975; NUREG/CR-4780): a share beta of each replica's failures strikes all
replicas at once, the rest strikes one alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from faultlab.errors import BadInput
from faultlab.metrics.estimates import downtime_minutes_from_unavailability, k_of_n_unavailability

OUTAGE_TRIGGERS = {
    "binary push": 0.37,
    "configuration push": 0.31,
    "user behavior change": 0.09,
    "processing pipeline": 0.06,
    "service provider change": 0.05,
    "performance decay": 0.05,
    "capacity management": 0.05,
    "hardware": 0.02,
}
"""What set off outages at Google, 2010 to 2017 (The Site Reliability Workbook, appendix C)."""


def redundant_unavailability(k: int, n: int, unavailability: float, beta: float = 0.0) -> float:
    """Return the unavailability of n replicas of which k are needed, with a common cause.

    Parameters
    ----------
    k, n : int
        1 <= k <= n.
    unavailability : float
        Of one replica, from 0 to 1.
    beta : float
        The share of it that strikes all replicas at once.

    Returns
    -------
    float
        ``1 - (1 - beta*U) * A``, with A the availability of k of n independent parts that are each down
        ``(1 - beta)*U`` of the time; all digits are kept.

    Examples
    --------
    >>> for beta in (0, 0.01, 0.05, 0.1):
    ...     print(f"{1 - redundant_unavailability(1, 2, 0.005, beta):.4%}")
    99.9975%
    99.9925%
    99.9727%
    99.9480%
    """
    if not 0 <= beta <= 1:
        raise BadInput(f"beta is the share of failures that strike all, from 0 to 1, not {beta!r}.")
    if not 0 <= unavailability <= 1:
        raise BadInput(f"An unavailability is a fraction from 0 to 1, not {unavailability!r}.")
    alone = k_of_n_unavailability(k, n, (1 - beta) * unavailability)
    together = beta * unavailability
    # A single replica of one is struck alone and together, at the same time too: the same rule holds.
    return alone + together - alone * together


def redundant_availability(k: int, n: int, availability: float, beta: float = 0.0) -> float:
    """Return the availability of n replicas of which k are needed; see `redundant_unavailability`.

    >>> round(redundant_availability(2, 3, 0.99), 9), round(redundant_availability(2, 3, 0.99, 0.1), 6)
    (0.999702, 0.998759)
    """
    return 1 - redundant_unavailability(k, n, 1 - availability, beta)


def replicas_needed(k: int, unavailability: float, target: float, beta: float = 0.0) -> int | None:
    """Return the fewest replicas that reach a target, or None when not even a hundred do.

    Parameters
    ----------
    k : int
        Replicas needed to carry the load.
    unavailability : float
        Of one replica.
    target : float
        The unavailability that you accept.
    beta : float

    Examples
    --------
    Four nines from replicas of 99.5 %: two are enough, until a tenth of the failures strikes both.

    >>> replicas_needed(1, 0.005, 1e-4), replicas_needed(1, 0.005, 1e-4, beta=0.1)
    (2, None)
    """
    if beta * unavailability > target:
        return None
    for n in range(k, 101):
        if redundant_unavailability(k, n, unavailability, beta) <= target:
            return n
    return None


@dataclass(frozen=True)
class Deploys:
    """Minutes lost a year, as if all users were down for so long.

    `hardware` is what too few working replicas cost, `bad_deploys` what bugs cost that all replicas carry.
    """

    hardware: float
    bad_deploys: float

    @property
    def minutes(self) -> float:
        return self.hardware + self.bad_deploys


def correlated_deploys(
    k: int,
    n: int,
    unavailability: float,
    deploys_per_year: float,
    bad_share: float,
    minutes_to_roll_back: float,
    stages: Sequence[float] = (1.0,),
    caught: float = 1.0,
) -> Deploys:
    """Return what a year of deploys costs beside what the hardware costs.

    All replicas carry the same version, so a bad one takes down everything it has reached; more replicas
    change nothing about it, stages do.

    Parameters
    ----------
    k, n, unavailability
        As in `redundant_unavailability`; the hardware's failures are taken as independent.
    deploys_per_year : float
    bad_share : float
        The share of deploys that take down what they reach.
    minutes_to_roll_back : float
        From reaching a stage to being rolled back, detection included.
    stages : sequence of float
        The shares of users that a deploy reaches one after the other, the last one 1: ``(0.01, 0.1, 1)``.
    caught : float
        The chance that a bad deploy is noticed at a stage before the last; a stage where it is not
        noticed costs its minutes all the same.

    Returns
    -------
    Deploys

    Examples
    --------
    >>> at_once = correlated_deploys(1, 3, 0.005, 500, 0.01, 30)
    >>> round(at_once.hardware, 3), at_once.bad_deploys
    (0.066, 150.0)
    >>> staged = correlated_deploys(1, 3, 0.005, 500, 0.01, 30, stages=(0.05, 1.0), caught=0.8)
    >>> round(staged.bad_deploys, 6)
    37.5
    """
    if not (deploys_per_year >= 0 and minutes_to_roll_back >= 0 and math.isfinite(minutes_to_roll_back)):
        raise BadInput("Deploys a year and minutes to roll back are 0 or more.")
    for name, value in (("bad_share", bad_share), ("caught", caught)):
        if not 0 <= value <= 1:
            raise BadInput(f"{name} is a fraction from 0 to 1, not {value!r}.")
    shares = list(stages)
    if not shares or shares != sorted(shares) or shares[0] <= 0 or shares[-1] != 1:
        raise BadInput(f"Stages are rising shares that end with 1, such as (0.01, 0.1, 1), not {stages!r}.")
    lost = sum(share * (1 - caught) ** passed for passed, share in enumerate(shares))
    hardware = downtime_minutes_from_unavailability(redundant_unavailability(k, n, unavailability))
    return Deploys(hardware, deploys_per_year * bad_share * minutes_to_roll_back * lost)

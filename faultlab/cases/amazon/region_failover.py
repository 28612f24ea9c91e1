"""Regions behind DNS: who still calls the dead one, and what the move does to the survivor."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from faultlab.design.calls import service_times
from faultlab.design.stores import arrival_times, balanced_store, steady
from faultlab.errors import BadInput


def still_on_old_address(seconds: float, time_to_live: float, overstay: float = 0.0) -> float:
    """Return the share of clients that still use the old address, so long after DNS has a new one.

    Parameters
    ----------
    seconds : float
        Since the change; 0 or more.
    time_to_live : float
        Seconds for which resolvers keep an answer. They fetched it at any time before, so the share falls
        in a straight line.
    overstay : float
        The share of clients that never look again: long-lived connections, resolvers of their own mind.

    Examples
    --------
    >>> still_on_old_address(45, 60), still_on_old_address(600, 60, overstay=0.02)
    (0.25, 0.02)
    """
    if not (seconds >= 0 and 0 <= time_to_live < math.inf and 0 <= overstay <= 1):
        raise BadInput("Seconds and time to live are from 0, and the share that overstays is from 0 to 1.")
    waiting = max(0.0, 1 - seconds / time_to_live) if time_to_live else 0.0
    return overstay + (1 - overstay) * waiting


@dataclass(frozen=True)
class Regions:
    """Two regions that share the traffic, of which one dies; times in seconds.

    Attributes
    ----------
    rate : float
        Customers a second, in all; `home_share` of them belong to the region that dies.
    service : float
        Mean seconds a customer takes, exponential.
    servers : int
        In the survivor.
    home_servers : int
        In the region that dies.
    dies_at, duration : float
    decided_after : float
        From the death until DNS has the new address: detection and decision.
    time_to_live, overstay : float
        As in `still_on_old_address`.
    deadline : float
    places : int
        The longest line at a server.
    """

    rate: float = 60.0
    home_share: float = 0.5
    service: float = 0.2
    servers: int = 10
    home_servers: int = 10
    dies_at: float = 300.0
    duration: float = 1500.0
    decided_after: float = 60.0
    time_to_live: float = 60.0
    overstay: float = 0.0
    deadline: float = 2.0
    places: int = 50

    def __post_init__(self):
        if not 0 <= self.home_share <= 1:
            raise BadInput(f"The share of the region that dies is from 0 to 1, not {self.home_share!r}.")
        if not (0 < self.dies_at < self.duration and self.decided_after >= 0):
            raise BadInput("The region dies between start and end, and is moved away from after that.")
        still_on_old_address(0, self.time_to_live, self.overstay)


@dataclass(frozen=True, eq=False)
class RegionLoss:
    """Shares without an answer in time, once a region is dead.

    Attributes
    ----------
    of_the_dead, of_the_survivor : float
        Among customers whose home died, and whose home is the survivor: did failover drag them down?
    by_minute : numpy.ndarray
        Of all customers, for each minute of the play.
    seconds_lost : float
        The loss as seconds of the whole store's traffic.
    """

    of_the_dead: float
    of_the_survivor: float
    by_minute: np.ndarray
    seconds_lost: float


def lose_a_region(regions: Regions, seed: int = 0) -> RegionLoss:
    """Play the loss of a region and the move to the other.

    Parameters
    ----------
    regions : Regions
    seed : int

    Returns
    -------
    RegionLoss

    Examples
    --------
    >>> half, full = (lose_a_region(Regions(servers=n)) for n in (10, 16))
    >>> half.of_the_survivor > 0.1 > 0.001 > full.of_the_survivor
    True
    """
    come = arrival_times(steady(regions.rate, regions.duration), [seed, 30])
    takes = service_times(len(come), regions.service, seed=[seed, 31])
    draws = np.random.default_rng([seed, 32]).random((3, len(come)))
    home = draws[0] < regions.home_share
    # Each client's resolver lets go of the old address at a time of its own.
    leaves = regions.dies_at + regions.decided_after + regions.time_to_live * draws[1]
    leaves = np.where(draws[2] < regions.overstay, math.inf, leaves)
    moved = home & (come >= regions.dies_at) & (come >= leaves)
    answered = np.zeros(len(come), bool)
    at_home = home & (come < regions.dies_at)
    for who, servers in ((at_home, regions.home_servers), (~home | moved, regions.servers)):
        run = balanced_store(come[who], takes[who], servers, "two choices", regions.places, seed=seed)
        answered[who] = run.in_time(regions.deadline)
        if who is at_home:
            answered[who] &= run.ends <= regions.dies_at
    missed, dead = ~answered, come >= regions.dies_at
    bins: dict[str, Any] = {
        "bins": math.ceil(regions.duration / 60),
        "range": (0, 60 * math.ceil(regions.duration / 60)),
    }
    of_all = np.histogram(come, **bins)[0]
    return RegionLoss(
        of_the_dead=float(missed[dead & home].mean()) if (dead & home).any() else 0.0,
        of_the_survivor=float(missed[dead & ~home].mean()) if (dead & ~home).any() else 0.0,
        by_minute=np.histogram(come[missed], **bins)[0] / np.maximum(of_all, 1),
        seconds_lost=float(missed.sum() / regions.rate),
    )

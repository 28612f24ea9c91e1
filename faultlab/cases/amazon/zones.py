"""Zones: what one zone's loss takes, and what it costs to have the spare before or to order it after.

The idea of static stability: B. Weiss and M. Furr, "Static stability using Availability Zones", Amazon
Builders' Library 2019.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from faultlab.design.calls import service_times
from faultlab.design.stores import Server, arrival_times, balanced_store, steady
from faultlab.errors import BadInput


def zone_capacity(zones: int, lost: int = 1) -> float:
    """Return how many times the needed capacity must stand ready to lose zones without ordering any.

    Parameters
    ----------
    zones : int
        2 or more.
    lost : int
        1 to one fewer than `zones`.

    Examples
    --------
    >>> zone_capacity(2), zone_capacity(3), round(zone_capacity(4), 4)
    (2.0, 1.5, 1.3333)
    """
    _refuse_zones(zones, lost)
    return zones / (zones - lost)


def highest_utilisation(zones: int) -> float:
    """Return how busy zones may be in peace so that the survivors of one's loss can just carry all.

    >>> round(highest_utilisation(3), 4)
    0.6667
    """
    return 1 / zone_capacity(zones)


@dataclass(frozen=True)
class ZonePlan:
    """A store in zones that loses one.

    Attributes
    ----------
    rate : float
        Customers a second, in all.
    service : float
        Mean seconds a customer takes, exponential.
    zones, servers_a_zone : int
    dies_at, duration : float
        Seconds until a zone dies, and of the whole play.
    noticed_after : float
        Seconds until health checks take its servers out.
    ordered_after : float, optional
        Seconds from the death until replacements serve; None orders none.
    arrived_share : float
        Of the replacements ordered: when a zone is lost everybody orders, and some get nothing.
    deadline : float
        Seconds in which an answer is worth something.
    places, browse_places : int
        The longest line at a server, for checkout and for browsing.
    checkout_share : float
    """

    rate: float = 60.0
    service: float = 0.2
    zones: int = 3
    servers_a_zone: int = 6
    dies_at: float = 300.0
    duration: float = 1200.0
    noticed_after: float = 10.0
    ordered_after: float | None = None
    arrived_share: float = 1.0
    deadline: float = 2.0
    places: int = 50
    browse_places: int = 50
    checkout_share: float = 0.1

    def __post_init__(self):
        _refuse_zones(self.zones, 1)
        if isinstance(self.servers_a_zone, bool) or self.servers_a_zone < 1:
            raise BadInput(f"A zone has at least one server, not {self.servers_a_zone!r}.")
        if not 0 < self.dies_at < self.duration:
            raise BadInput("The zone dies after the start and before the end.")
        if not (0 <= self.arrived_share <= 1 and 0 <= self.checkout_share <= 1):
            raise BadInput("The shares of servers that arrive and of checkouts are from 0 to 1.")


@dataclass(frozen=True)
class ZoneLoss:
    """What the loss of a zone took: shares of those who came in each stretch and got no answer in time.

    `before` the death, `unnoticed` until health checks saw it, and `after`; `checkouts_after` and
    `browsers_after` split the last.
    """

    before: float
    unnoticed: float
    after: float
    checkouts_after: float
    browsers_after: float


def lose_a_zone(plan: ZonePlan, policy: str = "two choices", seed: int = 0) -> ZoneLoss:
    """Play the loss of a zone.

    Parameters
    ----------
    plan : ZonePlan
    policy : str
        As in `balanced_store`.
    seed : int
        The same seed brings the same customers under every plan of the same rate.

    Returns
    -------
    ZoneLoss

    Examples
    --------
    With three zones at 67 % the other two are full; with a quarter more each, nobody notices for long.

    >>> tight, spare = (lose_a_zone(ZonePlan(servers_a_zone=n)) for n in (6, 8))
    >>> tight.after > 0.1 > 0.01 > spare.after
    True
    """
    come = arrival_times(steady(plan.rate, plan.duration), [seed, 20])
    takes = service_times(len(come), plan.service, seed=[seed, 21])
    kinds = (np.random.default_rng([seed, 22]).random(len(come)) >= plan.checkout_share).astype(np.int64)
    doomed = [Server(dies=plan.dies_at, noticed_after=plan.noticed_after)] * plan.servers_a_zone
    servers = [Server()] * (plan.servers_a_zone * (plan.zones - 1)) + doomed
    if plan.ordered_after is not None:
        arriving = math.floor(plan.arrived_share * plan.servers_a_zone + 1e-9)
        servers += [Server(starts=plan.dies_at + plan.ordered_after)] * arriving
    places = (plan.places, min(plan.places, plan.browse_places))
    run = balanced_store(come, takes, servers, policy, places, kinds, seed=seed)
    missed = ~run.in_time(plan.deadline)
    seen = plan.dies_at + plan.noticed_after
    late = come >= seen
    return ZoneLoss(
        before=_share(missed[come < plan.dies_at]),
        unnoticed=_share(missed[(come >= plan.dies_at) & ~late]),
        after=_share(missed[late]),
        checkouts_after=_share(missed[late & (kinds == 0)]),
        browsers_after=_share(missed[late & (kinds == 1)]),
    )


def compare_zone_plans(
    plans: dict[str, ZonePlan], seeds: Iterable[int] = range(8)
) -> dict[str, tuple[ZoneLoss, ...]]:
    """Play the loss of a zone under several plans, with the same customers under each of the same rate.

    Parameters
    ----------
    plans : dict of str to ZonePlan
    seeds : iterable of int

    Returns
    -------
    dict of str to tuple of ZoneLoss
        One for each seed, in order.

    Examples
    --------
    >>> plans = {str(servers): ZonePlan(servers_a_zone=servers) for servers in (6, 8)}
    >>> found = compare_zone_plans(plans, range(2))
    >>> min(loss.after for loss in found["6"]) > max(loss.after for loss in found["8"])
    True
    """
    seeds = list(seeds)
    return {name: tuple(lose_a_zone(plan, seed=seed) for seed in seeds) for name, plan in plans.items()}


def _share(flags):
    return float(flags.mean()) if len(flags) else 0.0


def _refuse_zones(zones, lost):
    for number in (zones, lost):
        if isinstance(number, bool) or not isinstance(number, int):
            raise BadInput(f"Zones are counted in whole numbers, not {number!r}.")
    if zones < 2 or not 1 <= lost < zones:
        raise BadInput(f"It takes two zones or more, some of which survive: not {zones!r}, {lost!r} lost.")

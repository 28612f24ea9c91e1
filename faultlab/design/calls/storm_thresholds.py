"""From which load on a retry storm stays: what theory says, and what the simulation shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from faultlab.design.calls.retry_storms import Service, Trigger, retry_storm
from faultlab.errors import BadInput
from faultlab.metrics.estimates import Estimate

if TYPE_CHECKING:
    from faultlab.design.calls.policies import Policy

OUTAGE = Trigger(start=10, seconds=10, capacity=0.02)


def storm_threshold(capacity: float, retries: int = 0, budget_share: float | None = None) -> float:
    """Return the load, in calls a second, above which a retry storm keeps itself alive.

    While everything times out, each call is tried ``1 + retries`` times, and a budget allows
    ``1 + budget_share`` at most. If the capacity carries that, the queue drains and the storm ends by
    itself; if not, it stays after its trigger has gone.

    Parameters
    ----------
    capacity : float
        Attempts a second that the service can work on.
    retries : int
    budget_share : float, optional
        Retries a call that a retry budget allows.

    References
    ----------
    Bronson and others, "Metastable Failures in Distributed Systems", HotOS 2021; Huang and others,
    "Metastable Failures in the Wild", OSDI 2022.

    Examples
    --------
    >>> storm_threshold(100, retries=3), round(storm_threshold(100, retries=3, budget_share=0.1), 2)
    (25.0, 90.91)
    """
    if not capacity > 0:
        raise BadInput(f"A capacity is more than 0 a second, not {capacity!r}.")
    if retries < 0 or (budget_share is not None and budget_share < 0):
        raise BadInput("Retries and a budget's share are 0 or more.")
    more = retries if budget_share is None else min(retries, budget_share)
    return capacity / (1 + more)


def measured_threshold(
    service: Service,
    policy: Policy,
    seconds: int = 300,
    seeds: Sequence[int] = range(5),
    steps: int = 8,
) -> Estimate:
    """Return the load above which the storm was seen to stay, beside what `storm_threshold` says.

    The trigger is ten seconds in which next to nothing is served: a weak one starts no storm at low loads.

    Parameters
    ----------
    service : Service
    policy : Policy
    seconds : int
        Of each run. Just under the threshold the queue drains slowly, so short runs see it lower.
    seeds : sequence of int
        An interval is searched for each; loads are halved `steps` times between 0 and the capacity.

    Returns
    -------
    Estimate
        The median, between the lowest and the highest of the seeds (which for n seeds holds the true
        median with confidence 1 - 2 * 0.5**n).

    Examples
    --------
    >>> from faultlab.design.calls.backoff import Backoff
    >>> from faultlab.design.calls.policies import Policy
    >>> from faultlab.design.calls.retry_storms import Service
    >>> hasty = Policy(timeout=0.5, retries=3, backoff=Backoff("none"))
    >>> found = measured_threshold(Service(capacity=40), hasty, seeds=range(3))
    >>> 8 < found.value < 12  # theory says 40 / (3 + 1)
    True
    """
    seeds = list(seeds)
    if not seeds:
        raise BadInput("A threshold is measured with one seed or more.")
    found = []
    for seed in seeds:
        low, high = 0.0, service.capacity
        for _ in range(steps):
            middle = (low + high) / 2
            calm = retry_storm(service, policy, middle, OUTAGE, seconds, seed=seed).recovered
            low, high = (middle, high) if calm else (low, middle)
        found.append((low + high) / 2)
    method = f"bisection of the load, median and range of {len(seeds)} seeds"
    return Estimate(float(np.median(found)), min(found), max(found), 1 - 2 * 0.5 ** len(seeds), method)

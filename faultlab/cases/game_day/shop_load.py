"""How many customers Kestrel's servers turn away: queues and the autoscaler of lesson 03, for the game."""

from __future__ import annotations

import math
from functools import cache

from faultlab.cases.amazon import TargetTracking
from faultlab.cases.amazon.autoscaling import Seen
from faultlab.cases.amazon.kestrel_evening import KESTREL_EVENING
from faultlab.design.stores import abandonment

ORDINARY = KESTREL_EVENING.traffic.rates[0]  # customers a second
BUYERS = KESTREL_EVENING.checkout_share
SERVICE = KESTREL_EVENING.service
REFUSING = 0.1
TARGETS = {True: 0.6, False: 0.85}
"""How busy servers are meant to be, with more room and with less."""


def servers_for(rate: float, low_target: bool) -> int:
    """Return how many servers the autoscaler has at a steady traffic.

    >>> servers_for(20.0, low_target=True), servers_for(20.0, low_target=False)
    (7, 5)
    """
    return math.ceil(rate * SERVICE / TARGETS[low_target] - 1e-9)


@cache
def turned_away(servers: int, rate: float, shedding: bool, service: float = SERVICE) -> tuple[float, float]:
    """Return the shares of buyers and of browsers who leave, unserved within the deadline.

    Without shedding they are alike; with it, browsers make room for buyers. To send somebody away takes a
    tenth of the work of serving, so a shop that is much too full has work for little else.

    Examples
    --------
    >>> alike, first = (turned_away(4, 24.0, shedding) for shedding in (False, True))
    >>> alike[0] == alike[1] > 0.15, first[0] == 0.0
    (True, True)
    """
    lost = abandonment(servers, rate, KESTREL_EVENING.deadline, 1 / service)
    if not shedding:
        return lost, lost
    most = max(0.0, (servers / service - REFUSING * rate) / (1 - REFUSING))
    lost = max(lost, 1 - most / rate)
    return max(0.0, (lost - (1 - BUYERS)) / BUYERS), min(1.0, lost / (1 - BUYERS))


@cache
def rush(
    times: int,
    ramp: int,
    minutes: int,
    low_target: bool,
    shedding: bool,
    kept: float = 1.0,
    service: float = SERVICE,
) -> tuple[float, float]:
    """Return how many minutes' worth of ordinary buyers and browsers a rush loses at the servers.

    Parameters
    ----------
    times : int
        How many times the ordinary traffic comes.
    ramp, minutes : int
        Minutes until all of it is there, and for which it stays.
    low_target, shedding : bool
        As bought.
    kept : float
        The share of customers who are let in at all.
    service : float
        Mean seconds a customer takes.

    Notes
    -----
    The autoscaler is lesson 03's target tracking, asked every minute; a new server warms up for four.
    What leaves in a minute is the share of a steady queue at that minute's traffic.

    Examples
    --------
    >>> little, much = (rush(3, 3, 40, low_target, False)[0] for low_target in (True, False))
    >>> 0 < little < much
    True
    """
    track = TargetTracking(TARGETS[low_target])
    wanted = servers_for(ORDINARY, low_target)
    starts, readings = [0] * wanted, []
    since_out = math.inf
    buyers = browsers = 0.0
    for minute in range(ramp + minutes):
        rate = ORDINARY * kept * (1 + (times - 1) * min(1.0, (minute + 1) / ramp))
        serving = sum(start <= minute for start in starts)
        away = turned_away(serving, round(rate, 6), shedding, service)
        buyers, browsers = buyers + away[0] * rate / ORDINARY, browsers + away[1] * rate / ORDINARY
        readings.append(min(1.0, rate * service / serving))
        since_out += 1
        seen = Seen(minute + 1, len(starts), serving, tuple(readings[-15:-1]), since_out)
        more = min(track(seen), KESTREL_EVENING.quota) - len(starts)
        if more > 0:
            starts += [minute + 1 + KESTREL_EVENING.warm_up] * more
            since_out = 0.0
    return buyers, browsers

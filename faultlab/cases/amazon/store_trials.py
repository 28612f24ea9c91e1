"""A balancer or an autoscaler that somebody wrote, tried on customers it has not seen."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from faultlab.cases.amazon.evening import Evening, scaled_evening
from faultlab.cases.amazon.kestrel_evening import BROWSER_WORTH, ORDER_WORTH
from faultlab.design.calls import service_times
from faultlab.design.stores import RateCurve, arrival_times, balanced_store, steady
from faultlab.errors import BadInput

SERVICE = 0.2
PATIENCE = 2.0
HOURS = 6
"""An evening and its night, as `scaler_trial` plays them."""


def balancer_trial(
    balance: Callable[[list[int], float], int],
    rate: float = 45.0,
    servers: int = 11,
    look_every: float = 1.0,
    seed: int = 0,
    seconds: float = 120.0,
) -> float:
    """Return the per cent of customers that a balancer loses: no answer within two seconds.

    Parameters
    ----------
    balance : callable
        Called with the lengths of the lines, as they were at the last look, and a draw from 0 to 1;
        returns the number of a server, from 0.
    rate : float
        Customers a second; each takes a fifth of a second, exponential.
    servers : int
    look_every : float
        Seconds between two looks at the lines; 0 for always.
    seed : int
        The same seed brings the same customers, whatever the balancer.
    seconds : float

    Raises
    ------
    BadInput
        If `balance` returns no number of a server.

    Examples
    --------
    >>> chance = balancer_trial(lambda lines, draw: int(draw * len(lines)))
    >>> always_the_first = balancer_trial(lambda lines, draw: 0)
    >>> chance < 40 < always_the_first
    True
    """
    come, takes = _customers(rate, seconds, seed)
    run = balanced_store(come, takes, servers, balance, places=50, look_every=look_every, seed=seed)
    return round(100 * float(1 - run.in_time(PATIENCE).mean()), 6)


def scaler_trial(
    scale: Callable[[int, int, tuple[float | None, ...]], int],
    peak: float = 70.0,
    begins: int = 20,
    warm_up: int = 4,
    seed: int = 0,
) -> float:
    """Return what an evening with a sale, and the night after it, cost in EUR: servers and lost customers.

    Parameters
    ----------
    scale : callable
        Called each minute with the servers ordered, those that serve, and the readings of the past (how
        busy the servers were, each minute, the last one a minute old; None where there is none);
        returns how many servers it wants, 2 to 60.
    peak : float
        Customers a second in the sale; before it 20, and from the end of the first hour on 2.
    begins : int
        The minute at which the sale begins. It takes five minutes to its peak and lasts fifteen.
    warm_up : int
        Minutes until a new server serves.
    seed : int

    Raises
    ------
    BadInput
        If `scale` returns no whole number.

    Examples
    --------
    >>> thirty, seven = (scaler_trial(lambda *seen, n=n: n) for n in (30, 7))
    >>> thirty < 700 < 10_000 < seven
    True
    """
    times = [60 * begins, 60 * begins + 300, 60 * begins + 1200, 60 * begins + 1500, 3600, 4200, 3600 * HOURS]
    if not 0 < begins <= 30:
        raise BadInput(f"The sale begins in minute 1 to 30, not {begins!r}.")
    evening = Evening(
        RateCurve((0, *times), (20.0, 20.0, peak, peak, 20.0, 20.0, 2.0, 2.0)),
        checkout_worth=round(ORDER_WORTH, 2),
        browse_worth=round(BROWSER_WORTH, 2),
        server_hour=3.0,
        first=7,
        quota=60,
        warm_up=warm_up,
    )
    asked = scaled_evening(evening, lambda seen: scale(seen.wanted, seen.in_service, seen.readings), seed)
    return round(asked.total_money, 4)


@lru_cache(maxsize=16)
def _customers(rate, seconds, seed):
    come = arrival_times(steady(rate, seconds), [seed, 50])
    takes = service_times(len(come), SERVICE, seed=[seed, 51])
    for values in (come, takes):
        values.setflags(write=False)
    return np.asarray(come), np.asarray(takes)

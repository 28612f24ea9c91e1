"""Four ways to choose a server, side by side, on a good day and with each of three faults."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from faultlab.design.calls import service_times
from faultlab.design.stores import Server, arrival_times, balanced_store, pool, steady
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import share

if TYPE_CHECKING:
    from faultlab.design.stores import StoreRun


POLICIES = {
    "random": "a random server",
    "round robin": "each server in turn",
    "two choices": "the shorter of two queues",
    "least connections": "the shortest queue",
}
"""The rules of `balanced_store`, and what they do in plain words."""
TROUBLES = (
    "all is well",
    "one server is ten times slower",
    "one server is dead, unnoticed for a minute",
    "queue lengths are a second old",
)
SERVERS, RATE, SERVICE, SECONDS, PATIENCE = 11, 45.0, 0.2, 600, 2.0


@functools.cache
def served_by(policy: str, trouble: str, seed: int = 0) -> StoreRun:
    """Ten minutes of customers under one rule; the same seed brings the same customers to every rule."""
    come = arrival_times(steady(RATE, SECONDS), seed=[seed, 1])
    takes = service_times(len(come), SERVICE, seed=[seed, 2])
    place = TROUBLES.index(trouble)
    servers = {
        1: pool(SERVERS, slow=1, slow_speed=0.1),
        2: (Server(dies=300, noticed_after=60), *pool(SERVERS - 1)),
    }.get(place, pool(SERVERS))
    stale = float(place == 3)
    return balanced_store(come, takes, servers, policy, places=50, look_every=stale, seed=1000 + seed)


def balanced_lines(trouble: str) -> Picture:
    """What customers lose under each rule of choosing a server.

    Parameters
    ----------
    trouble : str
        One of `TROUBLES`.

    Returns
    -------
    Picture

    Examples
    --------
    >>> balanced_lines("all is well").rows[0]["Rule"]
    'a random server'
    """
    found = {policy: served_by(policy, trouble) for policy in POLICIES}
    lost = {policy: 1 - run.in_time(PATIENCE).mean() for policy, run in found.items()}
    worst, best = max(lost, key=lost.__getitem__), min(lost, key=lost.__getitem__)
    drawn = [
        (words, lost[policy], _written(lost[policy]), RED if policy == worst else BLUE)
        for policy, words in POLICIES.items()
    ]
    alt = f"Bars: customers who get no response within {PATIENCE:g} seconds when {trouble}. " + ", ".join(
        f"{words} {_written(lost[policy])}" for policy, words in POLICIES.items()
    )
    sentence = (
        f"When {trouble}, “{POLICIES[best]}” loses {_written(lost[best])} of customers and "
        f"“{POLICIES[worst]}” {_written(lost[worst])}, in these ten minutes."
    )
    rows = tuple(
        {
            "Rule": words,
            f"No response in {PATIENCE:g} s": _written(lost[policy]),
            "Average": f"{found[policy].responses.mean():.2f} s",
            "Slowest 1 % over": f"{found[policy].response_percentile(0.99):.1f} s",
        }
        for policy, words in POLICIES.items()
    )
    return Picture(bars(drawn, alt + ".", highest=0.5), alt + ".", sentence, rows)


def _written(fraction):
    return share(fraction) if fraction else "0 %"

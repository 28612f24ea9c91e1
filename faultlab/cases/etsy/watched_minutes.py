"""A shop that counts: every request of some minutes sent as a packet to a real StatsD server."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from faultlab.errors import BadInput
from faultlab.live import StatsDServer
from faultlab.metrics.statsd import StatsDOptions, aggregate

if TYPE_CHECKING:
    from faultlab.cases.etsy.deploy_days import DeployDay

INTERVAL = 60.0  # seconds: one flush a minute


@dataclass(frozen=True)
class WatchedMinutes:
    """What the server flushed.

    Attributes
    ----------
    first : int
        The minute of the day of the first flush.
    flushes : tuple of dict
        One a minute, as `StatsD.flush` returns it.
    sent : int
        Packets.
    by_network : bool
        False where no server could be started: the same packets then went through the same arithmetic.
    """

    first: int
    flushes: tuple[dict[str, Any], ...]
    sent: int
    by_network: bool

    def timer(self, key: str, measure: str = "mean") -> np.ndarray:
        """One figure of a timer, a minute each; an array."""
        return np.array([flush["timer_data"][key][measure] for flush in self.flushes])


def watch_minutes(
    day: DeployDay,
    first: int,
    last: int,
    requests: int = 20,
    flushed: Callable[[WatchedMinutes], object] | None = None,
) -> WatchedMinutes:
    """Send the checkout's requests of some minutes of a day, each as a packet, and flush every minute.

    Each request is a counter `checkout.orders` and a timer `checkout.ms`, whose values scatter around what
    the day has for that minute.

    Parameters
    ----------
    day : DeployDay
    first, last : int
        Minutes of the day, the last one not included.
    requests : int
        A minute.
    flushed : callable, optional
        Called after each flush with the `WatchedMinutes` so far.

    Returns
    -------
    WatchedMinutes

    Examples
    --------
    >>> from faultlab.cases.etsy.deploy_days import deploy_day
    >>> seen = watch_minutes(deploy_day(np.random.default_rng(1)), 600, 603)
    >>> seen.sent, [flush["counters"]["checkout.orders"] for flush in seen.flushes]
    (60, [20.0, 20.0, 20.0])
    """
    if not 0 <= first < last <= len(day.metrics["checkout ms"]) or not 1 <= requests <= 1_000:
        raise BadInput("Watch minutes of one day, the first before the last, with 1 to 1,000 requests each.")
    rng = np.random.default_rng(0)
    minutes = [
        [_packet(value) for value in rng.normal(level, 4.0, requests)]
        for level in day.metrics["checkout ms"][first:last]
    ]
    try:
        return _watched(first, _over_the_network(minutes), requests, True, flushed)
    except (BadInput, OSError):  # no process, or no socket, may be had here
        computed = (aggregate(packets, INTERVAL) for packets in minutes)
        return _watched(first, computed, requests, False, flushed)


def _watched(first, flushes, requests, by_network, flushed):
    found = []
    for flush in flushes:
        found.append(flush)
        if flushed is not None:
            flushed(WatchedMinutes(first, tuple(found), requests * len(found), by_network))
    return WatchedMinutes(first, tuple(found), requests * len(found), by_network)


def _packet(milliseconds):
    return f"checkout.orders:1|c\ncheckout.ms:{milliseconds:.1f}|ms".encode()


def _over_the_network(minutes):
    options = StatsDOptions(flush_interval=INTERVAL)
    with (
        StatsDServer(options, flushes_itself=False) as server,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        for packets in minutes:
            for packet in packets:
                sender.sendto(packet, ("127.0.0.1", server.port))
            yield server.flush().metrics

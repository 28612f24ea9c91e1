"""Users, not time: the share of requests that failed; a minute at noon weighs more than one at night."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np

from faultlab.errors import BadInput
from faultlab.metrics.incidents.stretches import read_window
from faultlab.metrics.incidents.times import read_zone

if TYPE_CHECKING:
    from faultlab.metrics.incidents.stretches import Incident

SHOP_DAY = (
    *(1.2, 0.7, 0.5, 0.4, 0.4, 0.6, 1.3, 2.4, 3.6, 4.6, 5.2, 5.5),
    *(5.9, 5.6, 5.1, 4.9, 5.2, 5.9, 6.9, 8.2, 9.3, 8.1, 5.4, 3.1),
)
"""Per cent of a day's requests in each hour, local time: an online shop, quiet at night, busiest at 20 h.

The course's own example (it adds up to 100), not a measurement.
"""


@dataclass(frozen=True)
class RequestShare:
    """What incidents did to the users of a window, beside what they did to its time."""

    failed_share: float
    down_share: float
    requests: float
    failed_requests: float


def failed_requests(
    incidents: Iterable[Incident],
    start: str | datetime | date,
    end: str | datetime | date,
    hourly: Sequence[float] = SHOP_DAY,
    requests_a_day: float = 100.0,
    zone: str = "UTC",
) -> RequestShare:
    """Return how many requests failed in a window, when traffic follows the hour of the day.

    While several incidents go on at once, the one that fails the largest share counts. An open incident
    lasts to the end of the window. A day on which the clocks change has 23 or 25 such hours.

    Parameters
    ----------
    incidents : iterable of Incident
        `failed_share` says which part of the requests failed.
    start, end : str, datetime or date
        The window, see `read_window`.
    hourly : sequence of 24 floats
        Weight of each hour of the day; only proportions count.
    requests_a_day : float
        Requests in 24 hours of these weights.
    zone : str
        Where the users live.

    Returns
    -------
    RequestShare
        `failed_share` is of the requests, `down_share` of the time (with any failure at all).

    Examples
    --------
    Four hours at night, with everything failing, against forty minutes of the evening.

    >>> from faultlab.metrics.incidents import Incident, read_time
    >>> at = lambda text: read_time("2026-01-07T" + text, "UTC")
    >>> night = failed_requests([Incident(at("01:00"), at("05:00"))], "2026-01-07", "2026-01-08")
    >>> evening = failed_requests([Incident(at("20:00"), at("20:40"))], "2026-01-07", "2026-01-08")
    >>> round(night.down_share, 3), round(evening.down_share, 3)
    (0.167, 0.028)
    >>> round(night.failed_share, 3), round(evening.failed_share, 3)
    (0.02, 0.062)
    """
    first, last = read_window(start, end)
    edges, arrived = _traffic(first, last, hourly, requests_a_day, zone)
    failed = down = 0.0
    for begin, finish, share in worst_share_stretches(incidents, first, last):
        before, after = np.interp([begin, finish], edges, arrived)
        failed += share * float(after - before)
        down += (finish - begin) * (share > 0)
    total = float(arrived[-1])
    length = (last - first).total_seconds() / 60
    return RequestShare(failed / total if total else 0.0, down / length, total, failed)


def _traffic(first, last, hourly, requests_a_day, zone):
    """Return minutes since `first` and the requests that arrived until then, hour by hour."""
    weights = np.asarray(list(hourly), dtype=float)
    if weights.shape != (24,) or not np.isfinite(weights).all() or (weights < 0).any() or weights.sum() == 0:
        raise BadInput("The traffic of a day is 24 weights from 0 up, one an hour, not all of them 0.")
    where = read_zone(zone)
    # Quarters of an hour, since some zones are off by 30 or 45 minutes.
    step = 900
    begin = int(first.timestamp() // step) * step
    seconds = np.arange(begin, last.timestamp() + step, step)
    hours = [datetime.fromtimestamp(s, UTC).astimezone(where).hour for s in seconds[:-1].tolist()]
    rates = weights[hours] / weights.sum() * requests_a_day / 4
    arrived = np.concatenate(([0.0], np.cumsum(rates)))
    minutes = (seconds - first.timestamp()) / 60
    ends = [0.0, (last - first).total_seconds() / 60]
    inside = (minutes > ends[0]) & (minutes < ends[1])
    edges = np.concatenate(([ends[0]], minutes[inside], [ends[1]]))
    return edges, np.interp(edges, minutes, arrived) - np.interp(0.0, minutes, arrived)


def worst_share_stretches(
    incidents: Iterable[Incident], first: datetime, last: datetime
) -> Iterator[tuple[float, float, float]]:
    """Yield (begin, end, share) in minutes since `first`: at any time the worst incident counts.

    Parameters
    ----------
    incidents : iterable of Incident
    first, last : datetime
        The window; incidents are cut at its edges.
    """
    length = (last - first).total_seconds() / 60
    pieces = []
    for incident in incidents:
        begin = max((incident.start - first).total_seconds() / 60, 0.0)
        finish = length if incident.end is None else (incident.end - first).total_seconds() / 60
        if begin < min(finish, length):
            pieces.append((begin, min(finish, length), incident.failed_share))
    pieces.sort()
    going_on: list[tuple[float, float]] = []  # heap of (-share, end): the worst on top
    at, following = 0.0, 0
    while following < len(pieces) or going_on:
        while going_on and going_on[0][1] <= at:
            heappop(going_on)
        if not going_on:
            if following == len(pieces):
                return
            at = pieces[following][0]
        while following < len(pieces) and pieces[following][0] <= at:
            begin, finish, share = pieces[following]
            heappush(going_on, (-share, finish))
            following += 1
        share, finish = -going_on[0][0], going_on[0][1]
        until = min(finish, pieces[following][0]) if following < len(pieces) else finish
        if until > at:
            yield at, until, share
        at = until


def frustrated_behind_apdex(score: float) -> tuple[float, float]:
    """Return the least and the largest share of frustrated customers that one Apdex score can stand for.

    With no customer frustrated and all tolerating, Apdex is 0.5; it is 0.5 too when half the orders fail.

    Parameters
    ----------
    score : float

    Returns
    -------
    (float, float)

    Examples
    --------
    >>> frustrated_behind_apdex(0.5)
    (0.0, 0.5)
    """
    if not 0 <= score <= 1:
        raise BadInput(f"An Apdex is from 0 to 1, not {score!r}.")
    return max(0.0, 1 - 2 * score), 1 - score

"""An evening of traffic served by a fleet that an autoscaler decides minute by minute, with its price."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from faultlab.cases.amazon.autoscaling import Seen
from faultlab.cases.amazon.scaled_fleet import ScaledFleet
from faultlab.design.calls import service_times
from faultlab.design.stores import RateCurve, arrival_times
from faultlab.errors import BadInput

METRICS = ("utilisation", "busy workers", "requests per server")


@dataclass(frozen=True)
class Evening:
    """What comes, what it is worth, and what the fleet is like.

    Attributes
    ----------
    traffic : RateCurve
        Customers a second.
    service : float
        Mean seconds a customer takes; `service_kind` as in `service_times`.
    checkout_share : float
        The share of customers who check out; the others browse.
    checkout_worth, browse_worth : float
        Money lost with each who isn't answered within `deadline` seconds.
    server_hour : float
        Money for a server an hour, from its order to its end.
    fewest, quota, first : int
        The fewest and most servers allowed, and those there at the start.
    warm_up, metric_delay : int
        Minutes until a new server takes customers, and until a reading comes in.
    metric : str
        One of `METRICS`.
    places, browse_places : int
        The longest line at a server, for checkout and for browsing: fewer for browsing sheds them first.
    balancing : str
        As in `balanced_store`.
    drain : bool
        Whether a server that is taken away finishes its line; if not, the line is lost.
    session_minutes : float
        With it, a customer's session lives on the server that served them, and dies with it within so many
        minutes: each is counted in `sessions_killed`.
    slow_backends : tuple of float, optional
        (from minute, to minute, how many times as long): what the servers call is slow. Each customer who
        comes then holds a server so many times as long, and its processor has no more to do for it:
        "utilisation" reads the processor and falls, "busy workers" reads the servers that are held.
    no_readings : tuple of int, optional
        (from minute, to minute) without readings.
    zone_dies : tuple of float, optional
        (minute, share of the servers): they die with their lines. Replacements are ordered at once, and
        warm up as any server does.
    """

    traffic: RateCurve
    service: float = 0.2
    service_kind: str = "exponential"
    checkout_share: float = 0.1
    checkout_worth: float = 4.0
    browse_worth: float = 0.1
    deadline: float = 2.0
    server_hour: float = 0.5
    fewest: int = 2
    quota: int = 100
    first: int = 4
    warm_up: int = 3
    metric_delay: int = 1
    metric: str = "utilisation"
    places: int = 50
    browse_places: int = 50
    balancing: str = "two choices"
    drain: bool = True
    session_minutes: float = 0.0
    slow_backends: tuple[float, float, float] | None = None
    no_readings: tuple[int, int] | None = None
    zone_dies: tuple[float, float] | None = None

    def __post_init__(self):
        if not 1 <= self.fewest <= self.first <= self.quota:
            raise BadInput("The servers must satisfy 1 ≤ fewest ≤ first ≤ quota.")
        if self.metric not in METRICS:
            raise BadInput(f"A metric is {' or '.join(METRICS)}, not {self.metric!r}.")
        if not 0 <= self.checkout_share <= 1:
            raise BadInput("The share of customers who check out is from 0 to 1.")
        if self.slow_backends and self.slow_backends[2] < 1:
            raise BadInput("Slow backends make a request last once or more times as long.")
        if min(self.warm_up, self.metric_delay, self.session_minutes) < 0:
            raise BadInput("Warm-up, delay and sessions last 0 minutes or more.")

    @property
    def minutes(self) -> int:
        """Whole minutes of the evening."""
        return math.ceil(self.traffic.end / 60)


@dataclass(frozen=True, eq=False)
class ScaledEvening:
    """What an autoscaler made of an evening; money in the evening's currency.

    `by_minute` holds arrays, one place a minute: `customers`, `lost`, `in_service`, `wanted`, `reading`
    (NaN where none), `lost_money`.
    """

    customers: int
    lost_checkouts: int
    lost_browsers: int
    sessions_killed: int
    servers_money: float
    lost_money: float
    changes: int
    by_minute: dict[str, np.ndarray] = field(repr=False)

    @property
    def total_money(self) -> float:
        """Servers and lost orders together: what to compare policies by."""
        return self.servers_money + self.lost_money


def scaled_evening(
    evening: Evening, scaler: Callable[[Seen], int], seed: int = 0, compiled: bool | None = None
) -> ScaledEvening:
    """Play an evening, and ask an autoscaler at the end of every minute.

    Parameters
    ----------
    evening : Evening
    scaler : callable
        Takes a `Seen`, returns how many servers it wants: one of `faultlab.cases`' policies, or your own.
    seed : int
        The same seed brings the same customers, whatever the policy.
    compiled : bool, optional
        As in `balanced_store`.

    Returns
    -------
    ScaledEvening

    Examples
    --------
    >>> from faultlab.cases.amazon.autoscaling import Fixed
    >>> from faultlab.design.stores import steady
    >>> calm = Evening(steady(10.0, 1800), first=4)
    >>> enough, few = (scaled_evening(calm, Fixed(servers)) for servers in (4, 2))
    >>> enough.lost_money < few.lost_money and enough.servers_money > few.servers_money
    True
    """
    play = EveningInPlay(evening, seed, compiled)
    for _ in range(evening.minutes):
        seen = play.serve()
        play.order(_asked(scaler, seen, evening))
    return play.played()


class EveningInPlay:
    """An evening that goes on minute by minute, for who decides as it goes.

    `serve` plays a minute and returns what is known then, a `Seen`; `order` says how many servers to want
    from now on. Takes the arguments of `scaled_evening`, but no policy.

    Examples
    --------
    >>> from faultlab.design.stores import steady
    >>> play = EveningInPlay(Evening(steady(10.0, 600), first=4))
    >>> play.serve().wanted
    4
    >>> play.order(6)
    >>> play.serve().wanted, play.minute
    (6, 2)
    """

    def __init__(self, evening: Evening, seed: int = 0, compiled: bool | None = None) -> None:
        self.evening, self.minute = evening, 0
        self._come, takes, self._kinds = _customers(evening, seed)
        self._fleet = ScaledFleet(evening, self._come, takes, self._kinds, seed, compiled)
        minutes = evening.minutes
        self._in_service, self._wanted = np.zeros(minutes), np.zeros(minutes)
        self._readings = np.full(minutes, np.nan)
        self._since_out = self._since_in = math.inf
        self._paid = self._changes = 0

    def serve(self) -> Seen:
        """Play the next minute; return what is known at its end."""
        evening, fleet, minute = self.evening, self._fleet, self.minute
        if minute == evening.minutes:
            raise BadInput("The evening is over.")
        self._in_service[minute], self._wanted[minute] = fleet.in_service(60.0 * minute), fleet.wanted
        self._paid += fleet.wanted
        reading = fleet.serve(minute, int(np.searchsorted(self._come, 60.0 * (minute + 1))))
        if not (evening.no_readings and evening.no_readings[0] <= minute < evening.no_readings[1]):
            self._readings[minute] = reading
        self.minute = now = minute + 1
        if evening.zone_dies and evening.zone_dies[0] == now:
            fleet.lose(evening.zone_dies[1], 60.0 * now)
        known = self._readings[: max(0, now - evening.metric_delay)]
        return Seen(
            minute=now,
            wanted=fleet.wanted,
            in_service=fleet.in_service(60.0 * now),
            readings=tuple(None if math.isnan(value) else value for value in known.tolist()),
            since_out=self._since_out,
            since_in=self._since_in,
        )

    def order(self, servers: int) -> None:
        """Want so many servers from now on."""
        change = self._fleet.set(servers, 60.0 * self.minute)
        self._since_out = 0.0 if change > 0 else self._since_out + 1
        self._since_in = 0.0 if change < 0 else self._since_in + 1
        self._changes += change != 0

    def by_minute(self) -> dict[str, np.ndarray]:
        """What the minutes so far have brought: the arrays of `ScaledEvening.by_minute`."""
        _, minutes = self._losses()
        found = {
            **minutes,
            "in_service": self._in_service,
            "wanted": self._wanted,
            "reading": self._readings,
        }
        return {name: values[: self.minute].copy() for name, values in found.items()}

    def played(self) -> ScaledEvening:
        """What became of the evening, as a `ScaledEvening`."""
        lost, minutes = self._losses()
        kinds = self._kinds[: len(lost)]
        return ScaledEvening(
            customers=len(lost),
            lost_checkouts=int(lost[kinds == 0].sum()),
            lost_browsers=int(lost[kinds == 1].sum()),
            sessions_killed=self._fleet.sessions_killed,
            servers_money=self._paid / 60 * self.evening.server_hour,
            lost_money=float(minutes["lost_money"].sum()),
            changes=self._changes,
            by_minute=self.by_minute(),
        )

    def _losses(self):
        """Who of those served so far is lost, and what each minute lost."""
        evening, run = self.evening, self._fleet.lines.run()
        come, lost = run.arrivals, ~run.in_time(self.evening.deadline)
        worth = np.where(run.kinds == 0, evening.checkout_worth, evening.browse_worth)
        bins: dict[str, Any] = {"bins": evening.minutes, "range": (0, 60.0 * evening.minutes)}
        minutes = {
            "customers": np.histogram(come, **bins)[0],
            "lost": np.histogram(come[lost], **bins)[0],
            "lost_money": np.histogram(come[lost], weights=worth[lost], **bins)[0],
        }
        return lost, minutes


def _asked(scaler, seen, evening):
    wish = scaler(seen)
    if isinstance(wish, bool) or not isinstance(wish, (int, np.integer)):
        raise BadInput(f"The autoscaler was called with {seen} and must return a whole number, not {wish!r}.")
    return min(max(int(wish), evening.fewest), evening.quota)


def _customers(evening, seed):
    """Return arrivals, service times and kinds."""
    come = arrival_times(evening.traffic, [seed, 10])
    takes = service_times(len(come), evening.service, evening.service_kind, seed=[seed, 11])
    draws = np.random.default_rng([seed, 12]).random((len(come), 4)).T
    kinds = (draws[0] >= evening.checkout_share).astype(np.int64)
    if evening.slow_backends:
        begin, end, times = evening.slow_backends
        takes = np.where((60 * begin <= come) & (come < 60 * end), times * takes, takes)
    return come, takes, kinds

"""A store that can be simulated fast: customers, a balancer, and servers that start, stop and die."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from faultlab.design.stores.store_loop import (
    CHOSEN_BEFORE,
    SERVER_DIED,
    Customers,
    Lines,
    Results,
    Rules,
    Servers,
    can_compile,
    compiled_loop,
    serve_in_lines,
)
from faultlab.design.stores.store_run import StoreRun
from faultlab.errors import BadInput, is_whole

BALANCING = ("random", "round robin", "least connections", "two choices", "weighted")
_NO_LIMIT = 2**31 - 1
# What starts, ends, chosen servers and outcomes are, also where there are none: NumPy takes an empty list for
# floats, which are no indexes.
_RESULTS = (float, float, np.int64, np.int64)


@dataclass(frozen=True)
class Server:
    """One server with a line of its own; times in seconds.

    Attributes
    ----------
    speed : float
        1 serves at the given service times, 0.1 takes ten times as long.
    weight : float
        Its share under "weighted".
    starts, stops : float
        When the balancer takes it in, and when it sends nobody any more; who is in line is still served.
    dies : float
        When it really dies: who is there then is lost.
    noticed_after : float
        Until the balancer learns of the death, every customer that it sends there is lost too.
    """

    speed: float = 1.0
    weight: float = 1.0
    starts: float = 0.0
    stops: float = math.inf
    dies: float = math.inf
    noticed_after: float = 0.0

    def __post_init__(self):
        if not (0 < self.speed < math.inf and 0 < self.weight < math.inf):
            raise BadInput("The speed and the weight of a server are numbers above 0.")
        if not (self.noticed_after >= 0 and self.stops >= self.starts):
            raise BadInput("A server stops after it starts, and a death is noticed after it, not before.")


def pool(servers: int, slow: int = 0, slow_speed: float = 0.1) -> tuple[Server, ...]:
    """Return so many servers alike, the first `slow` of them at another speed.

    >>> [server.speed for server in pool(3, slow=1)]
    [0.1, 1.0, 1.0]
    """
    if not is_whole(servers, 1):
        raise BadInput(f"At least one server is needed: a whole number from 1, not {servers!r}.")
    return tuple(Server(speed=slow_speed if number < slow else 1.0) for number in range(servers))


def balanced_store(
    arrivals: Sequence[float] | np.ndarray,
    services: Sequence[float] | np.ndarray,
    servers: int | Sequence[Server],
    policy: str | Callable[[list[int], float], int] = "two choices",
    places: int | Sequence[int] | None = None,
    kinds: Sequence[int] | np.ndarray | None = None,
    look_every: float = 0.0,
    seed: int = 0,
    compiled: bool | None = None,
) -> StoreRun:
    """Serve customers whom a balancer sends to servers with a line each, first come, first served.

    Parameters
    ----------
    arrivals, services : arrays of float
        Seconds, a place for each customer, in order of arrival.
    servers : int or sequence of Server
    policy : str or callable
        One of `BALANCING`; or your own balancer, called with the lengths of the lines (those in service
        included) and a draw from 0 to 1, which returns the index of a server. It sees every server.
    places : int or sequence of int, optional
        The most customers in a line, those in service included; one limit for each kind sheds browsers
        before buyers: ``places=(10, 4)`` with kinds 0, checkout, and 1, browse.
    kinds : array of int, optional
        The kind of each customer; 0 for all without it.
    look_every : float
        Seconds between looks at the lines; in between the balancer decides by the last one. 0 is always.
    seed : int
        Of the balancer's draws.
    compiled : bool, optional
        Whether numba compiles the loop; without it, where numba is there. The results are the same.

    Returns
    -------
    StoreRun

    Raises
    ------
    BadInput
        For no server, an unknown policy, arrivals out of order, or negative times.

    Examples
    --------
    >>> from faultlab.design.calls import service_times
    >>> from faultlab.design.stores.arrivals import arrival_times, steady
    >>> come = arrival_times(steady(45.0, 400), seed=1)
    >>> takes = service_times(len(come), seed=2)
    >>> chance, two = (balanced_store(come, takes, 50, policy) for policy in ("random", "two choices"))
    >>> bool(chance.responses.mean() > 2 * two.responses.mean())
    True
    """
    lines = StoreLines(arrivals, services, servers, policy, places, kinds, look_every, seed, compiled)
    lines.serve(len(lines.arrivals))
    return lines.run()


class StoreLines:
    """A balanced store that is served in parts, so that somebody may start and stop servers in between.

    Takes the arguments of `balanced_store`; `serve` goes on to a customer, `run` returns what happened.
    """

    def __init__(
        self,
        arrivals: Sequence[float] | np.ndarray,
        services: Sequence[float] | np.ndarray,
        servers: int | Sequence[Server],
        policy: str | Callable[[list[int], float], int] = "two choices",
        places: int | Sequence[int] | None = None,
        kinds: Sequence[int] | np.ndarray | None = None,
        look_every: float = 0.0,
        seed: int = 0,
        compiled: bool | None = None,
    ) -> None:
        servers = pool(servers) if isinstance(servers, int) else tuple(servers)
        if not servers:
            raise BadInput("At least one server is needed: give a number from 1 or a list of servers.")
        if not callable(policy) and policy not in BALANCING:
            raise BadInput(f"A balancing policy is {', '.join(BALANCING)}, not {policy!r}.")
        if not 0 <= look_every < math.inf:
            raise BadInput(f"The balancer looks at the lines every 0 or more seconds, not {look_every!r}.")
        self.arrivals, self._services = _customers(arrivals, services)
        size = len(self.arrivals)
        self._own = policy if callable(policy) else None
        self._last_look: tuple[float, list[int]] | None = None
        self._kinds = np.zeros(size, np.int64) if kinds is None else np.asarray(kinds, np.int64)
        limits = [places] if places is None or isinstance(places, int) else list(places)
        limits = [_NO_LIMIT if limit is None else limit for limit in limits]
        if len(self._kinds) != size or not np.isin(self._kinds, range(len(limits))).all():
            raise BadInput("Every customer has a kind, and every kind a limit of places: check both.")
        if any(not is_whole(limit, 0) for limit in limits):
            raise BadInput(f"The places of a line are a whole number from 0, not {places!r}.")
        draws, other_draws = (np.random.default_rng([seed, number]).random(size) for number in (0, 1))
        count, whole = len(servers), np.int64
        noticed = [server.dies + server.noticed_after for server in servers]
        self.servers = servers
        self._customers = Customers(self.arrivals, self._services, self._kinds, draws, other_draws)
        self._rules = Rules(
            CHOSEN_BEFORE if self._own else BALANCING.index(policy),
            float(look_every),
            np.array(limits, whole),
        )
        self._pool = Servers(
            np.array([server.speed for server in servers], float),
            np.array([server.weight for server in servers], float),
            np.array([server.starts for server in servers], float),
            np.array([min(server.stops, seen) for server, seen in zip(servers, noticed, strict=True)], float),
            np.array([server.dies for server in servers], float),
        )
        nobody = (np.full(count, -1, whole), np.full(count, -1, whole), np.full(size, -1, whole))
        self._lines = Lines(
            np.zeros(count), np.zeros(count, whole), np.zeros(count, whole), *nobody, np.zeros(2)
        )
        self._results = Results(
            np.zeros(size), np.zeros(size), np.full(size, -1, whole), np.zeros(size, whole)
        )
        self.done = 0
        self._compiled = can_compile() if compiled is None else compiled
        if self._own or not self._compiled:
            # Plain Python reads and writes lists several times faster than arrays.
            self._compiled = False
            self._customers = Customers(*_as_lists(self._customers))
            self._rules = Rules(*_as_lists(self._rules))
            self._pool = Servers(*_as_lists(self._pool))
            self._lines = Lines(*_as_lists(self._lines))
            self._results = Results(*_as_lists(self._results))

    def turn(self, server: int, starts: float | None = None, stops: float | None = None) -> None:
        """Set when the balancer takes a server in, and when it sends nobody there any more."""
        if starts is not None:
            self._pool.in_from[server] = starts
        if stops is not None:
            self._pool.in_to[server] = stops

    def kill(self, server: int, now: float) -> list[tuple[float, float]]:
        """Take a server away at once; return the starts and ends that those in its line would have had."""
        self.turn(server, stops=now)
        self.lengths(now)
        lines, results = self._lines, self._results
        lost, number = [], lines.head[server]
        while number >= 0:
            lost.append((results.starts[number], results.ends[number]))
            results.ends[number], results.outcomes[number] = now, SERVER_DIED
            number = lines.after[number]
        lines.free_at[server] = now
        lines.count[server], lines.seen[server], lines.head[server] = 0, 0, -1
        return lost

    def idle(self, server: int, now: float) -> bool:
        """Return whether a server has nobody in its line at a time."""
        return self._lines.free_at[server] <= now

    def serve(self, last: int) -> None:
        """Serve customers up to, and without, number `last`."""
        if self._own is None:
            self._call(self.done, last)
        else:
            for number in range(self.done, last):
                self._results.chosen[number] = self._asked(self._own, number)
                self._call(number, number + 1)
        self.done = max(self.done, last)

    def _call(self, first, last):
        loop = compiled_loop() if self._compiled else serve_in_lines
        loop(first, last, self._customers, self._rules, self._pool, self._lines, self._results)

    def lengths(self, now: float) -> list[int]:
        """Return how many customers each server has at a time, in line and in service."""
        count, head, after, ends = self._lines.count, self._lines.head, self._lines.after, self._results.ends
        for server in range(len(self.servers)):
            while head[server] >= 0 and ends[head[server]] <= now:
                head[server] = after[head[server]]
                count[server] -= 1
        return [int(length) for length in count]

    def _seen(self, now):
        """Return the lengths of the lines as the balancer knows them at a time: at its last look."""
        every = self._rules.look_every
        if every == 0:
            return self.lengths(now)
        looked = now // every * every
        if self._last_look is None or looked > self._last_look[0]:
            self._last_look = (looked, self.lengths(looked))
        return self._last_look[1]

    def _asked(self, own, number):
        lengths = self._seen(self._customers.arrivals[number])
        answer = own(list(lengths), self._customers.draws[number])
        if isinstance(answer, bool) or not isinstance(answer, (int, np.integer)):
            answer = repr(answer)
        elif 0 <= answer < len(lengths):
            return int(answer)
        raise BadInput(
            f"Your balancer was called with the lines {lengths} and must return the index of a server, "
            f"0 to {len(lengths) - 1}; it returned {answer}."
        )

    def run(self, first: int = 0) -> StoreRun:
        """Return what became of the customers served so far, from number `first` on."""
        part = slice(first, self.done)
        starts, ends, chosen, outcomes = (
            np.array(column[part], kind) for column, kind in zip(self._results, _RESULTS, strict=True)
        )
        arrivals, dies = self.arrivals[part], np.array(self._pool.dies)[chosen]
        lost = (outcomes == 0) & (ends > dies)  # was in line, or in service, when the server died
        ends = np.where(lost, np.maximum(dies, arrivals), ends)
        outcomes = np.where(lost, SERVER_DIED, outcomes)
        return StoreRun(arrivals, starts, ends, outcomes, chosen, self._kinds[part])


def _as_lists(record):
    return [value.tolist() if isinstance(value, np.ndarray) else value for value in record]


def _customers(arrivals, services):
    arrivals, services = np.asarray(arrivals, float), np.asarray(services, float)
    if arrivals.ndim != 1 or arrivals.shape != services.shape:
        raise BadInput("Every customer needs one time of arrival and one service time: give as many of each.")
    if not (np.isfinite(arrivals).all() and np.isfinite(services).all()):
        raise BadInput("Times of arrival and of service are numbers, without gaps.")
    if len(arrivals) and (arrivals[0] < 0 or (np.diff(arrivals) < 0).any() or (services < 0).any()):
        raise BadInput("Arrivals rise from 0 and service times are 0 or more: sort the trace by time.")
    return arrivals, services

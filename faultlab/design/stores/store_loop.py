"""The loop of the simulated store: a line for each server, and a balancer that sends customers to them.

First come, first served needs no event list: when a customer joins, the end of the service is known.
The loop is one function of numbers and sequences of numbers, which numba compiles where it is installed and
plain Python runs where it is not. All luck is drawn before, with NumPy, and the arithmetic is only that of
IEEE 754, so both ways give the same results to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np

SERVED, LINE_FULL, SERVER_DIED, NO_SERVER = range(4)
RANDOM, ROUND_ROBIN, LEAST_CONNECTIONS, TWO_CHOICES, WEIGHTED, CHOSEN_BEFORE = range(6)
_NEVER = 1e300
Column = np.ndarray | list  # of one dimension


class Customers(NamedTuple):
    """A place for each customer: seconds, the kind, and two draws from 0 to 1 for the balancer."""

    arrivals: Column
    services: Column
    kinds: Column
    draws: Column
    other_draws: Column


class Rules(NamedTuple):
    """How the balancer chooses, and the most customers in a line for each kind: those in service count."""

    policy: int
    look_every: float
    limits: Column


class Servers(NamedTuple):
    """A place for each server: when the balancer has it in rotation, and when it really dies.

    The balancer may learn of a death later.
    """

    speeds: Column
    weights: Column
    in_from: Column
    in_to: Column
    dies: Column


class Lines(NamedTuple):
    """The lines as they stand: `head`, `tail` and `after` link the customers of each in order; -1 is nobody.

    `count` is how many are in each line, `seen` how many the balancer saw there. `memory` is the turn of
    round robin, and when the balancer looks at the lines next.
    """

    free_at: Column
    count: Column  # type: ignore[assignment]  # a tuple counts too: nobody asks it here
    seen: Column
    head: Column
    tail: Column
    after: Column
    memory: Column


class Results(NamedTuple):
    """A place for each customer: when the service began and ended, by which server, and the outcome."""

    starts: Column
    ends: Column
    chosen: Column
    outcomes: Column


def serve_in_lines(
    first: int,
    last: int,
    customers: Customers,
    rules: Rules,
    pool: Servers,
    lines: Lines,
    results: Results,
) -> None:
    """Send customers `first` to `last` each to a server's own line; `lines` and `results` are changed."""
    arrivals, services, kinds, draws, other_draws = customers
    policy, look_every, limits = rules
    speeds, weights, in_from, in_to, dies = pool
    free_at, count, seen, head, tail, after, memory = lines
    starts, ends, chosen, outcomes = results
    servers = len(speeds)
    rotation = [0] * servers
    size = 0
    changes_at = -1.0
    whole_weight = 0.0
    for i in range(first, last):
        now = arrivals[i]
        if now >= changes_at:
            size, changes_at, whole_weight = 0, _NEVER, 0.0
            for s in range(servers):
                if in_from[s] <= now < in_to[s]:
                    rotation[size] = s
                    size += 1
                    whole_weight += weights[s]
                if now < in_from[s] < changes_at:
                    changes_at = in_from[s]
                if now < in_to[s] < changes_at:
                    changes_at = in_to[s]
        if size == 0:
            starts[i] = ends[i] = now
            outcomes[i] = NO_SERVER
            continue

        stale = look_every > 0.0
        if stale and now >= memory[1]:
            looked = now // look_every * look_every
            for s in range(servers):
                while head[s] >= 0 and ends[head[s]] <= looked:
                    head[s] = after[head[s]]
                    count[s] -= 1
                seen[s] = count[s]
            memory[1] = looked + look_every

        if policy == ROUND_ROBIN:
            turn = int(memory[0])
            best = rotation[turn % size]
            memory[0] = turn + 1.0
        elif policy == LEAST_CONNECTIONS:
            # Ties go to the first from a random place on, or the first server would get them all.
            offset = int(draws[i] * size)
            best, fewest = -1, 0
            for step in range(size):
                s = rotation[(offset + step) % size]
                if not stale:
                    while head[s] >= 0 and ends[head[s]] <= now:
                        head[s] = after[head[s]]
                        count[s] -= 1
                    seen[s] = count[s]
                if best < 0 or seen[s] < fewest:
                    best, fewest = s, seen[s]
                    if fewest == 0:  # nobody has fewer, and the first of equals gets the customer
                        break
        elif policy == TWO_CHOICES and size > 1:
            one = int(draws[i] * size)
            other = int(other_draws[i] * (size - 1))
            if other >= one:
                other += 1
            best, s = rotation[one], rotation[other]
            if not stale:
                while head[best] >= 0 and ends[head[best]] <= now:
                    head[best] = after[head[best]]
                    count[best] -= 1
                while head[s] >= 0 and ends[head[s]] <= now:
                    head[s] = after[head[s]]
                    count[s] -= 1
                seen[best] = count[best]
                seen[s] = count[s]
            if seen[s] < seen[best]:
                best = s
        elif policy == WEIGHTED:
            mark = draws[i] * whole_weight
            turn = 0
            while turn < size - 1 and mark >= weights[rotation[turn]]:
                mark -= weights[rotation[turn]]
                turn += 1
            best = rotation[turn]
        elif policy == CHOSEN_BEFORE:
            best = chosen[i]
        else:
            best = rotation[int(draws[i] * size)]

        chosen[i] = best
        while head[best] >= 0 and ends[head[best]] <= now:
            head[best] = after[head[best]]
            count[best] -= 1
        if now >= dies[best]:
            starts[i] = ends[i] = now
            outcomes[i] = SERVER_DIED
            continue
        if count[best] >= limits[kinds[i]]:
            starts[i] = ends[i] = now
            outcomes[i] = LINE_FULL
            continue
        start = free_at[best]
        if start < now:
            start = now
        end = start + services[i] / speeds[best]
        free_at[best] = end
        starts[i] = start
        ends[i] = end
        after[i] = -1
        if head[best] < 0:
            head[best] = i
        else:
            after[tail[best]] = i
        tail[best] = i
        count[best] += 1


@cache
def compiled_loop() -> Callable[..., Any]:
    """Return the loop that numba compiles at its first call, which takes about a second.

    numba is imported late, for that alone takes up to a second. No cache on disk: a stale one is hard to
    find.
    """
    from numba import njit

    return njit(serve_in_lines)


@cache
def can_compile() -> bool:
    """Return whether numba is there; without it all works, some ten times slower.

    >>> can_compile() in (True, False)
    True
    """
    try:
        return find_spec("numba") is not None
    except ValueError:  # its import was blocked
        return False

"""Which worker gets the next request: three rules that balancers ship."""

from __future__ import annotations

import random


def round_robin(in_flight: dict[int, int], turn: int, rng: random.Random | None) -> int:
    """Return the workers in turn, however busy they are.

    Parameters
    ----------
    in_flight : dict of int to int
        Requests that each worker in rotation has and hasn't answered; not empty.
    turn : int
        How many requests went before.
    rng : random.Random
        Not used here.

    Returns
    -------
    int
        A key of `in_flight`.

    Examples
    --------
    >>> [round_robin({1: 9, 2: 0, 3: 0}, turn, None) for turn in range(4)]
    [1, 2, 3, 1]
    """
    return list(in_flight)[turn % len(in_flight)]


def least_connections(in_flight: dict[int, int], turn: int, rng: random.Random | None) -> int:
    """Return the worker with the fewest requests in flight; among equals the one whose turn it is.

    A worker that fails at once always has the fewest: it draws all requests to itself.

    Examples
    --------
    >>> least_connections({1: 4, 2: 0, 3: 1}, 0, None)
    2
    """
    fewest = min(in_flight.values())
    equals = [worker for worker, busy in in_flight.items() if busy == fewest]
    return equals[turn % len(equals)]


def two_choices(in_flight: dict[int, int], turn: int, rng: random.Random) -> int:
    """Return the less busy of two workers drawn at random.

    Nearly as even as asking all, and without the herd that follows an old count.

    References
    ----------
    Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, IEEE TPDS 12(10), 2001.

    Examples
    --------
    >>> import random
    >>> two_choices({1: 5, 2: 0}, 0, random.Random(1))
    2
    """
    if len(in_flight) == 1:
        return next(iter(in_flight))
    one, other = rng.sample(list(in_flight), 2)
    return one if in_flight[one] <= in_flight[other] else other


POLICIES = {
    "round robin": round_robin,
    "least connections": least_connections,
    "two choices": two_choices,
}
"""The rules by the names that `Fleet(policy=…)` takes."""

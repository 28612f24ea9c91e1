"""Shuffle sharding: a few workers of many for each customer, so that who breaks theirs breaks few others.

C. MacCárthaigh, "Workload isolation using shuffle-sharding", Amazon Builders' Library 2019; the search with a
largest overlap is the idea of awslabs/route53-infima. The code here is our own.
"""

from __future__ import annotations

import math

from faultlab.errors import BadInput


def shard_count(workers: int, size: int) -> int:
    """Return how many different shards there are: a shard is a set, so the order of picks does not count.

    Parameters
    ----------
    workers, size : int
        Workers in all, and in a shard: 1 to `workers`.

    Notes
    -----
    Amazon's article of 2014 counted ordered picks, 8 · 7 = 56; that of 2019 counts sets, 28. Only sets
    say what is shared.

    Examples
    --------
    >>> shard_count(8, 2), shard_count(2048, 4)
    (28, 730862190080)
    """
    _refuse(workers, size)
    return math.comb(workers, size)


def blast_radius(workers: int, size: int) -> float:
    """Return the share of customers who lose every worker when one customer's shard is lost.

    With shards drawn at random. They need clients that try their other workers.

    >>> round(1 / blast_radius(8, 2)), round(fixed_blast_radius(8, 2) / blast_radius(8, 2))
    (28, 7)
    """
    return 1 / shard_count(workers, size)


def fixed_blast_radius(workers: int, size: int) -> float:
    """Return the same share where workers are cut into fixed shards, which have to fit.

    >>> fixed_blast_radius(8, 2)
    0.25
    """
    _refuse(workers, size)
    if workers % size:
        raise BadInput(f"{workers} workers can't be cut into fixed shards of {size}; take a divisor.")
    return size / workers


def _refuse(workers, size):
    for number in (workers, size):
        if isinstance(number, bool) or not isinstance(number, int):
            raise BadInput(f"Workers are counted in whole numbers, not {number!r}.")
    if not 1 <= size <= workers:
        raise BadInput(f"A shard has 1 to {workers} of {workers} workers, not {size!r}.")

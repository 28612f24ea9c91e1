"""Shuffle sharding: a few workers of many for each customer, so that who breaks theirs breaks few others.

C. MacCárthaigh, "Workload isolation using shuffle-sharding", Amazon Builders' Library 2019; the search with a
largest overlap is the idea of awslabs/route53-infima. The code here is our own.
"""

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from faultlab.errors import BadInput


def shard_count(workers, size):
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


def blast_radius(workers, size):
    """Return the share of customers who lose every worker when one customer's shard is lost.

    With shards drawn at random. They need clients that try their other workers.

    >>> round(1 / blast_radius(8, 2)), round(fixed_blast_radius(8, 2) / blast_radius(8, 2))
    (28, 7)
    """
    return 1 / shard_count(workers, size)


def fixed_blast_radius(workers, size):
    """Return the same share where workers are cut into fixed shards, which have to fit.

    >>> fixed_blast_radius(8, 2)
    0.25
    """
    _refuse(workers, size)
    if workers % size:
        raise BadInput(f"{workers} workers can't be cut into fixed shards of {size}; take a divisor.")
    return size / workers


def overlap_probabilities(workers, size):
    """Return the chances that two random shards share 0, 1, … `size` workers (hypergeometric, exact).

    >>> [round(chance, 6) for chance in overlap_probabilities(8, 2)]
    [0.535714, 0.428571, 0.035714]
    """
    shards = shard_count(workers, size)
    # Whole numbers up to the last division: no digit is lost, whatever the size.
    return tuple(
        math.comb(size, shared) * math.comb(workers - size, size - shared) / shards
        for shared in range(size + 1)
    )


def chance_of_an_untouched_fleet(workers, size, customers):
    """Return the chance that, of so many other customers, none has exactly the lost shard.

    >>> round(chance_of_an_untouched_fleet(8, 2, 100), 4), chance_of_an_untouched_fleet(2048, 4, 100) > 0.9999
    (0.0263, True)
    """
    if isinstance(customers, bool) or not isinstance(customers, int) or customers < 0:
        raise BadInput(f"A number of customers is a whole number from 0, not {customers!r}.")
    radius = blast_radius(workers, size)
    if radius == 1:
        return float(customers == 0)
    return math.exp(customers * math.log1p(-radius))


def random_shards(customers, workers, size, seed=0):
    """Return a shard for each customer, drawn at random.

    Returns
    -------
    tuple of frozenset of int

    Examples
    --------
    >>> [len(shard) for shard in random_shards(3, workers=8, size=2)]
    [2, 2, 2]
    """
    _refuse(workers, size)
    rng = np.random.default_rng(seed)
    return tuple(
        frozenset(rng.choice(workers, size, replace=False, shuffle=False).tolist()) for _ in range(customers)
    )


@dataclass(frozen=True)
class Blast:
    """What the others have left when one customer's workers are lost.

    Attributes
    ----------
    left : dict of int to int
        Working workers, and how many other customers have that many.
    down, hurt : float
        The shares of other customers with no worker left, and with fewer than before.
    """

    left: dict
    down: float
    hurt: float


def blast(shards, poisoner):
    """Return what happens to the others when the workers of one customer die.

    >>> blast((frozenset({0, 1}), frozenset({1, 2}), frozenset({0, 1})), poisoner=0).left
    {1: 1, 0: 1}
    """
    if not 0 <= poisoner < len(shards) or len(shards) < 2:
        raise BadInput(f"The customer who breaks things is one of 0 to {len(shards) - 1}, of two or more.")
    bad = shards[poisoner]
    others = [shard for number, shard in enumerate(shards) if number != poisoner]
    left = Counter(len(shard - bad) for shard in others)
    hurt = sum(bool(shard & bad) for shard in others)
    return Blast(dict(left), left[0] / len(others), hurt / len(others))


def _refuse(workers, size):
    for number in (workers, size):
        if isinstance(number, bool) or not isinstance(number, int):
            raise BadInput(f"Workers are counted in whole numbers, not {number!r}.")
    if not 1 <= size <= workers:
        raise BadInput(f"A shard has 1 to {workers} of {workers} workers, not {size!r}.")

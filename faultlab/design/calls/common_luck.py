"""Common random numbers: luck that belongs to a call and an attempt, whatever a policy does in between.

If two policies took their random numbers one after the other from one stream, the first retry would shift
all that follows, and the comparison would be one of two different days.
"""

from __future__ import annotations

import numpy as np


class CommonLuck:
    """Columns of draws, made when they are first asked for.

    Parameters
    ----------
    seed : int
    size : int
        Places in a column; the call after the last one has the luck of the first.

    Examples
    --------
    >>> one, other = CommonLuck(1, 100), CommonLuck(1, 100)
    >>> _ = other.uniform(7, 3, 1)  # asks for something else first
    >>> one.uniform(42, 0, 0) == other.uniform(42, 0, 0)
    True
    """

    def __init__(self, seed: int, size: int) -> None:
        self.seed, self.size = seed, size
        self._columns: dict[tuple[str, tuple[int, ...]], list[float]] = {}

    def uniform(self, call: int, *key: int) -> float:
        """A draw from 0 to 1 for this call; `key` is whole numbers that say what it is for."""
        return self._column("random", key)[call % self.size]

    def exponential(self, call: int, *key: int) -> float:
        """A draw from the exponential distribution with mean 1."""
        return self._column("standard_exponential", key)[call % self.size]

    def normal(self, call: int, *key: int) -> float:
        """A draw from the standard normal distribution."""
        return self._column("standard_normal", key)[call % self.size]

    def _column(self, distribution, key):
        column = self._columns.get((distribution, key))
        if column is None:
            rng = np.random.default_rng([self.seed, len(distribution), *key])
            column = self._columns[distribution, key] = getattr(rng, distribution)(self.size).tolist()
        return column

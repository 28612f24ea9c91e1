"""The finished diagram of a module, as arrays: what every later question is answered from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from faultlab.analysis.engine.samples import Rows


@dataclass(frozen=True)
class Block:
    """The diagram of a module.

    Attributes
    ----------
    number : int
        The module's gate in the normal form.
    variables : tuple of int
        By level, the number of the event or of the module inside.
    level, high, low : array of int
        By node, the last level first, so children before parents; node 0 is the constant true. An edge is
        twice the node, plus one for its negation.
    root : int
        The edge of the module.
    """

    number: int
    variables: tuple[int, ...]
    level: np.ndarray
    high: np.ndarray
    low: np.ndarray
    root: int

    @classmethod
    def of(
        cls,
        number: int,
        variables: tuple[int, ...],
        level: np.ndarray,
        high: np.ndarray,
        low: np.ndarray,
        root: int,
    ) -> Block:
        """The block of nodes that stand in any order."""
        order = np.argsort(-level, kind="stable")
        moved = np.empty(2 * len(order), np.int64)
        moved[2 * order] = 2 * np.arange(len(order))
        moved[2 * order + 1] = moved[2 * order] + 1
        high, low = moved[high[order]], moved[low[order]]
        return cls(number, variables, level[order], high, low, int(moved[root]))

    @cached_property
    def triples(self) -> list[tuple[int, int, int]]:
        """The nodes without the constant as plain (level, high, low), for a pass by plain numbers."""
        return list(zip(self.level[1:].tolist(), self.high[1:].tolist(), self.low[1:].tolist(), strict=True))

    @cached_property
    def happening(self) -> Steps:
        """What the module's probability is made of (see `Steps`)."""
        return Steps.of(self, self.root)

    @cached_property
    def not_happening(self) -> Steps:
        """What the probability that the module does not happen is made of."""
        return Steps.of(self, self.root ^ 1)


@dataclass(frozen=True)
class Steps:
    """The edges that one edge depends on, numbered level by level from the last.

    In a tree without negation every node is needed one way round only: half of all edges. Numbers 0 and 1
    are the constants true and false.

    Attributes
    ----------
    high, low : array of int
        By number: where the edge leads if its variable is true, and if it is false.
    levels : list of (int, int, int)
        Level, first number, end.
    last : int
        The number of the edge itself.
    """

    high: np.ndarray
    low: np.ndarray
    levels: list[tuple[int, int, int]]
    last: int

    @classmethod
    def of(cls, block: Block, root: int) -> Steps:
        """The steps to an edge of a block."""
        high, low = (np.column_stack((edges, edges ^ 1)).ravel() for edges in (block.high, block.low))
        needed = np.zeros(len(high), bool)
        needed[[0, 1, root]] = True
        ends = (2 * np.flatnonzero(np.diff(block.level, append=-1)) + 2).tolist()
        for first, end in zip(ends[-2::-1], ends[:0:-1], strict=True):
            here = np.flatnonzero(needed[first:end]) + first
            needed[high[here]] = needed[low[here]] = True
        number = np.concatenate(([0], np.cumsum(needed)))
        kept = np.flatnonzero(needed)
        levels = [
            (level, first, end)
            for level, first, end in zip(
                block.level[[end // 2 - 1 for end in ends[1:]]].tolist(),
                number[ends[:-1]].tolist(),
                number[ends[1:]].tolist(),
                strict=True,
            )
            if end > first
        ]
        return cls(number[high[kept]], number[low[kept]], levels, int(number[root]))

    @cached_property
    def rows(self) -> Rows:
        """The steps for many samples at once (see `Rows`)."""
        return Rows.of(self)

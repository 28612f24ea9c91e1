"""The finished diagram of a module, as arrays: what every later question is answered from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from faultlab.analysis.samples import Rows


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
        By node, children first; node 0 is the constant true. An edge is twice the node, plus one for its
        negation.
    root : int
        The edge of the module.
    """

    number: int
    variables: tuple
    level: np.ndarray
    high: np.ndarray
    low: np.ndarray
    root: int

    @cached_property
    def triples(self):
        """The nodes without the constant as plain (level, high, low), for a pass by plain numbers."""
        return list(zip(self.level[1:].tolist(), self.high[1:].tolist(), self.low[1:].tolist(), strict=True))

    @cached_property
    def happening(self):
        """What the module's probability is made of (see `Steps`)."""
        return Steps.of(self, self.root)

    @cached_property
    def not_happening(self):
        """What the probability that the module does not happen is made of."""
        return Steps.of(self, self.root ^ 1)


@dataclass(frozen=True)
class Steps:
    """The edges that one edge depends on, numbered level by level from the last.

    In a tree without negation every node is needed one way round only: half of all edges. Numbers 0 and 1
    are the constants false and true.

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
    levels: list
    last: int

    @classmethod
    def of(cls, block, root):
        """The steps to an edge of a block."""
        needed = np.zeros(2 * len(block.level), bool)
        needed[root] = True
        # Children come first, so one pass down the nodes of each level finds all that is needed.
        ordered = np.argsort(block.level[1:], kind="stable") + 1
        parts = np.split(
            ordered, np.cumsum(np.bincount(block.level[1:], minlength=len(block.variables)))[:-1]
        )
        found = []
        for level, nodes in enumerate(parts):
            edges = np.concatenate((2 * nodes, 2 * nodes + 1))
            edges = edges[needed[edges]]
            if len(edges):
                high, low = block.high[edges >> 1] ^ (edges & 1), block.low[edges >> 1] ^ (edges & 1)
                needed[high] = needed[low] = True
                found.append((level, edges, high, low))
        number = np.zeros(len(needed), np.int64)
        number[0], following, levels = 1, 2, []
        for level, edges, _, _ in reversed(found):
            number[edges] = np.arange(following, following + len(edges))
            levels.append((level, following, following + len(edges)))
            following += len(edges)
        high, low = np.zeros(following, np.int64), np.zeros(following, np.int64)
        for (_, first, end), (_, _, above, below) in zip(levels, reversed(found), strict=True):
            high[first:end], low[first:end] = number[above], number[below]
        return cls(high, low, levels, int(number[root]))

    @cached_property
    def rows(self):
        """The steps for many samples at once (see `Rows`)."""
        return Rows.of(self)

    @cached_property
    def plain(self):
        """The steps one by one as plain (level, high, low), for a pass by plain numbers."""
        level = np.repeat([one[0] for one in self.levels], [end - first for _, first, end in self.levels])
        return list(zip(level.tolist(), self.high[2:].tolist(), self.low[2:].tolist(), strict=True))

"""The same diagrams by biodivine_aeon, a compiled library, where it is installed.

Every function is a diagram of its own there, without complement edges; a negation is therefore kept as a
mark beside the diagram and worked in when two are joined.
"""

from __future__ import annotations

import heapq
import time
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from faultlab.analysis.engine.diagram import DEEPEST, TimeIsUp, TooManyNodes

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_VARIABLES = 65_000
# An operation can't be stopped, so near a deadline it is given no more nodes than it makes in the time left.
NODES_A_SECOND, FEWEST_NODES = 3_000_000, 100_000
# How the library writes a node down.
NODE = np.dtype([("level", "<u2"), ("low", "<u4"), ("high", "<u4")])


@cache
def _library():
    """biodivine_aeon, imported where a tree is solved and not before; None where it isn't installed."""
    try:
        import biodivine_aeon
    except ImportError:
        return None
    return biodivine_aeon


def available() -> bool:
    """Whether the accelerator is installed."""
    return _library() is not None


@lru_cache(8)
def _variables(count):
    """The library's set of so many variables, and the functions that are true where one of them is.

    They are kept: one by one they take longer than most operations.
    """
    context = _library().BddVariableSet(count)
    return context, [context.mk_literal(one, True) for one in context.variable_ids()]


class FastDiagram:
    """Functions of variables known by their level; the counterpart of `Diagram`.

    A function is a pair: a diagram, and whether its negation is meant.

    Parameters
    ----------
    variables : int

    Attributes
    ----------
    made : int
        The nodes of all functions so far.
    """

    def __init__(self, variables: int) -> None:
        self.made = 0
        self.allow(1 << 40)
        # A power of two, so that few sets are kept; that some variables are of no use costs nothing.
        context, self._variables = _variables(min(1 << variables.bit_length(), MOST_VARIABLES))
        self._true = (context.mk_true(), False)

    def allow(self, most_nodes: int, most_work: int = 1 << 60, deadline: float | None = None) -> None:
        """Set the limits: a function of more nodes, or more made from now on, raise `TooManyNodes`.

        After the deadline, which is on `time.monotonic()`'s clock, `TimeIsUp` is raised.
        """
        self.most_nodes, self.most_made, self.deadline = most_nodes, self.made + most_work, deadline

    def variable(self, level: int) -> tuple[Any, bool]:
        """The function that is true where the variable is."""
        return self._variables[level], False

    @staticmethod
    def negation(function: tuple[Any, bool]) -> tuple[Any, bool]:
        """The opposite function."""
        return function[0], not function[1]

    def conjunction(self, functions: Sequence[tuple[Any, bool]]) -> tuple[Any, bool]:
        """True where all are; small diagrams are joined first."""
        waiting = [(len(f[0]), i, f) for i, f in enumerate(functions)]
        if not waiting:
            return self._true
        heapq.heapify(waiting)
        count = len(waiting)
        while len(waiting) > 1:
            one, other = heapq.heappop(waiting)[2], heapq.heappop(waiting)[2]
            joined = self._both(one, other)
            count += 1
            heapq.heappush(waiting, (len(joined[0]), count, joined))
        return waiting[0][2]

    def exclusive(self, a: tuple[Any, bool], b: tuple[Any, bool]) -> tuple[Any, bool]:
        """True where exactly one is."""
        return self._joined(a[0].l_xor, b[0]), a[1] != b[1]

    def at_least(self, needed: int, functions: Sequence[tuple[Any, bool]]) -> tuple[Any, bool]:
        """True where at least `needed` are."""
        # By i, where at least i of those so far are: where i of those before are, or the last is and i - 1 of
        # those before.
        never = self.negation(self._true)
        reached = [self._true] + [never] * needed
        for count, function in enumerate(functions, start=1):
            for i in range(min(needed, count), max(0, needed - len(functions) + count - 1), -1):
                both = self._both(function, reached[i - 1])
                reached[i] = self.negation(self._both(self.negation(reached[i]), self.negation(both)))
        return reached[needed]

    def nodes(self, root: tuple[Any, bool]) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
        """The arrays (level, high, low) of the nodes under a function, and its edge in them."""
        diagram, turned = root
        if diagram.is_true() or diagram.is_false():
            edge = 1 if diagram.is_false() else 0
            return np.array([DEEPEST]), np.array([0]), np.array([0]), edge ^ turned
        raw = np.frombuffer(diagram.data_bytes(), dtype=NODE)
        level, low, high = (raw[part].astype(np.int64) for part in NODE.names or ())
        # There, node 0 is false and node 1 is true; here node 0 is true and edge 1 is false.
        level, low, high = level[1:], low[1:], high[1:]
        level[0], low[0], high[0] = DEEPEST, 1, 1
        low, high = (np.where(edges > 1, 2 * edges - 2, 1 - edges) for edges in (low, high))
        return level, high, low, 2 * (len(level) - 1) + turned

    def _both(self, a, b):
        (one, turned_one), (other, turned_other) = a, b
        if turned_one and turned_other:
            return self._joined(one.l_or, other), True
        if turned_one:
            return self._joined(other.l_and_not, one), False
        if turned_other:
            return self._joined(one.l_and_not, other), False
        return self._joined(one.l_and, other), False

    def _joined(self, operation, other):
        most = self.most_nodes
        if self.made > self.most_made:
            raise TooManyNodes
        if self.deadline is not None:
            left = self.deadline - time.monotonic()
            if left < 0:
                raise TimeIsUp
            most = min(most, max(int(left * NODES_A_SECOND), FEWEST_NODES))
        try:
            result = operation(other, most)
        except InterruptedError:
            self.made += most
            raise (TooManyNodes if most == self.most_nodes else TimeIsUp) from None
        self.made += len(result)
        return result

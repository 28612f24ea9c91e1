"""Binary decision diagrams with complement edges, in plain Python.

Brace, Rudell and Bryant (1990), Efficient implementation of a BDD package. A node asks about one variable
and has a branch for yes and one for no. An edge is a number: twice the node, plus one where it stands
for the node's negation. Node 0 is the constant true. Two functions that are equal have the same edge.
"""

from __future__ import annotations

import gc
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from faultlab.analysis.engine.wide_join import wide_join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

TRUE, FALSE = 0, 1
DEEPEST = 1 << 30


# After so many pairs, a look at the clock.
JOINED_BETWEEN_LOOKS = 8_192
# Functions that take more pairs to join are joined by arrays (measured: from there on that is faster).
MOST_NARROW = 15_000
# An edge has to fit 32 bits.
MOST_NODES = 1 << 30


class TooManyNodes(Exception):
    """The diagram has reached the number of nodes that it was given."""


class TimeIsUp(Exception):
    """The diagram has reached its deadline."""


@contextmanager
def deep_recursion(levels: int) -> Iterator[None]:
    """Let functions call each other this deep; Python keeps such calls on the heap since 3.11."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, levels))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep Python from looking for garbage while much is made that stays."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Wide(Exception):
    """Joining pair by pair takes long."""


class Diagram:
    """Functions of variables that are known by their level, 0 the first that is asked about."""

    def __init__(self) -> None:
        self.level, self.high, self.low = [DEEPEST], [TRUE], [TRUE]
        self._known: dict[int, dict[int, int]] = {}
        self._conjunctions: dict[Any, int] = {}
        self._exclusives: dict[tuple[int, int], int] = {}
        self._both = _joining(self)
        self._wide, self._mirror = 0, [np.zeros(0, np.int64)] * 3
        self._narrow: int | None = None
        self.allow(MOST_NODES)

    @property
    def made(self) -> int:
        """How many pairs of functions were joined."""
        return len(self._conjunctions) + len(self._exclusives) + self._wide

    def allow(self, most_nodes: int, most_work: int = 1 << 60, deadline: float | None = None) -> None:
        """Set the limits: more nodes, or more work from now on, raise `TooManyNodes`.

        After the deadline, which is on `time.monotonic()`'s clock, `TimeIsUp` is raised.
        """
        self.most_nodes = min(most_nodes, MOST_NODES)
        self.most_made, self.deadline = self.made + most_work, deadline

    def variable(self, level: int) -> int:
        """The function that is true where the variable is."""
        return self._node(level, TRUE, FALSE)

    @staticmethod
    def negation(edge: int) -> int:
        """The opposite function."""
        return edge ^ 1

    def conjunction(self, edges: Iterable[int]) -> int:
        """True where all are. The variables asked about last are joined first: that grows from below."""
        result = TRUE
        for edge in sorted(edges, key=lambda edge: -self.level[edge >> 1]):
            result = self._join(result, edge)
        return result

    def exclusive(self, a: int, b: int) -> int:
        """True where exactly one is."""
        return self._one(a, b)

    def at_least(self, needed: int, edges: Sequence[int]) -> int:
        """True where at least `needed` are."""
        # By i, where at least i of those so far are: where i of those before are, or the last is and i - 1 of
        # those before.
        reached = [TRUE] + [FALSE] * needed
        for count, edge in enumerate(sorted(edges, key=lambda edge: -self.level[edge >> 1]), start=1):
            for i in range(min(needed, count), max(0, needed - len(edges) + count - 1), -1):
                reached[i] = self._join(reached[i] ^ 1, self._join(edge, reached[i - 1]) ^ 1) ^ 1
        return reached[needed]

    def choice(self, condition: int, then: int, otherwise: int) -> int:
        """`then` where the condition is true, `otherwise` where it is not."""
        yes = self._join(condition, then)
        no = self._join(condition ^ 1, otherwise)
        return self._join(yes ^ 1, no ^ 1) ^ 1

    def nodes(self, root: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
        """The arrays (level, high, low) of the nodes under an edge, and the edge in them.

        Children stand before parents; entry 0 is the constant.
        """
        level, high, low = self.arrays()
        reached = np.zeros(len(level), bool)
        reached[[0, root >> 1]] = True
        # The constant has the last level of all.
        by_level = np.argsort(level, kind="stable")[:-1]
        for nodes in np.split(by_level, np.flatnonzero(np.diff(level[by_level])) + 1):
            nodes = nodes[reached[nodes]]
            reached[high[nodes] >> 1] = reached[low[nodes] >> 1] = True
        # A node is made after those it leads to.
        kept = np.flatnonzero(reached)
        place = np.cumsum(reached) - 1

        def moved(edge):
            return 2 * place[edge >> 1] + (edge & 1)

        return level[kept], moved(high[kept]), moved(low[kept]), int(moved(np.int64(root)))

    def _node(self, level, high, low):
        if high == low:
            return high
        # The yes edge is never a negation: so every function has one form.
        turned = high & 1
        known = self._known.setdefault(level, {})
        key = (high ^ turned) << 32 | low ^ turned
        node = known.get(key)
        if node is None:
            node = self.added(level, high ^ turned, low ^ turned)
            # Known only when it is there: the work may be taken up again with more nodes.
            known[key] = node
        return 2 * node + turned

    def added(self, level: int, high: int, low: int) -> int:
        """A new node."""
        node = len(self.level)
        if node > self.most_nodes:
            raise TooManyNodes
        self.level.append(level)
        self.high.append(high)
        self.low.append(low)
        return node

    def all_added(self, level: int, keys: np.ndarray) -> np.ndarray:
        """The nodes of a level for an array of keys, each once: high edge times 2 ** 32 plus low edge."""
        here, listed = self._known.setdefault(level, {}), keys.tolist()
        missing = [key for key in listed if key not in here]
        count = len(self.level)
        if count + len(missing) > self.most_nodes:
            raise TooManyNodes
        here.update(zip(missing, range(count, count + len(missing)), strict=True))
        self.level.extend([level] * len(missing))
        self.high.extend([key >> 32 for key in missing])
        self.low.extend([key & 0xFFFFFFFF for key in missing])
        return np.array([here[key] for key in listed], np.int64)

    def arrays(self) -> list[np.ndarray]:
        """The arrays (level, high, low) of all nodes."""
        lists = (self.level, self.high, self.low)
        known = len(self._mirror[0])
        self._mirror = [
            np.concatenate((array, np.array(values[known:], np.int64)))
            for array, values in zip(self._mirror, lists, strict=True)
        ]
        return self._mirror

    def worked(self, pairs: int) -> None:
        """Count pairs that were joined elsewhere."""
        self._wide += pairs
        self.look()

    def _join(self, a, b):
        """Both: pair by pair, or by arrays where that takes long."""
        self._narrow = self.made + MOST_NARROW
        try:
            return self._both(a, b)
        except _Wide:
            self._narrow = None
            return wide_join(self, a, b)
        finally:
            self._narrow = None

    def look(self) -> None:
        """Raise if the work or the time is used up, or the functions to be joined are wide."""
        if self._narrow is not None and self.made > self._narrow:
            raise _Wide
        if self.made > self.most_made:
            raise TooManyNodes
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise TimeIsUp

    def _one(self, a, b):
        turned = (a ^ b) & 1
        a, b = a & ~1, b & ~1
        if a > b:
            a, b = b, a
        if a == b:
            return FALSE ^ turned
        if a == TRUE:
            return b ^ 1 ^ turned
        key = (a, b)
        known = self._exclusives.get(key)
        if known is None:
            if len(self._exclusives) % JOINED_BETWEEN_LOOKS == 0:
                self.look()
            node_a, node_b = a >> 1, b >> 1
            level = min(self.level[node_a], self.level[node_b])
            (high_a, low_a), (high_b, low_b) = (
                (self.high[node], self.low[node]) if self.level[node] == level else (2 * node, 2 * node)
                for node in (node_a, node_b)
            )
            known = self._node(level, self._one(high_a, high_b), self._one(low_a, low_b))
            self._exclusives[key] = known
        return known ^ turned


def _joining(diagram):
    """Return the function that joins two edges of a diagram: true where both are.

    A closure, with its steps written out twice: in plain Python that takes half the time of a method that
    calls itself for every branch, and most of an analysis is spent here.
    """
    levels, highs, lows, known = diagram.level, diagram.high, diagram.low, diagram._known
    conjunctions = diagram._conjunctions

    def both(a, b):
        if a == b or b == TRUE:
            return a
        if a == TRUE:
            return b
        if a == FALSE or b == FALSE or a ^ b == 1:
            return FALSE
        key = a << 32 | b if a < b else b << 32 | a
        result = conjunctions.get(key)
        if result is not None:
            return result
        node_a, node_b = a >> 1, b >> 1
        level, other = levels[node_a], levels[node_b]
        if level <= other:
            turn = a & 1
            high_a, low_a = highs[node_a] ^ turn, lows[node_a] ^ turn
        else:
            high_a = low_a = a
        if other <= level:
            level = other
            turn = b & 1
            high_b, low_b = highs[node_b] ^ turn, lows[node_b] ^ turn
        else:
            high_b = low_b = b
        if high_a == high_b or high_b == TRUE:
            high = high_a
        elif high_a == TRUE:
            high = high_b
        elif high_a == FALSE or high_b == FALSE or high_a ^ high_b == 1:
            high = FALSE
        else:
            high = both(high_a, high_b)
        if low_a == low_b or low_b == TRUE:
            low = low_a
        elif low_a == TRUE:
            low = low_b
        elif low_a == FALSE or low_b == FALSE or low_a ^ low_b == 1:
            low = FALSE
        else:
            low = both(low_a, low_b)
        if high == low:
            result = high
        else:
            turn = high & 1
            high ^= turn
            low ^= turn
            here = known.get(level)
            if here is None:
                here = known[level] = {}
            place = high << 32 | low
            node = here.get(place)
            if node is None:
                node = here[place] = diagram.added(level, high, low)
            result = 2 * node + turn
        conjunctions[key] = result
        if not len(conjunctions) % JOINED_BETWEEN_LOOKS:
            diagram.look()
        return result

    return both

"""Families of sets as zero-suppressed decision diagrams (Minato 1993): cut sets are counted, not listed.

A family is a number: 0 holds no set, 1 holds the empty set alone. Any other is a node: the sets with its
element (after the element is taken away) on the high branch, those without it on the low branch.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from faultlab.analysis.engine.diagram import DEEPEST, JOINED_BETWEEN_LOOKS, TimeIsUp, TooManyNodes

if TYPE_CHECKING:
    from faultlab.analysis.engine.block import Block
    from faultlab.analysis.engine.diagram import Diagram


class Families:
    """A store of families that share their nodes.

    Parameters
    ----------
    most_nodes : int
        More raise `TooManyNodes`.
    deadline : float, optional
        On `time.monotonic()`'s clock; then `TimeIsUp` is raised.
    """

    def __init__(self, most_nodes: int, deadline: float | None = None) -> None:
        self.most_nodes, self.deadline = most_nodes, deadline
        self.level, self.high, self.low = [DEEPEST, DEEPEST], [0, 1], [0, 1]
        self._known: dict[tuple[int, int, int], int] = {}
        self._remainders: dict[tuple[int, int], int] = {}

    def node(self, level: int, high: int, low: int) -> int:
        """The family of `low`, and of `high` with the element of a level put in."""
        if high == 0:
            return low
        key = (level, high, low)
        number = self._known.get(key)
        if number is None:
            number = self._known[key] = len(self.level)
            if number > self.most_nodes:
                raise TooManyNodes
            self.level.append(level)
            self.high.append(high)
            self.low.append(low)
        return number

    def without(self, family: int, smaller: int) -> int:
        """The sets of a family that contain no set of the other. Both hold minimal sets only."""
        if family == 0 or smaller == 1 or family == smaller:
            return 0
        if family == 1 or smaller == 0:
            return family
        key = (family, smaller)
        result = self._remainders.get(key)
        if result is not None:
            return result
        level, other = self.level[family], self.level[smaller]
        if level < other:
            high = self.without(self.high[family], smaller)
            result = self.node(level, high, self.without(self.low[family], smaller))
        elif other < level:
            result = self.without(family, self.low[smaller])
        else:
            high = self.without(self.high[family], self.low[smaller])
            high = self.without(high, self.high[smaller])
            result = self.node(level, high, self.without(self.low[family], self.low[smaller]))
        self._remainders[key] = result
        due = len(self._remainders) % JOINED_BETWEEN_LOOKS == 0
        if self.deadline is not None and due and time.monotonic() > self.deadline:
            raise TimeIsUp
        return result

    def minimal_solutions(self, block: Block, turned: dict[int | str, int]) -> int:
        """The smallest sets of variables that make a block's function true when all others are false.

        Rauzy (1993), New algorithms for fault trees analysis: a solution with x is minimal if none
        without x lies inside it.

        Parameters
        ----------
        block : Block
        turned : dict
            By level, whether the variable's negation is the element; by "root", the function's.
        """
        found = {0: 1, 1: 0}
        level, high, low = (part.tolist() for part in (block.level, block.high, block.low))
        start = block.root ^ turned["root"]
        waiting = [start]
        while waiting:
            edge = waiting[-1]
            if edge in found:
                waiting.pop()
                continue
            node, turn = edge >> 1, edge & 1
            yes, no = high[node] ^ turn, low[node] ^ turn
            if turned[level[node]]:
                yes, no = no, yes
            missing = [one for one in (yes, no) if one not in found]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            kept = found[no]
            found[edge] = self.node(level[node], self.without(found[yes], kept), kept)
        return found[start]

    def with_element(self, family: int, level: int) -> int:
        """The sets that have an element, after it is taken away."""
        found = {}

        def walk(node):
            if self.level[node] > level:
                return 0
            if self.level[node] == level:
                return self.high[node]
            if node not in found:
                found[node] = self.node(self.level[node], walk(self.high[node]), walk(self.low[node]))
            return found[node]

        return walk(family)

    def union(self, diagram: Diagram, family: int, known: dict[int, int]) -> int:
        """The function of a `Diagram` that is true where all elements of at least one set are."""
        if family <= 1:
            return family ^ 1
        if family not in known:
            low = self.union(diagram, self.low[family], known)
            high = self.union(diagram, self.high[family], known)
            either = diagram.negation(diagram.conjunction((high ^ 1, low ^ 1)))
            known[family] = diagram.choice(diagram.variable(self.level[family]), either, low)
        return known[family]

    def under(self, family: int) -> list[int]:
        """The nodes of a family, children first, without the two constants."""
        reached, waiting = set(), [family]
        while waiting:
            node = waiting.pop()
            if node > 1 and node not in reached:
                reached.add(node)
                waiting += (self.high[node], self.low[node])
        return sorted(reached)

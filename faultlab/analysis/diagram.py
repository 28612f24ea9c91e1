"""Binary decision diagrams with complement edges, in plain Python.

Brace, Rudell and Bryant (1990), Efficient implementation of a BDD package. A node asks about one variable
and has a branch for yes and one for no. An edge is a number: twice the node, plus one where it stands
for the node's negation. Node 0 is the constant true. Two functions that are equal have the same edge.
"""

import sys
import time
from contextlib import contextmanager

TRUE, FALSE = 0, 1
DEEPEST = 1 << 30


# One call for a node in this many looks at the clock.
CALLS_BETWEEN_LOOKS = 10_000


class TooManyNodes(Exception):
    """The diagram has reached the number of nodes that it was given."""


class TimeIsUp(Exception):
    """The diagram has reached its deadline."""


@contextmanager
def deep_recursion(levels):
    """Let functions call each other this deep; Python keeps such calls on the heap since 3.11."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, levels))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


class Diagram:
    """Functions of variables that are known by their level, 0 the first that is asked about.

    Attributes
    ----------
    made : int
        How often a node was asked for.
    """

    def __init__(self):
        self.made = 0
        self.allow(1 << 40)
        self.level, self.high, self.low = [DEEPEST], [TRUE], [TRUE]
        self._known = {}
        self._conjunctions = {}
        self._exclusives = {}

    def allow(self, most_nodes, most_work=1 << 60, deadline=None):
        """Set the limits: more nodes, or more work from now on, raise `TooManyNodes`.

        After the deadline, which is on `time.monotonic()`'s clock, `TimeIsUp` is raised.
        """
        self.most_nodes, self.most_made, self.deadline = most_nodes, self.made + most_work, deadline

    def variable(self, level):
        """The function that is true where the variable is."""
        return self._node(level, TRUE, FALSE)

    @staticmethod
    def negation(edge):
        """The opposite function."""
        return edge ^ 1

    def conjunction(self, edges):
        """True where all are. The variables asked about last are joined first: that grows from below."""
        result = TRUE
        for edge in sorted(edges, key=lambda edge: -self.level[edge >> 1]):
            result = self._both(result, edge)
        return result

    def exclusive(self, a, b):
        """True where exactly one is."""
        return self._one(a, b)

    def at_least(self, needed, edges):
        """True where at least `needed` are."""
        reached = [TRUE] + [FALSE] * needed
        for edge in sorted(edges, key=lambda edge: -self.level[edge >> 1]):
            reached = [TRUE] + [self.choice(edge, reached[i - 1], reached[i]) for i in range(1, needed + 1)]
        return reached[needed]

    def choice(self, condition, then, otherwise):
        """`then` where the condition is true, `otherwise` where it is not."""
        yes = self._both(condition, then)
        no = self._both(condition ^ 1, otherwise)
        return self._both(yes ^ 1, no ^ 1) ^ 1

    def nodes(self, root):
        """The lists (level, high, low) of the nodes under an edge, and the edge in them.

        Children stand before parents; entry 0 is the constant.
        """
        reached, waiting = {0}, [root >> 1]
        while waiting:
            node = waiting.pop()
            if node not in reached:
                reached.add(node)
                waiting += (self.high[node] >> 1, self.low[node] >> 1)
        # A node is made after those it leads to.
        ordered = sorted(reached)
        place = {node: i for i, node in enumerate(ordered)}

        def moved(edge):
            return 2 * place[edge >> 1] + (edge & 1)

        return (
            [self.level[node] for node in ordered],
            [moved(self.high[node]) for node in ordered],
            [moved(self.low[node]) for node in ordered],
            moved(root),
        )

    def _node(self, level, high, low):
        if high == low:
            return high
        self.made += 1
        if self.made % CALLS_BETWEEN_LOOKS == 0:
            self._look()
        # The yes edge is never a negation: so every function has one form.
        turned = high & 1
        key = (level, high ^ turned, low ^ turned)
        node = self._known.get(key)
        if node is None:
            node = len(self.level)
            if node > self.most_nodes:
                raise TooManyNodes
            # Known only when it is there: the work may be taken up again with more nodes.
            self._known[key] = node
            self.level.append(level)
            self.high.append(key[1])
            self.low.append(key[2])
        return 2 * node + turned

    def _look(self):
        if self.made > self.most_made:
            raise TooManyNodes
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise TimeIsUp

    def _both(self, a, b):
        if a > b:
            a, b = b, a
        if a in (TRUE, b):
            return b
        if a == FALSE or a ^ 1 == b:
            return FALSE
        key = (a, b)
        known = self._conjunctions.get(key)
        if known is not None:
            return known
        node_a, node_b = a >> 1, b >> 1
        level_a, level_b = self.level[node_a], self.level[node_b]
        turn_a, turn_b = a & 1, b & 1
        if level_a < level_b:
            level = level_a
            high = self._both(self.high[node_a] ^ turn_a, b)
            low = self._both(self.low[node_a] ^ turn_a, b)
        elif level_b < level_a:
            level = level_b
            high = self._both(a, self.high[node_b] ^ turn_b)
            low = self._both(a, self.low[node_b] ^ turn_b)
        else:
            level = level_a
            high = self._both(self.high[node_a] ^ turn_a, self.high[node_b] ^ turn_b)
            low = self._both(self.low[node_a] ^ turn_a, self.low[node_b] ^ turn_b)
        result = self._conjunctions[key] = self._node(level, high, low)
        return result

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
            node_a, node_b = a >> 1, b >> 1
            level = min(self.level[node_a], self.level[node_b])
            (high_a, low_a), (high_b, low_b) = (
                (self.high[node], self.low[node]) if self.level[node] == level else (2 * node, 2 * node)
                for node in (node_a, node_b)
            )
            known = self._node(level, self._one(high_a, high_b), self._one(low_a, low_b))
            self._exclusives[key] = known
        return known ^ turned

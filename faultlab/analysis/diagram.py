"""Binary decision diagrams: a Boolean function as a shared graph, from which a probability is exact.

Bryant (1986), Graph-based algorithms for Boolean function manipulation. A node asks about one variable
and has a branch for each answer; variables come in the order in which they were first named. Two
functions that are equal are one and the same node.
"""

import math

from faultlab.errors import BadInput

FALSE, TRUE = 0, 1


class Diagram:
    """Functions over named variables, each an integer that stands for its node.

    Sized for system models of some dozens of parts: the recursion is as deep as there are variables.

    Examples
    --------
    >>> diagram = Diagram()
    >>> both = diagram.all_of([diagram.variable("a"), diagram.variable("b")])
    >>> up, down = diagram.probability(both, {"a": (0.9, 0.1), "b": (0.5, 0.5)})
    >>> round(up, 12), round(down, 12)
    (0.45, 0.55)
    """

    def __init__(self):
        self.names = []
        self._level = {}
        self._nodes = [(None, FALSE, FALSE), (None, TRUE, TRUE)]
        self._known = {}
        self._choices = {}

    def variable(self, name):
        """The function that is true where the variable is."""
        if name not in self._level:
            self._level[name] = len(self.names)
            self.names.append(name)
        return self._node(self._level[name], FALSE, TRUE)

    def all_of(self, functions):
        """True where all are; true for none."""
        result = TRUE
        for function in functions:
            result = self._choose(result, function, FALSE)
        return result

    def any_of(self, functions):
        """True where at least one is; false for none."""
        result = FALSE
        for function in functions:
            result = self._choose(result, TRUE, function)
        return result

    def at_least(self, needed, functions):
        """True where at least `needed` of the functions are."""
        functions = list(functions)
        # After each function: reached[i] is true where at least i of those so far are.
        reached = [TRUE] + [FALSE] * needed
        for function in functions:
            reached = [TRUE] + [
                self._choose(function, reached[i - 1], reached[i]) for i in range(1, needed + 1)
            ]
        return reached[needed]

    def given(self, function, name, value):
        """The function where one variable is held at true or false."""
        level, held = self._level[name], {}

        def walk(node):
            at, low, high = self._nodes[node]
            if at is None or at > level:
                return node
            if node not in held:
                held[node] = (
                    (high if value else low) if at == level else self._node(at, walk(low), walk(high))
                )
            return held[node]

        return walk(function)

    def probability(self, function, chances):
        """The probabilities that a function is true and that it is false.

        Parameters
        ----------
        function : int
        chances : dict
            From each variable's name to the pair (probability of true, probability of false). Both are
            given and both are carried, so that neither loses its digits when the other is close to 1.

        Returns
        -------
        tuple of float
        """
        found = {FALSE: (0.0, 1.0), TRUE: (1.0, 0.0)}

        def walk(node):
            if node not in found:
                level, low, high = self._nodes[node]
                yes, no = chances[self.names[level]]
                (low_true, low_false), (high_true, high_false) = walk(low), walk(high)
                found[node] = (
                    math.fsum((yes * high_true, no * low_true)),
                    math.fsum((yes * high_false, no * low_false)),
                )
            return found[node]

        return walk(function)

    def _node(self, level, low, high):
        if low == high:
            return low
        key = (level, low, high)
        if key not in self._known:
            self._known[key] = len(self._nodes)
            self._nodes.append(key)
        return self._known[key]

    def _choose(self, condition, then, otherwise):
        """If-then-else, the one operation from which all others are made."""
        if condition == TRUE or then == otherwise:
            return then
        if condition == FALSE:
            return otherwise
        if then == TRUE and otherwise == FALSE:
            return condition
        key = (condition, then, otherwise)
        if key not in self._choices:
            level = min(self._nodes[node][0] for node in key if node > TRUE)
            if level >= 900:
                raise BadInput("A system model may have 900 variables; use fewer parts or groups.")
            low = self._choose(*(self._branch(node, level, 1) for node in key))
            high = self._choose(*(self._branch(node, level, 2) for node in key))
            self._choices[key] = self._node(level, low, high)
        return self._choices[key]

    def _branch(self, node, level, side):
        return self._nodes[node][side] if self._nodes[node][0] == level else node

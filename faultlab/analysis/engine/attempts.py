"""One order's attempt at a module's diagram: gate by gate, stopped at some nodes, and taken up again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from faultlab.analysis.engine.block import Block
from faultlab.analysis.engine.diagram import Diagram, TimeIsUp, TooManyNodes, deep_recursion
from faultlab.analysis.engine.fast_diagram import MOST_VARIABLES, FastDiagram, available

if TYPE_CHECKING:
    from faultlab.analysis.engine.normal_form import NormalForm

# A round also ends after so many times the nodes of one function: some orders never make a large function
# and yet make many. In plain Python the nodes of all functions count, and the work is the pairs joined.
WORK_A_NODE, WORK_A_NODE_IF_PLAIN = 20, 12


class Attempt:
    """A module's diagram on its way by one order.

    Parameters
    ----------
    form : NormalForm
    gates : list of int
        The module's gates, inputs before users, the module itself last.
    order : list of int
        Its variables: events, and modules inside.
    accelerate : bool
        Use the compiled library where it is installed.
    kind : str
        Of the order.

    Attributes
    ----------
    done : int
        How many gates are built.
    work : int
        How many nodes were made for them.
    given : int
        The nodes that it could have so far.
    """

    def __init__(
        self, form: NormalForm, gates: list[int], order: list[int], accelerate: bool = True, kind: str = ""
    ) -> None:
        self.form, self.gates, self.order, self.kind = form, gates, order, kind
        self.fast = accelerate and available() and len(order) < MOST_VARIABLES
        self.done = self.work = self.given = 0
        self._diagram: Any = None  # a FastDiagram or a Diagram once it has begun

    @property
    def left(self) -> int:
        """How many gates are not built yet."""
        return len(self.gates) - self.done

    def advance(self, most_nodes: int, deadline: float | None = None) -> bool:
        """Build on, up to a number of nodes, and return whether the module is built.

        Raises `TimeIsUp` after the deadline, which is on `time.monotonic()`'s clock.
        """
        self.given = most_nodes
        if self._diagram is None:
            self._begin()
        self._diagram.allow(
            most_nodes, (WORK_A_NODE if self.fast else WORK_A_NODE_IF_PLAIN) * most_nodes, deadline
        )
        try:
            with deep_recursion(4 * len(self.order) + 1000):
                while self.done < len(self.gates):
                    if deadline is not None and time.monotonic() > deadline:
                        raise TimeIsUp
                    self._build(self.gates[self.done])
                    self.done += 1
        except TooManyNodes:
            return False
        finally:
            self.work = self._diagram.made
        return True

    def block(self) -> Block:
        """The finished diagram."""
        return Block.of(self.gates[-1], tuple(self.order), *self._diagram.nodes(self._built[self.gates[-1]]))

    def _begin(self):
        self.done = 0
        self._diagram = FastDiagram(len(self.order)) if self.fast else Diagram()
        self._built = {number: self._diagram.variable(level) for level, number in enumerate(self.order)}
        self._uses: dict[int, int] = {}
        for number in self.gates:
            for one in self.form.inputs(number):
                self._uses[abs(one)] = self._uses.get(abs(one), 0) + 1

    def _build(self, number):
        diagram, built, gate = self._diagram, self._built, self.form.gates[number]
        inputs = [built[one] if one > 0 else diagram.negation(built[-one]) for one in gate[-1]]
        if gate[0] == "and":
            built[number] = diagram.conjunction(inputs)
        elif gate[0] == "xor":
            built[number] = diagram.exclusive(*inputs)
        else:
            built[number] = diagram.at_least(gate[1], inputs)
        for one in gate[-1]:
            self._uses[abs(one)] -= 1
            if not self._uses[abs(one)]:
                del built[abs(one)]

"""From a normal form to diagrams: one for each module, by the first order that stays small.

No single order solves all trees (measured on the Aralia set), so each module is tried with several, all
under a small number of nodes first. What that does not solve is tried under more, with many walks in random
order beside; those that got furthest go on to the next round.
"""

import random
import time
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from faultlab.analysis.diagram import Diagram, TooManyNodes, deep_recursion
from faultlab.analysis.fast_diagram import MOST_VARIABLES, FastDiagram, available
from faultlab.analysis.modules import find_modules
from faultlab.analysis.variable_order import depth_first, force, sizes

FIRST_NODES, GROWTH = 3_000, 8
WALKS, FINALISTS = 15, 3
# FORCE gives small diagrams for trees of some hundred gates, and is slow and little use beyond.
MOST_GATES_TO_FORCE = 500


class AnalysisTooLarge(Exception):
    """A part of the tree is too large for the nodes or the time that were given.

    Attributes
    ----------
    part : int
        The gate's number in the normal form.
    """

    def __init__(self, part):
        super().__init__(part)
        self.part = part


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
    def plain(self):
        """The steps one by one as plain (level, high, low), for a pass by plain numbers."""
        level = np.repeat([one[0] for one in self.levels], [end - first for _, first, end in self.levels])
        return list(zip(level.tolist(), self.high[2:].tolist(), self.low[2:].tolist(), strict=True))


def build_blocks(form, most_nodes, deadline=None, accelerate=True, modules=None):
    """Build the diagram of every module, inner ones first.

    Parameters
    ----------
    form : NormalForm
    most_nodes : int
        That one diagram may have.
    deadline : float, optional
        On `time.monotonic()`'s clock.
    accelerate : bool
        Use the compiled library where it is installed.
    modules : list of int, optional
        Use these; otherwise those that `find_modules` finds.

    Returns
    -------
    list of Block

    Raises
    ------
    AnalysisTooLarge
        Naming the first module for which no order was small enough.
    """
    modules = find_modules(form) if modules is None else modules
    leaves = set(modules)
    return [_block(form, top, leaves, most_nodes, deadline, accelerate) for top in modules]


def gates_of(form, top, leaves):
    """The gates of one module, inputs before users, its inner modules left out."""
    ordered, met, waiting = [], set(), [(top, False)]
    while waiting:
        number, leaving = waiting.pop()
        if leaving:
            ordered.append(number)
        elif number not in met and form.gates[number] and (number not in leaves or number == top):
            met.add(number)
            waiting.append((number, True))
            waiting.extend((abs(one), False) for one in reversed(form.inputs(number)))
    return ordered


def orders(form, top, gates, leaves):
    """Yield orders of a module's leaves, the likeliest to be good for a small module first."""
    written = depth_first(form, top, leaves)
    yield written
    if len(gates) > 1:
        weigh = sizes(form, gates, leaves)
        yield depth_first(form, top, leaves, weigh)
        yield force(form, gates, written)
        yield depth_first(form, top, leaves, {number: -weight for number, weight in weigh.items()})


def more_orders(form, top, gates, leaves):
    """Yield walks that visit the inputs of each gate in random order, some improved by FORCE."""
    rng, weigh = random.Random(2), sizes(form, gates, leaves)
    for i in range(WALKS):
        walk = depth_first(form, top, leaves, {number: rng.random() for number in weigh})
        yield walk
        if i < FINALISTS and len(gates) < MOST_GATES_TO_FORCE:
            yield force(form, gates, walk)


def _block(form, top, leaves, most_nodes, deadline, accelerate):
    gates = gates_of(form, top, leaves)
    waiting = orders(form, top, gates, leaves)
    budget = min(FIRST_NODES, most_nodes)
    while True:
        reached = []
        for order in waiting:
            if deadline is not None and time.monotonic() > deadline:
                raise AnalysisTooLarge(top)
            try:
                return block_by_order(form, top, gates, order, budget, accelerate)
            except TooManyNodes as stopped:
                reached.append((stopped.gates_built, order))
        if budget >= most_nodes:
            raise AnalysisTooLarge(top)
        reached.sort(key=lambda one: -one[0])
        waiting = [order for _, order in reached]
        if budget == FIRST_NODES and len(gates) > 1:
            waiting += more_orders(form, top, gates, leaves)
        else:
            waiting = waiting[:FINALISTS]
        budget = min(budget * GROWTH, most_nodes)


def block_by_order(form, top, gates, order, most_nodes, accelerate=True):
    """Build one module's diagram by one order; `TooManyNodes` if it does not fit, with the gates built."""
    fast = accelerate and available() and len(order) < MOST_VARIABLES
    diagram = FastDiagram(len(order), most_nodes) if fast else Diagram(most_nodes)
    with deep_recursion(4 * len(order) + 1000):
        root = _joined(diagram, form, top, gates, order)
    level, high, low, edge = diagram.nodes(root)
    return Block(top, tuple(order), *(np.asarray(part) for part in (level, high, low)), edge)


def _joined(diagram, form, top, gates, order):
    built = {number: diagram.variable(level) for level, number in enumerate(order)}

    def signed(one):
        return built[one] if one > 0 else diagram.negation(built[-one])

    uses = {}
    for number in gates:
        for one in form.inputs(number):
            uses[abs(one)] = uses.get(abs(one), 0) + 1
    for done, number in enumerate(gates):
        gate = form.gates[number]
        inputs = [signed(one) for one in gate[-1]]
        try:
            if gate[0] == "and":
                built[number] = diagram.conjunction(inputs)
            elif gate[0] == "xor":
                built[number] = diagram.exclusive(*inputs)
            else:
                built[number] = diagram.at_least(gate[1], inputs)
        except TooManyNodes as stopped:
            stopped.gates_built = done
            raise
        for one in gate[-1]:
            uses[abs(one)] -= 1
            if not uses[abs(one)]:
                del built[abs(one)]
    return built[top]

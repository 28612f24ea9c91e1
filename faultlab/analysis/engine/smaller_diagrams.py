"""Make a diagram smaller by trying other orders of its variables: worth it where the diagram is kept.

Rounds of FORCE from random walks find a good start; then parts of the order are moved, a stretch of it or the
events under one gate, and what makes the diagram no larger stays. On the Aralia models this leaves a third to
a tenth of the nodes.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from faultlab.analysis.engine.attempts import Attempt
from faultlab.analysis.engine.diagram import TimeIsUp
from faultlab.analysis.engine.variable_order import forced, random_walks, sizes

if TYPE_CHECKING:
    from faultlab.analysis.engine.block import Block
    from faultlab.analysis.engine.normal_form import NormalForm

# Diagrams below are left as they are; others are given this many times their nodes to try, up to the most.
FEW_NODES, WORK, MOST_WORK = 200, 2_000, 40_000_000
STARTS = 40
# Functions on the way may be larger than the diagram that they lead to, but not by much. Plain Python counts
# the nodes of all of them together, and has time for less.
SLACK, SLACK_IF_PLAIN, SHARE_IF_PLAIN = 1.6, 12, 0.1


def smaller(
    form: NormalForm,
    block: Block,
    gates: list[int],
    leaves: set[int],
    accelerate: bool = True,
    deadline: float | None = None,
) -> Block:
    """Return the smallest diagram of a module that some hundred other orders lead to.

    Parameters
    ----------
    form : NormalForm
    block : Block
        The diagram so far.
    gates : list of int
        The module's.
    leaves : set of int
        Gates that count as variables.
    accelerate, deadline
        As for `build_blocks`; after the deadline the search ends.

    Returns
    -------
    Block
    """
    nodes = len(block.level)
    if nodes < FEW_NODES:
        return block
    search = _Search(form, gates, accelerate, deadline, block, min(WORK * nodes, MOST_WORK))
    weigh = sizes(form, gates, leaves)
    walks = list(random_walks(form, gates[-1], leaves, weigh, STARTS, seed=3))
    for order in forced(form, gates, walks):
        if search.left > 0:
            search.attempt(order)
    rng, below = random.Random(4), _variables_below(form, gates, block.variables)
    while search.left > 0:
        move = _stretch if rng.random() < 0.5 else _gate
        search.attempt(move(list(search.block.variables), rng, gates, below))
    return search.block


class _Search:
    """The smallest diagram so far, and what is left to find a smaller one."""

    def __init__(self, form, gates, accelerate, deadline, block, work):
        self.form, self.gates, self.accelerate, self.deadline = form, gates, accelerate, deadline
        self.block, self.size, self.left = block, len(block.happening.high), work
        self.slack = SLACK
        if not Attempt(form, gates, block.variables, accelerate).fast:
            self.slack, self.left = SLACK_IF_PLAIN, work * SHARE_IF_PLAIN

    def attempt(self, order):
        """Take an order if its diagram is no larger."""
        attempt = Attempt(self.form, self.gates, order, self.accelerate)
        try:
            fits = attempt.advance(int(self.slack * self.size) + FEW_NODES, self.deadline)
        except TimeIsUp:
            self.left = 0
            return
        self.left -= attempt.work + FEW_NODES
        if fits:
            block = attempt.block()
            size = len(block.happening.high)
            if size <= self.size:
                self.block, self.size = block, size


def _stretch(order, rng, gates, below):
    """Move some neighbours elsewhere, some as often near as far."""
    length = min(len(order) - 1, 1 + int(rng.expovariate(0.25)))
    start = rng.randrange(len(order) - length + 1)
    moved, rest = order[start : start + length], order[:start] + order[start + length :]
    place = min(max(start + int(rng.gauss(0, len(order) / 6)), 0), len(rest))
    if rng.random() < 0.3:
        moved.reverse()
    return rest[:place] + moved + rest[place:]


def _gate(order, rng, gates, below):
    """Bring what lies under one gate together."""
    inside = below[rng.choice(gates)]
    moved = [number for number in order if number in inside]
    rest = [number for number in order if number not in inside]
    place = rng.randrange(len(rest) + 1)
    return rest[:place] + moved + rest[place:]


def _variables_below(form, gates, variables):
    below = {number: {number} for number in variables}
    for number in gates:
        below[number] = set().union(*(below[abs(one)] for one in form.inputs(number)))
    return below

"""From a normal form to diagrams: one for each module, by the first order that stays small.

No single order solves all trees (measured on the Aralia set), so a module's orders are a field that runs in
rounds: all of them up to a small number of nodes, then more of them up to some more, then only those that
got furthest, each from where it was stopped. Gates built at a number of nodes say best who will arrive, but
kinds of orders differ in where the hard gates come: so the best of each kind stay in for a while.
"""

import itertools
from collections import Counter

from faultlab.analysis.attempts import Attempt
from faultlab.analysis.diagram import TimeIsUp
from faultlab.analysis.modules import find_modules
from faultlab.analysis.smaller_diagrams import smaller
from faultlab.analysis.variable_order import first_orders, more_orders

FIRST_NODES, GROWTH = 12_000, 4
# How many of each kind stay in the rounds after the first two, and how many in all after those.
OF_EACH_KIND, FINALISTS = (2, 1), 2
# In plain Python, where a round is dear, who has less than this share of the leader's gates goes on a round
# later, once the kinds no longer count: it costs less so, and may still arrive.
NEAR = 0.9
# What is stopped below is begun anew: that costs less than to keep all.
KEPT_FROM = 40_000
# Random walks beside: many for small modules, where they cost nothing, few for large ones.
GATES_IN_WALKS, FEWEST_WALKS, MOST_WALKS = 1_000, 2, 6
# The compiled library makes a function anew in every operation, plain Python only what is new in it: that is
# faster for thousands of gates with a few nodes each.
MANY_GATES, NODES_A_GATE = 2_000, 20


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


def build_blocks(form, most_nodes, deadline=None, accelerate=True, modules=None, compact=False):
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
        If other gates are to be the modules; otherwise those that `find_modules` finds.
    compact : bool
        Look for smaller diagrams when all are built.

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
    blocks = []
    for top in modules:
        try:
            blocks.append(build_block(form, top, leaves, most_nodes, deadline, accelerate))
        except TimeIsUp:
            raise AnalysisTooLarge(top) from None
    if compact:
        blocks = [
            smaller(form, block, gates_of(form, block.number, leaves), leaves, accelerate, deadline)
            for block in blocks
        ]
    return blocks


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


def build_block(form, top, leaves, most_nodes, deadline=None, accelerate=True):
    """Build the diagram of one module; `leaves` holds the gates that count as variables in it."""
    gates = gates_of(form, top, leaves)

    def attempts(orders):
        return (Attempt(form, gates, order, accelerate, kind) for kind, order in orders)

    if accelerate and len(gates) > MANY_GATES:
        for _, order in first_orders(form, top, gates, leaves):
            attempt = Attempt(form, gates, order, accelerate=False)
            if attempt.advance(NODES_A_GATE * len(gates), deadline):
                return attempt.block()
    field = attempts(first_orders(form, top, gates, leaves))
    budget, stopped, near = min(FIRST_NODES, most_nodes), [], 0
    for following in itertools.count():
        for attempt in field:
            late = not attempt.fast and attempt.done < near and budget < most_nodes
            if attempt.advance(budget // GROWTH if late else budget, deadline):
                return attempt.block()
            if budget < KEPT_FROM:
                attempt.put_away()
            stopped.append(attempt)
        if following == 0 and len(gates) > 1:
            walks = min(max(GATES_IN_WALKS // len(gates), FEWEST_WALKS), MOST_WALKS)
            field = attempts(more_orders(form, top, gates, leaves, walks))
            continue
        if budget >= most_nodes:
            raise AnalysisTooLarge(top)
        budget = min(budget * GROWTH, most_nodes)
        stopped.sort(key=lambda attempt: (-attempt.done, attempt.work))
        near = NEAR * stopped[0].done if following > len(OF_EACH_KIND) else 0
        field, stopped = _best(stopped, *OF_EACH_KIND[following - 1 : following]), []


def _best(stopped, of_each_kind=None):
    """Those that go on, of attempts from the best to the worst."""
    if of_each_kind is None:
        return stopped[:FINALISTS]
    kinds, found = Counter(), []
    for attempt in stopped:
        kinds[attempt.kind] += 1
        if kinds[attempt.kind] <= of_each_kind:
            found.append(attempt)
    return found

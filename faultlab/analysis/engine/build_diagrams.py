"""From a normal form to diagrams: one for each module, by the first order that stays small.

No single order solves all trees (measured on the Aralia set), so a module's orders are a field that runs in
rounds: all of them up to a small number of nodes, then those that got furthest up to more, each from where
it was stopped; who has one gate left goes on at once. Gates built at a number of nodes say best who will
arrive, but kinds of orders differ in where the hard gates come: so the best of each kind stay in.
"""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

from faultlab.analysis.engine.attempts import Attempt
from faultlab.analysis.engine.diagram import TimeIsUp
from faultlab.analysis.engine.modules import find_modules
from faultlab.analysis.engine.variable_order import depth_first, orders

if TYPE_CHECKING:
    from collections.abc import Iterable

    from faultlab.analysis.engine.block import Block
    from faultlab.analysis.engine.normal_form import NormalForm

# The order as written solves most trees; the others show with fewer nodes how they do.
FIRST_NODES, FIRST_OF_OTHERS, GROWTH = 3_000, 1_000, 4
# How many of each kind stay in after the first rounds, and how many in all after those.
OF_EACH_KIND, FINALISTS = (2, 1), 2
# Who has less than this share of the leader's gates goes on a round later: it costs less so, and may still
# arrive.
NEAR = 0.9
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

    def __init__(self, part: int | str) -> None:
        super().__init__(part)
        self.part = part


def build_blocks(
    form: NormalForm,
    most_nodes: int,
    deadline: float | None = None,
    accelerate: bool = True,
    modules: list[int] | None = None,
) -> list[Block]:
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
    return blocks


def gates_of(form: NormalForm, top: int, leaves: set[int]) -> list[int]:
    """The gates of one module, inputs before users, its inner modules left out."""
    walk = depth_first(form, top, leaves)
    return [number for number in walk if form.gates[number] and (number not in leaves or number == top)]


def build_block(
    form: NormalForm,
    top: int,
    leaves: set[int],
    most_nodes: int,
    deadline: float | None = None,
    accelerate: bool = True,
) -> Block:
    """Build the diagram of one module; `leaves` holds the gates that count as variables in it."""
    gates = gates_of(form, top, leaves)
    if accelerate and len(gates) > MANY_GATES:
        for _, order in orders(form, top, gates, leaves):
            attempt = Attempt(form, gates, order, accelerate=False)
            if attempt.advance(NODES_A_GATE * len(gates), deadline):
                return attempt.block()
    field: Iterable[Attempt] = (
        Attempt(form, gates, order, accelerate, kind) for kind, order in orders(form, top, gates, leaves)
    )
    budget, furthest = min(FIRST_NODES, most_nodes), 0
    for following in itertools.count():
        stopped, waiting = [], []
        for place, attempt in enumerate(field):
            late = following and attempt.done < NEAR * furthest and budget < most_nodes
            given = budget // GROWTH if late else budget
            if place and not following:
                given = min(given, FIRST_OF_OTHERS)
            if given <= attempt.given:
                waiting.append(attempt)
                continue
            if attempt.advance(given, deadline) or (
                attempt.left == 1 and attempt.advance(min(given * GROWTH, most_nodes), deadline)
            ):
                return attempt.block()
            furthest = max(furthest, attempt.done)
            stopped.append(attempt)
        if budget >= most_nodes:
            break
        budget = min(budget * GROWTH, most_nodes)
        stopped.sort(key=lambda attempt: (-attempt.done, attempt.work))
        if following < len(OF_EACH_KIND):
            field = _best_of_kinds(stopped, OF_EACH_KIND[following]) + waiting
        else:
            finalists = _best_of_kinds(stopped + waiting, 1)[:FINALISTS]
            # Who is late costs less.
            field = sorted(finalists, key=lambda attempt: attempt.done >= NEAR * furthest)
    raise AnalysisTooLarge(top)


def _best_of_kinds(stopped, count):
    """So many of each kind, of attempts from the best to the worst."""
    kinds: Counter[str] = Counter()
    found = []
    for attempt in stopped:
        kinds[attempt.kind] += 1
        if kinds[attempt.kind] <= count:
            found.append(attempt)
    return found

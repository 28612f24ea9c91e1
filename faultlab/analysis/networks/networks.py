"""The probability that a network still connects its terminals, exactly.

The network is cut into parts at the nodes that all ways pass. A part is answered by a walk along a narrow
frontier or by what spreads from the start; both carry the probability of success and that of failure as
sums of products, so that neither loses its digits.
"""

import math
import numbers
import time
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import networkx as nx
import numpy as np

from faultlab.analysis.networks.frontier import MOST_AT_FRONTIER, frontier_chances, narrow_order
from faultlab.analysis.networks.parts import Limits, Pair, Part, TooWide, parts_between
from faultlab.analysis.networks.relations import relation_chances
from faultlab.analysis.networks.spread import spread_chances
from faultlab.errors import BadInput

SECONDS = 60
# Both methods are tried with few states first: what is narrow for one of them is answered at once.
FIRST_BYTES, MOST_BYTES = 4_000_000, 200_000_000


def terminal_reliability(
    graph: nx.Graph,
    terminals: Iterable,
    edge_availability: float | str,
    seconds: float = SECONDS,
) -> float:
    """Return the probability that terminals are connected; `connection_chances` has its complement too.

    Parameters
    ----------
    graph : networkx.Graph or networkx.DiGraph
        Multigraphs too. Edges fail independently of each other, nodes never.
    terminals : sequence
        Two nodes or more. Undirected: all are connected. Directed: the first reaches all the others.
    edge_availability : number or str
        One probability for all, or the name of the attribute that holds each one's. A `Fraction` keeps
        what a float can't, such as 1 - 1e-30.
    seconds : float
        After which it is given up.

    Returns
    -------
    float

    Raises
    ------
    BadInput
        For a terminal that is not in the graph, a probability outside 0 to 1 or a missing attribute, and
        for networks that take more time or more memory than they are given.

    Examples
    --------
    >>> import networkx as nx
    >>> bridge = nx.Graph(["sa", "sb", "ab", "at", "bt"])
    >>> round(terminal_reliability(bridge, "st", 0.9), 10)
    0.97848
    """
    return connection_chances(graph, terminals, edge_availability, seconds)[0]


def connection_chances(
    graph: nx.Graph,
    terminals: Iterable,
    edge_availability: float | str,
    seconds: float = SECONDS,
) -> Pair:
    """Return the pair (connected, not connected), both to full precision; see `terminal_reliability`.

    Examples
    --------
    >>> import networkx as nx
    >>> connection_chances(nx.path_graph(2), [0, 1], 1e-30)
    (1e-30, 1.0)
    """
    start, goals = _ends(graph, terminals)
    if not seconds >= 0:
        raise BadInput(f"seconds is a number from 0, not {seconds!r}.")
    deadline = time.monotonic() + seconds
    parts = parts_between(_with_pairs(graph, edge_availability), start, goals)
    if parts is None:
        return 0.0, 1.0
    connected, parted = 1.0, 0.0
    for part in parts:
        works, fails = _of_part(part, deadline)
        connected, parted = connected * works, parted + connected * fails
    return connected, parted


def _ends(graph: nx.Graph, terminals: Iterable) -> tuple:
    """The first terminal and the others."""
    if not isinstance(graph, nx.Graph):
        raise BadInput(
            f"a network is a graph of networkx, not {type(graph).__name__}; make one: nx.Graph(...)."
        )
    if isinstance(terminals, str) and terminals in graph:
        raise BadInput(f"terminals are two nodes or more; put {terminals!r} and the others in a list.")
    if graph.is_directed() and isinstance(terminals, (set, frozenset)):
        raise BadInput("a set has no first terminal; list the start, then the nodes that it has to reach.")
    listed = list(dict.fromkeys(terminals))
    for terminal in listed:
        if terminal not in graph:
            raise BadInput(f"the network has no node {terminal!r}; terminals are nodes of it.")
    if not listed:
        raise BadInput("name at least one terminal; two or more make a question.")
    return listed[0], set(listed[1:])


def _with_pairs(graph: nx.Graph, edge_availability) -> nx.DiGraph:
    """The network as arcs, parallel ones as one, without loops; each with its pair."""
    found = nx.DiGraph()
    found.add_nodes_from(graph)
    for one, other, data in graph.edges(data=True):
        works, fails = _pair(data, edge_availability, f"edge {one!r} - {other!r}")
        if one == other:
            continue
        if found.has_edge(one, other):
            before = found.edges[one, other]["pair"]
            works, fails = before[0] + before[1] * works, before[1] * fails
        found.add_edge(one, other, pair=(works, fails))
        if not graph.is_directed():
            found.add_edge(other, one, pair=(works, fails))
    return found


def _pair(data: dict, given, what: str) -> Pair:
    """The probabilities that it works, and that it does not."""
    value = data.get(given) if isinstance(given, str) else given
    if value is None:
        raise BadInput(f"{what} has no attribute {given!r}; give it its probability of working.")
    if isinstance(value, (bool, np.bool_, str)) or not isinstance(value, (numbers.Real, Decimal)):
        raise BadInput(
            f"the availability of {what} is a number from 0 to 1, not {value!r}; write a number such as 0.9."
        )
    if not 0 <= value <= 1:  # type: ignore[operator]  # typeshed gives Real no order with int
        raise BadInput(f"the availability of {what} is a number from 0 to 1, not {value!r}.")
    exact = Fraction(value) if isinstance(value, (numbers.Rational, Decimal)) else float(value)
    return float(exact), float(1 - exact)


def _of_part(part: Part, deadline: float) -> Pair:
    if part.nodes == 2:
        return part.arcs[0, 1]
    order, width = narrow_order(part)

    def along(limits: Limits) -> Pair:
        return (frontier_chances if part.symmetric else relation_chances)(part, order, limits)

    def spread(limits: Limits) -> Pair:
        return spread_chances(part, limits)

    # Parts of a frontier grow like four to its width, relations like two to a quarter of its square.
    states = width * math.log(4) if part.symmetric else width**2 / 4 * math.log(2)
    methods = [along, spread] if states < part.nodes * math.log(3) else [spread, along]
    if width > MOST_AT_FRONTIER:
        methods = [spread]
    for most_bytes in (FIRST_BYTES, MOST_BYTES):
        for method in methods:
            try:
                return method(Limits(most_bytes, deadline))
            except TooWide:
                continue
    raise BadInput("the network is too wide for an exact answer; split it, or ask about a part.")

"""Cut a network at the nodes that every way has to pass, and say what work a part may take.

Between two such nodes the parts share nothing but them, so their probabilities multiply.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from faultlab.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Hashable

Pair = tuple[float, float]


class TooWide(Exception):
    """A method holds more states than it was given."""


@dataclass(frozen=True)
class Limits:
    """How many bytes of states a method may hold, and until when (on `time.monotonic()`'s clock)."""

    most_bytes: int
    deadline: float

    def look(self, states: int, bytes_each: int) -> None:
        """Raise `TooWide` or `BadInput` when one of the two is used up."""
        if states * bytes_each > self.most_bytes:
            raise TooWide
        if time.monotonic() > self.deadline:
            raise BadInput("the network took more time than it was given; give more seconds, or split it.")


@dataclass(frozen=True)
class Part:
    """Nodes 0, 1, ... of which node 0 has to reach every goal.

    Attributes
    ----------
    nodes : int
    arcs : dict
        From (tail, head) to the probabilities that the arc works, and that it does not.
    goals : frozenset of int
    symmetric : bool
        Whether an arc and its opposite work with one probability. Of the two only one can ever help, so
        they may as well be one edge.
    """

    nodes: int
    arcs: dict[tuple[int, int], Pair]
    goals: frozenset[int]
    symmetric: bool

    def ends(self) -> tuple[list[list[int]], list[list[int]]]:
        """By node, where its arcs lead to, and where those to it come from."""
        heads: list[list[int]] = [[] for _ in range(self.nodes)]
        tails: list[list[int]] = [[] for _ in range(self.nodes)]
        for tail, head in self.arcs:
            heads[tail].append(head)
            tails[head].append(tail)
        return heads, tails


def parts_between(graph: nx.DiGraph, start: Hashable, goals: set) -> list[Part] | None:
    """Return the parts through which the start reaches the goals.

    Parameters
    ----------
    graph : networkx.DiGraph
        Arcs have their pair as the attribute `pair`.
    start : node
    goals : set of node

    Returns
    -------
    list of Part, or None
        None where a goal can't be reached.
    """
    can = graph.edge_subgraph([arc for arc in graph.edges if graph.edges[arc]["pair"][0] > 0])
    if start not in can or not goals <= set(can):
        return None if goals else []
    reached = _spread(can.succ, {start})
    if not goals <= reached:
        return None
    can = nx.DiGraph(can.subgraph(reached & _spread(can.pred, goals)))
    wanted, parts = set(goals), []
    for entrance, members in reversed(list(_blocks_from(nx.Graph(can), start))):
        inside = (wanted & members) - {entrance}
        if inside:
            wanted.add(entrance)
            parts.append(_part(can.subgraph(members), entrance, inside))
    return parts


def _spread(neighbours, starts: set) -> set:
    met, waiting = set(starts), list(starts)
    while waiting:
        new = set(neighbours[waiting.pop()]) - met
        met |= new
        waiting += new
    return met


def _blocks_from(graph: nx.Graph, start) -> Iterator[tuple]:
    """The blocks without a cut node, each with the node by which it is entered, the nearest first."""
    homes: dict = {}
    for block in nx.biconnected_components(graph):
        for node in block:
            homes.setdefault(node, []).append(block)
    met, waiting = set(), [start]
    for node in waiting:
        for block in homes.get(node, ()):
            if id(block) not in met:
                met.add(id(block))
                yield node, block
                waiting.extend(block - {node})


def _part(graph: nx.DiGraph, start, goals: set) -> Part:
    """Number the nodes: what is reached early comes early, and circles stay together."""
    # What leads back to the start, or on from the only goal, can't matter.
    idle = {start} | (goals if len(goals) == 1 else set())
    arcs = {
        (tail, head): pair
        for tail, head, pair in graph.edges(data="pair")
        if head != start and not (len(goals) == 1 and tail in goals)
    }
    left = nx.DiGraph()
    left.add_nodes_from(graph)
    left.add_edges_from(arcs)
    near = {node: i for i, node in enumerate([start, *(head for _, head in nx.bfs_edges(left, start))])}
    circles = nx.condensation(left)
    order = [
        node
        for circle in nx.lexicographical_topological_sort(
            circles, key=lambda one: min(near.get(node, len(near)) for node in circles.nodes[one]["members"])
        )
        for node in sorted(circles.nodes[circle]["members"], key=lambda node: near.get(node, len(near)))
        if node in near
    ]
    place = {node: i for i, node in enumerate(order)}
    symmetric = all(
        tail in idle or head in idle or arcs.get((head, tail)) == pair for (tail, head), pair in arcs.items()
    )
    return Part(
        len(order),
        {(place[tail], place[head]): pair for (tail, head), pair in arcs.items() if tail in place},
        frozenset(place[goal] for goal in goals),
        symmetric,
    )

"""Networks whose edges go both ways: a walk over the nodes that keeps only what is needed of the past.

That is which nodes at the frontier are connected with each other, and which of these parts hold a terminal
(Rosenthal 1977; Hardy, Lucet and Limnios 2007, K-terminal network reliability measures with binary decision
diagrams). Success and failure are both added up, so neither loses its digits.
"""

from typing import NamedTuple

import networkx as nx
import numpy as np

from faultlab.analysis.networks.parts import Limits, Pair, Part

# Which parts hold a terminal is kept in the bits of one number.
MOST_AT_FRONTIER = 60
ONE = np.uint64(1)
# Looking for an order node by node takes the square of their number.
MOST_GREEDY = 200


def narrow_order(part: Part) -> tuple[list[int], float]:
    """The order of the nodes with the smallest frontier among some that are often good, and its width.

    Returns
    -------
    tuple of list of int and int
        The order, and how many nodes are at the frontier at most.
    """
    graph = nx.Graph(list(part.arcs))
    orders = [sorted(graph), list(nx.utils.reverse_cuthill_mckee_ordering(graph))]
    orders += [[start, *(node for _, node in nx.bfs_edges(graph, start))] for start in sorted(part.goals)]
    if len(graph) <= MOST_GREEDY:
        orders += [_greedy(graph, start) for start in (0, min(part.goals))]
    measured = [(_widths(graph, order), order) for order in orders]
    widths, order = min(measured, key=lambda one: sum(4.0 ** min(width, 500) for width in one[0]))
    return order, max(widths)


def _greedy(graph: nx.Graph, start: int) -> list[int]:
    """Take the node that leaves the narrowest frontier, and of such the one that lets another leave first."""
    left = {node: set(graph[node]) for node in graph}
    order, frontier, near = [start], {start}, set(graph[start])

    def after(node: int) -> tuple[int, int]:
        counts = [len(left[one]) - (one in graph[node]) for one in frontier] + [len(left[node])]
        staying = [count for count in counts if count]
        return len(staying), min(staying, default=0)

    for other in graph[start]:
        left[other].discard(start)
    while near:
        node = min(sorted(near), key=after)
        order.append(node)
        for other in graph[node]:
            left[other].discard(node)
        near = (near | left[node]) - {node}
        frontier = {one for one in frontier | {node} if left[one]}
    return order


def _last_use(graph: nx.Graph, order: list[int]) -> dict[int, int]:
    """By node, the step after which it can leave the frontier."""
    place = {node: i for i, node in enumerate(order)}
    return {node: max([place[node], *(place[other] for other in graph[node])]) for node in order}


def _widths(graph: nx.Graph, order: list[int]) -> list[int]:
    last = list(_last_use(graph, order).values())
    leaving = np.bincount(last, minlength=len(order))
    return (np.arange(1, len(order) + 1) - np.concatenate(([0], np.cumsum(leaving)[:-1]))).tolist()


def frontier_chances(part: Part, order: list[int], limits: Limits) -> Pair:
    """Return the probabilities that all terminals are connected, and that they are not.

    Parameters
    ----------
    part : Part
        A symmetric one.
    order : list of int
        Of its nodes, from `narrow_order`.
    limits : Limits

    Raises
    ------
    TooWide, BadInput
        From `limits`.
    """
    graph, terminals = nx.Graph(list(part.arcs)), {0} | part.goals
    place, last = {node: i for i, node in enumerate(order)}, _last_use(graph, order)
    states = _States(np.zeros((0, 1), np.uint8), np.zeros(1, np.uint64), np.ones(1))
    frontier: list[int] = []
    connected, parted, to_come = 0.0, 0.0, len(terminals)
    for i, node in enumerate(order):
        to_come -= node in terminals
        frontier.append(node)
        states = _enter(states, node in terminals)
        for other in sorted(graph[node], key=lambda one: place[one]):
            if place[other] < i:
                pair = part.arcs.get((node, other)) or part.arcs[other, node]
                limits.look(len(states.chance), _bytes_each(len(frontier)))
                states = _join(states, frontier.index(other), pair)
        for left in [one for one in frontier if last[one] <= i]:
            column = frontier.index(left)
            frontier.pop(column)
            if to_come == 0:
                done = (states.marks & (states.marks - ONE)) == 0
                connected += float(states.chance[done].sum())
                states = states.at(~done)
            limits.look(len(states.chance), _bytes_each(len(frontier)))
            states, lost = _leave(states, column)
            parted += lost
    return connected, parted


class _States(NamedTuple):
    """What is kept of the past, a column a state.

    Attributes
    ----------
    first : array of int, shape (nodes at the frontier, states)
        The place of the first node that a node is connected with.
    marks : array of int
        The bits of the first nodes of parts that hold a terminal.
    chance : array of float
    """

    first: np.ndarray
    marks: np.ndarray
    chance: np.ndarray

    def at(self, rows: np.ndarray) -> "_States":
        return _States(self.first[:, rows], self.marks[rows], self.chance[rows])


def _bytes_each(width: int) -> int:
    """Of a state, with what is made of it while an edge is looked at."""
    return 6 * width + 100


def _enter(states: _States, is_terminal: bool) -> _States:
    """A node comes to the frontier, in a part of its own."""
    first, marks, chance = states
    new = len(first)
    alone = np.concatenate((first, np.full((1, len(chance)), new, np.uint8)))
    return _States(alone, marks | np.uint64(int(is_terminal) << new), chance)


def _join(states: _States, column: int, pair: Pair) -> _States:
    """An edge between the newest node and another: it works and joins two parts, or does not."""
    one, other = states.first[-1], states.first[column]
    differs = one != other
    apart = states.at(differs)
    low = np.minimum(apart.first[-1], apart.first[column])
    high = np.maximum(apart.first[-1], apart.first[column])
    bit = apart.marks >> high.astype(np.uint64) & ONE
    joined = _States(
        np.where(apart.first == high, low, apart.first),
        apart.marks & ~(bit << high.astype(np.uint64)) | bit << low.astype(np.uint64),
        apart.chance * pair[0],
    )
    groups = [states.at(~differs), joined]
    if pair[1] > 0.0:
        groups.append(apart._replace(chance=apart.chance * pair[1]))
    return _merged(_together(*groups))


def _leave(states: _States, column: int) -> tuple[_States, float]:
    """A node leaves the frontier; a part with a terminal that nothing at the frontier holds is lost."""
    marks = states.marks
    rest = np.delete(states.first, column, axis=0)
    # Where it is the first of its part, the next one takes its place.
    same = rest == column
    leads = states.first[column] == column
    alone = leads & ~same.any(axis=0)
    place = np.uint64(column)
    marked = (marks >> place & ONE).astype(bool)
    following = np.where(leads & ~alone, np.argmax(same, axis=0) + 1 if len(same) else 0, 0).astype(np.uint8)
    rest = np.where(same, following, rest)
    marks = np.where(marked & leads & ~alone, marks | ONE << following.astype(np.uint64), marks)
    # Later nodes move up by one place.
    rest = np.where(rest > column, rest - 1, rest)
    marks = marks & np.uint64((1 << column) - 1) | marks >> place + ONE << place
    lost = alone & marked
    parted = float(states.chance[lost].sum())
    return _merged(_States(rest, marks, states.chance).at(~lost)), parted


def _together(*groups: _States) -> _States:
    return _States(
        np.concatenate([one.first for one in groups], axis=1),
        np.concatenate([one.marks for one in groups]),
        np.concatenate([one.chance for one in groups]),
    )


def _merged(states: _States) -> _States:
    """Add up states that are alike."""
    if not len(states.chance):
        return states
    width = len(states.first)
    bits = width.bit_length()
    # The marks take the low bits of the first key, the nodes the high ones of it and of more keys.
    keys, place, lowest = [states.marks], 64, width
    for row in states.first:
        if place - bits < lowest:
            keys.append(np.zeros_like(states.marks))
            place, lowest = 64, 0
        place -= bits
        keys[-1] = keys[-1] | (row & np.uint8((1 << bits) - 1)).astype(np.uint64) << np.uint64(place)
    order = np.argsort(keys[0], kind="stable") if len(keys) == 1 else np.lexsort(keys)
    fresh = np.ones(len(order), bool)
    fresh[1:] = False
    for key in keys:
        key = key[order]
        fresh[1:] |= key[1:] != key[:-1]
    starts = np.flatnonzero(fresh)
    kept = states.at(order[starts])
    return kept._replace(chance=np.add.reduceat(states.chance[order], starts))

"""Networks whose edges go both ways: a walk over the nodes that keeps only what is needed of the past.

That is which nodes at the frontier are connected with each other, and which of these parts hold a terminal
(Rosenthal 1977; Hardy, Lucet and Limnios 2007, K-terminal network reliability measures with binary decision
diagrams). Success and failure are both added up, so neither loses its digits.
"""

import networkx as nx
import numpy as np

from faultlab.analysis.network_parts import Limits, Pair, Part

# Which parts hold a terminal is kept in the bits of one number.
MOST_AT_FRONTIER = 60
DOWN = 255


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
    measured = [(_widths(graph, order), order) for order in orders]
    widths, order = min(measured, key=lambda one: sum(4.0 ** min(width, 500) for width in one[0]))
    return order, max(widths)


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
    # A state is a row: for each node at the frontier the number of its part, or DOWN; the marks say which
    # parts hold a terminal.
    rows, marks, chance = np.zeros((1, 0), np.uint8), np.zeros(1, np.int64), np.ones(1)
    frontier: list[int] = []
    connected, parted, to_come = 0.0, 0.0, len(terminals)
    for i, node in enumerate(order):
        to_come -= node in terminals
        frontier.append(node)
        rows, marks, chance = _enter(rows, marks, chance, part.working[node], node in terminals)
        for other in sorted(graph[node], key=place.get):
            if place[other] < i:
                pair = part.arcs.get((node, other)) or part.arcs[other, node]
                limits.look(len(chance), _bytes_each(len(frontier)))
                rows, marks, chance = _join(rows, marks, chance, frontier.index(other), *pair)
        for left in [one for one in frontier if last[one] <= i]:
            column = frontier.index(left)
            frontier.pop(column)
            if to_come == 0:
                done = (marks & (marks - 1)) == 0
                connected += float(chance[done].sum())
                rows, marks, chance = rows[~done], marks[~done], chance[~done]
            limits.look(len(chance), _bytes_each(len(frontier)))
            rows, marks, chance, lost = _leave(rows, marks, chance, column)
            parted += lost
    return connected, parted


def _bytes_each(width: int) -> int:
    """Of a state, with what is made of it while an edge is looked at."""
    return 6 * width + 80


def _enter(rows, marks, chance, pair, is_terminal):
    """A node comes to the frontier: in a part of its own, or down."""
    new = np.where(rows == DOWN, 0, rows + 1).max(axis=1, initial=0).astype(np.uint8)
    up_marks = marks | (np.int64(is_terminal) << new.astype(np.int64))
    up = np.column_stack((rows, new))
    works, fails = pair
    if fails == 0.0:
        return up, up_marks, chance
    down = np.column_stack((rows, np.full(len(rows), DOWN, np.uint8)))
    return (
        np.concatenate((up, down)),
        np.concatenate((up_marks, marks)),
        np.concatenate((chance * works, chance * fails)),
    )


def _join(rows, marks, chance, column, works, fails):
    """An edge between the newest vertex and another: it works and joins two parts, or does not."""
    one, other = rows[:, -1], rows[:, column]
    differs = (one != other) & (one != DOWN) & (other != DOWN)
    joined = np.where((rows == one[:, None]) & differs[:, None], other[:, None], rows)
    a, b = one.astype(np.int64), np.where(other == DOWN, 0, other).astype(np.int64)
    a = np.where(one == DOWN, 0, a)
    bit = (marks >> a) & 1
    joined_marks = np.where(differs, (marks & ~(np.int64(1) << a)) | (bit << b), marks)
    # Where the edge changes nothing, the state keeps its whole probability.
    keep = differs & (fails > 0.0)
    gain = np.where(differs, chance * works, chance)
    return _merged(
        np.concatenate((joined, rows[keep])),
        np.concatenate((joined_marks, marks[keep])),
        np.concatenate((gain, chance[keep] * fails)),
    )


def _leave(rows, marks, chance, column):
    """A vertex leaves the frontier; a part with a terminal that nothing at the frontier holds is lost."""
    own = rows[:, column]
    rest = np.delete(rows, column, axis=1)
    alone = (own != DOWN) & ~(rest == own[:, None]).any(axis=1)
    number = np.where(own == DOWN, 0, own).astype(np.int64)
    lost = alone & (((marks >> number) & 1) == 1)
    parted = float(chance[lost].sum())
    kept = ~lost
    return (*_merged(rest[kept], marks[kept], chance[kept]), parted)


def _merged(rows, marks, chance):
    """Number the parts by their first vertex, and add up states that are alike."""
    if not len(rows):
        return rows, marks, chance
    renamed = np.full(rows.shape, DOWN, np.uint8)
    new_marks = np.zeros(len(rows), np.int64)
    following = np.zeros(len(rows), np.uint8)
    for column in range(rows.shape[1]):
        fresh = (renamed[:, column] == DOWN) & (rows[:, column] != DOWN)
        label = np.where(fresh, rows[:, column], DOWN)
        same = (rows == label[:, None]) & fresh[:, None]
        renamed = np.where(same, following[:, None], renamed)
        old = np.where(fresh, rows[:, column], 0).astype(np.int64)
        new_marks |= np.where(fresh, ((marks >> old) & 1) << following.astype(np.int64), 0)
        following += fresh
    key = np.ascontiguousarray(np.column_stack((renamed, new_marks.view(np.uint8).reshape(len(rows), 8))))
    packed = key.view(np.dtype((np.void, key.shape[1]))).ravel()
    _, first, where = np.unique(packed, return_index=True, return_inverse=True)
    return renamed[first], new_marks[first], np.bincount(where.ravel(), chance, minlength=len(first))

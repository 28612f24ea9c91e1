"""The probability that a network still connects its terminals, exactly.

A walk over the vertices keeps only what is needed of the past: which vertices at the frontier are
connected with each other, and which of these parts hold a terminal (Rosenthal 1977; Hardy, Lucet and
Limnios 2007, K-terminal network reliability measures with binary decision diagrams). Success and failure
are both added up, so neither loses its digits.
"""

import networkx as nx
import numpy as np

from faultlab.errors import BadInput

MOST_STATES = 3_000_000
# Which parts hold a terminal is kept in the bits of one number.
MOST_AT_FRONTIER = 60
DOWN = 255


def terminal_reliability(graph, terminals, edge_availability, node_availability=1.0):
    """Return the probability that terminals are connected.

    Parameters
    ----------
    graph : networkx.Graph or networkx.DiGraph
        Multigraphs too. Nodes and edges fail independently.
    terminals : sequence
        Two nodes or more. Undirected: all are connected. Directed: the first reaches all the others.
    edge_availability, node_availability : float or str
        One probability for all, or the name of the attribute that holds each one's.

    Returns
    -------
    float

    Raises
    ------
    BadInput
        For a terminal that is not in the graph, a probability outside 0 to 1 or a missing attribute, and
        for networks whose states at the frontier are too many.

    Examples
    --------
    >>> import networkx as nx
    >>> bridge = nx.Graph(["sa", "sb", "ab", "at", "bt"])
    >>> round(terminal_reliability(bridge, "st", 0.9), 10)
    0.97848
    """
    return connection_chances(graph, terminals, edge_availability, node_availability)[0]


def connection_chances(graph, terminals, edge_availability, node_availability=1.0):
    """Return the pair (connected, not connected), both to full precision; see `terminal_reliability`."""
    terminals = list(dict.fromkeys(terminals))
    for terminal in terminals:
        if terminal not in graph:
            raise BadInput(f"the network has no node {terminal!r}; terminals are nodes of it.")
    if not terminals:
        raise BadInput("name at least one terminal; two or more make a question.")
    nodes = {node: _chance(graph.nodes[node], node_availability, f"node {node!r}") for node in graph}
    edges = {}
    for one, other, data in graph.edges(data=True):
        chance = _chance(data, edge_availability, f"edge {one!r} - {other!r}")
        if one != other:
            key = (one, other) if graph.is_directed() else frozenset((one, other))
            # Parallel edges act as one that fails when all do.
            fails = edges.get(key, (0.0, 1.0))[1] * (1 - chance)
            edges[key] = (1 - fails, fails)
    if graph.is_directed():
        return _directed(graph, terminals, edges, nodes)
    return _undirected(graph, terminals, edges, nodes)


def _chance(data, given, what):
    value = data.get(given) if isinstance(given, str) else given
    if value is None:
        raise BadInput(f"{what} has no attribute {given!r}; give it its probability of working.")
    if not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise BadInput(f"the availability of {what} is a number from 0 to 1, not {value!r}.")
    return float(value)


def _order(graph, terminals):
    """The order of the nodes with the smallest frontier among some that are often good."""
    graph = nx.Graph(graph)
    candidates = [list(graph), list(nx.utils.reverse_cuthill_mckee_ordering(graph))]
    candidates += [_breadth_first(graph, start) for start in terminals]

    def cost(order):
        place = {node: i for i, node in enumerate(order)}
        last = {node: max([place[node], *(place[other] for other in graph[node])]) for node in order}
        total, frontier = 0.0, 0
        leaving = {}
        for node in order:
            leaving[last[node]] = leaving.get(last[node], 0) + 1
        for i in range(len(order)):
            frontier += 1
            total += 4.0 ** min(frontier, 500)
            frontier -= leaving.get(i, 0)
        return total

    return min(candidates, key=cost)


def _breadth_first(graph, start):
    order = [start, *(node for _, node in nx.bfs_edges(graph, start))]
    return order + [node for node in graph if node not in set(order)]


def _undirected(graph, terminals, edges, nodes):
    component = nx.node_connected_component(nx.Graph(graph), terminals[0])
    if not set(terminals) <= component:
        return 0.0, 1.0
    graph = nx.Graph(graph).subgraph(component)
    order, goal = _order(graph, terminals), set(terminals)
    place = {node: i for i, node in enumerate(order)}
    last = {node: max([place[node], *(place[other] for other in graph[node])]) for node in order}
    # A state is a row: for each vertex at the frontier the number of its part, or DOWN; the marks say
    # which parts hold a terminal.
    rows, marks, chance = np.zeros((1, 0), np.uint8), np.zeros(1, np.int64), np.ones(1)
    frontier, connected, parted, to_come = [], 0.0, 0.0, len(goal)
    for i, node in enumerate(order):
        to_come -= node in goal
        rows, marks, chance, lost = _enter(rows, marks, chance, nodes[node], node in goal)
        parted += lost
        frontier.append(node)
        for other in graph[node]:
            if other != node and place[other] < i:
                edge = edges[frozenset((node, other))]
                rows, marks, chance = _join(rows, marks, chance, frontier.index(other), *edge)
        for left in [one for one in frontier if last[one] <= i]:
            column = frontier.index(left)
            frontier.pop(column)
            if to_come == 0:
                done = (marks & (marks - 1)) == 0
                connected += float(chance[done].sum())
                rows, marks, chance = rows[~done], marks[~done], chance[~done]
            rows, marks, chance, lost = _leave(rows, marks, chance, column)
            parted += lost
        if len(chance) > MOST_STATES or len(frontier) > MOST_AT_FRONTIER:
            raise BadInput("the network is too wide for an exact answer; split it, or ask about a part.")
    return connected, parted


def _enter(rows, marks, chance, works, is_terminal):
    """A vertex comes to the frontier: in a part of its own, or down."""
    lost = 0.0
    new = np.where(rows == DOWN, 0, rows + 1).max(axis=1, initial=0).astype(np.uint8)
    up_marks = marks | (np.int64(is_terminal) << new.astype(np.int64))
    up = np.column_stack((rows, new))
    if works == 1.0:
        return up, up_marks, chance, lost
    if is_terminal:
        return up, up_marks, chance * works, float(chance.sum()) * (1 - works)
    down = np.column_stack((rows, np.full(len(rows), DOWN, np.uint8)))
    return (
        np.concatenate((up, down)),
        np.concatenate((up_marks, marks)),
        np.concatenate((chance * works, chance * (1 - works))),
        lost,
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


def _directed(graph, terminals, edges, nodes):
    """The same walk with reachability: for each vertex at the frontier, which others it reaches."""
    start, goals = terminals[0], set(terminals[1:])
    order = _order(graph, terminals)
    place = {node: i for i, node in enumerate(order)}
    near = {node: set(graph.successors(node)) | set(graph.predecessors(node)) - {node} for node in order}
    forever = len(order)
    last = {
        node: forever
        if node in goals or node == start
        else max([place[node], *(place[o] for o in near[node])])
        for node in order
    }
    states, frontier = {(): 1.0}, []
    connected = parted = 0.0
    for i, node in enumerate(order):
        frontier.append(node)
        entered = {}
        for state, chance in states.items():
            fresh = (*state, 1 << len(state))
            entered[fresh] = entered.get(fresh, 0.0) + chance * nodes[node]
            if nodes[node] < 1.0:
                gone = (*state, 0)
                entered[gone] = entered.get(gone, 0.0) + chance * (1 - nodes[node])
        states = entered
        here = len(frontier) - 1
        for column, other in enumerate(frontier[:-1]):
            for tail, head, key in ((here, column, (node, other)), (column, here, (other, node))):
                if key in edges:
                    states = _directed_edge(states, tail, head, *edges[key])
        for left in [one for one in frontier if last[one] <= i]:
            column = frontier.index(left)
            frontier.pop(column)
            states = _forget(states, column)
        if start in frontier and goals <= set(frontier):
            source, wanted = frontier.index(start), sum(1 << frontier.index(goal) for goal in goals)
            rest = {}
            for state, chance in states.items():
                if state[source] and state[source] & wanted == wanted:
                    connected += chance
                elif not state[source]:
                    parted += chance
                else:
                    rest[state] = chance
            states = rest
        if len(states) > MOST_STATES // 10:
            raise BadInput("the network is too wide for an exact answer; split it, or ask about a part.")
    return connected, parted + sum(states.values())


def _directed_edge(states, tail, head, works, fails):
    found = {}
    for state, chance in states.items():
        if state[tail] and state[head] and not state[tail] >> head & 1:
            reached = state[head]
            joined = tuple(row | reached if row >> tail & 1 else row for row in state)
            found[joined] = found.get(joined, 0.0) + chance * works
            if fails > 0.0:
                found[state] = found.get(state, 0.0) + chance * fails
        else:
            found[state] = found.get(state, 0.0) + chance
    return found


def _forget(states, column):
    """Drop a vertex: its bit goes out of every row."""
    low, found = (1 << column) - 1, {}
    for state, chance in states.items():
        rows = tuple(
            (row & low) | (row >> column + 1 << column) for i, row in enumerate(state) if i != column
        )
        found[rows] = found.get(rows, 0.0) + chance
    return found

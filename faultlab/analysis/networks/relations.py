"""Narrow networks whose arcs go one way: a walk that keeps which nodes at the frontier reach which others."""

from faultlab.analysis.networks.parts import Limits, Pair, Part

# Of a state and a node at the frontier: a row of bits in a tuple, in a dictionary that is made anew.
BYTES_A_ROW, BYTES_A_STATE = 100, 400


def relation_chances(part: Part, order: list[int], limits: Limits) -> Pair:
    """Return the probabilities that node 0 reaches all goals, and that it does not.

    Parameters
    ----------
    part : Part
    order : list of int
        Of its nodes.
    limits : Limits

    Raises
    ------
    TooWide, BadInput
        From `limits`.
    """
    heads, tails = part.ends()
    place = {node: i for i, node in enumerate(order)}
    last = {node: max([place[node], *(place[one] for one in (*heads[node], *tails[node]))]) for node in order}
    # The start and the goals stay to the end.
    last |= dict.fromkeys((0, *part.goals), len(order))
    states: dict[tuple[int, ...], float] = {(): 1.0}
    frontier: list[int] = []
    connected = parted = 0.0
    for i, node in enumerate(order):
        frontier.append(node)
        states = {(*state, 1 << len(state)): chance for state, chance in states.items()}
        here = len(frontier) - 1
        for column, other in enumerate(frontier[:-1]):
            for tail, head, key in ((here, column, (node, other)), (column, here, (other, node))):
                if key in part.arcs:
                    limits.look(len(states), BYTES_A_STATE + BYTES_A_ROW * len(frontier))
                    states = _arc(states, tail, head, *part.arcs[key])
        for left in [one for one in frontier if last[one] <= i]:
            column = frontier.index(left)
            frontier.pop(column)
            states = _without(states, column)
        if 0 in frontier and part.goals <= set(frontier):
            source, wanted = frontier.index(0), sum(1 << frontier.index(goal) for goal in part.goals)
            rest = {}
            for state, chance in states.items():
                if state[source] & wanted == wanted:
                    connected += chance
                else:
                    rest[state] = chance
            states = rest
    return connected, parted + sum(states.values())


def _arc(states, tail, head, works, fails):
    """An arc works, and whatever reaches its tail reaches all that its head does, or not."""
    found: dict[tuple[int, ...], float] = {}
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


def _without(states, column):
    """A node leaves the frontier: its bit goes out of every row."""
    low = (1 << column) - 1
    found: dict[tuple[int, ...], float] = {}
    for state, chance in states.items():
        rows = tuple(
            (row & low) | (row >> column + 1 << column) for i, row in enumerate(state) if i != column
        )
        found[rows] = found.get(rows, 0.0) + chance
    return found

"""Orders in which a diagram asks about its variables. A good one makes it small; no single one always is.

The walks are those of the fault tree literature (depth first from the top); FORCE is by Aloul, Markov and
Sakallah (2003): put each variable at the mean place of the gates that it is in, and repeat.
"""

import numpy as np


def depth_first(form, top, leaves, weigh=None):
    """The leaves under a gate in the order in which a walk from the top meets them.

    Parameters
    ----------
    form : NormalForm
    top : int
    leaves : set of int
        Gates that count as variables.
    weigh : dict, optional
        Children of smaller weight are visited first; without it, in the order written.
    """
    met, order, waiting = set(), [], [top]
    while waiting:
        number = waiting.pop()
        if number in met:
            continue
        met.add(number)
        if form.gates[number] is None or (number in leaves and number != top):
            order.append(number)
            continue
        below = [abs(one) for one in form.inputs(number)]
        if weigh:
            below.sort(key=weigh.__getitem__)
        waiting.extend(reversed(below))
    return order


def sizes(form, gates, leaves):
    """From each gate and its inputs to the number of paths to leaves below it."""
    size = {}
    for number in gates:
        for one in form.inputs(number):
            below = abs(one)
            if below not in size or form.gates[below] is None or below in leaves:
                size.setdefault(below, 1)
        size[number] = sum(size[abs(one)] for one in form.inputs(number))
    return size


def force(form, gates, start, rounds=40):
    """Improve an order: related variables move next to each other.

    Parameters
    ----------
    form : NormalForm
    gates : list of int
        The gates of the part, inputs before users.
    start : list of int
        An order of its leaves.
    """
    place = {number: i for i, number in enumerate(start)}
    # Gates take part as points of their own, each starting at the mean of its inputs.
    position = list(range(len(start)))
    for number in gates:
        inside = [position[place[abs(one)]] for one in form.inputs(number)]
        place[number] = len(position)
        position.append(sum(inside) / len(inside))
    edges = [[place[number], *(place[abs(one)] for one in form.inputs(number))] for number in gates]
    members = np.concatenate([np.asarray(edge) for edge in edges])
    owner = np.repeat(np.arange(len(edges)), [len(edge) for edge in edges])
    width = np.bincount(owner, minlength=len(edges))
    degree = np.maximum(np.bincount(members, minlength=len(position)), 1)
    where, best, best_span = np.asarray(position, float), list(start), np.inf
    for _ in range(rounds):
        centre = np.bincount(owner, where[members], minlength=len(edges)) / width
        where = np.bincount(members, centre[owner], minlength=len(position)) / degree
        where = np.argsort(np.argsort(where, kind="stable"), kind="stable").astype(float)
        ends = np.full((2, len(edges)), np.inf)
        np.minimum.at(ends[0], owner, where[members])
        np.minimum.at(ends[1], owner, -where[members])
        span = float(-(ends[0] + ends[1]).sum())
        if span < best_span:
            best_span = span
            best = [start[i] for i in np.argsort(where[: len(start)], kind="stable")]
    return best

"""Orders in which a diagram asks about its variables. A good one makes it small; no single one always is.

The walks are those of the fault tree literature (depth first from the top); FORCE is by Aloul, Markov and
Sakallah (2003): put each variable at the mean place of the gates that it is in, and repeat.
"""

import random

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


def shared_first(form, gates, start, most=0.25):
    """Change an order so that what the inputs of a gate share is asked about before the rest of them.

    Two functions that share variables multiply where the shared ones come last, and add up where they come
    first. Only small shares move: what is nearly all of a gate's variables has no place before them.

    Parameters
    ----------
    form, gates, start
        As for `force`.
    most : float
        The largest share of a gate's variables that is moved.
    """
    place = {number: i for i, number in enumerate(start)}
    # By number, the places of the variables below as the bits of one number, so that the first comes first.
    below = {number: 1 << i for number, i in place.items()}
    for number in gates:
        below[number] = 0
        for one in form.inputs(number):
            below[number] |= below[abs(one)]
    order, done, met, waiting = [], 0, set(), [gates[-1]]
    while waiting:
        number = waiting.pop()
        if number in met:
            continue
        met.add(number)
        if number in place:
            if not done & below[number]:
                order.append(number)
                done |= below[number]
            continue
        inputs = [abs(one) for one in form.inputs(number)]
        once = twice = 0
        for one in inputs:
            twice |= once & below[one]
            once |= below[one]
        twice &= ~done
        if 0 < twice.bit_count() <= most * (once & ~done).bit_count():
            order += [start[i] for i in _bits(twice)]
            done |= twice
        waiting += sorted(inputs, key=lambda one: below[one] & -below[one], reverse=True)
    return order


def _bits(number):
    """The places of the ones, lowest first."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


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


def first_orders(form, top, gates, leaves):
    """Yield (kind, order of a module's leaves): a few that are often good, found in no time."""
    written = depth_first(form, top, leaves)
    yield "plain", written
    if len(gates) > 1:
        weigh = sizes(form, gates, leaves)
        yield "plain", depth_first(form, top, leaves, weigh)
        yield "plain", force(form, gates, written)
        yield "plain", depth_first(form, top, leaves, {number: -weight for number, weight in weigh.items()})


def more_orders(form, top, gates, leaves, walks):
    """Yield (kind, order): variants of the first ones, and walks that visit inputs in random order."""
    weigh = sizes(form, gates, leaves)
    heavy = {number: -weight for number, weight in weigh.items()}
    starts = [depth_first(form, top, leaves, weight) for weight in (None, weigh, heavy)]
    forced = [force(form, gates, start) for start in starts]
    yield from (("plain", one) for one in forced[1:])
    yield from (("shared", shared_first(form, gates, one)) for one in (starts[0], starts[2]))
    yield from (("shared", shared_first(form, gates, one)) for one in forced)
    for i, walk in enumerate(random_walks(form, top, leaves, weigh, walks)):
        yield "plain", walk if i % 2 else force(form, gates, walk)


def random_walks(form, top, leaves, numbers, count, seed=2):
    """Yield walks that visit the inputs of each gate in random order."""
    rng = random.Random(seed)
    for _ in range(count):
        yield depth_first(form, top, leaves, {number: rng.random() for number in numbers})

"""Orders in which a diagram asks about its variables. A good one makes it small; no single one always is.

The walks are those of the fault tree literature (depth first from the top); FORCE is by Aloul, Markov and
Sakallah (2003): put each variable at the mean place of the gates that it is in, and repeat. It runs from
several walks at once, and gates' reach in the end says which order is best.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from faultlab.analysis.engine.normal_form import NormalForm

# Measured: more lead to no better order of those that are built.
RANDOM_WALKS = 5


def depth_first(form: NormalForm, top: int, leaves: set[int], weigh: dict | None = None) -> list[int]:
    """All that lies under a gate, in the order in which a walk from the top leaves it: inputs before gates.

    Parameters
    ----------
    form : NormalForm
    top : int
    leaves : set of int
        Gates that count as variables.
    weigh : dict, optional
        Children of smaller weight are visited first; without it, in the order written.
    """
    met, order, waiting, gates = set(), [], [top], form.gates
    while waiting:
        number = waiting.pop()
        if number < 0:
            order.append(-number)
        elif number not in met:
            met.add(number)
            gate = gates[number]
            if gate is None or (number in leaves and number != top):
                order.append(number)
                continue
            below = list(map(abs, gate[-1]))
            if weigh:
                below.sort(key=weigh.__getitem__)
            waiting.append(-number)
            waiting.extend(reversed(below))
    return order


def sizes(form: NormalForm, gates: list[int], leaves: set[int]) -> dict[int, int]:
    """From each gate and its inputs to the number of paths to leaves below it."""
    size: dict[int, int] = {}
    for number in gates:
        for one in form.inputs(number):
            below = abs(one)
            if below not in size or form.gates[below] is None or below in leaves:
                size.setdefault(below, 1)
        size[number] = sum(size[abs(one)] for one in form.inputs(number))
    return size


def shared_first(form: NormalForm, gates: list[int], start: list[int], most: float = 0.25) -> list[int]:
    """Change an order so that what the inputs of a gate share is asked about before the rest of them.

    Two functions that share variables multiply where the shared ones come last, and add up where they come
    first. Only small shares move: what is nearly all of a gate's variables has no place before them.

    Parameters
    ----------
    form, gates, start
        As for `forced`; `start` is an order of the leaves.
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


def forced(
    form: NormalForm, gates: list[int], walks: list[list[int]], rounds: int = 20, smoothed: int = 4
) -> list[list[int]]:
    """Improve orders: related variables move next to each other.

    Parameters
    ----------
    form : NormalForm
    gates : list of int
        The gates of the part, inputs before users.
    walks : list of list of int
        Orders of its gates and leaves.
    rounds, smoothed : int
        How often all move to the mean of their gates, and after how many moves they are put in order.

    Returns
    -------
    list of list of int
        An order of the leaves for each walk, the one in which gates reach least far first: on the Aralia
        models that one leads to a diagram near the smallest of all.
    """
    numbers = sorted(walks[0])
    place = {number: i for i, number in enumerate(numbers)}
    # Gates take part as points of their own.
    edges = [[place[number], *(place[abs(one)] for one in form.inputs(number))] for number in gates]
    members = np.concatenate([np.asarray(edge) for edge in edges])
    width = np.array([len(edge) for edge in edges])
    first = np.cumsum(width) - width
    degree = np.bincount(members, minlength=len(numbers))
    first_owner = np.cumsum(degree) - degree
    owner = np.repeat(np.arange(len(edges)), width)[np.argsort(members, kind="stable")]
    where = np.array([np.argsort([place[number] for number in walk]) for walk in walks], float)
    ranks = np.broadcast_to(np.arange(len(numbers), dtype=float), where.shape)
    best, least = where, np.full(len(walks), np.inf)
    for done in range(rounds + 1):
        reach = where[:, members]
        if done % smoothed == 0:
            ends = (ufunc.reduceat(reach, first, axis=1).sum(axis=1) for ufunc in (np.maximum, np.minimum))
            span = np.subtract(*ends)
            better = span < least
            best = np.where(better[:, None], where, best)
            least = np.minimum(span, least)
        centre = np.add.reduceat(reach, first, axis=1) / width
        where = np.add.reduceat(centre[:, owner], first_owner, axis=1) / degree
        if done % smoothed == smoothed - 1:
            order, where = np.argsort(where, axis=1, kind="stable"), np.empty_like(where)
            np.put_along_axis(where, order, ranks, axis=1)
    of_gate = np.isin(numbers, gates)
    return [
        [numbers[i] for i in np.argsort(best[walk]) if not of_gate[i]]
        for walk in np.argsort(least, kind="stable")
    ]


def orders(form: NormalForm, top: int, gates: list[int], leaves: set[int]) -> Iterator[tuple[str, list[int]]]:
    """Yield (kind, order of a module's leaves), those that are found in no time first."""
    inside = set(gates)

    def leaves_of(walk):
        return [number for number in walk if number not in inside]

    written = depth_first(form, top, leaves)
    yield "walk", leaves_of(written)
    if len(gates) == 1:
        return
    weigh = sizes(form, gates, leaves)
    light = depth_first(form, top, leaves, weigh)
    yield "walk", leaves_of(light)
    heavy = depth_first(form, top, leaves, {number: -weight for number, weight in weigh.items()})
    yield "walk", leaves_of(heavy)
    walks = [written, light, heavy, *random_walks(form, top, leaves, weigh, RANDOM_WALKS)]
    best, second = forced(form, gates, walks)[:2]
    yield "force", best
    yield "force", second
    for order in (leaves_of(light), leaves_of(heavy)):
        yield "shared", shared_first(form, gates, order)


def random_walks(
    form: NormalForm, top: int, leaves: set[int], numbers: Iterable[int], count: int
) -> Iterator[list[int]]:
    """Yield walks that visit the inputs of each gate in random order."""
    rng = random.Random(2)
    for _ in range(count):
        yield depth_first(form, top, leaves, {number: rng.random() for number in numbers})

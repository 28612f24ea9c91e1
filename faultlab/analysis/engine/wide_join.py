"""Join two large functions of a `Diagram` by numpy arrays, a level at a time, instead of pair by pair.

Way down: all pairs of edges that are asked for at a level, each once, lead to pairs at later levels. Way up:
the nodes of a level are made together. Ochi, Yasuoka and Yajima (1993), Breadth-first manipulation of very
large binary-decision diagrams. For small functions the calls cost more than the arrays save.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from faultlab.analysis.engine.diagram import Diagram

HALF = np.int64(32)
MASK = np.int64(0xFFFFFFFF)


def wide_join(diagram: Diagram, a: int, b: int) -> int:
    """The edge that is true where two edges of a diagram both are; neither constant, alike or opposite."""
    level, high, low = diagram.arrays()
    pending: dict[int, list] = {}
    passes, count = [], 0
    start = np.zeros(1, np.int64)
    _ask(pending, level, np.array([min(a, b)]), np.array([max(a, b)]), start, np.zeros(1, np.int64))
    while pending:
        here = min(pending)
        asked = pending.pop(here)
        pairs, number = np.unique(np.concatenate([keys for keys, _, _ in asked]), return_inverse=True)
        number += count
        done = 0
        for keys, branches, places in asked:
            branches[places] = number[done : done + len(keys)]
            done += len(keys)
        one, other = pairs >> HALF, pairs & MASK
        branches = []
        for leads in (high, low):
            below = [
                np.where(level[edge >> 1] == here, leads[edge >> 1] ^ (edge & 1), edge)
                for edge in (one, other)
            ]
            branches.append(_branch(pending, level, np.minimum(*below), np.maximum(*below)))
        passes.append((here, count, *branches))
        count += len(pairs)
        diagram.worked(len(pairs))
    edges = np.zeros(count, np.int64)
    for here, first, *branches in reversed(passes):
        yes, no = (np.where(one < 0, ~one, edges[np.maximum(one, 0)]) for one in branches)
        turned = yes & 1
        differ = np.flatnonzero(yes != no)
        keys, number = np.unique(
            ((yes ^ turned) << HALF | no ^ turned)[differ],
            return_inverse=True,
        )
        nodes = diagram.all_added(here, keys)
        yes[differ] = 2 * nodes[number] + turned[differ]
        edges[first : first + len(yes)] = yes
        diagram.worked(0)
    return int(edges[0])


def _branch(pending, level, one, other):
    """Where pairs lead, smaller edge first: below zero the complement of an edge, else a pair's number."""
    never = (one == 1) | (other == 1) | (one ^ other == 1)
    known = never | (one == 0) | (one == other)
    found = ~np.where(never, np.int64(1), other)
    places = np.flatnonzero(~known)
    _ask(pending, level, one[places], other[places], found, places)
    return found


def _ask(pending, level, one, other, branches, places):
    """Put pairs down at the level where they are joined, with the place that waits for their number."""
    where = np.minimum(level[one >> 1], level[other >> 1])
    order = np.argsort(where, kind="stable")
    keys, places, where = (one << HALF | other)[order], places[order], where[order]
    ends = np.flatnonzero(np.diff(where, append=-1)) + 1
    first = 0
    for end in ends.tolist():
        pending.setdefault(int(where[first]), []).append((keys[first:end], branches, places[first:end]))
        first = end

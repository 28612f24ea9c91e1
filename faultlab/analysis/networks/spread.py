"""What a start reaches, node by node: of the nodes reached, the first one's arcs are looked at next.

A state is which nodes were looked at and which were reached; no more of the past matters. That makes at most
three to the power of the nodes, whether arcs go one way or both, and each step only adds up products. A node
that can no longer be reached, or that leads nowhere new, counts as looked at, so that more states are alike.
Buzacott (1980), A recursive algorithm for finding reliability measures related to the connection of nodes in
a graph, works on sets of nodes too, by taking away from one.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from faultlab.analysis.networks.parts import Limits, Pair, Part

# Fewer states are not worth being sorted after every arc.
FEW = 500


class _States(NamedTuple):
    """Bits of the nodes that were looked at and reached, 64 in a word (words x states); their chances."""

    done: np.ndarray
    found: np.ndarray
    chance: np.ndarray

    def at(self, rows: np.ndarray) -> "_States":
        return _States(self.done[:, rows], self.found[:, rows], self.chance[rows])


def spread_chances(part: Part, limits: Limits) -> Pair:
    """Return the probabilities that all goals are reached, and that they are not.

    Raises
    ------
    TooWide, BadInput
        From `limits`.
    """
    spread = _Spread(part, limits)
    return spread.connected, spread.parted


class _Spread:
    def __init__(self, part: Part, limits: Limits):
        self.part, self.limits = part, limits
        self.heads, self.tails = part.ends()
        self.connected = self.parted = 0.0
        # By the number of nodes that were looked at: a state is complete before its turn comes.
        self.levels: dict[int, list[_States]] = {}
        self.waiting = 0
        words = -(-part.nodes // 64)
        # With what is made of a state while an arc is looked at.
        self.bytes_each = 8 * (16 * words + 8)
        first = np.zeros((words, 1), np.uint64)
        self._put(_States(first, _marked(first, 0), np.ones(1)), 0)
        while self.levels:
            states = _together(self.levels.pop(min(self.levels)))
            self.waiting -= len(states.chance)
            states = _merged(states)
            for node, rows in _next_nodes(states):
                self._look_at(node, states.at(rows))

    def _put(self, states: _States, node: int) -> None:
        """After a node was looked at, add up what is decided; the rest waits."""
        states = self._open(self._settled(self._open(states), node))
        level = np.bitwise_count(states.done).sum(axis=0, dtype=np.int64)
        for value in np.unique(level).tolist():
            chosen = states.at(level == value)
            self.levels.setdefault(value, []).append(chosen)
            self.waiting += len(chosen.chance)

    def _open(self, states: _States) -> _States:
        """Add up the states that are decided, and drop them."""
        connected = _holds(states.found, self.part.goals)
        self.connected += float(states.chance[connected].sum())
        ended = ~connected & (states.found == states.done).all(axis=0)
        self.parted += float(states.chance[ended].sum())
        return states.at(~connected & ~ended)

    def _look_at(self, node: int, states: _States) -> None:
        states = states._replace(done=_marked(states.done, node))
        for head in self.heads[node]:
            states = self._arc(head, self.part.arcs[node, head], states)
        self._put(states, node)

    def _arc(self, head: int, pair: Pair, states: _States) -> _States:
        """Split the states that don't have the head yet."""
        self.limits.look(self.waiting + len(states.chance), self.bytes_each)
        open_ = ~_has(states.found, head)
        hit = states.at(open_)
        split = [
            states.at(~open_),
            _States(hit.done, _marked(hit.found, head), hit.chance * pair[0]),
        ]
        if pair[1] > 0:
            missed = hit._replace(chance=hit.chance * pair[1])
            if head in self.part.goals:
                missed = self._without_lost(head, missed)
            split.append(missed)
        states = _together(split)
        if len(states.chance) > FEW:
            states = _merged(states)
        return states

    def _without_lost(self, goal: int, states: _States) -> _States:
        """Add up the states in which nothing can reach a goal any more, and drop them."""
        lost = ~_has(states.found, goal) & _holds(states.done, self.tails[goal])
        self.parted += float(states.chance[lost].sum())
        return states.at(~lost)

    def _settled(self, states: _States, node: int) -> _States:
        """Mark what can't be reached any more or leads nowhere new."""
        heads, tails, goals = self.heads, self.tails, self.part.goals
        waiting = dict.fromkeys([*heads[node], *(one for head in heads[node] for one in tails[head])])
        while waiting:
            one, _ = waiting.popitem()
            if one in goals:
                states = self._without_lost(one, states)
                continue
            over = _holds(states.done, tails[one]) & ~_has(states.found, one)
            over |= _holds(states.found, heads[one])
            over &= ~_has(states.done, one)
            if over.any():
                states = _States(
                    _marked(states.done, one, over), _marked(states.found, one, over), states.chance
                )
                waiting |= dict.fromkeys([*heads[one], *tails[one]])
        return states


def _has(words: np.ndarray, node: int) -> np.ndarray:
    return (words[node >> 6] >> np.uint64(node & 63) & np.uint64(1)).astype(bool)


def _holds(words: np.ndarray, nodes) -> np.ndarray:
    """Whether all the nodes' bits are set."""
    masks: dict[int, int] = {}
    for node in nodes:
        masks[node >> 6] = masks.get(node >> 6, 0) | 1 << (node & 63)
    result = np.ones(words.shape[1], bool)
    for word, mask in masks.items():
        result &= words[word] & np.uint64(mask) == np.uint64(mask)
    return result


def _marked(words: np.ndarray, node: int, rows: np.ndarray | bool = True) -> np.ndarray:
    """The words with a node's bit set in some rows."""
    words = words.copy()
    words[node >> 6] |= np.where(rows, np.uint64(1 << (node & 63)), np.uint64(0))
    return words


def _together(groups: list[_States]) -> _States:
    return _States(
        np.concatenate([one.done for one in groups], axis=1),
        np.concatenate([one.found for one in groups], axis=1),
        np.concatenate([one.chance for one in groups]),
    )


def _merged(states: _States) -> _States:
    """Add up states that are alike."""
    done, found, chance = states
    if len(done) == 1 and not (found >> np.uint64(32)).any():
        order = np.argsort(done[0] << np.uint64(32) | found[0], kind="stable")
    else:
        order = np.lexsort((*done, *found))
    done, found, chance = done[:, order], found[:, order], chance[order]
    fresh = np.ones(len(chance), bool)
    fresh[1:] = (done[:, 1:] != done[:, :-1]).any(axis=0) | (found[:, 1:] != found[:, :-1]).any(axis=0)
    first = np.flatnonzero(fresh)
    return _States(done[:, first], found[:, first], np.add.reduceat(chance, first) if len(first) else chance)


def _next_nodes(states: _States) -> Iterator[tuple[int, np.ndarray]]:
    """The first node that each state has reached and not looked at, with the rows of each such node."""
    pending = states.found & ~states.done
    word = (pending != 0).argmax(axis=0)
    bits = pending[word, np.arange(len(word))]
    lowest = bits & (~bits + np.uint64(1))
    node = 64 * word + np.log2(lowest.astype(float)).astype(np.int64)
    for one in np.unique(node).tolist():
        yield one, node == one

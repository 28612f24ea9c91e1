"""A tidy layout of a tree, after A. J. Kennedy, "Drawing Trees", Journal of Functional Programming 6 (1996).

It keeps the rules of Reingold and Tilford (1981): nodes of a level stand on one line, a parent stands midway
over its children, equal subtrees look equal, and a tree and its mirror image are drawn as mirror images.
Subtrees are moved together until their outlines touch. Going from the left alone would lean to the left, so
they are also moved together from the right, and each stands midway between its two places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Placed:
    """A node with its place: `x` of its centre, 0 being the centre of the root, and `level` from 0."""

    item: Any
    x: float
    level: int
    below: tuple[Placed, ...]


def tidy(
    item: Any, below: Callable[[Any], Iterable[Any]], width: Callable[[Any], float], gap: float = 8.0
) -> Placed:
    """Lay a tree out.

    Parameters
    ----------
    item : object
        The root.
    below : callable
        From an item to its children.
    width : callable
        From an item to the room that it needs.
    gap : float
        The least distance between neighbours.

    Returns
    -------
    Placed

    Examples
    --------
    >>> children = {"root": ("left", "right")}
    >>> placed = tidy("root", lambda item: children.get(item, ()), lambda item: 10, gap=2)
    >>> [one.x for one in placed.below]
    [-6.0, 6.0]
    """

    def design(item):
        inner = [design(child) for child in below(item)]
        outlines = [outline for _, outline in inner]
        places = [
            (left + right) / 2
            for left, right in zip(_from_left(outlines, gap), _from_right(outlines, gap), strict=True)
        ]
        outline: list[tuple[float, float]] = []
        for (_, one), place in zip(inner, places, strict=True):
            outline = _merged(outline, _moved(one, place))
        half = width(item) / 2
        children = [(tree, place) for (tree, _), place in zip(inner, places, strict=True)]
        return (item, children), [(-half, half), *outline]

    def place(tree, x, level):
        item, children = tree
        return Placed(item, x, level, tuple(place(one, x + move, level + 1) for one, move in children))

    return place(design(item)[0], 0.0, 0)


def everyone(placed: Placed) -> list[Placed]:
    """The nodes of a layout, parents before their children, from left to right."""
    found, waiting = [], [placed]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting.extend(reversed(one.below))
    return found


def _from_left(outlines, gap):
    """Places at which each outline just clears those to its left; the first stands at 0."""
    taken: list[tuple[float, float]] = []
    places = []
    for outline in outlines:
        place = _clear(taken, outline, gap)
        taken = _merged(taken, _moved(outline, place))
        places.append(place)
    return places


def _from_right(outlines, gap):
    """The same from the right, with the last at 0: the mirror image of the mirrored outlines."""
    mirrored = [[(-right, -left) for left, right in outline] for outline in reversed(outlines)]
    return [-place for place in reversed(_from_left(mirrored, gap))]


def _clear(taken, outline, gap):
    together = zip(taken, outline, strict=False)
    return max((right - left + gap for (_, right), (left, _) in together), default=0.0)


def _moved(outline, by):
    return [(left + by, right + by) for left, right in outline]


def _merged(one, other):
    """The outline around two, the first being on the left where both have a level."""
    both = [(left, right) for (left, _), (_, right) in zip(one, other, strict=False)]
    return both + one[len(both) :] + other[len(both) :]

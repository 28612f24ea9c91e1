"""How each kind of gate is drawn and said: one table, whose kinds are those of `faultlab.analysis.engine`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


def path(*points: tuple[float, float]) -> str:
    """The outline through some points, closed."""
    return "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in points) + " Z"


def _box(x, y, r):
    return path((x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r))


def _dome(x, y, r):
    return f"M{x - r:.1f},{y + r:.1f} V{y:.1f} A{r},{r} 0 0 1 {x + r:.1f},{y:.1f} V{y + r:.1f} Z"


def _shield(x, y, r):
    near, far, high, low = x - 0.6 * r, x + 0.6 * r, y - 0.6 * r, y - 0.1 * r
    return (
        f"M{x - r:.1f},{y + r:.1f} C{x - r:.1f},{low:.1f} {near:.1f},{high:.1f} {x:.1f},{y - r:.1f} "
        f"C{far:.1f},{high:.1f} {x + r:.1f},{low:.1f} {x + r:.1f},{y + r:.1f} "
        f"Q{x:.1f},{y + 0.4 * r:.1f} {x - r:.1f},{y + r:.1f} Z"
    )


def _wide_shield(x, y, r):
    return _shield(x, y, r + 3)


def _triangle(x, y, r):
    return path((x, y - r), (x + r, y + r), (x - r, y + r))


@dataclass(frozen=True)
class DrawnGate:
    """A kind of gate for the eye and the ear.

    Attributes
    ----------
    happens : callable
        From which inputs happen, and k, to whether the gate does.
    asks : callable
        From the number of inputs, and k, to what the gate asks of them, in two to four words.
    said : callable
        From the inputs in words, and k, to the end of a sentence: "it happens if ...".
    outline : callable
        From its centre and half its width to the outline of its symbol.
    sign : str
        What stands in the symbol; may name k and n in braces.
    """

    happens: Callable[[Sequence[bool], int | None], bool]
    asks: Callable[[int, int | None], str]
    said: Callable[[Sequence[str], int | None], str]
    outline: Callable[[float, float, float], str] = _box
    sign: str = ""


def listed(parts: Sequence[str], word: str = "and") -> str:
    """Parts with commas between them, and a word before the last.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"


DRAWN = {
    "and": DrawnGate(
        lambda on, k: all(on),
        lambda n, k: "both" if n == 2 else f"all {n}",
        lambda parts, k: f"both {listed(parts)}" if len(parts) == 2 else f"all of {listed(parts)}",
        _dome,
    ),
    "or": DrawnGate(
        lambda on, k: any(on),
        lambda n, k: "one of two is enough" if n == 2 else f"one of {n} is enough",
        lambda parts, k: listed(parts, "or"),
        _shield,
    ),
    "atleast": DrawnGate(
        lambda on, k: sum(on) >= (k or 0),
        lambda n, k: f"at least {k} of {n}",
        lambda parts, k: f"at least {k} of {listed(parts)}",
        _wide_shield,
        "{k}/{n}",
    ),
    "not": DrawnGate(
        lambda on, k: not on[0],
        lambda n, k: "this does not happen",
        lambda parts, k: f"{parts[0]} does not happen",
        _triangle,
        "¬",
    ),
    "xor": DrawnGate(
        lambda on, k: sum(on) == 1,
        lambda n, k: "one of two, not both",
        lambda parts, k: f"exactly one of {listed(parts)}",
        _shield,
    ),
    "nand": DrawnGate(
        lambda on, k: not all(on),
        lambda n, k: f"not all {n}",
        lambda parts, k: f"not all of {listed(parts)}",
        sign="n&",
    ),
    "nor": DrawnGate(
        lambda on, k: not any(on),
        lambda n, k: "none of them",
        lambda parts, k: f"none of {listed(parts)}",
        sign="n1",
    ),
    "iff": DrawnGate(
        lambda on, k: sum(on) != 1,
        lambda n, k: "both or neither",
        lambda parts, k: f"both or neither of {listed(parts)}",
        sign="=",
    ),
    "imply": DrawnGate(
        lambda on, k: not on[0] or on[1],
        lambda n, k: "not the first, or the second",
        lambda parts, k: f"{parts[0]} does not happen or {parts[1]} does",
        sign="→",
    ),
}

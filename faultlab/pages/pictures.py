"""Every picture of an Explorer, drawn beforehand and packed.

Pictures of one Explorer differ in little but their numbers. So each is cut in two: texts that are said once
for all (skeletons), and columns of the numbers that are filled into them, which compress well since a number
differs little from one picture to the next. Where pictures differ in whole elements, a pool of elements is
smaller. Of both, the one that weighs less is taken.
"""

from __future__ import annotations

import gzip
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.views.kit import Explorer

PARTS = ("svg", "sentence", "table")
NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)")
ELEMENT = re.compile(r"(?<=>)(?=<)")
DRAWN_TWICE = 7  # states that are drawn again, to find a picture that isn't pure


def states(controls: Sequence[dict]) -> Iterator[dict[str, float | str]]:
    """Every state that controls can be in; the last control turns fastest."""
    names = [control["name"] for control in controls]
    for values in itertools.product(*(control["values"] for control in controls)):
        yield dict(zip(names, values, strict=True))


def packed(explorer: Explorer, place: str) -> dict[str, Any]:
    """Draw every state of an Explorer and return what the page needs to show each of them.

    Parameters
    ----------
    explorer : Explorer
    place : str
        The lesson and the cell, for messages.

    Raises
    ------
    BadInput
        If a state is drawn differently the second time.
    """
    shown = explorer.widget
    # What can be typed between two stops has no picture of its own here; the box names the nearest stop.
    controls = [control | {"between": False} for control in shown.controls]
    frames = [_parts(explorer.frame(state)) for state in states(controls)]
    for number in range(0, len(frames), max(1, len(frames) // DRAWN_TWICE)):
        state = next(itertools.islice(states(controls), number, None))
        if _parts(explorer.frame(state)) != frames[number]:
            raise BadInput(
                f"{place}: {shown.title!r} draws {state} differently the second time, so its pictures can't "
                "be drawn beforehand; give its random numbers a fixed seed."
            )
    return pack(frames) | {"title": shown.title, "controls": controls, "state": shown.state, "bet": shown.bet}


def pack(frames: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return texts in the smaller of two forms; `pictures.js` reads both.

    Parameters
    ----------
    frames : sequence of sequence of str
        Each frame has as many parts as the others.

    Examples
    --------
    >>> form = pack([[f"<p>{i} of 9</p>"] for i in range(9)])
    >>> form["skeletons"], form["parts"]
    ([['<p>', ' of 9</p>']], [{'shapes': '0', 'columns': {'0': ['0,1,2,3,4,5,6,7,8']}}])
    """
    return {"count": len(frames)} | min(_by_number(frames), _by_element(frames), key=_weight)


def _parts(frame):
    return [frame[part] for part in PARTS]


def _weight(form):
    text = json.dumps(form, ensure_ascii=False, separators=(",", ":"))
    return len(gzip.compress(text.encode(), 6))


def _by_number(frames):
    """Texts with holes, and what fills them; a number that is always the same belongs to the text."""
    shapes: dict[tuple[str, ...], int] = {}
    cut = []
    for frame in frames:
        row = []
        for part in frame:
            bits = NUMBER.split(part)
            row.append((shapes.setdefault(tuple(bits[::2]), len(shapes)), bits[1::2]))
        cut.append(row)
    always: list[list[str | None]] = [[]] * len(shapes)
    for shape, numbers in itertools.chain.from_iterable(cut):
        known = always[shape] or numbers
        always[shape] = [a if a == b else None for a, b in zip(known, numbers, strict=True)]
    skeletons = []
    for texts, fixed in zip(shapes, always, strict=True):
        pieces = [texts[0]]
        for number, text in zip(fixed, texts[1:], strict=True):
            if number is None:
                pieces.append(text)
            else:
                pieces[-1] += number + text
        skeletons.append(pieces)
    parts = [_columns([row[part] for row in cut], always) for part in range(len(cut[0]))]
    return {"skeletons": skeletons, "parts": parts}


def _columns(cells, always):
    """The shape of each cell, and for each shape a column for every number that isn't always the same."""
    shapes = [str(shape) for shape, _ in cells]
    rows: dict[str, list[list[str]]] = {}
    for shape, numbers in cells:
        varying = [n for n, fixed in zip(numbers, always[shape], strict=True) if fixed is None]
        rows.setdefault(str(shape), []).append(varying)
    columns = {
        shape: [",".join(column) for column in zip(*found, strict=True)] for shape, found in rows.items()
    }
    return {"shapes": ",".join(shapes) if len(rows) > 1 else shapes[0], "columns": columns}


def _by_element(frames):
    """A pool of elements, and for each part of a frame the places of its own: "0-2,7" is 0, 1, 2 and 7."""
    pool: dict[str, int] = {}
    places = [
        [_runs([pool.setdefault(bit, len(pool)) for bit in ELEMENT.split(part)]) for part in frame]
        for frame in frames
    ]
    return {"pool": list(pool), "frames": places}


def _runs(places):
    """Whole numbers as text, neighbours that follow each other as their first and last."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][1] + 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)

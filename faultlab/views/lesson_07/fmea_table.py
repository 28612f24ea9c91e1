"""A failure mode and effects analysis as a heat table: three ratings a row, ranked, each written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faultlab.analysis.fmea import ranked
from faultlab.errors import BadInput
from faultlab.views.kit.chart import WIDTH, document, text
from faultlab.views.kit.lettering import wrapped
from faultlab.views.kit.palette import (
    BLUE,
    BLUE_TINT,
    GREY_TINT,
    GRID,
    INK,
    ORANGE,
    ORANGE_TINT,
    PAGE,
    QUIET,
    RED,
    RED_TINT,
)
from faultlab.views.kit.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faultlab.analysis.fmea import Row


RATINGS = ("severity", "occurrence", "detection")
BY_PRIORITY, BY_RPN = "Action Priority", "RPN"
ORDERS = (BY_PRIORITY, BY_RPN)
WORDS, CELLS, CELL, PRODUCT = 30, 268, 38, 420
LINE = 17


def in_order(rows: Sequence[Row], order: str) -> list[Row]:
    """Return rows as a list: by Action Priority (`analysis.ranked`), or by the RPN, unrated ones last.

    Raises
    ------
    BadInput
        For another order than those in `ORDERS`.
    """
    if order not in ORDERS:
        raise BadInput(f"Rows stand in the order of {' or '.join(ORDERS)}, not {order!r}.")
    return ranked(rows) if order == BY_PRIORITY else sorted(rows, key=lambda row: -(row.rpn or 0))


def fmea_table(
    rows: Sequence[Row],
    order: str = BY_PRIORITY,
    before: Sequence[Row] = (),
    limit: int | None = None,
    sentence: str = "",
) -> Picture:
    """Draw a worksheet as a heat table.

    A cell's tint, the bar in it and the number in it say the same. High priority is a filled mark,
    medium an outline, low a bare letter.

    Parameters
    ----------
    rows : sequence of Row
    order : str
        "Action Priority" or "RPN".
    before : sequence of Row
        An earlier state of the rows: what differs is marked, with what it was.
    limit : int, optional
        The RPN from which a company acts: in the order of the RPN, a line is drawn below the last such row.
    sentence : str
        What to see; by default how many rows have high priority.

    Returns
    -------
    Picture

    Raises
    ------
    BadInput
        If there are no rows, or for an unknown order.

    Examples
    --------
    >>> from faultlab.analysis.fmea import Row
    >>> fmea_table([Row("cache", "lost", severity=8, occurrence=8, detection=3)]).sentence
    'Action Priority: 1 high, 0 medium, 0 low of 1 rated row.'
    """
    if not rows:
        raise BadInput("A table needs a row: an item and how it fails.")
    was = {row.key: row for row in before}
    placed = in_order(rows, order)
    parts, y = _head(), 30
    for place, row in enumerate(placed, 1):
        old = was.get(row.key)
        changed = old is not None and old.rated != row.rated
        drawn, height = _row(place, row, old if changed else None, y)
        parts += drawn
        y += height
        following = placed[place] if place < len(placed) else None
        if (
            limit
            and order == BY_RPN
            and (row.rpn or 0) >= limit
            and (following is None or (following.rpn or 0) < limit)
        ):
            parts += [
                f"<line x1='4' x2='{WIDTH - 4}' y1='{y + 4}' y2='{y + 4}' stroke='{INK}' stroke-width='2' "
                f"stroke-dasharray='6 4'/>",
                text(WIDTH - 6, y + 21, f"▲ on the list: RPN {limit} or more", 13, INK, "end", "600"),
            ]
            y += 30
    data = tuple(_data(place, row) for place, row in enumerate(placed, 1))
    sentence = sentence or _counted(rows)
    return Picture(document(parts, y + 8, _alt(placed, order)), _alt(placed, order), sentence, data)


def name_of(row: Row) -> str:
    """An item and its failure mode as a reader says them.

    >>> from faultlab.analysis.fmea import Row
    >>> name_of(Row("web_servers/shared", "a common cause hits all"))
    'web servers, shared: a common cause hits all'
    """
    return f"{_spoken(row.item)}: {row.failure_mode}"


def _spoken(item):
    return item.replace("/", ", ").replace("_", " ")


def _head():
    columns = [("S", CELLS + 19), ("O", CELLS + 59 - 1), ("D", CELLS + 97), ("RPN", PRODUCT - 10)]
    return [
        text(WORDS, 20, "What fails, and how", 13, QUIET),
        *(text(x, 20, words, 13, QUIET, "middle", "600") for words, x in columns),
        text(444, 20, "AP", 13, QUIET, "middle", "600"),
    ]


def _row(place, row, old, y):
    """The marks of a row, and its height."""
    lines = wrapped(row.failure_mode, CELLS - WORDS - 8)
    height = LINE * (1 + len(lines) + (old is not None)) + 10
    parts = []
    if old is not None:
        parts.append(f"<rect x='0' y='{y}' width='{WIDTH}' height='{height}' fill='{BLUE_TINT}'/>")
    parts.append(f"<line x1='4' x2='{WIDTH - 4}' y1='{y}' y2='{y}' stroke='{GRID}'/>")
    parts.append(text(WORDS - 6, y + 18, "►" if old is not None else place, 13, QUIET, "end"))
    parts.append(text(WORDS, y + 18, _spoken(row.item), 13, INK, weight="600"))
    parts += [text(WORDS, y + 18 + LINE * i, line, 13, INK) for i, line in enumerate(lines, 1)]
    if old is not None:
        before = "·".join(map(str, old.rated)) + f" = {old.rpn}, {old.action_priority}"
        parts.append(
            text(WORDS, y + 18 + LINE * (len(lines) + 1), f"before: {before}", 13, BLUE, weight="600")
        )
    for i, name in enumerate(RATINGS):
        parts += _cell(CELLS + i * (CELL + 1), y + 5, getattr(row, name))
    parts.append(text(PRODUCT, y + 25, "–" if row.rpn is None else row.rpn, 14, INK, "end", "600"))
    parts += _priority_mark(444, y + 20, row.action_priority)
    return parts, height


def _cell(x, y, rating):
    if rating is None:
        return [text(x + CELL / 2, y + 19, "?", 14, QUIET, "middle")]
    tint, colour = (
        (RED_TINT, RED) if rating >= 7 else (ORANGE_TINT, ORANGE) if rating >= 4 else (GREY_TINT, QUIET)
    )
    return [
        f"<rect x='{x}' y='{y}' width='{CELL}' height='30' fill='{tint}'/>",
        f"<rect x='{x}' y='{y + 25}' width='{CELL * rating / 10:.1f}' height='5' fill='{colour}'/>",
        text(x + CELL / 2, y + 19, rating, 14, INK, "middle"),
    ]


def _priority_mark(x, y, priority):
    """H as a filled mark, M as an outline, L as a letter, ? while a rating is missing."""
    shapes = {
        "H": f"<rect x='{x - 12}' y='{y - 12}' width='24' height='24' rx='4' fill='{RED}'/>",
        "M": f"<rect x='{x - 11}' y='{y - 11}' width='22' height='22' rx='4' fill='{PAGE}' "
        f"stroke='{ORANGE}' stroke-width='2'/>",
    }
    colour = {"H": PAGE, "M": ORANGE}.get(priority, QUIET)
    return [shapes.get(priority, ""), text(x, y + 5, priority or "?", 14, colour, "middle", "700")]


def _counted(rows):
    rated = [row.action_priority for row in rows if row.rated]
    found = ", ".join(
        f"{rated.count(letter)} {words}"
        for letter, words in zip("HML", ("high", "medium", "low"), strict=True)
    )
    return f"Action Priority: {found} of {len(rated)} rated row{'' if len(rated) == 1 else 's'}."


def _alt(placed, order):
    said = [
        f"{name_of(row)}, " + (f"RPN {row.rpn}, {row.action_priority}" if row.rated else "not rated")
        for row in placed
    ]
    return f"Table of {len(placed)} failure modes by {order}, the first first. " + "; ".join(said) + "."


def _data(place, row):
    return {
        "Place": place,
        "Item": _spoken(row.item),
        "Failure mode": row.failure_mode,
        **{name.capitalize(): getattr(row, name) if row.rated else "" for name in RATINGS},
        "RPN": row.rpn or "",
        "Action Priority": row.action_priority or "",
    }

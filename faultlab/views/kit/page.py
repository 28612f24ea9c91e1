"""Pieces of HTML that figures and widgets share. Everything that is handed in is escaped."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from html import escape

from faultlab.views.kit.palette import GRID, INK, PAGE, QUIET

LONG_TEXT = 40  # letters from which a cell is a text
UNBROKEN = {ord(" "): "\N{NO-BREAK SPACE}", ord("–"): "\N{WORD JOINER}–\N{WORD JOINER}"}
MOST_IN_FULL = 5  # columns in letters of full size


def table(rows: Sequence[dict]) -> str:
    """Rows as an HTML table; columns in the order of the first row's keys.

    Parameters
    ----------
    rows : sequence of dict
        A dictionary a row, all with the same keys.

    Examples
    --------
    >>> "<td" in table([{"team": "<red>"}]) and "&lt;red&gt;" in table([{"team": "<red>"}])
    True
    """
    if not rows:
        return ""
    columns = list(rows[0])
    size = 14 if len(columns) <= MOST_IN_FULL else 13
    cell = f"padding:3px clamp(4px,.55vw,10px);border-bottom:1px solid {GRID};"
    head = "".join(f"<th scope='col' style='{cell}text-align:left'>{escape(str(c))}</th>" for c in columns)
    body = "".join(
        "<tr>" + "".join(_cell(row.get(column, ""), cell) for column in columns) + "</tr>" for row in rows
    )
    return (
        f"<table style='border-collapse:collapse;font-size:{size}px;color:{INK};background:{PAGE}'>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def folded_table(rows: Sequence[dict], summary: str = "The numbers as a table") -> str:
    """A table behind a fold; nothing where there are no rows."""
    if not rows:
        return ""
    return (
        f"<details style='margin-top:6px'><summary style='cursor:pointer;color:{QUIET}'>"
        f"{escape(summary)}</summary>{wide_table(rows, summary)}</details>"
    )


def wide_table(rows: Sequence[dict], name: str) -> str:
    """A table that scrolls sideways by touch and by keyboard where the page is narrower."""
    label = escape(name, quote=True)
    return f"<div style='overflow-x:auto' tabindex='0' role='region' aria-label='{label}'>{table(rows)}</div>"


def image(content: bytes, kind: str, alt: str, width: int = 580) -> str:
    """An `img` element that carries its own bytes, never wider than the page."""
    data = base64.b64encode(content).decode("ascii")
    return (
        f"<img alt='{escape(alt, quote=True)}' src='data:image/{kind};base64,{data}' "
        f"style='width:100%;max-width:{width}px;height:auto' width='{width}'>"
    )


def framed(inside: str, caption: str, rows: Sequence[dict] = (), wide: bool = False) -> str:
    """A figure element: picture, caption, data behind a fold; tables may be wide."""
    width = 960 if wide else 640
    padding = "10px clamp(0px,2vw - 8px,10px)"  # none at the sides on a telephone
    return (
        f"<figure style='margin:8px 0;padding:{padding};background:{PAGE};color:{INK};max-width:{width}px'>"
        f"{inside}"
        f"<figcaption style='font-size:15px;margin-top:4px'>{escape(caption)}</figcaption>"
        f"{folded_table(rows)}</figure>"
    )


def _cell(value, style):
    align = "right" if isinstance(value, int | float) and not isinstance(value, bool) else "left"
    written = f"{value:,.6g}" if isinstance(value, float) else str(value)
    if align == "right" and isinstance(value, int) and abs(value) >= 10_000:  # not a year
        written = f"{value:,}"
    # A long text keeps some words a line on a telephone too.
    least = "min-width:8em;" if len(written) > LONG_TEXT else ""
    return f"<td style='{style}{least}text-align:{align}'>{_lines(written)}</td>"


def _lines(written):
    """A cell's words, escaped: a number keeps its sign and a bracket its words, and a long name may break."""
    kept = re.sub(r" %|\([^()]{1,16}\)", lambda found: found[0].translate(UNBROKEN), written)
    return re.sub(r"\w{15,}", lambda name: re.sub(r"(?<=[a-z])(?=[A-Z])", "<wbr>", name[0]), escape(kept))

"""Pieces of HTML that figures and widgets share. Everything that is handed in is escaped.

They carry classes and no style: how they look is said in `look.css` alone.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from html import escape

LONG_TEXT = 40  # letters from which a cell is a text
MOST_ABREAST = 5  # columns that fit on a telephone; a table with more is read row by row there
COUNT = re.compile(r"[-−+]?[\d,.]+( [%A-Za-z]{1,8})?|[-–]?")
POWER = re.compile(r"e([+-]\d+)$")
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
UNBROKEN = {ord(" "): "\N{NO-BREAK SPACE}", ord("–"): "\N{WORD JOINER}–\N{WORD JOINER}"}


def table(rows: Sequence[dict]) -> str:
    """Rows as an HTML table; columns in the order of the first row's keys.

    A first column whose cells all differ names the rows, and is read out with each of their cells.

    Parameters
    ----------
    rows : sequence of dict
        A dictionary a row, all with the same keys.

    Examples
    --------
    >>> table([{"team": "<red>"}]).partition("<tbody>")[2]
    "<tr><th scope='row'>&lt;red&gt;</th></tr></tbody></table>"
    """
    if not rows:
        return ""
    columns = list(rows[0])
    # What a row is about, in the first column, is read and not compared.
    counts = {
        column: all(_is_count(row.get(column, ""), i > 0) for row in rows) for i, column in enumerate(columns)
    }
    head = "".join(
        f"<th scope='col'{' class=' + repr('number') if counts[column] else ''}>{escape(str(column))}</th>"
        for column in columns
    )
    amounts = {column: any(_is_large(row.get(column)) for row in rows) for column in columns}
    names = [str(row.get(columns[0], "")) for row in rows]
    named = all(names) and len(set(names)) == len(names)
    stacks = len(columns) > MOST_ABREAST

    def cell(row, column):
        if named and column == columns[0]:
            tag, about = "th", " scope='row'"
        else:
            tag, about = "td", f" data-label='{escape(str(column), quote=True)}'" if stacks else ""
        kind, written = _kind_and_words(row.get(column, ""), counts[column], amounts[column])
        return f"<{tag}{about}{kind and f' class={kind!r}'}>{written}</{tag}>"

    body = "".join("<tr>" + "".join(cell(row, column) for column in columns) + "</tr>" for row in rows)
    kind = " class='stacks'" if stacks else ""
    return f"<table{kind}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def folded_table(rows: Sequence[dict], summary: str = "The numbers as a table") -> str:
    """A table behind a fold; nothing where there are no rows."""
    if not rows:
        return ""
    return f"<details><summary>{escape(summary)}</summary>{wide_table(rows, summary)}</details>"


def wide_table(rows: Sequence[dict], name: str) -> str:
    """A table that scrolls sideways by touch and by keyboard where the page is narrower."""
    label = escape(name, quote=True)
    return f"<div class='scroll' tabindex='0' role='group' aria-label='{label}'>{table(rows)}</div>"


def image(content: bytes, kind: str, alt: str, width: int = 580) -> str:
    """An `img` element that carries its own bytes, never wider than the page."""
    data = base64.b64encode(content).decode("ascii")
    return f"<img alt='{escape(alt, quote=True)}' src='data:image/{kind};base64,{data}' width='{width}'>"


def framed(inside: str, caption: str, rows: Sequence[dict] = (), wide: bool = False) -> str:
    """A figure element: picture, caption, data behind a fold; tables may be wide."""
    kind = "framed wide" if wide else "framed"
    said = f"<figcaption>{escape(caption)}</figcaption>"
    return f"<figure class='{kind}'>{inside}{said}{folded_table(rows)}</figure>"


def _is_count(value, worded):
    """Whether a cell is compared by its digits: a number, or where `worded` one as text, with a unit."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return True
    return worded and isinstance(value, str) and bool(COUNT.fullmatch(value))


def _is_large(value):
    """Whether a cell shows that its column has amounts and no years: these are written with commas."""
    return isinstance(value, int) and abs(value) >= 10_000


def _kind_and_words(value, to_the_right, amounts):
    """The class of a cell, and its words as HTML."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    written = POWER.sub(_power, f"{value:,.6g}") if isinstance(value, float) else str(value)
    if is_number and isinstance(value, int) and amounts:
        written = f"{value:,}"
    # A long text keeps some words a line on a telephone too.
    kind = "number" if is_number or to_the_right else "long" if len(written) > LONG_TEXT else ""
    return kind, _lines(written)


def _power(found):
    """A power of ten as it is written by hand, where a program writes e-06."""
    return f" × 10{str(int(found[1])).translate(RAISED)}".replace(" ", "\N{NO-BREAK SPACE}")


def _lines(written):
    """A cell's words, escaped: a number keeps its sign and a bracket its words, and a long name may break."""
    kept = re.sub(r" %|\([^()]{1,16}\)", lambda found: found[0].translate(UNBROKEN), written)
    return re.sub(r"\w{15,}", lambda name: re.sub(r"(?<=[a-z])(?=[A-Z])", "<wbr>", name[0]), escape(kept))

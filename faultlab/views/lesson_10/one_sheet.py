"""How much smaller a sheet of the board's page is printed, so that it stays one sheet of A4."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

SHEET = 1025.0
"""Pixels of a printed sheet between its margins, less what an estimate may be wrong by."""
LETTERS, SMALL_LETTERS = 118, 132
"""That a whole line holds: of the text, and of the notes."""
SVG_WIDTH = 295.0
LEAST = 0.7
APPENDIX = 0.92
"""Its letters are smaller."""


def fitted(article: str) -> str:
    """Return an article that says how small it is printed, where its lines are too many for a sheet.

    Examples
    --------
    >>> fitted("<article class='board'><p>Short.</p></article>")
    "<article class='board'><p>Short.</p></article>"
    >>> fitted("<article class='board'>" + 80 * "<p>One line.</p>" + "</article>")[:48]
    "<article style='--fit:0.75' class='board'><p>One"
    """
    sheet = ElementTree.fromstring(article)
    high = _height(sheet, 1.0) * (APPENDIX if "appendix" in sheet.get("class", "") else 1)
    if high <= SHEET:
        return article
    return article.replace("<article", f"<article style='--fit:{max(LEAST, SHEET / high):.2f}'", 1)


def _height(node, width):
    """About how high an element is, in pixels, in a column of some part of a line's width."""
    kind = node.get("class") or ""
    if node.tag == "svg":
        _, _, wide, high = map(float, node.get("viewBox").split())
        return SVG_WIDTH * high / wide
    if node.tag == "table":
        return _rows(node, LETTERS * width)
    if "two" in kind.split():
        return max(_height(one, width / 2.15) for one in node)
    if node.tag in ("article", "div", "section", "figure", "ol", "ul"):
        if "bars" in kind:
            return 22.0 * len(node)
        inside = width * (0.86 if "asked" in kind else 0.95 if node.tag in ("ol", "ul") else 1)
        return (
            sum(_height(one, inside) for one in node)
            + (12 if node.tag == "section" else 0)
            + 24 * ("asked" in kind)
        )
    each = {"h1": 24.0, "h2": 18.0}.get(node.tag, 14.0)
    letters = {"h1": 66, "h2": 100}.get(node.tag, SMALL_LETTERS if "foot" in kind else LETTERS)
    return each * _lines(_text(node), letters * width) + 3


def _rows(table, letters):
    """How high a table's rows are: columns that need little get it, and the others share the rest."""
    rows = [[_parts(cell) for cell in row] for row in table.iter("tr")]
    needed = [max(len(text) for cell in column for text in cell) + 2 for column in zip(*rows, strict=True)]
    widths, left = list(needed), letters
    for place, (most, column) in enumerate(sorted((most, column) for column, most in enumerate(needed))):
        widths[column] = max(min(most, left / (len(needed) - place)), 4)
        left -= widths[column]
    return sum(
        3
        + max(sum(13 * _lines(text, width) for text in cell) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )


def _parts(cell):
    """The text of a cell, and the notes below it."""
    small = [_text(one) for one in cell.iter("small")]
    return [_text(cell).removesuffix("".join(small)), *small]


def _text(node):
    return re.sub(r"\s+", " ", "".join(node.itertext()))


def _lines(text, letters):
    return max(1, math.ceil(len(text) / letters)) if text else 0

"""Sheets of an XLSX workbook as plain tables, with what was left out; sizes are checked first."""

import datetime
import io
import re
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries

from faultlab.errors import BadInput

MOST_UNPACKED = 60_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 1_000
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384  # of the format


@dataclass(frozen=True)
class Sheet:
    """A visible sheet.

    Attributes
    ----------
    title : str
    lines : list of (int, list of str)
        The rows that hold text, with their numbers. Cells merged downwards repeat the text of the first.
    headings : frozenset of int
        Rows in which cells are merged sideways.
    without_result : dict of (int, int) to str
        Formulas that were never calculated: by row and place of the column, the cell's name.
    hidden_rows, formulas : int
        How many of the rows with text are hidden, and how many cells are formulas.
    """

    title: str
    lines: list[tuple[int, list[str]]]
    headings: frozenset[int]
    without_result: dict[tuple[int, int], str]
    hidden_rows: int
    formulas: int


def sheets_of(content: bytes, name: str) -> tuple[list[Sheet], list[str]]:
    """Return a workbook's visible sheets, and the names of what is not read.

    Parameters
    ----------
    content : bytes
    name : str
        The file's name.

    Returns
    -------
    (list of Sheet, list of str)

    Raises
    ------
    BadInput
        For a workbook that is too large or can't be read.
    """
    try:
        _check_sizes(content, name)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        names = book._archive.namelist()  # type: ignore[attr-defined]  # openpyxl tells of no other way
        left_out = [f"chart {chart.title!r}" for chart in book.chartsheets]
        if any(part.startswith(("xl/comments", "xl/threadedComments")) for part in names):
            left_out.append("comments on cells")
        sheets = []
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                left_out.append(f"hidden sheet {sheet.title!r}")
            else:
                sheets.append(_sheet(book, sheet, name))
        return sheets, left_out
    except BadInput:
        raise
    except Exception:
        # openpyxl raises whatever its parts raise; the remedy is the same for all of them.
        raise BadInput(f"{name} is no readable XLSX workbook; save it anew, or as CSV UTF-8.") from None


def _check_sizes(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise BadInput(f"{name} unpacks to more than {MOST_UNPACKED // 1_000_000} MB; split it.")
        if any(b"<!DOCTYPE" in packed.read(part) for part in packed.namelist() if part.endswith(".xml")):
            raise BadInput(f"{name} declares a document type, which a sheet never needs; save it anew.")


@dataclass
class _Layout:
    """What openpyxl does not say of a sheet that it reads row by row."""

    last_row: int
    last_column: int
    merged: list
    hidden: set
    without_result: dict
    formulas: int


def _sheet(book, sheet, name):
    # openpyxl's own way to a sheet's XML: read row by row, a sheet hides merged cells and formulas.
    with book._archive.open(sheet._worksheet_path) as part:
        layout = _layout(part)
    for most, found, what in (
        (MOST_ROWS, layout.last_row, "rows"),
        (MOST_COLUMNS, layout.last_column, "columns"),
    ):
        if found > most + 1:
            raise BadInput(
                f"{name}, sheet {sheet.title!r} has more than {most:,} {what}; split it, or clear what "
                "stands far out."
            )
    if not layout.last_row:
        return Sheet(sheet.title, [], frozenset(), {}, 0, 0)
    sheet.reset_dimensions()
    cells = sheet.iter_rows(values_only=True, max_row=layout.last_row, max_col=layout.last_column)
    table = [[_shown(value) for value in row] for row in cells]
    with_text = [number for number, row in enumerate(table, 1) if any(cell.strip() for cell in row)]
    headings, filled = set(), 0
    for left, top, right, bottom in layout.merged:
        if top <= len(table) and left <= layout.last_column:
            text = table[top - 1][left - 1]
            below = range(top, min(bottom, len(table)))
            filled += len(below)
            if filled > len(table) * layout.last_column:
                raise ValueError("merged cells overlap")
            for row in below:
                table[row][left - 1] = text
            if top == bottom and right > left:
                headings.add(top)
    return Sheet(
        sheet.title,
        [(number, table[number - 1]) for number in with_text],
        frozenset(headings),
        layout.without_result,
        sum(number in layout.hidden for number in with_text),
        layout.formulas,
    )


def _layout(part):
    layout = _Layout(0, 0, [], set(), {}, 0)
    row = column = 0
    for event, element in ElementTree.iterparse(part, events=("start", "end")):
        tag = element.tag.rpartition("}")[2]
        if tag == "row" and event == "start":
            before, row, column = row, int(element.get("r", row + 1)), 0
            if not before < row <= _LAST_ROW:
                raise ValueError(row)
            if element.get("hidden") in ("1", "true"):
                layout.hidden.add(row)
        elif tag == "c" and event == "end":
            column = _column(element.get("r"), column)
            parts = {one.tag.rpartition("}")[2]: one for one in element}
            result = parts.get("v")
            has_result = (result is not None and bool(result.text)) or "is" in parts
            if "f" in parts:
                layout.formulas += 1
                # A formula whose stored result is an empty text has t="str" and no text in v.
                if not has_result and not (element.get("t") == "str" and result is not None):
                    layout.without_result[row, column - 1] = f"{get_column_letter(column)}{row}"
            if has_result or "f" in parts:
                layout.last_row = max(layout.last_row, row)
                layout.last_column = max(layout.last_column, column)
            element.clear()
        elif tag == "row":
            element.clear()
        elif tag == "mergeCell" and event == "end":
            layout.merged.append(range_boundaries(element.get("ref")))
    return layout


def _column(reference, before):
    if reference is None:
        return before + 1
    letters = re.match(r"[A-Za-z]{1,3}(?=\d)", reference)
    if letters is None:
        raise ValueError(reference)
    number = 0
    for letter in letters[0].upper():
        number = 26 * number + ord(letter) - 64
    if number > _LAST_COLUMN:
        raise ValueError(reference)
    return number


def _shown(value):
    """A cell's value as text; a day without a time as a day."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)

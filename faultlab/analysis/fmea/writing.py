"""FMEA worksheets, written as CSV and XLSX; nothing in someone else's text becomes a formula."""

import csv
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import IllegalCharacterError

from faultlab.analysis.fmea.worksheet import Row
from faultlab.errors import BadInput

_ALWAYS = (
    *("item", "failure_mode", "effect", "cause", "controls"),
    *("severity", "occurrence", "detection", "action"),
)
_WHERE_GIVEN = tuple(field.name for field in fields(Row) if field.name not in (*_ALWAYS, "others", "sheet"))
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_fmea(
    path: str | Path, rows: Sequence[Row], titles: Mapping[str, Sequence[Sequence[str]]] | None = None
) -> None:
    """Write rows as CSV or XLSX, by the ending of the name, with RPN and Action Priority beside them.

    The file is complete or untouched, so that it may be the one that was read. In CSV, a text that a
    spreadsheet would take for a formula gets an apostrophe in front, which `read_fmea` takes away; in XLSX
    it is marked as text. Rows of several sheets get a column that names theirs.

    Parameters
    ----------
    path : str or Path
    rows : sequence of Row
    titles : mapping, optional
        By sheet, lines to be written above the header, as `Worksheet.titles` has them.

    Raises
    ------
    BadInput
        For a file that can't be written, or another ending.
    """
    path = Path(path)
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise BadInput(f"{path.name}: a worksheet ends in .csv or .xlsx; change the name.")
    above = [list(line) for lines in (titles or {}).values() for line in lines]
    table = [*above, *_table(rows)]
    try:
        content = _xlsx(table) if path.suffix.lower() == ".xlsx" else _csv(table)
        _replace(path, content)
    except OSError as wrong:
        raise BadInput(f"can't write {path.name}: {wrong.strerror}; choose another place.") from None
    except IllegalCharacterError:
        raise BadInput(f"{path.name}: a text holds characters that XLSX can't; write .csv.") from None
    except UnicodeEncodeError:
        raise BadInput(f"{path.name}: a text holds half a letter (a lone surrogate); type it anew.") from None


def _table(rows):
    given = [name for name in _WHERE_GIVEN if any(getattr(row, name) not in (None, "") for row in rows)]
    sheets = ["sheet"] if len({row.sheet for row in rows}) > 1 else []
    others = list(dict.fromkeys(head for row in rows for head, _ in row.others))
    after = ["rpn_after", "action_priority_after"] if any(row.rated_after for row in rows) else []
    names = [*sheets, *_ALWAYS, *given, "rpn", "action_priority", *after]
    yield [*names, *others]
    for row in rows:
        further = dict(row.others)
        yield [*(getattr(row, name) for name in names), *(further.get(head, "") for head in others)]


def _csv(table):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([safe_cell(value) for value in values] for values in table)
    return text.getvalue().encode("utf-8")


def _xlsx(table):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "FMEA"
    for line, values in enumerate(table, 1):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(line, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
                cell.quotePrefix = value.startswith(_STARTS_A_FORMULA)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _replace(path, content):
    """Write beside the file first, so that a full disk or a killed process leaves the old one."""
    path = path.resolve()
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with new.open("xb") as file:
            file.write(content)
        if path.exists():
            new.chmod(path.stat().st_mode & 0o777)
        os.replace(new, path)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def safe_cell(value: str | int | float | None) -> str | int | float:
    """Return a value as a CSV cell that no spreadsheet takes for a formula.

    A text that begins like a formula gets an apostrophe in front. One that has apostrophes before such
    a beginning gets another, so that one can be taken away on reading. Numbers stay numbers.

    Parameters
    ----------
    value : str, int, float or None

    Returns
    -------
    str, int or float
        None becomes an empty text.

    References
    ----------
    OWASP, CSV Injection: a cell that begins with =, +, -, @, tab or carriage return.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("'=1+1"), safe_cell("a=1"), safe_cell(-3), safe_cell(None)
    ("'=1+1", "''=1+1", 'a=1', -3, '')
    """
    if value is None:
        return ""
    return "'" + value if isinstance(value, str) and _begins_a_formula(value.lstrip("'")) else value


def unescaped(cell: str) -> str:
    """Return a CSV cell's text without the apostrophe that `safe_cell` put in front.

    Examples
    --------
    >>> unescaped("'=1+1"), unescaped("''=1+1"), unescaped("'quoted'")
    ('=1+1', "'=1+1", "'quoted'")
    """
    return cell[1:] if cell.startswith("'") and _begins_a_formula(cell.lstrip("'")) else cell


def _begins_a_formula(value):
    return value.startswith(_STARTS_A_FORMULA)

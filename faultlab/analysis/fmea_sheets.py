"""FMEA worksheets as CSV and XLSX, read and written; nothing in someone else's file becomes a formula."""

import csv
import io
import zipfile
from dataclasses import fields
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import IllegalCharacterError

from faultlab.analysis.fmea import RATINGS, Row
from faultlab.errors import BadInput
from faultlab.input_files import content_of, decoded, table_records

MOST_BYTES = 20_000_000
MOST_UNPACKED = 60_000_000
MOST_ROWS = 20_000
COLUMNS = tuple(field.name for field in fields(Row))
_NEEDED = ("item", "failure_mode", *RATINGS)
_OTHER_NAMES = {
    "component": "item",
    "function": "item",
    "mode": "failure_mode",
    "effects": "effect",
    "causes": "cause",
    "control": "controls",
    "current_controls": "controls",
    "s": "severity",
    "sev": "severity",
    "o": "occurrence",
    "occ": "occurrence",
    "d": "detection",
    "det": "detection",
    "actions": "action",
}
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read_fmea(path):
    """Read a worksheet.

    Parameters
    ----------
    path : str or Path
        CSV (comma, semicolon or tab; UTF-8) or XLSX (its first sheet). A header names the columns item,
        failure_mode, severity, occurrence, detection, and if wanted effect, cause, controls, action.

    Returns
    -------
    list of Row

    Raises
    ------
    BadInput
        Naming the line and the remedy.
    """
    path = Path(path)
    content = content_of(path, MOST_BYTES, "a worksheet")
    table = _of_xlsx(content, path.name) if content[:2] == b"PK" else _of_csv(content, path.name)
    return _rows(table, path.name)


def _of_csv(content, name):
    records = table_records(decoded(content, name), name)
    return [(line, [_plain(cell.strip()) for cell in cells]) for line, cells in records]


def _of_xlsx(content, name):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise BadInput(f"{name} unpacks to more than {MOST_UNPACKED // 1_000_000} MB; split it.")
            if any(b"<!DOCTYPE" in packed.read(part) for part in packed.namelist() if part.endswith(".xml")):
                raise BadInput(f"{name} declares a document type, which a sheet never needs; save it anew.")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        lines = book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS + 2, max_col=50)
        return [(i, ["" if one is None else str(one) for one in line]) for i, line in enumerate(lines, 1)]
    except BadInput:
        raise
    except Exception:
        # openpyxl raises whatever its parts raise; the remedy is the same for all of them.
        raise BadInput(f"{name} is no readable XLSX workbook; save it anew, or as CSV UTF-8.") from None


def _rows(table, name):
    table = [(line, cells) for line, cells in table if any(cell.strip() for cell in cells)]
    if not table:
        raise BadInput(f"{name} is empty; its first line names the columns {', '.join(_NEEDED)}.")
    if len(table) > MOST_ROWS + 1:
        raise BadInput(f"{name} has more than {MOST_ROWS:,} rows; split it.")
    header = [_column(cell) for cell in table[0][1]]
    for needed in _NEEDED:
        if header.count(needed) != 1:
            how = "no column" if needed not in header else "two columns"
            raise BadInput(
                f"{name}: {how} for {needed}; the first line names each of {', '.join(_NEEDED)} once."
            )
    rows, met = [], {}
    for line, cells in table[1:]:
        given = {
            column: cell.strip() for column, cell in zip(header, cells, strict=False) if column in COLUMNS
        }
        row = _row(given, f"{name}, line {line}")
        key = (row.item, row.failure_mode)
        if key in met:
            raise BadInput(
                f"{name}, line {line}: the same item and failure mode as line {met[key]}; name one anew."
            )
        met[key] = line
        rows.append(row)
    return rows


def _column(cell):
    name = "_".join(cell.strip().lower().replace("-", " ").split())
    return _OTHER_NAMES.get(name, name)


def _row(given, place):
    values = {}
    for column, cell in given.items():
        if column not in RATINGS:
            values[column] = cell
            continue
        try:
            number = float(cell) if cell else None
            if number is not None and not (number.is_integer() and 1 <= number <= 10):
                raise ValueError
        except ValueError:
            raise BadInput(f"{place}: {column} is a whole number from 1 to 10, not {cell[:40]!r}.") from None
        values[column] = None if number is None else int(number)
    for needed in ("item", "failure_mode"):
        if not values.get(needed):
            raise BadInput(f"{place}: there is no {needed}; every row names one.")
    return Row(**values)


def write_fmea(path, rows):
    """Write rows as CSV or XLSX, by the ending of the name, with RPN and Action Priority beside them.

    In CSV, a text that a spreadsheet would take for a formula gets an apostrophe in front, which
    `read_fmea` takes away; in XLSX it is marked as text.
    """
    path = Path(path)
    table = [[*COLUMNS, "rpn", "action_priority"]]
    table += [[getattr(row, column) for column in table[0]] for row in rows]
    try:
        _write(path, table)
    except OSError as wrong:
        raise BadInput(f"can't write {path.name}: {wrong.strerror}; choose another place.") from None
    except IllegalCharacterError:
        raise BadInput(f"{path.name}: a text holds characters that XLSX can't; write .csv.") from None


def _write(path, table):
    if path.suffix.lower() == ".xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "FMEA"
        for line, values in enumerate(table, 1):
            for column, value in enumerate(values, 1):
                cell = sheet.cell(line, column, value)
                if isinstance(value, str):
                    cell.data_type = "s"
                    cell.quotePrefix = value.startswith(_STARTS_A_FORMULA)
        book.save(path)
    elif path.suffix.lower() == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([safe_cell(value) for value in values] for values in table)
    else:
        raise BadInput(f"{path.name}: a worksheet ends in .csv or .xlsx.")


def safe_cell(value):
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


def _plain(cell):
    return cell[1:] if cell.startswith("'") and _begins_a_formula(cell.lstrip("'")) else cell


def _begins_a_formula(value):
    return value.startswith(_STARTS_A_FORMULA)

"""FMEA worksheets, read from CSV and XLSX so that every cell is used, carried through or named."""

import re
from dataclasses import dataclass, fields
from pathlib import Path

from faultlab.analysis.fmea.header import NoHeader, find_header
from faultlab.analysis.fmea.workbook import MOST_ROWS, Sheet, sheets_of
from faultlab.analysis.fmea.worksheet import RATINGS, RATINGS_AFTER, Row
from faultlab.analysis.fmea.writing import unescaped
from faultlab.errors import BadInput
from faultlab.input_files import content_of, decoded, table_records

MOST_BYTES = 20_000_000
_FIELDS = frozenset(field.name for field in fields(Row))
_COMPUTED = ("rpn", "action_priority", "rpn_after", "action_priority_after")
_THOUSAND = ("1.000", "1,000")  # the one RPN that spreadsheets group
_NUMBER = re.compile(r"([0-9]{1,9})([.,]0*)?")


@dataclass(frozen=True)
class Worksheet:
    """A worksheet, and what became of every part of it.

    Attributes
    ----------
    rows : tuple of Row
    columns : dict of str to tuple of str
        By field, the head that was taken for it; several where sheets have different ones.
    carried : tuple of str
        Heads of further columns, whose texts are in `Row.others`.
    titles : dict of str to tuple
        By sheet, the lines of text above its header.
    left_out : tuple of str
        What was not read: hidden sheets, charts, sheets that are no worksheet.
    remarks : tuple of str
        What a reader may want to know: an RPN in the sheet that its ratings don't give, hidden rows.
    """

    rows: tuple[Row, ...]
    columns: dict[str, tuple[str, ...]]
    carried: tuple[str, ...]
    titles: dict[str, tuple[tuple[str, ...], ...]]
    left_out: tuple[str, ...]
    remarks: tuple[str, ...]


def read_fmea(path: str | Path) -> list[Row]:
    """Return the rows of a worksheet, as `read_worksheet` does without the rest."""
    return list(read_worksheet(path).rows)


def read_worksheet(path: str | Path) -> Worksheet:
    """Read a worksheet.

    Parameters
    ----------
    path : str or Path
        CSV (comma, semicolon, tab or bar) or XLSX, every visible sheet of it that has a header. The header
        stands in the first 30 lines, and names an item, its failure mode, severity, occurrence and detection
        in words of `fmea_words.HEADS`; it may name effect, cause, controls, actions and the ratings after
        them. Further columns are kept as they are.

    Returns
    -------
    Worksheet

    Raises
    ------
    BadInput
        Naming the line and the remedy.
    """
    path = Path(path)
    content = content_of(path, MOST_BYTES, "a worksheet")
    if content[:2] == b"PK":
        sheets, left_out = sheets_of(content, path.name)
        named = len(sheets) > 1
        places = [f"{path.name}, sheet {sheet.title!r}" if named else path.name for sheet in sheets]
    else:
        records = table_records(decoded(content, path.name), path.name)
        lines = [(line, [unescaped(cell.strip()) for cell in cells]) for line, cells in records]
        sheets, left_out, places = [Sheet("", lines, frozenset(), {}, 0, 0)], [], [path.name]
    read, refused = [], []
    for sheet, place in zip(sheets, places, strict=True):
        try:
            header = find_header(sheet.lines, place)
        except NoHeader as wrong:
            refused.append(wrong)
            why = "empty" if not sheet.lines else f"no column for {' and '.join(wrong.missing)}"
            left_out.append(f"sheet {sheet.title!r} ({why})")
        else:
            read.append(_read(sheet, place, header))
    if not read:
        if not refused:
            raise BadInput(f"{path.name} has no visible sheet of cells; show the worksheet's.")
        raise min(refused, key=lambda one: len(one.missing))
    rows = tuple(row for one in read for row in one.rows)
    if len(rows) > MOST_ROWS:
        raise BadInput(f"{path.name} has more than {MOST_ROWS:,} rows; split it.")
    return Worksheet(
        rows,
        _joined([one.columns for one in read]),
        tuple(dict.fromkeys(head for one in read for head in one.carried)),
        {sheet: lines for one in read for sheet, lines in one.titles.items()},
        tuple(left_out),
        tuple(remark for one in read for remark in one.remarks),
    )


def _joined(columns):
    """The heads of every field over all sheets, each once."""
    every = dict.fromkeys(field for one in columns for field in one)
    return {
        field: tuple(dict.fromkeys(head for one in columns for head in one.get(field, ()))) for field in every
    }


def _read(sheet, place, header):
    """The worksheet on one sheet."""
    after = sheet.lines[header.first + header.lines :]
    top = [cells for _, cells in sheet.lines[: header.first]]
    titles = tuple(tuple(cell for cell in cells if cell.strip()) for cells in top)
    rows, remarks, section = [], [], ""
    met: dict = {}
    headings: dict = {}
    for line, cells in after:
        where = f"{place}, line {line}"
        _check_width(cells, header, where)
        if _is_header(cells, header) or _only_computed(cells, header):
            continue
        heading = _heading(sheet, line, cells, header)
        if heading:
            section = heading
            headings[heading] = line
            continue
        _check_formulas(sheet, line, header, where)
        given = {field: _cell(cells, at) for at, field in header.fields.items()}
        others = tuple((head, _cell(cells, at)) for at, head in header.carried.items() if _cell(cells, at))
        row = _row(given, others, section, sheet.title, where)
        if row.key in met:
            raise BadInput(
                f"{where}: the same item and failure mode as line {met[row.key]}, and the same cause; "
                "name one of them anew."
            )
        met[row.key] = line
        headings.pop(row.section, None)
        remarks += _disagreements(row, given, where)
        rows.append(row)
    remarks += [f"{place}, line {line}: the heading {text!r} has no rows." for text, line in headings.items()]
    if sheet.hidden_rows:
        remarks.append(f"{place}: hidden rows are read like all others, {sheet.hidden_rows} of them.")
    if sheet.formulas:
        remarks.append(f"{place}: {sheet.formulas} formulas are read as their last results.")
    carried = tuple(
        head
        for at, head in header.carried.items()
        if at in header.heads or any(_cell(c, at) for _, c in after)
    )
    columns: dict[str, tuple[str, ...]] = {
        field: (" ".join(header.heads[at].split()),) for at, field in header.fields.items()
    }
    return Worksheet(
        tuple(rows), columns, carried, {sheet.title: titles} if titles else {}, (), tuple(remarks)
    )


def _cell(cells, at):
    return cells[at].strip() if at < len(cells) else ""


def _check_width(cells, header, where):
    width = max(at for at, cell in enumerate(cells, 1) if cell.strip())
    if width > header.width:
        raise BadInput(
            f"{where}: {width} cells under {header.width} columns; put text with commas in quotes, or give "
            "the further column a head."
        )


def _is_header(cells, header):
    """Whether the header stands here again, as on every page of a printed form."""
    given = {at: cell.strip() for at, cell in enumerate(cells) if cell.strip()}
    return header.lines == 1 and given == header.heads


def _only_computed(cells, header):
    """Whether a line waits for its row: a form's formulas for the RPN stand there alone."""
    return all(header.fields.get(at) in _COMPUTED for at, cell in enumerate(cells) if cell.strip())


def _heading(sheet, line, cells, header):
    """The text of a line that is a heading: one cell alone, the first of the line or the item's."""
    given = {at: cell.strip() for at, cell in enumerate(cells) if cell.strip()}
    item = next(at for at, field in header.fields.items() if field == "item")
    at, text = next(iter(given.items()))
    alone = len(given) == 1 and (at in (item, min(header.heads)) or line in sheet.headings)
    return text if alone and any(letter.isalpha() for letter in text) else ""


def _check_formulas(sheet, line, header, where):
    """Refuse a formula without a stored result, but for what is computed here anyway."""
    for at in range(header.width):
        cell = sheet.without_result.get((line, at))
        if cell and header.fields.get(at) not in _COMPUTED:
            raise BadInput(
                f"{where}: the formula in {cell} has no stored result; save the workbook in a spreadsheet, "
                "or write the value."
            )


def _row(given, others, section, sheet, where):
    values = {}
    for field, cell in given.items():
        if field in (*RATINGS, *RATINGS_AFTER):
            values[field] = _rating(field, cell, where)
        elif field in _FIELDS:
            values[field] = cell
    for needed in ("item", "failure_mode"):
        if not values.get(needed):
            raise BadInput(
                f"{where}: there is no {needed}; every row names one, also where it goes on from "
                "the row above."
            )
    values["section"] = values.get("section") or section
    values["sheet"] = values.get("sheet") or sheet
    return Row(**values, others=others)


def _rating(field, cell, where):
    if not cell:
        return None
    found = _NUMBER.fullmatch(cell)
    number = int(found[1]) if found else 0
    if not 1 <= number <= 10:
        raise BadInput(
            f"{where}: {field} is a whole number from 1 to 10, not {cell[:40]!r}; leave it blank while "
            "nobody has rated it."
        )
    return number


def _disagreements(row, given, where):
    """Where a sheet's own RPN or Action Priority is not what its ratings give."""
    for field in _COMPUTED:
        said, right = given.get(field, ""), getattr(row, field)
        found = _NUMBER.fullmatch(said)
        value = int(found[1]) or None if found else said[:1].upper().replace("N", "L") or None
        if said and value != right and not (right == 1000 and said in _THOUSAND):
            gives = "nothing yet" if right is None else right
            yield f"{where}: the sheet says {field} {said[:40]!r}, its ratings give {gives}."

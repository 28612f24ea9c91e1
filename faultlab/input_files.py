"""Input files, opened in one way: their bytes up to a size, their text, and the records of a table.

Every reader of the course stands on these functions, so that a byte order mark, UTF-16, gzip, bad bytes and
size mean the same everywhere.
"""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from faultlab.errors import BadInput

DELIMITERS = ",;\t|"
LONGEST_FIELD = 1_000_000  # letters in one cell of a table
_RECORDS_TRIED = 30  # looked at to tell the delimiter
_NAMED_DELIMITER = re.compile(r'\s*"?sep=([^"\r\n])"?[,;\t]*\s*', re.IGNORECASE)  # Excel's own first line

# UTF-32 first: its mark in little-endian begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)


def content_of(path: str | Path, most_bytes: int, what: str) -> bytes:
    """Return the bytes of a file; one that is packed with gzip is unpacked.

    Parameters
    ----------
    path : str or Path
    most_bytes : int
        Above which a file is refused, packed or unpacked; no more is read, so that a device without end is
        refused too.
    what : str
        What the file should hold, as in "a system model".

    Returns
    -------
    bytes

    Raises
    ------
    BadInput
        For a file that is absent, no file, or too large, or whose packing is damaged.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
        if content[:2] == b"\x1f\x8b":
            with gzip.open(path) as file:
                content = file.read(most_bytes + 1)
    except IsADirectoryError:
        raise BadInput(f"{path.name or path} is a folder; name the file in it.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise BadInput(f"{path.name} is packed with gzip and damaged; unpack it, or save it anew.") from None
    except (OSError, ValueError) as wrong:  # ValueError: a name that holds a zero byte
        said = getattr(wrong, "strerror", None) or wrong
        raise BadInput(f"can't read {str(path)!r}: {said}; check the path and try again.") from None
    if len(content) > most_bytes:
        raise BadInput(f"{path.name} is larger than {what} may be, {most_bytes:,} bytes; split it.")
    return content


def text_of(path: str | Path, most_bytes: int, what: str) -> str:
    """Return the text of a file: UTF-8 with or without its mark, or what another mark says.

    Parameters
    ----------
    path : str or Path
    most_bytes : int
    what : str
        As for `content_of`.

    Returns
    -------
    str
        Without a mark; its line ends as they are.

    Raises
    ------
    BadInput
        As `content_of`, and for what is no text.
    """
    return decoded(content_of(path, most_bytes, what), Path(path).name)


def decoded(content: bytes, name: str) -> str:
    r"""Return bytes as text.

    Parameters
    ----------
    content : bytes
    name : str
        Named where it can't be done.

    Returns
    -------
    str

    Raises
    ------
    BadInput
        With the line of the first byte that is no UTF-8, or for binary data.

    Examples
    --------
    >>> decoded("\ufeffstart,end".encode("utf-16"), "a.csv")
    'start,end'
    >>> decoded(b"start,end\nGrund: \xdc", "a.csv")
    Traceback (most recent call last):
        ...
    faultlab.errors.BadInput: a.csv, line 2: this is not text in UTF-8; save it in UTF-8 (Excel: CSV UTF-8).
    """
    encoding = next((known for mark, known in _MARKS if content.startswith(mark)), _unmarked(content))
    try:
        text = content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        kind = "UTF-8" if encoding.startswith("utf-8") else encoding.upper()
        raise BadInput(
            f"{name}, line {line}: this is not text in {kind}; save it in UTF-8 (Excel: CSV UTF-8)."
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise BadInput(f"{name}, line {line}: this is binary data and no text; save it as text in UTF-8.")
    return text


def _unmarked(content):
    """UTF-16 without a mark shows by its zero bytes: of Latin text every second one."""
    start = content[:200]
    if len(start) >= 4 and len(start) % 2 == 0:
        for encoding, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
            if zeros.count(0) > 0.8 * len(zeros) and start.count(0) < 0.6 * len(start):
                return encoding
    return "utf-8"


def table_records(text: str, name: str) -> list[tuple[int, list[str]]]:
    r"""Return the records of a table kept as text, with the line that each begins in.

    The delimiter (comma, semicolon, tab or bar) is the one that cuts the largest share of its records into
    equally many cells, or the one that a first line such as ``sep=;`` names. Text in quotes may hold
    delimiters, line ends and doubled quotes, or quotes behind a backslash. After a record that goes wrong
    nothing is read: whatever follows may stand inside its quotes.

    Parameters
    ----------
    text : str
    name : str
        Named where the table can't be read.

    Returns
    -------
    list of (int, list of str)
        Empty records are left out.

    Raises
    ------
    BadInput
        With the line in which a quote is opened and not closed, or closed and followed by more text.

    Examples
    --------
    >>> table_records('sep=;\na;b\n1,5;"two\nlines"\n', "a.csv")
    [(2, ['a', 'b']), (3, ['1,5', 'two\nlines'])]
    """
    lines = list(io.StringIO(text, newline=""))
    named = _NAMED_DELIMITER.fullmatch(lines[0]) if lines else None
    first, delimiter = (1, named[1]) if named else (0, _delimiter(lines))
    records, line = _read(lines, first, delimiter)
    if line is not None:
        behind_backslash, still = _read(lines, first, delimiter, escapechar="\\")
        if still is not None or '\\"' not in text:
            raise BadInput(
                f"{name}, line {line + 1}: a quote is opened and not closed, or text stands beside a quoted "
                'text; close the quotes, and double each quote inside them ("").'
            )
        records = behind_backslash
    return records


def _delimiter(lines):
    best, most = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        records, _ = _read(lines, 0, delimiter, most=_RECORDS_TRIED)
        widths = Counter(len(cells) for _, cells in records if len(cells) > 1)
        if widths:
            width, times = max(widths.items(), key=lambda one: (one[1], one[0]))
            # A share and not a number: text in quotes falls into many records under a wrong delimiter.
            if (times / len(records), width) > most:
                best, most = delimiter, (times / len(records), width)
    return best


def _read(lines, first, delimiter, most=None, **dialect):
    """The records, and the place of the line in which one goes wrong, or None."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(lines[first:], delimiter=delimiter, strict=True, **dialect)
    records, begin = [], first
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                records.append((begin + 1, cells))
            begin = first + reader.line_num
            if most is not None and len(records) >= most:
                break
    except csv.Error:
        return records, begin
    return records, None


def refuse_overwriting(read: Iterable[str | Path | None], written: Iterable[str | Path | None]) -> None:
    """Refuse to write over a file that was read, or two things into one file.

    Parameters
    ----------
    read, written : iterable of str, Path or None
        None stands for a file that nobody named.

    Raises
    ------
    BadInput
        Names the file.
    """
    taken = {_place(one): "is read here" for one in read if one is not None}
    for one in written:
        if one is None:
            continue
        place = _place(one)
        if place in taken:
            raise BadInput(
                f"{Path(one).name} {taken[place]} and would be lost; name another file to write to."
            )
        taken[place] = "is written already"


def _place(path):
    try:
        return Path(path).resolve()
    except (OSError, ValueError, RuntimeError):  # no such name can be: whoever opens it says so
        return Path(path)

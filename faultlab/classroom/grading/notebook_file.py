"""Read a submitted notebook whatever an editor, a tool or a person made of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from faultlab.errors import BadInput
from faultlab.input_files import decoded

MOST_BYTES = 200_000_000
"""Of a file; nearly all of a large one are outputs, which are passed over."""
MOST_LETTERS = 20_000_000
"""Of a notebook without its outputs."""
KEPT = 2_000
"""Letters of a cell's output that are kept, in which a lab says its team."""

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|["\[\]{}]', re.DOTALL)
_LIST_FOLLOWS = re.compile(r"\s*:\s*(?=\[)")
_KINDS = ("code", "markdown", "raw", "heading", "html")


@dataclass(frozen=True)
class Cell:
    """A cell: its place from 1, its kind, source, metadata and id, and the beginning of what it showed."""

    number: int
    kind: str
    source: str
    metadata: dict[str, Any] = field(default_factory=dict)
    id: str = ""
    said: str = ""

    @property
    def mark(self) -> dict[str, Any]:
        """What nbgrader knows of the cell."""
        return _object(self.metadata.get("nbgrader"))

    @property
    def label(self) -> str:
        """The name that nbgrader knows the cell by, or nothing."""
        label = self.mark.get("grade_id")
        return label if isinstance(label, str) else ""


@dataclass(frozen=True)
class Notebook:
    """The cells of a notebook, and in sentences what was odd, or why it can't be read at all."""

    cells: tuple[Cell, ...] = ()
    remarks: tuple[str, ...] = ()
    refused: str = ""


def read_notebook(content: bytes) -> Notebook:
    r"""Read a notebook; nothing is raised, whatever the bytes are.

    Parameters
    ----------
    content : bytes
        JSON of nbformat 3 or 4, with any line ends and any mark.

    Returns
    -------
    Notebook

    Examples
    --------
    >>> read_notebook(b'\xef\xbb\xbf{"cells": [{"cell_type": "code", "source": "x\\r\\n"}]}').cells[0].source
    'x\n'
    >>> read_notebook(b"<html>").refused
    'It is a web page (HTML) and no notebook: ask for the .ipynb itself.'
    """
    remarks: list[str] = []
    try:
        text = decoded(content, "It")
    except BadInput:
        text = content.decode("utf-8", errors="replace")
        remarks.append("Some of its bytes are no UTF-8.")
    try:
        text = without_outputs(text)
        if len(text) > MOST_LETTERS:
            return _refused(
                f"It has {len(text) / 1e6:.0f} MB without its outputs; {MOST_LETTERS / 1e6:.0f} MB is the "
                "most: ask for one without pictures or data in its cells."
            )
        data = json.loads(text)
        return _cells_of(data, remarks)
    except json.JSONDecodeError as broken:
        return _refused(_why_no_json(text, broken))
    except (ValueError, RecursionError, MemoryError):
        return _refused("It is no notebook: its JSON is nested too deep, or has a number too long.")


def without_outputs(text: str) -> str:
    """Return a notebook's JSON with each list of outputs as a short text, without reading what is in them.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        With as many lines as before, so that a broken place keeps its number.

    Examples
    --------
    >>> without_outputs('{"outputs": [{"a": "]"}], "source": "\\\\"outputs\\\\": ["}')
    '{"outputs": "[{\\\\"a\\\\": \\\\"]\\\\"}]", "source": "\\\\"outputs\\\\": ["}'
    """
    parts, done, place = [], 0, 0
    while token := _TOKEN.search(text, place):
        place = token.end()
        if token[0] == '"':
            break  # a text that never ends: the reader of JSON says where
        if token[0] != '"outputs"' or not (follows := _LIST_FOLLOWS.match(text, place)):
            continue
        place = _end_of_list(text, follows.end())
        said = text[follows.end() : min(place, follows.end() + KEPT)]
        parts += [text[done : follows.end()], json.dumps(said), "\n" * text.count("\n", follows.end(), place)]
        done = place
    return "".join([*parts, text[done:]])


def _end_of_list(text, place):
    depth = 0
    for token in _TOKEN.finditer(text, place):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        if depth == 0:
            return token.end()
    return len(text)


def _refused(sentence):
    return Notebook(refused=sentence)


def _why_no_json(text, broken):
    start = text.lstrip()[:20].lower()
    if not start:
        return "It is empty."
    if start.startswith("<") and not start.startswith("<<<"):
        return "It is a web page (HTML) and no notebook: ask for the .ipynb itself."
    if start.startswith("pk\x03\x04"):
        return "It is a zip file with another name: call it .zip, or unpack it."
    if re.search(r"^<<<<<<< ", text, re.MULTILINE):
        return "It is no notebook: git left the marks of a conflict (<<<<<<<) in it."
    return f"It is no notebook: its JSON is broken in line {broken.lineno} ({broken.msg})."


def _cells_of(data, remarks):
    if not isinstance(data, dict):
        return _refused("It is no notebook: it is JSON, but no object with cells.")
    found = data.get("cells")
    if not isinstance(found, list) and isinstance(data.get("worksheets"), list):
        sheets = [sheet for sheet in data["worksheets"] if isinstance(sheet, dict)]
        found = [cell for sheet in sheets for cell in sheet.get("cells") or ()]
        remarks.append("It is in nbformat 3, the format of before 2015; it was read all the same.")
    if not isinstance(found, list):
        return _refused("It is no notebook: it has no list of cells.")
    cells, odd = [], []
    for number, cell in enumerate(found, 1):
        if not isinstance(cell, dict):
            odd.append(f"cell {number} is no cell")
            continue
        odd += [f"cell {number} {wrong}" for wrong in _oddities(cell)]
        cells.append(_cell(number, cell))
    if odd:
        more = f" and {len(odd) - 6} more" if len(odd) > 6 else ""
        remarks.append(f"Odd cells, read as far as they go: {', '.join(odd[:6])}{more}.")
    return Notebook(tuple(cells), tuple(remarks))


def _cell(number, cell):
    kind = cell.get("cell_type")
    if kind not in _KINDS:
        kind = "code" if "outputs" in cell or "execution_count" in cell else "raw"
    identity, said = cell.get("id"), cell.get("outputs")
    return Cell(
        number,
        kind,
        _text(cell.get("source", cell.get("input"))),
        _object(cell.get("metadata")),
        identity if isinstance(identity, str) else "",
        said if isinstance(said, str) else "",
    )


def _oddities(cell) -> Iterator[str]:
    kind = cell.get("cell_type")
    if kind not in _KINDS:
        yield "has no type" if kind is None else "has a type that there is not"
    if "source" not in cell and "input" not in cell:
        yield "has no source"
    else:
        source = cell.get("source", cell.get("input"))
        if source is None:
            yield "has null for its source"
        elif not isinstance(source, str | list):
            yield "has something else than text for its source"
        elif not all(isinstance(line, str) for line in source):
            yield "has something else than text among its lines"
    if "metadata" in cell and not isinstance(cell["metadata"], dict):
        yield "has no metadata"
    elif "nbgrader" in (cell.get("metadata") or ()) and not isinstance(cell["metadata"]["nbgrader"], dict):
        yield "has no metadata of nbgrader's"


def _object(value):
    return value if isinstance(value, dict) else {}


def _text(source):
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    text = source if isinstance(source, str) else ""
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")

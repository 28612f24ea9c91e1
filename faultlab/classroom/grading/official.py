"""What the official labs say: which cell answers which task, and with which expression."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from faultlab.classroom.grading.notebook_file import MOST_BYTES, Cell, read_notebook
from faultlab.errors import BadInput
from faultlab.input_files import content_of

CHECK = re.compile(r"^[ \t]*check\.([A-Za-z_]\w*)\(", re.MULTILINE)


@dataclass(frozen=True)
class Sheet:
    """An official lab.

    Parameters
    ----------
    name : str
        Such as "08_metrics".
    expressions : dict of str to str
        What answers a task, by the task's name: `minutes` for `check.minutes_a_month(minutes)`.
    answer_cells : dict of str to str
        The label of the cell that a task is answered in.
    labels : tuple of str
        Of every cell that nbgrader knows.
    ids : dict of str to str
        The label of each cell by the cell's id, which outlives metadata in some editors.
    answers : dict of str to str
        What the cells for answers hold before anybody has answered, by label.
    texts : tuple of str
        The labels of those in which people write text or code of their own.
    """

    name: str
    expressions: dict[str, str]
    answer_cells: dict[str, str]
    labels: tuple[str, ...]
    ids: dict[str, str]
    answers: dict[str, str]
    texts: tuple[str, ...]


def read_sheets(labs: Path) -> dict[str, Sheet]:
    """Read every official lab in a folder that has tasks.

    Parameters
    ----------
    labs : Path

    Returns
    -------
    dict of str to Sheet

    Raises
    ------
    BadInput
        If there is none.
    """
    sheets = [_read_sheet(path) for path in sorted(labs.glob("*.ipynb"))]
    found = {sheet.name: sheet for sheet in sheets if sheet.expressions}
    if not found:
        raise BadInput(f"{labs} holds no labs with tasks: name the folder labs of the course with --labs.")
    return found


def _read_sheet(path):
    cells = read_notebook(content_of(path, MOST_BYTES, "a lab")).cells
    expressions, answer_cells, answers, texts, latest = {}, {}, {}, [], ""
    for cell in cells:
        if cell.kind != "code":
            continue
        if cell.mark.get("solution"):
            latest = cell.label
            answers[latest] = cell.source
            if "faultlab" not in cell.metadata:  # no box of which one copies the same number as everybody
                texts.append(latest)
        for name, expression in _checks(cell.source):
            expressions[name] = expression
            answer_cells[name] = latest
    labelled = {cell.id: cell.label for cell in cells if cell.label}
    return Sheet(
        path.stem, expressions, answer_cells, tuple(labelled.values()), labelled, answers, tuple(texts)
    )


def _checks(source) -> Iterator[tuple[str, str]]:
    """Every `check.NAME(EXPRESSION)` at the top of a cell."""
    try:
        lines = ast.parse(source).body
    except (SyntaxError, ValueError):
        return
    for line in lines:
        call = line.value if isinstance(line, ast.Expr) else None
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and call.func.value.id == "check"
            and len(call.args) == 1
        ):
            yield call.func.attr, ast.unparse(call.args[0])


def sheet_of(name: str, cells: Sequence[Cell], sheets: dict[str, Sheet]) -> Sheet | None:
    """Return the lab that a notebook is: by its line `open_lab`, its file's name, or its labels and checks.

    Parameters
    ----------
    name : str
        Of the file.
    cells : sequence of Cell
    sheets : dict of str to Sheet

    Returns
    -------
    Sheet or None
    """
    said = "\n".join(cell.source for cell in cells)
    for lab in re.findall(r"open_lab\(\s*[\"']([\w.-]{1,60})[\"']", said):
        if lab in sheets:
            return sheets[lab]
    if "open_lesson(" in said and not CHECK.search(said):
        return None
    named = next((sheet for lab, sheet in sheets.items() if lab in name), None)
    if named:
        return named
    checked = set(CHECK.findall(said))
    labels, ids = {cell.label for cell in cells}, {cell.id for cell in cells}

    def shared(sheet):
        labelled = labels | {sheet.ids[one] for one in ids & set(sheet.ids)}
        return len(checked & set(sheet.expressions)) + len(labelled & set(sheet.answer_cells.values()))

    best = max(sheets.values(), key=shared)
    return best if shared(best) >= 2 else None

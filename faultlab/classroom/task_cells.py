"""The three cells of a lab's task, in nbgrader's format: its question, its answer, its check."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from typing import TYPE_CHECKING, Any

import nbformat

from faultlab.classroom.answers.kinds import Function
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from faultlab.classroom.answers.kinds import Task

ANSWERED = re.compile(r"^(?:def (\w+)|(\w+) =)", re.M)
SOLUTION = "### BEGIN SOLUTION\n{}\n### END SOLUTION"


def write_task_cells(notebook: NotebookNode, tasks: dict[str, Task]) -> None:
    """Write the cells of each task into the source of a lab, in place.

    A question and a check are made anew from the task's entry in `TASKS`, before and after its answer. Of an
    answer, the lab's author may write the words; a task that has none yet gets one before the summary, with
    the reference as its solution.

    Parameters
    ----------
    notebook : NotebookNode
    tasks : dict
        The lab's tasks by name.

    Raises
    ------
    BadInput
        If an answer names nothing that could be checked.
    """
    known = {_grade_id(cell): cell for cell in notebook.cells}
    made = {f"{name}-{part}" for name in tasks for part in ("question", "check")}
    cells = [cell for cell in notebook.cells if _grade_id(cell) not in made]
    new = [
        _cell(known, f"{name}-answer", _first_answer(task), solution=True, locked=False)
        for name, task in tasks.items()
        if f"{name}-answer" not in known
    ]
    end = next((place for place, cell in enumerate(cells) if _grade_id(cell) == "summary"), len(cells))
    cells[end:end] = new
    notebook.cells = []
    for cell in cells:
        task = tasks.get(_grade_id(cell).removesuffix("-answer"))
        notebook.cells += [cell] if task is None else _around(cell, task, known)


def _around(answer, task, known):
    """An answer between its question and its check."""
    named = ANSWERED.search(answer.source)
    if not named:
        raise BadInput(f"The answer of {task.name} begins with no `name = ...` and no function.")
    check, given = f"check.{task.name}", named[1] or named[2]
    question = _cell(known, f"{task.name}-question", f"{check}.question()")
    question.metadata["jupyter"] = {"source_hidden": True}
    hidden = f"### BEGIN HIDDEN TESTS\n{check}.grade({given})\n### END HIDDEN TESTS"
    source = f"{check}({given})\n{hidden}"
    return [question, answer, _cell(known, f"{task.name}-check", source, grade=True, points=task.points)]


def _first_answer(task):
    if not isinstance(task, Function):
        reference = f"{task.name} = check.{task.name}.task.reference(check.{task.name}.numbers)"
        return f"{task.name} = ...\n{SOLUTION.format(reference)}"
    source = textwrap.dedent(inspect.getsource(task.solution))
    function: Any = ast.parse(source).body[0]
    begin = function.body[1 if ast.get_docstring(function) else 0].lineno - 1
    lines = source.rstrip().split("\n")
    solution = SOLUTION.format(textwrap.dedent("\n".join(lines[begin:])))
    return "\n".join([*lines[:begin], "    ...", textwrap.indent(solution, "    ")])


def _cell(known, grade_id, source, **graded: Any):
    """A cell as nbgrader wants it: the known one with its outputs, or a new one."""
    cell = known.get(grade_id) or nbformat.v4.new_code_cell()
    plain = {"grade": False, "locked": True, "solution": False, "task": False, "schema_version": 3}
    cell.source = source
    cell.metadata = nbformat.from_dict({"nbgrader": plain | {"grade_id": grade_id} | graded})
    return cell


def _grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")

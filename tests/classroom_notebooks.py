"""Notebooks for the tests of the classroom, made from a lab's own tasks, so that they never go stale."""

import inspect
import textwrap

import nbformat

from faultlab.classroom import Function, tasks_of


def _nbgrader(grade_id, **flags):
    cell = {
        "schema_version": 3,
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
        "grade_id": grade_id,
    }
    return {"nbgrader": cell | flags}


def solution_notebook(lab="08_metrics"):
    """A source notebook in nbgrader's format with every task of a lab."""
    cells = [
        nbformat.v4.new_markdown_cell(f"# Lab {lab}", id="title"),
        nbformat.v4.new_code_cell(
            f'from faultlab.classroom import open_lab\n\ncheck = open_lab("{lab}")',
            id="open",
            metadata=_nbgrader("open", locked=True),
        ),
    ]
    for name, task in tasks_of(lab).items():
        variable, source = _solved(name, task)
        cells += [
            nbformat.v4.new_code_cell(f"check.{name}.question()", id=f"{name}-question"),
            nbformat.v4.new_code_cell(
                source, id=f"{name}-answer", metadata=_nbgrader(f"{name}-answer", solution=True)
            ),
            nbformat.v4.new_code_cell(
                f"check.{name}({variable})\n### BEGIN HIDDEN TESTS\ncheck.{name}.grade({variable})\n"
                "### END HIDDEN TESTS",
                id=f"{name}-check",
                metadata=_nbgrader(f"{name}-check", grade=True, locked=True, points=task.points),
            ),
        ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return notebook


def _solved(name, task):
    if not isinstance(task, Function):
        variable = f"my_{name}"
        reference = f"check.{name}.task.reference(check.{name}.numbers)"
        return variable, f"{variable} = ...\n### BEGIN SOLUTION\n{variable} = {reference}\n### END SOLUTION"
    lines = textwrap.dedent(inspect.getsource(task.solution)).rstrip().split("\n")
    head = next(i for i, line in enumerate(lines) if line.rstrip().endswith(":")) + 1
    return task.solution.__name__, "\n".join(
        [*lines[:head], "    ...", "    ### BEGIN SOLUTION", *lines[head:], "    ### END SOLUTION"]
    )


def answered(lab_notebook, answers):
    """A copy of a lab in which some answer cells hold other sources, by the task's name."""
    notebook = nbformat.from_dict(lab_notebook)
    for cell in notebook.cells:
        name = cell.get("id", "").removesuffix("-answer")
        if cell.get("id", "").endswith("-answer") and name in answers:
            cell.source = answers[name]
    return notebook

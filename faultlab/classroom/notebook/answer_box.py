"""The box in which a decision is answered without code: what it asks for, and what becomes of what is typed.

JupyterLab's extension of the course shows the box below a question. What it needs to know stands in the
metadata of the answer's cell, under `faultlab`, written here when the labs are made. What is typed comes
back to `entry`, which returns the literal that the extension puts into the cell: so what is saved, run and
graded is a plain assignment, with the box or without it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from faultlab.classroom.answers import typed
from faultlab.classroom.answers.file_report import FileReport
from faultlab.classroom.answers.kinds import Choice, Names, Number, Table
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from typing import Any

    from nbformat import NotebookNode

    from faultlab.classroom.answers.kinds import Task

STUB = re.compile(r"(?P<name>[A-Za-z_]\w*) = \.\.\.[ \t]*(#.*)?")
DICTIONARY = re.compile(r"^(?P<name>[A-Za-z_]\w*) = \{$", re.M)
PART = re.compile(r"^    \"(\w+)\": \.\.\.,$", re.M)
CHECK = re.compile(r"check\.(?P<task>\w+)\((?P<name>[A-Za-z_]\w*)\)")


@dataclass(frozen=True)
class Entry:
    """What became of a typed answer: a literal to write into the cell, or a sentence on what to mend.

    Several numbers become as many literals.
    """

    literal: str | tuple[str, ...] = ""
    sentence: str = ""

    def _repr_json_(self):
        return {"literal": self.literal, "sentence": self.sentence}


def entry(task: Task, text: str | dict[str, str]) -> Entry:
    """Return what a typed answer is in Python, or a sentence about it.

    Parameters
    ----------
    task : Number, Choice, Names or Table
    text : str, or dict of str
        As it was typed into the box; several numbers by their names.

    Returns
    -------
    Entry

    Examples
    --------
    >>> from faultlab.classroom.tasks import tasks_of
    >>> entry(tasks_of("08_metrics")["minutes_a_month"], "86,4 minutes").literal
    '86.4'
    >>> entry(tasks_of("08_metrics")["better_or_lucky"], "b").literal
    '"B"'
    """
    # A tree of the learner's own: its class brings the analysis along, which no lesson's opening waits for.
    if hasattr(task, "outlined") and isinstance(text, dict):
        return _tree(task, text)
    if isinstance(task, FileReport) and isinstance(text, dict):
        return _report(task, text)
    if isinstance(text, dict):
        return _several(text)
    if typed.is_placeholder(text):
        return Entry(sentence=_asked_first(task))
    try:
        given = task.read(text)
    except typed.Unread as problem:
        return Entry(sentence=str(problem))
    if isinstance(task, Number):
        return Entry(_plainly(given))
    plain = given if isinstance(task, Choice) else " ".join(text.split()).strip("\"'")
    return Entry(json.dumps(plain, ensure_ascii=False))


def _asked_first(task):
    if isinstance(task, Choice):
        return "Choose an option first."
    if isinstance(task, Names) and task.letters:
        return "Choose at least one option first."
    return "Type your answer first, then press Enter."


def _several(texts):
    found = []
    for name, text in texts.items():
        if typed.is_placeholder(text):
            return Entry(sentence=f"Type a number for {name.replace('_', ' ')}, then press Enter.")
        try:
            found.append(_plainly(typed.number(text)))
        except typed.Unread as problem:
            return Entry(sentence=f"{name.replace('_', ' ').capitalize()}: {problem}")
    return Entry(tuple(found))


def _tree(task, texts):
    try:
        tree = task.outlined(texts["tree"])
    except BadInput as problem:
        return Entry(sentence=str(problem))
    if not tree:
        return Entry(sentence="Write the top event first, then what it takes, indented.")
    if not texts["enough"]:
        return Entry(sentence="Tick the events of one minimal cut set, then press Check.")
    rows = [f"        {_quoted(name)}: {_quoted(gate)}," for name, gate in tree.items()]
    return Entry(
        "\n".join(["{", '    "tree": {', *rows, "    },", f'    "enough": {_quoted(texts["enough"])},', "}"])
    )


def _report(task, texts):
    """The literals of a report on a file; where no number was typed, the numbers that the file gives."""
    given = {name: texts[name] for name in task.given}
    counted = {name: text for name, text in texts.items() if name not in given}
    for name, text in given.items():
        if typed.is_placeholder(text):
            return Entry(sentence=f"{name.capitalize()} is empty: fill it in, then press Enter.")
    quoted = tuple(map(_quoted, given.values()))
    if not all(map(typed.is_placeholder, counted.values())):
        found = _several(counted)
        return found if found.sentence else Entry((*quoted, *found.literal))
    try:
        report = task.report(given)
    except (BadInput, OSError) as problem:
        return Entry(sentence=str(problem))
    return Entry((*quoted, *(_plainly(float(report[name])) for name in counted)))


def _quoted(value):
    return json.dumps(value, ensure_ascii=False)


def _plainly(number):
    return repr(int(number) if number.is_integer() and abs(number) < 1e15 else number)


def box_of(task: Task, parts: Sequence[str] = ()) -> dict[str, Any] | None:
    """Return what a box has to know of a task; None for a task that is answered with code.

    Parameters
    ----------
    task : one of the kinds of task
    parts : sequence of str
        The names of the numbers that a `Table` asks for.

    Examples
    --------
    >>> from faultlab.classroom.tasks import tasks_of
    >>> box_of(tasks_of("08_metrics")["two_parts"])
    {'task': 'two_parts', 'label': 'From MTBF and MTTR to availability', 'kind': 'number', 'unit': '%'}
    """
    asked = {"task": task.name, "label": task.title}
    if isinstance(task, Number):
        return asked | {"kind": "number", "unit": task.unit}
    if isinstance(task, Choice):
        return asked | {"kind": "choice", "options": list(task.options)}
    if isinstance(task, Names):
        return asked | {"kind": "names"}
    if hasattr(task, "outlined"):
        return asked | {"kind": "outline"}
    if isinstance(task, FileReport):
        return asked | {"kind": "file", "given": list(task.given), "parts": [*task.given, *parts]}
    if isinstance(task, Table) and parts:
        return asked | {"kind": "numbers", "parts": list(parts)}
    return None


def mark_answers(notebook: NotebookNode, tasks: dict[str, Task]) -> None:
    """Write into the cells of a lab, in place, which of them a box may answer.

    Parameters
    ----------
    notebook : NotebookNode
        A lab or its source. An answer is a cell that begins with `name = ...`, or holds a dictionary
        `name = {"part": ..., }`, and is followed by `check.task(name)`.
    tasks : dict
        The lab's tasks by name.
    """
    stubs: dict[str, tuple[NotebookNode, list[str]]] = {}
    for cell in notebook.cells:
        cell.metadata.pop("faultlab", None)
        source = cell.source.partition("### BEGIN SOLUTION")[0]
        first = source.partition("\n")[0]
        stub, several, checked = STUB.fullmatch(first), DICTIONARY.search(source), CHECK.fullmatch(first)
        if stub:
            stubs[stub["name"]] = cell, []
        elif several:
            stubs[several["name"]] = cell, PART.findall(source)
        elif checked and checked["task"] in tasks and checked["name"] in stubs:
            answer, parts = stubs.pop(checked["name"])
            box = box_of(tasks[checked["task"]], parts)
            if box:
                answer.metadata["faultlab"] = {"answer": box | {"name": checked["name"]}}

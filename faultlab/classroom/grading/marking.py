"""Mark one submission: give its cells to the tasks, run it apart, and compare what it hands over.

A submission runs in a process and a folder of its own, on a copy of the package that has no tasks and so
no answers. What it hands over is plain data: the value of each answer, and what its functions returned for
cases that the grader chose. This process compares them with the references and never runs a learner's line.
So there is nothing to gain from an overwritten checker or a forged output: a submission gets points for right
values, and only for those.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from faultlab.classroom.answers import plain, sandbox
from faultlab.classroom.answers.file_report import FileReport
from faultlab.classroom.answers.kinds import CORRECT, NOT_STARTED, Function
from faultlab.classroom.grading.handed_in import Submission
from faultlab.classroom.grading.notebook_file import Cell, read_notebook
from faultlab.classroom.grading.official import CHECK, Sheet, sheet_of
from faultlab.classroom.grading.quarantine import Limits, run_submission
from faultlab.classroom.learner.seeds import DEFAULT_TEAM, team_code
from faultlab.classroom.tasks import tasks_of
from faultlab.errors import BadInput

UNCONFINED = (
    "It ran unconfined: it could have read the answers and changed files, so its points prove nothing."
)


@dataclass
class Graded:
    """What one notebook got.

    Parameters
    ----------
    file, learner, team, lab : str
    points, possible : dict of str to float
        By the task's name.
    states : dict of str to str
        What came out of each task, and why where it got no points.
    remarks : list of str
        What was unusual, in sentences.
    own : dict of str to str
        The learner's own text or code, by the label of its cell.
    digest : str
        The same for files of which every byte is the same.
    """

    file: str
    learner: str
    team: str = ""
    lab: str = ""
    points: dict[str, float] = field(default_factory=dict)
    possible: dict[str, float] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    own: dict[str, str] = field(default_factory=dict)
    digest: str = ""

    @property
    def total(self) -> float:
        """Points of all tasks."""
        return round(sum(self.points.values()), 2)

    @property
    def most(self) -> float:
        """What all tasks are worth."""
        return sum(self.possible.values())


def mark(
    submission: Submission,
    sheets: Mapping[str, Sheet],
    teams: Mapping[str, str],
    limits: Limits,
    unconfined: bool = False,
) -> Graded:
    """Grade one submission; a pure function of what was handed in, so that any machine can do it.

    Parameters
    ----------
    submission : Submission
    sheets : mapping of str to Sheet
    teams : mapping of str to str
        Learner to team code; it goes before what the notebook says.
    limits : Limits
    unconfined : bool
        Whether it may run where the machine can't confine it.

    Returns
    -------
    Graded

    Raises
    ------
    BadInput
        If this machine can't confine it and it may not run so.
    """
    graded = Graded(submission.file, submission.learner)
    try:
        _mark(submission, graded, sheets, teams, limits, unconfined)
    except BadInput:
        raise
    except Exception as problem:
        graded.remarks.append(f"It could not be graded ({type(problem).__name__}: {str(problem)[:200]}).")
    return graded


def _mark(submission, graded, sheets, teams, limits, unconfined):
    if submission.refused:
        graded.remarks.append(submission.refused)
        return
    notebook = read_notebook(submission.content)
    graded.remarks += notebook.remarks
    if notebook.refused:
        graded.remarks.append(notebook.refused)
        return
    cells = notebook.cells
    sheet = sheet_of(submission.file, cells, sheets)
    if sheet is None:
        graded.remarks.append(_no_lab(cells))
        return
    graded.lab = sheet.name
    tasks = {name: task for name, task in tasks_of(sheet.name).items() if name in sheet.expressions}
    graded.possible = {name: task.points for name, task in tasks.items()}
    graded.points = dict.fromkeys(tasks, 0.0)
    graded.states = dict.fromkeys(tasks, NOT_STARTED)
    graded.team = _team_of(graded, cells, teams)
    labelled = _labelled(cells, sheet, graded)
    graded.own = _own(labelled, sheet)
    graded.digest = sha256(submission.content).hexdigest() if _changed(labelled, sheet) else ""
    places, aside = _places(labelled, cells, tasks, sheet)
    cases = {
        name: {"cases": task.cases_for(graded.team, sheet.name), "seconds": task.seconds, "drive": task.drive}
        for name, task in tasks.items()
        if isinstance(task, Function)
    }
    job = _job(cells, places, sheet, tasks, graded.team)
    run = run_submission(job, cases, limits, submission.beside, unconfined)
    if not run.confined:
        graded.remarks.append(UNCONFINED)
    with tempfile.TemporaryDirectory(prefix="faultlab-files-") as folder:
        for name, content in submission.beside.items():
            Path(folder, name).write_bytes(content)
        _judge(run, tasks, cases, sheet, graded, aside, Path(folder))


def _no_lab(cells):
    said = "\n".join(cell.source for cell in cells)
    lesson = re.search(r"open_lesson\(\s*[\"']([\w.-]{1,60})[\"']", said)
    if lesson:
        return f"It is lesson {lesson[1]} and no lab: ask for the notebook from the folder labs."
    return "It is no lab of this course that I know: no open_lab line, name or check says which."


def _team_of(graded, cells, teams):
    named = teams.get(graded.learner)
    for cell in cells:
        if not named and cell.kind == "code" and "open_lab" in cell.source:
            typed = re.search(r"open_lab\([^)]*team\s*=\s*[\"']([^\"']{1,40})[\"']", cell.source)
            shown = re.search(r"team ([a-z0-9-]{1,20})", cell.said)
            found = typed or shown
            named = found and found[1]
    try:
        return team_code(named or DEFAULT_TEAM)
    except BadInput:
        graded.remarks.append(
            f"Its team code {named[:40]!r} can't be used, so it was graded as {DEFAULT_TEAM}."
        )
        return DEFAULT_TEAM


def _labelled(cells, sheet, graded):
    """The cells by their official label, each list in order; a remark on what is missing or there twice."""
    by_label: dict[str, list[Cell]] = {}
    by_id: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.label in sheet.labels:
            by_label.setdefault(cell.label, []).append(cell)
        elif cell.id in sheet.ids:
            by_id.setdefault(sheet.ids[cell.id], []).append(cell)
    missing = [label for label in sheet.labels if label not in by_label]
    deleted = [label for label in missing if label not in by_id]
    if not by_label:
        graded.remarks.append(
            "The labels of its cells were lost, as some editors do: answers were found by "
            + ("their cells' ids." if not deleted else "the checks that follow them.")
        )
    else:
        if deleted:
            graded.remarks.append(f"Cells were deleted: {listed(deleted)}.")
        if len(deleted) < len(missing):
            lost = [label for label in missing if label in by_id]
            graded.remarks.append(f"Cells lost their labels and were found by their ids: {listed(lost)}.")
    twice = [label for label in sheet.labels if len(by_label.get(label, ())) > 1]
    if twice:
        graded.remarks.append(f"Cells stand there twice: {listed(twice)}; the last one counts.")
    return {label: by_label.get(label) or by_id[label] for label in sheet.labels if label in by_label | by_id}


def listed(names: list[str], most: int = 6) -> str:
    """Names in a row, of many the first."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _own(labelled, sheet):
    found = {}
    for label in sheet.texts:
        given = set(map(str.strip, sheet.answers[label].split("\n")))
        lines = [line.rstrip() for cell in labelled.get(label, ())[-1:] for line in cell.source.split("\n")]
        if sum(bool(line.strip()) and line.strip() not in given for line in lines) >= 3:
            found[label] = "\n".join(lines).strip()
    return found


def _changed(labelled, sheet):
    return any(
        cell.source.strip() != sheet.answers[label].strip()
        for label in sheet.answers
        for cell in labelled.get(label, ())[-1:]
    )


def _places(labelled, cells, tasks, sheet):
    """After which cells an answer is looked at, and a sentence for each answer whose cell is no code now."""
    places, aside = {}, {}
    for name in tasks:
        answers = labelled.get(sheet.answer_cells[name], [])
        code = [cell for cell in answers if cell.kind == "code"]
        checks = [cell for cell in cells if cell.kind == "code" and name in CHECK.findall(cell.source)]
        if answers and not code:
            kind = "Markdown" if answers[-1].kind != "raw" else "raw text"
            aside[name] = f"the cell for its answer is {kind} now and was not run; make it code again."
        # Behind its cell; where it was written further down, at its check; or else at the end.
        places[name] = [found[-1].number for found in (code, checks) if found] or [0]
    return places, aside


def _job(cells, places, sheet, tasks, team):
    code = [{"number": cell.number, "source": cell.source} for cell in cells if cell.kind == "code"]
    code.append({"number": 0, "source": ""})
    for cell in code:
        cell["tasks"] = [name for name, numbers in places.items() if cell["number"] in numbers]
    return {
        "lab": sheet.name,
        "team": team,
        "cells": code,
        "answers": {name: sheet.expressions[name] for name in tasks},
        "numbers": {name: plain.encode(vars(task.numbers(team, sheet.name))) for name, task in tasks.items()},
    }


def _judge(run, tasks, cases, sheet, graded, aside, folder):
    answers, errors = {}, []
    for line in run.lines:
        if isinstance(line.get("task"), str) and line["task"] in tasks:
            answers[line["task"]] = line
        elif isinstance(line.get("cell"), int) and isinstance(line.get("error"), str):
            errors.append(f"cell {line['cell']} {line['error'][:160]}")
    for name, task in tasks.items():
        outcome, remark = _outcome(
            answers.get(name), task, cases.get(name), sheet.expressions[name], graded, folder
        )
        if name in aside and (outcome is None or outcome.state == NOT_STARTED):
            outcome, remark = None, aside[name]
        if outcome:
            graded.points[name] = round(outcome.earned * task.points, 2)
            graded.states[name] = outcome.state
        if remark:
            graded.remarks.append(f"{name}: {remark}")
        elif outcome and outcome.state not in (CORRECT, NOT_STARTED) and isinstance(task, Function):
            graded.remarks.append(f"{name}: {outcome.state}. {outcome.message[:300]}")
    if errors:
        graded.remarks.append(f"Errors: {'; '.join(errors[:5])}.")
    if run.ended:
        graded.remarks.append(f"Stopped: {run.ended}.")


def _outcome(line, task, work, expression, graded, folder):
    if line is None or line.get("missing"):
        return None, f"no answer ({expression} is not there)."
    if "odd" in line:
        return None, f"the answer is {str(line['odd'])[:120]}."
    try:
        if work is None:
            return _compared(
                plain.decode(line["value"]), task, task.numbers(graded.team, graded.lab), folder
            ), ""
        if "results" not in line:
            return None, ""
        results = [
            sandbox.Result(str(kind), plain.decode(value), str(words)[:300], bool(printed))
            for kind, value, words, printed in line["results"][: len(work["cases"])]
        ]
        if all(result.kind == "returned" and result.value is None for result in results):
            return None, ""  # the lab's empty function, which nobody has begun
        return task.judge(expression, work["cases"], results), ""
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        return None, "the answer can't be read."


def _compared(answer, task, numbers, folder):
    """What an answer is worth; the file that it names is one of the learner's own, or of the course's."""
    if isinstance(task, FileReport) and isinstance(answer, dict) and isinstance(answer.get("file"), str):
        name = answer["file"].replace("\\", "/").rsplit("/", 1)[-1]
        answer = answer | {"file": str(folder / name)}
    return task.check(answer, numbers)

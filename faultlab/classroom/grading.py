"""Grade a folder of submitted notebooks without a server, and without believing them.

Each submission runs in a process and a folder of its own, on a copy of the package that has no tasks
and so no answers. What it hands over is plain data: the value of each answer, and what its functions
returned for cases that the grader chose. This process compares them with the references and never
runs a learner's line. So there is nothing to gain from an overwritten checker or a forged output: a
submission gets points for right values, and only for those.
"""

import ast
import csv
import itertools
import json
import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from faultlab.classroom import plain, sandbox
from faultlab.classroom.kinds import CORRECT, Function
from faultlab.classroom.quarantine import (
    ROOT,
    Limits,
    adopt_orphans,
    is_root,
    process_limit,
    run_submission,
)
from faultlab.classroom.seeds import DEFAULT_TEAM, team_code
from faultlab.classroom.tasks import tasks_of
from faultlab.classroom.unquoted import quoted
from faultlab.errors import BadInput

MOST_BYTES = 20_000_000


@dataclass
class Graded:
    """One line of the gradebook.

    `points` has a task's points by its name, `possible` what each task is worth; `remarks` names in
    sentences what was unusual.
    """

    file: str
    learner: str
    team: str = ""
    lab: str = ""
    points: dict = field(default_factory=dict)
    possible: dict = field(default_factory=dict)
    remarks: list = field(default_factory=list)

    @property
    def total(self):
        """Points of all tasks."""
        return round(sum(self.points.values()), 2)

    @property
    def most(self):
        """What all tasks are worth."""
        return sum(self.possible.values())


@dataclass(frozen=True)
class Sheet:
    """What the official lab says: which cell answers which task, and with which expression."""

    name: str
    expressions: dict
    answer_cells: dict
    official: tuple


def grade_folder(folder, labs=ROOT / "labs", teams=None, limits=None, workers=None):
    """Grade every notebook below a folder.

    Parameters
    ----------
    folder : Path
        Notebooks in it, or in a folder for each learner.
    labs : Path
        The official labs, which say where the answers are.
    teams : dict, optional
        Learner to team code; it goes before what a notebook says.
    limits : Limits, optional
    workers : int, optional
        Submissions at one time; the number of processors by default.

    Returns
    -------
    list of Graded

    Raises
    ------
    BadInput
        If there is no such folder, or no notebook in it.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise BadInput(f"{folder} is no folder: name the folder that the submitted notebooks are in.")
    paths = sorted(p for p in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)
    if not paths:
        raise BadInput(f"{folder} has no notebooks (*.ipynb).")
    sheets = {path.stem: read_sheet(path) for path in sorted(Path(labs).glob("*.ipynb"))}
    sheets = {name: sheet for name, sheet in sheets.items() if sheet.expressions}
    limits = limits or Limits()
    numbered = itertools.count()

    def one(path):
        learner = path.relative_to(folder).parts[0].removesuffix(".ipynb")
        graded = Graded(str(path.relative_to(folder)), learner)
        try:
            _grade(path, graded, sheets, teams or {}, limits, next(numbered))
        except Exception as problem:
            graded.remarks.append(f"It could not be graded ({type(problem).__name__}: {problem}).")
        return graded

    adopt_orphans()
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        return list(pool.map(one, paths))


def read_sheet(path):
    """Read from an official lab which expression answers each task.

    Parameters
    ----------
    path : Path
        A lab with lines such as `check.mttr(minutes)`.

    Returns
    -------
    Sheet
    """
    cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
    expressions, answer_cells, official, latest = {}, {}, [], ""
    for cell in cells:
        mark = cell.get("metadata", {}).get("nbgrader", {})
        if mark.get("grade_id"):
            official.append(mark["grade_id"])
        if cell["cell_type"] != "code":
            continue
        if mark.get("solution"):
            latest = mark["grade_id"]
        for name, expression in _checks("".join(cell["source"])):
            expressions[name] = expression
            answer_cells[name] = latest
    return Sheet(Path(path).stem, expressions, answer_cells, tuple(official))


def _checks(source):
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


def _grade(path, graded, sheets, teams, limits, number):
    cells, refused = _read_submission(path)
    if refused:
        graded.remarks.append(refused)
        return
    sheet = _sheet_of(path, cells, sheets)
    if sheet is None:
        graded.remarks.append("It is not a lab of this course that I know: no open_lab line names one.")
        return
    graded.lab = sheet.name
    tasks = {name: task for name, task in tasks_of(sheet.name).items() if name in sheet.expressions}
    graded.possible = {name: task.points for name, task in tasks.items()}
    graded.points = dict.fromkeys(tasks, 0.0)
    graded.team = _team_of(graded, cells, teams)
    _remark_on_cells(cells, sheet, graded)
    job = _job(cells, sheet, tasks, graded.team, limits, number)
    cases = {
        name: {"cases": task.cases_for(graded.team, sheet.name), "seconds": task.seconds, "drive": task.drive}
        for name, task in tasks.items()
        if isinstance(task, Function)
    }
    lines, ended = run_submission(job, cases, limits, path)
    _judge(lines, ended, tasks, cases, sheet, graded)


def _read_submission(path):
    """The code cells of a submission, or a sentence that says why there are none."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
        with open(handle, "rb") as file:
            details = os.fstat(handle)
            if not stat.S_ISREG(details.st_mode):
                return [], "It is no ordinary file."
            if details.st_size > MOST_BYTES:
                return [], f"It has {details.st_size / 1e6:,.0f} MB; {MOST_BYTES / 1e6:.0f} MB is the most."
            data = json.loads(file.read().decode("utf-8"))
        found = []
        for cell in data["cells"]:
            source = cell["source"]
            source = source if isinstance(source, str) else "".join(source)
            mark = cell.get("metadata", {}).get("nbgrader", {})
            found.append(
                {
                    "code": cell["cell_type"] == "code",
                    "source": source,
                    "grade_id": str(mark.get("grade_id", "")),
                    "said": json.dumps(cell.get("outputs", []))[:2_000],
                }
            )
    except OSError as problem:
        return [], f"It can't be opened ({problem.strerror})."
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [], "It is not a notebook: its JSON is broken."
    return found, ""


def _sheet_of(path, cells, sheets):
    said = " ".join(cell["source"] for cell in cells)
    for name in re.findall(r"open_lab\(\s*[\"']([\w.-]{1,60})[\"']", said):
        if name in sheets:
            return sheets[name]
    return next((sheet for name, sheet in sheets.items() if name in str(path.name)), None)


def _team_of(graded, cells, teams):
    named = teams.get(graded.learner)
    for cell in cells:
        if not named and cell["code"] and "open_lab" in cell["source"]:
            typed = re.search(r"open_lab\([^)]*team\s*=\s*[\"']([^\"']{1,40})[\"']", cell["source"])
            shown = re.search(r"team ([a-z0-9-]{1,20})", cell["said"])
            named = (typed or shown) and (typed or shown).group(1)
    try:
        return team_code(named or DEFAULT_TEAM)
    except BadInput:
        graded.remarks.append(
            f"Its team code {named[:40]!r} can't be used, so it was graded as {DEFAULT_TEAM}."
        )
        return DEFAULT_TEAM


def _remark_on_cells(cells, sheet, graded):
    have = [cell["grade_id"] for cell in cells if cell["grade_id"]]
    missing = [name for name in sheet.official if name not in have]
    twice = sorted({name for name in have if have.count(name) > 1 and name in sheet.official})
    if missing:
        graded.remarks.append(f"Cells were deleted: {', '.join(missing[:6])}.")
    if twice:
        graded.remarks.append(f"Cells stand there twice: {', '.join(twice[:6])}; the last one counts.")


def _job(cells, sheet, tasks, team, limits, number):
    by_cell = {}
    for name in tasks:
        by_cell.setdefault(sheet.answer_cells[name], []).append(name)
    code = []
    for place, cell in enumerate(cells, 1):
        if cell["code"]:
            names = by_cell.get(cell["grade_id"], []) if cell["grade_id"] else []
            code.append({"number": place, "source": _as_python(cell["source"]), "tasks": names})
    # An answer whose cell is gone is looked for at the end.
    seen = {name for cell in code for name in cell["tasks"]}
    left = [name for name in tasks if name not in seen]
    code.append({"number": 0, "source": "", "tasks": left})
    return {
        "lab": sheet.name,
        "team": team,
        "root": str(ROOT),
        "cells": code,
        "answers": {name: sheet.expressions[name] for name in tasks},
        "numbers": {name: plain.encode(vars(task.numbers(team, sheet.name))) for name, task in tasks.items()},
        "limits": {
            "seconds": limits.seconds,
            "cell": limits.cell,
            "memory": limits.memory,
            "file": limits.file,
            "processes": process_limit(limits),
            # Root is not held by the limit on processes, so a submission stops being root.
            "user": 61_000 + (os.getpid() + number) % 4_000 if is_root() else 0,
        },
    }


def _as_python(source):
    """A cell without the lines that only a notebook understands, and with its typed answer as a text."""
    source = quoted(source)
    try:
        ast.parse(source)
        return source
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        lines = source.split("\n")
        return "\n".join("pass" if re.match(r"\s*[%!?]", line) else line for line in lines)


def _judge(lines, ended, tasks, cases, sheet, graded):
    answers, errors = {}, []
    for line in lines:
        if line.get("task") in tasks:
            answers[line["task"]] = line
        elif isinstance(line.get("cell"), int) and isinstance(line.get("error"), str):
            errors.append(f"cell {line['cell']} {line['error'][:160]}")
    for name, task in tasks.items():
        outcome, remark = _outcome(answers.get(name), task, cases.get(name), sheet.expressions[name], graded)
        if outcome:
            graded.points[name] = round(outcome.earned * task.points, 2)
        if remark:
            graded.remarks.append(f"{name}: {remark}")
        elif outcome and outcome.state != CORRECT and isinstance(task, Function):
            graded.remarks.append(f"{name}: {outcome.state}. {outcome.message[:300]}")
    if errors:
        graded.remarks.append(f"Errors: {'; '.join(errors[:5])}.")
    if ended:
        graded.remarks.append(f"Stopped: {ended}.")


def _outcome(line, task, work, expression, graded):
    if line is None or line.get("missing"):
        return None, f"no answer ({expression} is not there)."
    if "odd" in line:
        return None, f"the answer is {str(line['odd'])[:120]}."
    try:
        if work is None:
            return task.check(plain.decode(line["value"]), task.numbers(graded.team, graded.lab)), ""
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


def write_gradebook(graded, path):
    """Write the gradebook as CSV that a spreadsheet can open without harm.

    Parameters
    ----------
    graded : list of Graded
    path : Path
    """
    columns = list(dict.fromkeys((one.lab, name) for one in graded for name in one.possible))
    several = len({lab for lab, _ in columns}) > 1
    heads = [f"{lab}: {name}" if several else name for lab, name in columns]
    with open(path, "w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "learner", "team", "lab", *heads, "total", "max", "remarks"])
        for one in graded:
            points = [one.points.get(name, "") if lab == one.lab else "" for lab, name in columns]
            row = [
                one.file,
                one.learner,
                one.team,
                one.lab,
                *points,
                one.total,
                one.most,
                " ".join(one.remarks),
            ]
            writer.writerow([_harmless(cell) for cell in row])


def _harmless(cell):
    """A cell that no spreadsheet takes for a formula, on one line.

    >>> _harmless("=1+1"), _harmless(2.5)
    ("'=1+1", 2.5)
    """
    if not isinstance(cell, str):
        return cell
    text = "".join(c if c.isprintable() else " " for c in cell)
    return "'" + text if text.lstrip()[:1] in ("=", "+", "-", "@") else text


def read_teams(path):
    """Read which team each learner is in, from a CSV with the columns `learner` and `team`.

    Raises
    ------
    BadInput
        Names the file and the line.
    """
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = csv.DictReader(file)
        if not {"learner", "team"} <= set(rows.fieldnames or ()):
            raise BadInput(f"{path}: the first line needs the columns learner and team.")
        teams = {}
        for row in rows:
            try:
                teams[row["learner"].strip()] = team_code(row["team"])
            except (BadInput, AttributeError) as problem:
                raise BadInput(f"{path}, line {rows.line_num}: {problem}") from None
    return teams

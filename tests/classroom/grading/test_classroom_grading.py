"""Labs made and graded: the pipeline is one with nbgrader, and no submission gets what it didn't earn."""

import copy
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from classroom_notebooks import answered

from faultlab.__main__ import main
from faultlab.classroom import Progress, labs, open_lab, tasks_of
from faultlab.classroom.build import build, fold, make_lab, settle
from faultlab.classroom.notebook.answer_box import mark_answers
from faultlab.classroom.task_cells import write_task_cells

ROOT = Path(__file__).parents[3]
NBGRADER = "nbgrader is missing: install the extra `instructor`"
LAB = "08_metrics"
WITH_FILES = ("05_reliability_block_diagrams", "07_fmea", "08_metrics")
LABS = sorted(path.stem for path in (ROOT / "solutions").glob("*.ipynb"))
GOOD = "minutes = 43_200 * (100 - 99.8) / 100"


@pytest.fixture(scope="module")
def lab():
    return nbformat.read(ROOT / "labs" / f"{LAB}.ipynb", as_version=4)


def submit(folder, name, notebook):
    folder.mkdir(exist_ok=True)
    if isinstance(notebook, str):
        (folder / name).write_text(notebook)
    else:
        nbformat.write(notebook, folder / name)


def grade(folder, capsys):
    """The gradebook by file, from the command line, as an instructor gets it."""
    out = folder.parent / "gradebook.csv"
    assert main(["grade", str(folder), "--out", str(out), "--seconds", "30", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert [row["learner"] for row in csv.DictReader(file)] == [
            row["learner"] for row in result["learners"]
        ]
    return {row["file"]: row for row in result["submissions"]}


@pytest.mark.parametrize("name", LABS)
def test_a_lab_is_kept_as_its_solution_makes_it(name):
    """What it prints is held by nbval, in the lab's own test."""
    pytest.importorskip("nbgrader", reason=NBGRADER)
    kept = {room: ROOT / room / f"{name}.ipynb" for room in ("labs", "solutions")}
    solution = nbformat.read(kept["solutions"], as_version=4)
    write_task_cells(solution, tasks_of(name))
    mark_answers(solution, tasks_of(name))
    made = {"labs": make_lab(solution, name), "solutions": solution}
    made["labs"].metadata["faultlab"] = {"lab": True}
    for room, notebook in made.items():
        shown = nbformat.read(kept[room], as_version=4)
        for cell, as_shown in zip(notebook.cells, shown.cells, strict=True):
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = as_shown.outputs, as_shown.execution_count
        settle(notebook, f"{room}/{name}.ipynb")
        written = kept[room].read_text(encoding="utf-8")
        assert nbformat.writes(notebook).rstrip("\n") == written.rstrip("\n"), "run `python3 start.py build`"


@pytest.mark.parametrize("name", LABS)
def test_a_tasks_cells_are_made_from_its_entry(name, tmp_path):
    """Of a source without any cell of a task, all come back: a stub worth nothing, and what solves it."""
    pytest.importorskip("nbgrader", reason=NBGRADER)
    notebook = nbformat.read(ROOT / "solutions" / f"{name}.ipynb", as_version=4)
    check = open_lab(name, team="red-7", saved=Progress(tmp_path))
    parts = ("question", "answer", "check")
    ids = [grade_id(cell) for cell in notebook.cells]
    notebook.cells = [
        cell for cell in notebook.cells if not grade_id(cell).endswith(tuple(f"-{p}" for p in parts))
    ]
    write_task_cells(notebook, tasks_of(name))
    made = [grade_id(cell) for cell in notebook.cells]
    assert sorted(made) == sorted(ids)
    learner = {grade_id(cell): cell.source for cell in make_lab(notebook, name).cells}
    for task in check:
        at = made.index(f"{task.task.name}-question")
        assert made[at : at + 3] == [f"{task.task.name}-{part}" for part in parts]
        for source, points in ((learner[made[at + 1]], 0), (notebook.cells[at + 1].source, task.task.points)):
            # What a solution's module imports is for the author to import in the lab.
            names = {**getattr(getattr(task.task, "solution", None), "__globals__", {}), "check": check}
            exec(source, names)
            given = re.match(r"check\.\w+\((\w+)\)", notebook.cells[at + 2].source)[1]
            assert task.grade(names[given]) == points


def grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def test_building_a_lab_anew_changes_nothing(tmp_path):
    pytest.importorskip("nbgrader", reason=NBGRADER)
    assert sorted(path.stem for path in (ROOT / "labs").glob("*.ipynb")) == LABS
    for path in build([LAB], out=tmp_path, rooms=("solutions",)):
        assert path.read_text() == (ROOT / path.relative_to(tmp_path)).read_text()


@pytest.mark.parametrize("path", sorted((ROOT / "course").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_lesson_is_kept_as_the_build_leaves_it(path):
    """What it prints is held by nbval, in the lesson's own test."""
    kept = nbformat.read(path, as_version=4)
    lesson = copy.deepcopy(kept)
    fold(lesson)
    settle(lesson, f"course/{path.name}")
    assert nbformat.writes(lesson).rstrip("\n") == path.read_text(encoding="utf-8").rstrip("\n")


def test_a_lab_holds_no_solution(lab):
    text = json.dumps(lab)
    assert "BEGIN SOLUTION" not in text
    assert "HIDDEN TESTS" not in text
    assert ".grade(" not in text


def test_the_reference_gets_all_points_and_the_untouched_lab_none(tmp_path, lab, capsys):
    folder = tmp_path / "submitted"
    submit(folder, "full.ipynb", nbformat.read(ROOT / "solutions" / f"{LAB}.ipynb", as_version=4))
    submit(folder, "untouched.ipynb", lab)
    submit(folder, "one.ipynb", answered(lab, {"minutes_a_month": GOOD}))
    below = nbformat.from_dict(lab)
    at = [cell.id for cell in below.cells].index("minutes_a_month-answer")
    below.cells.insert(at + 1, nbformat.v4.new_code_cell(GOOD))
    submit(folder, "below.ipynb", below)
    rows = grade(folder, capsys)
    assert rows["below.ipynb"]["total"] == 1
    assert (rows["full.ipynb"]["total"], rows["full.ipynb"]["max"]) == (worth(LAB), worth(LAB))
    assert rows["untouched.ipynb"]["total"] == 0
    assert rows["one.ipynb"]["total"] == 1


HOSTILE = {
    "loop.ipynb": "while True: pass",
    "exit.ipynb": "import os; os._exit(0)",
    "fork.ipynb": "import os\nwhile True: os.fork()",
    "memory.ipynb": "x = bytearray(10**12)",
    "flood.ipynb": "for _ in range(10**7): print('x' * 1000)",
    "checker.ipynb": "import faultlab.classroom.answers.kinds as k\nk.Number.same = lambda *a: True\n"
    "class C:\n    def __getattr__(self, n): return lambda *a: 1000\ncheck = C()",
    "peek.ipynb": "minutes = check.minutes_a_month.task.reference(check.minutes_a_month.numbers)",
    "forge.ipynb": "import os\nfor fd in range(3, 20):\n"
    "    try: os.write(fd, b'{\"earned\": 1}\\n')\n    except OSError: pass",
}


@pytest.mark.filterwarnings("ignore:Non-unique cell id")
def test_a_hostile_notebook_costs_only_itself_and_earns_nothing(tmp_path, lab, capsys):
    folder = tmp_path / "submitted"
    for name, source in HOSTILE.items():
        submit(folder, name, answered(lab, {"minutes_a_month": source}))
    submit(folder, "broken.ipynb", "{")
    deleted = nbformat.from_dict(lab)
    deleted.cells = [cell for cell in deleted.cells if "answer" not in cell.id]
    submit(folder, "deleted.ipynb", deleted)
    doubled = answered(lab, {"minutes_a_month": GOOD})
    doubled.cells = doubled.cells + doubled.cells
    submit(folder, "doubled.ipynb", doubled)
    submit(folder, "honest.ipynb", answered(lab, {"minutes_a_month": GOOD}))
    rows = grade(folder, capsys)
    assert rows["honest.ipynb"]["total"] == 1
    assert rows["honest.ipynb"]["remarks"] == []
    for name in [*HOSTILE, "broken.ipynb", "deleted.ipynb"]:
        assert rows[name]["total"] == 0, (name, rows[name])
        assert rows[name]["remarks"], name
    assert "ended before the last cell" in rows["exit.ipynb"]["remarks"][-1]
    assert rows["doubled.ipynb"]["total"] <= 1
    assert rows["doubled.ipynb"]["remarks"]


def test_a_folder_that_is_absent_or_empty_is_refused_in_a_sentence(tmp_path, capsys):
    assert main(["grade", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_nbgrader_generates_grades_and_gives_feedback(tmp_path):
    """`solutions/` as it stands is nbgrader's source: generate, collect, grade, export.

    Ada hands in one lab, half done; Bob the official solutions of those labs that read the course's files.
    """
    pytest.importorskip("nbgrader", reason=NBGRADER)
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    shutil.copytree(ROOT / "course", tmp_path / "course", ignore=shutil.ignore_patterns("*.ipynb"))
    source, points = tmp_path / "solutions", {}
    nbgrader(source, "generate_assignment", "--create")
    released = nbformat.read(tmp_path / "release" / "solutions" / f"{LAB}.ipynb", as_version=4)
    handed_in = {learner: tmp_path / "submitted" / learner / "solutions" for learner in ("ada", "bob")}
    for folder in handed_in.values():
        folder.mkdir(parents=True)
    half = "def down_minutes(incidents):\n    return sum(end - start for start, end in incidents)"
    answers = {"minutes_a_month": GOOD, "union_of_incidents": half}
    nbformat.write(answered(released, answers), handed_in["ada"] / f"{LAB}.ipynb")
    for name in WITH_FILES:
        shutil.copy(source / f"{name}.ipynb", handed_in["bob"])
    nbgrader(source, "autograde")
    nbgrader(source, "generate_feedback", "--student", "ada")
    nbgrader(source, "export", "--to", str(tmp_path / "grades.csv"))
    with (tmp_path / "grades.csv").open() as file:
        for row in csv.DictReader(file):
            assert float(row["max_score"]) == sum(worth(lab) for lab in labs())
            points[row["student_id"]] = float(row["score"])
    assert 1 < points["ada"] < 4, "a full point, and a part of the function's three"
    assert points["bob"] == sum(worth(name) for name in WITH_FILES)
    assert list((tmp_path / "feedback").rglob(f"{LAB}.html"))


def worth(lab):
    """The points of a lab."""
    return sum(task.points for task in tasks_of(lab).values())


def nbgrader(folder, *command):
    tools = str(Path(sys.executable).parent)
    with tempfile.TemporaryDirectory() as progress:
        result = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command],
            cwd=folder,
            env=os.environ
            | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "FAULTLAB_PROGRESS": progress},
            capture_output=True,
            text=True,
        )
    assert result.returncode == 0, result.stderr[-2000:]


def test_a_source_that_nbgrader_does_not_take_is_named():
    pytest.importorskip("nbgrader", reason=NBGRADER)
    broken = nbformat.read(ROOT / "solutions" / f"{LAB}.ipynb", as_version=4)
    next(cell for cell in broken.cells if cell.id.endswith("-answer")).source = "### BEGIN SOLUTION\nx = 1"
    with pytest.raises(ValueError, match=r"labs/odd\.ipynb"):
        make_lab(broken, "odd")

"""Every solution earns what its lab gives: as kept, which nbval runs anew, and with other teams' numbers."""

import contextlib
import io
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from faultlab.classroom import Progress, grade_folder, tasks_of

SOLUTIONS = sorted((Path(__file__).parents[3] / "solutions").glob("[0-9]*.ipynb"))
VERDICT = re.compile(r"^(✓ Correct|↻ Try again|○ Not started): ", re.MULTILINE)


def named(path):
    return path.stem


def check_cells(notebook):
    """The cells that grade, by the task that they check."""
    cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    return {re.match(r"check\.(\w+)\(", cell.source)[1]: cell for cell in cells}


@pytest.mark.parametrize("path", SOLUTIONS, ids=named)
def test_each_check_cell_keeps_the_verdict_correct(path):
    cells = check_cells(nbformat.read(path, as_version=4))
    assert sorted(cells) == sorted(tasks_of(path.stem))
    for name, cell in cells.items():
        said = "\n".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)
        assert VERDICT.findall(said) == ["✓ Correct"], (name, said)


@pytest.mark.parametrize("team", ["red-7", "blue"])
@pytest.mark.parametrize("path", SOLUTIONS, ids=named)
def test_each_check_cell_says_correct_to_other_teams_too(path, team, tmp_path, monkeypatch):
    monkeypatch.setenv("FAULTLAB_PROGRESS", str(tmp_path))
    monkeypatch.chdir(path.parent)
    Progress().change(lambda data: data.update(team=team))
    notebook = nbformat.read(path, as_version=4)
    asked = {id(cell): name for name, cell in check_cells(notebook).items()}
    scope, verdicts = {"__name__": "__main__"}, {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        with contextlib.redirect_stdout(io.StringIO()) as said:
            exec(compile(cell.source, f"<{path.stem}>", "exec"), scope)
        if id(cell) in asked:
            verdicts[asked[id(cell)]] = VERDICT.findall(said.getvalue())
    assert verdicts == {name: ["✓ Correct"] for name in tasks_of(path.stem)}


def test_each_solution_handed_in_gets_all_points_and_no_remark(tmp_path):
    for path in SOLUTIONS:
        (tmp_path / path.stem).mkdir()
        shutil.copy(path, tmp_path / path.stem)
    found = {one.lab: (one.total, one.remarks) for one in grade_folder(tmp_path, unconfined=True).submissions}
    most = {path.stem: sum(task.points for task in tasks_of(path.stem).values()) for path in SOLUTIONS}
    assert found == {lab: (points, []) for lab, points in most.items()}

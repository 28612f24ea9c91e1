"""Execute the lessons and make the labs from their one source: `python3 start.py build [NAME ...]`.

`python3 start.py build data` writes Kestrel's two tables of incidents anew, from their seeded model, and
`build reviews` the board's pages of three systems.

Lessons in `course/`, and what is in `course/teaching/`, are executed in place, with their code folded. Labs
in `labs/` are made from `solutions/` by nbgrader's own preprocessors, then executed, so that what is
committed is what a learner sees on opening. Every run gives the same files: fixed cell ids, no times, no
versions, no widget state.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from faultlab import __version__
from faultlab.analysis.reviews import review
from faultlab.analysis.systems import read_system
from faultlab.classroom.learner.catalogue import Catalogue
from faultlab.classroom.learner.resume_code import check_room
from faultlab.classroom.notebook.answer_box import mark_answers
from faultlab.classroom.task_cells import write_task_cells
from faultlab.classroom.tasks import tasks_of
from faultlab.errors import BadInput
from faultlab.metrics.incidents import kestrel_csv, kestrel_raw_csv
from faultlab.views.lesson_10 import board_page

if TYPE_CHECKING:
    from nbformat import NotebookNode

ROOT = Path(__file__).parents[2]
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
WIDGET = "application/vnd.jupyter.widget-view+json"
SECONDS = 300
REVIEWED = ("data/clinic_booking.yaml", "data/weather_feed.yaml")
REVIEW_DAY = date(2026, 11, 30)
"""Told on the example pages, which are the same on every day."""
STUB = {"python": ""}
"""Nothing in place of a solution: the line above it holds the dots that a learner replaces."""


def write_data(out: Path) -> list[Path]:
    """Write Kestrel's incidents, whole and as a tired export shows a quarter of them.

    Parameters
    ----------
    out : Path
        The folder.

    Returns
    -------
    list of Path
        The files written.
    """
    tables = {"kestrel_incidents.csv": kestrel_csv(), "kestrel_incidents_raw.csv": kestrel_raw_csv()}
    for name, text in tables.items():
        (out / name).write_text(text, encoding="utf-8", newline="")
    return [out / name for name in tables]


def write_reviews(out: Path) -> list[Path]:
    """Write the board's pages of Kestrel and of the two systems that were made up to be reviewed.

    Parameters
    ----------
    out : Path
        The folder.

    Returns
    -------
    list of Path
        The files written.
    """
    models = (ROOT / "course" / name for name in ("kestrel.yaml", *REVIEWED))
    written = []
    for model in models:
        page = board_page(review(read_system(model)), REVIEW_DAY, __version__)
        written.append(out / f"{model.stem}.html")
        written[-1].write_text(page, encoding="utf-8", newline="")
    return written


def build(
    names: Sequence[str] = (),
    root: Path = ROOT,
    out: Path | None = None,
    rooms: Sequence[str] = ("course", "solutions"),
) -> list[Path]:
    """Execute lessons and solutions and make the labs.

    Parameters
    ----------
    names : sequence of str
        Names or numbers of notebooks; all of them where it is empty.
    root : Path
        The project.
    out : Path, optional
        Where to write, in folders `course`, `solutions` and `labs`; the project itself by default.
    rooms : sequence of str
        "course" executes the lessons; "solutions" executes the solutions and makes the labs.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    BadInput
        If a cell raises, writes on stderr, or no notebook has one of the names; if a resume code
        has no room for the course.
    """
    root, out = Path(root), Path(out or root)
    folders = [folder for room in rooms for folder in (root / room, root / room / "teaching")]
    found = [path for folder in folders for path in sorted(folder.glob("*.ipynb"))]
    lessons = {path.stem.split("_")[0] for path in found}
    check_room(Catalogue(root / "course"), sorted(number for number in lessons if number.isdigit()))
    for name in names:
        if not any(_called(path, name) for path in found):
            raise BadInput(f"There is no notebook {name!r} in course/ or solutions/.")
    written = []
    for path in found:
        if names and not any(_called(path, name) for name in names):
            continue
        notebook = nbformat.read(path, as_version=4)
        if path.parent.name != "solutions":
            fold(notebook)
        else:
            tasks = tasks_of(path.stem)
            write_task_cells(notebook, tasks)
            mark_answers(notebook, tasks)
            lab = make_lab(notebook, path.stem)
            lab.metadata["faultlab"] = {"lab": True}
            run(lab, root / "solutions", f"labs/{path.name}")
            written.append(_write(lab, out / "labs" / path.name))
        place = path.relative_to(root)
        run(notebook, path.parent, place.as_posix())
        written.append(_write(notebook, out / place))
    return written


def _called(path, name):
    return name in (path.stem, path.stem.split("_")[0], path.name)


def fold(notebook: NotebookNode) -> None:
    """Fold every code cell and let the lesson run when it is opened, so that no code is in the way."""
    notebook.metadata["faultlab"] = {"run_on_open": True}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.metadata.setdefault("jupyter", {})["source_hidden"] = True


def make_lab(solution: NotebookNode, name: str = "lab") -> NotebookNode:
    """Return the lab that learners get, made by nbgrader's preprocessors from the source notebook.

    Parameters
    ----------
    solution : NotebookNode
        In nbgrader's source format.
    name : str
        For messages.

    Raises
    ------
    BadInput
        If nbgrader is missing or doesn't take the notebook.
    """
    try:
        from nbgrader import preprocessors
    except ImportError:
        raise BadInput(
            "Labs are made with nbgrader: install the package with its extra `instructor`."
        ) from None
    from traitlets.config import Config

    lab = copy.deepcopy(solution)
    config = Config({"ClearSolutions": {"code_stub": STUB}})
    resources = {"nbgrader": {"assignment": name, "notebook": name, "student": "."}, "unique_key": name}
    steps = (
        preprocessors.LockCells,
        preprocessors.ClearSolutions,
        preprocessors.ClearOutput,
        preprocessors.CheckCellMetadata,
        preprocessors.ClearHiddenTests,
        preprocessors.ClearMarkScheme,
        preprocessors.ComputeChecksums,
        preprocessors.CheckCellMetadata,
    )
    try:
        for step in steps:
            lab, resources = step(config=config).preprocess(lab, resources)
            if step is preprocessors.ClearSolutions:
                for cell in lab.cells:
                    cell.source = re.sub(r"[ \t]+$", "", cell.source, flags=re.M).rstrip("\n")
    except Exception as problem:
        raise BadInput(f"nbgrader can't make labs/{name}.ipynb: {problem}") from None
    return lab


def run(notebook: NotebookNode, folder: Path, name: str) -> None:
    """Execute a notebook in a clean kernel and make it the same on every run.

    Parameters
    ----------
    notebook : NotebookNode
        Changed in place.
    folder : Path
        Where it runs.
    name : str
        For messages.
    """
    _name(notebook)
    with tempfile.TemporaryDirectory() as progress:
        environment = os.environ | {"FAULTLAB_PROGRESS": progress, "PYTHONHASHSEED": "0"}
        client = NotebookClient(
            notebook,
            timeout=SECONDS,
            kernel_name="python3",
            resources={"metadata": {"path": str(folder)}},
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,
        )
        try:
            client.execute(env=environment)
        except CellExecutionError as problem:
            place = _place_of_error(notebook)
            raise BadInput(f"{name}, cell {place}: {problem.ename}: {problem.evalue}.") from None
    settle(notebook, name)


def settle(notebook: NotebookNode, name: str) -> None:
    """Make an executed notebook the same on every run: its metadata, the ids of its cells and widgets.

    Parameters
    ----------
    notebook : NotebookNode
        Changed in place.
    name : str
        The ids of widgets are made from it.

    Raises
    ------
    BadInput
        If a cell writes on stderr.
    """
    _name(notebook)
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            _settle(cell, name, number)


def _name(notebook):
    own = {"faultlab": notebook.metadata["faultlab"]} if "faultlab" in notebook.metadata else {}
    language = dict(notebook.metadata.get("language_info", {"name": "python"}))
    language.pop("version", None)  # that of the machine on which it was built
    notebook.metadata = nbformat.from_dict(own | {"kernelspec": KERNEL, "language_info": language})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    _name_cells(notebook)


def _place_of_error(notebook):
    for number, cell in enumerate(notebook.cells, 1):
        if any(output.output_type == "error" for output in cell.get("outputs", ())):
            return number
    return "?"


def _settle(cell, name, number):
    for key in ("execution", "collapsed", "scrolled", "trusted"):
        cell.metadata.pop(key, None)
    for place, output in enumerate(cell.outputs):
        if output.output_type == "stream" and output.name == "stderr":
            said = " ".join(output.text.split())[:200]
            raise BadInput(
                f"{name}, cell {number + 1} writes on stderr, which a learner must not see: {said}"
            )
        view = output.get("data", {}).get(WIDGET)
        if view:
            key = f"{name} {cell.id} {place}"
            view["model_id"] = hashlib.sha256(key.encode()).hexdigest()[:32]


def _name_cells(notebook):
    """Give each cell an id that stays: its own where it is a name, its content's otherwise."""
    taken = set()
    for cell in notebook.cells:
        own = cell.get("id", "")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", own) or own in taken:
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            own = grade_id or "c-" + hashlib.sha256(cell.source.encode()).hexdigest()[:10]
        base, count = own, 1
        while own in taken:
            count += 1
            own = f"{base}-{count}"
        taken.add(own)
        cell["id"] = own


def _write(notebook, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.validate(notebook)
    text = nbformat.writes(notebook, version=4)
    path.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
    return path


def main(argv: Sequence[str] | None = None) -> int:
    """Build the named notebooks, or all; return the exit status."""
    parser = argparse.ArgumentParser(prog="python3 start.py build", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="a notebook's name or number, or data, or reviews"
    )
    names = parser.parse_args(argv).names
    others = {"data": write_data, "reviews": write_reviews}
    try:
        if len(names) == 1 and names[0] in others:
            written = others[names[0]](ROOT / "course" / names[0])
        else:
            written = build(names)
        for path in written:
            print(path.relative_to(ROOT))
    except BadInput as problem:
        print(" ".join(str(problem).split()), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

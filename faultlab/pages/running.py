"""Run a lesson's cells here, without a kernel, and note what they show."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from faultlab.errors import BadInput

if TYPE_CHECKING:
    from nbformat import NotebookNode

WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Shown:
    """What a code cell shows.

    Parameters
    ----------
    outputs : list
        The cell's outputs as they are kept in the notebook.
    widgets : list
        The objects behind those of them that are widgets, in the same order.
    """

    outputs: list[NotebookNode]
    widgets: list[Any]


def run_lesson(notebook: NotebookNode, folder: Path, name: str) -> dict[int, Shown]:
    """Execute every code cell of a lesson and return what each shows, by the cell's place from 0.

    Parameters
    ----------
    notebook : NotebookNode
        As it was built: its outputs are the ones that are told.
    folder : Path
        Where it runs.
    name : str
        For messages.

    Raises
    ------
    BadInput
        If a cell fails, or shows other widgets than the notebook has.
    """
    found = {}
    with _quietly(folder), _shell() as shell:
        noted = _note_widgets(shell)
        for place, cell in enumerate(notebook.cells):
            if cell.cell_type != "code":
                continue
            noted.clear()
            result = shell.run_cell(cell.source)
            if not result.success:
                problem = result.error_before_exec or result.error_in_exec
                raise BadInput(f"{name}, cell {place + 1}: {type(problem).__name__}: {problem}.")
            kept = sum(WIDGET in output.get("data", {}) for output in cell.outputs)
            if kept != len(noted):
                raise BadInput(
                    f"{name}, cell {place + 1} shows {len(noted)} widgets where the notebook has {kept}: "
                    f"run `python3 start.py build {name[:2]}` first."
                )
            found[place] = Shown(list(cell.outputs), list(noted))
    return found


def run_cell(source: str, folder: Path, known: Sequence[dict[str, object]]) -> list[str]:
    """Execute a cell once for each set of names that it knows, and return the HTML that it shows each time.

    Parameters
    ----------
    source : str
    folder : Path
        Where it runs.
    known : sequence of dict
        Each what names stand for.

    Raises
    ------
    BadInput
        If the cell fails.
    """
    from IPython.core.displaypub import CapturingDisplayPublisher

    found = []
    with _quietly(folder), _shell() as shell:
        shell.display_pub = CapturingDisplayPublisher(parent=shell)
        for names in known:
            shell.display_pub.outputs.clear()
            shell.push(names)
            result = shell.run_cell(source)
            if not result.success:
                problem = result.error_before_exec or result.error_in_exec
                raise BadInput(f"{source.splitlines()[0]}: {type(problem).__name__}: {problem}.")
            found.append("".join(one["data"].get("text/html", "") for one in shell.display_pub.outputs))
    return found


@contextlib.contextmanager
def _shell() -> Iterator[Any]:
    """What runs a notebook's cells, without a kernel and without a history of what was run."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    try:
        yield shell
    finally:
        InteractiveShell.clear_instance()


def _note_widgets(shell):
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.formatters import IPythonDisplayFormatter

    noted: list[object] = []

    class Noting(IPythonDisplayFormatter):
        """Says what shows itself."""

        def __call__(self, obj):
            shows_itself = super().__call__(obj)
            if shows_itself:
                noted.append(obj)
            return shows_itself

    shell.display_formatter.ipython_display_formatter = Noting(parent=shell.display_formatter)
    shell.display_pub = CapturingDisplayPublisher(parent=shell)
    return noted


@contextlib.contextmanager
def _quietly(folder: Path) -> Iterator[None]:
    """In a folder, with the progress of nobody, and without a word on the terminal."""
    before, place = os.environ.get("FAULTLAB_PROGRESS"), Path.cwd()
    with (
        tempfile.TemporaryDirectory() as progress,
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        os.environ["FAULTLAB_PROGRESS"] = progress
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(place)
            os.environ.pop("FAULTLAB_PROGRESS")
            if before is not None:
                os.environ["FAULTLAB_PROGRESS"] = before

"""What `start.py test` asks once: a notebook is run again only where an extra could change what it shows."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import legs
import pytest

NOTEBOOK, UNIT = "course/08.ipynb", "tests/test_a.py::test_it"
CELLS = [f"{NOTEBOOK}::Cell {place}" for place in range(2)]


def asked_by(code, folder, monkeypatch):
    """What IPython writes down about some code, started as a notebook's kernel is."""
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    monkeypatch.setenv("FAULTLAB_PROGRESS", str(folder / "progress"))
    assert legs.asked_so_far() is None
    legs.write_down_in_kernels()
    ran = subprocess.run([sys.executable, "-m", "IPython", "-c", code], env=os.environ, capture_output=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return legs.asked_so_far()


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("import json, faultlab.errors", []),
        ("try:\n    import not_there\nexcept ImportError:\n    pass", ["not_there"]),
        ("from importlib.util import find_spec; find_spec('not_there')", ["not_there"]),
        ("import subprocess, sys; subprocess.run([sys.executable, '-c', ''])", [legs.PROGRAM]),
    ],
)
def test_a_kernel_writes_down_what_it_asks_for_in_vain(code, asked, tmp_path, monkeypatch):
    # IPython alone asks for some packages as it starts: what it asks for without any code is set aside.
    found = asked_by(code, tmp_path, monkeypatch)
    (tmp_path / "nothing").mkdir()
    assert [one for one in found if one not in asked_by("pass", tmp_path / "nothing", monkeypatch)] == asked


def test_extras_bring_a_notebook_back_and_nothing_else():
    items = [SimpleNamespace(nodeid=one, path=Path(one.split("::")[0])) for one in [*CELLS, UNIT]]

    here = legs.versions()

    def settled(asked=(), passed=(*CELLS, UNIT), **versions):
        said = {"passed": passed, "asked": {NOTEBOOK: asked}, "versions": here | versions}
        if asked is None:
            del said["asked"][NOTEBOOK]
        return [item.nodeid for item in legs.settled(said, items)]

    assert settled() == settled(asked=["not_there"]) == [*CELLS, UNIT]
    for again in (
        settled(asked=["not_there", "numpy"]),  # what was asked for in vain is here
        settled(asked=[legs.PROGRAM]),
        settled(asked=None),  # nobody has written anything down
        settled(numpy="0.1"),
        settled(python="3.0"),
        settled(passed=[CELLS[0], UNIT]),  # one cell failed, or never ran
    ):
        assert again == [UNIT]


def test_reports_of_a_notebook_are_brought_together():
    stats = {
        "": [SimpleNamespace(nodeid=one, user_properties=[("asked", [one[-1]])]) for one in CELLS],
        "passed": [SimpleNamespace(nodeid=one) for one in CELLS],
    }
    said = legs.said_of(stats)
    assert (said["passed"], said["asked"]) == (CELLS, {NOTEBOOK: ["0", "1"]})

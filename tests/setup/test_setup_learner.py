"""The first leg of `start.py test` has what a learner has, and nothing that hides a fault from us."""

import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

import start

ROOT = Path(__file__).parents[2]
EXTRAS = (
    "biodivine_aeon",
    "dask",
    "numba",
    "nbgrader",
    "scipy",
    "simpy",
    "tenacity",
    "playwright",
)


def test_a_learner_has_no_extra():
    if ".venv-learner" not in sys.prefix:
        pytest.skip("is tried in the learner's environment, the first leg of `start.py test`")
    assert [name for name in EXTRAS if find_spec(name)] == []
    oldest = subprocess.run(
        [start.oldest_python(), "-c", "import sys; print(*sys.version_info[:3])"],
        capture_output=True,
        text=True,
    )
    assert tuple(map(int, oldest.stdout.split())) == sys.version_info[:3]


def test_the_promise_is_the_packages_own():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=" + ".".join(map(str, start.OLDEST_PYTHON))

"""What several test files share."""

import shutil
import subprocess
from pathlib import Path

import pytest
from jupyter_browser import chromium, lab_server

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """The project's own files and nothing else, as a fresh clone would have them."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("needs git, and this folder to be a clone: git lists the project's own files")
    folder = tmp_path_factory.mktemp("checkout") / "course"
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for name in filter(None, files.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A copy of the course, so that nothing a test moves or types reaches the repository."""
    root = tmp_path_factory.mktemp("course")
    for room in ("course", "labs"):
        shutil.copytree(ROOT / room, root / room)
    return root


@pytest.fixture(scope="module")
def address(root):
    """JupyterLab on that copy."""
    with lab_server(root, root / "progress") as found:
        yield found

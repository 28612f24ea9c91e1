"""What several test files share."""

import shutil
import subprocess
from pathlib import Path

import pytest

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

"""What Binder would build: the Dockerfile it prints, and the same installation done here."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

import start

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def dockerfile(checkout):
    """What repo2docker would hand to Docker."""
    tool = shutil.which("jupyter-repo2docker")
    if not tool:
        pytest.skip("needs jupyter-repo2docker: run the tests with `python3 start.py test`")
    command = [tool, "--no-build", "--debug", "."]
    result = subprocess.run(command, cwd=checkout, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    return result.stdout + result.stderr


def test_dockerfile_copies_and_installs_the_lock(checkout, dockerfile):
    copied = re.findall(r"^COPY .*?src/(\S*) \$\{REPO_DIR\}/(\S*)$", dockerfile, re.MULTILINE)
    assert ("binder/requirements.txt", "binder/requirements.txt") in copied
    assert ("", "") in copied, "the course itself"
    for source, _ in copied:
        assert (checkout / source).exists()
    (installed,) = re.findall(r'pip install --no-cache-dir -r "(.*?)"', dockerfile)
    assert (checkout / installed).is_file()


def test_dockerfile_runs_post_build_after_the_course_is_there(checkout, dockerfile):
    lines = dockerfile.splitlines()
    (run,) = [number for number, line in enumerate(lines) if line.strip() == "RUN ./binder/postBuild"]
    (copy,) = [number for number, line in enumerate(lines) if re.match(r"COPY \S+ src/ ", line)]
    assert copy < run
    assert os.access(checkout / "binder" / "postBuild", os.X_OK)
    assert "USER ${NB_USER}" in lines[copy:run], "as an ordinary user"


def test_dockerfile_takes_the_python_of_the_lock(dockerfile):
    wanted = (ROOT / "binder" / "runtime.txt").read_text().strip().removeprefix("python-")
    used = re.search(r"environment-2epy-2d(\d+)-2e(\d+)-2d", dockerfile)
    assert used, "repo2docker names its base environment after the Python version"
    assert ".".join(used.groups()) == wanted


def test_nothing_that_an_ordinary_binder_lacks(checkout):
    allowed = {"requirements.txt", "requirements-dev.txt", "runtime.txt", "postBuild", "README.md", "hub"}
    assert {path.name for path in (checkout / "binder").iterdir()} <= allowed
    program = (checkout / "binder" / "postBuild").read_text()
    commands = [line.split()[0] for line in program.splitlines() if line and not line.startswith("#")]
    assert set(commands) == {"set", "python"}


@pytest.mark.slow
def test_what_binder_installs_imports_every_module(checkout, tmp_path):
    wanted = (checkout / "binder" / "runtime.txt").read_text().strip().removeprefix("python-")
    base = getattr(sys, "_base_executable", None) or sys.executable
    if ".".join(map(str, sys.version_info[:2])) != wanted:
        base = shutil.which(f"python{wanted}")
        if not base:
            pytest.skip(f"needs Python {wanted} on PATH, the version of the lock")
    venv = tmp_path / "venv"
    subprocess.run([base, "-m", "venv", venv], check=True)
    python = start.python_in(venv)
    path = os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])
    variables = {**os.environ, "PATH": path, "HOME": str(tmp_path), "JUPYTER_CONFIG_DIR": str(tmp_path)}
    variables.pop("PYTHONPATH", None)  # which lends a learner's environment the tests' own tools
    # What is imported below is compiled then, and the rest not at all. uv takes seconds where it is there;
    # pip says below whether all that it wants is installed.
    tool = ["uv", "pip"] if shutil.which("uv") else ["python", "-m", "pip"]
    more = ["--python", str(venv)] if shutil.which("uv") else ["--no-compile"]
    install([*tool, "install", *more, "-r", "binder/requirements.txt"], checkout, variables)
    before = {path.name for path in checkout.iterdir()}
    install(["./binder/postBuild"], checkout, variables)

    def said(*command):
        result = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
        return result.stdout + result.stderr

    frozen = said("python", "-m", "pip", "freeze", "--exclude-editable")
    locked = (checkout / "binder" / "requirements.txt").read_text()
    assert versions(frozen) == versions(locked), "the lock is complete"
    said("python", "-m", "pip", "check")

    names = [path.relative_to(checkout) for path in sorted((checkout / "faultlab").rglob("*.py"))]
    names = [".".join(name.with_suffix("").parts).removesuffix(".__init__") for name in names]
    imports = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]"
    said("python", "-W", "error::DeprecationWarning:faultlab", "-c", imports, *names)
    where = said("python", "-c", "import faultlab; print(faultlab.__file__)").strip()
    assert Path(where).is_relative_to(venv), "a volume over the home folder hides the course, not the package"
    assert {path.name for path in checkout.iterdir()} == before, "nothing is left behind in the course"
    assert re.search(r"faultlab v\S+ .*enabled.*OK", said("jupyter", "labextension", "list"))


def versions(listed):
    """Package and version of every line that has both."""
    pairs = [line.split("==") for line in listed.splitlines() if "==" in line]
    return {canonicalize_name(name): version for name, version in pairs}


def install(command, checkout, variables):
    """Run an installation; skip with a sentence where there is no network."""
    result = subprocess.run(command, cwd=checkout, env=variables, capture_output=True, text=True)
    said = result.stdout + result.stderr
    if result.returncode != 0 and "can't be downloaded" in start.sentence_for(said):
        pytest.skip("needs a network connection: it installs what Binder would install")
    assert result.returncode == 0, said

"""faultlab installed as a wheel for many users: lessons, labs and grading find each other without a clone."""

import json
import os
import shutil
import site
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

import start

ROOT = Path(__file__).parents[2]
WHERE = """
from faultlab.classroom import Progress, keep_place, labs_folder, open_lab, open_lesson
import faultlab
print(faultlab.__file__)
print(Progress().place)
"""
IN_LESSON = (
    WHERE + "open_lesson('08_metrics'); place = keep_place(); place.choose_team('red 7'); print(place.status)"
)
IN_LAB = WHERE + "print(open_lab('08_metrics').team); print(labs_folder())"


@pytest.fixture(scope="module")
def wheel(checkout, tmp_path_factory):
    """The wheel of a fresh clone."""
    uv = shutil.which("uv")
    if not uv:
        pytest.skip("needs uv: run the tests with `python3 start.py test`")
    folder = tmp_path_factory.mktemp("dist")
    command = [uv, "build", "--wheel", "--offline", "--out-dir", str(folder)]
    result = subprocess.run(command, cwd=checkout, capture_output=True, text=True)
    if result.returncode != 0 and "can't be downloaded" in start.sentence_for(result.stderr):
        pytest.skip("needs the package's build backend, which this uv has not got")
    assert result.returncode == 0, result.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """A Python with the wheel installed, and with what these tests run on for everything else."""
    venv = tmp_path_factory.mktemp("shared") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    python = start.python_in(venv)
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(
        subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()
    )
    with zipfile.ZipFile(wheel) as file:
        file.extractall(packages)
    # At the end of the path, so that the wheel goes before an editable faultlab.
    (packages / "others.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    return python


@pytest.fixture(scope="module")
def learner(checkout, tmp_path_factory):
    """A learner's home with a copy of the lessons and labs, and no package in it."""
    home = tmp_path_factory.mktemp("home")
    for room in ("course", "labs"):
        shutil.copytree(checkout / room, home / "fault-tolerance" / room)
    return home


def said(python, home, folder, *arguments, status=0, **variables):
    """What a Python prints in a folder, with nothing of the tests' own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FAULTLAB", "PYTHON"))}
    settings = kept | {"HOME": str(home), "USERPROFILE": str(home)} | variables
    settings.pop("XDG_DATA_HOME", None)
    result = subprocess.run([python, *arguments], cwd=folder, env=settings, capture_output=True, text=True)
    assert result.returncode == status, result.stdout + result.stderr
    return result.stdout if status == 0 else result.stderr


def test_a_lesson_and_a_lab_share_one_place_beside_the_learner_s_course(python, learner):
    course = learner / "fault-tolerance"
    lesson = said(python, learner, course / "course", "-c", IN_LESSON)
    lab = said(python, learner, course / "labs", "-c", IN_LAB)
    assert "site-packages" in lesson.splitlines()[0]
    assert lesson.splitlines()[:2] == lab.splitlines()[:2]
    assert lesson.splitlines()[1] == str(course / "progress")
    assert "✓ Team red-7" in lesson
    assert "red-7" in lab.splitlines()
    assert lab.splitlines()[-1] == str(course / "labs")
    assert json.loads((course / "progress" / "progress.json").read_text(encoding="utf-8"))["team"] == "red-7"


def test_elsewhere_progress_is_the_user_s_own(python, learner, tmp_path):
    place = said(python, learner, tmp_path, "-c", WHERE).splitlines()[1]
    assert Path(place).is_relative_to(learner)
    assert Path(place).name == "faultlab"
    assert said(python, learner, tmp_path, "-c", WHERE, FAULTLAB_PROGRESS="here").splitlines()[1] == "here"


def test_labs_are_graded_with_those_of_the_clone_and_never_with_none(python, learner, tmp_path):
    course = learner / "fault-tolerance"
    notebook = nbformat.read(course / "labs" / "08_metrics.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.source.startswith("minutes = ..."):
            cell.source = "minutes = 86.4 minutes a month"
    (tmp_path / "in" / "ada").mkdir(parents=True)
    nbformat.write(notebook, tmp_path / "in" / "ada" / "08_metrics.ipynb")
    grade = ("-m", "faultlab", "grade", "in", "--json", "--unconfined")
    refused = said(python, learner, tmp_path, *grade, status=2)
    assert "name their folder with --labs" in refused
    named = said(python, learner, tmp_path, *grade, "--labs", str(course / "labs"))
    beside = tmp_path / "clone"
    shutil.copytree(course, beside)
    shutil.copytree(tmp_path / "in", beside / "in")
    for found in (named, said(python, learner, beside, *grade)):
        (graded,) = json.loads(found)["submissions"]
        assert (graded["lab"], graded["points"]["minutes_a_month"]) == ("08_metrics", 1)

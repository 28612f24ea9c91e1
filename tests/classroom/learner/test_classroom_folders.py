"""One rule for where progress, lessons and labs are, however faultlab was installed."""

import os
import sys
from pathlib import Path

import pytest

from faultlab.classroom import course_folder, folders, labs_folder
from faultlab.classroom.folders import progress_folder
from faultlab.errors import BadInput

ROOT = Path(__file__).parents[3]


@pytest.fixture
def away(tmp_path, monkeypatch):
    """A package that stands in no clone, a home of its own, and nothing named."""
    monkeypatch.setattr(folders, "PACKAGE", tmp_path / "site-packages" / "faultlab")
    for name in ("FAULTLAB_PROGRESS", "FAULTLAB_COURSE", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def clone(folder):
    """A folder with what tells that the course is in it, and a lab."""
    for room, file in (("course", "kestrel.yaml"), ("labs", "08_metrics.ipynb")):
        (folder / room).mkdir(parents=True)
        (folder / room / file).write_text("")
    return folder


@pytest.mark.parametrize("room", ["", "course", "labs", "course/mine/deeper"])
def test_lessons_and_labs_of_a_course_share_its_progress(away, monkeypatch, room):
    root = clone(away / "lent" / "course of mine")
    (root / room).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(root / room)
    assert progress_folder() == root / "progress"
    assert (course_folder(), labs_folder()) == (root / "course", root / "labs")


def test_the_course_around_the_notebook_goes_before_the_one_around_the_package(away, monkeypatch):
    mine, theirs = clone(away / "mine"), clone(away / "theirs")
    monkeypatch.setattr(folders, "PACKAGE", theirs / "faultlab")
    assert progress_folder() == theirs / "progress", "an editable installation, used from elsewhere"
    monkeypatch.chdir(mine / "labs")
    assert (progress_folder(), labs_folder()) == (mine / "progress", mine / "labs")


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="needs users as Unix has them")
def test_a_course_that_belongs_to_somebody_else_keeps_nobody_s_progress(away, monkeypatch):
    root = clone(away / "shared")
    monkeypatch.chdir(root / "course")
    monkeypatch.setattr(os, "getuid", lambda: root.stat().st_uid + 1)
    assert progress_folder() == away / "home" / ".local" / "share" / "faultlab"
    assert course_folder() == root / "course", "lessons are still read from there"


def test_a_course_that_cannot_be_written_to_keeps_nobody_s_progress(away, monkeypatch):
    monkeypatch.chdir(clone(away / "shared"))
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert progress_folder().is_relative_to(away / "home")


@pytest.mark.parametrize(
    ("platform", "named", "expected"),
    [
        ("linux", {}, "home/.local/share/faultlab"),
        ("linux", {"XDG_DATA_HOME": "data"}, "data/faultlab"),
        ("darwin", {}, "home/Library/Application Support/faultlab"),
        ("win32", {}, "home/AppData/Local/faultlab"),
        ("win32", {"LOCALAPPDATA": "local"}, "local/faultlab"),
    ],
)
def test_a_user_s_own_folder_follows_the_system(away, monkeypatch, platform, named, expected):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    for name, folder in named.items():
        monkeypatch.setenv(name, str(away / folder))
    assert progress_folder() == away / expected


def test_what_is_named_goes_before_all(away, monkeypatch):
    root = clone(away / "clone")
    monkeypatch.setenv("FAULTLAB_COURSE", str(root))
    assert (course_folder(), labs_folder()) == (root / "course", root / "labs")
    assert progress_folder() == root / "progress"
    monkeypatch.setenv("FAULTLAB_PROGRESS", str(away / "here"))
    assert progress_folder() == away / "here"
    monkeypatch.setenv("FAULTLAB_COURSE", str(away / "nowhere"))
    with pytest.raises(BadInput, match="FAULTLAB_COURSE names"):
        course_folder()


def test_labs_that_are_not_there_are_asked_for(away):
    with pytest.raises(BadInput, match="--labs"):
        labs_folder()
    for folder in ("nowhere", away):
        with pytest.raises(BadInput, match="has no labs"):
            labs_folder(folder)
    assert labs_folder(clone(away / "clone") / "labs") == away / "clone" / "labs"
    assert course_folder() == away

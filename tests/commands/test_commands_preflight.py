"""What a machine can do today: tried and not guessed, before anything is installed, lesson by lesson."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import start
from faultlab.__main__ import main
from faultlab.classroom import openings
from faultlab.commands import preflight

ROOT = Path(__file__).parents[2]


def asked(capsys):
    """The result, and what is good of the machine by name."""
    assert main(["preflight", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    return result, {one["what"]: one["good"] for one in result["machine"]}


def test_every_lesson_is_told(capsys):
    result, machine = asked(capsys)
    assert [machine[what] for what in ("Python", "Packages", "Processes")] == [True] * 3
    assert [one["lesson"] for one in result["lessons"]] == [
        one["number"] for one in openings(ROOT / "course")
    ]
    assert main(["preflight"]) == 0
    said = capsys.readouterr().out
    assert [one["title"] for one in result["lessons"] if one["title"] not in said] == []


def test_the_lessons_with_processes_are_those_of_the_readme():
    said = re.search(
        r"lesson 02 runs real.*?start(?:ed)?, ", (ROOT / "README.md").read_text(encoding="utf-8")
    )
    assert set(re.findall(r"\b\d\d\b", said[0])) == set(preflight.LIVE)


def test_what_a_page_has_not_got_is_what_it_has_a_door_for():
    """A page says of four kinds of widget that they need Python (`faultlab/pages/mounts.py`)."""
    doors = re.compile(r"\b(?:EveningGame|SystemForm|BoardButton|GameDay)\(|\.(?:own_system|board_page)\(")
    found = {
        path.name[:2]
        for path in sorted((ROOT / "course").glob("[0-9][0-9]_*.ipynb"))
        if doors.search(path.read_text(encoding="utf-8"))
    }
    assert found == set(preflight.WITH_PYTHON)
    for number in found:
        assert preflight.WITH_PYTHON[number] in preflight._said_of_lesson(number, ["Packages"], True)


def test_it_runs_before_anything_is_installed(capfd):
    # -S: no packages. The course's own Python is not asked, but this one.
    ran = subprocess.run(
        [sys.executable, "-S", "-m", "faultlab", "preflight"], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert "LESS  Packages:" in ran.stdout
    assert ran.stdout.count("only as a page without a server, until this is mended: Packages") >= 10
    assert start.main(["preflight"]) == 0
    assert "Lesson by lesson" in capfd.readouterr().out


def test_where_no_process_starts_only_the_live_parts_are_missing(capsys, monkeypatch):
    def refused(*_, **__):
        raise PermissionError

    monkeypatch.setattr(preflight.subprocess, "Popen", refused)
    result, machine = asked(capsys)
    assert not machine["Processes"]
    said = {one["lesson"]: one["said"] for one in result["lessons"]}
    assert said == dict.fromkeys(said, "opens whole") | preflight.LIVE


def test_a_program_that_does_not_answer_is_no_process(capsys, monkeypatch):
    monkeypatch.setattr(preflight, "ANSWER", "print('x')")
    assert not asked(capsys)[1]["Processes"]


@pytest.mark.parametrize("kind", [0, 1])
@pytest.mark.parametrize(("most", "enough"), [(10**10, True), (4 * 10**8, False)])
def test_a_hubs_limit_on_memory_counts(kind, most, enough, capsys, monkeypatch, tmp_path):
    _, limit, used, cache = preflight.GROUPS[kind]
    for name, text in ((limit, most), (used, 3 * 10**8), ("memory.stat", f"anon 5\n{cache} 100000000")):
        (tmp_path / name).write_text(f"{text}\n", encoding="utf-8")
    monkeypatch.setattr(preflight, "GROUPS", [(tmp_path, limit, used, cache)])
    monkeypatch.setattr(preflight, "MEMINFO", tmp_path / "none")
    result, machine = asked(capsys)
    assert machine["Memory"] is enough
    said = next(one["said"] for one in result["machine"] if one["what"] == "Memory")
    assert said.startswith("200 MB are free" if not enough else "9,800 MB are free")
    assert all(("Memory" in one["said"]) is not enough for one in result["lessons"])


def test_a_system_that_does_not_say_its_memory_is_no_reason_to_stop(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(preflight, "GROUPS", [])
    monkeypatch.setattr(preflight, "MEMINFO", tmp_path / "none")
    assert asked(capsys)[1]["Memory"]


def test_a_full_disk_and_a_closed_folder_are_named(capsys, monkeypatch):
    monkeypatch.setattr(preflight, "DISK_MB", dict.fromkeys((True, False), 10**12))
    monkeypatch.setattr(preflight.os, "access", lambda *_: False)
    _, machine = asked(capsys)
    assert [machine[what] for what in ("Disk", "Progress")] == [False] * 2


def test_without_a_course_it_says_where_to_go(capsys, monkeypatch):
    monkeypatch.setattr(preflight, "root_folder", lambda: None)
    assert main(["preflight"]) == 2
    assert "go to the folder that holds `course`" in capsys.readouterr().err

"""The same gradebook on one core, on several, and on a cluster of Dask's."""

import gc
import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

import faultlab
from faultlab.__main__ import main
from faultlab.classroom import grade_folder
from faultlab.classroom.grading.quarantine import wall
from faultlab.classroom.grading.workers import digest_of_package

ROOT = Path(__file__).parents[3]
LAB = "08_metrics"
SUBMISSIONS = 200
WITHOUT_DASK = "distributed is missing: pip install distributed"
pytestmark = pytest.mark.skipif(not wall(), reason="this machine can't confine submissions")


def hand_in(folder, many):
    """Eight notebooks that run, with an answer, a wrong one, an error or none; the others can't be read."""
    opened = {"cell_type": "code", "source": f"open_lab('{LAB}')", "metadata": {}}
    sources = ["minutes = 86.4", "minutes = 1", "1 / 0", "minutes ="]
    for n in range(many):
        answer = {"cell_type": "code", "source": sources[n % 4], "metadata": {}}
        check = {"cell_type": "code", "source": "check.minutes_a_month(minutes)", "metadata": {}}
        path = folder / f"learner{n:03}" / f"{LAB}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"cells": [opened, answer, check]}) if n * 8 % many < 8 else "{")
    return folder


def test_a_pool_of_processes_gives_the_same_gradebook(tmp_path):
    folder = hand_in(tmp_path / "in", 8)
    with ProcessPoolExecutor(2) as pool:
        assert grade_folder(folder, executor=pool) == grade_folder(folder)


def test_two_hundred_submissions_on_a_cluster_of_two_workers(tmp_path):
    distributed = pytest.importorskip("distributed", reason=WITHOUT_DASK)
    folder = hand_in(tmp_path / "in", SUBMISSIONS)
    plain = grade_folder(folder)
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "processes": True}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        assert grade_folder(folder, executor=client.get_executor()) == plain
    assert len(plain.rows) == SUBMISSIONS
    assert {row.total for row in plain.rows} == {0, 1}


def graded(folder, out, *more):
    assert main(["grade", str(folder), "--out", str(out / "book.csv"), *more]) == 0
    return [(out / name).read_bytes() for name in ("book.csv", "book_tasks.csv")]


def test_the_command_grades_on_a_cluster_with_the_same_marks_and_the_same_wall(tmp_path, capsys, monkeypatch):
    distributed = pytest.importorskip("distributed", reason=WITHOUT_DASK)
    folder = hand_in(tmp_path / "in", 8)
    secret = tmp_path / "secret"
    secret.write_text("answers")
    path = folder / "learner004" / f"{LAB}.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][1]["source"] = f"minutes = 86.4 if open({str(secret)!r}).read() else 0"
    path.write_text(json.dumps(notebook))
    plain, there = tmp_path / "plain", tmp_path / "there"
    plain.mkdir()
    there.mkdir()
    expected = graded(folder, plain)
    assert b"PermissionError" in expected[0] or b"FileNotFoundError" in expected[0]
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "processes": True}
    with distributed.LocalCluster(**options) as cluster:
        address = cluster.scheduler_address
        assert graded(folder, there, "--dask", address) == expected
        assert main(["grade", str(folder), "--dask", address, "--workers", "2"]) == 2
        with distributed.Client(cluster) as client:
            assert set(client.run(digest_of_package).values()) == {digest_of_package()}
        monkeypatch.setattr(faultlab, "__file__", str(tmp_path / "changed" / "__init__.py"))
        capsys.readouterr()
        assert main(["grade", str(folder), "--out", str(there / "book.csv"), "--dask", address]) == 2
        assert "has another version of faultlab" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nowhere", "tcp://", "http://127.0.0.1:9", "::"])
def test_an_address_without_a_cluster_is_refused_in_a_line(tmp_path, capsys, monkeypatch, address):
    pytest.importorskip("distributed", reason=WITHOUT_DASK)
    gc.collect()  # or a client that found nothing is closed in the thread of the next, which waits for it
    monkeypatch.setattr("faultlab.classroom.grading.workers.SECONDS", 1)
    assert main(["grade", str(hand_in(tmp_path, 1)), "--dask", address]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"No Dask scheduler answers at {address}:")
    assert said.count("\n") == 1

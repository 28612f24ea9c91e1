"""The same gradebook on one core, on several, and on a cluster of Dask's."""

import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from faultlab.classroom import grade_folder
from faultlab.classroom.grading.quarantine import wall

ROOT = Path(__file__).parents[2]
LAB = "08_metrics"
SUBMISSIONS = 200
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
    distributed = pytest.importorskip("distributed", reason="distributed is missing: pip install distributed")
    folder = hand_in(tmp_path / "in", SUBMISSIONS)
    plain = grade_folder(folder)
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "processes": True}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        assert grade_folder(folder, executor=client.get_executor()) == plain
    assert len(plain.rows) == SUBMISSIONS
    assert {row.total for row in plain.rows} == {0, 1}

"""The 2019 trace's columns: what is written is read back, the time decides, and what is missing is named."""

import csv
import json

import numpy as np
import pytest

from faultlab.cases.borg_allocs import AllocSet
from faultlab.cases.borg_cell import Cell, Machines
from faultlab.cases.borg_constraints import RELATIONS, constraint_bits, holds
from faultlab.cases.borg_jobs import Jobs
from faultlab.cases.borg_scheduling import schedule
from faultlab.cases.borg_trace import read_trace, write_trace
from faultlab.cases.borg_trace_tables import READ, TABLES
from faultlab.cases.borg_workload import synthetic_jobs, synthetic_machines
from faultlab.errors import BadInput


@pytest.fixture
def folder(tmp_path):
    machines = synthetic_machines(20)
    cell = Cell(machines, synthetic_jobs(machines, picky=0.2))
    schedule(cell)
    write_trace(tmp_path, cell)
    return tmp_path, cell


def rewrite(path, change):
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    rows = change(rows)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_what_is_written_is_read_back(folder):
    path, cell = folder
    machines, jobs = read_trace(path, cores=cell.machines.cpu.max(), gib=cell.machines.memory.max())
    for name in ("cpu", "memory", "domain"):
        assert np.allclose(getattr(machines, name), getattr(cell.machines, name))
    for name in ("tasks", "cpu", "memory", "priority"):
        assert np.allclose(getattr(jobs, name), getattr(cell.jobs, name))
    runs = np.bincount(cell.job_of[cell.machine >= 0], minlength=len(jobs)) > 0
    for name in ("cpu", "memory"):
        seen = np.where(runs, getattr(cell.jobs, f"{name}_reserved"), getattr(cell.jobs, name))
        assert np.allclose(getattr(jobs, f"{name}_reserved"), seen)
    # Numbers of users and of constraints may differ; who is the same user and what fits where may not.
    assert len(set(zip(jobs.user, cell.jobs.user, strict=True))) == len(set(cell.jobs.user))
    fits = (jobs.needs[:, None] & ~machines.traits) == 0
    assert (fits == ((cell.jobs.needs[:, None] & ~cell.machines.traits) == 0)).all()
    assert not fits.all()


def test_columns_are_those_of_the_schema(folder):
    path, _ = folder
    for name, columns in TABLES.items():
        assert (path / f"{name}.csv").read_text().splitlines()[0].split(",") == columns
        assert set(READ.get(name, ())) <= set(columns)


def test_the_time_decides_who_is_there(tmp_path):
    cell = Cell(Machines([4, 8], [4, 8]), Jobs([2], [1], [1], [200]))
    schedule(cell)
    write_trace(tmp_path, cell)

    def machine_leaves(rows):
        return [*rows, rows[1] | {"time": "50", "type": "REMOVE"}]

    def task_ends(rows):
        return [*rows, rows[-1] | {"time": "70", "type": "6"}]

    rewrite(tmp_path / "machine_events.csv", machine_leaves)
    rewrite(tmp_path / "instance_events.csv", task_ends)
    sizes = {}
    for at in (0, 49, 50, 69, 70):
        machines, jobs = read_trace(tmp_path, at=at)
        sizes[at] = len(machines), int(jobs.tasks.sum())
    assert sizes == {0: (2, 2), 49: (2, 2), 50: (1, 2), 69: (1, 2), 70: (1, 1)}


@pytest.mark.parametrize("table", READ)
def test_a_missing_column_or_file_is_named(folder, table):
    path, _ = folder
    file = path / f"{table}.csv"
    for column in READ[table]:
        text = file.read_text()
        rewrite(file, lambda rows, gone=column: [{k: v for k, v in r.items() if k != gone} for r in rows])
        with pytest.raises(BadInput, match=rf"{table}\.csv has no column {column}"):
            read_trace(path)
        file.write_text(text)
    file.unlink()
    if table == "instance_usage":  # nobody knows what was used: limits are reserved
        _, jobs = read_trace(path)
        assert jobs.cpu_reserved == pytest.approx(jobs.cpu)
        return
    with pytest.raises(BadInput, match=rf"{table}\.csv is missing"):
        read_trace(path)


def test_the_last_window_decides_what_is_reserved(tmp_path):
    cell = Cell(Machines([10], [10]), Jobs([1], [4.0], [8.0], [200]))
    schedule(cell)
    write_trace(tmp_path, cell)

    def second_window(rows):
        later = {"start_time": "300", "end_time": "600", "maximum_usage.cpus": "0.1"}
        return [*rows, rows[0] | later | {"average_usage.cpus": "0.05", "maximum_usage.memory": ""}]

    rewrite(tmp_path / "instance_usage.csv", second_window)
    for at, cores in ((299, 4.0), (300, 1.15)):
        _, jobs = read_trace(tmp_path, at=at, cores=10, gib=10)
        assert jobs.cpu_reserved.tolist() == [pytest.approx(cores)]
        assert jobs.memory_reserved.tolist() == [pytest.approx(8.0)]


def test_what_runs_in_an_alloc_takes_no_other_room(tmp_path):
    cell = Cell(Machines([8] * 3, [8] * 3), Jobs([2, 1], [4.0, 1.0], [8.0, 1.0], [200, 0]))
    web = AllocSet(cell, 0, Jobs([2, 2], [3.0, 1.0], [6.0, 2.0], [200, 110]))
    schedule(cell)
    web.settle()
    paths = write_trace(tmp_path, cell, [web])
    _, jobs = read_trace(tmp_path, cores=8, gib=8)
    assert jobs.tasks.tolist() == [2, 1]
    assert jobs.cpu.tolist() == [4.0, 1.0]
    with paths["instance_events"].open(newline="") as file:
        inside = [row for row in csv.DictReader(file) if row["alloc_collection_id"] == "1"]
    running = [row for row in inside if row["type"] == "3"]
    assert len(inside) == 2 * len(running) == 8
    for row in running:
        alloc = int(row["alloc_instance_index"])
        assert int(row["machine_id"]) == cell.machine[web.tasks[alloc]] + 1
    with paths["collection_events"].open(newline="") as file:
        kinds = [row["collection_type"] for row in csv.DictReader(file)]
    assert kinds == ["1", "0", "0", "0"]


@pytest.mark.parametrize(
    ("table", "column", "value", "named"),
    [
        ("machine_events", "capacity.cpus", "much", r"line 2: capacity.cpus is 'much'"),
        ("machine_events", "type", "9", "type is 9; the trace has 0 to 3"),
        ("instance_events", "time", "nan", r"line 2: time is 'nan'"),
        ("instance_events", "constraint", "[[", "constraint .* can't be read"),
        ("instance_events", "constraint", '[{"name": "a", "relation": "LIKE"}]', "can't be read"),
    ],
)
def test_a_cell_that_cant_be_read_is_named(folder, table, column, value, named):
    path, _ = folder
    rewrite(path / f"{table}.csv", lambda rows: [rows[0] | {column: value}])
    with pytest.raises(BadInput, match=named):
        read_trace(path)


def test_nothing_left_is_named(folder):
    with pytest.raises(BadInput, match="no machine at that time"):
        read_trace(folder[0], at=-1)


def test_each_relation_means_what_the_schema_says():
    answers = {
        "EQUAL": (False, True, False, False),
        "NOT_EQUAL": (True, False, True, True),
        "LESS_THAN": (True, False, False, False),
        "GREATER_THAN": (False, False, True, False),
        "LESS_THAN_EQUAL": (True, True, False, False),
        "GREATER_THAN_EQUAL": (False, True, True, False),
        "PRESENT": (True, True, True, False),
        "NOT_PRESENT": (False, False, False, True),
    }
    assert set(answers) == set(RELATIONS)
    for relation, expected in answers.items():
        assert tuple(holds(relation, has, "9") for has in ("8", "9", "10", None)) == expected


def test_too_many_constraints_are_refused():
    texts = [json.dumps([{"name": f"n{i}", "relation": 6}]) for i in range(63)]
    with pytest.raises(BadInput, match="63 different constraints"):
        constraint_bits(texts, [1], {})
    needs, traits = constraint_bits(texts[:62], [1], {(1, "n61"): "x"})
    assert needs[61] == traits[0] == 1 << 61

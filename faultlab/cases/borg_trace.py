"""Cells in the columns of Google's trace of 2019, read and written as CSV.

Tables and columns: clusterdata_trace_format_v3.proto of github.com/google/cluster-data. The trace is
normalised: the largest machine has 1 of each resource. It tells what was used and not what was reserved; here
a reservation is the use and a margin, at which Borg's own settles when the use is steady.
"""

import csv
import json
from pathlib import Path

import numpy as np

from faultlab.cases.borg_cell import PENDING, Machines
from faultlab.cases.borg_constraints import constraint_bits, read_attributes
from faultlab.cases.borg_jobs import Jobs, is_production
from faultlab.cases.borg_reclamation import Reclamation
from faultlab.cases.borg_trace_tables import EVENTS, GONE, MACHINE_EVENTS, TABLES, trace_rows
from faultlab.errors import BadInput

#: Microseconds over which the trace measures use.
WINDOW = 300_000_000


def write_trace(folder, cell, allocs=()):
    """Write a cell as a trace: its machines, its jobs as submitted at time 0, and where their tasks run.

    Parameters
    ----------
    folder : path
        Made if it isn't there; files of the same names are replaced.
    cell : Cell
    allocs : sequence of AllocSet, optional
        Of this cell; their guests are written as collections that run in them.

    Returns
    -------
    dict
        Table to the path of its file.
    """
    machines = cell.machines
    unit = np.array([machines.cpu.max(), machines.memory.max()])
    rows = {name: [] for name in TABLES}
    for m in range(len(machines)):
        size = _cells(machines.cpu[m] / unit[0], machines.memory[m] / unit[1])
        rows["machine_events"].append((0, m + 1, 1, f"switch-{machines.domain[m]}", *size, "", 0))
        rows["machine_attributes"] += [
            (0, m + 1, f"trait-{bit}", 1, "false") for bit in _bits(machines.traits[m])
        ]
    sets = {int(cell.job_of[one.tasks[0]]) for one in allocs}
    for j in range(len(cell.jobs)):
        places = [(-1, at) for at in cell.machine[cell.tasks_of(j)].tolist()]
        _write_job(rows, j + 1, cell.jobs, j, unit, places, kind=int(j in sets))
    number = len(cell.jobs)
    for one in allocs:
        alloc_set = int(cell.job_of[one.tasks[0]]) + 1
        where = one.machines()
        for j in range(len(one.inside.jobs)):
            number += 1
            guests = one.inside.tasks_of(j)
            places = list(zip(one.inside.machine[guests].tolist(), where[guests].tolist(), strict=True))
            _write_job(rows, number, one.inside.jobs, j, unit, places, alloc_set=alloc_set)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for name, columns in TABLES.items():
        paths[name] = folder / f"{name}.csv"
        with paths[name].open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(rows[name])
    return paths


def _write_job(rows, number, jobs, j, unit, places, kind=0, alloc_set=0):
    """Add the rows of one job; `places` has each task's alloc (-1 for none) and machine (-1 for none)."""
    sensitivity = 2 if is_production(jobs.priority[j]) else 1
    common = number, sensitivity, 0, kind, jobs.priority[j], alloc_set
    name = f"{'alloc-set' if kind else 'job'}-{number - 1}"
    rows["collection_events"].append((0, 0, *common, f"user-{jobs.user[j]}", name, name, "", "", 0, 0, 1, 0))
    asked = _cells(jobs.cpu[j] / unit[0], jobs.memory[j] / unit[1])
    margin = 1 + Reclamation().margin
    used = _cells(jobs.cpu_reserved[j] / unit[0] / margin, jobs.memory_reserved[j] / unit[1] / margin)
    needs = json.dumps(
        [{"name": f"trait-{bit}", "relation": "PRESENT", "value": ""} for bit in _bits(jobs.needs[j])]
    )
    for index, (alloc, at) in enumerate(places):
        rows["instance_events"].append((0, 0, *common, index, 0, -1, *asked, needs))
        if at == PENDING:
            continue
        rows["instance_events"].append((0, 3, *common, index, at + 1, alloc, *asked, needs))
        whose = number, index, at + 1, alloc_set, alloc, kind
        rows["instance_usage"].append((0, WINDOW, *whose, *used, *used, "", asked[1], *[""] * 6))


def read_trace(folder, at=float("inf"), cores=1.0, gib=1.0):
    """Read the machines and the workload of a cell as they were at one time.

    Parameters
    ----------
    folder : path
        With machine_events.csv, collection_events.csv, instance_events.csv and, where tasks have constraints,
        machine_attributes.csv; columns beyond those needed are passed over. With instance_usage.csv what is
        reserved is what the last window saw used, and a margin (the mean over a job's tasks); else the limit.
    at : float
        Microseconds since the start of the trace.
    cores, gib : float
        Size of the largest machine, which the trace calls 1.

    Returns
    -------
    (Machines, Jobs)
        A collection whose instances differ in what they ask for becomes one job for each kind. What runs in
        an alloc is left out: its room is the alloc's, which is there as a job.

    Raises
    ------
    BadInput
        For a file or a column that is missing, a cell that is not a number, or nothing that is left.
    """
    folder = Path(folder)
    if not (cores > 0 and gib > 0):
        raise BadInput("The largest machine has more than 0 cores and GiB.")
    there = {}
    for line in trace_rows(folder, "machine_events", at):
        kind = line.choice("type", MACHINE_EVENTS)
        machine = line.number("machine_id", int)
        if kind == "REMOVE":
            there.pop(machine, None)
        elif kind in ("ADD", "UPDATE"):
            size = line.number("capacity.cpus"), line.number("capacity.memory")
            there[machine] = (*size, line["switch_id"])
    there = {machine: row for machine, row in there.items() if row[0] > 0 and row[1] > 0}
    user = {
        line.number("collection_id", int): line["user"]
        for line in trace_rows(folder, "collection_events", at)
    }
    instances = {}
    for line in trace_rows(folder, "instance_events", at):
        key = line.number("collection_id", int), line.number("instance_index", int)
        if line.choice("type", EVENTS) in GONE:
            instances.pop(key, None)
            continue
        if line.number("alloc_collection_id", int) > 0:
            continue
        asked = line.number("resource_request.cpus"), line.number("resource_request.memory")
        instances[key] = (*asked, line.number("priority", int), line["constraint"])
    used, margin, kinds, reserved = _last_used(folder, at), 1 + Reclamation().margin, {}, {}
    for key, asked in sorted(instances.items(), key=lambda item: item[0]):
        if asked[0] > 0 and asked[1] > 0:
            kind = key[0], asked
            kinds[kind] = kinds.get(kind, 0) + 1
            if key in used:
                reserved.setdefault(kind, []).append(np.minimum(asked[:2], margin * used[key]))
    if not there or not kinds:
        raise BadInput(f"{folder} has no {'machine' if not there else 'task'} at that time; choose another.")
    needs, traits = constraint_bits(
        [asked[3] for _, asked in kinds], list(there), read_attributes(folder, at), folder
    )
    switches = {name: number for number, name in enumerate(dict.fromkeys(row[2] for row in there.values()))}
    users = {name: number for number, name in enumerate(dict.fromkeys(user.values()))}
    sizes = np.array([row[:2] for row in there.values()]) * (cores, gib)
    asked = np.array([row[:2] for _, row in kinds]) * (cores, gib)
    mean = np.array([np.mean(reserved.get(kind, [kind[1][:2]]), axis=0) for kind in kinds]) * (cores, gib)
    return (
        Machines(*sizes.T, [switches[row[2]] for row in there.values()], traits),
        Jobs(
            list(kinds.values()),
            *asked.T,
            [row[2] for _, row in kinds],
            *np.minimum(mean, asked).T,
            needs=needs,
            user=[users.get(user.get(collection), len(users)) for collection, _ in kinds],
        ),
    )


def _last_used(folder, at):
    """What each instance used at most in its last window that began by then: an array of CPU and memory."""
    if not (folder / "instance_usage.csv").is_file():
        return {}
    used = {}
    for line in trace_rows(folder, "instance_usage", at, time="start_time"):
        key = line.number("collection_id", int), line.number("instance_index", int)
        # The trace leaves some maxima out; there the mean has to do.
        used[key] = np.array(
            [
                max(line.number(f"average_usage.{one}"), line.number(f"maximum_usage.{one}"))
                for one in ("cpus", "memory")
            ]
        )
    return used


def _cells(*values):
    return tuple(repr(float(value)) for value in values)


def _bits(value):
    return [bit for bit in range(63) if int(value) >> bit & 1]

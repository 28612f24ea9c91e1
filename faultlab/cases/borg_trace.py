"""Cells in the columns of Google's trace of 2019, read and written as CSV.

Tables and columns: clusterdata_trace_format_v3.proto of github.com/google/cluster-data. A nested field is a
column with a dot in its name (`resource_request.cpus`), repeated constraints are one column of JSON. The
trace is normalised: the largest machine has 1 of each resource. Reservations are not in these tables, so what
is read reserves its limits.
"""

import csv
import json
from pathlib import Path

import numpy as np

from faultlab.cases.borg_cell import PENDING, Machines
from faultlab.cases.borg_constraints import constraint_bits, read_attributes
from faultlab.cases.borg_jobs import Jobs, is_production
from faultlab.errors import BadInput

#: The columns of each table that are written; those that are read are in `READ`.
TABLES = {
    "machine_events": [
        "time",
        "machine_id",
        "type",
        "switch_id",
        "capacity.cpus",
        "capacity.memory",
        "platform_id",
        "missing_data_reason",
    ],
    "machine_attributes": ["time", "machine_id", "name", "value", "deleted"],
    "collection_events": [
        "time",
        "type",
        "collection_id",
        "scheduling_class",
        "missing_type",
        "collection_type",
        "priority",
        "alloc_collection_id",
        "user",
        "collection_name",
        "collection_logical_name",
        "parent_collection_id",
        "start_after_collection_ids",
        "max_per_machine",
        "max_per_switch",
        "vertical_scaling",
        "scheduler",
    ],
    "instance_events": [
        "time",
        "type",
        "collection_id",
        "scheduling_class",
        "missing_type",
        "collection_type",
        "priority",
        "alloc_collection_id",
        "instance_index",
        "machine_id",
        "alloc_instance_index",
        "resource_request.cpus",
        "resource_request.memory",
        "constraint",
    ],
}
READ = {
    "machine_events": ["time", "machine_id", "type", "switch_id", "capacity.cpus", "capacity.memory"],
    "collection_events": ["time", "collection_id", "user"],
    "instance_events": [
        "time",
        "type",
        "collection_id",
        "priority",
        "instance_index",
        "resource_request.cpus",
        "resource_request.memory",
        "constraint",
    ],
}
_EVENTS = [
    "SUBMIT",
    "QUEUE",
    "ENABLE",
    "SCHEDULE",
    "EVICT",
    "FAIL",
    "FINISH",
    "KILL",
    "LOST",
    "UPDATE_PENDING",
    "UPDATE_RUNNING",
]
_GONE = {"EVICT", "FAIL", "FINISH", "KILL", "LOST"}
_MACHINE_EVENTS = ["EVENT_TYPE_UNKNOWN", "ADD", "REMOVE", "UPDATE"]


def write_trace(folder, cell):
    """Write a cell as a trace: its machines, its jobs as submitted at time 0, and where their tasks run.

    Parameters
    ----------
    folder : path
        Made if it isn't there; files of the same names are replaced.
    cell : Cell

    Returns
    -------
    dict
        Table to the path of its file.
    """
    machines, jobs = cell.machines, cell.jobs
    unit = machines.cpu.max(), machines.memory.max()
    production = is_production(jobs.priority)
    rows = {name: [] for name in TABLES}
    for m in range(len(machines)):
        size = repr(float(machines.cpu[m] / unit[0])), repr(float(machines.memory[m] / unit[1]))
        rows["machine_events"].append((0, m + 1, 1, f"switch-{machines.domain[m]}", *size, "", 0))
        rows["machine_attributes"] += [
            (0, m + 1, f"trait-{bit}", 1, "false") for bit in _bits(machines.traits[m])
        ]
    for j in range(len(jobs)):
        common = j + 1, 2 if production[j] else 1, 0, 0, jobs.priority[j], 0
        name = f"job-{j}"
        rows["collection_events"].append(
            (0, 0, *common, f"user-{jobs.user[j]}", name, name, "", "", 0, 0, 1, 0)
        )
        asked = repr(float(jobs.cpu[j] / unit[0])), repr(float(jobs.memory[j] / unit[1]))
        needs = json.dumps(
            [{"name": f"trait-{bit}", "relation": "PRESENT", "value": ""} for bit in _bits(jobs.needs[j])]
        )
        for index, task in enumerate(cell.tasks_of(j)):
            at = int(cell.machine[task])
            rows["instance_events"].append((0, 0, *common, index, 0, -1, *asked, needs))
            if at != PENDING:
                rows["instance_events"].append((0, 3, *common, index, at + 1, -1, *asked, needs))
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


def read_trace(folder, at=float("inf"), cores=1.0, gib=1.0):
    """Read the machines and the workload of a cell as they were at one time.

    Parameters
    ----------
    folder : path
        With machine_events.csv, collection_events.csv, instance_events.csv and, where tasks have constraints,
        machine_attributes.csv; columns beyond those needed are passed over.
    at : float
        Microseconds since the start of the trace.
    cores, gib : float
        Size of the largest machine, which the trace calls 1.

    Returns
    -------
    (Machines, Jobs)
        A collection whose instances differ in what they ask for becomes one job for each kind.

    Raises
    ------
    BadInput
        For a file or a column that is missing, a cell that is not a number, or nothing that is left.
    """
    folder = Path(folder)
    if not (cores > 0 and gib > 0):
        raise BadInput("The largest machine has more than 0 cores and GiB.")
    there = {}
    for line in _table(folder, "machine_events", at):
        kind = line.choice("type", _MACHINE_EVENTS)
        machine = line.number("machine_id", int)
        if kind == "REMOVE":
            there.pop(machine, None)
        elif kind in ("ADD", "UPDATE"):
            size = line.number("capacity.cpus"), line.number("capacity.memory")
            there[machine] = (*size, line["switch_id"])
    there = {machine: row for machine, row in there.items() if row[0] > 0 and row[1] > 0}
    user = {
        line.number("collection_id", int): line["user"] for line in _table(folder, "collection_events", at)
    }
    instances = {}
    for line in _table(folder, "instance_events", at):
        key = line.number("collection_id", int), line.number("instance_index", int)
        if line.choice("type", _EVENTS) in _GONE:
            instances.pop(key, None)
            continue
        asked = line.number("resource_request.cpus"), line.number("resource_request.memory")
        instances[key] = (*asked, line.number("priority", int), line["constraint"])
    kinds = {}
    for (collection, _), asked in sorted(instances.items(), key=lambda item: item[0]):
        if asked[0] > 0 and asked[1] > 0:
            kinds[collection, asked] = kinds.get((collection, asked), 0) + 1
    if not there or not kinds:
        raise BadInput(f"{folder} has no {'machine' if not there else 'task'} at that time; choose another.")
    needs, traits = constraint_bits(
        [asked[3] for _, asked in kinds], list(there), read_attributes(folder, at), folder
    )
    switches = {name: number for number, name in enumerate(dict.fromkeys(row[2] for row in there.values()))}
    users = {name: number for number, name in enumerate(dict.fromkeys(user.values()))}
    sizes = np.array([row[:2] for row in there.values()]) * (cores, gib)
    asked = np.array([row[:2] for _, row in kinds]) * (cores, gib)
    return (
        Machines(*sizes.T, [switches[row[2]] for row in there.values()], traits),
        Jobs(
            list(kinds.values()),
            *asked.T,
            [row[2] for _, row in kinds],
            needs=needs,
            user=[users.get(user.get(collection), len(users)) for collection, _ in kinds],
        ),
    )


def _bits(value):
    return [bit for bit in range(63) if int(value) >> bit & 1]


class _Line(dict):
    """A row that knows where it stands."""

    where = ""

    def number(self, column, kind=float):
        try:
            value = kind(self[column] or 0)
        except (TypeError, ValueError):
            value = None
        if value is None or not np.isfinite(value):
            raise BadInput(f"{self.where}: {column} is {self[column]!r}; write a number.")
        return value

    def choice(self, column, names):
        """The name of an enumerated value, given as its name or its number."""
        if self[column] in names:
            return self[column]
        number = self.number(column, int)
        if not 0 <= number < len(names):
            raise BadInput(f"{self.where}: {column} is {number}; the trace has 0 to {len(names) - 1}.")
        return names[number]


def _table(folder, name, at):
    """The rows of a table up to a time, in the order of time."""
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise BadInput(f"{path} is missing; a trace has {', '.join(f'{one}.csv' for one in READ)}.")
    lines = []
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        missing = [column for column in READ[name] if column not in (reader.fieldnames or ())]
        if missing:
            raise BadInput(
                f"{path} has no column {', '.join(missing)}; add it as the trace's schema names it."
            )
        for row in reader:
            line = _Line(row)
            line.where = f"{path}, line {reader.line_num}"
            if line.number("time") <= at:
                lines.append(line)
    return sorted(lines, key=lambda line: line.number("time"))

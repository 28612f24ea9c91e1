"""The tables of Google's trace of 2019 as CSV files: their columns, and rows that know where they stand.

Columns: clusterdata_trace_format_v3.proto of github.com/google/cluster-data. A nested field is a column with
a dot in its name (`resource_request.cpus`), repeated fields are one column of JSON.
"""

import csv

import numpy as np

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
    "instance_usage": [
        "start_time",
        "end_time",
        "collection_id",
        "instance_index",
        "machine_id",
        "alloc_collection_id",
        "alloc_instance_index",
        "collection_type",
        "average_usage.cpus",
        "average_usage.memory",
        "maximum_usage.cpus",
        "maximum_usage.memory",
        "random_sample_usage.cpus",
        "assigned_memory",
        "page_cache_memory",
        "cycles_per_instruction",
        "memory_accesses_per_instruction",
        "sample_rate",
        "cpu_usage_distribution",
        "tail_cpu_usage_distribution",
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
        "alloc_collection_id",
        "instance_index",
        "resource_request.cpus",
        "resource_request.memory",
        "constraint",
    ],
    "instance_usage": [
        "start_time",
        "end_time",
        "collection_id",
        "instance_index",
        "average_usage.cpus",
        "average_usage.memory",
        "maximum_usage.cpus",
        "maximum_usage.memory",
    ],
}
EVENTS = [
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
GONE = {"EVICT", "FAIL", "FINISH", "KILL", "LOST"}
MACHINE_EVENTS = ["EVENT_TYPE_UNKNOWN", "ADD", "REMOVE", "UPDATE"]


class Line(dict):
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


def trace_rows(folder, name, at, time="time"):
    """The rows of a table up to a time, in the order of time; `time` names the column that tells it."""
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
            line = Line(row)
            line.where = f"{path}, line {reader.line_num}"
            if line.number(time) <= at:
                lines.append(line)
    return sorted(lines, key=lambda line: line.number(time))

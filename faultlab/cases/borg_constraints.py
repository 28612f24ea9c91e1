"""Constraints of the 2019 trace: what a task asks of a machine's attributes, turned into bits.

Relations: MachineConstraint in clusterdata_trace_format_v3.proto of github.com/google/cluster-data.
"""

import csv
import json
from pathlib import Path

from faultlab.errors import BadInput

RELATIONS = [
    "EQUAL",
    "NOT_EQUAL",
    "LESS_THAN",
    "GREATER_THAN",
    "LESS_THAN_EQUAL",
    "GREATER_THAN_EQUAL",
    "PRESENT",
    "NOT_PRESENT",
]
#: An array of 64-bit numbers has room for so many different constraints.
MOST = 62


def holds(relation, has, wanted):
    """Whether an attribute's value satisfies a constraint; None stands for no such attribute.

    EQUAL and NOT_EQUAL compare text, the orders compare numbers; the trace's schema says so.

    Examples
    --------
    >>> holds("EQUAL", "2", "2.0"), holds("GREATER_THAN", "10", "9"), holds("NOT_PRESENT", None, "")
    (False, True, True)
    """
    if relation == "PRESENT":
        return has is not None
    if relation == "NOT_PRESENT":
        return has is None
    if relation in ("EQUAL", "NOT_EQUAL"):
        return (has == wanted) == (relation == "EQUAL")
    try:
        left, right = float(has), float(wanted)
    except (TypeError, ValueError):
        return False
    return {
        "LESS_THAN": left < right,
        "GREATER_THAN": left > right,
        "LESS_THAN_EQUAL": left <= right,
        "GREATER_THAN_EQUAL": left >= right,
    }[relation]


def constraint_bits(texts, machines, attributes, where="the trace"):
    """Give each different constraint a bit.

    Parameters
    ----------
    texts : list of str
        JSON of each job's constraints: a list of objects with name, relation and value; "" for none.
    machines : list
        Ids of the machines.
    attributes : dict
        (machine id, name) to value.
    where : str or path
        For messages.

    Returns
    -------
    (needs, traits) : lists of int
        A job's bits, and the bits of the constraints that each machine satisfies.

    Examples
    --------
    >>> text = '[{"name": "kernel", "relation": "GREATER_THAN", "value": "4"}]'
    >>> constraint_bits([text, ""], [1, 2], {(1, "kernel"): "5", (2, "kernel"): "3"})
    ([1, 0], [1, 0])
    """
    bits = {}
    needs = [sum({1 << bits.setdefault(one, len(bits)) for one in _parsed(text, where)}) for text in texts]
    if len(bits) > MOST:
        raise BadInput(f"{where} has {len(bits)} different constraints; leave out all but {MOST} of them.")
    traits = [
        sum(
            1 << bit
            for (name, relation, value), bit in bits.items()
            if holds(relation, attributes.get((machine, name)), value)
        )
        for machine in machines
    ]
    return needs, traits


def read_attributes(folder, at=float("inf")):
    """The machines' attributes at a time, out of machine_attributes.csv; none if there is no such file."""
    path = Path(folder) / "machine_attributes.csv"
    if not path.is_file():
        return {}
    found = {}
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        missing = {"time", "machine_id", "name", "value", "deleted"} - set(reader.fieldnames or ())
        if missing:
            raise BadInput(f"{path} has no column {', '.join(sorted(missing))}; add it.")
        for row in reader:
            try:
                time, machine = float(row["time"]), int(row["machine_id"])
            except (TypeError, ValueError):
                raise BadInput(
                    f"{path}, line {reader.line_num}: write time and machine as numbers."
                ) from None
            if time <= at:
                found.setdefault((time, reader.line_num), (machine, row))
    attributes = {}
    for _, (machine, row) in sorted(found.items(), key=lambda item: item[0]):
        if (row["deleted"] or "").strip().lower() in ("true", "1"):
            attributes.pop((machine, row["name"]), None)
        else:
            attributes[machine, row["name"]] = row["value"]
    return attributes


def _parsed(text, where):
    """The constraints in a cell of JSON as (name, relation, value)."""
    if not text or not text.strip():
        return []
    try:
        given = json.loads(text)
        found = [(str(one["name"]), one["relation"], str(one.get("value") or "")) for one in given]
        return [
            (name, RELATIONS[rel] if isinstance(rel, int) else rel, value)
            for name, rel, value in found
            if _known(rel)
        ]
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        raise BadInput(
            f"{where}: the constraint {text[:60]!r} can't be read; write a JSON list of objects with name, "
            "relation and value."
        ) from None


def _known(relation):
    if not (relation in RELATIONS or (isinstance(relation, int) and 0 <= relation < len(RELATIONS))):
        raise ValueError(relation)
    return True

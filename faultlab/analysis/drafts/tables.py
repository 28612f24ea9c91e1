"""A draft from a table of parts in CSV."""

from __future__ import annotations

import re
from pathlib import Path

from faultlab.analysis.drafts.parts import LIFE, Draft, Part, count_of, name_of, refuse_twice
from faultlab.analysis.systems.system_yaml import LIMITS
from faultlab.analysis.systems.yaml_nodes import instead
from faultlab.errors import BadInput
from faultlab.input_files import table_records, text_of

_WHAT = ("part", "service", "component")
HEADS = {
    "name": ("name", *_WHAT, *(f"{one} name" for one in _WHAT)),
    "needs": ("needs", "depends on", "dependencies"),
    "copies": ("copies", "replicas", "instances", "quantity", "qty"),
    "enough": ("enough", "needed", "minimum"),
    **{f"{key}_hours": (f"{key} hours", f"{key} h", f"{key} in hours") for key in ("mtbf", "mttr")},
    "availability": ("availability", "availability %"),
}
NOTHING = ("-", "–", "—", "n/a", "none")
"""What people write in a cell that has nothing to say."""


def of_table(path: Path, most_bytes: int) -> Draft:
    """Draft from a table, a part a line.

    Raises
    ------
    BadInput
        In the line that is wrong.
    """
    found = Draft("a table of parts")
    records = table_records(text_of(path, most_bytes, "a table of parts"), path.name)
    if not records:
        raise BadInput("the table is empty; its first line names the columns.")
    head = [" ".join(re.sub(r"[\s_()\[\]]", " ", cell).split()).casefold() for cell in records[0][1]]
    columns: dict[str, int] = {}
    for place, cell in enumerate(head):
        for key in (key for key, words in HEADS.items() if cell in words):
            if key in columns:
                raise BadInput(f"columns {head[columns[key]]!r} and {cell!r} both mean {key!r}; keep one.")
            columns[key] = place
    unknown = [cell for place, cell in enumerate(head) if cell and place not in columns.values()]
    if "name" not in columns:
        there = ", ".join(cell[:40] for cell in head if cell)
        raise BadInput(f"no column is called name, part, service or component; the first line has: {there}.")
    if unknown:
        found.remarks.append(f"Columns that were not used: {', '.join(unknown)}.")
    for line, record in records[1:]:
        if any(cell.strip() for cell in record[len(head) :]):
            raise BadInput(
                f"line {line} has more cells than the {len(head)} of the first line; write semicolons "
                "between names that are needed, or put them in quotes."
            )
        cells = {key: record[place].strip() for key, place in columns.items() if place < len(record)}
        cells = {key: said for key, said in cells.items() if key == "name" or said.casefold() not in NOTHING}
        if not cells.get("name"):
            raise BadInput(f"line {line} names no part; fill its name, or take the line out.")
        name = name_of(cells["name"])
        refuse_twice(found.parts, {name: None}, f"line {line}")
        needs = [name_of(one) for one in re.split(r"[;,|\r\n]", cells.get("needs", "")) if one.strip()]
        part = found.parts[name] = Part(
            name, needs, count_of(cells.get("copies") or 1, f"line {line}: copies")
        )
        if not part.copies:
            raise BadInput(f"line {line}: {name!r} has no copy; take the line out.")
        if cells.get("enough"):
            part.enough = count_of(cells["enough"], f"line {line}: what is enough of {name!r}")
            if not part.enough:
                raise BadInput(f"line {line}: none of {name!r} is enough; write 1 or more, or take it out.")
        part.figures = {key: cells[key] for key in ("availability", *LIFE) if cells.get(key)}
        for key, said in part.figures.items():
            _refuse_figure(key, said, line)
        if part.figures and set(part.figures) not in (
            {"availability"},
            {"availability", "mttr_hours"},
            set(LIFE),
        ):
            raise BadInput(f"line {line}: give {name!r} an availability, or both mtbf_hours and mttr_hours.")
    known = {}
    for name in found.parts:
        known[name.casefold()] = None if name.casefold() in known else name
    for part in found.parts.values():
        part.needs = [one if one in found.parts else known.get(one.casefold()) or one for one in part.needs]
    return found


def _refuse_figure(key, said, line):
    low, high = LIMITS[key]
    if not re.fullmatch(r"\d+(\.\d+)?([eE][+-]?\d+)?", said) or not low <= float(said) <= high:
        hint = instead(said, key)
        percent = re.fullmatch(r"(\d+(?:[.,]\d+)?) ?(%?)", said) if key == "availability" else None
        if percent:
            amount = percent[1].replace(",", ".")
            if percent[2] or float(amount) > 1:
                hint = instead(f"{amount} %", key)
        raise BadInput(f"line {line}: {key} is a number from {low:g} to {high:g}, not {said[:40]!r}{hint}.")

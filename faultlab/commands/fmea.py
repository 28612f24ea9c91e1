"""Risk priority number and Action Priority of every row of a worksheet, or rows to begin one with."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from faultlab.analysis.fmea import changes, ranked, read_fmea, read_worksheet, rows_of, write_fmea
from faultlab.analysis.systems import read_system
from faultlab.errors import BadInput

TABLE = (
    "Action Priority of design and process FMEA (AIAG & VDA 2019), by severity, occurrence and detection; "
    "the table of FMEA-MSR, by severity, frequency and monitoring, is not included"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the worksheet, an earlier one, and where to write."""
    parser.add_argument("file", help="a worksheet in CSV or XLSX, or a system in YAML to make one from")
    parser.add_argument("--against", help="an earlier revision, to say what has changed since")
    parser.add_argument("--out", help="write the rows as a worksheet: .csv or .xlsx")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the rows in the worksheet's order, each with its RPN and Action Priority."""
    worksheet = None
    if Path(arguments.file).suffix.lower() in (".yaml", ".yml"):
        rows = rows_of(read_system(arguments.file))
    else:
        worksheet = read_worksheet(arguments.file)
        rows = list(worksheet.rows)
    places = {id(row): place for place, row in enumerate(rows)}
    result = {
        "table": TABLE,
        "rows": [_as_json(row) for row in rows],
        "order": [places[id(row)] for row in ranked(rows)],
        "unrated": sum(row.rated is None for row in rows),
    }
    if worksheet:
        result |= {
            "columns": worksheet.columns,
            "carried": worksheet.carried,
            "titles": worksheet.titles,
            "left_out": worksheet.left_out,
            "remarks": worksheet.remarks,
        }
    if arguments.against:
        result["changes"] = [asdict(one) for one in changes(read_fmea(arguments.against), rows)]
    if arguments.out:
        _write(arguments, rows, worksheet)
    return result


def _as_json(row):
    computed = ("rpn", "action_priority", "rpn_after", "action_priority_after")
    return asdict(row) | {"others": dict(row.others)} | {name: getattr(row, name) for name in computed}


def _write(arguments, rows, worksheet):
    out = Path(arguments.out)
    if worksheet and worksheet.left_out and out.exists() and out.samefile(arguments.file):
        raise BadInput(
            f"{out.name} holds more than is read ({', '.join(worksheet.left_out)}), which writing onto it "
            "would erase; give --out another name."
        )
    write_fmea(out, rows, worksheet.titles if worksheet else None)


def describe(result: dict[str, Any]) -> str:
    """A line a row, the most urgent first; then what became of the rest of the file."""
    sheets = {row["sheet"] for row in result["rows"]}
    lines = [_line(result["rows"][place], len(sheets) > 1) for place in result["order"]]
    lines = lines or ["The worksheet has no rows."]
    for one in result.get("changes", ()):
        lines.append(
            f"{one['what']}: {one['item']}, {one['failure_mode']}: {one['before']} -> {one['after']}"
        )
    lines.append(f"Table: {result['table']}.")
    heads = [
        f"{head!r} as {field}"
        for field, names in result.get("columns", {}).items()
        for head in names
        if head.lower().replace(" ", "_") != field
    ]
    above = [" ".join(line) for titles in result.get("titles", {}).values() for line in titles]
    for what, parts in (
        ("Columns read", heads),
        ("Columns carried through", result.get("carried", ())),
        ("Above the header", above),
        ("Not read", result.get("left_out", ())),
    ):
        if parts:
            lines.append(f"{what}: {', '.join(parts)}.")
    return "\n".join([*lines, *result.get("remarks", ())])


def _line(row, name_sheet):
    marks = "rate it" if row["rpn"] is None else f"{row['action_priority']}  RPN {row['rpn']:4d}"
    if row["rpn_after"] is not None:
        marks += f" -> {row['action_priority_after']} {row['rpn_after']}"
    place = f"{row['sheet']}, " if name_sheet else ""
    cause = f" ({row['cause']})" if row["cause"] else ""
    return f"{marks:12}  {place}{row['item']}: {row['failure_mode']}{cause}"

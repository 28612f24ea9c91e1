"""Risk priority number and Action Priority of every row of a worksheet, or rows to begin one with."""

from dataclasses import asdict
from pathlib import Path

from faultlab.analysis import System, changes, ranked, read_fmea, rows_of, write_fmea


def add_arguments(parser):
    """Declare the worksheet, an earlier one, and where to write."""
    parser.add_argument("file", help="a worksheet in CSV or XLSX, or a system in YAML to make one from")
    parser.add_argument("--against", help="an earlier revision; says what changed since")
    parser.add_argument("--out", help="write the rows as a worksheet: .csv or .xlsx")


def run(arguments):
    """Return the rows in the worksheet's order, each with its RPN and Action Priority."""
    if Path(arguments.file).suffix.lower() in (".yaml", ".yml"):
        rows = rows_of(System.read(arguments.file))
    else:
        rows = read_fmea(arguments.file)
    places = {(row.item, row.failure_mode): place for place, row in enumerate(rows)}
    result = {
        "rows": [{**asdict(row), "rpn": row.rpn, "action_priority": row.action_priority} for row in rows],
        "order": [places[row.item, row.failure_mode] for row in ranked(rows)],
        "unrated": sum(row.rated is None for row in rows),
    }
    if arguments.against:
        result["changes"] = [asdict(one) for one in changes(read_fmea(arguments.against), rows)]
    if arguments.out:
        write_fmea(arguments.out, rows)
    return result


def describe(result):
    """A line a row, the most urgent first."""
    lines = []
    for place in result["order"]:
        row = result["rows"][place]
        marks = "rate it" if row["rpn"] is None else f"{row['action_priority']}  RPN {row['rpn']:4d}"
        lines.append(f"{marks:12}  {row['item']}: {row['failure_mode']}")
    for one in result.get("changes", ()):
        lines.append(
            f"{one['what']}: {one['item']}, {one['failure_mode']}: {one['before']} -> {one['after']}"
        )
    return "\n".join(lines) or "The worksheet has no rows."

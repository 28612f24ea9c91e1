"""MTTR, MTBF and availability of a period, from a table of incidents, each with its range."""

from __future__ import annotations

import argparse
from typing import Any

from faultlab.errors import BadInput
from faultlab.metrics.estimates import CONFIDENCE, percent
from faultlab.metrics.incidents import OVERRIDDEN, read_incidents, read_window
from faultlab.metrics.reports import measure

_ROWS_SHOWN = 20
_WHOLE = "a minute counts as down whatever share of requests failed in it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        help="CSV with start, end and optionally detected, service, cause; or an export of PagerDuty, "
        "Opsgenie, Jira, ServiceNow, Statuspage, Grafana, incident.io or FireHydrant",
    )
    parser.add_argument(
        "--from", dest="start", metavar="TIME", help="first moment of the period, e.g. 2026-01-01"
    )
    parser.add_argument("--to", dest="end", metavar="TIME", help="its end, not itself in it, e.g. 2026-02-01")
    parser.add_argument("--service", metavar="NAME", help="count this service only")
    parser.add_argument("--zone", metavar="ZONE", help="zone of times without an offset, e.g. Europe/Berlin")
    parser.add_argument(
        "--date-order",
        choices=("dmy", "mdy"),
        help="order of dates such as 03/04/2026, where the file can't tell",
    )
    for meaning in OVERRIDDEN:
        option = "--service-column" if meaning == "service" else f"--{meaning}"
        parser.add_argument(
            option, dest=f"{meaning}_column", metavar="NAME", help=f"the name of the {meaning} column"
        )
    parser.add_argument(
        "--confidence",
        type=float,
        default=CONFIDENCE,
        help=f"the confidence of every interval ({CONFIDENCE})",
    )


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    if arguments.start is None or arguments.end is None:
        raise BadInput(
            "Name the period with --from and --to: hours without an incident count too, "
            "and the file can't tell when watching began and ended."
        )
    start, end = read_window(arguments.start, arguments.end, arguments.zone)
    log = read_incidents(
        arguments.file,
        arguments.zone,
        columns={meaning: getattr(arguments, f"{meaning}_column") for meaning in OVERRIDDEN},
        day_first=None if arguments.date_order is None else arguments.date_order == "dmy",
    )
    incidents = log.incidents if arguments.service is None else log.of(arguments.service)
    found = measure(incidents, start, end, arguments.confidence)
    remarks = [*log.remarks, *([_WHOLE] if any(one.failed_share < 1 for one in incidents) else [])]
    return {
        "from": start.isoformat(),
        "to": end.isoformat(),
        "service": arguments.service,
        "hours": found.hours,
        "incidents": found.incidents,
        "open_incidents": found.open_incidents,
        "carried_in": found.carried_in,
        "minutes_down": found.down_minutes,
        "availability": found.availability.as_dict(),
        "mttr_minutes": found.mttr_minutes.as_dict(),
        "mttr_median_minutes": found.repairs and found.repairs.median,
        "mttr_p90_minutes": found.repairs and found.repairs.p90,
        "mttd_minutes": found.mttd_minutes.as_dict(),
        "mtbf_hours": found.mtbf_hours.as_dict(),
        "minutes_down_per_year": found.minutes_down_per_year.as_dict(),
        "unreadable": [{"line": row.line, "reason": row.reason} for row in log.unreadable],
        "duplicates": [{"line": row.line, "reason": row.reason} for row in log.duplicates],
        "columns": dict(log.columns),
        "remarks": remarks,
    }


def describe(result: dict[str, Any]) -> str:
    service = f" of {result['service']}" if result["service"] else ""
    counted = "1 incident" if result["incidents"] == 1 else f"{result['incidents']} incidents"
    lines = [
        f"{result['from']} to {result['to']}: {counted}{service}, "
        f"{result['open_incidents']} open, {result['carried_in']} carried in, "
        f"{result['minutes_down']:.1f} of {result['hours'] * 60:.0f} minutes down.",
        _line("Availability", result["availability"], percent),
        _line("Down per year", result["minutes_down_per_year"], _with_unit("min")),
        _line("MTTR", result["mttr_minutes"], _with_unit("min")),
        _line("MTTD", result["mttd_minutes"], _with_unit("min")),
        _line("MTBF", result["mtbf_hours"], _with_unit("h")),
    ]
    if result["mttr_median_minutes"] is not None:
        median, p90 = result["mttr_median_minutes"], result["mttr_p90_minutes"]
        lines.insert(4, f"  half are over in {median:.1f} min, nine in ten in {p90:.1f} min")
    lines.append(_columns(result["columns"]))
    lines += [f"Note: {remark}." for remark in result["remarks"]]
    for kind in ("unreadable", "duplicates"):
        rows = result[kind]
        lines += [f"Left out, line {row['line']}: {row['reason']}" for row in rows[:_ROWS_SHOWN]]
        if len(rows) > _ROWS_SHOWN:
            lines.append(f"Left out, {len(rows) - _ROWS_SHOWN} more such rows, which --json lists")
    return "\n".join(lines)


def _columns(columns):
    used = [f"{name} is {said}" for name, said in columns.items() if not said.startswith("not used")]
    unused = [
        name + said.removeprefix("not used") for name, said in columns.items() if said.startswith("not used")
    ]
    return f"Columns: {'; '.join(used)}." + (f" Not used: {'; '.join(unused)}." if unused else "")


def _line(name, estimate, shown):
    def text(number, unknown):
        return unknown if number is None else shown(number)

    low, high = text(estimate["low"], "no lower limit"), text(estimate["high"], "no upper limit")
    value = text(estimate["value"], "unknown")
    return f"{name}: {value} ({low} to {high}, {estimate['confidence']:.0%} interval; {estimate['method']})"


def _with_unit(unit):
    return lambda number: f"{number:,.1f} {unit}"

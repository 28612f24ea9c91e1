"""MTTR, MTBF and availability of a period, from a table of incidents, each with its range."""

from faultlab.errors import BadInput
from faultlab.metrics import measure, percent, read_incidents, read_window


def add_arguments(parser):
    parser.add_argument(
        "file", metavar="FILE", help="CSV with start, end and optionally detected, service, cause"
    )
    parser.add_argument(
        "--from", dest="start", metavar="TIME", help="first moment of the period, e.g. 2026-01-01"
    )
    parser.add_argument("--to", dest="end", metavar="TIME", help="its end, itself outside, e.g. 2026-02-01")
    parser.add_argument("--service", metavar="NAME", help="count this service only")
    parser.add_argument("--zone", metavar="ZONE", help="zone of times without an offset, e.g. Europe/Berlin")
    parser.add_argument("--confidence", type=float, default=0.9, help="of every interval, 0.9 unless given")


def run(arguments):
    if arguments.start is None or arguments.end is None:
        raise BadInput(
            "Name the period with --from and --to: hours without an incident count too, "
            "and the file can't tell when watching began and ended."
        )
    start, end = read_window(arguments.start, arguments.end, arguments.zone)
    log = read_incidents(arguments.file, arguments.zone)
    incidents = log.incidents if arguments.service is None else log.of(arguments.service)
    found = measure(incidents, start, end, arguments.confidence)
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
    }


def describe(result):
    service = f" of {result['service']}" if result["service"] else ""
    lines = [
        f"{result['from']} to {result['to']}: {result['incidents']} incidents{service}, "
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
    for row in result["unreadable"]:
        lines.append(f"Left out, line {row['line']}: {row['reason']}")
    for row in result["duplicates"]:
        lines.append(f"Left out, line {row['line']}: {row['reason']}")
    return "\n".join(lines)


def _line(name, estimate, shown):
    def text(number, unknown):
        return unknown if number is None else shown(number)

    low, high = text(estimate["low"], "no lower limit"), text(estimate["high"], "no upper limit")
    value = text(estimate["value"], "unknown")
    return f"{name}: {value} ({low} to {high}, {estimate['confidence']:.0%} interval; {estimate['method']})"


def _with_unit(unit):
    return lambda number: f"{number:,.1f} {unit}"

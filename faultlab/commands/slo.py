"""Lint the alerts of a service level: what can never fire, what one failure fires, what chance sets off."""

from dataclasses import asdict

from faultlab.errors import BadInput
from faultlab.metrics import (
    BurnRateAlert,
    ServiceLevel,
    alert_findings,
    alert_report,
    read_open_slo,
    recommended_alerts,
)


def add_arguments(parser):
    """Declare a file of objectives, or one objective by flags."""
    parser.add_argument("file", nargs="?", help="objectives in OpenSLO YAML; or leave it out and use flags")
    parser.add_argument("--objective", type=float, metavar="FRACTION", help="such as 0.999")
    parser.add_argument("--days", type=float, default=30.0, help="the period of --objective (30)")
    parser.add_argument(
        "--requests-per-hour",
        type=float,
        metavar="N",
        help="the traffic of a quiet hour, where one failure weighs most",
    )
    parser.add_argument(
        "--alert",
        action="append",
        default=[],
        metavar="RATE:LONG[:SHORT[:SEVERITY]]",
        help="such as 14.4:1h:5m:page, as often as needed; otherwise the three of Google's SRE Workbook",
    )


def run(arguments):
    """Return the error budget, the alerts and the findings of each objective."""
    if (arguments.file is None) == (arguments.objective is None):
        raise BadInput("Give either a file in OpenSLO YAML or --objective, such as --objective 0.999.")
    alerts = tuple(_alert(text) for text in arguments.alert)
    if arguments.file is None:
        if not 0 < arguments.days < 10_000:
            raise BadInput(f"--days is a number above 0, not {arguments.days!r}.")
        levels = [ServiceLevel("objective", arguments.objective, period_hours=24 * arguments.days)]
    else:
        levels = read_open_slo(arguments.file)
    objectives = [_objective(level, alerts, arguments.requests_per_hour) for level in levels]
    result = objectives[0] if len(objectives) == 1 else {"objectives": objectives}
    return {"requests_per_hour": arguments.requests_per_hour} | result


def _objective(level, alerts, requests_per_hour):
    used = alerts or level.alerts or recommended_alerts(level.period_hours)
    reports = [alert_report(alert, level.objective, requests_per_hour, level.period_hours) for alert in used]
    found = alert_findings(used, level.objective, requests_per_hour, level.period_hours)
    return {
        "name": level.name,
        "objective": level.objective,
        "period_days": level.period_hours / 24,
        "rolling": level.rolling,
        "error_budget_minutes": level.error_budget_minutes,
        "alerts": [{"name": one.alert.name} | asdict(one.alert) | _without_alert(one) for one in reports],
        "findings": [asdict(one) for one in found],
    }


def _without_alert(report):
    return {key: value for key, value in asdict(report).items() if key != "alert"}


def _alert(text):
    parts = text.split(":")
    try:
        rate, long, short = float(parts[0]), _hours(parts[1]), _hours(parts[2]) if len(parts) > 2 else None
        severity = parts[3] if len(parts) > 3 else "page"
    except (ValueError, IndexError, KeyError):
        raise BadInput(
            f"--alert takes RATE:LONG[:SHORT[:SEVERITY]], such as 14.4:1h:5m:page, not {text!r}."
        ) from None
    return BurnRateAlert(rate, long, short, severity)


def _hours(text):
    return float(text[:-1]) * {"m": 1 / 60, "h": 1, "d": 24}[text[-1:]]


def describe(result):
    """Say it in a paragraph an objective."""
    lines = []
    for one in result.get("objectives", [result]):
        kind = "rolling" if one["rolling"] else "calendar"
        lines.append(
            f"{one['name']}: {100 * one['objective']:.10g} % over {one['period_days']:g} days ({kind}), "
            f"error budget {one['error_budget_minutes']:,.1f} minutes"
        )
        for alert in one["alerts"]:
            lines.append(
                f"  {alert['name']}: {_speed(alert)}; {alert['budget_spent']:.0%} of the budget spent by then"
            )
            if alert["false_alerts"] is not None:
                lines[-1] += f"; by chance alone {alert['false_alerts']:.2g} times a period"
        if not one["findings"]:
            lines.append("  Nothing found.")
        for finding in one["findings"]:
            lines += [f"  ! {finding['finding']}", f"    {finding['remedy']}"]
    return "\n".join(lines)


def _speed(alert):
    words = {"full": "a full outage", "ten_percent": "10 % failing", "one_percent": "1 % failing"}
    seen = alert["detection_minutes"]
    return ", ".join(
        f"{words[name]} {'never' if minutes is None else f'after {minutes:.3g} min'}"
        for name, minutes in seen.items()
    )

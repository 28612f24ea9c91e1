"""Lint the alerts of a service level: what can never fire, what one failure fires, what chance sets off."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from faultlab.errors import BadInput
from faultlab.input_files import refuse_overwriting
from faultlab.metrics.alerts import (
    BurnRateAlert,
    ServiceLevel,
    alert_findings,
    alert_report,
    left_out_or_shortened,
    objective_in_percent,
    prometheus_rules,
    read_open_slo,
    recommended_alerts,
)

_SHORTEST_DAYS, _LONGEST_DAYS = 1 / 1440, 10_000
_BAD, _TOTAL = 'http_requests_total{code=~"5.."}', "http_requests_total"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare a file of objectives, or one objective by flags."""
    parser.add_argument("file", nargs="?", help="objectives in OpenSLO YAML; leave it out to use the flags")
    parser.add_argument("--objective", metavar="FRACTION", help="the objective, such as 0.999")
    parser.add_argument("--days", default="30", help="the period of --objective (30)")
    parser.add_argument(
        "--requests-per-hour",
        metavar="N",
        help="the traffic of a quiet hour, where one failure weighs most",
    )
    parser.add_argument(
        "--alert",
        action="append",
        default=[],
        metavar="RATE:LONG[:SHORT[:SEVERITY]]",
        help="an alert, such as 14.4:1h:5m:page, as often as needed; "
        "by default the three of Google's SRE Workbook",
    )
    parser.add_argument(
        "--rules",
        metavar="FILE",
        help="write the alerts there, as recording and alerting rules for Prometheus",
    )
    parser.add_argument(
        "--bad", metavar="COUNTER", help=f"Prometheus's counter of failed requests, such as '{_BAD}'"
    )
    parser.add_argument(
        "--total", metavar="COUNTER", help=f"Prometheus's counter of all requests, such as {_TOTAL}"
    )


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the error budget, the alerts and the findings of each objective."""
    if (arguments.file is None) == (arguments.objective is None):
        raise BadInput("Give either a file in OpenSLO YAML or --objective, such as --objective 0.999.")
    refuse_overwriting([arguments.file], [arguments.rules])
    alerts = tuple(_alert(text) for text in arguments.alert)
    requests_per_hour = None
    if arguments.requests_per_hour is not None:
        requests_per_hour = _number("--requests-per-hour", arguments.requests_per_hour)
    if arguments.file is None:
        days = _number("--days", arguments.days)
        if not _SHORTEST_DAYS <= days < _LONGEST_DAYS:
            raise BadInput(f"--days is a number above 0 (a minute at least) and below 10,000, not {days!r}.")
        objective = _number("--objective", arguments.objective)
        levels = [ServiceLevel("objective", objective, period_hours=24 * days)]
    else:
        levels = read_open_slo(arguments.file)
    levels = [_with_alerts(level, alerts) for level in levels]
    if arguments.rules is not None:
        levels = [_with_counters(level, arguments.bad, arguments.total) for level in levels]
        rules = prometheus_rules([level for level in levels if level.alerts] or levels)
        Path(arguments.rules).write_text(rules, encoding="utf-8")
    objectives = [_objective(level, requests_per_hour) for level in levels]
    result = objectives[0] if len(objectives) == 1 else {"objectives": objectives}
    return {"requests_per_hour": requests_per_hour, "rules": arguments.rules} | result


def _number(flag, text):
    try:
        return float(text)
    except ValueError:
        raise BadInput(
            f"{flag} takes a number such as 0.999 or 1000, without comma or %, not {text[:40]!r}."
        ) from None


def _with_alerts(level, given):
    """The objective with the alerts to look at: those given, its own, or the standard ones."""
    if given or level.alerts:
        return replace(level, alerts=given or level.alerts)
    standard = recommended_alerts(level.period_hours)
    remarks = left_out_or_shortened(level.period_hours)
    if level.slices is not None:
        standard, remarks = _of_whole_slices(standard, remarks, level.slices.hours)
    if not standard:
        remarks = ("No standard alert fits this period; give one with --alert.",)
    return replace(level, alerts=standard, remarks=(*level.remarks, *remarks))


def _of_whole_slices(alerts, remarks, slice_hours):
    """The standard alerts without windows that are shorter than a time slice."""
    taken = []
    for alert in alerts:
        if alert.long_hours >= slice_hours:
            short = alert.short_hours if alert.short_hours >= slice_hours else None
            taken.append(replace(alert, short_hours=short))
    if tuple(taken) != alerts:
        remarks = (*remarks, "Standard windows that are shorter than a time slice are left out.")
    return tuple(taken), remarks


def _with_counters(level, bad, total):
    """The objective with the counters of the command line, its own, or those that many services have."""
    if bad or total or level.bad or level.good or level.total:
        good = "" if bad else level.good
        return replace(level, bad=bad or level.bad, good=good, total=total or level.total)
    remark = f"The rules count {_BAD} and {_TOTAL}; name your counters with --bad and --total."
    return replace(level, bad=_BAD, total=_TOTAL, remarks=(*level.remarks, remark))


def _objective(level, requests_per_hour):
    common = level.objective, requests_per_hour, level.period_hours
    reports = [alert_report(alert, *common, slices=level.slices) for alert in level.alerts]
    found = alert_findings(level.alerts, *common, slices=level.slices) if level.alerts else []
    return {
        "name": level.name,
        "objective": level.objective,
        "period_days": level.period_hours / 24,
        "rolling": level.rolling,
        "error_budget_minutes": level.error_budget_minutes,
        "slices": level.slices and {"minutes": 60 * level.slices.hours, "target": level.slices.target},
        "alerts": [{"name": one.alert.name} | asdict(one.alert) | _without_alert(one) for one in reports],
        "findings": [asdict(one) for one in found],
        "remarks": list(level.remarks),
        "kept": list(level.kept),
    }


def _without_alert(report):
    return {key: value for key, value in asdict(report).items() if key != "alert"}


def _alert(text):
    parts = text.split(":")
    try:
        rate, long = float(parts[0]), _hours(parts[1])
        short = _hours(parts[2]) if len(parts) > 2 and parts[2] else None
        severity = (parts[3] if len(parts) > 3 else "") or "page"
    except (ValueError, IndexError, KeyError):
        raise BadInput(
            f"--alert takes RATE:LONG[:SHORT[:SEVERITY]], such as 14.4:1h:5m:page, not {text!r}."
        ) from None
    return BurnRateAlert(rate, long, short, severity)


def _hours(text):
    return float(text[:-1]) * {"m": 1 / 60, "h": 1, "d": 24}[text[-1:]]


def describe(result: dict[str, Any]) -> str:
    """Say it in a paragraph an objective."""
    lines = []
    for one in result.get("objectives", [result]):
        kind = "rolling" if one["rolling"] else "calendar"
        minutes = one["error_budget_minutes"]
        days = one["period_days"]
        period = f"{days:g} days" if days >= 1 else f"{1440 * days:g} minutes"
        period = period.removesuffix("s") if period.startswith("1 ") else period
        minutes = f"{minutes:,.1f}" if minutes >= 0.05 else f"{minutes:.2g}"
        lines.append(
            f"{one['name']}: {objective_in_percent(one['objective'])} over {period} ({kind}), "
            f"error budget {minutes} minutes"
        )
        for alert in one["alerts"]:
            spent = (
                f"; {100 * alert['budget_spent']:.0f} % of the budget spent by then"
                if alert["can_fire"]
                else ""
            )
            lines.append(f"  {alert['name']}: {_speed(alert)}{spent}{_chance(alert)}")
        if not one["findings"] and one["alerts"]:
            lines.append("  Nothing found.")
        for finding in one["findings"]:
            lines += [f"  ! {finding['finding']}", f"    {finding['remedy']}"]
        lines += [f"  {remark}" for remark in one["remarks"]]
        if one["kept"]:
            lines.append(f"  Not needed for these figures: {', '.join(one['kept'])}.")
    if result["rules"] is not None:
        lines.append(f"The rules for Prometheus are in {result['rules']}.")
    return "\n".join(lines)


def _chance(alert):
    if alert["false_alerts"] is None:
        return ""
    if alert["share_firing"] > 0.5:
        return f"; on for {100 * alert['share_firing']:.0f} % of the time while the objective is just met"
    most = "at most " if alert["after_hours"] else ""
    return f"; by chance alone {most}{alert['false_alerts']:.2g} times a period"


def _speed(alert):
    words = {"full": "a full outage", "ten_percent": "10 % failing", "one_percent": "1 % failing"}
    seen = alert["detection_minutes"]
    return ", ".join(
        f"{words[name]} {'never' if minutes is None else f'after {minutes:,.5g} min'}"
        for name, minutes in seen.items()
    )

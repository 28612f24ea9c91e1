"""Exact availability of each journey of a system, with what public calculators would say beside it.

With --json: `company`, `currency`, and `journeys`, from a journey's name to its `availability`,
`minutes_down_per_year`, `naive_availability` (a shared part counted as often as it is named),
`single_points_of_failure`, the ranges `availability_range`, `minutes_down_range` and `cost_per_year`
(each with `low`, `likely`, `high`; nine in ten samples of what the model's ranges allow lie between the
ends), `without_range` (parts that count as known exactly), `times` (`failures_per_year`, `mtbf_hours`,
`mttr_hours`; null where a part has no MTTR), and `mission_hours`: where parts have to outlast a mission,
`availability` is the chance that the journey does, and what is said by the year is null; and `options`, from
an option's name to what it saves and gains a year.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from faultlab.analysis.systems import journey_report, journey_times, option_report, read_system
from faultlab.errors import BadInput
from faultlab.metrics.estimates import percent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the model, where only one is wanted the journey, and the seed."""
    parser.add_argument("file", help="a system in YAML, such as course/kestrel.yaml")
    parser.add_argument("--journey", help="this journey only, without the options")
    parser.add_argument("--seed", type=int, default=0, help="the seed of the samples behind the ranges (0)")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the report of every journey, and of every option, by its name."""
    if arguments.seed < 0:
        raise BadInput(f"--seed is a whole number from 0, not {arguments.seed}.")
    system = read_system(arguments.file)
    names = [arguments.journey] if arguments.journey else list(system.journeys)
    result = {
        "company": system.company,
        "currency": system.currency,
        "journeys": {name: _of_journey(system, name, arguments.seed) for name in names},
    }
    if not arguments.journey:
        result["options"] = {
            name: _without_name(option_report(system, name, seed=arguments.seed), "option")
            for name in system.options
        }
    return result


def _of_journey(system, name, seed):
    report = _without_name(journey_report(system, name, seed=seed), "journey")
    if report["mission_hours"] is not None:
        return {**report, "times": None}
    try:
        times = _without_name(journey_times(system, name), "availability")
    except BadInput:
        times = None
    return {**report, "times": times}


def _without_name(report, field):
    return {key: value for key, value in asdict(report).items() if key != field}


def describe(result: dict[str, Any]) -> str:
    """Say it in a paragraph a journey, and a line an option."""
    money = result["currency"]
    lines = []
    for name, one in result["journeys"].items():
        lines += (
            _of_mission(name, one) if one["mission_hours"] is not None else _by_the_year(name, one, money)
        )
    for name, one in result.get("options", {}).items():
        saved, cost = one["saved_per_year"], one["cost_per_year"]
        lines.append(
            f"option {name}: costs {cost['likely']:,.0f} and saves {saved['likely']:,.0f} {money} a year "
            f"({_span(saved)}); pays in {one['chance_of_paying']:.0%} of what the ranges allow"
        )
    lines.append("A year is 8,760 h; a range holds nine in ten of what the ranges of the model allow.")
    return "\n".join(lines)


def _by_the_year(name, one, money):
    cost, down, times = one["cost_per_year"], one["minutes_down_range"], one["times"]
    lines = [
        f"{name}: up {percent(one['availability'])} of the time, "
        f"{one['minutes_down_per_year']:,.0f} minutes down a year ({_span(down)})",
        f"  multiplied part by part: {percent(one['naive_availability'])}",
        f"  stopped by any of: {', '.join(one['single_points_of_failure']) or 'no part alone'}",
        f"  costs {cost['likely']:,.0f} {money} a year ({_span(cost)})",
    ]
    if one["without_range"] and (down["low"], cost["low"]) != (down["high"], cost["high"]):
        lines.append(f"  given without a range, so taken as exact: {', '.join(one['without_range'])}")
    if times:
        lines.append(
            f"  fails {times['failures_per_year']:.3g} times a year, for {times['mttr_hours']:.3g} h each"
        )
    return lines


def _of_mission(name, one):
    low, high = (one["availability_range"][end] for end in ("low", "high"))
    return [
        f"{name}: lasts its mission of {one['mission_hours']:g} h with a chance of "
        f"{percent(one['availability'])} ({percent(low)} to {percent(high)}); "
        "parts given for a mission have no time down a year",
        f"  multiplied part by part: {percent(one['naive_availability'])}",
        f"  stopped by any of: {', '.join(one['single_points_of_failure']) or 'no part alone'}",
    ]


def _span(given):
    """The ends of a range; a single figure where they are one."""
    low, high = (f"{given[end]:,.0f}" for end in ("low", "high"))
    return f"{low} to {high}" if low != high else "no range given"

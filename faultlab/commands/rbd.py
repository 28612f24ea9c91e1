"""Exact availability of each journey of a system, with what public calculators would say beside it."""

from dataclasses import asdict

from faultlab.analysis import System, journey_report
from faultlab.metrics import percent


def add_arguments(parser):
    """Declare the model and, where only one is wanted, the journey."""
    parser.add_argument("file", help="a system in YAML, such as course/kestrel.yaml")
    parser.add_argument("--journey", help="this journey only")


def run(arguments):
    """Return the report of every journey by its name."""
    system = System.read(arguments.file)
    names = [arguments.journey] if arguments.journey else list(system.journeys)
    reports = [asdict(journey_report(system, name)) for name in names]
    return {"company": system.company, "currency": system.currency, "journeys": reports}


def describe(result):
    """Say it in a paragraph a journey."""
    money = result["currency"]
    lines = []
    for one in result["journeys"]:
        cost = one["cost_per_year"]
        lines += [
            f"{one['journey']}: up {percent(one['availability'])} of the time, "
            f"{one['minutes_down_per_year']:,.0f} minutes down a year",
            f"  taken part by part: {percent(one['naive_availability'])}",
            f"  stopped by any of: {', '.join(one['single_points_of_failure']) or 'no part alone'}",
            f"  costs {cost['likely']:,.0f} {money} a year ({cost['low']:,.0f} to {cost['high']:,.0f})",
        ]
    return "\n".join(lines)

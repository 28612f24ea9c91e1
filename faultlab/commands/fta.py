"""The exact answer of a fault tree: Open-PSA XML, or one journey of a system in YAML."""

import math
import time
from dataclasses import asdict

from faultlab.analysis import (
    AnalysisTooLarge,
    System,
    TooManySets,
    importance,
    minimal_cut_sets,
    probability_bounds,
    read_open_psa,
    solve,
)
from faultlab.errors import BadInput

MOST_LISTED = 100_000
_NOT_COUNTED = {"minimal_cut_sets": None, "cut_sets": None}
MEASURES = ("birnbaum", "criticality", "fussell_vesely", "raw", "rrw")


def add_arguments(parser):
    """Declare the model and the questions."""
    parser.add_argument("file", help="a fault tree in Open-PSA XML, or a system in YAML with --journey")
    parser.add_argument("--journey", help="the journey of the system")
    parser.add_argument("--top", help="the top gate, where several stand under no other")
    parser.add_argument("--cut-sets", type=int, default=10, metavar="N", help="list the N most probable (10)")
    parser.add_argument("--importance", action="store_true", help="every event's importance")
    parser.add_argument("--hours", type=float, help="the mission time; without it the long run")
    parser.add_argument(
        "--seconds", type=float, default=600.0, help="then an interval instead of the exact answer (600)"
    )


def run(arguments):
    """Return the answers of one tree."""
    start = time.perf_counter()
    if not 0 <= arguments.cut_sets <= MOST_LISTED:
        raise BadInput(f"--cut-sets is a whole number from 0 to {MOST_LISTED}, not {arguments.cut_sets}.")
    hours = math.inf if arguments.hours is None else arguments.hours
    if not arguments.seconds >= 0:
        raise BadInput(f"--seconds is a number from 0, not {arguments.seconds}.")
    if not hours >= 0:
        raise BadInput(f"--hours is a number from 0, not {arguments.hours}.")
    tree = _tree(arguments)
    result = {"top": tree.top, "basic_events": len(tree.events), "gates": len(tree.gates)}
    try:
        solved = solve(tree, seconds=arguments.seconds / 2, hours=hours)
    except AnalysisTooLarge:
        left = max(0.0, arguments.seconds - (time.perf_counter() - start))
        found = probability_bounds(tree, seconds=left, hours=hours)
        result |= {"probability": None, "probability_low": found.low, "probability_high": found.high}
        return result | _NOT_COUNTED | {"seconds": time.perf_counter() - start}
    result["probability"] = solved.probability(hours=hours)[0]
    try:
        left = max(0.0, arguments.seconds - (time.perf_counter() - start))
        sets = minimal_cut_sets(solved, seconds=left)
        result["minimal_cut_sets"] = sets.count()
        result["cut_sets"] = [asdict(one) for one in sets.most_probable(arguments.cut_sets, hours=hours)]
        result["coherent"] = sets.coherent
    except TooManySets:
        sets = None
        result |= _NOT_COUNTED
    if arguments.importance:
        found = importance(solved, hours=hours, cut_sets=sets)
        result["importance"] = {
            one.event: {measure: _finite(getattr(one, measure)) for measure in MEASURES} for one in found
        }
    return result | {"seconds": time.perf_counter() - start}


def _finite(value):
    """JSON has no infinity: a worth without bound is null."""
    return value if value is not None and math.isfinite(value) else None


def _tree(arguments):
    if str(arguments.file).lower().endswith((".yaml", ".yml")):
        if not arguments.journey:
            raise BadInput(f"{arguments.file} is a system; name one of its journeys with --journey.")
        if arguments.top:
            raise BadInput("--top is for a model in XML; a system's journey has the one top.")
        return System.read(arguments.file).fault_tree(arguments.journey)
    if arguments.journey:
        raise BadInput("--journey is for a system in YAML; leave it out for a model in XML.")
    return read_open_psa(arguments.file, arguments.top)


def describe(result):
    """Say it in a few lines."""
    if result["probability"] is None:
        said = f"between {result['probability_low']:.6g} and {result['probability_high']:.6g}, guaranteed"
        said += "; too large for an exact answer in this time"
    else:
        said = f"{result['probability']:.10g}, exact"
    lines = [
        f"{result['top']}: probability {said}",
        f"{result['basic_events']:,} basic events, {result['gates']:,} gates",
    ]
    if result["minimal_cut_sets"] is None:
        lines.append("The minimal cut sets were not counted: too many, or no time.")
    else:
        lines.append(f"{result['minimal_cut_sets']:,} minimal cut sets")
        if not result["coherent"]:
            lines.append("The tree uses negation: these are the minimal sets that suffice alone.")
        lines += [f"  {one['probability']:.4g}  {' + '.join(one['events'])}" for one in result["cut_sets"]]
    if "importance" in result:
        lines.append(f"{'event':20} " + " ".join(f"{measure:>14}" for measure in MEASURES))
        for event, row in result["importance"].items():
            cells = ("-" if row[measure] is None else f"{row[measure]:.6g}" for measure in MEASURES)
            lines.append(f"{event:20} " + " ".join(f"{cell:>14}" for cell in cells))
    return "\n".join(lines)

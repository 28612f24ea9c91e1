"""The exact answer of a fault tree: Open-PSA XML, plain lines, or one journey of a system in YAML."""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from faultlab.analysis.engine import AnalysisTooLarge
from faultlab.analysis.fault_trees import (
    Constant,
    TooManySets,
    Unstated,
    importance,
    minimal_cut_sets,
    probability_bounds,
    read_tree,
    solve,
    success_tree,
    summarised,
    tree_as_text,
    uncertainty,
)
from faultlab.analysis.open_psa import open_psa_as_text, read_open_psa
from faultlab.analysis.systems import down_samples, read_system
from faultlab.errors import BadInput
from faultlab.input_files import refuse_overwriting

MOST_LISTED = 100_000
EXACT_SECONDS = 60.0
"""For the exact answer at most: a tree without a diagram by then rarely gets one."""
_NOT_COUNTED = {"minimal_cut_sets": None, "cut_sets": None}
MEASURES = ("birnbaum", "criticality", "fussell_vesely", "raw", "rrw")
SYSTEM, LINES = (".yaml", ".yml"), (".txt", ".tree")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the model and the questions."""
    parser.add_argument(
        "file",
        nargs="+",
        help="a fault tree in Open-PSA XML (several files make one model), in lines such as `top = a and b` "
        "(.txt, .tree), or a system in YAML with --journey",
    )
    parser.add_argument("--journey", help="the journey of the system")
    parser.add_argument("--top", help="the top gate, where several could be it")
    parser.add_argument("--cut-sets", type=int, default=10, metavar="N", help="list the N most probable (10)")
    parser.add_argument(
        "--path-sets", type=int, metavar="N", help="list the N most probable minimal sets that keep it up"
    )
    parser.add_argument("--importance", action="store_true", help="every event's importance")
    parser.add_argument(
        "--uncertainty",
        type=int,
        metavar="N",
        help="the range of the top event, from N samples of the uncertain",
    )
    parser.add_argument("--seed", type=int, default=0, help="the seed of the samples (0)")
    parser.add_argument("--hours", type=float, help="the mission time; without it, the long-run answer")
    parser.add_argument(
        "--seconds", type=float, default=600.0, help="after which an interval replaces the exact answer (600)"
    )
    parser.add_argument(
        "--write", metavar="FILE", help="write the tree as Open-PSA XML (.xml) or lines (.txt)"
    )


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the answers of one tree."""
    start = time.perf_counter()
    hours = _checked(arguments)
    refuse_overwriting(arguments.file, [arguments.write])
    tree, system = _tree(arguments)
    if arguments.write:
        _write(tree, arguments.write)
    result = {"top": tree.top, "basic_events": len(tree.events), "gates": len(tree.gates)}
    remarks = list(tree.remarks)
    tree, unstated = _with_probabilities(tree, hours, Path(arguments.file[0]).name)
    if unstated:
        remarks.append(f"{unstated[0]!r} has no probability, so there are cut sets and no probabilities.")
        if arguments.importance or arguments.uncertainty is not None:
            raise BadInput(
                f"basic event {unstated[0]!r} has no probability; give it one for these questions."
            )
    if remarks:
        result["remarks"] = remarks

    def left():
        return max(0.0, arguments.seconds - (time.perf_counter() - start))

    try:
        solved = solve(tree, seconds=min(arguments.seconds / 2, EXACT_SECONDS))
    except AnalysisTooLarge:
        if unstated:
            raise BadInput(
                "the tree is too large for its cut sets in this time; give it more --seconds."
            ) from None
        bounds = probability_bounds(tree, seconds=left(), hours=hours)
        result |= {"probability": None, "probability_low": bounds.low, "probability_high": bounds.high}
        return result | _NOT_COUNTED | {"seconds": time.perf_counter() - start}
    result["probability"] = None if unstated else solved.probability(hours=hours)[0]
    try:
        sets = minimal_cut_sets(solved, seconds=left())
        result["minimal_cut_sets"] = sets.count()
        result["cut_sets"] = _listed(sets, arguments.cut_sets, hours, unstated)
        result["coherent"] = sets.coherent
        if result["probability"] == 0 and sets.count() and all(e.at(hours)[0] for e in tree.events.values()):
            remarks.append("It can happen, with a probability below 1e-307, where a computer's numbers end.")
            result["remarks"] = remarks
    except TooManySets:
        sets = None
        result |= _NOT_COUNTED
    if arguments.path_sets is not None:
        result |= _path_sets(tree, arguments.path_sets, hours, left(), unstated)
    if arguments.importance:
        found = importance(solved, hours=hours, cut_sets=sets)
        result["importance"] = {
            one.event: {measure: _finite(getattr(one, measure)) for measure in MEASURES} for one in found
        }
    if arguments.uncertainty is not None:
        result["uncertainty"] = _uncertainty(arguments, solved, system, hours)
    return result | {"seconds": time.perf_counter() - start}


def _checked(arguments):
    """The mission time, with every number on the command line held against what it may be."""
    for name in ("cut_sets", "path_sets"):
        given = getattr(arguments, name)
        if given is not None and not 0 <= given <= MOST_LISTED:
            option = "--" + name.replace("_", "-")
            raise BadInput(f"{option} is a whole number from 0 to {MOST_LISTED}, not {given}.")
    hours = math.inf if arguments.hours is None else arguments.hours
    if not arguments.seconds >= 0:
        raise BadInput(f"--seconds is a number from 0, not {arguments.seconds}.")
    if not hours >= 0:
        raise BadInput(f"--hours is a number from 0, not {arguments.hours}.")
    if arguments.seed < 0:
        raise BadInput(f"--seed is a whole number from 0, not {arguments.seed}.")
    return hours


def _with_probabilities(tree, hours, where):
    """The tree with a number for every event, and the events under the top that nobody gave one."""
    under = set(tree.events_under_top())
    for group in tree.common_causes:
        if not under.isdisjoint(group.members):
            under |= set(group.members)
    events = dict(tree.events)
    for name, model in tree.events.items():
        if not (isinstance(model, Unstated) or (model.timed and hours == math.inf)):
            continue
        if name not in under:
            events[name] = Constant(0.0)  # the top does not ask for it
        elif model.timed:
            raise BadInput(
                f"{where}: basic event {name!r} depends on the mission time, with no long run; give it with "
                "--hours, as in --hours 8760."
            )
    unstated = [name for name, model in events.items() if isinstance(model, Unstated)]
    if unstated:  # any one number for all: the smallest sets come first
        events = dict.fromkeys(events, Constant(0.5))
    return replace(tree, events=events), unstated


def _listed(sets, most, hours, unstated):
    found = [asdict(one) for one in sets.most_probable(most, hours=hours)]
    return [one | {"probability": None} for one in found] if unstated else found


def _path_sets(tree, most, hours, seconds, unstated):
    try:
        solved = solve(success_tree(tree, hours), seconds=seconds / 2)
        sets = minimal_cut_sets(solved, seconds=seconds / 2)
        return {
            "minimal_path_sets": sets.count(),
            "path_sets": _listed(sets, most, hours, unstated),
        }
    except (AnalysisTooLarge, TooManySets):
        return {"minimal_path_sets": None, "path_sets": None}


def _uncertainty(arguments, solved, system, hours):
    if system is None:
        found = uncertainty(solved, arguments.uncertainty, arguments.seed, hours)
    else:
        found = summarised(down_samples(system, arguments.journey, arguments.uncertainty, arguments.seed))
    said = {one: getattr(found, one) for one in ("mean", "low", "median", "high")}
    return said | {"samples": arguments.uncertainty, "seed": arguments.seed}


def _finite(value):
    """JSON has no infinity: a worth without bound is null."""
    return value if value is not None and math.isfinite(value) else None


def _tree(arguments):
    """The tree, and the system that it is of, if any."""
    first = str(arguments.file[0])
    ending = Path(first).suffix.lower()
    if len(arguments.file) > 1 and ending in SYSTEM + LINES:
        raise BadInput(f"{first} stands alone; only models in Open-PSA XML are made of several files.")
    if ending in SYSTEM:
        if not arguments.journey:
            raise BadInput(f"{first} is a system; name one of its journeys with --journey.")
        if arguments.top:
            raise BadInput("--top is for a model in XML; a system's journey has the one top.")
        system = read_system(first)
        return system.fault_tree(arguments.journey), system
    if arguments.journey:
        raise BadInput("--journey is for a system in YAML; leave it out for a model in XML.")
    if ending in LINES:
        return read_tree(first, arguments.top), None
    return read_open_psa(*arguments.file, top=arguments.top), None


def _write(tree, path):
    ending = Path(path).suffix.lower()
    if ending not in (".xml", *LINES):
        raise BadInput(f"--write makes a file that ends in .xml or .txt, not {path}.")
    text = open_psa_as_text(tree) if ending == ".xml" else tree_as_text(tree) + "\n"
    Path(path).write_text(text, encoding="utf-8")


def describe(result: dict[str, Any]) -> str:
    """Say it in a few lines."""
    lines = [
        f"{result['top']}: {_said(result)}",
        f"{_counted(result['basic_events'], 'basic event')}, {_counted(result['gates'], 'gate')}",
    ]
    if "uncertainty" in result:
        found = result["uncertainty"]
        lines.append(
            f"As uncertain as its events: 90 % of {found['samples']:,} samples from {found['low']:.10g} to "
            f"{found['high']:.10g}, half below {found['median']:.10g}, mean {found['mean']:.10g}"
        )
    if result["minimal_cut_sets"] is None:
        lines.append("The minimal cut sets were not counted: too many, or no time.")
    else:
        lines.append(_counted(result["minimal_cut_sets"], "minimal cut set"))
        if not result["coherent"]:
            lines.append("The tree uses negation: these are the minimal sets that suffice alone.")
        lines += _sets(result["cut_sets"])
    if "path_sets" in result:
        if result["path_sets"] is None:
            lines.append("The minimal path sets were not counted: too many, or no time.")
        else:
            lines.append(
                f"{_counted(result['minimal_path_sets'], 'minimal path set')}: each keeps it up alone"
            )
            lines += _sets(result["path_sets"])
    if "importance" in result:
        lines.append(f"{'event':20} " + " ".join(f"{measure:>14}" for measure in MEASURES))
        for event, row in result["importance"].items():
            cells = ("-" if row[measure] is None else f"{row[measure]:.6g}" for measure in MEASURES)
            lines.append(f"{event:20} " + " ".join(f"{cell:>14}" for cell in cells))
    return "\n".join(lines + result.get("remarks", []))


def _counted(number, thing):
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _said(result):
    if result["probability"] is not None:
        return f"probability {result['probability']:.10g}, exact"
    if "probability_low" in result:
        low, high = result["probability_low"], result["probability_high"]
        said = f"probability between {low:.6g} and {high:.6g}, guaranteed"
        return f"{said}; too large for an exact answer in this time"
    return "no probability"


def _sets(listed):
    chances = ["" if one["probability"] is None else f"{one['probability']:.4g}  " for one in listed]
    return [f"  {chance}{' + '.join(one['events'])}" for chance, one in zip(chances, listed, strict=True)]

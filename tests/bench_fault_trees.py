"""The exact engine beside SCRAM on the Aralia models, in one run.

Compared: `scram --bdd --probability 1 -l 1 MODEL -o FILE`, one process a model, against one call in a warm
process that parses the model, builds its diagrams and gives the exact probability. Needs SCRAM on PATH
(Debian's package `scram`) and the models in ../shared/benchmarks beside the project; says so and stops
without. `--limit SECONDS` for SCRAM and for ours a model, `--repeat N` to take the least of N times of each,
in turns, `--plain` without the accelerator as well, `--only NAME` for one model, `--dump FILE` for every
figure as JSON.
"""

import argparse
import json
import math
import multiprocessing
import re
import resource
import shutil
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import networkx as nx

from faultlab.analysis.engine.build_diagrams import AnalysisTooLarge
from faultlab.analysis.fault_trees.cut_sets import minimal_cut_sets
from faultlab.analysis.fault_trees.expressions import Expressed, combined, constant
from faultlab.analysis.fault_trees.solved_tree import solve
from faultlab.analysis.fault_trees.uncertainties import uncertainty
from faultlab.analysis.networks.networks import terminal_reliability
from faultlab.analysis.open_psa.reading import read_open_psa

MODELS = Path(__file__).parents[2] / "shared" / "benchmarks"
PARTS_THAT_TAKE_MEMORY = ("das9701", "cea9601")


def main(argv=()):
    """Print a table of seconds, ratios and probabilities, and the totals."""
    parser = argparse.ArgumentParser(prog="start.py bench fault_trees")
    parser.add_argument("--limit", type=float, default=120.0)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--only")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--dump", type=Path)
    given = parser.parse_args(argv)
    models = sorted(MODELS.rglob("*.xml"), key=lambda path: path.stat().st_size)
    models = [path for path in models if not given.only or path.stem == given.only]
    if not models:
        print("fault_trees: skipped, the Aralia models are not beside the project (shared/benchmarks).")
        return 0
    if not shutil.which("scram"):
        print("fault_trees: skipped, there is no scram on PATH; Debian's package `scram` has it.")
        return 0
    ways = {"ours": True, **({"plain": False} if given.plain else {})}
    rows = []
    print(f"{'model':10} {'SCRAM s':>9} " + " ".join(f"{way:>9} s {'ratio':>6}" for way in ways))
    with tempfile.TemporaryDirectory() as folder:
        for model in models:
            runs = []
            for _ in range(given.repeat):
                runs.append({"scram": with_scram(model, Path(folder) / "out.xml", given.limit)})
                for way, accelerate in ways.items():
                    runs[-1][way] = in_a_process(one_model, model, accelerate, given.limit)
            row = {way: min((run[way] for run in runs), key=_time) for way in runs[0]}
            rows.append({"model": model.stem} | row)
            print(told(rows[-1], ways), flush=True)
    for way in ways:
        summary(rows, way)
    slider(models)
    samples(models)
    grid()
    if given.dump:
        given.dump.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return 0


def _time(found):
    return found["seconds"] or math.inf


def with_scram(model, out, limit):
    """SCRAM's seconds, peak megabytes and probability; None in place of what it did not give."""
    command = ["scram", "--bdd", "--probability", "1", "-l", "1", model, "-o", out]
    out.unlink(missing_ok=True)
    seconds, peak = in_a_process(_run_scram, [str(part) for part in command], limit)
    text = out.read_text(encoding="utf-8") if out.exists() else ""
    found = re.search(r'<sum-of-products[^>]*probability="([^"]+)"', text)
    value = float(found.group(1)) if found else None
    return {"seconds": seconds if found else None, "megabytes": peak, "probability": value}


def _run_scram(command, limit):
    before = time.perf_counter()
    try:
        subprocess.run(command, capture_output=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return None, None
    seconds = time.perf_counter() - before
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def one_model(model, accelerate, limit):
    """Our seconds in a warm process, its peak megabytes and the probability."""
    # Warm: the modules are imported, and one small tree was solved.
    solve(
        read_open_psa(min(MODELS.rglob("*.xml"), key=lambda path: path.stat().st_size)), accelerate=accelerate
    )
    before = time.perf_counter()
    try:
        value = solve(read_open_psa(model), seconds=limit, accelerate=accelerate).probability()[0]
    except AnalysisTooLarge:
        return {"seconds": None, "megabytes": None, "probability": None}
    seconds = time.perf_counter() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "megabytes": peak, "probability": value}


def in_a_process(function, *arguments):
    """Call a function in a process of its own, so that peaks of memory do not add up."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def told(row, ways):
    """A line of the table."""
    scram = row["scram"]["seconds"]
    cells = [f"{row['model']:10} {_seconds(scram)}"]
    for way in ways:
        ours = row[way]["seconds"]
        ratio = f"{ours / scram:6.2f}" if ours and scram else " " * 6
        cells.append(f"{_seconds(ours)}   {ratio}")
    value = row["ours"]["probability"]
    cells.append(f"{value:.9e}" if value is not None else "")
    if (
        value
        and row["scram"]["probability"]
        and not math.isclose(value, row["scram"]["probability"], rel_tol=1e-4)
    ):
        cells.append(f"SCRAM says {row['scram']['probability']}")
    if row["model"] in PARTS_THAT_TAKE_MEMORY and scram and value is not None:
        cells.append(f"peak MB: SCRAM {row['scram']['megabytes']:.0f}, ours {row['ours']['megabytes']:.0f}")
    return "  ".join(cells)


def _seconds(value):
    return f"{'-':>9}" if value is None else f"{value:9.4f}"


def summary(rows, way):
    """Print the totals over the models that both solved."""
    both = [row for row in rows if row[way]["seconds"] and row["scram"]["seconds"]]
    if not both:
        return
    scram, ours = (sum(row[who]["seconds"] for row in both) for who in ("scram", way))
    ratios = [row[way]["seconds"] / row["scram"]["seconds"] for row in both]
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    print(
        f"{way}: {len(both)} models, SCRAM {scram:.1f} s, {way} {ours:.1f} s, total ratio {ours / scram:.3f},"
    )
    print(
        f"  geometric mean of the ratios {mean:.3f}; alone solved: SCRAM {_only(rows, 'scram', way)}", end=""
    )
    print(f", {way} {_only(rows, way, 'scram')}; neither: {_neither(rows, way)}")


def _only(rows, one, other):
    return ", ".join(r["model"] for r in rows if r[one]["seconds"] and not r[other]["seconds"]) or "none"


def _neither(rows, way):
    return ", ".join(r["model"] for r in rows if not (r[way]["seconds"] or r["scram"]["seconds"])) or "none"


def slider(models):
    """Print the time of one new probability in every tree of 80 to 120 events, the diagram kept."""
    for model in models:
        tree = read_open_psa(model)
        if not 80 <= len(tree.events) <= 120:
            continue
        solved = solve(tree)
        solved.probability()
        names, times = list(tree.events), []
        for i in range(300):
            before = time.perf_counter()
            solved.probability({names[i % len(names)]: 0.1 + i / 1000})
            times.append(time.perf_counter() - before)
        times.sort()
        sets = minimal_cut_sets(solved).count()
        nodes = sum(len(block.level) for block in solved.blocks)
        print(
            f"slider: {model.stem}, {len(names)} events, {nodes} nodes, {sets} minimal cut sets: "
            f"p50 {times[150] * 1e3:.3f} ms, p95 {times[285] * 1e3:.3f} ms"
        )


def samples(models):
    """Print the time of 10,000 samples of every tree of about 300 events, as solved."""
    for model in models:
        tree = read_open_psa(model)
        if not 290 <= len(tree.events) <= 315:
            continue
        ranges = {
            name: Expressed(name, combined("lognormal-deviate", map(constant, (event.probability, 2, 0.95))))
            for name, event in tree.events.items()
            if 0 < event.probability < 0.2
        }
        tree = replace(tree, events=tree.events | ranges)
        before = time.perf_counter()
        solved = solve(tree)
        middle = time.perf_counter()
        uncertainty(solved, samples=10_000)
        after = time.perf_counter()
        nodes = sum(len(block.level) for block in solved.blocks)
        print(
            f"samples: {model.stem}, {len(ranges)} uncertain events: {nodes} nodes, {middle - before:.2f} s,"
            f" 10,000 samples in {after - middle:.2f} s"
        )


def grid():
    """Print the time of a grid of ten by ten, from corner to corner."""
    before = time.perf_counter()
    value = terminal_reliability(nx.grid_2d_graph(10, 10), [(0, 0), (9, 9)], 0.9)
    print(f"network: grid of 10 x 10, corner to corner: {value:.12f} in {time.perf_counter() - before:.2f} s")

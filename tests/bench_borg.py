"""Borg's scheduler from scratch, its online pass, how time grows, and what each device is worth, in one run.

`--largest` (10000) machines at most. `--compact` also times the compaction of a cell of 1,000 machines, 11
seeds: some minutes. `--table` runs the experiments of the paper, on cells of `--machines` (100) in `--cells`
(3): many minutes. `--record` writes the times to `faultlab/cases/borg/recorded/borg_times.json`, which lesson
04 draws.
"""

import argparse
import json
import resource
import time
from pathlib import Path

import numpy as np

from faultlab.cases.borg.cell import PENDING, Cell
from faultlab.cases.borg.compaction import TRIALS, compact
from faultlab.cases.borg.experiments import paper_findings
from faultlab.cases.borg.scheduling import Scheduler, schedule
from faultlab.cases.borg.workload import synthetic_jobs, synthetic_machines

DEVICES_AT = 1000
NEW_TASKS = 100
RECORDED = Path(__file__).parents[1] / "faultlab/cases/borg/recorded/borg_times.json"


def main(argv=()):
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="start.py bench borg")
    parser.add_argument("--largest", type=int, default=10_000)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--compact", action="store_true")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--machines", type=int, default=100)
    parser.add_argument("--cells", type=int, default=3)
    options = parser.parse_args(argv)
    print("machines   jobs    tasks  from scratch    online pass  pending")
    sizes = [count for count in (1000, 2000, 5000, 10_000) if count <= options.largest]
    found = {"sizes": [from_scratch_and_online(count) for count in sizes]}
    found["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(f"\nMost memory: {found['peak_mb']:,} MB\n")
    found["devices"] = devices()
    if options.compact:
        found["compaction"] = compaction()
    if options.record:
        RECORDED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if options.table:
        print()
        for one in paper_findings(options.machines, options.cells):
            ours = f"{one.ours:5.1f} % ({one.low:.1f} to {one.high:.1f})"
            print(f"{one.experiment:30} paper {one.paper:20} ours {ours}")


def from_scratch_and_online(count):
    """Fill a cell, then take some tasks off and let one pass place them again."""
    machines = synthetic_machines(count)
    jobs = synthetic_jobs(machines)
    cell = Cell(machines, jobs)
    start = time.perf_counter()
    done = schedule(cell)
    whole = time.perf_counter() - start
    running = np.flatnonzero(cell.machine != PENDING)
    for task in np.random.default_rng(0).choice(running, NEW_TASKS, replace=False):
        cell.remove(task)
    start = time.perf_counter()
    schedule(cell)
    online = time.perf_counter() - start
    tasks = int(cell.machine.size)
    print(f"{count:8,} {len(jobs):6,} {tasks:8,} {whole:11.1f} s {online:12.2f} s {done.pending:8}")
    return {"machines": count, "tasks": tasks, "seconds": round(whole, 2), "online": round(online, 3)}


def devices():
    """Switch the devices off one by one."""
    machines = synthetic_machines(DEVICES_AT)
    jobs = synthetic_jobs(machines)
    off = {
        "all on": {},
        "no score cache": {"score_cache": False},
        "no equivalence classes": {"equivalence_classes": False},
        "neither of the two": {"score_cache": False, "equivalence_classes": False},
        "no relaxed randomisation": {"relaxed": False},
        "none": {"score_cache": False, "equivalence_classes": False, "relaxed": False},
    }
    print(f"At {DEVICES_AT:,} machines    seconds  machines rated  pending")
    found = {}
    for name, settings in off.items():
        cell = Cell(machines, jobs)
        start = time.perf_counter()
        done = schedule(cell, Scheduler(**settings))
        seconds = time.perf_counter() - start
        print(f"{name:24} {seconds:7.1f} {done.rated:15,} {done.pending:8}")
        found[name] = {"seconds": round(seconds, 2), "rated": int(done.rated)}
    return found


def compaction():
    """Time the compaction of a cell of 1,000 machines, in this process alone."""
    machines = synthetic_machines(DEVICES_AT)
    start = time.perf_counter()
    needed = compact(machines, synthetic_jobs(machines))
    seconds = time.perf_counter() - start
    print(f"Compaction of {DEVICES_AT:,} machines, {TRIALS} seeds: {seconds:.0f} s, {needed.machines:g} left")
    return {"machines": DEVICES_AT, "seeds": TRIALS, "seconds": round(seconds)}


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])

"""The Borg paper's experiments on synthetic cells, its figures beside ours.

Each compares two compactions (`compaction`) of the same workload under the same seeds: as it is, and
changed. Figures of the paper: Verma et al., EuroSys 2015, section 5.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from faultlab.cases.borg.cell import PENDING, Cell, Machines
from faultlab.cases.borg.compaction import compact, power_of_two_buckets
from faultlab.cases.borg.jobs import is_production
from faultlab.cases.borg.scheduling import Scheduler, schedule
from faultlab.cases.borg.workload import synthetic_jobs, synthetic_machines
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.cases.borg.jobs import Jobs

#: Users with more than this share of the cell's memory get cells of their own; the paper's bound is 10 TiB.
BIG_USER = 0.03
SMALLER_CELLS = 5


@dataclass(frozen=True)
class Finding:
    """One line of the table.

    `paper` says what the paper reports; `ours` is the median over the cells of the extra machines (or of the
    share) in per cent, `low` and `high` are the least and the most of the cells; `differs` says why the two
    need not agree.
    """

    experiment: str
    paper: str
    ours: float
    low: float
    high: float
    cells: tuple[float, ...]
    differs: str


def without_reclamation(jobs: Jobs) -> Jobs:
    """The same jobs with nothing to reclaim: every reservation is the limit.

    Examples
    --------
    >>> from faultlab.cases.borg.jobs import Jobs
    >>> without_reclamation(Jobs([1], [4], [8], [200], cpu_reserved=[1])).cpu_reserved.tolist()
    [4.0]
    """
    return replace(jobs, cpu_reserved=jobs.cpu, memory_reserved=jobs.memory)


def split_by_user(jobs: Jobs, machines: Machines) -> list[Jobs]:
    """Give each big user a group of jobs of its own; all others share one.

    Returns
    -------
    list of Jobs
    """
    memory = np.bincount(jobs.user, jobs.memory * jobs.tasks)
    big = np.flatnonzero(memory > BIG_USER * machines.memory.sum())
    groups = [jobs.only(jobs.user == user) for user in big]
    rest = ~np.isin(jobs.user, big)
    return groups + ([jobs.only(rest)] if rest.any() else [])


def split_at_random(jobs: Jobs, seed: int = 0) -> list[Jobs]:
    """Deal jobs out to five smaller cells at random.

    Returns
    -------
    list of Jobs
    """
    to = np.random.default_rng([seed, 4]).integers(0, SMALLER_CELLS, len(jobs))
    return [jobs.only(to == group) for group in range(SMALLER_CELLS) if (to == group).any()]


def reclaimed_share(machines: Machines, jobs: Jobs, seed: int = 0) -> float:
    """The least share of the running CPU limits that must stand on reclaimed resources.

    A machine whose tasks have limits beyond its size runs the excess on what others reserved and don't use.

    Examples
    --------
    >>> from faultlab.cases.borg.cell import Machines
    >>> from faultlab.cases.borg.jobs import Jobs
    >>> jobs = Jobs([1, 1], [8, 4], [1, 1], [200, 110], cpu_reserved=[4, 4])
    >>> round(reclaimed_share(Machines([8], [8]), jobs), 3)  # 4 of 12 cores
    0.333
    """
    cell = Cell(machines, jobs, strict=False)
    schedule(cell, seed=seed)
    running = np.flatnonzero(cell.machine != PENDING)
    limits = np.bincount(cell.machine[running], jobs.cpu[cell.job_of[running]], minlength=len(machines))
    return float(np.maximum(0, limits - machines.cpu).sum() / limits.sum()) if limits.sum() else 0.0


def paper_findings(
    machines: int = 100,
    cells: int = 3,
    trials: int = 11,
    seed: int = 0,
    only: list[str] | None = None,
    progress: Callable[[float, int], None] | None = None,
) -> list[Finding]:
    """Run the paper's experiments on synthetic cells.

    Parameters
    ----------
    machines : int
        Machines of each cell before compaction.
    cells : int
        Cells, each with machines and a workload of its own; the paper has 15.
    trials : int
        Seeds of each compaction.
    seed : int
    only : list of str, optional
        Names of experiments (keys of `EXPERIMENTS`); all of them unless given.
    progress : callable, optional
        Called after each trial with how many cells are done, the present one in part, and how many there are.

    Returns
    -------
    list of Finding

    Examples
    --------
    >>> for one in paper_findings(30, cells=1, trials=1, only=["segregating production"]):
    ...     print(one.experiment, "|", one.paper)
    segregating production | +20 to 30 %
    """
    names = list(EXPERIMENTS) if only is None else list(only)
    for name in names:
        if name not in EXPERIMENTS:
            raise BadInput(f"There is no experiment {name!r}; choose from {', '.join(EXPERIMENTS)}.")
    if cells < 1:
        raise BadInput(f"The experiments need at least one cell, not {cells!r}.")
    found: dict[str, list[float]] = {name: [] for name in names}
    for number in range(seed, seed + cells):
        cell = synthetic_machines(machines, number)
        jobs = synthetic_jobs(cell, seed=number)

        def tell(done, of, past=number - seed):
            # How many compactions an experiment takes is not known before; one is never quite the whole.
            if progress is not None:
                progress(past + done / (of + 1), cells)

        def needed(*groups, scheduler=None, cell=cell, number=number, tell=tell):
            return sum(compact(cell, one, scheduler, trials, number, tell).machines for one in groups)

        shared = needed(jobs)
        for name in names:
            found[name].append(EXPERIMENTS[name][0](cell, jobs, needed, shared, number))
    return [_summed_up(name, cells) for name, cells in found.items()]


def recorded_findings() -> list[Finding]:
    """Return what `paper_findings(machines=100, cells=5)` found: it takes some minutes.

    Returns
    -------
    list of Finding

    Examples
    --------
    >>> [found.experiment for found in recorded_findings()] == list(EXPERIMENTS)
    True
    """
    text = files("faultlab.cases.borg").joinpath("recorded/borg_findings.json").read_text(encoding="utf-8")
    found = {one["experiment"]: one["cells"] for one in json.loads(text)["findings"]}
    return [_summed_up(name, cells) for name, cells in found.items()]


def _summed_up(name, cells):
    _, paper, differs = EXPERIMENTS[name]
    return Finding(name, paper, float(np.median(cells)), min(cells), max(cells), tuple(cells), differs)


def _extra(changed, base):
    return 100 * (changed / base - 1)


def _segregated(cell, jobs, needed, shared, seed):
    production = is_production(jobs.priority)
    return _extra(needed(jobs.only(production), jobs.only(~production)), shared)


def _users(cell, jobs, needed, shared, seed):
    return _extra(needed(*split_by_user(jobs, cell)), shared)


def _smaller(cell, jobs, needed, shared, seed):
    return _extra(needed(*split_at_random(jobs, seed=seed)), shared)


def _buckets(cell, jobs, needed, shared, seed):
    plain = without_reclamation(jobs)
    rounded = without_reclamation(power_of_two_buckets(jobs))
    return _extra(needed(rounded), needed(plain))


def _unreclaimed(cell, jobs, needed, shared, seed):
    return _extra(needed(without_reclamation(jobs)), shared)


def _reclaimed(cell, jobs, needed, shared, seed):
    order = np.random.default_rng([seed, 5]).permutation(len(cell))
    return 100 * reclaimed_share(cell.only(order[: round(shared)]), jobs, seed=seed)


def _worst(cell, jobs, needed, shared, seed):
    best = needed(jobs, scheduler=Scheduler("best fit"))
    return _extra(needed(jobs, scheduler=Scheduler("worst fit")), best)


def _hybrid(cell, jobs, needed, shared, seed):
    return 100 * (1 - shared / needed(jobs, scheduler=Scheduler("best fit")))


#: Name to (function, what the paper reports, why ours may differ).
EXPERIMENTS = {
    "segregating production": (
        _segregated,
        "+20 to 30 %",
        "how much production asks for and leaves unused is assumed",
    ),
    "splitting users": (
        _users,
        "+20 to 150 %",
        "the shares of users are assumed, and the paper splits cells of 5,000 machines and more",
    ),
    "smaller cells": (
        _smaller,
        "significantly more",
        "the paper gives a picture and no number; here five cells for one",
    ),
    "power-of-two buckets": (
        _buckets,
        "+30 to 50 %",
        "the spread of task sizes is assumed, and all jobs are rounded here",
    ),
    "no reclamation": (
        _unreclaimed,
        "many more",
        "the share of limits that is used is assumed",
    ),
    "work on reclaimed resources": (
        _reclaimed,
        "about 20 %",
        "a lower bound, counted in CPU machine by machine",
    ),
    "worst fit against best fit": (
        _worst,
        "no number",
        "the paper names small leftover pieces, and gives no number",
    ),
    "hybrid against best fit": (
        _hybrid,
        "3 to 5 % better",
        "the formula is ours, and in small made-up cells small tasks fill most gaps anyway",
    ),
}

"""Cell compaction: how small a cell a workload fits into, the yardstick of the Borg paper.

Verma et al., EuroSys 2015, section 5.1: take machines away at random until the workload no longer fits,
packing from scratch each time; 11 trials with different seeds, of which the 90th percentile is reported; at
most 0.2 % of the tasks may stay pending. Here the number is found by bisection in one random order
of the machines, which asks for fewer packings and takes for granted that one machine more holds no less.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from faultlab.cases.borg.cell import Cell
from faultlab.cases.borg.scheduling import Scheduler, schedule
from faultlab.errors import BadInput, is_whole

if TYPE_CHECKING:
    from faultlab.cases.borg.cell import Machines
    from faultlab.cases.borg.jobs import Jobs

TRIALS, PERCENTILE, MAY_PEND = 11, 90, 0.002
#: Times that the machines may be cloned when the cell itself is too small.
CLONES = 8


@dataclass(frozen=True)
class Compaction:
    """The machines that a workload needs.

    `trials` has each seed's number, `machines` is their 90th percentile, `low` and `high` are the least and
    the most.
    """

    machines: float
    low: int
    high: int
    trials: tuple[int, ...]


def compact(
    machines: Machines,
    jobs: Jobs,
    scheduler: Scheduler | None = None,
    trials: int = TRIALS,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Compaction:
    """Find how many machines a workload needs.

    Parameters
    ----------
    machines : Machines
        The cell to take machines from; it is cloned up to eight times if it is too small.
    jobs : Jobs
    scheduler : Scheduler, optional
    trials : int
        Seeds `seed`, `seed + 1`, ...
    seed : int
    progress : callable, optional
        Called after each trial with how many are done and how many there are.

    Returns
    -------
    Compaction

    Raises
    ------
    BadInput
        If there is no trial, or the workload does not fit even into the clones.

    Examples
    --------
    Twelve tasks of half a machine need six machines:

    >>> from faultlab.cases.borg.cell import Machines
    >>> from faultlab.cases.borg.jobs import Jobs
    >>> compact(Machines([8] * 20, [32] * 20), Jobs([12], [4], [16], [200])).trials
    (6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6)
    """
    if not is_whole(trials, 1):
        raise BadInput(f"Compaction needs a whole number of trials from 1 up, not {trials!r}.")
    if not len(jobs):
        return Compaction(0.0, 0, 0, (0,) * trials)
    scheduler = Scheduler() if scheduler is None else scheduler
    found: list[int] = []
    for number in range(seed, seed + trials):
        found.append(_trial(machines, jobs, scheduler, number))
        if progress is not None:
            progress(len(found), trials)
    return Compaction(float(np.percentile(found, PERCENTILE)), min(found), max(found), tuple(found))


def _trial(machines, jobs, scheduler, seed):
    """The machines that one random order needs."""
    rng = np.random.default_rng([seed, 3])
    order = np.concatenate([rng.permutation(len(machines)) for _ in range(CLONES)])
    fits = partial(_fits, machines, jobs, scheduler, seed, order)
    # No cell can be smaller than what the tasks that must run take up.
    low = 0
    high = max(2, _least(machines, jobs, order))
    while not fits(high):
        low = high
        if high == order.size:
            raise BadInput(
                f"The workload does not fit into {CLONES} times {len(machines)} machines; "
                "ask for less or give a larger cell."
            )
        high = min(order.size, high + max(1, high // 8))
    low = max(low, _least(machines, jobs, order) - 1)
    while high - low > 1:
        middle = (low + high) // 2
        if fits(middle):
            high = middle
        else:
            low = middle
    return high


def _least(machines, jobs, order):
    """The machines of the order without which the reservations can't fit, less what may stay pending."""
    least = 1
    for resource in ("cpu", "memory"):
        of_task = np.repeat(getattr(jobs, f"{resource}_reserved"), jobs.tasks)
        pending = int(MAY_PEND * of_task.size)
        needed = of_task.sum() - (np.sort(of_task)[-pending:].sum() if pending else 0)
        room = np.cumsum(getattr(machines, resource)[order])
        least = max(least, int(np.searchsorted(room, needed - 1e-9)) + 1)
    return min(least, order.size)


def _fits(machines, jobs, scheduler, seed, order, count):
    allowed = int(MAY_PEND * jobs.tasks.sum())
    cell = Cell(machines.only(order[:count]), jobs, strict=False)
    return schedule(cell, scheduler, seed, give_up_after=allowed).pending <= allowed


def power_of_two_buckets(jobs: Jobs) -> Jobs:
    """Round limits and reservations up to powers of two, from 0.5 cores and 1 GiB.

    The buckets are those of the paper's experiment (section 5.4), which a provider of virtual machines of
    fixed sizes would sell.

    Parameters
    ----------
    jobs : Jobs

    Returns
    -------
    Jobs

    Examples
    --------
    >>> from faultlab.cases.borg.jobs import Jobs
    >>> rounded = power_of_two_buckets(Jobs([1], [0.1], [5.0], [200]))
    >>> rounded.cpu.tolist(), rounded.memory.tolist()
    ([0.5], [8.0])
    """
    cpu = 2.0 ** np.ceil(np.log2(np.maximum(jobs.cpu, 0.5)) - 1e-12)
    memory = 2.0 ** np.ceil(np.log2(np.maximum(jobs.memory, 1.0)) - 1e-12)
    return replace(jobs, cpu=cpu, memory=memory)

"""Borg's scheduler: feasibility, then scoring; high priority first, round robin among users.

After Verma et al., EuroSys 2015, section 3.2 and 3.4. A machine is feasible if the task fits once tasks of a
lower level are counted as free; among the feasible ones those without preemption come first, then those that
preempt the lowest level. Whoever is preempted goes back to the pending queue.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from faultlab.cases.borg.cell import PENDING, SLACK, Cell
from faultlab.cases.borg.ratings import Ratings
from faultlab.cases.borg.scoring import scoring
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Scheduler:
    """How to schedule; the three devices save time and can be switched off.

    Attributes
    ----------
    policy : str
        "hybrid", "best fit" or "worst fit".
    spread : float
        What it costs, in units of the score, to put all tasks of a job into one failure domain.
    score_cache : bool
        Keep ratings until a machine changes.
    equivalence_classes : bool
        Rate the machines once for all tasks with the same needs, not for each task.
    relaxed : bool
        Look at machines in random order until `enough` feasible ones are found, not at all of them.
    enough : int

    Examples
    --------
    >>> Scheduler().policy
    'hybrid'
    """

    policy: str = "hybrid"
    spread: float = 0.05
    score_cache: bool = True
    equivalence_classes: bool = True
    relaxed: bool = True
    enough: int = 200

    def __post_init__(self):
        scoring(self.policy)
        if not self.spread >= 0:
            raise BadInput(f"The weight of spreading is 0 or more, not {self.spread!r}.")
        if self.enough < 1:
            raise BadInput(f"A scheduler looks for at least one feasible machine, not {self.enough!r}.")


@dataclass(frozen=True)
class Pass:
    """What one pass of the scheduler did.

    `placed` and `preempted` count events (a task can be preempted and placed again), `pending` the tasks
    that were left over; `reasons` says why, job by job; `rated` counts the machines that were rated.
    """

    placed: int
    preempted: int
    pending: int
    reasons: dict[int, str]
    rated: int


def schedule(
    cell: Cell,
    scheduler: Scheduler | None = None,
    seed: int | Sequence[int] | np.random.Generator = 0,
    give_up_after: int | None = None,
) -> Pass:
    """Place the pending tasks of a cell.

    Parameters
    ----------
    cell : Cell
        Changed in place.
    scheduler : Scheduler, optional
    seed : int or numpy.random.Generator
        Only used when `relaxed`.
    give_up_after : int, optional
        Stop when more tasks than this can't be placed; what was not tried has the reason "not tried".

    Returns
    -------
    Pass

    Examples
    --------
    A batch task gives way to production, and production never to production:

    >>> from faultlab.cases.borg.cell import Cell, Machines
    >>> from faultlab.cases.borg.jobs import Jobs
    >>> jobs = Jobs(tasks=[1, 2], cpu=[6.0, 6.0], memory=[1.0, 1.0], priority=[110, 200])
    >>> cell = Cell(Machines([8], [32]), jobs)
    >>> cell.place(0, 0)
    >>> done = schedule(cell)
    >>> cell.machine.tolist(), done.preempted
    ([-1, 0, -1], 1)
    >>> done.reasons[1]
    'no machine has enough free CPU'
    """
    scheduler = Scheduler() if scheduler is None else scheduler
    ratings = Ratings(cell, scheduler, np.random.default_rng(seed))
    queue: list[Any] = []
    turns = _turns(cell.jobs)
    waiting = np.unique(cell.job_of[cell.machine == PENDING])
    for job in waiting.tolist():
        heapq.heappush(queue, turns[job])
    queued = set(waiting.tolist())
    reasons, placed, preempted, stuck = {}, 0, 0, 0
    while queue:
        job = heapq.heappop(queue)[-1]
        queued.discard(job)
        if give_up_after is not None and stuck > give_up_after:
            reasons[job] = "not tried"
            continue
        pending = [t for t in cell.tasks_of(job).tolist() if cell.machine[t] == PENDING]
        for count, (task, machine) in enumerate(ratings.choices(job, pending)):
            if machine == PENDING:
                reasons[job] = why_pending(cell, job)
                stuck += len(pending) - count
                break
            if not cell.fits_now(job, [machine])[0]:
                for victim in victims(cell, job, machine):
                    cell.remove(victim)
                    preempted += 1
                    loser = int(cell.job_of[victim])
                    if loser not in queued:
                        queued.add(loser)
                        heapq.heappush(queue, turns[loser])
            cell.place(task, machine)
            placed += 1
    left = int((cell.machine == PENDING).sum())
    return Pass(placed, preempted, left, reasons, ratings.rated)


def _turns(jobs):
    """The queue's order: by priority, then each user's first job, each user's second, and so on."""
    order = np.lexsort((np.arange(len(jobs)), jobs.user, -jobs.priority))
    user, priority = jobs.user[order], jobs.priority[order]
    new = np.r_[True, (user[1:] != user[:-1]) | (priority[1:] != priority[:-1])] if len(jobs) else []
    turn = np.empty(len(jobs), np.int64)
    start = np.maximum.accumulate(np.where(new, np.arange(len(jobs)), 0))
    turn[order] = np.arange(len(jobs)) - start
    return list(
        zip((-jobs.priority).tolist(), turn.tolist(), jobs.user.tolist(), range(len(jobs)), strict=True)
    )


def victims(cell: Cell, job: int, machine: int) -> list[int]:
    """Whom a task of a job has to preempt on a machine: lowest level first, and nobody in vain.

    Returns
    -------
    list of task numbers

    Raises
    ------
    BadInput
        If the task can't fit there whoever goes.
    """
    on = cell.tasks_on(machine)
    owners = cell.job_of[on]
    lower = cell.level[owners] < cell.level[job]
    on, owners = on[lower], owners[lower]
    # Within a level the largest first, so that fewer have to go.
    size = (cell.charge[owners, 0] / cell.charge[job, 0].clip(SLACK)).max(axis=1) if on.size else []
    books = [0, cell.production_level] if cell.production[job] else [0]
    free = cell.free[books, :, machine]
    wanted = cell.charge[job, books] - SLACK
    gone = []
    for place in np.lexsort((size, -cell.level[owners]))[::-1].tolist():
        if (free >= wanted).all():
            break
        free = free + cell.charge[owners[place]][books]
        gone.append(place)
    if (free < wanted).any():
        raise BadInput(f"A task of job {job} does not fit on machine {machine}, whoever is preempted.")
    for place in reversed(gone.copy()):
        without = free - cell.charge[owners[place]][books]
        if (without >= wanted).all():
            free = without
            gone.remove(place)
    return on[gone].tolist()


def why_pending(cell: Cell, job: int) -> str:
    """Say in a few words why no machine can take a task of the job.

    Examples
    --------
    >>> from faultlab.cases.borg.cell import Cell, Machines
    >>> from faultlab.cases.borg.jobs import Jobs
    >>> cell = Cell(Machines([8, 2], [1, 32]), Jobs([1], [4.0], [4.0], [0]), strict=False)
    >>> why_pending(cell, 0)
    'CPU and memory are free, but not on the same machine'
    """
    able = cell.up & ((cell.jobs.needs[job] & ~cell.machines.traits) == 0)
    if not able.any():
        return "no machine in service has what it needs"
    level = cell.level[job]
    enough = cell.free[level][:, able] >= cell.charge[job, level, :, None] - SLACK
    if not enough[0].any() and not enough[1].any():
        return "no machine has enough free CPU or memory"
    if not enough[0].any():
        return "no machine has enough free CPU"
    if not enough[1].any():
        return "no machine has enough free memory"
    if not enough.all(axis=0).any():
        return "CPU and memory are free, but not on the same machine"
    return "not tried since the cell last changed"

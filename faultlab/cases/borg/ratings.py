"""The ratings of machines for tasks, and the three devices of section 3.4 that make them cheap.

Equivalence classes rate once for all tasks with the same needs. The score cache keeps ratings until a machine
changes. Relaxed randomisation stops looking when enough feasible machines were seen, and looks at all before
it calls a task pending. None of them can make a task pending that would otherwise fit on its own.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import numpy as np

from faultlab.cases.borg.cell import PENDING, SLACK, Cell
from faultlab.cases.borg.scoring import scoring

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from faultlab.cases.borg.scheduling import Scheduler

#: The least that a preemption costs; more than all other parts of a score together.
PREEMPTION_COST = 10.0
#: Classes whose ratings are kept; the one used longest ago goes first.
KEPT_CLASSES = 256
_BLOCK = 256


class Ratings:
    """Rates the machines of a cell for one pass after another."""

    def __init__(self, cell: Cell, scheduler: Scheduler, rng: np.random.Generator) -> None:
        self.cell, self.scheduler, self.rng = cell, scheduler, rng
        self.score = scoring(scheduler.policy)
        self.size = np.stack([cell.machines.cpu, cell.machines.memory])
        self.random_order = rng.permutation(len(cell.machines)) if scheduler.relaxed else None
        self.kept: OrderedDict[Any, tuple[np.ndarray, np.ndarray]] = OrderedDict()
        self.rated = 0
        jobs = cell.jobs
        what = np.column_stack([jobs.cpu, jobs.memory, cell.charge[:, 0], cell.level, jobs.needs])
        self.class_of = np.unique(what, axis=0, return_inverse=True)[1].reshape(-1).tolist()

    def choices(self, job: int, tasks: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield (task, its machine) one by one; the caller places each before it asks for the next.

        The machine is -1 when no machine is feasible; the tasks after that one need not be tried.
        """
        cell, at = self.cell, None
        share = self.scheduler.spread / max(1, cell.jobs.tasks[job])
        running = cell.machine[cell.first[job] : cell.first[job + 1]]
        domains = np.bincount(
            cell.machines.domain[running[running != PENDING]], minlength=len(cell.members)
        ).astype(float)
        for task in tasks:
            if at is None or not self.scheduler.equivalence_classes:
                at, rating = self._candidates(job, len(tasks))
                total = rating - share * domains[cell.machines.domain[at]]
                place = self._places(at)
            best = int(total.argmax()) if total.size else PENDING
            if (best == PENDING or total[best] == -np.inf) and at.size < len(cell.machines):
                # The random sample is used up: look at every machine before giving up.
                at = place = np.arange(len(cell.machines))
                total = self._rate(job, at) - share * domains[cell.machines.domain]
                best = int(total.argmax())
            if total[best] == -np.inf:
                yield task, PENDING
                return
            machine = int(at[best])
            yield task, machine
            domain = cell.machines.domain[machine]
            domains[domain] += 1
            neighbours = place[cell.members[domain]]
            total[neighbours[neighbours >= 0]] -= share
            total[best] = self._fresh(job, at[best : best + 1])[0] - share * domains[domain]

    def _candidates(self, job, tasks):
        """The machines to look at and their ratings: all, or a random sample with enough feasible ones."""
        if self.random_order is None:
            at = np.arange(len(self.cell.machines))
            return at, self._rate(job, at)
        enough = self.scheduler.enough + tasks
        start = int(self.rng.integers(self.random_order.size))
        order = np.concatenate([self.random_order[start:], self.random_order[:start]])
        seen, ratings, feasible = [], [], 0
        for block in range(0, order.size, _BLOCK):
            at = order[block : block + _BLOCK]
            rating = self._rate(job, at)
            can = rating > -np.inf
            seen.append(at[can])
            ratings.append(rating[can])
            feasible += int(can.sum())
            if feasible >= enough:
                break
        return np.concatenate(seen), np.concatenate(ratings)

    def _places(self, at):
        """Where each machine stands in `at`, -1 if nowhere."""
        place = np.full(len(self.cell.machines), -1)
        place[at] = np.arange(at.size)
        return place

    def _rate(self, job, at):
        """Ratings of some machines, out of the cache where they still hold."""
        if not self.scheduler.score_cache:
            return self._fresh(job, at)
        key = self.class_of[job] if self.scheduler.equivalence_classes else ("job", job)
        if key not in self.kept:
            if len(self.kept) >= KEPT_CLASSES:
                self.kept.popitem(last=False)
            machines = len(self.cell.machines)
            self.kept[key] = np.empty(machines), np.full(machines, -1, np.int64)
        self.kept.move_to_end(key)
        values, known = self.kept[key]
        stale = at[known[at] < self.cell.changed[at]]
        if stale.size:
            values[stale] = self._fresh(job, stale)
            known[stale] = self.cell.changed[stale]
        return values[at]

    def _fresh(self, job, at):
        """Ratings of some machines from scratch; -inf where the task can't go."""
        cell = self.cell
        self.rated += at.size
        level, production = cell.level[job], cell.production_level
        need = cell.charge[job, level][:, None]
        room = cell.free[level][:, at]
        feasible = (room >= need - SLACK).all(axis=0) & cell.up[at]
        if cell.jobs.needs[job]:
            feasible &= (cell.jobs.needs[job] & ~cell.machines.traits[at]) == 0
        now = cell.free[0][:, at]
        at_once = now >= cell.charge[job, 0][:, None] - SLACK
        if cell.production[job]:
            limits = cell.free[production][:, at]
            at_once &= limits >= cell.charge[job, production][:, None] - SLACK
            now = np.minimum(now, limits)
        at_once = at_once.all(axis=0)
        before = np.where(at_once, now, room) / self.size[:, at]
        rating = self.score(before, before - need / self.size[:, at], len(cell.machines))
        if not at_once.all():
            rating = np.where(at_once, rating, rating - self._preemption(job, at))
        return np.where(feasible, rating, -np.inf)

    def _preemption(self, job, at):
        """What preempting costs: the highest level that must go, then how much of the machine is taken."""
        cell, level = self.cell, self.cell.level[job]
        cost = np.zeros(at.size)
        for below in range(level):
            row = below + 1
            enough = cell.free[row][:, at] >= cell.charge[job, row][:, None] - SLACK
            cost += ~enough.all(axis=0)
        short = (cell.charge[job, 0][:, None] - cell.free[0][:, at]).clip(0) / self.size[:, at]
        return PREEMPTION_COST * (1 + cost) + short.max(axis=0)

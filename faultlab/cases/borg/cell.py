"""A Borg cell: machines, and the books that say how much of each is free to whom.

Production tasks are scheduled on limits, the others on reservations (Verma et al., EuroSys 2015). So there
are two books: one charges production by its limits, the other charges everybody by reservations. In both, a
task may count what tasks of a lower level hold as free. A machine is over-committed if either book overflows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from faultlab.cases.borg.jobs import is_production, preemption_levels
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faultlab.cases.borg.jobs import Jobs

PENDING = -1
#: Rounding of sums of floats must not make a task that fits exactly pending.
SLACK = 1e-9


# A column left out: `__post_init__` makes an array of it.
_FILLED_IN: Any = None


@dataclass(frozen=True)
class Machines:
    """The machines of a cell: row m of every array is machine m.

    Attributes
    ----------
    cpu, memory : (M,) float arrays
        Cores and GiB.
    domain : (M,) int array, optional
        Failure domain, such as a rack; one of its own for each machine unless given.
    traits : (M,) int array, optional
        Bits for what the machine has, such as a kind of processor or an external address.

    Examples
    --------
    >>> len(Machines(cpu=[16, 32], memory=[64, 128]))
    2
    """

    cpu: np.ndarray
    memory: np.ndarray
    domain: np.ndarray = _FILLED_IN
    traits: np.ndarray = _FILLED_IN

    def __post_init__(self):
        rows = np.size(self.cpu)
        if not rows:
            raise BadInput("A cell needs at least one machine.")
        given = {
            "cpu": np.asarray(self.cpu, float),
            "memory": np.asarray(self.memory, float),
            "domain": np.asarray(np.arange(rows) if self.domain is None else self.domain, np.int64),
            "traits": np.asarray(np.zeros(rows) if self.traits is None else self.traits).astype(np.int64),
        }
        for name, array in given.items():
            if array.shape != (rows,):
                raise BadInput(f"Machines: {name} has the shape {array.shape}, cpu has {rows} rows.")
            object.__setattr__(self, name, array)
        for name in ("cpu", "memory"):
            wrong = ~((given[name] > 0) & np.isfinite(given[name]))
            if wrong.any():
                raise BadInput(f"Machine {int(np.flatnonzero(wrong)[0])} needs {name} above 0.")
        if self.domain.min() < 0:
            raise BadInput("A failure domain is a number from 0 up.")

    def __len__(self):
        return self.cpu.size

    def only(self, chosen: np.ndarray | Sequence[int]) -> Machines:
        """The machines that `chosen`, a mask or row numbers, picks; repeated rows are clones."""
        return Machines(self.cpu[chosen], self.memory[chosen], self.domain[chosen], self.traits[chosen])


class Cell:
    """Where each task of a workload runs, and what is free on each machine.

    Parameters
    ----------
    machines : Machines
    jobs : Jobs
    strict : bool
        Refuse a job whose task no machine could hold even when empty; else it stays pending.

    Attributes
    ----------
    machine : (T,) int array
        The machine of each task, -1 while it is pending. Task t belongs to `job_of[t]`; job j has the tasks
        from `first[j]` up to `first[j + 1]`.
    up : (M,) bool array
    free : (levels, 2, M) float array
        Row r: cores and GiB that a task of level r may take, by preempting lower levels if need be; rows from
        `production_level` up are kept in limits, those below in reservations.

    Raises
    ------
    BadInput
        If `strict` and a task is bigger than every machine that has the traits it needs.

    Examples
    --------
    >>> from faultlab.cases.borg.jobs import Jobs
    >>> cell = Cell(Machines([8], [32]), Jobs(tasks=[2], cpu=[3.0], memory=[8.0], priority=[200]))
    >>> cell.place(0, 0)
    >>> cell.free[-1, :, 0].tolist()
    [5.0, 24.0]
    """

    def __init__(self, machines: Machines, jobs: Jobs, strict: bool = True) -> None:
        self.machines, self.jobs = machines, jobs
        levels, production = preemption_levels(jobs.priority)
        self.level, self.production = levels, is_production(jobs.priority)
        self.levels = int(levels.max()) + 1 if len(jobs) else 1
        self.first = np.concatenate([[0], np.cumsum(jobs.tasks)])
        self.job_of = np.repeat(np.arange(len(jobs)), jobs.tasks)
        self.machine = np.full(self.job_of.size, PENDING, np.int32)
        self.up = np.ones(len(machines), bool)
        self.changed = np.zeros(len(machines), np.int64)
        self.clock = 0
        self.members = _members(machines.domain)
        limits = np.stack([jobs.cpu, jobs.memory], axis=1)
        reserved = np.stack([jobs.cpu_reserved, jobs.memory_reserved], axis=1)
        #: What a task asks for, in the book that it reads.
        self.request = np.where(self.production[:, None], limits, reserved)
        self.production_level = production
        rows = np.arange(self.levels)
        in_limits = (rows >= production)[None, :, None]
        #: (J, levels, 2): what one task of the job takes from each row of `free`.
        self.charge = np.where(in_limits, limits[:, None], reserved[:, None])
        self.charge *= (rows <= levels[:, None])[:, :, None]
        self.free = np.tile(np.stack([machines.cpu, machines.memory]), (self.levels, 1, 1))
        if strict:
            self._refuse_what_never_fits(limits)

    def _refuse_what_never_fits(self, limits):
        sizes = np.stack([self.machines.cpu, self.machines.memory], axis=1)
        kinds = np.unique(np.column_stack([sizes, self.machines.traits]), axis=0)
        traits = kinds[:, 2].astype(np.int64)
        fits = np.zeros(len(self.jobs), bool)
        for size, has in zip(kinds[:, :2], traits, strict=True):
            fits |= (limits <= size + SLACK).all(axis=1) & ((self.jobs.needs & ~has) == 0)
        if not fits.all():
            job = int(np.flatnonzero(~fits)[0])
            raise BadInput(
                f"A task of job {job} ({limits[job, 0]:g} cores, {limits[job, 1]:g} GiB) is bigger than "
                "every machine that has what it needs; ask for less or add such a machine."
            )

    def tasks_of(self, job: int) -> np.ndarray:
        """The task numbers of a job."""
        return np.arange(self.first[job], self.first[job + 1])

    def tasks_on(self, machine: int) -> np.ndarray:
        """The tasks that run on a machine."""
        return np.flatnonzero(self.machine == machine)

    def place(self, task: int, machine: int) -> None:
        """Start a pending task on a machine; the caller has seen to it that it fits."""
        self.free[:, :, machine] -= self.charge[self.job_of[task]]
        self.machine[task] = machine
        self._touch(machine)

    def remove(self, task: int) -> None:
        """Take a running task off its machine; it is pending again."""
        machine = self.machine[task]
        if machine == PENDING:
            raise BadInput(f"Task {task} is pending and can't be removed from a machine.")
        self.machine[task] = PENDING
        self.free[:, :, machine] += self.charge[self.job_of[task]]
        self._touch(machine)

    def set_up(self, machine: int, up: bool) -> None:
        """Take a machine into service or out of it; its tasks are the caller's business."""
        self.up[machine] = up
        self._touch(machine)

    def fits_now(self, job: int, machine: Sequence[int] | np.ndarray) -> np.ndarray:
        """Whether a task of the job fits on each of several machines, with nobody preempted."""
        return (self.free[0][:, machine] >= self.charge[job, 0, :, None] - SLACK).all(axis=0) & (
            not self.production[job]
            or (
                self.free[self.production_level][:, machine]
                >= self.charge[job, self.production_level, :, None] - SLACK
            ).all(axis=0)
        )

    def _touch(self, machine):
        self.clock += 1
        self.changed[machine] = self.clock


def _members(domain):
    """The machines of each failure domain, as a list of arrays."""
    order = np.argsort(domain, kind="stable")
    return np.split(order, np.cumsum(np.bincount(domain))[:-1])

"""Allocs: room set aside on a machine, in which tasks of several jobs run and with which they move.

Verma et al., EuroSys 2015, section 2.4: the resources of an alloc stay assigned whether or not they are used,
and are treated much as a machine's; if an alloc has to go to another machine, its tasks go with it; an alloc
set is to its allocs what a job is to its tasks.
"""

import numpy as np

from faultlab.cases.borg_cell import PENDING, Cell, Machines
from faultlab.cases.borg_scheduling import schedule
from faultlab.errors import BadInput


class AllocSet:
    """The allocs of a set, and the jobs that run in them.

    Parameters
    ----------
    cell : Cell
        Where the allocs themselves are placed, as the tasks of one of its jobs.
    job : int
        That job's row: what one alloc sets aside is the limit of one of its tasks.
    guests : Jobs
        What runs in the allocs. They may ask for traits that the alloc set asks for, and for no others.

    Attributes
    ----------
    inside : Cell
        Its machines are the allocs, its tasks the guests': which guest is in which alloc.

    Raises
    ------
    BadInput
        For a job that isn't there, or a guest that is bigger than an alloc.

    Examples
    --------
    A web server and the program that saves its logs, two of each, in allocs of 4 cores and 8 GiB:

    >>> from faultlab.cases.borg_jobs import Jobs
    >>> cell = Cell(Machines([8] * 3, [8] * 3), Jobs([2], [4.0], [8.0], [200]))
    >>> web = AllocSet(cell, 0, Jobs([2, 2], [3.0, 1.0], [6.0, 2.0], [200, 110]))
    >>> _ = schedule(cell)
    >>> _ = web.settle()
    >>> web.machines().tolist()
    [0, 2, 0, 2]

    Machine 2 dies. Its alloc goes to another, and takes its guests along:

    >>> cell.remove(0)
    >>> cell.set_up(2, False)
    >>> web.machines().tolist()
    [0, -1, 0, -1]
    >>> _ = schedule(cell)
    >>> web.machines().tolist()
    [0, 1, 0, 1]
    """

    def __init__(self, cell, job, guests):
        if not 0 <= job < len(cell.jobs):
            raise BadInput(f"There is no job {job!r} in a cell of {len(cell.jobs)}.")
        self.cell, self.tasks = cell, cell.tasks_of(job)
        count = self.tasks.size
        allocs = Machines(
            np.full(count, cell.jobs.cpu[job]),
            np.full(count, cell.jobs.memory[job]),
            traits=np.full(count, cell.jobs.needs[job]),
        )
        self.inside = Cell(allocs, guests)

    def settle(self, scheduler=None, seed=0):
        """Place the guests that have no alloc yet, in allocs that have a machine.

        Returns
        -------
        Pass
            See `schedule`.
        """
        placed = self.cell.machine[self.tasks] != PENDING
        for alloc in np.flatnonzero(placed != self.inside.up).tolist():
            self.inside.set_up(alloc, placed[alloc])
        return schedule(self.inside, scheduler, seed)

    def machines(self):
        """The machine of each guest, an int array: -1 for who has no alloc, or waits in one that waits."""
        alloc = self.inside.machine
        return np.where(alloc == PENDING, PENDING, self.cell.machine[self.tasks[alloc]])

"""A Borg cell through time: machines that fail or are cut off, upgrades, and a master that may be away.

After Verma et al., EuroSys 2015, sections 3.3 and 4. A machine that misses several polls is taken for dead
and its tasks are rescheduled. A failed rack and a network partition look the same from the master, so it
reschedules at a limited rate. Tasks go on without the master, and on a machine that is only cut off; when it
comes back, the copies of tasks that were rescheduled meanwhile are killed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faultlab.cases.borg.cell import PENDING, Cell
from faultlab.cases.borg.scheduling import schedule
from faultlab.errors import BadInput

KINDS = ("fail", "cut off", "upgrade", "return", "master away", "master back")
POLL, MISSED_POLLS = 5.0, 3


@dataclass(frozen=True)
class CellEvent:
    """Something that happens to a cell at a time in seconds.

    `kind` is one of `KINDS`: machines fail (their tasks die), are cut off (their tasks run on, unseen), are
    taken out for an upgrade (their tasks are told and rescheduled at once), or return; the master goes away
    or comes back. While it is away nobody starts an upgrade: such an event is passed over.

    Examples
    --------
    >>> CellEvent(60, "cut off", (3, 4)).kind
    'cut off'
    """

    time: float
    kind: str
    machines: tuple[int, ...] = ()

    def __post_init__(self):
        if self.kind not in KINDS:
            raise BadInput(f"There is no event {self.kind!r} in a cell; choose one of {', '.join(KINDS)}.")
        if not self.time >= 0:
            raise BadInput(f"An event happens at 0 seconds or later, not {self.time!r}.")


@dataclass(frozen=True)
class Moment:
    """The cell after a poll: how many tasks run, are pending, are believed to run on a machine that is dead.

    `unseen` tasks run on machines that are cut off. `rescheduled` and `duplicates_killed` count since the
    start: tasks taken off machines given up, and copies killed when a machine returned.
    """

    time: float
    running: int
    pending: int
    dead: int
    unseen: int
    rescheduled: int
    duplicates_killed: int
    evicted: int


def live_through(cell: Cell, events: list[CellEvent], until: float, rate: int | None = None) -> list[Moment]:
    """Play events on a cell, poll by poll: every five seconds; who misses three is given up.

    Parameters
    ----------
    cell : Cell
        Changed in place; pending tasks are scheduled at the first poll.
    events : list of CellEvent
    until : float
        Seconds.
    rate : int, optional
        Most machines given up in one poll; no limit unless given.

    Returns
    -------
    list of Moment

    Raises
    ------
    BadInput
        For an event on a machine that isn't there, or times and counts that make no sense.

    Examples
    --------
    >>> from faultlab.cases.borg.cell import Cell, Machines
    >>> from faultlab.cases.borg.jobs import Jobs
    >>> cell = Cell(Machines([8] * 4, [8] * 4), Jobs([4], [4], [4], [200]))
    >>> last = live_through(cell, [CellEvent(12, "fail", (0, 1))], until=60)[-1]
    >>> last.running, last.pending, last.dead
    (4, 0, 0)
    """
    count = len(cell.machines)
    if not (until >= 0 and (rate is None or rate >= 1)):
        raise BadInput("A cell needs an end of 0 s or later, and a rate from 1 up.")
    for event in events:
        for machine in event.machines:
            if not 0 <= machine < count:
                raise BadInput(f"There is no machine {machine!r} in a cell of {count}.")
    coming = sorted(events, key=lambda event: event.time)
    alive, reachable = np.ones(count, bool), np.ones(count, bool)
    # Machines whose tasks died while the master still believes in them, even if the machine itself is back.
    blank = np.zeros(count, bool)
    missed = np.zeros(count, int)
    # Copies that run on machines given up while cut off: machine to number of tasks.
    copies: dict[int, int] = {}
    master = True
    rescheduled = killed = evicted = 0
    moments = []
    for number in range(int(until // POLL) + 1):
        now = number * POLL
        while coming and coming[0].time <= now:
            event = coming.pop(0)
            at = list(event.machines)
            if event.kind.startswith("master"):
                master = event.kind == "master back"
            elif event.kind == "fail":
                alive[at] = reachable[at] = False
                blank[at] = True
                for machine in at:
                    copies.pop(machine, None)
            elif event.kind == "cut off":
                reachable[at] = False
            elif event.kind == "return":
                alive[at] = reachable[at] = True
            elif master:
                for machine in at:
                    evicted += _empty(cell, machine)
                    cell.set_up(machine, False)
                    copies.pop(machine, None)
                alive[at] = reachable[at] = False
        if master:
            missed = np.where(reachable, 0, missed + 1)
            for machine in np.flatnonzero(reachable & ~cell.up).tolist():
                cell.set_up(machine, True)
                killed += copies.pop(machine, 0)
            for machine in np.flatnonzero(reachable & blank).tolist():
                rescheduled += _empty(cell, machine)
                blank[machine] = False
            # A machine not yet given up gets no new tasks either: it did not answer.
            lost = np.flatnonzero((missed >= MISSED_POLLS) & cell.up)
            for machine in lost[:rate].tolist():
                taken = _empty(cell, machine)
                cell.set_up(machine, False)
                rescheduled += taken
                if alive[machine] and not blank[machine]:
                    copies[machine] = taken
                blank[machine] = False
            silent = np.flatnonzero(~reachable & cell.up)
            cell.up[silent] = False
            evicted += schedule(cell, seed=[0, number]).preempted
            cell.up[silent] = True
        on = cell.machine[cell.machine != PENDING]
        moments.append(
            Moment(
                now,
                int((alive & ~blank)[on].sum()),
                int((cell.machine == PENDING).sum()),
                int((~alive | blank)[on].sum()),
                int((alive & ~blank & ~reachable)[on].sum()),
                rescheduled,
                killed,
                evicted,
            )
        )
    return moments


def _empty(cell, machine):
    """Take every task off a machine; return how many there were."""
    tasks = cell.tasks_on(machine).tolist()
    for task in tasks:
        cell.remove(task)
    return len(tasks)

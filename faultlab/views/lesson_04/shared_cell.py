"""A small cell of Kestrel's, machine by machine: who runs where, and who gives way when machines die."""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np

from faultlab.cases.borg import PENDING, Cell, Jobs, Machines, schedule, without_reclamation
from faultlab.views.kit.chart import bars, document, text
from faultlab.views.kit.palette import BLUE, GREY_TINT, INK, ORANGE, QUIET, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.stack import stacked
from faultlab.views.kit.words import count, listed

NAMES = ("web", "orders", "search", "reports", "training", "tests")
RACKS, A_RACK, CORES = 4, 6, 16
DEAD = {"nothing": 0, "one machine": 1, "a rack of six": 6, "two racks": 12}
"""What fails, in words, and how many machines."""
RECLAIM = ("yes", "no")
COME = (10, 25, 50, 75, 90, 100)
"""How much of the work has arrived, in percent of the tasks of every job."""
RAISED = {"nobody": (), "reports": ("reports",), "reports and training": ("reports", "training")}
"""Who is given production's priority besides the shop itself."""
TOP_PRIORITY = 200
_JOBS = Jobs(
    tasks=np.array([24, 6, 12, 24, 24, 40]),
    cpu=np.array([4, 8, 4, 4, 8, 1]),
    memory=np.array([12, 32, 16, 8, 24, 2]),
    priority=np.array([200, 220, 200, 112, 110, 0]),
    cpu_reserved=np.array([2.2, 5, 2.4, 3, 7, 0.6]),
    memory_reserved=np.array([8, 24, 12, 6, 20, 1.5]),
)
_COLOURS = {"production": BLUE, "batch": ORANGE, "best effort": QUIET}
_BANDS = ("production",) * 3 + ("batch",) * 2 + ("best effort",)
_ACROSS, _WIDE, _TALL, _TOP = 12, 32, 96, 26


@functools.lru_cache(maxsize=64)
def cell_after(dies: str, reclaim: str, come: int = 100, raised: str = "nobody") -> tuple[Cell, int]:
    """Kestrel's cell after machines failed, rescheduled, and how many tasks were evicted.

    Parameters
    ----------
    dies : str
        One of `DEAD`.
    reclaim : str
        "yes", or "no": batch and best effort are then scheduled by their limits as well.
    come : int
        The share of each job's tasks that has arrived, in percent.
    raised : str
        One of `RAISED`: who is production too.

    Returns
    -------
    (Cell, int)
    """
    level = np.where(np.isin(NAMES, RAISED[raised]), TOP_PRIORITY, _JOBS.priority)
    tasks = np.ceil(_JOBS.tasks * come / 100).astype(int)
    jobs = replace(_JOBS, tasks=tasks, priority=level)
    jobs = jobs if reclaim == "yes" else without_reclamation(jobs)
    racks = np.arange(RACKS * A_RACK) // A_RACK
    cell = Cell(Machines(np.full(racks.size, CORES), np.full(racks.size, 64), racks), jobs)
    schedule(cell)
    for machine in range(DEAD[dies]):
        for task in cell.tasks_on(machine):
            cell.remove(task)
        cell.set_up(machine, False)
    return cell, schedule(cell).preempted


def waiting_tasks(cell: Cell) -> dict[str, int]:
    """The tasks without a machine, by the name of their job."""
    pending = np.bincount(cell.job_of[cell.machine == PENDING], minlength=len(NAMES))
    return {name: int(number) for name, number in zip(NAMES, pending, strict=True)}


def shared_cell(dies: str, reclaim: str = "yes", come: int = 100, raised: str = "nobody") -> Picture:
    """Draw the cell; each machine is as high as its cores, each task as what it reserves of them.

    Parameters
    ----------
    dies, reclaim, come, raised
        As in `cell_after`.

    Returns
    -------
    Picture

    Examples
    --------
    >>> shared_cell("nothing").sentence
    'All 42 production tasks are running, and no task was evicted.'
    """
    cell, evicted = cell_after(dies, reclaim, come, raised)
    waiting = waiting_tasks(cell)
    parts = [text(4, 16, "24 machines in 4 racks. A block is a task, as tall as its CPU", 13, QUIET)]
    for machine in range(len(cell.machines)):
        parts += _machine(cell, machine, _bands(raised))
    bottom, x = _TOP + 2 * (_TALL + 24), 4
    for words, colour in (*_COLOURS.items(), ("free", GREY_TINT)):
        mark = {"production": " (P)", "batch": " (B)", "best effort": " (E)"}.get(words, "")
        parts += [
            f"<rect x='{x}' y='{bottom}' width='14' height='14' fill='{colour}' stroke='{QUIET}'/>",
            text(x + 20, bottom + 12, words + mark, 13, INK),
        ]
        x += 36 + round(7.4 * len(words + mark))
    bands = _bands(raised)
    asked = {name: int(tasks) for name, tasks in zip(NAMES, cell.jobs.tasks, strict=True)}
    first = [name for name in NAMES if bands[name] == "production"]
    short = {name: waiting[name] for name in first if waiting[name]}
    others = {name: n for name, n in waiting.items() if n and name not in first}
    lent = [name for name in NAMES if name not in first and asked[name] > waiting[name]]
    everyone, many = sum(asked[name] for name in first), sum(short.values())
    sentence = _sentence(everyone, short, evicted, others, lent)
    rows = tuple(
        {
            "Job": name,
            "Band": bands[name],
            "Tasks": tasks,
            "Running": tasks - waiting[name],
            "Waiting": waiting[name],
        }
        for name, tasks in asked.items()
    )
    alt = (
        f"Twenty-four machines as columns, filled with tasks by their band, of which {come} % have arrived. "
        f"Failed: {dies}. Production waiting: {many}, others waiting: {sum(others.values())}."
    )
    row = ("Production tasks without a machine", many, f"{many} of {everyone}", RED)
    svg = stacked([bars([row], alt, highest=everyone), document(parts, bottom + 26, alt)], alt)
    return Picture(svg, alt, sentence, rows)


def _bands(raised):
    given = dict(zip(NAMES, _BANDS, strict=True))
    return given | dict.fromkeys(RAISED[raised], "production")


def _sentence(everyone, short, evicted, others, lent):
    if short:
        many = sum(short.values())
        said = f"{many} of {everyone} production tasks {'has' if many == 1 else 'have'} no machine"
        named = [f"{number} of {name}" for name, number in short.items()]
        said += f": {listed(named)}." if len(named) > 1 else f", all of {next(iter(short))}."
    else:
        said = f"All {everyone} production tasks are running"
        said += ", and no task was evicted." if not evicted else "."
    if evicted:
        said += f" {count(evicted, 'task was', 'tasks were')} evicted."
    if others:
        have = "has" if sum(others.values()) == 1 else "have"
        rest = listed([f"{n} of {name}" for name, n in others.items()])
        said += f" Of the other work, {rest} {have} no machine."
    # Production is placed by what it asks for: where one waits, no machine has more to promise.
    if short and lent:
        said += f" The {listed(lent)} still running use lent capacity, which production may not count on."
    return said


def _machine(cell, machine, bands):
    row, column = divmod(machine, _ACROSS)
    x = 4 + column * (_WIDE + 3) + (column // A_RACK) * 8
    floor = _TOP + row * (_TALL + 24) + _TALL
    box = f"<rect x='{x}' y='{floor - _TALL}' width='{_WIDE}' height='{_TALL}' fill='{GREY_TINT}'"
    parts = [f"{box} stroke='{QUIET}'/>"]
    if not cell.up[machine]:
        cross = f"M{x} {floor - _TALL}L{x + _WIDE} {floor}M{x + _WIDE} {floor - _TALL}L{x} {floor}"
        return [*parts, f"<path d='{cross}' stroke='{RED}' stroke-width='2.5'/>"]
    height = 0.0
    on = cell.tasks_on(machine)
    for task in sorted(on.tolist(), key=lambda task: (-cell.level[cell.job_of[task]], task)):
        job = cell.job_of[task]
        tall = cell.jobs.cpu_reserved[job] / CORES * _TALL
        height += tall
        parts.append(
            f"<rect x='{x + 1}' y='{floor - height:.1f}' width='{_WIDE - 2}' height='{tall - 1:.1f}' "
            f"fill='{_COLOURS[bands[NAMES[job]]]}'/>"
        )
    here = {bands[NAMES[cell.job_of[task]]] for task in on}
    marks = "".join(mark for mark, of in zip("PBE", _COLOURS, strict=True) if of in here)
    return [*parts, text(x + _WIDE / 2, floor + 15, marks, 13, INK, "middle")]

"""Half of the machines fall silent for a minute: what each pace starts twice, over twenty recorded cells."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from faultlab.cases.borg import Cell, CellEvent, live_through, synthetic_jobs, synthetic_machines
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, RED
from faultlab.views.kit.picture import Picture

SILENT = tuple(range(30))
EVENTS = [CellEvent(60, "cut off", SILENT), CellEvent(120, "return", SILENT)]
ALL_AT_ONCE = (
    411, 429, 462, 482, 493, 535, 536, 540, 546, 558, 564, 601, 615, 637, 638, 659, 673, 696, 729, 744,
)  # fmt: skip
PACED = (90, 95, 96, 140, 151, 154, 163, 163, 166, 172, 180, 186, 188, 189, 190, 200, 225, 227, 273, 303)
"""Tasks that ran twice in each of twenty made-up cells of 60 machines; a test computes them again. Sorted."""
PACES = (
    ("all at once", ALL_AT_ONCE, RED),
    ("one machine every five seconds, after three missed answers", PACED, BLUE),
)


def started_twice() -> Picture:
    """Tasks that run twice under both paces.

    Examples
    --------
    >>> started_twice().rows[0]["Median of 20 cells"]
    561
    """
    found = [(words, round(median(tasks)), min(tasks), max(tasks), colour) for words, tasks, colour in PACES]
    rows = tuple(
        {"Machines are given up": words, "Median of 20 cells": middle, "Least": least, "Most": most}
        for words, middle, least, most, _ in found
    )
    drawn = [
        (words, middle, f"{middle} ({least}–{most})", colour) for words, middle, least, most, colour in found
    ]
    sentence = (
        f"All at once, {rows[0]['Median of 20 cells']} tasks run twice in the median of twenty cells; "
        f"one machine every five seconds, {rows[1]['Median of 20 cells']}. In brackets: least, most."
    )
    alt = "Bars: tasks that run twice, when machines are given up " + ", ".join(
        f"{words}: {written}" for words, _, written, _ in drawn
    )
    return Picture(bars(drawn, alt, gap=62), alt, sentence, rows)


def silent_again(cells: int) -> Callable[..., list[dict]]:
    """Return the work of a `LongRun`: both paces again, on as many of the made-up cells.

    Parameters
    ----------
    cells : int
        The first so many of the twenty.
    """

    def work(tell):
        rows: list[dict] = []
        for seed in range(cells):
            tell(seed / cells, rows)
            once, paced = (tasks_run_twice(seed, rate) for rate in (None, 1))
            rows.append({"Cell": seed + 1, "All at once": once, "One machine every five seconds": paced})
        return rows

    return work


def tasks_run_twice(seed: int, rate: int | None) -> int:
    """How many tasks of one made-up cell run twice: 30 of 60 machines are cut off for a minute.

    Parameters
    ----------
    seed : int
        Of the machines and their work.
    rate : int or None
        Machines that may be given up at each poll, every five seconds; None for all at once.
    """
    machines = synthetic_machines(60, seed=seed)
    jobs = synthetic_jobs(machines, fill=0.6, seed=seed)
    return live_through(Cell(machines, jobs, strict=False), EVENTS, until=180, rate=rate)[-1].rescheduled

"""Half of the machines fall silent for a minute: what each pace starts twice, over twenty recorded cells."""

from __future__ import annotations

from statistics import median

from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, RED
from faultlab.views.kit.picture import Picture

ALL_AT_ONCE = (
    411, 429, 462, 482, 493, 535, 536, 540, 546, 558, 564, 601, 615, 637, 638, 659, 673, 696, 729, 744,
)  # fmt: skip
PACED = (90, 95, 96, 140, 151, 154, 163, 163, 166, 172, 180, 186, 188, 189, 190, 200, 225, 227, 273, 303)
"""Tasks that ran twice in each of twenty made-up cells of 60 machines; a test computes them again. Sorted."""
WAYS = (
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
    rows = tuple(
        {
            "Machines are given up": words,
            "Median of 20 cells": round(median(found)),
            "Least": min(found),
            "Most": max(found),
        }
        for words, found, _ in WAYS
    )
    drawn = [
        (
            words,
            float(median(found)),
            f"{row['Median of 20 cells']} ({row['Least']}–{row['Most']})",
            colour,
        )
        for (words, found, colour), row in zip(WAYS, rows, strict=True)
    ]
    sentence = (
        f"All at once, {rows[0]['Median of 20 cells']} tasks run twice in the middle one of twenty cells; "
        f"one machine every five seconds, {rows[1]['Median of 20 cells']}. In brackets: least, most."
    )
    alt = "Bars: tasks that run twice, when machines are given up " + ", ".join(
        f"{words}: {written}" for words, _, written, _ in drawn
    )
    return Picture(bars(drawn, alt, gap=62), alt, sentence, rows)

"""The probability of a block for thousands of samples of its variables at once.

A pass by arrays, level by level, for some samples at a time: as many as fit a processor's cache beside the
edges that are still needed. For that an edge's row is given away as soon as nothing above asks for it.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faultlab.analysis.engine.block import Block, Steps

# Measured: 2 MB of rows. And narrower rows cost more in calls than they save in the cache.
NUMBERS_AT_ONCE, NARROWEST = 250_000, 64


@dataclass(frozen=True)
class Rows:
    """What to compute from which rows, and into which.

    Attributes
    ----------
    parts : list of (int, array, array, array)
        Level; by edge, the rows of its high and of its low branch, and the row that it is written to.
    count : int
    last : int
        The row of the answer.
    """

    parts: list
    count: int
    last: int

    @classmethod
    def of(cls, steps: Steps) -> Rows:
        """The rows for the steps to an edge."""
        last_use = np.full(len(steps.high), -1)
        for i, (_, first, end) in enumerate(steps.levels):
            last_use[steps.high[first:end]] = last_use[steps.low[first:end]] = i
        # Rows 0 and 1 are the constants; they and the answer stay.
        last_use[[0, 1, steps.last]] = len(steps.levels)
        ending: list[list[int]] = [[] for _ in steps.levels]
        for number in range(2, len(steps.high)):
            if last_use[number] < len(steps.levels):
                ending[last_use[number]].append(number)
        row, free, count, parts = np.arange(len(steps.high)), [], 2, []
        for i, (level, first, end) in enumerate(steps.levels):
            high, low = row[steps.high[first:end]], row[steps.low[first:end]]
            # All is read before anything is written, so what ends here is free already.
            free += row[ending[i]].tolist()
            free.sort(reverse=True)
            taken = [free.pop() for _ in range(min(end - first, len(free)))]
            fresh = end - first - len(taken)
            row[first:end] = taken + list(range(count, count + fresh))
            count += fresh
            parts.append((level, high, low, row[first:end].copy()))
        return cls(parts, count, int(row[steps.last]))


def of_samples(
    block: Block, yes: Sequence[Any], no: Sequence[Any], samples: int
) -> tuple[np.ndarray, np.ndarray]:
    """The pair of arrays (P, 1 - P) of a block.

    Parameters
    ----------
    block : Block
    yes, no : list of float or array
        By level, one value or as many as there are samples.
    samples : int
    """
    true, false = (np.array([np.broadcast_to(one, samples) for one in pairs]) for pairs in (yes, no))
    happens = _along(block.happening.rows, true, false)
    fails = 1 - happens
    likely = happens > 0.5
    if likely.any():
        fails[likely] = _along(block.not_happening.rows, true[:, likely], false[:, likely])
        happens[likely] = np.where(fails[likely] <= 0.5, 1 - fails[likely], happens[likely])
    return happens, fails


def _along(rows, yes, no):
    samples = yes.shape[1]
    width = max(NARROWEST, NUMBERS_AT_ONCE // rows.count)
    widest = max((len(row) for _, _, _, row in rows.parts), default=0)
    found = np.empty(samples)

    def part(start):
        end = min(start + width, samples)
        p, q = yes[:, start:end].copy(), no[:, start:end].copy()
        values = np.empty((rows.count, end - start))
        values[0], values[1] = 1.0, 0.0
        above, other = np.empty((2, widest, end - start))
        for level, high, low, row in rows.parts:
            through, beside = above[: len(row)], other[: len(row)]
            np.take(values, high, axis=0, out=through, mode="clip")
            np.take(values, low, axis=0, out=beside, mode="clip")
            through *= p[level]
            beside *= q[level]
            through += beside
            values[row] = through
        found[start:end] = values[rows.last]

    if samples <= width:
        part(0)
        return found
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(part, range(0, samples, width)))
    return found

"""A packing rule that somebody wrote, tried on tasks that it has not seen."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from faultlab.errors import BadInput


def packing_trial(
    score: Callable[[float, float, float, float], float], tasks: int = 300, skew: float = 0.8, seed: int = 0
) -> float:
    """Return how many per cent more machines a rule needs than the least that could do.

    Tasks come one by one. Each goes to the machine in use that has room and the highest score; if none has
    room, a new machine is taken. The least that could do is a bound: all cores, or all memory, without gaps.

    Parameters
    ----------
    score : callable
        Called with a machine's free cores and GiB and the task's cores and GiB, all as shares of a whole
        machine; returns a number.
    tasks : int
    skew : float
        How unlike the tasks are in shape: standard deviation of the logarithm of cores by memory.
    seed : int

    Raises
    ------
    BadInput
        If `score` returns no number.

    Examples
    --------
    >>> tight = packing_trial(lambda cpu, memory, need_cpu, need_memory: -(cpu + memory))
    >>> loose = packing_trial(lambda cpu, memory, need_cpu, need_memory: cpu + memory)
    >>> 0 < tight < loose
    True
    """
    needs = trial_tasks(tasks, skew, seed)
    free: list[tuple[float, float]] = []
    for cpu, memory in needs:
        best: int | None = None
        highest: float | np.floating = -math.inf
        for machine, (left_cpu, left_memory) in enumerate(free):
            if left_cpu + 1e-9 < cpu or left_memory + 1e-9 < memory:
                continue
            value = score(left_cpu, left_memory, cpu, memory)
            if isinstance(value, bool) or not isinstance(value, (int, float, np.floating)) or value != value:
                raise BadInput(f"The score has to be a number; it was {value!r}.")
            if best is None or value > highest:
                best, highest = machine, value
        if best is None:
            free.append((1.0, 1.0))
            best = len(free) - 1
        free[best] = (free[best][0] - cpu, free[best][1] - memory)
    least = math.ceil(max(sum(cpu for cpu, _ in needs), sum(memory for _, memory in needs)) - 1e-9)
    return 100 * (len(free) / least - 1)


def trial_tasks(tasks: int, skew: float, seed: int) -> list[tuple[float, float]]:
    """Draw tasks as (cores, memory), each as a share of a machine: many small ones, few large ones."""
    rng = np.random.default_rng([seed, 70])
    size = np.clip(rng.lognormal(math.log(0.16), 0.7, tasks), 0.02, 0.6)
    shape = np.exp(rng.normal(0, skew / 2, tasks))
    cpu, memory = np.minimum(size * shape, 0.8), np.minimum(size / shape, 0.8)
    return list(zip(cpu.tolist(), memory.tolist(), strict=True))

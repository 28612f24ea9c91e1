"""Lesson 04 with real processes, as the work of three `LongRun`s: nothing starts before it is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from faultlab.live import ContainerTask, keep_wished, run_containers

if TYPE_CHECKING:
    from typing import Any

    Work = Callable[[Callable[..., None]], list[dict[str, Any]]]

Found = TypeVar("Found")
HOLDERS = {
    "control group": "the kernel, by a control group",
    "resource limit": "the kernel, by a resource limit",
}
PATIENCE = (("0.1 seconds", 0.1), ("5 seconds", 5.0))


def greedy_task() -> Work:
    """Two tasks with a limit on their memory; one wants eight times as much as it may have."""

    def work(tell):
        tasks = [ContainerTask("greedy", memory_mb=64, takes_mb=512), ContainerTask("neighbour")]
        run = _meanwhile(tell, 4.0, lambda: run_containers(tasks, seconds=3.0))
        rows = [{"Task": name, "What happened": ", ".join(run.of(name))} for name in ("greedy", "neighbour")]
        return [*rows, {"Task": "who holds the limits", "What happened": HOLDERS.get(run.held, run.held)}]

    return work


def killed_copies() -> Work:
    """Three copies are declared; somebody kills one, twice."""

    def work(tell):
        run = _meanwhile(tell, 2.5, lambda: keep_wished(3, kills=2))
        return [{"What happened": what, "Copies running (3 declared)": now} for what, now in run.happenings]

    return work


def slow_copies() -> Work:
    """Copies that answer after half a second, asked by a hasty check and by a patient one."""

    def work(tell):
        rows: list[dict[str, Any]] = []
        for part, (words, patience) in enumerate(PATIENCE):
            ask = partial(keep_wished, 2, answers_after=0.5, liveness=patience, checks=1)
            found = _meanwhile(tell, 2.5, ask, (part / len(PATIENCE), rows))
            gone = found.liveness_kills >= 2
            rows.append(
                {
                    "The check waits": words,
                    "Copies answer after": "0.5 seconds",
                    "Killed by the check": "every copy" if gone else "none",
                    "Service": "gone" if gone else "slow, and there",
                }
            )
        return rows

    return work


def _meanwhile(
    tell: Callable[..., None],
    lasts: float,
    do: Callable[[], Found],
    before: tuple[float, list[dict]] = (0.0, []),
) -> Found:
    """Do something beside the page, and tell how far it should be."""
    done, rows = before
    began = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        played = pool.submit(do)
        while not played.done():
            passed = min(0.95, (time.monotonic() - began) / lasts)
            tell(done + (1 - done) * passed, rows)
            time.sleep(0.1)
    return played.result()

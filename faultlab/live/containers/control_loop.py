"""An orchestrator's loop, with real processes: compare the wished state with the observed one, and mend it.

Burns, Grant, Oppenheimer, Brewer and Wilkes, "Borg, Omega, and Kubernetes", ACM Queue 14, 2016, call it
reconciliation: a controller compares a desired state with the observed one and acts to bring them together,
again and again, so that it needs no memory of what went wrong. A liveness check is a question to each copy; a
copy that doesn't answer in time is killed, and the loop replaces it like any other that is missing.
"""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import dataclass

from faultlab.live.processes.children import Child, command, run_beside
from faultlab.live.processes.limits import number, whole

MOST_COPIES = 6
MOST_SECONDS = 30.0
LOOK_EVERY = 0.05
ASK_EVERY = 0.2
FIRST_ANSWER = 10.0
"""Seconds that a copy has to begin, as an interpreter needs some; only then it is asked for its life."""


@dataclass(frozen=True)
class ControlRun:
    """What the loop saw and did.

    Attributes
    ----------
    happenings : tuple of (str, int)
        What happened, and how many copies were running then. Times are left out: they differ by machine.
    restarts : int
        Copies that were started in place of one that was missing.
    liveness_kills : int
        Copies that the liveness check killed.
    restored : bool
        Whether as many ran as were wished when the loop ended.
    """

    happenings: tuple[tuple[str, int], ...]
    restarts: int
    liveness_kills: int
    restored: bool


def keep_wished(
    wished: int,
    kills: int = 0,
    answers_after: float = 0.0,
    liveness: float | None = None,
    checks: int = 3,
    seconds: float = 15.0,
) -> ControlRun:
    """Keep so many copies of a task running while somebody kills them.

    Parameters
    ----------
    wished : int
        The copies that are declared, 1 to 6.
    kills : int
        How often a copy is killed from outside, each time that all are there.
    answers_after : float
        Seconds that every copy takes to answer: it works, and is slow.
    liveness : float, optional
        Seconds within which a copy has to answer; without it nobody asks.
    checks : int
        The loop ends when this many checks of one kind, passed or failed, have been made of each copy wished.
    seconds : float
        It ends then at the latest.

    Returns
    -------
    ControlRun

    Raises
    ------
    BadInput
        For numbers out of bounds, or where no process can be started.

    Examples
    --------
    >>> keep_wished(2, kills=1).restarts  # doctest: +SKIP
    1
    """
    loop = _Loop(
        whole("wished", wished, 1, MOST_COPIES),
        whole("kills", kills, 0, 10),
        number("answers_after", answers_after, 0, 5),
        None if liveness is None else number("liveness", liveness, 0.01, 5),
        whole("checks", checks, 1, 10),
        number("seconds", seconds, 0.1, MOST_SECONDS),
    )
    run_beside(loop.run, loop.children, loop.hurry, FIRST_ANSWER)
    return ControlRun(tuple(loop.happenings), loop.restarts, loop.liveness_kills, loop.restored)


class _Loop:
    def __init__(self, wished, kills, answers_after, liveness, checks, seconds):
        self.wished, self.kills, self.answers_after = wished, kills, answers_after
        self.liveness, self.checks, self.seconds = liveness, checks, seconds
        self.children, self.ready, self.asked = {}, set(), {}
        self.happenings, self.restarts, self.liveness_kills, self.passed = [], 0, 0, 0
        self.started, self.restored = 0, False
        self.hurry = threading.Event()

    async def run(self):
        self.loop = asyncio.get_running_loop()
        end = time.monotonic() + self.seconds
        while time.monotonic() < end and not self.hurry.is_set():
            # The whole of it: observe, compare, act.
            missing = self.wished - len(self.children)
            for _ in range(missing):
                self._start()
            whole_again = len(self.ready) == self.wished
            if whole_again and self.kills:
                self.kills -= 1
                self._kill(min(self.ready), "killed from outside")
            elif whole_again and self.liveness is None:
                break
            self._ask()
            if max(self.passed, self.liveness_kills) >= self.checks * self.wished and not self.kills:
                break
            await asyncio.sleep(LOOK_EVERY)
        self.restored = len(self.ready) == self.wished

    def _start(self):
        self.started += 1
        if self.started > self.wished:
            self.restarts += 1
            self._say("one is missing: another is started")
        name = f"copy {self.started:02d}"
        child = Child(name, command("containers.container"), self.loop, self._heard, self._ended)
        self.children[name] = child
        child.order(
            held=None,
            memory_mb=64,
            takes_mb=4,
            cpu_seconds=None,
            busy=False,
            deaf=False,
            longest=2 * MOST_SECONDS,
            answers_after=self.answers_after,
        )

    def _heard(self, child, message):
        if "ready" in message and child.name in self.children:
            self.ready.add(child.name)
            self._say("one more is running")

    def _ended(self, child, _code):
        self.children.pop(child.name, None)
        self.ready.discard(child.name)
        self.asked.pop(child.name, None)

    def _kill(self, name, why):
        self.ready.discard(name)
        self._say(f"one is {why}")
        self.children[name].kill()

    def _ask(self):
        if self.liveness is None:
            return
        for name in self.ready:
            if name not in self.asked:
                self.asked[name] = self.loop.create_task(self._check(name))

    async def _check(self, name):
        answered = await self.children[name].ask(self.liveness, alive=True)
        if answered:
            self.passed += 1
        elif name in self.ready:
            self.liveness_kills += 1
            self._kill(name, "killed by the liveness check")
        await asyncio.sleep(ASK_EVERY)
        self.asked.pop(name, None)

    def _say(self, what):
        self.happenings.append((what, len(self.ready)))

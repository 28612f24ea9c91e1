"""The load: customers who come on their own schedule (open loop) or wait for each other (closed loop).

In an open loop every request has an intended start. Its latency is counted from that moment, whether or
not the load generator got around to sending it then; otherwise a service that hangs for a second would
hide all who would have come in that second. Gil Tene calls that mistake coordinated omission ("How NOT to
Measure Latency", 2013). In a closed loop a customer sends the next request after the last answer; a
service that hangs is asked nothing, so a closed loop can't see what an open one sees.
"""

from __future__ import annotations

import asyncio
import math
import random
import sys
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from faultlab.live.load.calls import Caller, guarded, kind_of
from faultlab.live.processes.child import begin, first_order, orders, report
from faultlab.live.processes.limits import MOST_IN_FLIGHT

REPORT_EVERY = 0.5
LAST_ANSWERS_WITHIN = 15.0


def intended_starts(rate: float, seconds: float, arrivals: str, seed: int) -> Iterator[float]:
    """Yield the seconds after the beginning at which requests are due.

    Parameters
    ----------
    rate : float
        Requests a second.
    seconds : float
    arrivals : str
        "poisson": independent customers, with exponential gaps. "even": all gaps alike.
    seed : int

    Examples
    --------
    >>> list(intended_starts(4, 1, "even", 0))
    [0.0, 0.25, 0.5, 0.75]
    """
    luck = random.Random(seed)
    count = 0
    at = luck.expovariate(rate) if arrivals == "poisson" else 0.0
    while at < seconds:
        yield at
        count += 1
        at = at + luck.expovariate(rate) if arrivals == "poisson" else count / rate


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """Return the smallest value that at least this share of the values doesn't exceed (nearest rank).

    Examples
    --------
    >>> quantile([10, 20, 30, 40], 0.5), quantile([10, 20, 30, 40], 0.99), quantile([], 0.5)
    (20, 40, None)
    """
    if not ordered:
        return None
    return ordered[max(0, math.ceil(share * len(ordered) - 1e-9) - 1)]


class Tally:
    """What came back: counts and latencies of this interval, and of the whole."""

    def __init__(self) -> None:
        self.latencies, self.attempts, self.late = array("d"), 0, array("d")
        self.errors: Counter[str] = Counter()
        self.new: list[float] = []
        self.new_errors: Counter[str] = Counter()

    def add(self, milliseconds: float, error: BaseException | None, attempts: int) -> None:
        """Count one request, however it ended."""
        self.latencies.append(milliseconds)
        self.new.append(milliseconds)
        self.attempts += attempts
        if error is not None:
            self.errors[kind_of(error)] += 1
            self.new_errors[kind_of(error)] += 1

    def interval(self) -> dict[str, Any]:
        """What came back since the last interval."""
        new, errors = sorted(self.new), dict(self.new_errors)
        self.new, self.new_errors = [], Counter()
        return {
            "requests": len(new),
            "errors": errors,
            "p50_ms": rounded(quantile(new, 0.5)),
            "p99_ms": rounded(quantile(new, 0.99)),
        }

    def whole(self) -> dict[str, Any]:
        """What came back at all."""
        ordered, late = sorted(self.latencies), sorted(self.late)
        shares = {"p50_ms": 0.5, "p90_ms": 0.9, "p99_ms": 0.99, "p999_ms": 0.999, "longest_ms": 1.0}
        return {
            "requests": len(ordered),
            "errors": dict(self.errors),
            "attempts": self.attempts,
            **{name: rounded(quantile(ordered, share)) for name, share in shares.items()},
            "late_p99_ms": rounded(quantile(late, 0.99)) or 0.0,
        }


class Sender:
    """One run of the load generator."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings, self.tally = settings, Tally()
        self.running: set[asyncio.Task[None]] = set()
        self.caller = Caller(settings["port"], settings["path"])
        self.places = asyncio.Semaphore(MOST_IN_FLIGHT)
        self.over = asyncio.Event()
        self.luck = random.Random(settings["seed"] + 1)
        self.policy = None
        if settings["policy"] is not None:
            from faultlab.live.load.policy_orders import read_policy

            self.policy = read_policy(settings["policy"])

    async def run(self) -> None:
        """Send everything, wait for the last answers, tell the result."""
        loop = asyncio.get_running_loop()
        telling = loop.create_task(self._tell())
        began = loop.time()
        sending = self._open if self.settings["rate"] else self._closed
        await sending(began)
        asked_for = loop.time() - began
        if self.running:
            await asyncio.wait(self.running, timeout=LAST_ANSWERS_WITHIN)
        telling.cancel()
        report(interval=self.tally.interval())
        report(done={**self.tally.whole(), "seconds": round(asked_for, 3)})

    async def _open(self, began):
        loop = asyncio.get_running_loop()
        s = self.settings
        for at in intended_starts(s["rate"], s["seconds"], s["arrivals"], s["seed"]):
            due = began + at
            while (wait := due - loop.time()) > 0:
                if await self._stopped_within(wait):
                    return
            self._start(self._place(due))
        await self._stopped_within(began + s["seconds"] - loop.time())

    async def _closed(self, began):
        ends = began + self.settings["seconds"]
        customers = [asyncio.create_task(self._customer(ends)) for _ in range(self.settings["users"])]
        await asyncio.wait(customers)

    async def _customer(self, ends):
        loop = asyncio.get_running_loop()
        think = self.settings["think_ms"] / 1000
        while loop.time() < ends and not self.over.is_set():
            await self._request(loop.time())
            pause = self.luck.expovariate(1 / think) if think else 0.0
            await self._stopped_within(min(pause, max(0.0, ends - loop.time())))

    async def _stopped_within(self, seconds):
        """Let seconds pass; whether the load was stopped, which is noticed within a fifth of one."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        while not self.over.is_set() and (left := ends - loop.time()) > 0:
            await asyncio.sleep(min(left, 0.2))
        return self.over.is_set()

    def _start(self, request):
        task = asyncio.create_task(request)
        self.running.add(task)
        task.add_done_callback(self.running.discard)

    async def _place(self, due):
        async with self.places:
            await self._request(due)

    async def _request(self, due):
        loop = asyncio.get_running_loop()
        self.tally.late.append(1000 * (loop.time() - due))
        error: Exception | None = None
        attempts = 1
        if self.policy is None:
            try:
                await self.caller.attempt(self.settings["timeout_ms"] / 1000)
            except (ConnectionError, TimeoutError) as failure:
                error = failure
        else:
            from faultlab.design.calls import steps

            ending = await guarded(self.caller, steps(self.policy, loop.time, self.luck.random))
            error, attempts = ending.error, ending.attempts
        self.tally.add(1000 * (loop.time() - due), error, attempts)

    async def _tell(self):
        while True:
            await asyncio.sleep(REPORT_EVERY)
            report(interval=self.tally.interval(), waiting=len(self.running))

    def obey(self, order: dict[str, Any]) -> None:
        """Stop sending."""
        if order.get("stop"):
            self.over.set()


def rounded(value: float | None) -> float | None:
    """Milliseconds to three digits after the point; None stays None."""
    return None if value is None else round(value, 3)


async def send(settings: dict[str, Any]) -> None:
    """Run one load."""
    sender = Sender(settings)
    orders(asyncio.get_running_loop(), sender.obey)
    await sender.run()


def main() -> None:
    """Run the load: parent, seconds to live; its settings are the first order."""
    parent, seconds = sys.argv[1:]
    begin(int(parent), float(seconds))
    asyncio.run(send(first_order()))

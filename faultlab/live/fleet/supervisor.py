"""The supervisor: starts workers and balancer, restarts what dies, does what it is told, ends everything.

It is a process of its own, so that a busy or killed notebook can't keep it from its work. Its starter holds
the other end of its standard input; when that end closes, for whatever reason, the fleet is over.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from faultlab.errors import BadInput
from faultlab.live.fleet import faults
from faultlab.live.fleet.slots import DOWN, STARTING, UP, Slot
from faultlab.live.load import load_orders
from faultlab.live.processes.child import begin, first_order, orders, report
from faultlab.live.processes.children import Child, command
from faultlab.live.processes.control import open_door
from faultlab.live.processes.limits import MOST_RESTARTS

INTERVAL = 0.5
EXTRA_SECONDS = 60.0
ACTIONS: dict[str, Callable[..., dict[str, Any] | Awaitable[None] | None]] = {
    "kill": faults.kill,
    "pause": faults.pause,
    "resume": faults.resume,
    "slow": faults.slow,
    "fail": faults.fail,
    "leak": faults.leak,
    "network": faults.network,
    "heal": faults.heal,
    "load": load_orders.start_load,
    "stop_load": load_orders.stop_load,
}
"""What can be asked for at the door, beside `end`."""

LINGERS = 2.0
"""Seconds for which the history can still be fetched after the time was up."""


class Supervisor:
    """The fleet as one process sees it: slots for workers, one balancer, one proxy, one load at a time."""

    balancer: Child

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings, self.loop = settings, asyncio.get_running_loop()
        self.began, self.over = self.loop.time(), asyncio.Event()
        self.slots = {worker: Slot(worker) for worker in range(1, settings["workers"] + 1)}
        self.proxy: Child | None = None
        self.load: Child | None = None
        self.listening = False
        self.port, self.restarts, self.loads = settings["port"], 0, 0
        self.load_result: dict[str, Any] | None = None
        self.intervals: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.before: dict[int, tuple[int, int, int]] = {}
        self.last_interval = self.began
        self.ready, self.ending = asyncio.Event(), False
        self.trouble: str | None = None
        self.ends = self.began + 60 * settings["minutes"]

    # what happened

    def now(self) -> float:
        """Seconds since the start of the fleet."""
        return round(self.loop.time() - self.began, 3)

    def tell(self, kind: str, worker: int, text: str) -> None:
        """Write down an event; worker 0 is the fleet as a whole."""
        self.events.append({"t": self.now(), "kind": kind, "worker": worker, "text": text})

    def close_interval(self, seen: dict[str, Any] | None = None) -> None:
        """Write down an interval: what customers saw, and the state of every worker."""
        now = self.loop.time()
        if now - self.last_interval < INTERVAL / 5 and not (seen and seen["requests"]):
            return
        customers = seen or {"requests": 0, "errors": {}, "p50_ms": None, "p99_ms": None}
        workers = [slot.seen(self.before.get(slot.worker, (0, 0, 0))) for slot in self.slots.values()]
        self.before = {slot.worker: slot.counts for slot in self.slots.values()}
        length = max(0.001, round(now - self.last_interval, 3))
        self.intervals.append({"t": self.now(), "seconds": length, **customers, "workers": workers})
        self.last_interval = now

    def answer(self, wanted: str, details: dict[str, Any]) -> dict[str, Any] | Awaitable[None] | None:
        """Answer at the door."""
        if wanted == "history":
            return self.happened(details.get("intervals", 0), details.get("events", 0))
        action = details.pop("action", None)
        if action == "end":
            return self.end(**details)
        if action not in ACTIONS:
            raise BadInput(f"There is no action {action!r}; there are {', '.join(ACTIONS)} and end.")
        if self.ending:
            raise BadInput("This fleet is ending.")
        return ACTIONS[action](self, **details)

    def happened(self, intervals: int | str, events: int | str) -> dict[str, Any]:
        """What happened after so many intervals and events, and what is running."""
        children = {f"worker {slot.worker}": slot.child for slot in self.slots.values()}
        children |= {"balancer": self.balancer, "proxy": self.proxy, "load": self.load}
        return {
            "intervals": self.intervals[int(intervals) :],
            "events": self.events[int(events) :],
            "now": self.now(),
            "ended": self.ending,
            "processes": {name: child.pid for name, child in children.items() if child and child.alive},
        }

    # processes

    def start_worker(self, slot: Slot) -> None:
        """Start a process for a slot."""
        s = self.settings
        seed = s["seed"] * 1000 + slot.worker + 100 * slot.starts
        line = command(
            "fleet.worker", self.left(), slot.worker, s["service_ms"], s["places"], s["queue"], seed % 2**31
        )
        slot.starts += 1
        slot.state, slot.started, slot.port = STARTING, self.loop.time(), 0
        slot.child = Child(f"worker {slot.worker}", line, self.loop, self._worker_says, self._worker_ended)

    def left(self) -> float:
        """Seconds for which a new child may live."""
        return round(max(1.0, self.ends - self.loop.time()) + EXTRA_SECONDS, 1)

    def slot_of(self, child: Child) -> Slot | None:
        """The slot that a child fills; None for one that was replaced."""
        return next((slot for slot in self.slots.values() if slot.child is child), None)

    def _worker_says(self, child, message):
        slot = self.slot_of(child)
        if slot is None:
            return
        slot.port, slot.state = message["port"], UP
        if slot.starts > 1:
            self.tell("ready", slot.worker, f"Worker {slot.worker} is running again.")
        if slot.proxy_port and self.proxy is not None:
            self.proxy.order(worker=slot.worker, port=slot.port)
        else:
            self.route(slot)
        self._look_whether_ready()

    def _worker_ended(self, child, code):
        slot = self.slot_of(child)
        if slot is None or self.ending:
            return
        wait = slot.died(self.loop.time(), self.settings["restart_after"])
        self.tell("exit", slot.worker, f"Worker {slot.worker} has ended ({_in_words(code)}).")
        if not self.ready.is_set():
            self._fail(f"Worker {slot.worker} ended while the fleet was starting ({_in_words(code)}).")
        elif self.settings["restart"] and self.restarts < MOST_RESTARTS:
            self.restarts += 1
            self.loop.call_later(wait, self.restart, slot)

    def restart(self, slot: Slot) -> None:
        """Start a worker that is down."""
        if not self.ending and slot.state == DOWN:
            self.tell("restart", slot.worker, f"The supervisor starts worker {slot.worker} again.")
            self.start_worker(slot)

    def start_balancer(self) -> None:
        """Start the balancer, at the port that it had."""
        self.balancer = Child(
            "balancer",
            command(f"balancers.{self.settings['balancer']}", self.left()),
            self.loop,
            self._balancer_says,
            self._balancer_ended,
        )
        self.balancer.order(**{**self.settings, "token": "", "port": self.port})

    def route(self, slot: Slot) -> None:
        """Tell the balancer where a worker is."""
        trusted = not self.ready.is_set()
        slot.in_rotation = slot.in_rotation or trusted
        self.balancer.order(worker=slot.worker, port=slot.address, trusted=trusted)

    def _balancer_says(self, child, message):
        if child is not self.balancer:
            return
        if "counts" in message:
            for worker, counts in message["counts"].items():
                self.slots[int(worker)].counts = tuple(counts)
        elif "up" in message:
            slot = self.slots[message["worker"]]
            slot.in_rotation = message["up"]
            kind, words = ("in", "puts {} in") if message["up"] else ("out", "takes {} out of")
            self.tell(kind, slot.worker, f"The balancer {words.format(f'worker {slot.worker}')} rotation.")
        elif "refused" in message:
            self._fail(f"Port {self.port} can't be used; leave port out, and a free one is taken.")
        else:
            if self.ready.is_set():
                self.tell("ready", 0, "The balancer is running again.")
            self.port, self.listening = message["port"], True
            self._look_whether_ready()

    def _balancer_ended(self, child, code):
        if child is not self.balancer or self.ending or self.trouble:
            return
        self.tell("exit", 0, f"The balancer has ended ({_in_words(code)}).")
        if not self.ready.is_set():
            self._fail(f"The balancer ended while the fleet was starting ({_in_words(code)}).")
        elif self.restarts < MOST_RESTARTS:
            self.restarts += 1
            self.loop.call_later(self.settings["restart_after"], self._restart_balancer)

    def _restart_balancer(self):
        if self.ending:
            return
        self.before = {}
        self.start_balancer()
        for slot in self.slots.values():
            slot.in_rotation, slot.counts = False, (0, 0, 0)
            if slot.address:
                self.balancer.order(worker=slot.worker, port=slot.address, trusted=False)

    # beginning and end

    def _look_whether_ready(self):
        if self.listening and all(slot.state == UP for slot in self.slots.values()):
            self.ready.set()

    def _fail(self, sentence):
        if not self.ready.is_set():
            self.trouble = self.trouble or sentence
            self.ready.set()

    def end(self, intervals: int = 0, events: int = 0) -> dict[str, Any]:
        """End the fleet; returns what happened after so many intervals and events."""
        if not self.ending:
            self.close_interval()
            self.tell("end", 0, "The fleet was ended.")
            self.kill_all()
            self.loop.call_later(0.2, self.over.set)
        return self.happened(intervals, events)

    def kill_all(self) -> None:
        """End every child, and wait until each has ended."""
        self.ending = True
        slots = [slot.child for slot in self.slots.values()]
        children = [child for child in (*slots, self.load, self.proxy, self.balancer) if child]
        for child in children:
            child.kill()
        for child in children:
            child.collect(5)

    async def run(self) -> None:
        """Run the fleet until it is over."""
        for number in ("SIGTERM", "SIGHUP", "SIGINT"):
            if hasattr(signal, number) and os.name == "posix":
                self.loop.add_signal_handler(getattr(signal, number), self.over.set)
        orders(self.loop, lambda order: None, self.over.set)
        self.start_balancer()
        for slot in self.slots.values():
            self.start_worker(slot)
        over = asyncio.create_task(self.over.wait())
        ready = asyncio.create_task(self.ready.wait())
        await asyncio.wait({ready, over}, timeout=30, return_when=asyncio.FIRST_COMPLETED)
        if self.trouble or not self.ready.is_set():
            self.kill_all()
            report(trouble=self.trouble or "The fleet did not start within 30 seconds.")
            return
        await self.balancer.ask(seconds=5.0)  # by then it knows every worker
        door = await open_door(self.settings["token"], self.answer)
        self.ends = self.loop.time() + 60 * self.settings["minutes"]
        self.tell("start", 0, f"The fleet has {len(self.slots)} workers behind one balancer.")
        report(door=door, port=self.port)
        await self._watch(over)

    async def _watch(self, over):
        while not self.over.is_set():
            left = self.ends - self.loop.time()
            if left <= 0:
                minutes = self.settings["minutes"]
                self.tell("end", 0, f"The fleet ended by itself after {minutes:g} minutes.")
                self.kill_all()
                await asyncio.wait({over}, timeout=LINGERS)
                return
            await asyncio.wait({over}, timeout=min(INTERVAL, left))
            loaded = self.load is not None and self.load.alive
            if not loaded or self.loop.time() - self.last_interval > 3 * INTERVAL:
                self.close_interval()
        self.kill_all()


def _in_words(code):
    if code < 0:
        return signal.Signals(-code).name
    return "out of memory" if code == 137 else f"exit status {code}"


async def supervise(settings: dict[str, Any]) -> None:
    """Run one fleet."""
    await Supervisor(settings).run()


def main() -> None:
    """Run the supervisor: parent; its settings, with the token, are the first order."""
    settings = first_order()
    begin(int(sys.argv[1]), 60 * settings["minutes"] + 3 * EXTRA_SECONDS, kill_with_parent=False)
    settings["token"] = settings.get("token") or secrets.token_urlsafe(24)
    asyncio.run(supervise(settings))

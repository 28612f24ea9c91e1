"""A worker: an HTTP server of its own process, with a few places to work in and a queue before them.

`/health` answers at once, beside the queue, as most health checks do. Every other path is work: it
takes a place for a service time (exponential, so that queues behave as queues do) and waits in the
queue while all places are taken. Service time is waited for and not computed, so that a fleet fits on
two cores; places and queue are what a real server would run out of.
"""

from __future__ import annotations

import asyncio
import collections
import os
import random
import sys
from typing import TYPE_CHECKING, Any

from faultlab.live.processes.child import begin, orders, report
from faultlab.live.processes.client_connection import ClientConnection
from faultlab.live.processes.limits import WORKER_MEMORY_MB
from faultlab.live.processes.wire import LOOPBACK, response

if TYPE_CHECKING:
    from faultlab.live.processes.wire import Message

OUT_OF_MEMORY = 137
"""Exit status of a worker that hit its memory limit: what a killed container shows, 128 + SIGKILL."""

MEMORY_LOOKED_AT_EVERY = 0.1


class Work:
    """The places, the queue before them and the faults inside one worker."""

    def __init__(self, name: int, service_ms: float, places: int, queue: int, seed: int) -> None:
        self.name, self.service, self.places, self.longest_queue = name, service_ms / 1000, places, queue
        self.random = random.Random(seed)
        self.busy = 0
        self.queue: collections.deque[Connection] = collections.deque()
        self.slow, self.fail, self.leak = 0.0, 0.0, 0.0
        self.taken: list[bytes] = []
        self.body = f'{{"worker": {name}}}\n'.encode()

    def arrive(self, connection: Connection) -> None:
        """Take a request into a place, into the queue, or turn it away."""
        if self.busy < self.places:
            self._begin(connection)
        elif len(self.queue) < self.longest_queue:
            self.queue.append(connection)
        else:
            connection.answer(response(503, b"the queue is full\n"))

    def _begin(self, connection):
        self.busy += 1
        seconds = self.random.expovariate(1 / self.service) + self.slow
        asyncio.get_running_loop().call_later(seconds, self._finish, connection)

    def _finish(self, connection):
        self.busy -= 1
        if self.fail and self.random.random() < self.fail:
            connection.answer(response(500, b"an error was asked for\n"))
        else:
            connection.answer(response(200, self.body, "application/json"))
        while self.queue and self.busy < self.places:
            waiting = self.queue.popleft()
            if not waiting.lost:
                self._begin(waiting)

    def obey(self, order: dict[str, Any]) -> None:
        """Take a fault, or end all."""
        self.slow = order.get("slow_ms", self.slow * 1000) / 1000
        self.fail = order.get("fail_share", self.fail)
        self.leak = order.get("leak_mb_a_second", self.leak)
        if not self.leak:
            self.taken.clear()

    def grow(self) -> None:
        """Leak what was asked for, and end where the memory limit is reached."""
        try:
            if self.leak:
                megabytes = self.leak * MEMORY_LOOKED_AT_EVERY
                # Written, not only asked for: untouched pages take no memory.
                self.taken.append(os.urandom(4096) * int(256 * megabytes))
            used = resident_mb()
        except MemoryError:
            used = WORKER_MEMORY_MB + 1
        if used > WORKER_MEMORY_MB:
            os._exit(OUT_OF_MEMORY)
        asyncio.get_running_loop().call_later(MEMORY_LOOKED_AT_EVERY, self.grow)


class Connection(ClientConnection):
    """One client; requests on it are answered in order."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.work, self.lost = work, False

    def connection_lost(self, error: Exception | None) -> None:
        self.lost = True

    def arrived(self, message: Message, raw: bytes) -> None:
        """Answer for the worker's health at once, and take all else as work."""
        if message.target == "/health":
            self.answer(response(200, b"ok\n"))
        else:
            self.work.arrive(self)


def resident_mb() -> float:
    """Memory that this process holds, in megabytes; 0 where the system doesn't say.

    On macOS it is the most that it ever held: only the present is in /proc, and that is Linux's.
    """
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except (OSError, ValueError):
        pass
    try:
        import resource
    except ImportError:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


async def serve(name: int, service_ms: float, places: int, queue: int, seed: int) -> None:
    """Serve until the parent is gone."""
    loop = asyncio.get_running_loop()
    work = Work(name, service_ms, places, queue, seed)
    server = await loop.create_server(lambda: Connection(work), LOOPBACK, 0, backlog=256)
    orders(loop, work.obey)
    work.grow()
    report(port=server.sockets[0].getsockname()[1])
    await asyncio.Event().wait()


def main() -> None:
    """Run a worker: parent, seconds to live, name, service time in ms, places, queue, seed."""
    parent, seconds, name, service_ms, places, queue, seed = sys.argv[1:]
    begin(int(parent), float(seconds))
    asyncio.run(serve(int(name), float(service_ms), int(places), int(queue), int(seed)))

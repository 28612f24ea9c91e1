"""The load balancer: one address for all workers, health checks, and one try or more for a request."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from faultlab.live.balancers.backends import Backend, Upstream, ask
from faultlab.live.balancers.health import Health, health_step
from faultlab.live.balancers.policies import POLICIES
from faultlab.live.processes.child import begin, first_order, orders, report
from faultlab.live.processes.client_connection import ClientConnection
from faultlab.live.processes.limits import MOST_CONNECTIONS
from faultlab.live.processes.wire import LOOPBACK, request, response

if TYPE_CHECKING:
    from faultlab.live.processes.wire import Message

REPORT_EVERY = 0.1


class Exchange:
    """One request of a client, from its arrival until it is answered, tried on one worker after another."""

    backend: Backend

    def __init__(self, balancer: Balancer, client: Client, raw: bytes, tries: int) -> None:
        self.balancer, self.client, self.request, self.tries = balancer, client, raw, tries
        self.upstream: Upstream | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.tried: set[int] = set()
        self.over = False

    def go(self) -> None:
        """Give the request to a worker; 503 where none is in rotation."""
        backend = self.balancer.choose(self.tried)
        if backend is None:
            self._end(response(503, b"no worker is in rotation\n"))
            return
        self.backend, self.upstream = backend, None
        self.tried.add(backend.worker)
        self.tries -= 1
        backend.in_flight += 1
        backend.requests += 1
        loop = asyncio.get_running_loop()
        self.timer = loop.call_later(self.balancer.timeout, self._late)
        while backend.idle:
            upstream = backend.idle.pop()
            if not upstream.transport.is_closing():
                upstream.send(self)
                return
        self.balancer.connect(backend, self)

    def answered(self, status: int, reply: bytes) -> None:
        """Take the worker's answer."""
        self._leave()
        if status >= 500:
            self.backend.errors += 1
        self._end(reply)

    def failed(self, why: str) -> None:
        """Take it that this worker gives no answer; try another one if that is allowed."""
        if self.over:
            return
        self._leave()
        self.backend.errors += 1
        if self.tries > 0:
            self.go()
        else:
            self._end(response(502, f"{why}\n".encode()))

    def _late(self):
        self._drop()
        self._leave()
        self.backend.errors += 1
        self._end(response(504, b"the worker did not answer in time\n"))

    def abandon(self) -> None:
        """Forget the request, since its client has gone."""
        if not self.over:
            self.over = True
            self._drop()
            self._leave()

    def _drop(self):
        if self.upstream is not None:
            self.upstream.exchange = None
            self.upstream.transport.abort()

    def _leave(self):
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
            self.backend.in_flight -= 1

    def _end(self, reply):
        if not self.over:
            self.over = True
            self.client.answer(reply)


class Client(ClientConnection):
    """One connection of a client; requests on it are answered in order."""

    exchange: Exchange

    def __init__(self, balancer: Balancer) -> None:
        super().__init__()
        self.balancer = balancer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.balancer.clients.add(self)
        if len(self.balancer.clients) > MOST_CONNECTIONS:
            self.transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        self.balancer.clients.discard(self)
        if self.asking:
            self.exchange.abandon()

    def arrived(self, message: Message, raw: bytes) -> None:
        """Pass a request on to a worker."""
        # What isn't a GET might have been done before the connection broke: it is tried once.
        tries = self.balancer.tries if raw.startswith(b"GET ") else 1
        self.exchange = Exchange(self.balancer, self, raw, tries)
        self.exchange.go()


class Balancer:
    """The workers, who is in rotation, and the rule by which one is chosen."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.rule = POLICIES[settings["policy"]]
        self.every, self.check_timeout = settings["check_every"], settings["check_timeout"]
        self.rise, self.fall = settings["rise"], settings["fall"]
        self.timeout, self.tries = settings["balancer_timeout"], 1 + settings["balancer_retries"]
        self.random = random.Random(settings["seed"])
        self.backends: dict[int, Backend] = {}
        self.clients: set[Client] = set()
        self.turn = 0
        self.opening: set[asyncio.Task[None]] = set()

    def choose(self, tried: Collection[int]) -> Backend | None:
        """Choose among the workers in rotation that weren't tried; None where there are none."""
        busy = {
            b.worker: b.in_flight for b in self.backends.values() if b.health.up and b.worker not in tried
        }
        if not busy:
            return None
        self.turn += 1
        return self.backends[self.rule(busy, self.turn, self.random)]

    def connect(self, backend: Backend, exchange: Exchange) -> None:
        """Open a connection to a worker and put the request on it."""
        task = asyncio.get_running_loop().create_task(self._connect(backend, exchange))
        self.opening.add(task)
        task.add_done_callback(self.opening.discard)

    async def _connect(self, backend, exchange):
        try:
            _, upstream = await asyncio.get_running_loop().create_connection(
                lambda: Upstream(backend), LOOPBACK, backend.port
            )
        except OSError:
            if exchange.backend is backend and exchange.timer is not None:
                exchange.failed("the worker refused the connection")
            return
        if exchange.over or exchange.backend is not backend or exchange.timer is None:
            backend.idle.append(upstream)  # the request ended while the connection was opened
        else:
            upstream.send(exchange)

    def obey(self, order: dict[str, Any]) -> None:
        """Take a worker's address; a `trusted` worker is in rotation before its first check."""
        worker, port = order["worker"], order["port"]
        old = self.backends.get(worker)
        if old is None:
            new = Backend(worker, port, Health(order["trusted"]))
            self.backends = dict(sorted({**self.backends, worker: new}.items()))
            self.opening.add(asyncio.get_running_loop().create_task(self._check(worker)))
            return
        for upstream in list(old.idle):
            upstream.transport.abort()
        self.backends[worker] = Backend(worker, port, old.health, requests=old.requests, errors=old.errors)

    async def _check(self, worker):
        await asyncio.sleep(self.random.uniform(0, self.every))
        question = request("/health", headers=["Connection: close"])
        while True:
            asked = self.backends[worker]
            status = await ask(asked.port, question, self.check_timeout)
            backend = self.backends[worker]
            if backend is asked:  # else it has a new address, and the answer says nothing about that
                before = backend.health
                backend.health = health_step(before, status == 200, self.rise, self.fall)
                if backend.health.up != before.up:
                    report(worker=worker, up=backend.health.up)
            await asyncio.sleep(self.every)

    async def tell(self) -> None:
        """Report counts until the end."""
        while True:
            await asyncio.sleep(REPORT_EVERY)
            report(
                counts={b.worker: [b.requests, b.errors, b.in_flight] for b in self.backends.values()},
            )


async def serve(settings: dict[str, Any]) -> None:
    """Serve until the parent is gone."""
    loop = asyncio.get_running_loop()
    balancer = Balancer(settings)
    try:
        server = await loop.create_server(lambda: Client(balancer), LOOPBACK, settings["port"], backlog=512)
    except (OSError, OverflowError) as error:
        report(refused=str(error))
        return
    orders(loop, balancer.obey)
    report(port=server.sockets[0].getsockname()[1])
    await balancer.tell()


def main() -> None:
    """Run the balancer: parent, seconds to live; its settings are the first order."""
    parent, seconds = sys.argv[1:]
    begin(int(parent), float(seconds))
    asyncio.run(serve(first_order()))

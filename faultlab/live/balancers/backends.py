"""What the balancer knows of one worker, and the connections it keeps open to it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from faultlab.live.balancers.health import Health
from faultlab.live.processes.wire import LOOPBACK, take_message

if TYPE_CHECKING:
    from faultlab.live.balancers.balancer import Exchange


@dataclass
class Backend:
    """One worker as the balancer sees it."""

    worker: int
    port: int
    health: Health
    in_flight: int = 0
    requests: int = 0
    errors: int = 0
    idle: list[Upstream] = field(default_factory=list)


class Upstream(asyncio.Protocol):
    """One connection to a worker; at most one request is on it."""

    transport: asyncio.Transport

    def __init__(self, backend: Backend) -> None:
        self.backend, self.buffer = backend, bytearray()
        self.exchange: Exchange | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def send(self, exchange: Exchange) -> None:
        """Put a request on this connection, which is idle."""
        self.exchange = exchange
        exchange.upstream = self
        self.transport.write(exchange.request)

    def data_received(self, data: bytes) -> None:
        if self.exchange is None:
            self.transport.abort()  # an answer that nobody asked for
            return
        self.buffer += data
        try:
            message = take_message(self.buffer)
            if message is None:
                return
            status = message.status
        except ValueError:
            self.transport.abort()
            return
        reply = bytes(self.buffer[: message.size])
        del self.buffer[: message.size]
        exchange, self.exchange = self.exchange, None
        self.backend.idle.append(self)
        exchange.answered(status, reply)

    def connection_lost(self, error: Exception | None) -> None:
        if self in self.backend.idle:
            self.backend.idle.remove(self)
        if self.exchange is not None:
            exchange, self.exchange = self.exchange, None
            exchange.failed("the worker closed the connection")


async def ask(port: int, request: bytes, seconds: float) -> int | None:
    """Send one request on a connection of its own; the status of the answer, or None without one."""
    writer = None
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            writer.write(request)
            buffer = b""
            while (message := take_message(buffer)) is None:
                part = await reader.read(4096)
                if not part:
                    return None
                buffer += part
            return message.status
    except (OSError, ValueError, TimeoutError):
        return None
    finally:
        if writer is not None:
            writer.transport.abort()

"""A client's connection as a server sees it: requests are read, and answered one after another, in order."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, cast

from faultlab.live.processes.wire import response, take_message

if TYPE_CHECKING:
    from faultlab.live.processes.wire import Message


class ClientConnection(asyncio.Protocol, ABC):
    """One connection of a client. A server says in `arrived` what it does with a request."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.buffer, self.asking = bytearray(), False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        self._next()

    @abstractmethod
    def arrived(self, message: Message, raw: bytes) -> None:
        """Work on a request, a `Message` and the same as bytes; then or later call `answer`."""

    def answer(self, reply: bytes) -> None:
        """Send an answer and look for the next request."""
        self.asking = False
        if not self.transport.is_closing():
            self.transport.write(reply)
            if self.buffer:  # soon and not now: a long row of requests must not become a deep recursion
                asyncio.get_running_loop().call_soon(self._next)

    def _next(self):
        if self.asking or self.transport.is_closing():
            return
        try:
            message = take_message(self.buffer)
        except ValueError as error:
            self.transport.write(response(400, f"{error}\n".encode()))
            self.transport.close()
            return
        if message is not None:
            raw = bytes(self.buffer[: message.size])
            del self.buffer[: message.size]
            self.asking = True
            self.arrived(message, raw)

"""Calls to the fleet from an event loop: connections that are kept, and one guarded call."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import TYPE_CHECKING, cast

from faultlab.live.processes.wire import LOOPBACK, request, take_message

if TYPE_CHECKING:
    from faultlab.design import calls


class BadAnswer(ConnectionError):
    """The service answered, and the answer was an error of its own (500 to 599)."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class Line(asyncio.Protocol):
    """One connection; at most one request is on it."""

    transport: asyncio.Transport

    def __init__(self, idle: list[Line]) -> None:
        self.idle, self.buffer = idle, bytearray()
        self.answer: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def ask(self, raw: bytes) -> asyncio.Future[int]:
        """Send a request; a future of the status."""
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(raw)
        return self.answer

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        try:
            message = take_message(self.buffer)
            if message is None:
                return
            status = message.status
        except ValueError:
            self.transport.abort()
            return
        del self.buffer[: message.size]
        self.idle.append(self)
        answer, self.answer = self.answer, None
        if answer is not None and not answer.done():
            answer.set_result(status)

    def connection_lost(self, error: Exception | None) -> None:
        if self in self.idle:
            self.idle.remove(self)
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(ConnectionResetError("the connection broke"))


class Caller:
    """Calls one address, and keeps its connections.

    Parameters
    ----------
    port : int
    path : str
    """

    def __init__(self, port: int, path: str = "/") -> None:
        self.port, self.raw = port, request(path)
        self.idle: list[Line] = []

    async def attempt(self, timeout: float | None) -> None:
        """One attempt: returns where the service did its work, raises ConnectionError or TimeoutError.

        Parameters
        ----------
        timeout : float or None
            Seconds.
        """
        line = None
        try:
            async with asyncio.timeout(timeout):
                while self.idle:
                    line = self.idle.pop()
                    if not line.transport.is_closing():
                        break
                else:
                    _, line = await asyncio.get_running_loop().create_connection(
                        lambda: Line(self.idle), LOOPBACK, self.port
                    )
                status = await line.ask(self.raw)
        except (TimeoutError, asyncio.CancelledError):
            if line is not None:
                line.transport.abort()
            raise
        except ConnectionError:
            raise
        except OSError as error:
            raise ConnectionError(str(error)) from None
        if status >= 500:
            raise BadAnswer(status)


async def guarded(
    caller: Caller, plan: Generator[calls.Attempt | calls.Wait, Exception | None, calls.Ending]
) -> calls.Ending:
    """Play the plan of a call, see `faultlab.design.steps`; returns its ending."""
    from faultlab.design.calls import Wait

    try:
        step = next(plan)
        while True:
            if isinstance(step, Wait):
                await asyncio.sleep(step.seconds)
                step = next(plan)
                continue
            error: ConnectionError | TimeoutError | None = None
            try:
                await caller.attempt(step.timeout)
            except (ConnectionError, TimeoutError) as failure:
                error = failure
            step = plan.send(error)
    except StopIteration as stop:
        return stop.value
    finally:
        plan.close()


def kind_of(error: BaseException) -> str:
    """The name under which an error is counted.

    Examples
    --------
    >>> kind_of(TimeoutError()), kind_of(BadAnswer(503)), kind_of(ConnectionRefusedError())
    ('timeout', '503', 'refused')
    """
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, BadAnswer):
        return str(error.status)
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, ConnectionResetError):
        return "reset"
    return "not called" if type(error).__name__ in ("BreakerOpen", "BulkheadFull") else "broken"

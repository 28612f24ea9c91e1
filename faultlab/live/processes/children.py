"""A process that this process started: the only kind that is ever signalled.

Signals go through the handle of `subprocess.Popen` alone. A child that has ended stays a zombie until
that same handle collects it, so its number can't belong to anybody else when a signal is sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import IO, Any

from faultlab.errors import BadInput

ROOT = str(Path(__file__).parents[3])


def command(module: str, *arguments: object, packages: bool = False) -> list[str]:
    """Return the command that runs `main()` of a module of this floor in a process of its own.

    The interpreter is started isolated (`-I`), so that neither the learner's folder nor their settings
    can take the place of the standard library, and without site packages (`-S`) unless `packages`: a
    worker has to start in a tenth of a second.
    """
    code = f"import sys; sys.path.append({ROOT!r}); from faultlab.live.{module} import main; main()"
    flags = ["-I"] if packages else ["-I", "-S"]
    return [sys.executable, *flags, "-c", code, str(os.getpid()), *map(str, arguments)]


def pipes_of(popen: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """The standard input and output of a process that was started with a pipe at each."""
    if popen.stdin is None or popen.stdout is None:
        raise ValueError("the process was started without pipes")
    return popen.stdin, popen.stdout


class Child:
    """A child process with a line of orders into it and a line of reports out of it.

    Parameters
    ----------
    name : str
    line : list of str
        The command, see `command`.
    loop : asyncio.AbstractEventLoop
        In which `heard` and `ended` are called.
    heard : callable
        Gets the child and one report, a dictionary.
    ended : callable
        Gets the child and its return code, once.
    """

    def __init__(
        self,
        name: str,
        line: list[str],
        loop: asyncio.AbstractEventLoop,
        heard: Callable[[Child, dict[str, Any]], object],
        ended: Callable[[Child, int], object],
    ) -> None:
        self.name = name
        self._loop, self._heard, self._ended = loop, heard, ended
        self._asked = 0
        self._answers: dict[int, asyncio.Future[None]] = {}
        apart = 0 if os.name == "posix" else None
        self._popen = subprocess.Popen(
            line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, process_group=apart
        )
        self._orders, self._reports = pipes_of(self._popen)
        self.pid = self._popen.pid
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether it has not been seen to end."""
        return self._popen.poll() is None

    def order(self, **message: object) -> None:
        """Send an order; an order to a child that has died is lost."""
        with contextlib.suppress(OSError, ValueError):
            self._orders.write(json.dumps(message).encode() + b"\n")

    async def ask(self, seconds: float = 1.0, **message: object) -> bool:
        """Send an order and wait until it was obeyed; whether it was within so many seconds."""
        self._asked += 1
        number, self._answers[self._asked] = self._asked, self._loop.create_future()
        self.order(**message, answer=number)
        done, _ = await asyncio.wait({self._answers[number]}, timeout=seconds)
        del self._answers[number]
        return bool(done)

    def signal(self, number: int) -> bool:
        """Send a signal to this child; False where it has ended."""
        if not self.alive:
            return False
        self._popen.send_signal(number)
        return True

    def kill(self) -> None:
        """End it at once (SIGKILL, or TerminateProcess on Windows)."""
        if self.alive:
            self._popen.kill()

    def collect(self, seconds: float) -> bool:
        """Wait until it has ended; whether it has."""
        try:
            self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _listen(self):
        with contextlib.suppress(RuntimeError):  # the loop is closed: this process is ending
            for line in self._reports:
                with contextlib.suppress(json.JSONDecodeError):
                    self._loop.call_soon_threadsafe(self._hear, json.loads(line))
            self._loop.call_soon_threadsafe(self._gone)

    def _hear(self, message):
        if "answered" not in message:
            self._heard(self, message)
        elif (answer := self._answers.get(message["answered"])) is not None and not answer.done():
            answer.set_result(None)

    def _gone(self):
        code = self._popen.poll()
        if code is None:  # it has closed its output and is on its way out
            self._loop.call_later(0.01, self._gone)
            return
        for pipe in (self._orders, self._reports):
            with contextlib.suppress(OSError):
                pipe.close()
        self._ended(self, code)


def run_beside(
    work: Callable[[], Coroutine], children: dict[str, Child], hurry: threading.Event, patience: float
) -> None:
    """Run work that starts children on a thread of its own, since a notebook's event loop is taken.

    Parameters
    ----------
    work : coroutine function
    children : dict
        The children that run now, kept by the work; none outlives it.
    hurry : threading.Event
        Set where the caller is interrupted; the work then ends early.
    patience : float
        Seconds to wait for a child, and for the work itself, once it is over.

    Raises
    ------
    BadInput
        Where no process can be started.
    """
    trouble = []

    def run():
        try:
            asyncio.run(work())
        except OSError as error:
            trouble.append(error.strerror)
        finally:
            for child in children.values():
                child.kill()
                child.collect(patience)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        thread.join()
    finally:
        hurry.set()
        thread.join(patience)
    if trouble:
        raise BadInput(f"No processes can be started here ({trouble[0]}).")

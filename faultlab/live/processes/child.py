"""The inside of every process of a fleet: orders come in, reports go out, and it never outlives its parent.

Three things tell a child that its parent has died, however it died:

1. Its standard input ends. Nobody else holds the other end of that pipe, so this works everywhere.
2. On Linux the kernel kills it (PR_SET_PDEATHSIG), even while it is stopped and can't read anything.
3. On POSIX its parent's number changes, which is looked at twice a second.

A stopped worker on macOS is reached by POSIX itself: the worker leads a process group in the session of
the supervisor, and a group that is left alone with a stopped member gets SIGHUP and SIGCONT.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from faultlab.live.processes.limits import MOST_CONNECTIONS, PROCESS_MEMORY_MB

with contextlib.suppress(ImportError):
    import resource

PARENT_LOOKED_AT_EVERY = 0.5
_said = threading.Lock()


def begin(parent: int, seconds: float, kill_with_parent: bool = True) -> None:
    """Set the limits of this process and tie its life to its parent's.

    Parameters
    ----------
    parent : int
        The parent's process number, as the parent wrote it down.
    seconds : float
        After so many seconds the operating system ends this process, whatever else happens.
    kill_with_parent : bool
        Whether Linux kills this process when the thread that started it ends. Only for a parent that
        starts its children from its main thread.
    """
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(max(1, int(seconds)))
    else:
        timer = threading.Timer(seconds, os._exit, [0])
        timer.daemon = True
        timer.start()
    if "resource" in sys.modules:
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_NOFILE, 4 * MOST_CONNECTIONS)
        if sys.platform == "linux":
            _limit(resource.RLIMIT_AS, PROCESS_MEMORY_MB * 1024 * 1024)
    if sys.platform == "linux" and kill_with_parent:
        import ctypes

        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL, 0, 0, 0)
    if hasattr(os, "getppid") and sys.platform != "win32":
        if os.getppid() != parent:
            os._exit(0)
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def orders(
    loop: asyncio.AbstractEventLoop,
    obey: Callable[[dict[str, Any]], object],
    ended: Callable[[], object] | None = None,
) -> None:
    """Read orders from standard input, a JSON object a line, and have each obeyed in the event loop.

    Parameters
    ----------
    loop : asyncio.AbstractEventLoop
    obey : callable
        Gets one order, a dictionary; may be a coroutine function. An order that asks for it is answered
        when it has been obeyed, and an order with nothing in it is only answered.
    ended : callable, optional
        Called in the loop when there is no parent any more; without it the process ends on the spot.
    """

    running: set[asyncio.Task[object]] = set()

    def take(order):
        number = order.pop("answer", None)
        done = obey(order) if order else None
        if asyncio.iscoroutine(done):
            task = loop.create_task(done)
            running.add(task)
            task.add_done_callback(running.discard)
            task.add_done_callback(lambda _: answer(number))
        else:
            answer(number)

    def answer(number):
        if number is not None:
            report(answered=number)

    def read():
        rest = b""
        while True:
            try:
                part = os.read(0, 65536)
            except OSError:
                part = b""
            if not part:
                break
            *lines, rest = (rest + part).split(b"\n")
            for line in filter(None, lines):
                loop.call_soon_threadsafe(take, json.loads(line))
        if ended is None:
            os._exit(0)
        loop.call_soon_threadsafe(ended)

    threading.Thread(target=read, daemon=True).start()


def first_order() -> dict[str, Any]:
    """Wait for the first order and return it; the process ends where none comes."""
    line = b""
    while not line.endswith(b"\n"):
        part = os.read(0, 1)
        if not part:
            os._exit(0)
        line += part
    return json.loads(line)


def report(**message: object) -> None:
    """Tell the parent something, as one line of JSON on standard output."""
    line = json.dumps(message, separators=(",", ":")).encode() + b"\n"
    with _said:
        while line:
            try:
                line = line[os.write(1, line) :]
            except OSError:
                os._exit(0)


def _limit(which, wanted):
    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(which)
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(which, (allowed, hard if which == resource.RLIMIT_NOFILE else allowed))


def _watch(parent):
    while os.getppid() == parent:
        time.sleep(PARENT_LOOKED_AT_EVERY)
    os._exit(0)

"""Run a learner's function on cases so that nothing it does can harm the kernel.

The function was typed in a notebook, so it lives in the kernel's `__main__` with all that it refers
to. On Linux and macOS the kernel forks: the child has everything, runs the cases with limits, and
hands back plain data through a pipe; whatever happens in it, the kernel goes on. Where there is no
fork (Windows), a thread runs the cases and is interrupted when its time is over; that stops loops
and endless recursion, and is a convenience, not a wall.
"""

from __future__ import annotations

import contextlib
import copy
import ctypes
import io
import json
import os
import select
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from faultlab.classroom.answers import plain

MOST_BYTES = 8_000_000
EXTRA_MEMORY = 1 << 30


@dataclass(frozen=True)
class Case:
    """One call of a learner's function.

    Parameters
    ----------
    name : str
        What is tried, in words ("no incidents").
    args : tuple
        What it is called with. Plain data, or objects that can be copied.
    kwargs : dict
        Named arguments.
    """

    name: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)

    def written(self, function_name: str) -> str:
        """The call as a learner would type it."""
        parts = [plain.shown(a, 90) for a in self.args]
        parts += [f"{name}={plain.shown(value, 60)}" for name, value in self.kwargs.items()]
        return f"{function_name}({', '.join(parts)})"


@dataclass(frozen=True)
class Result:
    """What a call did: `kind` is returned, raised, stopped, slow, changed or odd.

    `value` is the plain value that came back where `kind` is "returned"; `words` says what happened
    otherwise; `printed` whether the call printed something.
    """

    kind: str
    value: Any = None
    words: str = ""
    printed: bool = False


def run_cases(
    function: Callable[..., Any],
    cases: Sequence[Case],
    seconds: float = 5.0,
    drive: Callable[..., Any] | None = None,
) -> list[Result]:
    """Call a function on each case, in a process of its own where that can be had.

    Parameters
    ----------
    function : callable
        Whatever a learner wrote.
    cases : sequence of Case
        Their arguments are copied first.
    seconds : float
        For all cases together.
    drive : callable, optional
        Called as `drive(function, *args)` in place of the function itself, for a function that is
        judged by what it does (calls, waits) and not by what it returns.

    Returns
    -------
    list of Result
        One for each case that was started, so the last may be the one that never came back.

    Examples
    --------
    >>> run_cases(lambda x: x + 1, [Case("one", (1,))])[0].value
    2
    """
    run = _in_a_child if hasattr(os, "fork") else in_a_thread
    return run(function, list(cases), seconds, drive)


def _in_a_child(function, cases, seconds, drive):
    reading, writing = os.pipe()
    sys.stdout.flush()
    with warnings.catch_warnings():
        # Python 3.12 warns of threads at a fork. The child uses none of them: it calls, writes, ends.
        warnings.simplefilter("ignore")
        child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            _child(function, cases, seconds, drive, writing)
        finally:
            os._exit(0)
    os.close(writing)
    try:
        lines, late = _read_lines(reading, seconds)
    finally:
        os.close(reading)
        status = _end(child)
    results = [_result(line) for line in lines[: len(cases)]]
    if len(results) < len(cases):
        results.append(_unfinished(late, status, seconds))
    return results


def _child(function, cases, seconds, drive, writing):
    with contextlib.suppress(OSError):
        os.setsid()
    _limit(seconds)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    sys.setrecursionlimit(min(sys.getrecursionlimit(), 3000))
    for case in cases:
        line = json.dumps(_call(function, case, drive)).encode() + b"\n"
        while line:
            line = line[os.write(writing, line) :]


def _limit(seconds):
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 2, int(seconds) + 3))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError, IndexError):
        with open("/proc/self/statm", encoding="ascii") as statm:
            now = int(statm.read().split()[0]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = now + EXTRA_MEMORY
        resource.setrlimit(
            resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
        )


def _call(function, case, drive):
    """Call once and say what happened, as something JSON takes. Nothing gets out of here."""
    spoken = _Ear()
    try:
        args, kwargs = copy.deepcopy((case.args, case.kwargs))
        before = _fingerprint(args, kwargs)
        with contextlib.redirect_stdout(spoken), contextlib.redirect_stderr(spoken):
            value = drive(function, *args, **kwargs) if drive else function(*args, **kwargs)
        if drive is None and before != _fingerprint(args, kwargs):
            return ["changed", None, "", spoken.heard]
        return ["returned", plain.encode(value), "", spoken.heard]
    except plain.NotPlain as error:
        return ["odd", None, str(error), spoken.heard]
    except SystemExit:
        return ["stopped", None, "it ended the program (exit)", spoken.heard]
    except RecursionError:
        return ["raised", None, "RecursionError: it calls itself without an end", spoken.heard]
    except MemoryError:
        return ["raised", None, "MemoryError: it asks for too much memory", spoken.heard]
    except BaseException as error:
        return ["raised", None, _told(error), spoken.heard]


def _told(error):
    """The error's type, message and line in the learner's own code."""
    with contextlib.suppress(Exception):
        frames = traceback.extract_tb(error.__traceback__)
        own = [f for f in frames if f.filename != __file__]
        line = f" (line {own[-1].lineno} of your cell)" if own and "ipykernel" in own[-1].filename else ""
        return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}{line}"
    return type(error).__name__


def _fingerprint(args, kwargs):
    try:
        return json.dumps(plain.encode((args, kwargs)))
    except (plain.NotPlain, ValueError):
        return None


class _Ear(io.TextIOBase):
    """Hears whether something was printed, and forgets it."""

    heard = False

    def write(self, text):
        self.heard = True
        return len(text)

    def writable(self):
        return True


def _read_lines(reading, seconds):
    deadline = time.monotonic() + seconds
    got = bytearray()
    while len(got) < MOST_BYTES:
        left = deadline - time.monotonic()
        if left <= 0:
            return _whole_lines(got), True
        ready, _, _ = select.select([reading], [], [], left)
        if ready:
            part = os.read(reading, 65_536)
            if not part:
                return _whole_lines(got), False
            got += part
    return _whole_lines(got), False


def _whole_lines(got):
    return bytes(got).split(b"\n")[:-1]


def _end(child):
    """Kill the child and all that it started; return its exit status."""
    with contextlib.suppress(OSError):
        os.killpg(child, signal.SIGKILL)
    with contextlib.suppress(OSError):
        os.kill(child, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        return os.waitpid(child, 0)[1]
    return 0


def _result(line):
    try:
        kind, value, words, printed = json.loads(line)
        return Result(str(kind), plain.decode(value), str(words), bool(printed))
    except (ValueError, TypeError, RecursionError):
        return Result("odd", words="something that is not plain data")


def _unfinished(late, status, seconds):
    if late:
        return Result("slow", words=f"it had not come back after {seconds:g} seconds")
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return Result("slow", words=f"it had not come back after {seconds:g} seconds")
    return Result("stopped", words="it ended its process")


def in_a_thread(
    function: Callable[..., Any], cases: Sequence[Case], seconds: float, drive: Callable[..., Any] | None
) -> list[Result]:
    """As `run_cases`, in a thread: for systems without fork."""
    lines = []

    def work():
        with contextlib.suppress(BaseException):
            for case in cases:
                lines.append(json.dumps(_call(function, case, drive)).encode())

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(seconds)
    finished = list(lines)
    late = worker.is_alive()
    interrupt = ctypes.pythonapi.PyThreadState_SetAsyncExc
    for _ in range(50):
        if not worker.is_alive():
            break
        interrupt(ctypes.c_ulong(worker.ident or 0), ctypes.py_object(KeyboardInterrupt))
        worker.join(0.02)
    results = [_result(line) for line in finished]
    if late:
        results.append(Result("slow", words=f"it had not come back after {seconds:g} seconds"))
    return results

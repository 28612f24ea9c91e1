"""The inside of a container: one task under limits on memory and CPU that the operating system holds.

Where the agent could not put the task into a control group, the limits are resource limits of the process
(`RLIMIT_AS`, `RLIMIT_CPU`), which every POSIX system has without special rights. A system may accept the one
on memory and not hold it (macOS); the task counts what it takes itself, so that it ends there too.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time

from faultlab.live.processes.child import begin, first_order, orders, report

with contextlib.suppress(ImportError):
    import resource

MEBIBYTE = 1024 * 1024
#: Memory beyond the limit that the task's own interpreter may need, for an error message among others.
ROOM_TO_SPEAK = 4 * MEBIBYTE
OUT_OF_MEMORY = 1
_STEP_MB = 4


def main() -> None:
    """Read what to do from the first order, do it, and never outlive the parent."""
    task = first_order()
    begin(int(sys.argv[1]), task["longest"], kill_with_parent=False)
    asyncio.run(_live(task))


async def _live(task):
    loop = asyncio.get_running_loop()
    orders(loop, lambda order: asyncio.sleep(task.get("answers_after", 0.0)))
    noticed = asyncio.Event()
    if hasattr(signal, "SIGTERM") and os.name == "posix":
        loop.add_signal_handler(signal.SIGTERM, _notice, noticed, task["deaf"], time.monotonic())
    held = _limit(task)
    report(started=True, held=held)
    memory: list[bytes] = []
    try:
        while len(memory) * _STEP_MB < task["takes_mb"]:
            if held == "the task itself" and len(memory) * _STEP_MB >= task["memory_mb"]:
                raise MemoryError
            # Zeros would not be given real memory until they are written.
            memory.append(b"x" * (_STEP_MB * MEBIBYTE))
            await asyncio.sleep(0.01)
    except MemoryError:
        taken = len(memory) * _STEP_MB
        memory.clear()
        report(out_of_memory=taken)
        os._exit(OUT_OF_MEMORY)
    report(ready=True)
    while task["busy"] and not noticed.is_set():
        sum(range(200_000))
        await asyncio.sleep(0)
    await noticed.wait()
    os._exit(0)


def _notice(noticed, deaf, began):
    report(notice=True, cores_used=time.process_time() / (time.monotonic() - began))
    if not deaf:
        noticed.set()


def _limit(task):
    """Set the limits; say who holds the one on memory."""
    if "resource" not in sys.modules:
        return "the task itself"
    if task["cpu_seconds"] is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (task["cpu_seconds"],) * 2)
    if task["held"] is not None:
        return task["held"]
    if sys.platform != "linux":
        return "the task itself"
    with open("/proc/self/statm", encoding="ascii") as file:
        already = int(file.read().split()[0]) * resource.getpagesize()
    most = already + task["memory_mb"] * MEBIBYTE + ROOM_TO_SPEAK
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    return "resource limit"

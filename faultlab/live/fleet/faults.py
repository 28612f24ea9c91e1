"""What can be done to a running fleet: each fault, and the way back. When it returns, it is in effect."""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

from faultlab.errors import BadInput
from faultlab.live.fleet.slots import DOWN, PAUSED, STARTING, UP
from faultlab.live.processes.children import Child, command
from faultlab.live.processes.limits import number, whole

if TYPE_CHECKING:
    from faultlab.live.fleet.slots import Slot
    from faultlab.live.fleet.supervisor import Supervisor

ON_WINDOWS = "Windows has no {}; {} works there."


def _running(fleet: Supervisor, worker: int | str, what: str) -> tuple[Slot, Child]:
    slot = _slot(fleet, worker)
    if slot.state == DOWN or slot.child is None or not slot.child.alive:
        raise BadInput(f"Worker {worker} isn't running, so it was not {what}; wait until it is back.")
    return slot, slot.child


def _slot(fleet: Supervisor, worker: int | str) -> Slot:
    return fleet.slots[whole("worker", worker, 1, len(fleet.slots))]


def kill(fleet: Supervisor, worker: int | str) -> None:
    """SIGKILL a worker, or the balancer by its name."""
    if worker == "balancer":
        if not fleet.balancer.alive:
            raise BadInput("The balancer isn't running, so it was not killed; wait until it is back.")
        fleet.tell("kill", 0, "The balancer is killed.")
        fleet.balancer.kill()
        return
    slot, child = _running(fleet, worker, "killed")
    fleet.tell("kill", slot.worker, f"Worker {worker} is killed.")
    child.kill()


def pause(fleet: Supervisor, worker: int) -> None:
    """SIGSTOP a worker: it lives, it holds its connections, it answers nothing."""
    if os.name != "posix":
        raise BadInput(ON_WINDOWS.format("SIGSTOP", "slow"))
    slot, child = _running(fleet, worker, "paused")
    if slot.state == STARTING:
        raise BadInput(f"Worker {worker} is still starting, so it was not paused; wait until it is up.")
    child.signal(signal.SIGSTOP)
    slot.state = PAUSED
    fleet.tell("pause", worker, f"Worker {worker} is paused: it lives and answers nothing.")


def resume(fleet: Supervisor, worker: int) -> None:
    """SIGCONT a paused worker."""
    slot = _slot(fleet, worker)
    if slot.state != PAUSED or slot.child is None:
        raise BadInput(f"Worker {worker} isn't paused.")
    slot.child.signal(signal.SIGCONT)
    slot.state = UP
    fleet.tell("resume", worker, f"Worker {worker} goes on.")


async def slow(fleet: Supervisor, worker: int, ms: float) -> None:
    """Add so many milliseconds to every piece of work; health checks stay quick."""
    ms = number("ms", ms, 0, 60_000)
    await _inside(fleet, worker, "slow", {"slow_ms": ms}, f"slower by {ms:g} ms" if ms else "")


async def fail(fleet: Supervisor, worker: int, share: float) -> None:
    """Answer this share of work with status 500; health checks still pass."""
    share = number("share", share, 0, 1)
    await _inside(fleet, worker, "fail", {"fail_share": share}, f"fails {100 * share:g} %" if share else "")


async def leak(fleet: Supervisor, worker: int, mb_a_second: float) -> None:
    """Leak memory until the worker reaches its limit and dies."""
    if sys.platform == "win32":
        raise BadInput(ON_WINDOWS.format("memory limit of this kind", "kill"))
    rate = number("mb_a_second", mb_a_second, 0, 200)
    await _inside(fleet, worker, "leak", {"leak_mb_a_second": rate}, f"leaks {rate:g} MB/s" if rate else "")


async def _inside(fleet: Supervisor, worker: int, name: str, order: dict[str, float], words: str) -> None:
    slot, child = _running(fleet, worker, "changed")
    slot.inside = {key: value for key, value in slot.inside.items() if key != name}
    if words:
        slot.inside[name] = words
    fleet.tell("fault" if words else "heal", worker, f"Worker {worker}: {words or 'well again'}.")
    # A paused worker can't answer; it will obey when it goes on.
    await child.ask(0 if slot.state == PAUSED else 1.0, **order)


async def network(
    fleet: Supervisor,
    worker: int,
    delay_ms: float = 0,
    drop: float = 0,
    reset: float = 0,
    half_open: bool = False,
) -> None:
    """Break the network between the balancer and a worker; all at zero mends it."""
    slot = _slot(fleet, worker)
    if not slot.port:
        raise BadInput(f"Worker {worker} is still starting; wait until it is up.")
    broken = {
        "delay_ms": number("delay_ms", delay_ms, 0, 60_000),
        "drop": number("drop", drop, 0, 1),
        "reset": number("reset", reset, 0, 1),
        "half_open": bool(half_open),
    }
    if any(broken.values()):
        if fleet.proxy is None or not fleet.proxy.alive:
            line = command("balancers.proxy", fleet.left(), fleet.settings["seed"])
            heard, ended = partial(_proxy_says, fleet), partial(_proxy_ended, fleet)
            fleet.proxy = Child("proxy", line, fleet.loop, heard, ended)
        words = {
            "delay_ms": f"network slower by {delay_ms:g} ms",
            "drop": f"network loses {100 * drop:g} %",
            "reset": f"network resets {100 * reset:g} %",
            "half_open": "network half-open",
        }
        slot.network = {name: words[name] for name, value in broken.items() if value}
        fleet.tell("fault", worker, f"Worker {worker}: {', '.join(slot.network.values())}.")
        await fleet.proxy.ask(worker=worker, port=slot.port, **broken)
    elif slot.network:
        _mend(fleet, slot)
        fleet.tell("heal", worker, f"Worker {worker}: the network is well again.")
    await fleet.balancer.ask()  # by then it has taken the way that was told to it before


def _proxy_says(fleet, child, message):
    if "port" in message and (slot := fleet.slots[message["worker"]]).network:
        slot.proxy_port = message["port"]
        fleet.route(slot)


def _proxy_ended(fleet, child, code):
    if not fleet.ending and child is fleet.proxy:
        for slot in fleet.slots.values():
            if slot.network:
                _mend(fleet, slot)


def _mend(fleet, slot):
    slot.network, slot.proxy_port = {}, 0
    fleet.route(slot)


async def heal(fleet: Supervisor, worker: int | None = None) -> None:
    """Take back every fault that can be taken back, of one worker or of all."""
    for slot in fleet.slots.values() if worker is None else [_slot(fleet, worker)]:
        if slot.state == PAUSED:
            resume(fleet, slot.worker)
        if slot.network:
            await network(fleet, slot.worker)
        if slot.inside and slot.child is not None and slot.child.alive:
            slot.inside = {}
            fleet.tell("heal", slot.worker, f"Worker {slot.worker}: well again.")
            await slot.child.ask(slow_ms=0, fail_share=0, leak_mb_a_second=0)
        if slot.state == DOWN and not fleet.settings["restart"]:
            fleet.restart(slot)

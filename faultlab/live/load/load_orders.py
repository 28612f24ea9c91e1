"""The supervisor's side of a load: start it, hear from it, stop it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from faultlab.errors import BadInput
from faultlab.live.processes.children import Child, command
from faultlab.live.processes.limits import MOST_MINUTES, MOST_REQUESTS_A_SECOND, number, whole

if TYPE_CHECKING:
    from faultlab.live.fleet.supervisor import Supervisor


def start_load(
    fleet: Supervisor,
    seconds: float,
    rate: float = 0,
    users: int = 0,
    think_ms: float = 0,
    arrivals: str = "poisson",
    timeout_ms: float = 1000,
    policy: dict[str, Any] | None = None,
    seed: int = 0,
) -> dict[str, int]:
    """Start the load generator, which is a process of its own; `Fleet.load` says what each means."""
    if bool(rate) == bool(users):
        raise BadInput("A load has a rate (an open loop) or users (a closed loop), one of the two.")
    if arrivals not in ("poisson", "even"):
        raise BadInput(f"Arrivals are poisson or even, not {arrivals!r}.")
    if fleet.load is not None and fleet.load.alive:
        raise BadInput("A load is running already; stop it, or wait for its result.")
    settings = {
        "seconds": number("seconds", seconds, 0.1, 60 * MOST_MINUTES),
        "rate": number("rate", rate, 0, MOST_REQUESTS_A_SECOND),
        "users": whole("users", users, 0, 256),
        "think_ms": number("think_ms", think_ms, 0, 60_000),
        "arrivals": arrivals,
        "timeout_ms": number("timeout_ms", timeout_ms, 1, 60_000),
        "seed": whole("seed", seed, 0, 2**31),
        "path": "/",
        "policy": policy,
        "port": fleet.port,
    }
    fleet.loads += 1
    line = command("load.load_process", fleet.left(), packages=policy is not None)
    fleet.load_result = None
    heard, ended = partial(_load_says, fleet), partial(_load_ended, fleet)
    fleet.load = Child(f"load {fleet.loads}", line, fleet.loop, heard, ended)
    fleet.load.order(**settings)
    how = f"{rate:g} requests a second" if rate else f"{users} customers"
    fleet.tell("load", 0, f"Load begins: {how} for {seconds:g} seconds.")
    return {"load": fleet.loads}


def _load_says(fleet, child, message):
    if child is not fleet.load:
        return
    if "interval" in message:
        fleet.close_interval(message["interval"])
    if "done" in message:
        fleet.load_result = message["done"]


def _load_ended(fleet, child, code):
    if child is fleet.load and not fleet.ending:
        result = fleet.load_result
        text = "Load ends." if result else "The load generator died, and its result is lost."
        fleet.events.append({"t": fleet.now(), "kind": "loaded", "worker": 0, "text": text, "result": result})


def stop_load(fleet: Supervisor) -> None:
    """Let the load send nothing more."""
    if fleet.load is not None:
        fleet.load.order(stop=True)

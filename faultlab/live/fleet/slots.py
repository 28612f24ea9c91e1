"""What the supervisor knows of one worker, through all its restarts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from faultlab.live.processes.children import Child

UP, PAUSED, DOWN, STARTING = "up", "paused", "down", "starting"

QUIET_AFTER = 10.0
"""Seconds of running after which earlier deaths are forgiven, and a restart is quick again."""

LONGEST_WAIT = 8.0


@dataclass
class Slot:
    """A place in the fleet that one process after the other fills."""

    worker: int
    state: str = STARTING
    in_rotation: bool = False
    child: Child | None = None
    port: int = 0
    started: float = 0.0
    starts: int = 0
    deaths_in_a_row: int = 0
    counts: tuple[int, int, int] = (0, 0, 0)
    inside: dict[str, str] = field(default_factory=dict)
    network: dict[str, str] = field(default_factory=dict)
    proxy_port: int = 0

    @property
    def address(self) -> int:
        """The port at which the balancer reaches this worker."""
        return self.proxy_port or self.port

    @property
    def faults(self) -> list[str]:
        """What was done to it and lasts, in words."""
        return [*self.inside.values(), *self.network.values()]

    def died(self, now: float, restart_after: float) -> float:
        """Count a death; the seconds to wait before the restart, which double with each death in a row."""
        if now - self.started > QUIET_AFTER:
            self.deaths_in_a_row = 0
        self.deaths_in_a_row += 1
        self.state = DOWN
        self.inside = {}  # they died with the process; the network is as it was
        return min(LONGEST_WAIT, restart_after * 2.0 ** (self.deaths_in_a_row - 1))

    def seen(self, before: tuple[int, int, int]) -> dict[str, Any]:
        """This worker in an interval: what it is, what the balancer believes, what it did since."""
        return {
            "worker": self.worker,
            "state": self.state,
            "in_rotation": self.in_rotation,
            "requests": self.counts[0] - before[0],
            "errors": self.counts[1] - before[1],
            "in_flight": self.counts[2],
            "faults": self.faults,
        }

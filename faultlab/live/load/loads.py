"""A load on a fleet, from the notebook's side: ask for it, wait for its result."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from faultlab.errors import BadInput
from faultlab.live.runs.runs import LoadResult

if TYPE_CHECKING:
    from faultlab.design.calls import Policy


def load_order(
    seconds: float,
    rate: float,
    users: int,
    think_ms: float,
    arrivals: str,
    timeout_ms: float,
    policy: Policy | None,
    seed: int,
) -> dict[str, Any]:
    """Return what the supervisor has to be told to start a load; see `Fleet.load`."""
    if bool(rate) == bool(users):
        raise BadInput("A load has a rate (an open loop) or users (a closed loop), one of the two.")
    if arrivals not in ("poisson", "even"):
        raise BadInput(f"Arrivals are poisson or even, not {arrivals!r}.")
    written = None
    if policy is not None:
        from faultlab.live.load.policy_orders import write_policy

        written = write_policy(policy)
    return {
        "seconds": seconds,
        "rate": rate,
        "users": users,
        "think_ms": think_ms,
        "arrivals": arrivals,
        "timeout_ms": timeout_ms,
        "policy": written,
        "seed": seed,
    }


class Load:
    """A load that is running in a process of its own, or has run.

    Parameters
    ----------
    ends : callable
        Returns the ends of all loads of the fleet so far: dictionaries with a `result` and a `text`.
    running : callable
        Returns whether the fleet is there.
    stop : callable
        Has the load send nothing more.
    turn : int
        Which load of its fleet it is, from 1.
    """

    def __init__(
        self,
        ends: Callable[[], list[dict[str, Any]]],
        running: Callable[[], bool],
        stop: Callable[[], object],
        turn: int,
    ) -> None:
        self._ends, self._fleet_runs, self._stop, self._turn = ends, running, stop, turn

    @property
    def running(self) -> bool:
        """Whether requests are still being sent or waited for."""
        return len(self._ends()) < self._turn and self._fleet_runs()

    def stop(self) -> None:
        """Send nothing more; the result is of what was sent."""
        if self.running:
            self._stop()

    def result(self, seconds: float | None = None) -> LoadResult:
        """Wait for the result and return it, a `LoadResult`.

        Parameters
        ----------
        seconds : float, optional
            Waits so long at most, and then raises TimeoutError.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        while self.running:
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError(f"The load has not ended within {seconds:g} s.")
            time.sleep(0.05)
        ends = self._ends()
        if len(ends) < self._turn:
            raise BadInput("The fleet ended before its load did, so there is no result.")
        end = ends[self._turn - 1]
        if end["result"] is None:
            raise BadInput(end["text"])
        return LoadResult(**end["result"])

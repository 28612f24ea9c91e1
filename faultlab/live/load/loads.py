"""A load on a fleet, from the notebook's side: wait for its result."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from faultlab.errors import BadInput
from faultlab.live.runs.runs import LoadResult

if TYPE_CHECKING:
    from faultlab.live.fleet.fleet import Fleet


class Load:
    """A load that is running in a process of its own, or has run.

    Parameters
    ----------
    fleet : Fleet
    ends : callable
        Returns the ends of all loads of the fleet so far: dictionaries with a `result` and a `text`.
    turn : int
        Which load of its fleet it is, from 1.
    """

    def __init__(self, fleet: Fleet, ends: Callable[[], list[dict[str, Any]]], turn: int) -> None:
        self._fleet, self._ends, self._turn = fleet, ends, turn

    @property
    def running(self) -> bool:
        """Whether requests are still being sent or waited for."""
        return len(self._ends()) < self._turn and self._fleet.running

    def stop(self) -> None:
        """Send nothing more; the result is of what was sent."""
        if self.running:
            self._fleet.stop_load()

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

"""A recorded run that plays as if it were live, for those who can start no processes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from faultlab.errors import BadInput
from faultlab.live.runs.runs import read_run

if TYPE_CHECKING:
    from faultlab.live.runs.runs import Run

FOLDER = Path(__file__).parent / "recorded"


def recorded_run(name: str) -> Run:
    """Return one of the runs that come with the package.

    Parameters
    ----------
    name : str
        One of those that `recorded_runs()` lists.

    Examples
    --------
    >>> recorded_run("kill_one_of_four").recorded
    True
    """
    if name not in recorded_runs():
        raise BadInput(f"There is no recorded run {name!r}; there are {', '.join(recorded_runs())}.")
    return read_run(FOLDER / f"{name}.json")


def recorded_runs() -> list[str]:
    """Return the names of the runs that come with the package."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


class Replay:
    """A run that is played again; it looks like a `Fleet` to a picture.

    Parameters
    ----------
    run : Run
    speed : float
        2 plays twice as fast.
    clock : callable
        Returns seconds.

    Examples
    --------
    >>> replay = Replay(recorded_run("kill_one_of_four"), speed=10)
    >>> replay.running, replay.run().recorded
    (True, True)
    """

    def __init__(self, run: Run, speed: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        if not speed > 0:
            raise BadInput(f"A replay has a speed above 0, not {speed!r}.")
        self._run, self._speed, self._clock = run, speed, clock
        self._began = clock()
        self._stopped_at: float | None = None

    @property
    def running(self) -> bool:
        """Whether it still plays."""
        return self._stopped_at is None and self._at() < self._run.length

    def run(self) -> Run:
        """The run as far as it has been played."""
        return self._run.until(self._at())

    def stop(self) -> None:
        """Stop where it is."""
        if self._stopped_at is None:
            self._stopped_at = self._at()

    def reset(self) -> None:
        """Play from the beginning."""
        self._began, self._stopped_at = self._clock(), None

    def _at(self):
        if self._stopped_at is not None:
            return self._stopped_at
        return (self._clock() - self._began) * self._speed

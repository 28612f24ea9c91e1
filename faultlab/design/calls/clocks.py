"""Two clocks with one face: the machine's, and one that runs as fast as the code does.

Every pattern on this floor asks a clock that it was given. With `WallClock` it guards a real call, with
`VirtualClock` a lesson or a simulation sees an hour pass in a millisecond, the same on every run.
"""

from __future__ import annotations

import time

from faultlab.errors import BadInput


class WallClock:
    """The machine's clock: call it for seconds that never run backwards; `sleep` really sleeps."""

    def __call__(self):
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class VirtualClock:
    """A clock that stands still until somebody sleeps on it.

    Parameters
    ----------
    now : float
        Seconds at the start.

    Examples
    --------
    >>> clock = VirtualClock()
    >>> clock.sleep(3600)
    >>> clock()
    3600.0
    """

    def __init__(self, now: float = 0.0) -> None:
        self.now = float(now)

    def __call__(self):
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let seconds pass; none can be taken back."""
        if not seconds >= 0:
            raise BadInput(f"Time runs forwards: sleep 0 seconds or more, not {seconds!r}.")
        self.now += seconds

"""A circuit breaker: after too many failures, stop calling for a while, then try again with care.

Nygard, Release It! (2007), for the three states. The rule that trips it is a part of its own: a number of
failures in a row, or a share of failures in a sliding window of calls or of seconds, as in Resilience4j.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from faultlab.errors import BadInput, is_whole

CLOSED, OPEN, HALF_OPEN = "closed", "open", "half-open"


class BreakerOpen(ConnectionError):
    """The breaker is open; the call was not made."""


class ConsecutiveFailures:
    """Trip after so many failures in a row; one success starts the count anew.

    A dependency that fails nine calls in ten can stay under a limit of five for a long time, since every
    tenth call forgives the others. See `FailureRate`.

    Examples
    --------
    >>> rule = ConsecutiveFailures(2)
    >>> for ok in (False, True, False):
    ...     rule.record(ok, now=0)
    >>> rule.trips(now=0)
    False
    """

    def __init__(self, limit: int = 5) -> None:
        _whole("limit", limit)
        self.limit = limit
        self.in_a_row = 0

    def fresh(self) -> ConsecutiveFailures:
        return ConsecutiveFailures(self.limit)

    def record(self, ok: bool, now: float) -> None:
        self.in_a_row = 0 if ok else self.in_a_row + 1

    def trips(self, now: float) -> bool:
        return self.in_a_row >= self.limit

    def clear(self) -> None:
        self.in_a_row = 0


class FailureRate:
    """Trip when the share of failures in a sliding window reaches a limit.

    Parameters
    ----------
    limit : float
        A share above 0, up to 1.
    calls : int, optional
        The window is the last so many calls ...
    seconds : float, optional
        ... or the calls that ended in the last so many seconds: give one of the two.
    at_least : int, optional
        With fewer calls in the window it never trips: one failure of one call is no rate. Left out: all
        of `calls`, or 10 in a window of seconds.

    Examples
    --------
    >>> rule = FailureRate(0.5, calls=4)
    >>> for ok in (False, True, False, True):
    ...     rule.record(ok, now=0)
    >>> rule.trips(now=0)
    True
    """

    def __init__(
        self,
        limit: float = 0.5,
        calls: int | None = None,
        seconds: float | None = None,
        at_least: int | None = None,
    ) -> None:
        if not 0 < limit <= 1:
            raise BadInput(f"A failure rate to trip at is a share above 0, up to 1, not {limit!r}.")
        if (calls is None) == (seconds is None):
            raise BadInput("A failure rate needs a window: calls=20 or seconds=10, one of the two.")
        if calls is not None:
            _whole("calls", calls)
        elif seconds is not None and not seconds > 0:
            raise BadInput(f"A window lasts longer than 0 seconds, not {seconds!r}.")
        self.limit, self.calls, self.seconds = limit, calls, seconds
        self.at_least = at_least if at_least is not None else calls or 10
        _whole("at_least", self.at_least)
        if calls is not None and self.at_least > calls:
            raise BadInput(f"A window of {calls} calls never holds at_least={self.at_least} of them.")
        self.clear()

    def fresh(self) -> FailureRate:
        return FailureRate(self.limit, self.calls, self.seconds, self.at_least)

    def record(self, ok: bool, now: float) -> None:
        self._window.append((now, not ok))
        self._failures += not ok
        if self.calls is not None and len(self._window) > self.calls:
            self._failures -= self._window.popleft()[1]

    def trips(self, now: float) -> bool:
        if self.seconds is not None:
            while self._window and self._window[0][0] <= now - self.seconds:
                self._failures -= self._window.popleft()[1]
        count = len(self._window)
        # 3 of 30 are 10 %, although 0.1 * 30 is 3.0000000000000004.
        return count >= self.at_least and self._failures >= self.limit * count - 1e-9

    def clear(self) -> None:
        self._window: deque[tuple[float, bool]] = deque()
        self._failures = 0


class CircuitBreaker:
    """Closed: calls pass. Open: none does. Half-open: a few try, and decide for all.

    Parameters
    ----------
    rule : ConsecutiveFailures or FailureRate
        When to trip; left out, after 5 failures in a row. It counts, so each breaker needs its own.
    open_for : float
        Seconds before the first trial.
    trials : int
        Calls let through half-open. All have to succeed to close it; one failure opens it again.
    clock : callable
        Returns seconds.

    Examples
    --------
    >>> from faultlab.design.calls.clocks import VirtualClock
    >>> clock = VirtualClock()
    >>> breaker = CircuitBreaker(ConsecutiveFailures(2), open_for=30, clock=clock)
    >>> for call in range(2):
    ...     breaker.record(breaker.allow(), ok=False)
    >>> breaker.state, bool(breaker.allow())
    ('open', False)
    >>> clock.sleep(30)
    >>> breaker.record(breaker.allow(), ok=True)
    >>> breaker.state
    'closed'
    """

    def __init__(
        self,
        rule: ConsecutiveFailures | FailureRate | None = None,
        open_for: float = 30.0,
        trials: int = 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not open_for > 0:
            raise BadInput(f"A breaker stays open for more than 0 seconds, not {open_for!r}.")
        _whole("trials", trials)
        self.rule = ConsecutiveFailures() if rule is None else rule
        self.open_for, self.trials = open_for, trials
        self._clock = clock
        self._lock = threading.Lock()
        self._state = CLOSED
        # Each change of state begins a new period. A permit names its period, so that an answer which
        # comes late, from a call made before the breaker opened, can't close it or open it again.
        self._period = 1
        self._since = clock()
        self._started = self._succeeded = 0

    def fresh(self, clock: Callable[[], float]) -> CircuitBreaker:
        """Return a closed breaker with the same settings, on another clock."""
        return CircuitBreaker(self.rule.fresh(), self.open_for, self.trials, clock)

    @property
    def state(self) -> str:
        """CLOSED, OPEN or HALF_OPEN; an open breaker whose time is up is half-open."""
        with self._lock:
            self._tick(self._clock())
            return self._state

    def allow(self) -> int:
        """Ask for a permit: a number above 0 to hand back with the result, or 0 for "don't call"."""
        with self._lock:
            self._tick(self._clock())
            if self._state == OPEN or (self._state == HALF_OPEN and self._started == self.trials):
                return 0
            self._started += 1
            return self._period

    def record(self, permit: int, ok: bool) -> None:
        """Report how the call with this permit ended; a timeout is a failure."""
        with self._lock:
            now = self._clock()
            self._tick(now)
            if permit != self._period:
                return
            if self._state == HALF_OPEN:
                self._succeeded += bool(ok)
                if not ok:
                    self._become(OPEN, now)
                elif self._succeeded == self.trials:
                    self._become(CLOSED, now)
            elif self._state == CLOSED:
                self.rule.record(ok, now)
                if self.rule.trips(now):
                    self._become(OPEN, now)

    def _tick(self, now):
        # 30.3 - 0.3 is 29.999999999999996, and thirty seconds have passed all the same.
        if now - self._since < self.open_for - 1e-9:
            return
        if self._state == OPEN:
            self._become(HALF_OPEN, now)
        elif self._state == HALF_OPEN and self._started == self.trials:
            # A trial never reported, since its caller died: without this, the breaker would wait for ever.
            self._become(HALF_OPEN, now)

    def _become(self, state, now):
        self._state, self._since = state, now
        self._period += 1
        self._started = self._succeeded = 0
        self.rule.clear()


def _whole(name, value):
    if not is_whole(value, 1):
        raise BadInput(f"A breaker's {name} is a whole number from 1 up, not {value!r}.")

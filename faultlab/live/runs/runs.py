"""What happened in a fleet: intervals, events and results of load, live or read from a recording."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from faultlab.errors import BadInput

FORMAT = "faultlab fleet run 1"
LARGEST_FILE = 20_000_000


@dataclass(frozen=True)
class WorkerSeen:
    """One worker in one interval.

    `state` is the truth (up, paused, down, starting), `in_rotation` what the balancer believes; requests,
    errors and `in_flight` are as the balancer counts them.
    """

    worker: int
    state: str
    in_rotation: bool
    requests: int
    errors: int
    in_flight: int
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Interval:
    """What customers saw in a part of a second, and every worker at its end.

    `t` is its end in seconds since the fleet began. A request belongs to the interval in which it was
    answered or given up. The quantiles are of all requests, however they ended, from the intended start.
    """

    t: float
    seconds: float
    requests: int
    errors: dict[str, int]
    p50_ms: float | None
    p99_ms: float | None
    workers: tuple[WorkerSeen, ...]

    @property
    def failed(self) -> int:
        """Requests that brought no good answer."""
        return sum(self.errors.values())

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


@dataclass(frozen=True)
class Event:
    """Something that happened: seconds since the start, its kind, the worker (0: the fleet), in words."""

    t: float
    kind: str
    worker: int
    text: str


@dataclass(frozen=True)
class LoadResult:
    """What a load came to.

    `errors` counts by kind: timeout, refused, reset, a status such as 502, "not called" (by a breaker or
    bulkhead). `late_p99_ms` tells how late the load generator itself began its requests; latencies count
    from the intended start and contain it. `seconds` is how long requests were sent.
    """

    requests: int
    errors: dict[str, int]
    attempts: int
    p50_ms: float | None
    p90_ms: float | None
    p99_ms: float | None
    p999_ms: float | None
    longest_ms: float | None
    late_p99_ms: float
    seconds: float

    @property
    def failed(self) -> int:
        """Requests that brought no good answer."""
        return sum(self.errors.values())

    @property
    def answered_share(self) -> float | None:
        """Good answers among all requests, from 0 to 1; None without a request."""
        return 1 - self.failed / self.requests if self.requests else None

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


@dataclass(frozen=True)
class Run:
    """A run of a fleet, from its start to now or to its end.

    Parameters
    ----------
    started : datetime
        In UTC; the seconds of intervals and events count from here.
    settings : dict
        What the fleet was started with.
    intervals : tuple of Interval
    events : tuple of Event
    loads : tuple of LoadResult
    recorded : bool
        Whether it was read from a file and not watched.
    machine : str
        What a recorded run was made on.
    """

    started: datetime
    settings: dict[str, Any]
    intervals: tuple[Interval, ...] = ()
    events: tuple[Event, ...] = ()
    loads: tuple[LoadResult, ...] = ()
    recorded: bool = False
    machine: str = ""

    @property
    def length(self) -> float:
        """Seconds from the start to the last thing that was seen."""
        return max([0.0, *(i.t for i in self.intervals[-1:]), *(e.t for e in self.events[-1:])])

    @property
    def requests(self) -> int:
        """All requests of all loads, as the intervals count them."""
        return sum(interval.requests for interval in self.intervals)

    @property
    def errors(self) -> dict[str, int]:
        """All errors by their kind."""
        found: Counter[str] = Counter()
        for interval in self.intervals:
            found.update(interval.errors)
        return dict(found)

    def moment(self, t: float) -> datetime:
        """The time of day at which something happened, in UTC."""
        return self.started + timedelta(seconds=t)

    def until(self, t: float) -> Run:
        """The part of the run that was seen in its first t seconds."""
        return replace(
            self,
            intervals=tuple(i for i in self.intervals if i.t <= t),
            events=tuple(e for e in self.events if e.t <= t),
        )


def read_run(path: str | Path) -> Run:
    """Read a run that was saved; it is marked as recorded.

    Raises
    ------
    BadInput
        If the file isn't a run, with the place that is wrong.
    OSError
        If it can't be opened.
    """
    path = Path(path)
    if path.stat().st_size > LARGEST_FILE:
        raise BadInput(f"{path.name} is too large for a recorded run; the largest has 20 MB.")
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise BadInput(f"{path.name} is no JSON, so no recorded run.") from None
    if not isinstance(written, dict) or written.get("format") != FORMAT:
        raise BadInput(f"{path.name} is no recorded run of a fleet.")
    part = "started"
    try:
        started = datetime.fromisoformat(written[part]).astimezone(UTC)
        part = "machine"
        machine = str(written[part])
        part = "settings"
        settings = dict(written[part])
        part = "events"
        events = tuple(Event(float(t), str(k), int(w), str(text)) for t, k, w, text in written[part])
        part = "loads"
        loads = tuple(LoadResult(**load) for load in written[part])
        part = "intervals"
        intervals = tuple(_interval(*row) for row in written[part])
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{path.name}: its {part} can't be read ({error}); record the run again.") from None
    return Run(started, settings, intervals, events, loads, recorded=True, machine=machine)


def interval_of(told: dict[str, Any]) -> Interval:
    """Return an interval from what a supervisor tells, a dictionary."""
    workers = tuple(WorkerSeen(**{**worker, "faults": tuple(worker["faults"])}) for worker in told["workers"])
    return Interval(**{**told, "workers": workers})


def _interval(t, seconds, requests, errors, p50_ms, p99_ms, workers):
    seen = tuple(
        WorkerSeen(int(w[0]), str(w[1]), bool(w[2]), int(w[3]), int(w[4]), int(w[5]), tuple(map(str, w[6:])))
        for w in workers
    )
    kinds = {str(kind): int(count) for kind, count in errors.items()}
    if not seconds > 0:
        raise ValueError("an interval has no length")
    return Interval(float(t), float(seconds), int(requests), kinds, p50_ms, p99_ms, seen)

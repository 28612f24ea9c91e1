"""A fleet whose servers are ordered, warm up, serve and go, and how busy each minute of it was."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from faultlab.design.stores import Server, StoreLines

if TYPE_CHECKING:
    from faultlab.cases.amazon.evening import Evening


class ScaledFleet:
    """The servers of an evening: which take customers, which warm up, and how busy they were."""

    def __init__(
        self,
        evening: Evening,
        come: np.ndarray,
        takes: np.ndarray,
        kinds: np.ndarray,
        seed: int,
        compiled: bool | None,
    ) -> None:
        self.evening = evening
        places = (evening.places, min(evening.places, evening.browse_places))
        spare = 2 * evening.quota  # so that a new server never has to wait for one that drains
        rows = [
            Server(starts=0.0 if row < evening.first else math.inf, stops=math.inf) for row in range(spare)
        ]
        self.lines = StoreLines(
            come, takes, rows, evening.balancing, places, kinds, seed=seed, compiled=compiled
        )
        self.starts = dict.fromkeys(range(evening.first), 0.0)  # of the servers wanted, in order of launch
        self.busy = np.zeros(evening.minutes + 2)
        self.sessions_killed = 0

    @property
    def wanted(self) -> int:
        return len(self.starts)

    def in_service(self, now: float) -> int:
        return sum(start <= now for start in self.starts.values())

    def serve(self, minute: int, last: int) -> float:
        """Serve a minute's customers; return the reading of that minute."""
        first = self.lines.done
        self.lines.serve(last)
        run = self.lines.run(first)
        self._work(run.starts[run.served], run.ends[run.served], 1.0)
        servers = max(1, self.in_service(60.0 * minute))
        if self.evening.metric == "requests per server":
            return (last - first) / 60.0 / servers
        held = min(1.0, self.busy[minute] / (60.0 * servers))
        begin, end, times = self.evening.slow_backends or (0, 0, 1.0)
        return held / times if self.evening.metric == "utilisation" and begin <= minute < end else held

    def _work(self, starts, ends, sign):
        """Add the seconds of service to each minute in which they fall."""
        final = len(self.busy) - 1
        edges = 60.0 * np.arange(final + 1)
        first = np.minimum(starts // 60, final).astype(int)
        last = np.minimum(ends // 60, final).astype(int)
        for span in range(int((last - first).max(initial=0)) + 1):
            at = first + span
            falls = at <= last
            part = np.minimum(ends, edges[np.minimum(at, final)] + 60) - np.maximum(
                starts, edges[np.minimum(at, final)]
            )
            np.add.at(self.busy, at[falls], sign * np.maximum(part[falls], 0.0))

    def set(self, wanted: int, now: float) -> int:
        """Order or take away servers; return the change."""
        change = wanted - self.wanted
        for _ in range(change):
            free = [row for row in range(len(self.lines.servers)) if row not in self.starts]
            row = min(free, key=lambda row: not self.lines.idle(row, now))  # one with no line left, if any
            self.starts[row] = now + 60.0 * self.evening.warm_up
            self.lines.turn(row, starts=self.starts[row], stops=math.inf)
        for _ in range(-change):
            row = next(reversed(self.starts))  # the newest: one that still warms up, where there is one
            if self.starts.pop(row) <= now:
                self._take_away(row, now)
            else:
                self.lines.turn(row, starts=math.inf)
        return change

    def lose(self, share: float, now: float) -> None:
        """Let a share of the servers die with their lines, the oldest first, and order as many."""
        dead = list(self.starts)[: round(share * self.wanted)]
        for row in dead:
            if self.starts.pop(row) <= now:
                self._kill(row, now)
            else:
                self.lines.turn(row, starts=math.inf)
        self.set(self.wanted + len(dead), now)

    def _take_away(self, row, now):
        if self.evening.session_minutes:
            recent = self.lines.arrivals[: self.lines.done] > now - 60 * self.evening.session_minutes
            run = self.lines.run(int(np.argmax(recent)) if recent.any() else self.lines.done)
            self.sessions_killed += int((run.served & (run.servers == row)).sum())
        if self.evening.drain:
            self.lines.turn(row, stops=now)
            return
        self._kill(row, now)

    def _kill(self, row, now):
        lost = np.array(self.lines.kill(row, now)).reshape(-1, 2)
        self._work(np.maximum(lost[:, 0], now), lost[:, 1], -1.0)

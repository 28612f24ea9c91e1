"""What a supervisor wrote down, fetched little by little, so that it is there when the fleet is gone."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from faultlab.errors import BadInput
from faultlab.live.runs.runs import Event, Interval, LoadResult, Run, interval_of

if TYPE_CHECKING:
    from faultlab.live.processes.control import Door

FETCHED_EVERY = 0.25


class History:
    """The intervals and events of one fleet; safe to ask from any thread.

    Parameters
    ----------
    door : Door
    alive : callable
        Returns whether the supervisor is there.
    """

    def __init__(self, door: Door, alive: Callable[[], bool]) -> None:
        self._door, self._alive, self._lock = door, alive, threading.Lock()
        self._intervals: list[Interval] = []
        self._events: list[Event] = []
        self._load_ends: list[dict[str, Any]] = []
        self.processes: dict[str, int] = {}
        self.ended = False
        found = door.history(0, 0)
        self.started = datetime.fromtimestamp(time.time() - found["now"], UTC)
        self._take(found, (0, 0))
        threading.Thread(target=self._follow, daemon=True).start()

    def fetch(self) -> None:
        """Fetch what is new; raises BadInput where nobody answers any more."""
        before = self._counts()
        self._take(self._door.history(*before), before)

    def end(self) -> None:
        """Have the fleet ended, and fetch the rest."""
        before = self._counts()
        self._take(self._door.do("end", intervals=before[0], events=before[1]), before)

    def run(self, settings: dict[str, Any]) -> Run:
        """All that is known, as a `Run`."""
        self._fetch_if_possible()
        with self._lock:
            loads = tuple(LoadResult(**end["result"]) for end in self._load_ends if end["result"])
            return Run(self.started, settings, tuple(self._intervals), tuple(self._events), loads)

    def load_ends(self) -> list[dict[str, Any]]:
        """How loads ended, in their order: dictionaries with a `result`, or None in it, and a `text`."""
        self._fetch_if_possible()
        with self._lock:
            return list(self._load_ends)

    def _counts(self):
        with self._lock:
            return len(self._intervals), len(self._events)

    def _take(self, found, before):
        with self._lock:
            # Two threads may have asked at once; what was taken since is not taken twice.
            new = found["intervals"][len(self._intervals) - before[0] :]
            self._intervals += map(interval_of, new)
            for told in found["events"][len(self._events) - before[1] :]:
                self._events.append(Event(told["t"], told["kind"], told["worker"], told["text"]))
                if told["kind"] == "loaded":
                    self._load_ends.append(told)
            self.processes = found["processes"]
            self.ended = self.ended or found["ended"]

    def _fetch_if_possible(self):
        if not self.ended and self._alive():
            with contextlib.suppress(BadInput):
                self.fetch()

    def _follow(self):
        while not self.ended and self._alive():
            self._fetch_if_possible()
            time.sleep(FETCHED_EVERY)

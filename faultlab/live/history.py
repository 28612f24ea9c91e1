"""What a supervisor wrote down, fetched little by little, so that it is there when the fleet is gone."""

import contextlib
import threading
import time
from datetime import UTC, datetime

from faultlab.errors import BadInput
from faultlab.live.runs import run_of

FETCHED_EVERY = 0.25


class History:
    """The intervals and events of one fleet; safe to ask from any thread.

    Parameters
    ----------
    door : Door
    alive : callable
        Returns whether the supervisor is there.
    """

    def __init__(self, door, alive):
        self._door, self._alive, self._lock = door, alive, threading.Lock()
        self._seen = {"intervals": [], "events": []}
        self.processes, self.started, self.ended = {}, None, False
        self.fetch()
        threading.Thread(target=self._follow, daemon=True).start()

    def fetch(self):
        """Fetch what is new; raises BadInput where nobody answers any more."""
        before = self._counts()
        self._take(self._door.history(*before), before)

    def end(self):
        """Have the fleet ended, and fetch the rest."""
        before = self._counts()
        self._take(self._door.do("end", intervals=before[0], events=before[1]), before)

    def run(self, settings):
        """All that is known, as a `Run`."""
        self._fetch_if_possible()
        with self._lock:
            return run_of(self.started, settings, self._seen)

    def load_ends(self):
        """The events with which loads ended."""
        self._fetch_if_possible()
        with self._lock:
            return [event for event in self._seen["events"] if event["kind"] == "loaded"]

    def _counts(self):
        with self._lock:
            return len(self._seen["intervals"]), len(self._seen["events"])

    def _take(self, found, before):
        with self._lock:
            # Two threads may have asked at once; what was taken since is not taken twice.
            for name, count in zip(("intervals", "events"), before, strict=True):
                self._seen[name] += found[name][len(self._seen[name]) - count :]
            self.processes = found["processes"]
            if self.started is None:
                self.started = datetime.fromtimestamp(time.time() - found["now"], UTC)
            self.ended = self.ended or found["ended"]

    def _fetch_if_possible(self):
        if not self.ended and self._alive():
            with contextlib.suppress(BadInput):
                self.fetch()

    def _follow(self):
        while not self.ended and self._alive():
            self._fetch_if_possible()
            time.sleep(FETCHED_EVERY)

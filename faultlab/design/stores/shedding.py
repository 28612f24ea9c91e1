"""A queue that says no: refuse early what can't be served in time, and drop what nobody waits for.

A server works as long on an answer that comes too late as on one that comes in time. So a queue should be
no longer than what is served within the clients' timeout.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from faultlab.errors import BadInput, is_whole


class SheddingQueue:
    """A queue with a limit, and with an end to the waiting.

    Parameters
    ----------
    limit : int
        Requests that may wait.
    patience : float, optional
        Seconds after which a request that waits is dropped: take the clients' timeout.
    clock : callable
        Returns seconds.

    Examples
    --------
    >>> from faultlab.design.calls import VirtualClock
    >>> clock = VirtualClock()
    >>> queue = SheddingQueue(limit=2, patience=1.0, clock=clock)
    >>> [queue.offer(request) for request in ("a", "b", "c")]
    [True, True, False]
    >>> clock.sleep(2)
    >>> queue.offer("d"), queue.take(), queue.refused, queue.expired
    (True, 'd', 1, 2)
    """

    def __init__(
        self,
        limit: int,
        patience: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not is_whole(limit, 0):
            raise BadInput(f"A queue's limit is a whole number from 0 up, not {limit!r}.")
        if patience is not None and not patience > 0:
            raise BadInput(f"Patience lasts longer than 0 seconds, not {patience!r}.")
        self.limit, self.patience = limit, patience
        self.refused = self.expired = 0
        self._clock = clock
        self._waiting: deque[tuple[float, Any]] = deque()
        self._lock = threading.Lock()

    def __len__(self):
        return len(self._waiting)

    def offer(self, request: Any) -> bool:
        """Let a request wait and return True, or refuse it at once and return False."""
        with self._lock:
            now = self._clock()
            self._drop_expired(now)
            if len(self._waiting) >= self.limit:
                self.refused += 1
                return False
            self._waiting.append((now, request))
            return True

    def take(self) -> Any:
        """Return the next request, or None when nobody waits."""
        with self._lock:
            self._drop_expired(self._clock())
            if not self._waiting:
                return None
            return self._waiting.popleft()[1]

    def _drop_expired(self, now):
        if self.patience is None:
            return
        while self._waiting and now - self._waiting[0][0] >= self.patience:
            self._waiting.popleft()
            self.expired += 1

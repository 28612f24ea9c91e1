"""A retry budget: retries may be so large a share of all calls, and no larger.

A token bucket. Each first attempt puts in a part of a token, each retry takes a whole one. While little
fails, every retry finds its token; when everything fails, the load grows by the share and not by the
number of retries. The AWS software development kits have limited retries by a token bucket since 2016
(Amazon Builders' Library, "Timeouts, retries, and backoff with jitter"); the Site Reliability Engineering
book ("Handling Overload") has each client keep retries under 10 % of its requests.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from faultlab.errors import BadInput


class RetryBudget:
    """Tokens for retries, shared by all calls of a client.

    Parameters
    ----------
    share : float
        Tokens that each first attempt puts in: 0.1 allows one retry in ten calls, in the long run.
    most : float
        Tokens that the bucket holds, and starts with: the burst of retries that is allowed.
    per_second : float
        Tokens that time alone puts in, so that a client with few calls may retry at all.
    clock : callable
        Returns seconds; asked only when `per_second` is above 0.

    Examples
    --------
    >>> budget = RetryBudget(share=0.1, most=2)
    >>> allowed = 0
    >>> for call in range(100):  # every call fails, and wants three retries
    ...     budget.first_attempt()
    ...     allowed += sum(budget.allow_retry() for retry in range(3))
    >>> allowed  # 2 at the start, then 1 in 10; without a budget 300
    11
    """

    def __init__(
        self,
        share: float = 0.1,
        most: float = 10.0,
        per_second: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not (share >= 0 and per_second >= 0 and most >= 1):
            raise BadInput(
                f"A retry budget needs share >= 0, per_second >= 0 and most >= 1, "
                f"not {share!r}, {per_second!r} and {most!r}."
            )
        self.share, self.most, self.per_second = share, most, per_second
        self.tokens = float(most)
        self._clock = clock
        self._filled_at = clock() if per_second else None
        self._lock = threading.Lock()

    def fresh(self, clock: Callable[[], float]) -> RetryBudget:
        """Return a budget with the same settings, full, on another clock."""
        return RetryBudget(self.share, self.most, self.per_second, clock)

    def first_attempt(self) -> None:
        """Tell the budget that a call begins: this is what earns retries."""
        with self._lock:
            self._put(self.share)

    def allow_retry(self) -> bool:
        """Take a token and return True, or return False and take nothing."""
        with self._lock:
            if self._filled_at is not None:
                now = self._clock()
                self._put((now - self._filled_at) * self.per_second)
                self._filled_at = now
            # Ten parts of 0.1 make 0.9999999999999999 of a token: it counts as one.
            if self.tokens < 1 - 1e-9:
                return False
            self.tokens = max(0.0, self.tokens - 1)
            return True

    def _put(self, tokens):
        self.tokens = min(self.most, self.tokens + tokens)

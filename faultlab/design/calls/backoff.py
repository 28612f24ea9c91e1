"""How long to wait before a retry: five strategies, one formula each.

Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog (2015).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from faultlab.errors import BadInput

STRATEGIES = ("none", "exponential", "equal", "full", "decorrelated")
"""No wait; a window that doubles; half of it fixed and half drawn; all drawn; drawn from the last wait."""

# 2**60 seconds is far beyond every cap, and 2.0**1100 would be an error.
_MOST_DOUBLINGS = 60


@dataclass(frozen=True)
class Backoff:
    """The wait before each retry.

    Parameters
    ----------
    strategy : str
        One of `STRATEGIES`.
    base, cap : float
        In one unit of time, seconds unless you say otherwise; 0 < base <= cap.

    Notes
    -----
    After the n-th failure the window is ``w = min(cap, base * 2**n)``, so the first one is twice the
    base, as in the simulator behind the AWS article. With u drawn evenly from 0 to 1:

    - exponential ``w``, equal ``w/2 + u*w/2``, full ``u*w``;
    - decorrelated ``min(cap, base + u*(3*previous - base))``, where the first "previous" is the base.

    Examples
    --------
    >>> [Backoff("exponential", base=0.1, cap=1.0).wait(failed) for failed in range(1, 6)]
    [0.2, 0.4, 0.8, 1.0, 1.0]
    >>> Backoff("full", base=0.1, cap=1.0).wait(3, u=0.25)
    0.2
    """

    strategy: str = "full"
    base: float = 0.1
    cap: float = 10.0

    def __post_init__(self):
        if self.strategy not in STRATEGIES:
            raise BadInput(
                f"There is no backoff strategy {self.strategy!r}; choose from {', '.join(STRATEGIES)}."
            )
        if not 0 < self.base <= self.cap < math.inf:
            raise BadInput(
                f"A backoff needs 0 < base <= cap, not base {self.base!r} and cap {self.cap!r}; "
                "strategy 'none' waits for nothing."
            )

    def wait(self, failed: int, u: float = 1.0, previous: float | None = None) -> float:
        """Return the wait after an attempt has failed.

        Parameters
        ----------
        failed : int
            Attempts that have failed so far, from 1.
        u : float
            A draw from 0 to 1; the caller draws, so that two policies can be given the same luck.
        previous : float, optional
            The last wait; only decorrelated jitter looks at it.
        """
        if failed < 1:
            raise BadInput(f"The first wait comes after 1 failure, not after {failed!r}.")
        if self.strategy == "none":
            return 0.0
        if self.strategy == "decorrelated":
            last = self.base if previous is None else previous
            return min(self.cap, self.base + u * (3 * last - self.base))
        window = min(self.cap, self.base * 2.0 ** min(failed, _MOST_DOUBLINGS))
        if self.strategy == "exponential":
            return window
        return window * (1 + u) / 2 if self.strategy == "equal" else window * u

"""What became of every customer of a simulated store."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faultlab.errors import BadInput

OUTCOMES = ("served", "line full", "server died", "no server")


@dataclass(frozen=True, eq=False)
class StoreRun:
    """One customer a place, in order of arrival; times in seconds.

    Attributes
    ----------
    arrivals, starts, ends : numpy.ndarray of float
        When a customer came, began to be served, and left.
    outcomes : numpy.ndarray of int
        Index into `OUTCOMES`.
    servers : numpy.ndarray of int
        Which server; -1 where one line feeds all, or where none was there.
    kinds : numpy.ndarray of int
        Index into the kinds of customers.
    """

    arrivals: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    outcomes: np.ndarray
    servers: np.ndarray
    kinds: np.ndarray

    @property
    def served(self) -> np.ndarray:
        """True for customers who were served, however late."""
        return self.outcomes == 0

    @property
    def responses(self) -> np.ndarray:
        """Seconds in line and in service, of those who were served."""
        return (self.ends - self.arrivals)[self.served]

    def share(self, outcome: str) -> float:
        """Return the share of customers with one of `OUTCOMES`."""
        if outcome not in OUTCOMES:
            raise BadInput(f"An outcome is {', '.join(OUTCOMES)}, not {outcome!r}.")
        return float(np.mean(self.outcomes == OUTCOMES.index(outcome)))

    def in_time(self, deadline: float) -> np.ndarray:
        """Return for each customer whether the answer came within so many seconds."""
        return self.served & (self.ends - self.arrivals <= deadline)

    def response_percentile(self, share: float) -> float:
        """Return the response time that a share of the served, such as 0.99, does not exceed."""
        return float(np.quantile(self.responses, share))

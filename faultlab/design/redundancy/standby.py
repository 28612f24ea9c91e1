"""Standby: a spare that waits, warm or cold, and a switch-over that may fail.

A continuous-time Markov chain with five states (IEC 61165). The chance that the switch-over works is what
Bouricius, Carter and Schneider (1969) called coverage; it soon matters more than the spare does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from faultlab.errors import BadInput

READY, ALONE, SWITCHING, STUCK, DOWN = range(5)


@dataclass(frozen=True)
class Standby:
    """One unit works and one waits.

    Parameters
    ----------
    mtbf_hours, mttr_hours : float
        Of the unit that works; repairs begin at once.
    wear : float
        How fast the waiting unit fails, as a share of a working one's rate: 0 cold (switched off), 1 hot,
        between the two warm. Its failure is noticed.
    switch_success : float
        The chance that the switch-over works.
    switch_minutes : float
        How long it takes when it works; 0 for at once.
    stuck_minutes : float
        How long it takes people to switch over by hand when it does not work.
    crews : int
        1 or 2: how many units can be repaired at a time.

    Examples
    --------
    >>> perfect = Standby(mtbf_hours=1000, mttr_hours=10)
    >>> doubtful = Standby(mtbf_hours=1000, mttr_hours=10, switch_success=0.9, stuck_minutes=60)
    >>> print(f"{perfect.unavailability():.3g} {doubtful.unavailability():.3g}")
    9.9e-05 0.000188
    """

    mtbf_hours: float
    mttr_hours: float
    wear: float = 0.0
    switch_success: float = 1.0
    switch_minutes: float = 0.0
    stuck_minutes: float = 30.0
    crews: int = 1

    def __post_init__(self):
        if not (0 < self.mtbf_hours < math.inf and 0 < self.mttr_hours < math.inf):
            raise BadInput("MTBF and MTTR are positive numbers of hours.")
        if not (0 <= self.wear <= 1 and 0 <= self.switch_success <= 1):
            raise BadInput("Wear and the chance of a successful switch-over are fractions from 0 to 1.")
        if not (0 <= self.switch_minutes < math.inf and 0 < self.stuck_minutes < math.inf):
            raise BadInput("Minutes to switch are 0 or more, minutes to switch by hand more than 0.")
        if self.crews not in (1, 2):
            raise BadInput(f"There are 1 or 2 repair crews, not {self.crews!r}.")

    def rates(self) -> np.ndarray:
        """Return the transition rates per hour, a 5 by 5 array from state to state.

        READY both in order; ALONE one works, the other is in repair; SWITCHING and STUCK one is in repair
        and the other not yet in service; DOWN both are in repair. In the last three nothing is served.
        """
        fails, repaired = 1 / self.mtbf_hours, 1 / self.mttr_hours
        waiting_fails = self.wear * fails
        rates = np.zeros((5, 5))
        rates[READY, ALONE] = waiting_fails
        rates[READY, STUCK] = (1 - self.switch_success) * fails
        if self.switch_minutes:
            rates[READY, SWITCHING] = self.switch_success * fails
            rates[SWITCHING, ALONE] = 60 / self.switch_minutes
        else:
            rates[READY, ALONE] += self.switch_success * fails
        rates[STUCK, ALONE] = 60 / self.stuck_minutes
        for state in (SWITCHING, STUCK):
            rates[state, DOWN] = waiting_fails
            rates[state, READY] = repaired  # the failed unit is back before the other took over
        rates[ALONE, READY] = repaired
        rates[ALONE, DOWN] = fails
        rates[DOWN, ALONE] = self.crews * repaired
        if not self.switch_minutes:
            rates[SWITCHING] = 0.0
            rates[SWITCHING, ALONE] = 1.0  # never entered; any way out keeps the chain whole
        return rates

    def unavailability(self) -> float:
        """Return the share of time in the long run in which nothing is served.

        For a cold spare and a perfect, immediate switch-over, with r = MTTR/MTBF, it is
        ``r**2 / (1 + r + r**2)`` with one crew, and ``r**2 / (2 + 2*r + r**2)`` with two.
        """
        return float(_long_run(self.rates())[[SWITCHING, STUCK, DOWN]].sum())


def _long_run(rates):
    """The share of time in each state: p Q = 0, and the shares add up to 1."""
    generator = rates - np.diag(rates.sum(axis=1))
    equations = np.vstack([generator.T[1:], np.ones(len(rates))])
    return np.linalg.solve(equations, np.r_[np.zeros(len(rates) - 1), 1.0])

"""Surveys of satisfaction: how often they show a fall, and whether it follows what customers met.

Shares of happy answers, by the normal approximation, tested two-sided at 5 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from faultlab.errors import BadInput
from faultlab.metrics.estimates import normal_quantile

HAPPY = 0.80
"""The share of customers who are happy while nothing fails."""
_LIMIT = normal_quantile(0.975)


def chance_to_see(answers: int, fall: float) -> float:
    """Return how often two surveys show a true difference in the share of happy customers.

    Parameters
    ----------
    answers : int
        In each of the two.
    fall : float
        From `HAPPY` down, as a fraction.

    Returns
    -------
    float
        The chance that a test of the right direction finds it.

    Examples
    --------
    >>> round(chance_to_see(1_091, 0.05), 2)
    0.8
    """
    after = HAPPY - fall
    middle = (HAPPY + after) / 2
    if_same = math.sqrt(2 * middle * (1 - middle) / answers)
    spread = math.sqrt((HAPPY * (1 - HAPPY) + after * (1 - after)) / answers)
    return _above((fall - _LIMIT * if_same) / spread) if spread else 1.0


def chance_to_follow(failed: Sequence[float], answers: int, lost: float) -> float:
    """Return how often monthly surveys show that satisfaction falls where more journeys failed.

    Every customer is as likely to be asked as the next. Of those who met no failure `HAPPY` are happy, of the
    others `lost` fewer; so a month with a share f of failures has `HAPPY - lost * f`, and a straight line is
    fitted to the months' answers.

    Parameters
    ----------
    failed : sequence of float
        The share of journeys that failed, month by month; not the same in all.
    answers : int
        In each month.
    lost : float
        How much smaller the share of happy ones is among those who met a failure, as a fraction.

    Raises
    ------
    BadInput
        If no month differs from another.

    Examples
    --------
    >>> months = [0.0, 0.001, 0.002, 0.012]
    >>> round(chance_to_follow(months, 100, 0.4), 3), round(chance_to_follow(months, 1_000_000, 0.4), 3)
    (0.031, 1.0)
    """
    return _above(_signal(failed, lost) * math.sqrt(answers) - _LIMIT)


def answers_to_follow(failed: Sequence[float], lost: float) -> int:
    """Return how many answers a month show it four times in five: see `chance_to_follow`.

    >>> answers_to_follow([0.0, 0.001, 0.002, 0.012], 0.4)
    84625
    """
    return math.ceil(((_LIMIT + normal_quantile(0.8)) / _signal(failed, lost)) ** 2)


def _signal(failed, lost):
    """The slope over its standard error, with one answer a month."""
    shares = np.asarray(failed, dtype=float)
    spread = float(((shares - shares.mean()) ** 2).sum()) if shares.size else 0.0
    if not spread > 0 or not 0 < lost <= HAPPY:
        raise BadInput("Nothing can be followed: the months are alike, or a failure costs no satisfaction.")
    return lost * math.sqrt(spread / (HAPPY * (1 - HAPPY)))


def _above(beyond):
    return 0.5 * math.erfc(-beyond / math.sqrt(2))

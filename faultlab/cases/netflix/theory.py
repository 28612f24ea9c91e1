"""What the rules come to: how many work days pass between two kills of a group, and how often a week."""

from __future__ import annotations

import numpy as np

from faultlab.cases.netflix.schedule import kill_probability
from faultlab.errors import BadInput, is_whole


def gap_probability(days: int, mean_time: int, min_time: int = 1) -> float:
    """Return the chance that the next kill of a group comes exactly so many work days after the last.

    For `min_time - 1` work days the minimum time forbids a kill; from then on a coin decides each day. So
    the gap is min_time - 1 and a geometric variable. A minimum of 0 changes nothing against 1, since there
    is one coin a day.

    Examples
    --------
    >>> gap_probability(1, 5), gap_probability(2, 5, min_time=3), round(gap_probability(4, 5, min_time=3), 3)
    (0.2, 0.0, 0.16)
    """
    chance = kill_probability(mean_time)
    tosses = _days(days) - _blocked(min_time)
    return chance * (1 - chance) ** (tosses - 1) if tosses >= 1 else 0.0


def gap_mean(mean_time: int, min_time: int = 1) -> float:
    """Return the expected gap between two kills of a group, in work days.

    The "mean time between kills" of the settings is the mean only while the minimum is at most 1.

    >>> gap_mean(5), gap_mean(5, min_time=3), gap_mean(10, min_time=5)
    (5, 7, 14)
    """
    kill_probability(mean_time)
    return _blocked(min_time) + mean_time


def chance_of_a_kill(mean_time: int, days: int = 5, groups: int = 1) -> float:
    """Return the chance of at least one kill in so many work days, if there was none just before.

    Parameters
    ----------
    mean_time : int
    days : int
    groups : int
        Coins a day.

    Examples
    --------
    >>> round(chance_of_a_kill(5), 5), chance_of_a_kill(2)
    (0.67232, 0.96875)
    """
    return 1 - (1 - kill_probability(mean_time)) ** (_days(days) * groups)


def kills_a_week(mean_time: int, min_time: int = 1) -> float:
    """Return a group's kills in a week of five work days, on average in the long run.

    >>> kills_a_week(5), kills_a_week(5, min_time=6)
    (1.0, 0.5)
    """
    return 5 / gap_mean(mean_time, min_time)


def printed_gap_probability(days: int, mean_time: int, min_time: int = 1) -> float:
    """Return what Chaos Monkey's own document prints for the same gap: (1-p)^(n-1) p for n >= minimum.

    It is no distribution: over all n it sums to (1-p)^(min_time-1). See `printed_total`.

    References
    ----------
    Netflix/chaosmonkey, docs/Termination-behavior.md.

    >>> round(printed_gap_probability(3, 5, min_time=3), 3)
    0.128
    """
    chance = kill_probability(mean_time)
    return chance * (1 - chance) ** (_days(days) - 1) if days > _blocked(min_time) else 0.0


def printed_total(mean_time: int, min_time: int) -> float:
    """Return what the printed chances add up to; it ought to be 1.

    >>> round(printed_total(5, 3), 12)
    0.64
    """
    return (1 - kill_probability(mean_time)) ** _blocked(min_time)


def kill_days(mean_time: int, min_time: int = 1, days: int = 261, seed: int = 0) -> list[int]:
    """Play the coin and the minimum time of one group.

    Parameters
    ----------
    mean_time, min_time : int
    days : int
        Work days; a year has about 261.
    seed : int
        The coins of a seed are the same for all settings: what falls at a mean of 5 falls at a mean of 2.

    Returns
    -------
    list of int
        The work days with a kill, from 0.

    Examples
    --------
    >>> len(kill_days(1)), kill_days(1, min_time=3, days=10)
    (261, [0, 3, 6, 9])
    """
    chance = kill_probability(mean_time)
    blocked = _blocked(min_time)
    found: list[int] = []
    for day in np.flatnonzero(np.random.default_rng(seed).random(_days(days)) <= chance):
        if not found or day - found[-1] > blocked:
            found.append(int(day))
    return found


def _blocked(min_time):
    if not is_whole(min_time, 0):
        raise BadInput(f"The minimum time between kills is 0 work days or more, not {min_time!r}.")
    return max(min_time - 1, 0)


def _days(days):
    if not is_whole(days, 1):
        raise BadInput(f"Count work days from 1, not {days!r}.")
    return days

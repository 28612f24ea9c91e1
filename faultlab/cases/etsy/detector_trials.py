"""A detector that somebody wrote, tried on weeks of a shop's orders that it has not seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from faultlab.errors import BadInput

A_DAY = 144
"""Points of ten minutes."""
DAYS = 7
_NOISE = 10.0


def detector_trial(
    detect: Callable[[list[float]], bool], height: float = 6.0, seed: int = 0, weeks: int = 60
) -> float:
    """Return the per cent of weeks about which a detector is wrong.

    Half of the weeks end in half an hour of trouble: the last three points are off by `height` times the
    noise, up or down; the others end as any day does. A week has a shop's nights and evenings.

    Parameters
    ----------
    detect : callable
        Called with a week, a list of 1,008 numbers, the newest last; returns True for an alarm.
    height : float
        Of the trouble, in standard deviations of the noise.
    seed : int
    weeks : int
        In all; even.

    Raises
    ------
    BadInput
        If `detect` returns anything but True or False.

    Examples
    --------
    >>> detector_trial(lambda week: True), detector_trial(lambda week: False)
    (50.0, 50.0)
    """
    wrong = 0
    for week, trouble in trial_weeks(height, seed, weeks):
        said = detect(week)
        if not isinstance(said, bool | np.bool_):
            raise BadInput(f"The detector has to return True or False; it returned {said!r}.")
        wrong += bool(said) != trouble
    return 100 * wrong / weeks


def trial_weeks(height: float, seed: int, weeks: int = 60) -> Iterator[tuple[list[float], bool]]:
    """Yield weeks of orders as lists, each with whether it ends in trouble; see `detector_trial`."""
    rng = np.random.default_rng([seed, 60])
    hours = np.arange(A_DAY) / 6
    shape = 100 + 60 * np.sin((hours - 14) / 24 * 2 * np.pi) + 25 * np.sin((hours - 17) / 12 * 2 * np.pi)
    for number in range(weeks):
        turned = np.roll(shape, -int(rng.integers(A_DAY)))
        levels = rng.normal(0, _NOISE / 4, DAYS).repeat(A_DAY)
        week = np.tile(turned, DAYS) + levels + rng.normal(0, _NOISE, A_DAY * DAYS)
        trouble = number % 2 == 1
        if trouble:
            week[-3:] += height * _NOISE * (1 if rng.random() < 0.5 else -1)
        yield [round(value, 2) for value in week.tolist()], trouble

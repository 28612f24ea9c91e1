"""When a worker is taken out of rotation, and when it comes back: the rule of rise and fall."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Health:
    """What a balancer believes of a worker.

    Parameters
    ----------
    up : bool
        Whether requests are sent to it.
    against : int
        Checks in a row that spoke against that belief.
    """

    up: bool = True
    against: int = 0


def health_step(health: Health, passed: bool, rise: int = 2, fall: int = 3) -> Health:
    """Return what is believed after one more check.

    A worker that is up goes down after `fall` failed checks in a row, one that is down comes up after
    `rise` passed checks in a row; a single check that agrees with the belief starts the count anew.

    Parameters
    ----------
    health : Health
    passed : bool
        The result of this check.
    rise, fall : int
        Checks in a row, from 1 up.

    Returns
    -------
    Health

    References
    ----------
    HAProxy Configuration Manual, server options `rise` and `fall`, whose defaults are 2 and 3.

    Examples
    --------
    >>> health_step(Health(up=True, against=2), passed=False)
    Health(up=False, against=0)
    >>> health_step(Health(up=True, against=2), passed=True)
    Health(up=True, against=0)
    """
    if passed == health.up:
        return Health(health.up, 0)
    against = health.against + 1
    if against >= (fall if health.up else rise):
        return Health(not health.up, 0)
    return Health(health.up, against)


def health_history(checks: Iterable[bool], rise: int = 2, fall: int = 3) -> list[bool]:
    """Return, after each check, whether a worker is in rotation that was there before the first.

    Examples
    --------
    >>> health_history([False, False, True, False, False, False, True, True])
    [True, True, True, True, True, False, False, True]
    """
    health, history = Health(True), []
    for passed in checks:
        health = health_step(health, passed, rise, fall)
        history.append(health.up)
    return history


def detection_seconds(
    every: float, timeout: float, fall: int = 3, answers_nothing: bool = True
) -> tuple[float, float]:
    """Return the shortest and longest time in which `fall` checks in a row find a failure.

    The failure falls somewhere between two checks. A check of a worker that answers nothing (stopped,
    or behind a broken network) fails when its time is up; one that refuses connections fails at once.

    Parameters
    ----------
    every : float
        Seconds from the end of a check to the start of the next.
    timeout : float
        Seconds a check waits.

    Examples
    --------
    >>> detection_seconds(every=0.25, timeout=0.25)
    (1.25, 1.5)
    >>> detection_seconds(every=0.25, timeout=0.25, answers_nothing=False)
    (0.5, 0.75)
    """
    wait = timeout if answers_nothing else 0.0
    shortest = fall * wait + (fall - 1) * every
    return shortest, shortest + every

"""A monkey at work: day after day by the rules, over anything that can list instances and end one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import numpy as np

from faultlab.cases.netflix.groups import Instance
from faultlab.cases.netflix.records import KillRecords
from faultlab.cases.netflix.schedule import schedule
from faultlab.cases.netflix.terminations import Decision, terminate
from faultlab.design.calls import WallClock
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.cases.netflix.apps import AppConfig
    from faultlab.cases.netflix.config import MonkeyConfig
    from faultlab.design.calls import VirtualClock

MONDAY = date(2026, 3, 2)


class Prey(Protocol):
    """What a monkey can be let loose on."""

    def instances(self) -> list[Instance]:
        """The instances that are there now."""

    def terminate(self, instance: Instance) -> None:
        """End one of them."""


@dataclass(frozen=True)
class Attempt:
    """One entry of a schedule that came due: its time by the calendar, and what came of it."""

    time: datetime
    decision: Decision

    def __str__(self):
        return f"{self.time:%A %H:%M}: {self.decision.reason}"


@dataclass(frozen=True)
class Hunt:
    """What a monkey did.

    Attributes
    ----------
    attempts : tuple of Attempt
    stopped : str
        Why it was called back before its time; "" if it was not.
    """

    attempts: tuple[Attempt, ...]
    stopped: str = ""

    @property
    def killed(self) -> list[Instance]:
        """The instances that were killed, in their order."""
        decisions = (attempt.decision for attempt in self.attempts)
        return [one.instance for one in decisions if one.killed and one.instance is not None]


def hunt(
    prey: Prey,
    config: MonkeyConfig,
    apps: dict[str, AppConfig],
    days: int = 5,
    seconds_a_day: float = 2.0,
    seed: int = 0,
    stop: Callable[[], str] | None = None,
    clock: WallClock | VirtualClock | None = None,
) -> Hunt:
    """Let a monkey work for some days, each of which lasts some seconds.

    Parameters
    ----------
    prey : Prey
    config : MonkeyConfig
        Leashed, it says what it would do.
    apps : dict
        From name to AppConfig.
    days : int
        By the calendar, from a Monday on: at a weekend nothing happens.
    seconds_a_day : float
        A day of 24 hours is played in so many seconds.
    seed : int
    stop : callable, optional
        The stop condition, asked twenty times a day and before each kill: returns "", or the reason to
        stop. If it fails, that is a reason.
    clock : WallClock or VirtualClock, optional

    Returns
    -------
    Hunt

    Raises
    ------
    BadInput
        For fewer than one day or no time.

    Examples
    --------
    >>> from faultlab.cases.netflix.apps import AppConfig
    >>> from faultlab.cases.netflix.config import MonkeyConfig
    >>> from faultlab.design.calls import VirtualClock
    >>> class Pair:
    ...     left = [Instance("web-prod", "here", "1"), Instance("web-prod", "here", "2")]
    ...     def instances(self):
    ...         return list(self.left)
    ...     def terminate(self, instance):
    ...         self.left.remove(instance)
    >>> every_day = {"web": AppConfig(mean_time=1)}
    >>> leashed = MonkeyConfig(enabled=True, schedule_enabled=True, accounts=("prod",))
    >>> len(hunt(Pair(), leashed, every_day, clock=VirtualClock()).attempts), len(Pair.left)
    (5, 2)
    """
    if not isinstance(days, int) or days < 1 or not seconds_a_day > 0:
        raise BadInput(f"A hunt takes 1 day or more of some seconds, not {days!r} of {seconds_a_day!r}.")
    clock = WallClock() if clock is None else clock
    rng = np.random.default_rng(seed)
    began = clock()
    attempts: list[Attempt] = []

    def wait(until):
        """Wait for a time in days since the hunt began; the reason to stop, if there is one."""
        until = began + until * seconds_a_day
        while True:
            reason = _reason(stop)
            left = until - clock()
            if reason or left <= 0:
                return reason
            clock.sleep(min(left, seconds_a_day / 20))

    records = KillRecords()
    for number in range(days):
        day = MONDAY + timedelta(days=number)
        midnight = datetime(day.year, day.month, day.day, tzinfo=config.zone)
        for planned in schedule(day, config, apps, prey.instances(), rng):
            reason = wait(number + (planned.time - midnight) / timedelta(days=1))
            if reason:
                return Hunt(tuple(attempts), reason)
            found = terminate(
                planned.group,
                planned.time,
                config,
                apps,
                prey.instances(),
                records,
                prey.terminate,
                rng,
            )
            attempts.append(Attempt(planned.time, found))
        reason = wait(number + 1)
        if reason:
            return Hunt(tuple(attempts), reason)
    return Hunt(tuple(attempts))


def _reason(stop):
    if stop is None:
        return ""
    try:
        return stop() or ""
    except Exception as wrong:
        return f"The stop condition can't be told ({wrong})."


def leashed(config: MonkeyConfig) -> MonkeyConfig:
    """Return the same settings on the leash; `unleashed` takes it off.

    >>> from faultlab.cases.netflix.config import MonkeyConfig
    >>> leashed(MonkeyConfig(leashed=False)).leashed
    True
    """
    return replace(config, leashed=True)


def unleashed(config: MonkeyConfig) -> MonkeyConfig:
    """Return the same settings without the leash."""
    return replace(config, leashed=False)

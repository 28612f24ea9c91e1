"""The morning of a work day: a coin for each group, and a minute for each kill."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from faultlab.cases.netflix.days import is_work_day
from faultlab.cases.netflix.groups import InstanceGroup, instance_groups
from faultlab.errors import BadInput, is_whole

if TYPE_CHECKING:
    from faultlab.cases.netflix.apps import AppConfig
    from faultlab.cases.netflix.config import MonkeyConfig
    from faultlab.cases.netflix.groups import Instance


@dataclass(frozen=True)
class ScheduledKill:
    """One entry of a schedule: at this time, one instance of this group."""

    time: datetime
    group: InstanceGroup


def kill_probability(mean_time: int) -> float:
    """Return the chance that a group's coin falls on a work day: 1 in `mean_time`.

    >>> kill_probability(5)
    0.2
    """
    if not is_whole(mean_time, 1):
        raise BadInput(f"The mean time between kills is 1 working day or more, not {mean_time!r}.")
    return 1 / mean_time


def choose_time(day: date, config: MonkeyConfig, rng: np.random.Generator) -> datetime:
    """Draw the time of a kill: a whole minute, each equally likely, from `start_hour` to before `end_hour`.

    Parameters
    ----------
    day : date
    config : MonkeyConfig
    rng : numpy.random.Generator

    Returns
    -------
    datetime
        In the zone of `config`. It may have passed: nothing says that it lies in the future.
    """
    minute = int(rng.integers((config.end_hour - config.start_hour) * 60))
    start = datetime(day.year, day.month, day.day, config.start_hour, tzinfo=config.zone)
    return (start.astimezone(UTC) + timedelta(minutes=minute)).astimezone(config.zone)


def schedule(
    day: date,
    config: MonkeyConfig,
    apps: dict[str, AppConfig],
    instances: Iterable[Instance],
    rng: np.random.Generator,
    keep: Callable[[list[ScheduledKill]], list[ScheduledKill]] | None = None,
) -> list[ScheduledKill]:
    """Make the schedule of one day, as the daily cron job does.

    Parameters
    ----------
    day : date
        Nothing is done at a weekend: the job runs from Monday to Friday.
    config : MonkeyConfig
        Nothing is done unless it is `schedule_enabled`. Whether it is `enabled` does not count yet: that
        is asked when it comes to the kill.
    apps : dict
        From name to AppConfig; the first `max_apps` of them are looked at.
    instances : iterable of Instance
    rng : numpy.random.Generator
    keep : callable, optional
        Constrainer: gets the list of kills and returns those that may stay.

    Returns
    -------
    list of ScheduledKill
        By time.

    References
    ----------
    Netflix/chaosmonkey, command/schedule.go and schedule/schedule.go.
    """
    if not config.schedule_enabled or not is_work_day(day):
        return []
    instances = list(instances)
    found = []
    for app in list(apps)[: config.max_apps]:
        if not apps[app].enabled:
            continue
        chance = kill_probability(apps[app].mean_time)
        for group in instance_groups(instances, app, apps[app]):
            if chance >= rng.random():
                found.append(ScheduledKill(choose_time(day, config, rng), group))
    if keep is not None:
        found = list(keep(found))
    return sorted(found, key=lambda kill: (kill.time, kill.group))

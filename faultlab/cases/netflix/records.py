"""What Chaos Monkey remembers: its kills, and which of them forbid another one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from faultlab.cases.netflix.days import no_kills_since

if TYPE_CHECKING:
    from faultlab.cases.netflix.apps import AppConfig
    from faultlab.cases.netflix.config import MonkeyConfig
    from faultlab.cases.netflix.groups import Instance


class TooSoon(Exception):
    """A kill that would come sooner after another one than the owner allows."""

    def __init__(self, instance: str, killed_at: datetime) -> None:
        super().__init__(f"{instance} was killed at {killed_at.isoformat()}, which is too recent")
        self.instance, self.killed_at = instance, killed_at


class KillRecords:
    """The kills so far: who, when, and whether the monkey was on its leash."""

    def __init__(self) -> None:
        self._kills: list[tuple[Instance, datetime, bool]] = []

    def check_and_record(
        self, instance: Instance, now: datetime, app_config: AppConfig, config: MonkeyConfig, leashed: bool
    ) -> None:
        """Record a kill, unless it comes too soon after another one.

        Parameters
        ----------
        instance : Instance
        now : datetime
        app_config : AppConfig
            Its grouping and regions say which earlier kills count.
        config : MonkeyConfig
            For the end of the work day and its zone.
        leashed : bool
            A leashed kill is recorded too. It doesn't stand in the way of a real one.

        Raises
        ------
        TooSoon
        BadInput
            If `now` has no zone.

        References
        ----------
        Netflix/chaosmonkey, mysql/mysql.go: Check, respectsMinTimeBetweenKills, recordTermination.
        """
        since = no_kills_since(app_config.min_time, now, config.end_hour, config.zone)
        alike = ["app", "account"]
        if app_config.grouping != "app":
            alike.append(app_config.grouping)
        if app_config.regions_are_independent:
            alike.append("region")
        for earlier, at, on_leash in self._kills:
            counts = at >= since and (leashed or not on_leash)
            if counts and all(getattr(earlier, name) == getattr(instance, name) for name in alike):
                raise TooSoon(earlier.id, at)
        self._kills.append((instance, now, leashed))

"""Chaos Monkey's own settings: off, leashed and without a schedule at first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from faultlab.errors import BadInput
from faultlab.metrics.incidents import read_zone


@dataclass(frozen=True)
class MonkeyConfig:
    """The settings of Chaos Monkey itself, with the defaults of its code.

    References
    ----------
    Netflix/chaosmonkey, config/param/param.go and config/monkey.go; the keys that say where things are
    (database, Spinnaker, cron files) change no rule and are left out.
    """

    enabled: bool = False
    leashed: bool = True
    schedule_enabled: bool = False
    accounts: tuple[str, ...] = ()
    start_hour: int = 9
    end_hour: int = 15
    time_zone: str = "America/Los_Angeles"
    max_apps: int = 2**31 - 1

    def __post_init__(self):
        for name in ("start_hour", "end_hour"):
            if not 0 <= getattr(self, name) <= 23:
                raise BadInput(f"chaosmonkey.{name} is an hour from 0 to 23, not {getattr(self, name)!r}.")
        if self.end_hour <= self.start_hour:
            raise BadInput(
                f"chaosmonkey.end_hour ({self.end_hour}) has to be later than start_hour ({self.start_hour})."
            )
        if self.max_apps < 0:
            raise BadInput(f"chaosmonkey.max_apps is a number of apps from 0 up, not {self.max_apps!r}.")
        object.__setattr__(self, "accounts", tuple(self.accounts))
        _ = self.zone  # refuses what is no zone

    @property
    def zone(self) -> tzinfo:
        """The time zone of the hours."""
        return read_zone(self.time_zone)

"""What Chaos Monkey remembers: its kills, in a database that several monkeys may share."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from faultlab.cases.netflix.days import no_kills_since
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.cases.netflix.apps import AppConfig
    from faultlab.cases.netflix.config import MonkeyConfig
    from faultlab.cases.netflix.groups import Instance

_TABLES = """
CREATE TABLE IF NOT EXISTS terminations (
    app TEXT, account TEXT, stack TEXT, cluster TEXT, region TEXT, instance TEXT,
    killed_at TEXT, leashed INTEGER);
CREATE INDEX IF NOT EXISTS by_app ON terminations (app, account, killed_at);
"""


class TooSoon(Exception):
    """A kill that would come sooner after another one than the owner allows."""

    def __init__(self, instance: str, killed_at: datetime) -> None:
        super().__init__(f"{instance} was killed at {killed_at.isoformat()}, which is too recent")
        self.instance, self.killed_at = instance, killed_at


class KillRecords:
    """Kills in SQLite; a `with` block closes it.

    Parameters
    ----------
    path : str or path
        A file, which several monkeys may share, or ":memory:".
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._db.executescript(_TABLES)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def check_and_record(
        self, instance: Instance, now: datetime, app_config: AppConfig, config: MonkeyConfig, leashed: bool
    ) -> None:
        """Record a kill, unless it comes too soon after another one; both in one transaction.

        Two monkeys that ask at the same time can't both be allowed: the second one waits until the first
        has written, and then sees what it wrote.

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
        where: dict[str, str | int] = {"app": instance.app, "account": instance.account}
        if app_config.grouping != "app":
            where[app_config.grouping] = getattr(instance, app_config.grouping)
        if app_config.regions_are_independent:
            where["region"] = instance.region
        if not leashed:
            where["leashed"] = 0
        query = "SELECT instance, killed_at FROM terminations WHERE killed_at >= ?"
        query += "".join(f" AND {column} = ?" for column in where)
        with self._transaction():
            found = self._db.execute(query + " LIMIT 1", [_stamp(since), *where.values()]).fetchone()
            if found:
                raise TooSoon(found[0], datetime.fromisoformat(found[1]))
            names = ("app", "account", "stack", "cluster", "region", "id")
            self._db.execute(
                "INSERT INTO terminations VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    *(getattr(instance, name) for name in names),
                    _stamp(now),
                    int(leashed),
                ],
            )

    @contextmanager
    def _transaction(self):
        # IMMEDIATE takes the lock before the first look, so that nothing can come between look and entry.
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _stamp(moment):
    if moment.utcoffset() is None:
        raise BadInput(f"The time {moment!s} has no zone; give one, as in datetime.now(UTC).")
    # All in UTC and of one length, so that texts sort as times do.
    return moment.astimezone(UTC).isoformat(timespec="microseconds")

"""Chaos Monkey's own configuration file, chaosmonkey.toml: off, leashed and without a schedule at first."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from faultlab.errors import BadInput
from faultlab.input_files import text_of
from faultlab.metrics.incidents import read_zone

MOST_BYTES = 1_000_000

# Key to type and default, as config/param/param.go and config/monkey.go have them.
KEYS = {
    "chaosmonkey.enabled": (bool, False),
    "chaosmonkey.leashed": (bool, True),
    "chaosmonkey.schedule_enabled": (bool, False),
    "chaosmonkey.accounts": (list, ()),
    "chaosmonkey.start_hour": (int, 9),
    "chaosmonkey.end_hour": (int, 15),
    "chaosmonkey.time_zone": (str, "America/Los_Angeles"),
    "chaosmonkey.cron_path": (str, "/etc/cron.d/chaosmonkey-daily-terminations"),
    "chaosmonkey.term_path": (str, "/apps/chaosmonkey/chaosmonkey-terminate.sh"),
    "chaosmonkey.term_account": (str, "root"),
    "chaosmonkey.max_apps": (int, 2**31 - 1),
    "chaosmonkey.trackers": (list, ()),
    "chaosmonkey.error_counter": (str, ""),
    "chaosmonkey.decryptor": (str, ""),
    "chaosmonkey.outage_checker": (str, ""),
    "chaosmonkey.cron_expression": (str, ""),
    "chaosmonkey.schedule_cron_path": (str, "/etc/cron.d/chaosmonkey-schedule"),
    "chaosmonkey.schedule_path": (str, "/apps/chaosmonkey/chaosmonkey-schedule.sh"),
    "chaosmonkey.log_path": (str, "/var/log"),
    "spinnaker.endpoint": (str, ""),
    "spinnaker.certificate": (str, ""),
    "spinnaker.encrypted_password": (str, ""),
    "spinnaker.user": (str, ""),
    "spinnaker.x509_cert": (str, ""),
    "spinnaker.x509_key": (str, ""),
    "database.host": (str, ""),
    "database.port": (int, 3306),
    "database.user": (str, ""),
    "database.encrypted_password": (str, ""),
    "database.name": (str, ""),
    "dynamic.provider": (str, ""),
    "dynamic.endpoint": (str, ""),
    "dynamic.path": (str, ""),
}

_WORDS = {bool: "true or false", int: "a whole number", str: "text", list: "a list of texts"}


@dataclass(frozen=True)
class MonkeyConfig:
    """The settings of Chaos Monkey itself, with the defaults of its code.

    `other` holds the keys that say where things are (database, Spinnaker, cron files) and change no rule.
    """

    enabled: bool = False
    leashed: bool = True
    schedule_enabled: bool = False
    accounts: tuple[str, ...] = ()
    start_hour: int = 9
    end_hour: int = 15
    time_zone: str = "America/Los_Angeles"
    max_apps: int = 2**31 - 1
    other: dict[str, Any] = field(default_factory=dict)

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
        """The time zone of the hours; as in Go, "" is UTC and "Local" that of the machine."""
        if self.time_zone == "":
            return UTC
        return _local_zone() if self.time_zone == "Local" else read_zone(self.time_zone)


def read_monkey_config(source: Path | str = "") -> MonkeyConfig:
    """Read chaosmonkey.toml.

    Parameters
    ----------
    source : Path or str
        A Path, or a path as text; a text that is empty or has a line end, a bracket or an equals sign is the
        configuration itself.

    Returns
    -------
    MonkeyConfig

    Raises
    ------
    BadInput
        If it is no TOML, has a key that Chaos Monkey doesn't know, or a value of the wrong type. Chaos
        Monkey overlooks an unknown key: with `leached = false` it stays leashed and says nothing.

    References
    ----------
    Netflix/chaosmonkey, docs/Configuration-file-format.md, config/param/param.go, config/monkey.go.

    Examples
    --------
    >>> found = read_monkey_config('''
    ... [chaosmonkey]
    ... enabled = true
    ... accounts = ["prod"]
    ... ''')
    >>> found.enabled, found.leashed, found.schedule_enabled, found.accounts
    (True, True, False, ('prod',))
    """
    itself = isinstance(source, str) and (not source.strip() or any(sign in source for sign in "\n[="))
    text = str(source) if itself else text_of(source, MOST_BYTES, "a configuration")
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        hint = "; for a file of such a name, give a Path" if itself and "\n" not in text else ""
        raise BadInput(f"The configuration is no TOML ({wrong}){hint}.") from None
    values = {}
    for section, table in tables.items():
        if not isinstance(table, dict):
            raise BadInput(f"{section!r} stands outside of a section; put it under [chaosmonkey].")
        for name, value in table.items():
            # viper, which reads the file for Chaos Monkey, does not tell capitals from small letters.
            key = f"{section}.{name}".lower()
            values[key] = _value(key, value)
    rules = {key: values.pop(f"chaosmonkey.{key}") for key in _RULES if f"chaosmonkey.{key}" in values}
    return MonkeyConfig(**rules, other=values)


_RULES = [name for name in MonkeyConfig.__dataclass_fields__ if name != "other"]


def _value(key, value):
    if key not in KEYS:
        section = key.split(".")[0]
        known = [name.split(".", 1)[1] for name in KEYS if name.startswith(section + ".")]
        if not known:
            sections = dict.fromkeys(name.split(".")[0] for name in KEYS)
            raise BadInput(f"{key}: there is no section [{section}]; there are {', '.join(sections)}.")
        raise BadInput(f"{key}: unknown key; [{section}] knows {', '.join(known)}.")
    kind = KEYS[key][0]
    if kind is list:
        return _texts(key, value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise BadInput(f"{key}: write {_WORDS[kind]}, not {value!r}.")
    return value


def _texts(key, value):
    """A list of texts; Chaos Monkey also takes one that is written as JSON in a text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadInput(f'{key}: write a list of texts, such as ["prod"].')
    return tuple(value)


def _local_zone():
    """The machine's own zone; where it doesn't tell its rules, the offset that it has now."""
    try:
        with Path("/etc/localtime").open("rb") as rules:
            return ZoneInfo.from_file(rules, key="Local")
    except (OSError, ValueError):
        return datetime.now().astimezone().tzinfo

"""What the owner of a service tells Chaos Monkey: how often, in which groups, and what to spare."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from faultlab.errors import BadInput

GROUPINGS = ("app", "stack", "cluster")


@dataclass(frozen=True)
class Exemption:
    """What an owner has opted out ("exception" in Chaos Monkey); "*" in a field matches everything.

    An empty stack or detail matches only clusters without one.
    """

    account: str
    stack: str = ""
    detail: str = ""
    region: str = "*"

    def matches(self, account: str, stack: str, detail: str, region: str) -> bool:
        """Whether it spares this cluster in this region.

        >>> Exemption("prod", stack="*", detail="db", region="*").matches("prod", "live", "db", "eu-west")
        True
        """
        pairs = ((self.account, account), (self.stack, stack), (self.detail, detail), (self.region, region))
        return all(wanted in ("*", found) for wanted, found in pairs)


@dataclass(frozen=True)
class AppConfig:
    """Chaos Monkey's settings for one application.

    Attributes
    ----------
    enabled : bool
    mean_time, min_time : int
        Between kills in a group, in work days; the mean from 1, the minimum from 0.
    grouping : str
        One instance at a time of each "app", "stack" or "cluster".
    regions_are_independent : bool
        Whether each region has groups of its own.
    exceptions : tuple of Exemption
    whitelist : bool
        Whether there is a whitelist. It is no longer supported: such an application is never touched.

    Notes
    -----
    `NEW_APP_IN_CODE` and `NEW_APP_IN_DOCS` are the defaults of a new application: `NewAppConfig` in
    chaosmonkey.go says mean 5 and minimum 0, docs/Configuring-behavior-via-Spinnaker.md says 2 and 1.
    """

    enabled: bool = True
    mean_time: int = 5
    min_time: int = 0
    grouping: str = "cluster"
    regions_are_independent: bool = True
    exceptions: tuple[Exemption, ...] = ()
    whitelist: bool = False

    def __post_init__(self):
        if self.grouping not in GROUPINGS:
            raise BadInput(f"There is no grouping {self.grouping!r}; choose one of {', '.join(GROUPINGS)}.")
        if not _whole(self.mean_time) or (self.enabled and self.mean_time < 1):
            raise BadInput(f"The mean time between kills is 1 work day or more, not {self.mean_time!r}.")
        if not _whole(self.min_time) or self.min_time < 0:
            raise BadInput(f"The minimum time between kills is 0 work days or more, not {self.min_time!r}.")
        object.__setattr__(self, "exceptions", tuple(self.exceptions))


def _whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


_KEYS = {
    "enabled": bool,
    "grouping": str,
    "meanTimeBetweenKillsInWorkDays": int,
    "minTimeBetweenKillsInWorkDays": int,
    "regionsAreIndependent": bool,
    "exceptions": list,
    "whitelist": list,
}


def read_app_config(source: str | dict[str, Any]) -> AppConfig:
    """Read an application's settings as Spinnaker keeps them.

    Parameters
    ----------
    source : str or dict
        JSON with `attributes.chaosMonkey`, or that inner part alone.

    Returns
    -------
    AppConfig

    Raises
    ------
    BadInput
        With the key. Chaos Monkey overlooks keys that it doesn't know, so that exceptions in the wrong
        place protect nobody; here they are refused.

    References
    ----------
    Netflix/chaosmonkey, spinnaker/fromjson.go.

    Examples
    --------
    >>> found = read_app_config({"enabled": True, "grouping": "app", "regionsAreIndependent": True,
    ...     "meanTimeBetweenKillsInWorkDays": 4, "minTimeBetweenKillsInWorkDays": 1})
    >>> found.mean_time, found.min_time, found.grouping
    (4, 1, 'app')
    """
    if isinstance(source, str):
        try:
            source = json.loads(source)
        except ValueError as wrong:
            raise BadInput(f"The application's settings are no JSON ({wrong}).") from None
    found = _part(_part(source, "attributes"), "chaosMonkey")
    if not isinstance(found, Mapping):
        raise BadInput("attributes.chaosMonkey is missing; it holds enabled, grouping and the two times.")
    for key, value in found.items():
        if key not in _KEYS:
            raise BadInput(f"attributes.chaosMonkey: unknown key {key!r}; known are {', '.join(_KEYS)}.")
        if not isinstance(value, _KEYS[key]) or (_KEYS[key] is int and not _whole(value)):
            raise BadInput(f"attributes.chaosMonkey.{key}: write a {_WORDS[_KEYS[key]]}, not {value!r}.")
    enabled = _needed(found, "enabled")
    if not enabled:
        return AppConfig(enabled=False)
    return AppConfig(
        enabled=True,
        mean_time=_needed(found, "meanTimeBetweenKillsInWorkDays"),
        min_time=_needed(found, "minTimeBetweenKillsInWorkDays"),
        grouping=_needed(found, "grouping"),
        regions_are_independent=found.get("regionsAreIndependent", False),
        exceptions=tuple(map(_exemption, found.get("exceptions", []))),
        whitelist="whitelist" in found,
    )


_WORDS = {bool: "true or false", str: "text", int: "whole number", list: "list"}


def _part(source, key):
    return source[key] if isinstance(source, Mapping) and key in source else source


def _needed(found, key):
    if key not in found:
        raise BadInput(f"attributes.chaosMonkey.{key} is missing; an enabled application needs it.")
    return found[key]


def _exemption(row):
    known = [field.name for field in fields(Exemption)]
    if not isinstance(row, Mapping) or not set(row) <= set(known):
        raise BadInput(f"exceptions: {row!r} is none; each has {', '.join(known)}.")
    for key in ("account", "region"):
        if not row.get(key):
            raise BadInput(f'exceptions: {row!r} has no {key}; write "*" for all of them.')
    return Exemption(**row)

"""Post-mortems as Etsy's Morgue keeps them, read as the incidents that `measure` takes.

The fields are those of github.com/etsy/morgue (MIT): start, detection, status and end, as Unix seconds, the
severity, and why those involved were surprised. A 0 stands for a time that nobody wrote down.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from faultlab.errors import BadInput
from faultlab.metrics.incidents.stretches import Incident
from faultlab.metrics.reports.measurement import Durations, summarise

if TYPE_CHECKING:
    from collections.abc import Sequence

SEVERITIES = (1, 2, 3, 4, 5)
"""1 is the worst."""


@dataclass(frozen=True)
class PostMortem:
    """One record; times in UTC, None where unknown.

    `told` is when users were told, on a status page or elsewhere.
    """

    title: str
    start: datetime
    detected: datetime | None
    told: datetime | None
    end: datetime | None
    severity: int
    why_surprised: str = ""
    cause: str = ""
    service: str = ""

    @property
    def minutes_to_detect(self) -> float | None:
        """Minutes from start to detection; None when unknown."""
        return self._minutes(self.detected)

    @property
    def minutes_to_tell(self) -> float | None:
        """Minutes from start until users were told; None when unknown or never."""
        return self._minutes(self.told)

    @property
    def minutes_to_resolve(self) -> float | None:
        """Minutes from start to end; None while open."""
        return self._minutes(self.end)

    def incident(self, failed_share: float = 1.0) -> Incident:
        """Return it as an `Incident`, for `measure` and its relatives."""
        return Incident(self.start, self.end, self.detected, self.service, self.cause, 0, failed_share)

    def _minutes(self, moment):
        return None if moment is None else (moment - self.start).total_seconds() / 60


def read_post_mortems(text: str) -> list[PostMortem]:
    """Read post-mortems from JSON: a list of Morgue's records.

    Parameters
    ----------
    text : str
        `title`, `starttime` and `severity` are needed; `detecttime`, `statustime`, `endtime`,
        `why_surprised`, `cause` and `service` may be missing. What else is there is left alone.

    Returns
    -------
    list of PostMortem

    Raises
    ------
    BadInput
        With the number of the record and what to do.

    Examples
    --------
    >>> one = read_post_mortems('''[{"title": "Checkout stood", "starttime": 1767780000, "severity": 2,
    ...     "detecttime": 1767780300, "statustime": 1767781800, "endtime": 1767783600}]''')[0]
    >>> one.minutes_to_detect, one.minutes_to_tell, one.minutes_to_resolve
    (5.0, 30.0, 60.0)
    """
    try:
        records = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput("The post-mortems are no JSON; a list of records is needed.") from None
    if not isinstance(records, list):
        raise BadInput("The post-mortems are no list; put the records between [ and ].")
    return [_read(record, number) for number, record in enumerate(records, start=1)]


def _read(record, number):
    if not isinstance(record, dict):
        raise BadInput(f"Record {number} is no object; it has fields such as starttime.")
    start, detected, told, end = (
        _moment(record, name, number) for name in ("starttime", "detecttime", "statustime", "endtime")
    )
    if start is None:
        raise BadInput(f"Record {number} has no starttime; write it in Unix seconds.")
    for name, moment in (("detecttime", detected), ("statustime", told), ("endtime", end)):
        if moment is not None and moment < start:
            raise BadInput(f"Record {number} has its {name} before its starttime; correct one of them.")
    severity = record.get("severity")
    if severity not in SEVERITIES or isinstance(severity, bool):
        raise BadInput(f"Record {number} has the severity {severity!r}; it is from 1, the worst, to 5.")
    words = [str(record.get(name) or "") for name in ("title", "why_surprised", "cause", "service")]
    if not words[0].strip():
        raise BadInput(f"Record {number} has no title; give it one.")
    return PostMortem(words[0], start, detected, told, end, int(severity), *words[1:])


def _moment(record, name, number):
    seconds = record.get(name) or 0
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not math.isfinite(seconds):
        raise BadInput(f"Record {number} has the {name} {seconds!r}; write it in Unix seconds.")
    if seconds == 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise BadInput(f"Record {number} has a {name} outside the calendar; write Unix seconds.") from None


@dataclass(frozen=True)
class PostMortemTimes:
    """Durations in minutes of the records that have them; None where none has.

    `never_told` counts records without a status time, `told_after_the_end` those whose users heard of it when
    it was over.
    """

    records: int
    detect: Durations | None
    tell: Durations | None
    resolve: Durations | None
    never_told: int
    told_after_the_end: int


def post_mortem_times(records: Sequence[PostMortem]) -> PostMortemTimes:
    """Return the times to detect, to tell users and to resolve of post-mortems.

    >>> post_mortem_times([]).records
    0
    """
    records = list(records)
    columns = [
        [getattr(record, name) for record in records]
        for name in ("minutes_to_detect", "minutes_to_tell", "minutes_to_resolve")
    ]
    known = [[minutes for minutes in column if minutes is not None] for column in columns]
    detect, tell, resolve = (summarise(minutes) for minutes in known)
    return PostMortemTimes(
        len(records),
        detect,
        tell,
        resolve,
        never_told=columns[1].count(None),
        told_after_the_end=sum(bool(r.told and r.end and r.told > r.end) for r in records),
    )

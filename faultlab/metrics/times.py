"""Times as people write them: with an offset, or local to a zone that is named."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from faultlab.errors import BadInput

_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?\Z", re.IGNORECASE)
_SPACE_BEFORE_OFFSET = re.compile(r"\s+(?=(?:[+-]\d{2}:?\d{2}|Z)\Z)", re.IGNORECASE)
_UTC_NAME = re.compile(r"\s*(?:UTC|GMT)\Z", re.IGNORECASE)
_DATE_FIRST = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]|\Z)", re.IGNORECASE)


def read_zone(name):
    """Return the time zone called `name`: "Europe/Berlin", "UTC" or an offset such as "+02:00".

    Raises
    ------
    BadInput
        If there is no such zone.

    Examples
    --------
    >>> read_zone("+02:00").utcoffset(None)
    datetime.timedelta(seconds=7200)
    """
    text = str(name).strip()
    if text.upper() in ("UTC", "GMT", "Z"):
        return UTC
    offset = _OFFSET.match(text)
    if offset:
        sign = -1 if offset[1] == "-" else 1
        hours, minutes = int(offset[2]), int(offset[3] or 0)
        if hours <= 14 and minutes < 60:
            return timezone(sign * timedelta(hours=hours, minutes=minutes))
    else:
        try:
            return ZoneInfo(text)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    raise BadInput(f"There is no time zone {name!r}; write one such as Europe/Berlin, UTC or +02:00.")


def read_time(text, zone=None):
    """Return a time in UTC.

    Parameters
    ----------
    text : str, datetime or date
        ISO 8601 (`2026-03-01T14:05Z`, `2026-03-01 14:05+01:00`, `2026-03-01`), to the microsecond.
        A date alone is its first moment.
    zone : str or tzinfo, optional
        The zone of times that carry no offset. Without it they are refused.

    Raises
    ------
    BadInput
        If the text is no time, has no zone, or the local time doesn't exist or happened twice.

    Examples
    --------
    >>> read_time("2026-03-01 14:05+01:00").isoformat()
    '2026-03-01T13:05:00+00:00'
    >>> read_time("2026-07-01 14:05", zone="Europe/Berlin").isoformat()
    '2026-07-01T12:05:00+00:00'
    """
    if isinstance(text, str):
        moment = _parse(text.strip())
    elif isinstance(text, datetime):
        moment = text
    elif isinstance(text, date):
        moment = datetime(text.year, text.month, text.day)
    else:
        raise BadInput(f"{text!r} is not a time; write it like 2026-03-01T14:05+01:00.")
    try:
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        if zone is not None:
            return _localise(moment, read_zone(zone) if isinstance(zone, str) else zone)
    except OverflowError:
        raise BadInput(f"{text!s} is too close to the end of the calendar; check the year.") from None
    raise BadInput(
        f"{text!s} has no time zone; write its offset, as in {text!s}+00:00, or name the file's zone."
    )


def _parse(text):
    # fromisoformat also takes week dates and 20260301; a table with those is more often a mistake.
    if _DATE_FIRST.match(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
        tidied = _UTC_NAME.sub("+00:00", _SPACE_BEFORE_OFFSET.sub("", text))
        try:
            return datetime.fromisoformat(tidied)
        except ValueError:
            pass
    raise BadInput(f"{text[:40]!r} is not a time; write it like 2026-03-01T14:05+01:00.")


def _localise(moment, zone):
    day = _steady_day(zone, moment.toordinal())
    if day is not None:
        local_midnight, midnight = day
        return midnight + (moment - local_midnight)
    early, late = moment.replace(tzinfo=zone, fold=0), moment.replace(tzinfo=zone, fold=1)
    if early.utcoffset() == late.utcoffset():
        return early.astimezone(UTC)
    happened_twice = early.utcoffset() > late.utcoffset()
    what = "happened twice" if happened_twice else "never happened"
    raise BadInput(f"{moment} {what} in {zone} because the clocks changed; write its offset.")


@lru_cache(maxsize=100_000)
def _steady_day(zone, day):
    """Return a day's local midnight and the same in UTC; None for a day on which the clocks change.

    A table has many incidents a day, and asking a zone for its offset is most of the work of reading one.
    """
    midnight = datetime.fromordinal(day)
    offsets = {
        edge.replace(tzinfo=zone, fold=fold).utcoffset()
        for edge in (midnight, midnight + timedelta(days=1))
        for fold in (0, 1)
    }
    return (midnight, midnight.replace(tzinfo=zone).astimezone(UTC)) if len(offsets) == 1 else None

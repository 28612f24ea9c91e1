"""Times as people write them: with an offset, or local to a zone that is named."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from faultlab.errors import BadInput
from faultlab.metrics.incidents.time_forms import written_time

_OFFSET = re.compile(r"(?:UTC|GMT)? ?([+-])(\d{1,2}):?(\d{2})?\Z", re.IGNORECASE | re.ASCII)
# Python takes the .30 of 10.30 and of 10:15.30 for a fraction of a second, which nobody means.
_DATE_FIRST = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ](?!\d\d(?::?\d\d)?[.,])|\Z)", re.ASCII)


def read_zone(name: str) -> tzinfo:
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


def read_time(
    text: str | datetime | date, zone: str | tzinfo | None = None, day_first: bool | None = None
) -> datetime:
    """Return a time in UTC.

    Parameters
    ----------
    text : str, datetime or date
        ISO 8601 (`2026-03-01T14:05Z`, `2026-03-01 14:05+01:00`, `2026-03-01`), to the microsecond, or another
        of the forms that `written_time` reads. A date alone is its first moment.
    zone : str or tzinfo, optional
        The zone of times that carry none. Without it they are refused.
    day_first : bool, optional
        Whether 03/04/2026 is in April. Without it such a date is refused.

    Raises
    ------
    BadInput
        If the text is no time, has no zone or two meanings, or its local time never happened or happened
        twice.

    Examples
    --------
    >>> read_time("2026-03-01 14:05+01:00").isoformat()
    '2026-03-01T13:05:00+00:00'
    >>> read_time("2026-07-01 14:05", zone="Europe/Berlin").isoformat()
    '2026-07-01T12:05:00+00:00'
    >>> read_time("2026-01-10T10:00:00+01:00[Europe/Berlin]").isoformat()
    '2026-01-10T09:00:00+00:00'
    """
    try:
        moment = _moment(text, day_first)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        if zone is not None:
            return _localise(moment, read_zone(zone) if isinstance(zone, str) else zone)
    except OverflowError:
        raise BadInput(f"{text!s} is too close to the end of the calendar; check the year.") from None
    raise BadInput(
        f"{text!s} has no time zone; write its offset, as in {text!s}+00:00, or name the file's zone."
    )


def _moment(text, day_first):
    if isinstance(text, datetime):
        return text
    if isinstance(text, date):
        return datetime(text.year, text.month, text.day)
    if not isinstance(text, str):
        raise BadInput(f"{text!r} is not a time; write it like 2026-03-01T14:05+01:00.")
    text = text.strip()
    if _DATE_FIRST.match(text):  # the form of most tables, and the fastest to read
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    written = written_time(text, day_first)
    zone = read_zone(written.region) if written.region else None
    if written.offset is None:
        return written.moment if zone is None else _localise(written.moment, zone)
    moment = written.moment.replace(tzinfo=timezone(written.offset))
    if zone is not None and not written.offset_is_z and moment.astimezone(zone).utcoffset() != written.offset:
        raise BadInput(f"{text[:60]!r}: {written.region} had another offset then; leave the right one.")
    return moment


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

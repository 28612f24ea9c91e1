"""The forms in which programs and people write a time: parts are read, and nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from faultlab.errors import BadInput

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan",
            "feb",
            "mar mär mrz",
            "apr",
            "may mai",
            "jun",
            "jul",
            "aug",
            "sep",
            "oct okt",
            "nov",
            "dec dez",
        ),
        start=1,
    )
    for name in names.split()
}
ABBREVIATIONS = {
    "UTC": 0, "GMT": 0, "UT": 0, "Z": 0, "WET": 0, "WEST": 60, "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120,
    "EET": 120, "EEST": 180, "MSK": 180, "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660, "NZST": 720,
    "NZDT": 780, "EST": -300, "EDT": -240, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
}  # fmt: skip
"""Minutes ahead of UTC of the abbreviations that have one meaning in use."""

UNCLEAR_ZONES = frozenset(("CST", "CDT", "IST", "BST", "AST", "ADT", "GST", "SST", "ECT", "AMT"))
"""Abbreviations of several zones: CST is one in the United States, in China and in Cuba."""

_EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # so that the numbers after 1900-02-28 fit, as in LibreOffice
_UNIX_ZERO = datetime(1970, 1, 1)
_EPOCH_UNITS = ((1, "seconds"), (10**3, "ms"), (10**6, "µs"), (10**9, "ns"))
_MONTH = r"(?P<month_name>[A-Za-zä]{3,9})\.?"
_DATES = tuple(
    re.compile(form, re.ASCII)
    for form in (
        r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?!\d)",
        r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?=T|\Z)",
        r"(?P<first>\d{1,2})(?P<sep>[-/.])(?P<second>\d{1,2})(?P=sep)(?P<year>\d{4}|\d\d)(?!\d)",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[-/. ]+{_MONTH}[-/., ]+(?P<year>\d{{4}}|\d\d)(?!\d)",
        rf"{_MONTH}[- ](?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[- ](?P<year>\d{{4}})(?!\d)",
        rf"(?P<year>\d{{4}})[-/ ]{_MONTH}[-/ ](?P<day>\d{{1,2}})(?!\d)",
    )
)
_CLOCK = re.compile(
    r"(?:[T_:]|,? at |, ?| - | )(?:"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
    r"|(?P<hour_2>\d\d)(?P<minute_2>\d\d)(?P<second_2>\d\d)?(?=[Z+-]|\Z))"
    r" ?(?P<half>[ap]\.?m\b\.?)?",
    re.IGNORECASE | re.ASCII,
)
_ONLY_CLOCK = re.compile(r"\d{1,2}:\d\d(:\d\d([.,]\d+)?)?( ?[ap]\.?m\.?)?", re.IGNORECASE | re.ASCII)
_TAIL = re.compile(
    r" ?(?:"
    r"(?P<offset>(?:UTC|GMT|Z)? ?[+-]\d{1,2}(?::?\d\d)?)(?![\d:])"
    r"|\[!?(?P<tagged>[A-Za-z][\w+-]*(?:/[\w+-]+)*)\]|\[!?[a-z_][\w-]*=[^\]]*\]"  # RFC 9557, section 4.1
    r"|(?P<region>[A-Z][A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+)"
    r"|(?P<name>(?i:utc|gmt|z)|[A-Z]{1,5})\b|\((?P<comment>[^()]*)\)"
    r"|m=[+-][\d.]+|Uhr\b)",  # m=: Go's monotonic clock
    re.ASCII,
)
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[a-z]*[,.]? ", re.IGNORECASE)
_UNIX_DATE = re.compile(r"([A-Z][a-z]{2}) (\d{1,2}) (\d\d:\d\d:\d\d)( [A-Z]{1,5})? (\d{4})")  # date(1), Java
_NUMBER = re.compile(r"(-?\d+)(?:[.,](\d+))?", re.ASCII)
_ROUNDED = re.compile(r"\d[.,]?\d*E\+?\d+", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class WrittenTime:
    """A time as it is written: the local moment, and the offset and the name of a zone where they stand."""

    moment: datetime
    offset: timedelta | None = None
    region: str | None = None
    offset_is_z: bool = False


def written_time(text: str, day_first: bool | None = None) -> WrittenTime:
    """Read a time in one of the forms that exports, spreadsheets and people use.

    Parameters
    ----------
    text : str
        ISO 8601, RFC 3339, RFC 9557, RFC 5322, ``05/Jan/26 10:00 AM``, ``1/5/2026 9:05``, ``20260105T1000Z``;
        a number is taken by its size for seconds, ms, µs or ns since 1970 (1985 to 2100), or for Excel's days
        since 1899-12-30 (1954 to 2119).
    day_first : bool, optional
        Whether 03/04/2026 is in April; without it such a date is refused. With dots the day comes first.

    Returns
    -------
    WrittenTime

    Raises
    ------
    BadInput
        For what is no time, has two meanings, or names two zones.

    Examples
    --------
    >>> written_time("05/Jan/26 10:00 AM").moment.isoformat()
    '2026-01-05T10:00:00'
    >>> written_time("2026-01-05 24:00 GMT+1")
    WrittenTime(moment=datetime.datetime(2026, 1, 6, 0, 0), offset=datetime.timedelta(seconds=3600), \
region=None, offset_is_z=False)
    >>> written_time("03/04/2026")
    Traceback (most recent call last):
        ...
    faultlab.errors.BadInput: '03/04/2026' is 3 April or 4 March, and nothing says which; write 2026-04-03, \
or name the order of day and month (--date-order).
    """
    tidy = " ".join(text.split()).replace("−", "-")
    number = _NUMBER.fullmatch(tidy)
    if number:
        return _from_number(text, number)
    if _ROUNDED.fullmatch(tidy):
        raise BadInput(f"{text[:40]!r} was rounded by a spreadsheet; export it again, or format it as text.")
    tidy = _WEEKDAY.sub("", tidy, count=1) if _WEEKDAY.match(tidy) else tidy
    tidy = _UNIX_DATE.sub(r"\1 \2 \5 \3\4", tidy, count=1)
    date = next((match for form in _DATES if (match := form.match(tidy))), None)
    if date is None:
        raise _no_time(text)
    clock = _CLOCK.match(tidy, date.end())
    rest = tidy[clock.end() if clock else date.end() :]
    if not clock and rest[:1] not in ("", " ", "Z"):
        raise _no_time(text)
    parts, time_of_day = _date_parts(date, text, day_first), _time_of_day(clock, text)
    try:
        moment = datetime(*parts) + time_of_day
    except (ValueError, OverflowError):
        raise _no_time(text) from None
    return WrittenTime(moment, *_zone_of(rest, text))


def is_clock(text: str) -> bool:
    """Tell whether a text is a time of day without a date, such as ``10:05`` or ``9:05 PM``.

    >>> is_clock("10:05"), is_clock("2026-01-05 10:05")
    (True, False)
    """
    return _ONLY_CLOCK.fullmatch(" ".join(text.split())) is not None


def order_of_dates(texts: Iterable[str]) -> tuple[bool | None, str]:
    """Tell from many dates whether the day comes first, by those that can be read in one way only.

    Returns
    -------
    tuple of (bool or None, str)
        True for the day, False for the month, None where no date decides or two contradict each other; and
        the date that decides, or "".

    Examples
    --------
    >>> order_of_dates(["03/04/2026 10:00", "13/04/2026 10:00"])
    (True, '13/04/2026 10:00')
    >>> order_of_dates(["03/04/2026", "13/04/2026", "04/13/2026"])
    (None, '')
    """
    deciding: dict[bool, str] = {}
    for text in texts:
        text = text.strip()
        parts = _DATES[2].match(_WEEKDAY.sub("", text, count=1) if text[:1].isalpha() else text)
        if parts and parts["sep"] != "." and (int(parts["first"]) > 12) != (int(parts["second"]) > 12):
            deciding.setdefault(int(parts["first"]) > 12, text)
    return next(iter(deciding.items())) if len(deciding) == 1 else (None, "")


def form_of_number(text: str) -> str | None:
    """Return what a number is taken for as a time, or None for what is no such number.

    >>> form_of_number("1767607200"), form_of_number("46027.5")
    ('seconds since 1970', "Excel's days since 1899-12-30")
    """
    number = _NUMBER.fullmatch(text.strip())
    if number is None:
        return None
    whole = int(number[1])
    if 20_000 <= whole < 80_000:
        return "Excel's days since 1899-12-30"
    return next((f"{unit} since 1970" for scale, unit in _EPOCH_UNITS if _in_epoch(whole, scale)), None)


def _in_epoch(whole, scale):
    return 5 * 10**8 * scale <= whole < 41 * 10**8 * scale  # 1985 to 2099


def _no_time(text):
    return BadInput(f"{text[:40]!r} is not a time; write it like 2026-03-01T14:05+01:00.")


def _date_parts(date, text, day_first):
    parts = date.groupdict()
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 2000
        if parts.get("first") and year < 2010:
            raise BadInput(f"{text[:40]!r}: the year has two digits and may be the day; write four digits.")
    if parts.get("month_name"):
        month = MONTHS.get(parts["month_name"][:3].casefold())
        if month is None:
            raise _no_time(text)
        return year, month, int(parts["day"])
    if parts.get("month"):
        return year, int(parts["month"]), int(parts["day"])
    first, second = int(parts["first"]), int(parts["second"])
    if first > 12 or second > 12 or first == second:
        day, month = (first, second) if second <= 12 else (second, first)
    elif day_first is None and parts["sep"] != ".":
        if min(year, first, second) < 1:
            raise _no_time(text)
        one, other = datetime(year, second, first), datetime(year, first, second)
        raise BadInput(
            f"{text[:40]!r} is {one.day} {one:%B} or {other.day} {other:%B}, and nothing says which; write "
            f"{one:%Y-%m-%d}, or name the order of day and month (--date-order)."
        )
    else:
        day, month = (second, first) if day_first is False else (first, second)
    return year, month, day


def _time_of_day(clock, text):
    if clock is None:
        return timedelta()
    hour, minute = int(clock["hour"] or clock["hour_2"]), int(clock["minute"] or clock["minute_2"])
    second = int(clock["second"] or clock["second_2"] or 0)
    half = (clock["half"] or "").casefold()[:1]
    if half == "a" and hour > 12:
        raise _no_time(text)
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    leap = second == 60 and minute == 59
    if hour > 24 or minute > 59 or (second > 59 and not leap) or (hour == 24 and (minute or second)):
        raise _no_time(text)
    fraction = (clock["fraction"] or "")[:6].ljust(6, "0")
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=int(fraction))


def _zone_of(rest, text):
    """The offset, the region and whether Z stands for the offset, from what follows the clock."""
    offsets, region, unknown, z = [], None, None, False
    at = 0
    while at < len(rest):
        part = _TAIL.match(rest, at)
        if part is None:
            raise _no_time(text)
        at = part.end()
        named = part["tagged"] or part["name"] or part["comment"] or ""
        if part["offset"]:
            offsets.append(_offset(part["offset"], text))
        elif part["region"] or "/" in named:
            region = part["region"] or named
        elif named.upper() in ABBREVIATIONS:
            z = named in ("Z", "z")
            offsets.append(timedelta(minutes=ABBREVIATIONS[named.upper()]))
        elif part["comment"] and re.fullmatch(r"(?:UTC|GMT)[+-]\d{1,2}(?::?\d\d)?", part["comment"]):
            offsets.append(_offset(part["comment"], text))
        elif named:
            unknown = named
    if unknown and not offsets and not region:
        raise BadInput(
            f"{text[:40]!r}: {unknown[:20]} is no zone, or more than one; write the offset, as in +01:00."
        )
    if len(set(offsets)) > 1:
        raise BadInput(f"{text[:40]!r} names two offsets; leave the right one.")
    return (offsets[0] if offsets else None), region, z


def _offset(text, whole):
    found = re.search(r"([+-])(\d{1,2}):?(\d\d)?", text, re.ASCII)
    if found is None:
        raise _no_time(whole)
    sign, hours, minutes = found.groups()
    if int(hours) > 14 or int(minutes or 0) > 59:
        raise _no_time(whole)
    size = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return -size if sign == "-" else size


def _from_number(text, number):
    whole, digits = int(number[1]), number[2] or ""
    if (
        len(number[1]) in (8, 12, 14) and number[1][:2] in ("19", "20") and not digits
    ):  # 20260105, 202601051000, 20260105100000
        form = "%Y%m%d%H%M%S"[: {8: 6, 12: 10, 14: 12}[len(number[1])]]
        try:
            return WrittenTime(datetime.strptime(number[1], form))
        except ValueError:
            raise _no_time(text) from None
    if 20_000 <= whole < 80_000:
        return WrittenTime(_EXCEL_DAY_ZERO + timedelta(days=whole) + _share_of_day(digits))
    for scale, _ in _EPOCH_UNITS:
        if _in_epoch(whole, scale):
            micro = (whole * 10**6 + int((digits or "0")[:6].ljust(6, "0"))) // scale
            return WrittenTime(_UNIX_ZERO + timedelta(microseconds=micro), timedelta())
    raise _no_time(text)


def _share_of_day(digits):
    """Excel's fraction of a day: the second that is meant, as far as its digits tell one."""
    seconds = int(digits or "0") * 86_400 / 10 ** len(digits)
    if abs(seconds - round(seconds)) < 1e-3 or 5 <= len(digits) < 8:
        return timedelta(seconds=round(seconds))
    if len(digits) < 5:
        return timedelta(minutes=round(seconds / 60))
    return timedelta(milliseconds=round(seconds * 1000))

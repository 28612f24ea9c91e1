"""The forms in which a duration is written: with units, as a clock, as ISO 8601, or as a number."""

from __future__ import annotations

import re
from datetime import datetime

from faultlab.errors import BadInput

MINUTES_OF_UNIT = {
    word: minutes
    for minutes, words in (
        (1 / 60_000, "ms msec millis milliseconds"),
        (1 / 60, "s sec secs second seconds sek sekunden"),
        (1.0, "m min mins minute minutes minuten"),
        (60.0, "h hr hrs hour hours std stunde stunden"),
        (1440.0, "d day days tag tage"),
    )
    for word in words.split()
}
"""Minutes in each unit, by the words that a heading or a cell may have for it."""

_NUMBER = r"\d{1,12}(?:[.,]\d{1,12})?"
_PLAIN = re.compile(_NUMBER, re.ASCII)
_PART = re.compile(rf"({_NUMBER}) ?([a-z]+)\.?(?:,? and |,? |(?=\d)|\Z)", re.IGNORECASE | re.ASCII)
_CLOCK = re.compile(
    r"(?:(\d{1,6})(?: days?,? ?|\.| ))?(\d{1,6}):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?",
    re.IGNORECASE | re.ASCII,
)
_ISO = re.compile(
    rf"P(?:({_NUMBER})D)?(?:T(?:({_NUMBER})H)?(?:({_NUMBER})M)?(?:({_NUMBER})S)?)?", re.IGNORECASE | re.ASCII
)
_SINCE_1970 = re.compile(r"19(?:69|7\d)-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)


def read_duration(text: str, unit: str | None = None) -> float | None:
    """Return the minutes of a duration.

    Parameters
    ----------
    text : str
        ``1h 30m``, ``90 min``, ``1:30:00``, ``1:30`` (hours and minutes), ``2 days, 3:04:05``, ``PT1H30M``, a
        number, or ServiceNow's ``1970-01-01 01:30:00``.
    unit : str, optional
        Of a number: a word of `MINUTES_OF_UNIT`; any other says nothing.

    Returns
    -------
    float or None
        None for a number whose unit is not known.

    Raises
    ------
    BadInput
        For what is no duration, or one below zero.

    Examples
    --------
    >>> read_duration("1 hour, 30 minutes"), read_duration("1:30:00"), read_duration("1800", "seconds")
    (90.0, 90.0, 30.0)
    """
    tidy = " ".join(text.split())
    if _PLAIN.fullmatch(tidy):
        if re.fullmatch(r"[1-9]\d{0,2},\d{3}", tidy):  # thousands in English, a fraction in German
            whole, rest = tidy.split(",")
            raise BadInput(f"{text!r} may be {whole}.{rest} or {whole}{rest}; write it without the comma.")
        return _number(tidy) * MINUTES_OF_UNIT[unit] if unit in MINUTES_OF_UNIT else None
    clock = _CLOCK.fullmatch(tidy)
    if clock and int(clock[3]) < 60 and int(clock[4] or 0) < 60:
        days, hours, minutes, seconds = (int(part or 0) for part in clock.groups()[:4])
        return days * 1440 + hours * 60 + minutes + (seconds + float(f"0.{clock[5] or 0}")) / 60
    iso = _ISO.fullmatch(tidy)
    if iso and any(iso.groups()):
        return sum(
            _number(part or "0") * size
            for part, size in zip(iso.groups(), (1440, 60, 1, 1 / 60), strict=True)
        )
    if _SINCE_1970.fullmatch(tidy):
        try:
            return (datetime.fromisoformat(tidy) - datetime(1970, 1, 1)).total_seconds() / 60
        except ValueError:
            pass
    minutes = _sum_of_parts(tidy)
    if minutes is None:
        raise BadInput(f"{text[:40]!r} is not a duration; write it like 90 min or 1:30:00.")
    return minutes


def _sum_of_parts(text):
    at, minutes = 0, 0.0
    while at < len(text):
        part = _PART.match(text, at)
        if part is None or part[2].casefold() not in MINUTES_OF_UNIT:
            return None
        minutes += _number(part[1]) * MINUTES_OF_UNIT[part[2].casefold()]
        at = part.end()
    return minutes if text else None


def _number(text):
    return float(text.replace(",", "."))

"""Reading what a learner typed: kindly where it can mean one thing only, with a sentence otherwise."""

import math
import re

from faultlab.classroom.plain import describe_type

WORDS = {
    "%": ("%", "percent", "per cent", "pct"),
    "minutes": ("minutes", "minute", "mins", "min", "m"),
    "hours": ("hours", "hour", "hrs", "h"),
    "seconds": ("seconds", "second", "secs", "sec", "s"),
    "milliseconds": ("milliseconds", "millisecond", "ms"),
    "ms": ("milliseconds", "millisecond", "ms"),
    "days": ("days", "day", "d"),
    "EUR": ("eur", "euro", "euros", "€"),
}
"""What may stand behind a number, for each unit that a task may ask for."""

BARE = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?")


class Unread(ValueError):
    """What was typed can't be read; the message is a sentence for the learner."""


def is_placeholder(value):
    """Return whether nothing has been typed yet: the dots, None or an empty text."""
    return value is ... or value is None or (isinstance(value, str) and value.strip() in ("", "...", "…"))


def number(value, unit=""):
    """Return what was typed as a float, in the unit asked for.

    Parameters
    ----------
    value : int, float or str
        A text may carry the unit, thousands apart ("1 234.5") and a decimal comma ("43,2").
    unit : str
        The unit that the task asks for; a text with another unit is refused.

    Raises
    ------
    Unread
        With a sentence that says what was typed and what is expected.

    Examples
    --------
    >>> number("43,2"), number("43.2 min", "minutes"), number("99.95 %", "%")
    (43.2, 43.2, 99.95)
    """
    if isinstance(value, bool):
        raise Unread(f"This asks for a number; you gave {value}.")
    if isinstance(value, int | float):
        return _finite(value)
    if isinstance(value, list | tuple | set) and len(value) == 1:
        raise Unread(f"This asks for one number; you gave {describe_type(value)}. Take off the brackets.")
    if isinstance(value, tuple) and len(value) == 2 and all(type(v) is int for v in value):
        whole, part = value
        if len(str(value[1])) <= 3 and abs(whole) >= 1 and (part == 0 or len(str(part)) == 3):
            raise Unread(_thousands(value))
        raise Unread(f"Python reads {whole},{part} as two numbers. Write {whole}.{part} with a point.")
    if (
        isinstance(value, tuple)
        and len(value) > 2
        and all(type(v) is int and 0 <= v < 1000 for v in value[1:])
    ) and type(value[0]) is int:
        raise Unread(_thousands(value))
    if not isinstance(value, str):
        raise Unread(f"This asks for a number; you gave {describe_type(value)}.")
    return _finite(_from_text(value, unit))


def _thousands(groups):
    written = ",".join([str(groups[0]), *(f"{group:03d}" for group in groups[1:])])
    joined = written.replace(",", "")
    count = {2: "two", 3: "three"}.get(len(groups), str(len(groups)))
    return f"Python reads {written} as {count} numbers: write {joined}, and a point for decimals."


def _finite(value):
    try:
        value = float(value)
    except OverflowError:
        raise Unread("This number is too large to be an answer.") from None
    if not math.isfinite(value):
        raise Unread(f"This asks for a number; {value} is none.")
    return value


def _from_text(text, unit):
    written = " ".join(text.split()).strip("\"'")
    plain = written.casefold().replace("−", "-")
    digits, behind = _split(plain)
    before = plain[: plain.find(digits)].strip() if digits else ""
    spoken = " ".join(part for part in (before, behind) if part)
    if not digits or (spoken and not _same_unit(spoken, unit)):
        wanted = "a percentage" if unit == "%" else f"a number in {unit}" if unit else "a plain number"
        raise Unread(f"I can't read {written[:60]!r} as {wanted}: type the digits alone, such as 12.5.")
    return _value(digits, written, unit)


def _split(text):
    found = re.search(r"[+-]?[\d.,][\d.,'  ]*(e[+-]?\d+)?", text)
    if not found or not re.search(r"\d", found.group()):
        return "", ""
    return found.group().strip(), text[found.end() :].strip()


def _same_unit(spoken, unit):
    first = unit.split()[0] if unit else ""
    accepted = WORDS.get(first, (first.casefold(),)) if first else ()
    # "43.2 minutes a month" is read where "minutes" or "minutes a month" is asked for.
    head = spoken.split()[0]
    return (
        spoken == unit.casefold() or spoken in accepted or (head in accepted and spoken.endswith(_tail(unit)))
    )


def _tail(unit):
    rest = unit.casefold().split()[1:]
    return " ".join(rest) if rest else "\x00"


def _value(digits, written, unit):
    compact = re.sub(r"[\s'’ ]", "", digits)
    if BARE.fullmatch(compact):
        return float(compact)
    commas, points = compact.count(","), compact.count(".")
    if commas == 1 and points == 0:
        whole, part = compact.split(",")
        # No percentage has thousands: 99,367 % can mean one thing only.
        if len(part) == 3 and whole.lstrip("+-") not in ("", "0") and unit != "%":
            raise Unread(
                f"I can't tell whether {written[:60]!r} means {whole}{part} or {whole}.{part}. "
                "Write it without the comma or with a point."
            )
        return float(compact.replace(",", "."))
    if commas and points == 1 and compact.rindex(",") < compact.index(".") and _grouped(compact, ","):
        return float(compact.replace(",", ""))
    if points and commas == 1 and compact.rindex(".") < compact.index(",") and _grouped(compact, "."):
        return float(compact.replace(".", "").replace(",", "."))
    for mark in ",.":
        if compact.count(mark) > 1 and _grouped(compact, mark) and not compact.count(",.".replace(mark, "")):
            return float(compact.replace(mark, ""))
    raise Unread(f"I can't read {written[:60]!r} as one number. Write it like 1234.5.")


def _grouped(compact, mark):
    other = "." if mark == "," else ","
    return re.fullmatch(rf"[+-]?\d{{1,3}}(\{mark}\d{{3}})+(\{other}\d+)?", compact) is not None


def word(value):
    """Return a short text as it is compared: one space between words, case and quotes left out.

    >>> word('  "The  Database" ')
    'the database'
    """
    if isinstance(value, str):
        return " ".join(value.split()).strip("\"'.").casefold()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}"
    raise Unread(f"This asks for a short text; you gave {describe_type(value)}.")


def words(value):
    """Return several names as a set: from a list, or one text with commas between them.

    >>> sorted(words("web, payments and search"))
    ['payments', 'search', 'web']
    """
    if isinstance(value, str):
        value = re.split(r"\s*[,;\n]\s*|\s+and\s+", value.strip())
    if isinstance(value, dict) or not isinstance(value, list | tuple | set | frozenset):
        raise Unread(f"This asks for names with commas between them; you gave {describe_type(value)}.")
    return {word(item) for item in value if not is_placeholder(item)}

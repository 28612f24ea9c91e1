"""What people type, read by one grammar for bets, boxes and labs: numbers with their units, names, letters.

`faultlab/twin/typed.js` says it again for pages without a kernel; tests/twin/ asks both the same.

What can mean one thing only is read. What can mean two is asked back, with both readings; everything else is
answered by a sentence. `43,200` is the hard case: thousands in English, a decimal comma elsewhere. Money and
things that are counted have no three decimals, a percentage has no thousands, and a bet has a range.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from faultlab.classroom.answers.plain import describe_type
from faultlab.errors import BadInput

LONGEST = 200
"""Letters of what is read as a number."""

MONEY = (
    ("eur", "euro", "euros", "€"),
    ("usd", "$", "us$", "dollar", "dollars"),
    ("gbp", "£", "pound", "pounds"),
    ("chf", "fr", "fr.", "sfr", "sfr.", "franc", "francs"),
)
MEASURES = {
    "%": ("%", "percent", "per cent", "pct"),
    "minutes": ("minutes", "minute", "mins", "min", "m"),
    "hours": ("hours", "hour", "hrs", "hr", "h"),
    "seconds": ("seconds", "second", "secs", "sec", "s"),
    "milliseconds": ("milliseconds", "millisecond", "msec", "ms"),
    "days": ("days", "day", "d"),
}
"""How a measure is written: with decimals, and in one unit or another."""

PERIODS = {
    "second": ("second", "sec", "s"),
    "minute": ("minute", "min"),
    "hour": ("hour", "hr", "h"),
    "day": ("day", "d"),
    "week": ("week", "wk"),
    "month": ("month", "mo"),
    "quarter": ("quarter",),
    "year": ("year", "yr", "y", "annum"),
}
POWERS = {
    "k": 3,
    "thousand": 3,
    "m": 6,
    "mio": 6,
    "mn": 6,
    "million": 6,
    "millions": 6,
    "bn": 9,
    "billion": 9,
    "billions": 9,
}
ABOUT = re.compile(r"^(?:approximately|about|around|roughly|circa|ca\.?|approx\.?|[~≈=])\s*")
DIGITS = re.compile(r"[+-]?[.,]?\d(?:[\d.,_'’ ]*\d)?(?:e[+-]?\d{1,4})?[.,]?(?!\w*\d)", re.ASCII)
SUFFIX = re.compile(rf"({'|'.join(sorted(POWERS, key=len, reverse=True))})\.?(?=eur|usd|gbp|chf|[^a-z.]|$)")
PERIOD = re.compile(
    r"(?:(?:\b(?:in )?(?:a|an|per|each|every)\b|/)\s*(?P<word>"
    + "|".join(word for words in PERIODS.values() for word in words)
    + r")|\bp\.? ?a\.?)$"
)


class Unread(BadInput):
    """What was typed can't be read; the message is a sentence for the learner."""


@dataclass(frozen=True)
class _Asked:
    """What a number is asked for: its unit, its range, and whether it is a whole one."""

    unit: str
    low: float
    high: float
    whole: bool
    question: str

    @property
    def head(self) -> str:
        """The unit without its period, and what a percentage is of: minutes of "minutes a year"."""
        head = _parted(self.unit.lower())[0]
        return "%" if head.startswith("% ") else head

    @property
    def measured(self) -> bool:
        return any(self.head in words for words in MEASURES.values())

    @property
    def counted(self) -> bool:
        """Whether it is money or a number of things, which have no three decimals."""
        return self.whole or (self.head != "" and not self.measured)

    @property
    def money(self) -> bool:
        return any(self.head in words for words in MONEY)

    @property
    def bounded(self) -> bool:
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def wanted(self) -> str:
        if self.bounded:
            return f"Type a number from {plainly(self.low)} to {plainly(self.high)}."
        return "Type the digits alone, such as 12.5."

    @property
    def named(self) -> str:
        return (
            "a percentage"
            if self.head == "%"
            else f"a number in {self.unit}"
            if self.unit
            else "a plain number"
        )


def is_placeholder(value: object) -> bool:
    """Return whether nothing has been typed yet: the dots, None or an empty text."""
    return value is ... or value is None or (isinstance(value, str) and value.strip() in ("", "...", "…"))


def number(
    value: object,
    unit: str = "",
    low: float = -math.inf,
    high: float = math.inf,
    *,
    whole: bool = False,
    question: str = "",
) -> float:
    """Return what was typed as a number, in the unit asked for.

    Parameters
    ----------
    value : int, float or str
        A text may carry the unit, thousands apart ("1 234.5"), a decimal comma ("43,2"), and k or m.
    unit : str
        The unit asked for; a text with another unit is refused. `m` are minutes where minutes are asked for,
        and millions otherwise.
    low, high : float
        The range that a bet may lie in; it decides between two readings where one lies outside.
    whole : bool
        Whether a whole number is asked for.
    question : str
        Says which period ("a year") may stand behind a number although the unit doesn't name it.

    Raises
    ------
    Unread
        With a sentence that says what was typed and what is expected.

    Examples
    --------
    >>> number("43,2"), number("43.2 min", "minutes"), number("99,367 %", "%")
    (43.2, 43.2, 99.367)
    >>> [number(text, "EUR a year") for text in ("423,630 EUR", "423 630", "424k", "€0.4m a year")]
    [423630.0, 423630.0, 424000.0, 400000.0]
    >>> number("$4,000", "USD"), number("£1.2m", "GBP")
    (4000.0, 1200000.0)
    >>> number("43,200", "minutes")
    Traceback (most recent call last):
    faultlab.classroom.answers.typed.Unread: I can't tell whether '43,200' means 43200 or 43.200. Write one of these.
    """  # noqa: E501
    asked = _Asked(unit, low, high, whole, question)
    if isinstance(value, str):
        return _of_text(value, asked)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _fitting([_finite(value, asked)], asked)[0]
    raise Unread(f"{_no_number(value)} {asked.wanted if asked.bounded else ''}".strip())


def _no_number(value: object) -> str:
    if isinstance(value, bool):
        return f"This asks for a number; you gave {value}."
    if isinstance(value, list | tuple | set) and len(value) == 1:
        return f"This asks for one number; you gave {describe_type(value)}. Take off the brackets."
    whole = value if isinstance(value, tuple) and all(type(part) is int for part in value) else ()
    if len(whole) == 2:
        first, part = whole
        if len(str(part)) <= 3 and abs(first) >= 1 and (part == 0 or len(str(part)) == 3):
            return _grouped_by_python(whole)
        return f"Python reads {first},{part} as two numbers. Write {first}.{part} with a point."
    if len(whole) > 1 and all(0 <= part < 1000 for part in whole[1:]):
        return _grouped_by_python(whole)
    return f"This asks for a number; you gave {'nothing' if value is None else describe_type(value)}."


def _grouped_by_python(groups: tuple) -> str:
    written = ",".join([str(groups[0]), *(f"{group:03d}" for group in groups[1:])])
    count = {2: "two", 3: "three"}.get(len(groups), str(len(groups)))
    joined = written.replace(",", "")
    return f"Python reads {written} as {count} numbers: write {joined}, and a point for decimals."


def _of_text(text: str, asked: _Asked) -> float:
    written = " ".join(text.split()).strip("\"'")
    plain = ABOUT.sub("", written.lower().replace("−", "-"))
    unread = Unread(f"I can't read {written[:60]!r} as {asked.named}. {asked.wanted}")
    found = DIGITS.search(plain) if len(written) <= LONGEST else None
    if not found or re.search(r"\d", plain[: found.start()] + plain[found.end() :]):
        raise unread
    before, behind = plain[: found.start()].strip(), plain[found.end() :].strip()
    power, behind = _power(behind, asked)
    spoken = " ".join(part for part in (before, behind.strip(" .")) if part)
    if spoken and not _same_unit(spoken, asked):
        raise unread
    readings = _readings(found.group().rstrip(".,"))
    if not readings:
        raise Unread(f"I can't read {written[:60]!r} as one number. Write it like 1234.5. {asked.wanted}")
    values = [_finite(_times(reading, power), asked) for reading in readings]
    fitting = _fitting(values, asked)
    if len(fitting) == 1:
        return fitting[0]
    return _one_of(readings, fitting, "," in found.group(), power, asked, written)


def _times(reading: str, power: int) -> float:
    digits, _, exponent = reading.partition("e")
    return float(f"{digits}e{int(exponent or 0) + power}")


def _power(behind: str, asked: _Asked) -> tuple[int, str]:
    """Take k, m or million off what stands behind a number."""
    found = SUFFIX.match(behind)
    if not found or asked.head == "%" or (found[1] == "m" and asked.measured):
        return 0, behind
    return POWERS[found[1]], behind[found.end() :]


def _known(word: str) -> tuple:
    """All ways to write the measure, the money or the thing that a word means."""
    same = next((words for words in (*MONEY, *MEASURES.values()) if word in words), ())
    return same or (word, word.removesuffix("s"), word + "s")


def _same_unit(spoken: str, asked: _Asked) -> bool:
    head, period = _parted(spoken)
    whole, its_period = _parted(asked.unit.lower())
    if head and (not whole or head not in (whole, *_known(asked.head))):
        return False
    if not period or period == its_period:
        return True
    return not its_period and re.search(rf"\b{period}\b", asked.question.lower()) is not None


def _parted(unit: str) -> tuple[str, str]:
    """Part "minutes a year", "minutes/yr" or "EUR p.a." into the unit and the period."""
    found = PERIOD.search(unit)
    if not found:
        return unit.strip(), ""
    period = next((name for name, words in PERIODS.items() if found["word"] in words), "year")
    return unit[: found.start()].strip(), period


def _readings(digits: str) -> list[str]:
    """The numbers that digits can mean, as decimals with a point; thousands before decimals."""
    plain, power, exponent = digits.partition("e")
    apart = re.search(r"[ _'’]", plain)
    if apart:
        if not re.fullmatch(rf"[+-]?\d{{1,3}}(?:{apart[0]}\d{{3}})+(?:[.,]\d+)?", plain):
            return []
        plain = plain.replace(apart[0], "").replace(",", ".")
    marks = set(plain) & {",", "."}
    last = max(plain.rfind(","), plain.rfind("."))
    if len(marks) == 2:
        mark, group = plain[last], "," if plain[last] == "." else "."
        found = [plain.replace(group, "").replace(mark, ".")] if _is_grouped(plain[:last], group) else []
        found = found if plain.count(mark) == 1 else []
    elif not marks:
        found = [plain]
    elif plain.count(plain[last]) > 1:
        found = [plain.replace(plain[last], "")] if _is_grouped(plain, plain[last]) else []
    else:
        decimal = plain.replace(",", ".")
        thousands = (
            _is_grouped(plain, plain[last]) and not apart and not power and not re.match("[+-]?0", plain)
        )
        found = [plain.replace(plain[last], ""), decimal] if thousands else [decimal]
    return [one + power + exponent for one in found]


def _is_grouped(digits: str, mark: str) -> bool:
    return re.fullmatch(rf"[+-]?\d{{1,3}}(?:\{mark}\d{{3}})+", digits) is not None


def _fitting(values: list[float], asked: _Asked) -> list[float]:
    """The readings that lie in the range; no percentage has thousands unless its range has."""
    low, high = asked.low, asked.high
    if asked.head == "%" and not asked.bounded and len(values) > 1:
        return values[1:]
    found = [value for value in values if low <= value <= high]
    if not found:
        raise Unread(f"I read {plainly(values[0])}. {asked.wanted}")
    return found


def _one_of(
    readings: list[str], values: list[float], comma: bool, power: int, asked: _Asked, written: str
) -> float:
    """Decide between thousands and decimals, or ask back."""
    thousands, decimal = values
    if not power:
        if asked.counted and (comma or (asked.money and readings[1].endswith("000"))):
            return thousands
        if not comma and not asked.counted:
            return decimal
    elif not comma:
        return decimal  # "1.200m" has decimals rather than thousands of millions
    # As they can be typed without being asked again.
    again = power or asked.counted
    choices = " or ".join((plainly(value) for value in values) if again else readings)
    raise Unread(f"I can't tell whether {written[:60]!r} means {choices}. Write one of these.")


def _finite(value: float, asked: _Asked) -> float:
    try:
        value = float(value)
    except OverflowError:
        raise Unread("This number is too large to be an answer.") from None
    if not math.isfinite(value):
        raise Unread(f"This asks for a number; {value} is none.")
    return value


def plainly(value: float) -> str:
    """Return a number with at most six digits that count, thousands apart, never in powers of ten.

    >>> plainly(300000.0), plainly(1234567.8), plainly(0.00001), plainly(8.5)
    ('300,000', '1,234,568', '0.00001', '8.5')
    """
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    if abs(value) >= 100_000:
        return f"{value:,.0f}"
    written = f"{value:,.6g}"
    return f"{value:.12f}".rstrip("0").rstrip(".") if "e" in written else written


def word(value: object) -> str:
    """Return a short text as it is compared: one space between words, case and quotes left out.

    >>> word('  "The  Database" ')
    'the database'
    """
    if isinstance(value, str):
        return " ".join(value.split()).strip("\"'“”‘’.").lower()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}"
    raise Unread(f"This asks for a short text; you gave {describe_type(value)}.")


def words(value: object, letters: Iterable[str] = ()) -> set[str]:
    """Return several names as a set: from a list, or one text with commas or such between them.

    Parameters
    ----------
    value : str, list, tuple or set
    letters : iterable of str
        The letters to choose from, where names are letters: then "C D F", "CDF" and "C/D/F" are three.

    Raises
    ------
    Unread
        If it is something else.

    Examples
    --------
    >>> sorted(words("web, payments and search"))
    ['payments', 'search', 'web']
    >>> sorted(words("(C) D/f", "ABCDEF"))
    ['c', 'd', 'f']
    """
    known = {letter.lower() for letter in letters}
    if isinstance(value, str):
        if known:
            found = set("".join(re.findall(r"[a-z]+", re.sub(r"\band\b", " ", value.lower()))))
            if found and found <= known and not re.search(r"\d", value):
                return found
        value = re.split(r"\s*[,;/&\n]\s*|\s+and\s+", value.strip())
    if isinstance(value, Mapping) or not isinstance(value, list | tuple | set | frozenset):
        raise Unread(f"Type names separated by commas. You gave {describe_type(value)}.")
    found = {word(item) for item in value if not is_placeholder(item)}
    return ({one.strip("()[]{}. ") for one in found} if known else found) - {""}


def same_names(one: Iterable[str], other: Iterable[str]) -> bool:
    """Return whether two sets of names mean the same things.

    >>> same_names(["Load-Balancer", "the identity service"], ["load_balancer", "identity"])
    True
    """
    return {name_key(name) for name in one} == {name_key(name) for name in other}


def name_key(name: str) -> str:
    """Return what tells a name from others: no hyphens or underscores, no article, no "service" behind it.

    >>> name_key("The Load-Balancer"), name_key("identity_service")
    ('load balancer', 'identity')
    """
    plain = re.sub(r"[\s_‐‑-]+", " ", word(name)).strip()
    plain = re.sub(r"^(?:the|a|an) (?=.)", "", plain)
    return re.sub(r"(?<=.) services?$", "", plain)


def letter(value: object, options: Mapping[str, str]) -> str:
    """Return the letter of an option: typed as "b", "(b)", "B)", "option B", or with the option's text.

    Raises
    ------
    Unread
        If it is none of them.

    Examples
    --------
    >>> [letter(text, {"A": "Pay.", "B": "Wait."}) for text in ("(b)", "Option B", "B) wait", "pay")]
    ['B', 'B', 'B', 'A']
    """
    typed = word(value)
    bare = re.sub(r"^(?:option|answer|letter)[\s:]+", "", typed).strip("()[]{}.:; \"'")
    for name, text in options.items():
        option = word(text)
        if bare == name.lower() or typed == option:
            return name
        behind = re.fullmatch(rf"\(?{re.escape(name.lower())}[).:]+\s*(.+)", typed)
        if behind and option.startswith(behind[1].strip("\"'.")):
            return name
    letters = ", ".join(f'"{name}"' for name in options)
    raise Unread(f"Type the letter of one option, {letters}; you typed {str(value)[:60]!r}.")

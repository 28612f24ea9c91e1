"""One line of StatsD's protocol, read as Etsy's daemon reads it, JavaScript's numbers included.

Followed is the daemon of npm's package `statsd` (github.com/statsd/statsd). Two things that stop it or poison
a key are bad lines here: a sample rate that it can't read, such as ``@+1``, and one of zero.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_SPACE = "[ \\t\\n\\v\\f\\r\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]"
_DECIMAL = r"[+-]?(?:Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
_NUMBER = re.compile(
    rf"{_SPACE}*(?:(?P<decimal>{_DECIMAL})|0(?P<base>[xXoObB])(?P<digits>[0-9a-fA-F]+))?{_SPACE}*"
)
_BASES = {"x": 16, "o": 8, "b": 2}
_RATE = re.compile(r"@([0-9.]+)")
_SPACES = re.compile(f"{_SPACE}+")
_AROUND = re.compile(f"^{_SPACE}+|{_SPACE}+$")  # what JavaScript's trim takes away; Python's strip differs
_NOT_IN_KEYS = re.compile(r"[^a-zA-Z_\-0-9.;=]")


@dataclass(frozen=True)
class Sample:
    """One value of one metric.

    Attributes
    ----------
    key : str
        Cleaned.
    kind : str
        "timer", "gauge", "set" or "counter"; an unknown type is a counter, as in the daemon.
    value : float or str
        A string for sets.
    weight : float
        1 over the sample rate.
    change : bool
        For gauges: the value was written with a sign.
    """

    key: str
    kind: str
    value: float | str
    weight: float = 1.0
    change: bool = False


def samples_of(line: str) -> list[Sample | None]:
    """Return the samples of a line, with None in the place of each that makes no sense.

    Parameters
    ----------
    line : str
        Such as ``shop.orders:1|c|@0.1``; several values stand behind one key with colons in between.

    Returns
    -------
    list of Sample or None

    Examples
    --------
    >>> samples_of("shop orders:3|c|@0.5")
    [Sample(key='shop_orders', kind='counter', value=3.0, weight=2.0, change=False)]
    >>> samples_of("queue:-1|g")[0].change, samples_of("no value at all")
    (True, [None])
    """
    line, *tags = line.split("|#")
    key, *values = line.split(":")
    if tags and tags[0]:
        named = (tag.replace(";", "_", 1).replace(":", "=", 1) for tag in tags[0].split(","))
        key += ";" + ";".join(named)
    key = clean_key(key)
    return [_sample(key, value.split("|")) for value in values] or [None]


def clean_key(key: str) -> str:
    """Return a key as the daemon stores it: spaces become _, slashes -, and what is odd goes.

    >>> clean_key("web 1/check out (new)")
    'web_1-check_out_new'
    """
    return _NOT_IN_KEYS.sub("", _SPACES.sub("_", key).replace("/", "-"))


def number(text: str) -> float | None:
    """Return a text as JavaScript's Number does, or None where that is no number; empty text is none here.

    >>> number("12"), number(" 0x1F "), number("1e3"), number("1_000"), number("nan")
    (12.0, 31.0, 1000.0, None, None)
    """
    found = _NUMBER.fullmatch(text) if text else None
    if found is None:
        return None
    if found["decimal"]:
        return float(found["decimal"].replace("Infinity", "inf"))
    if found["base"]:
        try:
            return float(int(found["digits"], _BASES[found["base"].lower()]))
        except OverflowError:
            return math.inf
        except ValueError:
            return None
    return 0.0  # white space alone


def _sample(key, fields):
    if len(fields) < 2:
        return None
    weight = 1.0
    if len(fields) > 2:
        rate = _rate(fields[2])
        if not rate:
            return None
        weight = 1 / rate
    kind = _AROUND.sub("", fields[1])
    if kind == "s":
        # The daemon lets any text be in a set where the type is written without spaces.
        if fields[1] != "s" and number(fields[0]) is None:
            return None
        return Sample(key, "set", fields[0] or "0", weight)
    value = number(fields[0])
    if value is None or (fields[1] == "ms" and value < 0):
        return None
    if kind == "ms":
        return Sample(key, "timer", value, weight)
    if kind == "g":
        return Sample(key, "gauge", value, weight, fields[0][0] in "+-")
    return Sample(key, "counter", value, weight)


def _rate(text):
    found = _RATE.match(text)
    if found is None or number(text[1:]) is None:
        return None
    return number(found[1])

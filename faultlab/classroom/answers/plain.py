"""Answers as plain data: what may pass between a learner's process and the one that judges it.

A learner's process is never believed about a result. It hands over values as JSON, and this module
turns values into JSON and back: numbers, texts, lists, tuples, sets, dictionaries, records. Anything
else is refused by the name of its type.
"""

from __future__ import annotations

import dataclasses
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

MOST_PARTS = 200_000
MOST_BITS = 4_096


class NotPlain(TypeError):
    """A value that isn't plain data; the message says what it is."""


def encode(value: object) -> Any:
    """Return a value as something `json.dumps` takes.

    Raises
    ------
    NotPlain
        For a value that has other parts than numbers, texts, lists, tuples, sets, dictionaries and
        records, or more than 200,000 of them.

    Examples
    --------
    >>> encode((1, "a"))
    {'~': 'tuple', 'v': [1, 'a']}
    """
    return _encode(value, [MOST_PARTS], 0)


def _encode(value, left, depth):
    left[0] -= 1
    if left[0] < 0 or depth > 60:
        raise NotPlain("a value with too many parts")
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if value is Ellipsis:
        return {"~": "dots"}
    if kind is int:
        if value.bit_length() > MOST_BITS:
            raise NotPlain("a whole number with more than a thousand digits")
        return value
    if kind is float:
        return value if math.isfinite(value) else {"~": "float", "v": repr(value)}
    if isinstance(value, Decimal | Fraction):
        return _encode(float(value), left, depth)

    def inside(items):
        return [_encode(item, left, depth + 1) for item in items]

    if kind is list:
        return inside(value)
    if isinstance(value, tuple):
        return {"~": "tuple", "v": inside(value)}
    if isinstance(value, set | frozenset):
        return {"~": "set", "v": inside(sorted(value, key=repr))}
    if isinstance(value, dict):
        return {"~": "dict", "v": [inside(pair) for pair in value.items()]}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        return {"~": "dict", "v": [inside(pair) for pair in fields.items()]}
    if hasattr(value, "tolist") and hasattr(value, "dtype"):  # NumPy's numbers and arrays
        return _encode(value.tolist(), left, depth)
    if isinstance(value, str | int | float):  # a subclass, such as an enum's value
        base = next(b for b in (str, int, float) if isinstance(value, b))
        return _encode(base(value), left, depth)
    if isinstance(value, range):
        return inside(value)
    raise NotPlain(describe_type(value))


def decode(data: Any) -> Any:
    """Return the value that `encode` was given; arrays come back as lists, records as dictionaries.

    >>> decode(encode({"a": (1, 2)}))
    {'a': (1, 2)}
    """
    if isinstance(data, list):
        return [decode(item) for item in data]
    if not isinstance(data, dict):
        return data
    kind: object = data.get("~")
    inside: Any = data.get("v")
    if kind == "dots":
        return ...
    if kind == "float":
        return float(inside) if inside in ("nan", "inf", "-inf") else math.nan
    if kind == "tuple":
        return tuple(decode(item) for item in inside)
    if kind == "set":
        return {_hashable(decode(item)) for item in inside}
    if kind == "dict":
        return {_hashable(decode(key)): decode(value) for key, value in inside}
    raise ValueError(f"There is no kind of value {kind!r}.")


def _hashable(value):
    if isinstance(value, list | tuple):
        return tuple(_hashable(item) for item in value)
    if isinstance(value, set):
        return frozenset(value)
    return tuple(value.items()) if isinstance(value, dict) else value


def describe_type(value: object) -> str:
    """Return what a value is, in words for someone who may not program.

    >>> describe_type(print), describe_type([1]), describe_type(None)
    ('a function', 'a list', 'None')
    """
    if value is None:
        return "None"
    if callable(value) and not isinstance(value, type):
        return "a function"
    names = {
        bool: "True or False",
        int: "a whole number",
        float: "a number",
        str: "a text",
        list: "a list",
        tuple: "a tuple",
        dict: "a dictionary",
        set: "a set",
        type: "a class",
        type(...): "dots",
    }
    return names.get(type(value), f"something of type {type(value).__name__}"[:80])


def shown(value: object, longest: int = 160) -> str:
    """Return a value as Python writes it, cut in the middle where it is long.

    >>> shown([1, 2]), len(shown("x" * 500))
    ('[1, 2]', 160)
    """
    try:
        text = "..." if value is Ellipsis else _short(value)
    except Exception:
        return describe_type(value)
    if len(text) <= longest:
        return text
    half = (longest - 3) // 2
    return text[:half] + "..." + text[-(longest - 3 - half) :]


def _short(value):
    # A float's last digits say nothing to a reader, and differ where additions are done in another order.
    if type(value) is float:
        return f"{value:.10g}"
    if type(value) is list:
        return "[" + ", ".join(_short(item) for item in value[:60]) + "]"
    if type(value) is tuple:
        return "(" + ", ".join(_short(item) for item in value[:60]) + ("," if len(value) == 1 else "") + ")"
    if type(value) is dict:
        pairs = list(value.items())[:60]
        return "{" + ", ".join(f"{_short(key)}: {_short(item)}" for key, item in pairs) + "}"
    if type(value) is set:
        return "{" + ", ".join(sorted(_short(item) for item in value)) + "}" if value else "set()"
    return repr(value)

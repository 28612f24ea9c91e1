"""Dictionaries, lists and numbers as Node's `util.inspect` writes them: StatsD's console shows its keys so.

Followed are the documented defaults: 80 columns, three levels on a line, 100 items, long lists in columns.
"""

import math
import re

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z_0-9]*")
_WIDTH, _COMPACT, _ITEMS = 80, 3, 100


def inspected(value, indent=0):
    """Return the text of a dictionary, a list, a number or a text.

    Parameters
    ----------
    value : dict, list, float or str
    indent : int
        How far it stands inside.

    Examples
    --------
    >>> print(inspected({"shop.orders": 3.0, "page": [12.5, 7.0]}))
    { 'shop.orders': 3, page: [ 12.5, 7 ] }
    """
    if isinstance(value, dict):
        shown = [f"{_key(key)}: {inspected(one, indent + 2)}" for key, one in value.items()]
        return _joined(shown, "{}", len(shown), indent)
    if isinstance(value, list | tuple):
        # Inside brackets everything stands two further in.
        shown = [inspected(one, indent + 2) for one in value[:_ITEMS]]
        more = len(value) - _ITEMS
        if more > 0:
            shown.append(f"... {more} more item{'s' if more > 1 else ''}")
        count = len(shown)
        if count > 6:
            shown = _in_columns(shown, more > 0, indent)
        return _joined(shown, "[]", count, indent)
    if isinstance(value, str):
        return _quoted(value)
    return "-0" if value == 0 and math.copysign(1, value) < 0 else javascript_number(value)


def javascript_number(value):
    """Return a number as JavaScript writes it: no point in whole numbers, exponents from 1e21 and 1e-7.

    >>> javascript_number(5.0), javascript_number(1e21), javascript_number(0.00001), javascript_number(1e-7)
    ('5', '1e+21', '0.00001', '1e-7')
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    digits, _, exponent = f"{abs(float(value))!r}".partition("e")
    whole, _, part = digits.partition(".")
    point = len(whole) + int(exponent or 0)
    digits = whole + ("" if part == "0" else part)
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    digits = stripped.rstrip("0")
    if -6 <= point - 1 < 21:
        if point <= 0:
            return f"{sign}0.{'0' * -point}{digits}"
        if point >= len(digits):
            return sign + digits + "0" * (point - len(digits))
        return f"{sign}{digits[:point]}.{digits[point:]}"
    shown = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{sign}{shown}e{point - 1:+d}"


def _key(key):
    return key if _NAME.fullmatch(key) else _quoted(key)


def _quoted(text):
    quote = next((q for q in "'\"`" if q not in text), "'")
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n")
    if quote == "'":
        escaped = escaped.replace("'", "\\'")
    return quote + escaped + quote


def _joined(shown, brackets, entries, indent):
    if not shown:
        return brackets
    # A list that was put in columns has fewer rows than entries, and stays in rows.
    if entries == len(shown):
        start = len(shown) + indent + 1 + 10
        if sum(map(len, shown)) + len(shown) + start <= _WIDTH and not any("\n" in one for one in shown):
            return f"{brackets[0]} {', '.join(shown)} {brackets[1]}"
    between = ",\n" + " " * (indent + 2)
    return f"{brackets[0]}\n{' ' * (indent + 2)}{between.join(shown)}\n{' ' * indent}{brackets[1]}"


def _in_columns(shown, more, indent):
    last = len(shown) - more
    widths = [len(one) for one in shown[:last]]
    longest, total = max(widths), sum(widths) + 2 * last
    column = longest + 2
    if not (column * 3 + indent < _WIDTH and (total / column > 5 or longest <= 6)):
        return shown
    biased = max(column - 3 - math.sqrt(column - total / len(shown)), 1)
    columns = min(
        math.floor(math.sqrt(2.5 * biased * last) / biased + 0.5),
        (_WIDTH - indent) // column,
        _COMPACT * 4,
        15,
    )
    if columns <= 1:
        return shown
    wide = [max(widths[first:last:columns], default=0) + 2 for first in range(columns)]
    rows = []
    for first in range(0, last, columns):
        row = shown[first : min(first + columns, last)]
        cells = [f"{one}, ".rjust(wide[place]) for place, one in enumerate(row[:-1])]
        rows.append("".join(cells) + row[-1].rjust(wide[len(row) - 1] - 2))
    return rows + shown[last:]

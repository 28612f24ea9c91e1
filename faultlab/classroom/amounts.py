"""Amounts as people type them: 300.000, 300,000, 300 000, 300k, 1.2m, 8,5 and 87 %."""

import re

from faultlab.errors import BadInput

SUFFIXES = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mio": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "millions": 1e6,
    "bn": 1e9,
    "billion": 1e9,
}


def amount(text, low, high, unit=""):
    """Return what was typed as a number within a range.

    One comma or point before three digits may set thousands apart or begin the decimals. The reading that
    lies within the range is taken; where both do, thousands.

    Parameters
    ----------
    text : str or float
        A number is taken as it is.
    low, high : float
        The range asked for.
    unit : str
        May stand behind the number.

    Raises
    ------
    BadInput
        With the range, and what was understood.

    Examples
    --------
    >>> [amount(text, 0, 5e6) for text in ("300.000", "300,000", "300 000", "300_000", "300k", "1.2m")]
    [300000.0, 300000.0, 300000.0, 300000.0, 300000.0, 1200000.0]
    >>> amount("8,5", 0, 100), amount("87 %", 0, 100, "%"), amount("99.955", 0, 100)
    (8.5, 87.0, 99.955)
    """
    wanted = f"a number from {plainly(low)} to {plainly(high)}"
    if isinstance(text, int | float) and not isinstance(text, bool):
        found = [float(text)]
    else:
        found = _readings(text, unit) if isinstance(text, str) else []
    if not found:
        raise BadInput(f"I can't read {str(text)[:40]!r} as a number. Type {wanted}, such as 1200 or 8.5.")
    fitting = [value for value in found if low <= value <= high]
    if not fitting:
        raise BadInput(f"I read {plainly(found[0])}. Type {wanted}.")
    return fitting[0]


def plainly(value):
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


def _readings(text, unit):
    plain = " ".join(text.casefold().replace("−", "-").split()).strip("\"'")
    for spoken in (unit.casefold(), "eur", "euros", "euro", "€", "%", "percent", "per cent"):
        if spoken:
            plain = plain.removeprefix(spoken).removesuffix(spoken).strip()
    # Spaces, underscores and apostrophes only set thousands apart.
    plain = re.sub(r"(?<=\d)[ _'’](?=\d{3}(?!\d))", "", plain)
    found = re.fullmatch(r"([+-]?)(\d[\d.,]*|[.,]\d+) ?([a-z]*)", plain)
    if not found or (found[3] and found[3] not in SUFFIXES):
        return []
    times = SUFFIXES.get(found[3], 1.0)
    sign = -1 if found[1] else 1
    sign = 1 if found[1] == "+" else sign
    values = _digits(found[2])
    if found[3]:
        values.reverse()  # "1.200m" has decimals rather than thousands of millions
    return [sign * round(value * times, 9) for value in values]


def _digits(text):
    if text.isdigit():
        return [float(text)]
    last = max(text.rfind("."), text.rfind(","))
    mark = text[last]
    other = "," if mark == "." else "."
    grouped = rf"\d{{1,3}}(\{mark}\d{{3}})+"
    if other in text:
        fits = re.fullmatch(rf"\d{{1,3}}(\{other}\d{{3}})+\{mark}\d+", text)
        return [float(text.replace(other, "").replace(mark, "."))] if fits else []
    if text.count(mark) > 1:
        return [float(text.replace(mark, ""))] if re.fullmatch(grouped, text) else []
    decimal = float(text.replace(mark, "."))
    if re.fullmatch(grouped, text) and not text.startswith("0"):
        return [float(text.replace(mark, "")), decimal]
    return [decimal]

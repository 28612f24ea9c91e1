"""Availability as arithmetic: nines, minutes, series, parallel, k of n.

A system with many nines loses its digits when it is carried as an availability, since 1 - 1e-13 keeps
three of them. So every rule comes in two forms: for availabilities, and for unavailabilities
(`..._unavailability`), which keep all digits.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

from faultlab.errors import BadInput, is_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MINUTES_IN = {
    "year": 365 * 1440.0,
    "gregorian year": 365.2425 * 1440.0,
    "month": 30 * 1440.0,
    "average month": 365.2425 / 12 * 1440.0,
    "28 days": 28 * 1440.0,
    "week": 7 * 1440.0,
    "day": 1440.0,
}
"""Minutes in each calendar convention; "year" has 365 days and "month" 30, the course's own choice."""


def minutes_in(period: str | float) -> float:
    """Return the minutes in a period: a name from `MINUTES_IN` or a number of days.

    >>> minutes_in("month"), minutes_in(7)
    (43200.0, 10080.0)
    """
    if isinstance(period, str):
        if period not in MINUTES_IN:
            raise BadInput(f"There is no period {period!r}; choose from {', '.join(MINUTES_IN)}.")
        return MINUTES_IN[period]
    if not (isinstance(period, int | float) and math.isfinite(period) and period > 0):
        raise BadInput(f"A period is a name or a positive number of days, not {period!r}.")
    return period * 1440.0


def downtime_minutes(availability: float, period: str | float = "year") -> float:
    """Return the minutes down that an availability allows in a period.

    Parameters
    ----------
    availability : float
        A fraction from 0 to 1.
    period : str or float
        A name from `MINUTES_IN`, or days.

    Examples
    --------
    >>> round(downtime_minutes(0.999, "month"), 6)
    43.2
    >>> round(downtime_minutes(0.99) / 60, 6)
    87.6
    """
    return downtime_minutes_from_unavailability(1 - _fraction(availability, "availability"), period)


def downtime_minutes_from_unavailability(unavailability: float, period: str | float = "year") -> float:
    """Return the minutes down in a period, from the unavailability, so that no digit is lost.

    >>> round(downtime_minutes_from_unavailability(1e-13) * 60e6, 6)  # microseconds a year
    3.1536
    """
    return _fraction(unavailability, "unavailability") * minutes_in(period)


def steady_availability(mtbf_hours: float, mttr_minutes: float) -> float:
    """Return MTBF / (MTBF + MTTR): the share of time up in the long run.

    MTBF is the mean operating (up) time between failures, as in IEC 60050-192.

    Parameters
    ----------
    mtbf_hours : float
        Hours of operation per failure, above 0; may be infinite.
    mttr_minutes : float
        Minutes to restore, at least 0.

    Examples
    --------
    >>> round(steady_availability(999, 60), 6)
    0.999
    """
    return 1 - steady_unavailability(mtbf_hours, mttr_minutes)


def steady_unavailability(mtbf_hours: float, mttr_minutes: float) -> float:
    """Return MTTR / (MTBF + MTTR), with all digits.

    >>> round(steady_unavailability(999, 60), 9)
    0.001
    """
    if not mtbf_hours > 0:
        raise BadInput(f"An MTBF is a positive number of hours, not {mtbf_hours!r}.")
    if not 0 <= mttr_minutes < math.inf:
        raise BadInput(f"An MTTR is a number of minutes from 0 up, not {mttr_minutes!r}.")
    mttr_hours = mttr_minutes / 60
    return mttr_hours / (mtbf_hours + mttr_hours)


def series(availabilities: Iterable[float]) -> float:
    """Return the availability of parts that are all needed: the product (IEC 61078).

    Parts fail independently; a part that stands twice in the list is counted twice, which is wrong.

    >>> round(series([0.9995, 0.9999]), 8)
    0.99940005
    """
    return math.prod(_fraction(a, "availability") for a in availabilities)


def series_unavailability(unavailabilities: Iterable[float]) -> float:
    """Return the unavailability of parts that are all needed, with all digits.

    Two such parts: the sum, less the 2e-26 of the time when both are down.

    >>> series_unavailability([1e-13, 2e-13])
    2.9999999999998e-13
    """
    downs = [_fraction(u, "unavailability") for u in unavailabilities]
    if any(u == 1 for u in downs):
        return 1.0
    return -math.expm1(math.fsum(math.log1p(-u) for u in downs))


def parallel(availabilities: Iterable[float]) -> float:
    """Return the availability of parts of which one is enough (IEC 61078), failing independently.

    >>> round(parallel([0.9994, 0.9994]), 8)
    0.99999964
    """
    return 1 - parallel_unavailability(1 - _fraction(a, "availability") for a in availabilities)


def parallel_unavailability(unavailabilities: Iterable[float]) -> float:
    """Return the unavailability of parts of which one is enough: the product.

    >>> round(parallel_unavailability([1e-4, 1e-3]), 15)
    1e-07
    """
    return math.prod(_fraction(u, "unavailability") for u in unavailabilities)


def k_of_n(k: int, n: int, availability: float | Sequence[float]) -> float:
    """Return the availability of n parts of which at least k must be up, failing independently.

    Parameters
    ----------
    k, n : int
        1 <= k <= n.
    availability : float or sequence of n floats
        One for all parts, or one each.

    Examples
    --------
    >>> round(k_of_n(2, 3, 0.99), 6)
    0.999702
    >>> round(k_of_n(1, 2, [0.99, 0.9]), 6)
    0.999
    """
    ups = _one_each(k, n, availability, "availability")
    return _at_least(k, ups)


def k_of_n_unavailability(k: int, n: int, unavailability: float | Sequence[float]) -> float:
    """Return the unavailability of n parts of which at least k must be up, with all digits.

    Every term of the sum is positive, so nothing cancels.

    >>> f"{k_of_n_unavailability(1, 3, 1e-5):.12g}"
    '1e-15'
    """
    downs = _one_each(k, n, unavailability, "unavailability")
    return _at_least(n - k + 1, downs)


def _one_each(k, n, values, name):
    for label, count in (("k", k), ("n", n)):
        if not is_whole(count, 1):
            raise BadInput(f"{label} is a whole number from 1 up, not {count!r}.")
    if k > n:
        raise BadInput(f"{k} of {n} parts can't be needed: k is at most n.")
    each = [values] * n if isinstance(values, int | float) else list(values)
    if len(each) != n:
        raise BadInput(f"{n} parts need {n} values of {name}, not {len(each)}.")
    return [_fraction(value, name) for value in each]


def _at_least(wanted, probabilities):
    """Return P(at least `wanted` of these independent events happen)."""
    # chance[j]: j events so far; the last place gathers "wanted or more".
    chance = [1.0] + [0.0] * wanted
    for p in probabilities:
        chance[wanted] += chance[wanted - 1] * p
        for j in range(wanted - 1, 0, -1):
            chance[j] = chance[j] * (1 - p) + chance[j - 1] * p
        chance[0] *= 1 - p
    return min(chance[wanted], 1.0)


def percent(
    availability: float | None = None, *, unavailability: float | None = None, digits: int = 2
) -> str:
    """Return an availability as a percentage that shows its nines and `digits` digits after them.

    >>> percent(0.9995), percent(0.999999642), percent(unavailability=1.234e-13)
    ('99.95 %', '99.999964 %', '99.999999999988 %')
    """
    down = _down(availability, unavailability)
    if down == 0:
        return "100 %"
    places = max(0, math.floor(-math.log10(down) + 1e-9) - 2 + digits)
    if down > 0.1 * (1 + 1e-9):
        places = digits - 1
    shown = (100 - 100 * Decimal(repr(down))).quantize(Decimal(1).scaleb(-places))
    text = f"{shown:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + " %"


def _down(availability, unavailability):
    if (availability is None) == (unavailability is None):
        raise BadInput("Give an availability or an unavailability, one of the two.")
    if availability is None:
        return _fraction(unavailability, "unavailability")
    # 1 - 0.9995 is 0.0005000000000000004 in binary; the digits that were typed say 0.0005.
    return float(f"{1 - _fraction(availability, 'availability'):.12g}")


def _fraction(value, name):
    if not 0 <= value <= 1:
        hint = f"; for {value:g} % write {value / 100:g}" if 1 < value <= 100 else ""
        raise BadInput(f"An {name} is a fraction from 0 to 1, not {value!r}{hint}.")
    return value

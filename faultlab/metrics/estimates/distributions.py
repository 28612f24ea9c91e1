"""The distributions that intervals and tests need, without SciPy: normal, chi-square and Student's t."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

from faultlab.errors import BadInput

CONFIDENCE = 0.9
"""Of the course's estimates: nine intervals in ten are meant to hold the truth."""
CONFIDENCE_OF_TRIALS = 0.95
"""Of what simulations and experiments show, as their field has it."""


def normal_quantile(probability: float) -> float:
    """Return the point below which a standard normal variable falls with this probability.

    Examples
    --------
    >>> round(normal_quantile(0.95), 6)
    1.644854
    """
    if not 0 < probability < 1:
        raise BadInput(f"A quantile needs a probability strictly between 0 and 1, not {probability!r}.")
    return NormalDist().inv_cdf(probability)


def gamma_tail(shape: float, x: float) -> float:
    """Return P(X > x) for a gamma variable with this shape and scale 1.

    For a whole-numbered shape this is a Poisson sum: P(fewer than `shape` events when `x` are expected).
    A power series below the mean and Lentz's continued fraction above it keep both tails accurate.

    Parameters
    ----------
    shape, x : float
        Positive shape; `x` at least 0.

    References
    ----------
    NIST Digital Library of Mathematical Functions, 8.7.1 (series) and 8.9.2 (continued fraction).

    Examples
    --------
    Fewer than 3 events when 2 are expected: exp(-2) (1 + 2 + 2).

    >>> round(gamma_tail(3, 2.0), 12) == round(5 * math.exp(-2), 12)
    True
    """
    if x <= 0:
        return 1.0
    scale = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        return 1.0 - scale * _series(shape, x)
    return scale * _continued_fraction(shape, x)


def _series(shape, x):
    term = total = 1.0 / shape
    step = shape
    while term > total * 1e-17:
        step += 1
        term *= x / step
        total += term
    return total


def _continued_fraction(shape, x):
    tiny = 1e-300
    b = x + 1 - shape
    c, d = 1 / tiny, 1 / b
    fraction = d
    for i in range(1, 1_000_000):
        a = -i * (i - shape)
        b += 2
        d = 1 / (a * d + b or tiny)
        c = b + a / c or tiny
        fraction *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return fraction


@lru_cache(maxsize=4096)
def chi_square_quantile(probability: float, degrees: int) -> float:
    """Return the point below which a chi-square variable falls with this probability.

    Parameters
    ----------
    probability : float
        Strictly between 0 and 1.
    degrees : int
        Degrees of freedom, at least 1. With an even number the tail is a Poisson sum (see `gamma_tail`).

    Examples
    --------
    The 95 % point with 2 degrees of freedom is -2 ln 0.05.

    >>> round(chi_square_quantile(0.95, 2), 9) == round(-2 * math.log(0.05), 9)
    True
    """
    if degrees < 1:
        raise BadInput(f"A chi-square variable needs at least 1 degree of freedom, not {degrees!r}.")
    z = normal_quantile(probability)
    shape = degrees / 2
    # Wilson and Hilferty's cube gives a start; bisection in the logarithm can't miss from there.
    ninth = 2 / (9 * degrees)
    start = max(shape * (1 - ninth + z * math.sqrt(ninth)) ** 3, 1e-300)
    low = high = start
    tail = 1 - probability
    while gamma_tail(shape, low) < tail:
        low /= 2
    while gamma_tail(shape, high) > tail:
        high *= 2
    while high - low > 4e-16 * high:
        middle = math.sqrt(low * high) if low > 0 else high / 2
        if middle in (low, high):
            break
        if gamma_tail(shape, middle) > tail:
            low = middle
        else:
            high = middle
    return low + high


@lru_cache(maxsize=4096)
def student_t_upper(probability: float, degrees: float) -> float:
    """Return the point above which a Student t variable lies with this probability.

    Parameters
    ----------
    probability : float
        Above 0 and at most 0.5.
    degrees : float
        Degrees of freedom, at least 1; a fraction after Welch.

    References
    ----------
    NIST Digital Library of Mathematical Functions, 8.17.22 (continued fraction of the incomplete beta).

    Examples
    --------
    With one degree of freedom the 2.5 % point is tan(0.475 pi).

    >>> round(student_t_upper(0.025, 1), 9) == round(math.tan(0.475 * math.pi), 9)
    True
    """
    if not 0 < probability <= 0.5 or degrees < 1:
        raise BadInput(f"A t quantile needs a tail up to 0.5 and a degree, not {probability!r}, {degrees!r}.")
    low, high = 0.0, 1.0
    while student_t_tail(high, degrees) > probability:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if high - low <= 1e-15 * high:
            break
        low, high = (middle, high) if student_t_tail(middle, degrees) > probability else (low, middle)
    return (low + high) / 2


def student_t_tail(t: float, degrees: float) -> float:
    """Return the chance that a Student t variable exceeds t, which is at least 0.

    >>> round(student_t_tail(1.0, 1), 12)
    0.25
    """
    return _incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t)) / 2


def _incomplete_beta(a, b, x):
    if x >= 1.0:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - _incomplete_beta(b, a, 1.0 - x)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    tiny = 1e-300
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, 1_000):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + step * d or tiny)
            c = 1 + step / c or tiny
            fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * fraction / a

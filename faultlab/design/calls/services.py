"""How long serving a customer takes: all alike, exponential, lognormal, or with a heavy tail."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from faultlab.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

SERVICE_KINDS = ("constant", "exponential", "lognormal", "heavy tail")


def service_times(
    customers: int,
    mean: float = 1.0,
    kind: str = "exponential",
    variation: float = 2.0,
    tail: float = 2.5,
    seed: int | Sequence[int] = 0,
) -> np.ndarray:
    """Draw service times.

    Parameters
    ----------
    customers : int
        How many.
    mean : float
        Above 0.
    kind : str
        One of `SERVICE_KINDS`.
    variation : float
        Coefficient of variation of "lognormal".
    tail : float
        Exponent of "heavy tail", a Pareto distribution: above 1, and the lower the heavier. At 2 or less
        the variance is infinite and averages hardly settle.
    seed : int or sequence of int

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> times = service_times(100_000, mean=0.2, kind="lognormal", seed=1)
    >>> round(float(times.mean()), 2), round(float(times.std() / times.mean()))
    (0.2, 2)
    """
    if not 0 < mean < math.inf:
        raise BadInput(f"The mean service time is a number above 0, not {mean!r}.")
    rng = np.random.default_rng(seed)
    if kind == "constant":
        return np.full(customers, float(mean))
    if kind == "exponential":
        return mean * rng.standard_exponential(customers)
    if kind == "lognormal":
        if not 0 < variation < math.inf:
            raise BadInput(f"A coefficient of variation is a number above 0, not {variation!r}.")
        sigma = math.sqrt(math.log1p(variation**2))
        return mean * np.exp(sigma * rng.standard_normal(customers) - sigma**2 / 2)
    if kind == "heavy tail":
        if not 1 < tail < math.inf:
            raise BadInput(f"The exponent of a heavy tail is above 1, or there is no mean; not {tail!r}.")
        return mean * (tail - 1) / tail * np.exp(rng.standard_exponential(customers) / tail)
    raise BadInput(f"Service times are {', '.join(SERVICE_KINDS)}, not {kind!r}.")

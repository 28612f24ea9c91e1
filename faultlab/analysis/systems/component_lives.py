"""What is said of a component, and the share of time for which it is down and up.

Rausand and Hoyland (2004), System Reliability Theory, chapters 2 and 9.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

FORMS = (
    ("availability",),
    ("availability", "mttr_hours"),
    ("mtbf_hours", "mttr_hours"),
    ("failures_per_hour", "mission_hours"),
    ("scale_hours", "shape", "mission_hours"),
)
"""What a component may be given by: a share of time, MTBF and MTTR, or a life that has to outlast a
mission, at a constant rate or by Weibull."""


def down_and_up(life: dict) -> tuple[Any, Any]:
    """Return the shares of time (down, up), each with all its digits.

    Parameters
    ----------
    life : dict
        The fields of one of `FORMS`, numbers or arrays of one length. With `tested_every_hours` as well the
        part is a spare whose failures stay hidden until the next test finds them.

    Examples
    --------
    >>> [float(one) for one in down_and_up({"mtbf_hours": 999, "mttr_hours": 1})]
    [0.001, 0.999]
    >>> round(float(down_and_up({"failures_per_hour": 1e-9, "mission_hours": 1})[0]), 16)
    1e-09
    >>> spare = {"mtbf_hours": 999, "mttr_hours": 1, "tested_every_hours": 100}
    >>> [round(float(one), 6) for one in down_and_up(spare)]
    [0.049327, 0.950673]
    """
    if "tested_every_hours" in life:
        mean_up, mean_down = hidden_times(life)
        return mean_down / (mean_up + mean_down), mean_up / (mean_up + mean_down)
    if "availability" in life:
        return 1 - life["availability"], life["availability"]
    if "mtbf_hours" in life:
        both = life["mtbf_hours"] + life["mttr_hours"]
        return life["mttr_hours"] / both, life["mtbf_hours"] / both
    if "shape" in life:
        exponent = -((life["mission_hours"] / life["scale_hours"]) ** life["shape"])
    else:
        exponent = -life["failures_per_hour"] * life["mission_hours"]
    return -np.expm1(exponent), np.exp(exponent)


def hidden_times(life: dict) -> tuple[Any, Any]:
    """Return the mean hours (up, down) of a spare whose failures only a test finds.

    With failures at the rate 1/MTBF, tests every T hours and repairs of R hours that begin at the test which
    finds the failure, the n-th test is the first to find one with the chance p (1 - p)^(n - 1), where
    p = 1 - exp(-T / MTBF); from one repair to the next it takes T / p + R hours in the mean, of which the
    spare is up for MTBF (renewal theory; Rausand and Hoyland, chapter 10).

    Parameters
    ----------
    life : dict
        `tested_every_hours`, `mttr_hours`, and `mtbf_hours` or `availability`.

    Examples
    --------
    >>> up, down = hidden_times({"mtbf_hours": 1e9, "mttr_hours": 0, "tested_every_hours": 2})
    >>> up, round(float(down), 6)
    (1000000000.0, 1.0)
    """
    repair = life["mttr_hours"]
    mean_up = life["mtbf_hours"] if "mtbf_hours" in life else repair * life["availability"] / _down(life)
    x = life["tested_every_hours"] / mean_up
    # T / p - MTBF, where p is nearly T / MTBF: by its series where the difference would lose its digits.
    small = np.minimum(x, 1e-3)
    series = small / 2 + small**2 / 12 - small**4 / 720
    large = np.maximum(x, 1e-3)
    hidden = np.where(x < 1e-3, series, large / -np.expm1(-large) - 1) * mean_up
    return mean_up, hidden + repair


def _down(life):
    return np.maximum(1 - life["availability"], 1e-300)  # a part that never fails has an MTBF without end


def down_range(life: dict) -> tuple[tuple[float, float], ...]:
    """Return the shares of time (down, up) at the best, likely and worst of a life given in ranges.

    The ends are where every field is at its best, or its worst, at once. An answer only ever rises or
    only ever falls with each field, so the ends lie at corners.

    Parameters
    ----------
    life : dict
        From field to `Range`.

    Returns
    -------
    tuple of three pairs
    """
    corners = [
        down_and_up(dict(zip(life, values, strict=True)))
        for values in itertools.product(*((one.low, one.high) for one in life.values()))
    ]
    likely = down_and_up({name: one.likely for name, one in life.items()})
    return tuple(
        (float(down), float(up)) for down, up in (min(corners), likely, max(corners, key=lambda one: one[0]))
    )

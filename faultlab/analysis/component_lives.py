"""What is said of a component, and the share of time for which it is down and up.

Rausand and Hoyland (2004), System Reliability Theory, chapters 2 and 9.
"""

import itertools

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


def down_and_up(life):
    """Return the shares of time (down, up), each with all its digits.

    Parameters
    ----------
    life : dict
        The fields of one of `FORMS`, numbers or arrays of one length.

    Examples
    --------
    >>> [float(one) for one in down_and_up({"mtbf_hours": 999, "mttr_hours": 1})]
    [0.001, 0.999]
    >>> round(float(down_and_up({"failures_per_hour": 1e-9, "mission_hours": 1})[0]), 16)
    1e-09
    """
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


def down_range(life):
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

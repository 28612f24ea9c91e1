"""Does a series end after a step? Asked of a library that knows change points: `ruptures`.

Skyline's tests look at the last half minute; a change-point method asks where the level changed, and is
content if that was lately. R. Killick, P. Fearnhead and I. Eckley, "Optimal detection of changepoints with a
linear computational cost", JASA 107, 2012, as C. Truong, L. Oudre and N. Vayatis wrote it (ruptures, 2020).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from faultlab.errors import BadInput


def change_point_anomaly(
    series: Sequence[float] | np.ndarray,
    penalty: float = 4.0,
    window: int = 720,
    tail: int = 60,
    shortest: int = 3,
) -> np.ndarray:
    """Return whether the level of each series changed within its last points.

    Parameters
    ----------
    series : array_like
        Metrics by values, or one metric; the newest value last.
    penalty : float
        Price of a change, in variances of the noise times the logarithm of the window: the higher, the
        fewer alarms.
    window : int
        How many last values are looked at: two hours, at ten seconds each.
    tail : int
        A change among so many last values counts.
    shortest : int
        The fewest values between two changes.

    Returns
    -------
    array of bool

    Raises
    ------
    BadInput
        If ruptures is not installed, or a series is too short or has gaps.

    Examples
    --------
    >>> quiet = np.random.default_rng(1).normal(1_000, 10, 720)
    >>> risen = quiet + np.where(np.arange(720) >= 700, 30, 0)
    >>> change_point_anomaly([quiet, risen]).tolist()  # doctest: +SKIP
    [False, True]
    """
    try:
        from ruptures import KernelCPD
    except ImportError:
        raise BadInput("Change points need the package ruptures: pip install ruptures.") from None
    values = np.atleast_2d(np.asarray(series, dtype=float))
    if not 1 <= shortest <= tail < window or values.shape[1] < window or not np.isfinite(values).all():
        raise BadInput(f"A search needs {window} finite values or more, and a tail shorter than that.")
    found = []
    for row in values[:, -window:]:
        # Steps from value to value know nothing of a change of level, so they tell the noise.
        spread = 1.4826 * float(np.median(np.abs(np.diff(row)))) / math.sqrt(2)
        if spread == 0:
            found.append(bool(np.ptp(row[-tail:])) or row[-1] != row[0])
            continue
        search = KernelCPD(kernel="linear", min_size=shortest).fit((row / spread).reshape(-1, 1))
        ends = search.predict(pen=penalty * math.log(window))
        found.append(len(ends) > 1 and ends[-2] >= window - tail)
    return np.array(found, dtype=bool)

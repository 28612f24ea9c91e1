"""A fallback and its dangers: it is tried when things are worst, and had never run before.

Three dangers can be counted. It may have broken unnoticed since it was last exercised. It may need what
has just failed. And it may send the whole load to something that was built for a tenth of it.
"""

from __future__ import annotations

import math

from faultlab.errors import BadInput


def asleep_unavailability(breakages_per_year: float, days_between_tests: float) -> float:
    """Return the chance that a fallback, when it is needed, has broken since its last test.

    Parameters
    ----------
    breakages_per_year : float
        How often a change somewhere breaks it: 0 or more.
    days_between_tests : float
        Above 0; infinite if nobody ever tests it.

    Returns
    -------
    float
        ``1 - (1 - exp(-rate*T)) / (rate*T)``, the mean over the moment of need. For small ``rate*T`` it is
        half of ``rate*T``, the average probability of failure on demand.

    References
    ----------
    IEC 61508-6, annex B (proof test interval).

    Examples
    --------
    Broken twice a year, and exercised once a year, or every week:

    >>> round(asleep_unavailability(2, 365), 3), round(asleep_unavailability(2, 7), 3)
    (0.568, 0.019)
    """
    if not (0 <= breakages_per_year < math.inf and days_between_tests > 0):
        raise BadInput("Breakages a year are 0 or more, and days between tests are more than 0.")
    expected = breakages_per_year * days_between_tests / 365 if breakages_per_year else 0.0
    if expected < 1e-6:
        return expected / 2  # the formula would subtract two numbers that agree in all digits
    return 1.0 if expected == math.inf else 1 + math.expm1(-expected) / expected

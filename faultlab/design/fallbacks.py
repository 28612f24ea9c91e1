"""A fallback and its dangers: it is tried when things are worst, and had never run before.

Three dangers can be counted. It may have broken unnoticed since it was last exercised. It may need what
has just failed. And it may send the whole load to something that was built for a tenth of it.
"""

import math

from faultlab.errors import BadInput


def asleep_unavailability(breakages_per_year, days_between_tests):
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


def fallback_availability(primary, fallback, asleep=0.0, shared=0.0):
    """Return the availability of a service with a fallback.

    Parameters
    ----------
    primary, fallback : float
        Availabilities of each, from 0 to 1; the fallback's while it is in order.
    asleep : float
        The chance that the fallback has broken unnoticed; see `asleep_unavailability`.
    shared : float
        The share of the primary's failures that take the fallback with them (the same network, the same
        database, the same bad change).

    Examples
    --------
    >>> round(fallback_availability(0.995, 0.995), 6)
    0.999975
    >>> round(fallback_availability(0.995, 0.995, asleep=0.5, shared=0.2), 6)
    0.99699
    """
    for name, value in (
        ("primary", primary),
        ("fallback", fallback),
        ("asleep", asleep),
        ("shared", shared),
    ):
        if not 0 <= value <= 1:
            raise BadInput(f"{name} is a fraction from 0 to 1, not {value!r}.")
    return primary + (1 - primary) * (1 - shared) * (1 - asleep) * fallback


def cache_loss_overload(hit_ratio):
    """Return how many times its usual load the store behind a cache gets when the cache is lost.

    Parameters
    ----------
    hit_ratio : float
        The share of requests that the cache answers, from 0 to below 1.

    References
    ----------
    Huang and others, "Metastable Failures in the Wild", OSDI 2022: with a hit ratio of 90 %, a database
    built for 300 requests a second serves 3,000, and gets ten times its capacity when the cache is empty.

    Examples
    --------
    >>> round(cache_loss_overload(0.9), 6)
    10.0
    """
    if not 0 <= hit_ratio < 1:
        raise BadInput(f"A hit ratio is a share from 0 to below 1, not {hit_ratio!r}.")
    return 1 / (1 - hit_ratio)

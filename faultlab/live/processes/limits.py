"""What a fleet may take of the machine, whatever it is asked for."""

import math

from faultlab.errors import BadInput

LARGEST_FLEET = 16
"""Workers; with supervisor, balancer, fault proxy and load a fleet has at most 20 processes."""

MOST_MINUTES = 60
"""A fleet ends by itself after the minutes it was given, and these are the most."""

MOST_RESTARTS = 500
"""Restarts in the life of a fleet; a worker that dies after them stays dead."""

WORKER_MEMORY_MB = 128
"""Resident memory at which a worker ends itself, as an out-of-memory killer would end it."""

PROCESS_MEMORY_MB = 2048
"""Address space of any process of a fleet, held by the operating system where it does so (Linux)."""

MOST_REQUESTS_A_SECOND = 5000
MOST_IN_FLIGHT = 1000
MOST_CONNECTIONS = 1024
LONGEST_HEAD = 16 * 1024
LONGEST_BODY = 1024 * 1024


def whole(name: str, value: object, low: int, high: int) -> int:
    """Return a whole number between two ends, or raise BadInput with its name.

    Examples
    --------
    >>> whole("workers", 4, 1, LARGEST_FLEET)
    4
    """
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadInput(f"{name} is a whole number from {low} to {high}, not {value!r}.")
    return value


def number(name: str, value: object, low: float, high: float) -> float:
    """Return a number between two ends as a float, or raise BadInput with its name.

    Examples
    --------
    >>> number("share", 0.25, 0, 1)
    0.25
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadInput(f"{name} is a number from {low:g} to {high:g}, not {value!r}.")
    if not low <= value <= high:
        raise BadInput(f"{name} is a number from {low:g} to {high:g}, not {value!r}.")
    return float(value)

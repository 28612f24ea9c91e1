"""A timeout, chosen from measured latencies for a rate of false timeouts.

A timeout that cuts off an answer which would have come is false: it costs a retry, or a customer. Choose
the rate that you accept, 0.1 % for example, and take the latency that this share exceeds (Amazon Builders'
Library, "Timeouts, retries, and backoff with jitter"). The average latency tells nothing about it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from faultlab.errors import BadInput
from faultlab.metrics.estimates import CONFIDENCE, Estimate, at_most, counted_share


def timeout_for(
    latencies: Sequence[float] | np.ndarray, false_timeouts: float = 0.001, confidence: float = CONFIDENCE
) -> Estimate:
    """Return the timeout that cuts off no more than this share of good answers.

    Parameters
    ----------
    latencies : sequence of float
        Of calls that were answered, in any unit, from a time without trouble.
    false_timeouts : float
        A share between 0 and 1.
    confidence : float
        Two-sided.

    Returns
    -------
    Estimate
        The sample quantile in the unit of `latencies`. Its limits are latencies that were seen (order
        statistics with binomial confidence), so no shape is assumed; a limit is None where there are too
        few latencies to set it.

    Raises
    ------
    BadInput
        If a single latency stands for more than the rate: 200 latencies say nothing about 1 in 1,000.

    References
    ----------
    David and Nagaraja (2003), Order Statistics, 7.1.

    Examples
    --------
    >>> found = timeout_for(range(1, 10_001), false_timeouts=0.01)
    >>> found.value, found.low, found.high
    (9900, 9883, 9917)
    """
    ordered = np.sort(_latencies(latencies))
    count = len(ordered)
    if not 0 < false_timeouts < 1:
        raise BadInput(f"A rate of false timeouts is a share between 0 and 1, not {false_timeouts!r}.")
    if not 0 < confidence < 1:
        raise BadInput(f"A confidence is a fraction between 0 and 1, such as 0.9, not {confidence!r}.")
    if count * false_timeouts < 1 - 1e-9:
        needed = math.ceil(1 / false_timeouts)
        raise BadInput(
            f"{count} latencies can't show a rate of {false_timeouts:g}; measure {needed:,} or more."
        )
    # Among the slowest answers: place 1 is the slowest. The rate times the count may be cut off.
    cut_off = math.floor(count * false_timeouts + 1e-9)
    tail = (1 - confidence) / 2
    # The true quantile lies above the j-th slowest unless fewer than j latencies exceed it.
    fewest, most = _count_limits(count, false_timeouts, tail)
    value = ordered[count - cut_off - 1] if cut_off < count else ordered[0]
    high = ordered[count - fewest] if fewest >= 1 else None
    low = ordered[count - most - 1] if most < count else None
    method = f"exceeded by {false_timeouts:.3g} of {count:,} latencies; limits from order statistics"
    value, low, high = (None if x is None else x.item() for x in (value, low, high))
    return Estimate(value, low, high, confidence, method)


def false_timeout_rate(latencies: Sequence[float] | np.ndarray, timeout: float) -> Estimate:
    """Return the share of good answers that a timeout would have cut off, with Wilson's interval.

    Examples
    --------
    >>> found = false_timeout_rate([80, 90, 100, 120, 900], timeout=200)
    >>> found.value, round(found.low, 2), round(found.high, 2)
    (0.2, 0.05, 0.56)
    """
    values = _latencies(latencies)
    if not timeout > 0:
        raise BadInput(f"A timeout is longer than 0, not {timeout!r}.")
    slower = int((values > timeout).sum())
    return counted_share(slower, len(values), "answers slower than the timeout, Wilson")


def _count_limits(count, share, tail):
    """The counts between which Binomial(count, share) falls, with at most `tail` below and above."""
    low, high = 0, count
    while low < high:  # the largest `low` with P(X < low) <= tail
        middle = (low + high + 1) // 2
        low, high = (middle, high) if at_most(middle - 1, count, share) <= tail else (low, middle - 1)
    fewest = low
    low, high = 0, count
    while low < high:  # the smallest `high` with P(X > high) <= tail
        middle = (low + high) // 2
        low, high = (low, middle) if 1 - at_most(middle, count, share) <= tail else (middle + 1, high)
    return fewest, high


def _latencies(latencies):
    values = np.asarray(latencies if isinstance(latencies, np.ndarray) else list(latencies))
    if values.size == 0 or values.dtype.kind not in "iuf" or not np.isfinite(values).all():
        raise BadInput("Latencies are numbers, at least one; a call that never ended has none.")
    if (values < 0).any():
        raise BadInput("Latencies are 0 or more; one is negative.")
    return values.ravel()

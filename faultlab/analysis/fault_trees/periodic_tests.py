"""Parts that are tested every so often: what fails in between stays hidden until the next test.

The built-in `periodic-test` of the Open-PSA Model Exchange Format (2.0d), in its three forms. The
probabilities of one period follow from those of the one before by the same matrix each time, so that any
number of periods costs a few multiplications (a Markov chain; Rausand and Hoyland 2004, chapter 10).
"""

from __future__ import annotations

import math

import numpy as np

_ROUNDING = 1e-14  # of a number of periods: 17 of 0.1 h are a hair more than 1.7 h


def instant_repair(
    failure_rate: float | np.ndarray,
    between: float | np.ndarray,
    first: float | np.ndarray,
    time: float | np.ndarray,
) -> float | np.ndarray:
    """The probability to be down of a part that every test finds and renews at once.

    Parameters
    ----------
    failure_rate : float or array
        Per hour.
    between, first, time : float or array
        Hours between tests, before the first of them, and until now.

    Returns
    -------
    float or array

    Examples
    --------
    >>> round(float(instant_repair(0.001, 100, 50, 180)), 6) == round(1 - math.exp(-0.03), 6)
    True
    """
    since = time - first
    tests = np.ceil(since / between * (1 - _ROUNDING)) - 1  # the last but one where a test is just now
    after = np.minimum(since - tests * between, between)
    return -np.expm1(-failure_rate * np.where(time <= first, time, after))


def instant_test(
    failure_rate: float | np.ndarray,
    repair_rate: float | np.ndarray,
    between: float | np.ndarray,
    first: float | np.ndarray,
    time: float | np.ndarray,
) -> float | np.ndarray:
    """The probability to be down of a part that every test finds at once, and that takes its time to repair.

    Parameters
    ----------
    failure_rate, repair_rate : float or array
        Per hour.
    between, first, time : float or array
        Hours between tests, before the first of them, and until now.

    Returns
    -------
    float or array
    """
    return _every(_instant_test, failure_rate, repair_rate, between, first, time)


def _instant_test(failure_rate, repair_rate, between, first, time):
    if time <= first:
        return -math.expm1(-failure_rate * time)
    periods, after = _periods(between, first, time)
    state = _first_state(failure_rate, first)
    # At each test, what was hidden goes into repair.
    found = np.array([[1, 0, 0], [0, 0, 0], [0, 1, 1]], float)
    whole = _running(failure_rate, repair_rate, 0.0, between) @ found
    state = np.linalg.matrix_power(whole, periods) @ state
    state = _running(failure_rate, repair_rate, 0.0, after) @ found @ state
    return state[1] + state[2]


def whole_test(
    failure_rate: float | np.ndarray,
    failure_rate_at_test: float | np.ndarray,
    repair_rate: float | np.ndarray,
    between: float | np.ndarray,
    first: float | np.ndarray,
    fails_at_start: float | np.ndarray,
    duration: float | np.ndarray,
    available_at_test: float | np.ndarray,
    finds: float | np.ndarray,
    fails_at_restart: float | np.ndarray,
    time: float | np.ndarray,
) -> float | np.ndarray:
    """The probability to be down of a part whose tests take time and may harm it, miss a failure, or both.

    Parameters
    ----------
    failure_rate, failure_rate_at_test, repair_rate : float or array
        Per hour.
    between, first, duration, time : float or array
        Hours between the starts of tests, before the first of them, of a test, and until now.
    fails_at_start, finds, fails_at_restart : float or array
        The probabilities that a part fails as its test begins, that a test finds a failure, and that a
        repaired part fails as it is started.
    available_at_test : float or array
        Whether the part works while it is tested; 0 is no.

    Returns
    -------
    float or array
    """
    return _every(
        _whole_test,
        failure_rate,
        failure_rate_at_test,
        repair_rate,
        between,
        first,
        fails_at_start,
        duration,
        available_at_test,
        finds,
        fails_at_restart,
        time,
    )


def _whole_test(rate, rate_at_test, repair, between, first, at_start, duration, works, finds, restart, time):
    if time <= first:
        return -math.expm1(-rate * time)
    periods, after = _periods(between, first, time)

    def tested(hours):
        fails = at_start - (1 - at_start) * math.expm1(-rate_at_test * hours)
        repaired, again = _repaired(rate, repair, restart, hours)
        return np.array(
            [
                [1 - fails, 0, repaired - again],
                [(1 - finds) * fails, 1 - finds, again],
                [finds * fails, finds, 1 - repaired],
            ]
        )

    test, run = tested(duration), _running(rate, repair, restart, between - duration)
    state = np.linalg.matrix_power(run @ test, periods) @ _first_state(rate, first)
    if after > duration:
        state = _running(rate, repair, restart, after - duration) @ test @ state
    else:
        before, state = state[0], tested(after) @ state
        if not works:
            still = (1 - at_start) * math.exp(-rate_at_test * after) * before
            return state[1] + state[2] + still
    return state[1] + state[2]


def _every(function, *parts):
    if any(isinstance(one, np.ndarray) and one.ndim for one in parts):
        return np.vectorize(function, otypes=[float])(*parts)
    return function(*(float(one) for one in parts))


def _periods(between, first, time):
    periods = int((time - first) / between * (1 + _ROUNDING))
    return periods, max(0.0, time - first - periods * between)


def _first_state(rate, hours):
    """The probabilities to work, to have failed unseen, and to be in repair."""
    failed = -math.expm1(-rate * hours)
    return np.array([1 - failed, failed, 0.0])


def _running(rate, repair, restart, hours):
    """From the state at the beginning of some hours between tests to that at their end."""
    failed = -math.expm1(-rate * hours)
    repaired, again = _repaired(rate, repair, restart, hours)
    return np.array([[1 - failed, 0, repaired - again], [failed, 1, again], [0, 0, 1 - repaired]])


def _repaired(rate, repair, restart, hours):
    """Of what is in repair: the probability to be repaired within some hours, and to have failed again."""
    repaired = -math.expm1(-repair * hours)
    return repaired, restart * repaired + (1 - restart) * _one_then_other(repair, rate, hours)


def _one_then_other(first, second, hours):
    """The probability that one exponential time, and after it another, end within some hours."""
    first, second = sorted((first, second))  # their order does not matter
    difference = second - first
    waited = -math.expm1(-difference * hours) / difference if difference else hours
    return max(0.0, 1 - math.exp(-first * hours) * (1 + first * waited))

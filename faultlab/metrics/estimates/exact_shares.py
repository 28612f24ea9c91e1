"""The binomial distribution, exactly: what so many trials say about a chance, and how many it takes."""

from __future__ import annotations

import math

from faultlab.errors import BadInput
from faultlab.metrics.estimates.distributions import CONFIDENCE_OF_TRIALS
from faultlab.metrics.estimates.estimates import Estimate


def at_most(hits: int, trials: int, chance: float) -> float:
    """Return P(at most so many hits in so many independent trials).

    >>> round(at_most(1, 3, 0.5), 12)
    0.5
    """
    if hits < 0:
        return 0.0
    if hits >= trials or chance == 0:
        return 1.0
    if chance == 1:
        return 0.0
    # Each term from the one before it, in logarithms, so that 0.001**10_000 does no harm. The sum over the
    # shorter side keeps the small tail accurate and the work low.
    if hits > trials / 2 and hits > trials * chance:
        return 1.0 - at_most(trials - hits - 1, trials, 1 - chance)
    odds = math.log(chance) - math.log1p(-chance)
    log_term = trials * math.log1p(-chance)
    terms = [math.exp(log_term)]
    for k in range(hits):
        log_term += math.log((trials - k) / (k + 1)) + odds
        terms.append(math.exp(log_term))
    return min(1.0, math.fsum(terms))


def exact_share(hits: int, trials: int, confidence: float = CONFIDENCE_OF_TRIALS) -> Estimate:
    """Return a share with the exact interval of Clopper and Pearson.

    Parameters
    ----------
    hits, trials : int
    confidence : float
        Two-sided; with 0 hits, or only hits, the one open side gets all of it.

    References
    ----------
    Clopper and Pearson (1934); NIST/SEMATECH e-Handbook of Statistical Methods, 7.2.4.1.

    Examples
    --------
    The rule of three: nothing in 300 trials leaves up to 1 %.

    >>> round(exact_share(0, 300).high, 4)
    0.0099
    """
    if not 0 <= hits <= trials or trials < 1:
        raise BadInput(f"{hits!r} of {trials!r} trials is not a share; hits go from 0 to the trials.")
    if not 0 < confidence < 1:
        raise BadInput(f"A confidence is a fraction between 0 and 1, such as 0.95, not {confidence!r}.")
    tail = 1 - confidence if hits in (0, trials) else (1 - confidence) / 2
    high = 1.0 if hits == trials else _chance_where(lambda p: at_most(hits, trials, p) > tail)
    low = 0.0 if hits == 0 else _chance_where(lambda p: 1 - at_most(hits - 1, trials, p) < tail)
    return Estimate(hits / trials, low, high, confidence, "exact binomial (Clopper and Pearson)")


def _chance_where(still_below):
    """The chance at which a condition, true near 0, turns false."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if still_below(middle) else (low, middle)
    return (low + high) / 2


def runs_to_tell(at_least: float, confidence: float = CONFIDENCE_OF_TRIALS, failures: int = 0) -> int:
    """Return how many runs, of which no more than `failures` fail, show that a system survives so often.

    Parameters
    ----------
    at_least : float
        The claim: the share of runs that the system survives, between 0 and 1.
    confidence : float
    failures : int
        Failures that you would still accept.

    Returns
    -------
    int
        The fewest runs for which the claim, if it were just false, would pass with a chance of at most
        1 - confidence (success-run theorem, with failures).

    Examples
    --------
    >>> runs_to_tell(0.9), runs_to_tell(0.99), runs_to_tell(0.99, failures=1)
    (29, 299, 473)
    """
    if not (0 < at_least < 1 and 0 < confidence < 1 and failures >= 0):
        raise BadInput("Claim and confidence lie between 0 and 1, and failures are 0 or more.")
    low = high = failures + 1
    while at_most(failures, high, 1 - at_least) > 1 - confidence:
        high *= 2
    while low < high:
        middle = (low + high) // 2
        if at_most(failures, middle, 1 - at_least) > 1 - confidence:
            low = middle + 1
        else:
            high = middle
    return high

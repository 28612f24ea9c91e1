"""N versions and a vote: what diversity buys when the versions share faults.

Versions written by different people fail on the same hard inputs. Eckhardt and Lee (1985) put it so: an
input has a difficulty, the chance that a version fails on it; two versions fail together with the mean of
the difficulty's square, which is more than the square of its mean. Knight and Leveson (1986) had 27
versions written and tried them on a million inputs: independence had to be rejected.
"""

from __future__ import annotations

import math

from faultlab.errors import BadInput
from faultlab.metrics.estimates import k_of_n_unavailability


def versions_failure(needed: int, versions: int, failure: float, correlation: float = 0.0) -> float:
    """Return the chance that fewer than `needed` of n versions are right about an input.

    Parameters
    ----------
    needed, versions : int
        Two of three for a vote.
    failure : float
        The chance that one version is wrong, from 0 to 1.
    correlation : float
        Between two versions' failures, from 0 (independent) to 1 (copies of one program).

    Returns
    -------
    float
        The tail of the beta-binomial distribution: difficulty varies between inputs as a beta variable.
        With two versions of which one is needed it is ``p**2 + correlation * p * (1 - p)``.

    References
    ----------
    Eckhardt and Lee (1985), A theoretical basis for the analysis of multiversion software; Griffiths (1973)
    for the beta-binomial.

    Examples
    --------
    A vote of three versions that are each wrong once in a thousand:

    >>> for correlation in (0, 0.1, 0.5, 1):
    ...     print(f"{versions_failure(2, 3, 0.001, correlation):.2g}")
    3e-06
    0.00027
    0.00083
    0.001
    """
    _check(failure, correlation)
    k_of_n_unavailability(needed, versions, failure)  # refuses what makes no sense
    if correlation == 1:
        return float(failure)
    # Products, and not the beta function, whose logarithms are huge and alike at a small correlation.
    step = correlation / (1 - correlation)
    whole = math.prod(1 + i * step for i in range(versions))
    terms = (
        math.comb(versions, wrong)
        * math.prod(failure + i * step for i in range(wrong))
        * math.prod(1 - failure + i * step for i in range(versions - wrong))
        for wrong in range(versions - needed + 1, versions + 1)
    )
    return min(1.0, math.fsum(terms) / whole)


def _check(failure, correlation):
    if not 0 <= failure <= 1:
        raise BadInput(f"A chance of failure is a fraction from 0 to 1, not {failure!r}.")
    if not 0 <= correlation <= 1:
        raise BadInput(f"A correlation lies between 0 and 1 here, not at {correlation!r}.")

"""The Net Promoter Score, with the range that so many answers leave.

F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003: promoters answer 9 or
10 to the question whether they would recommend a company, detractors 0 to 6.
"""

from __future__ import annotations

import math

from faultlab.errors import BadInput, is_whole
from faultlab.metrics.estimates import CONFIDENCE, Estimate, normal_quantile


def promoter_score(promoters: int, detractors: int, answers: int, confidence: float = CONFIDENCE) -> Estimate:
    """Return the Net Promoter Score of a survey, from -100 to 100.

    Parameters
    ----------
    promoters, detractors, answers : int
        Those who answered 9 or 10, those who answered 0 to 6, and all.
    confidence : float
        Of the range, which is that of the normal approximation for a difference of two shares.

    Raises
    ------
    BadInput
        If the counts make no sense.

    Examples
    --------
    >>> print(promoter_score(50, 20, 100))
    30 (17.15 to 42.85, 90 %)
    """
    for words, count in (("promoters", promoters), ("detractors", detractors)):
        if not is_whole(count, 0):
            raise BadInput(f"{words} is a whole number from 0 up, not {count!r}.")
    if not is_whole(answers, 1) or promoters + detractors > answers:
        raise BadInput(f"{answers!r} answers can't hold {promoters} promoters and {detractors} detractors.")
    for_it, against = promoters / answers, detractors / answers
    score = for_it - against
    spread = math.sqrt((for_it + against - score**2) / answers)
    reach = normal_quantile((1 + confidence) / 2) * spread
    low, high = max(-1.0, score - reach), min(1.0, score + reach)
    return Estimate(100 * score, 100 * low, 100 * high, confidence, "normal approximation")

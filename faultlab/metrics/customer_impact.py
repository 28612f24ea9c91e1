"""What customers feel: Apdex and what it hides, users affected, user-minutes lost, a survey's answers."""

import math
from dataclasses import dataclass

import numpy as np

from faultlab.errors import BadInput
from faultlab.metrics.estimates import Estimate, counted_share
from faultlab.metrics.quantiles import normal_quantile
from faultlab.metrics.user_impact import SHOP_DAY, failed_requests

_RATINGS = ((0.94, "excellent"), (0.85, "good"), (0.70, "fair"), (0.50, "poor"), (0.0, "unacceptable"))
_SMALL_GROUP = 100


@dataclass(frozen=True)
class Apdex:
    """An Apdex score with what it is made of.

    Attributes
    ----------
    score : Estimate
        From 0 to 1. Its interval is Wilson's, which is a little wide here: half answers vary less than whole.
    target : float
        Seconds, Apdex's T.
    satisfied, tolerating, frustrated : int
        Up to T, up to 4 T, above or failed.
    """

    score: Estimate
    target: float
    satisfied: int
    tolerating: int
    frustrated: int

    @property
    def rating(self):
        """The specification's word for the score."""
        return next(word for least, word in _RATINGS if round(self.score.value, 2) >= least)

    def __str__(self):
        # The specification writes the target behind the score, and a star for a group below 100.
        count = self.satisfied + self.tolerating + self.frustrated
        return f"{self.score.value:.2f} [{self.target:.2g}]{'*' if count < _SMALL_GROUP else ''}"


def apdex(seconds, target, failed=0, confidence=0.9):
    """Return the Apdex of response times: satisfied and half of the tolerating, over all.

    Parameters
    ----------
    seconds : array_like
        Of the requests that were answered well.
    target : float
        Seconds up to which a customer is satisfied; up to four times that they tolerate it.
    failed : int
        Requests that failed: frustrated, however fast.
    confidence : float

    Returns
    -------
    Apdex

    References
    ----------
    Apdex Alliance, Application Performance Index: Technical Specification, version 1.1 (2007).

    Examples
    --------
    >>> found = apdex([0.3] * 60 + [1.2] * 30 + [9.0] * 10, target=0.5)
    >>> str(found), found.rating
    ('0.75 [0.5]', 'fair')
    """
    values = np.asarray(seconds, dtype=float).ravel()
    if not np.isfinite(values).all() or (values < 0).any() or not 0 < target < math.inf or failed < 0:
        raise BadInput("Apdex takes seconds from 0 up, a target above 0 and a count of failed requests.")
    count = len(values) + failed
    if count == 0:
        raise BadInput("Without a request there is no Apdex; the specification writes NS for no sample.")
    satisfied = int((values <= target).sum())
    tolerating = int((values <= 4 * target).sum()) - satisfied
    score = counted_share(satisfied + tolerating / 2, count, f"Apdex of {count} requests", confidence)
    return Apdex(score, target, satisfied, tolerating, count - satisfied - tolerating)


def frustrated_behind_apdex(score):
    """Return the least and the largest share of frustrated customers that one Apdex score can stand for.

    With no customer frustrated and all tolerating, Apdex is 0.5; it is 0.5 too when half the orders fail.

    Parameters
    ----------
    score : float

    Returns
    -------
    (float, float)

    Examples
    --------
    >>> frustrated_behind_apdex(0.5)
    (0.0, 0.5)
    """
    if not 0 <= score <= 1:
        raise BadInput(f"An Apdex is from 0 to 1, not {score!r}.")
    return max(0.0, 1 - 2 * score), 1 - score


def users_affected(users, failed, confidence=0.9):
    """Return the share of users with at least one failed request: what a share of requests hides.

    Parameters
    ----------
    users : sequence
        Who sent each request.
    failed : sequence of bool
        Whether it failed.
    confidence : float

    Returns
    -------
    Estimate
        The interval is for users to come, who are taken to be like these.

    Examples
    --------
    >>> users_affected(["ann", "ann", "bob", "eve"], [True, False, False, True]).value
    0.6666666666666666
    """
    users, failed = list(users), list(failed)
    if len(users) != len(failed) or not users:
        raise BadInput("There is a user and a yes or no for each request, and a request or more.")
    hit = {user for user, bad in zip(users, failed, strict=True) if bad}
    everyone = set(users)
    return counted_share(len(hit), len(everyone), f"{len(everyone)} users", confidence)


def expected_users_affected(failed_share, requests_a_user):
    """Return the share of users hit when failures strike requests at random: 1 - (1 - p)^n.

    The other extreme, all failures on the same users, hits only `failed_share` of them.

    >>> round(expected_users_affected(0.01, 30), 3)
    0.26
    """
    if not 0 <= failed_share <= 1 or requests_a_user < 0:
        raise BadInput("A failed share is from 0 to 1, requests a user from 0 up.")
    if failed_share == 1:
        return 1.0 if requests_a_user else 0.0
    return -math.expm1(requests_a_user * math.log1p(-failed_share))


def user_minutes_lost(incidents, start, end, users_a_day, minutes_a_user=10.0, hourly=SHOP_DAY, zone="UTC"):
    """Return the minutes that users spent in front of something broken.

    Parameters
    ----------
    incidents : iterable of Incident
    start, end : str or datetime
    users_a_day : float
    minutes_a_user : float
        A user's visit.
    hourly : sequence of 24 floats
        When they come, see `failed_requests`.
    zone : str

    Returns
    -------
    float

    Examples
    --------
    >>> from faultlab.metrics import Incident, read_time
    >>> at = lambda text: read_time("2026-01-07T" + text, "UTC")
    >>> night = [Incident(at("03:00"), at("04:00"))]
    >>> evening = [Incident(at("20:00"), at("21:00"))]
    >>> [round(user_minutes_lost(i, "2026-01-07", "2026-01-08", 50_000)) for i in (night, evening)]
    [2000, 46500]
    """
    if users_a_day < 0 or minutes_a_user < 0:
        raise BadInput("Users a day and minutes a user are from 0 up.")
    minutes = users_a_day * minutes_a_user
    return failed_requests(incidents, start, end, hourly, minutes, zone).failed_requests


@dataclass(frozen=True)
class Survey:
    """What a satisfaction survey says.

    Attributes
    ----------
    satisfied : Estimate
        If those who answered are like those who did not.
    answered_share : float
    lowest, highest : float
        The share of all who were asked, if everybody silent is dissatisfied, or satisfied.
    """

    satisfied: Estimate
    answered_share: float
    lowest: float
    highest: float


def survey(satisfied, answers, asked, confidence=0.9):
    """Return what a satisfaction survey says, and what silence leaves open.

    Parameters
    ----------
    satisfied, answers, asked : int
        Each at most the next.
    confidence : float

    Returns
    -------
    Survey

    References
    ----------
    Manski (1989), Anatomy of the selection problem, for the limits without an assumption on the silent.

    Examples
    --------
    >>> found = survey(42, 60, asked=400)
    >>> found.satisfied.value, found.answered_share, found.lowest, found.highest
    (0.7, 0.15, 0.105, 0.955)
    """
    if not 0 <= satisfied <= answers <= asked or answers < 1:
        raise BadInput(
            "A survey has an answer or more, no more satisfied than answers, nor answers than asked."
        )
    share = counted_share(satisfied, answers, f"{answers} answers", confidence)
    return Survey(share, answers / asked, satisfied / asked, (satisfied + asked - answers) / asked)


def answers_needed(half_width, share=0.5, confidence=0.9):
    """Return how many answers give an interval of a share this half width.

    >>> answers_needed(0.05)
    271
    """
    if not 0 < half_width < 0.5 or not 0 < share < 1 or not 0 < confidence < 1:
        raise BadInput("A half width is between 0 and 0.5; a share and a confidence are between 0 and 1.")
    z = normal_quantile((1 + confidence) / 2)
    return math.ceil(z * z * share * (1 - share) / half_width**2)

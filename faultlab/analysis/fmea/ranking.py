"""Why the risk priority number ranks badly: counted over all 1,000 combinations of three ratings.

Ratings are places in an order, and a product of places is no measure (Bowles, An assessment of RPN
prioritization in a failure modes effects and criticality analysis, 2003).
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass

from faultlab.analysis.fmea.worksheet import RATINGS, action_priority, rpn
from faultlab.errors import BadInput

ALL_RATINGS = tuple(itertools.product(range(1, 11), range(1, 11), range(1, 11)))


def rpn_counts() -> dict[int, int]:
    """Return how many of the 1,000 combinations give each risk priority number, in rising order.

    Returns
    -------
    dict of int to int

    Examples
    --------
    120 numbers stand for 1,000 combinations, and above 900 there is one alone:

    >>> counts = rpn_counts()
    >>> len(counts), counts[120], [number for number in counts if number > 900]
    (120, 24, [1000])
    """
    return dict(sorted(Counter(rpn(*one) for one in ALL_RATINGS).items()))


def with_rpn(number: int) -> dict:
    """Return the combinations that share a risk priority number, by their Action Priority.

    Parameters
    ----------
    number : int

    Returns
    -------
    dict
        From "H", "M", "L" to a tuple of (severity, occurrence, detection).

    Raises
    ------
    BadInput
        For a number that three ratings can't give.

    Examples
    --------
    >>> {priority: len(found) for priority, found in with_rpn(100).items()}
    {'H': 2, 'M': 3, 'L': 7}
    """
    same = [one for one in ALL_RATINGS if rpn(*one) == number]
    if not same:
        raise BadInput(f"no three ratings from 1 to 10 multiply to {number!r}; 100 is one that they do.")
    return {priority: tuple(one for one in same if action_priority(*one) == priority) for priority in "HML"}


@dataclass(frozen=True)
class Gamed:
    """A rating that was lowered until the product passed: nothing else about the failure changed."""

    rating: str
    points: int
    ratings: tuple[int, int, int]
    rpn: int
    action_priority: str


def gamed(severity: int, occurrence: int, detection: int, limit: int) -> tuple[Gamed, ...]:
    """Return how few points on one rating bring the risk priority number below a limit.

    Parameters
    ----------
    severity, occurrence, detection : int
        The ratings as first given.
    limit : int
        At or above which a company asks for action.

    Returns
    -------
    tuple of Gamed
        One for each rating that can do it alone, the fewest points first; empty if the product is below
        the limit already.

    Examples
    --------
    One point on detection, and a failure of high priority is off the list:

    >>> for one in gamed(9, 4, 6, limit=200):
    ...     print(one.rating, one.points, one.rpn, one.action_priority)
    severity 1 192 M
    occurrence 1 162 M
    detection 1 180 H
    """
    given = dict(zip(RATINGS, (severity, occurrence, detection), strict=True))
    if rpn(**given) < limit:
        return ()
    found = []
    for name in RATINGS:
        for value in range(given[name] - 1, 0, -1):
            changed = given | {name: value}
            if rpn(**changed) < limit:
                ratings = (changed["severity"], changed["occurrence"], changed["detection"])
                found.append(
                    Gamed(name, given[name] - value, ratings, rpn(*ratings), action_priority(*ratings))
                )
                break
    return tuple(sorted(found, key=lambda one: one.points))

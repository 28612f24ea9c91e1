"""Kestrel's big evening: a sale, a zone that dies at the peak, and somebody who decides how many servers.

Kestrel does not exist, and its numbers are nobody's.
"""

from __future__ import annotations

from collections.abc import Sequence

from faultlab.cases.amazon.autoscaling import Scheduled
from faultlab.cases.amazon.evening import Evening
from faultlab.design.stores import RateCurve
from faultlab.errors import BadInput, is_whole
from faultlab.metrics.customers import CHECKOUT_HOUR, SEARCH_HOUR

# An ordinary evening brings 20 customers a second, of whom one in ten checks out.
_ORDINARY, _CHECKOUTS = 20.0, 0.1
ORDER_WORTH = CHECKOUT_HOUR[1] / (3600 * _ORDINARY * _CHECKOUTS)
BROWSER_WORTH = SEARCH_HOUR[1] / (3600 * _ORDINARY * (1 - _CHECKOUTS))
"""EUR: 6.94 an order and 0.15 a browser, to the cent."""
KESTREL_EVENING = Evening(
    RateCurve((0, 1800, 2100, 3600, 4800, 7200), (20.0, 20.0, 75.0, 75.0, 25.0, 15.0)),
    checkout_share=_CHECKOUTS,
    checkout_worth=ORDER_WORTH,
    browse_worth=BROWSER_WORTH,
    server_hour=3.0,  # with its share of databases, licences and traffic
    fewest=2,
    first=7,
    quota=40,
    warm_up=4,
    zone_dies=(50, 1 / 3),
)
DECIDE_EVERY = 10
BEST_PLAN_FOUND = (8, 8, 23, 29, 38, 27, 27, 17, 10, 9, 8, 7)
"""What `best_plan_found()` returns: kept, since the search takes a minute without numba."""


def decided(servers: Sequence[int], every: int = DECIDE_EVERY) -> Scheduled:
    """Return the policy that orders so many servers, decision after decision.

    Parameters
    ----------
    servers : sequence of int
        The first holds from minute 0 on, the next `every` minutes later, and so on; the last stays.

    Examples
    --------
    >>> decided([7, 12, 30]).plan
    ((0, 7), (10, 12), (20, 30))
    """
    if not len(servers) or any(not is_whole(n, 1) for n in servers):
        raise BadInput(f"Decisions are whole numbers of servers from 1, one or more, not {servers!r}.")
    return Scheduled(tuple((every * number, count) for number, count in enumerate(servers)))

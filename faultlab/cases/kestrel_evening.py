"""Kestrel's big evening: a sale, a zone that dies at the peak, and somebody who decides how many servers.

Kestrel does not exist, and its numbers are nobody's; the worth of orders follows course/kestrel.yaml.
"""

from dataclasses import dataclass

import numpy as np

from faultlab.cases.autoscaling import Fixed, Predictive, Scheduled, Seen
from faultlab.cases.evening import Evening, scaled_evening
from faultlab.design import RateCurve
from faultlab.errors import BadInput

# An ordinary evening brings 20 customers a second, of whom one in ten checks out. An hour of checkout is
# worth 50,000 EUR and one of search 10,000 EUR (the likely values): 6.94 EUR an order, 0.15 EUR a browser.
_ORDINARY, _CHECKOUTS = 20.0, 0.1
KESTREL_EVENING = Evening(
    RateCurve((0, 1800, 2100, 3600, 4800, 7200), (20.0, 20.0, 75.0, 75.0, 25.0, 15.0)),
    checkout_share=_CHECKOUTS,
    checkout_worth=50_000 / (3600 * _ORDINARY * _CHECKOUTS),
    browse_worth=10_000 / (3600 * _ORDINARY * (1 - _CHECKOUTS)),
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


@dataclass(frozen=True)
class EveningScore:
    """How well an evening was decided.

    Attributes
    ----------
    money : float
        Servers and lost orders.
    best, idle : float
        The same for the best plan found, and for leaving the first servers as they are.
    """

    money: float
    best: float
    idle: float

    @property
    def score(self):
        """What the best plan pays for each euro that this one paid: 1 for the best found."""
        return self.best / self.money

    @property
    def saved(self):
        """The share of what could be saved that was; 0 for no better than leaving the first servers."""
        return (self.idle - self.money) / (self.idle - self.best)


def decided(servers, every=DECIDE_EVERY):
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
    if not len(servers) or any(isinstance(n, bool) or not isinstance(n, int) or n < 1 for n in servers):
        raise BadInput(f"Decisions are whole numbers of servers from 1, one or more, not {servers!r}.")
    return Scheduled(tuple((every * number, count) for number, count in enumerate(servers)))


def best_plan_found(evening=KESTREL_EVENING, seed=0, every=DECIDE_EVERY, rounds=1, compiled=None):
    """Search the best decisions with the whole evening known, which no autoscaler has.

    It starts from the best forecast plan and changes one decision at a time where that saves money, so many
    rounds. It is the best found: a better one may exist. A round takes seconds with numba, and ten times as
    long without.

    Returns
    -------
    servers : tuple of int
    played : ScaledEvening
    """
    decisions = range(0, evening.minutes, every)

    def play(servers):
        return scaled_evening(evening, decided(servers, every), seed, compiled)

    starts = []
    for target in (0.4, 0.5, 0.6, 0.7, 0.8):
        ask = Predictive(evening.traffic, evening.service, target, ahead=evening.warm_up + every)
        wishes = [ask(Seen(minute, evening.first, evening.first, ())) for minute in decisions]
        starts.append([int(np.clip(wish, evening.fewest, evening.quota)) for wish in wishes])
    servers = min(starts, key=lambda plan: play(plan).total_money)
    best = play(servers)
    for _ in range(rounds):
        before = best.total_money
        for place in range(len(servers)):
            for step in (-3, 2, 6):
                changed = list(servers)
                changed[place] = int(np.clip(changed[place] + step, evening.fewest, evening.quota))
                if changed != servers and (played := play(changed)).total_money < best.total_money:
                    servers, best = changed, played
        if best.total_money == before:
            break
    return tuple(servers), best


def score_evening(scaler, evening=KESTREL_EVENING, seed=0, best=None, compiled=None):
    """Score a policy, or decisions, between doing nothing and the best plan found.

    Parameters
    ----------
    scaler : callable or sequence of int
        A policy, or decisions as in `decided`.
    evening, seed
        As in `scaled_evening`.
    best : float, optional
        Money of the best plan, where you have searched it already.

    Returns
    -------
    EveningScore
    """
    policy = scaler if callable(scaler) else decided(scaler)
    if best is None:
        best = best_plan_found(evening, seed, compiled=compiled)[1].total_money
    idle = scaled_evening(evening, Fixed(evening.first), seed, compiled).total_money
    return EveningScore(scaled_evening(evening, policy, seed, compiled).total_money, best, idle)

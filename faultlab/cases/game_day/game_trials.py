"""Functions of others, played in the game: one that compares two plans, and one that buys by quarters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

from faultlab.cases.game_day.cards import MILLION, Card
from faultlab.cases.game_day.game_file import QUARTERS, Event, Game
from faultlab.cases.game_day.odds import best_way, way_costs
from faultlab.cases.game_day.outcomes import MATTER, Held
from faultlab.cases.game_day.year import YearInPlay, chance_of, played_year
from faultlab.errors import BadInput


@dataclass(frozen=True, eq=False, repr=False)
class Offer:
    """A few measures at a level of the game, with all that takes time worked out for each set of them.

    Attributes
    ----------
    prices : dict
        From a measure to its EUR for a whole year.
    losses : dict
        From a set of measures to what the events of a quarter cost in the mean with it, in EUR: exact. Prices
        are not in it, nor what reviews make rarer later.
    ways : dict
        From (event, sign, set of measures) to the way with the lowest mean cost.
    """

    game: Game
    level: str
    prices: dict[str, int]
    losses: dict[Held, float]
    ways: dict[tuple[str, int, Held], int]

    def __repr__(self) -> str:
        return f"<Kestrel's year, {self.level}>"

    def __deepcopy__(self, memo: dict[int, Any]) -> Offer:
        return self  # nothing in it changes, and a case is copied before each call

    def decide(self, event: Event, card: Card, held: Held) -> int:
        """The policy of somebody who knows every mean and sees the sign."""
        return self.ways[event.id, card.sign, held]


@lru_cache(maxsize=16)
def offer_of(game: Game, level: str, measures: tuple[str, ...]) -> Offer:
    """Work out an offer of a few measures.

    Examples
    --------
    >>> from faultlab.cases.game_day.game_file import read_game
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> offer = offer_of(game, "board", ("alerts", "doors"))
    >>> len(offer.losses), offer.losses[frozenset({"alerts"})] < offer.losses[frozenset()]
    (4, True)
    """
    hard, losses, ways = game.level(level), {}, {}
    for size in range(len(measures) + 1):
        for some in combinations(measures, size):
            held = frozenset(some)
            losses[held] = 0.0
            for name, event in game.events.items():
                means = way_costs(game, name, held & frozenset(MATTER[name]))
                for sign in (0, 1):
                    ways[name, sign, held] = best_way(game, name, sign, held)
                mean = sum(means[sign][ways[name, sign, held]] for sign in (0, 1)) / 2
                losses[held] += chance_of(game, hard, event, held) / MILLION * mean
    return Offer(game, level, {one: game.measures[one].price for one in measures}, losses, ways)


def plan_trial(
    score_plan: Callable[..., Any],
    offer: Offer,
    plan: Sequence[str],
    other: Sequence[str],
    seeds: Sequence[int],
) -> Any:
    """Return what a function makes of two plans, when it may play years of the game.

    Parameters
    ----------
    score_plan : callable
        Called with a function `cost(plan, seed)`, the plans and the seeds. `cost` plays a year and returns
        what it costs in EUR, measures included; they are bought at once, and events decided by their odds.
    offer : Offer
    plan, other : sequence of str
        Measures of the offer.
    seeds : sequence of int

    Examples
    --------
    >>> from faultlab.cases.game_day.game_file import read_game
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> saved = lambda cost, plan, other, seeds: sum(cost(other, one) - cost(plan, one) for one in seeds)
    >>> plan_trial(saved, offer_of(game, "board", ("alerts",)), ["alerts"], [], range(20)) > 0
    True
    """

    def cost(measures: Iterable[str], seed: int) -> int:
        bought = [_offered(measures, offer), *[frozenset[str]()] * (QUARTERS - 1)]
        return played_year(offer.game, offer.level, seed, bought, offer.decide).total()

    return score_plan(cost, list(plan), list(other), list(seeds))


def policy_trial(
    policy: Callable[..., Iterable[str]], offer: Offer, coming: int, years: int, seed: int
) -> float:
    """Return what a year costs where a function buys before each quarter, in thousand EUR: a mean of several.

    Parameters
    ----------
    policy : callable
        Called as `policy(quarter, left, coming, held, prices, loss, happened)`: the quarter from 1, the EUR
        that may be spent now, those that each later quarter brings, the measures there are, the price of each
        for a whole year, a function from measures to what the events of a quarter cost in the mean with them,
        and the names of the events so far. Returns what to buy now. What was saved up stays; a measure
        costs its share of the year that is left. The same questions are asked once.
    offer : Offer
    coming : int
        EUR for each quarter.
    years : int
    seed : int
        Of the first year; the others follow.

    Raises
    ------
    BadInput
        If the policy buys what isn't on offer, or more than there is money for.

    Examples
    --------
    >>> from faultlab.cases.game_day.game_file import read_game
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> alerts = offer_of(game, "board", ("alerts",))
    >>> watch = lambda quarter, left, coming, held, prices, loss, happened: ["alerts"] if quarter == 1 else []
    >>> bare, watched = (policy_trial(way, alerts, 50_000, 20, 1) for way in (lambda *seen: [], watch))
    >>> bare > watched
    True
    """
    answers: dict[tuple[Any, ...], Held] = {}

    def loss(measures: Iterable[str]) -> float:
        try:  # asked a hundred thousand times
            return offer.losses[frozenset(measures)]
        except (KeyError, TypeError):
            return offer.losses[_offered(measures, offer)]  # says what is wrong with them

    total = 0
    for number in range(seed, seed + years):
        year, left, bought = YearInPlay(offer.game, offer.level, number), 0, 0
        for quarter in range(1, QUARTERS + 1):
            left += coming
            happened = [one.event for one in year.happened]
            key = (quarter, left, year.held, tuple(happened))
            if key not in answers:
                asked = policy(quarter, left, coming, sorted(year.held), dict(offer.prices), loss, happened)
                answers[key] = _offered(asked, offer) - year.held
            new = answers[key]
            price = year.price(new)
            if price > left:
                raise BadInput(
                    f"In quarter {quarter} that costs {price:,} EUR, and {left:,} EUR are there; buy less."
                )
            left, bought = left - price, bought + price
            year.left = price  # the year's own budget is not the one of this game
            year.begin(new)
            while year.pending:
                event, card, _ = year.pending[0]
                year.decide(offer.decide(event, card, year.held))
        total += bought + sum(one.outcome.cost(offer.game) for one in year.happened)
    return round(total / years / 1000, 4)


def _offered(asked: object, offer: Offer) -> Held:
    """Measures that somebody names, if they are on offer."""
    if isinstance(asked, str) or not isinstance(asked, Iterable):
        some = [next(iter(offer.prices))]
        raise BadInput(f"Measures are a list, such as {some}, and not {asked!r:.60}.")
    new = list(asked)
    for one in new:
        if not isinstance(one, str) or one not in offer.prices:
            raise BadInput(f"There is no measure {one!r:.60} on offer. There are: {', '.join(offer.prices)}.")
    return frozenset(new)

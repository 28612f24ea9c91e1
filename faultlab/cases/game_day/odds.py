"""What plans cost by the odds, exactly: every card of every event is gone through, and nothing is drawn.

Events don't touch each other, so a plan's mean cost is a sum over events; each event's is its number of
times, by the chances with what is learned on the way, times the mean over its cards. That makes all 65,536
sets of measures a matter of table look-ups, and the best of them is found by trying every one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from faultlab.cases.game_day.cards import MILLION
from faultlab.cases.game_day.game_file import QUARTERS, Game, Level
from faultlab.cases.game_day.outcomes import MATTER, Held, outcome
from faultlab.cases.game_day.year import chance_of, deck, outcome_of

Ways = dict[tuple[str, int], int]


@lru_cache(maxsize=200_000)
def way_costs(game: Game, event: str, held: Held) -> tuple[tuple[float, ...], ...]:
    """Mean EUR of each way, for either sign; `held` are the measures that matter to the event."""
    dealt = deck(game, event)
    return tuple(
        tuple(
            sum(outcome(game, event, card, held, way).cost(game) for card in dealt if card.sign == sign)
            / sum(card.sign == sign for card in dealt)
            for way in range(len(game.events[event].ways))
        )
        for sign in (0, 1)
    )


def best_way(game: Game, event: str, sign: int, held: Held) -> int:
    """The way with the lowest mean cost, for who knows the odds and sees the sign."""
    costs = way_costs(game, event, held & frozenset(MATTER[event]))[sign]
    return costs.index(min(costs))


def _times(game: Game, level: Level, event: str, plan: Sequence[Held]) -> list[float]:
    """How often an event comes in each quarter, on average: over how much was learned before."""
    known, found = {0: 1.0}, []
    for held in plan:
        comes, after = 0.0, dict.fromkeys(range(len(plan) + 1), 0.0)
        for learned, share in known.items():
            chance = chance_of(game, level, game.events[event], held, learned) / MILLION
            comes += share * chance
            heard = (chance + (1 - chance) * game.assumed["near_miss"]) if "reviews" in held else 0.0
            after[learned + 1] = after.get(learned + 1, 0.0) + share * heard
            after[learned] += share * (1 - heard)
        found.append(comes)
        known = {learned: share for learned, share in after.items() if share}
    return found


def expected_cost(
    game: Game,
    level: str,
    plan: Sequence[Held],
    ways: Ways | None = None,
    stops: Sequence[Held] = (frozenset(),) * QUARTERS,
) -> float:
    """Return what a plan costs in the mean of all years, in EUR: exact.

    Parameters
    ----------
    game : Game
    level : str
    plan : sequence of frozenset
        What is bought at the beginning of each of the four quarters.
    ways : dict, optional
        From (event, sign) to the way that is decided for; the best one by the odds where it has none.
    stops : sequence of frozenset, optional
        What is stopped at the beginning of each quarter; its price for the rest of the year comes back.

    Examples
    --------
    >>> from faultlab.cases.game_day.game_file import read_game
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> nothing = [frozenset()] * 4
    >>> watched = [frozenset({"alerts"}), *nothing[1:]]
    >>> expected_cost(game, "board", watched) < expected_cost(game, "board", nothing)
    True
    """
    held, cost, ways = frozenset[str](), 0.0, ways or {}
    by_quarter: list[Held] = []
    for place, (new, gone) in enumerate(zip(plan, stops, strict=True)):
        cost += game.price(new - held, QUARTERS - place) - game.price(gone & held, QUARTERS - place)
        held = held - gone | new
        by_quarter.append(held)
    for event in game.events:
        for times, now in zip(_times(game, game.level(level), event, by_quarter), by_quarter, strict=True):
            means = way_costs(game, event, now & frozenset(MATTER[event]))
            chosen = [
                means[sign][ways.get((event, sign), best_way(game, event, sign, now))] for sign in (0, 1)
            ]
            cost += times * sum(chosen) / 2
    return cost


@dataclass(frozen=True)
class BestPlan:
    """The best that somebody can do who knows the odds, but not the draw.

    `measures` are bought in the first quarter and every event is decided by its odds. `cost` is its mean.
    No plan that is fixed beforehand, buying and stopping later included, costs less than `floor` in the mean.
    """

    measures: Held
    cost: float
    floor: float


@dataclass(frozen=True, eq=False)
class _Sets:
    """Every set of measures by its number, of which each bit is a measure."""

    prices: np.ndarray
    losses: np.ndarray  # a row an event: the mean of one, decided by the odds
    random_losses: np.ndarray  # decided by rolling a die
    workshop: np.ndarray
    reviews: np.ndarray


@lru_cache(maxsize=4)
def _sets(game: Game) -> _Sets:
    names = list(game.measures)
    all_sets = np.arange(1 << len(names))
    has = {name: all_sets >> place & 1 for place, name in enumerate(names)}
    prices = sum(has[name] * game.measures[name].price for name in names)
    losses, random_losses = [], []
    for event in game.events:
        matter = MATTER[event]
        place_in_table = sum(has[name] << place for place, name in enumerate(matter))
        best, rolled = [], []
        for number in range(1 << len(matter)):
            held = frozenset(name for place, name in enumerate(matter) if number >> place & 1)
            means = way_costs(game, event, held)
            best.append(sum(min(costs) for costs in means) / 2)
            rolled.append(sum(sum(costs) / len(costs) for costs in means) / 2)
        losses.append(np.array(best)[place_in_table])
        random_losses.append(np.array(rolled)[place_in_table])
    return _Sets(
        np.asarray(prices), np.array(losses), np.array(random_losses), has["workshop"], has["reviews"]
    )


def _yearly(game: Game, level: Level, sets: _Sets, losses: np.ndarray) -> np.ndarray:
    """The mean loss of a year by set of measures, all of them bought in the first quarter."""
    total = np.zeros(len(sets.prices))
    for place, event in enumerate(game.events):
        for workshop in (0, 1):
            for reviews in (0, 1):
                held = frozenset(["workshop"] * workshop + ["reviews"] * reviews)
                times = sum(_times(game, level, event, [held] * QUARTERS))
                total += losses[place] * times * ((sets.workshop == workshop) & (sets.reviews == reviews))
    return total


@lru_cache(maxsize=64)
def _means(game: Game, level: str) -> tuple[np.ndarray, np.ndarray]:
    sets = _sets(game)
    hard = game.level(level)
    return _yearly(game, hard, sets, sets.losses), _yearly(game, hard, sets, sets.random_losses)


@lru_cache(maxsize=256)
def best_plan(game: Game, level: str, budget: int | None = None) -> BestPlan:
    """Return the best plan by the odds, found by trying every set of measures that the budget allows.

    Parameters
    ----------
    game : Game
    level : str
    budget : int, optional
        EUR; the level's by default.

    Notes
    -----
    Buying or stopping later is not tried: the floor bounds what it could save. A plan's cost is a sum over
    quarters; each is at least that of the best set for this quarter when the budget has a price (a Lagrange
    multiplier), and at least as if all that could be learned before had been.

    Examples
    --------
    >>> from faultlab.cases.game_day.game_file import read_game
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> best = best_plan(game, "board")
    >>> best.floor <= best.cost < expected_cost(game, "board", [frozenset()] * 4)
    True
    """
    hard = game.level(level)
    budget = hard.budget if budget is None else budget
    sets = _sets(game)
    totals = np.where(sets.prices <= budget, sets.prices + _means(game, level)[0], np.inf)
    number = int(np.argmin(totals))
    return BestPlan(_named(game, number), float(totals[number]), _floor(game, hard, sets, budget))


@dataclass(frozen=True)
class Worth:
    """What a measure is worth beside others: `gain` is the loss that it avoids in a year, in EUR, a mean.

    `held` says whether it is one of them; without it, it would be put to them. Its `price` is for a year.
    """

    measure: str
    held: bool
    gain: float
    price: int

    @property
    def net(self) -> float:
        """Gain less price, in EUR a year."""
        return self.gain - self.price


def worth_of_each(game: Game, level: str, measures: Held) -> list[Worth]:
    """Return what each measure is worth given the others, the most first, where all are there for the year.

    Examples
    --------
    >>> from faultlab.cases.game_day.game_file import read_game
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> found = worth_of_each(game, "board", best_plan(game, "board").measures)
    >>> min(one.net for one in found if one.held) > 0
    True
    """
    losses, names = _means(game, level)[0], list(game.measures)
    number = sum(1 << place for place, name in enumerate(names) if name in measures)
    found = [
        Worth(
            name,
            name in measures,
            float(losses[number & ~(1 << place)] - losses[number | 1 << place]),
            game.measures[name].price,
        )
        for place, name in enumerate(names)
    ]
    return sorted(found, key=lambda one: -one.net)


def best_otherwise(game: Game, level: str, measure: str) -> tuple[Held, float]:
    """Return the best plan that decides otherwise about a measure, and its mean cost: with it, or without.

    It keeps to the level's budget, and so may have to do without something else.

    Examples
    --------
    >>> from faultlab.cases.game_day.game_file import read_game
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> best, (other, cost) = best_plan(game, "board"), best_otherwise(game, "board", "alerts")
    >>> "alerts" in best.measures, "alerts" in other, best.cost < cost < 1.02 * best.cost
    (False, True, True)
    """
    best, sets = best_plan(game, level), _sets(game)
    place = list(game.measures).index(measure)
    turned = (np.arange(len(sets.prices)) >> place & 1) != (measure in best.measures)
    allowed = turned & (sets.prices <= game.level(level).budget)
    totals = np.where(allowed, sets.prices + _means(game, level)[0], np.inf)
    number = int(np.argmin(totals))
    return _named(game, number), float(totals[number])


def _named(game: Game, number: int) -> Held:
    """The set of measures with a number."""
    return frozenset(name for place, name in enumerate(game.measures) if number >> place & 1)


@dataclass(frozen=True)
class EventSize:
    """How much an event is: how often `a_year`, and what one takes, decided by its odds.

    `cost` (EUR) is the mean over the cards; one in ten costs `dear` or more.
    """

    event: str
    a_year: float
    cost: float
    dear: int


def event_sizes(game: Game, level: str, held: Held = frozenset()) -> list[EventSize]:
    """Return the size of each event with these measures, the dearest in a year first; nothing is learned yet.

    Examples
    --------
    >>> from faultlab.cases.game_day.game_file import read_game
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> bare, spared = (event_sizes(game, "board", frozenset(held))[0] for held in ((), ("spare_zone",)))
    >>> bare.event, bare.a_year, spared.event
    ('zone', 1.16, 'release')
    """
    found = []
    for name, event in game.events.items():
        costs = sorted(
            outcome_of(game, name, card, held, best_way(game, name, card.sign, held)).cost(game)
            for card in deck(game, name)
        )
        a_year = QUARTERS * chance_of(game, game.level(level), event, held) / MILLION
        found.append(
            EventSize(
                name,
                a_year,
                sum(costs) / len(costs),
                costs[9 * len(costs) // 10],
            )
        )
    return sorted(found, key=lambda one: -one.a_year * one.cost)


def _floor(game: Game, level: Level, sets: _Sets, budget: int) -> float:
    quarters = []
    for before in range(QUARTERS):
        cost = np.zeros(len(sets.prices))
        for place, event in enumerate(game.events.values()):
            most = chance_of(game, level, event, frozenset()) / MILLION
            heard = most + (1 - most) * game.assumed["near_miss"]
            least = (1 - (1 - game.assumed["learned"]) * heard) ** before
            for workshop in (0, 1):
                held = frozenset(["workshop"] * workshop)
                chance = chance_of(game, level, event, held) / MILLION
                factor = np.where(sets.reviews == 1, least, 1.0) * (sets.workshop == workshop)
                cost += sets.losses[place] * chance * factor
        quarters.append(cost)

    def bound(price: float) -> float:
        least = sum(float((cost + (1 + price) * sets.prices / QUARTERS).min()) for cost in quarters)
        return least - price * budget

    low, high = 0.0, 20.0  # the bound is concave in the price
    for _ in range(40):
        one, other = low + (high - low) / 3, high - (high - low) / 3
        low, high = (one, high) if bound(one) < bound(other) else (low, other)
    return max(bound(0.0), bound((low + high) / 2))


def plan_shares(game: Game, level: str, cost: float, plans: int = 2000, seed: int = 11) -> float:
    """Return the share of random plans that cost more in the mean: "you decided better than …".

    A random plan buys in a random order whatever still fits. It decides by the odds or by rolling a die; how
    often by the odds is drawn too: never, always, or anything between.

    Examples
    --------
    >>> from faultlab.cases.game_day.game_file import read_game
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> [plan_shares(game, "board", cost) for cost in (best_plan(game, "board").cost, 1_800_000)]
    [1.0, 0.0]
    """
    return float(np.mean(_random_plans(game, level, plans, seed) > cost))


@lru_cache(maxsize=16)
def _random_plans(game, level, plans, seed):
    sets, rng = _sets(game), np.random.default_rng(seed)
    prices = np.array([one.price for one in game.measures.values()])
    numbers = []
    for _ in range(plans):
        left, number = game.level(level).budget, 0
        for place in rng.permutation(len(prices)):
            if prices[place] <= left:
                left, number = left - int(prices[place]), number | 1 << int(place)
        numbers.append(number)
    by_odds, by_die = (means[numbers] for means in _means(game, level))
    return sets.prices[numbers] + by_die + rng.random(plans) * (by_odds - by_die)

"""A finished year, judged: how good the decisions were, what was luck, what would have changed most."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from faultlab.cases.game_day.cards import Card
from faultlab.cases.game_day.game_file import QUARTERS, Event, Game, read_game
from faultlab.cases.game_day.odds import BestPlan, best_plan, best_way, expected_cost, plan_shares, way_costs
from faultlab.cases.game_day.outcomes import MATTER, Held, Outcome
from faultlab.cases.game_day.year import Happened, Policy, YearInPlay, deck, outcome_of, played_year
from faultlab.errors import BadInput

OTHER_YEARS = 1000
NOTHING: tuple[Held, ...] = (frozenset(),) * QUARTERS


@dataclass(frozen=True, eq=False)
class Score:
    """A year in three numbers, and what they mean.

    Attributes
    ----------
    money, customers, minutes : int
        EUR lost and spent, customers who left, minutes without a checkout.
    total : int
        All of it in EUR: customers at what one would have brought.
    expected : float
        What the same measures and ways cost in the mean of all years: exact. This is the decisions' worth.
    nothing : float
        What a year without any measure costs in the mean; `nothing_here` in this very year.
    best : BestPlan
        Of somebody who knows the odds but not the draw; `best_here` is what its plan costs in this year.
    decided_better : float
        The share of random plans that cost more in the mean.
    other_years : tuple of int
        What a thousand other years cost with the same decisions, in order.
    unluckier : float
        The share of these years that cost more than this one: above a half, luck was with you.
    """

    money: int
    customers: int
    minutes: int
    total: int
    expected: float
    nothing: float
    nothing_here: int
    best: BestPlan
    best_here: int
    decided_better: float
    other_years: tuple[int, ...]
    unluckier: float

    @property
    def way_to_best(self) -> float:
        """How far from doing nothing (0) to the best plan (1) the decisions go, in the mean of all years."""
        return (self.nothing - self.expected) / (self.nothing - self.best.cost)


def by_the_odds(game: Game) -> Policy:
    """The policy of somebody who knows every mean and sees the sign."""
    return lambda event, card, held: best_way(game, event.id, card.sign, held)


def as_decided(year: YearInPlay) -> Policy:
    """The policy of this year's team: as it decided where it did, by the odds elsewhere.

    What it decided about the same card comes first, then about the same sign.
    """
    same_card = {(one.event, one.card): one.way for one in year.happened}
    same_sign = ways_of(year)
    rest = by_the_odds(year.game)

    def decided(event: Event, card: Card, held: Held) -> int:
        found = same_card.get((event.id, card), same_sign.get((event.id, card.sign)))
        return rest(event, card, held) if found is None else found

    return decided


def ways_of(year: YearInPlay) -> dict[tuple[str, int], int]:
    """What a team decided, by event and by what was known: the last time, where there were several."""
    return {(one.event, one.card.sign): one.way for one in year.happened}


def score(year: YearInPlay, other_years: int = OTHER_YEARS) -> Score:
    """Judge a finished year.

    Raises
    ------
    BadInput
        If it isn't over.

    Examples
    --------
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> best = best_plan(game, "board")
    >>> year = played_year(game, "board", 7, [best.measures, *NOTHING[1:]], by_the_odds(game))
    >>> found = score(year, other_years=50)
    >>> round(found.way_to_best, 6), found.decided_better, found.total == found.best_here
    (1.0, 1.0, True)
    """
    if not year.over:
        raise BadInput("A year is judged when it is over.")
    game, level = year.game, year.level.id
    best = best_plan(game, level)
    expected = expected_cost(game, level, year.bought, ways_of(year), year.stopped)
    decided = as_decided(year)
    others = sorted(
        played_year(game, level, seed, year.bought, decided, year.stopped).total()
        for seed in range(other_years + 1)
        if seed != year.seed
    )[:other_years]
    total = year.total()
    return Score(
        money=year.spent + sum(one.outcome.money for one in year.happened),
        customers=sum(one.outcome.customers for one in year.happened),
        minutes=sum(one.outcome.minutes for one in year.happened),
        total=total,
        expected=expected,
        nothing=expected_cost(game, level, NOTHING),
        nothing_here=played_year(game, level, year.seed, NOTHING, by_the_odds(game)).total(),
        best=best,
        best_here=played_year(
            game, level, year.seed, [best.measures, *NOTHING[1:]], by_the_odds(game)
        ).total(),
        decided_better=plan_shares(game, level, expected),
        other_years=tuple(others),
        unluckier=sum(other > total for other in others) / len(others),
    )


def years_of(game: Game, level: str, measures: Iterable[str], years: int = OTHER_YEARS) -> list[int]:
    """Return what so many years cost, in EUR: measures bought at once, and events decided by their odds.

    The first number is that of seed 1, and so on: two plans meet the same years.

    Examples
    --------
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> bare, watched = (years_of(game, "board", held, years=30) for held in ((), ("alerts", "on_call")))
    >>> sum(watched) < sum(bare)
    True
    """
    plan = [frozenset(measures), *NOTHING[1:]]
    odds = by_the_odds(game)
    return [played_year(game, level, seed, plan, odds).total() for seed in range(1, years + 1)]


@dataclass(frozen=True)
class Way:
    """One way of a decision: what comes of it in this draw, and its means over all draws with the same sign.

    `cost` and `mean` are EUR with customers counted, `minutes` are without a checkout, in the mean too.
    """

    outcome: Outcome
    cost: int
    mean: float
    mean_minutes: float


@dataclass(frozen=True)
class Decision:
    """What was decided, beside what could have been: the ways in the order of the event's."""

    happened: Happened
    ways: tuple[Way, ...]

    @property
    def chosen(self) -> Way:
        """The way that was decided for."""
        return self.ways[self.happened.way]

    @property
    def by_the_odds(self) -> Way:
        """The way with the lowest mean."""
        return min(self.ways, key=lambda way: way.mean)

    @property
    def right(self) -> bool:
        """Whether no other way has a lower mean: a judgement of the decision, whatever came of it."""
        return self.chosen.mean <= self.by_the_odds.mean

    @property
    def dearer_here(self) -> int:
        """EUR by which it came dearer in this draw than the best other way: luck and skill together."""
        others = [way.cost for place, way in enumerate(self.ways) if place != self.happened.way]
        return self.chosen.cost - min(others)


def decisions(year: YearInPlay) -> list[Decision]:
    """Return each decision of a year with all its ways, in the same draw and with the same measures.

    Examples
    --------
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> year = played_year(game, "board", 7, NOTHING, by_the_odds(game))
    >>> all(one.right for one in decisions(year)), max(one.dearer_here for one in decisions(year)) > 0
    (True, True)
    """
    return [Decision(one, _ways(year.game, one)) for one in year.happened]


def _ways(game: Game, one: Happened) -> tuple[Way, ...]:
    means = way_costs(game, one.event, one.held & frozenset(MATTER[one.event]))[one.card.sign]
    alike = [card for card in deck(game, one.event) if card.sign == one.card.sign]
    found = []
    for way, mean in enumerate(means):
        came = outcome_of(game, one.event, one.card, one.held, way)
        minutes = sum(outcome_of(game, one.event, card, one.held, way).minutes for card in alike)
        found.append(Way(came, came.cost(game), mean, minutes / len(alike)))
    return tuple(found)


def changed_most(year: YearInPlay) -> list[tuple[str, int]]:
    """What each measure that was missing would have saved in this very year, in EUR, its price not counted.

    The same draw, the same decisions, and the measure there from the first day; the most first.
    """
    decided, game = as_decided(year), year.game
    lost = year.total() - year.spent
    found = []
    for one in game.measures:
        if one not in year.held:
            again = _played_free(year, one, decided)
            found.append((one, lost - again))
    return sorted(found, key=lambda pair: -pair[1])


def _played_free(year: YearInPlay, one: str, decided: Policy) -> int:
    """What the year loses where a measure is there from the first day as a present."""
    again = YearInPlay(year.game, year.level.id, year.seed)
    again.held |= {one}
    for new, gone in zip(year.bought, year.stopped, strict=True):
        again.begin(new, gone - {one})
        while again.pending:
            event, card, _ = again.pending[0]
            again.decide(decided(event, card, again.held))
    return again.total() - again.spent


def in_best_plans(
    levels: tuple[str, ...],
    budgets: tuple[int, ...],
    files: tuple[str, str] = ("data/game_day.yaml", "kestrel.yaml"),
    executor: Executor | None = None,
) -> dict[str, float]:
    """Return in what share of levels and budgets each measure belongs to the best plan: the game's balance.

    Parameters
    ----------
    levels, budgets : tuple
        Every level is tried with every budget, in EUR.
    files : pair of str
        The game's file and Kestrel's.
    executor : concurrent.futures.Executor, optional
        Works on the levels: a pool of threads or processes, or Dask's `Client.get_executor()`.

    Examples
    --------
    >>> files = ("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> shares = in_best_plans(("board",), (100_000, 600_000), files)
    >>> len(shares), max(shares.values()) <= 1
    (16, True)
    """
    spread: Callable = executor.map if executor else map
    sets = [
        one for found in spread(partial(_best_sets, budgets=budgets, files=files), levels) for one in found
    ]
    names = list(_game(*files).measures)
    return {name: sum(name in one for one in sets) / len(sets) for name in names}


def _best_sets(level, budgets, files):
    return [best_plan(_game(*files), level, budget).measures for budget in budgets]


@lru_cache(maxsize=4)
def _game(path: str | Path, kestrel: str | Path) -> Game:
    return read_game(path, kestrel)

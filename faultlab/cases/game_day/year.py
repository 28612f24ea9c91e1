"""Kestrel's year as it is played: buy, meet what comes, decide, learn or don't, four times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from faultlab.cases.game_day.cards import MILLION, Card, cards, dealt
from faultlab.cases.game_day.game_file import QUARTERS, Event, Game, Level
from faultlab.cases.game_day.outcomes import MATTER, Held, Outcome, outcome
from faultlab.errors import BadInput

Policy = Callable[[Event, Card, Held], int]
MOST_SEEDS = 100_000


def chance_of(game: Game, level: Level, event: Event, held: Held, learned: int = 0) -> int:
    """Return the chance that an event comes in a quarter, in millionths.

    Parameters
    ----------
    learned : int
        How often it was learned from before, in blameless reviews; it counts for as long as these go on.

    Examples
    --------
    >>> from faultlab.cases.game_day.game_file import read_game
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> board, release = game.level("board"), game.events["release"]
    >>> [chance_of(game, board, release, frozenset({"reviews"}), times) for times in (0, 1)]
    [350000, 262500]
    """
    chance = min(0.9, event.chance * level.odds)
    if event.foreseen and "workshop" in held:
        chance *= game.assumed["workshop"]
    for _ in range(learned if "reviews" in held else 0):
        chance *= game.assumed["learned"]
    return round(MILLION * chance)


def deck(game: Game, event: str) -> tuple[Card, ...]:
    """The cards of an event."""
    return cards(list(game.events).index(event), game.assumed["weak_share"])


def outcome_of(game: Game, event: str, card: Card, held: Held, way: int) -> Outcome:
    """What comes of an event, worked out once: measures that don't matter to it are left out of account."""
    return _kept_outcome(game, event, card, held & _matter(event), way)


@cache
def _matter(event):
    return frozenset(MATTER[event])


@lru_cache(maxsize=20_000)  # some 20 MB
def _kept_outcome(game, event, card, held, way):
    return outcome(game, event, card, held, way)


@dataclass(frozen=True)
class Happened:
    """An event of the year: when it came (minutes into the quarter), what was decided and what came of it."""

    quarter: int
    event: str
    card: Card
    when: int
    held: Held
    way: int
    outcome: Outcome


class YearInPlay:
    """A year that goes on as it is decided.

    Parameters
    ----------
    game : Game
    level : str
    seed : int
        From 0 to 99,999. The same seed and the same decisions bring the same year everywhere.

    Attributes
    ----------
    quarter : int
        Quarters begun, 0 to 4.
    held : frozenset of str
        What has been bought and not stopped.
    left : int
        EUR of the budget.
    pending : list
        The events of this quarter that wait for a decision, the first one first: (event, card, when).
    happened : list of Happened
    near_misses : list of (int, str, bool)
        Quarter, event, and whether anybody reported it.
    bought : list of frozenset
        What was bought at the beginning of each quarter; `stopped` has what was stopped then.
    uncovered : list of (int, str)
        Quarter and event: a failover that an experiment found not to work, mended in time.

    Examples
    --------
    >>> from faultlab.cases.game_day.game_file import read_game
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> year = YearInPlay(game, "board", seed=7)
    >>> year.begin(["alerts", "staged"])
    >>> year.left
    180000
    >>> while year.pending:
    ...     what = year.decide(0)
    >>> year.quarter, year.over
    (1, False)
    """

    def __init__(self, game: Game, level: str, seed: int) -> None:
        if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < MOST_SEEDS:
            raise BadInput(f"A seed is a whole number from 0 to {MOST_SEEDS - 1:,}, not {seed!r}.")
        self.game, self.level, self.seed = game, game.level(level), seed
        self.quarter, self.left = 0, self.level.budget
        self.held: Held = frozenset()
        self.bought: list[Held] = []
        self.stopped: list[Held] = []
        self.pending: list[tuple[Event, Card, int]] = []
        self.happened: list[Happened] = []
        self.near_misses: list[tuple[int, str, bool]] = []
        self.uncovered: list[tuple[int, str]] = []
        self._learned = dict.fromkeys(game.events, 0)

    @property
    def over(self) -> bool:
        """Whether the fourth quarter is done."""
        return self.quarter == QUARTERS and not self.pending

    def price(self, measures: Iterable[str]) -> int:
        """What measures cost from the coming quarter on, in EUR; so much comes back of what is stopped."""
        return self.game.price(frozenset(measures), QUARTERS - self.quarter)

    def begin(self, measures: Iterable[str] = (), stop: Iterable[str] = ()) -> None:
        """Buy, stop, and begin the next quarter.

        A measure that is stopped works no more, and its price for the rest of the year comes back.

        Raises
        ------
        BadInput
            For what the game hasn't got, what is too dear, or where it isn't time.
        """
        gone = frozenset(stop) & self.held
        new = frozenset(measures) - self.held
        if self.pending:
            raise BadInput("Decide first what is done about what has happened.")
        if self.over:
            raise BadInput("The year is over. Begin another one.")
        for one in sorted(new):
            if one not in self.game.measures:
                raise BadInput(f"The game has no measure {one!r}. It has: {', '.join(self.game.measures)}.")
        there = self.left + self.price(gone)
        if self.price(new) > there:
            raise BadInput(
                f"That costs {self.price(new):,} EUR, and {there:,} EUR are left; take something back."
            )
        self.left = there - self.price(new)
        self.held = self.held - gone | new
        self.bought.append(new)
        self.stopped.append(gone)
        for place, event in enumerate(self.game.events.values()):
            luck = dealt(self.seed, place, self.quarter)
            if luck.comes < chance_of(self.game, self.level, event, self.held, self._learned[event.id]):
                card = deck(self.game, event.id)[luck.card]
                self.pending.append((event, card, luck.when))
                if card.weak and "experiments" in self.held and "experiments" in MATTER[event.id]:
                    self.uncovered.append((self.quarter, event.id))
                self._learned[event.id] += "reviews" in self.held
            elif luck.misses < MILLION * self.game.assumed["near_miss"]:
                heard = "reviews" in self.held
                self.near_misses.append((self.quarter, event.id, heard))
                self._learned[event.id] += heard
        self.pending.sort(key=lambda one: one[2])
        self.quarter += 1

    def decide(self, way: int) -> Happened:
        """Decide what is done about the first event that waits; return what came of it.

        Raises
        ------
        BadInput
            Where nothing waits, or for a way that there isn't.
        """
        if not self.pending:
            raise BadInput("Nothing waits for a decision.")
        event, card, when = self.pending[0]
        if isinstance(way, bool) or not isinstance(way, int) or not 0 <= way < len(event.ways):
            raise BadInput(f"Choose one of: {'; '.join(text for text, _ in event.ways)}.")
        came = outcome_of(self.game, event.id, card, self.held, way)
        self.pending.pop(0)
        self.happened.append(Happened(self.quarter - 1, event.id, card, when, self.held, way, came))
        return self.happened[-1]

    @property
    def spent(self) -> int:
        """EUR spent on measures."""
        return self.level.budget - self.left

    def total(self) -> int:
        """All in EUR so far: measures, money lost, and what the customers who left would have brought."""
        return self.spent + sum(one.outcome.cost(self.game) for one in self.happened)


def played_year(
    game: Game,
    level: str,
    seed: int,
    plan: Sequence[Held],
    policy: Policy,
    stops: Sequence[Held] = (frozenset(),) * QUARTERS,
) -> YearInPlay:
    """Play a whole year by a plan: what is bought and stopped before each quarter, and who decides.

    Examples
    --------
    >>> from faultlab.cases.game_day.game_file import read_game
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> nothing, alerts = [frozenset()] * 4, [frozenset({"alerts"}), *[frozenset()] * 3]
    >>> first = lambda event, card, held: 0
    >>> same = [played_year(game, "board", 3, plan, first) for plan in (nothing, nothing, alerts)]
    >>> same[0].total() == same[1].total() != same[2].total()
    True
    """
    year = YearInPlay(game, level, seed)
    for new, gone in zip(plan, stops, strict=True):
        year.begin(new, gone)
        while year.pending:
            event, card, _ = year.pending[0]
            year.decide(policy(event, card, year.held))
    return year

"""The game day as somebody plays it: Kestrel's next year, bought and decided quarter by quarter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from IPython.display import HTML, display

from faultlab.cases.game_day import (
    QUARTERS,
    Game,
    Happened,
    Score,
    YearInPlay,
    read_game,
    read_game_code,
    score,
    write_game_code,
)
from faultlab.errors import BadInput
from faultlab.views.kit.browser_side import HERE, View, script
from faultlab.views.kit.busy_kernel import answer_while_busy
from faultlab.views.kit.page import folded_table, wide_table
from faultlab.views.kit.words import count, euros, listed
from faultlab.views.lesson_11.debriefing import debriefing, for_monday, in_a_line
from faultlab.views.lesson_11.happenings import (
    WEIGHTED,
    all_that_may_come,
    as_if_down,
    on_the_clock,
    timeline,
    what_may_come,
    who_noticed,
)

TITLE = "Game day: Kestrel's next year is yours"
SECONDS = 120
"""For a decision, on the clock that a team may start."""


class GameDay:
    """The game with its boxes; in code, `begin` and `decide` play it.

    Parameters
    ----------
    game : Game, optional
        Read from the files beside the lessons where it is left out.

    Examples
    --------
    >>> from faultlab.cases.game_day import read_game
    >>> day = GameDay(read_game("course/data/game_day.yaml", "course/kestrel.yaml"))
    >>> day.new("board", seed=808)
    >>> day.begin(["alerts", "on_call"])
    >>> day.decide(0)
    >>> day.sentence.partition(":")[0]
    'A neighbour eats the memory'
    """

    def __init__(self, game: Game | None = None) -> None:
        self.game = game or read_game()
        self.when_played: Callable[[str, tuple[str, ...], str], None] = lambda code, monday, said: None
        self.year: YearInPlay | None = None
        self._score: Score | None = None
        self._came: Happened | None = None
        self._widget: _View | None = None
        self._said = self._opening()

    def __repr__(self):
        return f"<Game day: {TITLE}>"

    @property
    def sentence(self) -> str:
        """What has just happened, or what is to be done."""
        return self._said

    @property
    def code(self) -> str:
        """The line that brings this game back; "" before it has begun."""
        return write_game_code(self.year, self.score) if self.year else ""

    @property
    def score(self) -> Score | None:
        """The judgement of a finished year; None before its end."""
        if self._score is None and self.year is not None and self.year.over:
            self._score = score(self.year)
        return self._score

    @property
    def to_do(self) -> str:
        """What is to be played before the year is over, in a sentence; "" once it is."""
        if self.year is None:
            return "Play your year first: begin it above."
        if self.year.over:
            return ""
        return (
            f"Play your year to its end first: you are in quarter {max(1, self.year.quarter)} of {QUARTERS}."
        )

    def new(self, level: str = "board", seed: int = 808) -> None:
        """Begin a year: the same seed is the same year for everybody."""
        self.year, self._score = YearInPlay(self.game, level, seed), None
        self._played(
            f"{self._which()} begins with {euros(self.year.left)}. What do you buy before the first quarter?"
        )

    def resume(self, code: str) -> None:
        """Play on where a code was written."""
        self.year, self._score = read_game_code(self.game, code), None
        self._played(f"{self._which()} goes on here.")

    def begin(self, measures: Iterable[str] = (), stop: Iterable[str] = ()) -> None:
        """Buy, stop what isn't wanted any more, and begin the next quarter."""
        year = self._begun()
        year.begin(measures, stop)
        came = count(len(year.pending), "event")
        self._played(
            f"Quarter {year.quarter}: {came}." if year.pending else f"Quarter {year.quarter} is quiet."
        )

    def decide(self, way: int) -> None:
        """Decide about the event that waits."""
        one = self._begun().decide(way)
        name = self.game.events[one.event].name
        came = one.outcome
        self._played(
            f"{name}: {as_if_down(came.minutes)}; {euros(came.money)} and "
            f"{count(came.customers, 'customer')} lost.",
            one,
        )

    def go_on(self) -> None:
        """Look no longer at what came of the last decision."""
        self._came, year = None, self._begun()
        if year.pending:
            self._said = f"Quarter {year.quarter}: {count(len(year.pending), 'event')} to go."
        elif not year.over:
            self._said = f"Quarter {year.quarter} is over. What do you buy, and what do you stop?"
        self._paint()

    @property
    def widget(self) -> _View:
        """The ipywidget, made when it is first asked for."""
        if self._widget is None:
            self._widget = _View(title=TITLE, frame=self._frame())
            self._widget.on_msg(self._answer)
            answer_while_busy(self._widget)
        return self._widget

    def _which(self):
        year = self._begun()
        return f"{self.game.called(year.seed).capitalize()} at the level {year.level.id.capitalize()}"

    def _begun(self) -> YearInPlay:
        if self.year is None:
            raise BadInput("Begin a year first.")
        return self.year

    def _opening(self):
        return (
            f"{len(self.game.measures)} measures, {QUARTERS} quarters, and a budget that doesn't buy them "
            "all. Choose a year, or paste the code of a game that you have begun."
        )

    def _played(self, said, came=None):
        year = self._begun()
        self._said, self._came = said, came
        said_of = (for_monday(year), in_a_line(year, self.score)) if self.score else ((), "")
        self.when_played(self.code, *said_of)
        self._paint()

    def _paint(self):
        if self._widget is not None:
            self._widget.frame = self._frame()

    def _answer(self, _widget, content, _buffers):
        moves: dict[str, Callable[[Any], None]] = {
            "new": lambda asked: self.new(asked.get("level"), asked.get("seed")),
            "resume": self.resume,
            "begin": lambda asked: self.begin(asked, content.get("stop", ())),
            "decide": self.decide,
            "next": lambda _: self.go_on(),
            "leave": lambda _: self._left(),
        }
        try:
            for name, move in moves.items():
                if name in content:
                    move(content[name])
        except BadInput as wrong:
            assert self._widget is not None  # it was heard
            self._widget.frame = self._frame(str(wrong))

    def _left(self):
        self.year, self._score, self._came, self._said = None, None, None, self._opening()
        self._paint()

    def _frame(self, note=""):
        year = self.year
        frame = {
            "stage": "start",
            "sentence": self._said,
            "note": note,
            "code": self.code,
            "seconds": SECONDS,
        }
        if year is None:
            return frame | {
                "levels": [
                    {"id": one.id, "text": f"{one.id.capitalize()}: {euros(one.budget)}", "says": one.says}
                    for one in self.game.levels.values()
                ],
                "seeds": [
                    {"seed": one.seed, "name": self.game.called(one.seed).capitalize()}
                    for one in self.game.seeds
                ],
            }
        frame |= {"so_far": _so_far(year), "weighted": f"{WEIGHTED} {_customers(year)}", "log": _log(year)}
        if self._came is not None:
            return frame | {"stage": "came", "came": self._what_came(year, self._came)}
        if self.score is not None:
            return frame | {"stage": "over", "html": debriefing(year, self.score)}
        if year.pending:
            return frame | {"stage": "decide", "event": self._asked(year)}
        return frame | {
            "stage": "buy",
            "quarter": year.quarter + 1,
            "left": year.left,
            "measures": [
                {
                    "id": one.id,
                    "name": one.name,
                    "does": f"{one.does}{self._frees(one.id)} (Lesson {one.lesson})",
                    "price": year.price([one.id]),
                    "held": one.id in year.held,
                }
                for one in self.game.measures.values()
            ],
            "rule": _BUDGET,
            "odds": self._odds(year),
        }

    def _what_came(self, year, one):
        event = self.game.events[one.event]
        after = "Next event" if year.pending else f"On to quarter {year.quarter + 1}"
        return {
            "of": _place(year, 0),
            "name": event.name,
            "decided": f"You decided: {event.ways[one.way][0]}.",
            "steps": [f"{_after(minutes)}: {what}" for minutes, what in one.outcome.steps[1:]],
            "seen": who_noticed(self.game, one),
            "next": "To the debriefing" if year.over else after,
        }

    def _asked(self, year):
        event, card, _ = year.pending[0]
        sizes = ("Less than a third", "About half", "Nearly all")
        first = " So far a tenth of the customers have it." if "staged" in year.held else ""
        reach = {
            "release": f"of the orders use what it changed.{first}",
            "memory": "of the orders run there.",
        }
        return {
            "name": event.name,
            "story": event.story,
            "known": [
                f"It is {card.hour:02d}:00{', at night' if card.night else ''}.",
                event.signs[card.sign],
                *([f"{sizes[card.size]} {reach[event.id]}"] if event.id in reach else []),
            ],
            "question": event.question,
            "ways": [{"text": text, "follows": follows} for text, follows in event.ways],
            "of": _place(year, 1),
            "have": f"You have: {_owned(year)}.",
        }

    def _frees(self, measure):
        year = self._begun()
        return f" To stop it frees {year.price([measure]):,} EUR." if measure in year.held else ""

    def _odds(self, year):
        """What may come, in the open before the first quarter and behind a fold later; as HTML."""
        held = "what you have" if year.held else "nothing bought"
        name = f"What may come, and what one costs with {held} (roughly, customers who leave included)"
        rows, together = what_may_come(year), f"<p>{escape(all_that_may_come(year))}</p>"
        if year.quarter:
            return folded_table(rows, name) + together
        return f"<p tabindex='-1'>{escape(name)}:</p>{wide_table(rows, name)}{together}"

    def _ipython_display_(self):
        """Show what there is to buy, which stays where there is no kernel, and then the game."""
        rows = [
            {"Measure": one.name, "What it does": one.does, "EUR a year": one.price, "Lesson": one.lesson}
            for one in self.game.measures.values()
        ]
        may_come = what_may_come(YearInPlay(self.game, "board", 0))
        tables = wide_table(rows, "What can be bought") + wide_table(may_come, "What may come")
        display(HTML(f"<div class='faultlab-still'>{tables}</div>"))
        display(self.widget)


_BUDGET = (
    "The budget is for the whole year, and nothing is added to it: keep some, or free some. A measure costs "
    "its share of the year that is left. You can stop one before any quarter: it works no more, and its "
    "price for the rest of the year is yours again."
)


def _place(year, more):
    """Which event of the quarter it is; `more` is 1 for the one that waits."""
    decided = sum(one.quarter == year.quarter - 1 for one in year.happened)
    return f"Quarter {year.quarter}: event {decided + more} of {decided + len(year.pending)}"


def _after(minutes):
    return f"After {on_the_clock(minutes)}" if minutes else "At once"


def _owned(year):
    names = [one.name.lower() for one in year.game.measures.values() if one.id in year.held]
    return listed(names or ["nothing"])


def _customers(year):
    worth = round(year.game.assumed["customer_worth"])
    return (
        f"A customer who leaves counts as {worth} EUR more in what an event costs, in the tables of odds and "
        "in the debriefing."
    )


class _View(View):
    """What the browser holds of the game."""

    kind = "Game day"
    _esm = script(HERE / "game_day.js")


def _so_far(year):
    lost = sum(one.outcome.money for one in year.happened)
    customers = sum(one.outcome.customers for one in year.happened)
    minutes = sum(one.outcome.minutes for one in year.happened)
    return [
        {"name": "Budget left", "value": f"{year.left:,} EUR"},
        {"name": "Money lost", "value": f"{lost:,} EUR"},
        {"name": "Customers lost", "value": f"{customers:,}"},
        {"name": "Minutes down, weighted", "value": f"{minutes:,}"},
    ]


def _log(year):
    """What the year has brought so far, in order of time; as HTML."""
    heard = [
        f"<li>Q{quarter + 1}: a near miss was reported: {escape(year.game.events[event].name.lower())}. "
        "What was learned makes it rarer.</li>"
        for quarter, event, told in year.near_misses
        if told and quarter < year.quarter
    ]
    if not year.happened and not heard:
        return ""
    rows = wide_table(timeline(year), "The year so far") if year.happened else ""
    near = f"<ul>{''.join(heard)}</ul>" if heard else ""
    return f"<details><summary>The year so far</summary>{rows}{near}</details>"

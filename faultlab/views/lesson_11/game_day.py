"""The game day as somebody plays it: Kestrel's next year, bought and decided quarter by quarter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

import anywidget
import traitlets
from IPython.display import HTML, display

from faultlab.cases.game_day import (
    QUARTERS,
    Game,
    Score,
    YearInPlay,
    chance_of,
    read_game,
    read_game_code,
    score,
    write_game_code,
)
from faultlab.errors import BadInput
from faultlab.views.kit.browser_side import HERE, script
from faultlab.views.kit.busy_kernel import answer_while_busy
from faultlab.views.kit.page import folded_table, wide_table
from faultlab.views.kit.words import count, euros, share, span
from faultlab.views.lesson_11.debriefing import debriefing, for_monday, moment, seen

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
        self.when_played: Callable[[str, tuple[str, ...]], None] = lambda code, monday: None
        self.year: YearInPlay | None = None
        self.score: Score | None = None
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
        return write_game_code(self.year) if self.year else ""

    def new(self, level: str = "board", seed: int = 808) -> None:
        """Begin a year: the same seed is the same year for everybody."""
        self.year, self.score = YearInPlay(self.game, level, seed), None
        self._played(f"A year begins with {euros(self.year.left)}. What do you buy before the first quarter?")

    def resume(self, code: str) -> None:
        """Play on where a code was written."""
        self.year, self.score = read_game_code(self.game, code), None
        self._played("Here the game goes on.")

    def begin(self, measures: Iterable[str] = ()) -> None:
        """Buy, and begin the next quarter."""
        year = self._begun()
        year.begin(measures)
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
            f"{name}: {' '.join(text for _, text in came.steps[1:])} {span(came.minutes)} without a "
            f"checkout, {euros(came.money)} and {count(came.customers, 'customer')} lost."
        )

    @property
    def widget(self) -> _View:
        """The ipywidget, made when it is first asked for."""
        if self._widget is None:
            self._widget = _View(title=TITLE, frame=self._frame())
            self._widget.on_msg(self._answer)
            answer_while_busy(self._widget)
        return self._widget

    def _begun(self) -> YearInPlay:
        if self.year is None:
            raise BadInput("Begin a year first.")
        return self.year

    def _opening(self):
        return (
            f"{len(self.game.measures)} measures, {QUARTERS} quarters, and a budget that doesn't buy them "
            "all. Choose a year, or paste the code of a game that you have begun."
        )

    def _played(self, said):
        year = self._begun()
        self._said = said
        if year.over:
            self.score = score(year)
        self.when_played(self.code, for_monday(year) if year.over else ())
        if self._widget is not None:
            self._widget.frame = self._frame()

    def _answer(self, _widget, content, _buffers):
        moves: dict[str, Callable[[Any], None]] = {
            "new": lambda asked: self.new(asked.get("level"), asked.get("seed")),
            "resume": self.resume,
            "begin": self.begin,
            "decide": self.decide,
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
        self.year, self.score, self._said = None, None, self._opening()
        if self._widget is not None:
            self._widget.frame = self._frame()

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
                "seeds": [{"seed": one.seed, "name": one.name} for one in self.game.seeds],
            }
        frame |= {"so_far": _so_far(year), "log": _log(year)}
        if year.over:
            assert self.score is not None
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
                    "does": f"{one.does} (Lesson {one.lesson})",
                    "price": year.price([one.id]),
                    "held": one.id in year.held,
                }
                for one in self.game.measures.values()
            ],
            "odds": self._odds(year),
        }

    def _asked(self, year):
        event, card, _ = year.pending[0]
        sizes = ("a small part", "about half", "nearly all")
        return {
            "name": event.name,
            "story": event.story,
            "known": [
                f"It is {card.hour:02d}:00{', at night' if card.night else ''}.",
                event.signs[card.sign],
                *(
                    [f"It meets {sizes[card.size]} of the traffic."]
                    if event.id in ("release", "memory")
                    else []
                ),
            ],
            "question": event.question,
            "ways": [{"text": text, "follows": follows} for text, follows in event.ways],
            "of": f"{len(year.pending)} to decide in quarter {year.quarter}",
        }

    def _odds(self, year):
        if not year.level.shows_odds:
            return ""
        rows = [
            {
                "Event": event.name,
                "Chance in a quarter": share(chance_of(self.game, year.level, event, year.held) / 1e6),
            }
            for event in self.game.events.values()
        ]
        return folded_table(rows, "The odds, before anything is learned")

    def _ipython_display_(self):
        """Show what there is to buy, which stays where there is no kernel, and then the game."""
        rows = [
            {"Measure": one.name, "What it does": one.does, "EUR a year": one.price, "Lesson": one.lesson}
            for one in self.game.measures.values()
        ]
        display(HTML(f"<div class='faultlab-still'>{wide_table(rows, 'What can be bought')}</div>"))
        display(self.widget)


class _View(anywidget.AnyWidget):
    """What the browser holds of the game."""

    _esm = script(HERE / "game_day.js")
    title = traitlets.Unicode().tag(sync=True)
    frame = traitlets.Dict().tag(sync=True)

    def __repr__(self):
        return f"<Game day: {self.title}>"


def _so_far(year):
    lost = sum(one.outcome.money for one in year.happened)
    customers = sum(one.outcome.customers for one in year.happened)
    minutes = sum(one.outcome.minutes for one in year.happened)
    return [
        {"name": "Budget left", "value": f"{year.left:,} EUR"},
        {"name": "Money lost", "value": f"{lost:,} EUR"},
        {"name": "Customers lost", "value": f"{customers:,}"},
        {"name": "Minutes down", "value": f"{minutes:,}"},
    ]


def _log(year):
    """What the year has brought so far, the last first, each with what the monitors saw; as HTML."""
    lines = [
        f"<li>{escape(moment(one))}: {escape(year.game.events[one.event].name)}. "
        f"{escape(' '.join(text for _, text in one.outcome.steps[1:]))} "
        f"{one.outcome.money:,} EUR.</li>"
        for one in reversed(year.happened)
    ]
    heard = [
        f"<li>Q{quarter + 1}: a near miss was reported: {escape(year.game.events[event].name.lower())}. "
        "What was learned makes it rarer.</li>"
        for quarter, event, told in reversed(year.near_misses)
        if told and quarter < year.quarter
    ]
    if not lines and not heard:
        return ""
    monitors = f"<p>{escape(seen(year))}</p>" if lines else ""
    return f"<details><summary>The year so far</summary><ul>{''.join(lines + heard)}</ul>{monitors}</details>"

"""What stands on a page in place of each widget: a mount with its data, or a sentence that names the way.

Every kind of widget that a lesson shows has an entry here. A kind without one is refused, so that no page
falls behind its notebook in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from html import escape
from string import ascii_lowercase
from typing import Any

from faultlab.classroom.notebook import (
    BetsSoFar,
    CompanyForm,
    DecisionCard,
    FiguresBeside,
    MondayLines,
    MyPage,
    Place,
    PlacedBet,
    Quiz,
    Reveal,
    TenDecisions,
    WhereYouAre,
)
from faultlab.classroom.own_system import BoardButton, SystemForm, TenRanges
from faultlab.errors import BadInput
from faultlab.pages import recordings
from faultlab.pages.cells import NOTE, door
from faultlab.pages.pictures import packed
from faultlab.views.kit import Explorer, LongRun
from faultlab.views.lesson_02 import FleetView
from faultlab.views.lesson_03 import EveningGame
from faultlab.views.lesson_07 import FreeRatings
from faultlab.views.lesson_11 import GameDay


@dataclass
class Mounted:
    """The mounts of a lesson so far: their data, and what the page knows of its bets.

    Parameters
    ----------
    lesson : str
        The lesson's name.
    door : str
        The address at which its code runs.
    data : dict
        By the mount's id, what its script is given.
    truths : dict
        The answer of each bet.
    """

    lesson: str
    door: str
    data: dict[str, Any] = field(default_factory=dict)
    truths: dict[str, float | str] = field(default_factory=dict)

    def mount(self, widget: object, cell: int) -> str:
        """Return the HTML in place of a widget, and keep its data.

        Raises
        ------
        BadInput
            If this kind of widget has no place on a page.
        """
        place = f"{self.lesson}, cell {cell + 1}"
        for kind, make in MOUNTS.items():
            if isinstance(widget, kind):
                return make(self, widget, place)
        raise BadInput(
            f"{place}: a page has no place for the widget {type(widget).__name__}; name it in MOUNTS in "
            "faultlab/pages/mounts.py."
        )

    def keep(self, kind: str, data: Any, place: str) -> str:
        """Keep the data of a mount; return the mount."""
        name = id_of(place, self.data)
        self.data[name] = data
        return f"<div class='mount' data-widget='{kind}' data-of='{name}'></div>"


def id_of(place: str, taken: Container[str]) -> str:
    """The id of a mount: its cell, and a letter where the cell has several.

    >>> id_of("08_metrics, cell 7", {"cell-7"})
    'cell-7b'
    """
    name = f"cell-{place.rpartition(' ')[2]}"
    return next(name + letter for letter in ("", *ascii_lowercase[1:]) if name + letter not in taken)


def kinds_in(html: str) -> tuple[str, ...]:
    """The kinds of the mounts in a page, in the order of the alphabet."""
    return tuple(sorted(set(re.findall(r"<div class='mount' data-widget='(\w+)'", html))))


def _form(kind: str, of: str = "") -> str:
    return f"<div class='mount' data-widget='{kind}' data-of='{escape(of, quote=True)}'></div>"


def _explorer(mounted, explorer, place):
    return mounted.keep("explorer", packed(explorer, place), place)


def _reveal(mounted, reveal, place):
    mounted.truths[reveal.id] = reveal.truth
    return _form("reveal", reveal.id)


def _run(mounted, run, place):
    return mounted.keep("run", recordings.of_run(run, mounted.lesson, place), place)


def _game(mounted, game, place):
    """A door: a move is worked out for 270,000 customers, too many to carry, and no sum stands for them."""
    does = "Each of your moves is worked out anew, for every customer."
    return f"{NOTE}<strong>{escape(game.widget.title)}</strong>{door(does, mounted.door)}</div>"


def _own_system(mounted, form, place):
    """A door: what is typed is worked out anew with every letter."""
    does = (
        "Describe a system of your own: its diagram and its answers move as you type, and it is kept as a "
        "file."
    )
    return f"{NOTE}<strong>{escape(form.widget.title)}</strong>{door(does, mounted.door)}</div>"


def _board(mounted, button, place):
    does = "Write the same page for a system of your own."
    return f"{NOTE}<strong>{escape(button.widget.title)}</strong>{door(does, mounted.door)}</div>"


def _year(mounted, game, place):
    """A door: a decision is worked out by the engines, for more years than a page holds."""
    does = "Each quarter is worked out by the course's engines, and your year beside a thousand others."
    return f"{NOTE}<strong>{escape(game.widget.title)}</strong>{door(does, mounted.door)}</div>"


MOUNTS: dict[type, Callable[[Mounted, Any, str], str]] = {
    Explorer: _explorer,
    PlacedBet: lambda mounted, placed, place: _form("bet", placed.id),
    Reveal: _reveal,
    Quiz: lambda mounted, quiz, place: _form("quiz"),
    BetsSoFar: lambda mounted, record, place: _form("record"),
    Place: lambda mounted, form, place: _form("place"),
    CompanyForm: lambda mounted, form, place: _form("company"),
    DecisionCard: lambda mounted, form, place: _form("decision"),
    MondayLines: lambda mounted, form, place: _form("monday"),
    WhereYouAre: lambda mounted, form, place: _form("where"),
    MyPage: lambda mounted, form, place: _form("page"),
    TenDecisions: lambda mounted, form, place: _form("decisions"),
    FiguresBeside: lambda mounted, beside, place: mounted.keep(
        "figures", [{"what": what} | figure for what, figure in beside.figures.items()], place
    ),
    FleetView: lambda mounted, view, place: mounted.keep("fleet", recordings.of_fleet(view), place),
    FreeRatings: lambda mounted, free, place: mounted.keep(
        "ratings", {"title": free.title, "frame": free.data}, place
    ),
    LongRun: _run,
    EveningGame: _game,
    SystemForm: _own_system,
    BoardButton: _board,
    TenRanges: lambda mounted, ranges, place: mounted.keep("ranges", ranges.questions, place),
    GameDay: _year,
}

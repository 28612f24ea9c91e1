"""A worksheet whose ratings can all be moved: who leaves the list, and what each of the two orders does.

The browser works it out by itself, on a page without a server too, since a row has a thousand ratings.
`faultlab/twin/worksheet.js` says `standing` again; tests/twin/ asks both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.display import HTML, display

from faultlab.analysis.fmea import action_priority
from faultlab.errors import BadInput
from faultlab.views.kit.browser_side import View, script
from faultlab.views.kit.page import wide_table
from faultlab.views.kit.words import count
from faultlab.views.lesson_07.fmea_ratings import PRIORITY_NAMES
from faultlab.views.lesson_07.fmea_table import BY_PRIORITY, BY_RPN, RATINGS, in_order, name_of

if TYPE_CHECKING:
    from faultlab.analysis.fmea import Row

SCALE = range(1, 11)


def standing(rows: Sequence[Row], moved: Mapping[int, Sequence[int]], limit: int) -> dict[str, Any]:
    """Return where each row of a worksheet stands once ratings were moved.

    Parameters
    ----------
    rows : sequence of Row
        Each with its three ratings.
    moved : mapping
        By a row's place, counted from 0, its three ratings from now on.
    limit : int
        The RPN from which a company acts.

    Returns
    -------
    dict
        `sentence`, and `rows` in the worksheet's order: `by_rpn` and `by_priority` (places from 1), `rpn`,
        `priority` (a letter), `listed`, `ratings`, and `was`, the sentence on a row that was moved.

    Examples
    --------
    >>> from faultlab.analysis.fmea import Row
    >>> rows = [Row("cache", "lost", severity=8, occurrence=8, detection=5)]
    >>> standing(rows, {0: (8, 8, 3)}, 200)["sentence"].partition("list")[2]
    ', instead of 1. 1 has high priority, as before.'
    """
    now = []
    for place, row in enumerate(rows):
        severity, occurrence, detection = moved.get(place, _rated(row))
        now.append(replace(row, severity=severity, occurrence=occurrence, detection=detection))
    places = {}
    for order in (BY_RPN, BY_PRIORITY):
        keys = {row.key: place for place, row in enumerate(in_order(now, order), 1)}
        before = {row.key: place for place, row in enumerate(in_order(rows, order), 1)}
        places[order] = [(before[row.key], keys[row.key]) for row in now]
    told = []
    for place, (old, row) in enumerate(zip(rows, now, strict=True)):
        (rpn_was, by_rpn), (priority_was, by_priority) = (places[one][place] for one in (BY_RPN, BY_PRIORITY))
        was = ""
        if old.rated != row.rated:
            first, last = (PRIORITY_NAMES[action_priority(*_rated(one))] for one in (old, row))
            then = "as before" if first == last else f"now {last}"
            was = (
                f"RPN {old.rpn}, now {row.rpn}: place {rpn_was}, now {by_rpn}. "
                f"Action Priority {first}, {then}: place {priority_was}, now {by_priority}."
            )
        told.append(
            {
                "by_rpn": by_rpn,
                "by_priority": by_priority,
                "rpn": row.rpn,
                "priority": row.action_priority,
                "listed": (row.rpn or 0) >= limit,
                "ratings": list(_rated(row)),
                "was": was,
            }
        )
    return {"sentence": _sentence(rows, now, limit), "rows": told}


def _rated(row: Row) -> tuple[int, int, int]:
    if row.rated is None:
        raise BadInput(f"Every row needs its three ratings: {name_of(row)}.")
    return row.rated


def _sentence(rows, now, limit):
    both = [(old.rated, row.rated) for old, row in zip(rows, now, strict=True)]
    steps = [abs(b - a) for before, after in both for a, b in zip(before, after, strict=True) if a != b]
    listed = [sum((row.rpn or 0) >= limit for row in one) for one in (rows, now)]
    high = [sum(row.action_priority == "H" for row in one) for one in (rows, now)]
    begins = f"{listed[1]} of {len(rows)} rows {'is' if listed[1] == 1 else 'are'} on the list"
    ends = f"{high[1]} {'has' if high[1] == 1 else 'have'} high priority"
    if not steps:
        return f"{begins}: an RPN of {limit} or more. {ends}."
    moved = f"You moved {count(len(steps), 'rating')}, by {count(sum(steps), 'point')}."
    since = [
        ", as before" if before == after else f", instead of {before}" for before, after in (listed, high)
    ]
    return f"{moved} {begins}{since[0]}. {ends}{since[1]}."


class _View(View):
    """What the browser holds of it: the worksheet, and the letter of every combination."""

    kind = "Ratings"
    _esm = script(Path(__file__).parent / "free_ratings.js")


class FreeRatings:
    """A worksheet to be moved; `move` moves a row from code.

    Parameters
    ----------
    rows : sequence of Row
    limit : int
        The RPN from which a company acts.
    title : str

    Raises
    ------
    BadInput
        If a row has no ratings.

    Examples
    --------
    >>> from faultlab.analysis.fmea import Row
    >>> mine = FreeRatings([Row("cache", "lost", severity=8, occurrence=8, detection=5)], 200)
    >>> mine.move("cache", "lost", detection=3)
    >>> mine.standing["rows"][0]["was"]
    'RPN 320, now 192: place 1, now 1. Action Priority high, as before: place 1, now 1.'
    """

    def __init__(self, rows: Sequence[Row], limit: int, title: str = "Can you get the list empty?") -> None:
        if not rows:
            raise BadInput("A worksheet needs a row: an item and how it fails.")
        for row in rows:
            _rated(row)
        self._rows, self._limit, self.title = list(rows), limit, title
        self.moved: dict[int, tuple[int, int, int]] = {}
        self._widget: _View | None = None

    @property
    def standing(self) -> dict[str, Any]:
        """Where each row stands; see the function of that name."""
        return standing(self._rows, self.moved, self._limit)

    @property
    def data(self) -> dict[str, Any]:
        """What the browser needs, as plain data."""
        return {
            "names": [name_of(row) for row in self._rows],
            "ratings": [list(_rated(row)) for row in self._rows],
            "limit": self._limit,
            # By severity, then occurrence, then detection: the engine's own table, a letter each.
            "letters": "".join(action_priority(*one) for one in product(SCALE, SCALE, SCALE)),
            "priorities": PRIORITY_NAMES,
            "moved": {str(place): list(ratings) for place, ratings in self.moved.items()},
        }

    def move(self, item: str, failure_mode: str, **ratings: int) -> None:
        """Give a row other ratings, from 1 to 10; what is left out stays.

        Raises
        ------
        BadInput
            If there is no such row or rating.
        """
        keys = [(row.item, row.failure_mode) for row in self._rows]
        if (item, failure_mode) not in keys:
            raise BadInput(f"The worksheet has no row {item!r}, {failure_mode!r}.")
        place = keys.index((item, failure_mode))
        now = dict(zip(RATINGS, self.moved.get(place, _rated(self._rows[place])), strict=True))
        wrong = [name for name, value in ratings.items() if name not in now or value not in SCALE]
        if wrong:
            raise BadInput(f"A row has {', '.join(RATINGS)}, each from 1 to 10: look at {wrong[0]}.")
        now |= ratings
        self.moved[place] = (now["severity"], now["occurrence"], now["detection"])
        if self._widget is not None:
            self._widget.frame = self.data

    @property
    def widget(self) -> _View:
        """The ipywidget, made when it is first asked for."""
        if self._widget is None:
            self._widget = _View(title=self.title, frame=self.data)
        return self._widget

    def __repr__(self) -> str:
        return f"<Ratings: {self.title}>"

    def _ipython_display_(self) -> None:
        """Show both orders, which stay where there is no kernel, and then what can be moved."""
        told = self.standing
        rows = [
            {
                "Place by RPN": row["by_rpn"],
                "Place by Action Priority": row["by_priority"],
                "Failure": name_of(self._rows[place]),
                "RPN": row["rpn"],
                "Action Priority": PRIORITY_NAMES[row["priority"]],
            }
            for place, row in sorted(enumerate(told["rows"]), key=lambda pair: pair[1]["by_rpn"])
        ]
        display(HTML(f"<div class='faultlab-still'>{wide_table(rows, told['sentence'])}</div>"))
        display(self.widget)

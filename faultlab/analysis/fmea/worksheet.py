"""Failure mode and effects analysis: rows, risk priority numbers and Action Priority.

Action Priority is the table of the AIAG & VDA FMEA Handbook (2019) for design and process FMEA, as two
independent public implementations agree on it cell by cell. The handbook has another table, by severity,
frequency and monitoring, for what a product notices by itself in use (FMEA-MSR).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from faultlab.analysis.systems.system_views import single_points_of_failure
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable

    from faultlab.analysis.systems.system import System

RATINGS = ("severity", "occurrence", "detection")
RATINGS_AFTER = tuple(f"{name}_after" for name in RATINGS)

# By severity, then by occurrence: the priority for detection 7-10, 5-6, 2-4 and 1.
_PRIORITIES = {
    (9, 10): {(8, 10): "HHHH", (6, 7): "HHHH", (4, 5): "HHHM", (2, 3): "HMLL", (1, 1): "LLLL"},
    (7, 8): {(8, 10): "HHHH", (6, 7): "HHHM", (4, 5): "HMMM", (2, 3): "MMLL", (1, 1): "LLLL"},
    (4, 6): {(8, 10): "HHMM", (6, 7): "MMML", (4, 5): "MLLL", (2, 3): "LLLL", (1, 1): "LLLL"},
    (2, 3): {(8, 10): "MMLL", (6, 7): "LLLL", (4, 5): "LLLL", (2, 3): "LLLL", (1, 1): "LLLL"},
    (1, 1): {(8, 10): "LLLL", (6, 7): "LLLL", (4, 5): "LLLL", (2, 3): "LLLL", (1, 1): "LLLL"},
}
_DETECTION = ((7, 10), (5, 6), (2, 4), (1, 1))


def rpn(severity: int, occurrence: int, detection: int) -> int:
    """Return the risk priority number, the product of three ratings from 1 to 10.

    It is a number for sorting, no probability and no cost: 60 times is not six times as bad as 10.

    Examples
    --------
    >>> rpn(9, 3, 4)
    108
    """
    for name, value in zip(RATINGS, (severity, occurrence, detection), strict=True):
        _checked(name, value)
    return severity * occurrence * detection


def priority_table() -> dict:
    """Return the table of Action Priority, to be shown.

    Returns
    -------
    dict
        From a band of severity such as (9, 10) to a dict, from a band of occurrence to four letters:
        for detection 7-10, 5-6, 2-4 and 1.

    Examples
    --------
    >>> priority_table()[9, 10][2, 3]
    'HMLL'
    """
    return {severity: dict(by_occurrence) for severity, by_occurrence in _PRIORITIES.items()}


def action_priority(severity: int, occurrence: int, detection: int, table: dict | None = _PRIORITIES) -> str:
    """Return "H", "M" or "L": whether action is needed, advised or optional.

    Parameters
    ----------
    severity, occurrence, detection : int
        Ratings from 1 to 10; a detection of 10 means that nothing would notice.
    table : dict, optional
        Another table in the form of `priority_table`.

    Returns
    -------
    str

    Raises
    ------
    BadInput
        For a rating that is no whole number from 1 to 10.

    Examples
    --------
    Two rows with a risk priority number of 90, and two answers:

    >>> action_priority(10, 1, 9), action_priority(9, 2, 5)
    ('L', 'M')
    """
    for name, value in zip(RATINGS, (severity, occurrence, detection), strict=True):
        _checked(name, value)
    by_occurrence = _band(table, severity)
    return _band(by_occurrence, occurrence)[
        [low <= detection <= high for low, high in _DETECTION].index(True)
    ]


def _band(table, value):
    return next(found for (low, high), found in table.items() if low <= value <= high)


def _checked(name, value):
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 10:
        raise BadInput(f"{name} is a whole number from 1 to 10, not {value!r}.")


@dataclass(frozen=True)
class Row:
    """A chain of effect, failure mode and cause of an item; ratings not given yet are None.

    A mode with several causes has a row for each: occurrence and detection are rated by cause.

    Attributes
    ----------
    item, function, failure_mode, effect, cause : str
    controls, prevention_controls, detection_controls : str
        What is in place; `controls` where a worksheet doesn't say which of the two it is.
    severity, occurrence, detection : int or None
    action, action_taken : str
        What was recommended, and what was done.
    severity_after, occurrence_after, detection_after : int or None
        The ratings once the action was taken.
    section : str
        The heading in the worksheet that the row stands under.
    others : tuple of (str, str)
        Further columns of the worksheet and what this row has there.
    sheet : str
        The sheet of the workbook; two rows are equal whatever sheets they stand on.
    """

    item: str
    failure_mode: str
    effect: str = ""
    cause: str = ""
    controls: str = ""
    severity: int | None = None
    occurrence: int | None = None
    detection: int | None = None
    action: str = ""
    function: str = ""
    prevention_controls: str = ""
    detection_controls: str = ""
    action_taken: str = ""
    severity_after: int | None = None
    occurrence_after: int | None = None
    detection_after: int | None = None
    section: str = ""
    others: tuple[tuple[str, str], ...] = ()
    sheet: str = field(default="", compare=False)

    def __post_init__(self):
        for name in (*RATINGS, *RATINGS_AFTER):
            value = getattr(self, name)
            if value is not None:
                _checked(f"{self.item!r}, {self.failure_mode!r}: {name}", value)

    @property
    def key(self) -> tuple[str, ...]:
        """What tells a row from every other: where it stands, and its chain from effect to cause."""
        place = (self.sheet, self.section, self.item, self.function)
        return (*place, self.failure_mode, self.effect, self.cause)

    @property
    def rated(self) -> tuple[int, int, int] | None:
        """The three ratings, or None while one is missing."""
        return _complete(self.severity, self.occurrence, self.detection)

    @property
    def rated_after(self) -> tuple[int, int, int] | None:
        """The ratings after the action, or None; a severity that was not rated anew has stayed."""
        severity = self.severity if self.severity_after is None else self.severity_after
        return _complete(severity, self.occurrence_after, self.detection_after)

    @property
    def rpn(self) -> int | None:
        """The risk priority number, or None."""
        return rpn(*self.rated) if self.rated else None

    @property
    def action_priority(self) -> str | None:
        """ "H", "M" or "L", or None."""
        return action_priority(*self.rated) if self.rated else None

    @property
    def rpn_after(self) -> int | None:
        """The risk priority number after the action, or None."""
        return rpn(*self.rated_after) if self.rated_after else None

    @property
    def action_priority_after(self) -> str | None:
        """ "H", "M" or "L" after the action, or None."""
        return action_priority(*self.rated_after) if self.rated_after else None


def _complete(*ratings):
    return None if None in ratings else ratings


def _urgency(row: Row) -> tuple[int, int, int]:
    if row.rated is None:
        return 3, 0, 0
    return "HML".index(action_priority(*row.rated)), -row.rated[0], -rpn(*row.rated)


def ranked(rows: Iterable[Row]) -> list[Row]:
    """Return rows by Action Priority, then severity, then RPN, the most urgent first; unrated ones last."""
    return sorted(
        rows,
        key=_urgency,
    )


def rows_of(system: System) -> list[Row]:
    """Return a row for every part of a system, for people to complete: what fails, and whom it stops.

    Copies of one component are one row, and so is what strikes them all at once.

    Parameters
    ----------
    system : System

    Returns
    -------
    list of Row
        Without ratings; severity is a judgement, and so are the other two. `item` is the basic event in
        the system's fault trees, of copies the group.
    """
    alone: dict = {}
    together: dict = {}
    for journey in system.journeys:
        single = single_points_of_failure(system, journey)
        for event in system.solved(journey).tree.events:
            item, mode = _of_event(system, event)
            room = (alone if event in single else together).setdefault((item, mode), [])
            if journey not in room:
                room.append(journey)
    rows = []
    for item, mode in dict.fromkeys((*alone, *together)):
        said = []
        if (item, mode) in alone:
            said.append(f"stops {', '.join(alone[item, mode])}")
        if (item, mode) in together:
            said.append(f"with others stops {', '.join(together[item, mode])}")
        rows.append(Row(item, mode, "; ".join(said)))
    return rows


def _of_event(system, event):
    """The item and the failure mode of a basic event."""
    part, _, copy = event.partition("/")
    if not copy:
        return part, "unavailable"
    group = system.groups[part]
    if copy == "shared":
        struck = group.among or (f"all {group.copies} copies",)
        return event, f"a common cause hits {', '.join(struck)}"
    return part, f"one of {group.copies} copies of {group.of} has failed"

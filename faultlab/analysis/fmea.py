"""Failure mode and effects analysis: rows, risk priority numbers and Action Priority.

Action Priority is the table of the AIAG & VDA FMEA Handbook (2019) for design and process FMEA, as two
independent public implementations agree on it cell by cell.
"""

from dataclasses import dataclass

from faultlab.analysis.system_views import single_points_of_failure
from faultlab.errors import BadInput

RATINGS = ("severity", "occurrence", "detection")

# By severity, then by occurrence: the priority for detection 7-10, 5-6, 2-4 and 1.
_PRIORITIES = {
    (9, 10): {(8, 10): "HHHH", (6, 7): "HHHH", (4, 5): "HHHM", (2, 3): "HMLL", (1, 1): "LLLL"},
    (7, 8): {(8, 10): "HHHH", (6, 7): "HHHM", (4, 5): "HMMM", (2, 3): "MMLL", (1, 1): "LLLL"},
    (4, 6): {(8, 10): "HHMM", (6, 7): "MMML", (4, 5): "MLLL", (2, 3): "LLLL", (1, 1): "LLLL"},
    (2, 3): {(8, 10): "MMLL", (6, 7): "LLLL", (4, 5): "LLLL", (2, 3): "LLLL", (1, 1): "LLLL"},
    (1, 1): {(8, 10): "LLLL", (6, 7): "LLLL", (4, 5): "LLLL", (2, 3): "LLLL", (1, 1): "LLLL"},
}
_DETECTION = ((7, 10), (5, 6), (2, 4), (1, 1))
PRIORITY_NAMES = {"H": "high", "M": "medium", "L": "low"}


def rpn(severity, occurrence, detection):
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


def priority_table():
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


def action_priority(severity, occurrence, detection, table=_PRIORITIES):
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
    """A failure mode of an item; ratings that people have not given yet are None."""

    item: str
    failure_mode: str
    effect: str = ""
    cause: str = ""
    controls: str = ""
    severity: int | None = None
    occurrence: int | None = None
    detection: int | None = None
    action: str = ""

    def __post_init__(self):
        for name in RATINGS:
            value = getattr(self, name)
            if value is not None:
                _checked(f"{self.item!r}, {self.failure_mode!r}: {name}", value)

    @property
    def rated(self):
        """The three ratings, or None while one is missing."""
        ratings = tuple(getattr(self, name) for name in RATINGS)
        return None if None in ratings else ratings

    @property
    def rpn(self):
        """The risk priority number, or None."""
        return rpn(*self.rated) if self.rated else None

    @property
    def action_priority(self):
        """ "H", "M" or "L", or None."""
        return action_priority(*self.rated) if self.rated else None


def ranked(rows):
    """Return rows by Action Priority, then severity, then RPN, the most urgent first; unrated ones last."""
    return sorted(
        rows,
        key=lambda row: (
            ("HML".index(row.action_priority), -row.severity, -row.rpn) if row.rated else (3, 0, 0)
        ),
    )


@dataclass(frozen=True)
class Change:
    """What differs in a failure mode between two revisions: `what` is added, removed or changed."""

    item: str
    failure_mode: str
    what: str
    before: dict
    after: dict


def changes(old, new):
    """Return what changed between two revisions, row by row, known by item and failure mode.

    Examples
    --------
    >>> before = [Row("cache", "lost", severity=5, occurrence=8, detection=3)]
    >>> after = [Row("cache", "lost", severity=5, occurrence=4, detection=3)]
    >>> changes(before, after)[0].after
    {'occurrence': 4, 'rpn': 60, 'action_priority': 'L'}
    """
    was, now = ({(row.item, row.failure_mode): row for row in rows} for rows in (old, new))
    found = []
    for key in dict.fromkeys((*was, *now)):
        before, after = (_fields(rows.get(key)) for rows in (was, now))
        differing = [
            name for name in (before or after) if (before or {}).get(name) != (after or {}).get(name)
        ]
        if differing:
            what = "added" if before is None else "removed" if after is None else "changed"
            parts = ({name: one[name] for name in differing} if one else {} for one in (before, after))
            found.append(Change(*key, what, *parts))
    return found


def _fields(row):
    if row is None:
        return None
    names = ("effect", "cause", "controls", *RATINGS, "action", "rpn", "action_priority")
    return {name: getattr(row, name) for name in names}


def rows_of(system):
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
    alone, together = {}, {}
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
        return part, "does not work"
    group = system.groups[part]
    if copy == "shared":
        struck = group.among or (f"all {group.copies} copies",)
        return event, f"one cause strikes {', '.join(struck)}"
    return part, f"one of {group.copies} copies of {group.of} does not work"

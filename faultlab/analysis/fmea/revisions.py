"""What changed between two revisions of a worksheet, row by row."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

from faultlab.analysis.fmea.worksheet import Row

_NOT_COMPARED = ("item", "failure_mode", "others", "sheet")


@dataclass(frozen=True)
class Change:
    """What differs in a failure mode between two revisions: `what` is added, removed or changed."""

    item: str
    failure_mode: str
    what: str
    before: dict[str, str | int | None]
    after: dict[str, str | int | None]


def changes(old: Sequence[Row], new: Sequence[Row]) -> list[Change]:
    """Return what changed between two revisions.

    A row is known by its item and failure mode; where a revision has several such rows, by the section,
    function, effect and cause as well.

    Parameters
    ----------
    old, new : sequence of Row

    Returns
    -------
    list of Change
        With the fields that differ; further columns (`Row.others`) count as fields.

    Examples
    --------
    >>> before = [Row("cache", "lost", severity=5, occurrence=8, detection=3)]
    >>> after = [Row("cache", "lost", severity=5, occurrence=4, detection=3)]
    >>> changes(before, after)[0].after
    {'occurrence': 4, 'rpn': 60, 'action_priority': 'L'}
    """
    several = {
        mode
        for rows in (old, new)
        for mode, times in Counter((row.item, row.failure_mode) for row in rows).items()
        if times > 1
    }
    was, now = (_by_name(rows, several) for rows in (old, new))
    found = []
    for name in dict.fromkeys((*was, *now)):
        before, after = (_fields(rows.get(name)) for rows in (was, now))
        differing = [
            one
            for one in {**(before or {}), **(after or {})}
            if (before or {}).get(one) != (after or {}).get(one)
        ]
        if differing:
            what = "added" if before is None else "removed" if after is None else "changed"
            left, right = (
                {one: side.get(one) for one in differing} if side else {} for side in (before, after)
            )
            found.append(Change(name[0], name[1], what, left, right))
    return found


def _by_name(rows, several):
    """Rows by what they are known by; of equal names each has its number."""
    named = {}
    met: Counter[tuple] = Counter()
    for row in rows:
        mode = (row.item, row.failure_mode)
        name = (*mode, *row.key) if mode in several else mode
        met[name] += 1
        named[*name, met[name]] = row
    return named


def _fields(row):
    if row is None:
        return None
    names = [one.name for one in fields(Row) if one.name not in _NOT_COMPARED]
    computed = ("rpn", "action_priority", "rpn_after", "action_priority_after")
    given = {name: getattr(row, name) for name in (*names, *computed)}
    return {name: value for name, value in given.items() if value not in (None, "")} | dict(row.others)

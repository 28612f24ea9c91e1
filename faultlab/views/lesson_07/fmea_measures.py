"""A measure chosen for a worksheet: which ratings it moves, and what becomes of the order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from faultlab.errors import BadInput
from faultlab.views.lesson_07.fmea_table import BY_PRIORITY, fmea_table, in_order, name_of

if TYPE_CHECKING:
    from faultlab.analysis.fmea import Row
    from faultlab.views.kit.picture import Picture


NOTHING = "nothing yet"


@dataclass(frozen=True)
class Measure:
    """What somebody would do about a failure mode, and the ratings that it would have afterwards."""

    item: str
    failure_mode: str
    ratings: dict[str, int]


def with_measure(rows: Sequence[Row], measure: Measure) -> list[Row]:
    """Return the rows after a measure.

    Raises
    ------
    BadInput
        If the worksheet has no such row.

    Examples
    --------
    >>> from faultlab.analysis.fmea import Row
    >>> rows = [Row("cache", "lost", severity=8, occurrence=8, detection=5)]
    >>> with_measure(rows, Measure("cache", "lost", {"detection": 3}))[0].rated
    (8, 8, 3)
    """
    key = (measure.item, measure.failure_mode)
    if key not in [(row.item, row.failure_mode) for row in rows]:
        raise BadInput(f"The worksheet has no row {measure.item!r}, {measure.failure_mode!r}.")
    return [
        replace(row, **measure.ratings)  # type: ignore[arg-type]  # they name nothing but ratings
        if (row.item, row.failure_mode) == key
        else row
        for row in rows
    ]


def worksheet_with(
    rows: Sequence[Row], measures: dict[str, Measure], limit: int
) -> Callable[[str, str], Picture]:
    """Return the function of an explorer: from a measure's words and an order to a `Picture`.

    Parameters
    ----------
    rows : sequence of Row
    measures : dict
        From words to a Measure.
    limit : int
        The RPN from which a company acts.

    Returns
    -------
    callable
        Its parameters are `measure` (a key of `measures`, or `NOTHING`) and `order`.
    """

    def draw(measure, order):
        chosen = measures.get(measure)
        after = with_measure(rows, chosen) if chosen else list(rows)
        return fmea_table(
            after,
            order,
            before=rows if chosen else (),
            limit=limit,
            sentence=_sentence(rows, after, chosen, order, limit),
        )

    return draw


def _sentence(rows, after, chosen, order, limit):
    if not chosen:
        first = name_of(in_order(rows, order)[0])
        high = sum(row.action_priority == "H" for row in rows)
        listed = sum((row.rpn or 0) >= limit for row in rows)
        if order == BY_PRIORITY:
            return f"{high} of {len(rows)} rows are high. First comes {first}."
        return f"{listed} of {len(rows)} rows reach RPN {limit}. First comes {first}."
    key = (chosen.item, chosen.failure_mode)
    old, new = (next(row for row in one if (row.item, row.failure_mode) == key) for one in (rows, after))
    said = f"RPN {old.rpn} becomes {new.rpn}"
    said += ", off the list" if old.rpn >= limit > new.rpn else ""
    if old.action_priority == new.action_priority:
        return f"{said}; Action Priority stays {new.action_priority}."
    return f"{said}; Action Priority goes from {old.action_priority} to {new.action_priority}."

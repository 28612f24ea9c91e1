"""An action chosen for a worksheet: which ratings it moves, and what becomes of the order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from faultlab.errors import BadInput
from faultlab.views.kit.words import written_out
from faultlab.views.lesson_07.fmea_ratings import PRIORITY_NAMES
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
        found, what = (
            (high, "high priority") if order == BY_PRIORITY else (listed, f"an RPN of {limit} or more")
        )
        if not found:
            return f"No row has {what}."
        number = written_out(found)
        counted = f"{number[0].upper()}{number[1:]} of {len(rows)} rows {'has' if found == 1 else 'have'}"
        return f"{counted} {what}. The first is “{first}”."
    key = (chosen.item, chosen.failure_mode)
    old, new = (next(row for row in one if (row.item, row.failure_mode) == key) for one in (rows, after))
    said = f"The RPN falls from {old.rpn} to {new.rpn}"
    said += f", below the limit of {limit}" if old.rpn >= limit > new.rpn else ""
    before, after = PRIORITY_NAMES[old.action_priority], PRIORITY_NAMES[new.action_priority]
    if before == after:
        return f"{said}. The Action Priority is still {after}."
    return f"{said}. The Action Priority falls from {before} to {after}."

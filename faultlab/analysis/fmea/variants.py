"""Action Priority tables as public copies have them wrong, to be told from the table in `fmea`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from faultlab.analysis.fmea.ranking import ALL_RATINGS
from faultlab.analysis.fmea.worksheet import action_priority, priority_table, rpn

RPN_HIGH, RPN_MEDIUM = 200, 100


@dataclass(frozen=True)
class WrongTable:
    """A rule that goes by the name of Action Priority, and isn't.

    Attributes
    ----------
    name : str
    error : str
        What is wrong with it, in a sentence: the answer to the exercise.
    priority : callable
        From severity, occurrence, detection to "H", "M" or "L", as `action_priority`.
    cells : dict or None
        In the form of `fmea.priority_table`, to be shown; None for a rule that is no such table.
    """

    name: str
    error: str
    priority: Callable
    cells: dict | None = None

    def differing(self) -> tuple[tuple[int, int, int], ...]:
        """The ratings (severity, occurrence, detection) at which it departs from Action Priority."""
        return tuple(one for one in ALL_RATINGS if self.priority(*one) != action_priority(*one))


def wrong_tables() -> tuple[WrongTable, ...]:
    """Return rules that public copies give for Action Priority, each with its error.

    Returns
    -------
    tuple of WrongTable
        A row shifted by one band of occurrence; "severity 9 and 10 is always high"; and thresholds on
        the risk priority number (copies choose their own; 100 and 200 stand for them here).

    Examples
    --------
    >>> for table in wrong_tables():
    ...     print(table.name, len(table.differing()), table.priority(9, 2, 3))
    shifted row 40 H
    severity alone 48 H
    RPN thresholds 235 L
    """
    return (
        WrongTable(
            "shifted row",
            "In the row for severity 9 and 10, each occurrence below 6 has the cells of the band above it.",
            _of_cells(_SHIFTED),
            _SHIFTED,
        ),
        WrongTable(
            "severity alone",
            "It takes severity 9 and 10 as always high; occurrence and detection count there too.",
            _of_cells(_ALWAYS_HIGH),
            _ALWAYS_HIGH,
        ),
        WrongTable(
            "RPN thresholds",
            "It cuts the risk priority number in three; the table has no product, and puts severity first.",
            by_rpn,
        ),
    )


def by_rpn(
    severity: int, occurrence: int, detection: int, high: int = RPN_HIGH, medium: int = RPN_MEDIUM
) -> str:
    """Return a priority by thresholds on the risk priority number, as Action Priority does not.

    Examples
    --------
    >>> by_rpn(10, 3, 3), action_priority(10, 3, 7)
    ('L', 'H')
    """
    product = rpn(severity, occurrence, detection)
    return "H" if product >= high else "M" if product >= medium else "L"


def _of_cells(cells):
    def priority(severity, occurrence, detection):
        return action_priority(severity, occurrence, detection, cells)

    return priority


def _with_top_row(*changed):
    """The right table with some cells of its first row changed, by occurrence from 4-5 down."""
    table = priority_table()
    top = next(iter(table))
    table[top] = table[top] | dict(zip(((4, 5), (2, 3), (1, 1)), changed, strict=True))
    return table


_SHIFTED = _with_top_row("HHHH", "HHHM", "HMLL")
_ALWAYS_HIGH = _with_top_row("HHHH", "HHHH", "HHHH")

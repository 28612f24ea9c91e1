"""Rows that tell of one incident twice: copies, and updates of the same ticket."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from faultlab.metrics.incidents.stretches import Incident


@dataclass(frozen=True, slots=True)
class RowLeftOut:
    """A row that is not among the incidents, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class RowRead:
    """An incident as its row gives it: with its id, and with the cells that mean nothing to the reader."""

    incident: Incident
    id: str = ""
    others: tuple[str, ...] = ()


def without_repeats(
    rows: Iterable[RowRead], remark: Callable[[str, int], None]
) -> tuple[tuple[Incident, ...], tuple[RowLeftOut, ...]]:
    """Return the incidents, each once, and the rows that were left out for that.

    Rows with different ids are different incidents. Of rows with one id and one service whose times overlap,
    one counts: the later one in the file, unless it alone has no end. Without ids a row is a copy if its
    service, start, end and all that is not understood are those of another.

    Parameters
    ----------
    rows : iterable of RowRead
    remark : function of a text and a line
        Told of rows that look like copies and count.

    Returns
    -------
    tuple of (tuple of Incident, tuple of RowLeftOut)
        Both in the order of the file.
    """
    kept: dict[int, Incident] = {}
    left_out: list[RowLeftOut] = []
    by_id: dict[tuple[str, str], list[int]] = {}
    services_of: dict[str, str] = {}
    copies: dict[tuple[str, datetime, datetime | None], tuple[int, tuple[str, ...]]] = {}
    for row in rows:
        new, line, service = row.incident, row.incident.line, row.incident.service.casefold()
        if not row.id:
            times = (service, new.start, new.end)
            first = copies.setdefault(times, (line, (new.cause, *row.others)))
            if first[0] != line and first[1] == (new.cause, *row.others):
                left_out.append(RowLeftOut(line, f"the same service, start and end as line {first[0]}"))
                continue
            if first[0] != line:
                remark(
                    "another row has the same service, start and end and differs elsewhere; both count", line
                )
            kept[line] = new
            continue
        if services_of.setdefault(row.id, service) != service:
            remark("the id stands in several rows with different services; each counts", line)
        same = by_id.setdefault((row.id, service), [])
        old = next((kept[at] for at in same if _overlap(kept[at], new)), None)
        if old is None:
            if same:
                remark("the id stands in several rows at different times; each counts", line)
            kept[line] = new
            same.append(line)
        elif (old.start, old.end) == (new.start, new.end):
            left_out.append(RowLeftOut(line, f"the same id, start and end as line {old.line}"))
        elif new.end is None and old.end is not None:
            left_out.append(RowLeftOut(line, f"the same id as line {old.line}, which has an end and counts"))
        else:
            left_out.append(RowLeftOut(old.line, f"the same id as line {line}, which updates it and counts"))
            del kept[old.line]
            kept[line] = new
            same[same.index(old.line)] = line
    return tuple(kept.values()), tuple(sorted(left_out, key=lambda row: row.line))


def _overlap(one, other):
    first, second = sorted((one, other), key=lambda i: i.start)
    return first.start == second.start or first.end is None or second.start <= first.end

"""Reading a table of incidents, whatever wrote it; every row and column that is left out is named."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TextIO

from faultlab.errors import BadInput
from faultlab.input_files import decoded, table_records, text_of
from faultlab.metrics.incidents.columns import choose_columns
from faultlab.metrics.incidents.headings import MEANINGS, heading
from faultlab.metrics.incidents.repeats import RowLeftOut, RowRead, without_repeats
from faultlab.metrics.incidents.rows import RowReader
from faultlab.metrics.incidents.stretches import Incident
from faultlab.metrics.incidents.time_forms import form_of_number, order_of_dates
from faultlab.metrics.incidents.times import read_zone

_WRITTEN = ("start", "end", "detected", "service", "cause", "failed_share")
_MOST_BYTES = 200_000_000
_HEADER_WITHIN = 20  # records; above the header may stand a title
_ROWS_TRIED = 200
_LINES_NAMED = 5
_OTHER_FORMAT = re.compile(r"\s*(?:(?P<markup><)|(?:\[\s*)?\{)")


@dataclass(frozen=True)
class IncidentLog:
    """What a file of incidents holds: the incidents in the order of the file, and what was left out.

    `columns` says by name what each column was taken for, and `remarks` what a reader should know.
    """

    incidents: tuple[Incident, ...]
    unreadable: tuple[RowLeftOut, ...] = ()
    duplicates: tuple[RowLeftOut, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Incident]:
        return iter(self.incidents)

    def __len__(self) -> int:
        return len(self.incidents)

    @property
    def services(self) -> tuple[str, ...]:
        """The names of the services, in alphabetical order."""
        return tuple(sorted({incident.service for incident in self.incidents}))

    def of(self, service: str) -> tuple[Incident, ...]:
        """Return the incidents of one service, also those that name it among others ("search, checkout").

        Raises
        ------
        BadInput
            If the log has no incident of this service, so that a typing error isn't taken for a good year.
        """
        wanted = service.strip().casefold()
        chosen = tuple(i for i in self.incidents if wanted in _services_in(i.service))
        if not chosen:
            known = ", ".join(name or "(no name)" for name in self.services) or "none"
            raise BadInput(f"There is no incident of service {service!r}; the file has: {known}.")
        return chosen


def _services_in(text):
    whole = text.casefold()
    return {whole, *(part.strip() for part in re.split(r"[,;|\n]", whole))}


def read_incidents(
    source: str | os.PathLike[str] | TextIO,
    zone: str | tzinfo | None = None,
    columns: Mapping[str, str] | None = None,
    day_first: bool | None = None,
) -> IncidentLog:
    """Read a table of incidents.

    The first line names the columns: `start` and `end` (or `duration`), and optionally `detected`, `service`,
    `cause`, `id`, `status` and `failed_share` (0 to 1, or a percentage with its sign); `MEANINGS` lists the
    other names that are understood, those of incident tools among them. An incident without an end is open,
    unless its status says that it is over. A row that can't be read is left out and reported with its line
    and the reason; so is a row that tells of an incident again.

    Parameters
    ----------
    source : path, open text file, or the text itself
        A string with a line break in it is taken for the text.
    zone : str or tzinfo, optional
        The zone of times that carry none, neither beside them nor in the name of their column. Without it
        such rows are refused.
    columns : mapping of str to str, optional
        The name of the column for a meaning: start, end, detected, service, cause, duration or id.
    day_first : bool, optional
        Whether 03/04/2026 is in April; without it the other dates of the table decide, or the row is refused.

    Returns
    -------
    IncidentLog

    Raises
    ------
    BadInput
        If the file can't be opened, is empty, is no text, has a quote that goes wrong (what follows may stand
        inside it), has no column for the start or the end, or has rows but not one that can be read: an
        unreadable file must not look like a year without incidents.

    Examples
    --------
    >>> log = read_incidents('''start,end,service
    ... 2026-01-05T10:00+01:00,2026-01-05T10:30+01:00,search
    ... 2026-01-06T10:00Z,2026-01-06T09:00Z,search
    ... ''')
    >>> len(log), log.incidents[0].minutes
    (1, 30.0)
    >>> log.unreadable[0]
    RowLeftOut(line=3, reason='the end is before the start')
    >>> read_incidents('''id,created_on,resolved_on,seconds_to_resolve
    ... Q1,2026-01-05T10:00:00Z,2026-01-05T10:30:00Z,1800
    ... ''').columns["created_on"]
    'start'
    """
    name, text = _text_of(source)
    zone = read_zone(zone) if isinstance(zone, str) else zone
    named = {meaning: column for meaning, column in (columns or {}).items() if column is not None}
    other = _OTHER_FORMAT.match(text)
    if other:
        kind = "HTML or XML" if other["markup"] else "JSON"
        raise BadInput(f"{name} looks like {kind} and not like a table; export the incidents as CSV.")
    records = table_records(text, name)
    remarks = _Remarks()
    header, rows = _header_and_rows(records, named, name, remarks)
    found = choose_columns(header, [cells for _, cells in rows], named)
    cells_of = [cells for _, cells in rows if len(cells) >= len(header)]
    if day_first is None:
        day_first = _order_of_dates(found, cells_of, remarks)
    unit = _unit_of_durations(found, cells_of, zone, day_first, remarks)
    _remark_on_columns(found, cells_of, remarks)
    reader = RowReader(found, zone, day_first, unit, remarks.add)
    needed = max(one.headings[-1].place for m in ("start", "end") for one in found.of(m))
    unused = found.unused()
    read, unreadable = [], []
    for line, cells in rows:
        try:
            whole = _whole(cells, len(header), needed)
            incident = reader.incident(whole, line)
        except BadInput as error:
            unreadable.append(RowLeftOut(line, str(error).rstrip(".")))
            continue
        read.append(RowRead(incident, reader.id(whole).casefold(), tuple(whole[place] for place in unused)))
    incidents, duplicates = without_repeats(read, remarks.add)
    if unreadable and not incidents:
        first = unreadable[0]
        raise BadInput(f"{name}: no row could be read; line {first.line}: {first.reason}.")
    return IncidentLog(incidents, tuple(unreadable), duplicates, found.described(), remarks.texts())


class _Remarks:
    """Remarks in the order in which they came up, each once, with its lines and the first line's reason."""

    def __init__(self):
        self._lines = {}
        self._why = {}

    def add(self, text, line=None, why=""):
        lines = self._lines.setdefault(text, [])
        if why:
            self._why.setdefault(text, f", since {why.rstrip('.')}")
        if line is not None:
            lines.append(line)

    def texts(self):
        return tuple(
            _with_lines(text + self._why.get(text, ""), lines) for text, lines in self._lines.items()
        )


def _with_lines(text, lines):
    if not lines:
        return text
    named = ", ".join(map(str, lines[:_LINES_NAMED]))
    more = f" and {len(lines) - _LINES_NAMED} more" if len(lines) > _LINES_NAMED else ""
    return f"line{'s' if len(lines) > 1 else ''} {named}{more}: {text}"


def _text_of(source):
    if isinstance(source, os.PathLike) or (isinstance(source, str) and not re.search(r"[\r\n]", source)):
        return Path(source).name, text_of(Path(source), _MOST_BYTES, "a table of incidents")
    if hasattr(source, "read"):
        content, name = source.read(), str(getattr(source, "name", "The file"))
        return name, decoded(content, name) if isinstance(content, bytes) else content.removeprefix("\ufeff")
    return "The table", str(source).removeprefix("\ufeff")


def _header_and_rows(records, named, name, remarks):
    """The first record that names a start and an end, and the records behind it."""
    if not records:
        raise BadInput(
            f"{name} is empty; its first line names the columns: start,end,detected,service,cause."
        )
    wanted = {" ".join(column.split()).casefold() for column in named.values()}
    for at, (_, cells) in enumerate(records[:_HEADER_WITHIN]):
        if not _missing(cells, named) and wanted <= {" ".join(cell.split()).casefold() for cell in cells}:
            for line, _ in records[:at]:
                remarks.add("above the names of the columns, and not read", line)
            return cells, records[at + 1 :]
    line, cells = records[0]
    missing = _missing(cells, named)
    if not missing:
        return cells, records[1:]
    known = ", ".join(" ".join(cell.split())[:60] for cell in cells)
    would_do = "; ".join(f"for {meaning}: {', '.join(_WOULD_DO[meaning])}" for meaning in missing)
    raise BadInput(
        f"{name}, line {line}: there is no column {' or '.join(missing)}; the columns are: {known}. "
        f"Names that would do are, {would_do}; or name yours with {' and '.join(f'--{m}' for m in missing)}."
    )


_WOULD_DO = {
    "start": ("start", "started_at", "created_at", "opened_at"),
    "end": ("end", "ended_at", "resolved_at", "closed_at", "duration_minutes"),
}


def _missing(cells, named):
    named_so = {heading(cell).meant for cell in cells}
    ends = {*MEANINGS["end"], *MEANINGS["duration"]}
    return [
        meaning
        for meaning, names, columns in (
            ("start", MEANINGS["start"], ("start",)),
            ("end", ends, ("end", "duration")),
        )
        if not named_so & {*names} and not any(column in named for column in columns)
    ]


def _whole(cells, width, needed):
    """The cells of a row without blanks around them, as many as the header has."""
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        raise BadInput(
            f"the row has {len(cells)} fields and the first line names {width}; quote texts with commas"
        )
    if len(cells) <= needed:
        raise BadInput(f"the row has {len(cells)} fields and the first line names {width}; it seems cut off")
    return [cell.strip() for cell in cells[:width]] + [""] * (width - len(cells))


def _time_columns(columns):
    return [source.headings[0] for m in ("start", "end", "detected") for source in columns.of(m)]


def _order_of_dates(columns, rows, remarks):
    places = [column.place for column in _time_columns(columns) if column.day_first is None]
    day_first, deciding = order_of_dates(cells[place] for cells in rows for place in places)
    if deciding:
        remarks.add(
            f"dates are read with the {'day' if day_first else 'month'} first, as {deciding} needs it"
        )
    return day_first


def _unit_of_durations(columns, rows, zone, day_first, remarks):
    bare = [source for source in columns.of("duration") if source.headings[0].unit is None]
    if not any(re.fullmatch(r"[\d.,]+", source.text(cells).strip()) for cells in rows for source in bare):
        return None
    tried = [[cell.strip() for cell in cells] for cells in rows[:_ROWS_TRIED]]
    unit = RowReader(columns, zone, day_first, None, lambda *said: None).unit_that_fits(tried)
    names = ", ".join(source.name for source in bare)
    said = unit and {"s": "seconds", "h": "hours", "d": "days"}.get(unit, unit)
    if unit is None:
        remarks.add(f"{names}: numbers are read as minutes, since nothing says their unit")
    elif unit != "min":
        remarks.add(f"{names}: numbers are read as {said}, which fit start and end")
    return unit or "min"


def _remark_on_columns(columns, rows, remarks):
    named: dict[str | None, list[str]] = {}
    for column in _time_columns(columns):
        forms = (form_of_number(cells[column.place]) for cells in rows[:_ROWS_TRIED])
        named.setdefault(next(filter(None, forms), None), []).append(column.name)
    for form in filter(None, named):
        remarks.add(f"{', '.join(named[form])}: numbers are read as {form}")
    if columns.of("acknowledged") and not columns.of("detected"):
        column = columns.of("acknowledged")[0].name
        remarks.add(
            f"{column} is about acknowledgement and not about detection, so MTTD leaves it out; name it as "
            "detected if it is that for you (--detected)"
        )


def incidents_csv(incidents: Sequence[Incident]) -> str:
    """Return incidents as CSV text in UTC, to the minute, in columns that `read_incidents` knows.

    Examples
    --------
    >>> from faultlab.metrics.incidents.times import read_time
    >>> print(incidents_csv([Incident(read_time("2026-01-05T10:00Z"), None, None, "search", "release")]))
    start,end,detected,service,cause,failed_share
    2026-01-05T10:00Z,,,search,release,1
    <BLANKLINE>
    """
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(_WRITTEN)
    for i in incidents:
        times = [_stamp(i.start), _stamp(i.end), _stamp(i.detected)]
        rows.writerow([*times, i.service, i.cause, f"{i.failed_share:g}"])
    return out.getvalue()


def _stamp(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")

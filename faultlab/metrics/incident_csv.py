"""Reading a table of incidents, whatever state it is in; every row that is left out is named."""

import csv
import io
import os
import re
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from faultlab.errors import BadInput
from faultlab.metrics.incidents import Incident
from faultlab.metrics.times import read_time, read_zone

COLUMNS = {
    "start": ("start", "started", "started_at", "start_time", "start_utc", "begin", "from"),
    "end": ("end", "ended", "ended_at", "end_time", "end_utc", "resolved", "resolved_at", "restored", "to"),
    "detected": ("detected", "detected_at", "detection_time", "acknowledged", "acknowledged_at"),
    "service": ("service", "journey", "system", "component"),
    "cause": ("cause", "root_cause", "cause_category", "category"),
    "failed_share": ("failed_share", "customer_share", "impact"),
}
"""What each column may be called; case, spaces and dashes don't matter."""

_STILL_OPEN = {"", "-", "–", "open", "ongoing", "none", "null", "n/a", "na"}
_LONGEST_FIELD = 10_000


@dataclass(frozen=True, slots=True)
class RowLeftOut:
    """A row that is not among the incidents, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class IncidentLog:
    """What a file of incidents holds: the incidents in the order of the file, and what was left out."""

    incidents: tuple[Incident, ...]
    unreadable: tuple[RowLeftOut, ...] = ()
    duplicates: tuple[RowLeftOut, ...] = ()

    def __iter__(self):
        return iter(self.incidents)

    def __len__(self):
        return len(self.incidents)

    @property
    def services(self):
        """The names of the services, in alphabetical order."""
        return tuple(sorted({incident.service for incident in self.incidents}))

    def of(self, service):
        """Return the incidents of one service.

        Raises
        ------
        BadInput
            If the log has no incident of this service, so that a typing error isn't taken for a good year.
        """
        wanted = service.strip().casefold()
        chosen = tuple(i for i in self.incidents if i.service.casefold() == wanted)
        if not chosen:
            known = ", ".join(name or "(no name)" for name in self.services) or "none"
            raise BadInput(f"There is no incident of service {service!r}; the file has: {known}.")
        return chosen


def read_incidents(source, zone=None):
    """Read a table of incidents.

    The first line names the columns: `start` and `end`, and optionally `detected`, `service`, `cause`
    and `failed_share` (0 to 1, or a percentage with its sign); `COLUMNS` lists the other names that are
    understood. Commas, semicolons or tabs separate them. An incident without an end is open. A row that
    can't be read is left out and reported with its line and the reason; so is a repeated row (same
    service, start and end).

    Parameters
    ----------
    source : path, open text file, or the text itself
        A string with a line break in it is taken for the text.
    zone : str or tzinfo, optional
        The zone of times that carry no offset. Without it such rows are refused.

    Returns
    -------
    IncidentLog

    Raises
    ------
    BadInput
        If the file is empty, is no text, has no column `start` or `end`, or has rows but not one that
        can be read: an unreadable file must not look like a year without incidents.
    OSError
        If the file can't be opened.

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
    """
    name, text = _text_of(source)
    zone = read_zone(zone) if isinstance(zone, str) else zone
    # Not str.splitlines: it also cuts at form feeds and the like, which are part of a field.
    records = _records(list(io.StringIO(text, newline="")))
    places = None
    incidents, unreadable, duplicates, seen = [], [], [], {}
    for line, fields, fault in records:
        if fault is None and not "".join(fields).strip():
            continue
        if places is None:
            if fault:
                raise BadInput(f"{name}, line {line}: {fault}.")
            places, width = _places(fields, name, line), len(fields)
            continue
        try:
            if fault:
                raise BadInput(fault)
            incident = _incident(fields, places, width, line, zone)
        except BadInput as error:
            unreadable.append(RowLeftOut(line, str(error).rstrip(".")))
            continue
        key = (incident.service.casefold(), incident.start, incident.end)
        if key in seen:
            duplicates.append(RowLeftOut(line, f"the same service, start and end as line {seen[key]}"))
            continue
        seen[key] = line
        incidents.append(incident)
    if places is None:
        raise BadInput(
            f"{name} is empty; its first line names the columns: start,end,detected,service,cause."
        )
    if unreadable and not incidents:
        first = unreadable[0]
        raise BadInput(f"{name}: no row could be read; line {first.line}: {first.reason}.")
    return IncidentLog(tuple(incidents), tuple(unreadable), tuple(duplicates))


def _text_of(source):
    if isinstance(source, os.PathLike) or (isinstance(source, str) and not re.search(r"[\r\n]", source)):
        return str(source), _decode(Path(source).read_bytes(), str(source))
    if hasattr(source, "read"):
        content, name = source.read(), str(getattr(source, "name", "The file"))
        return name, _decode(content, name) if isinstance(content, bytes) else content.removeprefix("\ufeff")
    return "The table", str(source).removeprefix("\ufeff")


def _decode(content, name):
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput(
            f"{name}, line {line}: this is not UTF-8 text; save the table as CSV in UTF-8."
        ) from None


def _records(lines):
    """Yield (line, fields, fault) for each record; `fault` says why a record has no fields.

    A quote that is never closed would swallow all rows after it. Such a record is reported, and reading
    goes on with the next line.
    """
    delimiter = _delimiter(lines)
    at = 0
    while at < len(lines):
        reader = csv.reader((lines[i] for i in range(at, len(lines))), delimiter=delimiter, strict=True)
        begin = at
        line = begin
        try:
            for fields in reader:
                if max(map(len, fields), default=0) > _LONGEST_FIELD:
                    raise csv.Error
                yield line + 1, fields, None
                line = begin + reader.line_num
            return
        except csv.Error:
            yield line + 1, (), "a quote is opened and not closed, or text stands beside a quoted text"
            at = line + 1


def _delimiter(lines):
    header = next((line for line in lines if line.strip()), "")
    return max(",;\t", key=header.count)


def _places(header, name, line):
    """Return the place of each column; one that the table lacks stands in an empty place at its end."""
    plain = [re.sub(r"[\s-]+", "_", field.strip().casefold()) for field in header]
    places = {}
    for column, names in COLUMNS.items():
        for candidate in names:
            if candidate in plain:
                places[column] = plain.index(candidate)
                break
    missing = [column for column in ("start", "end") if column not in places]
    places = {column: places.get(column, len(header)) for column in COLUMNS}
    if missing:
        found = ", ".join(field.strip() for field in header)[:100]
        raise BadInput(
            f"{name}, line {line}: there is no column {' or '.join(missing)!s}; the columns are: {found}."
        )
    return places


def _incident(fields, places, width, line, zone):
    if len(fields) > width and any(field.strip() for field in fields[width:]):
        raise BadInput(
            f"the row has {len(fields)} fields and the first line names {width}; quote texts with commas"
        )
    if len(fields) <= max(places["start"], places["end"]):
        raise BadInput(f"the row has {len(fields)} fields and the first line names {width}; it seems cut off")

    cells = [field.strip() for field in fields]
    cells += [""] * (width + 1 - len(cells))
    start = _time("start", cells[places["start"]], zone)
    if start is None:
        raise BadInput("there is no start")
    end = _time("end", cells[places["end"]], zone)
    detected = _time("detected", cells[places["detected"]], zone)
    if end is not None and end < start:
        raise BadInput("the end is before the start")
    if detected is not None and detected < start:
        raise BadInput("it was detected before the start")
    share = _share(cells[places["failed_share"]])
    return Incident(start, end, detected, cells[places["service"]], cells[places["cause"]], line, share)


def _time(column, text, zone):
    if not text or (len(text) < 8 and text.casefold() in _STILL_OPEN):
        return None
    try:
        return read_time(text, zone)
    except BadInput as error:
        raise BadInput(f"{column}: {error}") from None


def _share(text):
    if not text:
        return 1.0
    try:
        share = float(text.rstrip("% ")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise BadInput(f"failed_share: {text[:40]!r} is not a share from 0 to 1")
    return share


def incidents_csv(incidents):
    """Return incidents as CSV text in UTC, to the minute, in the columns that `read_incidents` knows.

    Examples
    --------
    >>> print(incidents_csv([Incident(read_time("2026-01-05T10:00Z"), None, None, "search", "release")]))
    start,end,detected,service,cause,failed_share
    2026-01-05T10:00Z,,,search,release,1
    <BLANKLINE>
    """
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for i in incidents:
        times = [_stamp(i.start), _stamp(i.end), _stamp(i.detected)]
        rows.writerow([*times, i.service, i.cause, f"{i.failed_share:g}"])
    return out.getvalue()


def _stamp(moment):
    return "" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")

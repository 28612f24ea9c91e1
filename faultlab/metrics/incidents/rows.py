"""One row of a table of incidents: its times, its duration and its status, and what they say together."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from faultlab.errors import BadInput
from faultlab.metrics.incidents.columns import Columns, Source, read_share
from faultlab.metrics.incidents.duration_forms import read_duration
from faultlab.metrics.incidents.headings import zone_named
from faultlab.metrics.incidents.stretches import Incident
from faultlab.metrics.incidents.times import read_time, read_zone

# Words of a status that says that an incident is over, that there was none, that it goes on.
_CLOSED = frozenset(
    [
        *("resolved", "closed", "done", "completed", "complete", "fixed", "solved", "postmortem", "ended"),
        *("recovered", "finished", "true", "yes", "erledigt", "geschlossen", "gelöst", "behoben", "beendet"),
    ]
)
_NONE_AT_ALL = frozenset(("canceled", "cancelled", "declined", "merged", "duplicate", "invalid", "rejected"))
_NO_OUTAGE = frozenset(("up", "ok", "okay", "healthy"))  # a monitor's history has these rows too
_OPEN = frozenset(
    [
        *("open", "new", "triggered", "acknowledged", "investigating", "identified", "monitoring", "active"),
        *("firing", "ongoing", "progress", "hold", "pending", "reopened", "offen", "false", "no"),
    ]
)
_NO_TEXT = frozenset(("", "-", "–", "—", "?", "none", "null", "nil", "nan", "n/a", "na", "open", "ongoing"))
_UNITS = ("min", "s", "h", "ms", "d")
_DATE_ONLY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{8}|\d{5}", re.ASCII)
_LONGEST = 100 * 365 * 1440.0  # minutes; longer is another unit, or a mistake


@dataclass(frozen=True)
class RowReader:
    """How the rows of one table are read.

    `zone` is that of times without one, `day_first` the order of day and month, `unit` that of durations
    without one, and `remark(text, line, why)` takes down what a reader of the result should know.
    """

    columns: Columns
    zone: tzinfo | None
    day_first: bool | None
    unit: str | None
    remark: Callable[..., None]

    def incident(self, cells: Sequence[str], line: int) -> Incident:
        """Return the incident in a row.

        Raises
        ------
        BadInput
            If the row has no start, a time that can't be read, times out of order, or no end though its
            status says that it is over.
        """
        zone = self._row_zone(cells)
        start, _ = self._first_time("start", cells, zone, line)
        if start is None:
            raise BadInput("there is no start")
        end, source = self._first_time("end", cells, zone, line)
        end = self._after_midnight(start, end, source, line)
        status, words = self._status(cells)
        if words & _NO_OUTAGE and not words - _NO_OUTAGE:
            raise BadInput(f"the status is {status!r}, which is no outage")
        end = self._with_duration(start, end, cells, not words or bool(words & _CLOSED), line)
        detected = self._detected(start, cells, zone, line)
        _check_order(start, end, detected)
        self._check_status(status, words, end, line)
        share = self._share(cells, line)
        return Incident(
            start, end, detected, self._text("service", cells), self._text("cause", cells), line, share
        )

    def id(self, cells: Sequence[str]) -> str:
        """Return what tells an incident from another, or nothing."""
        text = self._text("id", cells)
        return "" if text.casefold() in _NO_TEXT else text

    def unit_that_fits(self, rows: Sequence[Sequence[str]]) -> str | None:
        """Return the unit in which durations without one fit start and end; None where no row tells."""
        votes = dict.fromkeys(_UNITS, 0)
        for cells in rows:
            try:
                start, _ = self._first_time("start", cells, self._row_zone(cells), 0)
                end, _ = self._first_time("end", cells, self._row_zone(cells), 0)
                bare = [s.text(cells) for s in self.columns.of("duration") if s.headings[0].unit is None]
                for text in bare if start and end and end > start else ():
                    if read_duration(text) is None:
                        for unit in _UNITS:
                            votes[unit] += _agree(read_duration(text, unit), end - start)
            except BadInput:
                continue
        best = max(votes, key=votes.__getitem__)
        return best if votes[best] else None

    def _row_zone(self, cells):
        for source in self.columns.of("time zone"):
            if source.text(cells):
                return zone_named(source.text(cells)) or read_zone(source.text(cells))
        return self.zone

    def _first_time(self, meaning, cells, zone, line):
        sources = self.columns.of(meaning)
        for rank, source in enumerate(sources):
            text = source.time_text(cells)
            if not text:
                continue
            order = source.headings[0].day_first
            order = self.day_first if order is None else order
            said = next((one.zone for one in source.headings if one.zone), None)
            unclear = next((one.unclear for one in source.headings if one.unclear), None)
            try:
                moment = read_time(text, said or (None if unclear else zone), order)
            except BadInput as error:
                why = f"{unclear} in {source.name!r} is more than one zone; " if unclear else ""
                raise BadInput(f"{meaning}: {why}{error}") from None
            if len(text) <= 10 and _DATE_ONLY.fullmatch(text):
                self.remark(f"the {meaning} is a day without a time, read as its midnight", line)
            if rank:
                self.remark(f"the {meaning} is from {source.name}, since {sources[0].name} is empty", line)
            return moment, source
        return None, None

    def _detected(self, start, cells, zone, line):
        try:
            detected, _ = self._first_time("detected", cells, zone, line)
        except BadInput as error:
            self.remark("the incident counts without its detection", line, str(error))
            return None
        if detected is None:
            minutes = self._minutes("time to detect", cells, line)
            detected = None if minutes is None else start + timedelta(minutes=minutes)
        return detected

    def _after_midnight(self, start: datetime, end: datetime | None, source: Source | None, line: int):
        dates = [s.headings[0] for s in self.columns.of("start")]
        if (
            end is None
            or source is None
            or end >= start
            or len(source.headings) == 1
            or source.headings[0] not in dates
        ):
            return end
        self.remark("the end is on the next day, since its time of day is before that of the start", line)
        return end + timedelta(days=1)

    def _with_duration(self, start, end, cells, may_be_over, line):
        minutes = self._minutes("duration", cells, line, needed=end is None and may_be_over)
        if minutes is None:
            return end
        if end is not None:
            if not _agree(minutes, end - start):
                self.remark("the duration doesn't fit start and end, which count", line)
            return end
        if not may_be_over:
            self.remark("the status doesn't say that it is over, so its duration until now is no end", line)
            return None
        if not minutes:
            self.remark("the duration is 0 and there is no end, so the incident is taken for open", line)
            return None
        return start + timedelta(minutes=minutes)

    def _minutes(self, meaning, cells, line, needed=False):
        for source in self.columns.of(meaning):
            text, column = source.text(cells), source.headings[0]
            if text.casefold() in _NO_TEXT:
                continue
            try:
                minutes = read_duration(text, column.unit)
                if minutes is None:
                    if self.unit is None:
                        self.remark(f"{source.name}: its numbers have no unit and are not used", line)
                        continue
                    minutes = read_duration(text, self.unit)
                if minutes is not None and minutes > _LONGEST:
                    raise BadInput(f"{text[:40]!r} is longer than 100 years; check its unit")
            except BadInput as error:
                if needed:
                    raise BadInput(f"{meaning}: {error}") from None
                self.remark(f"the {meaning} can't be read", line, str(error))
                continue
            return minutes
        return None

    def _text(self, meaning, cells):
        """The first filled text; columns of one name, of which Jira has many, are joined."""
        sources = self.columns.of(meaning)
        if len(sources) < 2:
            return sources[0].text(cells) if sources else ""
        found: dict[str, list[str]] = {}
        for source in sources:
            if source.text(cells):
                found.setdefault(source.name, []).append(source.text(cells))
        return ", ".join(dict.fromkeys(next(iter(found.values()), [])))

    def _status(self, cells):
        for source in self.columns.of("status"):
            text = source.text(cells)
            words = set(text.casefold().replace("-", " ").replace("_", " ").split())
            return text, set() if words & {"not", "never"} or words == {"down"} else words
        return "", set()

    def _check_status(self, status, words, end, line):
        if end is None and words & (_CLOSED | _NONE_AT_ALL):
            raise BadInput(f"the status is {status[:40]!r} and there is no end, so its length isn't known")
        if end is not None and words & _NONE_AT_ALL:
            self.remark(f"the status is {status[:40]!r}; it counts all the same", line)
        if end is not None and words & _OPEN and not words & _CLOSED:
            self.remark(f"the status is {status[:40]!r} and there is an end, which counts", line)

    def _share(self, cells, line):
        for source in self.columns.of("failed share"):
            text = source.text(cells)
            if text.casefold() in _NO_TEXT:
                continue
            try:
                return read_share(text, source.headings[0].unit)
            except BadInput as error:
                self.remark("all requests count as failed", line, f"{source.name}: {error}")
        return 1.0


def _agree(minutes, length):
    return abs(minutes - length.total_seconds() / 60) <= max(1.0, 0.01 * minutes)


def _check_order(start, end, detected):
    if end is not None and end < start:
        raise BadInput("the end is before the start")
    if detected is not None and detected < start:
        raise BadInput("it was detected before the start")
    if detected is not None and end is not None and detected > end:
        raise BadInput("it was detected after the end")

"""Which column of a table of incidents means what: one table of names, and what stands in the column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from faultlab.errors import BadInput
from faultlab.metrics.incidents.duration_forms import read_duration
from faultlab.metrics.incidents.headings import MEANINGS, Heading, heading
from faultlab.metrics.incidents.time_forms import is_clock, written_time
from faultlab.metrics.incidents.times import read_zone

OVERRIDDEN = ("start", "end", "detected", "service", "cause", "duration", "id")
"""The meanings for which a column may be named."""

_TIMED = ("start", "end", "detected")
_DATES = ("date", "day", "datum")
_MANY = (*_TIMED, "duration", "service", "cause")  # from which the next column counts where one is empty
_SAID = {
    "acknowledged": "not used: when it was acknowledged is not when it was detected",
    "status": "status, to see whether it is over",
}
_HELD = {_TIMED: "times", ("duration", "time to detect"): "durations", ("failed share",): "shares"}
_LOOKED_AT = 200  # filled cells of a column, to see what it holds
_NO_TIME = frozenset(
    [
        *(
            "",
            "-",
            "–",
            "—",
            "?",
            "none",
            "null",
            "nil",
            "nan",
            "nat",
            "n/a",
            "na",
            "undefined",
            "\\n",
            "open",
        ),
        *("ongoing", "still open", "active", "in progress", "unresolved", "not resolved", "0", "-1"),
        "-62135596800",  # Go's zero time in seconds since 1970
    ]
)
_CLOCK_IN_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[ap]\.?m\.?)?", re.IGNORECASE)
_NO_TIME_YET = re.compile(
    r"(?:000[01]-\d\d-\d\d|9999-\d\d-\d\d|0?1/0?1/(?:0001|1970)|1970-01-01[T ]00:00(?::00)?(?:\.0+)?"
    r"(?: ?(?:Z|UTC|[+]00:?00))?$|0?1/0?0/1900|1900-01-00|1899-12-30)"
)  # Go, .NET, MySQL and Unix write these where there is no time


@dataclass(frozen=True)
class Source:
    """Where a value is taken from: a column, or one of dates and one of times of day."""

    headings: tuple[Heading, ...]

    @property
    def name(self) -> str:
        """The column's name; two are joined by a plus."""
        return " + ".join(one.name for one in self.headings)

    def text(self, cells: Sequence[str]) -> str:
        """The text in a row."""
        return cells[self.headings[0].place]

    def time_text(self, cells: Sequence[str]) -> str:
        """The text of a time in a row; empty where none is meant."""
        if len(self.headings) == 1:
            text = cells[self.headings[0].place]
            return "" if means_no_time(text) else text
        texts = [cells[one.place] for one in self.headings]
        if any(map(means_no_time, texts)):
            return ""
        date, replaced = _CLOCK_IN_TIME.subn(texts[1], texts[0], count=1)
        return date if replaced else f"{date} {texts[1]}"


@dataclass(frozen=True)
class Columns:
    """The columns of a table: for each meaning its sources, the one that counts first at the front.

    `empty` are the places of the columns in which nothing stands.
    """

    headings: tuple[Heading, ...]
    sources: Mapping[str, tuple[Source, ...]]
    empty: frozenset[int] = frozenset()

    def of(self, meaning: str) -> tuple[Source, ...]:
        """The sources of a meaning, or none."""
        return self.sources.get(meaning, ())

    def described(self) -> dict[str, str]:
        """What is taken from each column of the file, by its name; "not used" for the others.

        Examples
        --------
        >>> choose_columns(["start", "ended", "closed", "owner"], []).described()
        {'start': 'start', 'ended': 'end', 'closed': 'end where ended is empty', 'owner': 'not used'}
        """
        said = {h.place: _why_not(h, h.place in self.empty) for h in self.headings}
        for meaning, sources in self.sources.items():
            for rank, source in enumerate(sources):
                where = f" where {sources[rank - 1].name} is empty" if rank else ""
                for one in source.headings:
                    before = "" if said[one.place].startswith("not used") else f"{said[one.place]}, "
                    zone = f", in {one.zone}" if one.zone and meaning in _TIMED else ""
                    said[one.place] = before + _SAID.get(meaning, meaning) + zone + where
        names = Counter(one.name for one in self.headings)
        return {
            h.name if names[h.name] == 1 else f"{h.name} (column {h.place + 1})".strip(): said[h.place]
            for h in self.headings
        }

    def unused(self) -> tuple[int, ...]:
        """The places of the columns from which nothing is taken."""
        used = {h.place for sources in self.sources.values() for source in sources for h in source.headings}
        return tuple(place for place in range(len(self.headings)) if place not in used)


def _why_not(column, is_empty):
    if is_empty:
        return "not used: it is empty"
    for meanings, what in _HELD.items():
        if any(column.meant in MEANINGS[meaning] for meaning in meanings):
            return f"not used: it holds no {what}"
    return "not used"


def means_no_time(text: str) -> bool:
    """Tell whether a cell says that there is no time: empty, "ongoing", or the zero time of a program.

    >>> means_no_time("0001-01-01T00:00:00Z"), means_no_time("N/A"), means_no_time("2026-01-05")
    (True, True, False)
    """
    if len(text) > 40 or text.startswith("20"):  # the times of most rows
        return False
    return text.casefold() in _NO_TIME or bool(_NO_TIME_YET.match(text))


def choose_columns(
    header: Sequence[str], rows: Sequence[Sequence[str]], named: Mapping[str, str] | None = None
) -> Columns:
    """Choose the columns of a table by their names and by what they hold.

    A column has a meaning if it has one of its names and holds such values, or nothing: one called "Resolved"
    that holds yes and no is a status and no time. Where several columns have one meaning, the order of the
    names decides which counts first.

    Parameters
    ----------
    header : sequence of str
    rows : sequence of sequences of str
    named : mapping of str to str, optional
        The column for a meaning of `OVERRIDDEN`, which then counts alone.

    Raises
    ------
    BadInput
        If a named column isn't there.

    Examples
    --------
    >>> found = choose_columns(["id", "created_on", "resolved_on"], [["1", "2026-01-05T10:00Z", ""]])
    >>> [source.name for source in found.of("start") + found.of("end")]
    ['created_on', 'resolved_on']
    """
    headings = tuple(heading(name, place) for place, name in enumerate(header))
    sources = {meaning: (Source((_named(headings, name),)),) for meaning, name in (named or {}).items()}
    free = [h for h in headings if all(h is not one.headings[0] for (one,) in sources.values())]
    look = {h.place: _filled(rows, h.place) for h in free}
    for meaning, names in MEANINGS.items():
        if meaning in sources:
            continue
        ranked = sorted(
            (h for h in free if h.meant in names),
            key=lambda h: (names.index(h.meant), "." in h.name, h.place),
        )
        found = _timed(ranked, free, look, sources) if meaning in _TIMED else ()
        # an empty column beside a filled one would only make each row say that the other counts
        ranked = [h for h in ranked if look[h.place]] or ranked
        found = found or tuple(
            Source((h,)) for h in ranked if not look[h.place] or any(map(_holds(meaning, h), look[h.place]))
        )
        if meaning not in _MANY:
            found = found[:1]
        taken = {h.place for source in found for h in source.headings}
        free = [h for h in free if h.place not in taken]
        if found:
            sources[meaning] = found
    # A column that holds no times or durations, so that each row says what is wrong.
    for meaning, instead in (("start", ()), ("end", ("duration",)), ("duration", ("end",))):
        if meaning not in sources and not any(one in sources for one in instead):
            ranked = [h for name in MEANINGS[meaning] for h in headings if h.meant == name]
            sources |= {meaning: (Source((ranked[0],)),)} if ranked else {}
    filled = {
        h.place for h in headings if any(h.place < len(cells) and cells[h.place].strip() for cells in rows)
    }
    return Columns(headings, sources, frozenset(range(len(headings))) - filled if rows else frozenset())


def _named(headings, name):
    for same in (str.__eq__, lambda one, other: one.casefold() == other.casefold()):
        for found in headings:
            if same(found.name, " ".join(name.split())):
                return found
    known = ", ".join(found.name for found in headings)
    raise BadInput(f"There is no column {name!r}; the columns are: {known}.")


def _filled(rows, place):
    found = []
    for cells in rows:
        if place < len(cells) and not means_no_time(cells[place].strip()):
            found.append(cells[place].strip())
            if len(found) == _LOOKED_AT:
                break
    return found


def _timed(ranked, free, look, sources):
    """Times of day get their date from a column of dates, or from the start."""
    clocks = [h for h in ranked if h.meant not in MEANINGS["duration"] or h.meant == "down"]
    clocks = [h for h in clocks if look[h.place] and all(map(is_clock, look[h.place]))]
    whole = [h for h in ranked if h not in clocks and any(_is_time(t) and ":" in t for t in look[h.place])]
    if not clocks or whole:
        return ()
    dates = [h for h in [*ranked, *free] if h in ranked or h.meant in _DATES]
    dates = [h for h in dates if h not in clocks and any(map(_is_time, look[h.place]))]
    dates += [source.headings[0] for source in sources.get("start", ())]
    return (Source((dates[0], clocks[0])),) if dates else ()


def _holds(meaning: str, column: Heading) -> Callable[[str], bool]:
    if meaning in _TIMED:
        return _is_time
    if meaning in ("duration", "time to detect"):
        return lambda text: column.unit != "percent" and _succeeds(read_duration, text, column.unit)
    if meaning == "failed share":
        sure = column.unit == "percent" or "share" in column.meant or "rate" in column.meant
        return lambda text: _succeeds(read_share, text, column.unit) and (sure or "%" in text)
    if meaning == "time zone":
        return lambda text: _succeeds(read_zone, text) or bool(re.fullmatch("[A-Z]{2,5}", text))
    if column.meant == "event":
        return lambda text: text.casefold() in ("up", "down")
    if column.meant in ("resolved", "closed", "is resolved", "is closed"):
        return lambda text: text.casefold() in ("true", "false", "yes", "no")
    return lambda text: True


def _is_time(text):
    return _succeeds(written_time, text, True) or _succeeds(written_time, text, False)


def _succeeds(function, *arguments):
    try:
        function(*arguments)
    except BadInput:
        return False
    return True


def read_share(text: str, unit: str | None = None) -> float:
    """Return the share that a cell gives: 0 to 1, or a percentage with its sign or by its column's `unit`.

    >>> read_share("12,5 %"), read_share("0.5"), read_share("40", "percent")
    (0.125, 0.5, 0.4)
    """
    percent = "%" in text or unit == "percent"
    plain = re.fullmatch(
        r"(\d{1,12}(?:[.,]\d{1,20})?|[.,]\d{1,20})(?:e-\d{1,3})?", text.replace("%", "").strip(), re.A | re.I
    )
    share = float(plain[0].replace(",", ".")) / (100 if percent else 1) if plain else -1.0
    if not 0 <= share <= 1:
        raise BadInput(f"{text[:40]!r} is not a share from 0 to 1")
    return share

"""Post-mortems as bars: when an outage was noticed, when users were told, and when it was over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import TYPE_CHECKING

from faultlab.metrics.reports import post_mortem_times
from faultlab.views.kit.chart import WIDTH, document, text
from faultlab.views.kit.palette import BLUE_TINT, GREEN, GRID, INK, ORANGE, QUIET
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import count, written_out

if TYPE_CHECKING:
    from faultlab.metrics.reports.post_mortems import PostMortem

STILL_OPEN = "still open"
_LEFT, _RIGHT, _TOP, _ROW = 10, WIDTH - 16, 62, 66


def outage_times(records: Sequence[PostMortem]) -> Picture:
    """Draw post-mortems, one bar each, in the order given.

    Parameters
    ----------
    records : sequence of faultlab.metrics.PostMortem
        At least one. One without an end is drawn to the picture's edge, as still going on.

    Returns
    -------
    Picture

    Examples
    --------
    >>> from faultlab.metrics.reports import read_post_mortems
    >>> one = read_post_mortems('[{"title": "Checkout stood", "starttime": 1767780000, "severity": 2, '
    ...     '"detecttime": 1767780300, "statustime": 1767785400, "endtime": 1767783600}]')
    >>> outage_times(one).sentence.split(". ")[1]
    'Users were told only when it was over.'
    """
    known = [
        minutes
        for r in records
        for minutes in (r.minutes_to_detect, r.minutes_to_resolve, r.minutes_to_tell)
        if minutes is not None
    ]
    longest = max(known, default=0.0) or 60.0
    step = next(step for step in (10, 30, 60, 120, 240, 10_000) if longest / step <= 6)

    def at(minutes):
        return _LEFT + minutes / longest * (_RIGHT - _LEFT)

    bottom = _TOP + _ROW * len(records)
    parts = [*_key(), *_grid(at, longest, step, bottom)]
    for place, record in enumerate(records):
        parts += _bar(record, at, longest, _TOP + _ROW * place)
    sentence = _sentence(post_mortem_times(records))
    rows = tuple(_row(record) for record in records)
    alt = f"{count(len(records), 'outage')} as bars, in minutes since each began. " + " ".join(
        f"{row['Outage']}: noticed {_after(row['Noticed'])}, users told {_after(row['Users told'])}, "
        f"{'still open' if row['Over'] == STILL_OPEN else 'over ' + _after(row['Over'])}."
        for row in rows
    )
    return Picture(document(parts, bottom + 48, alt), alt, sentence, rows)


def _key():
    yield f"<circle cx='{_LEFT + 7}' cy='18' r='6' fill='{ORANGE}'/>"
    yield text(_LEFT + 20, 23, "noticed", 14, INK)
    yield _diamond(_LEFT + 107, 18)
    yield text(_LEFT + 122, 23, "users told", 14, INK)
    yield f"<rect x='{_LEFT + 215}' y='11' width='26' height='14' fill='{BLUE_TINT}' stroke='{INK}'/>"
    yield text(_LEFT + 249, 23, "from start to end", 14, INK)


def _grid(at, longest, step, bottom):
    for minutes in range(0, int(longest) + 1, step):
        yield f"<line x1='{at(minutes):.1f}' x2='{at(minutes):.1f}' y1='40' y2='{bottom}' stroke='{GRID}'/>"
        anchor = "start" if minutes == 0 else "middle"
        yield text(at(minutes), bottom + 18, minutes, 13, QUIET, anchor)
    yield text((_LEFT + _RIGHT) / 2, bottom + 40, "Minutes since the outage began", 14, INK, "middle")


def _bar(record, at, longest, y):
    over, told = record.minutes_to_resolve, record.minutes_to_tell
    drawn_to = longest if over is None else over
    yield text(_LEFT, y, _name(record) + (", still open" if over is None else ""), 14, INK, weight="600")
    middle = y + 16
    if told is not None and told > drawn_to:
        yield (
            f"<line x1='{at(drawn_to):.1f}' x2='{at(told):.1f}' y1='{middle}' y2='{middle}' stroke='{QUIET}' "
            "stroke-width='2' stroke-dasharray='3 3'/>"
        )
    dash = " stroke-dasharray='3 3'" if over is None else ""
    yield (
        f"<rect x='{at(0):.1f}' y='{middle - 7}' width='{at(drawn_to) - at(0):.1f}' height='14' "
        f"fill='{BLUE_TINT}' stroke='{INK}'{dash}/>"
    )
    if record.minutes_to_detect is not None:
        yield f"<circle cx='{at(record.minutes_to_detect):.1f}' cy='{middle}' r='6' fill='{ORANGE}'/>"
    if told is not None:
        yield _diamond(at(told), middle)
    yield text(_LEFT, y + 40, record.why_surprised, 13, QUIET)


def _diamond(x, y):
    return f"<path d='M{x - 7:.1f} {y}l7 -7l7 7l-7 7z' fill='{GREEN}'/>"


def _name(record):
    day = record.start.astimezone(UTC)
    return f"{day.day} {day:%B}, {record.service}" if record.service else f"{day.day} {day:%B}"


def _row(record):
    return {
        "Outage": _name(record),
        "Noticed": _minutes(record.minutes_to_detect),
        "Users told": _minutes(record.minutes_to_tell),
        "Over": STILL_OPEN if record.end is None else _minutes(record.minutes_to_resolve),
        "Why we were surprised": record.why_surprised,
    }


def _minutes(value):
    return "never" if value is None else f"{value:.0f} min"


def _after(written):
    return written if written == "never" else f"after {written}"


def _sentence(times):
    """When outages were noticed and told, for none, one and several records that say so."""
    parts = []
    if times.detect is None:
        parts.append(
            "Nobody wrote down when the outage was noticed."
            if times.records == 1
            else "No record says when the outage was noticed."
        )
    else:
        parts.append(f"Typically (median), an outage took {times.detect.median:.0f} minutes to notice")
        parts[0] += (
            f" and, where users were told at all, {times.tell.median:.0f} minutes to tell them."
            if times.tell
            else "."
        )
    late, never, all_of = times.told_after_the_end, times.never_told, times.records
    if all_of == 1:
        parts.append(
            "Users were never told."
            if never
            else "Users were told only when it was over."
            if late
            else "Users were told before it was over."
        )
    elif never == all_of:
        parts.append(
            f"In {'both outages' if all_of == 2 else 'all ' + written_out(all_of)}, users were never told."
        )
    else:
        counted = [
            f"in {written_out(late)} of the {written_out(all_of)}, users were told only when it was over"
        ] * bool(late)
        counted += [
            f"in {written_out(never)}"
            + (f" of the {written_out(all_of)}, users were" if not late else ", they were")
            + " never told"
        ] * bool(never)
        said = "; ".join(counted) or "users were told before every outage was over"
        parts.append(said[0].upper() + said[1:] + ".")
    return " ".join(parts)

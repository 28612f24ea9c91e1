"""The table of Action Priority as a picture: severity down, occurrence across, four letters for detection."""

from __future__ import annotations

from faultlab.analysis.fmea import priority_table
from faultlab.views.kit.chart import WIDTH, document, text
from faultlab.views.kit.palette import GRID, INK, PAGE, QUIET, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.lesson_07.fmea_ratings import COLOURS

DETECTIONS = ("7-10", "5-6", "2-4", "1")
_LEFT, _TOP, _TALL, _SIDE = 44, 62, 34, 19


def priority_picture() -> Picture:
    """Draw the table that `faultlab.analysis.action_priority` reads.

    Returns
    -------
    Picture

    Examples
    --------
    >>> priority_picture().sentence
    '318 of 1,000 combinations are high, 214 medium, 468 low.'
    """
    table = priority_table()
    occurrences = list(next(iter(table.values())))
    wide = (WIDTH - _LEFT) / len(occurrences)
    parts = [
        text(_LEFT, 16, "Occurrence", 13, QUIET),
        *(
            text(_LEFT + (n + 0.5) * wide, 36, _band(band), 14, INK, "middle")
            for n, band in enumerate(occurrences)
        ),
        text(4, 56, "Severity", 13, QUIET),
    ]
    for line, (severity, by_occurrence) in enumerate(table.items()):
        y = _TOP + line * _TALL
        parts.append(text(4, y + 20, _band(severity), 14, INK))
        for place, letters in enumerate(by_occurrence.values()):
            x = _LEFT + place * wide + (wide - 4 * _SIDE) / 2
            for n, letter in enumerate(letters):
                parts += _square(x + n * _SIDE, y + 4, letter)
    y = _TOP + len(table) * _TALL + 18
    parts.append(text(4, y, f"In each group, detection {', '.join(DETECTIONS)}", 13, QUIET))
    sizes = dict.fromkeys("HML", 0)
    rows = []
    for severity, by_occurrence in table.items():
        for occurrence, letters in by_occurrence.items():
            for detection, letter in zip(((7, 10), (5, 6), (2, 4), (1, 1)), letters, strict=True):
                sizes[letter] += _size(severity) * _size(occurrence) * _size(detection)
            rows.append(
                {"Severity": _band(severity), "Occurrence": _band(occurrence)}
                | {f"D {band}": letter for band, letter in zip(DETECTIONS, letters, strict=True)}
            )
    sentence = f"{sizes['H']} of 1,000 combinations are high, {sizes['M']} medium, {sizes['L']} low."
    alt = (
        "A table of letters, severity 9-10 at the top, occurrence 8-10 at the left. The top left is high; "
        f"the bottom and the right column, occurrence 1, are all low. {sentence}"
    )
    return Picture(document(parts, y + 10, alt), alt, sentence, tuple(rows))


def _band(bounds):
    low, high = bounds
    return str(low) if low == high else f"{low}-{high}"


def _size(bounds):
    return bounds[1] - bounds[0] + 1


def _square(x, y, letter):
    fill = RED if letter == "H" else PAGE
    ink = PAGE if letter == "H" else COLOURS[letter]
    side = _SIDE - 2
    yield (
        f"<rect x='{x:.1f}' y='{y}' width='{side}' height='{side}' rx='3' fill='{fill}' "
        f"stroke='{COLOURS[letter] if letter != 'L' else GRID}'/>"
    )
    yield text(x + side / 2, y + 14, letter, 13, ink, "middle", "700" if letter != "L" else "normal")

"""Three ratings, two answers: the risk priority number and Action Priority, among all combinations."""

from __future__ import annotations

import functools

from faultlab.analysis.fmea import action_priority, rpn, rpn_counts, with_rpn
from faultlab.views.kit.chart import WIDTH, document, text
from faultlab.views.kit.palette import BLUE, GREY_TINT, GRID, INK, ORANGE, PAGE, QUIET, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import listed, written_out

COLOURS = {"H": RED, "M": ORANGE, "L": QUIET}
PRIORITY_NAMES = {"H": "high", "M": "medium", "L": "low"}
MEANINGS = {"H": "action needed", "M": "action advised", "L": "action optional"}
CHIP, PER_LINE, LEFT = 62, 6, 78
MOST_LINES = 6
"""Lines that the 24 combinations of the commonest numbers may take, so that the page does not jump."""


def two_answers(severity: int, occurrence: int, detection: int) -> Picture:
    """What three ratings multiply to, what Action Priority says, and who shares the product.

    Parameters
    ----------
    severity, occurrence, detection : int
        1 to 10.

    Returns
    -------
    Picture

    Examples
    --------
    >>> two_answers(9, 4, 8).sentence.partition(". ")[2]
    'Eight other combinations have the same RPN: seven high and one medium.'
    """
    mine = (severity, occurrence, detection)
    number, priority = rpn(*mine), action_priority(*mine)
    same, counts = _sharing(number), _counts()
    higher = sum(times for other, times in counts.items() if other > number)
    parts = [
        text(4, 18, "Risk priority number (RPN)", 14, INK),
        text(4, 52, f"{severity} × {occurrence} × {detection} = {number}", 24, BLUE, weight="700"),
        text(4, 74, f"{higher} of 1,000 are higher", 13, QUIET),
        text(262, 18, "Action Priority (AP)", 14, INK),
        *_badge(262, 30, priority),
        text(298, 52, PRIORITY_NAMES[priority], 24, COLOURS[priority], weight="700"),
        text(262, 74, MEANINGS[priority], 13, QUIET),
        *_scale(number),
        text(4, 172, f"Every combination with RPN {number}, as S·O·D:", 14, INK),
    ]
    y = 184
    for letter in "HML":
        chips = same[letter]
        parts += [*_badge(4, y + 4, letter), text(36, y + 21, f"× {len(chips)}", 13, QUIET)]
        for i, one in enumerate(chips):
            x, top = LEFT + (i % PER_LINE) * CHIP, y + 4 + (i // PER_LINE) * 30
            parts += _chip(x, top, one, one == mine)
        y += 30 * max(1, -(-len(chips) // PER_LINE)) + 6
    others = {letter: len(found) - (letter == priority) for letter, found in same.items()}
    said = listed([f"{written_out(n)} {PRIORITY_NAMES[letter]}" for letter, n in others.items() if n])
    total = sum(others.values())
    sentence = f"This failure has an RPN of {number} and {PRIORITY_NAMES[priority]} priority. "
    if total == 1:
        only = next(PRIORITY_NAMES[letter] for letter, n in others.items() if n)
        sentence += f"One other combination has the same RPN, and its priority is {only}."
    elif total:
        number_of = written_out(total)
        alike = [PRIORITY_NAMES[letter] for letter, n in others.items() if n == total]
        said = f", {'both' if total == 2 else 'all of them'} {alike[0]}" if alike else f": {said}"
        sentence += f"{number_of[0].upper()}{number_of[1:]} other combinations have the same RPN{said}."
    else:
        sentence += "No other combination has this RPN."
    alt = (
        f"Severity {severity}, occurrence {occurrence}, detection {detection}: RPN {number}, with {higher} "
        f"of 1,000 combinations above it; Action Priority {PRIORITY_NAMES[priority]}. A scale from 1 to "
        f"1,000 has a tick at each of the {len(counts)} products that exist. {sentence}"
    )
    rows = tuple(
        {"Severity": s, "Occurrence": o, "Detection": d, "RPN": number, "Action Priority": letter}
        for letter, found in same.items()
        for s, o, d in found
    )
    return Picture(document(parts, 184 + 30 * MOST_LINES + 22, alt), alt, sentence, rows)


_counts = functools.cache(rpn_counts)
_sharing = functools.cache(with_rpn)


def _scale(number):
    """A line from 1 to 1,000 with a tick where a product exists, taller where more share it."""

    def at(value):
        return 8 + value / 1000 * (WIDTH - 16)

    yield f"<line x1='8' x2='{WIDTH - 8}' y1='134' y2='134' stroke='{GRID}' stroke-width='2'/>"
    for value, times in _counts().items():
        yield (
            f"<line x1='{at(value):.1f}' x2='{at(value):.1f}' y1='134' y2='{134 - 4 - 1.2 * times:.1f}' "
            f"stroke='{QUIET}' stroke-width='1'/>"
        )
    x = at(number)
    yield f"<line x1='{x:.1f}' x2='{x:.1f}' y1='96' y2='140' stroke='{BLUE}' stroke-width='3'/>"
    yield f"<path d='M{x - 6:.1f},90 h12 l-6,9 z' fill='{BLUE}'/>"
    for value, anchor in ((1, "start"), (250, "middle"), (500, "middle"), (750, "middle"), (1000, "end")):
        place = {"start": 4, "end": WIDTH - 4}.get(anchor, at(value))
        yield text(place, 151, f"{value:,}", 13, QUIET, anchor)


def _badge(x, y, priority):
    filled = priority == "H"
    outline = f"stroke='{COLOURS[priority]}' stroke-width='2'" if priority != "L" else f"stroke='{GRID}'"
    return [
        f"<rect x='{x + 1}' y='{y}' width='24' height='24' rx='4' "
        f"fill='{RED if filled else PAGE}' {outline}/>",
        text(x + 13, y + 17, priority, 14, PAGE if filled else COLOURS[priority], "middle", "700"),
    ]


def _chip(x, y, ratings, mine):
    outline = f"stroke='{BLUE}' stroke-width='3'" if mine else ""
    return [
        f"<rect x='{x}' y='{y}' width='{CHIP - 6}' height='24' rx='4' fill='{GREY_TINT}' {outline}/>",
        text(
            x + (CHIP - 6) / 2,
            y + 17,
            "·".join(map(str, ratings)),
            13,
            INK,
            "middle",
            "700" if mine else "normal",
        ),
    ]

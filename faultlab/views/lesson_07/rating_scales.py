"""The three scales of a worksheet as a picture: what a rating from 1 to 10 means for a software service."""

from faultlab.analysis.fmea import DETECTION, OCCURRENCE, SEVERITY
from faultlab.errors import BadInput
from faultlab.views.kit.chart import WIDTH, document, text
from faultlab.views.kit.lettering import wrapped
from faultlab.views.kit.palette import GREY_TINT, GRID, INK, ORANGE_TINT, RED_TINT
from faultlab.views.kit.picture import Picture

SCALES = {"severity": SEVERITY, "occurrence": OCCURRENCE, "detection": DETECTION}
_ASKS = {
    "severity": "How bad is it if it happens?",
    "occurrence": "How often does its cause arise?",
    "detection": "Who would notice, and how soon?",
}
_LINE, _WORDS = 18, 52


def rating_scale(rating: str) -> Picture:
    """Draw what each rating from 10 down to 1 means.

    Parameters
    ----------
    rating : str
        "severity", "occurrence" or "detection".

    Returns
    -------
    Picture

    Raises
    ------
    BadInput
        For another rating.

    Examples
    --------
    >>> rating_scale("occurrence").sentence
    'Occurrence, from 10 (Daily or more often) to 1 (Prevented by design: the cause cannot arise).'
    """
    if rating not in SCALES:
        raise BadInput(f"A scale is for {', '.join(SCALES)}, not {rating!r}.")
    scale = SCALES[rating]
    parts, y = [text(4, 18, f"{rating.capitalize()}: {_ASKS[rating]}", 14, INK, weight="600")], 30
    for value in sorted(scale, reverse=True):
        lines = wrapped(scale[value], WIDTH - _WORDS - 6)
        height = _LINE * len(lines) + 10
        tint = RED_TINT if value >= 7 else ORANGE_TINT if value >= 4 else GREY_TINT
        parts.append(f"<rect x='4' y='{y + 2}' width='36' height='{height - 4}' fill='{tint}'/>")
        parts.append(text(22, y + 19, value, 14, INK, "middle", "600"))
        parts += [text(_WORDS, y + 19 + _LINE * n, line, 13, INK) for n, line in enumerate(lines)]
        y += height
        parts.append(f"<line x1='4' x2='{WIDTH - 4}' y1='{y}' y2='{y}' stroke='{GRID}'/>")
    sentence = f"{rating.capitalize()}, from 10 ({scale[10]}) to 1 ({scale[1]})."
    alt = f"A list of what the ratings of {rating} mean. " + " ".join(
        f"{value}: {scale[value]}." for value in sorted(scale, reverse=True)
    )
    rows = tuple({"Rating": value, "Meaning": scale[value]} for value in sorted(scale, reverse=True))
    return Picture(document(parts, y + 8, alt), alt, sentence, rows)

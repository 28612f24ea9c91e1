"""The course's one palette, and the contrast that every colour in it must keep.

Marks (lines, bars, outlines) keep 3:1 against the page and text keeps 4.5:1, as WCAG 2.2 asks in its
success criteria 1.4.11 and 1.4.3. A colour never says anything alone: a label, a symbol, a dash
pattern or a place says it too.
"""

PAGE = "#ffffff"
INK = "#1b1f24"
QUIET = "#545d68"
GRID = "#d8dee4"

BLUE = "#0b5cad"
ORANGE = "#a84b00"
GREEN = "#1a7232"
RED = "#b42318"
PURPLE = "#6b3fb8"
TEAL = "#0b6e78"

MARKS = {"blue": BLUE, "orange": ORANGE, "green": GREEN, "red": RED, "purple": PURPLE, "teal": TEAL}
TEXTS = {"ink": INK, "quiet": QUIET, **MARKS}

BLUE_TINT = "#e3eefa"
ORANGE_TINT = "#fdeedd"
GREEN_TINT = "#e2f3e6"
RED_TINT = "#fce8e6"
GREY_TINT = "#f3f5f7"
TINTS = {
    "blue": BLUE_TINT,
    "orange": ORANGE_TINT,
    "green": GREEN_TINT,
    "red": RED_TINT,
    "grey": GREY_TINT,
}

DASHES = ("", "7 4", "2 3", "9 3 2 3")
"""Line patterns, so that two lines differ by more than their colour."""


def contrast(one, other):
    """Contrast ratio of two colours, from 1 (the same) to 21 (black on white).

    Parameters
    ----------
    one, other : str
        Colours as ``#rrggbb``.

    Returns
    -------
    float
        (lighter + 0.05) / (darker + 0.05) of their relative luminances: WCAG 2.2, "contrast ratio".

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return round((lighter + 0.05) / (darker + 0.05), 4)


def _luminance(colour):
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

"""The course's colours, as `look.css` says them; a test holds the contrast of every one.

Marks (lines, bars, outlines) keep 3:1 against the page and text keeps 4.5:1, as WCAG 2.2 asks in its
success criteria 1.4.11 and 1.4.3. A colour never says anything alone: a label, a symbol, a dash
pattern or a place says it too.
"""

from __future__ import annotations

import re

from faultlab.views.kit.browser_side import LOOK

TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", LOOK.read_text(encoding="utf-8")
    )
}
"""Each colour by its name in `look.css`: on a light page, and on a dark one.

Pictures are drawn in the light ones. In the browser the page's own style puts the dark ones in their place.
"""


def _light(token: str) -> str:
    return TOKENS[token][0]


PAGE = _light("paper")
INK = _light("ink")
QUIET = _light("quiet")
GRID = _light("hair")

BLUE = _light("you")
ORANGE = _light("point")
GREEN = _light("good")
RED = _light("bad")
PURPLE = _light("violet")
TEAL = _light("teal")

BLUE_TINT = _light("you-wash")
ORANGE_TINT = _light("point-wash")
GREEN_TINT = _light("good-wash")
RED_TINT = _light("bad-wash")
GREY_TINT = _light("wash")

DASHES = ("", "7 4", "2 3", "9 3 2 3")
"""Line patterns, so that two lines differ by more than their colour."""

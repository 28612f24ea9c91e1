"""The course's one palette; a test holds the contrast of every colour in it.

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


BLUE_TINT = "#e3eefa"
ORANGE_TINT = "#fdeedd"
GREEN_TINT = "#e2f3e6"
RED_TINT = "#fce8e6"
GREY_TINT = "#f3f5f7"

DASHES = ("", "7 4", "2 3", "9 3 2 3")
"""Line patterns, so that two lines differ by more than their colour."""

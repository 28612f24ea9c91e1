"""What every picture is made of: palette, chart, picture, Explorer, page."""

from faultlab.views.kit.browser_side import LOOK, bundled, script
from faultlab.views.kit.busy_kernel import answer_while_busy
from faultlab.views.kit.chart import Axis, Chart, bars
from faultlab.views.kit.explorer import BetMark, Choice, Explorer, Slider, Stops
from faultlab.views.kit.figures import figure, house_style, show_table
from faultlab.views.kit.long_run import LongRun, Stopped
from faultlab.views.kit.palette import (
    BLUE,
    BLUE_TINT,
    GREEN,
    GREEN_TINT,
    GREY_TINT,
    INK,
    ORANGE,
    ORANGE_TINT,
    QUIET,
    RED,
    RED_TINT,
)
from faultlab.views.kit.picture import Picture

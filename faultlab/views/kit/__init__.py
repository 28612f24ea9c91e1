"""What every picture is made of: palette, chart, picture, Explorer, page."""

from faultlab.views.kit.browser_side import LOOK, bundled, script
from faultlab.views.kit.busy_kernel import answer_while_busy
from faultlab.views.kit.chart import Axis, Chart
from faultlab.views.kit.explorer import BetMark, Choice, Explorer, Slider, Stops
from faultlab.views.kit.figures import figure, show_table
from faultlab.views.kit.long_run import LongRun
from faultlab.views.kit.needed_style import style_for
from faultlab.views.kit.picture import Picture

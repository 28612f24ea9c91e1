"""Figures, widgets and the board page: how the course shows what the other floors return."""

from faultlab.views.browser_side import script
from faultlab.views.busy_kernel import answer_while_busy
from faultlab.views.chart import Axis, Chart, bars
from faultlab.views.explorer import Choice, Explorer, Slider, Stops
from faultlab.views.fault_tree import fault_tree as fault_tree_picture
from faultlab.views.figures import figure, house_style, show_table
from faultlab.views.fleet import fleet_picture
from faultlab.views.fleet_watch import FleetView, watch
from faultlab.views.long_run import LongRun, Stopped
from faultlab.views.palette import (
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
from faultlab.views.picture import Picture

__all__ = [
    "BLUE",
    "BLUE_TINT",
    "GREEN",
    "GREEN_TINT",
    "GREY_TINT",
    "INK",
    "ORANGE",
    "ORANGE_TINT",
    "QUIET",
    "RED",
    "RED_TINT",
    "Axis",
    "Chart",
    "Choice",
    "Explorer",
    "FleetView",
    "LongRun",
    "Picture",
    "Slider",
    "Stopped",
    "Stops",
    "answer_while_busy",
    "bars",
    "fault_tree_picture",
    "figure",
    "fleet_picture",
    "house_style",
    "script",
    "show_table",
    "watch",
]

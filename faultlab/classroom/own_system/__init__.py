"""A system of one's own: the form in which it is described, its board page, and ten ranges to calibrate."""

from faultlab.classroom.own_system.board_button import BoardButton
from faultlab.classroom.own_system.system_form import SystemForm
from faultlab.classroom.own_system.ten_ranges import TenRanges

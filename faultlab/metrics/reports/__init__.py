"""What a period was: measured, written up, talked over."""

from faultlab.metrics.reports.debriefing import QUESTIONS, Blame, blame_found
from faultlab.metrics.reports.measurement import Durations, Measurement, measure, summarise
from faultlab.metrics.reports.post_mortems import (
    PostMortem,
    PostMortemTimes,
    post_mortem_times,
    read_post_mortems,
)

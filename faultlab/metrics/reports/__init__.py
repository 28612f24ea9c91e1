"""What a period was: measured, written up, talked over."""

from faultlab.metrics.reports.debriefing import QUESTIONS, blame_found
from faultlab.metrics.reports.measurement import measure, summarise
from faultlab.metrics.reports.post_mortems import PostMortem, post_mortem_times, read_post_mortems

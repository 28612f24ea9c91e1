"""Systems: parts, groups, services and journeys, and every view of them."""

from faultlab.analysis.systems.block_diagrams import (
    Block,
    Parallel,
    Series,
    blocks_of,
    in_words,
    shared_blocks,
    spoken,
    still_works,
)
from faultlab.analysis.systems.system import Component, Group, Journey, Range, Service, System
from faultlab.analysis.systems.system_options import option_report
from faultlab.analysis.systems.system_ranges import down_samples
from faultlab.analysis.systems.system_views import journey_report, journey_times, single_points_of_failure

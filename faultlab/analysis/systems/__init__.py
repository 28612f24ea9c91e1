"""Systems: parts, groups, services and journeys, and every view of them."""

from faultlab.analysis.systems.block_diagrams import (
    Block,
    Parallel,
    Series,
    blocks_of,
    in_words,
    shared_blocks,
    shared_first,
    spoken,
    still_works,
)
from faultlab.analysis.systems.system import (
    SOLID,
    Appetite,
    Component,
    Group,
    Journey,
    Objectives,
    Option,
    Origin,
    Range,
    Scenario,
    Service,
    System,
)
from faultlab.analysis.systems.system_options import OptionReport, option_report
from faultlab.analysis.systems.system_ranges import down_samples, mean_of
from faultlab.analysis.systems.system_times import SystemTimes, failure_frequency, times_of
from faultlab.analysis.systems.system_views import (
    JourneyReport,
    journey_report,
    journey_times,
    naive_availability,
    single_points_of_failure,
    unneeded,
)
from faultlab.analysis.systems.system_yaml import read_system

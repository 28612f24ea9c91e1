"""Estimates with their ranges: MTBF, MTTR, availability, comparisons."""

from faultlab.metrics.estimates.availability import (
    downtime_minutes,
    downtime_minutes_from_unavailability,
    k_of_n,
    k_of_n_unavailability,
    minutes_in,
    parallel,
    parallel_unavailability,
    percent,
    series,
    series_unavailability,
    steady_availability,
    steady_unavailability,
)
from faultlab.metrics.estimates.comparison import (
    chance_looks_better,
    compare_mttr,
    incidents_to_tell,
    mttr_ratios,
)
from faultlab.metrics.estimates.distributions import (
    CONFIDENCE,
    CONFIDENCE_OF_TRIALS,
    normal_quantile,
    student_t_upper,
)
from faultlab.metrics.estimates.estimates import Estimate, counted_share, mttr
from faultlab.metrics.estimates.exact_shares import at_most, exact_share, runs_to_tell

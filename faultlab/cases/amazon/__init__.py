"""Amazon's store under load: balancing, autoscaling, a lost zone or region, shuffle sharding."""

from faultlab.cases.amazon.autoscaling import Fixed, Largest, Predictive, RuleOfThree, TargetTracking
from faultlab.cases.amazon.evening import EveningInPlay, ScaledEvening, scaled_evening
from faultlab.cases.amazon.fleet_beside_model import Spike, measured_spike, predicted_spike
from faultlab.cases.amazon.kestrel_evening import (
    BEST_PLAN_FOUND,
    DECIDE_EVERY,
    KESTREL_EVENING,
    ORDER_WORTH,
    decided,
)
from faultlab.cases.amazon.region_failover import Regions, lose_a_region
from faultlab.cases.amazon.shuffle_sharding import blast_radius, fixed_blast_radius, shard_count
from faultlab.cases.amazon.store_trials import balancer_trial, scaler_trial
from faultlab.cases.amazon.zones import ZonePlan, compare_zone_plans, highest_utilisation

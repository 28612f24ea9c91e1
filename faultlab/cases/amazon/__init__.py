"""Amazon's store under load: balancing, autoscaling, a lost zone or region, shuffle sharding."""

from faultlab.cases.amazon.autoscaling import (
    Fixed,
    Largest,
    Predictive,
    RuleOfThree,
    Scheduled,
    Seen,
    TargetTracking,
    rule_of_three,
)
from faultlab.cases.amazon.evening import Evening, EveningInPlay, ScaledEvening, scaled_evening
from faultlab.cases.amazon.fleet_beside_model import Spike, SpikeFound, measured_spike, predicted_spike
from faultlab.cases.amazon.kestrel_evening import (
    BEST_PLAN_FOUND,
    DECIDE_EVERY,
    HOUR_OF_CHECKOUT,
    KESTREL_EVENING,
    ORDER_WORTH,
    decided,
)
from faultlab.cases.amazon.region_failover import RegionLoss, Regions, lose_a_region, still_on_old_address
from faultlab.cases.amazon.shuffle_sharding import Blast, blast_radius, fixed_blast_radius, shard_count
from faultlab.cases.amazon.store_trials import balancer_trial, scaler_trial
from faultlab.cases.amazon.zones import (
    ZoneLoss,
    ZonePlan,
    compare_zone_plans,
    highest_utilisation,
    in_rotation,
    lose_a_zone,
    zone_capacity,
)

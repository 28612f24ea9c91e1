"""Amazon: a store under load, with balancing, autoscaling, failover and shuffle sharding.

The rules follow what Amazon documents (Builders' Library; Auto Scaling user guides); each file names its
sources. The store and the queues that it is checked against are in `faultlab.design`.
"""

from faultlab.cases.autoscaling import (
    Fixed,
    Largest,
    Predictive,
    RuleOfThree,
    Scheduled,
    Seen,
    TargetTracking,
    rule_of_three,
)
from faultlab.cases.evening import (
    METRICS,
    Evening,
    EveningInPlay,
    ScaledEvening,
    compare_scalers,
    scaled_evening,
)
from faultlab.cases.fleet_beside_model import Spike, SpikeFound, measured_spike, predicted_spike
from faultlab.cases.kestrel_evening import (
    BEST_PLAN_FOUND,
    DECIDE_EVERY,
    KESTREL_EVENING,
    EveningScore,
    best_plan_found,
    decided,
    score_evening,
)
from faultlab.cases.region_failover import RegionLoss, Regions, lose_a_region, still_on_old_address
from faultlab.cases.shuffle_sharding import (
    Blast,
    blast,
    blast_radius,
    chance_of_an_untouched_fleet,
    fixed_blast_radius,
    overlap_probabilities,
    random_shards,
    shard_count,
)
from faultlab.cases.store_trials import balancer_trial, scaler_trial
from faultlab.cases.zones import (
    ZoneLoss,
    ZonePlan,
    cells_needed,
    compare_zone_plans,
    highest_utilisation,
    in_rotation,
    lose_a_zone,
    zone_capacity,
)

__all__ = [
    "BEST_PLAN_FOUND",
    "DECIDE_EVERY",
    "KESTREL_EVENING",
    "METRICS",
    "Blast",
    "Evening",
    "EveningInPlay",
    "EveningScore",
    "Fixed",
    "Largest",
    "Predictive",
    "RegionLoss",
    "Regions",
    "RuleOfThree",
    "ScaledEvening",
    "Scheduled",
    "Seen",
    "Spike",
    "SpikeFound",
    "TargetTracking",
    "ZoneLoss",
    "ZonePlan",
    "balancer_trial",
    "best_plan_found",
    "blast",
    "blast_radius",
    "cells_needed",
    "chance_of_an_untouched_fleet",
    "compare_scalers",
    "compare_zone_plans",
    "decided",
    "fixed_blast_radius",
    "highest_utilisation",
    "in_rotation",
    "lose_a_region",
    "lose_a_zone",
    "measured_spike",
    "overlap_probabilities",
    "predicted_spike",
    "random_shards",
    "rule_of_three",
    "scaled_evening",
    "scaler_trial",
    "score_evening",
    "shard_count",
    "still_on_old_address",
    "zone_capacity",
]

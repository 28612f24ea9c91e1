"""Part 1, designing for failure: redundancy, diversity, loose coupling, experiments."""

from faultlab.design.amplification import worst_case_attempts
from faultlab.design.arrivals import RateCurve, arrival_times, replay, steady
from faultlab.design.backoff import STRATEGIES, Backoff
from faultlab.design.backoff_contests import BackoffContest, backoff_contest
from faultlab.design.bulkhead import Bulkhead, BulkheadFull
from faultlab.design.circuit_breaker import BreakerOpen, CircuitBreaker, ConsecutiveFailures, FailureRate
from faultlab.design.clocks import VirtualClock, WallClock
from faultlab.design.compiled import can_compile
from faultlab.design.experiment import (
    Action,
    Experiment,
    Hypothesis,
    Probe,
    http_provider,
    python_provider,
    within,
)
from faultlab.design.experiment_json import write_experiment
from faultlab.design.experiment_run import run_experiment
from faultlab.design.fallbacks import asleep_unavailability
from faultlab.design.policies import Attempt, Ending, Outcome, Policy, Replay, Wait, call, steps
from faultlab.design.queues import (
    Waiting,
    abandonment,
    erlang_b,
    erlang_c,
    servers_needed,
    waiting,
)
from faultlab.design.redundancy import (
    OUTAGE_TRIGGERS,
    Deploys,
    correlated_deploys,
    redundant_availability,
    redundant_unavailability,
    replicas_needed,
)
from faultlab.design.retry_budget import RetryBudget
from faultlab.design.retry_storms import RetryStorm, Service, Trigger, retry_storm
from faultlab.design.retry_trials import retry_trial
from faultlab.design.services import SERVICE_KINDS, service_times
from faultlab.design.shedding import SheddingQueue
from faultlab.design.shop import SHOP, Dependency, Fault, Page, Shop, ShopDay
from faultlab.design.shop_simulation import simulate_shop
from faultlab.design.standby import Standby
from faultlab.design.store import BALANCING, Server, StoreLines, balanced_store, pool
from faultlab.design.store_run import StoreRun, steady_mean
from faultlab.design.storm_thresholds import measured_threshold, storm_threshold
from faultlab.design.supermarket import supermarket_mean_time
from faultlab.design.sweeping import sweep, sweep_ways
from faultlab.design.timeouts import false_timeout_rate, timeout_for
from faultlab.design.verdicts import Verdict, survival, verdict
from faultlab.design.versions import versions_failure
from faultlab.metrics import exact_share, runs_to_tell

__all__ = [
    "BALANCING",
    "OUTAGE_TRIGGERS",
    "SERVICE_KINDS",
    "SHOP",
    "STRATEGIES",
    "Action",
    "Attempt",
    "Backoff",
    "BackoffContest",
    "BreakerOpen",
    "Bulkhead",
    "BulkheadFull",
    "CircuitBreaker",
    "ConsecutiveFailures",
    "Dependency",
    "Deploys",
    "Ending",
    "Experiment",
    "FailureRate",
    "Fault",
    "Hypothesis",
    "Outcome",
    "Page",
    "Policy",
    "Probe",
    "RateCurve",
    "Replay",
    "RetryBudget",
    "RetryStorm",
    "Server",
    "Service",
    "SheddingQueue",
    "Shop",
    "ShopDay",
    "Standby",
    "StoreLines",
    "StoreRun",
    "Trigger",
    "Verdict",
    "VirtualClock",
    "Wait",
    "Waiting",
    "WallClock",
    "abandonment",
    "arrival_times",
    "asleep_unavailability",
    "backoff_contest",
    "balanced_store",
    "call",
    "can_compile",
    "correlated_deploys",
    "erlang_b",
    "erlang_c",
    "exact_share",
    "false_timeout_rate",
    "http_provider",
    "measured_threshold",
    "pool",
    "python_provider",
    "redundant_availability",
    "redundant_unavailability",
    "replay",
    "replicas_needed",
    "retry_storm",
    "retry_trial",
    "run_experiment",
    "runs_to_tell",
    "servers_needed",
    "service_times",
    "simulate_shop",
    "steady",
    "steady_mean",
    "steps",
    "storm_threshold",
    "supermarket_mean_time",
    "survival",
    "sweep",
    "sweep_ways",
    "timeout_for",
    "verdict",
    "versions_failure",
    "waiting",
    "within",
    "worst_case_attempts",
    "write_experiment",
]

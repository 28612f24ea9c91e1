"""Calls between services: timeouts, retries, budgets, breakers, bulkheads, fallbacks, and their storms."""

from faultlab.design.calls.backoff import STRATEGIES, Backoff
from faultlab.design.calls.backoff_contests import backoff_contest
from faultlab.design.calls.bulkhead import Bulkhead
from faultlab.design.calls.circuit_breaker import CircuitBreaker, ConsecutiveFailures, FailureRate
from faultlab.design.calls.clocks import VirtualClock, WallClock
from faultlab.design.calls.fallbacks import asleep_unavailability
from faultlab.design.calls.policies import (
    Attempt,
    Ending,
    Policy,
    Replay,
    Wait,
    call,
    steps,
    worst_case_attempts,
)
from faultlab.design.calls.retry_budget import RetryBudget
from faultlab.design.calls.retry_storms import RetryStorm, Service, Trigger, retry_storm
from faultlab.design.calls.retry_trials import retry_trial
from faultlab.design.calls.services import service_times
from faultlab.design.calls.storm_thresholds import measured_threshold, storm_threshold
from faultlab.design.calls.timeouts import false_timeout_rate, timeout_for

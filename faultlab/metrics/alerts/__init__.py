"""Objectives and their alerts: burn rates, what can never fire, what one failure fires."""

from faultlab.metrics.alerts.alert_linter import alert_findings, objective_in_percent
from faultlab.metrics.alerts.alert_replay import minutes_firing
from faultlab.metrics.alerts.alert_reports import alert_report
from faultlab.metrics.alerts.burn_rates import (
    BurnRateAlert,
    budget_spent_when_it_fires,
    detection_hours,
    highest_burn_rate,
    hours_until_spent,
    left_out_or_shortened,
    recommended_alerts,
)
from faultlab.metrics.alerts.chance_alerts import failures_to_fire
from faultlab.metrics.alerts.open_slo import ServiceLevel, read_open_slo
from faultlab.metrics.alerts.prometheus import prometheus_rules

"""Objectives and their alerts: burn rates, what can never fire, what one failure fires."""

from faultlab.metrics.alerts.alert_linter import Finding, alert_findings, objective_in_percent
from faultlab.metrics.alerts.alert_replay import minutes_firing
from faultlab.metrics.alerts.alert_reports import AlertReport, Slices, alert_report
from faultlab.metrics.alerts.burn_rates import (
    HOURS_A_MONTH,
    BurnRateAlert,
    budget_spent_when_it_fires,
    detection_hours,
    error_ratio_threshold,
    highest_burn_rate,
    hours_until_spent,
    left_out_or_shortened,
    recommended_alerts,
    reset_hours,
)
from faultlab.metrics.alerts.chance_alerts import FalseAlerts, failures_to_fire, false_alerts
from faultlab.metrics.alerts.open_slo import ServiceLevel, read_open_slo
from faultlab.metrics.alerts.prometheus import prometheus_rules

"""Part 4: incidents, MTTR, MTBF, availability, service levels, money."""

from faultlab.metrics.alert_linter import Finding, alert_findings, objective_in_percent
from faultlab.metrics.alert_replay import minutes_firing
from faultlab.metrics.alert_reports import AlertReport, Slices, alert_report
from faultlab.metrics.anomaly_study import DetectionRates, detection_rates, seasonal_anomaly
from faultlab.metrics.availability import (
    MINUTES_IN,
    downtime_minutes,
    downtime_minutes_from_unavailability,
    k_of_n,
    k_of_n_unavailability,
    minutes_in,
    nines,
    parallel,
    parallel_unavailability,
    percent,
    series,
    series_unavailability,
    steady_availability,
    steady_unavailability,
)
from faultlab.metrics.budget_windows import BudgetWindow, calendar_budgets
from faultlab.metrics.burn_rates import (
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
from faultlab.metrics.chance_alerts import FalseAlerts, failures_to_fire, false_alerts
from faultlab.metrics.change_points import change_point_anomaly
from faultlab.metrics.comparison import (
    Comparison,
    chance_looks_better,
    compare_mttr,
    incidents_to_tell,
    luck_probability,
    mttr_ratios,
)
from faultlab.metrics.customer_months import CustomerMonth, customer_months, moves_together
from faultlab.metrics.debriefing import QUESTIONS, Blame, blame_found
from faultlab.metrics.deploys import DeployEffect, deploy_effects, suspects, which_deploy
from faultlab.metrics.distributions import CONFIDENCE, CONFIDENCE_OF_TRIALS, normal_quantile, student_t_upper
from faultlab.metrics.error_budgets import ErrorBudget, error_budget, minutes_down
from faultlab.metrics.estimates import (
    SPREAD_OF_REPAIRS,
    Estimate,
    availability_interval,
    counted_share,
    mtbf,
    mttr,
)
from faultlab.metrics.exact_shares import at_most, exact_share, runs_to_tell
from faultlab.metrics.incident_columns import OVERRIDDEN
from faultlab.metrics.incident_csv import IncidentLog, incidents_csv, read_incidents
from faultlab.metrics.incident_model import kestrel_csv, kestrel_incidents, kestrel_raw_csv
from faultlab.metrics.incident_repeats import RowLeftOut
from faultlab.metrics.incidents import Incident, down_intervals, down_minutes, merge_intervals, read_window
from faultlab.metrics.many_tests import benjamini_hochberg, holm, mean_change
from faultlab.metrics.measurement import Durations, Measurement, measure, summarise
from faultlab.metrics.money import (
    Risk,
    annual_loss,
    lognormal_from_range,
    loss_exceedance,
    loss_percentile,
    mean_cost,
    mean_loss,
    simulate_annual_losses,
)
from faultlab.metrics.open_slo import ServiceLevel, read_open_slo
from faultlab.metrics.post_mortems import (
    PostMortem,
    PostMortemTimes,
    post_mortem_times,
    read_post_mortems,
)
from faultlab.metrics.prometheus import prometheus_rules
from faultlab.metrics.skyline_votes import ALGORITHMS, QUIRKS, Votes, skyline
from faultlab.metrics.statsd import StatsD, StatsDOptions, aggregate
from faultlab.metrics.statsd_bulk import receive_many
from faultlab.metrics.times import read_time, read_zone
from faultlab.metrics.user_impact import (
    SHOP_DAY,
    RequestShare,
    failed_requests,
    frustrated_behind_apdex,
)

__all__ = [
    "ALGORITHMS",
    "CONFIDENCE",
    "CONFIDENCE_OF_TRIALS",
    "HOURS_A_MONTH",
    "MINUTES_IN",
    "OVERRIDDEN",
    "QUESTIONS",
    "QUIRKS",
    "SHOP_DAY",
    "SPREAD_OF_REPAIRS",
    "AlertReport",
    "Blame",
    "BudgetWindow",
    "BurnRateAlert",
    "Comparison",
    "CustomerMonth",
    "DeployEffect",
    "DetectionRates",
    "Durations",
    "ErrorBudget",
    "Estimate",
    "FalseAlerts",
    "Finding",
    "Incident",
    "IncidentLog",
    "Measurement",
    "PostMortem",
    "PostMortemTimes",
    "RequestShare",
    "Risk",
    "RowLeftOut",
    "ServiceLevel",
    "Slices",
    "StatsD",
    "StatsDOptions",
    "Votes",
    "aggregate",
    "alert_findings",
    "alert_report",
    "annual_loss",
    "at_most",
    "availability_interval",
    "benjamini_hochberg",
    "blame_found",
    "budget_spent_when_it_fires",
    "calendar_budgets",
    "chance_looks_better",
    "change_point_anomaly",
    "compare_mttr",
    "counted_share",
    "customer_months",
    "deploy_effects",
    "detection_hours",
    "detection_rates",
    "down_intervals",
    "down_minutes",
    "downtime_minutes",
    "downtime_minutes_from_unavailability",
    "error_budget",
    "error_ratio_threshold",
    "exact_share",
    "failed_requests",
    "failures_to_fire",
    "false_alerts",
    "frustrated_behind_apdex",
    "highest_burn_rate",
    "holm",
    "hours_until_spent",
    "incidents_csv",
    "incidents_to_tell",
    "k_of_n",
    "k_of_n_unavailability",
    "kestrel_csv",
    "kestrel_incidents",
    "kestrel_raw_csv",
    "left_out_or_shortened",
    "lognormal_from_range",
    "loss_exceedance",
    "loss_percentile",
    "luck_probability",
    "mean_change",
    "mean_cost",
    "mean_loss",
    "measure",
    "merge_intervals",
    "minutes_down",
    "minutes_firing",
    "minutes_in",
    "moves_together",
    "mtbf",
    "mttr",
    "mttr_ratios",
    "nines",
    "normal_quantile",
    "objective_in_percent",
    "parallel",
    "parallel_unavailability",
    "percent",
    "post_mortem_times",
    "prometheus_rules",
    "read_incidents",
    "read_open_slo",
    "read_post_mortems",
    "read_time",
    "read_window",
    "read_zone",
    "receive_many",
    "recommended_alerts",
    "reset_hours",
    "runs_to_tell",
    "seasonal_anomaly",
    "series",
    "series_unavailability",
    "simulate_annual_losses",
    "skyline",
    "steady_availability",
    "steady_unavailability",
    "student_t_upper",
    "summarise",
    "suspects",
    "which_deploy",
]

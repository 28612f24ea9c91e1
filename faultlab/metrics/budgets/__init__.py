"""Error budgets over windows, counted in time and in requests."""

from faultlab.metrics.budgets.error_budgets import error_budget
from faultlab.metrics.budgets.user_impact import SHOP_DAY, failed_requests, frustrated_behind_apdex

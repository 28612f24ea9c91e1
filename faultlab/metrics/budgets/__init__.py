"""Error budgets over windows, counted in time and in requests."""

from faultlab.metrics.budgets.budget_windows import BudgetWindow, calendar_budgets
from faultlab.metrics.budgets.error_budgets import ErrorBudget, error_budget, minutes_down
from faultlab.metrics.budgets.user_impact import (
    SHOP_DAY,
    RequestShare,
    failed_requests,
    frustrated_behind_apdex,
)

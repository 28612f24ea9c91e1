"""Months as customers felt them, what they say in a survey, and money."""

from faultlab.metrics.customers.money import (
    Risk,
    annual_loss,
    loss_exceedance,
    loss_percentile,
    mean_loss,
    simulate_annual_losses,
)
from faultlab.metrics.customers.months import customer_months, moves_together
from faultlab.metrics.customers.promoters import promoter_score

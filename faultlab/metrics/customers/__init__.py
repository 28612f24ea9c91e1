"""Months as customers felt them, and money."""

from faultlab.metrics.customers.money import (
    Risk,
    annual_loss,
    loss_exceedance,
    loss_percentile,
    mean_loss,
    simulate_annual_losses,
)
from faultlab.metrics.customers.months import customer_months, moves_together

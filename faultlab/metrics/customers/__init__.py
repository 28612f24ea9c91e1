"""Months as customers felt them, what they say in a survey, and money."""

from faultlab.metrics.customers.feedback import CHOICES, QUESTIONS, read_feedback
from faultlab.metrics.customers.money import (
    CHECKOUT_HOUR,
    SEARCH_HOUR,
    Risk,
    annual_loss,
    loss_exceedance,
    loss_percentile,
    mean_loss,
    simulate_annual_losses,
    trust_loss,
)
from faultlab.metrics.customers.months import CustomerMonth, customer_months, moves_together
from faultlab.metrics.customers.promoters import promoter_score
from faultlab.metrics.customers.surveys import HAPPY, answers_to_follow, chance_to_follow, chance_to_see

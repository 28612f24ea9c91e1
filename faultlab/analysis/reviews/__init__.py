"""Reviews: what a year costs, which options to buy, and what is worth finding out first."""

from faultlab.analysis.reviews.full_review import (
    Change,
    Contributor,
    JourneyLine,
    OptionLine,
    Review,
    changes_since,
    contributors,
    mean_loss,
    review,
)
from faultlab.analysis.reviews.losses import Losses
from faultlab.analysis.reviews.portfolios import MOST_OPTIONS, best_portfolio, possible_sets
from faultlab.analysis.reviews.yearly_loss import simulated_years

"""The case studies, one module each, built on the ground floors."""

from faultlab.cases.azure import EVEN_BET, Outage, outage_tree
from faultlab.cases.azure import OUTAGES as AZURE_OUTAGES
from faultlab.cases.barriers import (
    BARRIER_FAILS,
    BarrierWorth,
    always_at_least_as_good,
    barriers_ranked,
    best_under_any_bets,
    first_place_shares,
    with_barrier,
)

__all__ = [
    "AZURE_OUTAGES",
    "BARRIER_FAILS",
    "EVEN_BET",
    "BarrierWorth",
    "Outage",
    "always_at_least_as_good",
    "barriers_ranked",
    "best_under_any_bets",
    "first_place_shares",
    "outage_tree",
    "with_barrier",
]

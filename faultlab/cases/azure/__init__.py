"""Microsoft Azure's outages as fault trees, and where one more barrier changes most."""

from faultlab.cases.azure.barriers import BARRIER_FAILS, best_under_any_bets, first_place_shares, with_barrier
from faultlab.cases.azure.outages import OUTAGES, outage_tree

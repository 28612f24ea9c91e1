"""Microsoft Azure's outages as fault trees, and where one more barrier changes most."""

from faultlab.cases.azure.barriers import best_under_any_bets, first_place_shares, with_barrier
from faultlab.cases.azure.outages import EVEN_BET, OUTAGES, Outage, outage_tree
from faultlab.cases.azure.outages import OUTAGES as AZURE_OUTAGES

"""Waiting lines and stores: theory, arrivals, balancers, shedding, and fast simulation."""

from faultlab.design.stores.arrivals import RateCurve, arrival_times, steady
from faultlab.design.stores.queues import abandonment, erlang_b, erlang_c, servers_needed, waiting
from faultlab.design.stores.store import Server, StoreLines, balanced_store, pool
from faultlab.design.stores.store_run import StoreRun
from faultlab.design.stores.supermarket import supermarket_mean_time

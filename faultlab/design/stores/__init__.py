"""Waiting lines and stores: theory, arrivals, balancers, shedding, and fast simulation."""

from faultlab.design.stores.arrivals import RateCurve, arrival_times, replay, steady
from faultlab.design.stores.queues import Waiting, abandonment, erlang_b, erlang_c, servers_needed, waiting
from faultlab.design.stores.shedding import SheddingQueue
from faultlab.design.stores.store import BALANCING, Server, StoreLines, balanced_store, pool
from faultlab.design.stores.store_loop import can_compile
from faultlab.design.stores.store_run import StoreRun, steady_mean
from faultlab.design.stores.supermarket import supermarket_mean_time

"""Customers a second of the simulated store and of simpy, in one run.

    python3 start.py bench store

One server 90 % busy, and ten with a line each. simpy serves the arrivals of the one server with its Resource;
the store serves them compiled by numba (after a first call that compiles) and as plain Python.
Turns alternate, the best of three counts, and the ends of service are compared before anything is printed.
"""

import argparse
import sys
import time

import numpy as np
import simpy

from faultlab.design.calls.services import service_times
from faultlab.design.stores.arrivals import arrival_times, steady
from faultlab.design.stores.store import balanced_store
from faultlab.design.stores.store_loop import can_compile

SERVERS, UTILISATION, CUSTOMERS, TURNS = 10, 0.9, 100_000, 3
PROMISED = {"numba": 50, "plain Python": 5}  # times simpy's customers a second


def by_simpy(come, takes):
    """Serve everybody with simpy; return when each leaves."""
    ends = np.zeros(len(come))
    gaps, takes = np.diff(come, prepend=0.0).tolist(), takes.tolist()

    def customer(env, number, desk):
        with desk.request() as turn:
            yield turn
            yield env.timeout(takes[number])
        ends[number] = env.now

    def door(env, desk):
        for number, gap in enumerate(gaps):
            yield env.timeout(gap)
            env.process(customer(env, number, desk))

    env = simpy.Environment()
    env.process(door(env, simpy.Resource(env, 1)))
    env.run()
    return ends


def rate(serve, customers):
    """Return customers a second, and what came out."""
    begun = time.perf_counter()
    found = serve()
    return customers / (time.perf_counter() - begun), found


def main(argv=None):
    """Print the rates; return 0, or 1 where the store is slower than it promises."""
    argparse.ArgumentParser(prog="start.py bench store", description=__doc__).parse_args(argv)
    come = arrival_times(steady(SERVERS * UTILISATION, CUSTOMERS / (SERVERS * UTILISATION)), seed=1)
    come = come[:CUSTOMERS]
    takes = service_times(len(come), seed=2)
    alone = come * SERVERS  # as much less traffic for a single server
    ways = {"simpy": lambda: by_simpy(alone, takes)}
    for compiled in (True, False) if can_compile() else (False,):
        way = "numba" if compiled else "plain Python"
        ways[f"one server, {way}"] = lambda it=compiled: balanced_store(alone, takes, 1, compiled=it).ends
        for policy in ("two choices", "least connections"):
            ways[f"{policy}, a line each, {way}"] = lambda it=compiled, policy=policy: (
                balanced_store(come, takes, SERVERS, policy, compiled=it).ends
            )
    if can_compile():
        for serve in list(ways.values())[1:]:
            serve()
    best, ends = dict.fromkeys(ways, 0.0), {}
    for _ in range(TURNS):
        for name, serve in ways.items():
            found, ends[name] = rate(serve, CUSTOMERS)
            best[name] = max(best[name], found)
    for name in ways:
        if name.startswith("one server"):
            np.testing.assert_allclose(ends[name], ends["simpy"], rtol=1e-9)
    for name, found in best.items():
        print(f"{name:45} {found:12,.0f} customers/s   {found / best['simpy']:6.1f} times simpy")
    kept = [
        best[name] >= times * best["simpy"]
        for way, times in PROMISED.items()
        for name in best
        if name.endswith(way)
    ]
    print("kept" if all(kept) else "NOT kept", "what is promised of the store:", PROMISED)
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())

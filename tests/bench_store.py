"""Customers a second of the simulated store and of simpy, in one run.

    python3 start.py bench store

M/M/10 at utilisation 0.9: one line before ten servers. simpy serves the same arrivals and service times with
its Resource; the store serves them compiled by numba (after a first call that compiles) and as plain Python.
Turns alternate, the best of three counts, and the ends of service are compared before anything is printed.
"""

import argparse
import sys
import time

import numpy as np
import simpy

from faultlab.design import arrival_times, balanced_store, can_compile, one_line_store, service_times, steady

SERVERS, UTILISATION, CUSTOMERS, FOR_SIMPY, TURNS = 10, 0.9, 1_000_000, 100_000, 3
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
    env.process(door(env, simpy.Resource(env, SERVERS)))
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
    takes = service_times(len(come), seed=2)
    few = slice(FOR_SIMPY)
    ways = {"simpy": (lambda: by_simpy(come[few], takes[few]), FOR_SIMPY)}
    for compiled in (True, False) if can_compile() else (False,):
        way = "numba" if compiled else "plain Python"
        ways[f"store, {way}"] = (
            lambda compiled=compiled: one_line_store(come, takes, SERVERS, compiled=compiled).ends,
            len(come),
        )
        for policy in ("two choices", "least connections"):
            ways[f"{policy}, a line each, {way}"] = (
                lambda compiled=compiled, policy=policy: (
                    balanced_store(come[few], takes[few], SERVERS, policy, compiled=compiled).ends
                ),
                FOR_SIMPY,
            )
    for serve, _ in list(ways.values())[1:]:
        if can_compile():
            serve()
    best, ends = dict.fromkeys(ways, 0.0), {}
    for _ in range(TURNS):
        for name, (serve, customers) in ways.items():
            found, ends[name] = rate(serve, customers)
            best[name] = max(best[name], found)
    for name in ways:
        if name.startswith("store"):
            np.testing.assert_allclose(ends[name][few], ends["simpy"], rtol=1e-9)
            assert ends[name].tobytes() == ends["store, plain Python"].tobytes()
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

"""The review of a system of 30 parts with 20 options, beside plain exhaustion; and a change behind a control.

python3 start.py bench review [--options N]
"""

import argparse
import random
import time

import numpy as np

from faultlab.analysis.reviews import Losses, best_portfolio, review
from faultlab.analysis.systems import Component, Group, Journey, Option, Range, Scenario, System
from faultlab.views.lesson_10 import own_answers

TRIED = 40
"""Sets that plain exhaustion works out, from which the time for all of them is told."""


def crowd(options, seed=0):
    """A system of 30 parts, five pairs of copies, five journeys, four scenarios, and options on them."""
    rng = random.Random(seed)

    def number(low, high):
        return Range(*sorted(rng.uniform(low, high) for _ in range(3)))

    parts = {f"p{i}": Component(f"p{i}", number(0.995, 0.9999)) for i in range(30)}
    groups = {f"g{i}": Group(f"g{i}", f"p{i}", 1, 2, number(0.01, 0.3)) for i in range(5)}
    needed = [*groups, *(f"p{i}" for i in range(5, 30))]
    journeys = {
        f"j{i}": Journey(f"j{i}", tuple(rng.sample(needed, 12)), number(5_000, 50_000)) for i in range(5)
    }
    scenarios = {
        f"s{i}": Scenario(f"s{i}", number(0.02, 0.3), number(2, 50), (f"j{i}",), number(0, 500_000))
        for i in range(4)
    }
    offers = {}
    for i in range(options):
        change = {f"p{rng.randrange(30)}": {"availability": number(0.9992, 0.99999)}}
        if i % 4 == 0:
            change = {f"s{rng.randrange(4)}": {"hours": Range.point(rng.choice([1.0, 2.0]))}}
        offers[f"o{i}"] = Option(f"o{i}", number(5_000, 300_000), change)
    return System("Crowd", "EUR", parts, groups, {}, journeys, options=offers, scenarios=scenarios)


def timed(call):
    """Seconds, and what came back."""
    start = time.perf_counter()
    found = call()
    return time.perf_counter() - start, found


def main(argv=None):
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--options", type=int, default=20)
    many = parser.parse_args(argv).options
    system = crowd(many)
    seconds, found = timed(lambda: best_portfolio(Losses(system), 600_000.0))
    whole, _ = timed(lambda: review(system, 600_000.0))
    rng = random.Random(1)
    sets = [[name for name in system.options if rng.random() < 0.3] for _ in range(TRIED)]
    plain, _ = timed(lambda: [Losses(system.with_options(one)).of() for one in sets])
    print(f"{many} options: {found.sets:,} sets compared, gap {found.gap:,.0f}, in {seconds:.2f} s;")
    print(
        f"  the whole review in {whole:.2f} s; each set's system built anew: {plain / TRIED * 2**many:,.0f} s"
    )
    changes = []
    for i in range(20):
        parts = system.components | {"p7": Component("p7", Range.point(0.99 + i / 2_500))}
        changed = System(
            "Crowd", "EUR", parts, system.groups, {}, system.journeys, scenarios=system.scenarios
        )
        changes.append(timed(lambda changed=changed: own_answers(changed))[0])
    print(f"a change in the form: {1000 * np.median(changes):.0f} ms, at most {1000 * max(changes):.0f}")
    return 0

"""The model beside real servers, a third of them killed half-way, as the work of a `LongRun`."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from faultlab.cases.amazon import Spike, measured_spike, predicted_spike
from faultlab.live import haproxy_program

if TYPE_CHECKING:
    from typing import Any

LASTS = 18.0  # seconds
RUNS = range(2)


def real_servers() -> Callable[[Callable[..., None]], list[dict[str, Any]]]:
    """Measure the spike on real processes, and predict it, with the same customers."""

    def work(tell):
        balancer = "haproxy" if haproxy_program() else "own"
        spike = Spike(rate=120.0, seconds=3.0, killed=2, balancer=balancer)
        predicted = predicted_spike(spike, RUNS).answered_share
        rows = [{"What": "Served, says the model", "Result": _range(predicted)}]
        began = time.monotonic()
        with ThreadPoolExecutor(1) as pool:
            played = pool.submit(lambda: measured_spike(spike, RUNS).answered_share)
            while not played.done():
                tell(min(0.95, (time.monotonic() - began) / LASTS), rows)
                time.sleep(0.1)
        behind = {"haproxy": "HAProxy", "own": "the course's own balancer"}[balancer]
        return [*rows, {"What": f"Served by real servers behind {behind}", "Result": _range(played.result())}]

    return work


def _range(share):
    value, low, high = (f"{100 * one:.0f}" for one in share.numbers())
    return f"{value} % ({low} to {high})"

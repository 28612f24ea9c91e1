"""A real fleet under a spike, with a zone killed in the middle, beside what the model predicts for it.

The fleet is `faultlab.live.Fleet`: HTTP workers on this machine behind HAProxy or the course's own balancer.
The model is `faultlab.design.balanced_store`, with the very arrivals that the load generator sends; only the
service times are other draws, so it is played many times. It knows neither the network nor Python: a real
answer takes some milliseconds more.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from faultlab.design.calls import service_times
from faultlab.design.stores import Server, balanced_store
from faultlab.errors import BadInput
from faultlab.live import Fleet, detection_seconds, intended_starts
from faultlab.metrics.estimates import CONFIDENCE_OF_TRIALS, Estimate, student_t_upper


@dataclass(frozen=True)
class Spike:
    """A spike on a fleet of workers that do one thing at a time.

    Attributes
    ----------
    workers : int
        1 to 16.
    service_ms : float
        Mean time of a piece of work; exponential.
    rate, seconds : float
        Requests a second, and for how long.
    policy : str
        "round robin", "least connections" or "two choices".
    balancer : str
        "own" or "haproxy", see `Fleet`.
    queue : int
        Requests that wait at a worker before it says 503.
    timeout_ms : float
        What a customer waits.
    killed : int
        Workers that die halfway, 0 for none: the zone.
    """

    workers: int = 6
    service_ms: float = 20.0
    rate: float = 200.0
    seconds: float = 4.0
    policy: str = "two choices"
    balancer: str = "own"
    queue: int = 64
    timeout_ms: float = 1000.0
    killed: int = 0

    def __post_init__(self):
        if not 0 <= self.killed < self.workers:
            raise BadInput(f"Of {self.workers} workers, 0 to {self.workers - 1} can be killed.")
        if not (self.rate > 0 and self.seconds > 0 and self.service_ms > 0):
            raise BadInput("Rate, seconds and service time of a spike are above 0.")


@dataclass(frozen=True)
class SpikeFound:
    """Answers to a spike: the share that came in time, and two percentiles of their times, with intervals.

    The intervals are those of one run: nineteen in twenty runs fall between `low` and `high`.
    """

    answered_share: Estimate
    p50_ms: Estimate
    p90_ms: Estimate


def predicted_spike(spike: Spike, seeds: Sequence[int] = range(5), plays: int = 40) -> SpikeFound:
    """Play the model on the arrivals of these seeds, each with so many draws of service times.

    Parameters
    ----------
    spike : Spike
    seeds : sequence of int
    plays : int

    Returns
    -------
    SpikeFound

    Examples
    --------
    >>> calm, torn = (predicted_spike(Spike(killed=n), seeds=range(2), plays=10) for n in (0, 2))
    >>> calm.answered_share.low > 0.99 > torn.answered_share.high
    True
    """
    found = [_play(spike, seed, play) for seed in seeds for play in range(plays)]
    return _found(found, f"{len(found)} plays of the model")


def measured_spike(spike: Spike, seeds: Iterable[int] = range(5)) -> SpikeFound:
    """Send the spike to a real fleet, once for each seed; takes `spike.seconds` and about a second each.

    Returns
    -------
    SpikeFound
    """
    return _found([_sent(spike, seed) for seed in seeds], "measured runs")


def _found(runs, method):
    """Return mean and spread of single runs; of a few runs the spread is Student's."""
    columns = []
    for column, highest in zip(zip(*runs, strict=True), (1.0, math.inf, math.inf), strict=True):
        mean = statistics.fmean(column)
        if len(column) < 2:
            columns.append(Estimate(mean, None, None, CONFIDENCE_OF_TRIALS, method))
            continue
        if len(column) >= 40:
            low, high = np.quantile(column, [0.025, 0.975]).tolist()
        else:
            degrees = len(column) - 1
            half = student_t_upper(0.025, degrees) * statistics.stdev(column) * (1 + 1 / len(column)) ** 0.5
            low, high = max(0.0, mean - half), min(highest, mean + half)
        columns.append(Estimate(mean, low, high, CONFIDENCE_OF_TRIALS, method))
    return SpikeFound(*columns)


def _play(spike, seed, play):
    come = np.array(list(intended_starts(spike.rate, spike.seconds, "poisson", seed)))
    takes = service_times(len(come), spike.service_ms / 1000, seed=[seed, play, 40])
    # A dead process refuses connections, and its checks fail at once.
    noticed = statistics.fmean(detection_seconds(0.25, 0.25, answers_nothing=False))
    dead = [Server(dies=spike.seconds / 2, noticed_after=noticed)] * spike.killed
    servers = [*dead, *[Server()] * (spike.workers - spike.killed)]
    run = balanced_store(come, takes, servers, spike.policy, 1 + spike.queue, seed=play)
    good = run.in_time(spike.timeout_ms / 1000)
    times = 1000 * (run.ends - run.arrivals)[good]
    return float(good.mean()), float(np.quantile(times, 0.5)), float(np.quantile(times, 0.9))


def _sent(spike, seed):
    fleet = Fleet(
        workers=spike.workers,
        policy=spike.policy,
        balancer=spike.balancer,
        service_ms=spike.service_ms,
        places=1,
        queue=spike.queue,
        restart=False,
        seed=seed,
    )
    with fleet:
        load = fleet.load(spike.seconds, rate=spike.rate, timeout_ms=spike.timeout_ms, seed=seed)
        if spike.killed:
            fleet.wait_until(lambda run: run.requests > 0)
            time.sleep(spike.seconds / 2)
            for worker in range(1, spike.killed + 1):
                fleet.kill(worker)
        found = load.result()
    return found.answered_share, found.p50_ms, found.p90_ms

"""The backoff contest: clients that all want to update one row, and how each strategy spreads them out.

The model is that of Brooker's "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015; simulator
aws-samples/aws-arch-backoff-simulator): optimistic concurrency control. A client reads the row's version,
then writes; the write succeeds if the version is still the same, otherwise the client backs off and reads
again. Each message takes ``abs(N(10, 2))`` ms. All clients start at once, and each succeeds exactly once.
"""

from __future__ import annotations

import heapq
import statistics
from dataclasses import dataclass, field

import numpy as np

from faultlab.design.calls.backoff import Backoff
from faultlab.errors import BadInput, is_whole

BASE_MS, CAP_MS = 5.0, 2000.0
DELAY_MS, DELAY_SPREAD_MS = 10.0, 2.0


@dataclass(frozen=True)
class BackoffContest:
    """What a strategy cost, over all repetitions; fewer calls and less time are better.

    A call is a write, wasted ones included; the time lasts until the last client knows that its write has
    succeeded. `calls` has each repetition's own.
    """

    clients: int
    strategy: str
    mean_calls: float
    mean_time_ms: float
    calls: tuple[int, ...] = field(repr=False)


def backoff_contest(
    clients: int = 100, strategy: str = "full", repetitions: int = 60, seed: int = 0
) -> BackoffContest:
    """Let clients compete for one row.

    Parameters
    ----------
    clients : int
        At least 1.
    strategy : str
        "none", "exponential", "equal", "full" or "decorrelated"; base 5 ms, cap 2 s.
    repetitions : int
    seed : int
        The same seed gives the same result.

    Returns
    -------
    BackoffContest

    Examples
    --------
    >>> hasty, patient = (backoff_contest(50, name, repetitions=10) for name in ("none", "full"))
    >>> hasty.mean_calls > 1.5 * patient.mean_calls
    True
    >>> hasty.mean_time_ms < patient.mean_time_ms
    True
    """
    for name, count in (("clients", clients), ("repetitions", repetitions)):
        if not is_whole(count, 1):
            raise BadInput(f"The contest needs a whole number of {name} from 1 up, not {count!r}.")
    backoff = Backoff(strategy, BASE_MS, CAP_MS)
    played = [_contest(clients, backoff, seed, repetition) for repetition in range(repetitions)]
    calls, times = zip(*played, strict=True)
    return BackoffContest(
        clients=clients,
        strategy=strategy,
        mean_calls=statistics.fmean(calls),
        mean_time_ms=statistics.fmean(times),
        calls=calls,
    )


def _contest(clients, backoff, seed, repetition):
    """Play one repetition; return its writes and its end in milliseconds.

    Only what reaches the server is an event: the answer to a client and its next message are one delay
    after the other, so they are added up at once.
    """
    rng = np.random.default_rng([seed, repetition])
    delay, luck = _delays(rng).__next__, _uniforms(rng).__next__
    # (time at the server, client, version that it read; None asks for the version)
    arrivals: list[tuple[float, int, int | None]] = [(delay(), client, None) for client in range(clients)]
    heapq.heapify(arrivals)
    failed, waits = [0] * clients, [None] * clients
    version = calls = 0
    end = 0.0
    while arrivals:
        now, client, read = arrivals[0]
        if read is None:
            heapq.heapreplace(arrivals, (now + delay() + delay(), client, version))
            continue
        calls += 1
        if read == version:
            version += 1
            end = max(end, now + delay())
            heapq.heappop(arrivals)
            continue
        failed[client] += 1
        waits[client] = backoff.wait(failed[client], luck(), waits[client])
        heapq.heapreplace(arrivals, (now + delay() + delay() + waits[client], client, None))
    return calls, end


def _delays(rng):
    while True:
        yield from np.abs(rng.normal(DELAY_MS, DELAY_SPREAD_MS, 4096)).tolist()


def _uniforms(rng):
    while True:
        yield from rng.random(1024).tolist()

"""A retry storm that stays: a service, clients that time out and retry, and a trigger that goes away.

"A bad state that persists even when the trigger is removed" is what Bronson and others (HotOS 2021) call a
metastable failure. Here the loop that sustains it is the retry: the queue makes answers late, late answers
make clients retry, retries make the queue. The server can't know that a client has gone, and works on.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from faultlab.design.calls.clocks import VirtualClock
from faultlab.design.calls.common_luck import CommonLuck
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.design.calls.policies import Policy

ARRIVALS, WORK, JITTER, PAUSE = range(4)  # what a random number is for
RECOVERED_FROM = 0.9
"""The share of calls answered, late in the run, from which we say that the service has recovered."""


@dataclass(frozen=True)
class Service:
    """One server with a queue, first come, first served.

    Parameters
    ----------
    capacity : float
        Requests a second, on average; the work for each is drawn from an exponential distribution.
    queue_limit : int, optional
        Shed load: refuse at once when so many wait. Refusing costs nothing
        here; in a real service it costs little, and not nothing.
    drop_expired : bool
        Don't work on a request that has waited for longer than its client's timeout.
    """

    capacity: float = 100.0
    queue_limit: int | None = None
    drop_expired: bool = False

    def __post_init__(self):
        if not 0 < self.capacity < math.inf:
            raise BadInput(f"A capacity is more than 0 requests a second, not {self.capacity!r}.")
        if self.queue_limit is not None and self.queue_limit < 0:
            raise BadInput(f"A queue's limit is 0 or more, not {self.queue_limit!r}.")


@dataclass(frozen=True)
class Trigger:
    """What goes wrong for a while: the capacity falls to a share, the load rises by a factor.

    `start` and `seconds` say when and how long.
    """

    start: float = 10.0
    seconds: float = 5.0
    capacity: float = 0.3
    load: float = 1.0

    def __post_init__(self):
        if not (self.start >= 0 and self.seconds >= 0 and 0 < self.capacity <= 1 and self.load >= 0):
            raise BadInput(
                "A trigger starts at 0 s or later and lasts 0 s or more; it leaves a share of the capacity "
                "above 0, and multiplies the load by 0 or more."
            )

    @property
    def end(self) -> float:
        return self.start + self.seconds


@dataclass(frozen=True)
class RetryStorm:
    """What happened, second by second and in all.

    `calls`, `attempts`, `answered` and `refused` are arrays of counts, one place a second of the run;
    `answered` counts a call in the second in which it began. `waits` has the longest wait in the queue, in
    seconds, that an attempt of that second would have.
    """

    calls: np.ndarray = field(repr=False)
    attempts: np.ndarray = field(repr=False)
    answered: np.ndarray = field(repr=False)
    refused: np.ndarray = field(repr=False)
    waits: np.ndarray = field(repr=False)
    trigger: Trigger

    def success(self, start: float, end: float) -> float | None:
        """Return the share of the calls begun in these seconds that were answered in time, or None."""
        begun = self.calls[int(start) : int(end)].sum()
        return float(self.answered[int(start) : int(end)].sum() / begun) if begun else None

    @property
    def success_late(self) -> float | None:
        """Share of calls answered in the last half of the time after the trigger."""
        return self.success((self.trigger.end + len(self.calls)) / 2, len(self.calls))

    @property
    def recovered(self) -> bool:
        """Whether the service serves again, late in the run."""
        return (self.success_late or 0.0) >= RECOVERED_FROM


def retry_storm(
    service: Service,
    policy: Policy,
    rate: float,
    trigger: Trigger | None = None,
    seconds: int = 60,
    clients: int | None = None,
    seed: int = 0,
) -> RetryStorm:
    """Simulate clients and a service through a trigger.

    Parameters
    ----------
    service : Service
    policy : Policy
        Of all clients together: `timeout` (needed), `retries`, `backoff`, `budget`.
    rate : float
        Calls a second. Without `clients` they keep coming, whatever happens (an open loop: customers of a
        shop). There backoff moves retries to later, and takes none away.
    trigger : Trigger, optional
    seconds : int
    clients : int, optional
        A closed loop: so many clients, each with one call at a time and a pause after it, which is such
        that `rate` calls a second are made while all is well. There backoff takes load away.
    seed : int
        The n-th call and its m-th attempt have the same luck under every policy.

    Returns
    -------
    RetryStorm

    Examples
    --------
    >>> from faultlab.design.calls.backoff import Backoff
    >>> from faultlab.design.calls.policies import Policy
    >>> from faultlab.design.calls.retry_budget import RetryBudget
    >>> service, hasty = Service(capacity=50), Policy(timeout=0.5, retries=3, backoff=Backoff("none"))
    >>> retry_storm(service, hasty, rate=35).recovered
    False
    >>> thrifty = Policy(timeout=0.5, retries=3, backoff=Backoff("none"), budget=RetryBudget(0.1))
    >>> retry_storm(service, thrifty, rate=35).recovered
    True
    """
    trigger = Trigger() if trigger is None else trigger
    if policy.timeout is None:
        raise BadInput("Without a timeout nobody retries, and nobody gives up; give the policy a timeout.")
    if policy.breaker or policy.bulkhead or policy.deadline:
        raise BadInput(
            "Retry storms know timeout, retries, backoff and budget; see simulate_shop for the others."
        )
    if not (rate > 0 and seconds >= 1):
        raise BadInput(f"A storm needs calls and time: not {rate!r} a second for {seconds!r} seconds.")
    if clients is not None and clients < 1:
        raise BadInput(f"A closed loop has 1 client or more, not {clients!r}.")
    seconds = int(seconds)
    luck = CommonLuck(seed, int(rate * max(1.0, trigger.load) * seconds * 1.5) + 100)
    if clients is None:
        begun = _open_arrivals(seed, rate, seconds, trigger)
        events = [(at, call, 0, False) for call, at in enumerate(begun)]
        pause = None
    else:
        pause = max(0.0, clients / rate - 1 / service.capacity)
        begun = (np.random.default_rng([seed, ARRIVALS]).random(clients) * clients / rate).tolist()
        events = [(at, call, 0, False) for call, at in enumerate(begun)]
    heapq.heapify(events)

    clock = VirtualClock()
    budget = policy.budget and policy.budget.fresh(clock)
    timeout, retries, backoff = policy.timeout, policy.retries, policy.backoff
    limit, drop_expired = service.queue_limit, service.drop_expired
    work, slow_from, slow_to = 1 / service.capacity, trigger.start, trigger.end
    slow_work = work / trigger.capacity
    push, pop = heapq.heappush, heapq.heappop
    attempts, waits, answered, refused = [], [], [], []
    last_waits: dict[int, float] = {}
    waiting: deque[float] = deque()
    free = 0.0

    while events:
        now, call, attempt, waited = pop(events)
        clock.now = now
        if attempt == 0:
            if budget:
                budget.first_attempt()
        elif not waited:
            # the attempt before this one has failed: is there another?
            if attempt > retries or (budget and not budget.allow_retry()):
                if pause is not None:
                    _call_again(events, begun, now, call, pause, luck, seconds)
                continue
            wait = backoff.wait(attempt, luck.uniform(call, JITTER, attempt), last_waits.get(call))
            if wait > 0:
                last_waits[call] = wait
                push(events, (now + wait, call, attempt, True))
                continue
        attempts.append(now)
        start = free if free > now else now
        waits.append(start - now)
        if limit is not None:
            while waiting and waiting[0] <= now:
                waiting.popleft()
            if len(waiting) >= limit and start > now:
                refused.append(now)
                push(events, (now, call, attempt + 1, False))
                continue
            waiting.append(start)
        if not (drop_expired and start - now >= timeout):
            free = start + luck.exponential(call, WORK, attempt) * (
                slow_work if slow_from <= start < slow_to else work
            )
            if free - now <= timeout:
                answered.append(begun[call])
                if pause is not None:
                    _call_again(events, begun, free, call, pause, luck, seconds)
                continue
        push(events, (now + timeout, call, attempt + 1, False))

    return RetryStorm(
        _per_second(begun, seconds),
        _per_second(attempts, seconds),
        _per_second(answered, seconds),
        _per_second(refused, seconds),
        _longest_per_second(attempts, waits, seconds),
        trigger,
    )


def _open_arrivals(seed, rate, seconds, trigger):
    """A Poisson stream; during the trigger's load each gap is shorter by its factor."""
    rng = np.random.default_rng([seed, ARRIVALS])
    # Points of a stream of rate 1 in "expected calls so far", carried back to seconds.
    before, during = trigger.start * rate, trigger.seconds * rate * trigger.load
    total = min(seconds, trigger.start) * rate
    total += max(0.0, min(seconds, trigger.end) - trigger.start) * rate * trigger.load
    total += max(0.0, seconds - trigger.end) * rate
    points = np.cumsum(rng.standard_exponential(int(total + 8 * math.sqrt(total) + 50)))
    points = points[points < total]
    steps = [0.0, before, before + during, before + during + max(0.0, seconds - trigger.end) * rate + 1]
    times = [0.0, trigger.start, trigger.end, max(seconds, trigger.end) + 1 / rate]
    return np.interp(points, steps, times).tolist()


def _call_again(events, begun, now, call, pause, luck, seconds):
    at = now + pause * luck.exponential(len(begun), PAUSE)
    if at < seconds:
        heapq.heappush(events, (at, len(begun), 0, False))
        begun.append(at)


def _per_second(times, seconds):
    places = np.asarray(times, dtype=float)
    return np.bincount(places[places < seconds].astype(int), minlength=seconds)[:seconds]


def _longest_per_second(times, waits, seconds):
    longest = np.zeros(seconds)
    times, waits = np.asarray(times), np.asarray(waits)
    inside = times < seconds
    np.maximum.at(longest, times[inside].astype(int), waits[inside])
    return longest

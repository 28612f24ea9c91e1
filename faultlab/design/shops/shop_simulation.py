"""The shop's day, event by event, with the patterns of this floor on a virtual clock."""

from __future__ import annotations

import heapq
import math
from typing import TYPE_CHECKING

import numpy as np

from faultlab.design.calls.clocks import VirtualClock
from faultlab.design.calls.common_luck import CommonLuck
from faultlab.design.calls.policies import ANSWERED, REFUSED, Policy, Wait, steps
from faultlab.design.shops.shop import SHOP, Fault, ShopDay
from faultlab.design.stores.shedding import SheddingQueue
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.design.shops.shop import Shop

ARRIVALS, WORK, JITTER, ERROR = range(4)  # what a random number is for


def simulate_shop(
    shop: Shop = SHOP,
    policy: Policy | None = None,
    fault: Fault | None = None,
    fallback: bool = False,
    seconds: int = 45,
    seed: int = 0,
) -> ShopDay:
    """Let visitors come to the shop while a dependency is slow.

    Parameters
    ----------
    shop : Shop
    policy : Policy, optional
        Guards the calls to each dependency, with a breaker, a budget and a bulkhead of each one's own.
        Left out: no timeout, no retries.
    fault : Fault, optional
    fallback : bool
        Show a page without an optional dependency that failed.
    seconds : int
    seed : int
        Visits, pages, times and jitter are the same under every policy: the n-th visit's m-th attempt at
        a dependency takes the same work.

    Returns
    -------
    ShopDay

    Examples
    --------
    >>> from faultlab.design.calls import CircuitBreaker, FailureRate
    >>> nothing = simulate_shop(seconds=40)
    >>> breaker = CircuitBreaker(FailureRate(0.5, calls=20), open_for=5)
    >>> guarded = simulate_shop(policy=Policy(timeout=1.0, breaker=breaker), fallback=True, seconds=40)
    >>> nothing.success("home") < 0.5, guarded.success("home") > 0.99, guarded.success("product") > 0.9
    (True, True, True)
    """
    fault = Fault() if fault is None else fault
    if fault.dependency not in shop.dependencies:
        known = ", ".join(shop.dependencies)
        raise BadInput(f"There is no dependency {fault.dependency!r} to slow down; there are {known}.")
    if not (seconds >= 1 and fault.slower > 0 and 0 <= fault.errors <= 1):
        raise BadInput(
            "A shop runs for 1 s or more; a fault is 'slower' than 0 times, its errors are a share."
        )
    run = _Run(shop, Policy() if policy is None else policy, fault, fallback, int(seconds), seed)
    run.play()
    return run.result()


class _Run:
    def __init__(self, shop, policy, fault, fallback, seconds, seed):
        self.shop, self.fault, self.fallback, self.seconds = shop, fault, fallback, seconds
        self.clock = VirtualClock()
        self.policies = {name: policy.fresh(self.clock) for name in shop.dependencies}
        self.free = {name: [0.0] * one.servers for name, one in shop.dependencies.items()}
        limit = 10**9 if shop.queue_limit is None else shop.queue_limit
        patience = None if shop.queue_limit is None else shop.patience
        self.queue = SheddingQueue(limit, patience, clock=self.clock)
        self.idle = shop.workers
        self.busy_changes, self.attempts, self.refused, self.ready = [], [], [], []

        rng = np.random.default_rng([seed, ARRIVALS])
        gaps = rng.standard_exponential(int(shop.rate * seconds * 1.5 + 100)) / shop.rate
        times = np.cumsum(gaps)
        self.arrivals = times[times < seconds].tolist()
        names, shares = list(shop.pages), [page.share for page in shop.pages.values()]
        drawn = np.searchsorted(np.cumsum(shares)[:-1], rng.random(len(gaps)), side="right")
        self.page = [names[place] for place in drawn[: len(self.arrivals)].tolist()]
        self.luck = CommonLuck(seed, max(1, len(self.arrivals)))

    def play(self):
        # (time, order of entry, visit, its work under way; None: the visitor comes through the door)
        events = [(at, visit, visit, None) for visit, at in enumerate(self.arrivals)]
        heapq.heapify(events)
        entered = len(events)
        while events:
            now, _, visit, work = heapq.heappop(events)
            self.clock.now = now
            if work is None:
                if not self.idle:
                    self.queue.offer(visit)
                    continue
                self.idle -= 1
                self.busy_changes.append((now, 1))
                work = self.serve(visit)
            while True:
                pause = next(work, None)
                if pause is not None:
                    entered += 1
                    heapq.heappush(events, (self.clock.now + pause, entered, visit, work))
                    break
                visit = self.queue.take()
                if visit is None:
                    self.idle += 1
                    self.busy_changes.append((now, -1))
                    break
                work = self.serve(visit)

    def serve(self, visit):
        """One worker's work for a visit: yields seconds to wait, notes the result at the end."""
        degraded = False
        for place, name in enumerate(self.shop.pages[self.page[visit]].needs):
            end = yield from self.call(visit, place, name)
            if end.ended == REFUSED and name == self.fault.dependency:
                self.refused.append(self.clock.now)
            if end.ended != ANSWERED:
                if not (self.fallback and self.shop.dependencies[name].optional):
                    return
                degraded = True
        took = self.clock.now - self.arrivals[visit]
        if took <= self.shop.patience:
            self.ready.append((visit, degraded, took))

    def call(self, visit, place, name):
        """A guarded call: yields seconds to wait, returns its ending."""
        attempt = 0
        plan = steps(
            self.policies[name], self.clock, lambda: self.luck.uniform(visit, JITTER, place, attempt)
        )
        try:
            step = next(plan)
            while True:
                if isinstance(step, Wait):
                    yield step.seconds
                    step = next(plan)
                    continue
                takes, error = self.ask(name, visit, place, attempt)
                attempt += 1
                if step.timeout is not None and takes > step.timeout:
                    takes, error = step.timeout, TimeoutError()
                yield takes
                step = plan.send(error)
        except StopIteration as stop:
            return stop.value

    def ask(self, name, visit, place, attempt):
        """Return how long the answer takes, queue included, and the error that it is, or None.

        Nobody tells the dependency that a caller has given up: it does all its work.
        """
        now, fault, dependency = self.clock.now, self.fault, self.shop.dependencies[name]
        servers = self.free[name]
        start = max(now, servers[0])
        work = dependency.seconds * math.exp(dependency.sigma * self.luck.normal(visit, WORK, place, attempt))
        error = None
        if name == fault.dependency:
            self.attempts.append(now)
            if fault.start <= start < fault.end:
                work *= fault.slower
                if self.luck.uniform(visit, ERROR, place, attempt) < fault.errors:
                    error = ConnectionError()
        heapq.heapreplace(servers, start + work)
        return start + work - now, error

    def result(self):
        def by_page(visits):
            counts = {name: np.zeros(self.seconds, dtype=int) for name in self.shop.pages}
            for visit in visits:
                counts[self.page[visit]][int(self.arrivals[visit])] += 1
            return counts

        return ShopDay(
            by_page(range(len(self.arrivals))),
            by_page(visit for visit, _, _ in self.ready),
            by_page(visit for visit, degraded, _ in self.ready if degraded),
            _mean_level(self.busy_changes, self.seconds),
            _per_second(self.attempts, self.seconds),
            _per_second(self.refused, self.seconds),
            np.array([took for _, _, took in self.ready]),
            self.fault,
        )


def _per_second(times, seconds):
    return np.bincount([int(at) for at in times if at < seconds], minlength=seconds)


def _mean_level(changes, seconds):
    """The mean over each second of a number that starts at 0 and changes at (time, by how much)."""
    means, level, since = np.zeros(seconds), 0, 0.0
    for at, change in [*changes, (float(seconds), 0)]:
        until = min(at, float(seconds))
        while since < until:
            second = int(since)
            end = min(until, second + 1.0)
            means[second] += level * (end - since)
            since = end
        level += change
    return means

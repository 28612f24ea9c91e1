"""One guarded call: timeout, retries, budget, breaker and bulkhead in their order.

`steps` is the whole story, written once. `call` plays it at once, around a function that really calls, or
on a virtual clock; a simulation plays thousands of them side by side. So what a picture shows is what the
code does.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from faultlab.design.calls.backoff import Backoff
from faultlab.design.calls.bulkhead import Bulkhead, BulkheadFull
from faultlab.design.calls.circuit_breaker import BreakerOpen, CircuitBreaker
from faultlab.design.calls.clocks import WallClock
from faultlab.design.calls.retry_budget import RetryBudget
from faultlab.errors import BadInput, is_whole

if TYPE_CHECKING:
    import numpy as np

    from faultlab.design.calls.clocks import VirtualClock

ANSWERED, GAVE_UP, REFUSED, FELL_BACK = "answered", "gave up", "refused", "fell back"


@dataclass(frozen=True)
class Policy:
    """What guards the calls to one dependency. Budget, breaker and bulkhead are shared by all its calls.

    Parameters
    ----------
    timeout : float, optional
        Seconds that one attempt may take.
    retries : int
        Attempts after the first one. Retry only what may be done twice: a payment needs a key that makes
        the second one harmless (idempotency).
    backoff : Backoff
        The wait before each retry.
    budget : RetryBudget, optional
    breaker : CircuitBreaker, optional
    bulkhead : Bulkhead, optional
        A place is held while an attempt runs, not while a retry waits.
    deadline : float, optional
        Seconds for the whole call, waits included. The last attempt gets what is left of it.
    failures : tuple of exception classes
        What means that the dependency failed. Any other exception is an answer ("no such customer"): it
        is raised at once and doesn't count against the dependency.
    """

    timeout: float | None = None
    retries: int = 0
    backoff: Backoff = field(default_factory=Backoff)
    budget: RetryBudget | None = None
    breaker: CircuitBreaker | None = None
    bulkhead: Bulkhead | None = None
    deadline: float | None = None
    failures: tuple[type[Exception], ...] = (ConnectionError, TimeoutError)

    def __post_init__(self):
        for name, seconds in (("timeout", self.timeout), ("deadline", self.deadline)):
            if seconds is not None and not seconds > 0:
                raise BadInput(f"A {name} is more than 0 seconds, not {seconds!r}; None means without end.")
        if not is_whole(self.retries, 0):
            raise BadInput(f"The number of retries is whole and from 0 up, not {self.retries!r}.")

    def fresh(self, clock: Callable[[], float]) -> Policy:
        """Return the same policy with an unused budget, breaker and bulkhead, on another clock."""
        return replace(
            self,
            budget=self.budget and self.budget.fresh(clock),
            breaker=self.breaker and self.breaker.fresh(clock),
            bulkhead=self.bulkhead and self.bulkhead.fresh(),
        )


class Attempt(NamedTuple):
    """Try now; `timeout` is in seconds, or None."""

    timeout: float | None


class Wait(NamedTuple):
    """Let so many seconds pass."""

    seconds: float


class Ending(NamedTuple):
    """How a call ended: ANSWERED, GAVE_UP or REFUSED; why; after how many attempts; the last error."""

    ended: str
    why: str
    attempts: int
    error: Exception | None


def steps(
    policy: Policy, clock: Callable[[], float], draw: Callable[[], float]
) -> Generator[Attempt | Wait, Exception | None, Ending]:
    """Yield what a call does next, an `Attempt` or a `Wait`; return its `Ending`.

    Parameters
    ----------
    policy : Policy
    clock : callable
        Returns seconds.
    draw : callable
        Returns a number from 0 to 1, for the jitter.

    Notes
    -----
    After an `Attempt`, send back the exception that it failed with, or None.
    """
    began, failed, wait, error = clock(), 0, None, None
    if policy.budget:
        policy.budget.first_attempt()
    while True:
        left = math.inf if policy.deadline is None else began + policy.deadline - clock()
        if left <= 0:
            return Ending(GAVE_UP, "the deadline has passed", failed, error or TimeoutError("no time left"))
        if policy.bulkhead and not policy.bulkhead.enter():
            return Ending(REFUSED, "the bulkhead is full", failed, BulkheadFull("all places are taken"))
        try:
            # Asked last, so that a permit is always followed by an attempt.
            permit = policy.breaker.allow() if policy.breaker else 1
            if not permit:
                return Ending(REFUSED, "the breaker is open", failed, BreakerOpen("not called"))
            timeout = min(math.inf if policy.timeout is None else policy.timeout, left)
            error = yield Attempt(None if timeout == math.inf else timeout)
            if policy.breaker:
                policy.breaker.record(permit, not isinstance(error, policy.failures))
        finally:
            if policy.bulkhead:
                policy.bulkhead.leave()
        if error is None:
            return Ending(ANSWERED, "", failed + 1, None)
        failed += 1
        if not isinstance(error, policy.failures):
            return Ending(ANSWERED, "with an error that a retry can't mend", failed, error)
        if failed > policy.retries:
            return Ending(GAVE_UP, "no retry is left" if policy.retries else "", failed, error)
        wait = policy.backoff.wait(failed, draw(), wait)
        if policy.deadline is not None and clock() + wait >= began + policy.deadline:
            return Ending(GAVE_UP, "the deadline comes before the retry", failed, error)
        if policy.budget and not policy.budget.allow_retry():
            return Ending(GAVE_UP, "the retry budget is spent", failed, error)
        if wait > 0:
            yield Wait(wait)


@dataclass(frozen=True)
class Outcome:
    """How a call ended, and how it came to that.

    `story` is a tuple of (seconds since the start, what happened). `result()` returns the value, or raises
    the error, like a future does.
    """

    value: Any
    error: Exception | None
    ended: str
    why: str
    attempts: int
    seconds: float
    story: tuple[tuple[float, str], ...]

    def result(self) -> Any:
        """Return the value, or raise the error."""
        if self.error is not None:
            raise self.error
        return self.value

    def __str__(self):
        lines = [f"{at:7.3f} s  {what}" for at, what in self.story]
        return "\n".join([*lines, f"{self.seconds:7.3f} s  {self.ended}{': ' * bool(self.why)}{self.why}"])


def call(
    operation: Callable[[float | None], Any],
    policy: Policy | None = None,
    clock: WallClock | VirtualClock | None = None,
    fallback: Callable[[Exception], Any] | None = None,
    rng: random.Random | np.random.Generator | None = None,
) -> Outcome:
    """Call something that may fail, guarded by a policy.

    Parameters
    ----------
    operation : callable
        Takes the timeout of one attempt (seconds or None), returns a value or raises. It has to keep the
        timeout itself, as ``lambda timeout: urlopen(url, timeout=timeout).read()`` does.
    policy : Policy, optional
        Left out: one attempt without a timeout.
    clock : WallClock or VirtualClock, optional
        Give breaker and budget the same one.
    fallback : callable, optional
        Takes the error and returns what to do without the dependency; not asked when an answer came.
    rng : random.Random or numpy Generator, optional
        Draws the jitter.

    Returns
    -------
    Outcome

    Raises
    ------
    Exception
        What the fallback raises. What the operation raises is kept in the outcome, except for interrupts.

    Examples
    --------
    A payment service that hangs, breaks, then answers in 50 ms:

    >>> from faultlab.design.calls.clocks import VirtualClock
    >>> from faultlab.design.calls.policies import Replay
    >>> clock = VirtualClock()
    >>> pay = Replay([9.0, ConnectionError("reset"), 0.05], clock)
    >>> print(call(pay, Policy(timeout=0.2, retries=2, backoff=Backoff("exponential", 0.1, 1.0)), clock))
      0.000 s  attempt 1
      0.200 s  TimeoutError: no answer within 0.2 s
      0.200 s  wait 0.2 s
      0.400 s  attempt 2
      0.400 s  ConnectionError: reset
      0.400 s  wait 0.4 s
      0.800 s  attempt 3
      0.850 s  answered
    """
    policy = Policy() if policy is None else policy
    clock = WallClock() if clock is None else clock
    draw = (random.Random() if rng is None else rng).random
    began, story, attempts, value = clock(), [], 0, None

    def tell(what):
        story.append((clock() - began, what))

    plan = steps(policy, clock, draw)
    try:
        step = next(plan)
        while True:
            if isinstance(step, Wait):
                tell(f"wait {step.seconds:.3g} s")
                clock.sleep(step.seconds)
                step = next(plan)
                continue
            attempts += 1
            tell(f"attempt {attempts}")
            error = None
            try:
                value = operation(step.timeout)
            except Exception as failure:
                error = failure
                tell(f"{type(error).__name__}: {error}")
            step = plan.send(error)
    except StopIteration as stop:
        end = stop.value
    finally:
        plan.close()
    seconds = clock() - began
    if fallback is not None and end.ended != ANSWERED:
        value = fallback(end.error)
        tell(f"{end.ended}{': ' * bool(end.why)}{end.why}")
        return Outcome(value, None, FELL_BACK, "", attempts, clock() - began, tuple(story))
    value = None if end.error else value
    return Outcome(value, end.error, end.ended, end.why, attempts, seconds, tuple(story))


class Replay:
    """A dependency that plays a trace, one entry an attempt, on a virtual clock.

    Parameters
    ----------
    trace : sequence
        Each entry: seconds until the answer, or an exception that comes at once, or (seconds, exception).
    clock : VirtualClock

    Examples
    --------
    >>> from faultlab.design.calls.clocks import VirtualClock
    >>> Replay([0.05], VirtualClock())(timeout=1.0)
    'answer 1'
    """

    def __init__(
        self, trace: Iterable[float | Exception | tuple[float, Exception]], clock: VirtualClock
    ) -> None:
        self.trace, self.clock = tuple(trace), clock
        self.starts: list[float] = []

    def __call__(self, timeout=None):
        if len(self.starts) == len(self.trace):
            raise BadInput(f"The trace has {len(self.trace)} entries, and one more attempt was made.")
        entry = self.trace[len(self.starts)]
        self.starts.append(self.clock())
        if isinstance(entry, BaseException):
            entry = (0.0, entry)
        seconds, error = entry if isinstance(entry, tuple) else (entry, None)
        if timeout is not None and seconds > timeout:
            self.clock.sleep(timeout)
            raise TimeoutError(f"no answer within {timeout:g} s")
        self.clock.sleep(seconds)
        if error is not None:
            raise error
        return f"answer {len(self.starts)}"


def worst_case_attempts(tries: int, layers: int) -> int:
    """How retries multiply through layers: tries to their power reach the lowest when nothing works.

    The Amazon Builders' Library ("Timeouts, retries, and backoff with jitter") has the case of five layers
    with three tries each; the Site Reliability Engineering book that of three layers with four.

    >>> worst_case_attempts(3, 5), worst_case_attempts(4, 3)
    (243, 64)
    """
    if not (is_whole(tries, 1) and is_whole(layers, 0)):
        raise BadInput(
            f"Tries are a whole number from 1 and layers one from 0, not {tries!r} and {layers!r}."
        )
    return tries**layers

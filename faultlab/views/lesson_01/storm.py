"""A retry storm, second by second: calls that come back, and a service that doesn't."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from faultlab.design.calls import Backoff, Policy, RetryBudget, Service, Trigger, retry_storm, storm_threshold
from faultlab.views.kit.chart import Axis, Chart
from faultlab.views.kit.palette import BLUE, DASHES, INK, ORANGE, QUIET
from faultlab.views.kit.picture import Picture

if TYPE_CHECKING:
    from faultlab.design.calls import RetryStorm


CAPACITY = 50
RETRIES = 3
SECONDS = 60
TIMEOUT = 0.5
LOADS = (10, 20, 30, 40, 50, 60, 70, 80)
_AT_ONCE = Backoff("none")
_HASTY = Policy(timeout=TIMEOUT, retries=RETRIES, backoff=_AT_ONCE)

WAYS = {
    "one attempt": (Policy(timeout=TIMEOUT), Service(CAPACITY)),
    "four attempts, at once": (_HASTY, Service(CAPACITY)),
    "four attempts, with waits and jitter": (
        Policy(timeout=TIMEOUT, retries=RETRIES, backoff=Backoff("full", base=1.0, cap=10.0)),
        Service(CAPACITY),
    ),
    "four attempts, with a retry budget": (
        Policy(timeout=TIMEOUT, retries=RETRIES, backoff=_AT_ONCE, budget=RetryBudget(0.1)),
        Service(CAPACITY),
    ),
    "four attempts, and the service sheds load": (_HASTY, Service(CAPACITY, queue_limit=15)),
}


@functools.lru_cache(maxsize=256)
def storm_run(way: str, load: float, trouble: float, seed: int = 1) -> RetryStorm:
    """One simulated minute; with one seed, the calls and their luck are the same in every way."""
    policy, service = WAYS[way]
    trigger = Trigger(start=10, seconds=trouble, capacity=0.1)
    return retry_storm(service, policy, CAPACITY * load / 100, trigger, SECONDS, seed=seed)


def storm(way: str, load: float, trouble: float) -> Picture:
    """Attempts and answers in the minute in which a service is slow for a few seconds.

    Parameters
    ----------
    way : str
        A key of `WAYS`.
    load : float
        Calls a second, in percent of what the service can do.
    trouble : float
        Seconds for which the service does a tenth of its usual work.

    Returns
    -------
    Picture

    Examples
    --------
    >>> storm("four attempts, at once", 60, 5).sentence.partition(". ")[0]
    'Half a minute after the slowdown has ended, no call is answered in time'
    """
    run = storm_run(way, load, trouble)
    late = run.success_late
    assert late is not None  # calls come in every second
    seconds = [second + 0.5 for second in range(SECONDS)]
    chart = Chart(
        Axis(0, SECONDS, "Seconds", (0, 10, 20, 30, 40, 50, 60)),
        Axis(0, 4 * CAPACITY, "Calls per second", (0, 50, 100, 150, 200)),
        left=44,
    )
    chart.rule(run.trigger.start, QUIET)
    chart.rule(run.trigger.end, QUIET, "slowdown over")
    chart.level(CAPACITY, INK, dash=DASHES[2])
    chart.line([SECONDS], [CAPACITY], INK, label=f"capacity: {CAPACITY}")
    chart.line(seconds, run.attempts.tolist(), ORANGE, DASHES[1])
    chart.line(seconds, run.answered.tolist(), BLUE)
    chart.legend(("attempts", ORANGE, DASHES[1]), ("answered in time", BLUE, ""))

    sentence = f"Half a minute after the slowdown has ended, {_calls(late)} answered in time."
    limit = threshold(way)
    if limit is None:
        sentence += " Whatever can't be done in time is refused at once, so no queue builds up."
    else:
        sentence += f" In theory the storm keeps itself going at any load above {limit:.0f} %"
        draining = late < 0.9 and load < limit
        sentence += "; below that the queue drains, here slowly." if draining else "."
    alt = (
        f"Lines over {SECONDS} seconds: {way}, load {load:g} % of capacity, a slowdown from "
        f"second 10 for {trouble:g} seconds. Late in the minute there are "
        f"{run.attempts[-20:].mean():.0f} attempts a second and {run.answered[-20:].mean():.0f} answers; "
        f"the capacity is {CAPACITY}."
    )
    rows = tuple(
        {
            "Seconds": f"{start} to {start + 10}",
            "Calls": int(run.calls[start : start + 10].sum()),
            "Attempts": int(run.attempts[start : start + 10].sum()),
            "Answered in time": int(run.answered[start : start + 10].sum()),
        }
        for start in range(0, SECONDS, 10)
    )
    return Picture(chart.svg(alt), alt, sentence, rows)


def _calls(share):
    percent = f"{100 * share:.0f}"
    return "no call is" if percent == "0" else f"{percent} % of calls are"


def threshold(way: str) -> float | None:
    """The load, in percent, above which theory has the storm keep itself going; None where load is shed."""
    policy, service = WAYS[way]
    if service.queue_limit is not None:
        return None
    share = policy.budget.share if policy.budget else None
    return 100 * storm_threshold(CAPACITY, policy.retries, share) / CAPACITY

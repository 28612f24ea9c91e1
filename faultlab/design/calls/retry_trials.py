"""Try a retry function on outages: several calls in a row, one budget for all, on a virtual clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from faultlab.design.calls.clocks import VirtualClock
from faultlab.design.calls.policies import Replay
from faultlab.design.calls.retry_budget import RetryBudget

REFUSED, NO_ANSWER, ANSWER_NO = "refused", "no answer", "no such customer"
TIMEOUT = 1.0
KNOWN = (ConnectionError, TimeoutError, LookupError)


def retry_trial(
    retry: Callable[..., Any],
    outages: Sequence[Sequence[float | str]],
    draws: Sequence[float],
    tokens: float,
    share: float,
) -> list[dict[str, Any]]:
    """Return what each call came to, and when its attempts began.

    Parameters
    ----------
    retry : callable
        ``retry(operation, clock, draw, budget)`` returns what ``operation()`` returned, or raises.
    outages : list of list
        One list a call, an entry an attempt: seconds until the answer, or "refused" (a ConnectionError at
        once), "no answer" (a TimeoutError after 1 s), "no such customer" (a LookupError after 0.1 s).
    draws : list of float
        What ``draw()`` gives after each attempt, from the start again when all are used.
    tokens, share : float
        Of the `RetryBudget` that all calls share.

    Returns
    -------
    list of dict
        For each call how it `ended`, the seconds after its start at which its attempts `began`, and the
        `seconds` it took.

    Raises
    ------
    BadInput
        When more attempts are made than a trace has.

    Examples
    --------
    >>> retry_trial(lambda operation, clock, draw, budget: operation(), [[0.5]], [0.5], 3, 0.1)
    [{'ended': 'answer 1', 'began': [0.0], 'seconds': 0.5}]
    """
    clock = VirtualClock()
    budget = RetryBudget(share, tokens)
    told: list[dict[str, Any]] = []
    services: list[Replay] = []

    def draw():
        # By attempts and not by draws: whoever draws before asking the budget has the same luck.
        return draws[sum(len(service.starts) for service in services) % len(draws)]

    for trace in outages:
        start, service = clock(), Replay([_entry(one) for one in trace], clock)
        services.append(service)

        def operation(service=service):
            return service(TIMEOUT)

        try:
            ended = retry(operation, clock, draw, budget)
        except KNOWN as error:
            ended = type(error).__name__
        began = [round(at - start, 9) for at in service.starts]
        told.append({"ended": ended, "began": began, "seconds": round(clock() - start, 9)})
        clock.sleep(1.0)
    return told


def _entry(word):
    if word == REFUSED:
        return ConnectionError(word)
    if word == NO_ANSWER:
        return 10 * TIMEOUT
    if word == ANSWER_NO:
        return 0.1, LookupError(word)
    return word

"""A policy on its way to the process that makes the calls, which needs a breaker and a budget of its own."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from faultlab.design.calls import (
    Backoff,
    Bulkhead,
    CircuitBreaker,
    ConsecutiveFailures,
    FailureRate,
    Policy,
    RetryBudget,
)
from faultlab.errors import BadInput


def write_policy(policy: Policy) -> dict[str, Any]:
    """Return a `faultlab.design.Policy` as plain numbers and texts.

    Counts aren't part of it: the breaker that is made from it is closed, the budget full.

    Raises
    ------
    BadInput
        For what is no policy, and for a rule that isn't one of the package's own.

    Examples
    --------
    >>> write_policy(Policy(timeout=0.5, retries=2))["backoff"]["strategy"]
    'full'
    """
    if not isinstance(policy, Policy):
        raise BadInput(f"policy= takes a faultlab.design.Policy, not {type(policy).__name__}.")
    return {
        "timeout": policy.timeout,
        "deadline": policy.deadline,
        "retries": policy.retries,
        "backoff": asdict(policy.backoff),
        "budget": _parts(policy.budget, "share", "most", "per_second"),
        "bulkhead": _parts(policy.bulkhead, "places"),
        "breaker": _parts(policy.breaker, "open_for", "trials"),
        "rule": _rule(policy.breaker),
    }


def read_policy(written: dict[str, Any]) -> Policy:
    """Return the policy that was written, with a new budget, breaker and bulkhead.

    >>> read_policy(write_policy(Policy(retries=1, bulkhead=Bulkhead(3)))).bulkhead.places
    3
    """
    breaker = None
    if written["breaker"]:
        rule = dict(written["rule"])
        kind = {"in a row": ConsecutiveFailures, "rate": FailureRate}[rule.pop("kind")]
        breaker = CircuitBreaker(kind(**rule), **written["breaker"])
    return Policy(
        timeout=written["timeout"],
        deadline=written["deadline"],
        retries=written["retries"],
        backoff=Backoff(**written["backoff"]),
        budget=RetryBudget(**written["budget"]) if written["budget"] else None,
        bulkhead=Bulkhead(**written["bulkhead"]) if written["bulkhead"] else None,
        breaker=breaker,
    )


def _parts(thing, *names):
    return None if thing is None else {name: getattr(thing, name) for name in names}


def _rule(breaker):
    if breaker is None:
        return None
    if isinstance(breaker.rule, ConsecutiveFailures):
        return {"kind": "in a row", "limit": breaker.rule.limit}
    if isinstance(breaker.rule, FailureRate):
        return {"kind": "rate", **_parts(breaker.rule, "limit", "calls", "seconds", "at_least")}
    raise BadInput("A load takes a breaker with ConsecutiveFailures or FailureRate.")

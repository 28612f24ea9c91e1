"""What a fleet can be started with, held to its limits."""

from __future__ import annotations

import sys
from typing import Any

from faultlab.errors import BadInput
from faultlab.live.balancers.haproxy import haproxy_program
from faultlab.live.balancers.policies import POLICIES
from faultlab.live.processes.limits import LARGEST_FLEET, MOST_MINUTES, number, whole

BALANCERS = {"own": "balancer", "haproxy": "haproxy"}
"""The balancers by the names that `Fleet(balancer=…)` takes, and the module that runs each."""


def checked_settings(given: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a fleet, each held to its limits; see `Fleet` for what they mean.

    Parameters
    ----------
    given : dict
        Every parameter of `Fleet`.

    Raises
    ------
    BadInput
        With the name of the first one that makes no sense.
    """
    policy = given["policy"]
    if policy not in POLICIES:
        raise BadInput(f"There is no policy {policy!r}; choose one of {', '.join(POLICIES)}.")
    if given["balancer"] not in BALANCERS:
        raise BadInput(f"There is no balancer {given['balancer']!r}; choose one of {', '.join(BALANCERS)}.")
    if given["balancer"] == "haproxy" and haproxy_program() is None:
        why = (
            "is not installed here; install it"
            if sys.platform == "linux"
            else "is run on Linux alone; go there"
        )
        raise BadInput(f"HAProxy {why}, or leave balancer out.")
    return {
        "workers": whole("workers", given["workers"], 1, LARGEST_FLEET),
        "policy": policy,
        "balancer": BALANCERS[given["balancer"]],
        "service_ms": number("service_ms", given["service_ms"], 0.1, 10_000),
        "places": whole("places", given["places"], 1, 1000),
        "queue": whole("queue", given["queue"], 0, 10_000),
        "restart": bool(given["restart"]),
        "restart_after": number("restart_after", given["restart_after"], 0, 60),
        "check_every": number("check_every", given["check_every"], 0.02, 60),
        "check_timeout": number("check_timeout", given["check_timeout"], 0.02, 60),
        "rise": whole("rise", given["rise"], 1, 100),
        "fall": whole("fall", given["fall"], 1, 100),
        "balancer_timeout": number("balancer_timeout", given["balancer_timeout"], 0.02, 600),
        "balancer_retries": whole("balancer_retries", given["balancer_retries"], 0, 15),
        "port": whole("port", given["port"], 0, 65535),
        "minutes": number("minutes", given["minutes"], 0.01, MOST_MINUTES),
        "seed": whole("seed", given["seed"], 0, 2**31),
    }

"""A day of deploys at Kestrel, as many as Etsy had in December 2010 (over 25), one of them bad.

The number is from Etsy's Code as Craft, "Tracking Every Release" (8 December 2010); the shop and its numbers
are the course's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faultlab.errors import BadInput

SERVICES = ("web", "search", "basket", "checkout", "payments")
KINDS = {"ms": (180.0, 9.0), "failed %": (0.50, 0.10), "CPU %": (42.0, 3.0), "queue": (12.0, 2.5)}
"""Level and noise from minute to minute of what is measured of each service."""
MINUTES, FIRST, LAST = 1_440, 8 * 60, 18 * 60


@dataclass(frozen=True)
class DeployDay:
    """A day in minutes.

    Attributes
    ----------
    metrics : dict of str to array
        One value a minute.
    deploys : dict of str to int
        The minute at which each was live.
    bad : str or None
        The deploy that hurt.
    hurt : str or None
        The metric that it hurt.
    """

    metrics: dict[str, np.ndarray]
    deploys: dict[str, int]
    bad: str | None
    hurt: str | None


def deploy_day(
    rng: np.random.Generator,
    deploys: int = 26,
    effect: float = 2.0,
    bad: bool = True,
    hurt: str = "checkout ms",
    correlation: float = 0.3,
) -> DeployDay:
    """Simulate a day of Kestrel: 20 metrics, its deploys from 8 to 18 h, one of which hurts one metric.

    Parameters
    ----------
    rng : numpy.random.Generator
    deploys : int
    effect : float
        How much the bad deploy raises the metric, in standard deviations of its noise.
    bad : bool
        Whether there is a bad one at all.
    hurt : str
        A metric, such as "checkout ms".
    correlation : float
        Of a minute with the next, from 0 to below 1.

    Returns
    -------
    DeployDay

    Examples
    --------
    >>> day = deploy_day(np.random.default_rng(1))
    >>> len(day.deploys), len(day.metrics), day.bad in day.deploys
    (26, 20, True)
    """
    names = [f"{service} {kind}" for service in SERVICES for kind in KINDS]
    if hurt not in names:
        raise BadInput(f"{hurt!r} is no metric of Kestrel's; one is {names[0]!r}.")
    if not 1 <= deploys <= (LAST - FIRST) // 2 or not 0 <= correlation < 1:
        raise BadInput("A day takes 1 to 300 deploys, and a correlation from 0 to below 1.")
    moments = np.sort(rng.choice(np.arange(FIRST, LAST), deploys, replace=False))
    when = {f"#{number}": int(minute) for number, minute in enumerate(moments, start=1)}
    chosen = f"#{rng.integers(1, deploys + 1)}" if bad else None
    metrics = {}
    for name, wander in zip(names, _correlated(rng, len(names), correlation), strict=True):
        level, noise = KINDS[name.split(" ", 1)[1]]
        metrics[name] = level + noise * wander
        if chosen is not None and name == hurt:
            metrics[name][when[chosen] :] += effect * noise
    return DeployDay(metrics, when, chosen, hurt if bad else None)


def _correlated(rng, metrics, correlation):
    """Noise of standard deviation 1, a row a metric; each minute remembers a share of the one before."""
    found = np.stack([rng.normal(size=MINUTES) for _ in range(metrics)], axis=1)
    found[1:] *= np.sqrt(1 - correlation**2)
    for minute in range(1, MINUTES):
        found[minute] += correlation * found[minute - 1]
    return found.T

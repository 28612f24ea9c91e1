"""Many days of deploys, so that one day's luck is not taken for a rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faultlab.cases.etsy.deploy_days import deploy_day
from faultlab.metrics.estimates import Estimate, counted_share
from faultlab.metrics.graphs import deploy_effects, which_deploy

CORRELATION = 0.3
"""Of a minute with the next: what `deploy_day` draws."""


@dataclass(frozen=True)
class ComparedDays:
    """What comparing every metric at every deploy finds on days with one bad deploy.

    Attributes
    ----------
    comparisons : tuple of int
        A day each.
    unlikely : tuple of int
        A day each: comparisons that a test at 5 % calls unlikely to be luck.
    on_top : Estimate
        Share of days on which the bad deploy, at the metric that it hurt, is the most striking of all.
    left : Estimate
        Share of days on which it is still found after Holm's correction for so many comparisons.
    """

    comparisons: tuple[int, ...]
    unlikely: tuple[int, ...]
    on_top: Estimate
    left: Estimate


def first_suspect_right(effect: float, days: int = 100) -> Estimate:
    """Return the share of days on which the deploy that the numbers name first is the bad one.

    Parameters
    ----------
    effect : float
        How much the bad deploy raises the metric, in standard deviations of its noise.
    days : int
        Each with deploys and luck of its own.

    Examples
    --------
    >>> first_suspect_right(3.0, days=10).value
    1.0
    """
    right = 0
    for seed in range(days):
        day = deploy_day(np.random.default_rng(seed), effect=effect, correlation=CORRELATION)
        assert day.hurt is not None  # there is a bad deploy
        right += next(iter(which_deploy(day.metrics[day.hurt], day.deploys))) == day.bad
    return counted_share(right, days, f"{days} simulated days")


def compared_days(effect: float, days: int = 100) -> ComparedDays:
    """Compare every metric before and after every deploy, on many days; see `ComparedDays`.

    Examples
    --------
    >>> compared_days(1.5, days=2).comparisons
    (480, 520)
    """
    comparisons, unlikely, on_top, left = [], [], 0, 0
    for seed in range(days):
        day = deploy_day(np.random.default_rng(seed), effect=effect, correlation=CORRELATION)
        effects = deploy_effects(day.metrics, day.deploys, correlation=CORRELATION)
        comparisons.append(len(effects))
        unlikely.append(sum(found.p_value < 0.05 for found in effects))
        guilty = [(found.deploy, found.metric) == (day.bad, day.hurt) for found in effects]
        on_top += guilty[0]
        left += any(found.holm < 0.05 for found, its in zip(effects, guilty, strict=True) if its)
    how = f"{days} simulated days"
    return ComparedDays(
        tuple(comparisons), tuple(unlikely), counted_share(on_top, days, how), counted_share(left, days, how)
    )

"""Deploy lines: what changed at a deploy, and which deploy did it.

Etsy drew each deploy as a line across its graphs (Code as Craft, "Tracking Every Release", 2010). An eye sees
a step at some line whenever there are enough lines; here each comparison has an interval, and all of them
together a correction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from faultlab.errors import BadInput
from faultlab.metrics.estimates.estimates import Estimate
from faultlab.metrics.graphs.many_tests import holm, mean_change

_FEWEST, _WINDOW = 3, 15  # steps on either side of a deploy


@dataclass(frozen=True)
class DeployEffect:
    """What one metric did at one deploy.

    Attributes
    ----------
    deploy : str
    metric : str
    before : float
        Mean of the minutes before.
    change : Estimate
    p_value : float
        Of no change, were this the only comparison.
    holm : float
        The same, adjusted for all comparisons.
    """

    deploy: str
    metric: str
    before: float
    change: Estimate
    p_value: float
    holm: float


def deploy_effects(
    metrics: Mapping[str, Sequence[float] | np.ndarray],
    deploys: dict[str, int],
    correlation: float = 0.0,
) -> tuple[DeployEffect, ...]:
    """Return each metric's change at each deploy, the least likely chance first.

    Compared are the fifteen points before and after, cut where another deploy begins, so that no
    change is laid at two doors. A metric that moves with the hour of the day needs a short window, or its
    expected course taken off first.

    Parameters
    ----------
    metrics : dict of str to array_like
        Values at equal steps, such as minutes.
    deploys : dict of str to int
        The step at which each was live.
    correlation : float
        Of neighbouring values, as in `mean_change`.

    Returns
    -------
    tuple of DeployEffect
        A deploy with fewer than three points on one side is left out: nothing can be said of it.

    Examples
    --------
    >>> minutes = np.random.default_rng(1).normal(200, 10, 60)
    >>> minutes[30:] += 40
    >>> effects = deploy_effects({"checkout ms": minutes}, {"#17": 15, "#18": 30, "#19": 45})
    >>> effects[0].deploy, effects[0].holm < 0.001, effects[1].holm > 0.05
    ('#18', True, True)
    """
    series = {name: np.asarray(values, dtype=float) for name, values in metrics.items()}
    found = []
    for deploy, first, at, last in _windows(series, deploys):
        for metric, values in series.items():
            before, after = values[first:at], values[at:last]
            if min(len(before), len(after)) >= _FEWEST:
                change, p_value = mean_change(before, after, correlation=correlation)
                found.append((deploy, metric, float(before.mean()), change, p_value))
    adjusted = holm([row[-1] for row in found]).tolist()
    effects = [DeployEffect(*row, one) for row, one in zip(found, adjusted, strict=True)]
    return tuple(sorted(effects, key=lambda effect: effect.p_value))


def _windows(metrics, deploys):
    length = min((len(values) for values in metrics.values()), default=0)
    for deploy, at in deploys.items():
        if not 0 <= at < length:
            raise BadInput(f"Deploy {deploy} is at step {at!r}, outside the {length} steps of the metrics.")
    steps = sorted(set(deploys.values()))
    for deploy, at in deploys.items():
        place = steps.index(at)
        earlier = steps[place - 1] if place else 0
        later = steps[place + 1] if place + 1 < len(steps) else length
        yield deploy, max(earlier, at - _WINDOW), at, min(later, at + _WINDOW)


def which_deploy(values: Sequence[float] | np.ndarray, deploys: dict[str, int]) -> dict[str, float]:
    """Return how likely each deploy is the one at which a metric stepped, if one did and only one.

    The likelihood of a step at each deploy, both levels and the noise estimated, all deploys as likely
    before the data are seen. Deploys close together share the suspicion: that is what the data say.

    Parameters
    ----------
    values : array_like
        One metric at equal steps.
    deploys : dict of str to int

    Returns
    -------
    dict of str to float
        Adds up to 1; the most likely first.

    References
    ----------
    Smith (1975), A Bayesian approach to inference about a change-point in a sequence of random variables;
    here with the maximised likelihood of levels and noise.

    Examples
    --------
    >>> minutes = np.random.default_rng(1).normal(200, 10, 60)
    >>> minutes[30:] += 20
    >>> likely = which_deploy(minutes, {"#17": 15, "#18": 30, "#19": 45})
    >>> next(iter(likely)), likely["#18"] > 0.95
    ('#18', True)
    """
    values = np.asarray(values, dtype=float)
    inside = {name: at for name, at in deploys.items() if 1 <= at < len(values)}
    if not inside or len(values) < 5 or not np.isfinite(values).all():
        raise BadInput("A search needs five finite values or more, and a deploy between them.")
    squares = np.array([_squares(values[:at]) + _squares(values[at:]) for at in inside.values()])
    logs = -len(values) / 2 * np.log(np.maximum(squares, 1e-300))
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    ranked = sorted(zip(inside, weights.tolist(), strict=True), key=lambda pair: -pair[1])
    return dict(ranked)


def _squares(values):
    return float(((values - values.mean()) ** 2).sum())


def suspects(likely: Mapping[str, float], share: float = 0.9) -> tuple[str, ...]:
    """Return the fewest deploys that together hold this share of the suspicion.

    >>> suspects({"#18": 0.7, "#19": 0.25, "#17": 0.05})
    ('#18', '#19')
    """
    found, held = [], 0.0
    for name, weight in sorted(likely.items(), key=lambda pair: -pair[1]):
        if held >= share:
            break
        found.append(name)
        held += weight
    return tuple(found)

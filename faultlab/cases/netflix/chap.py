"""ChAP's idea: two small clusters get the same small share of customers, and one of them gets the fault."""

from __future__ import annotations

import math
from dataclasses import dataclass

from faultlab.errors import BadInput
from faultlab.metrics.estimates import CONFIDENCE_OF_TRIALS, Estimate, counted_share

WORSE, NO_WORSE, CAN_NOT_TELL = "worse", "no worse than allowed", "can't tell yet"


@dataclass(frozen=True)
class ClusterComparison:
    """Two clusters side by side.

    Attributes
    ----------
    control, experiment : Estimate
        Share of failed requests, with Wilson's interval.
    difference : Estimate
        Experiment less control.
    verdict : str
        "worse", "no worse than allowed" or "can't tell yet".
    """

    control: Estimate
    experiment: Estimate
    difference: Estimate
    verdict: str


def compare_clusters(
    control_failed: int,
    control_requests: int,
    experiment_failed: int,
    experiment_requests: int,
    allowed: float = 0.01,
    confidence: float = CONFIDENCE_OF_TRIALS,
) -> ClusterComparison:
    """Compare the failures of a control cluster with those of an experiment cluster.

    Requests are taken to fail independently. Where they don't (one bad second fails hundreds), the true
    interval is wider.

    Parameters
    ----------
    control_failed, control_requests, experiment_failed, experiment_requests : int
    allowed : float
        How much larger the share of failures may be: 0.01 is one request in a hundred.
    confidence : float
        Of the interval of the difference.

    Returns
    -------
    ClusterComparison
        "worse" if the whole interval lies above `allowed`, "no worse than allowed" if it lies at or below
        it, and "can't tell yet" otherwise.

    References
    ----------
    The idea: Netflix Technology Blog, "ChAP: Chaos Automation Platform" (26 July 2017). The interval:
    Newcombe (1998), Interval estimation for the difference between independent proportions, method 10.

    Examples
    --------
    >>> found = compare_clusters(48, 80, 56, 70)
    >>> round(found.difference.low, 4), round(found.difference.high, 4), found.verdict
    (0.0524, 0.3339, 'worse')
    """
    if not 0 <= allowed < 1:
        raise BadInput(f"The allowed difference is a share from 0 to below 1, not {allowed!r}.")
    control = counted_share(control_failed, control_requests, "failed requests, control", confidence)
    experiment = counted_share(
        experiment_failed, experiment_requests, "failed requests, experiment", confidence
    )
    theirs, their_low, their_high = control.numbers()
    ours, our_low, our_high = experiment.numbers()
    value = ours - theirs
    low = value - math.hypot(ours - our_low, their_high - theirs)
    high = value + math.hypot(our_high - ours, theirs - their_low)
    difference = Estimate(value, low, high, confidence, "difference of two shares, Newcombe's method 10")
    verdict = WORSE if low > allowed else NO_WORSE if high <= allowed else CAN_NOT_TELL
    return ClusterComparison(control, experiment, difference, verdict)

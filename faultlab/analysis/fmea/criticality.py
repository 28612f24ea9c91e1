"""Criticality by MIL-STD-1629A (1980), task 102: how often a failure mode does its worst."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from faultlab.errors import BadInput

SEVERITY_CLASSES = {"I": "catastrophic", "II": "critical", "III": "marginal", "IV": "minor"}


@dataclass(frozen=True)
class FailureMode:
    """A mode of an item.

    `share` (alpha) is the part of the item's failures that take this form, `effect_chance` (beta) the
    probability that the effect then follows, `severity` a class from "I" (catastrophic) to "IV" (minor).
    """

    name: str
    share: float
    effect_chance: float
    severity: str


def mode_criticality(mode: FailureMode, failures_per_hour: float, hours: float) -> float:
    """Return a mode's criticality: expected effects in a mission of some hours.

    Examples
    --------
    >>> round(mode_criticality(FailureMode("stuck", 0.3, 0.5, "II"), 50e-6, 20), 9)
    0.00015
    """
    return mode.effect_chance * mode.share * failures_per_hour * hours


def item_criticality(
    modes: Sequence[FailureMode], failures_per_hour: float, hours: float
) -> dict[str, float]:
    """Return the item's criticality by severity class, the worst class first.

    Parameters
    ----------
    modes : sequence of FailureMode
    failures_per_hour, hours : float
        The item's failure rate, and the length of the mission.

    Returns
    -------
    dict of str to float

    Raises
    ------
    BadInput
        For shares that sum to more than one, numbers outside 0 to 1, or an unknown class.
    """
    for mode in modes:
        if mode.severity not in SEVERITY_CLASSES:
            raise BadInput(
                f"mode {mode.name!r}: the severity class is I, II, III or IV, not {mode.severity!r}."
            )
        if not (0 <= mode.share <= 1 and 0 <= mode.effect_chance <= 1):
            raise BadInput(f"mode {mode.name!r}: share and effect chance lie between 0 and 1.")
    if math.fsum(mode.share for mode in modes) > 1 + 1e-9:
        raise BadInput("the shares of an item's modes sum to more than one; they divide its failures.")
    if not (failures_per_hour >= 0 and hours >= 0):
        raise BadInput("a failure rate and a mission time are not negative.")
    return {
        severity: math.fsum(
            mode_criticality(mode, failures_per_hour, hours) for mode in modes if mode.severity == severity
        )
        for severity in SEVERITY_CLASSES
        if any(mode.severity == severity for mode in modes)
    }

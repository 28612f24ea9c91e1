"""What OpenSLO's documents may hold, key by key, and the look-alikes that are other formats.

The keys are those of the specification openslo/v1 (README of github.com/OpenSLO/OpenSLO, November 2026).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from faultlab.errors import BadInput

USED, KEPT = "used", "kept"
KEYS = {
    "document": {"apiVersion": USED, "kind": USED, "metadata": USED, "spec": USED},
    "metadata": {"name": USED, "displayName": KEPT, "labels": KEPT, "annotations": KEPT},
    "SLO": {
        "description": KEPT,
        "service": USED,
        "indicator": USED,
        "indicatorRef": USED,
        "timeWindow": USED,
        "budgetingMethod": USED,
        "objectives": USED,
        "alertPolicies": USED,
    },
    "time window": {"duration": USED, "isRolling": USED, "calendar": USED},
    "calendar": {"startTime": KEPT, "timeZone": KEPT},
    "objective": {
        "displayName": KEPT,
        "op": KEPT,
        "value": KEPT,
        "target": USED,
        "targetPercent": USED,
        "timeSliceTarget": USED,
        "timeSliceWindow": USED,
        "indicator": USED,
        "indicatorRef": USED,
        "compositeWeight": USED,
    },
    "SLI": {"description": KEPT, "thresholdMetric": KEPT, "ratioMetric": USED},
    "ratio metric": {"counter": KEPT, "good": USED, "bad": USED, "total": USED, "rawType": KEPT, "raw": KEPT},
    "metric": {"metricSource": USED},
    "metric source": {"metricSourceRef": KEPT, "type": KEPT, "spec": USED},
    "AlertPolicy": {
        "description": KEPT,
        "alertWhenNoData": KEPT,
        "alertWhenResolved": KEPT,
        "alertWhenBreaching": USED,
        "conditions": USED,
        "notificationTargets": KEPT,
    },
    "AlertCondition": {"description": KEPT, "severity": USED, "condition": USED},
    "condition": {
        "kind": USED,
        "op": USED,
        "threshold": USED,
        "lookbackWindow": USED,
        "alertAfter": USED,
    },
}
"""Part to key to what becomes of it: used, or kept, which is named in the result and changes no figure."""
KINDS = (
    "SLO",
    "SLI",
    "AlertPolicy",
    "AlertCondition",
    "AlertNotificationTarget",
    "DataSource",
    "Service",
)
WAY_OUT = "give its numbers as flags, such as --objective 0.999 --days 28 --alert 14.4:1h:5m"
_OTHERS = {  # how apiVersion begins, in small letters
    "sloth.slok.dev/": "Sloth",
    "pyrra.dev/": "Pyrra",
    "n9/": "Nobl9",
    "sre.google.com/": "slo-generator",
    "openslo": "OpenSLO in another version",
    "monitoring.coreos.com/": "the Prometheus operator",
}
_MARKS = (  # keys of documents that have no apiVersion of their own
    ({"version", "service", "slos"}, "Sloth"),
    ({"service_name", "feature_name"}, "slo-generator"),
    ({"groups"}, "Prometheus's rules"),
)


def other_format(document: dict[str, Any]) -> str | None:
    """Return the name of the format that a document has in OpenSLO's place, or None.

    Examples
    --------
    >>> other_format({"apiVersion": "pyrra.dev/v1alpha1"}), other_format({"apiVersion": "openslo/v1"})
    ('Pyrra', None)
    >>> other_format({"version": "prometheus/v1", "service": "shop", "slos": []})
    'Sloth'
    """
    version = document.get("apiVersion")
    if version == "openslo/v1":
        return None
    if isinstance(version, str):
        begins = version.strip().lower()
        return next((name for start, name in _OTHERS.items() if begins.startswith(start)), None)
    keys = {key for key in document if isinstance(key, str)}
    return next((name for marks, name in _MARKS if marks <= keys), None)


def checked_keys(entries: dict[Any, Any], part: str, wrong: Callable[[str], BadInput]) -> list[str]:
    """Return the keys that are kept, those that no specification names among them.

    Parameters
    ----------
    entries : dict
    part : str
        A part of `KEYS`.
    wrong : callable
        Makes an error of a sentence.

    Raises
    ------
    BadInput
        For a key that is no text, or is one letter off a key of the part: it would change the meaning.

    Examples
    --------
    >>> checked_keys({"threshold": 2, "op": "gt", "x-team": "shop"}, "condition", BadInput)
    ['x-team']
    >>> checked_keys({"treshold": 2}, "condition", BadInput)
    Traceback (most recent call last):
        ...
    faultlab.errors.BadInput: there is no key 'treshold'; write threshold.
    """
    known, kept = KEYS[part], []
    for key, value in entries.items():
        if not isinstance(key, str):
            raise wrong(
                f"{said(key)} is no key; write decimals with a point, and keys that look odd in quotes."
            )
        if key not in known:
            near = difflib.get_close_matches(key.lower(), [name.lower() for name in known], 1, 0.84)
            meant = [name for name in known if near and name.lower() == near[0]]
            if meant:
                raise wrong(f"there is no key {said(key)}; write {meant[0]}.")
        if known.get(key) != USED and value is not None:
            kept.append(key)
    return kept


def said(value: object) -> str:
    """Return a value as a message shows it: short, whatever it holds."""
    if isinstance(value, str):
        return repr(value[:40])
    if isinstance(value, bool):
        return repr(str(value).lower())
    if isinstance(value, float) or (isinstance(value, int) and abs(value) < 1e40):
        return repr(str(value))
    names = {int: "so large a number", list: "a list", dict: "names with values", type(None): "nothing"}
    return names.get(type(value), f"a {type(value).__name__}")

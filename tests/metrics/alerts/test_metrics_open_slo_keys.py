"""Every key of openslo/v1 is used, kept (named and without effect) or refused, and none is read past.

The keys are typed from the specification: README.md of github.com/OpenSLO/OpenSLO, sections General Schema,
SLO, Objectives, SLI, AlertPolicy and AlertCondition, in November 2026.
"""

import copy

import pytest
import yaml

from faultlab.errors import BadInput
from faultlab.metrics.alerts.open_slo import read_open_slo
from faultlab.metrics.alerts.open_slo_keys import KEYS

ABSENT = object()


def whole():
    """A document that has every key that can stand beside the others."""

    def query(name):
        source = {"metricSourceRef": "prometheus", "type": "Prometheus", "spec": {"query": name}}
        return {"metricSource": source}

    def named(name):
        return {"name": name, "displayName": "words", "labels": {"team": ["a"]}, "annotations": {"a/b": "c"}}

    ratio = {
        "counter": True,
        "bad": query("bad"),
        "total": query("all"),
        "raw": query("r"),
        "rawType": "failure",
    }
    condition = {
        "kind": "burnrate",
        "op": "gt",
        "threshold": 14,
        "lookbackWindow": "1h",
        "alertAfter": "5m",
    }
    inner = {
        "kind": "AlertCondition",
        "metadata": named("condition"),
        "spec": {"description": "words", "severity": "page", "condition": condition},
    }
    policy = {
        "kind": "AlertPolicy",
        "metadata": named("policy"),
        "spec": {
            "description": "words",
            "alertWhenNoData": False,
            "alertWhenResolved": True,
            "alertWhenBreaching": True,
            "conditions": [inner],
            "notificationTargets": [{"targetRef": "phone"}],
        },
    }
    objective = {
        "displayName": "words",
        "op": "lte",
        "value": 0.2,
        "target": 0.99,
        "timeSliceTarget": 0.95,
        "timeSliceWindow": "1m",
    }
    spec = {
        "description": "words",
        "service": "shop",
        "indicator": {
            "metadata": named("errors"),
            "spec": {"description": "words", "thresholdMetric": query("t"), "ratioMetric": ratio},
        },
        "timeWindow": [
            {
                "duration": "1w",
                "calendar": {"startTime": "2026-01-01 00:00:00", "timeZone": "Europe/Berlin"},
            }
        ],
        "budgetingMethod": "Timeslices",
        "objectives": [objective],
        "alertPolicies": [policy],
    }
    return {"apiVersion": "openslo/v1", "kind": "SLO", "metadata": named("checkout"), "spec": spec}


OBJECTIVE, WINDOW = ("spec", "objectives", 0), ("spec", "timeWindow", 0)
POLICY = ("spec", "alertPolicies", 0, "spec")
CONDITION = (*POLICY, "conditions", 0, "spec")
RATIO = ("spec", "indicator", "spec", "ratioMetric")
PARTS = {  # where each part stands in the document
    "document": (),
    "metadata": ("metadata",),
    "SLO": ("spec",),
    "time window": WINDOW,
    "calendar": (*WINDOW, "calendar"),
    "objective": OBJECTIVE,
    "SLI": ("spec", "indicator", "spec"),
    "ratio metric": RATIO,
    "metric": (*RATIO, "bad"),
    "metric source": (*RATIO, "bad", "metricSource"),
    "AlertPolicy": POLICY,
    "AlertCondition": CONDITION,
    "condition": (*CONDITION, "condition"),
}
USED = {  # part, key: another value; the figures change, or the document is refused without the key
    ("document", "apiVersion"): "openslo/v2",
    ("document", "kind"): "Service",
    ("document", "metadata"): {"name": "other"},
    ("document", "spec"): {},
    ("metadata", "name"): "other",
    ("SLO", "service"): "other",
    ("SLO", "indicator"): {"spec": {"ratioMetric": {}}},
    ("SLO", "timeWindow"): [{"duration": "2w", "isRolling": True}],
    ("SLO", "budgetingMethod"): "RatioTimeslices",
    ("SLO", "objectives"): [{"target": 0.9, "timeSliceTarget": 0.95, "timeSliceWindow": "1m"}],
    ("SLO", "alertPolicies"): [],
    ("time window", "duration"): "2w",
    ("time window", "calendar"): ABSENT,
    ("objective", "target"): 0.9,
    ("objective", "timeSliceTarget"): 0.9,
    ("objective", "timeSliceWindow"): 2,
    ("SLI", "ratioMetric"): ABSENT,
    ("ratio metric", "bad"): ABSENT,
    ("ratio metric", "total"): ABSENT,
    ("metric", "metricSource"): ABSENT,
    ("metric source", "spec"): {"query": "other"},
    ("AlertPolicy", "alertWhenBreaching"): False,
    ("AlertPolicy", "conditions"): [],
    ("AlertCondition", "severity"): "ticket",
    ("AlertCondition", "condition"): {"threshold": 1, "lookbackWindow": "3d"},
    ("condition", "kind"): "latency",
    ("condition", "op"): "gte",
    ("condition", "threshold"): 15,
    ("condition", "lookbackWindow"): "2h",
    ("condition", "alertAfter"): "1h",
}
INSTEAD = {  # used keys that stand in place of another one: key and value, and the one that goes
    ("SLO", "indicatorRef"): ("other", "indicator"),
    ("time window", "isRolling"): (True, "calendar"),
    ("objective", "targetPercent"): (90, "target"),
    ("objective", "indicator"): ({"spec": {"ratioMetric": {}}}, None),
    ("objective", "indicatorRef"): ("other", None),
    ("objective", "compositeWeight"): (2, None),
    ("ratio metric", "good"): ({"metricSource": {"spec": {"query": "good"}}}, "bad"),
}


def at(document, path):
    for step in path:
        document = document[step]
    return document


def read(tmp_path, document):
    path = tmp_path / "slo.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    (level,) = read_open_slo(path)
    return level


def figures(level):
    return {name: value for name, value in vars(level).items() if name != "kept"}


def outcome(tmp_path, document):
    """The figures, or what is said against the document."""
    try:
        return figures(read(tmp_path, document))
    except BadInput as refused:
        return str(refused)


def test_the_table_lists_every_key_once():
    used = {(part, key) for part, keys in KEYS.items() for key, fate in keys.items() if fate == "used"}
    assert used == set(USED) | set(INSTEAD)
    assert set(PARTS) == set(KEYS)
    present = {(part, key) for part, path in PARTS.items() for key in at(whole(), path)}
    every = {(part, key) for part, keys in KEYS.items() for key in keys}
    assert present | set(INSTEAD) == every


@pytest.mark.parametrize(("part", "key"), USED)
def test_a_used_key_changes_the_figures_or_is_refused(tmp_path, part, key):
    before = figures(read(tmp_path, whole()))
    document = whole()
    if USED[part, key] is ABSENT:
        del at(document, PARTS[part])[key]
    else:
        at(document, PARTS[part])[key] = USED[part, key]
    assert outcome(tmp_path, document) != before


@pytest.mark.parametrize(("part", "key"), INSTEAD)
def test_a_key_in_place_of_another_is_used_too(tmp_path, part, key):
    before = figures(read(tmp_path, whole()))
    document = whole()
    value, goes = INSTEAD[part, key]
    at(document, PARTS[part]).pop(goes, None)
    at(document, PARTS[part])[key] = value
    assert outcome(tmp_path, document) != before


KEPT = [(part, key) for part, keys in KEYS.items() for key, fate in keys.items() if fate == "kept"]


@pytest.mark.parametrize(("part", "key"), KEPT)
def test_a_kept_key_is_named_and_changes_nothing(tmp_path, part, key):
    level = read(tmp_path, whole())
    path = "".join(f"[{step}]" if step == 0 else f".{step}" for step in (*PARTS[part], key))
    named = path.removeprefix(".").replace("timeWindow[0]", "timeWindow")
    assert named in level.kept
    document = whole()
    del at(document, PARTS[part])[key]
    without = read(tmp_path, document)
    assert figures(without) == figures(level)
    assert set(level.kept) - set(without.kept) == {named}


@pytest.mark.parametrize("part", PARTS)
def test_no_unknown_key_is_read_past(tmp_path, part):
    document = whole()
    at(document, PARTS[part])["x-team"] = "shop"
    assert any(name.endswith("x-team") for name in read(tmp_path, document).kept)


LONG = [(part, key) for part, keys in KEYS.items() for key in keys if len(key) > 4]


@pytest.mark.parametrize(("part", "key"), LONG)
def test_a_slip_of_the_pen_is_refused(tmp_path, part, key):
    document = whole()
    place = at(document, PARTS[part])
    place[key[:-2] + key[-1]] = copy.deepcopy(place.pop(key, "words"))
    with pytest.raises(BadInput):
        read(tmp_path, document)

"""OpenSLO in and out, Prometheus's rules, and the slo command."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from faultlab.__main__ import main
from faultlab.errors import BadInput
from faultlab.metrics import (
    BurnRateAlert,
    ServiceLevel,
    open_slo_text,
    prometheus_rules,
    read_open_slo,
    recommended_alerts,
)

DOCUMENT = """
apiVersion: openslo/v1
kind: SLO
metadata: {name: checkout}
spec:
  service: shop
  timeWindow: [{duration: 4w, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{targetPercent: 99.95}]
  alertPolicies:
  - alertPolicyRef: fast
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: fast}
spec:
  conditions: [{conditionRef: fast-burn}]
---
apiVersion: openslo/v1
kind: AlertCondition
metadata: {name: fast-burn}
spec:
  severity: page
  condition: {kind: burnrate, op: gt, threshold: 14, lookbackWindow: 1h, alertAfter: 5m}
"""


def written(tmp_path, text, name="slo.yaml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_objectives_are_read_with_the_alerts_they_refer_to(tmp_path):
    (level,) = read_open_slo(written(tmp_path, DOCUMENT))
    assert (level.name, level.service, level.objective, level.period_hours) == (
        "checkout",
        "shop",
        0.9995,
        672,
    )
    assert level.alerts == (BurnRateAlert(14.0, 1, None, "page"),)
    assert level.error_budget_minutes == pytest.approx(0.0005 * 28 * 1440)


@pytest.mark.parametrize(
    ("duration", "hours"), [("1M", 720), ("1Q", 2160), ("1Y", 8760), ("30d", 720), ("90m", 1.5)]
)
def test_calendar_windows(tmp_path, duration, hours):
    text = DOCUMENT.replace(
        "{duration: 4w, isRolling: true}", f"{{duration: {duration}, calendar: {{startTime: x}}}}"
    )
    (level,) = read_open_slo(written(tmp_path, text))
    assert (level.period_hours, level.rolling) == (hours, False)


def test_what_is_written_is_read_back(tmp_path):
    alerts = tuple(
        BurnRateAlert(one.burn_rate, one.long_hours, None, one.severity) for one in recommended_alerts()
    )
    levels = [
        ServiceLevel("a", 0.999, "shop", 720, True, alerts, "bad[5m]", "all[5m]"),
        ServiceLevel("b", 0.95, "shop", 672, False, (), "bad", "all"),
    ]
    assert read_open_slo(written(tmp_path, open_slo_text(levels))) == levels


LEVELS = [
    ServiceLevel("checkout", 0.999, "shop", alerts=tuple(recommended_alerts())),
    ServiceLevel("Sign-in 2", 0.95, period_hours=672, rolling=False),
]


def test_what_is_written_has_what_other_programs_need():
    documents = list(yaml.safe_load_all(open_slo_text(LEVELS)))
    names = []
    for document in documents:
        names += [(document["kind"], document["metadata"]["name"])]
        for policy in document["spec"].get("alertPolicies", ()):
            assert len(policy["spec"]["conditions"]) == 1
            (target,) = policy["spec"]["notificationTargets"]
            names.append(("AlertPolicy", policy["metadata"]["name"]))
            assert ("AlertNotificationTarget", target["targetRef"]) in [
                (one["kind"], one["metadata"]["name"]) for one in documents
            ]
    assert all(re.fullmatch("[a-z0-9][a-z0-9-]*", name) for _, name in names)
    assert len(set(names)) == len(names)
    assert documents[1]["metadata"] == {"name": "sign-in-2", "displayName": "Sign-in 2"}
    assert documents[1]["spec"]["service"] == "sign-in-2"
    assert documents[1]["spec"]["timeWindow"][0]["calendar"]["timeZone"] == "Etc/UTC"


def test_what_is_written_obeys_the_published_schemas():
    """Those of github.com/OpenSLO/OpenSLO, folder schemas/v1/parts, which OPENSLO_SCHEMAS names.

    The schema of an SLO takes names alone as its alert policies, where the specification's text also has
    whole ones. So the policies are held against their own schema, one by one.
    """
    if "OPENSLO_SCHEMAS" not in os.environ:
        pytest.skip("set OPENSLO_SCHEMAS to the folder schemas/v1/parts of a clone of OpenSLO/OpenSLO")
    jsonschema = pytest.importorskip("jsonschema")
    referencing = pytest.importorskip("referencing")
    parts = [
        json.loads(path.read_text("utf-8")) for path in Path(os.environ["OPENSLO_SCHEMAS"]).glob("*.json")
    ]
    registry = referencing.Registry().with_contents((part["$id"], part) for part in parts)
    home = next(part["$id"] for part in parts if part["$id"].endswith("/general.schema.json"))

    def obeys(document, name):
        schema = {"$ref": home.replace("general", name)}
        jsonschema.Draft7Validator(schema, registry=registry).validate(document)

    for document in yaml.safe_load_all(open_slo_text(LEVELS)):
        obeys(document, "general")
        policies = document["spec"].pop("alertPolicies", [])
        obeys(document, {"SLO": "slo-spec"}.get(document["kind"], "alertnotificationtarget-spec"))
        for policy in policies:
            obeys(policy, "metadata")
            obeys(policy, "alertpolicy-spec")
            for condition in policy["spec"]["conditions"]:
                obeys(condition, "alertcondition-spec")


def test_a_policy_can_be_a_name_alone(tmp_path):
    (level,) = read_open_slo(written(tmp_path, DOCUMENT.replace("alertPolicyRef: fast", "fast")))
    assert level.alerts == (BurnRateAlert(14.0, 1, None, "page"),)


@pytest.mark.parametrize(("change", "said"), [
    (("openslo/v1\nkind: SLO", "openslo/v1alpha\nkind: SLO"), "document 1, apiVersion: is not openslo/v1"),
    (("targetPercent: 99.95", "targetPercent: 100"), r"objectives\[0\]: a target of 1 can't be"),
    (("targetPercent: 99.95", "target: 99.95"), r"a target of 99.95 can't be"),
    (("targetPercent: 99.95", "displayName: x"), "give either target"),
    (("targetPercent: 99.95", "target: .nan"), "a target of nan can't be"),
    (("duration: 4w", "duration: 4 weeks"), "a duration is a number with"),
    (("name: fast}", "name: slow}"), "there is no AlertPolicy 'fast' in this file"),
    (("kind: burnrate", "kind: latency"), "only conditions of the kind burnrate"),
    (("threshold: 14", "threshold: lots"), "threshold: can't be 'lots'; it is a number"),
    (("threshold: 14", "threshold: 0"), "burn rate of an alert is a number above 0"),
    (("op: gt", "op: lt"), "fires above it"),
    (("metadata: {name: checkout}", "metadata: checkout"), "metadata: can't be 'checkout'; it is names"),
    (("objectives: [{targetPercent: 99.95}]", "objectives: []"), "is empty"),
    (("objectives: [", "objectives: {"), "not YAML"),
    (("kind: SLO", "kind: Service"), "no document of the kind SLO"),
])  # fmt: skip
def test_what_makes_no_sense_is_named(tmp_path, change, said):
    assert change[0] in DOCUMENT
    with pytest.raises(BadInput, match=said):
        read_open_slo(written(tmp_path, DOCUMENT.replace(*change, 1)))


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"- 1\n- 2\n", b"x: !!python/object/apply:os.system [ls]\n"]
)
def test_what_is_no_document_is_refused(tmp_path, content):
    path = tmp_path / "slo.yaml"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"slo\.yaml"):
        read_open_slo(path)


def test_rules_hold_the_windows_and_the_threshold(tmp_path):
    level = ServiceLevel("checkout", 0.999, alerts=recommended_alerts())
    text = prometheus_rules(
        level, 'http_requests_total{code=~"5.."}', "http_requests_total", [("team", "shop")]
    )
    recorded, alerting = (group["rules"] for group in yaml.safe_load(text)["groups"])
    assert [rule["record"].split(":")[-1] for rule in recorded] == ["5m", "30m", "1h", "6h", "3d"]
    assert re.findall(r"> ([\d.]+)", alerting[0]["expr"]) == ["0.0144", "0.0144"]
    assert alerting[2]["labels"] == {"severity": "ticket", "team": "shop"}
    with pytest.raises(BadInput, match="A counter is a name"):
        prometheus_rules(level, "up) or vector(1", "http_requests_total")
    with pytest.raises(BadInput, match="has no alert"):
        prometheus_rules(ServiceLevel("x", 0.9), "a", "b")
    if not shutil.which("promtool"):
        pytest.skip("promtool is missing: install Debian's package prometheus to check the rules with it.")
    path = written(tmp_path, text, "rules.yaml")
    checked = subprocess.run(["promtool", "check", "rules", path], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "8 rules found" in checked.stdout


def test_the_command_answers_by_flags(capsys):
    assert main(["slo", "--objective", "0.999", "--requests-per-hour", "60", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["error_budget_minutes"] == pytest.approx(43.2)
    assert [one["burn_rate"] for one in said["alerts"]] == [14.4, 6, 1]
    assert said["findings"][0]["kind"] == "one failure fires"


def test_the_command_answers_for_a_file(tmp_path, capsys):
    assert main(["slo", str(written(tmp_path, DOCUMENT)), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["error_budget_minutes"] == pytest.approx(20.16)
    assert said["alerts"][0]["detection_minutes"]["full"] == pytest.approx(14 * 0.0005 * 60)
    assert main(["slo", str(written(tmp_path, DOCUMENT))]) == 0
    assert capsys.readouterr().out.startswith("checkout: 99.95 % over 28 days (rolling)")


@pytest.mark.parametrize(("arguments", "said"), [
    ([], "Give either a file"),
    (["--objective", "1.5"], "An objective is a fraction"),
    (["--objective", "nan"], "An objective is a fraction"),
    (["--objective", "0.9", "--alert", "fast"], "--alert takes RATE"),
    (["--objective", "0.9", "--alert", "1:1y"], "--alert takes RATE"),
    (["--objective", "0.9", "--alert", "2:1h:2h"], "must be shorter"),
    (["--objective", "0.9", "--requests-per-hour", "-1"], "Requests an hour"),
    (["--objective", "0.9", "--days", "0"], "--days is a number above 0"),
    (["nowhere.yaml"], "can't read 'nowhere.yaml': No such file"),
])  # fmt: skip
def test_the_command_refuses_in_one_line(arguments, said, capsys):
    assert main(["slo", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


def test_the_command_starts_from_the_shell():
    done = subprocess.run(
        [sys.executable, "-m", "faultlab", "slo", "--objective", "0.9"], capture_output=True, text=True
    )
    assert done.returncode == 0
    assert "nobody is paged" in done.stdout

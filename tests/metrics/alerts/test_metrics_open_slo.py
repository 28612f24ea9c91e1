"""OpenSLO, and the slo command."""

import json
import subprocess
import sys

import pytest

from faultlab.__main__ import main
from faultlab.errors import BadInput
from faultlab.metrics.alerts.alert_reports import Slices
from faultlab.metrics.alerts.burn_rates import BurnRateAlert
from faultlab.metrics.alerts.open_slo import read_open_slo

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
    assert level.alerts == (BurnRateAlert(14.0, 1, None, "page", 5 / 60),)
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


def test_a_policy_can_be_a_name_alone(tmp_path):
    (level,) = read_open_slo(written(tmp_path, DOCUMENT.replace("alertPolicyRef: fast", "fast")))
    assert level.alerts == (BurnRateAlert(14.0, 1, None, "page", 5 / 60),)


@pytest.mark.parametrize(("change", "said"), [
    (("openslo/v1\nkind: SLO", "openslo/v1alpha\nkind: SLO"), "this is OpenSLO in another version"),
    (("targetPercent: 99.95", "targetPercent: 100"), r"objectives\[0\]: a target is .* not 1\."),
    (("targetPercent: 99.95", "target: 99.95"), r"a target is .* not 99\.95\."),
    (("targetPercent: 99.95", "displayName: x"), "give either target"),
    (("targetPercent: 99.95", "target: .nan"), "target: can't be 'nan'"),
    (("duration: 4w", "duration: 4 weeks"), "a duration is a number with"),
    (("name: fast}", "name: slow}"), "there is no AlertPolicy 'fast' in this file"),
    (("kind: burnrate", "kind: latency"), "only conditions of the kind burnrate"),
    (("threshold: 14", "threshold: lots"), "threshold: can't be 'lots'; it is a number"),
    (("threshold: 14", "threshold: 0"), "burn rate of an alert is a number above 0"),
    (("op: gt", "op: lt"), "fires above it"),
    (("metadata: {name: checkout}", "metadata: checkout"), "metadata: can't be 'checkout'; it is names"),
    (("objectives: [{targetPercent: 99.95}]", "objectives: []"), "is empty"),
    (("objectives: [", "objectives: {"), "not YAML"),
    (("targetPercent: 99.95", "targetPercent: 99,95"), "'95' is no key; write decimals with a point"),
    (("targetPercent: 99.95", "targetPercent: 99.95 %"), "such as 99.95, without quotes, comma or %"),
    (("targetPercent: 99.95", "target: 1" + "0" * 400), "so large a number"),
    (("isRolling: true", "isRolling: true, duration: 1d"), "'duration' stands twice, first in line 7"),
    (("---\n", ""), "'apiVersion' stands twice, first in line 2; keep one, or put --- between"),
    (("---\n", "---\n- - 1\n---\n"), "a list stands in a list"),
    (("kind: AlertPolicy", "kind: AlertPolice"), "it is one of SLO, SLI, AlertPolicy"),
    (("budgetingMethod: Occurrences", "budgetingMethod: Often"), "it is Occurrences, Timeslices"),
    (("kind: AlertPolicy\nmetadata: {name: fast}", "kind: SLO\nmetadata: {name: checkout}"), "a second SLO"),
    (("kind: SLO", "kind: Service"), "no document of the kind SLO"),
])  # fmt: skip
def test_what_makes_no_sense_is_named(tmp_path, change, said):
    assert change[0] in DOCUMENT
    with pytest.raises(BadInput, match=said):
        read_open_slo(written(tmp_path, DOCUMENT.replace(*change, 1)))


SLICED = DOCUMENT.replace("Occurrences", "Timeslices").replace(
    "{targetPercent: 99.95}", "{target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: 1m}"
)


def asked(capsys, *arguments):
    assert main(["slo", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_bad_slices_are_counted(tmp_path, capsys):
    (level,) = read_open_slo(written(tmp_path, SLICED))
    assert level.slices == Slices(1 / 60, 0.95)
    said = asked(capsys, tmp_path / "slo.yaml", "--requests-per-hour", 1000)
    (alert,) = said["alerts"]
    # Every slice is bad where a tenth fails, and none where a hundredth does.
    assert alert["detection_minutes"] == {
        "full": pytest.approx(14 * 0.01 * 60 + 5),
        "ten_percent": pytest.approx(14 * 0.01 * 60 + 5),
        "one_percent": None,
    }
    assert alert["failures_to_fire"] == 9  # bad slices of 60
    assert alert["false_alerts"] is None
    assert said["slices"] == {"minutes": pytest.approx(1), "target": 0.95}
    assert said["findings"][0]["kind"] == "one failure spoils a slice"
    busy = asked(capsys, tmp_path / "slo.yaml", "--requests-per-hour", 1300)
    assert busy["findings"][0]["kind"] == "slow burn unseen"


def test_one_bad_slice_that_fires_is_found(tmp_path, capsys):
    path = written(tmp_path, SLICED.replace("target: 0.99,", "target: 0.999,").replace("1m}]", "1h}]"))
    kinds = [one["kind"] for one in asked(capsys, path)["findings"]]
    assert kinds[0] == "one slice fires"


def test_averages_of_slices_are_shares_of_requests(tmp_path, capsys):
    counted = asked(capsys, written(tmp_path, DOCUMENT.replace("{targetPercent: 99.95}", "{target: 0.99}")))
    averaged = asked(capsys, written(tmp_path, SLICED.replace(": Timeslices", ": RatioTimeslices")))
    assert averaged["alerts"] == counted["alerts"]
    assert averaged["slices"] == {"minutes": pytest.approx(1), "target": None}


@pytest.mark.parametrize(
    ("written_as", "hours"), [("5", 5 / 60), ("'5'", 5 / 60), ("0.5", 1 / 120), ("2h", 2)]
)
def test_slices_are_in_minutes_where_no_unit_stands(tmp_path, written_as, hours):
    text = SLICED.replace("timeSliceWindow: 1m", f"timeSliceWindow: {written_as}")
    (level,) = read_open_slo(written(tmp_path, text.replace("lookbackWindow: 1h", "lookbackWindow: 1d")))
    assert level.slices.hours == pytest.approx(hours)


@pytest.mark.parametrize(("change", "said"), [
    (("timeSliceTarget: 0.95, ", ""), "timeSliceTarget: is missing; it is above 0 and up to 1"),
    (("timeSliceTarget: 0.95", "timeSliceTarget: 0"), "timeSliceTarget: can't be '0.0'"),
    (("timeSliceTarget: 0.95", "timeSliceTarget: 95"), "timeSliceTarget: can't be '95.0'"),
    ((", timeSliceWindow: 1m", ""), "timeSliceWindow: is missing"),
    (("timeSliceWindow: 1m", "timeSliceWindow: 0"), "timeSliceWindow: can't be '0'; it is in minutes"),
    (("timeSliceWindow: 1m", "timeSliceWindow: 2h"), "of 1 h holds no whole time slice of 2 h"),
    (("timeSliceWindow: 1m", "timeSliceWindow: 5w"), "A time slice of 35 d is longer than the period"),
    (("timeSliceTarget: 0.95", "timeSlicesTarget: 0.95"), "'timeSlicesTarget'; write timeSliceTarget"),
])  # fmt: skip
def test_slices_that_make_no_sense_are_named(tmp_path, change, said):
    assert change[0] in SLICED
    with pytest.raises(BadInput, match=said):
        read_open_slo(written(tmp_path, SLICED.replace(*change, 1)))


@pytest.mark.parametrize(("change", "said"), [
    (("duration: 4w", "duration: 1m"), "timeWindow: 1m is 1 min; m is a minute, M a month"),
    (("lookbackWindow: 1h", "lookbackWindow: 1M"), "lookbackWindow: 1M is 30 d; M is a month"),
    (("alertAfter: 5m", "alertAfter: 5M"), "alertAfter: 5M is 150 d"),
    (("timeWindow: [{duration: 4w, isRolling: true}]", "description: x"), "no timeWindow: 30 days"),
    (("spec:\n  conditions", "spec:\n  alertWhenBreaching: false\n  conditions"), "is left out: its policy"),
    (("{targetPercent: 99.95}", "{target: 0.9, timeSliceTarget: 0.9}"), "mean nothing where"),
])  # fmt: skip
def test_what_may_be_meant_otherwise_is_remarked(tmp_path, change, said, capsys):
    assert change[0] in DOCUMENT
    path = written(tmp_path, DOCUMENT.replace(*change, 1))
    assert said in " ".join(asked(capsys, path)["remarks"])
    assert main(["slo", str(path)]) == 0
    assert said in capsys.readouterr().out


def test_a_time_that_it_has_to_burn_is_added(tmp_path, capsys):
    text = DOCUMENT.replace("targetPercent: 99.95", "target: 0.99").replace(
        "alertAfter: 5m", "alertAfter: 12h"
    )
    said = asked(capsys, written(tmp_path, text))
    assert said["alerts"][0]["detection_minutes"]["full"] == pytest.approx(14 * 0.01 * 60 + 720)
    (gone,) = [one for one in said["findings"] if one["kind"] == "budget gone"]
    assert gone["finding"].startswith("In a total outage")
    assert "12 h" in gone["remedy"]


def test_standard_alerts_hold_whole_slices(tmp_path, capsys):
    text = SLICED.partition("  alertPolicies")[0].replace("Window: 1m", "Window: 2h")
    said = asked(capsys, written(tmp_path, text))
    windows = [(one["long_hours"], one["short_hours"]) for one in said["alerts"]]
    assert windows == [(6, None), (pytest.approx(67.2), pytest.approx(5.6))]
    assert "shorter than a time slice" in said["remarks"][-1]
    assert main(["slo", str(tmp_path / "slo.yaml"), "--alert", "14.4:1h"]) == 2
    assert "holds no whole time slice of 2 h" in capsys.readouterr().err


def test_documents_that_nothing_refers_to_are_named(tmp_path):
    spare = "---\n{apiVersion: openslo/v1, kind: KIND, metadata: {name: spare}, spec: {description: x}}\n"
    kinds = ["Service", "DataSource", "AlertNotificationTarget", "SLI", "AlertPolicy", "AlertCondition"]
    text = DOCUMENT + "".join(spare.replace("KIND", kind) for kind in kinds)
    (level,), (before,) = (
        read_open_slo(written(tmp_path, one, name)) for one, name in ((text, "a.yaml"), (DOCUMENT, "b.yaml"))
    )
    assert set(level.kept) - set(before.kept) == {f"{kind} 'spare'" for kind in kinds}
    assert (level.alerts, level.objective) == (before.alerts, before.objective)


@pytest.mark.parametrize("shape", ["yaml list", "kind: List", "two documents", "anchors"])
def test_documents_come_in_lists_too(tmp_path, shape):
    first, *others = [one.strip("\n") for one in DOCUMENT.split("---")]
    inner = ["- " + one.replace("\n", "\n  ") for one in (first, *others)]
    text = {
        "yaml list": "\n".join(inner),
        "kind: List": "apiVersion: v1\nkind: List\nitems:\n" + "\n".join(inner),
        "two documents": f"{inner[0]}\n---\n" + "\n".join(inner[1:]),
        "anchors": DOCUMENT.replace("[{duration", "[&window {duration"),
    }[shape]
    assert read_open_slo(written(tmp_path, text)) == read_open_slo(written(tmp_path, DOCUMENT, "b.yaml"))


def test_a_wide_tree_of_anchors_is_refused_in_one_line(tmp_path):
    bomb = "a0: &a0 [x]\n" + "".join(
        f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]\n" for n in range(30)
    )
    path = written(tmp_path, f"{bomb}apiVersion: openslo/v1\nkind: *a30\n")
    with pytest.raises(BadInput, match="kind: can't be a list; it is text"):
        read_open_slo(path)


@pytest.mark.parametrize(("text", "said"), [
    ("apiVersion: sloth.slok.dev/v1\nkind: PrometheusServiceLevel", "this is Sloth"),
    ("version: prometheus/v1\nservice: shop\nslos: []", "this is Sloth"),
    ("apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective", "this is Pyrra"),
    ("apiVersion: n9/v1alpha\nkind: SLO", "this is Nobl9"),
    ("- apiVersion: n9/v1alpha\n  kind: SLO", "item 1: this is Nobl9"),
    ("apiVersion: sre.google.com/v2\nkind: ServiceLevelObjective", "this is slo-generator"),
    ("service_name: a\nfeature_name: b\nslo_name: c", "this is slo-generator"),
    ("apiVersion: openslo/v1alpha\nkind: SLO", "this is OpenSLO in another version"),
    ("apiVersion: openslo.com/v2alpha\nkind: SLO", "this is OpenSLO in another version"),
    ("apiVersion: openslo/v1beta1\nkind: SLO", "this is OpenSLO in another version"),
    ("groups: []", "this is Prometheus's rules"),
    ("apiVersion: v1\nkind: Pod", "this isn't OpenSLO"),
    ("services: {}", "has no apiVersion"),
])  # fmt: skip
def test_other_formats_are_named_with_a_way_out(tmp_path, text, said, capsys):
    assert main(["slo", str(written(tmp_path, text))]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "--objective 0.999" in err
    assert "--alert" in err


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"- 1\n- 2\n", b"x: !!python/object/apply:os.system [ls]\n"]
)
def test_what_is_no_document_is_refused(tmp_path, content):
    path = tmp_path / "slo.yaml"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"slo\.yaml"):
        read_open_slo(path)


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
    assert said["alerts"][0]["detection_minutes"]["full"] == pytest.approx(14 * 0.0005 * 60 + 5)
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
    (["--objective", "0,999"], "without comma or %, not '0,999'"),
    (["--objective", "99.9%"], "--objective takes a number such as 0.999"),
    (["--objective", "0.9", "--days", "month"], "--days takes a number"),
    (["--objective", "0.9", "--requests-per-hour", "1,000"], "--requests-per-hour takes a number"),
    (["--objective", "0.9", "--days", "1e-300"], "--days is a number above 0"),
    (["--objective", "0.9", "--requests-per-hour", "1e300"], "Requests an hour are from"),
    (["--objective", "0.9", "--requests-per-hour", "1e12"], "give the traffic of one part"),
    (["--objective", "0.9", "--alert", "1e300:1h"], "burn rate of an alert is from"),
    (["--objective", "0.9", "--alert", "infinity:1h"], "burn rate of an alert is a number above 0"),
    (["--objective", "0.9", "--days", "0.001", "--rules", "x"], "has no alert"),
    (["--objective", "0.9", "--rules", "x", "--bad", "up) or v", "--total", "a"], "A counter is a name"),
    (["--objective", "0.9", "--rules", "x", "--bad", "up"], "Name the counters"),
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

"""Rules for Prometheus: read back, named apart, and held against `promtool` with names that bite."""

import random
import re
import shutil
import subprocess
from dataclasses import replace

import pytest
import yaml

from faultlab.__main__ import main
from faultlab.errors import BadInput
from faultlab.metrics.alerts.alert_reports import Slices
from faultlab.metrics.alerts.burn_rates import BurnRateAlert, recommended_alerts
from faultlab.metrics.alerts.open_slo import ServiceLevel
from faultlab.metrics.alerts.prometheus import prometheus_rules

PAGE = BurnRateAlert(14.4, 1, 1 / 12)
BAD, TOTAL = 'http_requests_total{code=~"5.."}', "http_requests_total"


def written(levels, bad=BAD, total=TOTAL):
    return prometheus_rules([replace(level, bad=bad, total=total) for level in levels])


def rules_of(text):
    return [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


def alerts_of(text):
    return [rule for rule in rules_of(text) if "alert" in rule]


def checked(tmp_path, text):
    """What promtool says against rules; it is empty where all is well."""
    if not shutil.which("promtool"):
        pytest.skip("promtool is missing: install Debian's package prometheus to check the rules with it.")
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run(["promtool", "check", "rules", path], capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode or "duplicate" in done.stdout else ""


def test_rules_hold_the_windows_and_the_threshold(tmp_path):
    level = ServiceLevel("checkout", 0.999, alerts=recommended_alerts())
    text = written([level])
    recorded, alerting = (group["rules"] for group in yaml.safe_load(text)["groups"])
    assert [rule["record"].split(":")[-1] for rule in recorded] == ["5m", "30m", "1h", "6h", "3d"]
    assert re.findall(r"> ([\d.]+)", alerting[0]["expr"]) == ["0.0144", "0.0144"]
    assert alerting[2]["labels"] == {"severity": "ticket"}
    assert [rule["alert"] for rule in alerting] == [f"CheckoutBurnsOver{span}" for span in ("1h", "6h", "3d")]
    assert checked(tmp_path, text) == ""


def test_operator_and_waiting_time_are_written():
    level = ServiceLevel("a", 0.99, alerts=(BurnRateAlert(2, 1, None, "page", 0.5, or_equal=True),))
    (rule,) = alerts_of(written([level]))
    assert rule["expr"] == 'slo:error_ratio:1h{slo="a"} >= 0.02'
    assert rule["for"] == "30m"


@pytest.mark.parametrize(
    "alerts",
    [
        (PAGE, BurnRateAlert(6, 1, 0.5)),
        (PAGE, BurnRateAlert(6, 1, 1 / 12)),
        (PAGE, PAGE, PAGE),
        (PAGE, BurnRateAlert(14.4, 1, 1 / 12, "ticket")),
    ],
)
def test_every_alert_has_a_name_of_its_own(tmp_path, alerts):
    text = written([ServiceLevel("a", 0.999, alerts=alerts)])
    names = [rule["alert"] for rule in alerts_of(text)]
    assert len(set(names)) == len(alerts)
    assert checked(tmp_path, text) == ""


def test_objectives_whose_names_look_alike_are_kept_apart(tmp_path):
    levels = [ServiceLevel(name, 0.999, alerts=(PAGE,)) for name in ("a b", "a-b", "A B")]
    text = written(levels)
    assert len({rule["alert"] for rule in alerts_of(text)}) == 3
    assert checked(tmp_path, text) == ""


PIECES = ['"', "'", "`", "\n", "\t", "\r", "\x07", "\x7f", "\x85", "\u2028", "\ufeff", "é", "支払い", "😀"]
PIECES += ["\\", "\\u00e9", "{{", "}}", "{", "}", "{{ .x }}", "%", "#", ": ", "- ", "|", "&a", "*a", "!", " "]


def test_names_that_bite_are_read_by_promtool_as_they_are(tmp_path):
    rng = random.Random(20261128)
    names = {"".join(rng.choices(PIECES, k=rng.randint(1, 6))) for _ in range(200)}
    levels = [
        ServiceLevel(name, 0.999, alerts=(PAGE, BurnRateAlert(6, 1, 0.5, name))) for name in sorted(names)
    ]
    text = written(levels)
    assert checked(tmp_path, text) == ""
    recorded = [rule["labels"]["slo"] for rule in rules_of(text) if "record" in rule]
    assert set(recorded) == names


@pytest.mark.parametrize("name", ['the "best"\nshop', "a\\b", "{{ .Labels }}", "C:\\new"])
def test_an_alert_fires_for_the_name_it_was_written_for(tmp_path, name):
    """Promtool plays the rules: the strings of PromQL and the templates say what was meant."""
    text = written([ServiceLevel(name, 0.9, alerts=(BurnRateAlert(2, 1, 1 / 12, "page"),))], "bad", "all")
    assert checked(tmp_path, text) == ""
    (rule,) = alerts_of(text)
    summary = rule["annotations"]["summary"].replace('{{"{{"}}', "{{")
    played = {
        "rule_files": ["rules.yaml"],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": one, "values": "0+60x120"} for one in ("bad", "all")],
                "alert_rule_test": [
                    {
                        "eval_time": "100m",
                        "alertname": rule["alert"],
                        "exp_alerts": [
                            {
                                "exp_labels": {"severity": "page", "slo": name},
                                "exp_annotations": {"summary": summary},
                            }
                        ],
                    }
                ],
            }
        ],
    }
    (tmp_path / "played.yaml").write_text(yaml.safe_dump(played), encoding="utf-8")
    done = subprocess.run(
        ["promtool", "test", "rules", "played.yaml"], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("counter", [
    'a{code=~"5[0-9]{2}"}', "a{}", "a:b_total", "a{route='/x/{id}', code!~`4..`,}",
    'a{x="\\"}{"}', 'a{ x = "1" }',
])  # fmt: skip
def test_selectors_are_read(tmp_path, counter):
    text = written([ServiceLevel("x", 0.99, alerts=(PAGE,))], counter)
    assert checked(tmp_path, text) == ""
    assert counter in rules_of(text)[0]["expr"]


@pytest.mark.parametrize("counter", [
    "up) or vector(1", 'a{x="1}', "a{x=1}", 'a{x="1"}[5m]', "a b", "5a", 'a{x="1" y="2"}', "a{,}", "sum(a)",
])  # fmt: skip
def test_what_is_no_counter_is_refused(counter):
    with pytest.raises(BadInput, match="A counter is a name"):
        written([ServiceLevel("x", 0.99, alerts=(PAGE,))], counter)


@pytest.mark.parametrize(("levels", "said"), [
    ([ServiceLevel("x", 0.9)], "x has no alert"),
    ([ServiceLevel("x", 0.9, alerts=(PAGE,))] * 2, "Two objectives have one name"),
    ([ServiceLevel("x", 0.9, alerts=(BurnRateAlert(1, 1 / 90),))], "no whole number of minutes"),
    ([ServiceLevel("x", 0.9, alerts=(BurnRateAlert(1, 1e8),))], "longer than Prometheus can look back"),
])  # fmt: skip
def test_what_prometheus_would_refuse_is_refused(levels, said):
    with pytest.raises(BadInput, match=said):
        written(levels)


@pytest.mark.parametrize("target", [0.95, None])
def test_time_slices_are_counted_by_a_subquery(tmp_path, target):
    level = ServiceLevel("x", 0.99, alerts=(BurnRateAlert(2, 1),), slices=Slices(1 / 12, target))
    text = written([level])
    assert checked(tmp_path, text) == ""
    assert "[1h:5m])" in rules_of(text)[0]["expr"]
    assert ("> bool 0.05" in text) == (target is not None)


def test_the_command_writes_them(tmp_path, capsys):
    path = tmp_path / "rules.yaml"
    assert main(["slo", "--objective", "0.999", "--days", "7", "--rules", str(path)]) == 0
    assert "--bad and --total" in capsys.readouterr().out
    text = path.read_text("utf-8")
    assert BAD in text
    assert len(alerts_of(text)) == 3
    assert checked(tmp_path, text) == ""


SLO = """apiVersion: openslo/v1
kind: SLO
metadata: {name: 'pay "now"'}
spec:
  indicator: {spec: {ratioMetric: {good: {metricSource: {spec: {query: GOOD }}},
    total: {metricSource: {spec: {query: requests_total}}}}}}
  timeWindow: [{duration: 28d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.99}, {target: 0.999}]
"""


def test_counters_of_the_file_are_used(tmp_path, capsys):
    source, rules = tmp_path / "slo.yaml", tmp_path / "rules.yaml"
    source.write_text(SLO.replace("GOOD", "'good_total{code!~\"5[0-9]{2}\"}'"), encoding="utf-8")
    assert main(["slo", str(source), "--rules", str(rules)]) == 0
    text = rules.read_text("utf-8")
    assert rules_of(text)[0]["expr"].startswith('1 - sum(rate(good_total{code!~"5[0-9]{2}"}[5m]))')
    assert len(alerts_of(text)) == 6
    assert checked(tmp_path, text) == ""
    source.write_text(SLO.replace("GOOD", "'sum(rate(good_total[1m]))'"), encoding="utf-8")
    assert main(["slo", str(source), "--rules", str(rules)]) == 2
    assert "A counter is a name" in capsys.readouterr().err
    assert (
        main(["slo", str(source), "--rules", str(rules), "--bad", "bad_total", "--total", "all_total"]) == 0
    )
    assert "sum(rate(bad_total[5m])) / sum(rate(all_total[5m]))" in rules.read_text("utf-8")

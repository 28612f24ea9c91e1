"""The alert linter: the cases that people met in public, and alerts with nothing wrong."""

import pytest

from faultlab.errors import BadInput
from faultlab.metrics.alerts.alert_linter import alert_findings
from faultlab.metrics.alerts.alert_reports import alert_report
from faultlab.metrics.alerts.burn_rates import BurnRateAlert, recommended_alerts

PAGE = BurnRateAlert(14.4, 1, 1 / 12)


def kinds(*arguments, **options):
    return [
        (one.kind, one.alert.split()[0] + one.alert.split()[1][:2])
        for one in alert_findings(*arguments, **options)
    ]


def test_a_busy_service_at_three_nines_is_fine():
    assert alert_findings(recommended_alerts(), 0.999, requests_per_hour=100_000) == []


@pytest.mark.parametrize(
    ("objective", "never"), [(0.9306, 0), (0.9305, 1), (0.8334, 1), (0.8333, 2), (0.5, 2)]
)
def test_alerts_that_can_never_fire(objective, never):
    found = alert_findings(recommended_alerts(), objective)
    assert [one.kind for one in found].count("never fires") == never


def test_one_failure_fires_up_to_69_requests_an_hour():
    assert ("one failure fires", "page14") in kinds([PAGE], 0.999, 69)
    assert ("one failure fires", "page14") not in kinds([PAGE], 0.999, 70)
    remedy = alert_findings([PAGE], 0.999, 60)[0].remedy
    assert "at least 70 requests" in remedy
    # What it advises mends it.
    assert ("one failure fires", "page14") not in kinds([BurnRateAlert(14.4, 2, 1 / 12)], 0.999, 60)


def test_a_short_window_without_requests_is_named():
    found = [one for one in alert_findings([PAGE], 0.999, 6) if one.kind == "short window is empty"]
    assert found[0].remedy.startswith("Lengthen it to at least 10 min")


def test_budget_gone_before_it_fires():
    (found,) = [one for one in alert_findings([BurnRateAlert(20, 72)], 0.99) if one.kind == "budget gone"]
    assert "200%" in found.finding
    assert "below 36 h" in found.remedy


def test_a_slow_burn_is_seen_by_nobody_without_the_ticket():
    found = alert_findings(recommended_alerts()[:2], 0.999)
    assert [one.kind for one in found] == ["slow burn unseen"]
    assert "spends the whole budget in 5 days" in found[0].finding


def test_the_gravest_comes_first():
    found = [one.kind for one in alert_findings(recommended_alerts()[:2], 0.9, 5)]
    assert found[0] == "never fires"
    assert found[-1] == "slow burn unseen"


def test_report_holds_the_figures():
    report = alert_report(PAGE, 0.999, 60)
    assert report.detection_minutes == {
        "full": pytest.approx(0.864),
        "ten_percent": pytest.approx(8.64),
        "one_percent": None,
    }
    assert report.reset_minutes == pytest.approx(4.928)
    assert report.failures_to_fire == 1
    assert report.false_alerts == pytest.approx(43, abs=0.05)
    assert alert_report(PAGE, 0.9).can_fire is False
    assert alert_report(PAGE, 0.9).reset_minutes is None


def test_no_alert_is_refused():
    with pytest.raises(BadInput, match="There is no alert"):
        alert_findings([], 0.999)

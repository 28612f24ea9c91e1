"""Burn-rate alerts: the figures of the Workbook's chapter 5, SciPy's binomial, and a simulation."""

import math

import numpy as np
import pytest
from optional import peer

from faultlab.errors import BadInput
from faultlab.metrics.alerts.burn_rates import (
    BurnRateAlert,
    budget_spent_when_it_fires,
    detection_hours,
    highest_burn_rate,
    hours_until_spent,
    recommended_alerts,
    reset_hours,
)
from faultlab.metrics.alerts.chance_alerts import failures_to_fire, false_alerts

stats = peer("scipy.stats")

PAGE = BurnRateAlert(14.4, 1, 1 / 12)


def test_recommended_alerts_are_the_workbooks_table():
    found = [(one.burn_rate, one.long_hours, one.short_hours, one.severity) for one in recommended_alerts()]
    assert found == [(14.4, 1, 1 / 12, "page"), (6, 6, 0.5, "page"), (1, 72, 6, "ticket")]
    assert [budget_spent_when_it_fires(one) for one in recommended_alerts()] == pytest.approx(
        [0.02, 0.05, 0.1]
    )
    assert budget_spent_when_it_fires(BurnRateAlert(3, 24)) == pytest.approx(0.10)


@pytest.mark.parametrize(("rate", "hours", "seconds"), [
    (14.4, 1, 51.84), (6, 6, 129.6), (1, 72, 259.2), (36, 1, 129.6), (1, 36, 129.6), (1, 1 / 6, 0.6),
])  # fmt: skip
def test_detection_of_a_full_outage(rate, hours, seconds):
    assert 3600 * detection_hours(BurnRateAlert(rate, hours), 0.999, 1.0) == pytest.approx(seconds)


def test_what_never_fires():
    assert detection_hours(PAGE, 0.999, 0.01) == math.inf  # 1 % is below 1.44 %
    assert detection_hours(PAGE, 0.999, 0.0144) == math.inf
    assert detection_hours(PAGE, 0.999, 0.0145) < 1
    assert detection_hours(BurnRateAlert(36, 1), 0.999, 0.035) == math.inf
    assert highest_burn_rate(0.5) == 2
    for objective, rate in ((0.9305, 14.4), (0.8333, 6)):
        assert highest_burn_rate(objective) < rate
        assert detection_hours(BurnRateAlert(rate, 1), objective, 1.0) == math.inf


def test_reset_and_exhaustion():
    assert 60 * reset_hours(BurnRateAlert(36, 1), 0.999) == pytest.approx(57.84)  # the book says 58
    assert reset_hours(PAGE, 0.999, 1.0, outage_hours=0.01) is None
    assert 60 * reset_hours(PAGE, 0.999, 1.0, outage_hours=0.1) == pytest.approx(5 * (1 - 0.0144))
    assert hours_until_spent(35) == pytest.approx(20.57, abs=0.005)
    assert hours_until_spent(1000) == pytest.approx(0.72)
    assert hours_until_spent(14.4) == pytest.approx(50)


@pytest.mark.parametrize("requests", [1, 5, 60, 69, 70, 1_000, 250_000, 3_000_000])
@pytest.mark.parametrize("objective", [0.9, 0.999, 0.99999])
def test_share_of_windows_over_is_a_binomial_tail(requests, objective):
    found = false_alerts(PAGE, objective, requests)
    exact = stats.binom.sf(
        math.floor(14.4 * (1 - objective) * requests * (1 + 1e-12)), requests, round(1 - objective, 15)
    )
    assert found.share_over == pytest.approx(exact, rel=1e-9, abs=1e-25)


def test_one_failed_request_fires_below_seventy_an_hour():
    assert [failures_to_fire(PAGE, 0.999, n) for n in (1, 69, 70, 138, 139)] == [1, 1, 2, 2, 3]
    found = false_alerts(PAGE, 0.999, 60)
    assert found.share_over == pytest.approx(1 - 0.999**60)
    assert 720 * found.share_over == pytest.approx(42, abs=0.5)


@pytest.mark.parametrize(("alert", "objective", "requests"), [
    (PAGE, 0.999, 60),
    (BurnRateAlert(3, 1, 1 / 12), 0.99, 240),
    (BurnRateAlert(2, 1), 0.9, 40),
    (BurnRateAlert(2, 2, 0.25), 0.9, 40),
    (BurnRateAlert(1, 1, 0.5), 0.8, 20),
    (BurnRateAlert(3, 6, 0.5), 0.95, 12),
])  # fmt: skip
def test_alerts_and_time_agree_with_a_simulation(alert, objective, requests):
    rng = np.random.default_rng(20261125)
    failed = rng.random(1_500_000) < 1 - objective
    total = np.concatenate([[0], np.cumsum(failed)])

    def over(hours):
        window = max(1, round(hours * requests))
        count = total[window:] - total[:-window]
        over = count > alert.burn_rate * (1 - objective) * window * (1 + 1e-12)
        return np.concatenate([np.zeros(window - 1, bool), over])

    firing = over(alert.long_hours)
    if alert.short_hours is not None:
        firing &= over(alert.short_hours)
    starts = int((firing[1:] & ~firing[:-1]).sum())
    found = false_alerts(alert, objective, requests, period_hours=len(failed) / requests)
    # Starts come in clusters: wider than the spread of a Poisson count.
    assert abs(found.alerts - starts) < 5 * math.sqrt(found.alerts)
    assert found.share_firing == pytest.approx(firing.mean(), rel=5 / math.sqrt(starts))


@pytest.mark.parametrize(("call", "said"), [
    (lambda: BurnRateAlert(0, 1), "burn rate of an alert is a number above 0"),
    (lambda: BurnRateAlert(1, math.nan), "window of an alert"),
    (lambda: BurnRateAlert(1, 1, 1), "must be shorter"),
    (lambda: highest_burn_rate(1.0), "less than 1, such as 0.999, not 1.0"),
    (lambda: highest_burn_rate("0.9"), "not '0.9'"),
    (lambda: detection_hours(PAGE, 0.999, 0), "above 0 and at most 1"),
    (lambda: false_alerts(PAGE, 0.999, 0), "Requests an hour"),
    (lambda: hours_until_spent(-1), "burn rate is a number above 0"),
    (lambda: recommended_alerts(0), "period of an objective"),
])  # fmt: skip
def test_bad_input_is_one_sentence(call, said):
    with pytest.raises(BadInput, match=said):
        call()

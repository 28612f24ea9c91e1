"""The slo command over its whole range of input: answers or one sentence, and no advice below a rate of 1."""

import json
import math
import re
from contextlib import redirect_stderr, redirect_stdout
from fractions import Fraction
from io import StringIO

from hypothesis import example, given, settings
from hypothesis import strategies as st

from faultlab.__main__ import main
from faultlab.metrics.alerts.alert_linter import alert_findings
from faultlab.metrics.alerts.alert_reports import Slices, alert_report
from faultlab.metrics.alerts.burn_rates import (
    BurnRateAlert,
    allowed_share,
    detection_hours,
    left_out_or_shortened,
    recommended_alerts,
)
from faultlab.metrics.alerts.open_slo import ServiceLevel
from faultlab.metrics.budgets.error_budgets import error_budget

objectives = st.one_of(
    st.floats(0, 1, exclude_max=True),
    st.sampled_from([0, 1e-16, 1e-300, 0.5, 0.9, 0.999, 0.999999999, 0.9999999999999999]),
)
any_float = st.floats(allow_nan=True, allow_infinity=True)
rates = st.one_of(st.floats(1e-9, 1e18), st.floats(0.5, 20), st.sampled_from([1, 0.93, 14.4]))
hours = st.one_of(st.floats(1 / 60, 2000), st.sampled_from([1, 6, 72]))
periods = st.floats(1 / 60, 24 * 9_999)
traffic = st.one_of(st.none(), st.floats(1e-6, 1e7))
alerts = st.builds(
    BurnRateAlert,
    rates,
    hours,
    st.none(),
    st.sampled_from(["page", "ticket"]),
    st.sampled_from([0, 0.1, 12]),
    st.booleans(),
)


def asked(*arguments):
    """Exit status and what was said on either stream."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(["slo", *arguments])
    return status, out.getvalue(), err.getvalue()


@settings(deadline=None, max_examples=150)
@given(
    st.one_of(objectives, any_float),
    st.one_of(periods.map(lambda hours: hours / 24), any_float),
    st.one_of(traffic, any_float),
    st.lists(st.tuples(st.one_of(rates, any_float), hours, st.one_of(st.none(), hours)), max_size=3),
    st.booleans(),
)
@example(0.0, 30.0, 60.0, [], False)
@example(0.9999999999999999, 30.0, None, [], True)
@example(1e-16, 30.0, 60.0, [], True)
@example(5e-324, 30.0, 1e-6, [], True)
@example(0.5, 30.0, 1e7, [], False)
@example(0.999, 1 / 1440, 1e7, [(1.0, 2000.0, None)], True)
def test_every_input_is_answered_or_refused_in_one_line(objective, days, requests, asked_for, as_json):
    arguments = [f"--objective={objective!r}", f"--days={days!r}"]
    if requests is not None:
        arguments.append(f"--requests-per-hour={requests!r}")
    for rate, long, short in asked_for:
        arguments.append(f"--alert={rate!r}:{long!r}h" + ("" if short is None else f":{short!r}h"))
    status, out, err = asked(*arguments, *(["--json"] if as_json else []))
    assert status in (0, 2)
    if status == 2:
        assert out == ""
        assert re.fullmatch(r"[^\n]+[.]\n", err)
        return
    assert err == ""
    if as_json:
        said = json.loads(out)
        assert said["error_budget_minutes"] > 0
        assert all(0 <= alert["budget_spent"] < math.inf for alert in said["alerts"])
        assert all(rate >= 1 for rate in [one["burn_rate"] for one in said["alerts"]] if not asked_for)


@given(periods)
@example(672.0)
@example(168.0)
@example(24.0)
def test_no_rate_below_one_is_recommended(period):
    found = recommended_alerts(period)
    assert all(alert.burn_rate >= 1 for alert in found)
    assert all(alert.long_hours < period for alert in found)
    # Prometheus's ranges are whole minutes.
    for alert in found:
        assert math.isclose(60 * alert.short_hours, round(60 * alert.short_hours), abs_tol=1e-6)
    whole = [alert for alert in found if alert.long_hours in (1, 6, 72)]
    assert len(whole) + len(left_out_or_shortened(period)) == 3


def rates_in(text):
    """Burn rates that a remedy names."""
    return [float(number) for number in re.findall(r"(?:such as|burn rate (?:to )?) ?([\d.e+]+\d)", text)]


@settings(deadline=None)
@given(st.lists(alerts, min_size=1, max_size=3), objectives, traffic, periods)
@example([BurnRateAlert(3, 1)], 0.5, None, 720.0)
@example([BurnRateAlert(3, 1)], 0.0, None, 720.0)
@example([BurnRateAlert(0.168, 72)], 0.999, 1e5, 168.0)
def test_findings_advise_no_rate_below_one_and_find_those(found, objective, requests, period):
    findings = alert_findings(found, objective, requests, period)
    for one in findings:
        assert all(rate >= 1 for rate in rates_in(one.remedy)), one
    always = {one.alert for one in findings if one.kind == "fires always"}
    never = {one.alert for one in findings if one.kind == "never fires"}
    below = {alert.name for alert in found if alert.burn_rate < 1}
    assert below - never <= always <= below


@given(objectives, objectives)
def test_budgets_are_above_zero_and_fall_as_objectives_rise(one, two):
    low, high = sorted((one, two))
    assert 0 < allowed_share(high) <= allowed_share(low) <= 1
    budgets = [ServiceLevel("x", objective).error_budget_minutes for objective in (low, high)]
    assert budgets[0] >= budgets[1] > 0
    assert error_budget(low, 1, "month").allowed >= error_budget(high, 1, "month").allowed > 0


@given(objectives)
def test_what_is_allowed_is_one_minus_the_objective_as_it_is_written(objective):
    exact = 1 - Fraction(repr(float(objective)))
    assert math.isclose(allowed_share(objective), exact, rel_tol=1e-9, abs_tol=0)


@given(alerts, objectives, st.floats(1e-6, 1), st.floats(1e-6, 1), st.one_of(st.none(), st.floats(0.01, 1)))
def test_worse_outages_are_seen_no_later(alert, objective, one, two, target):
    mild, bad = sorted((one, two))
    later = detection_hours(alert, objective, mild, target)
    sooner = detection_hours(alert, objective, bad, target)
    assert sooner <= later * (1 + 1e-12)
    assert later == math.inf or later <= (alert.long_hours + alert.after_hours) * (1 + 1e-9)


@given(alerts, objectives, st.floats(0.01, 1))
def test_slices_are_bad_or_good(alert, objective, target):
    report = alert_report(alert, objective, slices=Slices(1 / 60, target))
    seen = {minutes for minutes in report.detection_minutes.values() if minutes is not None}
    assert len(seen) <= 1  # as soon as a slice is bad it is wholly bad

"""Intervals: against tables, against SciPy, and by simulating how often they hold the truth."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optional import peer

from faultlab.errors import BadInput
from faultlab.metrics.budgets.error_budgets import error_budget, minutes_down
from faultlab.metrics.estimates.estimates import Estimate, availability_interval, counted_share, mtbf, mttr
from faultlab.metrics.incidents.table import read_incidents
from faultlab.metrics.reports.measurement import measure, summarise

stats = peer("scipy.stats")

# Computed with SciPy from the formulas of the NIST handbook 8.4.5.1, apart from this package.
NIST_TABLE = [
    # hours, failures, confidence, one-sided lower, two-sided lower, two-sided upper
    (1000, 0, 0.90, 434.2945, 333.8082, None),
    (1000, 0, 0.95, 333.8082, 271.0850, None),
    (1000, 1, 0.90, 257.0879, 210.7986, 19495.7257),
    (10000, 5, 0.90, 1078.2050, 951.2001, 5075.7568),
    (10000, 5, 0.80, 1264.8632, 1078.2050, 4110.8431),
]


@pytest.mark.parametrize("row", NIST_TABLE)
def test_mtbf_agrees_with_the_nist_formulas(row):
    hours, failures, confidence, one_sided, low, high = row
    found = mtbf(hours, failures, confidence)
    assert mtbf(hours, failures, 2 * confidence - 1).low == pytest.approx(one_sided, abs=5e-5)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == (None if high is None else pytest.approx(high, abs=5e-5))
    assert found.value == (None if failures == 0 else hours / failures)


@given(st.floats(1, 1e6), st.integers(1, 3000), st.sampled_from([0.5, 0.8, 0.9, 0.99]))
def test_mtbf_limits_agree_with_scipy(hours, failures, confidence):
    found, tail = mtbf(hours, failures, confidence), (1 - confidence) / 2
    assert found.low == pytest.approx(2 * hours / stats.chi2.ppf(1 - tail, 2 * failures + 2), rel=1e-9)
    assert found.high == pytest.approx(2 * hours / stats.chi2.ppf(tail, 2 * failures), rel=1e-9)


def coverage(draw, truth, n, rounds=2500):
    rng = np.random.default_rng(2026 + n)
    held = 0
    for _ in range(rounds):
        found = mttr(draw(rng, n), 0.9)
        held += found.low <= truth and (found.high is None or truth <= found.high)
    return held / rounds


@pytest.mark.parametrize("sigma", [1.0, 1.3, 1.6])
@pytest.mark.parametrize("n", [6, 12, 50])
def test_the_interval_of_the_mttr_holds_the_truth_nine_times_in_ten(n, sigma):
    # Two standard errors of the simulation are 1.2 points.
    share = coverage(lambda rng, k: np.exp(sigma * rng.standard_normal(k)), math.exp(sigma**2 / 2), n)
    assert 0.875 < share < 0.925


@pytest.mark.parametrize("sigma", [1.0, 1.6])
@pytest.mark.parametrize("n", [1, 2, 5])
def test_with_few_repairs_the_assumed_spread_keeps_the_interval_honest(n, sigma):
    share = coverage(lambda rng, k: np.exp(sigma * rng.standard_normal(k)), math.exp(sigma**2 / 2), n)
    assert share > 0.88


@pytest.mark.parametrize(
    ("draw", "truth"),
    [
        (lambda rng, k: rng.exponential(1.0, k), 1.0),
        (lambda rng, k: rng.gamma(2.0, 1.0, k), 2.0),
    ],
    ids=["exponential", "gamma 2"],
)
@pytest.mark.parametrize("n", [6, 50, 300])
def test_repairs_of_another_shape_are_covered_too(draw, truth, n):
    assert coverage(draw, truth, n, rounds=1200) > 0.86


@pytest.mark.parametrize(("n", "share"), [(6, 0.89), (12, 0.84), (50, 0.77)])
def test_other_uneven_repairs_are_covered_less_often(n, share):
    found = coverage(lambda rng, k: rng.weibull(0.6, k), math.gamma(1 + 1 / 0.6), n)
    assert found == pytest.approx(share, abs=0.025)


def test_six_repairs_of_two_kinds_are_covered_least():
    def of_two_kinds(rng, k):
        return np.where(rng.random(k) < 1 / 7, 20, 1) * rng.lognormal(0, 0.5, k)

    assert coverage(of_two_kinds, math.exp(0.125) * (1 + 19 / 7), 6) == pytest.approx(0.6, abs=0.04)


def test_the_textbook_interval_would_not_do():
    """The reason for all this: Student's t on skewed durations."""
    rng = np.random.default_rng(1)
    repairs = np.exp(1.6 * rng.standard_normal((4000, 12)))
    means, errors = repairs.mean(axis=1), stats.sem(repairs, axis=1)
    half = stats.t.ppf(0.95, 11) * errors
    held = (means - half <= math.exp(1.28)) & (math.exp(1.28) <= means + half)
    assert 0.60 < held.mean() < 0.72


def test_the_interval_agrees_with_the_published_formula():
    """Zou, Huo and Taleban's limits, written out again with SciPy's quantiles."""
    minutes = np.array([3.0, 9, 14, 22, 41, 60, 75, 190, 300])
    logs, n = np.log(minutes), len(minutes)
    m, s2, z = logs.mean(), logs.var(ddof=1), stats.norm.ppf(0.95)
    low_part = (s2 / 2) * (1 - (n - 1) / stats.chi2.ppf(0.95, n - 1))
    high_part = (s2 / 2) * ((n - 1) / stats.chi2.ppf(0.05, n - 1) - 1)
    low = math.exp(m + s2 / 2 - math.sqrt(z**2 * s2 / n + low_part**2))
    high = math.exp(m + s2 / 2 + math.sqrt(z**2 * s2 / n + high_part**2))
    found = mttr(minutes)
    assert "MOVER" in found.method
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))
    assert found.value == pytest.approx(minutes.mean())


def test_the_test_of_shape_agrees_with_scipy():
    from faultlab.metrics.estimates.estimates import _looks_normal

    rng = np.random.default_rng(3)
    for draw in (rng.standard_normal, rng.exponential, rng.random):
        for n in (8, 20, 200):
            values = draw(size=n)
            scaled = np.sort(stats.zscore(values, ddof=1))
            weights = 2 * np.arange(1, n + 1) - 1
            logs = stats.norm.logcdf(scaled) + stats.norm.logsf(scaled[::-1])
            adjusted = (-n - np.mean(weights * logs)) * (1 + 0.75 / n + 2.25 / n**2)
            assert _looks_normal(values) == (adjusted < 0.752)


def test_none_one_and_two_repairs_say_what_they_can():
    none = mttr([])
    assert (none.value, none.low, none.high) == (None, None, None)
    assert "no duration" in none.method
    one = mttr([30])
    assert one.low < 30 < one.high
    assert "too few" in one.method
    two = mttr([20, 40])
    assert one.high - one.low > two.high - two.low
    zero = mttr([0, 0])
    assert (zero.value, zero.low) == (0.0, None)


@given(st.lists(st.floats(0, 1e5), max_size=40), st.sampled_from([0.5, 0.9, 0.99]))
def test_whatever_the_durations_the_value_lies_within_its_limits(minutes, confidence):
    found = mttr(minutes, confidence)
    if found.value is not None:
        assert found.value == pytest.approx(float(np.mean(minutes)))
        assert found.low is None or 0 <= found.low <= found.value
        assert found.high is None or found.high >= found.value
    json.dumps(found.as_dict(), allow_nan=False)


@given(st.lists(st.floats(0.1, 1e4), min_size=1, max_size=30), st.floats(0.01, 100))
def test_the_unit_of_time_changes_nothing(minutes, factor):
    one, other = mttr(minutes), mttr([m * factor for m in minutes])
    assert other.low == pytest.approx(one.low * factor, rel=1e-6)


def simulate_service(rng, mtbf_hours, mttr_minutes, sigma, hours):
    """One service, up for exponential times and down for lognormal ones, watched for a fixed time."""
    mu = math.log(mttr_minutes) - sigma**2 / 2
    now, down, repairs, length = 0.0, 0.0, [], hours * 60
    while True:
        now += rng.exponential(mtbf_hours * 60)
        if now >= length:
            return down, repairs
        repair = math.exp(mu + sigma * rng.standard_normal())
        repairs.append(repair)
        down += min(repair, length - now)
        now += repair
        if now >= length:
            return down, repairs


@pytest.mark.parametrize(("a_year", "sigma"), [(6, 1.6), (12, 1.0), (50, 1.6)])
def test_the_interval_of_the_availability_holds_the_truth_nine_times_in_ten(a_year, sigma):
    rng = np.random.default_rng(7)
    truth = 8760 / a_year / (8760 / a_year + 1)
    held = seen = 0
    for _ in range(1500):
        down, repairs = simulate_service(rng, 8760 / a_year, 60, sigma, 8760)
        if repairs:
            found = availability_interval(down, 525_600, len(repairs), repairs)
            held += found.low <= truth <= found.high
            seen += 1
    assert 0.875 < held / seen < 0.96


def test_a_window_without_a_failure_has_a_lower_limit_for_the_mtbf_only():
    found = measure([], "2026-01-01", "2027-01-01")
    assert found.mtbf_hours.low == pytest.approx(8760 / stats.chi2.ppf(0.95, 2) * 2)
    assert (found.mtbf_hours.value, found.mtbf_hours.high) == (None, None)
    assert (found.availability.value, found.availability.low, found.availability.high) == (1.0, None, 1.0)
    assert found.mttr_minutes.value is None
    assert found.repairs is None


LOG = read_incidents(
    """start,end,detected,service
2025-12-31T23:00Z,2026-01-01T01:00Z,2025-12-31T23:05Z,web
2026-01-05T10:00Z,2026-01-05T11:00Z,2026-01-05T10:10Z,web
2026-01-05T10:30Z,2026-01-05T11:30Z,,web
2026-01-10T10:00Z,2026-01-10T10:00Z,2026-01-10T10:00Z,web
2026-01-31T23:30Z,2026-02-01T00:30Z,2026-01-31T23:40Z,web
2026-01-31T23:50Z,,,web
2026-02-03T00:00Z,2026-02-03T01:00Z,,web
"""
)


def test_edges_overlaps_and_open_incidents_are_counted_as_documented():
    january = measure(LOG, "2026-01-01", "2026-02-01")
    # Carried in 60, the overlapping pair 90, the last evening 30.
    assert january.down_minutes == 180
    assert (january.incidents, january.open_incidents, january.carried_in) == (5, 1, 1)
    assert january.repairs.count == 4
    assert january.mttr_minutes.value == (60 + 60 + 0 + 60) / 4
    assert "1 open incident left out" in january.mttr_minutes.method
    assert january.mttd_minutes.value == pytest.approx(20 / 3)
    assert january.mtbf_hours.value == pytest.approx((31 * 24 - 3) / 5)
    assert january.availability.value == pytest.approx(1 - 180 / (31 * 1440))
    assert january.minutes_down_per_year.value == pytest.approx(180 / (31 * 1440) * 525600)


def test_with_clean_data_availability_is_mtbf_over_mtbf_and_mttr():
    clean = read_incidents(
        "start,end\n2026-01-05T10:00Z,2026-01-05T11:00Z\n2026-01-09T10:00Z,2026-01-09T13:00Z\n"
    )
    found = measure(clean, "2026-01-01", "2026-02-01")
    hours_down = found.mttr_minutes.value / 60
    assert found.availability.value == pytest.approx(
        found.mtbf_hours.value / (found.mtbf_hours.value + hours_down)
    )


def test_a_service_that_was_never_up_gets_no_mtbf():
    found = measure(read_incidents("start,end\n2026-01-01T00:00Z,\n"), "2026-01-01", "2026-02-01")
    assert found.availability.value == 0
    assert found.mtbf_hours.value is None


def test_mean_median_and_ninetieth_percentile_agree_with_scipy():
    values = np.random.default_rng(1).lognormal(3, 1.3, 41)
    found = summarise(values)
    assert found.median == pytest.approx(stats.scoreatpercentile(values, 50))
    assert found.p90 == pytest.approx(stats.scoreatpercentile(values, 90))
    assert (found.count, found.total) == (41, pytest.approx(values.sum()))


def test_the_error_budget_of_three_nines_is_43_minutes_a_month():
    budget = error_budget(0.999, 50)
    assert budget.allowed == pytest.approx(43.2)
    assert budget.left == pytest.approx(-6.8)
    assert budget.share_spent == pytest.approx(50 / 43.2)
    assert minutes_down(Estimate(0.999, 0.998, None, 0.9, "seen"), "week").low is None
    with pytest.raises(BadInput, match="objective"):
        error_budget(1.0, 0)
    with pytest.raises(BadInput, match="don't fit"):
        error_budget(0.999, 99_999, "week")


@pytest.mark.parametrize(("hits", "trials"), [(0, 10), (3, 10), (10, 10), (421, 1000)])
def test_counted_shares_agree_with_scipy(hits, trials):
    truth = stats.binomtest(hits, trials).proportion_ci(0.9, "wilson")
    found = counted_share(hits, trials, "counted")
    assert (found.low, found.high) == (pytest.approx(truth.low, abs=1e-12), pytest.approx(truth.high))


@pytest.mark.parametrize(
    "call",
    [
        lambda: mttr([1, -1]),
        lambda: mttr([1, math.nan]),
        lambda: mttr([1], confidence=90),
        lambda: mtbf(0, 1),
        lambda: mtbf(10, 1.5),
        lambda: mtbf(10, -1),
        lambda: availability_interval(20, 10, 1, [5]),
        lambda: counted_share(3, 2, "counted"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(call):
    with pytest.raises(BadInput, match=r"\w+ \w+ \w+"):
        call()

"""Skyline's algorithms against each one written plainly with SciPy, its published quirks, and its rates."""

import math

import numpy as np
import pytest

from faultlab.errors import BadInput
from faultlab.metrics.estimates.distributions import student_t_upper
from faultlab.metrics.graphs.anomaly_study import detection_rates, seasonal_anomaly
from faultlab.metrics.graphs.series_tests import dickey_fuller, kolmogorov_tail, ks_two_samples
from faultlab.metrics.graphs.skyline_votes import ALGORITHMS, QUIRKS, skyline

stats = pytest.importorskip(
    "scipy.stats", reason="The answers are compared with SciPy's: `pip install scipy`."
)
special = pytest.importorskip("scipy.special")


def yes_of(votes):
    """How many algorithms said yes, a metric."""
    return (votes.answers == 1).sum(axis=1)


def answers(votes):
    """The answers for the first metric by the algorithms' names; None for no answer."""
    shown = {1: True, 0: False, -1: None}
    return {name: shown[int(a)] for name, a in zip(ALGORITHMS, votes.answers[0], strict=True)}


def day(seed, height=0.0, points=3):
    """A day of noise around 100, with an anomaly of so many standard deviations at its end."""
    values = np.random.default_rng(seed).normal(100, 10, 8_640)
    values[-points:] += 10 * height
    return values


# What the rules gave when they were run on one noisy day. Other days give other votes: see below.
@pytest.mark.parametrize(("height", "points", "yes"), [(10, 3, 8), (-10, 3, 6), (4, 3, 4), (4, 60, 2)])
def test_the_known_votes(height, points, yes):
    assert yes_of(skyline(day(3, height, points)))[0] == yes


def test_votes_hang_on_luck_where_an_anomaly_is_small():
    large = yes_of(skyline([day(seed, 10) for seed in range(60)]))
    small = yes_of(skyline([day(seed, 4) for seed in range(60)]))
    assert np.bincount(large).argmax() == 8
    assert large.min() >= 7
    assert small.min() < 4 < small.max()


def plainly(x, seconds=10):
    """Each rule as a loop or a SciPy call."""
    tail, n = (x[-1] + x[-2] + x[-3]) / 3, len(x)
    hour = x[: 3600 // seconds]
    weights = np.array([(50 / 51) ** (n - 1 - i) for i in range(n)])
    moving = np.average(x, weights=weights)
    # Weighted variance, unbiased for reliability weights.
    total = weights.sum()
    variance = (weights * (x - moving) ** 2).sum() / (total - (weights**2).sum() / total)
    line = stats.linregress(np.arange(n), x)
    errors = x - line.intercept - line.slope * np.arange(n)
    t = stats.t.isf(0.05 / (2 * n), n - 2) ** 2
    grubbs = (n - 1) / math.sqrt(n) * math.sqrt(t / (n - 2 + t))
    sizes, edges = np.histogram(x, bins=15)
    rare = any(
        size <= 20 and (tail <= edges[0] if i == 0 else edges[i] <= tail < edges[i + 1])
        for i, size in enumerate(sizes)
    )
    apart = np.abs(x - np.median(x))
    far = apart[-1] / np.median(apart) > 6
    reference, probe = x[-3600 // seconds : -600 // seconds], x[-600 // seconds :]
    ks = stats.ks_2samp(reference, probe)
    return {
        "first_hour_average": abs(tail - hour.mean()) > 3 * hour.std(ddof=1),
        "mean_subtraction_cumulation": abs(x[-1] - x[:-1].mean()) > 3 * x[:-1].std(ddof=1),
        "stddev_from_average": abs(tail - x.mean()) > 3 * x.std(ddof=1),
        "stddev_from_moving_average": abs(x[-1] - moving) > 3 * math.sqrt(variance),
        "least_squares": abs(errors[-3:].mean()) > 3 * errors.std() and round(errors.std()) != 0,
        "grubbs": (tail - x.mean()) / x.std() > grubbs,
        "histogram_bins": rare,
        "median_absolute_deviation": True if far else None,
        "ks_test": ks.pvalue < 0.05 and ks.statistic > 0.5,
    }


@pytest.mark.parametrize("height", [-10, -5, -3.5, 0, 3, 3.5, 4, 5, 7])
def test_every_rule_as_written_plainly(height):
    for points in (1, 3, 30, 60):
        x = day(round(100 * height) + points + 1_000, height, points)
        x += np.linspace(0, 7, len(x))
        ours, theirs = answers(skyline(x)), plainly(x)
        assert set(ours) == set(ALGORITHMS)
        for name in ALGORITHMS:
            if name == "ks_test" and theirs[name]:
                continue  # our rule asks for a steady hour besides
            assert ours[name] == theirs[name], (name, height, points)


def test_a_shift_of_ten_minutes_after_a_steady_hour_is_seen_by_ks():
    assert answers(skyline(day(2, 3, 60)))["ks_test"]
    wandering = day(2, 0) / 10 + np.random.default_rng(5).normal(0, 5, 8_640).cumsum()
    wandering[-60:] += 1_000
    assert not answers(skyline(wandering))["ks_test"]


def test_each_quirk_can_be_switched_off():
    fall = day(3, -10)
    assert not answers(skyline(fall))["grubbs"]
    assert answers(skyline(fall, quirks=set(QUIRKS) - {"one_sided_grubbs"}))["grubbs"]
    assert not answers(skyline(fall))["histogram_bins"]
    assert answers(skyline(fall, quirks=set(QUIRKS) - {"first_bin"}))["histogram_bins"]
    small = day(3, 10) / 1_000
    assert not answers(skyline(small))["least_squares"]
    assert answers(skyline(small, quirks=set(QUIRKS) - {"whole_sigmas"}))["least_squares"]
    assert answers(skyline(day(3)))["median_absolute_deviation"] is None
    assert answers(skyline(day(3), quirks=()))["median_absolute_deviation"] is False


def test_the_missing_vote_makes_five_enough():
    days = np.stack([day(seed, 4) for seed in range(300)])
    kept, off = skyline(days), skyline(days, quirks=set(QUIRKS) - {"missing_vote"})
    five = (yes_of(kept) == 5) & (kept.answers[:, 7] == -1)
    assert five.any()
    assert kept.anomalous[five].all()
    assert not off.anomalous[five].any()
    assert (off.anomalous == (yes_of(off) >= 6)).all()


def test_many_metrics_in_one_call_as_one_by_one():
    days = np.stack([day(seed, seed - 5, 3) for seed in range(12)])
    together = skyline(days)
    for place, one in enumerate(days):
        assert (together.answers[place] == skyline(one).answers[0]).all()


@pytest.mark.parametrize("degrees", [1, 2, 5, 30, 358, 8_638])
def test_students_t_as_scipy_has_it(degrees):
    for chance in (0.4, 0.05, 1e-3, 0.05 / 17_280):
        assert student_t_upper(chance, degrees) == pytest.approx(stats.t.isf(chance, degrees), rel=1e-9)


def test_kolmogorov_and_smirnov_as_scipy_has_them():
    rng = np.random.default_rng(4)
    for shift in (0, 0.3, 1, 3):
        first, second = rng.normal(size=300).round(1), rng.normal(shift, 1, size=60).round(1)
        distance, chance = ks_two_samples(first, second)
        theirs = stats.ks_2samp(first, second, method="asymp")
        assert distance == pytest.approx(theirs.statistic, abs=1e-12)
        assert chance == pytest.approx(theirs.pvalue, abs=0.03)
    for x in (0.05, 0.3, 0.8, 1.17, 1.19, 1.6, 3.0):
        assert kolmogorov_tail(x) == pytest.approx(special.kolmogorov(x), abs=1e-12)


def test_dickey_and_fullers_statistic_is_a_regressions_t():
    series = np.random.default_rng(4).normal(size=200).cumsum() * 0.3 + 5
    line = stats.linregress(series[:-1], np.diff(series))
    assert dickey_fuller(series, most_lags=0)[0] == pytest.approx(line.slope / line.stderr, rel=1e-9)


def test_dickey_and_fullers_p_value_meets_the_published_critical_values():
    from faultlab.metrics.graphs.series_tests import _unit_root_p

    # MacKinnon (2010), Critical values for cointegration tests, table 2: one series with a constant.
    for critical, chance in ((-3.43035, 0.01), (-2.86154, 0.05), (-2.56677, 0.10)):
        assert _unit_root_p(critical) == pytest.approx(chance, abs=0.001)
    # A random walk is called steady about as often as the level says.
    rng = np.random.default_rng(9)
    called = sum(dickey_fuller(rng.normal(size=300).cumsum())[1] < 0.05 for _ in range(400))
    assert stats.binomtest(called, 400, 0.05).pvalue > 0.001


def test_rates_have_intervals_and_a_season_blinds_skyline():
    flat = detection_rates(np.random.default_rng(1), 10, series=60, days=4)
    season = detection_rates(np.random.default_rng(1), 4, season=3, series=60, days=5)
    assert flat[0].power.value == 1.0
    assert 0.9 < flat[0].power.low < 1.0
    assert flat[0].false_alarms.high < 0.1
    assert season[0].power.high < 0.3
    assert season[2].power.low > season[0].power.high
    assert season[2].false_alarms.high < 0.1


def test_the_seasonal_baseline_of_pure_noise_rarely_cries_wolf():
    rng = np.random.default_rng(2)
    alarms = sum(int(seasonal_anomaly(rng.normal(100, 10, (200, 144 * 7)), 144).sum()) for _ in range(5))
    assert alarms <= 10


@pytest.mark.parametrize(
    "call",
    [
        lambda: skyline([1.0, 2.0]),
        lambda: skyline(np.full(8_640, np.nan)),
        lambda: skyline(np.ones(8_640), quirks=("none",)),
        lambda: seasonal_anomaly(np.ones(300), 144),
        lambda: detection_rates(np.random.default_rng(1), 3, days=2),
        lambda: ks_two_samples([], [1.0]),
        lambda: dickey_fuller([1.0] * 10),
        lambda: student_t_upper(0.7, 3),
    ],
)
def test_bad_input_is_one_sentence(call):
    with pytest.raises(BadInput):
        call()


def test_a_flat_line_alarms_nobody():
    assert not skyline(np.full((2, 8_640), 7.0)).anomalous.any()

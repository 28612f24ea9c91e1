"""Deploy lines: comparisons against SciPy's, corrections that keep their promise, the right deploy found."""

import itertools

import numpy as np
import pytest

from faultlab.cases.etsy.deploy_days import KINDS, deploy_day
from faultlab.errors import BadInput
from faultlab.metrics.graphs.deploys import deploy_effects, suspects, which_deploy
from faultlab.metrics.graphs.many_tests import holm, mean_change

stats = pytest.importorskip("scipy.stats", reason="Compares with SciPy's answers: `pip install scipy`.")


@pytest.mark.parametrize("seed", range(8))
def test_student_as_scipy_has_him(seed):
    rng = np.random.default_rng(seed)
    before, after = rng.normal(10, 1 + seed, 4 + seed), rng.normal(11, 2, 15)
    change, p_value = mean_change(before, after, confidence=0.95)
    theirs = stats.ttest_ind(after, before)
    limits = theirs.confidence_interval(0.95)
    assert p_value == pytest.approx(theirs.pvalue, rel=1e-9)
    assert (change.low, change.high) == pytest.approx((limits.low, limits.high), rel=1e-9)


def test_holm_is_bonferronis_test_of_every_group():
    p_values = [0.001, 0.02, 0.015, 0.4, 0.013]
    # A comparison's adjusted p-value is the largest of Bonferroni's over all groups that it belongs to.
    groups = [group for size in range(1, 6) for group in itertools.combinations(range(5), size)]
    closed = [
        max(min(1.0, len(group) * min(p_values[i] for i in group)) for group in groups if one in group)
        for one in range(5)
    ]
    assert holm(p_values) == pytest.approx(closed, rel=1e-12)


def test_on_days_without_a_bad_deploy_holm_keeps_its_level():
    days, level = 100, 0.05
    with_an_alarm = uncorrected = 0
    for seed in range(days):
        day = deploy_day(np.random.default_rng(seed), bad=False, correlation=0.0)
        effects = deploy_effects(day.metrics, day.deploys)
        with_an_alarm += any(effect.holm < level for effect in effects)
        uncorrected += sum(effect.p_value < level for effect in effects) / len(effects)
    assert stats.binomtest(with_an_alarm, days, level, "greater").pvalue > 0.001
    assert uncorrected / days == pytest.approx(level, abs=0.01)  # a score of false alarms every day


def test_the_bad_deploy_is_found_on_most_days():
    found = held = told = 0
    for seed in range(60):
        day = deploy_day(np.random.default_rng(seed), effect=2.5, correlation=0.3)
        effects = deploy_effects(day.metrics, day.deploys, correlation=0.3)
        told += effects[0].metric == day.hurt
        likely = which_deploy(day.metrics[day.hurt], day.deploys)
        assert sum(likely.values()) == pytest.approx(1)
        found += next(iter(likely)) == day.bad
        held += day.bad in suspects(likely, 0.9)
    assert told > 30
    assert found > 48
    assert held > 51


def test_deploys_a_minute_apart_share_the_suspicion():
    values = np.random.default_rng(3).normal(0, 1, 300)
    values[151:] += 1.0
    likely = which_deploy(values, {"early": 60, "first": 150, "second": 151, "late": 240})
    assert set(suspects(likely)) >= {"first", "second"} or max(likely.values()) < 0.95
    assert likely["early"] + likely["late"] < 0.01


def test_no_window_reaches_over_another_deploy():
    values = np.r_[np.zeros(20), np.full(5, 10.0), np.zeros(20)] + np.random.default_rng(1).normal(0, 0.1, 45)
    effects = {e.deploy: e for e in deploy_effects({"m": values}, {"up": 20, "down": 25})}
    assert effects["up"].change.value == pytest.approx(10, abs=0.2)
    assert effects["down"].change.value == pytest.approx(-10, abs=0.2)


def test_correlated_minutes_count_for_less():
    rng = np.random.default_rng(2)
    wide, _ = mean_change(rng.normal(size=30), rng.normal(size=30), correlation=0.5)
    rng = np.random.default_rng(2)
    narrow, _ = mean_change(rng.normal(size=30), rng.normal(size=30))
    assert (wide.high - wide.low) / (narrow.high - narrow.low) == pytest.approx(3**0.5, rel=0.05)


def test_a_day_has_the_noise_and_the_step_it_was_asked_for():
    day = deploy_day(np.random.default_rng(5), effect=3.0, correlation=0.6)
    _, noise = KINDS["failed %"]
    quiet = day.metrics["web failed %"]
    assert quiet.std() == pytest.approx(noise, rel=0.1)
    assert np.corrcoef(quiet[:-1], quiet[1:])[0, 1] == pytest.approx(0.6, abs=0.08)
    at = day.deploys[day.bad]
    step = day.metrics["checkout ms"][at:].mean() - day.metrics["checkout ms"][:at].mean()
    assert step == pytest.approx(3 * KINDS["ms"][1], rel=0.1)


@pytest.mark.parametrize(
    "call",
    [
        lambda: holm([0.2, 1.2]),
        lambda: mean_change([1, 2], [3, 4, 5]),
        lambda: mean_change([1, 2, 3], [3, 4, 5], correlation=1.0),
        lambda: deploy_effects({"m": [1.0] * 20}, {"late": 20}),
        lambda: which_deploy([1.0, 2.0], {"a": 1}),
        lambda: deploy_day(np.random.default_rng(1), hurt="the cat"),
        lambda: deploy_day(np.random.default_rng(1), deploys=0),
    ],
)
def test_bad_input_is_one_sentence(call):
    with pytest.raises(BadInput):
        call()

"""Luck against SciPy's tests, and how many incidents it takes against simulation."""

import numpy as np
import pytest
from optional import peer

from faultlab.errors import BadInput
from faultlab.metrics.estimates.comparison import (
    _change,
    incidents_to_tell,
    luck_probability,
    mttr_ratios,
)
from faultlab.metrics.estimates.estimates import mttr

stats = peer("scipy.stats")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_exact_luck_agrees_with_scipy(seed):
    rng = np.random.default_rng(seed)
    before, after = rng.lognormal(3.5, 1.2, 7), rng.lognormal(3, 1.2, 6)
    truth = stats.permutation_test(
        (after, before),
        lambda x, y, axis: x.mean(axis=axis) - y.mean(axis=axis),
        vectorized=True,
        alternative="less",
        n_resamples=np.inf,
    )
    assert luck_probability(before, after).value == pytest.approx(truth.pvalue, abs=1e-12)


def test_random_luck_agrees_with_the_exact_one():
    rng = np.random.default_rng(5)
    before, after = rng.lognormal(3.5, 1.2, 10), rng.lognormal(3, 1.2, 10)
    exact = luck_probability(before, after)
    assert "all 184756" in exact.method
    more = np.append(before, 60.0)
    random = luck_probability(more, after, rounds=20_000)
    truth = stats.permutation_test(
        (after, more),
        lambda x, y, axis: x.mean(axis=axis) - y.mean(axis=axis),
        vectorized=True,
        alternative="less",
        n_resamples=np.inf,
    ).pvalue
    assert "20000 random" in random.method
    assert random.low - 0.004 < truth < random.high + 0.004
    assert luck_probability(more, after) == luck_probability(more, after)


def test_equal_durations_in_another_order_are_the_same_deal():
    assert luck_probability([0.1, 0.2, 0.3], [0.1, 0.2, 0.3]).value >= 0.5
    assert luck_probability([5, 5, 5], [5, 5]).value == 1.0


def test_when_nothing_changed_luck_is_spread_evenly():
    """A test at 10 % must cry success in no more than 10 % of the unchanged pairs."""
    rng = np.random.default_rng(11)
    found = [luck_probability(*np.exp(1.3 * rng.standard_normal((2, 6)))).value for _ in range(600)]
    assert 0.07 < np.mean(np.array(found) <= 0.10) < 0.13


def test_so_many_incidents_tell_a_mean_repair_about_four_times_in_five():
    n = incidents_to_tell(0.3, 1.0)
    unchanged, changed = mttr_ratios(n, 1.0, 5000), 0.7 * mttr_ratios(n, 1.0, 5000, seed=1)
    found = changed <= np.quantile(unchanged, 0.05)
    assert 0.76 < found.mean() < 0.85


def test_the_range_of_a_change_holds_the_truth():
    rng = np.random.default_rng(8)
    held = 0
    for _ in range(600):
        before, after = np.exp(1.3 * rng.standard_normal(12)), 0.6 * np.exp(1.3 * rng.standard_normal(12))
        found = _change(mttr(before), mttr(after))
        held += found.low <= -0.4 <= found.high
    assert 0.86 < held / 600 < 0.97


def test_what_makes_no_sense_is_refused_with_a_sentence():
    for call in (
        lambda: luck_probability([], [1]),
        lambda: mttr_ratios(0, 1),
        lambda: mttr_ratios(5, -1),
        lambda: incidents_to_tell(0, 1),
    ):
        with pytest.raises(BadInput, match=r"\w+ \w+"):
            call()

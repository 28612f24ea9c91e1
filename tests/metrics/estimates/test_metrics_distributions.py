"""Our quantiles against SciPy."""

import pytest
from optional import peer

from faultlab.errors import BadInput
from faultlab.metrics.estimates.distributions import chi_square_quantile, gamma_tail, normal_quantile

stats = peer("scipy.stats")


@pytest.mark.parametrize("degrees", [1, 2, 3, 5, 10, 11, 99, 1000, 20_001])
@pytest.mark.parametrize("probability", [1e-4, 0.025, 0.05, 0.5, 0.95, 0.975, 0.9999])
def test_chi_square_quantiles_agree_with_scipy(degrees, probability):
    truth = stats.chi2.ppf(probability, degrees)
    assert chi_square_quantile(probability, degrees) == pytest.approx(truth, rel=1e-9)


@pytest.mark.parametrize("count", [1, 2, 7, 40])
@pytest.mark.parametrize("expected", [0.1, 3.0, 20.0, 90.0])
def test_the_tail_with_a_whole_shape_is_a_poisson_sum(count, expected):
    assert gamma_tail(count, expected) == pytest.approx(stats.poisson.cdf(count - 1, expected), rel=1e-11)


def test_normal_quantiles_agree_with_scipy():
    for p in (0.001, 0.05, 0.5, 0.95, 0.999):
        assert normal_quantile(p) == pytest.approx(stats.norm.ppf(p), abs=1e-12)


def test_probabilities_outside_zero_to_one_are_refused():
    with pytest.raises(BadInput, match="between 0 and 1"):
        chi_square_quantile(1.0, 4)
    with pytest.raises(BadInput, match="degree of freedom"):
        chi_square_quantile(0.5, 0)

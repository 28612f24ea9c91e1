"""Money against closed forms, a published oracle and an exact compound distribution."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optional import peer

from faultlab.errors import BadInput
from faultlab.metrics.customers.money import (
    Risk,
    annual_loss,
    lognormal_from_range,
    loss_exceedance,
    loss_percentile,
    mean_cost,
    mean_loss,
    simulate_annual_losses,
    trust_loss,
)

stats = peer("scipy.stats")


def test_the_annual_loss_of_riskquants_example_to_full_precision():
    # Netflix riskquant prints 40400.128269457266 for the same risk.
    assert annual_loss(0.10, 1e5, 1e6) == pytest.approx(40400.12826945731, rel=1e-15)


@given(st.floats(1, 1e6), st.floats(1, 1e3))
def test_the_range_holds_nine_outages_in_ten(low, factor):
    mu, sigma = lognormal_from_range(low, low * factor)
    if factor > 1.0001:
        cost = stats.lognorm(sigma, scale=math.exp(mu))
        assert cost.ppf(0.05) == pytest.approx(low, rel=1e-9)
        assert cost.ppf(0.95) == pytest.approx(low * factor, rel=1e-9)
        assert cost.mean() == pytest.approx(mean_cost(low, low * factor), rel=1e-9)


def compound_poisson(frequency, low, high, step, cells):
    """Return the distribution of a year's loss on a lattice, by the Fourier transform."""
    mu, sigma = lognormal_from_range(low, high)
    cost = stats.lognorm(sigma, scale=math.exp(mu))
    edges = (np.arange(cells + 1) - 0.5) * step
    masses = np.diff(cost.cdf(np.maximum(edges, 0)))
    return np.fft.irfft(np.exp(frequency * (np.fft.rfft(masses) - masses.sum())), cells)


def test_simulated_losses_agree_with_the_exact_compound_distribution():
    frequency, low, high, step = 2.0, 1e4, 2e5, 250.0
    exact = np.cumsum(compound_poisson(frequency, low, high, step, 2**15))
    losses = simulate_annual_losses(Risk("outage", frequency, low, high), years=200_000, seed=3)
    amounts = np.array([0.0, 5e4, 1e5, 2e5, 4e5, 8e5])
    points = loss_exceedance(losses, amounts, confidence=0.999)
    for amount, point in zip(amounts, points, strict=True):
        truth = 1 - exact[int(amount / step)]
        assert point.low - 5e-4 <= truth <= point.high + 5e-4
    assert (losses == 0).mean() == pytest.approx(math.exp(-2), abs=0.003)
    for percentile in (50, 90, 99):
        truth = np.searchsorted(exact, percentile / 100) * step
        found = loss_percentile(losses, percentile, confidence=0.999)
        assert found.low - 2 * step <= truth <= found.high + 2 * step


def test_mean_and_variance_of_simulated_losses_agree_with_the_closed_form():
    risk = Risk("outage", 3.0, 1e4, 4e4)
    losses = simulate_annual_losses(risk, years=200_000, seed=1)
    mu, sigma = lognormal_from_range(1e4, 4e4)
    found = mean_loss(losses, 0.999)
    assert found.low < annual_loss(3.0, 1e4, 4e4) < found.high
    assert losses.var() == pytest.approx(3.0 * math.exp(2 * mu + 2 * sigma**2), rel=0.02)


def test_adding_a_risk_leaves_the_luck_of_the_others_as_it_was():
    one, two = Risk("a", 1.0, 1e3, 1e4), Risk("b", 0.5, 1e4, 1e5)
    alone, both = simulate_annual_losses(one, 500), simulate_annual_losses([one, two], 500)
    assert (both >= alone).all()
    np.testing.assert_allclose(both[both == alone], alone[both == alone])
    assert (both == alone).mean() == pytest.approx(math.exp(-0.5), abs=0.06)
    np.testing.assert_array_equal(both, simulate_annual_losses([one, two], 500))


def test_percentile_limits_hold_the_truth():
    truth, held = stats.norm.ppf(0.9), 0
    for seed in range(400):
        found = loss_percentile(np.random.default_rng(seed).standard_normal(500), 90)
        held += found.low <= truth <= found.high
    assert 0.86 < held / 400 < 0.95


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60), st.floats(0.5, 99.5))
def test_a_percentile_is_one_of_the_losses_and_within_its_limits(losses, percentile):
    found = loss_percentile(np.array(losses), percentile)
    assert found.value in losses
    assert found.low <= found.value <= found.high


def test_what_makes_no_sense_is_refused_with_a_sentence():
    for call in (
        lambda: lognormal_from_range(0, 10),
        lambda: lognormal_from_range(20, 10),
        lambda: Risk("a", -1, 1, 2),
        lambda: simulate_annual_losses(Risk("a", 1, 1, 2), years=0),
        lambda: loss_percentile(np.ones(3), 100),
    ):
        with pytest.raises(BadInput, match=r"\w+ \w+"):
            call()


def test_trust_is_counted_customer_by_customer():
    hit, least, most, worth = 40, 3, 11, 25
    by_hand = [sum(worth for customer in range(hit) if customer < leaves) for leaves in (least, most)]
    assert trust_loss(hit, (least / hit, most / hit), worth) == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("hit", "leaving", "worth"),
    [(10, (0.2, 0.1), 5), (10, (0, 1.2), 5), (-1, (0, 0.1), 5), (10, (0, 0.1), math.inf)],
)
def test_trust_that_makes_no_sense_is_refused(hit, leaving, worth):
    with pytest.raises(BadInput, match="not "):
        trust_loss(hit, leaving, worth)

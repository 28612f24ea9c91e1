"""The real fleet under a spike, beside the model: where both must agree, whatever else the machine does."""

import pytest
from optional import peer

from faultlab.cases.amazon.fleet_beside_model import Spike, _found, measured_spike, predicted_spike
from faultlab.design.stores.queues import waiting
from faultlab.errors import BadInput
from faultlab.live import haproxy_program

stats = peer("scipy.stats")


def test_prediction_of_one_worker_is_an_m_m_1_queue():
    found = predicted_spike(Spike(workers=1, rate=25.0, seconds=400.0, timeout_ms=1e6, queue=9999), plays=20)
    theory = 1000 * waiting(1, 25.0, 50.0).response_percentile(0.9)
    assert found.p90_ms.low < theory < found.p90_ms.high
    assert found.p90_ms.value == pytest.approx(theory, rel=0.05)


@pytest.mark.parametrize("runs", [2, 3, 5, 10])
def test_interval_of_a_few_runs_is_students(runs):
    column = [(0.0, 100.0 + n, 0.0) for n in range(runs)]
    found = _found(column, "runs").p50_ms
    deviation = (runs * (runs + 1) / 12) ** 0.5
    exact = stats.t.ppf(0.975, runs - 1) * deviation * (1 + 1 / runs) ** 0.5
    assert (found.high - found.low) / 2 == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("balancer", ["own", "haproxy"])
def test_killed_zone_costs_about_what_the_model_says(balancer):
    if balancer == "haproxy" and haproxy_program() is None:
        pytest.skip("HAProxy is not installed (Debian: haproxy)")
    spike = Spike(rate=120.0, seconds=3.0, killed=2, balancer=balancer)
    predicted, measured = predicted_spike(spike, range(2)), measured_spike(spike, range(2))
    # The dead look idle until they are noticed: some tenth of the requests is lost, in both.
    assert measured.answered_share.value == pytest.approx(predicted.answered_share.value, abs=0.12)
    assert predicted.answered_share.high < 1
    assert measured.answered_share.value < 1
    # Slower than the model, for the network and Python are real; a busy machine may add more.
    assert 0.7 * predicted.p50_ms.value < measured.p50_ms.value < 3 * predicted.p50_ms.value + 30


def test_nonsense_is_refused():
    with pytest.raises(BadInput, match="can be killed"):
        Spike(workers=2, killed=2)
    with pytest.raises(BadInput, match="above 0"):
        Spike(rate=-1.0)

"""Queues: published values, SciPy's Poisson distribution, closed forms, and limits that are known."""

import math

import pytest
from optional import peer

from faultlab.design.stores.queues import abandonment, erlang_b, erlang_c, servers_needed, waiting
from faultlab.design.stores.supermarket import supermarket_mean_time
from faultlab.errors import BadInput

stats = peer("scipy.stats")

# servers, utilisation, Erlang B, Erlang C, wait, response, in line, in system; service rate 1
TABLE = [
    (1, 0.5, 0.333333, 0.500000, 1.000000, 2.000000, 0.500000, 1.000000),
    (1, 0.8, 0.444444, 0.800000, 4.000000, 5.000000, 3.200000, 4.000000),
    (2, 0.9, 0.366516, 0.852632, 4.263158, 5.263158, 7.673684, 9.473684),
    (5, 0.8, 0.199067, 0.554113, 0.554113, 1.554113, 2.216450, 6.216450),
    (10, 0.5, 0.018385, 0.036105, 0.007221, 1.007221, 0.036105, 5.036105),
    (10, 0.9, 0.167963, 0.668732, 0.668732, 1.668732, 6.018584, 15.018584),
    (20, 0.9, 0.109213, 0.550769, 0.275385, 1.275385, 4.956921, 22.956921),
    (100, 0.9, 0.026957, 0.216940, 0.021694, 1.021694, 1.952464, 91.952464),
]


@pytest.mark.parametrize(("servers", "busy", "b", "c", "wait", "response", "line", "system"), TABLE)
def test_erlang_values(servers, busy, b, c, wait, response, line, system):
    found = waiting(servers, servers * busy)
    assert erlang_b(servers, servers * busy) == pytest.approx(b, abs=5e-7)
    assert erlang_c(servers, busy) == pytest.approx(c, abs=5e-7)
    assert found.mean_wait == pytest.approx(wait, abs=5e-7)
    assert found.mean_response == pytest.approx(response, abs=5e-7)
    # Customers, by Little's law.
    assert servers * busy * found.mean_wait == pytest.approx(line, abs=2e-6)
    assert servers * busy * found.mean_response == pytest.approx(system, abs=2e-6)


@pytest.mark.parametrize(("servers", "load"), [(3, 2.5), (40, 36.0), (5_000, 4_950.0), (20_000, 19_999.0)])
def test_erlang_b_is_a_ratio_of_poisson_chances(servers, load):
    assert erlang_b(servers, load) == pytest.approx(
        stats.poisson.pmf(servers, load) / stats.poisson.cdf(servers, load), rel=1e-8
    )


def test_waits_of_one_server_are_exponential():
    one = waiting(1, 0.8, 1.0)
    assert one.response_percentile(0.95) == pytest.approx(math.log(20) / 0.2, rel=1e-12)
    assert one.chance_of_wait_over(0) == pytest.approx(0.8)


@pytest.mark.parametrize(("servers", "rate"), [(2, 1.0), (2, 1.7), (3, 1.0), (3, 2.0), (10, 9.5), (50, 20.0)])
def test_response_times_add_up_to_their_mean(servers, rate):
    """The area under the tail is the mean, also where the two rates meet (c - a = 1)."""
    queue = waiting(servers, rate)
    longest, steps = 60 * queue.mean_response, 60_000
    width = longest / steps
    tail = [queue.chance_of_response_over(i * width) for i in range(steps + 1)]
    area = width * (sum(tail) - (tail[0] + tail[-1]) / 2)
    assert tail[0] == 1.0
    assert area == pytest.approx(queue.mean_response, rel=2e-5)
    p99 = queue.response_percentile(0.99)
    assert queue.chance_of_response_over(p99) == pytest.approx(0.01, rel=1e-9)


def test_a_very_busy_server_keeps_its_percentiles():
    one = waiting(1, 0.9999)
    assert one.response_percentile(0.999) == pytest.approx(math.log(1000) / 0.0001, rel=1e-9)


@pytest.mark.parametrize(("busy", "values"), [
    (0.50, (2.0000, 1.2657, 1.1252, 1.0313)),
    (0.80, (5.0000, 1.9474, 1.5809, 1.3289)),
    (0.90, (10.0000, 2.6141, 2.0279, 1.6329)),
    (0.99, (100.0000, 5.4320, 3.8578, 2.9017)),
])  # fmt: skip
def test_supermarket_values(busy, values):
    found = [supermarket_mean_time(busy, choices) for choices in (1, 2, 3, 5)]
    assert found == pytest.approx(values, abs=5e-5)


def test_fewest_servers_are_enough_and_one_less_is_not():
    servers = servers_needed(95.0, 1.0, longest_wait=0.1, share=0.99)
    assert (
        waiting(servers, 95.0).chance_of_wait_over(0.1)
        <= 0.01
        < waiting(servers - 1, 95.0).chance_of_wait_over(0.1)
    )


@pytest.mark.parametrize(("servers", "load"), [(1, 0.3), (1, 0.95), (10, 9.0), (100, 99.0), (5_000, 4_990.0)])
@pytest.mark.parametrize("patience", [0.01, 0.5, 10.0])
def test_abandonment_is_boots_and_tijms_share(servers, load, patience):
    # N. K. Boots and H. Tijms, "A multiserver queueing system with impatient customers", Management Science
    # 45, 1999: from the wait of those who never leave.
    over, busy = waiting(servers, load).chance_of_wait_over(patience), load / servers
    assert abandonment(servers, load, patience) == pytest.approx(
        (1 - busy) * over / (1 - busy * over), rel=1e-9
    )


def test_abandonment_at_its_limits():
    assert abandonment(7, 5.0, 0.0) == erlang_b(7, 5.0)
    assert abandonment(7, 5.0, 1e-12) == pytest.approx(erlang_b(7, 5.0), rel=1e-9)
    assert abandonment(1, 1.0, 8.0) == pytest.approx(1 / (2 + 8.0), rel=1e-12)  # Barrer 1957, at the edge
    assert abandonment(4, 8.0, 1e6) == pytest.approx(0.5, rel=1e-12)  # overload: the rest can't be served
    assert abandonment(4, 3.0, 1e6) == 0.0
    assert abandonment(4, 0.0, 1.0) == 0.0


@pytest.mark.parametrize(("call", "said"), [
    (lambda: erlang_c(3, 1.0), "utilisation is from 0 to below 1, not 1.0"),
    (lambda: waiting(3, 3.0), "grows without end"),
    (lambda: erlang_c(0, 0.5), "At least one server"),
    (lambda: waiting(2, -1.0), "arrival rate is a number from 0, not -1.0"),
    (lambda: waiting(2, math.nan), "arrival rate is a number from 0, not nan"),
    (lambda: waiting(2, 1.0, 0.0), "service rate is a number above 0"),
    (lambda: erlang_b(2.5, 1.0), "whole number from 0, not 2.5"),
    (lambda: erlang_b(2, -1.0), "offered load"),
    (lambda: abandonment(2, 1.0, -0.5), "patience is a time from 0, not -0.5"),
    (lambda: supermarket_mean_time(1.0, 2), "utilisation"),
    (lambda: supermarket_mean_time(0.5, 0), "1 or more lines"),
    (lambda: waiting(2, 1.0).response_percentile(1.0), "share of customers"),
])  # fmt: skip
def test_bad_input_is_one_sentence(call, said):
    with pytest.raises(BadInput, match=said):
        call()

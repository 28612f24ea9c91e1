"""Uncertain probabilities, systems over time, and trees written out and read again."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optional import peer
from test_analysis_fault_trees import trees

from faultlab.analysis import (
    AND,
    AT_LEAST,
    NOT,
    OR,
    Beta,
    CommonCause,
    Exponential,
    FaultTree,
    Lognormal,
    Repairable,
    Triangular,
    Uniform,
    Weibull,
    failure_frequency,
    open_psa_as_text,
    parse_open_psa,
    probability_over,
    solve,
    times_of,
    uncertainty,
)
from faultlab.errors import BadInput

stats = peer("scipy.stats")

ONE = FaultTree("t", {"t": OR("a")}, {"a": 0.1})


@pytest.mark.parametrize(
    ("distribution", "peer"),
    [
        (Uniform(0.1, 0.3), stats.uniform(0.1, 0.2)),
        (Beta(2, 30), stats.beta(2, 30)),
        (Triangular(0.0, 0.1, 0.4), stats.triang(0.25, 0, 0.4)),
        (Lognormal(1e-3, 3), stats.lognorm(math.log(3) / stats.norm.ppf(0.95), scale=1e-3)),
    ],
)
def test_a_tree_of_one_event_has_that_events_distribution(distribution, peer):
    found = uncertainty(solve(ONE), {"a": distribution}, samples=20_000)
    assert stats.kstest(found.samples, peer.cdf).pvalue > 0.001
    assert found.low == pytest.approx(peer.ppf(0.05), rel=0.1, abs=0.003)
    assert found.high == pytest.approx(peer.ppf(0.95), rel=0.05)
    assert found.mean == pytest.approx(peer.mean(), rel=0.03)


def test_samples_are_those_of_one_calculation_at_a_time():
    tree = FaultTree(
        "t",
        {"t": OR(AND("a", "b"), AT_LEAST(2, "b", "c", "d"), NOT("e"))},
        dict.fromkeys("abcde", 0.1),
    )
    solved = solve(tree)
    ranges = {"b": Uniform(0, 1), "e": Uniform(0.9, 1), "c": Beta(1, 3)}
    found = uncertainty(solved, ranges, samples=50, seed=4).samples
    rng = np.random.default_rng(4)
    draws = {name: one.sample(rng, 50) for name, one in ranges.items()}
    for i in range(50):
        alone = solved.probability({name: float(values[i]) for name, values in draws.items()})[0]
        assert found[i] == pytest.approx(alone, rel=1e-13)


def test_distributions_outside_zero_to_one_and_unknown_events_are_refused():
    with pytest.raises(BadInput, match="'a' gives probabilities outside"):
        uncertainty(solve(ONE), {"a": Uniform(0.5, 1.5)})
    with pytest.raises(BadInput, match="no basic event 'z'"):
        uncertainty(solve(ONE), {"z": Uniform(0, 1)})
    with pytest.raises(BadInput, match="at least 20"):
        uncertainty(solve(ONE), {}, samples=3)


def simulated_times(k, parts, years, seed):
    """Failures a year and mean hours down of a k-of-n system whose parts are down k at a time or more."""
    rng = np.random.default_rng(seed)
    end = years * 8760
    changes = []
    for part in parts:
        count = int(3 * end / (part.mtbf_hours + part.mttr_hours)) + 20
        spans = np.ravel(
            np.column_stack(
                (rng.exponential(part.mtbf_hours, count), rng.exponential(part.mttr_hours, count))
            )
        )
        at = np.cumsum(spans)
        changes.append(np.column_stack((at, np.tile([1, -1], count))))
    changes = np.concatenate(changes)
    changes = changes[changes[:, 0] < end]
    changes = changes[np.argsort(changes[:, 0])]
    down = np.cumsum(changes[:, 1]) >= k
    before = np.concatenate(([False], down[:-1]))
    begins = down & ~before
    hours = np.diff(np.append(changes[:, 0], end))[down].sum()
    return begins.sum() / years, hours / begins.sum()


def test_failures_and_down_time_of_a_system_are_those_of_a_simulation():
    parts = [Repairable(200, 10), Repairable(300, 30), Repairable(100, 5)]
    tree = FaultTree("t", {"t": AT_LEAST(2, "a", "b", "c")}, dict(zip("abc", parts, strict=True)))
    times = times_of(solve(tree))
    a_year, hours = simulated_times(2, parts, years=20_000, seed=1)
    assert times.failures_per_year == pytest.approx(a_year, rel=0.01)
    assert times.mttr_hours == pytest.approx(hours, rel=0.01)
    assert times.availability == pytest.approx(
        times.mtbf_hours / (times.mtbf_hours + times.mttr_hours), abs=1e-15
    )


def test_two_alike_in_parallel_have_the_textbook_mtbf():
    # Two units, one repair crew each: down 1/(2 mu) at a time, and 2 of 2 down (lam/(lam+mu))^2 of it.
    part = Repairable(1000, 10)
    times = times_of(solve(FaultTree("t", {"t": AND("a", "b")}, {"a": part, "b": part})))
    assert times.mttr_hours == pytest.approx(5)
    unavailable = (10 / 1010) ** 2
    assert times.mtbf_hours == pytest.approx(5 * (1 - unavailable) / unavailable)


def test_the_frequency_is_the_slope_of_the_probability_of_parts_that_are_not_repaired():
    tree = FaultTree(
        "t",
        {"t": OR(AND("a", "b"), "c")},
        {"a": Exponential(1e-3), "b": Weibull(900, 2), "c": Exponential(1e-4)},
    )
    solved = solve(tree)
    before, at, after = probability_over(solved, [499.99, 500, 500.01])
    assert failure_frequency(solved, 500) == pytest.approx((after - before) / 0.02, rel=1e-6)
    assert at == pytest.approx(
        1 - (1 - (1 - math.exp(-0.5)) * (1 - math.exp(-((500 / 900) ** 2)))) * math.exp(-0.05)
    )


def test_a_frequency_needs_rates_and_no_negation():
    with pytest.raises(BadInput, match="'a' has a probability but no rate"):
        failure_frequency(solve(ONE))
    part = Repairable(10, 1)
    with pytest.raises(BadInput, match="negation"):
        failure_frequency(solve(FaultTree("t", {"t": AND("a", NOT("b"))}, {"a": part, "b": part})))
    with pytest.raises(BadInput, match="never fails"):
        times_of(solve(FaultTree("t", {"t": OR("a")}, {"a": 0.0})))


models = st.one_of(
    st.floats(0, 1),
    st.builds(Exponential, st.floats(1e-9, 1)),
    st.builds(Weibull, st.floats(1, 1e6), st.floats(0.5, 5)),
    st.builds(Repairable, st.integers(1, 10**6), st.integers(1, 10**4)),
)


@settings(max_examples=200, deadline=None)
@given(trees(), st.data())
def test_open_psa_reads_back_what_it_wrote(tree, data):
    events = {name: data.draw(models) for name in tree.events}
    groups = ()
    if data.draw(st.booleans()):
        events["b"] = events["c"] = events["a"]
        beta = CommonCause("all", ("a", "b", "c"), (0.1,))
        letters = CommonCause("all", ("a", "b", "c"), (0.1, 0.4), "MGL")
        groups = (data.draw(st.sampled_from([beta, letters])),)
    # A document has one gate that stands under no other.
    used, waiting = set(), [tree.top]
    while waiting:
        gate = waiting.pop()
        used.add(gate)
        waiting += [one for one in tree.gates[gate].inputs if one in tree.gates]
    gates = {name: gate for name, gate in tree.gates.items() if name in used}
    tree = FaultTree(tree.top, gates, events, tree.house, groups)
    again = parse_open_psa(open_psa_as_text(tree).encode())
    assert again == tree
    assert [type(one) for one in again.events.values()] == [type(tree.events[one]) for one in again.events]

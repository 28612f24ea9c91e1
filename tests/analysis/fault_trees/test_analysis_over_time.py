"""Uncertain probabilities, systems over time, and trees written out and read again."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from open_psa_bytes import parse_open_psa
from optional import peer
from test_analysis_fault_trees import trees

from faultlab.analysis.engine.gates import AND, AT_LEAST, NOT, OR
from faultlab.analysis.fault_trees import uncertainties
from faultlab.analysis.fault_trees.common_cause import CommonCause
from faultlab.analysis.fault_trees.event_models import Exponential, Repairable, Weibull
from faultlab.analysis.fault_trees.expressions import Expressed, combined, constant, mission_time
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.analysis.fault_trees.solved_tree import solve
from faultlab.analysis.fault_trees.uncertainties import summarised, uncertainty
from faultlab.analysis.open_psa.writing import open_psa_as_text
from faultlab.analysis.systems.system_times import failure_frequency, times_of
from faultlab.errors import BadInput

stats = peer("scipy.stats")

ONE = FaultTree("t", {"t": OR("a")}, {"a": 0.1})


def drawn(kind, *numbers):
    """An event whose probability is a random deviate."""
    return Expressed(f"the {kind}", combined(kind, map(constant, numbers)))


@pytest.mark.parametrize(
    ("model", "peer"),
    [
        (drawn("uniform-deviate", 0.1, 0.3), stats.uniform(0.1, 0.2)),
        (drawn("beta-deviate", 2, 30), stats.beta(2, 30)),
        (drawn("gamma-deviate", 3, 0.01), stats.gamma(3, scale=0.01)),
        (drawn("normal-deviate", 0.3, 0.02), stats.norm(0.3, 0.02)),
        (drawn("lognormal-deviate", -7, 0.5), stats.lognorm(0.5, scale=math.exp(-7))),
        (
            drawn("lognormal-deviate", 1e-3, 3, 0.9),
            stats.lognorm(
                math.log(3) / stats.norm.ppf(0.9),
                scale=1e-3 / math.exp((math.log(3) / stats.norm.ppf(0.9)) ** 2 / 2),
            ),
        ),
        (
            drawn("histogram", 0, 0.1, 1, 0.3, 3),
            stats.rv_histogram((np.array([1, 3]), [0, 0.1, 0.3]), density=False),
        ),
    ],
    ids=lambda one: getattr(one, "where", ""),
)
def test_a_tree_of_one_event_has_that_events_distribution(model, peer):
    solved = solve(FaultTree("t", {"t": OR("a")}, {"a": model}))
    found = uncertainty(solved, samples=20_000)
    assert stats.kstest(found.samples, peer.cdf).pvalue > 0.001
    for end, share in ((found.low, 0.05), (found.median, 0.5), (found.high, 0.95)):
        assert end == pytest.approx(peer.ppf(share), rel=0.1, abs=0.003)
    assert found.mean == pytest.approx(peer.mean(), rel=0.03)
    assert solved.probability()[0] == pytest.approx(peer.mean(), rel=1e-12)  # one number is the mean


def test_samples_are_those_of_one_calculation_at_a_time():
    ranges = {
        "b": drawn("uniform-deviate", 0, 1),
        "e": drawn("uniform-deviate", 0.9, 1),
        "c": drawn("beta-deviate", 1, 3),
    }
    tree = FaultTree(
        "t",
        {"t": OR(AND("a", "b"), AT_LEAST(2, "b", "c", "d"), NOT("e"))},
        dict.fromkeys("abcde", 0.1) | ranges,
    )
    solved = solve(tree)
    found = uncertainty(solved, samples=50, seed=4).samples
    rng = np.random.default_rng(4)
    draws = {"b": rng.uniform(0, 1, 50), "c": rng.beta(1, 3, 50), "e": rng.uniform(0.9, 1, 50)}
    for i in range(50):
        alone = solved.probability({name: float(values[i]) for name, values in draws.items()})[0]
        assert found[i] == pytest.approx(alone, rel=1e-13)


def test_events_that_share_a_parameter_are_drawn_together():
    rate = combined("lognormal-deviate", [constant(1e-4), constant(3), constant(0.95)])
    life = combined("exponential", [rate, mission_time()])
    events = {name: Expressed(name, life) for name in "ab"}
    both, either = (
        uncertainty(solve(FaultTree("t", {"t": gate("a", "b")}, events)), samples=500, hours=1000).samples
        for gate in (AND, OR)
    )
    assert np.sqrt(both) == pytest.approx(1 - np.sqrt(1 - either), rel=1e-9)
    assert len(set(both)) == 500


def test_batches_of_samples_are_one_stream_for_a_seed(monkeypatch):
    solved = solve(FaultTree("t", {"t": OR("a")}, {"a": drawn("beta-deviate", 2, 3)}))
    whole = uncertainty(solved, samples=1000, seed=7).samples
    monkeypatch.setattr(uncertainties, "NUMBERS_AT_ONCE", 100)
    assert uncertainty(solved, samples=1000, seed=7).samples.tolist() == whole.tolist()
    assert uncertainty(solved, samples=1000, seed=8).samples.tolist() != whole.tolist()


@pytest.mark.parametrize("count", [1000, 20_000])
def test_ends_have_the_digits_that_other_samples_would_repeat(count):
    rng = np.random.default_rng(1)
    sets = [summarised(rng.lognormal(-7, 1, count)) for _ in range(100)]
    truth = stats.lognorm(1, scale=math.exp(-7))
    for name, true in (("low", truth.ppf(0.05)), ("high", truth.ppf(0.95)), ("mean", truth.mean())):
        said = [getattr(one, name) for one in sets]
        spread = np.std(said)
        finest = 10.0 ** min(Decimal(str(one)).as_tuple().exponent for one in said)
        assert 0.1 * spread < finest < 4 * spread
        assert max(abs(one - true) for one in said) < 5 * spread


def test_what_can_not_be_sampled_is_refused():
    with pytest.raises(BadInput, match="nothing to sample"):
        uncertainty(solve(ONE))
    with pytest.raises(BadInput, match="from 20 to 1,000,000 samples, not 3"):
        uncertainty(solve(ONE), samples=3)
    rate = combined("normal-deviate", [constant(1e-4), constant(1e-4)])
    life = Expressed("basic event 'a'", combined("exponential", [rate, mission_time()]))
    with pytest.raises(BadInput, match=r"'a': <exponential> needs a failure rate .* draws from -0\."):
        uncertainty(solve(FaultTree("t", {"t": OR("a")}, {"a": life})), hours=10)
    wide = drawn("normal-deviate", 0.5, 0.5)
    found = uncertainty(solve(FaultTree("t", {"t": OR("a")}, {"a": wide})), samples=100)
    assert (found.samples.min(), found.samples.max()) == (0, 1)  # as SCRAM: no probability leaves 0 to 1


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
    before, at, after = (solved.probability(hours=hours)[0] for hours in (499.99, 500, 500.01))
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
        kinds = {
            "beta-factor": (0.1,),
            "MGL": (0.1, 0.4),
            "alpha-factor": (0.9, 0.1),
            "phi-factor": (0.8, 0.2),
        }
        kind = data.draw(st.sampled_from([*kinds]))
        groups = (CommonCause("all", ("a", "b", "c"), kinds[kind], kind),)
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

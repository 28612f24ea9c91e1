"""Redundancy, standby, versions and deploys: against the engine, closed forms, SciPy and simulations."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optional import peer

from faultlab.analysis.engine.gates import AND, AT_LEAST
from faultlab.analysis.fault_trees.common_cause import CommonCause, with_common_causes
from faultlab.analysis.fault_trees.event_models import Repairable
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.analysis.fault_trees.solved_tree import solve
from faultlab.analysis.systems.system_views import journey_report
from faultlab.analysis.systems.system_yaml import read_system
from faultlab.design.redundancy.replicas import (
    OUTAGE_TRIGGERS,
    correlated_deploys,
    redundant_availability,
    redundant_unavailability,
    replicas_needed,
)
from faultlab.design.redundancy.standby import ALONE, READY, Standby
from faultlab.design.redundancy.versions import versions_failure
from faultlab.errors import BadInput

stats = peer("scipy.stats")

# Reference values of two 99.5 % replicas with a common cause, as printed with four decimals.
TWO_REPLICAS = {0: 99.9975, 0.01: 99.9925, 0.05: 99.9727, 0.1: 99.9480}
K_OF_N = {
    (1, 2): (0.999900000000, 0.999999000000),
    (2, 3): (0.999702000000, 0.999997002000),
    (3, 4): (0.999407970000, 0.999994007997),
    (4, 5): (0.999019850400, 0.999990019985),
    (9, 10): (0.995733799757, 0.999955239371),
}


@pytest.mark.parametrize(("beta", "percent"), TWO_REPLICAS.items())
def test_two_replicas_with_a_common_cause(beta, percent):
    assert 100 * redundant_availability(1, 2, 0.995, beta) == pytest.approx(percent, abs=6e-5)


@pytest.mark.parametrize(("k", "n"), K_OF_N)
def test_without_a_common_cause_it_is_k_of_n(k, n):
    for availability, known in zip((0.99, 0.999), K_OF_N[k, n], strict=True):
        assert redundant_availability(k, n, availability) == pytest.approx(known, abs=1e-12)


@settings(deadline=None)
@given(
    st.integers(2, 6).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))),
    st.floats(1e-6, 0.5),
    st.floats(0.001, 1),
)
def test_the_engine_agrees_on_common_causes(k_n, unavailability, beta):
    k, n = k_n
    names = tuple(f"replica {i}" for i in range(n))
    tree = FaultTree(
        "too few",
        {"too few": AT_LEAST(n - k + 1, *names)},
        dict.fromkeys(names, unavailability),
        common_causes=(CommonCause("all", names, (beta,)),),
    )
    exact = solve(with_common_causes(tree)).probability()[0]
    assert redundant_unavailability(k, n, unavailability, beta) == pytest.approx(exact, rel=1e-9)


def test_the_system_model_agrees(tmp_path):
    """A group with a common cause is the same to the learner's system and to lesson 01's slider."""
    path = tmp_path / "system.yaml"
    path.write_text(
        "components:\n  web: {availability: 0.995}\n"
        "groups:\n  webs: {of: web, needs: 2, copies: 3, shared_cause: 0.1}\n"
        "journeys:\n  shop: {needs: [webs], worth_per_hour: 1}\n"
    )
    report = journey_report(read_system(path), "shop")
    assert report.availability == pytest.approx(redundant_availability(2, 3, 0.995, 0.1), abs=1e-12)


def test_more_replicas_stop_helping_at_the_common_cause():
    floor = 0.1 * 0.005
    values = [redundant_unavailability(1, n, 0.005, 0.1) for n in range(1, 8)]
    assert values == sorted(values, reverse=True)
    assert values[-1] == pytest.approx(floor, rel=1e-6)
    assert replicas_needed(1, 0.005, 0.99 * floor, beta=0.1) is None
    assert replicas_needed(2, 0.005, 1e-6) == next(
        n for n in range(2, 9) if stats.binom.cdf(1, n, 0.995) <= 1e-6
    )


def test_hot_standby_is_two_parallel_repairable_units_to_the_engine():
    tree = FaultTree(
        "dark",
        {"dark": AND("one", "other")},
        {"one": Repairable(500, 12), "other": Repairable(500, 12)},
    )
    exact = solve(tree).probability()[0]
    assert Standby(500, 12, wear=1, crews=2).unavailability() == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("r", [0.001, 0.05, 1.0])
def test_cold_standby_has_its_closed_forms(r):
    cold = Standby(100, 100 * r)
    assert cold.unavailability() == pytest.approx(r**2 / (1 + r + r**2), rel=1e-9)
    two = Standby(100, 100 * r, crews=2)
    assert two.unavailability() == pytest.approx(r**2 / (2 + 2 * r + r**2), rel=1e-9)


def test_a_switch_over_that_never_works_and_lasts_for_ever_leaves_one_unit():
    alone = Standby(100, 10, switch_success=0, stuck_minutes=1e12)
    # nobody switches over: the first unit comes back when it is repaired, as if it were alone
    assert alone.unavailability() == pytest.approx(10 / 110, rel=1e-6)


def cycles(rates, hours, rng):
    """Hours served and not served in each whole cycle from READY to READY."""
    leaving = rates.sum(axis=1)
    chances = np.cumsum(rates / leaving[:, None], axis=1).tolist()
    means, passed = (1 / leaving).tolist(), 0.0
    ups, downs, up, down, state = [], [], 0.0, 0.0, READY
    while passed < hours:
        stays, draws = rng.standard_exponential(4096).tolist(), rng.random(4096).tolist()
        for stay, draw in zip(stays, draws, strict=True):
            spent = stay * means[state]
            if state <= ALONE:
                up += spent
            else:
                down += spent
            state = next((there for there, chance in enumerate(chances[state]) if draw < chance), state)
            if state == READY:
                passed += up + down
                ups.append(up)
                downs.append(down)
                up = down = 0.0
    return np.array(ups), np.array(downs)


@pytest.mark.parametrize(
    "pair",
    [
        Standby(100, 10),
        Standby(100, 10, wear=0.3, switch_success=0.8, switch_minutes=20, stuck_minutes=90),
        Standby(100, 20, wear=1, crews=2, switch_success=0.95),
    ],
)
def test_a_simulated_standby_agrees(pair):
    """Cycles are independent: the interval is that of a ratio of two means (Crane and Iglehart 1975)."""
    ups, downs = cycles(pair.rates(), 2000 * 8760, np.random.default_rng(1))
    lengths = ups + downs
    seen = downs.sum() / lengths.sum()
    error = (downs - seen * lengths).std(ddof=1) / (lengths.mean() * math.sqrt(len(lengths)))
    assert abs(seen - pair.unavailability()) < 3.3 * error < 0.05 * seen


@settings(deadline=None)
@given(
    st.integers(1, 9).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))),
    st.floats(1e-4, 0.999),
    st.floats(1e-3, 0.99),
)
def test_versions_are_beta_binomial(k_n, failure, correlation):
    needed, n = k_n
    spread = (1 - correlation) / correlation
    wrong = np.arange(n - needed + 1, n + 1)  # summed: SciPy's own tail is 1 - cdf, without its digits
    tail = stats.betabinom.pmf(wrong, n, failure * spread, (1 - failure) * spread).sum()
    assert versions_failure(needed, n, failure, correlation) == pytest.approx(tail, rel=1e-5, abs=1e-12)


@settings(deadline=None)
@given(st.floats(0, 1), st.floats(0, 1))
def test_two_versions_fail_together_by_eckhardt_and_lee(failure, correlation):
    together = failure**2 + correlation * failure * (1 - failure)
    assert versions_failure(1, 2, failure, correlation) == pytest.approx(together, rel=1e-6, abs=1e-9)


def test_more_replicas_do_nothing_about_a_bad_deploy():
    lost = [correlated_deploys(1, n, 0.005, 300, 0.01, 40) for n in (2, 3, 6)]
    assert {one.bad_deploys for one in lost} == {120.0}
    assert lost[0].hardware == pytest.approx(0.005**2 * 525_600)
    assert lost[2].minutes == pytest.approx(120, abs=1e-6)


def test_simulated_deploys_agree():
    stages, caught, rng = (0.02, 0.2, 1.0), 0.6, np.random.default_rng(5)
    lost = []
    for _ in range(20_000):  # years
        minutes = 0.0
        for _ in range(rng.binomial(50, 0.02)):
            for share in stages:
                minutes += 40 * share
                if rng.random() < caught:
                    break
        lost.append(minutes)
    mean, half = np.mean(lost), 3.5 * np.std(lost) / math.sqrt(len(lost))
    known = correlated_deploys(1, 2, 0.005, 50, 0.02, 40, stages, caught).bad_deploys
    assert abs(known - mean) < half < 0.05 * known


def test_triggers_are_shares_of_one():
    assert sum(OUTAGE_TRIGGERS.values()) == pytest.approx(1)
    assert min(OUTAGE_TRIGGERS, key=OUTAGE_TRIGGERS.get) == "hardware"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: redundant_availability(3, 2, 0.9), "k is at most n"),
        (lambda: redundant_availability(1, 2, 99.5), "fraction"),
        (lambda: redundant_availability(1, 2, 0.9, beta=5), "beta"),
        (lambda: Standby(0, 1), "MTBF"),
        (lambda: Standby(1, 1, wear=2), "fractions"),
        (lambda: Standby(1, 1, crews=3), "crews"),
        (lambda: versions_failure(2, 3, 0.1, -0.2), "correlation"),
        (lambda: versions_failure(4, 3, 0.1, 0.2), "k is at most n"),
        (lambda: correlated_deploys(1, 2, 0.1, 10, 0.1, 30, stages=(0.5, 0.1, 1)), "rising"),
        (lambda: correlated_deploys(1, 2, 0.1, 10, 1.1, 30), "bad_share"),
    ],
)
def test_nonsense_is_refused(wrong, says):
    with pytest.raises(BadInput, match=says):
        wrong()

"""Retry storms and the shop: against queueing theory, with common random numbers."""

from dataclasses import replace

import numpy as np
import pytest

from faultlab.design.calls.backoff import Backoff
from faultlab.design.calls.bulkhead import Bulkhead
from faultlab.design.calls.circuit_breaker import CircuitBreaker, FailureRate
from faultlab.design.calls.policies import Policy
from faultlab.design.calls.retry_budget import RetryBudget
from faultlab.design.calls.retry_storms import Service, Trigger, retry_storm
from faultlab.design.calls.storm_thresholds import measured_threshold, storm_threshold
from faultlab.design.shops.shop import SHOP, Dependency, Fault, Page, Shop
from faultlab.design.shops.shop_simulation import simulate_shop
from faultlab.errors import BadInput

AT_ONCE = Backoff("none")
HASTY = Policy(timeout=0.5, retries=3, backoff=AT_ONCE)
SMALL = Service(capacity=50)
CALM = Trigger(start=0, seconds=0)


def mean_counts(**arguments):
    runs = [retry_storm(seed=seed, **arguments) for seed in range(8)]
    calls = sum(run.calls.sum() for run in runs)
    return {name: sum(getattr(run, name).sum() for run in runs) / calls for name in ("answered", "attempts")}


@pytest.mark.parametrize("load", [0.3, 0.6, 0.8])
def test_without_retries_the_queue_is_that_of_theory(load):
    """M/M/1, first come first served: P(in the system for longer than t) = exp(-(mu - lambda) t)."""
    found = mean_counts(service=SMALL, policy=Policy(timeout=0.1), rate=50 * load, trigger=CALM, seconds=600)
    assert found["answered"] == pytest.approx(1 - np.exp(-50 * (1 - load) * 0.1), abs=0.02)
    assert found["attempts"] == 1


def test_a_limited_queue_refuses_as_theory_says():
    """M/M/1/K with K places, the one in service included."""
    service = Service(capacity=50, queue_limit=4)
    run = retry_storm(service, Policy(timeout=100), rate=45, trigger=CALM, seconds=3000)
    load, size = 0.9, 5
    known = (1 - load) * load**size / (1 - load ** (size + 1))
    assert run.refused.sum() / run.calls.sum() == pytest.approx(known, rel=0.06)


def test_the_storm_stays_after_its_trigger_has_gone():
    run = retry_storm(SMALL, HASTY, rate=35)
    assert run.success(0, run.trigger.start) > 0.99
    assert run.success_late < 0.01
    assert not run.recovered
    assert run.attempts[-20:].sum() / run.calls[-20:].sum() == pytest.approx(4, rel=0.1)
    without = retry_storm(SMALL, HASTY, rate=35, trigger=CALM)
    assert without.success(0, 60) > 0.99  # the same load, without the trigger: nothing happens


@pytest.mark.parametrize(
    ("service", "policy"),
    [
        (SMALL, Policy(timeout=0.5, retries=0)),
        (SMALL, replace(HASTY, budget=RetryBudget(0.1))),
        (replace(SMALL, queue_limit=20), HASTY),
        (replace(SMALL, drop_expired=True), HASTY),
    ],
    ids=["no retries", "budget", "queue limit", "expired dropped"],
)
def test_what_ends_it(service, policy):
    for seed in range(5):
        assert retry_storm(service, policy, rate=35, seed=seed).recovered


def test_backoff_ends_it_only_where_clients_wait_for_their_own_answers():
    patient = replace(HASTY, backoff=Backoff("full", base=1, cap=30))
    for seed in range(3):
        assert not retry_storm(SMALL, HASTY, rate=35, clients=100, seed=seed).recovered
        assert retry_storm(SMALL, patient, rate=35, clients=100, seed=seed).recovered
        # customers who keep coming make the same load later
        assert not retry_storm(SMALL, patient, rate=35, seconds=120, seed=seed).recovered


@pytest.mark.parametrize("retries", [1, 3, 5])
def test_the_measured_threshold_comes_near_the_one_of_theory(retries):
    policy = replace(HASTY, retries=retries)
    theory = storm_threshold(50, retries)
    found = measured_threshold(SMALL, policy, seeds=range(3), steps=7)
    assert 0.85 * theory < found.value < 1.05 * theory
    if retries == 1:
        longer = measured_threshold(SMALL, policy, seeds=range(3), steps=7, seconds=1200)
        assert abs(longer.value - theory) < abs(found.value - theory)


def test_a_budget_moves_the_threshold_up():
    policy = replace(HASTY, budget=RetryBudget(0.1))
    found = measured_threshold(SMALL, policy, seeds=range(3), steps=7)
    assert found.value > 3 * storm_threshold(50, 3)
    assert found.value < storm_threshold(50, 3, budget_share=0.1) == pytest.approx(50 / 1.1)


def test_policies_are_compared_under_the_same_luck():
    hasty, thrifty = HASTY, replace(HASTY, budget=RetryBudget(0.1))
    one, other = (retry_storm(SMALL, policy, rate=35) for policy in (hasty, thrifty))
    assert (one.calls == other.calls).all()
    assert (one.answered[:10] == other.answered[:10]).all()
    again = retry_storm(SMALL, thrifty, rate=35)  # its budget was not used up by the first run
    assert (again.answered == other.answered).all()
    assert (retry_storm(SMALL, hasty, rate=35, seed=1).calls != one.calls).any()


def test_a_load_trigger_brings_more_calls():
    spike = Trigger(start=20, seconds=10, capacity=1, load=3)
    run = retry_storm(SMALL, Policy(timeout=0.5), rate=30, trigger=spike, seconds=60, seed=2)
    assert run.calls[20:30].sum() == pytest.approx(900, rel=0.12)
    assert run.calls[:20].sum() == pytest.approx(600, rel=0.12)
    assert run.calls[30:].sum() == pytest.approx(900, rel=0.12)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: retry_storm(SMALL, Policy(), 10), "timeout"),
        (lambda: retry_storm(SMALL, HASTY, 0), "calls"),
        (lambda: retry_storm(SMALL, HASTY, 10, clients=0), "client"),
        (lambda: retry_storm(SMALL, replace(HASTY, bulkhead=Bulkhead(1)), 10), "others"),
        (lambda: Service(0), "capacity"),
        (lambda: Trigger(capacity=0), "trigger"),
        (lambda: storm_threshold(0), "capacity"),
        (lambda: measured_threshold(SMALL, HASTY, seeds=[]), "seed"),
        (lambda: simulate_shop(fault=Fault("printer")), "printer"),
        (lambda: Shop({}, {"home": Page(1, ("printer",))}), "printer"),
        (lambda: Shop({}, {"home": Page(0.5, ())}), "add up"),
        (lambda: simulate_shop(seconds=0), "1 s"),
    ],
)
def test_nonsense_is_refused(wrong, says):
    with pytest.raises(BadInput, match=says):
        wrong()


# ---- the shop


def breaker():
    return CircuitBreaker(FailureRate(0.5, calls=20), open_for=5)


GUARDS = {
    "nothing": Policy(),
    "timeout": Policy(timeout=1.0),
    "retries": Policy(timeout=1.0, retries=2),
    "budget": Policy(timeout=1.0, retries=2, budget=RetryBudget(0.1)),
    "breaker": Policy(timeout=1.0, retries=2, budget=RetryBudget(0.1), breaker=breaker()),
    "bulkhead": Policy(bulkhead=Bulkhead(5)),
}


@pytest.fixture(scope="module")
def days():
    return {name: simulate_shop(policy=policy) for name, policy in GUARDS.items()}


def test_one_slow_dependency_takes_down_pages_that_do_not_need_it(days):
    day = days["nothing"]
    for page in ("home", "search", "checkout"):
        assert day.success(page, 0, 10) == 1
        assert day.success(page) < 0.5
    assert day.busy[:9].max() < 6
    assert day.busy[15:29].min() > 19.9  # every worker waits for recommendations


def test_each_guard_in_turn(days):
    home = {name: day.success("home") for name, day in days.items()}
    assert home["timeout"] > 0.99
    assert home["retries"] < home["timeout"]  # three tries of a second hold workers three times as long
    assert home["budget"] > 0.99
    assert home["bulkhead"] > 0.99
    span = slice(15, 30)
    assert days["breaker"].busy[span].mean() < 0.5 * days["budget"].busy[span].mean()
    assert days["breaker"].refused.sum() > 0.5 * days["budget"].attempts[10:30].sum() / 1.1
    # no guard alone shows the product page while its recommendations are out
    assert days["breaker"].success("product") < 0.1


def test_a_fallback_shows_the_page_without_what_is_optional():
    day = simulate_shop(policy=GUARDS["breaker"], fallback=True)
    assert day.success("product") > 0.9
    assert day.degraded["product"].sum() > 100
    assert day.degraded["checkout"].sum() == 0
    payment = simulate_shop(policy=GUARDS["breaker"], fallback=True, fault=Fault("payment"))
    assert payment.success("checkout") < 0.2  # nobody pays without a payment


def test_the_same_visitors_come_under_every_policy(days):
    for day in days.values():
        for page, visits in day.visits.items():
            assert (visits == days["nothing"].visits[page]).all()
            assert (day.served[page][:10] == days["nothing"].served[page][:10]).all()
    assert (simulate_shop(policy=GUARDS["breaker"]).response == days["breaker"].response).all()


def test_errors_are_failures_too():
    broken = Fault("stock", slower=1, errors=1.0)
    day = simulate_shop(policy=Policy(timeout=1), fault=broken)
    assert day.success("home") == 1
    assert day.success("product") == day.success("checkout") == 0
    half = Fault("stock", slower=1, errors=0.5)
    tries = simulate_shop(policy=Policy(timeout=1, retries=3, backoff=AT_ONCE), fault=half)
    assert tries.success("checkout") > 0.85  # 1 - 0.5**4


def test_the_pool_of_workers_is_a_queue_of_theory():
    """M/M/c: with one dependency of nearly exponential times, busy workers are load times work."""
    shop = replace(
        SHOP,
        dependencies={"only": Dependency(0.1, servers=1000, sigma=1.0)},
        pages={"home": Page(1.0, ("only",))},
        workers=30,
    )
    day = simulate_shop(shop, fault=Fault("only", start=0, seconds=0), seconds=400)
    mean_work = 0.1 * np.exp(0.5)  # of a lognormal
    assert day.busy.mean() == pytest.approx(shop.rate * mean_work, rel=0.05)  # Little's law
    assert day.response.mean() == pytest.approx(mean_work, rel=0.05)


def test_load_shedding_answers_some_instead_of_nobody():
    strict = replace(SHOP, queue_limit=10)
    assert simulate_shop(strict).success("home") > 1.2 * simulate_shop(SHOP).success("home")

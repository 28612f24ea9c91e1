"""What lesson 03 concludes from its simulations, over twenty seeds, and the figures in its words."""

import math
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest

from faultlab.cases.amazon import (
    KESTREL_EVENING,
    Fixed,
    RuleOfThree,
    TargetTracking,
    ZonePlan,
    compare_zone_plans,
    scaled_evening,
)
from faultlab.design.stores import steady, waiting
from faultlab.views.lesson_03.balanced_lines import POLICIES, TROUBLES, served_by
from faultlab.views.lesson_03.sale_evening import BROWSERS, CROWDS, TWENTY_EVENINGS, evening_under

SEEDS = range(20)
(LESSON,) = (Path(__file__).parents[2] / "course").glob("03_*.ipynb")
TEXT = "\n".join(cell.source for cell in nbformat.read(LESSON, 4).cells if cell.cell_type == "markdown")


def lost_orders(evenings):
    """Percent of the orders lost, evening by evening."""
    return np.array([100 * one.lost_checkouts / (0.1 * one.customers) for one in evenings])


def played(policy):
    return [scaled_evening(KESTREL_EVENING, policy, seed) for seed in SEEDS]


def said(found, low, high, digits=0):
    """Whether the least and the most, rounded, are the two that the lesson prints."""
    return (round(float(min(found)), digits), round(float(max(found)), digits)) == (low, high)


def test_twenty_evenings_cost_what_the_lesson_lists():
    pytest.importorskip("numba", reason="320 evenings take six minutes without numba")
    for (decides, target, browsers), costs in TWENTY_EVENINGS.items():
        for crowd, (least, most) in zip(CROWDS, costs, strict=True):
            evenings = [evening_under(decides, target / 100, browsers, crowd, seed) for seed in SEEDS]
            found = [one.total_money for one in evenings]
            assert least == pytest.approx(min(found), rel=0.02, abs=6), (decides, crowd)
            assert most == pytest.approx(max(found), rel=0.02, abs=6), (decides, crowd)


def test_too_late_and_too_eager():
    pytest.importorskip("numba", reason="a hundred evenings take two minutes without numba")
    tracking = lost_orders(played(TargetTracking(0.6)))
    assert said(tracking, 14, 17)
    assert "14 to 17 % of the orders" in TEXT
    first = lost_orders(played(TargetTracking(0.6, out_after=1)))
    assert said(first, 13, 15)
    assert (first < tracking).all()
    eager = lost_orders([evening_under("an over-eager autoscaler", 0.6, seed=seed) for seed in SEEDS])
    assert said(eager, 22, 24)
    assert (eager > tracking).all()
    assert "22 to 24 %, more in each" in TEXT
    luck = lost_orders(played(TargetTracking(0.4)))
    assert min(luck) < 0.15
    assert round(max(luck)) == 7


def test_only_all_its_haste_together_makes_the_eager_one_worse():
    pytest.importorskip("numba", reason="a hundred evenings take two minutes without numba")
    eager = TargetTracking(0.6, cooldown_in=0, out_after=1, in_after=3, in_step=0.5)
    usual = TargetTracking(0.6)
    slower = [
        lost_orders(played(replace(eager, **{brake: getattr(usual, brake)})))
        for brake in ("in_after", "in_step", "cooldown_in")
    ]
    assert said(np.concatenate(slower), 13, 16)
    assert "twenty evenings lost 13 to 16 %" in TEXT


def test_who_forgets_its_orders_loses_fewer_customers_and_pays_for_more_servers():
    pytest.importorskip("numba", reason="forty evenings take a minute without numba")
    first = played(TargetTracking(0.6, out_after=1))
    forgets = played(TargetTracking(0.6, out_after=1, counts_warming=False))
    assert (lost_orders(forgets) < lost_orders(first)).all()
    assert all(one.servers_money > other.servers_money for one, other in zip(forgets, first, strict=True))
    assert "fewer orders lost, more servers paid for" in TEXT


def test_the_plan_has_more_left_when_the_forecast_was_too_low():
    pytest.importorskip("numba", reason="forty evenings take a minute without numba")
    for crowd, before, after in ((CROWDS[0], 26, 17), (CROWDS[1], 40, 27)):
        for seed in SEEDS:
            run = evening_under("the plan and target tracking", 0.6, BROWSERS[0], crowd, seed).by_minute
            assert run["in_service"][49] == pytest.approx(before, abs=1)
            assert run["in_service"][51] == pytest.approx(after, abs=2)
        words = f"Some {before} servers" if before == 26 else f"has ordered {before} by then"
        assert words in TEXT
        assert f"the {after} that are left" in TEXT


def test_what_the_decision_says_is_in_the_table():
    words = LESSON.with_suffix(".yaml").read_text(encoding="utf-8")
    signed = TWENTY_EVENINGS["the plan and target tracking", 60, BROWSERS[1]]
    headroom = TWENTY_EVENINGS["target tracking", 30, BROWSERS[0]]
    for costs in (signed, headroom):
        assert f"costs {np.min(costs)} to {np.max(costs)} EUR either way" in words
        assert f"{np.max(costs)} EUR" in words.partition("ours:")[2]
    assert np.max(signed) == min(map(np.max, TWENTY_EVENINGS.values()))
    ordinary = KESTREL_EVENING.traffic.rates[0] * KESTREL_EVENING.service
    kept = [math.ceil(ordinary / target) for target in (0.3, 0.6)]
    assert "runs {} servers where {} would do".format(*kept) in words
    assert f"costs {round((kept[0] - kept[1]) * KESTREL_EVENING.server_hour * 8_760, -3):,.0f} EUR" in words


def test_a_hundred_servers_and_thirteen_keep_one_promise():
    assert "A hundred servers that share one queue may be 88 % busy" in TEXT
    assert "thirteen keep at 62 %" in TEXT
    for servers, busy in ((100, 88), (13, 62)):
        late = [
            waiting(servers, servers * (busy + more) / 100 / 0.2, 1 / 0.2).chance_of_wait_over(0.02)
            for more in (0, 1)
        ]
        assert late[0] <= 0.05 < late[1]


def test_prices_of_servers_in_the_words():
    tracking, always = evening_under("target tracking", 0.6), evening_under("nobody: always 24 servers", 0.6)
    assert (round(tracking.servers_money), round(always.servers_money)) == (139, 143)
    assert evening_under("target tracking", 0.3).servers_money == pytest.approx(195, abs=3)
    shed = evening_under("target tracking", 0.6, BROWSERS[1])
    assert round(shed.total_money, -3) == 3_000
    assert tracking.customers == always.customers == shed.customers


def test_a_waiting_server_looks_idle_to_its_processor():
    pytest.importorskip("numba", reason="a hundred evenings take two minutes without numba")
    slow = replace(
        KESTREL_EVENING, traffic=steady(40.0, 5400), first=14, zone_dies=None, slow_backends=(40, 60, 2.0)
    )

    def run(policy, metric):
        found = [scaled_evening(replace(slow, metric=metric), policy, seed).by_minute for seed in SEEDS]
        during = [one["lost"][40:60].sum() / one["customers"][40:60].sum() for one in found]
        return during, [one["lost"][60:].sum() for one in found], [one["in_service"][59] for one in found]

    nobody = run(Fixed(14), "utilisation")
    by_processor, by_workers = run(RuleOfThree(0.6), "utilisation"), run(RuleOfThree(0.6), "busy workers")
    assert set(by_processor[2]) == {5}, "nine of 14 are taken away"
    assert min(by_processor[1]) > 8 * max(nobody[1])
    assert 15_000 <= min(by_processor[1]) < max(by_processor[1]) < 31_000
    assert set(run(TargetTracking(0.6), "utilisation")[2]) == {13}
    for found in (by_workers, run(TargetTracking(0.6), "busy workers")):
        assert max(found[0]) < 0.5 < 0.98 < min(nobody[0])


def test_two_thirds_is_the_edge():
    plan = ZonePlan(servers_a_zone=6, dies_at=60.0, duration=660.0)
    plans = {"edge": plan, "spare": replace(plan, servers_a_zone=7), "shed": replace(plan, browse_places=5)}
    found = compare_zone_plans(plans, SEEDS)
    edge = [lost.checkouts_after for lost in found["edge"]]
    assert 0.1 < min(edge) < 0.15
    assert 0.85 < max(edge) < 0.95
    assert max(lost.checkouts_after for lost in found["spare"]) < 0.01
    assert max(lost.checkouts_after for lost in found["shed"]) < 0.02
    unnoticed = [lost.unnoticed for losses in found.values() for lost in losses]
    assert 0.35 < min(unnoticed) < max(unnoticed) < 0.5, "about four in ten"


def test_what_stale_queue_lengths_do():
    lost = {
        (policy, trouble): [100 * (1 - served_by(policy, trouble, seed).in_time(2).mean()) for seed in SEEDS]
        for policy in POLICIES
        for trouble in (TROUBLES[0], TROUBLES[3])
    }
    assert said(lost["random", TROUBLES[0]], 14, 19)
    assert "between 14 and 19 %" in TEXT
    assert max(lost["two choices", TROUBLES[0]]) < 0.5
    assert said(lost["least connections", TROUBLES[3]], 37, 43)
    assert "37 to 43 %" in TEXT
    for seed in SEEDS:
        run = served_by("least connections", TROUBLES[2], seed)
        minute = (run.arrivals >= 300) & (run.arrivals < 360)
        assert (run.servers[minute] == 0).mean() == pytest.approx(
            3 / 11, rel=0.25
        )  # three times a fair share


def test_a_page_of_150_services():
    assert f"= {100 * (1 - 0.99**150):.0f} %" in TEXT

"""The pictures of lesson 01: their numbers against published values and theory, their words and sizes."""

import math
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from faultlab.views.lesson_01.backoff_spread import backoff_spread
from faultlab.views.lesson_01.replicas import MOST_COPIES, SHARED, replicas
from faultlab.views.lesson_01.shop_day import STEPS, one_after_the_other, shop_day, shop_run
from faultlab.views.lesson_01.staged_releases import outage_triggers, staged_releases
from faultlab.views.lesson_01.storm import CAPACITY, LOADS, WAYS, storm, storm_run, threshold

YEAR = 525_600
# Drawn in the tests: every process that runs some of them reads this file.
PICTURES = [
    *((replicas, copies, shared, 200_000) for copies in range(1, MOST_COPIES + 1) for shared in SHARED),
    (outage_triggers,),
    (staged_releases, 1, 100, 80, 120),
    (staged_releases, 5, 1, 95, 5),
    *((shop_day, step, slower) for step in STEPS for slower in (1, 100)),
    *((storm, way, load, 10) for way in WAYS for load in (10, 80)),
    (backoff_spread, 100, 2),
]


@pytest.mark.parametrize("drawn", PICTURES, ids=lambda drawn: f"{drawn[0].__name__} {drawn[1:]}"[:60])
def test_every_picture_is_well_formed_and_its_words_stay_inside(drawn):
    draw, *state = drawn
    picture = draw(*state)
    root = ElementTree.fromstring(picture.svg)
    assert root.get("aria-label") == picture.alt
    assert picture.sentence.endswith(".")
    assert picture.rows
    width, height = (float(v) for v in root.get("viewBox").split()[2:])
    for words in root.iter("{http://www.w3.org/2000/svg}text"):
        size = float(words.get("font-size"))
        assert size >= 13
        wide = len(words.text or "") * size * 0.55
        left = float(words.get("x")) - {"start": 0, "middle": 0.5, "end": 1}[words.get("text-anchor")] * wide
        assert -2 <= left <= left + wide <= width + 2, words.text
        assert 0 <= float(words.get("y")) <= height


@pytest.mark.parametrize(
    ("shared", "published"), [(0, 0.999975), (1, 0.999925), (5, 0.999727), (10, 0.99948)]
)
def test_two_copies_have_the_published_availability(shared, published):
    minutes = replicas(2, shared, 50_000).rows[1][f"Minutes a year, {shared} % shared"]
    assert 1 - minutes / YEAR == pytest.approx(published, abs=1e-6)


def test_no_number_of_copies_gets_below_what_they_share():
    minutes = [row["Minutes a year, 5 % shared"] for row in replicas(2, 5, 50_000).rows]
    assert minutes == sorted(minutes, reverse=True)
    assert minutes[-1] == pytest.approx(0.05 * 0.005 * YEAR, rel=1e-3)


def test_the_label_says_what_the_table_says():
    assert "2.39 hours" in replicas(2, 5, 50_000).svg
    assert pytest.approx(replicas(2, 5, 1).rows[1]["Minutes a year, 5 % shared"], rel=0.01) == 60 * 2.39


def test_triggers_are_the_workbook_s():
    shares = [int(row["Share"].split()[0]) for row in outage_triggers().rows]
    assert shares == [37, 31, 9, 6, 5, 5, 5, 2]
    wide = [
        float(width)
        for width in re.findall(r"<rect[^>]* width='([\d.]+)' height='20'", outage_triggers().svg)
    ]
    tracks, filled = wide[::2], wide[1::2]
    assert [100 * one / track for one, track in zip(filled, tracks, strict=True)] == pytest.approx(
        shares, abs=0.6
    )


@pytest.mark.parametrize("first", [100, 50, 10, 1])
def test_staged_releases_by_hand(first):
    row = next(
        row
        for row in staged_releases(2, first, 80, 30).rows
        if row["Release to"] == ("all at once" if first == 100 else f"{first} % first")
    )
    reached = 1 if first == 100 else first / 100 + 0.2
    assert row["Releases, minutes a year"] == pytest.approx(250 * 0.02 * 30 * reached, rel=1e-3)
    assert row["Servers, minutes a year"] == pytest.approx(0.005**2 * YEAR, rel=1e-3)


def test_each_step_meets_the_same_visitors():
    visits = {step: {page: list(n) for page, n in shop_run(step, 100).visits.items()} for step in STEPS}
    assert all(visits[step] == visits["nothing"] for step in STEPS)


def test_the_shop_as_the_lesson_tells_it():
    rows = one_after_the_other()
    served = [int(row["Served"].split()[0]) for row in rows]
    checkout = [int(row["Checkout"].split()[0]) for row in rows]
    calls = [row["Calls to recommendations"] for row in rows]
    nothing, timeout, retries, budget, breaker, fallback = range(6)
    assert served[nothing] < served[retries] < served[timeout] < 100
    assert served[budget] - served[timeout] in (0, 1)
    assert served[breaker] == served[timeout]
    assert served[fallback] == checkout[timeout] == 100
    assert checkout[nothing] < checkout[retries] < 100
    assert calls[breaker] < calls[timeout] / 4


def test_a_timeout_shorter_than_the_answers_costs_visits():
    assert shop_run("nothing", 30).success() > 0.99 > shop_run("timeout", 30).success()


def test_what_holds_in_twenty_slowdowns():
    days = {step: [100 * shop_run(step, 100, seed).success() for seed in range(20)] for step in STEPS}
    nothing, timeout, retries, budget, _, fallback = days.values()
    assert all(a < b < c for a, b, c in zip(nothing, retries, timeout, strict=True))
    assert max(abs(a - b) for a, b in zip(budget, timeout, strict=True)) < 0.5
    assert set(fallback) == {100.0}
    calls = {step: [shop_run(step, 100, seed).attempts[10:30].sum() for seed in range(20)] for step in STEPS}
    assert all(4 * a < b for a, b in zip(calls[STEPS[4]], calls[STEPS[1]], strict=True))
    assert (round(min(nothing)), round(max(nothing))) == (13, 29)
    assert (round(min(timeout)), round(max(timeout))) == (71, 78)
    assert (round(min(retries)), round(max(retries))) == (25, 72)
    assert 100 * shop_run("nothing", 100).success() == pytest.approx(np.median(nothing), abs=0.5)
    slow = [shop_run(step, 30, seed).success() for seed in range(20) for step in STEPS[:2]]
    assert all(without > with_it for without, with_it in zip(slow[::2], slow[1::2], strict=True))


def test_the_storm_at_sixty_percent_in_twenty_runs():
    late = {way: [storm_run(way, 60, 5, seed).success_late for seed in range(20)] for way in WAYS}
    one, at_once, waits, budget, shedding = late.values()
    assert set(at_once) == set(waits) == {0.0}
    assert min(one + budget + shedding) > 0.99


def test_the_numbers_in_the_text_of_lesson_01():
    def minutes(copies, beta):
        return YEAR * (1 - (1 - beta * 0.005) * (1 - ((1 - beta) * 0.005) ** copies))

    assert round(minutes(2, 0.05)) == 143
    assert round(minutes(4, 0.05)) == 131
    assert round(minutes(2, 0.05) - minutes(4, 0.05)) == 12
    assert round(minutes(2, 0.05) - minutes(2, 0.025)) == 65
    assert [round(minutes(n, 0.1)) for n in (2, 3)] == [273, 263]
    assert replicas(4, 5, 1).rows[3]["Minutes a year, 5 % shared"] == pytest.approx(
        minutes(4, 0.05), rel=1e-3
    )
    # a fallback that breaks twice a year, tried once a year or once a week: the mean of 1 - exp(-2 t)
    assert round(100 * (1 - (1 - math.exp(-2)) / 2)) == 57
    assert round(100 * (1 - (1 - math.exp(-14 / 365)) / (14 / 365))) == 2


def test_a_shop_without_a_fault_serves_everybody():
    assert shop_day("nothing", 1).sentence.startswith("During the slowdown 100 % of visits")


@pytest.mark.parametrize("load", LOADS)
def test_the_storm_stays_where_theory_says(load):
    """Below a quarter of the capacity four tries fit into it; above they don't (4 * load > capacity)."""
    hasty = storm_run("four attempts, at once", load, 5)
    assert hasty.recovered == (4 * load < 100)
    assert storm_run("four attempts, with a retry budget", min(load, 70), 5).recovered
    assert storm_run("four attempts, and the service sheds load", load, 5).recovered


def test_thresholds_are_those_of_the_formula():
    found = [threshold(way) for way in WAYS]
    assert found[:3] == [100, 25, 25]
    assert found[3] == pytest.approx(100 / 1.1)
    assert found[4] is None


def test_during_a_storm_every_call_is_tried_four_times():
    run = storm_run("four attempts, at once", 60, 5)
    assert run.attempts[-20:].mean() == pytest.approx(4 * 0.6 * CAPACITY, rel=0.1)


def test_the_contest_has_the_article_s_order():
    """100 clients in Brooker's simulator: 2420, 1852, 813, 795 and 999 calls."""
    calls = {row["Strategy"]: row["Calls"] for row in backoff_spread().rows}
    published = {"none": 2420, "exponential": 1852, "equal": 813, "full": 795, "decorrelated": 999}
    assert all(math.isclose(calls[name], published[name], rel_tol=0.05) for name in published)
    assert "57 % fewer calls" in backoff_spread().sentence

"""The pictures of lesson 10 and the figures in its words: held against the review, and against exhaustion."""

import itertools
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import nbformat
import numpy as np
import pytest

from faultlab.analysis.reviews import Losses, review, simulated_years
from faultlab.analysis.systems import Range, read_system
from faultlab.analysis.systems.system import Appetite, Objectives
from faultlab.views.lesson_10.bad_year import NOTHING, ONCE_IN, RECOMMENDED, year_explorer
from faultlab.views.lesson_10.blind_spots import HIDDEN, _wider, _with, blind_explorer
from faultlab.views.lesson_10.board_words import amount, headline
from faultlab.views.lesson_10.carriers import BOUGHT, COUNTED, at_likely, carriers_explorer
from faultlab.views.lesson_10.exceedance import exceedance_picture
from faultlab.views.lesson_10.offers import BUDGETS, NO, YES, offers_explorer
from faultlab.views.lesson_10.sheets import board_page
from faultlab.views.lesson_10.unbeaten_sets import sets_picture
from faultlab.views.lesson_10.while_typing import own_answers, own_offers

COURSE = Path(__file__).parents[3] / "course"
KESTREL = read_system(COURSE / "kestrel.yaml")
LESSON = COURSE / "10_resilience_review.ipynb"
CELLS = nbformat.read(LESSON, 4).cells
TEXT = "\n".join(cell.source for cell in CELLS if cell.cell_type == "markdown")
ASKED = LESSON.with_suffix(".yaml").read_text(encoding="utf-8")
OFFERS = offers_explorer(KESTREL)
YEAR = year_explorer(KESTREL, "ransomware")


@pytest.fixture(scope="module")
def reviewed():
    return review(KESTREL)


def bought(names, budget=200_000):
    return OFFERS(budget, **{name: YES if name in names else NO for name in KESTREL.options})


def can_be_had(names):
    return not {"charge_later", "second_payment_provider"} <= set(names)


def gain_of(losses, names):
    costs = sum(np.mean(losses.cost((name,))) for name in names)
    return float(np.mean(losses.of(()) - losses.of(names))) - costs


SETS = [
    names for size in range(6) for names in itertools.combinations(KESTREL.options, size) if can_be_had(names)
]


def test_there_are_as_many_sets_as_the_lesson_says():
    assert len(SETS) == 24
    assert f"{2 ** len(KESTREL.options)} sets and {len(SETS)} that can be had" in TEXT


@pytest.mark.parametrize("budget", BUDGETS)
def test_the_best_set_for_a_budget_is_the_best_of_all(budget):
    losses = Losses(KESTREL)
    prices = {name: one.cost_per_year.likely for name, one in KESTREL.options.items()}
    affordable = [names for names in SETS if sum(prices[name] for name in names) <= budget]
    best = max(affordable, key=lambda names: gain_of(losses, names))
    picture = bought(best, budget)
    assert "No set for this budget gains more on average" in picture.sentence
    assert {row["Offer"] for row in picture.rows if row["In the best"]} == {
        name.replace("_", " ") for name in best
    }
    has_provider = "second_payment_provider" in best
    assert has_provider == (budget == max(BUDGETS)), "as the lesson says of the four budgets"


def test_sets_that_cost_too_much_or_exclude_each_other_are_answered():
    assert "more than the budget" in bought(("offline_backups", "staged_releases"), 60_000).sentence
    assert bought(("charge_later", "second_payment_provider")).sentence.startswith("You can't have both")
    assert bought(()).sentence.startswith("You buy nothing")
    assert bought(("offline_backups",)).sentence.startswith("For 60,000 EUR a year you save 4")


def test_charging_later_is_nearly_as_good_for_a_third_of_the_money():
    losses = Losses(KESTREL)
    rest = ("staged_releases", "faster_search_rollback", "offline_backups")
    with_provider, later = (
        gain_of(losses, (name, *rest)) for name in ("second_payment_provider", "charge_later")
    )
    said = int(re.search(r"some ([\d,]+) EUR a year more", ASKED)[1].replace(",", ""))
    assert with_provider - later == pytest.approx(said, abs=2_000)
    costs = [
        KESTREL.options[name].cost_per_year.likely for name in ("second_payment_provider", "charge_later")
    ]
    assert costs[0] == 3 * costs[1]
    cheap = sum(
        KESTREL.options[name].cost_per_year.likely for name in ("faster_search_rollback", "charge_later")
    )
    assert f"for {cheap:,.0f} EUR" in ASKED


def test_the_year_is_that_of_the_review(reviewed):
    picture = YEAR(50, NOTHING)
    rows = {row["A year costs"]: row["EUR"] for row in picture.rows}
    assert rows["on average"] == pytest.approx(reviewed.loss.likely, rel=0.02)
    assert rows["or more, one year in ten"] == pytest.approx(reviewed.today.one_in(10), rel=0.02)
    said = re.search(r"comes in (\d+) in 100", picture.sentence)[1]
    assert int(said) == pytest.approx(100 * reviewed.today.chance_of(5e6), abs=1)
    after = YEAR(50, RECOMMENDED)
    assert re.search(r"comes in (\d+) in 100", after.sentence)[1] == "8"
    assert f"{100 * reviewed.with_best.chance_of(5e6):.0f}" == "8"


def test_a_year_is_worse_where_ransomware_comes_more_often():
    for kind in (NOTHING, RECOMMENDED):
        means = [YEAR(once, kind).rows[0]["EUR"] for once in ONCE_IN]
        assert means == sorted(means, reverse=True)


def test_ransomware_is_fifth_at_the_likely_values_and_first_over_the_ranges(reviewed):
    draw = carriers_explorer(KESTREL)
    assert [row["What"] for row in draw(COUNTED[0], BOUGHT[0]).rows].index("Ransomware") == 4
    first = draw(COUNTED[1], BOUGHT[0]).rows[0]
    assert first["What"] == "Ransomware" == reviewed.contributors[0].name
    assert first["EUR a year"] == pytest.approx(reviewed.contributors[0].loss, rel=0.01)
    assert "ransomware is fifth" in TEXT
    scenario = KESTREL.scenarios["ransomware"]
    for given, times in ((scenario.per_year, 5), (scenario.hours, 4), (scenario.lasting_cost, 5)):
        assert given.high / given.likely == pytest.approx(times, abs=0.2)
        assert given.likely / given.low <= times


def test_at_the_likely_values_every_range_is_a_point():
    likely = at_likely(KESTREL)
    assert all(one.low == one.high == one.likely for one in likely.numbers().values())
    assert likely.availability("checkout") == KESTREL.availability("checkout")
    worth = 8760 * sum(
        (1 - KESTREL.availability(name)) * one.worth_per_hour.likely for name, one in KESTREL.journeys.items()
    )
    rare = sum(
        one.per_year.likely
        * (
            one.hours.likely * sum(KESTREL.journeys[name].worth_per_hour.likely for name in one.journeys)
            + one.lasting_cost.likely
        )
        for one in KESTREL.scenarios.values()
    )
    assert Losses(likely, 100).of(()).mean() == pytest.approx(worth + rare)


def test_what_the_lesson_says_of_the_promise(reviewed):
    checkout = next(one for one in reviewed.journeys if one.journey == "checkout")
    assert "99.7 % of the time" in ASKED
    likely = KESTREL.availability("checkout")
    assert f"{100 * likely:.2f} %" == "99.73 %"
    assert checkout.objectives.availability == 0.997
    margin = (likely - 0.997) * 10 * 1440
    assert 4 < margin < 5, "under five minutes in every ten days"
    assert checkout.scenario_minutes / 60 == pytest.approx(7, abs=0.1)
    chances = [
        next(one for one in review(KESTREL, samples=1000, seed=seed).journeys if one.journey == "checkout")
        for seed in range(3)
    ]
    assert all(one.chance_of_promise == pytest.approx(0.2, abs=0.03) for one in chances)


def test_what_is_copied_changes_the_bad_year_and_not_the_average():
    page, slide = _with(KESTREL, 0), _with(KESTREL, 3)
    for seed in range(20):
        before, after = (simulated_years(one, seed=seed, each=10) for one in (page, slide))
        assert after.mean() == pytest.approx(before.mean(), rel=0.04)
        assert np.quantile(after, 0.9) > 1.1 * np.quantile(before, 0.9)


def test_what_a_review_hides():
    draw = blind_explorer(KESTREL)
    found = {hidden: draw(hidden).rows for hidden in HIDDEN}
    names = list(HIDDEN)
    for hidden in names[1:]:
        bad = found[hidden][1]
        assert bad["With what it hides"] > 1.1 * bad["As the page has it, EUR"], hidden
    slide = found[names[3]][0]
    assert slide["With what it hides"] == pytest.approx(slide["As the page has it, EUR"], rel=0.02)
    assert "about as much" in draw(names[3]).sentence


def test_quiz_of_the_two_budgets():
    likely = Losses(at_likely(KESTREL), 100).of(()).mean()
    assert f"alone give {likely / 1e6:.1f} million" in ASKED


def test_own_answers_follow_what_is_typed():
    found = own_answers(KESTREL, "payments")
    assert found["journey"] == "payments"
    assert list(found["names"]) == list(KESTREL.journeys)
    assert own_answers(KESTREL, "nobody")["journey"] == "web"
    assert sum(float(one["share"].split()[0]) for one in found["carriers"]) < 105
    assert "offline backups" in own_offers(KESTREL)
    assert own_offers(read_system(COURSE / "data" / "two_apps_one_database.yaml")) == ""


@pytest.mark.parametrize("name", ["online_shop", "bank_payments"])
def test_the_form_says_what_the_page_will_say(name):
    system = read_system(COURSE / "templates" / f"{name}.yaml")
    reviewed = review(system)
    said = own_answers(system)["sentence"]
    assert f"An average year costs {amount(reviewed.loss.likely, 'EUR')}, " in said
    near = {amount(part * reviewed.today.one_in(10), "EUR", 2) for part in (0.99, 1.0, 1.01)}
    assert re.search("one year in ten about (.*) or more", said)[1] in near
    best = reviewed.portfolio.best
    assert f"saves {amount(best.saved_per_year.likely, 'EUR')} on average" in own_offers(system)


def test_the_board_is_asked_for_the_limits_that_are_missing_only():
    system = read_system(COURSE / "templates" / "online_shop.yaml")
    assert "How long browse may be down at most." in board_page(review(system), date(2026, 1, 1), "1")
    none = replace(
        system,
        journeys={name: replace(one, objectives=Objectives()) for name, one in system.journeys.items()},
    )
    assert "How long each journey may be down at most." in board_page(review(none), date(2026, 1, 1), "1")


def test_a_line_that_no_year_comes_near_is_not_told_as_if_it_had_moved():
    near = "".join(headline(review(KESTREL, samples=500)))
    assert "or more goes from 11 in 100 to" in near
    below, beyond = (
        review(replace(KESTREL, appetite=Appetite(loss, 0.1)), samples=500) for loss in (1e4, 1e12)
    )
    assert "or more goes from 10 in 100 to" in "".join(headline(beyond)), "as without a line"
    assert "accepts lie far beyond" not in exceedance_picture(below).sentence
    assert (
        "1,000,000\u00a0million\u00a0€ that the board accepts lie far beyond"
        in exceedance_picture(beyond).sentence
    )
    said = "".join(headline(below))
    assert re.search(r"in ten costs or more goes from [\d.]+\smillion\s€ to [\d.]+\smillion\s€$", said)


def test_wider_ranges_keep_their_middle():
    wide = _wider(Range(1.0, 4.0, 16.0))
    assert (wide.low, wide.likely, wide.high) == (0.5, 4.0, 32.0)


def test_the_drawn_sets_are_those_that_no_other_beats(reviewed):
    picture = sets_picture(reviewed)
    found = reviewed.portfolio
    assert [(row["Costs"], row["Saves"]) for row in picture.rows] == [one[1:] for one in found.pareto]
    assert picture.svg.count("<circle") == len(found.pareto)
    assert picture.svg.count("<circle class='point'") == 1
    assert "offline backups" in picture.alt
    tight = sets_picture(review(KESTREL, 15_000, samples=500))
    assert tight.svg.count("<circle class='point'") == 1, "under a budget too"

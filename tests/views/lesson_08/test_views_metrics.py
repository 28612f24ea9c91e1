"""The pictures of lesson 08: what its sentences rest on, over many seeds and in gaps of the data."""

import numpy as np
import pytest

from faultlab.errors import BadInput
from faultlab.metrics.customers.surveys import answers_to_follow, chance_to_follow, chance_to_see
from faultlab.metrics.estimates.comparison import incidents_to_tell
from faultlab.metrics.estimates.estimates import mttr
from faultlab.metrics.incidents import read_incidents
from faultlab.views.lesson_08.error_budget import budget_decision
from faultlab.views.lesson_08.incidents import NOT_KNOWN, measured
from faultlab.views.lesson_08.redealt import mttr_changes, redealt


def test_a_service_without_a_repair_in_the_window_is_not_known(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(
        "start,end,service\n"
        "2026-01-05T10:00Z,2026-01-05T11:00Z,search\n"
        "2026-01-05T10:00Z,,payments\n"
        "2025-11-05T10:00Z,2025-11-05T11:00Z,basket\n"
    )
    rows = {row["Service"]: row for row in measured(read_incidents(path), "2026-01-01", "2026-02-01")}
    assert rows["search"]["Median"] == "60 minutes"
    assert rows["payments"]["Median"] == rows["payments"]["MTTR (minutes)"] == NOT_KNOWN
    assert rows["basket"]["Longest 10 % exceed"] == NOT_KNOWN
    assert "None" not in str(rows)


def test_other_kestrels_look_as_good_by_luck_about_one_time_in_four():
    changes = np.array(mttr_changes(range(120)))
    assert 0.15 < (changes <= -0.44).mean() < 0.35
    assert 0.35 < (changes > 0).mean() < 0.55
    picture = redealt(-0.44)
    assert sum(row["Kestrels"] for row in picture.rows) == 40
    assert f"In {(changes[:40] <= -0.44).sum()} of 40" in picture.sentence
    for dealt in (1, 7, 39):
        as_good, less, worse = (row["Kestrels"] for row in redealt(-0.44, dealt).rows)
        assert (as_good, worse) == ((changes[:dealt] <= -0.44).sum(), (changes[:dealt] > 0).sum())
        assert as_good + less + worse == dealt


@pytest.mark.parametrize(("answers", "fall"), [(100, 0.05), (400, 0.05), (1_091, 0.05), (200, 0.10)])
def test_a_survey_shows_a_fall_as_often_as_drawn_surveys_do(answers, fall):
    rng = np.random.default_rng(1)
    before = rng.binomial(answers, 0.8, 40_000) / answers
    after = rng.binomial(answers, 0.8 - fall, 40_000) / answers
    middle = (before + after) / 2
    z = (before - after) / np.sqrt(2 * middle * (1 - middle) / answers)
    assert chance_to_see(answers, fall) == pytest.approx((z > 1.96).mean(), abs=0.02)


def test_about_1100_answers_show_a_fall_of_five_points_four_times_in_five():
    assert chance_to_see(1_100, 0.05) == pytest.approx(0.8, abs=0.01)
    assert chance_to_see(50, 0) < 0.05


@pytest.mark.parametrize(("answers", "lost"), [(100, 0.4), (3_200, 0.6), (44_000, 0.4)])
def test_monthly_surveys_follow_failures_as_often_as_drawn_ones_do(answers, lost):
    failed = np.array([0.0002, 0, 0.0008, 0.0075, 0, 0.0001, 0.0024, 0.0119] * 3)
    away = failed - failed.mean()
    seen = []
    for seed in range(20):
        drawn = (
            np.random.default_rng(seed).binomial(answers, 0.8 - lost * failed, (1_000, failed.size)) / answers
        )
        slope = drawn @ away / (away @ away)
        left = drawn - drawn.mean(axis=1, keepdims=True) - np.outer(slope, away)
        error = np.sqrt((left**2).sum(axis=1) / (failed.size - 2) / (away @ away))
        seen.append((slope / error < -2.074).mean())  # Student's t, 22 degrees
    said = chance_to_follow(failed, answers, lost)
    assert np.mean(seen) == pytest.approx(said, abs=0.03)
    assert np.ptp(seen) < 0.08


def test_the_answers_that_are_asked_for_are_enough_and_no_more():
    failed = [0.0, 0.001, 0.0119]
    needed = answers_to_follow(failed, 0.4)
    assert chance_to_follow(failed, needed - 1, 0.4) < 0.8 <= chance_to_follow(failed, needed, 0.4)
    for same in ([0.001, 0.001], []):
        with pytest.raises(BadInput, match="alike"):
            answers_to_follow(same, 0.4)


def test_4200_incidents_show_ten_per_cent_four_times_in_five():
    needed = incidents_to_tell(0.10, 1.25)
    assert round(needed, -2) == 4_200
    rng, seen, rounds = np.random.default_rng(1), 0, 600
    for _ in range(rounds):
        logs = rng.normal(0, 1.25, (2, needed))
        before, after = np.exp(logs[0]), 0.9 * np.exp(logs[1])
        spread = np.sqrt(sum(one.var(ddof=1) / one.mean() ** 2 for one in (before, after)) / needed)
        seen += np.log(after.mean() / before.mean()) < -1.645 * spread
    assert 0.75 < seen / rounds < 0.86


@pytest.mark.parametrize(
    ("draw", "mean", "least", "most"),
    [
        (lambda rng: np.exp(rng.normal(0, 1.25, 20)), np.exp(1.25**2 / 2), 0.86, 0.93),
        (lambda rng: rng.gamma(0.5, 1.0, 20), 0.5, 0.76, 0.93),
    ],
)
def test_the_range_of_an_mttr_holds_as_often_as_the_lesson_says(draw, mean, least, most):
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(600):
        found = mttr(np.maximum(60 * draw(rng), 0.01))
        held += found.low <= 60 * mean <= found.high
    assert least < held / 600 < most


def test_the_first_tenth_of_a_budget_is_free():
    assert budget_decision(99.9, 4, 1).sentence.startswith("Carry on: 9 %")
    assert budget_decision(99.9, 0, 1).sentence.startswith("Carry on: none of the budget")
    assert budget_decision(99.9, 43.2, 30).sentence.startswith("Fix first: the budget is spent")

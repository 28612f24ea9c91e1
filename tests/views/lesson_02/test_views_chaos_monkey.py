"""Pictures of lesson 02: the numbers behind them, their words, and that they can be read when small."""

import re
from statistics import fmean

import numpy as np
import pytest

from faultlab.cases.netflix import chance_of_a_kill, lost_share
from faultlab.cases.netflix.observed import answered_share
from faultlab.cases.netflix.theory import kill_days
from faultlab.cases.netflix.trial import recorded_trial
from faultlab.design.experiments import survival
from faultlab.live import detection_seconds
from faultlab.metrics.estimates import runs_to_tell
from faultlab.views.kit import LongRun
from faultlab.views.kit.chart import WIDTH
from faultlab.views.lesson_02 import chaos_monkey
from faultlab.views.lesson_02.chaos_monkey import HUNTS, hunt_as_seen, minutes_left_out, year_of_one_group

PICTURES = [
    *(year_of_one_group(mean, minimum) for mean in (1, 2, 5, 20) for minimum in (0, 1, 3, 10)),
    *(hunt_as_seen(setting) for setting in HUNTS),
    *(minutes_left_out(d, r, m) for d in (1, 60, 300) for r in ("no retry", "one retry") for m in (5, 60)),
]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.sentence[:40])
def test_pictures_can_be_read_when_small(picture):
    sizes = [float(size) for size in re.findall(r"font-size='([\d.]+)'", picture.svg)]
    assert min(sizes) >= 13
    assert picture.rows
    assert picture.alt
    assert picture.sentence.endswith(".")
    # Words end inside the picture: a letter is about 0.55 of its size wide.
    for x, size, anchor, words in re.findall(
        r"<text x='([\d.-]+)'[^>]*font-size='([\d.]+)'[^>]*text-anchor='(\w+)'[^>]*>([^<]*)<", picture.svg
    ):
        width = 0.55 * float(size) * len(words)
        start = float(x) - {"start": 0, "middle": width / 2, "end": width}[anchor]
        assert start >= -2, words
        assert start + width <= WIDTH + 4, words


@pytest.mark.parametrize(("mean", "minimum"), [(1, 0), (1, 3), (5, 1), (5, 3), (20, 10)])
def test_the_calendar_shows_every_kill_of_the_rules(mean, minimum):
    picture = year_of_one_group(mean, minimum)
    # 2026 begins and ends on a Thursday.
    work_days = int(np.busday_count("2026-01-01", "2027-01-01"))
    kills = kill_days(mean, minimum, work_days, seed=5)
    marks = picture.svg.count("<circle") - 1  # one is in the legend
    assert marks == len(kills) == int(picture.rows[-1]["Value"])
    expected = work_days / (max(minimum - 1, 0) + mean)
    assert float(picture.rows[-2]["Value"]) == pytest.approx(expected, abs=0.051)


def test_the_calendar_says_what_the_minimum_does():
    assert "7 working days between kills, not 5" in year_of_one_group(5, 3).sentence
    assert "the minimum adds" not in year_of_one_group(5, 1).sentence
    assert "there is 1 working day between kills" in year_of_one_group(1, 1).sentence
    assert "100 %" in year_of_one_group(1, 1).sentence


@pytest.mark.parametrize(("setting", "held"), [("as it is", False), ("with one retry", True)])
def test_the_hunt_shows_what_was_counted(setting, held):
    trial = recorded_trial(HUNTS[setting])
    picture = hunt_as_seen(setting)
    seen = answered_share(trial.run, from_t=trial.started)
    assert ("all requests" if seen.value == 1 else f"{100 * seen.value:.1f} %") in picture.sentence
    assert (seen.value >= 0.99) == held
    assert picture.svg.count(">kill<") == 5
    requests = sum(row["Requests"] for row in picture.rows)
    failed = sum(row["Failed"] for row in picture.rows)
    assert 1 - failed / requests == pytest.approx(seen.value)


def test_minutes_left_out_are_those_of_the_formulas():
    rows = minutes_left_out(60, "no retry", 29).rows
    down = 1.5 / (29 * 24 + 1.5)
    alone = 0.95 * down
    too_few = 525_600 * (3 * alone**2 * (1 - alone) + alone**3)
    unnoticed = 525_600 * 60 / (29 * 24 * 3600 + 60)
    minutes = (too_few, 525_600 * 0.05 * down, unnoticed)
    assert [row["A year"] for row in rows] == [f"{one:.3g} minutes" for one in minutes]
    retried = minutes_left_out(60, "one retry", 29).rows[2]["A year"]
    assert retried == "under a second"


def test_a_live_trial_ends_in_a_verdict(monkeypatch):
    monkeypatch.setattr(
        chaos_monkey, "monkey_trial", lambda retries: recorded_trial(list(HUNTS.values())[retries])
    )
    for retries, said in enumerate(("refuted", "survived")):
        run = LongRun(chaos_monkey.live_trial(retries), "a week", "a moment")
        run.start()
        run.wait(20)
        assert run.state == "done"
        result = {row["The experiment"]: row["Result"] for row in run.rows}
        assert said in result["Verdict"]
        assert result["Servers killed"] == "5"
        assert run.picture.sentence == hunt_as_seen(list(HUNTS)[retries]).sentence


def test_what_lesson_02_says_of_prediction_and_claims():
    recorded = recorded_trial("monkey")
    noticed = fmean(detection_seconds(every=0.25, timeout=0.25, answers_nothing=False))
    assert f"{100 * lost_share(5, noticed, 4, 12.5):.1f}" == "6.2"
    assert f"{100 * (1 - answered_share(recorded.run, from_t=recorded.started).value):.1f}" == "6.8"
    assert [runs_to_tell(claim) for claim in (0.9, 0.99)] == [29, 299]
    assert round(100 * survival(["held"] * 5).low) == 55
    assert round(100 * chance_of_a_kill(5)) == 67, "one week in three passes without a kill"

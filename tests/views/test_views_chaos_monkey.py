"""Pictures of lesson 02: the numbers behind them, their words, and that they can be read when small."""

import re

import numpy as np
import pytest

from faultlab.cases.netflix.observed import answered_share
from faultlab.cases.netflix.theory import kill_days
from faultlab.cases.netflix.trial import recorded_trial
from faultlab.views.kit.chart import WIDTH
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
    assert "every 7 work days on average, not every 5" in year_of_one_group(5, 3).sentence
    assert "not every" not in year_of_one_group(5, 1).sentence
    assert "every 1 work day on average" in year_of_one_group(1, 1).sentence
    assert "100 %" in year_of_one_group(1, 1).sentence


@pytest.mark.parametrize(("setting", "held"), [("as it is", False), ("with one retry", True)])
def test_the_hunt_shows_what_was_counted(setting, held):
    trial = recorded_trial(HUNTS[setting])
    picture = hunt_as_seen(setting)
    seen = answered_share(trial.run, from_t=trial.started)
    assert f"{100 * seen.value:.1f} %" in picture.sentence
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
    assert retried == f"{60 * 525_600 * (60 / (29 * 24 * 3600 + 60)) ** 2:.2g} seconds"


def test_a_run_of_ones_own_is_drawn_like_a_recorded_one():
    trial = recorded_trial("monkey_with_a_retry")
    own = hunt_as_seen("your run, as it is", own=trial)
    assert own.rows == hunt_as_seen("with one retry").rows
    assert own.sentence.startswith("Your run, as it is (recorded): 5 servers")

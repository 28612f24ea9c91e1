"""What customers feel, and post-mortems: published rules, closed forms and SciPy's intervals."""

import json

import numpy as np
import pytest

from faultlab.errors import BadInput
from faultlab.metrics import (
    Incident,
    answers_needed,
    apdex,
    expected_users_affected,
    frustrated_behind_apdex,
    measure,
    post_mortem_times,
    read_post_mortems,
    read_time,
    survey,
    user_minutes_lost,
    users_affected,
)


def test_apdex_by_its_specification():
    # At the target is satisfied, at four times the target is tolerating, a fast error is frustrated.
    found = apdex([0.5, 0.500001, 2.0, 2.000001], target=0.5, failed=1)
    assert (found.satisfied, found.tolerating, found.frustrated) == (1, 2, 2)
    assert found.score.value == pytest.approx((1 + 2 / 2) / 5)
    assert str(found) == "0.40 [0.5]*"


@pytest.mark.parametrize(
    ("satisfied", "word"),
    [
        (940, "excellent"),
        (939, "excellent"),
        (934, "good"),
        (850, "good"),
        (840, "fair"),
        (690, "poor"),
        (10, "unacceptable"),
    ],
)
def test_ratings_are_of_the_rounded_score(satisfied, word):
    assert apdex([1.0] * satisfied, target=1, failed=1_000 - satisfied).rating == word


def test_apdexs_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(600):
        score = apdex(rng.exponential(1.0, 150), target=1.0).score
        truth = (1 - np.exp(-1)) + (np.exp(-1) - np.exp(-4)) / 2
        held += score.low <= truth <= score.high
    assert held / 600 > 0.88


def test_every_share_of_frustrated_within_the_range_gives_the_score():
    for score in (0.2, 0.5, 0.85, 1.0):
        least, most = frustrated_behind_apdex(score)
        for frustrated in np.linspace(least, most, 9):
            # Of the rest, so many tolerate that the score comes out.
            tolerating = 2 * (1 - frustrated - score)
            satisfied = 1 - frustrated - tolerating
            assert satisfied + tolerating / 2 == pytest.approx(score)
            assert min(satisfied, tolerating) > -1e-12


def test_one_request_in_a_hundred_is_one_user_in_four():
    rng = np.random.default_rng(1)
    users = np.repeat(np.arange(4_000), 30)
    found = users_affected(users.tolist(), (rng.random(users.size) < 0.01).tolist(), confidence=0.99)
    assert found.low < expected_users_affected(0.01, 30) < found.high
    assert (expected_users_affected(1, 3), expected_users_affected(0, 3)) == (1.0, 0.0)


def test_user_minutes_of_a_flat_day_are_a_product():
    at = lambda text: read_time("2026-01-07T" + text, "UTC")  # noqa: E731
    incidents = [Incident(at("03:00"), at("04:30"), failed_share=0.4)]
    lost = user_minutes_lost(incidents, "2026-01-07", "2026-01-08", 48_000, 5, hourly=[1] * 24)
    assert lost == pytest.approx(48_000 * 5 / 1440 * 90 * 0.4)


def test_a_surveys_interval_is_wilsons():
    stats = pytest.importorskip("scipy.stats", reason="Compares with SciPy's answers: `pip install scipy`.")
    found = survey(42, 60, 400, confidence=0.95)
    theirs = stats.binomtest(42, 60).proportion_ci(0.95, method="wilson")
    assert (found.satisfied.low, found.satisfied.high) == pytest.approx((theirs.low, theirs.high), rel=1e-9)
    assert found.lowest < found.satisfied.low < found.satisfied.high < found.highest


def test_the_textbooks_number_of_answers():
    assert answers_needed(0.05, confidence=0.95) == 385


RECORDS = [
    {"title": "Checkout stood", "starttime": 1_767_780_000, "detecttime": 1_767_780_300, "severity": 1,
     "statustime": 1_767_781_800, "endtime": 1_767_783_600, "why_surprised": "the graph was green",
     "service": "checkout", "cause": "release", "gcal": None},
    {"title": "Search slow", "starttime": 1_767_800_000, "detecttime": 0, "statustime": 1_767_810_000,
     "endtime": 1_767_806_000, "severity": 3},
]  # fmt: skip


def test_post_mortems_are_incidents_that_measure_reads():
    records = read_post_mortems(json.dumps(RECORDS))
    times = post_mortem_times(records)
    assert (times.records, times.found_by_nobody, times.never_told, times.told_after_the_end) == (2, 1, 0, 1)
    assert (times.detect.mean, times.resolve.mean) == (5.0, 80.0)
    assert records[0].why_surprised == "the graph was green"
    found = measure([record.incident() for record in records], "2026-01-01", "2026-02-01")
    assert (found.incidents, found.down_minutes, found.detections.count) == (2, 160.0, 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"starttime": 0}, "Record 1 has no starttime"),
        ({"endtime": 5}, "Record 1 has its endtime before"),
        ({"severity": 9}, "Record 1 has the severity 9"),
        ({"severity": True}, "Record 1 has the severity True"),
        ({"detecttime": "soon"}, "Record 1 has the detecttime 'soon'"),
        ({"endtime": 1e300}, "outside the calendar"),
        ({"title": " "}, "Record 1 has no title"),
    ],
)
def test_bad_records_are_one_sentence(change, said):
    with pytest.raises(BadInput, match=said):
        read_post_mortems(json.dumps([RECORDS[0] | change]))


@pytest.mark.parametrize(
    "call",
    [
        lambda: apdex([], 1),
        lambda: apdex([1.0], 0),
        lambda: apdex([-1.0], 1),
        lambda: frustrated_behind_apdex(1.2),
        lambda: users_affected(["a"], []),
        lambda: expected_users_affected(2, 3),
        lambda: user_minutes_lost([], "2026-01-07", "2026-01-08", -1),
        lambda: survey(5, 3, 10),
        lambda: answers_needed(0.7),
        lambda: read_post_mortems("{"),
        lambda: read_post_mortems("{}"),
        lambda: read_post_mortems("[1]"),
    ],
)
def test_bad_input_is_one_sentence(call):
    with pytest.raises(BadInput):
        call()

"""What customers feel, and post-mortems: published rules, closed forms and SciPy's intervals."""

import json

import numpy as np
import pytest

from faultlab.errors import BadInput
from faultlab.metrics.budgets.user_impact import frustrated_behind_apdex
from faultlab.metrics.reports.measurement import measure
from faultlab.metrics.reports.post_mortems import post_mortem_times, read_post_mortems


def test_every_share_of_frustrated_within_the_range_gives_the_score():
    for score in (0.2, 0.5, 0.85, 1.0):
        least, most = frustrated_behind_apdex(score)
        for frustrated in np.linspace(least, most, 9):
            # Of the rest, so many tolerate that the score comes out.
            tolerating = 2 * (1 - frustrated - score)
            satisfied = 1 - frustrated - tolerating
            assert satisfied + tolerating / 2 == pytest.approx(score)
            assert min(satisfied, tolerating) > -1e-12


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
    assert (times.records, times.never_told, times.told_after_the_end) == (2, 0, 1)
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
        lambda: frustrated_behind_apdex(1.2),
        lambda: read_post_mortems("{"),
        lambda: read_post_mortems("{}"),
        lambda: read_post_mortems("[1]"),
    ],
)
def test_bad_input_is_one_sentence(call):
    with pytest.raises(BadInput):
        call()

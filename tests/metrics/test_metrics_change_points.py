"""Change points by a library, beside a search that tries every place, and as a detector."""

import sys

import numpy as np
import pytest

from faultlab.errors import BadInput
from faultlab.metrics.graphs.anomaly_study import detection_rates
from faultlab.metrics.graphs.change_points import change_point_anomaly

NEEDED = "needs ruptures, the extra anomalies"


def test_a_step_is_found_where_a_search_over_every_place_finds_it():
    pytest.importorskip("ruptures", reason=NEEDED)
    rng = np.random.default_rng(5)
    for at, height in ((690, 15.0), (690, 0.0), (300, 40.0), (700, -25.0), (715, 60.0)):
        row = rng.normal(1_000, 10, 720)
        row[at:] += height
        costs = [row[:k].var() * k + row[k:].var() * (720 - k) for k in range(3, 718)]
        best = 3 + int(np.argmin(costs))
        spread = 1.4826 * np.median(np.abs(np.diff(row))) / np.sqrt(2)
        # One change at the most is made here: worth it if it saves more than its price.
        worth = (row.var() * 720 - min(costs)) / spread**2 > 4.0 * np.log(720)
        assert change_point_anomaly(row)[0] == (worth and best >= 660)


def test_it_looks_at_the_last_window_only_and_at_each_series():
    pytest.importorskip("ruptures", reason=NEEDED)
    rng = np.random.default_rng(6)
    rows = rng.normal(50, 2, (3, 900))
    rows[1, -20:] += 12
    rows[2, :200] += 90  # long ago
    assert change_point_anomaly(rows).tolist() == [False, True, False]
    flat = np.full(720, 7.0)
    assert change_point_anomaly([flat, np.where(np.arange(720) > 710, 8.0, 7.0)]).tolist() == [False, True]


def test_it_stands_beside_the_others_in_the_study():
    pytest.importorskip("ruptures", reason=NEEDED)
    rates = detection_rates(
        np.random.default_rng(7), height=4, points=30, series=20, days=4, change_points=True
    )
    assert [found.detector for found in rates][-1] == "change point"
    assert rates[-1].power.value > 0.9
    assert rates[-1].false_alarms.value < 0.2


def test_it_finds_what_lesson_09_says():
    pytest.importorskip("ruptures", reason=NEEDED)
    rates = detection_rates(np.random.default_rng(9), 4, series=100, days=5, season=1, change_points=True)
    found = rates[-1].power
    assert [round(100 * share) for share in (found.value, found.low, found.high)] == [97, 93, 99]


@pytest.mark.parametrize("series", [np.ones(100), [np.nan] * 720])
def test_what_can_not_be_searched_is_refused(series):
    pytest.importorskip("ruptures", reason=NEEDED)
    with pytest.raises(BadInput, match="720 finite"):
        change_point_anomaly(series)


def test_without_the_library_it_says_which(monkeypatch):
    monkeypatch.setitem(sys.modules, "ruptures", None)
    with pytest.raises(BadInput, match="pip install ruptures"):
        change_point_anomaly(np.ones(720))

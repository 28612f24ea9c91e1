"""Requests that failed, against counting them minute by minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultlab.errors import BadInput
from faultlab.metrics.budgets.user_impact import SHOP_DAY, failed_requests
from faultlab.metrics.incidents.stretches import Incident

START = datetime(2026, 3, 28, tzinfo=UTC)
spans = st.lists(
    st.tuples(
        st.integers(-300, 3000),
        st.one_of(st.none(), st.integers(0, 700)),
        st.sampled_from([0.0, 0.2, 0.5, 1.0]),
    ),
    max_size=8,
)


@given(spans, st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu"]))
def test_failed_requests_agree_with_counting_minutes(spec, zone):
    """Two days, in Berlin with the change to summer time in between."""
    minutes = 2 * 1440
    where = ZoneInfo(zone)
    rate = (
        np.array([SHOP_DAY[(START + timedelta(minutes=m)).astimezone(where).hour] for m in range(minutes)])
        / 60
    )
    worst, any_at_all = np.zeros(minutes), np.zeros(minutes, dtype=bool)
    incidents = []
    for begin, length, share in spec:
        end = minutes if length is None else begin + length
        worst[max(begin, 0) : max(end, 0)] = np.maximum(worst[max(begin, 0) : max(end, 0)], share)
        any_at_all[max(begin, 0) : max(end, 0)] |= share > 0
        finish = None if length is None else START + timedelta(minutes=end)
        incidents.append(Incident(START + timedelta(minutes=begin), finish, failed_share=share))
    found = failed_requests(incidents, START, START + timedelta(days=2), zone=zone)
    assert found.requests == pytest.approx(rate.sum())
    assert found.failed_requests == pytest.approx((rate * worst).sum(), abs=1e-9)
    assert found.failed_share == pytest.approx((rate * worst).sum() / rate.sum(), abs=1e-12)
    assert found.down_share == pytest.approx(any_at_all.mean(), abs=1e-12)


def test_the_traffic_of_a_shop_adds_up_to_a_day():
    assert sum(SHOP_DAY) == pytest.approx(100)


def test_even_traffic_makes_requests_and_time_the_same():
    night = [Incident(START, START + timedelta(hours=6))]
    found = failed_requests(night, START, START + timedelta(days=1), hourly=[1] * 24)
    assert found.failed_share == pytest.approx(found.down_share) == pytest.approx(0.25)


def test_traffic_that_is_no_day_is_refused():
    for hourly in ([1] * 23, [0] * 24, [-1] + [1] * 23):
        with pytest.raises(BadInput, match="24 weights"):
            failed_requests([], START, START + timedelta(days=1), hourly=hourly)

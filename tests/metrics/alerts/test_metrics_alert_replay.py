"""An alert over counts a minute: against a plain loop, and against the theory of detection and reset."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faultlab.errors import BadInput
from faultlab.metrics.alerts.alert_replay import minutes_firing
from faultlab.metrics.alerts.burn_rates import (
    BurnRateAlert,
    detection_hours,
    error_ratio_threshold,
    recommended_alerts,
    reset_hours,
)

PAGE = BurnRateAlert(14.4, 1.0, 1 / 12)


def by_a_loop(alert, objective, failed, total):
    """The same, as one would write it first."""
    found = []
    for minute in range(len(total)):
        on = True
        for hours in filter(None, (alert.long_hours, alert.short_hours)):
            first = max(0, minute + 1 - round(60 * hours))
            came = sum(total[first : minute + 1])
            limit = error_ratio_threshold(alert, objective)
            on &= came > 0 and sum(failed[first : minute + 1]) / came > limit
        found.append(on)
    return found


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), min_size=1, max_size=150),
    st.sampled_from([0.9, 0.99, 0.999]),
    st.sampled_from([BurnRateAlert(2.0, 0.5, 0.1), BurnRateAlert(5.0, 1.0), BurnRateAlert(1.0, 2.0, 0.5)]),
)
def test_it_is_what_a_loop_finds(counts, objective, alert):
    failed = [min(bad, total) for bad, total in counts]
    total = [total for _, total in counts]
    found = minutes_firing(alert, objective, failed, total).tolist()
    assert found == by_a_loop(alert, objective, failed, total)


@pytest.mark.parametrize("alert", recommended_alerts())
@pytest.mark.parametrize("share", [1.0, 0.5])
def test_detection_and_reset_are_those_of_theory(alert, share):
    day, outage = 24 * 60, 6 * 60
    total = np.full(8 * day, 10_000)
    failed = np.zeros_like(total)
    begins = 4 * day
    failed[begins : begins + outage] = share * 10_000
    on = np.flatnonzero(minutes_firing(alert, 0.999, failed, total))
    detected = on[0] + 1 - begins
    assert detected == pytest.approx(60 * detection_hours(alert, 0.999, share), abs=1)
    ended = on[-1] + 1 - (begins + outage)
    assert ended == pytest.approx(60 * reset_hours(alert, 0.999, share, outage / 60), abs=1.5)


def test_no_requests_are_no_alert():
    assert not minutes_firing(PAGE, 0.999, [0] * 90, [0] * 90).any()


@pytest.mark.parametrize(
    ("failed", "total", "says"),
    [
        ([1], [1, 2], "as many"),
        ([3], [2], "no more than came"),
        ([-1], [2], "0 or more"),
        ([0], [np.nan], "0 or"),
    ],
)
def test_counts_that_make_no_sense_are_refused(failed, total, says):
    with pytest.raises(BadInput, match=says):
        minutes_firing(PAGE, 0.999, failed, total)

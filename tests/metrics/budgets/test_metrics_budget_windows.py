"""Error budgets through time: against a count of every minute, and where calendars are odd."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from faultlab.errors import BadInput
from faultlab.metrics.budgets.budget_windows import calendar_budgets
from faultlab.metrics.incidents.model import kestrel_incidents
from faultlab.metrics.incidents.stretches import Incident

BERLIN = ZoneInfo("Europe/Berlin")
CHECKOUT = [incident for incident in kestrel_incidents() if incident.service == "checkout"]
FIRST, LAST = datetime(2024, 11, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)


def minute_by_minute(incidents, start, end):
    """The budget spent in each minute of a window, by asking every incident about every minute."""
    minutes = int((end - start) / timedelta(minutes=1))
    spent = np.zeros(minutes)
    for incident in incidents:
        finish = incident.end or end
        begins, ends = ((moment - start) / timedelta(minutes=1) for moment in (incident.start, finish))
        inside = np.clip(
            np.minimum(ends, np.arange(1, minutes + 1)) - np.maximum(begins, np.arange(minutes)), 0, 1
        )
        spent = np.maximum(spent, inside * incident.failed_share)
    return spent


def test_months_are_a_count_of_minutes():
    spent = minute_by_minute(CHECKOUT, FIRST, LAST)
    months = calendar_budgets(CHECKOUT, 0.999, FIRST, LAST)
    assert len(months) == 24
    for month in months:
        first = int((month.start - FIRST) / timedelta(minutes=1))
        last = int((month.end - FIRST) / timedelta(minutes=1))
        # The count takes the worse of two incidents in a minute as one: it can be off at their edges.
        assert month.down_minutes == pytest.approx(spent[first:last].sum(), abs=1.0)
        assert month.spent == pytest.approx(month.down_minutes / month.budget_minutes)
        assert (month.ran_out is not None) == (month.spent >= 1)
        if month.ran_out:
            gone = spent[first : first + int((month.ran_out - month.start) / timedelta(minutes=1))].sum()
            assert gone == pytest.approx(month.budget_minutes, abs=2.0)


@pytest.mark.parametrize(
    ("month", "minutes"),
    [
        (datetime(2024, 2, 1), 29 * 1440),
        (datetime(2026, 3, 1), 31 * 1440 - 60),
        (datetime(2026, 10, 1), 31 * 1440 + 60),
    ],
)
def test_leap_days_and_changes_of_the_clock_count(month, minutes):
    start = month.replace(tzinfo=BERLIN)
    end = (month + timedelta(days=32)).replace(day=1, tzinfo=BERLIN)
    (found,) = calendar_budgets([], 0.99, start, end, zone="Europe/Berlin")
    assert found.budget_minutes == pytest.approx(minutes / 100)


def test_an_incident_across_midnight_of_a_month_is_split_and_a_part_counts_as_a_part():
    midnight = datetime(2026, 7, 1, tzinfo=UTC)
    half = Incident(midnight - timedelta(hours=1), midnight + timedelta(hours=2), failed_share=0.5)
    june, july = calendar_budgets(
        [half], 0.999, datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC)
    )
    assert (june.down_minutes, july.down_minutes) == pytest.approx((30, 60))
    assert june.ran_out is None
    assert july.ran_out == midnight + timedelta(minutes=2 * 44.64)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"objective": 1.0}, "objective"),
        ({"start": datetime(2026, 1, 1)}, "time zone"),
        ({"start": LAST}, "later end"),
        ({"zone": "Mars"}, "Mars"),
    ],
)
def test_what_makes_no_sense_is_refused(change, says):
    given = {"incidents": [], "objective": 0.99, "start": FIRST, "end": LAST} | change
    with pytest.raises(BadInput, match=says):
        calendar_budgets(**given)

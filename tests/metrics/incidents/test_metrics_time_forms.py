"""Times and durations in the forms that programs, spreadsheets and people write."""

import email.utils
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from faultlab.errors import BadInput
from faultlab.metrics.incidents.duration_forms import read_duration
from faultlab.metrics.incidents.time_forms import is_clock, order_of_dates, written_time
from faultlab.metrics.incidents.times import read_time

TEN = datetime(2026, 1, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05T10:00:00Z",
        "2026-01-05t10:00:00z",
        "2026-01-05T11:00:00+01:00[Europe/Berlin]",
        "2026-01-05T11:00[Europe/Berlin]",
        "2026-01-05T10:00Z[Europe/Berlin][u-ca=gregory]",
        "2026-01-05 11:00 Europe/Berlin",
        "2026-01-05 10:00:00 +0000 UTC",
        "2026-01-05 10:00:00.000000001 +0000 UTC m=+0.0012",
        "2026-01-05 11:00:00 GMT+1",
        "2026-01-05 12:00 UTC+02:00",
        "2026-01-05 10:00 (UTC)",
        "2026-01-05 11:00 CET",
        "2026-01-05T11:00:00+0100 CET",
        "2026-01-05T05:00:00\u221205:00",
        "2026-01-05 05:00 EST",
        "Mon, 05 Jan 2026 10:00:00 +0000",
        "Mon Jan  5 10:00:00 UTC 2026",
        "Mon Jan 05 2026 11:00:00 GMT+0100 (Central European Standard Time)",
        "05/Jan/2026:11:00:00 +0100",
        "20260105T100000Z",
        "1767607200",
        "1767607200000",
        "1767607200000000",
        "1767607200.0",
    ],
)
def test_a_time_with_its_zone_is_read_whatever_the_file_s_zone(text):
    assert read_time(text, "Asia/Kathmandu") == TEN
    assert read_time(f"  {text} ") == TEN


@pytest.mark.parametrize(
    "text",
    [
        "2026-1-5 10:00",
        "2026/01/05 10:00",
        "2026-01-05 10:00:00 AM",
        "2026-01-05 10:00\u202fAM",
        "05.01.2026 10:00",
        "5.1.26 10:00",
        "05/Jan/26 10:00 AM",
        "5-Jan-2026 10:00",
        "5. Januar 2026 10:00 Uhr",
        "Mo, 05.01.2026 10:00 Uhr",
        "Jan 5, 2026 at 10:00 AM",
        "Monday, January 5th, 2026 10:00 a.m.",
        "20260105100000",
        "202601051000",
        "46027,4166666667",
        "46027.41667",
        "46027.4167",
        "2026-01-05 10:00:00,000",
    ],
)
def test_a_time_without_a_zone_is_local(text):
    assert read_time(text, "Europe/Berlin") == TEN - timedelta(hours=1)
    with pytest.raises(BadInput, match="no time zone"):
        read_time(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-05 24:00", datetime(2026, 1, 6)),
        ("2026-01-05 12:30 AM", datetime(2026, 1, 5, 0, 30)),
        ("2026-01-05 12:30 PM", datetime(2026, 1, 5, 12, 30)),
        ("2026-01-05 13:05 PM", datetime(2026, 1, 5, 13, 5)),
        ("2016-12-31T23:59:60", datetime(2017, 1, 1)),
        ("13/04/2026", datetime(2026, 4, 13)),
        ("4/13/26 1:05 pm", datetime(2026, 4, 13, 13, 5)),
        ("04/04/2026", datetime(2026, 4, 4)),
        ("20260105", datetime(2026, 1, 5)),
        ("46027", datetime(2026, 1, 5)),
        ("46027.0025", datetime(2026, 1, 5, 0, 3, 36)),
    ],
)
def test_corners_of_the_clock_and_the_calendar(text, moment):
    assert read_time(text, "UTC").replace(tzinfo=None) == moment


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("03/04/2026 10:00", "is 3 April or 4 March"),
        ("26/01/05 10:00", "write four digits"),
        ("2026-01-05 10:00 CST", "CST is no zone, or more than one"),
        ("2026-01-05 10:00 (around noon)", "is no zone"),
        ("2026-01-05T10:00+02:00[Europe/Berlin]", "had another offset"),
        ("2026-01-05 10:00 +0200 UTC", "names two offsets"),
        ("2026-01-05 10:00 Mars/Olympus", "no time zone"),
        ("1.76761E+12", "rounded by a spreadsheet"),
        ("2026-02-30", "not a time"),
        ("31/04/2026", "not a time"),
        ("00/00/2026", "not a time"),
        ("2026-01-05 25:00", "not a time"),
        ("2026-01-05 10:60", "not a time"),
        ("2026-01-05 10.30", "not a time"),
        ("2026-01-05T10:15.5", "not a time"),
        ("2026-01-05 10:00:60", "not a time"),
        ("2026-01-05 24:01", "not a time"),
        ("2026-01-05 13:00 AM", "not a time"),
        ("2026-W02-1", "not a time"),
        ("2026-01-05x", "not a time"),
        ("5 Foo 2026", "not a time"),
        ("7", "not a time"),
        ("20261305", "not a time"),
        ("٢٠٢٦-٠١-٠٥", "not a time"),
        ("9" * 400, "not a time"),
    ],
)
def test_what_is_no_time_or_two_is_refused(text, message):
    with pytest.raises(BadInput, match=message):
        read_time(text, "UTC")


def test_an_abbreviation_tells_the_two_passes_of_an_hour_apart():
    first, second = (read_time(f"2026-10-25 02:30 {name}", "Europe/Berlin") for name in ("CEST", "CET"))
    assert second - first == timedelta(hours=1)
    with pytest.raises(BadInput, match="happened twice"):
        read_time("2026-10-25 02:30 Europe/Berlin")


moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda m: m.replace(microsecond=0))


@settings(max_examples=200)
@given(moments, st.integers(-14 * 60, 14 * 60))
def test_other_programs_forms_come_back(moment, minutes):
    """Written by the standard library's own writers, and by arithmetic, never by our code."""
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    since = (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    texts = [email.utils.format_datetime(aware), aware.isoformat(), aware.strftime("%Y/%m/%d %I:%M:%S %p %z")]
    texts += [str(since), str(since * 1000)]
    texts += [aware.strftime("%d-%b-%Y %H:%M:%S %z"), aware.strftime("%b %d, %Y, %I:%M:%S %p %z")]
    assert {read_time(text) for text in texts} == {aware.astimezone(UTC)}


@settings(max_examples=200)
@given(moments, st.sampled_from(["%.10f", "%.6f", "%.8f"]))
@example(datetime(2026, 1, 5, 10), "%.5f")
def test_excel_s_numbers_come_back_to_the_second(moment, form):
    days = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    if 20_000 <= days < 80_000:
        assert written_time(form % days).moment == moment
        assert written_time((form % days).replace(".", ",")).moment == moment


@given(moments, st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]))
def test_a_region_behind_the_time_agrees_with_zoneinfo(moment, name):
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(name))
    text = f"{local.isoformat()}[{name}]"
    assert read_time(text) == local


@given(
    st.lists(st.dates(datetime(2020, 1, 1).date(), datetime(2030, 1, 1).date()), min_size=1), st.booleans()
)
def test_the_order_of_dates_is_never_decided_wrongly(dates, day_first):
    written = [date.strftime("%d/%m/%Y" if day_first else "%m/%d/%Y") for date in dates]
    found, deciding = order_of_dates(written)
    assert found == (day_first if any(date.day > 12 for date in dates) else None)
    assert (deciding in written) if found is not None else deciding == ""


def test_a_clock_is_no_time_and_a_time_no_clock():
    assert [is_clock(text) for text in ("10:05", "9:05:01 PM", "2026-01-05 10:05", "10")] == [
        True,
        True,
        False,
        False,
    ]


@given(st.integers(0, 10_000_000))
def test_durations_come_back(seconds):
    minutes, rest = divmod(seconds, 60)
    hours, over = divmod(minutes, 60)
    delta = timedelta(seconds=seconds)
    texts = [
        str(delta),
        f"{hours}:{over:02}:{rest:02}",
        f"{hours}h {over}m {rest}s",
        f"PT{hours}H{over}M{rest}S",
    ]
    texts += [f"{seconds} seconds", f"{hours} hours, {over} minutes and {rest} seconds"]
    assert [read_duration(text) for text in texts] == pytest.approx([seconds / 60] * len(texts))
    assert read_duration(str(seconds), "s") == pytest.approx(seconds / 60)


@pytest.mark.parametrize(
    "text", ["", "-5", "-1:30", "soon", "1,800", "1:99", "P", "5 parsecs", "1h30", "9" * 50]
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(BadInput):
        read_duration(text, "min")


def test_a_number_without_a_unit_has_no_length():
    assert read_duration("30") is None

"""Tables of incidents in every state, and the union of down time against counting minute by minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faultlab.errors import BadInput
from faultlab.metrics.incidents.stretches import (
    Incident,
    down_intervals,
    down_minutes,
    merge_intervals,
    read_window,
)
from faultlab.metrics.incidents.table import incidents_csv, read_incidents
from faultlab.metrics.incidents.times import read_time, read_zone
from faultlab.metrics.reports.measurement import measure

HEADER = "start,end,detected,service,cause\n"
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def reasons(log):
    return {row.line: row.reason for row in log.unreadable}


def test_a_clean_table_is_read_with_line_numbers():
    log = read_incidents(
        HEADER + '2026-01-05T10:00Z,2026-01-05T10:30Z,2026-01-05T10:04Z,search,"disk, full"\n'
    )
    (incident,) = log.incidents
    assert incident.line == 2
    assert incident.minutes == 30
    assert incident.minutes_to_detect == 4
    assert incident.cause == "disk, full"
    assert incident.failed_share == 1.0


def test_a_byte_order_mark_and_windows_line_ends_are_no_trouble(tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes(b"\xef\xbb\xbf" + HEADER.replace("\n", "\r\n").encode() + b"2026-01-05T10:00Z,,,a,b\r\n")
    assert len(read_incidents(path)) == 1
    path.write_bytes((HEADER + "2026-01-05T10:00Z,,,é,b\n").encode("utf-16"))
    assert read_incidents(path).incidents[0].service == "é"


def test_offsets_may_be_mixed_and_are_compared_as_moments():
    log = read_incidents(
        HEADER
        + "2026-01-05T10:00+01:00,2026-01-05T09:30Z,,a,\n"
        + "2026-01-05 10:00:00 +0100,2026-01-05T04:30-05:00,,b,\n"
        + "2026-01-05T09:00:00.000Z,2026-01-05 09:30 UTC,,c,\n"
    )
    assert [i.minutes for i in log] == [30, 30, 30]
    assert len({i.start for i in log}) == 1


def test_times_without_a_zone_are_refused_unless_one_is_given():
    text = HEADER + "2026-07-05 10:00,2026-07-05 10:30,,a,\n"
    with pytest.raises(BadInput, match=r"line 2.*no time zone"):
        read_incidents(text)
    log = read_incidents(text, zone="Europe/Berlin")
    assert log.incidents[0].start == datetime(2026, 7, 5, 8, tzinfo=UTC)
    mixed = read_incidents(text + "2026-07-06T10:00Z,2026-07-06T10:30Z,,a,\n")
    assert len(mixed) == 1
    assert "no time zone" in reasons(mixed)[2]


def test_local_times_that_the_clock_change_makes_unclear_are_refused():
    text = HEADER + "2026-10-25 02:30,2026-10-25 05:00,,a,\n2026-03-29 02:30,2026-03-29 04:00,,a,\n"
    text += "2026-10-25 04:30,2026-10-25 05:00,,a,\n"
    log = read_incidents(text, zone="Europe/Berlin")
    assert "happened twice" in reasons(log)[2]
    assert "never happened" in reasons(log)[3]
    assert log.incidents[0].start == datetime(2026, 10, 25, 3, 30, tzinfo=UTC)


@settings(max_examples=300)
@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2026, 1, 1)),
    st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Tehran"]
    ),
)
def test_local_times_agree_with_zoneinfo(moment, name):
    early = moment.replace(tzinfo=ZoneInfo(name), fold=0)
    late = early.replace(fold=1)
    if early.utcoffset() == late.utcoffset():
        assert read_time(moment, name) == early
    else:
        with pytest.raises(BadInput):
            read_time(moment, name)


def test_every_row_that_cannot_be_read_is_named_and_kept_out():
    log = read_incidents(
        HEADER
        + "2026-01-05T10:00Z,2026-01-05T09:30Z,,a,\n"
        + "\n"
        + "yesterday,2026-01-05T09:30Z,,a,\n"
        + "2026-01-05T10:00Z\n"
        + "2026-01-05T10:00Z,2026-01-05T10:30Z,2026-01-05T09:59Z,a,\n"
        + "2026-01-05T10:00Z,2026-01-05T10:30Z,,a,disk, full\n"
        + ",2026-01-05T10:30Z,,a,\n"
        + "01/02/2026 10:00,2026-01-05T10:30Z,,a,\n"
        + "2026-02-30T10:00Z,2026-01-05T10:30Z,,a,\n"
        + "2026-01-06T10:00Z,2026-01-06T10:30Z,,a,\n"
    )
    assert [i.line for i in log] == [11]
    found = reasons(log)
    assert sorted(found) == [2, 4, 5, 6, 7, 8, 9, 10]
    assert found[2] == "the end is before the start"
    assert "'yesterday' is not a time" in found[4]
    assert "cut off" in found[5]
    assert "detected before" in found[6]
    assert "6 fields" in found[7]
    assert found[8] == "there is no start"


def test_a_quote_that_never_closes_stops_the_reading_since_what_follows_may_stand_inside_it():
    text = HEADER + '2026-01-05T10:00Z,2026-01-05T10:30Z,,a,"full disk\n'
    with pytest.raises(BadInput, match="line 2: a quote is opened and not closed"):
        read_incidents(text + "2026-01-06T10:00Z,2026-01-16T10:30Z,,a,\n")


def test_a_line_inside_a_quoted_text_is_never_an_incident():
    pasted = "2026-01-09T10:00Z,2026-01-19T10:30Z,,a,x\n"
    for said in ('"said \\"disk\\" and pasted\n' + pasted + '"', '"' + "long, long\n" * 2000 + pasted + '"'):
        log = read_incidents(
            HEADER
            + f"2026-01-05T10:00Z,2026-01-05T10:30Z,,a,{said}\n2026-01-06T10:00Z,2026-01-06T10:30Z,,a,y\n"
        )
        assert [i.minutes for i in log] == [30, 30]
        assert pasted.strip() in log.incidents[0].cause


def test_a_cause_may_run_over_two_lines_and_lines_are_still_counted_right():
    log = read_incidents(
        HEADER
        + '2026-01-05T10:00Z,2026-01-05T10:30Z,,a,"full\ndisk"\n'
        + "2026-01-06T10:00Z,2026-01-06T09:30Z,,a,\n"
    )
    assert log.incidents[0].cause == "full\ndisk"
    assert list(reasons(log)) == [4]


def test_open_incidents_have_no_end():
    log = read_incidents(
        HEADER + "2026-01-05T10:00Z,,,a,\n2026-01-06T10:00Z,ongoing,,a,\n2026-01-07T10:00Z,-,,a,\n"
    )
    assert [i.end for i in log] == [None, None, None]
    assert log.incidents[0].minutes is None


def test_a_repeated_row_counts_once_and_is_reported():
    row = "2026-01-05T10:00Z,2026-01-05T10:30Z,,a,disk\n"
    log = read_incidents(HEADER + row + row.replace("10:00Z", "11:00+01:00", 1) + row.replace(",a,", ",b,"))
    assert len(log) == 2
    assert [(d.line, d.reason) for d in log.duplicates] == [(3, "the same service, start and end as line 2")]
    assert log.unreadable == ()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_other_separators_and_other_names_of_columns_are_understood(separator):
    rows = [
        ["Started At", "Resolved-At", "Detected on", "Journey", "Root cause", "Customer share"],
        ["2026-01-05T10:00Z", "2026-01-05T10:30Z", "2026-01-05T10:01Z", "a", "b", "25 %"],
    ]
    (incident,) = read_incidents("\n".join(separator.join(row) for row in rows) + "\n")
    assert incident.minutes_to_detect == 1
    assert (incident.service, incident.cause, incident.failed_share) == ("a", "b", 0.25)


def test_files_that_are_no_tables_are_refused_with_their_name(tmp_path):
    path = tmp_path / "table.csv"
    for content, message in [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"when,what\n1,2\n", "no column start or end"),
        (b"start,end\n2026-01-05T10:00Z,caf\xe9\n", "line 2.*not text in UTF-8"),
        (b"start,end\nx,y\n", "no row could be read; line 2"),
    ]:
        path.write_bytes(content)
        with pytest.raises(BadInput, match=message) as refusal:
            read_incidents(path)
        assert "table.csv" in str(refusal.value)
    with pytest.raises(BadInput, match=r"absent\.csv"):
        read_incidents(tmp_path / "absent.csv")


def test_a_table_with_no_incident_is_a_good_year():
    assert len(read_incidents(HEADER)) == 0


def test_an_unknown_service_is_not_taken_for_a_good_year():
    log = read_incidents(HEADER + "2026-01-05T10:00Z,2026-01-05T10:30Z,,search,\n")
    assert len(log.of("Search")) == 1
    with pytest.raises(BadInput, match="the file has: search"):
        log.of("serach")


def test_zones_are_named_or_offsets():
    assert read_zone("UTC") is UTC
    assert read_zone("+05:45").utcoffset(None) == timedelta(hours=5, minutes=45)
    for wrong in ("Mars/Olympus", "+99:00", "", "../etc/passwd"):
        with pytest.raises(BadInput, match="no time zone"):
            read_zone(wrong)


def test_windows_without_length_are_refused():
    with pytest.raises(BadInput, match="no length"):
        read_window("2026-02-01", "2026-02-01")
    with pytest.raises(BadInput, match="end of the calendar"):
        read_window("0001-01-01", "2026-01-01", "+01:00")


minute = st.integers(-200, 1600)


@given(
    st.lists(st.tuples(minute, st.one_of(st.none(), st.integers(0, 600)), st.sampled_from("ab")), max_size=12)
)
def test_down_time_agrees_with_counting_minutes(spec):
    incidents = [
        Incident(
            NEW_YEAR + timedelta(minutes=begin),
            None if length is None else NEW_YEAR + timedelta(minutes=begin + length),
            service=service,
        )
        for begin, length, service in spec
    ]
    day = np.zeros(1440, dtype=bool)
    for begin, length, _ in spec:
        day[max(begin, 0) : max(1440 if length is None else begin + length, 0)] = True
    assert down_minutes(incidents, NEW_YEAR, NEW_YEAR + timedelta(days=1)) == pytest.approx(day.sum())
    stretches = down_intervals(incidents, NEW_YEAR, NEW_YEAR + timedelta(days=1))
    assert (np.diff(stretches.ravel()) > 0).all()


@given(
    st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 900)), min_size=1, max_size=30),
    st.integers(1, 2000),
)
def test_counts_and_down_time_add_up_over_the_parts_of_a_period(spec, cut):
    incidents = [
        Incident(NEW_YEAR + timedelta(minutes=b), NEW_YEAR + timedelta(minutes=b + length))
        for b, length in spec
    ]
    middle, end = NEW_YEAR + timedelta(minutes=cut), NEW_YEAR + timedelta(minutes=3000)
    whole = measure(incidents, NEW_YEAR, end)
    first, second = measure(incidents, NEW_YEAR, middle), measure(incidents, middle, end)
    assert whole.incidents == first.incidents + second.incidents == len(spec)
    assert whole.down_minutes == pytest.approx(first.down_minutes + second.down_minutes)


def test_touching_intervals_join():
    assert merge_intervals([[0, 5], [5, 7], [9, 9]], 10).tolist() == [[0, 7]]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 500_000),
            st.one_of(st.none(), st.integers(0, 5000)),
            st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12).map(str.strip),
        ),
        max_size=8,
        unique_by=lambda row: row[0],
    )
)
def test_what_is_written_is_read_back(spec):
    incidents = [
        Incident(
            NEW_YEAR + timedelta(minutes=b),
            None if length is None else NEW_YEAR + timedelta(minutes=b + length),
            NEW_YEAR + timedelta(minutes=b) if length else None,
            text,
            f'"{text}", or so',
            line,
            0.25,
        )
        for line, (b, length, text) in enumerate(spec, start=2)
    ]
    assert list(read_incidents(incidents_csv(incidents))) == incidents

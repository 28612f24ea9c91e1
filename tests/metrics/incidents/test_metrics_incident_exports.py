"""Tables as incident tools and spreadsheets write them: what is read, from which column, and what is said."""

import pytest

from faultlab.errors import BadInput
from faultlab.metrics.incidents.table import read_incidents
from faultlab.metrics.reports.measurement import measure

JANUARY = ("2026-01-01", "2026-02-01")
EXPORTS = {
    "PagerDuty": (
        "id,incident_number,description,service_id,service_name,created_on,resolved_on,seconds_to_first_ack,"
        "seconds_to_resolve,auto_resolved\n"
        'Q1,101,"Checkout, slow",PS1,Checkout,2026-01-05T10:00:00+00:00,2026-01-05T10:30:00Z,120,1800,f\n',
        {
            "created_on": "start",
            "resolved_on": "end",
            "service_name": "service",
            "seconds_to_resolve": "duration",
        },
    ),
    "PagerDuty's page": (
        "Status,Incident Number,Title,Created,Service,Assigned To,Resolved On\n"
        'Resolved,1,slow,"Jan 5, 2026 at 10:00 AM",Checkout,ann,"Jan 5, 2026 at 10:30 AM"\n',
        {"Created": "start", "Resolved On": "end", "Incident Number": "id", "Assigned To": "not used"},
    ),
    "Opsgenie": (
        "TinyId,Message,CreatedAt,UpdatedAt,ClosedAt,Acknowledged,Status\n"
        "7,slow,1767607200000,1767609000000,1767609000000,true,closed\n",
        {"TinyId": "id", "CreatedAt": "start", "ClosedAt": "end", "UpdatedAt": "not used"},
    ),
    "Opsgenie's incidents": (
        "id,tinyId,status,createdAt,impactedServices,impactStartDate,impactEndDate,impactDetectDate\n"
        "1,12,resolved,2026-01-05T10:10:00Z,checkout,2026-01-05T10:00:00Z,2026-01-05T10:30:00Z,"
        "2026-01-05T10:05:00Z\n",
        {"impactStartDate": "start", "createdAt": "start where impactStartDate is empty"},
    ),
    "Jira": (
        "Summary,Issue key,Issue id,Status,Resolution,Created,Updated,Resolved,Component/s,Component/s\n"
        "x,OPS-1,10001,Done,Done,05/Jan/26 10:00 AM,06/Jan/26 9:00 AM,05/Jan/26 10:30 AM,checkout,search\n",
        {"Created": "start", "Resolved": "end", "Resolution": "not used: it holds no times"},
    ),
    "ServiceNow": (
        '"number","opened_at","state","impact","cmdb_ci","business_service","resolved_at","closed_at",'
        '"calendar_duration"\n'
        '"INC1","2026-01-05 10:00:00","Closed","2 - Medium","srv1","","2026-01-05 10:30:00",'
        '"2026-01-10 10:30:00","1970-01-01 00:30:00"\n',
        {"opened_at": "start", "closed_at": "end where resolved_at is empty", "cmdb_ci": "service"},
    ),
    "Statuspage": (
        "id,name,impact,status,created_at,monitoring_at,resolved_at,started_at\n"
        "a,API,critical,postmortem,2026-01-05T02:01:00.000-08:00,2026-01-05T02:20:00.000-08:00,"
        "2026-01-05T02:30:00.000-08:00,2026-01-05T02:00:00.000-08:00\n",
        {"started_at": "start", "impact": "not used: it holds no shares", "monitoring_at": "not used"},
    ),
    "Grafana OnCall": (
        "id,integration_id,alerts_count,state,created_at,resolved_at,acknowledged_at,title\n"
        "I68,CFR,3,resolved,2026-01-05T10:00:00.513393Z,2026-01-05T10:30:00.513393Z,2026-01-05T10:10:00Z,Memory\n",
        {"created_at": "start", "integration_id": "not used"},
    ),
    "Grafana Incident": (
        "incidentID,status,title,createdTime,closedTime,incidentStart,incidentEnd,durationSeconds\n"
        "1,resolved,x,2026-01-05T10:10:00Z,2026-01-05T12:00:00Z,2026-01-05T10:00:00Z,2026-01-05T10:30:00Z,1800\n",
        {"incidentStart": "start", "incidentEnd": "end", "durationSeconds": "duration"},
    ),
    "incident.io": (
        "ID,Name,Status,Reported at,Impact started at,Identified at,Fixed at,Resolved at,Closed at\n"
        "INC-1,x,Closed,2026-01-05 10:05:00,2026-01-05 10:00:00,2026-01-05 10:10:00,2026-01-05 10:20:00,"
        "2026-01-05 10:30:00,2026-01-06 10:30:00\n",
        {"Impact started at": "start", "Resolved at": "end", "Identified at": "not used"},
    ),
    "FireHydrant": (
        "Incident ID,Current Milestone,Started,Detected,Acknowledged,Mitigated,Resolved\n"
        "1,resolved,2026-01-05 10:00:00 UTC,2026-01-05 10:01:00 UTC,,2026-01-05 10:20:00 UTC,"
        "2026-01-05 10:30:00 UTC\n",
        {"Started": "start", "Detected": "detected", "Mitigated": "end where Resolved is empty"},
    ),
    "Datadog": (
        "public_id,state,created,detected,customer_impact_start,customer_impact_end,time_to_resolve\n"
        "1,resolved,2026-01-05T10:02:00+00:00,2026-01-05T10:01:00+00:00,2026-01-05T10:00:00+00:00,"
        "2026-01-05T10:30:00+00:00,1800\n",
        {"customer_impact_start": "start", "time_to_resolve": "duration"},
    ),
    "Salesforce": (
        '"Incident Number","StartDateTime","EndDateTime","DetectedDateTime","Impact"\n'
        '"1","1/5/2026, 10:00 AM","1/5/2026, 10:30 AM","1/5/2026, 10:05 AM","High"\n'
        '"2","3/15/2026, 10:00 AM","3/15/2026, 10:30 AM","","High"\n',
        {"StartDateTime": "start", "DetectedDateTime": "detected"},
    ),
    "UptimeRobot": (
        "Event,Monitor,Date-Time,Reason,Duration\n"
        "Up,shop,2026-01-05 10:30:00,OK,9 hrs 2 mins\nDown,shop,2026-01-05 10:00:00,Timeout,0 hrs 30 mins\n",
        {"Date-Time": "start", "Monitor": "service", "Duration": "duration"},
    ),
    "Zabbix": (
        "Severity,Time,Recovery time,Status,Host,Problem,Duration\n"
        "High,2026-01-05 10:00:00 AM,2026-01-05 10:30:00 AM,RESOLVED,shop01,x,30m\n",
        {"Time": "start", "Recovery time": "end", "Host": "service", "Problem": "not used"},
    ),
    "Pingdom": (
        "From,To,Status,Duration\n2026-01-05 10:00:00,2026-01-05 10:30:00,Down,30m 0s\n"
        "2026-01-05 10:30:00,2026-01-20 10:30:00,Up,15d\n",
        {"From": "start", "To": "end"},
    ),
    "Freshservice": (
        "Ticket ID,Status,Created time,Resolved time,Closed time,Resolution time (in hrs),Impact\n"
        "1,Closed,2026-01-05 10:00:00,2026-01-05 10:30:00,2026-01-08 10:30:00,00:30:00,Low\n",
        {"Resolved time": "end", "Resolution time (in hrs)": "duration"},
    ),
    "a flattened answer of an API": (
        "data.id,data.attributes.created,data.attributes.resolved,data.assignee.id\n"
        "1,2026-01-05T10:00:00Z,2026-01-05T10:30:00Z,7\n",
        {"data.id": "id", "data.attributes.created": "start", "data.attributes.resolved": "end"},
    ),
    "dates and times of day apart": (
        "Start Date,Start Time,End Date,End Time,Affected service(s)\n"
        "05/01/2026,22:00,05/01/2026,22:30,Shop\n13/02/2026,23:50,14/02/2026,00:20,Shop\n",
        {"Start Date": "start", "End Time": "end", "Affected service(s)": "service"},
    ),
    "a German sheet": (
        "sep=;\nNr;Datum;Beginn;Ende;Dauer (min);Dienst\n1;05.01.2026;10:00;10:30;30;Kasse\n",
        {"Datum": "start, end", "Beginn": "start", "Dienst": "service"},
    ),
    "an American sheet": (
        "Outages,,,,\n,,,,\nDate,Start Time,End Time,Downtime (hrs),System\n"
        "1/5/2026,10:00 AM,10:30 AM,0.5,Shop\n3/13/2026,11:50 PM,12:20 AM,0.5,Search\n",
        {"Date": "start, end", "Downtime (hrs)": "duration", "System": "service"},
    ),
    "Excel's numbers": ("start;end\n46027,4166666667;46027,4375\n", {"start": "start"}),
    "a list of durations": (
        "Date,Duration\n2026-01-05 10:00,30\n",
        {"Date": "start", "Duration": "duration"},
    ),
    "Zendesk": (
        "ID,Subject,Status,Requested,Solved,Priority\n101,x,Solved,2026-01-05 10:00,2026-01-05 10:30,High\n",
        {"Requested": "start", "Solved": "end"},
    ),
    "New Relic": (
        "issueId,title,activatedAt,closedAt,state\n1,x,1767607200000,1767609000000,CLOSED\n",
        {"activatedAt": "start", "closedAt": "end"},
    ),
    "columns in UTC": (
        "start_utc,Resolved At (UTC)\n2026-01-05 10:00,2026-01-05 10:30\n",
        {"start_utc": "start, in UTC", "Resolved At (UTC)": "end, in UTC"},
    ),
}


@pytest.mark.parametrize("tool", EXPORTS)
def test_an_export_is_read_as_it_comes(tool):
    text, columns = EXPORTS[tool]
    zone = "Asia/Kathmandu" if "UTC" in tool else "UTC"
    log = read_incidents(text, zone=zone)
    found = measure(log, *JANUARY)
    assert (found.incidents, found.down_minutes, found.open_incidents) == (1, 30, 0)
    assert columns.items() <= log.columns.items()
    headers = next(line for line in text.splitlines() if not line.startswith(("sep", "Outages", ",,")))
    assert len(log.columns) == headers.count(";" if ";" in headers else ",") + 1


def read(text, **options):
    return read_incidents(text, zone="UTC", **options)


def test_jira_s_components_are_one_service_that_each_of_them_finds():
    log = read(EXPORTS["Jira"][0])
    assert log.incidents[0].service == "checkout, search"
    assert log.of("search") == log.of("Checkout") == log.incidents
    assert set(log.columns) >= {"Component/s (column 9)", "Component/s (column 10)"}


def test_of_two_ends_the_filled_one_counts_and_that_is_said():
    log = read(
        "Started,Ended,Resolved At\n2026-01-05 10:00,,2026-01-05 10:30\n2026-01-06 10:00,2026-01-06 10:20,"
        "2026-01-06 11:00\n2026-01-07 10:00,,\n"
    )
    assert [i.minutes for i in log] == [30, 20, None]
    assert log.columns["Resolved At"] == "end where Ended is empty"
    assert log.remarks == ("line 2: the end is from Resolved At, since Ended is empty",)


def test_addresses_called_from_and_to_are_no_times():
    log = read("From,To,Start,End\nann@example.org,ops@example.org,2026-01-05T10:00Z,2026-01-05T10:30Z\n")
    assert log.incidents[0].minutes == 30
    assert log.columns["From"] == log.columns["To"] == "not used: it holds no times"


def test_acknowledgement_is_no_detection_unless_it_is_named():
    text = "start,end,acknowledged_at\n2026-01-05T10:00Z,2026-01-05T10:30Z,2026-01-05T10:12Z\n"
    log = read(text)
    assert log.incidents[0].detected is None
    assert "not used" in log.columns["acknowledged_at"]
    assert "MTTD leaves it out" in log.remarks[0]
    named = read(text, columns={"detected": "Acknowledged_At"})
    assert named.incidents[0].minutes_to_detect == 12
    assert named.columns["acknowledged_at"] == "detected"


def test_columns_can_be_named():
    text = "Wann,Bis wann,Laden,Warum,Nr\n2026-01-05 10:00,2026-01-05 10:30,x,disk,7\n"
    with pytest.raises(BadInput, match=r"Wann, Bis wann, Laden.*would do.*created_at.*--start and --end"):
        read(text)
    named = {"start": "Wann", "end": "bis wann", "service": "Laden", "cause": "Warum", "id": None}
    (incident,) = read(text, columns=named)
    assert (incident.minutes, incident.service, incident.cause) == (30, "x", "disk")
    with pytest.raises(BadInput, match="no column 'Wen'; the columns are: Wann"):
        read(text, columns={"start": "Wen", "end": "Bis wann"})


@pytest.mark.parametrize(
    ("heading", "cell", "minutes"),
    [
        ("duration", "30", 30),
        ("duration_seconds", "1800", 30),
        ("Duration (h)", "1.5", 90),
        ("Downtime (hrs)", "0,5", 30),
        ("Outage minutes", "45", 45),
        ("TTR", "1h 30m", 90),
        ("Duration", "0:30", 30),
        ("Duration", "1:30:00", 90),
        ("Duration", "1 day, 2:00:00", 26 * 60),
        ("Duration", "PT1H30M", 90),
        ("time_to_resolve", "2 hours and 5 minutes", 125),
        ("duration_ms", "90000", 1.5),
    ],
)
def test_a_duration_counts_where_there_is_no_end(heading, cell, minutes):
    for text in (
        f'start,end,{heading}\n2026-01-05T10:00Z,,"{cell}"\n',
        f'start,{heading}\n2026-01-05T10:00Z,"{cell}"\n',
    ):
        (incident,) = read(text)
        assert incident.minutes == pytest.approx(minutes)


def test_a_duration_that_is_the_only_end_and_can_t_be_read_leaves_no_incident_open():
    text = 'start,duration_seconds\n2026-01-05T10:00Z,"1,800"\n2026-01-06T10:00Z,"5,400"\n'
    with pytest.raises(BadInput, match=r"line 2: duration: '1,800' may be 1\.800 or 1800"):
        read(text)


def test_numbers_without_a_unit_get_the_one_that_fits_start_and_end():
    text = "start,end,duration\n2026-01-05T10:00Z,2026-01-05T10:30Z,1800\n2026-01-06T10:00Z,,600\n"
    log = read(text)
    assert [i.minutes for i in log] == [30, 10]
    assert log.remarks == ("duration: numbers are read as seconds, which fit start and end",)
    assert "read as minutes" in read("start,duration\n2026-01-06T10:00Z,600\n").remarks[0]


def test_a_duration_that_contradicts_the_end_is_named():
    log = read("start,end,minutes_down\n2026-01-05T10:00Z,2026-01-05T10:30Z,90\n")
    assert log.incidents[0].minutes == 30
    assert log.remarks == ("line 2: the duration doesn't fit start and end, which count",)


def test_the_duration_so_far_of_an_open_incident_is_no_end():
    log = read("start,end,status,duration_seconds\n2026-01-05T10:00Z,,active,5000\n")
    assert log.incidents[0].end is None
    assert "is no end" in log.remarks[0]


@pytest.mark.parametrize("status", ["resolved", "Closed", "6 - Resolved", "Done", "Canceled", "declined"])
def test_what_is_over_and_has_no_end_is_not_open_for_a_month(status):
    log = read(f"start,end,status\n2026-01-05T10:00Z,,{status}\n2026-01-06T10:00Z,2026-01-06T10:30Z,x\n")
    assert [i.line for i in log] == [3]
    assert log.unreadable[0].line == 2
    assert status in log.unreadable[0].reason


@pytest.mark.parametrize("status", ["up", "OK", "Healthy"])
def test_the_good_stretches_of_a_monitor_are_no_outages(status):
    log = read(
        "start,end,state,duration\n2026-01-05T10:00Z,2026-01-05T10:30Z,CRITICAL,30\n"
        f"2026-01-05T10:30Z,2026-01-06T11:00Z,{status},1470\n2026-01-06T11:00Z,,{status},90\n"
    )
    assert [i.line for i in log] == [2]
    assert [(row.line, row.reason) for row in log.unreadable] == [
        (line, f"the status is '{status}', which is no outage") for line in (3, 4)
    ]
    assert log.remarks == ()


def test_a_status_that_is_not_over_leaves_an_incident_open():
    log = read("start,end,resolved\n2026-01-05T10:00Z,,no\n2026-01-05T11:00Z,,\n")
    assert [i.end for i in log] == [None, None]
    assert read("start,end,state\n2026-01-05T10:00Z,,not resolved\n").incidents[0].end is None


@pytest.mark.parametrize(
    "nothing",
    [
        *("0001-01-01T00:00:00Z", "1/1/0001 12:00:00 AM", "0000-00-00 00:00:00", "1970-01-01T00:00:00Z"),
        *("0001-01-01T05:53:28+05:53", "9999-12-31 23:59:59", "0", "NaT", "N/A"),
    ],
)
def test_a_program_s_zero_time_is_no_time(nothing):
    log = read(
        f"start,end,detected\n2026-01-12T10:00Z,2026-01-12T10:30Z,\n2026-01-11T10:00Z,{nothing},{nothing}\n"
    )
    assert [(i.end is None, i.detected) for i in log] == [(False, None), (True, None)]


def test_detection_after_the_end_is_named():
    log = read(
        "start,end,detected\n2026-01-05T10:00Z,2026-01-05T10:30Z,2026-01-25T10:12Z\n2026-01-06T10:00Z,,\n"
    )
    assert [(row.line, row.reason) for row in log.unreadable] == [(2, "it was detected after the end")]


def test_ids_and_services_decide_what_is_a_repetition():
    row = "2026-01-05T10:00Z,2026-01-05T10:30Z\n"
    log = read(f"id,service,start,end\nINC-1,a,{row}INC-2,a,{row}INC-2,b,{row}inc-1,a,{row}")
    assert [i.line for i in log] == [2, 3, 4]
    assert [(d.line, d.reason) for d in log.duplicates] == [(5, "the same id, start and end as line 2")]
    assert "different services" in log.remarks[0]


def test_the_update_of_a_ticket_counts_in_its_place():
    log = read(
        "id,start,end\n7,2026-01-05T10:00Z,\n7,2026-01-05T10:00Z,2026-01-05T10:30Z\n7,2026-01-05T10:00Z,\n"
        "8,2026-01-06T10:00Z,2026-01-06T10:30Z\n8,2026-01-07T10:00Z,2026-01-07T10:30Z\n"
    )
    assert [i.line for i in log] == [3, 5, 6]
    assert [(d.line, d.reason) for d in log.duplicates] == [
        (2, "the same id as line 3, which updates it and counts"),
        (4, "the same id as line 3, which has an end and counts"),
    ]
    assert "different times" in log.remarks[0]


def test_rows_that_differ_in_a_column_that_is_not_understood_are_two():
    log = read(
        "Shop,start,end\nx,2026-01-05T10:00Z,2026-01-05T10:30Z\ny,2026-01-05T10:00Z,2026-01-05T10:30Z\n"
    )
    assert len(log) == 2
    assert "both count" in log.remarks[0]


def test_shares_are_read_from_columns_of_shares_only():
    row = "2026-01-05T10:00Z,2026-01-05T18:00Z"
    for impact in ("critical", "1", "2", "3 - Low", "0.5"):
        (incident,) = read(f"start,end,impact\n{row},{impact}\n")
        assert incident.failed_share == 1
    assert read(f"start,end,impact\n{row},25 %\n").incidents[0].failed_share == 0.25
    assert read(f"start;end;failed_share\n{row.replace(',', ';')};12,5%\n").incidents[0].failed_share == 0.125
    assert read(f"start,end,error rate (%)\n{row},40\n").incidents[0].failed_share == 0.4
    log = read(f"start,end,failed_share\n{row},3\n2026-01-06T10:00Z,2026-01-06T10:05Z,0.5\n")
    assert [i.failed_share for i in log] == [1.0, 0.5]
    assert "'3' is not a share" in log.remarks[0]


def test_the_order_of_day_and_month_is_decided_by_the_table_or_asked_for():
    unclear = "start,end\n03/04/2026 10:00,03/04/2026 10:30\n"
    with pytest.raises(BadInput, match=r"is 3 April or 4 March.*write 2026-04-03.*--date-order"):
        read(unclear)
    assert read(unclear, day_first=True).incidents[0].start.month == 4
    assert read(unclear, day_first=False).incidents[0].start.month == 3
    day = read(unclear + "13/04/2026 10:00,13/04/2026 10:30\n")
    assert [i.start.month for i in day] == [4, 4]
    assert day.remarks == ("dates are read with the day first, as 13/04/2026 10:00 needs it",)
    assert [i.start.month for i in read(unclear + "04/13/2026 10:00,04/13/2026 10:30\n")] == [3, 4]
    torn = read(unclear + "04/13/2026 10:00,04/13/2026 10:30\n13/04/2026 10:00,13/04/2026 10:30\n")
    assert [row.line for row in torn.unreadable] == [2]
    assert read("start (DD/MM/YYYY),end\n03/04/2026,2026-04-04\n").incidents[0].start.month == 4


def test_a_zone_beside_the_time_or_in_the_heading_or_the_row_wins():
    text = "start (UTC),end,timezone\n2026-01-05 10:00,2026-01-05 16:15,Asia/Kathmandu\n"
    assert read_incidents(text, zone="Europe/Berlin").incidents[0].minutes == 30
    text = "start_utc,end\n2026-01-05T10:00+01:00,2026-01-05 11:00 Europe/Berlin\n"
    assert read_incidents(text).incidents[0].minutes == 60
    assert (
        read_incidents("start,end\n2026-01-05 10:00 CET,2026-01-05 10:30 +0100 CET\n").incidents[0].minutes
        == 30
    )
    with pytest.raises(BadInput, match=r"CST is no zone, or more than one; write the offset"):
        read("start,end\n2026-01-05 10:00 CST,2026-01-05 11:00\n")


def test_a_zone_of_several_meanings_in_a_heading_is_refused_and_not_read_past():
    text = "Start (CST),end\n{},2026-01-05 16:00Z\n"
    with pytest.raises(BadInput, match=r"CST in 'Start \(CST\)' is more than one zone; .* write its offset"):
        read(text.format("2026-01-05 10:00"))
    assert read(text.format("2026-01-05 10:00-05:00")).incidents[0].minutes == 60
    rows = "start,end,time zone\n2026-01-05 10:00,2026-01-05 11:00,{}\n2026-01-06T10:00Z,,\n"
    assert [row.line for row in read(rows.format("CST")).unreadable] == [2]
    assert read(rows.format("EST")).incidents[0].start.hour == 15
    assert "zone" not in read(rows.replace("time zone", "zone").format("eu-west-1a")).columns["zone"]


def test_a_share_of_time_is_no_duration():
    text = "start,end,Downtime %\n2026-01-05T10:00Z,,30\n"
    log = read(text)
    assert (log.incidents[0].end, log.columns["Downtime %"]) == (None, "not used: it holds no durations")
    named = read(text, columns={"duration": "Downtime %"})
    assert named.columns["Downtime %"] == "duration"


def test_zone_and_order_in_the_heading_of_the_dates_hold_for_the_times_of_day():
    log = read_incidents("Date (DD/MM/YYYY),Start time,End time\n05/01/2026,10:00,10:30\n", zone="UTC")
    assert (log.incidents[0].start.day, log.incidents[0].minutes) == (5, 30)
    log = read_incidents("Date (UTC),Start time,End time\n2026-01-05,10:00,10:30\n", zone="Asia/Kathmandu")
    assert log.incidents[0].start.hour == 10


def test_what_is_no_table_is_named():
    for text, kind in (
        ('[{"id": 1,\n"created_at": "2026-01-05"}]', "JSON"),
        ("<table>\n<tr>", "HTML or XML"),
    ):
        with pytest.raises(BadInput, match=f"looks like {kind} .* as CSV"):
            read(text)


def test_days_without_a_time_and_durations_of_nothing_are_remarked():
    log = read(
        "start,end,duration_minutes\n2026-01-05,2026-01-06,\n2026-01-07T10:00Z,,0\n46030,46030.5,720\n"
    )
    assert [i.minutes for i in log] == [1440, None, 720]
    assert log.remarks[1:] == (
        "lines 2, 4: the start is a day without a time, read as its midnight",
        "line 2: the end is a day without a time, read as its midnight",
        "line 3: the duration is 0 and there is no end, so the incident is taken for open",
    )


def test_a_detection_that_is_no_time_doesn_t_cost_the_incident():
    log = read(
        "start,end,detected\n2026-01-05 10:00,2026-01-05 10:30,by a customer\n2026-01-06,,2026-01-06 10:00\n"
    )
    assert [i.minutes for i in log] == [30, None]
    assert "counts without its detection" in log.remarks[0]


def test_lines_above_the_header_are_named():
    log = read("#TYPE Export\nmade on 2026-02-01\nstart,end\n2026-01-05T10:00Z,2026-01-05T10:30Z\n")
    assert log.incidents[0].line == 4
    assert log.remarks == ("lines 1, 2: above the names of the columns, and not read",)

"""Random incidents, written as random tools might write them, come back exactly."""

import csv
import io
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from faultlab.metrics.incidents.table import read_incidents

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = {
    "start": "start, Started At, created_at, CreatedAt, opened_at, Impact started at, startTime, START TIME, "
    "began, sys_created_on, createdDateTime, Date opened",
    "end": "end, Ended, resolved_at, ClosedAt, Resolved On, endTime, restored, fixed at, Resolution date",
    "duration": "duration_minutes, Downtime (min), minutes to resolve, outage mins, Duration (in mins.)",
    "detected": "detected, Detected At, detection_time, impactDetectDate, discovered_at, DetectedDateTime",
    "service": "service, service_name, Affected services, Component/s, cmdb_ci, Business service, Journey",
    "cause": "cause, Root cause, root_cause_category, category, Reason",
    "id": "id, Incident number, Issue key, TinyId, incident_id, #, ticket",
}
OTHERS = (
    "Description",
    "priority",
    "Acknowledged At",
    "updated_at",
    "impact",
    "Assigned to",
    "seconds_to_first_ack",
)
KATHMANDU = ZoneInfo("Asia/Kathmandu")


def excel(moment):
    return f"{(moment.replace(tzinfo=None) - datetime(1899, 12, 30)) / timedelta(days=1):.10f}"


FORMS = {  # how a moment in Kathmandu's time is written
    "ISO": lambda m: m.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "ISO with an offset": lambda m: m.isoformat(),
    "RFC 9557": lambda m: f"{m.isoformat()}[Asia/Kathmandu]",
    "ISO in New York": lambda m: m.astimezone(timezone(timedelta(hours=-5))).isoformat(" "),
    "local": lambda m: m.strftime("%Y-%m-%d %H:%M:%S"),
    "local with AM and PM": lambda m: m.strftime("%Y/%m/%d %I:%M:%S %p"),
    "Jira": lambda m: m.strftime("%d/%b/%y %I:%M %p"),
    "RFC 5322": lambda m: m.strftime("%a, %d %b %Y %H:%M:%S %z"),
    "Go": lambda m: m.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S +0000 UTC"),
    "German": lambda m: m.strftime("%d.%m.%Y %H:%M"),
    "British": lambda m: m.strftime("%d/%m/%Y %H:%M"),
    "American": lambda m: f"{m.month}/{m.day}/{m.year} {m:%I:%M %p}",
    "seconds": lambda m: str(int(m.timestamp())),
    "milliseconds": lambda m: str(int(m.timestamp()) * 1000),
    "Excel": excel,
    "Excel with a comma": lambda m: excel(m).replace(".", ","),
}
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=20).map(
    str.strip
)
notes = st.one_of(
    texts,
    st.just("2026-01-09T10:00Z,2026-01-19T10:30Z"),
    st.just('she said "down",\n2026-01-09T10:00Z,2026-01-19T10:30Z\n;and\tmore'),
)
lengths = st.one_of(st.none(), st.integers(0, 3000))


@st.composite
def exports(draw):
    """A table, and the incidents that are in it."""
    form = FORMS[draw(st.sampled_from(sorted(FORMS)))]
    names = {
        meaning: draw(st.sampled_from([n.strip() for n in NAMES[meaning].split(",")])) for meaning in NAMES
    }
    extra = draw(st.lists(st.sampled_from(OTHERS), unique=True, max_size=4))
    by_duration = draw(st.booleans())
    columns = ["start", "duration" if by_duration else "end"]
    columns += draw(st.lists(st.sampled_from(["detected", "service", "cause", "id"]), unique=True))
    order = draw(st.permutations([*columns, *extra]))
    nothing = draw(st.sampled_from(["", "-", "N/A", "null"]))
    spec = draw(st.lists(st.tuples(st.integers(0, 500_000), lengths, texts, texts), max_size=6))
    # One on the 28th, so that the order of day and month is decided, and nothing else is guessed.
    spec = [(27 * 1440 + 60, 30, "last", ""), *spec]
    rows, truth, seen = [], [], set()
    for number, (begin, length, service, cause) in enumerate(spec):
        start = NEW_YEAR + timedelta(minutes=begin)
        end = None if length is None else start + timedelta(minutes=length)
        detected = None if length is None else start + timedelta(minutes=length // 2)
        if (by_duration and length == 0) or start in seen:
            continue  # a duration of nothing says no more than an empty cell
        seen.add(start)

        def written(moment):
            return nothing if moment is None else form(moment.astimezone(KATHMANDU))

        cells = {
            "start": written(start),
            "end": written(end),
            "duration": nothing if length is None else str(length),
            "detected": written(detected),
            "service": service,
            "cause": cause,
            "id": f"X-{number}",
        } | {name: draw(notes) for name in extra}
        rows.append([cells[name] for name in order])
        cells_read = [detected, service, cause]
        for place, name in enumerate(("detected", "service", "cause")):
            if name not in columns:
                cells_read[place] = None if name == "detected" else ""
        truth.append((start, end, *cells_read))
    out = io.StringIO()
    if draw(st.booleans()):
        out.write("\ufeff")
    delimiter = draw(st.sampled_from(",;\t"))
    writer = csv.writer(out, delimiter=delimiter, lineterminator=draw(st.sampled_from(["\n", "\r\n"])))
    writer.writerow([names.get(name, name) for name in order])
    writer.writerows(rows)
    return out.getvalue(), truth


@settings(max_examples=300, deadline=None)
@given(exports())
def test_a_random_export_comes_back_exactly(export):
    text, truth = export
    log = read_incidents(text, zone="Asia/Kathmandu")
    assert log.unreadable == log.duplicates == ()
    assert [(i.start, i.end, i.detected, i.service, i.cause) for i in log] == truth

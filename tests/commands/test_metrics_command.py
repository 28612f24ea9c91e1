"""The command line of the metrics: one JSON object, or one sentence and status 2."""

import json
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from faultlab.__main__ import main
from faultlab.metrics.incidents.table import read_incidents
from faultlab.metrics.reports.measurement import measure

KESTREL = Path(__file__).parents[2] / "course" / "data" / "kestrel_incidents.csv"
TWO_YEARS = ["--from", "2024-11-01", "--to", "2026-11-01"]


def run(capsys, *arguments):
    status = main(["metrics", *map(str, arguments)])
    out, err = capsys.readouterr()
    return status, out, err


def test_json_holds_the_numbers_of_the_package(capsys):
    status, out, err = run(capsys, KESTREL, *TWO_YEARS, "--service", "search", "--json")
    found = json.loads(out)
    truth = measure(read_incidents(KESTREL).of("search"), "2024-11-01", "2026-11-01")
    assert (status, err) == (0, "")
    assert found["incidents"] == truth.incidents
    assert isinstance(found["incidents"], int)
    for key in ("availability", "mttr_minutes", "mttd_minutes", "mtbf_hours"):
        assert found[key] == getattr(truth, key).as_dict()
        assert set(found[key]) == {"value", "low", "high", "confidence", "method"}
    assert found["unreadable"] == []


def test_the_numbers_hang_together(capsys):
    found = json.loads(run(capsys, KESTREL, *TWO_YEARS, "--json")[1])
    up = found["availability"]["value"] * found["hours"]
    assert found["mtbf_hours"]["value"] * found["incidents"] == pytest.approx(up)


def test_unknown_and_unbounded_are_null(capsys, tmp_path):
    path = tmp_path / "quiet.csv"
    path.write_text("start,end\n")
    status, out, _ = run(capsys, path, *TWO_YEARS, "--json")
    found = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert status == 0
    assert found["incidents"] == 0
    assert found["mtbf_hours"]["value"] is found["mtbf_hours"]["high"] is None
    assert found["mtbf_hours"]["low"] > 0
    assert found["mttr_minutes"]["value"] is None
    assert "no upper limit" in run(capsys, path, *TWO_YEARS)[1]


def test_unreadable_rows_are_listed_with_line_and_reason(capsys, tmp_path):
    path = tmp_path / "mixed.csv"
    path.write_text("start,end\n2026-01-05T10:00Z,2026-01-05T09:00Z\n2026-01-06T10:00Z,2026-01-06T10:30Z\n")
    found = json.loads(run(capsys, path, *TWO_YEARS, "--json")[1])
    assert found["unreadable"] == [{"line": 2, "reason": "the end is before the start"}]
    assert "line 2: the end is before the start" in run(capsys, path, *TWO_YEARS)[1]


def test_a_share_of_failed_requests_shortens_no_outage_and_that_is_said(capsys, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text('start,end,failed_share\n2026-01-05T10:00Z,2026-01-05T10:30Z,"12,5 %"\n')
    status, out, _ = run(capsys, file, "--from", "2026-01-01Z", "--to", "2026-02-01Z", "--json")
    found = json.loads(out)
    assert (status, found["minutes_down"]) == (0, 30)
    assert found["remarks"] == ["a minute counts as down whatever share of requests failed in it"]


def test_the_zone_holds_for_rows_and_window(capsys, tmp_path):
    path = tmp_path / "local.csv"
    path.write_text("start,end\n2026-07-01 00:10,2026-07-01 00:40\n")
    window = ["--from", "2026-07-01", "--to", "2026-08-01"]
    found = json.loads(run(capsys, path, *window, "--zone", "Europe/Berlin", "--json")[1])
    assert found["incidents"] == 1
    assert found["from"] == "2026-06-30T22:00:00+00:00"
    status, _, err = run(capsys, path, *window)
    assert status == 2
    assert "no time zone" in err


def test_columns_and_remarks_are_said_in_both_outputs(capsys, tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(
        "id,created_on,resolved_on,seconds_to_resolve,urgency\n"
        "1,2026-01-05T10:00Z,2026-01-05T10:30Z,600,high\n2,2026-01-06T10:00Z,,600,high\n"
    )
    window = ["--from", "2026-01-01", "--to", "2026-02-01"]
    found = json.loads(run(capsys, path, *window, "--json")[1])
    assert found["columns"] == {
        "id": "id",
        "created_on": "start",
        "resolved_on": "end",
        "seconds_to_resolve": "duration",
        "urgency": "not used",
    }
    assert found["remarks"] == ["line 2: the duration doesn't fit start and end, which count"]
    assert found["minutes_down"] == 40
    text = run(capsys, path, *window)[1]
    assert "created_on is start; resolved_on is end" in text
    assert "Not used: urgency." in text
    assert "Note: line 2: the duration" in text


def test_columns_and_the_order_of_dates_can_be_named(capsys, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("Wann;Bis wann;Laden\n03/01/2026 10:00;03/01/2026 10:30;x\n")
    window = ["--from", "2026-01-01", "--to", "2026-02-01", "--zone", "UTC"]
    named = ["--start", "Wann", "--end", "Bis wann", "--service-column", "Laden"]
    status, _, err = run(capsys, path, *window, *named)
    assert status == 2
    assert "--date-order" in err
    found = json.loads(
        run(capsys, path, *window, *named, "--date-order", "dmy", "--service", "x", "--json")[1]
    )
    assert found["minutes_down"] == 30
    assert found["columns"] == {"Wann": "start", "Bis wann": "end", "Laden": "service"}
    status, _, err = run(capsys, path, *window)
    assert status == 2
    assert "Wann, Bis wann, Laden" in err


def test_many_rows_that_are_left_out_are_counted_in_the_text_and_listed_in_json(capsys, tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("start,end\n2026-01-05T10:00Z,2026-01-05T10:30Z\n" + "x,y\n" * 50)
    window = ["--from", "2026-01-01", "--to", "2026-02-01"]
    assert "30 more such rows" in run(capsys, path, *window)[1]
    assert len(json.loads(run(capsys, path, *window, "--json")[1])["unreadable"]) == 50


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([KESTREL], "--from and --to"),
        ([KESTREL, "--from", "2026-01-01", "--to", "2025-01-01"], "no length"),
        ([KESTREL, "--from", "soon", "--to", "2025-01-01"], "'soon' is not a time"),
        ([KESTREL, *TWO_YEARS, "--service", "serach"], "no incident of service"),
        ([KESTREL, *TWO_YEARS, "--zone", "Mars"], "no time zone"),
        ([KESTREL, *TWO_YEARS, "--end", "Ende"], "no column 'Ende'; the columns are: start, end"),
        ([KESTREL, *TWO_YEARS, "--confidence", "90"], "confidence"),
        (["absent.csv", *TWO_YEARS], "absent.csv"),
        ([KESTREL.parent, *TWO_YEARS], "data"),
    ],
)
def test_what_cannot_be_used_ends_with_one_sentence_and_status_2(capsys, arguments, message):
    status, out, err = run(capsys, *arguments)
    assert status == 2
    assert out == ""
    assert message in err
    assert err.count("\n") == 1


def test_it_runs_as_a_command_and_names_every_method():
    command = [sys.executable, "-m", "faultlab", "metrics", str(KESTREL), *TWO_YEARS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    for word in ("Availability", "MTTR", "MTTD", "MTBF", "chi-square", "lognormal"):
        assert word in done.stdout


def test_a_hundred_thousand_rows_are_read_and_counted(tmp_path, capsys):
    """How long it takes is measured by the benchmarks; here only that nothing is lost on the way."""
    luck, begin = random.Random(1), datetime(2000, 1, 1, tzinfo=UTC)
    rows = ["start,end,detected,service,cause"]
    total = 0
    for i in range(100_000):
        start = begin + timedelta(minutes=130 * i)
        minutes = luck.randrange(1, 120)
        total += minutes
        rows.append(
            f'{start:%Y-%m-%dT%H:%M}Z,{start + timedelta(minutes=minutes):%Y-%m-%dT%H:%M}Z,,s{i % 5},"a, b"'
        )
    path = tmp_path / "big.csv"
    path.write_text("\n".join(rows) + "\n")
    found = json.loads(run(capsys, path, "--from", "2000-01-01", "--to", "2025-01-01", "--json")[1])
    assert found["incidents"] == 100_000
    assert found["minutes_down"] == pytest.approx(total)
    assert found["mttr_minutes"]["value"] == pytest.approx(total / 100_000)

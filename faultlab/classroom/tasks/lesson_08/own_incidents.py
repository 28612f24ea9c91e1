"""The task of lab 08 on incidents of the learner's own, read from CSV."""

from __future__ import annotations

from faultlab.classroom.answers.file_report import FileReport, file_of
from faultlab.classroom.answers.kinds import Misconception
from faultlab.errors import BadInput
from faultlab.metrics.incidents import read_incidents
from faultlab.metrics.reports import measure

SHIPPED = "../course/data/kestrel_incidents_raw.csv"


def report_on(file: object, first: object, last: object) -> dict[str, object]:
    """Read incidents and count them, the minutes down, and the rows that can't be read.

    Raises
    ------
    BadInput
        If there is no such file, or a day is not one.
    """
    if not isinstance(file, str) or not isinstance(first, str) or not isinstance(last, str):
        raise BadInput("The answer names its file and its days: {'file': …, 'from': …, 'to': …, …}.")
    log = read_incidents(file_of(file), zone="Europe/Berlin")
    seen = measure(log, first, last)
    return {
        "file": file,
        "from": first,
        "to": last,
        "incidents": seen.incidents,
        "down_minutes": seen.down_minutes,
        "unreadable": len(log.unreadable),
    }


def _shipped_report():
    return report_on(SHIPPED, "2026-08-01", "2026-11-01")


def _with_lengths_added(report):
    log = read_incidents(file_of(SHIPPED), zone="Europe/Berlin")
    minutes = sum(incident.minutes or 0 for incident in log)
    return report | {"down_minutes": minutes}


own_file = FileReport(
    name="own_file",
    title="Your own incidents",
    question=(
        "Take a list of incidents of your own as CSV with the columns start and end, or the shipped export. "
        "Say how many incidents started in the period, how many minutes at least one was open, and how many "
        "rows could not be read."
    ),
    points=2,
    given=("file", "from", "to"),
    report=lambda answer: report_on(answer.get("file"), answer.get("from"), answer.get("to")),
    reference=lambda n: getattr(n, "report", None) or _shipped_report(),
    tolerance=1e-6,
    absolute=0.01,
    hints=(
        'read_incidents(file, zone="Europe/Berlin") gives a log; log.unreadable lists what was left out.',
        "measure(log, first_day, last_day) gives .incidents and .down_minutes.",
    ),
    solution="With the shipped export, {answer}.",
    why="At work: say with every total how many rows it leaves out, and why.",
    misconceptions=(
        Misconception(
            "lengths added up",
            lambda n: _with_lengths_added(_shipped_report()),
            "That adds the lengths of the incidents. Overlaps then count twice, and so do minutes outside the "
            "period. Use measure(…).down_minutes.",
        ),
        Misconception(
            "every row is an incident",
            lambda n: (
                _shipped_report()
                | {"incidents": _shipped_report()["incidents"] + _shipped_report()["unreadable"]}
            ),
            "Rows that can't be read aren't incidents. They are in log.unreadable, each with its reason.",
        ),
        Misconception(
            "unreadable rows not looked at",
            lambda n: _shipped_report() | {"unreadable": 0},
            "Some rows could not be read. Look at log.unreadable before you trust a total.",
        ),
    ),
)

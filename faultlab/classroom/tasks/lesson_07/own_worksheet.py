"""The task of lab 07 on a worksheet of the learner's own, read from CSV or XLSX and judged by its structure."""

from __future__ import annotations

from faultlab.analysis.fmea import read_fmea
from faultlab.classroom.answers.file_report import FileReport, file_of
from faultlab.classroom.answers.kinds import Misconception
from faultlab.errors import BadInput

SHIPPED = "../course/data/kestrel_fmea.csv"
LIMIT = 200
FEWEST_ROWS = 5


def report_on(file: object) -> dict[str, object]:
    """Read a worksheet and count its rows, the high ones, and those that a limit on the RPN would miss.

    Raises
    ------
    BadInput
        If there is no such file, it can't be read, or it can't serve as a worksheet: too few rows, a row
        without a rating or an effect, or one severity for all.
    """
    if not isinstance(file, str):
        raise BadInput("The answer names its file: {'file': …, 'rows': …, 'high': …, 'missed': …}.")
    path = file_of(file)
    rows = read_fmea(path)
    _judge(rows, path.name)
    high = [row for row in rows if row.action_priority == "H"]
    missed = sum(row.rpn is not None and row.rpn < LIMIT for row in high)
    return {"file": file, "rows": len(rows), "high": len(high), "missed": missed}


def _judge(rows, name):
    if len(rows) < FEWEST_ROWS:
        raise BadInput(f"{name} has {len(rows)} of at least {FEWEST_ROWS} rows: add how other parts fail.")
    for row in rows:
        if not row.rated:
            raise BadInput(f"{name}: {row.item}, {row.failure_mode} lacks a rating; rate all three.")
        if not row.effect:
            raise BadInput(
                f"{name}: {row.item}, {row.failure_mode} names no effect; severity rates it, so write it down."
            )
    if len({row.severity for row in rows}) == 1:
        raise BadInput(
            f"{name}: every row has severity {rows[0].severity}, so it ranks nothing; ask who notices each failure."
        )


def _shipped():
    return report_on(SHIPPED)


def _listed():
    rows = read_fmea(file_of(SHIPPED))
    return sum(row.rpn is not None and row.rpn >= LIMIT for row in rows)


own_worksheet = FileReport(
    name="own_worksheet",
    title="Your own worksheet",
    question=(
        "Take a worksheet of your own service, or Kestrel's: a CSV or XLSX file with the columns item, "
        "failure_mode, effect, severity, occurrence and detection, and at least five rows, all rated. Say how many "
        "rows it has, how many are high by Action Priority, and how many of these a company that acts from an RPN "
        "of 200 would miss."
    ),
    points=2,
    report=lambda answer: report_on(answer.get("file")),
    reference=lambda n: getattr(n, "report", None) or _shipped(),
    tolerance=1e-9,
    absolute=1e-9,
    hints=(
        "read_fmea(file) gives a list of rows; each has .action_priority and .rpn.",
        "Missed is a high row with an RPN below 200.",
    ),
    solution="With Kestrel's worksheet, {answer}.",
    why="At work: take the missed rows to the next review, whatever their product.",
    misconceptions=(
        Misconception(
            "high by the RPN",
            lambda n: _shipped() | {"high": _listed(), "missed": 0},
            "That counts the rows from an RPN of 200. Action Priority comes from the table: row.action_priority.",
        ),
        Misconception(
            "the difference of two counts",
            lambda n: _shipped() | {"missed": _shipped()["high"] - _listed()},
            "Taking one count from the other hides rows that are on the list and not high. Look at each high row.",
        ),
        Misconception(
            "every row below the limit is missed",
            lambda n: _shipped() | {"missed": _shipped()["rows"] - _listed()},
            "Most rows below 200 are not high, and nothing is missed there. Count the high ones only.",
        ),
    ),
)

"""The gradebook in the forms that Canvas, Moodle and Open edX import: made anew, or filled into an export.

Each takes another table, and each says so in its own words:

- Canvas: `Student`, `ID`, `SIS User ID`, `SIS Login ID`, `Section`, then a column for each assignment, and
  a row `Points Possible` before the first student (`lib/gradebook_importer.rb` of instructure/canvas-lms;
  the guide "How do I import grades in the Gradebook?"). It looks for a student by ID, by login, by name.
  Where a teacher has chosen to split names, `LastName` and `FirstName` stand in place of `Student`.
- Moodle: a column that says who, which its form asks for, and one for each grade item, with `-` for no grade
  (docs.moodle.org, "Grade import"; `grade/import/csv/classes/load_data.php` of moodle/moodle).
- Open edX: `user_id`, `username`, `student_key`, `course_id`, `track`, `cohort`, then five columns for each
  assignment, of which `new_override-…` is read; or the table of a staff-graded problem with `New Points`
  (`bulk_grades/api.py` of openedx/edx-bulk-grades). Both name things that Open edX alone knows, so it takes
  an export to fill in. Of a row it saves one override, so each lab gets a file of its own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from faultlab.classroom.grading.gradebook import Gradebook, Row, harmless
from faultlab.errors import BadInput
from faultlab.input_files import table_records, text_of

MOST_BYTES = 20_000_000
SYSTEMS = {"canvas": "Canvas", "moodle": "Moodle", "openedx": "Open edX"}
WHO = {
    "canvas": ("ID", "SIS Login ID", "SIS User ID", "Integration ID", "Student"),
    "moodle": ("Email address", "Username", "ID number"),
    "openedx": ("username", "user_id", "student_key", "student_uid"),
}
"""The columns that tell who somebody is, the surest first."""

SPLIT = {"canvas": ("FirstName", "LastName"), "moodle": ("First name", "Last name")}
"""A name in two columns, the first name first."""

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS = "Points Possible"
NEW_POINTS = "New Points"
READ_ONLY = re.compile(
    r"((Current|Final|Override) (Score|Points|Grade|Status)|\((Percentage|Letter|Feedback)\))$"
)


@dataclass(frozen=True)
class Export:
    """A table that a learning system has written, to be filled in.

    Parameters
    ----------
    system : str
        "canvas", "moodle" or "openedx".
    name : str
        Of the file.
    head : tuple of str
    rows : tuple of tuple of str
        As long as the head.
    """

    system: str
    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_export(system: str, path: str | Path | None) -> Export | None:
    """Read the table that a learning system has exported; None where it is needed for nothing.

    Raises
    ------
    BadInput
        If the system needs one, or it is no export of that system.
    """
    if path is None:
        if system == "openedx":
            raise BadInput(
                "Open edX takes back only what it wrote itself: export the grades from its Gradebook, and "
                "name the file with --fill."
            )
        return None
    name = Path(path).name
    records = table_records(text_of(path, MOST_BYTES, "an export"), name)
    head = tuple(cell.strip() for cell in records[0][1]) if records else ()
    named = [{"Student", "Section"}, {*SPLIT["canvas"], "Section"}] if system == "canvas" else [set()]
    if not set(WHO[system]) & set(head) or not any(one <= set(head) for one in named):
        wanted = ", ".join(CANVAS if system == "canvas" else WHO[system])
        raise BadInput(
            f"{name} is no export of {SYSTEMS[system]}: its first line lacks the columns {wanted}; export "
            "the grades there anew, in English."
        )
    width = len(head)
    rows = tuple(tuple([*cells, *[""] * width][:width]) for _, cells in records[1:])
    return Export(system, name, head, rows)


def write_elsewhere(
    book: Gradebook, system: str, out: str | Path, export: Export | None = None
) -> tuple[list[Path], list[str]]:
    """Write what a learning system imports.

    Parameters
    ----------
    book : Gradebook
    system : str
        "canvas", "moodle" or "openedx".
    out : str or Path
        The CSV; for Open edX the lab's name is put behind it, a file for each.
    export : Export, optional
        From `read_export`; what stands in it stays, but for the points of those who handed in.

    Returns
    -------
    files : list of Path
    remarks : list of str
        Who and what was not placed, and what is still to do by hand.

    Raises
    ------
    BadInput
        If nothing could be placed, or if there is no export to tell who is who and learners are named in
        two ways.
    """
    out = Path(out)
    if export is None:
        head, rows, remarks = _canvas(book) if system == "canvas" else _moodle(book)
        _write(out, head, rows)
        return [out], remarks
    found, remarks = _found(book.rows, export)
    columns = {lab: _column(lab, export) for lab in book.possible}
    if system == "canvas":
        export, columns = _with_columns(export, columns, book.possible)
    for lab in [lab for lab, column in columns.items() if column is None]:
        remarks.append(
            f"{lab}: {export.name} has no column for it; add “Lab {lab[:2]}” there and export anew."
        )
    placed = {lab: column for lab, column in columns.items() if column is not None}
    if not placed or not found:
        what = "no column for these labs" if not placed else "none of these learners"
        raise BadInput(f"{export.name} has {what}: {remarks[0]}")
    if system == "canvas":
        remarks += _other_points(export, placed, book.possible)
    if system != "openedx":
        _write(out, export.head, _filled(export, found, placed))
        return [out], remarks
    files = []
    for lab, column in placed.items():
        if export.head[column] == NEW_POINTS:
            remarks.append(
                f"{lab}: the problem has to allow {book.possible[lab]:g} points, or Open edX refuses those "
                "who have more."
            )
        files.append(out.with_name(f"{out.stem}_{lab}.csv"))
        others = {n for n, head in enumerate(export.head) if head.startswith("new_override-")} - {column}
        rows = _filled(export, found, {lab: column})
        only = [["" if n in others else cell for n, cell in enumerate(row)] for row in rows]
        _write(files[-1], export.head, only)
    return files, remarks


def _canvas(book):
    labs = book.possible
    rows = [[f"    {POINTS}", *[""] * 4, *(f"{most:g}" for most in labs.values())]]
    for row in book.rows:
        name = str(harmless(row.learner))
        rows.append([name, "", "", name, "", *_points(row, labs, "")])
    return [*CANVAS, *labs], rows, ["Canvas makes an assignment of each column that it doesn't know."]


def _moodle(book):
    mails = {"@" in row.learner for row in book.rows}
    if len(mails) > 1:
        raise BadInput(
            "Some of these learners are named by mail addresses and some are not, and Moodle asks for one or "
            "the other: name an export of its gradebook with --fill."
        )
    who = "Email address" if mails == {True} else "Username"
    rows = [[str(harmless(row.learner)), *_points(row, book.possible, "-")] for row in book.rows]
    most = ", ".join(f"{lab} {points:g}" for lab, points in book.possible.items())
    remark = f"Moodle gives a new grade item 100 points: set its maximum ({most})."
    return [who, *book.possible], rows, [remark]


def _points(row, labs, none):
    return [f"{row.counted[lab].total:g}" if lab in row.counted else none for lab in labs]


def _found(learners: Sequence[Row], export: Export) -> tuple[dict[int, Row], list[str]]:
    """The learners by the row of the export that is theirs, and a remark on each who has none."""
    columns = [export.head.index(name) for name in WHO[export.system] if name in export.head]
    named = [[_key(row[column]) for row in export.rows] for column in columns]
    split = SPLIT.get(export.system, ())
    if split and set(split) <= set(export.head):
        first, last = (export.head.index(name) for name in split)
        named.append([_key(f"{row[first]} {row[last]}") for row in export.rows])
    found: dict[int, Row] = {}
    remarks = []
    for learner in learners:
        key = _key(learner.learner)
        matches = ([n for n, name in enumerate(names) if name == key] for names in named)
        places = next(filter(None, matches), [])
        if len(places) != 1:
            many = "stands in it more than once" if places else "isn't in it"
            remarks.append(f"{learner.learner} {many}: {export.name} got no points for them.")
        elif places[0] in found:
            remarks.append(f"{learner.learner} and {found[places[0]].learner} are one row of {export.name}.")
        else:
            found[places[0]] = learner
    return found, remarks


def _key(name):
    """A name to compare: “Doe, Jane” is Jane Doe."""
    last, comma, first = name.partition(",")
    return " ".join((f"{first} {last}" if comma else name).casefold().split())


def _column(lab: str, export: Export) -> int | None:
    """The place of the column that takes a lab's points: the one that names the lab."""
    names = re.compile(rf"{re.escape(lab)}|\blab[ _-]*0?{int(lab[:2])}\b", re.I)
    if export.system != "openedx":
        who = {*WHO[export.system], *CANVAS}
        heads = [n for n, head in enumerate(export.head) if head not in who and not READ_ONLY.search(head)]
        return next((n for n in heads if names.search(export.head[n])), None)
    for place, head in enumerate(export.head):
        into = f"new_override-{head[5:]}" if head.startswith("name-") else NEW_POINTS
        said = [row[place] for row in export.rows] if head.startswith("name-") or head == "title" else []
        if into in export.head and any(map(names.search, said)):
            return export.head.index(into)
    return None


def _with_columns(export, columns, possible):
    """Canvas takes new assignments, so a lab without a column gets one, behind all others."""
    new = [lab for lab, column in columns.items() if column is None]
    width = len(export.head)
    rows = tuple(
        (*row, *(f"{possible[lab]:g}" if POINTS in row[0] else "" for lab in new)) for row in export.rows
    )
    places = {lab: width + n for n, lab in enumerate(new)}
    return Export(export.system, export.name, (*export.head, *new), rows), columns | places


def _other_points(export, placed, possible):
    row = next((row for row in export.rows if POINTS in row[0]), None)
    said = {lab: row[column].strip() for lab, column in placed.items()} if row else {}
    return [
        f"{lab}: Canvas gives {points} points for it, and here it is worth {possible[lab]:g}; change Canvas."
        for lab, points in said.items()
        if re.fullmatch(r"\d+([.,]\d+)?", points) and float(points.replace(",", ".")) != possible[lab]
    ]


def _filled(export, found, placed):
    rows = [list(row) for row in export.rows]
    for place, learner in found.items():
        for lab, column in placed.items():
            if lab in learner.counted:
                rows[place][column] = f"{learner.counted[lab].total:g}"
    return rows


def _write(path, head, rows):
    """Without a mark: Open edX takes it for a part of the first name."""
    with open(path, "w", newline="", encoding="utf-8", errors="replace") as file:
        csv.writer(file).writerows([head, *rows])

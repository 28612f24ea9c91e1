"""The gradebook: a row for every learner, and a second table with a row for every task."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from faultlab.analysis.fmea import safe_cell
from faultlab.classroom.grading.marking import Graded
from faultlab.classroom.learner.seeds import team_code
from faultlab.errors import BadInput
from faultlab.input_files import table_records, text_of

MOST_BYTES = 5_000_000


@dataclass(frozen=True)
class Row:
    """A learner in the gradebook.

    Parameters
    ----------
    learner : str
    counted : dict of str to Graded
        The notebook that counts for each lab, by the lab's name.
    remarks : tuple of str
    """

    learner: str
    counted: dict[str, Graded]
    remarks: tuple[str, ...]

    @property
    def teams(self) -> tuple[str, ...]:
        """The team codes that its notebooks were graded with."""
        return tuple(dict.fromkeys(graded.team for graded in self.counted.values()))

    @property
    def total(self) -> float:
        """Points of all labs."""
        return round(sum(graded.total for graded in self.counted.values()), 2)


@dataclass(frozen=True)
class Gradebook:
    """What came of a folder: every notebook, a row for every learner, and what belongs to nobody.

    Parameters
    ----------
    submissions : tuple of Graded
    rows : tuple of Row
    left_out : tuple of str
    possible : dict of str to float
        What each lab that was handed in is worth.
    """

    submissions: tuple[Graded, ...]
    rows: tuple[Row, ...]
    left_out: tuple[str, ...]
    possible: dict[str, float]


def summed(
    submissions: Iterable[Graded], remarks: Mapping[str, Iterable[str]], left_out: Iterable[str] = ()
) -> Gradebook:
    """Sum up what was graded.

    Of several notebooks of one lab the one with most points counts; among equals the one with the shortest
    name, so the original before its copies.

    Parameters
    ----------
    submissions : iterable of Graded
    remarks : mapping of str to iterable of str
        What there is to say of each learner besides; it has every learner.
    left_out : iterable of str

    Returns
    -------
    Gradebook
    """
    submissions = tuple(submissions)
    possible = {one.lab: one.most for one in sorted(submissions, key=lambda one: one.lab) if one.lab}
    by_learner: dict[str, list[Graded]] = {learner: [] for learner in remarks}
    for one in submissions:
        by_learner[one.learner].append(one)
    rows = tuple(_row(learner, mine, remarks[learner]) for learner, mine in by_learner.items())
    return Gradebook(submissions, rows, tuple(left_out), possible)


def _row(learner, mine, remarks):
    counted, said = {}, []
    for lab in sorted({one.lab for one in mine if one.lab}):
        same = sorted(
            (one for one in mine if one.lab == lab), key=lambda one: (-one.total, len(one.file), one.file)
        )
        counted[lab] = same[0]
        if len(same) > 1:
            others = ", ".join(f"{one.file} ({one.total:g})" for one in same[1:5])
            said.append(
                f"{len(same)} notebooks of {lab}: {same[0].file} counts ({same[0].total:g}), not {others}."
            )
    for one in mine:
        if counted.get(one.lab) is one or not one.lab:
            said += [f"{one.file}: {remark}" if len(mine) > 1 else remark for remark in one.remarks]
    return Row(learner, counted, (*said, *remarks))


def write_gradebook(gradebook: Gradebook, path: str | Path) -> None:
    """Write a row for every learner: points of each lab, and their sum.

    Parameters
    ----------
    gradebook : Gradebook
    path : str or Path
        A CSV that a spreadsheet can open without harm.
    """
    labs = gradebook.possible
    heads = [f"{lab} (of {most:g})" for lab, most in labs.items()]
    rows = [
        [
            row.learner,
            " ".join(row.teams),
            *(row.counted[lab].total if lab in row.counted else "" for lab in labs),
            row.total,
            sum(labs.values()),
            " ".join(row.remarks),
        ]
        for row in gradebook.rows
    ]
    _write(path, ["learner", "team", *heads, "total", "max", "remarks"], rows)


def write_tasks(gradebook: Gradebook, path: str | Path) -> None:
    """Write a row for every task of every notebook that counts.

    Parameters
    ----------
    gradebook : Gradebook
    path : str or Path
    """
    rows = [
        [
            row.learner,
            graded.team,
            lab,
            task,
            graded.points[task],
            graded.possible[task],
            graded.states[task],
            graded.file,
        ]
        for row in gradebook.rows
        for lab, graded in row.counted.items()
        for task in graded.possible
    ]
    _write(path, ["learner", "team", "lab", "task", "points", "max", "result", "file"], rows)


def _write(path, head, rows):
    with open(path, "w", newline="", encoding="utf-8-sig", errors="replace") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows([harmless(cell) for cell in row] for row in rows)


def harmless(cell: str | float) -> str | int | float:
    """A cell that no spreadsheet takes for a formula, on one line.

    >>> harmless("=1+1"), harmless(2.5)
    ("'=1+1", 2.5)
    """
    if not isinstance(cell, str):
        return cell
    text = "".join(letter if letter.isprintable() else " " for letter in cell)
    return safe_cell(text.lstrip()) if text.lstrip()[:1] in ("=", "+", "-", "@") else text


def read_teams(path: str | Path) -> dict[str, str]:
    """Read which team each learner is in, from a CSV with the columns `learner` and `team`.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    dict of str to str

    Raises
    ------
    BadInput
        Names the file and the line.
    """
    name = Path(path).name
    records = table_records(text_of(path, MOST_BYTES, "a list of teams"), name)
    heads = [head.strip().lower() for head in records[0][1]] if records else []
    if not {"learner", "team"} <= set(heads):
        raise BadInput(f"{name}: the first line needs the columns learner and team.")
    teams: dict[str, str] = {}
    for line, cells in records[1:]:
        row = dict(zip(heads, map(str.strip, cells), strict=False))
        if not row.get("learner") or not row.get("team"):
            raise BadInput(f"{name}, line {line}: a learner and a team are needed.")
        try:
            code = team_code(row["team"])
        except BadInput as problem:
            raise BadInput(f"{name}, line {line}: {problem}") from None
        if teams.setdefault(row["learner"], code) != code:
            raise BadInput(f"{name}, line {line}: {row['learner']} is in another team further up.")
    return teams

"""Grade a folder of submitted labs without a server; no submission can harm another or the grader.

The gradebook has a row for every learner, and a second file has a row for every task. Of several notebooks of
one lab by one learner the best counts.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from faultlab.classroom import Limits, grade_folder, read_teams, write_gradebook, write_tasks
from faultlab.errors import BadInput


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, the gradebook and the limits."""
    parser.add_argument(
        "folder",
        help="submitted notebooks, in it or in a folder or zip file for each learner; or one zip file",
    )
    parser.add_argument(
        "--out", default="gradebook.csv", metavar="FILE.csv", help="the gradebook, one row per learner"
    )
    parser.add_argument(
        "--tasks",
        metavar="FILE.csv",
        help="one row per task; by default gradebook_tasks.csv, beside the gradebook",
    )
    parser.add_argument("--labs", metavar="FOLDER", help="the official labs; by default those of the clone")
    parser.add_argument(
        "--teams", metavar="FILE.csv", help="columns learner and team; it overrides what notebooks say"
    )
    parser.add_argument("--seconds", type=float, default=Limits.seconds, help="the limit for one notebook")
    parser.add_argument("--workers", type=int, default=None, help="how many notebooks to run at once")
    parser.add_argument(
        "--unconfined", action="store_true", help="grade even where this machine can't confine notebooks"
    )


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Grade, write the two files, and return what is in them."""
    if not arguments.seconds > 0:
        raise BadInput(f"--seconds takes a number above 0, not {arguments.seconds:g}.")
    if arguments.workers is not None and arguments.workers < 1:
        raise BadInput(f"--workers takes a whole number from 1, not {arguments.workers}.")
    out = Path(arguments.out)
    tasks = Path(arguments.tasks) if arguments.tasks else out.with_name(f"{out.stem}_tasks.csv")
    if tasks.resolve() == out.resolve():
        raise BadInput("--tasks and --out name the same file; give each its own.")
    teams = read_teams(arguments.teams) if arguments.teams else {}
    if arguments.labs:
        _take_the_course_of(Path(arguments.labs))
    book = grade_folder(
        arguments.folder,
        labs=arguments.labs,
        teams=teams,
        limits=Limits(seconds=arguments.seconds),
        workers=arguments.workers,
        unconfined=arguments.unconfined,
    )
    write_gradebook(book, out)
    write_tasks(book, tasks)
    if not book.possible:
        raise BadInput(
            f"Nothing in {arguments.folder} is a lab of this course that could be graded; {out} says why, "
            "learner by learner."
        )
    return {
        "gradebook": str(out),
        "tasks": str(tasks),
        "learners": [
            {
                "learner": row.learner,
                "team": " ".join(row.teams),
                "labs": {lab: graded.total for lab, graded in row.counted.items()},
                "total": row.total,
                "max": sum(book.possible.values()),
                "remarks": list(row.remarks),
            }
            for row in book.rows
        ],
        "submissions": [
            {
                "file": one.file,
                "learner": one.learner,
                "team": one.team,
                "lab": one.lab,
                "points": one.points,
                "total": one.total,
                "max": one.most,
                "remarks": one.remarks,
            }
            for one in book.submissions
        ],
        "left_out": list(book.left_out),
    }


def _take_the_course_of(labs):
    """References read the course's data beside the labs, where there is one."""
    if (labs.parent / "course" / "kestrel.yaml").is_file():
        os.environ["FAULTLAB_COURSE"] = str(labs.parent.resolve())


def describe(result: dict[str, Any]) -> str:
    """Say in a line a learner what they got and why."""
    lines = [
        f"{row['learner']}: {row['total']:g} of {row['max']:g}"
        + "".join(f"\n    {r}" for r in row["remarks"])
        for row in result["learners"]
    ]
    files = f"Gradebook: {result['gradebook']}; every task: {result['tasks']}"
    return "\n".join([*lines, *result["left_out"], files])

"""Grade a folder of submitted labs without a server; no submission can harm another or the grader.

The gradebook has a row for every learner, and a second file has a row for every task. Of several notebooks of
one lab by one learner the best counts. `--for` writes a third file, which Canvas, Moodle or Open edX imports.
`--verify` checks a certificate instead, and ends with status 1 if its words and code don't belong together.
"""

from __future__ import annotations

import argparse
import os
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from faultlab.classroom import (
    SYSTEMS,
    Limits,
    cluster,
    grade_folder,
    read_export,
    read_secret,
    read_teams,
    verify,
    write_elsewhere,
    write_gradebook,
    write_tasks,
)
from faultlab.errors import BadInput
from faultlab.input_files import refuse_overwriting


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, the gradebook and the limits."""
    parser.add_argument(
        "folder",
        nargs="?",
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
    parser.add_argument(
        "--for",
        dest="system",
        choices=sorted(SYSTEMS),
        help="write what Canvas, Moodle or Open edX imports, too, beside the gradebook",
    )
    parser.add_argument(
        "--fill", metavar="FILE.csv", help="its own export, which is filled in; Open edX needs it"
    )
    parser.add_argument("--labs", metavar="FOLDER", help="the official labs; by default those of the clone")
    parser.add_argument(
        "--teams", metavar="FILE.csv", help="columns learner and team; it overrides what notebooks say"
    )
    parser.add_argument("--seconds", type=float, default=Limits.seconds, help="the limit for one notebook")
    parser.add_argument("--workers", type=int, default=None, help="how many notebooks to run at once")
    parser.add_argument(
        "--dask", metavar="ADDRESS", help="grade on a Dask cluster, by its scheduler's address"
    )
    parser.add_argument(
        "--verify", metavar="FILE", help="check a certificate's code, in its page or in its words typed off"
    )
    parser.add_argument("--secret", metavar="FILE", help="the secret that a certificate was made with")
    parser.add_argument(
        "--unconfined", action="store_true", help="grade even where this machine can't confine notebooks"
    )


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Grade, write the files, and return what is in them; or verify a certificate."""
    if arguments.verify:
        return _verified(arguments)
    if not arguments.folder:
        raise BadInput("Name the folder of submitted labs, or a certificate with --verify.")
    if not arguments.seconds > 0:
        raise BadInput(f"--seconds takes a number above 0, not {arguments.seconds:g}.")
    if arguments.workers is not None and arguments.workers < 1:
        raise BadInput(f"--workers takes a whole number from 1, not {arguments.workers}.")
    if arguments.dask and arguments.workers:
        raise BadInput("--workers counts this machine's own; a cluster of --dask has as many as it has.")
    out = Path(arguments.out)
    tasks = Path(arguments.tasks) if arguments.tasks else out.with_name(f"{out.stem}_tasks.csv")
    if tasks.resolve() == out.resolve():
        raise BadInput("--tasks and --out name the same file; give each its own.")
    refuse_overwriting([arguments.teams, arguments.fill], [out, tasks])
    if arguments.fill and not arguments.system:
        raise BadInput("--fill needs --for, which says what the file is an export of.")
    export = read_export(arguments.system, arguments.fill) if arguments.system else None
    teams = read_teams(arguments.teams) if arguments.teams else {}
    if arguments.labs:
        _take_the_course_of(Path(arguments.labs))
    with cluster(arguments.dask) if arguments.dask else nullcontext() as executor:
        book = grade_folder(
            arguments.folder,
            labs=arguments.labs,
            teams=teams,
            limits=Limits(seconds=arguments.seconds),
            workers=arguments.workers,
            executor=executor,
            unconfined=arguments.unconfined,
        )
    write_gradebook(book, out)
    write_tasks(book, tasks)
    if not book.possible:
        raise BadInput(
            f"Nothing in {arguments.folder} is a lab of this course that could be graded; {out} says why, "
            "learner by learner."
        )
    files, remarks = [], []
    if arguments.system:
        beside = out.with_name(f"{out.stem}_{arguments.system}.csv")
        files, remarks = write_elsewhere(book, arguments.system, beside, export)
    return {
        "gradebook": str(out),
        "tasks": str(tasks),
        "imports": {"for": arguments.system, "files": [str(file) for file in files], "remarks": remarks},
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


def _verified(arguments):
    if arguments.folder:
        raise BadInput("--verify checks one certificate and grades nothing: leave the folder out.")
    sound, said = verify(arguments.verify, read_secret(arguments.secret) if arguments.secret else "")
    return {"verified": sound, "said": said}


def _take_the_course_of(labs):
    """References read the course's data beside the labs, where there is one."""
    if (labs.parent / "course" / "kestrel.yaml").is_file():
        os.environ["FAULTLAB_COURSE"] = str(labs.parent.resolve())


def status(result: dict[str, Any]) -> int:
    """Return the exit status: 1 for a certificate that was changed."""
    return 0 if result.get("verified", True) else 1


def describe(result: dict[str, Any]) -> str:
    """Say in a line a learner what they got and why."""
    if "verified" in result:
        return result["said"]
    lines = [
        f"{row['learner']}: {row['total']:g} of {row['max']:g}"
        + "".join(f"\n    {r}" for r in row["remarks"])
        for row in result["learners"]
    ]
    files = f"Gradebook: {result['gradebook']}; every task: {result['tasks']}"
    said = [*lines, *result["left_out"], files]
    if result["imports"]["for"]:
        imports = ", ".join(result["imports"]["files"])
        said += [f"For {SYSTEMS[result['imports']['for']]}: {imports}", *result["imports"]["remarks"]]
    return "\n".join(said)

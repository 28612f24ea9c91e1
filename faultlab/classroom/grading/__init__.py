"""Grade a folder of submitted notebooks without a server, and without believing them."""

import os
from collections.abc import Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from faultlab.classroom.folders import labs_folder
from faultlab.classroom.grading.copies import remark_on_copies
from faultlab.classroom.grading.elsewhere import SYSTEMS, read_export, write_elsewhere
from faultlab.classroom.grading.gradebook import (
    Gradebook,
    Row,
    read_teams,
    summed,
    write_gradebook,
    write_tasks,
)
from faultlab.classroom.grading.handed_in import read_handed_in
from faultlab.classroom.grading.marking import Graded, mark
from faultlab.classroom.grading.official import read_sheets
from faultlab.classroom.grading.quarantine import Limits, require_wall
from faultlab.classroom.grading.sweeping import sweep
from faultlab.classroom.grading.workers import cluster

__all__ = [
    "SYSTEMS",
    "Gradebook",
    "Graded",
    "Limits",
    "Row",
    "cluster",
    "grade_folder",
    "read_export",
    "read_teams",
    "write_elsewhere",
    "write_gradebook",
    "write_tasks",
]


def grade_folder(
    folder: str | Path,
    labs: str | Path | None = None,
    teams: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    unconfined: bool = False,
) -> Gradebook:
    """Grade everything that was handed in below a folder.

    Parameters
    ----------
    folder : str or Path
        Notebooks in it, or in a folder or a zip file for each learner; or one zip file of all that.
    labs : str or Path, optional
        The official labs, which say where the answers are.
    teams : mapping of str to str, optional
        Learner to team code; it goes before what a notebook says.
    limits : Limits, optional
    workers : int, optional
        Submissions at one time; the number of processors by default.
    executor : concurrent.futures.Executor, optional
        Who grades instead: a pool of processes, or Dask's `Client.get_executor()`. The gradebook is the same.
    unconfined : bool
        Whether to go on where this machine can't confine submissions.

    Returns
    -------
    Gradebook

    Raises
    ------
    BadInput
        If there is no such folder, it is empty, there are no official labs, or this machine can't confine
        submissions.
    """
    sheets = read_sheets(labs_folder(labs))
    found = read_handed_in(folder, sheets)
    if executor is None and not unconfined:
        require_wall()
    grade = partial(
        mark, sheets=sheets, teams=dict(teams or {}), limits=limits or Limits(), unconfined=unconfined
    )
    if executor is None:
        with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
            graded = sweep(grade, found.submissions, pool)
    else:
        graded = sweep(grade, found.submissions, executor)
    remark_on_copies(graded)
    return summed(graded, found.remarks, found.left_out)

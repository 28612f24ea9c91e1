"""Where the lessons, the labs and a learner's progress are: one rule for all, however faultlab was installed.

The course is a folder with `course/` and `labs/` in it. It is looked for above the notebook that runs (or the
present folder), and then around the package, where that stands in a clone. `FAULTLAB_COURSE` names it where
neither holds.
"""

import os
import sys
from pathlib import Path

from faultlab.errors import BadInput

PACKAGE = Path(__file__).parents[1]
SIGN = Path("course", "kestrel.yaml")
"""What tells a folder with the course in it from any other."""


def root_folder() -> Path | None:
    """Return the folder that holds `course/` and `labs/`; None where there is none.

    Raises
    ------
    BadInput
        If `FAULTLAB_COURSE` names a folder without the course.
    """
    named = os.environ.get("FAULTLAB_COURSE")
    if named:
        if not (Path(named) / SIGN).is_file():
            raise BadInput(f"FAULTLAB_COURSE names {named}, which has no {SIGN.as_posix()}: name the clone.")
        return Path(named)
    here = Path.cwd()
    places = (here, *here.parents, PACKAGE.parent)
    return next((place for place in places if (place / SIGN).is_file()), None)


def course_folder() -> Path:
    """Return the folder of the lessons; the present one where there is no course around."""
    root = root_folder()
    return root / "course" if root else Path.cwd()


def labs_folder(given: str | os.PathLike | None = None) -> Path:
    """Return the folder of the official labs, which say where the answers are.

    Parameters
    ----------
    given : path, optional
        The folder that somebody named; it must hold labs.

    Raises
    ------
    BadInput
        If there are no labs there, or none was named and none is found.

    Examples
    --------
    >>> labs_folder("nowhere")
    Traceback (most recent call last):
    faultlab.errors.BadInput: nowhere has no labs (01_….ipynb): name the folder labs of the course.
    """
    if given is not None:
        if not _has_labs(Path(given)):
            raise BadInput(f"{given} has no labs (01_….ipynb): name the folder labs of the course.")
        return Path(given)
    root = root_folder()
    if root is None or not _has_labs(root / "labs"):
        raise BadInput(
            "The official labs are not here: name their folder with --labs, such as --labs clone/labs."
        )
    return root / "labs"


def progress_folder() -> Path:
    """Return the folder of a learner's progress, the same for lessons and labs.

    `FAULTLAB_PROGRESS` names it. Otherwise it is `progress` beside the course, where the course is the
    learner's own; one that belongs to somebody else, or can't be written to, is shared by many, so their
    progress goes to a folder of each user's own.
    """
    named = os.environ.get("FAULTLAB_PROGRESS")
    if named:
        return Path(named)
    root = root_folder()
    return root / "progress" if root and _own(root) else _data_folder()


def _has_labs(folder: Path) -> bool:
    return any(folder.glob("[0-9][0-9]_*.ipynb"))


def _own(folder: Path) -> bool:
    """Whether this user made a folder and can write in it; an administrator owns all."""
    if not os.access(folder, os.W_OK):
        return False
    return not hasattr(os, "getuid") or os.getuid() in (0, folder.stat().st_uid)


def _data_folder() -> Path:
    """Return where programs keep what belongs to one user: the systems' three conventions."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "faultlab"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "faultlab"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "faultlab"

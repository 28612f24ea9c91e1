"""Run a submission in a process and a folder of its own, hold it to limits, and end all that it started."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import pickle
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import faultlab
from faultlab.classroom.folders import course_folder, root_folder
from faultlab.classroom.grading.usage import bytes_on_disk, memory_of, numbers_in
from faultlab.classroom.submission.confine import landlock_version
from faultlab.errors import BadInput

PACKAGE = Path(faultlab.__file__).parent
LEFT_OUT = ("classroom", "commands", "__main__.py", "__pycache__")
SHARED_WITH_CHILD = ("plain.py", "sandbox.py", "unquoted.py")
STAND_IN = "from faultlab.classroom.submission.stand_in import __getattr__, open_lab\n"
GRACE = 5.0
"""Seconds after which a cell that can't be interrupted from inside is ended from outside."""
MOST_LINES = 20_000
_TOO_EARLY = "its process ended before the last cell"

_numbered = itertools.count()


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Parameters
    ----------
    seconds : float
        For the whole notebook.
    cell : float
        For a cell.
    memory, file : int
        Bytes of memory of a process, and of a file that it writes.
    disk : int
        Bytes of all files that it writes, open and deleted ones among them.
    processes : int
        At most, at one time.
    """

    seconds: float = 90.0
    cell: float = 20.0
    memory: int = 2 << 30
    file: int = 20_000_000
    disk: int = 100_000_000
    processes: int = 24


@dataclass(frozen=True)
class Run:
    """What a run handed over, of which nothing can be trusted, why it was ended, whether it was confined."""

    lines: tuple[dict, ...]
    ended: str
    confined: bool


@cache
def wall() -> str:
    """Return what can keep a submission from this machine's files: "landlock", "bubblewrap", or nothing."""
    if landlock_version() >= 1:
        return "landlock"
    found = shutil.which("bwrap") if sys.platform == "linux" else None
    if found:
        trial = [found, "--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "true"]
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            if subprocess.run(trial, capture_output=True, timeout=10, check=False).returncode == 0:
                return "bubblewrap"
    return ""


def require_wall() -> None:
    """Refuse to grade where submissions can't be confined.

    Raises
    ------
    BadInput
        Says what to do.
    """
    if not wall():
        system = {"Darwin": "macOS"}.get(platform.system(), platform.system())
        remedy = "install bubblewrap, or grade" if system == "Linux" else "grade"
        raise BadInput(
            f"This machine ({system}) can't confine submissions, so they could read and change your files, "
            f"the answers too: {remedy} on Linux 5.13 or later, in a container or a virtual machine; or add "
            "--unconfined, for notebooks that you trust."
        )


def run_submission(
    job: dict[str, Any],
    cases: dict[str, dict[str, Any]],
    limits: Limits,
    beside: Mapping[str, bytes],
    unconfined: bool = False,
) -> Run:
    """Run a submission; return what it handed over, and how it ended.

    Parameters
    ----------
    job : dict
        Cells, answers' expressions, the team's numbers: what `submission/runner.py` reads.
    cases : dict
        For each function task its cases, seconds and drive.
    limits : Limits
    beside : mapping of str to bytes
        The learner's data files, which go along.
    unconfined : bool
        Whether it may run where this machine can't confine it.

    Returns
    -------
    Run

    Raises
    ------
    BadInput
        If this machine can't confine it, and it may not run so.
    """
    if not unconfined:
        require_wall()
    user = _user_of_its_own()
    job = job | {
        "root": str(PACKAGE.parent if root_folder() is None else root_folder()),
        "package": str(PACKAGE.parent),
        "wall": wall(),
        "unconfined": unconfined,
        "bubblewrap": shutil.which("bwrap") or "",
        "limits": {
            "seconds": limits.seconds,
            "cell": limits.cell,
            "memory": limits.memory,
            "file": limits.file,
            "processes": limits.processes,
            "running": _threads_of_user(),
            "user": user,
        },
    }
    quiet = max([limits.cell, *(work["seconds"] for work in cases.values())]) + GRACE
    folder = Path(tempfile.mkdtemp(prefix="faultlab-grade-"))
    try:
        _lay_out(folder, job, cases, beside)
        keeper = subprocess.Popen(
            [sys.executable, "-I", str(folder / "keeper.py"), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
        )
        with keeper:
            heard = _Heard(keeper.stdout, limits.file)
            try:
                ended = _watch(keeper, heard, limits, quiet, folder / "work")
            finally:
                assert keeper.stdin is not None
                keeper.stdin.close()  # at which the keeper ends all that was started
                with contextlib.suppress(subprocess.TimeoutExpired):
                    keeper.wait(30)
                keeper.kill()
            heard.thread.join(5)
        lines = heard.lines()
        if not ended and not any(line.get("begins") == 0 for line in lines):  # os._exit(0) in a cell
            ended = _TOO_EARLY
        confined = not unconfined or (bool(lines) and lines[0].get("closed") is True)
        return Run(lines, ended, confined)
    finally:
        _remove(folder)


def _user_of_its_own():
    """Root is not held by the limit on processes, so a submission stops being root, and is a user alone."""
    if sys.platform != "linux" or os.getuid() != 0:
        return 0
    return 20_000 + (os.getpid() * 251 + next(_numbered)) % 40_000


def _threads_of_user():
    """The limit on processes counts all of a user's threads, so those that run already are added."""
    if not hasattr(os, "getuid") or os.getuid() == 0:
        return 0
    total = 0
    for process in numbers_in("/proc"):
        with contextlib.suppress(OSError):
            if os.stat(f"/proc/{process}").st_uid == os.getuid():
                total += len(os.listdir(f"/proc/{process}/task"))
    return total


def _lay_out(folder, job, cases, beside):
    """The package without its tasks, the course's data, the learner's own files."""
    shutil.copytree(PACKAGE, folder / "faultlab", ignore=shutil.ignore_patterns(*LEFT_OUT))
    classroom = folder / "faultlab" / "classroom"
    (classroom / "answers").mkdir(parents=True)
    (classroom / "answers" / "__init__.py").touch()
    for name in SHARED_WITH_CHILD:
        shutil.copy(PACKAGE / "classroom" / "answers" / name, classroom / "answers" / name)
    shutil.copytree(
        PACKAGE / "classroom" / "submission",
        classroom / "submission",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    (classroom / "__init__.py").write_text(STAND_IN, encoding="utf-8")
    for name in ("keeper.py", "runner.py"):
        shutil.move(classroom / "submission" / name, folder / name)
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    (folder / "cases.pickle").write_bytes(pickle.dumps(cases))
    labs = folder / "work" / "labs"
    labs.mkdir(parents=True)
    (folder / "work" / "tmp").mkdir()
    if root_folder() is not None:
        shutil.copytree(
            course_folder(),
            folder / "work" / "course",
            ignore=shutil.ignore_patterns("*.ipynb", ".*", "progress"),
        )
    for name, content in beside.items():
        (labs / name).write_bytes(content)
    folder.chmod(0o755)
    if job["limits"]["user"]:
        for inside in [folder / "work", *(folder / "work").rglob("*")]:
            os.chown(inside, job["limits"]["user"], -1)


def _environment(folder):
    work = folder / "work"
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    return (
        kept
        | threads
        | {
            **dict.fromkeys(("HOME", "USERPROFILE"), str(work)),
            **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(work / "tmp")),
            "MPLCONFIGDIR": str(work / "tmp"),
            "IPYTHONDIR": str(work / "tmp" / "ipython"),
            "MPLBACKEND": "agg",
            "FAULTLAB_PROGRESS": str(work / "tmp" / "progress"),
            "FAULTLAB_COURSE": str(work),
        }
    )


class _Heard:
    """What comes through the pipe, up to a limit, read beside the watch."""

    def __init__(self, pipe, most):
        self.got = bytearray()
        self.full = False
        self._pipe, self._most = pipe, most
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self):
        with contextlib.suppress(OSError, ValueError):
            while part := os.read(self._pipe.fileno(), 65_536):
                if len(self.got) < self._most:
                    self.got += part
                else:
                    self.full = True

    def lines(self) -> tuple[dict, ...]:
        found = []
        for text in bytes(self.got).split(b"\n")[:MOST_LINES]:
            with contextlib.suppress(ValueError, RecursionError):
                line = json.loads(text)
                if isinstance(line, dict):
                    found.append(line)
        return tuple(found)


def _watch(keeper, heard, limits, quiet, work):
    """Wait for the end; return "" for an ordinary one, or why it has to be ended."""
    start = moved = looked = time.monotonic()
    length, pause = 0, 0.02
    at_first = bytes_on_disk(work, keeper.pid)
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return {0: "", 7: "this machine could not confine it (see --unconfined)"}.get(
                keeper.wait(pause), _TOO_EARLY
            )
        pause = min(pause * 1.5, 0.2)
        now = time.monotonic()
        if len(heard.got) > length:
            length, moved = len(heard.got), now
        if heard.full:
            return "it handed over more than can be read"
        if now - start > limits.seconds:
            return f"it had not ended after {limits.seconds:g} seconds"
        if now - moved > quiet:
            return f"a cell could not be interrupted and had not ended after {quiet:g} seconds"
        if now - looked > 0.2:
            looked = now
            if memory_of(keeper.pid) > 2 * limits.memory:
                return "its processes took too much memory"
            if bytes_on_disk(work, keeper.pid) - at_first > limits.disk:
                return f"it wrote more than {limits.disk / 1e6:.0f} MB to files"


def _remove(folder):
    def open_up(function, path, _error):
        with contextlib.suppress(OSError):
            os.chmod(os.path.dirname(path), 0o700)
            os.chmod(path, 0o700)
            function(path)

    with contextlib.suppress(OSError, RecursionError):
        shutil.rmtree(folder, onerror=open_up)
    if folder.exists() and shutil.which("rm"):
        subprocess.run(["rm", "-rf", str(folder)], stderr=subprocess.DEVNULL, check=False)

"""Run a submission in a process and a folder of its own, with limits, and end all that it started."""

import contextlib
import json
import os
import pickle
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import faultlab

PACKAGE = Path(faultlab.__file__).parent
ROOT = PACKAGE.parent
LEFT_OUT = ("classroom", "commands", "__main__.py", "__pycache__", "labextension")
SHARED_WITH_CHILD = ("plain.py", "sandbox.py", "submission/confine.py", "submission/stand_in.py")


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
    processes : int
        At most, at one time.
    """

    seconds: float = 90.0
    cell: float = 20.0
    memory: int = 2 << 30
    file: int = 20_000_000
    processes: int = 24


def is_root():
    return hasattr(os, "getuid") and os.getuid() == 0


def process_limit(limits):
    """The limit counts all of a user's threads, so those that run already are added."""
    if is_root():
        return limits.processes
    try:
        user = os.getuid()
        return limits.processes + sum(
            len(os.listdir(f"/proc/{entry}/task"))
            for entry in os.listdir("/proc")
            if entry.isdigit() and os.stat(f"/proc/{entry}").st_uid == user
        )
    except (OSError, AttributeError):
        return None


def run_submission(job, cases, limits, path):
    """Run a submission; return what it handed over, and how it ended.

    Parameters
    ----------
    job : dict
        What `submission/runner.py` reads: cells, answers' expressions, the team's numbers.
    cases : dict
        For each function task its cases, seconds and drive.
    limits : Limits
    path : Path
        The submitted notebook; small files beside it go along.

    Returns
    -------
    lines : list of dict
        What was handed over. Nothing in it can be trusted.
    ended : str
        "" for an ordinary end, or why it was stopped.
    """
    folder = Path(tempfile.mkdtemp(prefix="faultlab-grade-"))
    token = secrets.token_hex(16)
    try:
        _lay_out(folder, job, cases, path)
        process = subprocess.Popen(
            [sys.executable, "-I", str(folder / "runner.py"), str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(folder, token),
            start_new_session=True,
        )
        try:
            ended = _wait(process, limits, token)
        finally:
            _end_all(process, token)
        return _read_answers(folder / "work" / "answers.jsonl", limits), ended
    finally:
        _remove(folder)


def _lay_out(folder, job, cases, path):
    """The package without its tasks, the course's data, the learner's own small files."""
    shutil.copytree(PACKAGE, folder / "faultlab", ignore=shutil.ignore_patterns(*LEFT_OUT))
    classroom = folder / "faultlab" / "classroom"
    classroom.mkdir()
    for name in SHARED_WITH_CHILD:
        shutil.copy(PACKAGE / "classroom" / name, classroom / Path(name).name)
    (classroom / "__init__.py").write_text(
        "from faultlab.classroom.stand_in import open_lab, open_lesson, resume\n", encoding="utf-8"
    )
    shutil.copy(PACKAGE / "classroom" / "submission" / "runner.py", folder / "runner.py")
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    (folder / "cases.pickle").write_bytes(pickle.dumps(cases))
    labs = folder / "work" / "labs"
    labs.mkdir(parents=True)
    (folder / "work" / "tmp").mkdir()
    if (ROOT / "course").is_dir():
        shutil.copytree(
            ROOT / "course", folder / "work" / "course", ignore=shutil.ignore_patterns("*.ipynb", ".*")
        )
    # What lies beside several submissions may be another learner's.
    if len(list(path.parent.glob("*.ipynb"))) == 1:
        for beside in sorted(path.parent.glob("*.csv"))[:20]:
            if beside.is_file() and not beside.is_symlink() and beside.stat().st_size < 5_000_000:
                shutil.copy(beside, labs / beside.name)
    folder.chmod(0o755)
    if is_root():
        for inside in [folder / "work", *(folder / "work").rglob("*")]:
            os.chown(inside, job["limits"]["user"], -1)


def _environment(folder, token):
    work = folder / "work"
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    return (
        kept
        | threads
        | {
            "HOME": str(work),
            "TMPDIR": str(work / "tmp"),
            "MPLCONFIGDIR": str(work / "tmp"),
            "MPLBACKEND": "agg",
            "FAULTLAB_PROGRESS": str(work / "tmp" / "progress"),
            "FAULTLAB_SUBMISSION": token,
        }
    )


def _wait(process, limits, token):
    """Wait for the end, or end it: for its time, or for the memory that its processes take together."""
    deadline = time.monotonic() + limits.seconds
    pause = 0.02
    while True:
        try:
            process.wait(pause)
            return "" if process.returncode == 0 else "its process ended before the last cell"
        except subprocess.TimeoutExpired:
            pause = min(pause * 1.5, 0.3)
        if time.monotonic() > deadline:
            return f"it had not ended after {limits.seconds:g} seconds"
        if pause >= 0.3 and _memory_of(token) > 2 * limits.memory:
            return "its processes took too much memory"


def _family(token):
    """The processes of a submission, wherever they have hidden: each carries the token of its start."""
    mark = f"FAULTLAB_SUBMISSION={token}".encode()
    found = []
    with contextlib.suppress(OSError):
        for entry in os.listdir("/proc"):
            if entry.isdigit() and int(entry) != os.getpid():
                with contextlib.suppress(OSError), open(f"/proc/{entry}/environ", "rb") as environ:
                    if mark in environ.read(65_536):
                        found.append(int(entry))
    return found


def _memory_of(token):
    total = 0
    for process in _family(token):
        with contextlib.suppress(OSError, IndexError, ValueError), open(f"/proc/{process}/statm") as statm:
            total += int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return total


def _end_all(process, token):
    if os.name == "nt":
        process.kill()
        process.wait()
        return
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    for _ in range(100):
        family = _family(token)
        for kind in (signal.SIGSTOP, signal.SIGKILL):
            for one in family:
                with contextlib.suppress(OSError):
                    os.kill(one, kind)
        process.poll()
        for one in family:
            if one != process.pid:
                with contextlib.suppress(OSError):
                    os.waitpid(one, os.WNOHANG)
        if not family:
            break
        time.sleep(0.01)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)


def adopt_orphans():
    """Ask Linux to hand orphaned processes of submissions to this one, so that it can end them."""
    with contextlib.suppress(OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def _read_answers(path, limits):
    """The lines that a submission handed over: whatever lies there now, if it is an ordinary file."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return []
            raw = file.read(limits.file)
    except OSError:
        return []
    lines = []
    for text in raw.split(b"\n")[:20_000]:
        with contextlib.suppress(ValueError, RecursionError):
            line = json.loads(text)
            if isinstance(line, dict):
                lines.append(line)
    return lines


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

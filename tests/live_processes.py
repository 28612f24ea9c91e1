"""Which processes are there: a process is known by its number and the moment it started."""

import os
import subprocess
import time
from pathlib import Path


def identity(pid):
    """What tells a process from a later one with the same number; None where there is none any more.

    A process that has ended and wasn't collected yet counts as gone.
    """
    if Path("/proc/self/stat").exists():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else (pid, fields[19])
    shown = subprocess.run(
        ["ps", "-o", "state=,lstart=", "-p", str(pid)], capture_output=True, text=True
    ).stdout.split(maxsplit=1)
    return None if not shown or shown[0].startswith("Z") else (pid, shown[1].strip())


def left_of(processes, seconds=10.0):
    """Wait until processes are gone; the ones that aren't, and how long it took.

    Parameters
    ----------
    processes : dict of str to identity
    """
    began = time.monotonic()
    left = dict(processes)
    while left and time.monotonic() - began < seconds:
        left = {name: known for name, known in left.items() if identity(known[0]) == known}
        time.sleep(0.02)
    return left, time.monotonic() - began


def identities(processes):
    """The identities of processes, given by name and number; all of them have to be there."""
    found = {name: identity(pid) for name, pid in processes.items()}
    assert all(found.values()), f"not running: {found}"
    return found


def no_descendant_left(pid=None):
    """Whether a process has no children; only where /proc lists them."""
    pid = os.getpid() if pid is None else pid
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return not children.exists() or not children.read_text().split()

"""Control groups: limits on memory and CPU that the Linux kernel holds, where it grants us a group.

Files and rules: the kernel's documentation, cgroup-v1/memory, scheduler/sched-bwc and cgroup-v2. Borg's
agents use them (Verma et al., EuroSys 2015, section 6.2).
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

PERIOD = 100_000
"""Microseconds in which a quota of CPU time is dealt out."""

_PREFIX = "faultlab"
_EVENTS = {"memory": "memory.oom_control", "": "memory.events"}


class ControlGroup:
    """A group for one task; take it away with `remove` once the task has ended.

    Parameters
    ----------
    name : str
        Of the task; part of the group's name, so without a slash.
    memory_bytes : int
        What its processes may take after they joined; who takes more is killed by the kernel.
    cores : float, optional
        What its processes may use of the CPU; who wants more waits.
    proc : path
        Where the kernel tells what groups there are.

    Raises
    ------
    OSError
        Where the machine grants no group, or none for CPU time when `cores` is given.
    """

    def __init__(
        self, name: str, memory_bytes: int, cores: float | None = None, proc: str | Path = "/proc/self"
    ) -> None:
        self._folders: list[Path] = []
        try:
            for kind, parent, limits in _wanted(own_groups(proc), memory_bytes, cores):
                _sweep(parent)
                folder = parent / f"{_PREFIX}-{os.getpid()}-{name}"
                folder.mkdir()
                self._folders.append(folder)
                for file, value in limits.items():
                    (folder / file).write_text(str(value), encoding="ascii")
                if kind in _EVENTS:
                    self._events = folder / _EVENTS[kind]
        except OSError:
            self.remove()
            raise

    def join(self, pid: int) -> None:
        """Put a process, and what it starts from now on, into the group."""
        for folder in self._folders:
            (folder / "cgroup.procs").write_text(str(pid), encoding="ascii")

    @property
    def killed(self) -> int:
        """How many of its processes the kernel has killed for memory."""
        lines = self._events.read_text(encoding="ascii").splitlines()
        return int(dict(line.split() for line in lines).get("oom_kill", 0))

    def remove(self) -> None:
        """Take the group away; one that still holds a process is left for the next agent's sweep."""
        for folder in self._folders:
            with contextlib.suppress(OSError):
                folder.rmdir()


def own_groups(proc: str | Path = "/proc/self") -> dict[str, Path]:
    """Find the groups that this process is in.

    Returns
    -------
    dict
        Kind of limit ("memory", "cpu") to its group's folder in version 1; "" to the folder in version 2.

    Raises
    ------
    OSError
        On a system without control groups.
    """
    mounts = [_Mount.read(line) for line in (Path(proc) / "mountinfo").read_text().splitlines()]
    groups: dict[str, Path] = {}
    for line in (Path(proc) / "cgroup").read_text().splitlines():
        _, kinds, path = line.split(":", 2)  # "4:cpu,cpuacct:/docker/1f" in version 1, "0::/docker/1f" in 2
        for mount in mounts:
            inside = os.path.relpath(path, mount.root)
            if mount.holds(kinds) and not inside.startswith(".."):
                groups |= dict.fromkeys(kinds.split(","), mount.point / inside)
    return groups


@dataclass(frozen=True)
class _Mount:
    """A line of `mountinfo`: the folder `root` of a file system of some `kind` is seen at `point`."""

    root: str
    point: Path
    kind: str
    options: frozenset[str]

    @classmethod
    def read(cls, line):
        before, _, after = line.partition(" - ")
        kind, *_, options = after.split()
        root, point = before.split()[3:5]
        return cls(root, Path(point), kind, frozenset(options.split(",")))

    def holds(self, kinds):
        """Whether this is the tree of these kinds of limits, as `cgroup` lists them."""
        if not kinds:
            return self.kind == "cgroup2"
        return self.kind == "cgroup" and set(kinds.split(",")) <= self.options


def _wanted(own, memory_bytes, cores):
    """The kind, the parent and the limits of each group to make."""
    quota = None if cores is None else max(1000, round(cores * PERIOD))
    if "memory" in own:
        yield "memory", own["memory"], {"memory.limit_in_bytes": memory_bytes}
        if quota is not None:
            if "cpu" not in own:
                raise OSError("There is no control group for CPU time.")
            yield "cpu", own["cpu"], {"cpu.cfs_period_us": PERIOD, "cpu.cfs_quota_us": quota}
        return
    if "" not in own:
        raise OSError("There is no control group for memory.")
    # Version 2 has processes in leaves only: next to our own group rather than below it, as a rule.
    needs = {"memory"} if quota is None else {"memory", "cpu"}
    for parent in (own[""], own[""].parent):
        with contextlib.suppress(OSError):
            if needs <= set((parent / "cgroup.subtree_control").read_text().split()):
                limits = {"memory.max": memory_bytes, "memory.swap.max": 0}
                yield "", parent, limits | ({} if quota is None else {"cpu.max": f"{quota} {PERIOD}"})
                return
    raise OSError("The control groups here are not ours to divide.")


def _sweep(parent):
    """Take away empty groups of agents that were killed before they could."""
    for folder in parent.glob(f"{_PREFIX}-[0-9]*-*"):
        agent = folder.name.split("-")[1]
        if agent.isdecimal() and not _runs(int(agent)):
            with contextlib.suppress(OSError):
                folder.rmdir()


def _runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True

"""An agent that runs tasks as processes under limits, the way Borg's agent on each machine does.

Verma et al., "Large-scale cluster management at Google with Borg", EuroSys 2015: a task that uses more memory
than its limit is killed and rescheduled, and its neighbours live on; a task that has to go gets notice
(SIGTERM) before it is killed (SIGKILL). Control groups hold the limits where the machine grants them, as at
Borg; otherwise resource limits of the process do.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
import time
from dataclasses import dataclass

from faultlab.errors import BadInput
from faultlab.live.containers.container import MEBIBYTE, ROOM_TO_SPEAK
from faultlab.live.containers.control_groups import ControlGroup
from faultlab.live.processes.children import Child, command, run_beside
from faultlab.live.processes.limits import number, whole

MOST_TASKS = 8
MOST_SECONDS = 60
START_SECONDS = 10.0
GRACE_SECONDS = 0.5  # between the notice and the kill
CONTROL_GROUP = "control group"


@dataclass(frozen=True)
class ContainerTask:
    """A task and what it may take.

    `memory_mb` is the limit and `takes_mb` what the task tries to take. `cpu_seconds` is a limit on CPU time
    in all, at which it is killed; `cores` is one on CPU time a second, at which it waits, and only a control
    group can hold it. A `busy` task uses up what it gets; a `deaf` task does not listen to notice.

    Examples
    --------
    >>> ContainerTask("search", memory_mb=64, takes_mb=16).deaf
    False
    """

    name: str
    memory_mb: int = 64
    takes_mb: int = 8
    cpu_seconds: int | None = None
    cores: float | None = None
    busy: bool = False
    deaf: bool = False

    def __post_init__(self):
        whole(f"memory_mb of {self.name}", self.memory_mb, 4, 512)
        whole(f"takes_mb of {self.name}", self.takes_mb, 0, 1024)
        if self.cpu_seconds is not None:
            whole(f"cpu_seconds of {self.name}", self.cpu_seconds, 1, 60)
        if self.cores is not None:
            number(f"cores of {self.name}", self.cores, 0.01, 64)


@dataclass(frozen=True)
class Happening:
    """What happened to a task, and when, in seconds since the agent began.

    `what` is "started", "ready", "out of memory", "out of CPU time", "died", "rescheduled", "given up",
    "notice", "stopped" or "killed".
    """

    seconds: float
    task: str
    what: str


@dataclass(frozen=True)
class ContainerRun:
    """What the agent saw.

    Attributes
    ----------
    happenings : tuple of Happening
    alive : tuple of str
        The tasks that ran when time was up.
    held : str
        Who held the limits on memory: "control group", "resource limit" or "the task itself".
    cores_held : bool
        Whether anybody held the limits in cores: control groups do, resource limits can't.
    cores_used : dict
        Of each task that took notice: its CPU time for each second that it ran.
    """

    happenings: tuple[Happening, ...]
    alive: tuple[str, ...]
    held: str
    cores_held: bool
    cores_used: dict[str, float]

    def of(self, task: str) -> list[str]:
        """What happened to one task, in order."""
        return [one.what for one in self.happenings if one.task == task]


def run_containers(
    tasks: list[ContainerTask], seconds: float = 2.0, control_groups: bool = True
) -> ContainerRun:
    """Run tasks as processes for a while, reschedule each once if it dies, and stop all of them.

    Parameters
    ----------
    tasks : list of ContainerTask
        At most 8, with different names.
    seconds : float
        At most 60, counted from when every task has started.
    control_groups : bool
        Use them where the machine grants them.

    Returns
    -------
    ContainerRun

    Raises
    ------
    BadInput
        For too many tasks, equal names, or where no process can be started.

    Examples
    --------
    >>> tasks = [ContainerTask("hog", memory_mb=16, takes_mb=512), ContainerTask("neighbour")]
    >>> run = run_containers(tasks, seconds=5)  # doctest: +SKIP
    >>> run.alive  # doctest: +SKIP
    ('neighbour',)
    """
    names = [task.name for task in tasks]
    whole("the number of tasks", len(names), 1, MOST_TASKS)
    if len(set(names)) < len(names):
        raise BadInput("Two tasks have the same name; give each its own.")
    agent = _Agent(
        tasks,
        number("seconds", seconds, 0, MOST_SECONDS),
        control_groups,
    )
    try:
        run_beside(agent.run, agent.children, agent.hurry, GRACE_SECONDS + START_SECONDS)
    finally:
        for group in agent.groups.values():
            group.remove()
    cores_held = agent.held == CONTROL_GROUP
    return ContainerRun(tuple(agent.happenings), tuple(agent.alive), agent.held, cores_held, agent.cores_used)


class _Agent:
    def __init__(self, tasks, seconds, control_groups):
        self.tasks, self.seconds = {task.name: task for task in tasks}, seconds
        self.children, self.happenings, self.alive, self.held = {}, [], [], ""
        self.groups, self.control_groups, self.cores_used = {}, control_groups, {}
        self.hurry, self.stopping = threading.Event(), False
        self.ran_out, self.began, self.started, self.again = set(), time.monotonic(), set(), set()

    async def run(self):
        self.loop = asyncio.get_running_loop()
        for name in self.tasks:
            self._start(name)
        await self._until(lambda: self.started >= set(self.tasks), START_SECONDS)
        await self._until(lambda: False, self.seconds)
        self.alive = [name for name in self.tasks if self._lives(name)]
        self.stopping = True
        for name in self.alive:
            self.children[name].signal(signal.SIGTERM)
        await self._until(lambda: not any(map(self._lives, self.tasks)), GRACE_SECONDS)
        for name in self.alive:
            if self._lives(name):
                self.children[name].kill()
        await self._until(lambda: not self.children, START_SECONDS, hurried=False)

    async def _until(self, done, seconds, hurried=True):
        end = time.monotonic() + seconds
        while not done() and time.monotonic() < end and not (hurried and self.hurry.is_set()):
            await asyncio.sleep(0.01)

    def _lives(self, name):
        return name in self.children and self.children[name].alive

    def _say(self, name, what):
        self.happenings.append(Happening(round(time.monotonic() - self.began, 3), name, what))

    def _start(self, name):
        task = self.tasks[name]
        child = Child(name, command("containers.container"), self.loop, self._heard, self._ended)
        self.children[name] = child
        held = CONTROL_GROUP if self._grouped(name, task, child) else None
        child.order(
            held=held,
            memory_mb=task.memory_mb,
            takes_mb=task.takes_mb,
            cpu_seconds=task.cpu_seconds,
            busy=task.busy,
            deaf=task.deaf,
            longest=MOST_SECONDS + 2 * START_SECONDS,
        )

    def _grouped(self, name, task, child):
        """Put a task that has not begun into a group of its own; whether there is one."""
        if not self.control_groups:
            return False
        try:
            group = ControlGroup(name, task.memory_mb * MEBIBYTE + ROOM_TO_SPEAK, task.cores)
            self.groups[name] = group
            group.join(child.pid)
        except OSError:
            # All tasks of a run are held by the same means.
            self.control_groups = False
            self._ungroup(name)
            return False
        return True

    def _ungroup(self, name):
        """Take a task's group away; how many of its processes were killed for memory."""
        group = self.groups.pop(name, None)
        if group is None:
            return 0
        killed = group.killed
        group.remove()
        return killed

    def _heard(self, child, message):
        if "started" in message:
            self.held = message["held"]
            self.started.add(child.name)
        elif "out_of_memory" in message:
            self.ran_out.add(child.name)
        elif "notice" in message:
            self.cores_used[child.name] = message["cores_used"]
        for what in ("started", "ready", "notice"):
            if what in message:
                self._say(child.name, what)

    def _ended(self, child, code):
        name = child.name
        del self.children[name]
        if self._ungroup(name):
            self.ran_out.add(name)
        if self.stopping:
            self._say(name, "stopped" if code == 0 else "killed")
            return
        out_of_cpu = self.tasks[name].cpu_seconds is not None and code in (-9, -24)
        what = "out of memory" if name in self.ran_out else "out of CPU time" if out_of_cpu else "died"
        self.ran_out.discard(name)
        self.started.add(name)
        self._say(name, what)
        if name not in self.again:
            self.again.add(name)
            self._say(name, "rescheduled")
            with contextlib.suppress(OSError):
                self._start(name)
        else:
            self._say(name, "given up")

"""An agent that runs tasks as processes under limits, the way Borg's agent on each machine does.

Verma et al., "Large-scale cluster management at Google with Borg", EuroSys 2015: a task that uses more memory
than its limit is killed and rescheduled, and its neighbours live on; a task that has to go gets notice
(SIGTERM) before it is killed (SIGKILL).
"""

import asyncio
import contextlib
import signal
import threading
import time
from dataclasses import dataclass

from faultlab.errors import BadInput
from faultlab.live.limits import number, whole
from faultlab.live.owned import Child, command

MOST_TASKS = 8
MOST_SECONDS = 60
START_SECONDS = 10.0


@dataclass(frozen=True)
class ContainerTask:
    """A task and what it may take.

    `memory_mb` is the limit and `takes_mb` what the task tries to take; `cpu_seconds` is a limit on CPU time,
    and a `busy` task uses up what it gets; a `deaf` task does not listen to notice.

    Examples
    --------
    >>> ContainerTask("search", memory_mb=64, takes_mb=16).deaf
    False
    """

    name: str
    memory_mb: int = 64
    takes_mb: int = 8
    cpu_seconds: int | None = None
    busy: bool = False
    deaf: bool = False

    def __post_init__(self):
        whole(f"memory_mb of {self.name}", self.memory_mb, 4, 512)
        whole(f"takes_mb of {self.name}", self.takes_mb, 0, 1024)
        if self.cpu_seconds is not None:
            whole(f"cpu_seconds of {self.name}", self.cpu_seconds, 1, 60)


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
    """What the agent saw: all `happenings`, the tasks `alive` when time was up, and who `held` the memory."""

    happenings: tuple
    alive: tuple
    held: str

    def of(self, task):
        """What happened to one task, in order."""
        return [one.what for one in self.happenings if one.task == task]


def run_containers(tasks, seconds=2.0, grace=0.5, restarts=1):
    """Run tasks as processes for a while, reschedule those that die, and stop all of them.

    Parameters
    ----------
    tasks : list of ContainerTask
        At most 8, with different names.
    seconds : float
        At most 60, counted from when every task has started.
    grace : float
        Seconds between the notice and the kill.
    restarts : int
        Times that a task which died is started again before it is given up.

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
        number("grace", grace, 0, 10),
        whole("restarts", restarts, 0, 10),
    )
    # A thread of its own, since a notebook's event loop is taken.
    thread = threading.Thread(target=agent.run, daemon=True)
    thread.start()
    try:
        thread.join()
    finally:
        agent.hurry.set()
        thread.join(grace + START_SECONDS)
    if agent.trouble is not None:
        raise BadInput(f"No processes can be started here ({agent.trouble}).")
    return ContainerRun(tuple(agent.happenings), tuple(agent.alive), agent.held)


class _Agent:
    def __init__(self, tasks, seconds, grace, restarts):
        self.tasks, self.seconds, self.grace = {task.name: task for task in tasks}, seconds, grace
        self.left = dict.fromkeys(self.tasks, restarts)
        self.children, self.happenings, self.alive, self.held = {}, [], [], ""
        self.hurry, self.stopping, self.trouble = threading.Event(), False, None
        self.ran_out, self.began, self.started = set(), time.monotonic(), set()

    def run(self):
        try:
            asyncio.run(self._run())
        except OSError as error:
            self.trouble = error.strerror
        finally:
            for child in self.children.values():
                child.kill()
                child.collect(START_SECONDS)

    async def _run(self):
        self.loop = asyncio.get_running_loop()
        for name in self.tasks:
            self._start(name)
        await self._until(lambda: self.started >= set(self.tasks), START_SECONDS)
        await self._until(lambda: False, self.seconds)
        self.alive = [name for name in self.tasks if self._lives(name)]
        self.stopping = True
        for name in self.alive:
            self.children[name].signal(signal.SIGTERM)
        await self._until(lambda: not any(map(self._lives, self.tasks)), self.grace)
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
        child = Child(name, command("container"), self.loop, self._heard, self._ended)
        self.children[name] = child
        child.order(
            memory_mb=task.memory_mb,
            takes_mb=task.takes_mb,
            cpu_seconds=task.cpu_seconds,
            busy=task.busy,
            deaf=task.deaf,
            longest=MOST_SECONDS + 2 * START_SECONDS,
        )

    def _heard(self, child, message):
        if "started" in message:
            self.held = message["held"]
            self.started.add(child.name)
        elif "out_of_memory" in message:
            self.ran_out.add(child.name)
        for what in ("started", "ready", "notice"):
            if what in message:
                self._say(child.name, what)

    def _ended(self, child, code):
        name = child.name
        del self.children[name]
        if self.stopping:
            self._say(name, "stopped" if code == 0 else "killed")
            return
        out_of_cpu = self.tasks[name].cpu_seconds is not None and code in (-9, -24)
        what = "out of memory" if name in self.ran_out else "out of CPU time" if out_of_cpu else "died"
        self.ran_out.discard(name)
        self.started.add(name)
        self._say(name, what)
        if self.left[name] > 0:
            self.left[name] -= 1
            self._say(name, "rescheduled")
            with contextlib.suppress(OSError):
                self._start(name)
        else:
            self._say(name, "given up")

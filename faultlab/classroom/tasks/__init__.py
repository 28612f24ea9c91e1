"""The tasks of every lab, a module or a room a lesson: `lesson_08` holds the tasks of `labs/08_metrics`.

It says `TASKS = (...)` in the order of the lab. New tasks go to the end: a resume code knows
a task by its place.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.classroom.answers.kinds import Task


def tasks_of(lab: str) -> dict[str, Task]:
    """Return the tasks of a lab by name, in order.

    Parameters
    ----------
    lab : str
        The lab's name or number, such as "08_metrics".

    Raises
    ------
    BadInput
        If there is no such lab, or two of its tasks have one name.
    """
    number = lesson_number(lab)
    try:
        module = importlib.import_module(f"{__name__}.lesson_{number}")
    except ModuleNotFoundError as missing:
        if missing.name != f"{__name__}.lesson_{number}":
            raise
        raise BadInput(f"There are no tasks for {lab!r}; a lab is named like 08_metrics.") from None
    tasks = {task.name: task for task in module.TASKS}
    if len(tasks) < len(module.TASKS):
        raise BadInput(f"Two tasks of {lab} have the same name; give each its own.")
    return tasks


def lesson_number(name: str) -> str:
    """Return the number that a lesson and its lab share.

    >>> lesson_number("08_metrics")
    '08'
    """
    return name.split("_")[0]


def labs() -> list[str]:
    """Return the number of every lab that has tasks, such as ["08"]."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    return sorted(name.removeprefix("lesson_") for name in names if name.startswith("lesson_"))

"""Borg's jobs: identical tasks with limits and reservations, in priority bands.

Bands and the rule that production tasks may not preempt each other: Verma et al., "Large-scale cluster
management at Google with Borg", EuroSys 2015. The paper gives the bands no numbers; those here are the tiers
reported for the 2019 trace (Tirmazi et al., "Borg: the next generation", EuroSys 2020).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from faultlab.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The lowest priority of each band.
BANDS = {"best effort": 0, "batch": 100, "production": 120, "monitoring": 360}
_LOWEST = np.array(list(BANDS.values()))


# A column left out: `__post_init__` makes an array of it.
_FILLED_IN: Any = None


@dataclass(frozen=True)
class Jobs:
    """A workload: row j of every array is job j, whose tasks are all alike.

    Attributes
    ----------
    tasks : (J,) int array, at least 1
    cpu, memory : (J,) float arrays
        Limits of one task, in cores and GiB: what it may use.
    priority : (J,) int array, from 0 up
    cpu_reserved, memory_reserved : (J,) float arrays, optional
        Reservations of one task: what it is expected to use. The limits, unless given.
    needs : (J,) int array, optional
        Bits that a machine's `traits` must have; 0 (any machine) unless given.
    user : (J,) int array, optional
        0 unless given.

    Raises
    ------
    BadInput
        For arrays of different lengths, a task count under 1, a limit or a priority that makes no sense, or
        a reservation above its limit.

    Examples
    --------
    >>> Jobs(tasks=[3], cpu=[0.5], memory=[2.0], priority=[200]).cpu_reserved
    array([0.5])
    """

    tasks: np.ndarray
    cpu: np.ndarray
    memory: np.ndarray
    priority: np.ndarray
    cpu_reserved: np.ndarray = _FILLED_IN
    memory_reserved: np.ndarray = _FILLED_IN
    needs: np.ndarray = _FILLED_IN
    user: np.ndarray = _FILLED_IN

    def __post_init__(self):
        rows = np.size(self.tasks)
        defaults = {"cpu_reserved": self.cpu, "memory_reserved": self.memory}
        for one in fields(self):
            given = getattr(self, one.name)
            if given is None:
                given = defaults.get(one.name, np.zeros(rows))
            kind = float if one.name.startswith(("cpu", "memory")) else np.int64
            array = np.asarray(given).astype(kind).reshape(-1)
            if array.size != rows:
                raise BadInput(f"Jobs: {one.name} has {array.size} rows and tasks {rows}; give one a job.")
            object.__setattr__(self, one.name, array)
        self._refuse(self.tasks < 1, "has no task; give it at least one")
        for name in ("cpu", "memory"):
            limit, reserved = getattr(self, name), getattr(self, f"{name}_reserved")
            self._refuse(~((limit > 0) & np.isfinite(limit)), f"needs a {name} limit above 0")
            self._refuse(
                ~((reserved >= 0) & (reserved <= limit * (1 + 1e-9))),
                f"needs a {name} reservation between 0 and its limit",
            )
        self._refuse(self.priority < 0, "needs a priority of 0 or more")
        self._refuse(self.needs < 0, "needs a constraint of 0 or more")

    def _refuse(self, wrong, sentence):
        if wrong.any():
            raise BadInput(f"Job {int(np.flatnonzero(wrong)[0])} {sentence}.")

    def __len__(self):
        return self.tasks.size

    def only(self, chosen: np.ndarray | Sequence[int]) -> Jobs:
        """The jobs that `chosen`, a mask or row numbers, picks."""
        return replace(self, **{one.name: getattr(self, one.name)[chosen] for one in fields(self)})

    def total(self, resource: str) -> float:
        """All tasks of all jobs together: `resource` is the name of a limit or of a reservation."""
        return float(getattr(self, resource) @ self.tasks)


def band(priority: int) -> str:
    """Name the band of a priority.

    Examples
    --------
    >>> band(0), band(119), band(120), band(360)
    ('best effort', 'batch', 'production', 'monitoring')
    """
    if priority < 0:
        raise BadInput(f"A priority is 0 or more, not {priority!r}.")
    return list(BANDS)[int(np.searchsorted(_LOWEST, priority, side="right")) - 1]


@overload
def is_production(priority: float) -> np.bool: ...
@overload
def is_production(priority: np.ndarray) -> np.ndarray: ...
def is_production(priority: float | np.ndarray) -> np.bool | np.ndarray:
    """Whether a job is what the paper calls "prod": in the production or the monitoring band.

    Examples
    --------
    >>> is_production(np.array([0, 119, 120, 400])).tolist()
    [False, False, True, True]
    """
    return np.asarray(priority) >= BANDS["production"]


def preemption_levels(priority: np.ndarray | Sequence[int]) -> tuple[np.ndarray, int]:
    """Rank priorities so that a task may preempt exactly the tasks of a lower level.

    The whole production band is one level: production tasks may not preempt each other, which stops a
    cascade of preemptions (Verma et al. 2015).

    Returns
    -------
    (levels, first_production_level) : an int array like `priority`, and an int
        The levels run from 0; those from the second value up are production and monitoring.

    Examples
    --------
    >>> levels, first = preemption_levels(np.array([0, 350, 120, 103, 400]))
    >>> levels.tolist(), first
    ([0, 2, 2, 1, 3], 2)
    """
    key = np.array(priority)
    key[(key >= BANDS["production"]) & (key < BANDS["monitoring"])] = BANDS["production"]
    kinds, levels = np.unique(key, return_inverse=True)
    return levels, int(np.searchsorted(kinds, BANDS["production"]))

"""Reclamation: from what a task reserves at first, its limit, to what it is seen to use.

Verma et al., EuroSys 2015, section 5.5: the reservation starts at the limit, decays slowly after 300 seconds
towards the use plus a safety margin, and is raised at once when the use passes it. CPU can be throttled;
memory can't, and whoever has to give it back is killed, lowest priority first and production never.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from faultlab.cases.borg.jobs import is_production
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Reclamation:
    """How reservations follow the use.

    Attributes
    ----------
    margin : float
        Kept above the use, as a share of it. The paper tried larger and smaller ones; it gives no number.
    wait : float
        Seconds after its start for which a task keeps its limit.
    decay : float
        Seconds in which the excess over the target falls to 1 / e; the paper says "slowly".

    Examples
    --------
    >>> Reclamation().wait
    300.0
    """

    margin: float = 0.15
    wait: float = 300.0
    decay: float = 600.0

    def __post_init__(self):
        if not (self.margin >= 0 and self.wait >= 0 and self.decay > 0):
            raise BadInput("Reclamation needs a margin and a wait of 0 or more, and a decay above 0 seconds.")


def reservations(
    limit: float | Sequence[float] | np.ndarray,
    usage: Sequence[float] | np.ndarray,
    step: float = 10.0,
    reclamation: Reclamation | None = None,
) -> np.ndarray:
    """Follow a task's reservation of one resource through time.

    Parameters
    ----------
    limit : float or (N,) array
        Of one task or of N.
    usage : (S,) or (S, N) array
        What was used in each step.
    step : float
        Seconds.
    reclamation : Reclamation, optional

    Returns
    -------
    array like `usage`
        The reservation at the end of each step: never under the use (up to the limit), never above the limit.

    Raises
    ------
    BadInput
        For a negative use, or a step that is not above 0.

    Examples
    --------
    A task with a limit of 4 cores uses 1, and then 2 in its last step:

    >>> import numpy as np
    >>> used = np.r_[np.full(400, 1.0), 2.0]
    >>> reserved = reservations(4.0, used)
    >>> reserved[[29, 30, 399, 400]].round(2).tolist()
    [4.0, 3.95, 1.16, 2.3]
    """
    reclamation = Reclamation() if reclamation is None else reclamation
    usage, limit = np.asarray(usage, float), np.asarray(limit, float)
    if not step > 0:
        raise BadInput(f"A step lasts more than 0 seconds, not {step!r}.")
    if not ((usage >= 0).all() and (limit > 0).all()):
        raise BadInput("A task uses 0 or more, under a limit above 0.")
    kept = np.exp(-step / reclamation.decay)
    reserved = np.broadcast_to(limit, usage.shape[1:]).astype(float)
    out = np.empty(usage.shape)
    for at, used in enumerate(usage):
        target = np.minimum(limit, used * (1 + reclamation.margin))
        if (at + 1) * step <= reclamation.wait:
            target = np.broadcast_to(limit, target.shape)
        reserved = np.where(target >= reserved, target, target + (reserved - target) * kept)
        out[at] = reserved
    return out


@dataclass(frozen=True)
class Squeeze:
    """What happened on a machine that ran out.

    `throttled` maps tasks to the cores that they get; `killed` lists the tasks killed for memory, in order.
    """

    throttled: dict[int, float]
    killed: tuple[int, ...]


def squeeze(
    machine_cpu: float,
    machine_memory: float,
    priority: Sequence[float] | np.ndarray,
    cpu: Sequence[float] | np.ndarray,
    memory: Sequence[float] | np.ndarray,
) -> Squeeze:
    """Decide who gives way on a machine whose tasks want more than there is.

    If memory is short, tasks outside production are killed, lowest priority first. CPU is
    shared out by priority and nobody is killed for it.

    Parameters
    ----------
    machine_cpu, machine_memory : float
        Cores and GiB.
    priority, cpu, memory : (N,) arrays
        Priorities, and the cores and GiB that each task wants now.

    Returns
    -------
    Squeeze

    Examples
    --------
    >>> result = squeeze(4, 8, priority=[200, 110, 0], cpu=[3, 1, 2], memory=[5, 2, 3])
    >>> result.killed, result.throttled
    ((2,), {})
    >>> squeeze(4, 8, priority=[200, 0], cpu=[3, 2], memory=[4, 2]).throttled
    {1: 1.0}
    """
    priority, cpu, memory = (np.asarray(one, float) for one in (priority, cpu, memory))
    if not priority.shape == cpu.shape == memory.shape:
        raise BadInput("Give a priority, cores and GiB for each task.")
    killed: list[int] = []
    order = np.argsort(priority, kind="stable").tolist()
    for task in order:
        left = np.delete(memory, killed).sum()
        if left <= machine_memory or is_production(priority[task]):
            break
        killed.append(task)
    throttled, room = {}, float(machine_cpu)
    for task in reversed([one for one in order if one not in killed]):
        given = min(float(cpu[task]), room)
        room -= given
        if given < cpu[task]:
            throttled[task] = given
    return Squeeze(throttled, tuple(killed))

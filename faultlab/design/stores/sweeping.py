"""Many runs of one simulation, here, in other processes or on a cluster, with the same result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import BrokenExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import Executor

TRIES = 3


def sweep(
    function: Callable[[Any], Any],
    items: Iterable[Any],
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Any]:
    """Return `[function(item) for item in items]`, worked on by whoever there is.

    Where a worker dies, what it had in hand is done again: by the executor, and where that has broken
    down, here. So a death costs time and no result. An error of `function` itself is raised as it is, once
    all that has begun is over or cancelled; so is an interrupt.

    Parameters
    ----------
    function : callable
        Of one item; pure, and picklable where the executor needs that.
    items : iterable
    executor : concurrent.futures.Executor, optional
        A pool of processes, or Dask's `Client.get_executor()`; without it this process works.
    progress : callable, optional
        Called with how many are done and how many there are, after each.

    Returns
    -------
    list
        In the order of the items.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(2) as pool:
    ...     sweep(abs, [-1, -2], pool, progress=lambda done, of: print(f"{done} of {of}"))
    1 of 2
    2 of 2
    [1, 2]
    """
    items = list(items)
    tell = progress or (lambda done, of: None)
    waiting = [None if executor is None else _begun(executor, function, item) for item in items]
    found = []
    try:
        for item, future in zip(items, waiting, strict=True):
            found.append(_finished(executor, function, item, future))
            tell(len(found), len(items))
    finally:
        for future in waiting[len(found) :]:
            if future is not None:
                future.cancel()
    return found


def sweep_ways(
    play: Callable[[Any, int], Any],
    ways: Mapping[str, Any],
    seeds: Iterable[int],
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, tuple[Any, ...]]:
    """Play several ways with the same seeds, so that the same luck meets each of them.

    Parameters
    ----------
    play : callable
        Of a way and a seed; pure, and picklable where the executor needs that.
    ways : dict of str to object
    seeds : iterable of int
    executor, progress
        As in `sweep`.

    Returns
    -------
    dict of str to tuple
        What each way came to, one for each seed, in order.

    Examples
    --------
    >>> sweep_ways(pow, {"two": 2, "three": 3}, seeds=(1, 2))
    {'two': (2, 4), 'three': (3, 9)}
    """
    seeds = list(seeds)
    pairs = [(way, seed) for way in ways.values() for seed in seeds]
    played = iter(sweep(partial(_apart, play), pairs, executor, progress))
    return {name: tuple(next(played) for _ in seeds) for name in ways}


def _apart(function, arguments):
    return function(*arguments)


def _begun(executor, function, item):
    try:
        return executor.submit(function, item)
    except BrokenExecutor:
        return None


def _finished(executor, function, item, future):
    for _ in range(TRIES):
        if future is None:
            break
        try:
            return future.result()
        except Exception as wrong:
            if not _worker_died(wrong):
                raise
        future = _begun(executor, function, item)
    return function(item)


def _worker_died(wrong):
    """Whether an error tells of the worker and not of the work; Dask's is known by its name."""
    return isinstance(wrong, BrokenExecutor) or type(wrong).__name__ == "KilledWorker"

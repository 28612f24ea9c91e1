"""Many pieces of work, in threads, in other processes or on a cluster, with the same result."""

from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, Executor
from typing import Any

TRIES = 3


def sweep(function: Callable[[Any], Any], items: Iterable[Any], executor: Executor) -> list[Any]:
    """Return `[function(item) for item in items]`, worked on by an executor.

    Where a worker dies, what it had in hand is done again: by the executor, and where that has broken
    down, here. So a death costs time and no result. An error of `function` itself is raised as it is, once
    all that has begun is over or cancelled; so is an interrupt.

    Parameters
    ----------
    function : callable
        Of one item; pure, and picklable where the executor needs that.
    items : iterable
    executor : concurrent.futures.Executor
        A pool of threads or processes, or Dask's `Client.get_executor()`.

    Returns
    -------
    list
        In the order of the items.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(2) as pool:
    ...     sweep(abs, [-1, -2], pool)
    [1, 2]
    """
    items = list(items)
    waiting = [_begun(executor, function, item) for item in items]
    found = []
    try:
        for item, future in zip(items, waiting, strict=True):
            found.append(_finished(executor, function, item, future))
    finally:
        for future in waiting[len(found) :]:
            if future is not None:
                future.cancel()
    return found


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

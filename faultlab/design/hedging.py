"""A hedged request: when the answer is late, ask a second server too, and take what comes first.

Dean and Barroso, "The Tail at Scale", Communications of the ACM 56(2), 2013. It helps against a slow
server and not against a slow service: when all servers are slow, it is a retry that doubles their load.
"""

from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass

import numpy as np

from faultlab.errors import BadInput


@dataclass(frozen=True)
class Hedged:
    """What hedging does to latencies.

    `latencies` is an array in the unit that was given; `extra_requests` the share of calls that were sent
    twice.
    """

    latencies: np.ndarray
    extra_requests: float

    def percentile(self, percent):
        """Return the latency that this percentage of calls stays within."""
        return float(np.percentile(self.latencies, percent))


def hedge(latencies, second, after):
    """Return the latencies when a second request goes out after a while.

    Parameters
    ----------
    latencies, second : array of float
        Of the first and of the second request of each call, in one unit. Draw the second ones from another
        server: a call that is slow everywhere stays slow.
    after : float
        When the second request is sent; take the 95th percentile, and one call in twenty is sent twice.

    Examples
    --------
    >>> found = hedge([10, 10, 10, 500], [12, 12, 12, 12], after=50)
    >>> found.latencies.tolist(), found.extra_requests
    ([10.0, 10.0, 10.0, 62.0], 0.25)
    """
    first, second = (np.asarray(values, dtype=float) for values in (latencies, second))
    if first.shape != second.shape or first.size == 0:
        raise BadInput("Hedging needs as many second latencies as first ones, and at least one.")
    if not after >= 0:
        raise BadInput(f"The second request is sent after 0 or more, not {after!r}.")
    return Hedged(np.minimum(first, after + second), float((first > after).mean()))


def hedged_call(operation, after, pool):
    """Call; when no answer has come after so many seconds, call again, and return what comes first.

    Parameters
    ----------
    operation : callable
        Takes 0 for the first request and 1 for the second, so that they can go to different servers. It
        has to be harmless when done twice, and needs a timeout of its own: the loser is not stopped.
    after : float
        Seconds.
    pool : concurrent.futures.Executor
        With room for two.

    Returns
    -------
    object
        The first answer. An error counts only when no request is left that may still answer.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(2) as pool:
    ...     hedged_call(lambda request: f"answer of request {request}", 5.0, pool)
    'answer of request 0'
    """
    if not after >= 0:
        raise BadInput(f"The second request is sent after 0 seconds or more, not {after!r}.")
    requests = [pool.submit(operation, 0)]
    done, _ = wait(requests, timeout=after)
    if not done:
        requests.append(pool.submit(operation, 1))
    running = set(requests)
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        for request in done:
            if request.exception() is None:
                for other in running:
                    other.cancel()
                return request.result()
    return requests[0].result()

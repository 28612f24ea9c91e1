"""One slow dependency takes the shop down: a front end with a pool of workers, seen second by second.

A worker that waits for a slow answer serves nobody else. When the pool is used up, pages that don't need
the slow dependency go down with those that do. Timeout, budget, breaker and bulkhead are the very objects
of this floor, run on a virtual clock.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from faultlab.errors import BadInput


@dataclass(frozen=True)
class Dependency:
    """A service that pages need: `servers` requests at a time, each for about `seconds`.

    Times are lognormal with median `seconds`; `sigma` is the standard deviation of their logarithm.
    `optional` says that a page can be shown without it, if there is a fallback.
    """

    seconds: float
    servers: int = 20
    sigma: float = 0.4
    optional: bool = False


@dataclass(frozen=True)
class Page:
    """A share of the visits, and the dependencies that the page calls, one after the other."""

    share: float
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Shop:
    """A front end.

    Parameters
    ----------
    dependencies : dict of str to Dependency
    pages : dict of str to Page
    workers : int
        Visits that can be served at a time; the others wait, first come, first served.
    rate : float
        Visits a second.
    patience : float
        Seconds after which a visitor has left; a page that is ready later counts as lost.
    queue_limit : int, optional
        Visits that may wait; with one, visits whose visitor has left are dropped too (load shedding).
    """

    dependencies: dict[str, Dependency]
    pages: dict[str, Page]
    workers: int = 20
    rate: float = 30.0
    patience: float = 4.0
    queue_limit: int | None = None

    def __post_init__(self):
        for name, page in self.pages.items():
            for need in page.needs:
                if need not in self.dependencies:
                    raise BadInput(f"Page {name!r} needs {need!r}, which is not among the dependencies.")
        if not math.isclose(sum(page.share for page in self.pages.values()), 1, abs_tol=1e-9):
            raise BadInput("The shares of the pages add up to 1.")
        if self.workers < 1 or not self.rate > 0 or not self.patience > 0:
            raise BadInput("A shop has 1 worker or more, and a rate and a patience above 0.")


SHOP = Shop(
    dependencies={
        "catalogue": Dependency(0.04),
        "search": Dependency(0.08),
        "stock": Dependency(0.03),
        "recommendations": Dependency(0.05, optional=True),
        "payment": Dependency(0.15),
    },
    pages={
        "home": Page(0.35, ("catalogue",)),
        "search": Page(0.3, ("search",)),
        "product": Page(0.25, ("catalogue", "stock", "recommendations")),
        "checkout": Page(0.1, ("stock", "payment")),
    },
)
"""A small shop, of which only the product page shows recommendations."""


@dataclass(frozen=True)
class Fault:
    """For a while a dependency takes `slower` times as long, and answers a share with errors."""

    dependency: str = "recommendations"
    start: float = 10.0
    seconds: float = 20.0
    slower: float = 100.0
    errors: float = 0.0

    @property
    def end(self) -> float:
        return self.start + self.seconds


@dataclass(frozen=True)
class ShopDay:
    """What the visitors and the workers saw.

    `visits`, `served` and `degraded` map each page to an array of counts, one place a second, by the second
    in which the visit began; degraded pages are among those served. `busy` has the mean number of busy
    workers in each second, `attempts` the attempts at the faulty dependency, `refused` the calls that its
    breaker or bulkhead refused. `response` is the array of seconds until each served page was ready.
    """

    visits: dict[str, np.ndarray] = field(repr=False)
    served: dict[str, np.ndarray] = field(repr=False)
    degraded: dict[str, np.ndarray] = field(repr=False)
    busy: np.ndarray = field(repr=False)
    attempts: np.ndarray = field(repr=False)
    refused: np.ndarray = field(repr=False)
    response: np.ndarray = field(repr=False)
    fault: Fault

    def success(
        self, page: str | None = None, start: float | None = None, end: float | None = None
    ) -> float | None:
        """Return the share of visits that were served, or None when nobody came.

        Of one page or of all, between two seconds of the run; left out, those of the fault.
        """
        span = slice(
            int(self.fault.start if start is None else start), int(self.fault.end if end is None else end)
        )
        pages = list(self.visits) if page is None else [page]
        came = sum(int(self.visits[one][span].sum()) for one in pages)
        return sum(int(self.served[one][span].sum()) for one in pages) / came if came else None

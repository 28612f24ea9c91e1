"""A bulkhead: no more than so many calls to one dependency at a time.

Named after the walls that keep a leak in one compartment of a ship (Nygard, Release It!, 2007). A slow
dependency then holds a part of your workers, and not all.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from faultlab.errors import BadInput, is_whole

if TYPE_CHECKING:
    pass


class BulkheadFull(ConnectionError):
    """All places are taken; the call was not made."""


class Bulkhead:
    """Places for calls that are under way.

    Parameters
    ----------
    places : int
        At least 1.

    Examples
    --------
    >>> bulkhead = Bulkhead(2)
    >>> bulkhead.enter(), bulkhead.enter(), bulkhead.enter()
    (True, True, False)
    >>> bulkhead.leave()
    >>> bulkhead.enter()
    True
    """

    def __init__(self, places: int) -> None:
        if not is_whole(places, 1):
            raise BadInput(f"A bulkhead has a whole number of places from 1 up, not {places!r}.")
        self.places = places
        self.taken = 0
        self._lock = threading.Lock()

    def fresh(self) -> Bulkhead:
        """Return a bulkhead with as many places, all of them free."""
        return Bulkhead(self.places)

    def enter(self) -> bool:
        """Take a place and return True, or return False at once: nobody waits at a bulkhead."""
        with self._lock:
            if self.taken == self.places:
                return False
            self.taken += 1
            return True

    def leave(self) -> None:
        """Give the place back."""
        with self._lock:
            if self.taken == 0:
                raise BadInput("Nobody is inside this bulkhead; leave once for each time you entered.")
            self.taken -= 1

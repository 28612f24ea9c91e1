"""Loops that numba compiles where it is installed, and that plain Python runs where it is not.

A kernel is one function with numbers and sequences of numbers in it. All luck is drawn before, with NumPy,
and the arithmetic is only that of IEEE 754, so both ways give the same results to the last bit.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable


class Kernel:
    """A plain loop, and its compiled twin from the first call on.

    Examples
    --------
    >>> def doubled(values):
    ...     for i in range(len(values)):
    ...         values[i] = 2 * values[i]
    >>> values = np.array([1.0, 2.0])
    >>> Kernel(doubled)(values, compiled=False)
    >>> values.tolist()
    [2.0, 4.0]
    """

    def __init__(self, loop: Callable[..., Any]) -> None:
        self.loop = loop
        self._twin: Callable[..., Any] | None = None

    @property
    def compiles(self) -> bool:
        """Whether numba is there."""
        return can_compile()

    def __call__(self, *arguments, compiled=None):
        """Run the loop; arrays among the arguments are changed in place either way."""
        if compiled is None:
            compiled = can_compile()
        if compiled:
            # numba is imported late: that alone takes up to a second, which who compiles nothing saves.
            # No cache on disk: the kernels compile in about a second, and a stale cache is hard to find.
            if self._twin is None:
                from numba import njit

                self._twin = njit(self.loop)
            return self._twin(*arguments)
        # Plain Python reads and writes lists several times faster than arrays.
        plain = [value.tolist() if isinstance(value, np.ndarray) else value for value in arguments]
        answer = self.loop(*plain)
        for array, changed in zip(arguments, plain, strict=True):
            if isinstance(array, np.ndarray) and array.flags.writeable:
                array[...] = changed
        return answer


@cache
def can_compile() -> bool:
    """Return whether numba is there; without it all works, some ten times slower.

    >>> can_compile() in (True, False)
    True
    """
    try:
        return find_spec("numba") is not None
    except ValueError:  # its import was blocked
        return False

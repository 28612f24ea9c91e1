"""Loops that numba compiles where it is installed, and that plain Python runs where it is not.

A kernel is one function with numbers and sequences of numbers in it. All luck is drawn before, with NumPy,
and the arithmetic is only that of IEEE 754, so both ways give the same results to the last bit.
"""

import numpy as np

try:
    from numba import njit
except ImportError:  # the course works without; the store is then some ten times slower
    njit = None


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

    def __init__(self, loop):
        self.loop = loop
        self._twin = None

    @property
    def compiles(self):
        """Whether numba is there."""
        return can_compile()

    def __call__(self, *arguments, compiled=None):
        """Run the loop; arrays among the arguments are changed in place either way."""
        if compiled is None:
            compiled = can_compile()
        if compiled:
            # No cache on disk: the kernels compile in about a second, and a stale cache is hard to find.
            self._twin = self._twin or njit(self.loop)
            return self._twin(*arguments)
        # Plain Python reads and writes lists several times faster than arrays.
        plain = [value.tolist() if isinstance(value, np.ndarray) else value for value in arguments]
        answer = self.loop(*plain)
        for array, changed in zip(arguments, plain, strict=True):
            if isinstance(array, np.ndarray) and array.flags.writeable:
                array[...] = changed
        return answer


def can_compile():
    """Return whether numba is there.

    >>> can_compile() in (True, False)
    True
    """
    return njit is not None

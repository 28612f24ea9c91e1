"""The power of d choices: join the shortest of d lines picked at random (the supermarket model).

M. Mitzenmacher, *The Power of Two Choices in Randomized Load Balancing*, PhD thesis, Berkeley 1996;
N. D. Vvedenskaya, R. L. Dobrushin and F. I. Karpelevich, *Queueing system with selection of the shortest
of two queues*, Problems of Information Transmission 32, 1996. The limit of many servers.
"""

from __future__ import annotations

from faultlab.errors import BadInput, is_whole


def supermarket_mean_time(utilisation: float, choices: int) -> float:
    """Return the mean time in the system, in mean service times, for very many servers.

    Parameters
    ----------
    utilisation : float
        From 0 to below 1.
    choices : int
        Lines that a customer looks at before joining the shortest: 1 or more.

    Raises
    ------
    BadInput
        For a utilisation of 1 or more, or no choice.

    Notes
    -----
    ``Σ λ^((d^i - d)/(d - 1))`` over i from 1; with one choice ``1/(1 - λ)``, the M/M/1 queue.

    Examples
    --------
    >>> round(supermarket_mean_time(0.9, 1), 4), round(supermarket_mean_time(0.9, 2), 4)
    (10.0, 2.6141)
    """
    _refuse(utilisation, choices)
    if choices == 1:
        return 1 / (1 - utilisation)
    total, exponent, growth = 0.0, 0, choices
    while (term := utilisation**exponent) > total * 1e-17 and exponent < 2**53:
        total += term
        exponent, growth = exponent + growth, growth * choices
    return total


def _refuse(utilisation, choices):
    if not 0 <= utilisation < 1:
        raise BadInput(f"The utilisation is from 0 to below 1, not {utilisation!r}.")
    if not is_whole(choices, 1):
        raise BadInput(f"A customer looks at 1 or more lines, not {choices!r}.")

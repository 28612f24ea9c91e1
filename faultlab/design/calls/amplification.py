"""How retries multiply load: on average, at worst, and through layers."""

from __future__ import annotations

from faultlab.errors import BadInput, is_whole


def worst_case_attempts(tries: int, layers: int) -> int:
    """Return tries to the power of layers: what the lowest service gets when nothing works.

    The Amazon Builders' Library ("Timeouts, retries, and backoff with jitter") has the case of five layers
    with three tries each; the Site Reliability Engineering book that of three layers with four.

    >>> worst_case_attempts(3, 5), worst_case_attempts(4, 3)
    (243, 64)
    """
    _check(1, tries - 1)
    return tries**layers


def _check(failure, retries):
    if not 0 <= failure <= 1:
        raise BadInput(f"A chance of failure is a fraction from 0 to 1, not {failure!r}.")
    if not is_whole(retries, 0):
        raise BadInput(f"Retries are a whole number from 0 up (one try less than tries), not {retries!r}.")

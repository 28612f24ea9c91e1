"""How retries multiply load through layers."""

from __future__ import annotations

from faultlab.errors import BadInput, is_whole


def worst_case_attempts(tries: int, layers: int) -> int:
    """Return tries to the power of layers: what the lowest service gets when nothing works.

    The Amazon Builders' Library ("Timeouts, retries, and backoff with jitter") has the case of five layers
    with three tries each; the Site Reliability Engineering book that of three layers with four.

    >>> worst_case_attempts(3, 5), worst_case_attempts(4, 3)
    (243, 64)
    """
    if not (is_whole(tries, 1) and is_whole(layers, 0)):
        raise BadInput(
            f"Tries are a whole number from 1 and layers one from 0, not {tries!r} and {layers!r}."
        )
    return tries**layers

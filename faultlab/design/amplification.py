"""How retries multiply load: on average, at worst, and through layers."""

from faultlab.errors import BadInput


def attempts_per_call(failure, retries):
    """Return the mean number of attempts a call, when each attempt fails with the same chance.

    Parameters
    ----------
    failure : float
        From 0 to 1.
    retries : int
        After the first attempt.

    Returns
    -------
    float
        ``1 + p + p**2 + ... + p**retries``; at worst, with p = 1, it is retries + 1.

    Examples
    --------
    >>> attempts_per_call(0.5, 3), round(attempts_per_call(0.9, 3), 3), attempts_per_call(1, 3)
    (1.875, 3.439, 4.0)
    """
    _check(failure, retries)
    return float(sum(failure**retry for retry in range(retries + 1)))


def attempts_through_layers(failure, retries, layers):
    """Return the mean number of attempts that reach the lowest service for one call at the top.

    Each layer retries what the layer below it gave up. A layer below passes a failure on only when all of
    its own attempts failed, so the layers above retry less often; at worst every one tries its utmost.

    Parameters
    ----------
    failure : float
        Of one attempt at the lowest service, from 0 to 1.
    retries, layers : int

    Examples
    --------
    Five layers with three tries each, when nothing works and when half of it does:

    >>> attempts_through_layers(1, 2, 5), round(attempts_through_layers(0.5, 2, 5), 2)
    (243.0, 2.0)
    """
    _check(failure, retries)
    if isinstance(layers, bool) or not isinstance(layers, int) or layers < 1:
        raise BadInput(f"The number of layers is whole and from 1 up, not {layers!r}.")
    attempts = 1.0
    for _ in range(layers):
        attempts *= attempts_per_call(failure, retries)
        failure **= retries + 1
    return attempts


def worst_case_attempts(tries, layers):
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
    if isinstance(retries, bool) or not isinstance(retries, int) or retries < 0:
        raise BadInput(f"Retries are a whole number from 0 up (one try less than tries), not {retries!r}.")

"""How good a prediction was: the Brier score for probabilities, a distance for numbers.

Reference: G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather
Review 78 (1950), in the form (forecast - outcome)^2 for one event.
"""

from __future__ import annotations

import math

from faultlab.classroom.answers.typed import plainly


def brier(bet: float, truth: float) -> float:
    """Return the Brier score of a probability: 0 is perfect, 0.25 is a coin's, 1 is the worst.

    Parameters
    ----------
    bet, truth : float
        Probabilities from 0 to 1; the truth of a single event is 0 or 1.

    Examples
    --------
    >>> brier(0.5, 1), brier(0.9, 1)
    (0.25, 0.01)
    """
    return round((bet - truth) ** 2, 12)


def closeness(bet: float, truth: float) -> float:
    """Return how far a number is from the truth, as a factor of at least 1.

    A factor treats too high and too low alike; where it can't be had (zero, or two signs) it is infinite.

    Examples
    --------
    >>> closeness(50, 100), closeness(200, 100), closeness(0, 0)
    (2.0, 2.0, 1.0)
    """
    if bet == truth:
        return 1.0
    if bet == 0 or truth == 0 or (bet < 0) != (truth < 0):
        return math.inf
    ratio = bet / truth
    return ratio if ratio > 1 else 1 / ratio


def score(kind: str, bet: float | str, truth: float | str) -> float:
    """Return a bet's score: Brier for a probability, a factor for a number, 1 or 0 for a choice."""
    if kind == "choice" or isinstance(bet, str) or isinstance(truth, str):
        return float(bet == truth)
    return brier(bet, truth) if kind == "probability" else closeness(bet, truth)


def told(kind: str, bet: float | str, truth: float | str, unit: str = "") -> str:
    """Return a sentence that compares a bet with the truth.

    >>> told("number", 50, 100, "minutes")
    'You bet 50 minutes; it is 100 minutes. Too low by a factor of 2.'
    """
    if kind == "choice" or isinstance(bet, str) or isinstance(truth, str):
        return f"You bet “{bet}”. " + ("That is the answer." if bet == truth else f"It is “{truth}”.")
    said = f"You bet {written(kind, bet, unit)}; it is {written(kind, truth, unit)}."
    return f"{said} {missed(kind, bet, truth, unit)}"


def missed(kind: str, bet: float | str, truth: float | str, unit: str = "") -> str:
    """Return how far off a bet was, in words.

    A percentage that is known beforehand is a value, so a bet on it is off by points; the Brier score is for
    the chance of an event that came true (1) or did not (0).

    >>> missed("probability", 0.15, 0.44), missed("number", 11, 10), missed("probability", 0.9, 1)
    ('29 points too low.', '10 % too high.', 'Brier score 0.010: 0 is perfect, 1 the worst.')
    """
    if kind == "choice" or isinstance(bet, str) or isinstance(truth, str):
        return "You knew." if bet == truth else "It was another one."
    side = "high" if bet > truth else "low"
    if kind == "probability" and truth in (0, 1):
        return f"Brier score {brier(bet, truth):.3f}: 0 is perfect, 1 the worst."
    if kind == "probability" or unit == "%":
        points = float(f"{abs(bet - truth) * (1 if unit == '%' else 100):.2g}")
        if points < 1:
            return "Spot on."
        return f"{plainly(points)} point{'' if points == 1 else 's'} too {side}."
    factor = closeness(bet, truth)
    if factor < 1.05:
        return "Very close."
    if factor < 2:
        return f"{100 * abs((bet - truth) / truth):.0f} % too {side}."
    by = f" by a factor of {factor_words(factor)}" if math.isfinite(factor) else ""
    return f"Too {side}{by}."


def leaning(kind: str, bet: float | str, truth: float | str, unit: str = "") -> float | None:
    """Return how far a bet lies on the low (-1) or the high (1) side; None for a choice.

    A factor of ten, or 50 points of a share, and more are the ends.

    >>> leaning("number", 10, 100), leaning("probability", 0.5, 0.25), leaning("choice", "a", "b")
    (-1.0, 0.5, None)
    """
    if kind == "choice" or isinstance(bet, str) or isinstance(truth, str):
        return None
    if kind == "probability" or unit == "%":
        return max(-1.0, min(1.0, (bet - truth) / (50 if unit == "%" else 0.5)))
    factor = closeness(bet, truth)
    size = 1.0 if math.isinf(factor) else min(1.0, math.log10(factor))
    return size if bet > truth else -size


def written(kind: str, value: float | str, unit: str = "") -> str:
    """Return a bet or a truth as it is shown."""
    if kind == "choice" or isinstance(value, str):
        return str(value)
    if kind == "probability":
        # Three digits, but 99.95 % must not be shown as 100 %.
        return f"{100 * value:.6g} %" if 0.99 < value < 1 else f"{plainly(float(f'{100 * value:.3g}'))} %"
    return f"{plainly(value)} {unit}".strip()


def factor_words(factor: float) -> str:
    """Return a factor as it is spoken of: about 1,900 rather than 1.9e+03."""
    if factor < 100:
        return f"{factor:.3g}"
    return f"about {plainly(float(f'{factor:.2g}'))}"

"""The same program twice, or two different ones: what diversity buys against bugs and attackers."""

from __future__ import annotations

from faultlab.design.redundancy import versions_failure
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, ORANGE, TEAL
from faultlab.views.kit.picture import Picture

THREATS = ("a bug, in 1 of 1,000 baskets", "an attacker who can break 1 of 10 programs")
ALIKE = (0, 1, 2, 5, 10, 20, 50, 100)
"""Percent: the correlation between the failures of two programs; 100 for copies of one program."""
_CHANCE = dict(zip(THREATS, (0.001, 0.1), strict=True))


def two_programs(threat: str, alike: float) -> Picture:
    """How often both programs fail, beside one program twice and beside what multiplying promises.

    Parameters
    ----------
    threat : str
        One of `THREATS`.
    alike : float
        The correlation between the two programs' failures, in percent.

    Returns
    -------
    Picture
        By the model of Eckhardt and Lee, in which some inputs (or attackers) are hard for every program.

    Examples
    --------
    >>> two_programs(THREATS[0], 10).sentence.partition(",")[0]
    'Two different programs are both wrong for 101 baskets in a million'
    """
    chance = _CHANCE[threat]
    both = versions_failure(1, 2, chance, alike / 100)
    promised = chance**2
    baskets = threat == THREATS[0]
    unit = "wrong baskets in a million" if baskets else "attacks that succeed"
    rows = [
        (f"{words}: {unit}", value, _written(value, baskets), colour)
        for words, value, colour in (
            ("the same program twice", chance, ORANGE),
            ("two different programs", both, BLUE),
            ("two independent ones", promised, TEAL),
        )
    ]
    same, different, _ = (written for _, _, written, _ in rows)
    sentence = (
        f"Two different programs are both wrong for {different} basket{'s' if different != '1' else ''} in a "
        f"million, the same one twice for {same}."
        if baskets
        else f"{different} of attacks break two different programs, {same} the same one twice."
    )
    if alike:
        sentence += f" If they failed independently, it would be {_written(promised, baskets)}."
    said = ", ".join(f"{words} {written}" for words, _, written, _ in rows)
    alt = f"Three bars, with weak spots alike by {alike:g} %: {said}."
    data = tuple({"Programs": words, "Both fail": written} for words, _, written, _ in rows)
    return Picture(bars(rows, alt, highest=chance), alt, sentence, data)


def _written(chance, baskets):
    return f"{1e6 * chance:,.0f}" if baskets else f"{100 * chance:.3g} %"

"""A survey of satisfaction: how far its answers reach, and how often they show a true fall."""

from __future__ import annotations

import math

from faultlab.metrics.estimates import CONFIDENCE, counted_share, normal_quantile
from faultlab.views.kit.chart import Axis, Chart
from faultlab.views.kit.palette import BLUE, ORANGE
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import count, share

HAPPY = 0.80
ANSWERS = (50, 100, 200, 400, 800, 1_600, 3_200)
_SIGNIFICANCE = 0.05
RANGE = f"{share(CONFIDENCE)} range"


def chance_to_see(answers: int, fall: float, happy: float = HAPPY) -> float:
    """Return how often two surveys show a true fall in the share of happy customers.

    Parameters
    ----------
    answers : int
        In each of the two.
    fall : float
        From `happy` down, as a fraction.
    happy : float
        Before.

    Returns
    -------
    float
        The chance that a two-sided test at 5 % finds it, by the normal approximation for two shares.

    Examples
    --------
    >>> round(chance_to_see(1_091, 0.05), 2)
    0.8
    """
    after = happy - fall
    middle = (happy + after) / 2
    if_same = math.sqrt(2 * middle * (1 - middle) / answers)
    spread = math.sqrt((happy * (1 - happy) + after * (1 - after)) / answers)
    beyond = (fall - normal_quantile(1 - _SIGNIFICANCE / 2) * if_same) / spread
    return 0.5 * math.erfc(-beyond / math.sqrt(2))


def survey(answers: int, fall: float) -> Picture:
    """Draw what two surveys say, before and after a fall in satisfaction, with their ranges.

    Parameters
    ----------
    answers : int
        In each.
    fall : float
        True fall in the share of happy customers, in points of 100.

    Returns
    -------
    Picture

    Examples
    --------
    >>> survey(100, 5).sentence.partition(". ")[0]
    'With 100 answers, 80 % happy customers can mean anything from 73 % to 86 %'
    """
    before, after = (
        counted_share(round(answers * value), answers, f"{answers} answers").numbers()
        for value in (HAPPY, HAPPY - fall / 100)
    )
    chart = Chart(
        Axis(0, 3, "", (1, 2), lambda x: ("before", "after")[int(x) - 1]),
        Axis(50, 100, f"Happy customers, % (bars: {RANGE})", (50, 60, 70, 80, 90, 100)),
        height=300,
    )
    for at, seen, colour in ((1, before, BLUE), (2, after, ORANGE)):
        chart.band([at - 0.12, at + 0.12], [100 * seen[1]] * 2, [100 * seen[2]] * 2, colour)
        chart.dot(at, 100 * seen[0], colour, share(seen[0]), radius=6)
    chance = chance_to_see(answers, fall / 100)
    sentence = (
        f"With {answers:,} answers, {share(before[0])} happy customers can mean anything from "
        f"{share(before[1])} to {share(before[2])}. "
    )
    if fall:
        sentence += (
            f"Two such surveys show a true fall of {count(fall, 'point')} {share(chance)} of the time."
        )
    else:
        sentence += "Nothing has fallen, yet one pair of surveys in twenty says that something changed."
    marks = f"{share(before[0])} before and {share(after[0])} after"
    alt = f"Two marks with their ranges: {marks}. {sentence}"
    rows = tuple(
        {"Survey": name, "Happy": share(seen[0]), RANGE: f"{share(seen[1])} to {share(seen[2])}"}
        for name, seen in (("before", before), ("after", after))
    )
    return Picture(chart.svg(alt), alt, sentence, rows)

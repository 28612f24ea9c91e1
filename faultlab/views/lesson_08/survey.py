"""Three ways to learn whether customers mind outages, and what each shows over a service's months."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from faultlab.metrics.customers import (
    HAPPY,
    CustomerMonth,
    answers_to_follow,
    chance_to_follow,
    chance_to_see,
)
from faultlab.metrics.estimates import CONFIDENCE, normal_quantile
from faultlab.views.kit.chart import Axis, Chart, amount_axis
from faultlab.views.kit.palette import BLUE, ORANGE, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import share

PROPOSALS = (
    "a survey of all customers",
    "a survey of those who met a failure, and as many others",
    "no survey: count failed journeys",
)
ANSWERS = (50, 100, 200, 400, 800, 1_600, 3_200)
RANGE = f"{share(CONFIDENCE)} range"


def which_survey(months: Sequence[CustomerMonth]) -> Callable[[str, int, int], Picture]:
    """Return the drawing function of an Explorer over these months.

    Parameters
    ----------
    months : sequence of CustomerMonth

    Returns
    -------
    callable
        From one of `PROPOSALS`, the answers a month, and by how many points fewer of those who met a failure
        are happy, to a Picture of what is learnt. Of the others, `HAPPY` are.
    """
    failed = [month.failed_share for month in months]
    count = [month.failed_journeys for month in months]

    def draw(proposal: str, answers: int, lost: int) -> Picture:
        if proposal == PROPOSALS[0]:
            return _everybody(failed, answers, lost / 100)
        if proposal == PROPOSALS[1]:
            return _both_kinds(answers // 2, lost / 100)
        return _counted(count)

    return draw


def _everybody(failed, answers, lost):
    """The months, each with the range that its answers leave."""
    happy = [HAPPY - lost * one for one in failed]
    reach = [_reach(one, answers) for one in happy]
    chart = Chart(_months(failed), _percent(50))
    for month, (one, half) in enumerate(zip(happy, reach, strict=True), 1):
        chart.band([month - 0.3, month + 0.3], [100 * (one - half)] * 2, [100 * min(1, one + half)] * 2)
        chart.dot(month, 100 * one, BLUE, radius=3)
    chance = chance_to_follow(failed, answers, lost)
    needed = float(f"{answers_to_follow(failed, lost):.2g}")
    sentence = (
        f"Even the worst month moves the total by {100 * (HAPPY - min(happy)):.1f} points. Two years of "
        f"{answers:,} answers a month show the harm {_often(chance)}; to show it four times in five takes "
        f"{needed:,.0f} a month."
    )
    alt = (
        f"{len(failed)} months, each a dot near {share(HAPPY)} and a bar around it, the range of {answers:,} "
        f"answers. {sentence}"
    )
    rows = tuple(
        {
            "Month": month,
            "Journeys failed": f"{100 * bad:.2f} %",
            "Happy": f"{100 * one:.2f} %",
            RANGE: f"± {100 * half:.1f} points",
        }
        for month, (bad, one, half) in enumerate(zip(failed, happy, reach, strict=True), 1)
    )
    return Picture(chart.svg(alt), alt, sentence, rows)


def _both_kinds(answers, lost):
    """Those who met a failure beside those who didn't, after one month."""
    chart = Chart(
        Axis(0, 3, "Customers who met", (1, 2), lambda x: ("no failure", "a failure")[int(x) - 1]),
        _percent(0),
    )
    rows = []
    for at, kind, one, colour in ((1, "no failure", HAPPY, BLUE), (2, "a failure", HAPPY - lost, ORANGE)):
        low, high = max(0, one - _reach(one, answers)), min(1, one + _reach(one, answers))
        chart.band([at - 0.06, at + 0.06], [100 * low] * 2, [100 * high] * 2, colour)
        chart.dot(at, 100 * one, colour, share(one), radius=6)
        rows.append({"Met": kind, "Happy": share(one), RANGE: f"{share(low)} to {share(high)}"})
    seen = _often(chance_to_see(answers, lost))
    sentence = f"{2 * answers:,} answers in a single month, half from each kind, show the harm {seen}."
    alt = f"Two marks with their ranges: {share(HAPPY)} and {share(HAPPY - lost)} happy. {sentence}"
    return Picture(chart.svg(alt), alt, sentence, tuple(rows))


def _counted(journeys):
    """How many journeys failed in each month."""
    worst = max(journeys)
    chart = Chart(_months(journeys), amount_axis(worst, "Failed journeys"))
    for month, one in enumerate(journeys, 1):
        chart.column(month - 0.4, month + 0.4, one, RED)
    sentence = (
        f"{round(sum(journeys), -3):,.0f} journeys failed in {len(journeys)} months, "
        f"{share(worst / sum(journeys))} of them in one. It counts the harm, and can't say who left for good."
    )
    alt = f"Columns: failed journeys by month, at most {worst:,.0f}. {sentence}"
    rows = tuple({"Month": month, "Failed journeys": round(one)} for month, one in enumerate(journeys, 1))
    return Picture(chart.svg(alt), alt, sentence, rows)


def _often(chance):
    return "nearly every time" if chance > 0.995 else f"{share(chance)} of the time"


def _months(values):
    return Axis(0, len(values) + 1, "Month", tuple(range(3, len(values) + 1, 3)))


def _percent(low):
    return Axis(low, 100, f"Happy customers, % (bars: {RANGE})", tuple(range(low, 101, (100 - low) // 5)))


def _reach(happy, answers):
    return normal_quantile((1 + CONFIDENCE) / 2) * math.sqrt(happy * (1 - happy) / answers)

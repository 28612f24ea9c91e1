"""How many incidents it takes before a change in the MTTR can be told from luck."""

from __future__ import annotations

from faultlab.metrics.estimates import incidents_to_tell
from faultlab.views.kit.chart import Axis, Chart
from faultlab.views.kit.palette import ORANGE
from faultlab.views.kit.picture import Picture
from faultlab.views.lesson_08.mttr_luck import SPREAD

SHORTER = tuple(range(5, 85, 5))


def incidents_needed(shorter_by: float) -> Picture:
    """The incidents that each of two periods needs, by how much faster repairs really are.

    Parameters
    ----------
    shorter_by : float
        The true improvement, in percent; 5 to 80.

    Returns
    -------
    Picture
        A test at 5 % that finds the change four times in five; durations as uneven as companies report.

    Examples
    --------
    >>> incidents_needed(10).sentence
    'To show that repairs are 10 % faster, each of the two periods needs about 4,200 incidents.'
    """
    chart = Chart(
        Axis(0, 80, "how much faster repairs really are", (0, 20, 40, 60, 80), "{:g} %".format),
        Axis(10, 100_000, "Incidents in each period", (10, 100, 1_000, 10_000, 100_000), "{:,}".format, True),
        left=76,
    )
    chart.line(SHORTER, [_needed(one) for one in SHORTER])
    written = _written(_needed(shorter_by))
    chart.dot(shorter_by, _needed(shorter_by), ORANGE, written, anchor="end" if shorter_by > 50 else "start")
    sentence = (
        f"To show that repairs are {shorter_by:g} % faster, each of the two periods needs about "
        f"{written} incidents."
    )
    alt = (
        f"A falling curve, equal steps upwards being equal factors: {_written(_needed(5))} incidents for "
        f"repairs 5 % faster, {_written(_needed(80))} for repairs 80 % faster. {sentence}"
    )
    rows = tuple(
        {"Repairs faster by": f"{one} %", "Incidents in each period": _written(_needed(one))}
        for one in (5, 10, 20, 40, 60, 80)
    )
    return Picture(chart.svg(alt), alt, sentence, rows)


def _needed(shorter_by):
    return incidents_to_tell(shorter_by / 100, SPREAD)


def _written(incidents):
    """To two digits: more would promise what the rule of thumb can't keep."""
    return f"{float(f'{incidents:.2g}'):,.0f}"

"""What looking at everything finds: comparisons at every deploy, and detectors beside each other."""

from __future__ import annotations

import numpy as np

from faultlab.cases.etsy import compared_days
from faultlab.metrics.estimates import CONFIDENCE
from faultlab.metrics.graphs import detection_rates
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, ORANGE
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import count, share

_EFFECT, _HEIGHT = 1.5, 4.0  # times the noise
_DETECTORS = {"skyline": "Skyline's vote", "seasonal baseline": "the same hour on other days"}


def compared_record(days: int = 60) -> tuple[Picture, float]:
    """Draw how often a list of all changes at all deploys names the culprit; the picture, and that share.

    Parameters
    ----------
    days : int
        Simulated, each with one bad deploy.

    Returns
    -------
    (Picture, float)

    Examples
    --------
    >>> compared_record(days=3)[0].rows[0]["Days"]
    '3 of 3'
    """
    found = compared_days(_EFFECT, days)
    on_top, least, most_often = found.on_top.numbers()
    drawn, rows = [], []
    for words, right in (
        ("There is a culprit", 1.0),
        ("The top of the list names it", on_top),
        ("It survives a correction for so many comparisons", found.left.numbers()[0]),
    ):
        written = f"{right * days:.0f} of {days}"
        drawn.append((words, right, f"{written} days", ORANGE if right < 1 else BLUE))
        rows.append({"What": words, "Days": written})
    usual, most = int(np.median(found.unlikely)), int(np.median(found.comparisons))
    rows.append({"What": "Comparisons on a typical day", "Days": f"{most}"})
    rows.append({"What": "Of these, unlikely to be luck (less than 5 %)", "Days": f"{usual}"})
    alt = f"Bars over {days} days. " + " ".join(f"{words}: {written}." for words, _, written, _ in drawn)
    sentence = (
        f"On a typical day {usual} of {most} comparisons look unlikely to be luck, and at most one is real. "
        f"The top of the list names the culprit on {share(on_top)} of days "
        f"({share(CONFIDENCE)} range: {share(least)} to {share(most_often)})."
    )
    return Picture(bars(drawn, alt, highest=1.0), alt, sentence, tuple(rows)), on_top


def detector_record(series: int = 100) -> Picture:
    """Draw how many clear faults a vote of simple tests finds, and how many a baseline by the hour.

    Parameters
    ----------
    series : int
        Simulated days with a fault at the end, and as many without.

    Returns
    -------
    Picture

    Examples
    --------
    >>> [row["Looks at"] for row in detector_record(series=5).rows]
    ["Skyline's vote", 'the same hour on other days']
    """
    rates = detection_rates(np.random.default_rng(9), _HEIGHT, series=series, days=5, season=1)
    drawn, rows = [], []
    for found in rates:
        if found.detector in _DETECTORS:
            words = _DETECTORS[found.detector]
            power, low, high = found.power.numbers()
            quiet, _, quiet_high = found.false_alarms.numbers()
            written = f"{power * series:.0f} of {series}"
            drawn.append((words[0].upper() + words[1:], power, written, BLUE))
            rows.append(
                {
                    "Looks at": words,
                    "Faults found": f"{written} ({share(low)} to {share(high)})",
                    "False alarms": f"{quiet * series:.0f} of {series} (up to {share(quiet_high)})",
                }
            )
    alt = f"Bars: faults found, of {series}. " + " ".join(f"{words}: {n}." for words, _, n, _ in drawn)
    sentence = (
        f"{count(series, 'simulated day')} ended in a fault of thirty seconds, {_HEIGHT:g} times the "
        "noise. The bars show how many were found."
    )
    return Picture(bars(drawn, alt, highest=1.0), alt, sentence, tuple(rows))

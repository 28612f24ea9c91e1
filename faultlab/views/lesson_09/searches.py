"""What looking at everything finds: comparisons at every deploy, and detectors beside each other."""

from __future__ import annotations

import numpy as np

from faultlab.cases.etsy import compared_days
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
    drawn, rows = [], []
    for words, right in (
        ("There is a culprit", 1.0),
        ("The top of the list names it", found.on_top.value),
        ("It survives a correction for so many comparisons", found.left.value),
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
        f"The top of the list names the culprit on {share(found.on_top.value)} of days "
        f"(90 % range: {share(found.on_top.low)} to {share(found.on_top.high)})."
    )
    return Picture(bars(drawn, alt, highest=1.0), alt, sentence, tuple(rows)), found.on_top.value


def detector_record(series: int = 100, seed: int = 9) -> Picture:
    """Draw how many clear faults a vote of simple tests finds, and how many a baseline by the hour.

    Parameters
    ----------
    series : int
        Simulated days with a fault at the end, and as many without.
    seed : int

    Returns
    -------
    Picture

    Examples
    --------
    >>> [row["Looks at"] for row in detector_record(series=5).rows]
    ["Skyline's vote", 'the same hour on other days']
    """
    rates = detection_rates(np.random.default_rng(seed), _HEIGHT, series=series, days=5, season=1)
    drawn, rows = [], []
    for found in rates:
        if found.detector in _DETECTORS:
            words, power, quiet = _DETECTORS[found.detector], found.power, found.false_alarms
            written = f"{power.value * series:.0f} of {series}"
            drawn.append((words[0].upper() + words[1:], power.value, written, BLUE))
            rows.append(
                {
                    "Looks at": words,
                    "Faults found": f"{written} ({share(power.low)} to {share(power.high)})",
                    "False alarms": f"{quiet.value * series:.0f} of {series} (up to {share(quiet.high)})",
                }
            )
    alt = f"Bars: faults found, of {series}. " + " ".join(f"{words}: {n}." for words, _, n, _ in drawn)
    sentence = (
        f"{count(series, 'simulated day')} ended in a fault of thirty seconds, {_HEIGHT:g} times the "
        "noise. The bars show how many were found."
    )
    return Picture(bars(drawn, alt, highest=1.0), alt, sentence, tuple(rows))

"""Two periods of the same length, drawn again and again: what luck does to an MTTR."""

from __future__ import annotations

import functools

import numpy as np

from faultlab.metrics.estimates import mttr_ratios
from faultlab.views.kit.chart import Axis, Chart, bars
from faultlab.views.kit.palette import GREEN, INK, ORANGE, QUIET
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.stack import stacked
from faultlab.views.kit.words import count, share

SPREAD = 1.25
"""Standard deviation of the logarithm of repair times; studies of companies found 1.0 to 1.5."""

MOST_PAIRS, FEWEST_PAIRS, DURATIONS = 20_000, 1_500, 1_000_000
"""Pairs of periods that are simulated: as many as fit in so many durations, so that a slider stays quick."""

EDGES = np.linspace(-1.0, 1.6, 53)
ENOUGH = 0.10
RARELY = 0.005
MORE = 157.5
"""Where the last column stands, which holds all that lies beyond."""


def observed_change(incidents: int, shorter_by: float) -> Picture:
    """What the MTTR seems to have done, over many pairs of periods that differ only by luck.

    Parameters
    ----------
    incidents : int
        In each of the two periods.
    shorter_by : float
        The true improvement, in percent.

    Returns
    -------
    Picture

    Examples
    --------
    >>> observed_change(12, 0).sentence
    'Nothing has changed, yet the MTTR looks at least 10 % better 44 % of the time.'
    """
    changes = (1 + _changes_by_luck(incidents)) * (1 - shorter_by / 100) - 1
    better = float((changes <= -ENOUGH).mean())
    worse = float((changes > 0).mean())
    heights, _ = np.histogram(np.clip(changes, EDGES[0], EDGES[-1]), EDGES)
    heights = heights / len(changes)

    top = 0.4 if heights.max() > 0.12 else 0.12
    chart = Chart(
        Axis(-100, 160, "Observed change in the MTTR, in percent", (-50, 0, 50, 100, MORE), _signed),
        Axis(0, top, "Share of pairs", tuple(top * i / 4 for i in range(5)), share),
    )
    for low, high, height in zip(EDGES[:-1], EDGES[1:], heights, strict=True):
        colour = GREEN if high <= -ENOUGH + 1e-9 else ORANGE if low >= -1e-9 else QUIET
        chart.column(100 * low, 100 * high, height, colour)
    chart.rule(0, INK, "looks worse →")
    chart.rule(-10, INK, "← looks better", "end")

    if shorter_by:
        sentence = f"Repairs really are {shorter_by:g} % faster, yet the MTTR looks worse "
        sentence += f"{share(worse)} of the time."
        if worse < RARELY:
            sentence = f"Repairs really are {shorter_by:g} % faster, and the MTTR hardly ever looks worse."
    else:
        sentence = (
            f"Nothing has changed, yet the MTTR looks at least 10 % better {share(better)} of the time."
        )
    alt = (
        f"A histogram of the change in the MTTR between two periods of {count(incidents, 'incident')} each: "
        f"at least 10 % better in {share(better)}, worse in {share(worse)} of {len(changes):,} pairs; "
        f"the true change is {-shorter_by:g} %."
    )
    rows = (
        {"The MTTR looks": "at least 10 % better", "Share of pairs": share(better)},
        {"The MTTR looks": "about the same (0 to 10 % better)", "Share of pairs": share(1 - better - worse)},
        {"The MTTR looks": "worse", "Share of pairs": share(worse)},
    )
    looks = bars([("Looks at least 10 % better", better, share(better), GREEN)], alt, highest=1.0)
    return Picture(stacked([looks, chart.svg(alt)], alt), alt, sentence, rows)


def _signed(percent):
    if percent == MORE:
        return "more"
    return f"{percent:+g} %" if percent else "0 %"


@functools.lru_cache(maxsize=16)
def _changes_by_luck(incidents):
    """Simulated changes. One seed for all, so that a slider shows the setting and not other luck."""
    pairs = max(FEWEST_PAIRS, min(MOST_PAIRS, DURATIONS // (2 * incidents)))
    return mttr_ratios(incidents, SPREAD, rounds=pairs, seed=1) - 1

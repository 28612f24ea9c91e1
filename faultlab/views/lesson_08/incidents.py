"""Incidents drawn: when they came, how long they lasted, and what they add up to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib import pyplot

from faultlab.metrics.estimates import percent
from faultlab.metrics.reports import measure
from faultlab.views.kit.figures import house_style
from faultlab.views.kit.palette import BLUE, GREEN, INK, ORANGE, PAGE, PURPLE, RED
from faultlab.views.kit.words import span

if TYPE_CHECKING:
    from datetime import datetime

    from matplotlib.figure import Figure

    from faultlab.metrics.incidents.table import IncidentLog

NOT_KNOWN = "not known"
"""In a table: no repair, or no time up, in the window."""
MARKERS = ("o", "s", "^", "D", "v")
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, RED)
MINUTES = {1: "1 min", 10: "10 min", 60: "1 h", 480: "8 h", 2880: "2 days", 14400: "10 days"}


def incidents_over_time(log: IncidentLog) -> Figure:
    """Every incident as a mark: its day to the right, its length upwards, on a scale of equal ratios.

    Parameters
    ----------
    log : faultlab.metrics.IncidentLog
        At most five services.

    Returns
    -------
    matplotlib.figure.Figure
    """
    with house_style():
        drawing, axes = pyplot.subplots(figsize=(6.4, 3.8))
        for service, marker, colour in zip(log.services, MARKERS, COLOURS, strict=False):
            mine = [incident for incident in log.of(service) if incident.end is not None]
            axes.scatter(
                [i.start for i in mine],  # type: ignore[arg-type]  # it takes times, but does not say so
                [i.minutes for i in mine],  # type: ignore[arg-type]  # those that are over have a length
                marker=marker,
                color=colour,
                s=26,
                label=service,
            )
        axes.set_yscale("log")
        _minutes_upwards(axes.yaxis)
        axes.legend(ncols=3, loc="lower left", bbox_to_anchor=(0, 1), frameon=False)
        drawing.autofmt_xdate()
    return drawing


def durations(minutes: Sequence[float]) -> Figure:
    """A histogram of durations on a scale of equal ratios, with the median and the mean.

    Parameters
    ----------
    minutes : sequence of float
        All above 0.

    Returns
    -------
    matplotlib.figure.Figure
    """
    ordered = sorted(minutes)
    half = len(ordered) // 2
    median = ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
    mean = math.fsum(ordered) / len(ordered)
    low, high = math.floor(math.log10(ordered[0])), math.ceil(math.log10(ordered[-1]))
    edges = [10 ** (low + step / 4) for step in range(4 * (high - low) + 1)]
    with house_style():
        drawing, axes = pyplot.subplots(figsize=(6.4, 3.4))
        axes.hist(ordered, edges, color=BLUE, edgecolor=PAGE)
        axes.set_xscale("log")
        _minutes_upwards(axes.xaxis)
        top = axes.get_ylim()[1]
        for at, words, side in ((median, "median", "right"), (mean, "mean", "left")):
            axes.axvline(at, color=INK, linestyle="--", linewidth=1.5)
            axes.text(at, top, f" {words} {span(at)} ", ha=side, va="bottom", color=INK)
        axes.set_ylabel("Outages")
    return drawing


def measured(log: IncidentLog, start: datetime | str, end: datetime | str) -> list[dict]:
    """Rows of a table: what each service's incidents say about a window, with their ranges.

    Returns
    -------
    list of dict
    """
    rows = []
    for service in log.services:
        seen = measure(log.of(service), start, end)
        rows.append(
            {
                "Service": service,
                "Incidents": seen.incidents,
                "MTTR (minutes)": _ranged(seen.mttr_minutes, "{:.0f}"),
                "Median": NOT_KNOWN if seen.repairs is None else span(seen.repairs.median),
                "Longest 10 % exceed": NOT_KNOWN if seen.repairs is None else span(seen.repairs.p90),
                "MTBF (days)": _ranged(seen.mtbf_hours, "{:.0f}", 1 / 24),
                "Availability": _available(seen.availability),
            }
        )
    return rows


def _ranged(estimate, write, factor=1.0):
    """A value with its range; an end that nothing is known of stays open."""
    if estimate.value is None:
        return NOT_KNOWN
    low, value, high = (
        "…" if v is None else write.format(v * factor) for v in (estimate.low, estimate.value, estimate.high)
    )
    return f"{value} ({low}–{high})"


def _available(estimate):
    if estimate.value is None:
        return NOT_KNOWN
    ends = ("…" if end is None else _bare(end) for end in (estimate.low, estimate.high))
    return f"{percent(estimate.value)} ({'–'.join(ends)})"


def _bare(availability):
    return percent(availability).removesuffix(" %")


def _minutes_upwards(axis):
    axis.set_ticks(list(MINUTES), labels=list(MINUTES.values()))
    axis.set_ticks([], minor=True)

"""Incidents, and the time a service was down because of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

import numpy as np

from faultlab.errors import BadInput
from faultlab.metrics.incidents.times import read_time


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident; all times carry a zone.

    `end` is None while the incident is open, `detected` is None when nobody wrote it down, `line` is the
    line in the file it was read from, and `failed_share` the share of requests that failed (1: all).
    """

    start: datetime
    end: datetime | None = None
    detected: datetime | None = None
    service: str = ""
    cause: str = ""
    line: int = 0
    failed_share: float = 1.0

    @property
    def minutes(self) -> float | None:
        """Minutes from start to end; None while open."""
        return None if self.end is None else (self.end - self.start).total_seconds() / 60

    @property
    def minutes_to_detect(self) -> float | None:
        """Minutes from start to detection; None when unknown."""
        return None if self.detected is None else (self.detected - self.start).total_seconds() / 60


def read_window(
    start: str | datetime | date, end: str | datetime | date, zone: str | tzinfo | None = None
) -> tuple[datetime, datetime]:
    """Return the two ends of a period as times in UTC; the end itself is outside.

    Parameters
    ----------
    start, end : str, datetime or date
        As in `read_time`; without an offset they are taken in `zone`, and in UTC when there is none.

    Raises
    ------
    BadInput
        If the period has no length.

    Examples
    --------
    >>> first, last = read_window("2026-01-01", "2026-02-01")
    >>> (last - first).days
    31
    """
    first, last = read_time(start, zone or "UTC"), read_time(end, zone or "UTC")
    if last <= first:
        raise BadInput(f"The period from {start} to {end} has no length; give an end after its start.")
    return first, last


def down_intervals(
    incidents: Iterable[Incident], start: str | datetime | date, end: str | datetime | date
) -> np.ndarray:
    """Return the stretches of a window in which at least one incident was going on.

    Overlapping and touching incidents are joined, so that no minute counts twice; incidents are cut at
    the edges of the window, and an open incident lasts to its end.

    Parameters
    ----------
    incidents : iterable of Incident
    start, end : str, datetime or date
        The window, see `read_window`.

    Returns
    -------
    numpy.ndarray of shape (m, 2)
        Minutes since the start of the window, in order, apart from each other.

    Examples
    --------
    >>> at = lambda text: read_time("2026-01-01T" + text, "UTC")
    >>> two = [Incident(at("01:00"), at("02:00")), Incident(at("01:30"), at("02:15"))]
    >>> down_intervals(two, "2026-01-01", "2026-01-02")
    array([[ 60., 135.]])
    """
    first, last = read_window(start, end)
    return merge_intervals(_minutes_since(incidents, first, last), (last - first).total_seconds() / 60)


def down_minutes(
    incidents: Iterable[Incident], start: str | datetime | date, end: str | datetime | date
) -> float:
    """Return the minutes of a window in which at least one incident was going on.

    >>> at = lambda text: read_time("2026-01-01T" + text, "UTC")
    >>> down_minutes([Incident(at("23:00"), None)], "2026-01-01", "2026-01-02")
    60.0
    """
    intervals = down_intervals(incidents, start, end)
    return float((intervals[:, 1] - intervals[:, 0]).sum())


def _minutes_since(incidents, first, last):
    """Return start and end of each incident as minutes since `first`; open ones end at `last`."""
    zero, close = first.timestamp(), last.timestamp()
    seconds = [
        (incident.start.timestamp(), close if incident.end is None else incident.end.timestamp())
        for incident in incidents
    ]
    return (np.array(seconds, dtype=float).reshape(-1, 2) - zero) / 60


def merge_intervals(intervals: np.ndarray | Sequence[Sequence[float]], length: float) -> np.ndarray:
    """Return the union of intervals, cut to [0, length]; intervals of no length drop out.

    Parameters
    ----------
    intervals : array of shape (n, 2)
    length : float

    Returns
    -------
    numpy.ndarray of shape (m, 2)

    Examples
    --------
    >>> merge_intervals(np.array([[5.0, 9.0], [-2.0, 1.0], [8.0, 30.0]]), 20.0)
    array([[ 0.,  1.],
           [ 5., 20.]])
    """
    clipped = np.clip(np.asarray(intervals, dtype=float).reshape(-1, 2), 0.0, length)
    clipped = clipped[clipped[:, 1] > clipped[:, 0]]
    if len(clipped) == 0:
        return np.empty((0, 2))
    clipped = clipped[np.argsort(clipped[:, 0], kind="stable")]
    reach = np.maximum.accumulate(clipped[:, 1])
    opens = np.concatenate(([True], clipped[1:, 0] > reach[:-1]))
    firsts = np.flatnonzero(opens)
    lasts = np.concatenate((firsts[1:] - 1, [len(clipped) - 1]))
    return np.column_stack((clipped[firsts, 0], reach[lasts]))

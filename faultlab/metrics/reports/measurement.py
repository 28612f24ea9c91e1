"""What the incidents of a period say: counts, down time, MTTR, MTTD, MTBF, availability."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np

from faultlab.metrics.budgets.error_budgets import minutes_down
from faultlab.metrics.estimates.distributions import CONFIDENCE
from faultlab.metrics.estimates.estimates import Estimate, availability_interval, durations_array, mtbf, mttr
from faultlab.metrics.incidents.stretches import down_intervals, read_window

if TYPE_CHECKING:
    from faultlab.metrics.incidents.stretches import Incident


@dataclass(frozen=True)
class Durations:
    """A set of durations in minutes: the mean beside what is typical and what is bad."""

    count: int
    mean: float
    median: float
    p90: float
    longest: float
    total: float


@dataclass(frozen=True)
class Measurement:
    """What the incidents of a window say.

    An incident belongs to the window in which it starts, so that it is counted once however time is cut
    into periods; its down time belongs to the windows in which it falls. `incidents` counts those that
    start in the window, `open_incidents` those among them that have no end, `carried_in` those that
    started before and still went on. Two incidents at the same time count as two, and their common
    minutes once.
    """

    start: datetime
    end: datetime
    hours: float
    incidents: int
    open_incidents: int
    carried_in: int
    down_minutes: float
    repairs: Durations | None
    detections: Durations | None
    availability: Estimate
    mttr_minutes: Estimate
    mttd_minutes: Estimate
    mtbf_hours: Estimate
    minutes_down_per_year: Estimate


def measure(
    incidents: Iterable[Incident],
    start: str | datetime | date,
    end: str | datetime | date,
    confidence: float = CONFIDENCE,
) -> Measurement:
    """Return availability, MTTR, MTTD and MTBF of a window, each with its interval.

    Parameters
    ----------
    incidents : iterable of Incident
    start, end : str, datetime or date
        The window, see `read_window`; `end` itself is outside.
    confidence : float
        Of every interval, 0.9 unless said otherwise.

    Returns
    -------
    Measurement

    Examples
    --------
    >>> from faultlab.metrics.incidents import read_incidents
    >>> log = read_incidents('''start,end
    ... 2026-01-05T10:00Z,2026-01-05T10:30Z
    ... 2026-01-19T08:00Z,2026-01-19T09:30Z
    ... ''')
    >>> january = measure(log, "2026-01-01", "2026-02-01")
    >>> january.incidents, january.down_minutes, january.mttr_minutes.value, january.mtbf_hours.value
    (2, 120.0, 60.0, 371.0)
    """
    first, last = read_window(start, end)
    incidents = list(incidents)
    mine = [i for i in incidents if first <= i.start < last]
    carried_in = sum(i.start < first and (i.end is None or i.end > first) for i in incidents)
    repairs = [i.minutes for i in mine if i.minutes is not None]
    detections = [i.minutes_to_detect for i in mine if i.minutes_to_detect is not None]
    stretches = down_intervals(incidents, first, last)
    down = float((stretches[:, 1] - stretches[:, 0]).sum())
    window_minutes = (last - first).total_seconds() / 60
    up_hours = (window_minutes - down) / 60

    still_open = len(mine) - len(repairs)
    repair = mttr(repairs, confidence)
    mttr_said = repair
    if still_open:
        some = f"{still_open} open incident{'s' if still_open > 1 else ''}"
        mttr_said = repair.with_method(f"{repair.method}; {some} left out, so the truth is longer")
    detection = mttr(detections, confidence)
    unknown = len(mine) - len(detections)
    if unknown and detections:
        detection = detection.with_method(f"{detection.method}; {unknown} not written down")
    if not detections:
        detection = detection.with_method("no time of detection is known")
    if up_hours > 0:
        between = mtbf(up_hours, len(mine), confidence)
    else:
        between = Estimate(None, None, None, confidence, "there was no time up in the window")
    available = availability_interval(down, window_minutes, len(mine), repairs, confidence)
    return Measurement(
        start=first,
        end=last,
        hours=window_minutes / 60,
        incidents=len(mine),
        open_incidents=still_open,
        carried_in=carried_in,
        down_minutes=down,
        repairs=summarise(repairs),
        detections=summarise(detections),
        availability=available,
        mttr_minutes=mttr_said,
        mttd_minutes=detection,
        mtbf_hours=between,
        minutes_down_per_year=minutes_down(available, "year"),
    )


def summarise(minutes: Iterable[float]) -> Durations | None:
    """Return mean, median, 90th percentile, longest and total of durations; None for no durations.

    Percentiles interpolate linearly between the two nearest durations.

    >>> summarise([10, 20, 30, 400]).mean, summarise([10, 20, 30, 400]).median
    (115.0, 25.0)
    """
    values = durations_array(minutes)
    if len(values) == 0:
        return None
    return Durations(
        count=len(values),
        mean=float(values.mean()),
        median=float(np.median(values)),
        p90=float(np.percentile(values, 90)),
        longest=float(values.max()),
        total=float(values.sum()),
    )

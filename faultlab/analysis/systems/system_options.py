"""What an option is worth: the time and the money that it saves, beside what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from faultlab.analysis.systems.system import Range
from faultlab.analysis.systems.system_ranges import SAMPLES, down_samples, sampled
from faultlab.analysis.systems.system_views import HOURS_A_YEAR, mission_hours, ninety, yearly_costs

if TYPE_CHECKING:
    from faultlab.analysis.systems.system import System


@dataclass(frozen=True)
class OptionReport:
    """An option, by the year.

    The middle of each range is at the likely values, nine in ten samples lie between its ends.
    `chance_of_paying` is the share of the samples in which it saves more than it costs;
    `minutes_saved` has every journey that it touches.
    """

    option: str
    cost_per_year: Range
    saved_per_year: Range
    gain_per_year: Range
    chance_of_paying: float
    minutes_saved: dict[str, float]


def option_report(system: System, option: str, seed: int = 0) -> OptionReport:
    """Return what an option saves, over all journeys, beside what it costs.

    Before and after are compared under the same random numbers: an uncertain part is as good, or as bad,
    in both. A journey's hour is worth what the model says, also while another journey is down. Journeys whose
    parts are given for a mission have no yearly figure and are left out.

    Parameters
    ----------
    system : System
    option : str
    seed : int

    Returns
    -------
    OptionReport

    Examples
    --------
    From 98 to 99 % is 87.6 hours a year, for each of two journeys of 1,000 an hour:

    >>> from faultlab.analysis.systems.system import Component, Journey, Option, System
    >>> after = {"availability": Range.point(0.99)}
    >>> shop = System("Shop", "EUR", {"disk": Component("disk", Range.point(0.98))},
    ...               journeys={name: Journey(name, ("disk",), Range.point(1000.0)) for name in "ab"},
    ...               options={"raid": Option("raid", Range.point(5000.0), {"disk": after})})
    >>> report = option_report(shop, "raid")
    >>> round(report.saved_per_year.likely), round(report.gain_per_year.likely), report.chance_of_paying
    (175200, 170200, 1.0)
    """
    bought = system.with_option(option)
    price = system.options[option].cost_per_year
    saved, likely, minutes = np.zeros(SAMPLES), 0.0, {}
    for name, journey in system.journeys.items():
        if mission_hours(system, name) is not None:
            continue
        before, after = (down_samples(one, name, SAMPLES, seed) for one in (system, bought))
        saved += yearly_costs(system, name, before - after, seed)
        difference = system.up_and_down(name)[1] - bought.up_and_down(name)[1]
        likely += difference * HOURS_A_YEAR * journey.worth_per_hour.likely
        if difference:
            minutes[name] = difference * HOURS_A_YEAR * 60
    gain = saved - sampled(price, f"option {option}.cost_per_year", SAMPLES, seed)
    return OptionReport(
        option=option,
        cost_per_year=price,
        saved_per_year=ninety(saved, likely),
        gain_per_year=ninety(gain, likely - price.likely),
        chance_of_paying=float(np.mean(gain > 0)),
        minutes_saved=minutes,
    )

"""A year of Kestrel under the monkey, to hold its days against the theory of the gaps."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from faultlab.cases.netflix.days import is_work_day
from faultlab.cases.netflix.groups import InstanceGroup
from faultlab.cases.netflix.kestrel import KESTREL_APPS, KESTREL_INSTANCES, KESTREL_MONKEY
from faultlab.cases.netflix.records import KillRecords
from faultlab.cases.netflix.schedule import kill_probability, schedule
from faultlab.cases.netflix.terminations import terminate
from faultlab.cases.netflix.theory import gap_mean
from faultlab.metrics.estimates import CONFIDENCE_OF_TRIALS, Estimate, normal_quantile


@dataclass(frozen=True)
class YearOfKills:
    """What happened in a year.

    Attributes
    ----------
    work_days : tuple of date
    kills : tuple
        (time, InstanceGroup, Instance) of every kill.
    stopped : dict
        From check to how many scheduled kills it stopped.
    """

    work_days: tuple
    kills: tuple
    stopped: dict

    def gaps(self, group):
        """The work days between two kills of a group, one after the other.

        Parameters
        ----------
        group : InstanceGroup
        """
        place = {day: at for at, day in enumerate(self.work_days)}
        at = [place[time.date()] for time, which, _ in self.kills if which == group]
        return [later - earlier for earlier, later in pairwise(at)]

    @property
    def groups(self):
        """The groups that lost an instance, sorted."""
        return sorted({group for _, group, _ in self.kills})


def year_of_kills(year, apps=None, instances=KESTREL_INSTANCES, config=KESTREL_MONKEY, seed=0, outage=None):
    """Play every work day of a year by the rules: schedule in the morning, all checks at each kill.

    Instances that were killed are replaced at once.

    Parameters
    ----------
    year : int
    apps : dict, optional
        From name to AppConfig; Kestrel's where it is left out.
    instances : iterable of Instance
    config : MonkeyConfig
        If it is leashed, the kills that would have been are returned.
    seed : int
    outage : callable, optional
        Gets a time and returns whether there is an outage.

    Returns
    -------
    YearOfKills

    Examples
    --------
    >>> found = year_of_kills(2026)
    >>> len(found.work_days), {group.app for group in found.groups} >= {"web", "search"}
    (261, True)
    >>> any(group.app == "payments" for group in found.groups)
    False
    """
    apps = KESTREL_APPS if apps is None else apps
    rng = np.random.default_rng(seed)
    kills, stopped = [], defaultdict(int)
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    days = tuple(day for day in days if day.year == year and is_work_day(day))
    running = replace(config, schedule_enabled=True)
    records = KillRecords()
    for day in days:
        for planned in schedule(day, running, apps, instances, rng):
            at = planned.time
            asked = None if outage is None else lambda at=at: outage(at)
            found = terminate(
                planned.group, at, running, apps, instances, records, lambda one: None, rng, asked
            )
            if found.killed or found.stopped_by == "leash":
                kills.append((at, planned.group, found.instance))
            else:
                stopped[found.stopped_by] += 1
    return YearOfKills(days, tuple(kills), dict(stopped))


@dataclass(frozen=True)
class GroupInYear:
    """A group's kills in a year beside what theory expects; gaps and their variance in work days.

    `gap` has a normal interval with theory's variance; it is None with fewer than two kills.
    """

    group: InstanceGroup
    kills: int
    gap: Estimate | None
    expected_gap: float
    expected_variance: float


def beside_theory(found, apps=None, confidence=CONFIDENCE_OF_TRIALS):
    """Set the gaps of a year beside those of theory, group by group.

    Parameters
    ----------
    found : YearOfKills
    apps : dict, optional
        The settings with which it was played; Kestrel's where it is left out.
    confidence : float

    Returns
    -------
    list of GroupInYear
        Gaps that the end of the year cut off are missing, which makes a mean of few gaps a little small.

    Examples
    --------
    >>> row = beside_theory(year_of_kills(2026))[-1]
    >>> row.group.app, row.expected_gap, row.gap.low < 2 < row.gap.high
    ('web', 2, True)
    """
    apps = KESTREL_APPS if apps is None else apps
    rows = []
    for group in found.groups:
        app, gaps = apps[group.app], found.gaps(group)
        variance, gap = gap_variance(app.mean_time), None
        if gaps:
            mean = sum(gaps) / len(gaps)
            half = normal_quantile((1 + confidence) / 2) * (variance / len(gaps)) ** 0.5
            gap = Estimate(mean, mean - half, mean + half, confidence, f"mean of {len(gaps)} gaps")
        rows.append(GroupInYear(group, len(gaps) + 1, gap, gap_mean(app.mean_time, app.min_time), variance))
    return rows


def gap_variance(mean_time):
    """Return the variance of the gap, in square work days: (1 - p) / p². The minimum doesn't change it.

    >>> gap_variance(5)
    20
    """
    kill_probability(mean_time)
    return mean_time * (mean_time - 1)

"""Two years of Kestrel's incidents, from a model that is written down.

Each service has incidents at a constant rate (a Poisson process). A cause is drawn by the shares that
Google reported for its outages of 2010-2017 (SRE Workbook, appendix C). Changes made by people fall
on working days from 8 to 18 h, four times in five. Repair times are lognormal. Detection takes a
lognormal time and never longer than the repair.

One service truly improves: from November 2025 repairs of `search` take 40 % of the time they took.
Nothing changes for the others. The seed was chosen (and only the seed) so that the second year of
`payments` looks better all the same: what chance does every other year to somebody.

Only `random.Random.random` is used, whose numbers are the same in every version of Python.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

from faultlab.metrics.estimates.distributions import normal_quantile
from faultlab.metrics.incidents.stretches import Incident
from faultlab.metrics.incidents.table import incidents_csv

YEAR_ONE = datetime(2024, 11, 1, tzinfo=UTC)
YEAR_TWO = datetime(2025, 11, 1, tzinfo=UTC)
END = datetime(2026, 11, 1, tzinfo=UTC)
SEED = 19652


@dataclass(frozen=True)
class ServiceModel:
    """How often a service fails a year, how long a typical repair takes, how widely repairs spread."""

    service: str
    incidents_a_year: float
    typical_minutes: float
    sigma: float
    typical_detection: float
    second_year_factor: float = 1.0


SERVICES = (
    ServiceModel("web", 9, 18, 1.0, 3),
    ServiceModel("search", 20, 55, 1.1, 9, second_year_factor=0.4),
    ServiceModel("basket", 10, 30, 1.2, 6),
    ServiceModel("checkout", 15, 35, 1.3, 5),
    ServiceModel("payments", 12, 40, 1.4, 8),
)

CAUSES = (
    ("release", 0.37, True),
    ("configuration", 0.31, True),
    ("user behaviour", 0.09, False),
    ("data pipeline", 0.06, False),
    ("provider change", 0.05, False),
    ("slow decay", 0.05, False),
    ("capacity", 0.05, False),
    ("hardware", 0.02, False),
)
"""Cause, share of incidents, and whether a person made a change at that moment."""


def kestrel_incidents(seed: int = SEED) -> list[Incident]:
    """Return Kestrel's incidents from November 2024 to October 2026, in the order of their starts.

    Parameters
    ----------
    seed : int
        Another seed gives another company with the same habits; a team of learners gets its own.

    Returns
    -------
    list of Incident

    Examples
    --------
    >>> incidents = kestrel_incidents()
    >>> sorted({i.service for i in incidents})
    ['basket', 'checkout', 'payments', 'search', 'web']
    """
    everything = []
    for model in SERVICES:
        # A stream of luck a service: changing one leaves the others as they were.
        luck = Random(f"{seed} {model.service}")
        for begin, finish, factor in ((YEAR_ONE, YEAR_TWO, 1.0), (YEAR_TWO, END, model.second_year_factor)):
            everything += _one_year(model, begin, finish, factor, luck)
    everything.sort(key=lambda incident: (incident.start, incident.service))
    return everything


def _one_year(model, begin, finish, factor, luck):
    incidents = []
    # Exponential gaps make a Poisson number of incidents.
    share_of_year = -math.log(1 - luck.random()) / model.incidents_a_year
    while share_of_year < 1:
        cause, by_a_person = _cause(luck)
        start = _moment(begin, finish, by_a_person, luck)
        minutes = max(2, round(_lognormal(model.typical_minutes * factor, model.sigma, luck)))
        found = min(minutes, round(_lognormal(model.typical_detection * factor, 0.9, luck)))
        failed = round(0.05 + 0.95 * luck.random() ** 1.5, 2)
        end = start + timedelta(minutes=minutes)
        detected = start + timedelta(minutes=found)
        incidents.append(Incident(start, end, detected, model.service, cause, 0, failed))
        share_of_year -= math.log(1 - luck.random()) / model.incidents_a_year
    incidents.sort(key=lambda incident: incident.start)
    # A service that is down can't fail again, and no incident runs on into the next year.
    apart = [
        first for first, second in pairwise(incidents) if first.end and first.end < second.start
    ] + incidents[-1:]
    return [incident for incident in apart if incident.end and incident.end < finish]


def _cause(luck):
    draw = luck.random()
    for cause, share, by_a_person in CAUSES:
        draw -= share
        if draw < 0:
            return cause, by_a_person
    return CAUSES[0][0], CAUSES[0][2]


def _moment(begin, finish, by_a_person, luck):
    days = (finish - begin).days
    working_hours = by_a_person and luck.random() < 0.8
    while True:
        day = begin + timedelta(days=int(luck.random() * days))
        if not working_hours or day.weekday() < 5:
            break
    first_minute, minutes = (8 * 60, 10 * 60) if working_hours else (0, 1440)
    return day + timedelta(minutes=first_minute + int(luck.random() * minutes))


def _lognormal(typical, sigma, luck):
    return typical * math.exp(sigma * normal_quantile(min(max(luck.random(), 1e-12), 1 - 1e-12)))


def kestrel_csv() -> str:
    """Return the text of course/data/kestrel_incidents.csv.

    >>> kestrel_csv().splitlines()[0]
    'start,end,detected,service,cause,failed_share'
    """
    return incidents_csv(kestrel_incidents())


def kestrel_raw_csv() -> str:
    """Return the last quarter of the same incidents as a tired export shows them.

    The incidents of August to October 2026, with these blemishes: a byte order mark; the web team
    writes times with the offset of Berlin; one cause has a comma in it; one incident stands twice; one
    overlaps the incident before it; one has its end before its start; one has no end; one time has no
    zone; one started in July, before the quarter.

    Returns
    -------
    str

    Examples
    --------
    >>> kestrel_raw_csv().startswith("\\ufeffstart,")
    True
    """
    quarter = [i for i in kestrel_incidents() if i.start >= datetime(2026, 8, 1, tzinfo=UTC)]
    header, *rows = incidents_csv(quarter).splitlines()
    rows = [_with_berlin_offset(row) if ",web," in row else row for row in rows]
    third = quarter[3]
    assert third.end is not None  # the model ends each of its incidents
    inside = third.start + (third.end - third.start) / 2
    later = third.end + timedelta(minutes=25)
    overlap = incidents_csv([Incident(inside, later, None, third.service, third.cause, 0, 0.4)]).splitlines()[
        1
    ]
    rows[4:4] = [overlap, rows[1]]
    rows[2] = rows[2].replace(f",{quarter[2].cause},", f',"{quarter[2].cause}, then a full disk",')
    rows.insert(0, "2026-07-31T23:20Z,2026-08-01T00:50Z,2026-07-31T23:31Z,checkout,capacity,0.6")
    rows.insert(9, "2026-09-16T14:40Z,2026-09-16T13:55Z,,basket,release,0.3")
    rows.insert(12, "2026-10-02 09:15,2026-10-02 09:50,,search,configuration,0.2")
    rows.append("2026-10-31T21:30Z,,2026-10-31T21:41Z,payments,provider change,0.5")
    return "\ufeff" + "\n".join([header, *rows]) + "\n"


def _with_berlin_offset(row):
    stamps, rest = row.split(",")[:3], row.split(",")[3:]
    moved = []
    for stamp in stamps:
        moment = datetime.fromisoformat(stamp)
        # Berlin is two hours ahead until 25 October 2026, 01:00 UTC, and one hour after.
        hours = 2 if moment < datetime(2026, 10, 25, 1, tzinfo=UTC) else 1
        moved.append(f"{moment + timedelta(hours=hours):%Y-%m-%dT%H:%M}+0{hours}:00")
    return ",".join(moved + rest)

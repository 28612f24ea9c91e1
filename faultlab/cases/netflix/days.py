"""Work days as Chaos Monkey counts them: Monday to Friday, and no holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

from faultlab.errors import BadInput, is_whole
from faultlab.metrics.incidents import read_zone


def is_work_day(day: date) -> bool:
    """Whether a date, or a time where its zone is, falls on Monday to Friday; Chaos Monkey knows no holidays.

    >>> from datetime import date
    >>> is_work_day(date(2026, 12, 25)), is_work_day(date(2026, 12, 26))
    (True, False)
    """
    return day.isoweekday() <= 5


def no_kills_since(
    days: int, now: datetime, end_hour: int = 15, tz: str | tzinfo = "America/Los_Angeles"
) -> datetime:
    """Return the cut-off of the minimum time: a kill at this time or later forbids another one now.

    Parameters
    ----------
    days : int
        Minimum time between kills in work days, from 0.
    now : datetime
        With its zone; any zone will do.
    end_hour : int
        End of the work day, 0 to 23, where `tz` is.
    tz : str or tzinfo

    Returns
    -------
    datetime
        In `tz`: the end of the work day that lies so many work days back. With 0 days it is today's end
        (or that of Friday, at a weekend), so that no kill before it forbids anything.

    Raises
    ------
    BadInput
        For a `now` without a zone, an hour that isn't one, or fewer than 0 days.

    References
    ----------
    Netflix/chaosmonkey, mysql/mysql.go and mysql/no_kills_since_test.go.

    Examples
    --------
    The clocks went forward on the Sunday in between.

    >>> now = datetime.fromisoformat("2016-03-14T12:35:46-07:00")
    >>> no_kills_since(1, now).isoformat()
    '2016-03-11T15:00:00-08:00'
    """
    if not is_whole(days, 0):
        raise BadInput(f"The minimum time between kills is 0 working days or more, not {days!r}.")
    if not isinstance(end_hour, int) or not 0 <= end_hour <= 23:
        raise BadInput(f"The working day ends at an hour from 0 to 23, not {end_hour!r}.")
    if not isinstance(now, datetime) or now.utcoffset() is None:
        raise BadInput(f"The time {now!s} has no zone; give one, as in datetime.now(UTC).")
    zone = read_zone(tz) if isinstance(tz, str) else tz
    moment = now.astimezone(UTC)
    left = days
    try:
        while True:
            local = moment.astimezone(zone)
            if is_work_day(local):
                if left == 0:
                    return local.replace(hour=end_hour, minute=0, second=0, microsecond=0, fold=0)
                left -= 1
            # 24 hours, as in the Go code, and not "the day before": where the clocks change on a work day
            # the two differ, and Chaos Monkey's is this one.
            moment -= timedelta(hours=24)
    except OverflowError:
        raise BadInput(f"{days} working days before {now!s} there is no calendar; give fewer days.") from None

"""Chaos Monkey in pictures: a year of kills, a hunt as customers met it, and what theory leaves out."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import lru_cache

from faultlab.cases.netflix import (
    answered_share,
    chance_of_a_kill,
    gap_mean,
    is_work_day,
    kill_days,
    kills_a_week,
    lost_to_detection,
    monkey_trial,
    recorded_trial,
    undetected_share,
)
from faultlab.design.experiments import verdict
from faultlab.metrics.estimates import k_of_n_unavailability, minutes_in, steady_unavailability
from faultlab.views.kit.chart import Axis, Chart, bars, document, text
from faultlab.views.kit.palette import BLUE, GREEN, GREY_TINT, INK, ORANGE, PAGE, PURPLE, QUIET, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.stack import stacked
from faultlab.views.kit.words import count, share, span, written_out

YEAR = 2026
SEED = 5
SHARED = 0.05
"""The share of a server's failures that hit all three."""
LASTS = 18
"""Seconds, about, of a live trial."""
VERDICTS = {
    "held": "the hypothesis survived, this time",
    "refuted": "the hypothesis is refuted",
}
HUNTS = {"as it is": "monkey", "with one retry": "monkey_with_a_retry"}

_DAYS = [date(YEAR, 1, 1) + timedelta(days=n) for n in range(365)]
_WORK_DAYS = [day for day in _DAYS if is_work_day(day)]
_LEFT, _TOP, _CELL, _ROW = 44, 52, 7.75, 20


def year_of_one_group(mean_time: int, min_time: int) -> Picture:
    """One group of instances, one year, every kill.

    Parameters
    ----------
    mean_time, min_time : int
        As an owner sets them, in working days.

    Returns
    -------
    Picture

    Examples
    --------
    >>> year_of_one_group(5, 1).sentence
    'On average there are 5 working days between kills. The chance of at least one kill in a week is 67 %.'
    """
    killed = {_WORK_DAYS[n] for n in kill_days(mean_time, min_time, len(_WORK_DAYS), SEED)}
    gap, chance = gap_mean(mean_time, min_time), chance_of_a_kill(mean_time)
    expected = len(_WORK_DAYS) / 5 * kills_a_week(mean_time, min_time)
    parts = [
        text(4, 18, f"{count(len(killed), 'kill')} in this year; in theory about {expected:.0f}", 14),
    ]
    parts += _months()
    for row, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")):
        parts.append(text(4, _TOP + row * _ROW + 15, name, 13, QUIET))
    parts += [_day(day, day in killed) for day in _DAYS]
    bottom = _TOP + 7 * _ROW + 18
    parts.append(_mark(12, bottom - 5, ORANGE))
    parts.append(text(22, bottom, "a kill", 13, INK))
    parts.append(text(84, bottom, "Saturday and Sunday: never", 13, QUIET))
    sentence = (
        f"On average there {'is' if gap == 1 else 'are'} {count(gap, 'working day')} between kills. "
        f"The chance of at least one kill in a week is {_percent(chance)}."
    )
    if min_time > 1:
        sentence = (
            f"On average there are {count(gap, 'working day')} between kills, not {mean_time}: the minimum "
            f"adds {min_time - 1}. In a week with no kill just before it, the chance of at least one is "
            f"{_percent(chance)}."
        )
    alt = (
        f"A calendar of {YEAR} with {count(len(killed), 'kill')}, all on working days, at an average time of "
        f"{mean_time} and a minimum of {min_time} working days."
    )
    rows = (
        {"What": "Average time between kills, as set", "Value": count(mean_time, "working day")},
        {"What": "Average gap between two kills", "Value": count(gap, "working day")},
        {"What": "Chance of at least one kill in a week (no kill just before)", "Value": _percent(chance)},
        {"What": "Kills in a year, in theory", "Value": f"{expected:.1f}"},
        {"What": "Kills in this year", "Value": f"{len(killed)}"},
    )
    in_a_week = bars([("At least one kill in a week", chance, _percent(chance), ORANGE)], alt, highest=1.0)
    return Picture(stacked([in_a_week, document(parts, bottom + 14, alt)], alt), alt, sentence, rows)


def _column(day):
    return (day.timetuple().tm_yday - 1 + date(YEAR, 1, 1).weekday()) // 7


def _day(day, killed):
    x = _LEFT + _column(day) * _CELL
    y = _TOP + day.weekday() * _ROW
    if killed:
        return _mark(x + _CELL / 2, y + _ROW / 2, ORANGE)
    colour = GREY_TINT if is_work_day(day) else PAGE
    return f"<rect x='{x + 0.5:.1f}' y='{y + 1}' width='{_CELL - 1}' height='{_ROW - 2}' fill='{colour}'/>"


def _mark(x, y, colour):
    return (
        f"<rect x='{x - 3.4:.1f}' y='{y - 9:.1f}' width='6.8' height='18' fill='{colour}'/>"
        f"<circle cx='{x:.1f}' cy='{y:.1f}' r='1.8' fill='{PAGE}'/>"
    )


def _months():
    for month in (1, 3, 5, 7, 9, 11):
        first = date(YEAR, month, 1)
        yield text(_LEFT + _column(first) * _CELL, _TOP - 8, f"{first:%b}", 13, QUIET)


def hunt_as_seen(setting: str) -> Picture:
    """What customers got in a recorded run, while a server was killed every day.

    Parameters
    ----------
    setting : str
        "as it is" or "with one retry".

    Returns
    -------
    Picture

    Examples
    --------
    >>> hunt_as_seen("with one retry").sentence
    'With one retry: five servers were killed, and all requests were answered.'
    """
    return _as_seen(_recorded(HUNTS[setting]), setting)


def live_trial(retries: int = 0) -> Callable[..., list[dict]]:
    """The experiment on real processes, as the work of a `LongRun`; a recorded one where none can start.

    Parameters
    ----------
    retries : int
        0 or 1.

    Returns
    -------
    callable
    """

    def work(tell):
        with ThreadPoolExecutor(1) as pool:
            began, played = time.monotonic(), pool.submit(monkey_trial, retries)
            while not played.done():
                tell(min(0.99, (time.monotonic() - began) / LASTS))
                time.sleep(0.1)
        trial = played.result()
        found = verdict(trial.journal)
        picture = _as_seen(trial, "with one retry" if retries else "as it is")
        seen = answered_share(trial.run, from_t=trial.started)
        assert seen.value is not None  # customers ask all the time
        rows = [
            {"The experiment": "Hypothesis", "Result": "at least 99 % of requests are answered"},
            {"The experiment": "Verdict", "Result": VERDICTS.get(found.outcome, found.outcome)},
            {"The experiment": "Answered", "Result": f"{100 * seen.value:.1f} % of requests"},
            {"The experiment": "Servers killed", "Result": str(lost_to_detection(trial.run).kills)},
        ]
        if trial.run.recorded:
            rows.append({"The experiment": "Where", "Result": "a recorded run: no process can start here"})
        tell(1.0, rows, picture)
        return rows

    return work


def _as_seen(trial, setting):
    run, begin = trial.run, trial.started
    kills = [event.t for event in run.events if event.kind == "kill"]
    asked = [i for i in run.intervals if i.requests and i.t > begin]
    length = asked[-1].t - begin
    chart = Chart(
        Axis(0, length, "Seconds (a working day lasts 2.5 of them)", tuple(range(0, int(length) + 1, 2))),
        Axis(
            0.6,
            1.08,
            "Share of requests answered (hypothesis: 99 %)",
            (0.6, 0.7, 0.8, 0.9, 0.99),
            share,
        ),
        height=310,
    )
    chart.level(0.99, BLUE)
    for at in kills:
        chart.rule(at - begin, ORANGE, "kill", "start", "2 3")
    xs, ys = [], []
    for i in asked:
        xs += [max(0.0, i.t - i.seconds - begin), i.t - begin]
        ys += [1 - i.failed / i.requests] * 2
    chart.line(xs, ys, GREEN if setting == "with one retry" else RED)
    answered = 1 - sum(i.failed for i in asked) / sum(i.requests for i in asked)
    words = setting[0].upper() + setting[1:]
    share_answered = "all" if answered == 1 else f"{100 * answered:.1f} % of"
    who = "one server was" if len(kills) == 1 else f"{written_out(len(kills))} servers were"
    sentence = f"{words}: {who} killed, and {share_answered} requests were answered."
    after = "It falls after each kill" if answered < 0.99 else "It stays near 100 % throughout"
    alt = (
        f"A line of the share of answered requests over {length:.0f} seconds with {len(kills)} kills. "
        f"{after}. A dashed line marks the hypothesis, 99 %."
    )
    rows = tuple(
        {
            "From second": f"{max(0, i.t - i.seconds - begin):.1f}",
            "Requests": i.requests,
            "Failed": i.failed,
        }
        for i in asked
    )
    return Picture(chart.svg(alt), alt, sentence, rows)


@lru_cache(maxsize=4)
def _recorded(name):
    return recorded_trial(name)


def minutes_left_out(detection: float, retries: str, mtbf_days: float) -> Picture:
    """Where the minutes of a year are lost: to overlapping failures, to a common cause, or unnoticed.

    Kestrel's entrance needs 2 of 3 web servers; each takes 1.5 hours to repair, and 5 % of the failures have
    a cause that hits all three (the beta factor).

    Parameters
    ----------
    detection : float
        Seconds until a dead server gets no more requests.
    retries : str
        "no retry" or "one retry".
    mtbf_days : float
        Days between failures of one server.

    Returns
    -------
    Picture

    Examples
    --------
    >>> minutes_left_out(60, "no retry", 29).sentence.partition(", ")[0]
    'A year at this pace costs 56.5 minutes to common causes'
    """
    hours = 24 * mtbf_days
    year, down = minutes_in("year"), steady_unavailability(hours, 90)
    by_chance = year * k_of_n_unavailability(2, 3, (1 - SHARED) * down)
    by_one_cause = year * SHARED * down
    unnoticed = year * undetected_share(hours, detection, 1 if retries == "one retry" else 0)
    rows = [
        ("independent failures that overlap", by_chance, span(by_chance), BLUE),
        ("common causes that hit all three servers", by_one_cause, span(by_one_cause), BLUE),
        ("dead servers that still get requests", unnoticed, span(unnoticed), PURPLE),
    ]
    sentence = (
        f"A year at this pace costs {span(by_one_cause)} to common causes, {span(unnoticed)} to servers that "
        f"are dead but still get requests, and {span(by_chance)} to independent failures that overlap."
    )
    alt = (
        "Three bars of minutes lost a year: independent failures that overlap "
        f"{span(by_chance)}, common causes {span(by_one_cause)}, dead servers that still get requests "
        f"{span(unnoticed)}."
    )
    data = (
        {"What": "Fewer than 2 of 3 servers up, by independent failures", "A year": span(by_chance)},
        {"What": "A common cause has hit all three", "A year": span(by_one_cause)},
        {"What": "Requests sent to a dead server, as minutes without the shop", "A year": span(unnoticed)},
    )
    return Picture(bars(rows, alt, highest=80), alt, sentence, data)


def _percent(chance):
    return "100 %" if chance == 1 else f"{min(100 * chance, 99.9):.3g} %" if chance > 0.995 else share(chance)

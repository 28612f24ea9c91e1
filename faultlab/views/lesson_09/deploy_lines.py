"""A metric with a line at each deploy, as Etsy drew it, and which deploys the numbers suspect."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from faultlab.cases.etsy import deploy_day, first_suspect_right, watch_minutes
from faultlab.metrics.estimates import CONFIDENCE
from faultlab.metrics.graphs import suspects, which_deploy
from faultlab.views.kit.chart import Axis, Chart, bars
from faultlab.views.kit.palette import BLUE, QUIET, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import count, listed, share, written_out

if TYPE_CHECKING:
    from faultlab.cases.etsy.deploy_days import DeployDay
    from faultlab.cases.etsy.watched_minutes import WatchedMinutes

METRIC = "checkout ms"
SHOWN = ("deploys only", "deploys and suspects")
EFFECTS = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
DEPLOYS = (5, 10, 26, 50)
FROM, TO = 6 * 60, 20 * 60
"""What is drawn of the day; the numbers look at all of it."""
_EVERY = 5  # minutes that one point of the picture averages


@functools.lru_cache(maxsize=64)
def kestrel_day(effect: float = 1.5, deploys: int = 26) -> DeployDay:
    """Kestrel's day of deploys, of which one hurts; the same day for the same arguments."""
    return deploy_day(np.random.default_rng(1), deploys=deploys, effect=effect)


def clock(minute: int) -> str:
    """A minute of the day as people write it.

    >>> clock(958)
    '15:58'
    """
    return f"{minute // 60:02d}:{minute % 60:02d}"


def deploy_lines(effect: float, deploys: int, shown: str) -> Picture:
    """Draw the checkout's time over a day, a line at each deploy.

    Parameters
    ----------
    effect : float
        How much the bad deploy raises it, in standard deviations of its noise.
    deploys : int
        That day.
    shown : str
        One of `SHOWN`: whether the suspects are named.

    Returns
    -------
    Picture

    Examples
    --------
    >>> deploy_lines(3.0, 5, "deploys and suspects").sentence.partition(":")[0]
    'If a deploy was to blame, the data point to one suspect'
    """
    day = kestrel_day(effect, deploys)
    likely = which_deploy(day.metrics[METRIC], day.deploys)
    named = {name: likely[name] for name in suspects(likely)}
    if shown == SHOWN[0]:
        svg, alt = drawn_day(day, day.metrics[METRIC][FROM:TO], FROM)
        sentence = (
            f"Kestrel deployed {deploys} times between 08:00 and 18:00. One deploy slowed the checkout."
        )
        return Picture(svg, f"{alt} Nobody is named.", sentence, _table(day, {}))
    svg, alt = drawn_day(day, day.metrics[METRIC][FROM:TO], FROM, tuple(named))
    words = listed([f"{clock(day.deploys[name])} ({share(chance)})" for name, chance in named.items()])
    assert day.bad is not None  # Kestrel's day has one
    guilty = f"the one at {clock(day.deploys[day.bad])}"
    if len(named) == 1:
        found = f"one suspect: {words}. " + ("It was that one." if day.bad in named else f"It was {guilty}.")
    else:
        found = f"{written_out(len(named))} suspects: {words}. It was "
        found += f"{guilty}." if day.bad in named else f"none of these: it was {guilty}."
    sentence = f"If a deploy was to blame, the data point to {found}"
    return Picture(svg, f"{alt} Suspected: {words}. It was {guilty}.", sentence, _table(day, likely))


def suspect_record(effects: Sequence[float] = (0.5, 1.0, 1.5), days: int = 40) -> Picture:
    """Draw how often the first suspect is the culprit, by how much it slows the checkout.

    Parameters
    ----------
    effects : sequence of float
        In standard deviations of the noise.
    days : int
        Simulated for each.

    Returns
    -------
    Picture

    Examples
    --------
    >>> suspect_record((3.0,), days=5).rows[0]["First suspect right"]
    '5 of 5 days'
    """
    drawn, rows = [], []
    for effect in effects:
        right, least, most = first_suspect_right(effect, days).numbers()
        written = f"{right * days:.0f} of {days} days"
        words = f"Slowdown of {effect:g} × the noise"
        drawn.append((words, right, written, BLUE))
        rows.append(
            {
                "Slowdown, × noise": effect,
                "First suspect right": written,
                f"{share(CONFIDENCE)} range": f"{share(least)} to {share(most)}",
            }
        )
    alt = f"Bars: on how many of {days} days the first suspect was the culprit. "
    alt += " ".join(f"{words}: {written}." for words, _, written, _ in drawn)
    sentence = (
        f"Each bar stands for {days} simulated days with 26 deploys, one of them to blame. "
        "The smaller the slowdown, the more often the data point to the wrong deploy."
    )
    return Picture(bars(drawn, alt, highest=1.0), alt, sentence, tuple(rows))


def drawn_day(
    day: DeployDay, values: np.ndarray, first: int, named: Sequence[str] = (), last: int | None = None
) -> tuple[str, str]:
    """A metric from a minute of the day on, with the deploys; SVG and alternative text.

    Parameters
    ----------
    day : DeployDay
    values : array
        One a minute.
    first : int
        The minute of the day of the first value.
    named : sequence of str
        Deploys to point out.
    last : int, optional
        The minute at which the picture ends, where more values are to come.
    """
    values = np.asarray(values, dtype=float)
    every = _EVERY if len(values) > 240 else 1
    points = values[: len(values) // every * every].reshape(-1, every).mean(axis=1)
    if last is None:
        last, seen = first + len(values), points
    else:
        seen = np.concatenate([points, day.metrics[METRIC][first:last]])
    low, high = 10 * np.floor(seen.min() / 10), 10 * np.ceil(seen.max() / 10)
    hours = range(first, last + 1, 120 if last - first > 240 else 30)
    chart = Chart(
        Axis(first, last, "time of day", tuple(hours), clock),
        Axis(low, high, "Checkout response time, ms", (low, (low + high) / 2, high)),
        height=320,
    )
    for minute in day.deploys.values():
        if first <= minute < last:
            chart.rule(minute, QUIET, dash="2 3", width=1.3)
    chart.line(first + every * (np.arange(len(points)) + 0.5), points, BLUE)
    for name in named:
        if first <= day.deploys[name] < last:
            chart.rule(day.deploys[name], RED, dash="", width=2.5)
    entries = [("checkout", BLUE, ""), ("a deploy", QUIET, "2 3"), ("a suspect", RED, "")]
    chart.legend(*entries[: 3 if named else 2])
    inside = sum(first <= minute < last for minute in day.deploys.values())
    alt = (
        f"The checkout's response time from {clock(first)} to {clock(first + len(values))}, "
        f"between {low:.0f} and {high:.0f} ms, with {count(inside, 'deploy')} as vertical lines."
    )
    return chart.svg(alt), alt


def watched_picture(day: DeployDay, seen: WatchedMinutes, last: int | None = None) -> Picture:
    """Draw what the server flushed, minute by minute.

    Parameters
    ----------
    day : DeployDay
    seen : WatchedMinutes
    last : int, optional
        The minute at which the picture ends, where more is to come.

    Returns
    -------
    Picture
    """
    values = seen.timer("checkout.ms")
    svg, alt = drawn_day(day, values, seen.first, last=last)
    how = "as real packets to StatsD" if seen.by_network else "through StatsD's arithmetic, without a network"
    sentence = f"{seen.sent:,} requests went {how}. It adds up every minute; a dotted line is a deploy."
    rows = tuple(
        {"Minute": clock(seen.first + minute), "Checkout response time, ms": round(float(values[minute]), 1)}
        for minute in range(0, len(values), 10)
    )
    return Picture(svg, alt, sentence, rows)


def as_it_comes(day: DeployDay, first: int, last: int, pace: float = 0.1) -> Callable[..., list[dict]]:
    """Return the work of a `LongRun`: minutes of a day sent to StatsD and drawn, one after the other.

    Parameters
    ----------
    day : DeployDay
    first, last : int
        Minutes of the day, the last one not included.
    pace : float
        Seconds that a minute takes.
    """

    def work(tell):
        def flushed(seen):
            time.sleep(pace)
            tell(len(seen.flushes) / (last - first), picture=watched_picture(day, seen, last))

        watch_minutes(day, first, last, flushed=flushed)
        return []

    return work


def _table(day, likely):
    return tuple(
        {"Deploy": name, "At": clock(minute)} | ({"Suspicion": share(likely[name])} if likely else {})
        for name, minute in day.deploys.items()
    )

"""A fleet as it is now: the balancer, its workers on both sides of it, and what customers saw."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from faultlab.views.kit.chart import WIDTH, document, text
from faultlab.views.kit.lettering import width_of
from faultlab.views.kit.palette import (
    BLUE,
    BLUE_TINT,
    GREEN,
    GREEN_TINT,
    GREY_TINT,
    GRID,
    INK,
    ORANGE,
    ORANGE_TINT,
    QUIET,
    RED,
    RED_TINT,
)
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import count, share

if TYPE_CHECKING:
    from faultlab.live import Run


AVERAGED = 2.0
"""Seconds over which the numbers at the top are taken."""

SHOWN = 40.0
"""Seconds of history under the picture."""

BOX, GAP, BAR = 158, 22, 84
ROW, TOP = 52, 66
SPARK = 62
LOOKS = {
    "up": (GREEN, GREEN_TINT, "up"),
    "troubled": (ORANGE, ORANGE_TINT, "up"),
    "paused": (ORANGE, ORANGE_TINT, "paused"),
    "starting": (BLUE, BLUE_TINT, "starting"),
    "down": (RED, RED_TINT, "down"),
}


def fleet_picture(run: Run, running: bool = True) -> Picture:
    """Draw the last moment of a run.

    Parameters
    ----------
    run : faultlab.live.Run
        Cut it with `run.until(t)` to draw an earlier moment.
    running : bool
        Whether the fleet is still there.

    Returns
    -------
    Picture

    Examples
    --------
    >>> from faultlab.live import recorded_run
    >>> fleet_picture(recorded_run("kill_one_of_four").until(9.0)).sentence.split(":")[0]
    'Recorded run'
    """
    workers = run.intervals[-1].workers if run.intervals else ()
    recent = [i for i in run.intervals if i.t > run.length - AVERAGED and i.requests]
    seen = _seen(recent, run)
    middle = max(1, (len(workers) + 1) // 2) * ROW
    parts = [*_numbers(seen), *_balancer(middle, run), *_workers(workers, run)]
    spark_top = TOP + middle + 26
    parts += _history(run, spark_top)
    height = spark_top + 2 * SPARK + 66
    sentence = _sentence(run, seen, workers, running)
    alt = f"{sentence} {_in_words(workers)}".strip()
    return Picture(document(parts, height, alt), alt, sentence, tuple(_rows(workers, run)))


def latest_events(run: Run, number: int = 5) -> list[str]:
    """Return the last events in words, the newest first.

    >>> from faultlab.live import recorded_run
    >>> latest_events(recorded_run("kill_one_of_four"), 1)
    ['41 s: The fleet was ended.']
    """
    return [f"{event.t:.0f} s: {event.text}" for event in run.events[: -number - 1 : -1]]


def _seen(recent, run):
    """Requests a second, share of errors, p50 and p99 of the last moments; None where nobody asked."""
    if not recent:
        return None
    requests = sum(i.requests for i in recent)
    seconds = sum(i.seconds for i in recent)
    medians = [i.p50_ms for i in recent if i.p50_ms is not None]
    slowest = [i.p99_ms for i in recent if i.p99_ms is not None]
    return (
        requests / seconds,
        sum(i.failed for i in recent) / requests,
        statistics.median(medians) if medians else None,
        max(slowest, default=None),
    )


def _numbers(seen):
    rate, errors, p50, p99 = seen or (0.0, None, None, None)
    shown = (
        ("requests/s", f"{rate:.0f}", INK),
        ("fail", "–" if errors is None else share(errors), RED if errors else INK),
        ("half within (p50)", _time(p50), INK),
        ("99 % within (p99)", _time(p99), INK),
    )
    for (words, value, colour), x in zip(shown, (4, 106, 204, 330), strict=True):
        yield text(x, 28, value, 22, colour, weight="600")
        yield text(x, 47, words, 13, QUIET)


def _time(milliseconds):
    if milliseconds is None:
        return "–"
    return f"{milliseconds:.0f} ms" if milliseconds < 995 else f"{milliseconds / 1000:.1f} s"


def _balancer(height, run):
    x, y = (WIDTH - BAR) / 2, TOP
    down = any(e.kind == "exit" and e.worker == 0 for e in run.events[-6:]) and not any(
        e.kind == "ready" and e.worker == 0 for e in run.events[-6:]
    )
    colour, tint = (RED, RED_TINT) if down else (BLUE, BLUE_TINT)
    yield (
        f"<rect x='{x}' y='{y}' width='{BAR}' height='{height - 8}' rx='6' fill='{tint}' stroke='{colour}' "
        "stroke-width='2'/>"
    )
    middle = y + height / 2 - 4
    yield text(WIDTH / 2, middle - 2, "Load", 14, INK, "middle", "600")
    yield text(WIDTH / 2, middle + 15, "balancer", 14, INK, "middle", "600")
    if down:
        yield text(WIDTH / 2, middle + 32, "down", 13, RED, "middle", "600")


def _workers(workers, run):
    rates = _rates(run)
    for place, worker in enumerate(workers):
        right, row = place % 2, place // 2
        x = WIDTH - BOX - 4 if right else 4
        y = TOP + row * ROW
        colour, tint, words = LOOKS["troubled" if worker.state == "up" and worker.faults else worker.state]
        dash = "" if worker.state == "up" else " stroke-dasharray='6 3'"
        yield (
            f"<rect x='{x}' y='{y}' width='{BOX}' height='{ROW - 8}' rx='6' fill='{tint}' "
            f"stroke='{colour}' stroke-width='2'{dash}/>"
        )
        yield text(x + 10, y + 18, f"Worker {worker.worker}: {words}", 13, INK, weight="600")
        below = worker.faults[0] if worker.faults else f"{rates.get(worker.worker, 0):.0f} a second"
        if not worker.faults and worker.state in ("paused", "down", "starting"):
            below = {"paused": "doesn't respond", "down": "restart to come", "starting": "not ready yet"}[
                worker.state
            ]
        yield text(x + 10, y + 36, _fitting(below, BOX - 14), 13, colour if worker.faults else QUIET)
        yield from _link(x, y + (ROW - 8) / 2, right, worker.in_rotation)


def _fitting(words, width):
    """Words, cut where they don't fit; the table has them whole."""
    if width_of(words, 13) <= width:
        return words
    while width_of(f"{words}…", 13) > width:
        words = words[:-1]
    return f"{words.rstrip()}…"


def _link(x, y, right, in_rotation):
    """The way between the balancer and a worker: a line in rotation, a gap with a cross out of it."""
    start, end = (x - GAP - 3, x) if right else (x + BOX, x + BOX + GAP + 3)
    if in_rotation:
        yield f"<line x1='{start}' x2='{end}' y1='{y}' y2='{y}' stroke='{BLUE}' stroke-width='3'/>"
        return
    middle = (start + end) / 2
    for sign in (1, -1):
        yield (
            f"<line x1='{middle - 6}' x2='{middle + 6}' y1='{y - 6 * sign}' y2='{y + 6 * sign}' "
            f"stroke='{RED}' stroke-width='3'/>"
        )


def _rates(run):
    """Requests a second that each worker got in the last moments."""
    recent = [i for i in run.intervals if i.t > run.length - AVERAGED]
    seconds = sum(i.seconds for i in recent) or 1.0
    found: dict[int, float] = {}
    for interval in recent:
        for worker in interval.workers:
            found[worker.worker] = found.get(worker.worker, 0) + worker.requests / seconds
    return found


def _history(run, top):
    """Two strips of the last seconds: requests a second, and the share that failed."""
    begin = max(0.0, run.length - SHOWN)
    left, right = 58, WIDTH - 8
    bins = _bins(run, begin)
    highest = _round_up(max((asked for _, _, asked, _ in bins), default=0))
    scale = (right - left) / SHOWN
    strips = (
        ("requests per second (dashed: a fault)", top + 18, highest, BLUE),
        ("failed", top + 40 + SPARK, 1.0, RED),
    )
    for which, (words, y, full, colour) in enumerate(strips):
        yield text(left, y - 5, words, 13, INK)
        yield f"<rect x='{left}' y='{y}' width='{right - left}' height='{SPARK - 14}' fill='{GREY_TINT}'/>"
        yield text(left - 6, y + 11, f"{full:g}" if which == 0 else "100 %", 13, QUIET, "end")
        yield text(left - 6, y + SPARK - 14, "0", 13, QUIET, "end")
        for start, end, asked, failed in bins:
            value = (asked, failed)[which] / full if full else 0
            tall = value * (SPARK - 14)
            if tall > 0:
                x, wide = left + (start - begin) * scale, max(1.0, (end - start) * scale - 0.6)
                yield (
                    f"<rect x='{x:.1f}' y='{y + SPARK - 14 - tall:.1f}' width='{wide:.1f}' "
                    f"height='{tall:.1f}' fill='{colour}'/>"
                )
        yield from _marks(run, begin, left, scale, y)
    floor = top + 40 + 2 * SPARK
    yield f"<line x1='{left}' x2='{right}' y1='{floor - 12}' y2='{floor - 12}' stroke='{GRID}'/>"
    for seconds in range(int(begin // 10 + 1) * 10 if begin else 0, int(begin + SHOWN) + 1, 10):
        x = left + (seconds - begin) * scale
        anchor = "start" if x < left + 12 else "end" if x > right - 12 else "middle"
        yield text(x, floor + 4, f"{seconds} s", 13, QUIET, anchor)


def _marks(run, begin, left, scale, y):
    """A dashed line where something was done to the fleet."""
    for event in run.events:
        if event.t >= begin and event.kind in ("kill", "pause", "fault"):
            x = left + (event.t - begin) * scale
            yield (
                f"<line x1='{x:.1f}' x2='{x:.1f}' y1='{y}' y2='{y + SPARK - 14}' stroke='{INK}' "
                "stroke-width='1.5' stroke-dasharray='4 3'/>"
            )


def _bins(run, begin):
    """Intervals since `begin`, short ones joined: start, end, requests a second, share that failed."""
    found, held = [], []
    for interval in run.intervals:
        if interval.t <= begin:
            continue
        held.append(interval)
        seconds = sum(i.seconds for i in held)
        if seconds >= 0.4:
            requests = sum(i.requests for i in held)
            failed = sum(i.failed for i in held) / requests if requests else 0.0
            found.append((max(begin, interval.t - seconds), interval.t, requests / seconds, failed))
            held = []
    return found


def _round_up(value):
    """The next round number: 10, 20, 50, 100 and so on."""
    step = 10.0
    while True:
        for factor in (1, 2, 5):
            if value <= factor * step:
                return factor * step
        step *= 10


def _sentence(run, seen, workers, running):
    begin = "Recorded run: " if run.recorded else ""
    if not workers:
        return f"{begin}the servers haven't been started." if running else f"{begin}no server is running."
    ended = "" if running or run.recorded else "The servers have stopped. Their last moment: "
    rotating = sum(worker.in_rotation for worker in workers)
    of = f"{rotating} of {count(len(workers), 'worker')} {'is' if rotating == 1 else 'are'} in rotation"
    if seen is None:
        return _capital(f"{begin}{ended}{of}; there is no traffic.")
    rate, errors, p50, p99 = seen
    fail = f"{share(errors)} of them failing" if errors else "none failing"
    times = f" Half are answered within {_time(p50)}, 99 % within {_time(p99)}." if p50 is not None else ""
    return _capital(f"{begin}{ended}{rate:.0f} requests a second, {fail}.{times} {of}.")


def _capital(words):
    return words[0].upper() + words[1:]


def _in_words(workers):
    said = []
    for worker in workers:
        faults = f" ({', '.join(worker.faults)})" if worker.faults else ""
        rotation = "in" if worker.in_rotation else "out of"
        said.append(f"worker {worker.worker} is {worker.state}{faults} and {rotation} rotation")
    return _capital("; ".join(said) + ".") if said else ""


def _rows(workers, run):
    rates = _rates(run)
    for worker in workers:
        yield {
            "Worker": worker.worker,
            "It is": worker.state,
            "Balancer": "in rotation" if worker.in_rotation else "out of rotation",
            "Requests a second": round(rates.get(worker.worker, 0.0), 1),
            "In flight": worker.in_flight,
            "Faults": ", ".join(worker.faults) or "none",
        }

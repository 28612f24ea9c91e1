"""Functions of lab 09: what StatsD makes of lines, when an alert is on, and whether a week ends in trouble."""

# Learners read `flush` as it stands here, so its names have no hints.
# mypy: disable-error-code="var-annotated"

import math
import statistics

from faultlab.cases.etsy import detector_trial
from faultlab.classroom.answers.kinds import Function, Misconception
from faultlab.classroom.answers.sandbox import Case
from faultlab.classroom.answers.scored import Scored
from faultlab.metrics.alerts import BurnRateAlert, minutes_firing
from faultlab.metrics.statsd import aggregate


def flush(lines):
    """Counters, gauges and timers of an interval, as StatsD adds them up."""
    counters, gauges, timers = {}, {}, {}
    for line in lines:
        key, _, rest = line.partition(":")
        value, kind, *rate = rest.split("|")
        if kind == "c":
            share = float(rate[0].lstrip("@")) if rate else 1.0
            counters[key] = counters.get(key, 0) + float(value) / share
        elif kind == "g":
            change = value[0] in "+-" and gauges.get(key)
            gauges[key] = (gauges[key] if change else 0) + float(value)
        else:
            timers.setdefault(key, []).append(float(value))
    found = {}
    for key, values in timers.items():
        values = sorted(values)
        inside = values[: math.floor(0.9 * len(values) + 0.5)]
        found[key] = {
            "mean": sum(values) / len(values),
            "median": statistics.median(values),
            "upper_90": inside[-1],
        }
    return {"counters": counters, "gauges": gauges, "timers": found}


def _by_the_daemon(lines):
    """The same from the course's StatsD, without the daemon's own counters."""
    flushed = aggregate(lines)
    figures = ("mean", "median", "upper_90")
    return {
        "counters": {key: n for key, n in flushed["counters"].items() if not key.startswith("statsd.")},
        "gauges": flushed["gauges"],
        "timers": {
            key: {name: data[name] for name in figures} for key, data in flushed["timer_data"].items()
        },
    }


def _another_flush(**change):
    """The daemon's answer with one thing done as people often do it."""

    def mistaken(lines):
        found = _by_the_daemon(change.get("lines", lambda given: given)(lines))
        times = {}
        for line in lines:
            if line.endswith("|ms"):
                times.setdefault(line.partition(":")[0], []).append(float(line.partition(":")[2][:-3]))
        for key, figures in found["timers"].items():
            change.get("timer", lambda figures, values: None)(figures, sorted(times[key]))
        return found

    return mistaken


def _median_is_mean(figures, values):
    figures["median"] = figures["mean"]


def _python_rounds(figures, values):
    inside = values[: round(0.9 * len(values))] if len(values) > 1 else values
    figures["upper_90"] = inside[-1]


def _lines(draw):
    def timers(key, count):
        return [f"{key}:{draw.integer(20, 900)}|ms" for _ in range(count)]

    def mixed(count):
        lines = timers("checkout.ms", count) + timers("search.ms", 5)
        lines += [f"orders:{draw.integer(1, 4)}|c" for _ in range(6)]
        lines += [f"views:1|c|@{draw.choice(['0.1', '0.25', '0.5'])}" for _ in range(4)]
        lines += [f"queue:{draw.integer(5, 40)}|g", f"queue:-{draw.integer(1, 4)}|g", "queue:+2|g"]
        return lines

    return [
        Case("nothing came", ([],)),
        Case("orders", (["orders:1|c", "orders:2|c", "orders:1|c"],)),
        Case("one of ten counted", (["views:1|c|@0.1", "views:2|c|@0.5"],)),
        Case("one time", (["page.ms:320|ms"],)),
        Case("five times: 4.5 of them are 90 %", (timers("page.ms", 5),)),
        Case("ten times", (timers("page.ms", 10),)),
        Case("a gauge, down and up", (["queue:333|g", "queue:-10|g", "queue:+4|g"],)),
        Case("a gauge that begins below zero", (["balance:-5|g"],)),
        Case("two gauges", (["a:7|g", "b:3|g", "a:2|g", "b:-1|g"],)),
        Case("some of everything", (mixed(25),)),
        Case("more of everything", (mixed(15),)),
    ]


aggregator_function = Function(
    name="aggregator_function",
    title="What StatsD makes of it",
    question=(
        'Write flush(lines). A line is "key:value|c" (add to a counter; with "|@0.1" behind it only one in ten was sent, '
        'so it counts ten times), "key:value|g" (set a gauge; a value with + or − changes it, if it has been set '
        'to anything but 0 before), or "key:value|ms" (a time). Return {{"counters": …, "gauges": …, "timers": …}}; each timer '
        "as mean, median and upper_90, the largest of the smallest 90 %. Of n times those are n × 0.9, rounded half "
        "up, as JavaScript does."
    ),
    points=3,
    reference=_by_the_daemon,
    solution=flush,
    cases=_lines,
    equivalent=("rate[-1]",),
    hints=(
        'line.partition(":") gives the key; the rest, split at "|", gives value, kind and perhaps "@0.1".',
        "A counter grows by value / rate. A gauge with a sign changes what is there; if nothing is there yet, it is set.",
        "statistics.median does the median; sorted(values)[math.floor(0.9 * n + 0.5) - 1] is upper_90.",
    ),
    misconceptions=(
        Misconception(
            "sampled counters counted once",
            _another_flush(lines=lambda lines: [line.partition("|@")[0] for line in lines]),
            "A line with |@0.1 stands for ten: only one of ten was sent. Divide the value by the rate.",
        ),
        Misconception(
            "a gauge is set to a negative number",
            _another_flush(
                lines=lambda lines: [
                    # what was there before a sign is forgotten: the last line of each gauge alone
                    line
                    for place, line in enumerate(lines)
                    if not (
                        line.endswith("|g")
                        and any(
                            later.endswith("|g") and later.partition(":")[0] == line.partition(":")[0]
                            for later in lines[place + 1 :]
                        )
                    )
                ]
            ),
            "For a gauge a sign means a change: queue:-10|g takes ten away. Only an unset gauge is set to −10.",
        ),
        Misconception(
            "mean for median",
            _another_flush(timer=_median_is_mean),
            "The median is the middle of the sorted times, not their mean: one slow request moves only the mean.",
        ),
        Misconception(
            "percentile of few points",
            _another_flush(timer=_python_rounds),
            "Python's round goes to the even neighbour: 4.5 becomes 4. StatsD rounds a half upwards: use floor(x + 0.5).",
        ),
    ),
)


def on_at(failed, total, allowed, times, long, short):
    """For each minute, whether both windows burn faster than `times` the allowed share."""
    found = []
    for minute in range(len(total)):
        on = True
        for window in (long, short):
            first = max(0, minute + 1 - window)
            came = sum(total[first : minute + 1])
            on = on and came > 0 and sum(failed[first : minute + 1]) > times * allowed * came
        found.append(on)
    return found


def _by_the_replay(failed, total, allowed, times, long, short):
    alert = BurnRateAlert(times, long / 60, short / 60)
    return minutes_firing(alert, 1 - allowed, failed, total).tolist()


def _one_window(failed, total, allowed, times, long, short):
    return [
        any(came[max(0, m + 1 - long) : m + 1])
        and sum(bad[max(0, m + 1 - long) : m + 1]) > times * allowed * sum(came[max(0, m + 1 - long) : m + 1])
        for bad, came in [(failed, total)]
        for m in range(len(total))
    ]


def _per_cent(failed, total, allowed, times, long, short):
    return on_at(failed, total, 0.01, times, long, short)


def _either(failed, total, allowed, times, long, short):
    pairs = zip(
        on_at(failed, total, allowed, times, long, long),
        on_at(failed, total, allowed, times, short, short),
        strict=True,
    )
    return [one or other for one, other in pairs]


def _outages(draw):
    def outage(name, share, length, allowed, times, a_minute=200, quiet=90, after=70):
        total = [a_minute + draw.integer(-9, 9) for _ in range(quiet + length + after)]
        failed = [0] * len(total)
        for minute in range(quiet, quiet + length):
            failed[minute] = round(share * total[minute])
        return Case(name, (failed, total, allowed, times, 60, 5))

    return [
        outage("everything fails for 20 minutes", 1.0, 20, 0.001, 14.4),
        outage("one in ten fails for an hour", 0.1, 60, 0.001, 14.4),
        outage("one in a hundred fails", 0.01, 80, 0.001, 14.4),
        outage("a low promise", 1.0, 30, 0.1, 14.4),
        outage("half of it fails, at 99 %", 0.5, 25, 0.01, 6.3),
        outage("a short one", 1.0, 3, 0.005, 2.7),
        Case("traffic that jumps, near the limit", (*_jumping(draw), 0.05, 2.0, 20, 4)),
        Case("the very first request fails", ([1] + [0] * 70, [1] * 71, 0.01, 14.4, 60, 5)),
        Case("no requests", ([0] * 80, [0] * 80, 0.001, 14.4, 60, 5)),
        Case("one failure at night", ([0] * 30 + [1] + [0] * 70, [1] * 101, 0.001, 14.4, 60, 5)),
    ]


def _jumping(draw):
    total = [draw.choice([1, 4, 30, 60]) for _ in range(120)]
    failed = [sum(draw.fraction() < 0.1 for _ in range(came)) for came in total]
    return failed, total


burn_function = Function(
    name="burn_function",
    title="When the alert is on",
    question=(
        "Write on_at(failed, total, allowed, times, long, short). failed and total are lists of requests, one number a "
        "minute; allowed is the share that may fail, such as 0.001. At the end of each minute look back over long "
        "minutes, this one included, and over short minutes. The alert is on if in both windows more than "
        "times × allowed of all requests failed. Where a window reaches back before the first minute it holds what "
        "there is; a window without requests is quiet. Return a list of True and False, one a minute."
    ),
    points=3,
    reference=_by_the_replay,
    solution=on_at,
    cases=_outages,
    equivalent=("came > -1",),
    hints=(
        "The window that ends with minute m is the slice [max(0, m + 1 - long) : m + 1].",
        "Compare sum(failed) with times * allowed * sum(total) of the slice: no division, and no division by zero.",
        "On only if both windows say so, and each has at least one request.",
    ),
    misconceptions=(
        Misconception(
            "one window is enough",
            _one_window,
            "That stays on for an hour after the outage. The short window ends it: both have to be above.",
        ),
        Misconception(
            "14.4 times as a percentage",
            _per_cent,
            "14.4 isn't a percentage: it multiplies the allowed share. At 0.1 % allowed the limit is 1.44 %.",
        ),
        Misconception(
            "either window",
            _either,
            "It has to be both. With either one, three bad minutes page, and the page stays.",
        ),
    ),
)


def trouble(week):
    """The last half hour beside the same half hour of the days before."""
    now = sum(week[-3:]) / 3
    before = [sum(week[end - 3 : end]) / 3 for end in range(144, len(week), 144)]
    return abs(now - statistics.median(before)) > 22


def _two_sigmas(week):
    return abs(week[-1] - statistics.fmean(week)) > 2 * statistics.pstdev(week)


def _rises_only(week):
    now = sum(week[-3:]) / 3
    before = [sum(week[end - 3 : end]) / 3 for end in range(144, len(week), 144)]
    return now - statistics.median(before) > 22


def _weeks(draw):
    return [
        Case(f"a fault of {height:g} times the noise", (height, draw.integer(1, 10_000)))
        for height in (5.0, 4.0, 4.0)
    ]


detector_function = Scored(
    name="detector_function",
    title="Is this a fault?",
    question=(
        "Write trouble(week): True if the last half hour is a fault. week is a list of 1,008 numbers, each the orders of "
        "ten minutes, for seven days, the newest last. A shop sells little at night and much in the evening; the noise "
        "is about 10. Each hidden week ends in half an hour that is either ordinary or a fault, upwards or downwards. "
        "Full points for being wrong as rarely as the course's own rule, none for being wrong as often as \"two standard "
        'deviations from the mean", in proportion in between.'
    ),
    points=3,
    reference=trouble,
    solution=trouble,
    baseline=_two_sigmas,
    measure="% wrong",
    cases=_weeks,
    drive=detector_trial,
    seconds=20.0,
    hints=(
        "An evening is unlike a night. What should the last half hour be compared with?",
        "A day has 144 points: week[-147:-144] is the same half hour yesterday. Take all six days, and their median.",
        "Average the last three points; alarm if they are more than about two noises from that median, either way.",
    ),
    misconceptions=(
        Misconception(
            "two standard deviations",
            _two_sigmas,
            "That is the simple rule itself. Its standard deviation includes the daily pattern, so it notices next to nothing.",
        ),
        Misconception(
            "only rises are trouble",
            _rises_only,
            "Half of the faults are drops. For a shop a drop is the worse one.",
        ),
        Misconception(
            "more alerts are safer",
            lambda week: True,
            "An alarm every time isn't an alarm: half of the weeks end well.",
        ),
    ),
)

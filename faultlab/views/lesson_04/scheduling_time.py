"""How long the scheduler takes, by the size of the cell: recorded by `python3 start.py bench borg`."""

from __future__ import annotations

import json
from importlib.resources import files

from faultlab.views.kit.chart import Axis, Chart
from faultlab.views.kit.palette import BLUE, ORANGE
from faultlab.views.kit.picture import Picture

DEVICES = {
    "all on": "all three",
    "no score cache": "without the scores that are kept",
    "no equivalence classes": "without sharing ratings among identical tasks",
    "neither of the two": "without these two",
    "no relaxed randomisation": "without the sample: every machine is looked at",
    "none": "none of the three",
}


def recorded_times() -> dict:
    """What the benchmark wrote down: `sizes`, `devices`, `compaction` and `peak_mb`.

    Returns
    -------
    dict

    Examples
    --------
    >>> [one["machines"] for one in recorded_times()["sizes"]]
    [1000, 2000, 5000, 10000]
    """
    text = files("faultlab.cases.borg").joinpath("recorded/borg_times.json").read_text(encoding="utf-8")
    return json.loads(text)


def scheduling_time() -> Picture:
    """Draw the recorded times of a cell filled from scratch, and of a pass for a hundred new tasks.

    Returns
    -------
    Picture

    Examples
    --------
    >>> scheduling_time().alt.startswith("Two lines over the number of machines")
    True
    """
    sizes = recorded_times()["sizes"]
    machines = [one["machines"] for one in sizes]
    whole, online = [one["seconds"] for one in sizes], [one["online"] for one in sizes]
    chart = Chart(
        Axis(900, 11_000, "Machines in the cell", (1000, 2000, 5000, 10_000), "{:,}".format, log=True),
        Axis(0.01, 100, "Seconds, on one core", (0.01, 0.1, 1, 10, 100), log=True),
    )
    chart.line(machines, whole, BLUE, label="everything from scratch")
    chart.line(machines, online, ORANGE, "7 4", label="a hundred new tasks")
    for xs, ys, colour in ((machines, whole, BLUE), (machines, online, ORANGE)):
        for x, y in zip(xs, ys, strict=True):
            chart.dot(x, y, colour)
    first, last = sizes[0], sizes[-1]
    sentence = (
        f"{last['machines']:,} machines and {last['tasks']:,} tasks from scratch: {last['seconds']:.0f} s, "
        f"{last['seconds'] / first['seconds']:.1f} times as long as a tenth of them."
    )
    alt = (
        f"Two lines over the number of machines, {first['machines']:,} to {last['machines']:,}, both axes "
        f"logarithmic. Filling the cell takes {first['seconds']:.1f} to {last['seconds']:.0f} s, "
        f"a pass for a hundred new tasks {first['online']:.2f} to {last['online']:.2f} s."
    )
    rows = tuple(
        {
            "Machines": one["machines"],
            "Tasks": one["tasks"],
            "From scratch, s": one["seconds"],
            "A hundred new tasks, s": one["online"],
        }
        for one in sizes
    )
    return Picture(chart.svg(alt), alt, sentence, rows)


def device_rows() -> list[dict]:
    """What each technique of the scheduler was worth, for a table.

    Returns
    -------
    list of dict
    """
    found = recorded_times()["devices"]
    return [
        {
            "Which techniques": words,
            "Machines rated": found[name]["rated"],
            "Seconds": f"{found[name]['seconds']:.1f}",
        }
        for name, words in DEVICES.items()
    ]

"""An OR gate's sum against the exact chance: fine for rare causes, absurd for common ones."""

from __future__ import annotations

import functools

from faultlab.analysis.engine import OR
from faultlab.analysis.fault_trees import FaultTree, solve
from faultlab.views.kit.chart import Axis, Chart
from faultlab.views.kit.palette import BLUE, GREEN, ORANGE
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import share

MOST = 20


def sum_and_truth(inputs: int, percent: float) -> Picture:
    """The chance that at least one of several causes happens, and the sum that is often taken for it.

    Parameters
    ----------
    inputs : int
        How many independent causes there are, 1 to 20.
    percent : float
        The chance of each.

    Returns
    -------
    Picture

    Examples
    --------
    >>> sum_and_truth(10, 10).sentence
    'Ten causes of 10 % each: added up 100 %, exactly 65 %.'
    """
    chance = percent / 100
    truth = [_exact(n, chance) for n in range(1, MOST + 1)]
    added = [n * chance for n in range(1, MOST + 1)]
    highest = max(1.2, min(2.0, added[-1] * 1.1))
    chart = Chart(
        Axis(1, MOST, "Causes, any of which is enough", (1, 5, 10, 15, 20)),
        Axis(0, highest, "Chance that at least one happens", (0, 0.25, 0.5, 0.75, 1), "{:.0%}".format),
    )
    ns = list(range(1, MOST + 1))
    inside = [n for n in ns if n * chance <= highest]
    leaves = inside[-1] < MOST  # at the top, where the axis is named
    chart.line(inside, [n * chance for n in inside], ORANGE, "7 4", "" if leaves else "added up")
    if leaves:
        chart.dot(inside[-1], inside[-1] * chance, ORANGE, "added up", radius=0, anchor="end")
    chart.line(ns, truth, BLUE)
    chart.dot(MOST, truth[-1] - 0.09 * highest, BLUE, "exact", radius=0, anchor="end")
    chart.dot(inputs, truth[inputs - 1], BLUE)
    if added[inputs - 1] <= highest:
        chart.dot(inputs, added[inputs - 1], ORANGE)
    chart.level(1.0, GREEN, "certain")
    many = {1: "One cause", 2: "Two causes", 3: "Three causes", 10: "Ten causes"}.get(
        inputs, f"{inputs} causes"
    )
    sentence = (
        f"{many} of {percent:g} % each: added up {_percent(added[inputs - 1])}, "
        f"exactly {_percent(truth[inputs - 1])}."
    )
    alt = (
        f"Two lines over 1 to {MOST} causes of {percent:g} % each. The dashed sum is straight and reaches "
        f"{_percent(added[-1])}; the exact line bends and reaches {_percent(truth[-1])}."
    )
    rows = tuple(
        {"Causes": n, "Added up": _percent(n * chance), "Exact": _percent(truth[n - 1])}
        for n in (1, 2, 5, 10, 20)
    )
    return Picture(chart.svg(alt), alt, sentence, rows)


def _exact(inputs, chance):
    return _solved(inputs).probability({f"cause {i}": chance for i in range(inputs)})[0]


@functools.lru_cache(maxsize=MOST)
def _solved(inputs):
    names = [f"cause {i}" for i in range(inputs)]
    return solve(FaultTree("one", {"one": OR(*names)}, dict.fromkeys(names, 0.5)))


def _percent(value):
    return share(value) if value < 0.0995 else f"{100 * value:.0f} %"

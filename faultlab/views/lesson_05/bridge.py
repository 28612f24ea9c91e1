"""The bridge: two lines with a cross link, the smallest arrangement that is neither series nor parallel."""

from __future__ import annotations

import networkx as nx

from faultlab.analysis.networks import terminal_reliability
from faultlab.analysis.systems import Block, Parallel, Series, spoken
from faultlab.metrics.estimates import downtime_minutes, parallel, percent, series
from faultlab.views.diagrams.block_layout import text_width
from faultlab.views.kit.chart import bars, document, text
from faultlab.views.kit.palette import BLUE, GREEN, INK, ORANGE, PAGE, PURPLE, QUIET, TEAL
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.stack import stacked
from faultlab.views.kit.words import span

ENDS = {
    "gateway_1": ("in", "upper"),
    "gateway_2": ("in", "lower"),
    "stock_1": ("upper", "out"),
    "stock_2": ("lower", "out"),
    "cross_link": ("upper", "lower"),
}
"""Each block as a link between two points of the bridge."""

PATHS = (
    ("gateway_1", "stock_1"),
    ("gateway_2", "stock_2"),
    ("gateway_1", "cross_link", "stock_2"),
    ("gateway_2", "cross_link", "stock_1"),
)
"""Every path through, none longer than it has to be: the minimal path sets."""


def bridge_as_paths() -> Parallel:
    """The bridge as a block diagram: its four paths in parallel, every block in two places."""
    return Parallel(tuple(Series(tuple(Block(name) for name in path)) for path in PATHS))


def bridge_availability(availability: float, link: float) -> float:
    """The exact availability of the bridge.

    Parameters
    ----------
    availability, link : float
        Of each of the four parts and of the cross link, as fractions.

    Examples
    --------
    >>> round(bridge_availability(0.9, 0.9), 10)
    0.97848
    """
    graph = nx.Graph()
    for name, (one, other) in ENDS.items():
        graph.add_edge(one, other, up=link if name == "cross_link" else availability)
    return terminal_reliability(graph, ("in", "out"), "up")


def bridge(availability: float, link: float) -> Picture:
    """The bridge with its exact availability beside three figures that are quicker to get.

    Parameters
    ----------
    availability, link : float
        In percent.

    Returns
    -------
    Picture

    Examples
    --------
    >>> bridge(90, 90).rows[0]["Availability"]
    '97.85 %'
    """
    part, cross = availability / 100, link / 100
    paths = [series([cross if name == "cross_link" else part for name in path]) for path in PATHS]
    cases = (
        ("Exact", bridge_availability(part, cross), BLUE),
        ("Four paths, taken as independent (wrong)", parallel(paths), ORANGE),
        ("Without the link: two lines", bridge_availability(part, 0.0), TEAL),
        ("With a link that never fails", bridge_availability(part, 1.0), GREEN),
    )
    minutes = {words: downtime_minutes(up) for words, up, _ in cases}
    rows = [(words, minutes[words], span(minutes[words]), colour) for words, _, colour in cases]
    exact, wrong = minutes["Exact"], minutes["Four paths, taken as independent (wrong)"]
    sentence = (
        f"The bridge is up {percent(cases[0][1], digits=3)} of the time: {span(exact)} down a year. "
        f"Counting four independent paths promises {span(wrong)}."
    )
    alt = (
        "Two lines side by side, gateway 1 to stock 1 and gateway 2 to stock 2, with a cross link between "
        "their middles. Bars of downtime a year: "
        + ", ".join(f"{words} {span(value)}" for words, value in minutes.items())
    )
    data = tuple(
        {
            "Method": words,
            "Availability": percent(up, digits=3),
            "Minutes down a year": round(minutes[words], 1),
        }
        for words, up, _ in cases
    )
    return Picture(stacked([_drawing(), bars(rows, alt)], alt), alt, sentence, data)


def _drawing():
    upper, lower, left, middle, right = 34, 134, 60, 230, 400
    halfway = (upper + lower) / 2
    lines = (
        f"M10 {halfway}H{left}M{left} {upper}V{lower}M{left} {upper}H{right}M{left} {lower}H{right}"
        f"M{right} {upper}V{lower}M{right} {halfway}H450M{middle} {upper}V{lower}"
    )
    marks = [f"<path d='{lines}' fill='none' stroke='{QUIET}' stroke-width='1.8'/>"]
    places = {
        "gateway_1": (145, upper),
        "gateway_2": (145, lower),
        "stock_1": (315, upper),
        "stock_2": (315, lower),
        "cross_link": (middle, halfway),
    }
    for name, (x, y) in places.items():
        words = spoken(name)
        wide = text_width(words) + 20
        colour = PURPLE if name == "cross_link" else INK
        marks.append(
            f"<rect x='{x - wide / 2:.1f}' y='{y - 15:.1f}' width='{wide:.1f}' height='30' rx='3' "
            f"fill='{PAGE}' stroke='{colour}' stroke-width='{3 if name == 'cross_link' else 1.6}'/>"
        )
        marks.append(text(x, y + 5, words, 14, colour, "middle"))
    for x in (10, 450):
        marks.append(
            f"<circle cx='{x}' cy='{halfway}' r='4' fill='{PAGE}' stroke='{INK}' stroke-width='1.8'/>"
        )
    marks.append(text(4, halfway - 10, "in", 13, QUIET))
    marks.append(text(456, halfway - 10, "out", 13, QUIET, "end"))
    return document(marks, 160, "The bridge.")

"""A journey's service graph: what stands on what, with the single points of failure marked.

Drawn in columns from the journey on the left (Sugiyama, Tagawa and Toda 1981): each part as far right as
the longest way to it, the order in a column by the mean place of its neighbours, and a line that passes a
column on its way gets a place of its own there, so that no line runs through a label.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from faultlab.analysis.systems import single_points_of_failure, spoken
from faultlab.views.diagrams.block_layout import text_width, wrapped
from faultlab.views.kit.chart import WIDTH, document, text
from faultlab.views.kit.palette import BLUE, BLUE_TINT, GREY_TINT, INK, PAGE, QUIET, RED, RED_TINT
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import written_out

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping, Sequence

    from faultlab.analysis.systems.system import System

SIZE = 13
LINE = 16
SWEEPS = 12
GAP = 9
"""Between two places in a column."""

LANE = 10
"""The height of a place through which a line passes."""

EDGE = 30
"""The width between two columns."""


def service_graph(system: System, journey: str) -> nx.DiGraph:
    """Return what a journey stands on as a directed graph.

    Parameters
    ----------
    system : System
    journey : str

    Returns
    -------
    networkx.DiGraph
        An edge goes from what needs to what is needed. Every node has `kind` (journey, service, group or
        component), `words`, and `single`: whether its failure alone stops the journey. A group counts as
        single where a common cause does; its `single` then is "common cause".
    """
    stops = set(single_points_of_failure(system, journey))
    graph = nx.DiGraph()
    top = f"journey {journey}"
    graph.add_node(top, kind="journey", words=spoken(journey), single="")
    waiting = [(top, need) for need in system.journey(journey).needs]
    while waiting:
        above, name = waiting.pop(0)
        known = name in graph
        graph.add_edge(above, name)
        if known:
            continue
        words, kind, single = spoken(name), "component", ""
        below: tuple[str, ...] = ()
        if name in system.services:
            kind, below = "service", system.services[name].needs
        elif name in system.groups:
            group = system.groups[name]
            kind, below = "group", group.among
            words += f" ({group.needs} of {group.copies})"
            single = "common cause" if f"{name}/shared" in stops else ""
        elif name in stops:
            single = "alone"
        graph.nodes[name].update(kind=kind, words=words, single=single)
        waiting += [(name, need) for need in below]
    return graph


def system_graph(system: System, journey: str) -> Picture:
    """Draw a journey's service graph with its single points of failure marked.

    Parameters
    ----------
    system : System
    journey : str

    Returns
    -------
    Picture
    """
    graph = service_graph(system, journey)
    columns, lines = columns_of(graph)
    places, height, width = _places(graph, columns)
    marks = [_curve([places[node] for node in line]) for line in lines]
    for node, data in graph.nodes(data=True):
        marks += _box(places[node], data)
    marks += _key(height)
    height += 62
    single = [data["words"] for _, data in graph.nodes(data=True) if data["single"] == "alone"]
    causes = [data["words"] for _, data in graph.nodes(data=True) if data["single"] == "common cause"]
    sentence = _sentence(journey, single, causes)
    needs = "; ".join(
        f"{data['words']} needs {', '.join(graph.nodes[n]['words'] for n in graph.successors(node))}"
        for node, data in graph.nodes(data=True)
        if graph.out_degree(node)
    )
    alt = f"What stands on what, from the journey on the left. {needs}. {sentence}"
    said = {"alone": "yes", "common cause": "yes, if all copies fail at once", "": "no"}
    rows = tuple(
        {
            "Part": data["words"],
            "Kind": data["kind"],
            "Needed by": graph.in_degree(node),
            "Stops the journey alone": said[data["single"]],
        }
        for node, data in graph.nodes(data=True)
        if data["kind"] in ("group", "component")
    )
    return Picture(document(marks, round(height), alt, round(width)), alt, sentence, rows)


def _sentence(journey, single, causes):
    words = spoken(journey)
    if not single:
        alone = f"No single part can stop the {words}."
    elif len(single) == 1:
        alone = f"One part can stop the {words} on its own."
    else:
        alone = f"{written_out(len(single)).capitalize()} parts can each stop the {words} on their own."
    if not causes:
        return alone
    if len(causes) == 1:
        return f"{alone} One group can{' too' if single else ''}, if a common cause hits all its copies."
    groups = f"{written_out(len(causes)).capitalize()} groups can{' too' if single else ''}"
    return f"{alone} {groups}, if a common cause hits all their copies."


@dataclass(frozen=True)
class Lane:
    """The place in a column through which the line from one node to another passes."""

    start: str
    end: str
    column: int


def columns_of(graph: nx.DiGraph) -> tuple[list[list[Hashable]], list[list[Hashable]]]:
    """Return the nodes by column, lanes among them, and for each edge the places on its way.

    Parameters
    ----------
    graph : networkx.DiGraph
        Without circles.

    Returns
    -------
    columns, lines : list of list, list of list
    """
    depth: dict[Hashable, int] = {}
    for node in nx.topological_sort(graph):
        depth[node] = max((depth[above] + 1 for above in graph.predecessors(node)), default=0)
    columns: list[list[Hashable]] = [[] for _ in range(max(depth.values()) + 1)]
    for node in graph:
        columns[depth[node]].append(node)
    lines = []
    for start, end in graph.edges:
        lanes = [Lane(start, end, column) for column in range(depth[start] + 1, depth[end])]
        for lane in lanes:
            columns[lane.column].append(lane)
        lines.append([start, *lanes, end])
    return _ordered(columns, lines), lines


def _ordered(columns, lines):
    """The columns in the order with the fewest crossings that a few sweeps of means find."""
    before: dict[Hashable, list[Hashable]] = {}
    after: dict[Hashable, list[Hashable]] = {}
    for line in lines:
        for one, other in itertools.pairwise(line):
            after.setdefault(one, []).append(other)
            before.setdefault(other, []).append(one)
    best, fewest = [list(column) for column in columns], crossings(columns, after)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        beside = before if forward else after
        numbers = range(1, len(columns)) if forward else range(len(columns) - 2, -1, -1)
        for number in numbers:
            fixed = columns[number - 1 if forward else number + 1]
            place = {node: i for i, node in enumerate(fixed)}
            now = {node: i for i, node in enumerate(columns[number])}

            def mean(node, place=place, now=now, beside=beside):
                seen = [place[one] for one in beside.get(node, ()) if one in place]
                return sum(seen) / len(seen) if seen else now[node]

            columns[number].sort(key=mean)
        count = crossings(columns, after)
        if count < fewest:
            best, fewest = [list(column) for column in columns], count
    return best


def crossings(columns: Sequence[Sequence[Hashable]], after: Mapping[Hashable, Collection[Hashable]]) -> int:
    """Return how many pairs of lines cross between neighbouring columns."""
    total = 0
    for left, right in itertools.pairwise(columns):
        place = {node: i for i, node in enumerate(right)}
        ends = [place[other] for node in left for other in sorted(after.get(node, ()), key=place.__getitem__)]
        total += sum(one > other for i, one in enumerate(ends) for other in ends[i + 1 :])
    return total


@dataclass(frozen=True)
class Place:
    """A node's box, or the point through which a line passes."""

    left: float
    right: float
    middle: float
    height: float
    lines: tuple[str, ...]


def _places(graph, columns):
    """The place of every node and lane, and the height and width of the drawing."""
    room = (WIDTH - 12 - EDGE * (len(columns) - 1)) / len(columns)
    letters = max(9, int((room - 22) / text_width("m", SIZE)))
    labels = {node: wrapped(graph.nodes[node]["words"], letters) for node in graph}
    high = {node: LINE * len(lines) + 12 for node, lines in labels.items()}
    heights = [sum(high.get(node, LANE) + GAP for node in column) - GAP for column in columns]
    full = max(heights)
    places, left = {}, 6.0
    for column, height in zip(columns, heights, strict=True):
        boxes = [max(text_width(line, SIZE) for line in labels[n]) + 22 for n in column if n in labels]
        wide = max([*boxes, 20])
        top = 8 + (full - height) / 2
        for node in column:
            size = high.get(node, LANE)
            places[node] = Place(left, left + wide, top + size / 2, size, labels.get(node, ()))
            top += size + GAP
        left += wide + EDGE
    wide = left - EDGE + 6
    if wide < WIDTH and len(columns) > 1:
        places = _spread(places, columns, (WIDTH - wide) / (len(columns) - 1))
    return places, full + 16, max(WIDTH, wide)


def _spread(places, columns, more):
    moved = {}
    for number, column in enumerate(columns):
        for node in column:
            at = places[node]
            moved[node] = Place(
                at.left + number * more, at.right + number * more, at.middle, at.height, at.lines
            )
    return moved


def _curve(way):
    """A line from the right side of the first place, through lanes, to the left side of the last."""
    path = f"M{way[0].right:.1f} {way[0].middle:.1f}"
    for one, other in itertools.pairwise(way):
        if one is not way[0]:
            path += f"L{one.right:.1f} {one.middle:.1f}"
        bend = (one.right + other.left) / 2
        path += (
            f"C{bend:.1f} {one.middle:.1f} {bend:.1f} {other.middle:.1f} {other.left:.1f} {other.middle:.1f}"
        )
    return f"<path d='{path}' fill='none' stroke='{QUIET}' stroke-width='1.5'/>"


STYLES = {
    "": (QUIET, PAGE, 1.4, ""),
    "alone": (RED, RED_TINT, 3, ""),
    "common cause": (RED, PAGE, 2.4, "6 4"),
}


def _box(place, data):
    outline, fill, wide, dash = STYLES[data["single"]]
    round_, weight = 3, "normal"
    if data["kind"] == "journey":
        outline, fill, weight = BLUE, BLUE_TINT, "600"
    elif data["kind"] == "service":
        fill, round_ = GREY_TINT, place.height / 2
    middle = (place.left + place.right) / 2
    top = place.middle - place.height / 2
    marks = [
        f"<rect class='node' x='{place.left:.1f}' y='{top:.1f}' width='{place.right - place.left:.1f}' "
        f"height='{place.height:.1f}' rx='{round_:.1f}' fill='{fill}' stroke='{outline}' "
        f"stroke-width='{wide}' stroke-dasharray='{dash}'/>"
    ]
    for i, words in enumerate(place.lines):
        marks.append(text(middle, top + 17.5 + i * LINE, words, SIZE, INK, "middle", weight))
    return marks


def _key(height):
    top = height + 10
    rows = (
        ("alone", "thick: stops the journey alone"),
        ("common cause", "dashed: does, if all copies fail at once"),
    )
    marks = []
    for i, (single, words) in enumerate(rows):
        outline, fill, wide, dash = STYLES[single]
        marks.append(
            f"<rect x='8' y='{top + i * 24}' width='26' height='16' rx='3' fill='{fill}' stroke='{outline}' "
            f"stroke-width='{wide}' stroke-dasharray='{dash}'/>"
        )
        marks.append(text(42, top + 13 + i * 24, words, SIZE, QUIET))
    return marks

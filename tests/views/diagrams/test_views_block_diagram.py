"""Block diagrams: nothing overlaps, every word stands on its block, and the words say what is drawn."""

import itertools
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faultlab.analysis.systems import read_system
from faultlab.analysis.systems.block_diagrams import (
    Block,
    Parallel,
    Series,
    blocks_of,
    in_words,
    shared_blocks,
    still_works,
)
from faultlab.errors import BadInput
from faultlab.views.diagrams.block_diagram import block_diagram
from faultlab.views.diagrams.system_graph import Lane, columns_of, crossings, service_graph, system_graph
from faultlab.views.lesson_05.broken_parts import BLOCKS, FAILED, WORKS, broken

KESTREL = read_system(Path(__file__).parents[3] / "course" / "kestrel.yaml")
SVG = "{http://www.w3.org/2000/svg}"
APP, OTHER, SQL = Block("app_1"), Block("app_2"), Block("sql")
SHOP = Series((Block("dns"), Parallel((Series((APP, SQL)), Series((OTHER, SQL))))))


def numbered(count):
    return tuple(Block(f"part_{i}_of_many") for i in range(count))


def rectangles(root, kind):
    return [
        tuple(float(rect.get(side)) for side in ("x", "y", "width", "height"))
        for rect in root.iter(f"{SVG}rect")
        if rect.get("class") == kind
    ]


def apart(one, other, margin=1.0):
    return (
        one[0] + one[2] <= other[0] + margin
        or other[0] + other[2] <= one[0] + margin
        or one[1] + one[3] <= other[1] + margin
        or other[1] + other[3] <= one[1] + margin
    )


def words_of(root):
    """Each text as a rectangle, a little smaller than it is drawn."""
    for text in root.iter(f"{SVG}text"):
        size = float(text.get("font-size"))
        wide = len(text.text) * size * 0.5
        left = float(text.get("x")) - {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor")] * wide
        yield text.text, (left, float(text.get("y")) - size * 0.75, wide, size * 0.8)


def segments(root):
    for line in root.iter(f"{SVG}polyline"):
        points = [tuple(map(float, pair.split(","))) for pair in line.get("points").split()]
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            assert x0 == pytest.approx(x1, abs=0.11) or y0 == pytest.approx(y1, abs=0.11), (
                "lines stand upright"
            )
            yield min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)


def assert_tidy(picture, blocks):
    root = ElementTree.fromstring(picture.svg)
    width, height = (float(value) for value in root.get("viewBox").split()[2:])
    boxes = rectangles(root, "block")
    assert len(boxes) == blocks
    for one, other in itertools.combinations(boxes, 2):
        assert apart(one, other)
    for box in boxes:
        assert 0 <= box[0] <= box[0] + box[2] <= width
        assert 0 <= box[1] <= box[1] + box[3] <= height
    for line in segments(root):
        assert all(apart(line, box, 1.5) for box in boxes), "a line runs through a block"
    texts = list(words_of(root))
    for (_, one), (_, other) in itertools.combinations(texts, 2):
        assert apart(one, other)
    for words, place in texts:
        assert all(apart(place, line, 0) for line in segments(root) if not _on_its_mark(words)), (
            f"a line runs through {words!r}"
        )
    assert all(float(text.get("font-size")) >= 13 for text in root.iter(f"{SVG}text"))
    return root


def _on_its_mark(words):
    """k of n stands on a white mark over the line, on purpose."""
    return " of " in words and words.replace(" of ", "").isdigit()


arrangements = st.recursive(
    st.integers(0, 30).map(lambda i: Block(f"part_{i}")),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=7).map(lambda parts: Series(tuple(parts))),
        st.tuples(st.lists(inner, min_size=1, max_size=4), st.integers(1, 4)).map(
            lambda found: Parallel(tuple(found[0]), min(found[1], len(found[0])))
        ),
    ),
    max_leaves=60,
)


@settings(max_examples=80, deadline=None)
@given(arrangements)
def test_nothing_overlaps_in_any_arrangement(diagram):
    assert_tidy(block_diagram(diagram), len(blocks_of(diagram)))


@pytest.mark.parametrize(
    "diagram",
    [
        Series(numbered(60)),
        Parallel(numbered(60), 30),
        Series(tuple(Parallel(numbered(6), 2) for _ in range(10))),
        Parallel(tuple(Series(numbered(10)) for _ in range(6))),
        KESTREL.block_diagram("checkout"),
        KESTREL.block_diagram("checkout", once=False),
    ],
    ids=["series", "parallel", "groups", "chains", "checkout", "checkout as listed"],
)
def test_sixty_blocks_stay_readable_at_400_pixels(diagram):
    root = assert_tidy(block_diagram(diagram), len(blocks_of(diagram)))
    width = float(root.get("viewBox").split()[2])
    assert 13 * 400 / width >= 11, "the smallest text on a screen of 400 pixels"


def test_a_shared_block_is_marked_as_one_and_said_so():
    picture = block_diagram(SHOP)
    assert shared_blocks(SHOP) == ("sql",)
    root = ElementTree.fromstring(picture.svg)
    dashed = [r for r in root.iter(f"{SVG}rect") if r.get("class") == "block" and r.get("stroke-dasharray")]
    assert len(dashed) == 2
    assert [words for words, _ in words_of(root)].count("A") == 2
    assert "one and the same block" in picture.svg
    assert picture.alt.startswith("Block diagram")
    assert (
        "Works while DNS and at least one of (app 1 and SQL together, app 2 and SQL together) work."
        in picture.alt
    )
    assert "several places: SQL" in picture.alt
    assert {"Block": "SQL", "In the diagram": "2 times"} in picture.rows


def strokes(picture, dash=None, wide=None):
    lines = ElementTree.fromstring(picture.svg).iter(f"{SVG}polyline")
    return [
        one
        for one in lines
        if (not dash or one.get("stroke-dasharray") == dash) and (not wide or one.get("stroke-width") == wide)
    ]


def test_a_path_is_thick_from_end_to_end_and_a_cut_is_dashed():
    path = block_diagram(SHOP, path=["dns", "app_2", "sql"])
    assert "path that works: DNS, app 2, SQL" in path.alt
    assert len(strokes(path, wide="4")) == 6, "in, after dns, into and out of one branch, inside it, out"
    assert not strokes(path, dash="2 5")
    cut = block_diagram(SHOP, cut=["sql"])
    assert "cut, blocks whose failure stops it: SQL" in cut.alt
    assert strokes(cut, dash="2 5")
    harmless = block_diagram(SHOP, cut=["app_1"])
    assert len(strokes(harmless, dash="2 5")) == 3, "only the branch of app 1"
    assert not strokes(block_diagram(SHOP), dash="2 5")
    assert not strokes(block_diagram(SHOP, path=["dns", "sql"]), wide="4"), "that is no path"


def test_shares_are_written_and_drawn_as_long_as_they_are():
    picture = block_diagram(SHOP, shares={"dns": 0.25, "sql": 1.0})
    assert "25 %" in picture.svg
    bars = [
        float(r.get("width"))
        for r in ElementTree.fromstring(picture.svg).iter(f"{SVG}rect")
        if r.get("height") == "5"
    ]
    assert bars[1] / bars[0] == pytest.approx(0.25, abs=0.01)
    assert "DNS 25%" in picture.alt


def test_what_makes_no_sense_is_refused():
    with pytest.raises(BadInput, match=r"no block 'sqll'.*dns, app_1"):
        block_diagram(SHOP, cut=["sqll"])
    with pytest.raises(BadInput, match="a path or a cut"):
        block_diagram(SHOP, path=["dns"], cut=["sql"])
    with pytest.raises(BadInput, match="4 of 3"):
        Parallel(numbered(3), 4)
    with pytest.raises(BadInput, match="no parts"):
        Series(())


def test_labels_are_escaped():
    hostile = "<script>alert('&')</script>"
    picture = block_diagram(Series((Block(hostile), Block("b"))))
    assert "<script" not in picture.svg
    ElementTree.fromstring(picture.svg)


@pytest.mark.parametrize("journey", list(KESTREL.journeys))
@pytest.mark.parametrize("once", [True, False])
def test_the_diagram_of_a_journey_works_when_its_fault_tree_says_so(journey, once):
    """Every state of up to two failed blocks, against the fault tree's own answer."""
    diagram = KESTREL.block_diagram(journey, once)
    solved = KESTREL.solved(journey)
    names = set(solved.tree.events)
    assert {block.name for block in blocks_of(diagram)} == names
    for failed in itertools.chain.from_iterable(itertools.combinations(sorted(names), n) for n in range(3)):
        down, _ = solved.probability({name: float(name in failed) for name in names})
        assert still_works(diagram, names - set(failed)) == (down == 0)
    assert in_words(diagram).startswith(
        "Works while DNS and CDN and load balancer and at least 2 of (web server 1"
    )


@pytest.mark.parametrize("journey", list(KESTREL.journeys))
def test_the_service_graph_is_tidy_and_marks_the_single_points(journey):
    picture = system_graph(KESTREL, journey)
    graph = service_graph(KESTREL, journey)
    root = ElementTree.fromstring(picture.svg)
    boxes = rectangles(root, "node")
    assert len(boxes) == len(graph)
    for one, other in itertools.combinations(boxes, 2):
        assert apart(one, other)
    width, height = (float(value) for value in root.get("viewBox").split()[2:])
    assert width == 460
    for words, place in words_of(root):
        assert place[0] >= 0, words
        assert place[0] + place[2] <= width, words
        assert place[1] + place[3] <= height, words
    thick = [r for r in root.iter(f"{SVG}rect") if r.get("class") == "node" and r.get("stroke-width") == "3"]
    alone = [data for _, data in graph.nodes(data=True) if data["single"] == "alone"]
    assert len(thick) == len(alone)
    written = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven")[len(alone)]
    assert picture.sentence.startswith(f"{written} parts can each stop the {journey} on their own.")


def test_order_database_is_shared_by_two_and_the_cause_of_its_copies_stops_the_checkout():
    graph = service_graph(KESTREL, "checkout")
    assert sorted(graph.predecessors("order_databases")) == ["journey checkout", "stock"]
    assert graph.nodes["order_databases"]["single"] == "common cause"
    assert graph.nodes["stock_service"]["single"] == "alone"
    assert "stock needs stock service, order databases (1 of 2)" in system_graph(KESTREL, "checkout").alt


def test_a_large_service_graph_keeps_its_lines_off_its_boxes_and_few_of_them_cross():
    """55 parts under 9 services, each sharing one with the next: lines have lanes of their own."""
    graph = nx.DiGraph()
    for i in range(9):
        graph.add_edge("top", f"s{i}")
        for j in range(7):
            graph.add_edge(f"s{i}", f"c{i * 6 + j}")
    graph.add_edge("top", "c3")
    columns, lines = columns_of(graph)
    assert sorted(node for column in columns for node in column if not isinstance(node, Lane)) == sorted(
        graph
    )
    for line in lines:
        columns_on_the_way = [next(i for i, column in enumerate(columns) if at in column) for at in line]
        assert columns_on_the_way == list(range(columns_on_the_way[0], columns_on_the_way[-1] + 1))
    after = {}
    for line in lines:
        for one, other in itertools.pairwise(line):
            after.setdefault(one, []).append(other)
    assert crossings(columns, after) <= 8


@pytest.mark.parametrize("states", list(itertools.product((WORKS, FAILED), repeat=len(BLOCKS))))
def test_the_shop_that_is_broken_works_while_each_kind_has_enough(states):
    dns, *others = (state == WORKS for state in states)
    works = dns and sum(others[:3]) >= 2 and any(others[3:])
    picture = broken(**dict(zip(BLOCKS, states, strict=True)))
    assert ("works" in picture.sentence or "work, and so does" in picture.sentence) == works
    assert ("down" in picture.sentence) != works
    for name, state in zip(BLOCKS, states, strict=True):
        turned = FAILED if state == WORKS else WORKS
        assert picture.svg.count(f"data-sets='{name}:{turned}'") == 1, "a press breaks or mends it"

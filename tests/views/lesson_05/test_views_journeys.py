"""The pictures of lesson 05: their numbers against closed forms and published values, and their words."""

import itertools
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from faultlab.analysis.systems import read_system
from faultlab.analysis.systems.block_diagrams import blocks_of, still_works
from faultlab.analysis.systems.system_views import journey_report
from faultlab.errors import BadInput
from faultlab.views.diagrams.block_diagram import block_diagram
from faultlab.views.kit.chart import bars, document
from faultlab.views.kit.palette import BLUE
from faultlab.views.kit.stack import stacked
from faultlab.views.kit.words import euros
from faultlab.views.lesson_05.bridge import ENDS, bridge, bridge_as_paths, bridge_availability
from faultlab.views.lesson_05.chains import chain
from faultlab.views.lesson_05.journey_loss import (
    AS_IT_IS,
    NOTHING,
    journey_loss,
    loss_explorer,
    with_availability,
)
from faultlab.views.lesson_05.proposals import proposal
from faultlab.views.lesson_05.spares import MOST_SPARES, spares

COURSE = Path(__file__).parents[3] / "course"
KESTREL = read_system(COURSE / "kestrel.yaml")
TWO_REGIONS = read_system(COURSE / "data" / "kestrel_two_regions.yaml")
EXAMPLE = read_system(COURSE / "data" / "two_apps_one_database.yaml")
DRAW = loss_explorer(KESTREL, "checkout", {"a second region": (TWO_REGIONS, 750_000)})
YEAR = 525_600

PICTURES = [
    chain(1, 99),
    chain(20, 99.999),
    spares(1, 0, 99),
    spares(10, MOST_SPARES, 99.99),
    bridge(90, 90),
    bridge(99.99, 99),
    DRAW(AS_IT_IS, 99.9, NOTHING),
    DRAW("CDN", 99.99, "a second region (750,000 EUR a year)"),
    journey_loss(EXAMPLE, "shop"),
    proposal(KESTREL, TWO_REGIONS, "checkout", 750_000),
]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda p: p.sentence[:30])
def test_every_picture_is_well_formed_and_its_words_stay_inside(picture):
    root = ElementTree.fromstring(picture.svg)
    assert root.get("aria-label") == picture.alt
    assert picture.sentence.endswith(".")
    assert picture.rows
    inner = root.findall("{http://www.w3.org/2000/svg}svg") or [root]
    for drawing in inner:
        width, height = (float(v) for v in drawing.get("viewBox").split()[2:])
        for text in drawing.iter("{http://www.w3.org/2000/svg}text"):
            size = float(text.get("font-size"))
            assert size >= 13
            wide = len(text.text) * size * 0.55
            left = (
                float(text.get("x")) - {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor")] * wide
            )
            assert -2 <= left <= left + wide <= width + 2, text.text
            assert 0 <= float(text.get("y")) <= height


def test_a_chain_of_ten_is_down_for_87_hours_a_year():
    minutes = [row["Minutes down a year"] for row in chain(10, 99.9).rows]
    assert minutes[0] / 60 == pytest.approx((1 - 0.999**10) * 8760, abs=1e-4)
    assert minutes[1] == pytest.approx((1 - 0.999**10) ** 2 * YEAR, abs=1e-3)
    assert minutes[2] == pytest.approx((1 - (1 - 1e-6) ** 10) * YEAR, abs=1e-3)


@pytest.mark.parametrize(
    ("needed", "spare", "percent", "published"),
    [
        (1, 1, 99, 0.9999),
        (2, 1, 99, 0.999702),
        (3, 1, 99, 0.99940797),
        (4, 1, 99, 0.9990198504),
        (9, 1, 99.9, 0.999955239371),
    ],
)
def test_spares_give_the_published_k_of_n(needed, spare, percent, published):
    row = spares(needed, spare, percent).rows[spare]
    assert row["Servers"] == f"{needed} of {needed + spare}"
    assert row["Minutes down a year"] == pytest.approx((1 - published) * YEAR, rel=1e-3)
    assert "►" in spares(needed, spare, percent).svg
    assert f"{100 * spare / needed:.0f} % to your bill" in spares(needed, spare, percent).sentence


def test_the_bridge_has_the_published_availability_and_its_conditional_sum():
    assert bridge_availability(0.9, 0.9) == pytest.approx(0.97848, abs=1e-12)
    for p, link in itertools.product((0.5, 0.9, 0.999), (0.0, 0.3, 1.0)):
        with_link = (1 - (1 - p) ** 2) ** 2
        without = 1 - (1 - p * p) ** 2
        assert bridge_availability(p, link) == pytest.approx(
            link * with_link + (1 - link) * without, abs=1e-12
        )
    rows = {row["Method"]: row["Minutes down a year"] for row in bridge(90, 90).rows}
    assert rows["Exact"] == pytest.approx((1 - 0.97848) * YEAR, abs=0.1)
    wrong = rows["Four paths, taken as independent (wrong)"]
    assert wrong == pytest.approx((1 - 0.81) ** 2 * (1 - 0.729) ** 2 * YEAR, abs=0.1)


def test_the_ways_through_the_bridge_are_the_bridge_itself():
    """Every one of the 32 states: the diagram of paths works exactly where the links connect in and out."""
    import networkx as nx

    diagram = bridge_as_paths()
    for state in itertools.product((True, False), repeat=5):
        up = {name for name, works in zip(ENDS, state, strict=True) if works}
        graph = nx.Graph()
        graph.add_nodes_from(["in", "out"])
        graph.add_edges_from(ENDS[name] for name in up)
        assert still_works(diagram, up) == nx.has_path(graph, "in", "out")


def test_the_published_example_and_the_proposal_to_kestrel():
    report = journey_report(EXAMPLE, "shop")
    assert report.minutes_down_per_year == pytest.approx(79.0, abs=0.1)
    assert (1 - report.naive_availability) * YEAR == pytest.approx(52.7, abs=0.1)
    proposal = journey_report(TWO_REGIONS, "checkout")
    # What both regions share stays in series: DNS, CDN, identity, the databases' common cause.
    shared = 5e-5 + 5e-4 + 5e-4 + 0.1 * 2 / 2002
    assert proposal.minutes_down_per_year == pytest.approx(shared * YEAR, rel=0.01)
    assert (1 - proposal.naive_availability) * YEAR < 4


def test_two_regions_describe_the_same_kestrel():
    """Each part of the proposal has the range that kestrel.yaml gives it."""
    for name, component in TWO_REGIONS.components.items():
        twin = name if name in KESTREL.components else name.rstrip("12").rstrip("_")
        assert component.availability == KESTREL.components[twin].availability
    for name, group in TWO_REGIONS.groups.items():
        if not group.among:
            twin = KESTREL.groups[name if name in KESTREL.groups else name.rstrip("12").rstrip("_")]
            assert (group.of, group.needs, group.copies) == (twin.of, twin.needs, twin.copies)
            assert group.shared_cause == twin.shared_cause
    assert TWO_REGIONS.journeys["checkout"].worth_per_hour == KESTREL.journeys["checkout"].worth_per_hour


def test_the_loss_of_the_checkout_says_what_the_model_says():
    picture = DRAW(AS_IT_IS, 99.9, NOTHING)
    report = journey_report(KESTREL, "checkout")
    assert "23.4 hours" in picture.sentence
    assert report.minutes_down_per_year / 60 == pytest.approx(23.4, abs=0.05)
    assert report.cost_per_year.likely == pytest.approx(1.17e6, rel=0.005)
    low, high = (euros(end) for end in (report.cost_per_year.low, report.cost_per_year.high))
    assert f"at a cost of 1.17 million EUR (90 % range: {low} to {high})" in picture.sentence
    first = picture.rows[0]
    assert first["Block"] == "stock service"
    mended = journey_report(with_availability(KESTREL, "stock_service", 1.0), "checkout")
    gone = 1 - mended.minutes_down_per_year / report.minutes_down_per_year
    assert first["Share of the downtime"] == f"{gone:.0%}".replace("%", " %")


def test_a_change_is_compared_with_what_was_before():
    bought = DRAW(AS_IT_IS, 99.9, "a second region (750,000 EUR a year)")
    saved = (
        journey_report(KESTREL, "checkout").cost_per_year.likely
        - journey_report(TWO_REGIONS, "checkout").cost_per_year.likely
    )
    assert saved == pytest.approx(665_000, abs=500)
    assert (
        "The change saves 665,000 EUR a year and its price is 750,000 EUR: a loss of 84,600 EUR."
        in bought.sentence
    )
    assert "3.2 minutes" in bought.sentence.replace("3.20", "3.2").replace("3.19", "3.2")
    worse = DRAW("identity", 99.0, NOTHING)
    assert "The change adds" in worse.sentence
    copies = [row["Block"] for row in bought.rows if "copy" in row["Block"]]
    assert len(copies) == len(set(copies)) == 6, "the web servers of two regions are not the same blocks"
    both = with_availability(TWO_REGIONS, "load_balancer", 0.9)
    assert {both.components[f"load_balancer_{i}"].availability.likely for i in (1, 2)} == {0.9}
    assert NOTHING in DRAW.options
    assert not any("search" in words for words in DRAW.options), "what doesn't touch the checkout is left out"


def test_drawings_are_stacked_without_losing_a_mark():
    one, other = chain(3, 99).svg, block_diagram(bridge_as_paths()).svg
    root = ElementTree.fromstring(stacked([one, other], "Both."))
    assert root.get("aria-label") == "Both."
    heights = [float(ElementTree.fromstring(d).get("viewBox").split()[3]) for d in (one, other)]
    assert float(root.get("viewBox").split()[3]) == sum(heights)
    assert len(list(root.iter("{http://www.w3.org/2000/svg}rect"))) > len(blocks_of(bridge_as_paths()))
    with pytest.raises(BadInput, match="viewBox"):
        stacked(["<svg/>"], "Nothing.")


def test_bars_on_top_of_a_stack_keep_their_scale_where_they_stand():
    one = bars([("a", 1, "1", BLUE)], "One.", highest=8)
    wide = document([], 100, "Wide.", width=560)
    assert "data-x='4 334 0 8'" in one
    assert " data-x='54 384 0 8' data-high='72'>" in stacked([one, wide], "Both.")
    assert "data-x" not in stacked([wide, one], "Both.").partition(">")[0]


def test_an_offer_pays_part_by_part_and_not_exactly():
    picture = proposal(KESTREL, TWO_REGIONS, "checkout", 750_000)
    today_by_part, today, part_by_part, exact = (row["Loss, EUR a year"] for row in picture.rows)
    assert today == pytest.approx(journey_report(KESTREL, "checkout").cost_per_year.likely, abs=1)
    assert exact == pytest.approx(journey_report(TWO_REGIONS, "checkout").cost_per_year.likely, abs=1)
    assert part_by_part < 3_000
    assert f"gains {euros(today_by_part - part_by_part - 750_000)}" in picture.sentence
    assert f"loses {euros(exact + 750_000 - today)}" in picture.sentence
    assert (
        "gains" in proposal(KESTREL, TWO_REGIONS, "checkout", 0).sentence.partition("Worked out exactly")[2]
    )


def test_a_large_diagram_has_its_groups_folded_and_keeps_their_share():
    picture = journey_loss(TWO_REGIONS, "checkout")
    assert "One and the same block" not in picture.alt, "what both regions share is drawn once, before them"
    assert (
        "at least one of (load balancer 1 + web servers 1 + basket cache 1 + stock service 1, " in picture.alt
    )
    assert "copy 1" not in picture.alt
    slow = journey_loss(with_availability(TWO_REGIONS, "stock_service", 0.9), "checkout").alt
    assert "(load balancer 1 + web servers 1 + basket cache 1 and stock service 1 together, " in slow
    poor = with_availability(TWO_REGIONS, "order_database", 0.97)
    solved = poor.solved("checkout")
    gone = (
        1
        - solved.probability({"order_databases/1": 0.0, "order_databases/2": 0.0})[0]
        / solved.probability()[0]
    )
    assert gone > 0.1
    assert f"order databases, 1 of 2 {gone:.0%}" in journey_loss(poor, "checkout").alt
    assert "web server 1" in journey_loss(KESTREL, "checkout").alt

"""Drawn fault trees: the numbers behind, labels that never cross, and words for who can't see them."""

import itertools
import math
import random
import re
import xml.etree.ElementTree as ElementTree

import pytest

from faultlab.analysis.engine.gates import AND, AT_LEAST, KINDS, NOT, OR, XOR, Gate
from faultlab.analysis.fault_trees.cut_sets import minimal_cut_sets
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.analysis.fault_trees.importances import importance
from faultlab.analysis.fault_trees.solved_tree import solve
from faultlab.analysis.systems import read_system
from faultlab.cases.azure.barriers import best_under_any_bets, first_place_shares, with_barrier
from faultlab.cases.azure.outages import OUTAGES as AZURE_OUTAGES
from faultlab.cases.azure.outages import outage_tree
from faultlab.classroom import course_folder
from faultlab.errors import BadInput
from faultlab.views.diagrams.drawn_gates import DRAWN
from faultlab.views.diagrams.tree_layout import everyone, tidy
from faultlab.views.diagrams.tree_nodes import nodes_of, numbered_events
from faultlab.views.diagrams.tree_picture import fault_tree
from faultlab.views.diagrams.tree_words import in_words
from faultlab.views.kit.lettering import width_of, wrapped
from faultlab.views.kit.words import share, span
from faultlab.views.lesson_06.attack_copies import BACKUPS, OFFLINE, OWN, SAME, copies_under_attack
from faultlab.views.lesson_06.event_ranking import event_moved, first_places
from faultlab.views.lesson_06.or_gate_sum import sum_and_truth
from faultlab.views.lesson_06.outage_barrier import (
    NOTHING,
    SYDNEY_OFFERS,
    THIRD_STANDBY,
    outage_places,
    sydney_with,
)
from faultlab.views.lesson_06.two_layers import BUYS, COPIES, GATE, LATER, two_layers
from faultlab.views.lesson_06.two_layers import NOTHING as LAYERS_NOTHING

SVG = "{http://www.w3.org/2000/svg}"
EACH = pytest.mark.parametrize("outage", AZURE_OUTAGES.values(), ids=AZURE_OUTAGES)


@pytest.fixture(scope="module")
def checkout():
    return read_system(course_folder() / "kestrel.yaml").solved("checkout")


def random_tree(seed, gates=18, names=40):
    """A tree of about sixty symbols with long names, repeated events and gates inside gates."""
    rng = random.Random(seed)
    events = [f"part {i} of the system, with a rather long name" for i in range(names)]
    made = {}
    for i in range(gates):
        below = [f"gate number {n}" for n in (2 * i + 1, 2 * i + 2) if n < gates]
        leaves = rng.sample(events, 1 if len(below) == 2 else 3)
        made[f"gate number {i}"] = rng.choice([AND, OR])(*below, *leaves)
    return FaultTree("gate number 0", made, dict.fromkeys(events, 0.1))


def boxes_of(picture):
    """The room of every line of text, as (left, top, right, bottom)."""
    found = []
    drawn = ElementTree.fromstring(picture.svg)
    moved = {
        one: float(group.get("transform").split()[1].rstrip(")"))
        for group in drawn.iter(f"{SVG}g")
        if group.get("transform", "").startswith("translate(0 ")
        for one in group.iter(f"{SVG}text")
    }
    for one in drawn.iter(f"{SVG}text"):
        size, x, y = (float(one.get(key)) for key in ("font-size", "x", "y"))
        y += moved.get(one, 0.0)
        wide = sum(
            width_of(piece.text, size, piece.get("font-weight") == "600") for piece in one.iter(f"{SVG}tspan")
        ) or width_of(one.text or "", size, one.get("font-weight") == "600")
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[one.get("text-anchor")]
        found.append((left, y - size * 0.8, left + wide, y + size * 0.25))
    return found


def crossings(boxes):
    return [
        (one, other)
        for one, other in itertools.combinations(boxes, 2)
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]


@pytest.mark.parametrize("layout", ["lines", "down"])
@pytest.mark.parametrize("seed", range(6))
def test_labels_never_cross_at_sixty_nodes(seed, layout):
    tree = random_tree(seed)
    picture = fault_tree(tree, layout=layout)
    root = ElementTree.fromstring(picture.svg)
    width, height = (float(v) for v in root.get("viewBox").split()[2:])
    boxes = boxes_of(picture)
    assert len(boxes) > 60
    assert crossings(boxes) == []
    for left, top, right, bottom in boxes:
        assert left >= 0
        assert right <= width
        assert top >= 0
        assert bottom <= height
    if layout == "lines":
        assert width == 460, "as wide as a phone shows it"


def test_from_the_top_down_where_it_fits_and_no_word_breaks():
    def widest(words):
        tree = FaultTree("t", {"t": OR(*words)}, dict.fromkeys(words, 0.1))
        xs = {
            float(one.get("x"))
            for one in ElementTree.fromstring(fault_tree(tree).svg).iter(f"{SVG}text")
            if one.get("text-anchor") == "middle" and one.find(f"{SVG}tspan") is not None
        }
        sizes = {
            one.get("font-size") for one in ElementTree.fromstring(fault_tree(tree).svg).iter(f"{SVG}text")
        }
        return len(xs), sizes

    assert widest(["one", "two", "three"]) == (3, {"13", "15"}), "large letters, numbers in circles small"
    assert widest(["one", "two", "three", "four"])[1] == {"13"}
    assert widest(["one", "two", "three", "four", "five"])[0] == 0, "line by line"
    assert widest(["one", "two", "three", "incomprehensibilities"])[0] == 0, "no word is broken"


def test_crossings_are_found():
    assert crossings([(0, 0, 10, 10), (5, 5, 15, 15), (20, 0, 30, 10)]) == [((0, 0, 10, 10), (5, 5, 15, 15))]


@EACH
def test_every_outage_is_drawn_readably(outage):
    picture = fault_tree(outage_tree(outage), assumed=outage.assumed)
    root = ElementTree.fromstring(picture.svg)
    assert root.get("aria-label") == picture.alt
    assert root.get("viewBox").split()[2] == "460"
    assert all(float(one.get("font-size")) >= 13 for one in root.iter(f"{SVG}text"))
    assert crossings(boxes_of(picture)) == []
    said = "".join(root.itertext())
    brief = said.count("as above")  # rows that stand for what is drawn once, each with an event of its own
    assert said.count("assumed") + brief >= len(outage.assumed)
    assert [row["Event"] for row in picture.rows] == list(numbered_events(outage_tree(outage)))
    assert set(numbered_events(outage_tree(outage))) == set(outage.events)


def test_a_repeated_event_has_one_number_and_a_repeated_gate_is_drawn_once():
    tree = FaultTree(
        "t", {"t": AND("x", "y"), "x": OR("a", "g"), "y": OR("b", "a", "g"), "g": AND("c", "d")},
        dict.fromkeys("abcd", 0.1),
    )  # fmt: skip
    top = nodes_of(tree)
    drawn, waiting = [], [top]
    while waiting:
        node = waiting.pop()
        drawn.append(node)
        waiting.extend(node.below)
    twice = [node for node in drawn if node.name == "a"]
    assert [(node.number, node.repeated) for node in twice] == [(1, True), (1, True)]
    assert sorted(node.later for node in twice) == [False, True]
    assert sorted(node.kind for node in drawn if node.name == "g") == ["again", "and"]
    assert len([node for node in drawn if node.name == "c"]) == 1
    said = "".join(ElementTree.fromstring(fault_tree(tree).svg).itertext())
    assert "the same event" in said
    assert "drawn above" in said


def test_a_cut_set_lights_the_way_to_the_top_and_less_does_not(checkout):
    tree = outage_tree(AZURE_OUTAGES["Australia East 2023"])
    for cut in minimal_cut_sets(solve(tree)).most_probable(40):
        assert nodes_of(tree, cut.events).lit
        for missing in cut.events:
            assert not nodes_of(tree, set(cut.events) - {missing}).lit
    assert "which set off the top" in fault_tree(tree, cut.events).alt


@pytest.mark.parametrize(
    "gate",
    [
        AND("a", "b", "c"),
        OR("a", "b", "c"),
        AT_LEAST(2, "a", "b", "c"),
        OR(NOT("a"), XOR("b", "c")),
        Gate("nand", ("a", "b")),
        Gate("nor", ("a", "b", "c")),
        Gate("iff", ("a", "c")),
        Gate("imply", ("a", "b")),
    ],
    ids=lambda gate: gate.kind,
)
def test_what_is_lit_is_what_the_engine_says(gate):
    tree = FaultTree("t", {"t": gate}, dict.fromkeys("abc", 0.5))
    solved = solve(tree)
    for happened in itertools.product((0.0, 1.0), repeat=3):
        state = dict(zip("abc", happened, strict=True))
        lit = {name for name, one in state.items() if one}
        if lit:
            assert nodes_of(tree, lit).lit == (solved.probability(state)[0] == 1.0)
    ElementTree.fromstring(fault_tree(tree).svg)


def test_every_kind_of_gate_can_be_drawn_and_said():
    assert set(DRAWN) == set(KINDS)


def test_symbols_have_the_shapes_of_the_standard():
    tree = FaultTree(
        "t", {"t": OR(AND("a", "b"), AT_LEAST(2, "a", "b", "c"), "given")}, dict.fromkeys("abc", 0.1),
        house={"given": False},
    )  # fmt: skip
    paths = re.findall(r"<path d='([^']*)'", fault_tree(tree).svg)
    dome = [one for one in paths if " A" in one]
    shield = [one for one in paths if " C" in one and " Q" in one]
    house = [one for one in paths if one.count("L") == 4]
    assert (len(dome), len(shield), len(house)) == (1, 2, 1)
    assert ">2/3<" in fault_tree(tree).svg
    assert len(re.findall("<circle", fault_tree(tree).svg)) == 5 + 4  # two of three stand twice, with a ring


def test_the_words_say_what_has_to_happen():
    tree = FaultTree("top", {"top": OR("a", AND("b", "c")), "spare": OR("z")}, dict.fromkeys("abcz", 0.1))
    assert in_words(tree) == "“top” happens if “a”, or both “b” and “c”."
    two = FaultTree("t", {"t": AT_LEAST(2, "x", "b", "c"), "x": OR("a", "b")}, dict.fromkeys("abc", 0.1))
    assert in_words(two) == ("“t” happens if at least 2 of “x”, “b” and “c”. “x” happens if “a” or “b”.")
    long = FaultTree("0", {str(i): OR(str(i + 1), "e") for i in range(30)} | {"30": OR("e")}, {"e": 0.1})
    assert in_words(long).endswith("And 17 more gates.")
    picture = fault_tree(tree)
    assert picture.alt.startswith("Fault tree. “top” happens if")


def test_hostile_names_are_escaped():
    hostile = "<script>alert('&')</script>"
    tree = FaultTree(hostile, {hostile: OR("a", "b")}, {"a": 0.1, "b": 0.1})
    picture = fault_tree(tree, labels={"a": hostile})
    assert "<script" not in picture.svg
    assert hostile in ElementTree.fromstring(picture.svg).get("aria-label")


def test_what_cannot_be_drawn_is_refused():
    tree = FaultTree("t", {"t": OR("a", "b")}, {"a": 0.1, "b": 0.1})
    with pytest.raises(BadInput, match="'luck' to highlight"):
        fault_tree(tree, {"luck"})
    with pytest.raises(BadInput, match="'luck' to write on"):
        fault_tree(tree, barrier="luck")
    with pytest.raises(BadInput, match="auto, down or lines"):
        fault_tree(tree, layout="round")
    gates = {f"g{i}": OR(f"g{i + 1}", "e") for i in range(20_000)} | {"g20000": OR("e")}
    with pytest.raises(BadInput, match="at most 250 symbols"):
        fault_tree(FaultTree("g0", gates, {"e": 0.1}), {"e"})


def random_shape(rng, most):
    """A tree of tuples."""
    return tuple(random_shape(rng, most - 1) for _ in range(rng.randint(0, 3))) if most else ()


def mirrored(shape):
    return tuple(mirrored(one) for one in reversed(shape))


@pytest.mark.parametrize("seed", range(20))
def test_the_layout_keeps_the_rules_of_reingold_and_tilford(seed):
    shape = random_shape(random.Random(seed), 5)
    placed = tidy(shape, lambda one: one, lambda one: 10, gap=4)
    nodes = everyone(placed)
    levels = {}
    for one in nodes:
        levels.setdefault(one.level, []).append(one.x)
        if one.below:
            assert one.x == pytest.approx((one.below[0].x + one.below[-1].x) / 2)
    for xs in levels.values():
        assert all(b - a >= 14 - 1e-9 for a, b in itertools.pairwise(xs)), "from left to right, no overlap"
    other = everyone(tidy(mirrored(shape), lambda one: one, lambda one: 10, gap=4))
    assert sorted(round(one.x, 6) for one in nodes) == sorted(round(-one.x, 6) + 0.0 for one in other)


def test_words_are_broken_to_fit():
    words = "storage automation approved requests that were stale and incomprehensibilities"
    for width in (40, 80, 200):
        lines = wrapped(words, width)
        assert all(width_of(line) <= width for line in lines)
        assert "".join(lines).replace(" ", "") == words.replace(" ", "")


@pytest.mark.parametrize("offer", SYDNEY_OFFERS)
def test_what_is_bought_in_sydney_is_what_is_computed(offer):
    tree = outage_tree(AZURE_OUTAGES["Australia East 2023"])
    bets = dict.fromkeys(tree.events, 0.05) | {"voltage sag": 0.5}
    before = solve(tree).probability(bets)[0]
    picture = sydney_with(offer, 50, 5)
    assert crossings(boxes_of(picture)) == []
    if offer == NOTHING:
        assert picture.rows == (), "the opening picture gives no answer away"
        assert not re.search(r"\d\d? %", picture.sentence)
        return
    if offer == THIRD_STANDBY:
        # Eight chillers of which five must run, by hand: at least four off, five of them by one cause.
        others = 0.05
        no_sag = sum(math.comb(8, k) * others**k * (1 - others) ** (8 - k) for k in range(4, 9))
        after = (0.5 + 0.5 * no_sag) * others**2
    else:
        after = solve(with_barrier(tree, SYDNEY_OFFERS[offer])).probability(bets)[0]
    shown = next(row["Cuts the chance by"] for row in picture.rows if row["You buy"] == offer)
    assert shown == share(1 - after / before)
    assert shown in picture.sentence


@EACH
def test_the_stars_are_the_places_that_are_best_whatever_the_bets(outage):
    name = next(key for key, one in AZURE_OUTAGES.items() if one is outage)
    picture = outage_places(name)
    starred = {
        row["Event"] for row in picture.rows if row["No place does more, whatever the bets"] == "★ yes"
    }
    assert starred == set(best_under_any_bets(outage_tree(outage)))
    assert crossings(boxes_of(picture)) == []
    sets = minimal_cut_sets(solve(outage_tree(outage))).count()
    assert ("one minimal cut set" in picture.sentence) == (sets == 1)


def test_two_safeguards_with_one_cause_by_hand():
    for late, alone in itertools.product((0, 5, 20), (1, 10)):
        one = 1 - (1 - late / 100) * (1 - alone / 100)
        both = {
            LAYERS_NOTHING: late / 100 + (1 - late / 100) * (alone / 100) ** 2,
            GATE: late / 100 + (1 - late / 100) * (alone / 100) ** 3,
            COPIES: late / 100 + (1 - late / 100) * (alone / 100) ** 3,
            LATER: late / 1000 + (1 - late / 1000) * (alone / 100) ** 2,
        }
        for buy in BUYS:
            picture = two_layers(late, alone, buy)
            assert {row["You buy"]: row["Both safeguards fail"] for row in picture.rows} == {
                name: share(value) for name, value in both.items()
            }
            ElementTree.fromstring(picture.svg)
        assert share(one**2) in two_layers(late, alone, LAYERS_NOTHING).sentence


def test_the_ranking_at_kestrel_holds_over_twenty_seeds(checkout):
    # The lesson: one of four parts without a copy comes first, if no figure is off by more than two.
    single = {"stock_service", "basket_cache", "identity", "cdn"}
    for seed in range(20):
        found = first_place_shares(checkout.tree, seed=seed, within=2)
        assert {name for name, value in found.items() if value} == single
        assert 0.46 < found["stock_service"] < 0.56
        wider = first_place_shares(checkout.tree, seed=seed, within=4)
        assert sum(value for name, value in wider.items() if name not in single) < 0.01
    picture = first_places(checkout.tree, 2, 6)
    assert {row["Part"] for row in picture.rows} == single


def test_moving_an_event_moves_the_numbers_of_the_engine(checkout):
    picture = event_moved(checkout, "stock_service", 5)
    chance = 5 * checkout.tree.events["stock_service"].probability
    expected = importance(checkout, {"stock_service": chance})
    assert [row["Event"] for row in picture.rows] == [one.event for one in expected]
    assert picture.rows[0]["Birnbaum"] == pytest.approx(expected[0].birnbaum, rel=0.01)
    down = span(checkout.probability({"stock_service": chance})[0] * 525_600)
    assert picture.sentence.startswith(f"It is down {down} a year")
    gone = event_moved(checkout, "stock_service", 0)
    assert "less than before" in gone.sentence
    assert "“basket_cache” has the largest share now" in gone.sentence
    assert "as before" in event_moved(checkout, "cdn", 1).sentence
    assert (
        event_moved(checkout, "the cache", 2, {"basket_cache": "the cache"}).rows[0]["Event"] == "the cache"
    )


def test_the_sum_of_an_or_gate_goes_above_the_truth():
    for inputs, percent in itertools.product((1, 2, 10, 20), (1, 10, 30)):
        picture = sum_and_truth(inputs, percent)
        truth = 1 - (1 - percent / 100) ** inputs
        shown = float(picture.sentence.split("exactly ")[1].rstrip(" %."))
        assert shown == pytest.approx(100 * truth, abs=0.51)
    assert "added up 200 %" in sum_and_truth(20, 10).sentence
    for one in (sum_and_truth(20, 30), sum_and_truth(1, 1)):
        ElementTree.fromstring(one.svg)


def test_copies_under_attack_by_hand():
    fails = 0.01
    for copies, backup, account, attempts in itertools.product((1, 3), BACKUPS, (1, 10), (1, 30)):
        taken = 1 - (1 - account / 100) ** attempts
        all_copies = taken + (1 - taken) * fails**copies
        both = {
            SAME: taken + (1 - taken) * fails ** (copies + 1),
            OWN: all_copies * (1 - (1 - taken) * (1 - fails)),
            OFFLINE: all_copies * fails,
        }[backup]
        picture = copies_under_attack(copies, backup, account, attempts)
        written = f"{100 * both:.0f} %" if both >= 0.0995 else f"1 in {float(f'{1 / both:.2g}'):,.0f}"
        assert picture.rows[1]["Chance that all orders are gone"] == written
        ElementTree.fromstring(picture.svg)

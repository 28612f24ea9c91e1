"""Networks: values that two other methods agree on, and the enumeration of all states of small ones."""

import itertools
import math
import tracemalloc
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faultlab.analysis.networks import networks as networks_module
from faultlab.analysis.networks import parts as network_parts
from faultlab.analysis.networks.networks import connection_chances, terminal_reliability
from faultlab.errors import BadInput

BRIDGE = nx.Graph(["sa", "sb", "ab", "at", "bt"])


def grid(side):
    return nx.grid_2d_graph(side, side), [(0, 0), (side - 1, side - 1)]


def opposite(graph):
    return [0, max(graph, key=lambda node: nx.shortest_path_length(graph, 0, node))]


def by_enumeration(graph, terminals, edges):
    """The exact probability that the terminals are connected, over all states."""
    parts = {one: Fraction(edges[one]) for one in graph.edges(keys=True)}
    total = Fraction(0)
    for state in itertools.product(*[[True] * (p > 0) + [False] * (p < 1) for p in parts.values()]):
        up = {part for part, works in zip(parts, state, strict=True) if works}
        reached, waiting = {terminals[0]}, [terminals[0]]
        while waiting:
            here = waiting.pop()
            for edge in graph.edges(keys=True):
                ends = [edge[:2]] if graph.is_directed() else [edge[:2], edge[1::-1]]
                for tail, head in ends:
                    if tail == here and edge in up and head not in reached:
                        reached.add(head)
                        waiting.append(head)
        if set(terminals) <= reached:
            total += math.prod(p if part in up else 1 - p for part, p in parts.items())
    return total


@pytest.mark.parametrize(
    ("graph", "terminals", "expected"),
    [
        (BRIDGE, ["s", "t"], 0.97848),
        (BRIDGE, list("sabt"), 0.97686),
        (nx.complete_graph(4), [0, 1, 2, 3], 0.995814),
        (nx.complete_graph(5), [0, 1, 2, 3, 4], 0.9994922424),
        (BRIDGE.to_directed(), ["s", "t"], 0.97848),
        (*grid(6), 0.975644995285),
        (nx.dodecahedral_graph(), opposite(nx.dodecahedral_graph()), 0.997120398747),
    ],
)
def test_reference_values_are_met_to_every_digit_given(graph, terminals, expected):
    digits = len(str(expected)) - 2
    found = terminal_reliability(graph, terminals, 0.9)
    assert found == pytest.approx(expected, abs=0.6 * 10**-digits)


def test_a_grid_of_ten_by_ten():
    assert terminal_reliability(*grid(10), 0.9) == pytest.approx(0.975661623142, abs=1e-12)


CHANCES = [0, 1, 1e-300, 1e-30, 1e-16, 1e-7, 0.3, 0.9, 1 - 1e-9, 1 - 2.0**-53, 1 - Fraction(1, 10**30)]


@st.composite
def networks(draw):
    directed = draw(st.booleans())
    graph = (nx.MultiDiGraph if directed else nx.MultiGraph)()
    graph.add_nodes_from(range(draw(st.integers(2, 5))))
    pairs = st.tuples(st.sampled_from(list(graph)), st.sampled_from(list(graph)))
    for one, other in draw(st.lists(pairs, max_size=7)):
        graph.add_edge(one, other, works=draw(st.sampled_from(CHANCES)))
    return graph, draw(st.lists(st.sampled_from(list(graph)), min_size=2, max_size=4))


@pytest.fixture(params=["walk", "spread"])
def way(request, monkeypatch):
    """Each of the two ways by itself: the other gives up."""

    def too_wide(*_):
        raise networks_module.TooWide

    for name in ("spread_chances",) if request.param == "walk" else ("frontier_chances", "relation_chances"):
        monkeypatch.setattr(networks_module, name, too_wide)
    return request.param


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=networks())
def test_random_networks_agree_with_exact_fractions_on_both_sides(way, drawn):
    graph, terminals = drawn
    edges = {(one, other, key): p for one, other, key, p in graph.edges(keys=True, data="works")}
    exact = by_enumeration(graph, terminals, edges)
    # What lies at the end of a float's range has no digits left to keep.
    near = {"rel": 1e-12, "abs": 1e-303}
    connected, parted = connection_chances(graph, terminals, "works")
    assert connected == pytest.approx(float(exact), **near)
    assert parted == pytest.approx(float(1 - exact), **near)


@pytest.mark.parametrize("p", [1e-300, 1e-30, 1e-16, 1e-12, 0.5, 1 - 1e-9, 1 - 2.0**-53])
def test_one_link_is_what_it_was_given(p):
    for graph in (nx.path_graph(2), nx.path_graph(2, create_using=nx.DiGraph)):
        assert connection_chances(graph, [0, 1], p) == (p, float(1 - Fraction(p)))


def exactly_spread(n, works, goals):
    """P(node 0 reaches the goals) in a mesh, by taking away from one (Buzacott 1980), in fractions."""
    whole, alone = Fraction(0), {}
    others = range(1, n)
    for size in range(n):
        for chosen in itertools.combinations(others, size):
            reached = frozenset((0, *chosen))
            alone[reached] = 1 - sum(
                alone[part] * math.prod(1 - works[i, j] for i in part for j in reached - part)
                for k in range(size)
                for part in (frozenset((0, *inner)) for inner in itertools.combinations(chosen, k))
            )
            if goals <= reached:
                left = set(range(n)) - reached
                whole += alone[reached] * math.prod(1 - works[i, j] for i in reached for j in left)
    return whole


@pytest.mark.parametrize("goals", [{6}, {3, 6}, set(range(1, 7))], ids=["one", "two", "all"])
def test_a_directed_mesh_agrees_with_what_is_reached_in_fractions(goals):
    chances = itertools.cycle([0.9, 1e-9, 0.5, 1 - 1e-9, 0.99])
    works = {arc: next(chances) for arc in itertools.permutations(range(7), 2)}
    graph = nx.DiGraph()
    graph.add_edges_from((*arc, {"p": p}) for arc, p in works.items())
    exact = exactly_spread(7, {arc: Fraction(p) for arc, p in works.items()}, goals)
    found = connection_chances(graph, [0, *goals], "p")
    assert found == pytest.approx((float(exact), float(1 - exact)), rel=1e-12)


def test_a_complete_graph_agrees_with_gilbert_in_fractions(way):
    """Gilbert (1959), Random graphs: all of a complete graph's nodes are connected."""
    q, whole = Fraction(1, 10), [Fraction(0), Fraction(1)]
    for n in range(2, 9):
        ways = (math.comb(n - 1, k - 1) * whole[k] * q ** (k * (n - k)) for k in range(1, n))
        whole.append(1 - sum(ways))
    found = connection_chances(nx.complete_graph(8), range(8), Fraction(9, 10))
    assert found == pytest.approx((float(whole[8]), float(1 - whole[8])), rel=1e-12)


def test_an_arc_and_its_opposite_with_one_probability_are_one_edge():
    for graph, ends in (grid(5), (nx.petersen_graph(), [0, 7])):
        both_ways = connection_chances(graph.to_directed(), ends, 0.9)
        assert both_ways == pytest.approx(connection_chances(graph, ends, 0.9), rel=1e-12)


def test_wide_parts_in_series_and_many_ways_through_few_nodes_are_no_wide_networks():
    chain = nx.Graph()
    for first in range(0, 40, 5):
        chain.update(nx.relabel_nodes(nx.complete_graph(6), {i: first + i for i in range(6)}))
    one = connection_chances(nx.complete_graph(6), [0, 5], 0.9)[0]
    assert connection_chances(chain, [0, 40], 0.9)[0] == pytest.approx(one**8, rel=1e-12)
    ways = nx.DiGraph([("s", f"m{i}") for i in range(60)] + [(f"m{i}", "t") for i in range(60)])
    assert connection_chances(ways, "st", 0.5)[1] == pytest.approx(0.75**60, rel=1e-12)
    star = nx.star_graph(300)
    assert terminal_reliability(star, list(star), 0.99) == pytest.approx(0.99**300, rel=1e-12)


@pytest.mark.parametrize(
    "value", [np.float64(0.5), np.float32(0.5), np.int64(1), 1, Fraction(1, 2), Decimal("0.5")], ids=repr
)
def test_numbers_are_taken_whatever_library_they_are_from(value):
    graph = nx.Graph()
    graph.add_edge("a", "b", p=value)
    assert connection_chances(graph, "ab", "p") == (float(value), 1 - float(value))


@pytest.mark.parametrize("value", [np.True_, True, "0.9", "99.9%", [0.9], 1j], ids=repr)
def test_what_is_no_number_is_refused_with_a_remedy(value):
    graph = nx.Graph()
    graph.add_edge("a", "b", p=value)
    with pytest.raises(BadInput, match=r"write a number such as 0\.9"):
        connection_chances(graph, "ab", "p")


@pytest.mark.parametrize(
    ("graph", "terminals", "words"),
    [
        ([("s", "t")], ["s", "t"], "not list; make one"),
        (nx.Graph([("web", "db")]), "web", "put 'web' and the others in a list"),
        (nx.DiGraph([("s", "t")]), {"s", "t"}, "no first terminal"),
    ],
)
def test_a_question_that_can_be_read_two_ways_is_refused(graph, terminals, words):
    with pytest.raises(BadInput, match=words):
        terminal_reliability(graph, terminals, 0.9)


def test_the_chance_of_being_parted_keeps_its_digits():
    ring = nx.cycle_graph(4)
    parted = connection_chances(ring, [0, 2], 1 - 1e-9)[1]
    assert parted == pytest.approx((2e-9) ** 2, rel=1e-6)


def test_parallel_edges_that_hardly_ever_fail_keep_their_digits():
    twice = nx.MultiGraph([(0, 1), (0, 1)])
    for graph in (twice, twice.to_directed()):
        assert connection_chances(graph, [0, 1], 1 - 1e-12)[1] == pytest.approx(
            (1 - (1 - 1e-12)) ** 2, rel=1e-9
        )


@pytest.mark.parametrize(
    ("terminals", "edge", "words"),
    [
        (["s", "z"], 0.9, "no node 'z'"),
        ([], 0.9, "two or more"),
        (["s", "t"], 1.2, r"edge 's' - 'a' is a number from 0 to 1, not 1\.2"),
        (["s", "t"], "up", "edge 's' - 'a' has no attribute 'up'"),
        (["s", "t"], math.nan, "not nan"),
    ],
)
def test_a_network_that_makes_no_sense_is_refused(terminals, edge, words):
    with pytest.raises(BadInput, match=words):
        terminal_reliability(BRIDGE, terminals, edge)


def wide_networks():
    chances = itertools.cycle([0.9, 0.8, 0.7])
    mesh, grids = nx.complete_graph(16, create_using=nx.DiGraph), nx.grid_2d_graph(7, 7).to_directed()
    for graph in (mesh, grids):
        for arc in graph.edges:
            graph.edges[arc]["p"] = next(chances)
    return [
        (nx.complete_graph(18), list(range(18)), 0.5),
        (nx.complete_graph(100), [0, 99], 0.5),
        (mesh, [0, 15], "p"),
        (grids, [(0, 0), (6, 6)], "p"),
    ]


@pytest.mark.parametrize(
    ("graph", "terminals", "edge"), wide_networks(), ids=["all", "large", "mesh", "grid"]
)
def test_what_is_too_wide_is_refused_before_it_fills_the_memory(graph, terminals, edge, monkeypatch):
    monkeypatch.setattr(networks_module, "FIRST_BYTES", 300_000)
    monkeypatch.setattr(networks_module, "MOST_BYTES", 3_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(BadInput, match="too wide"):
            terminal_reliability(graph, terminals, edge)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # The graph itself and what a step makes of its states come on top.
    assert most < 3 * 3_000_000 + 6_000_000


@pytest.mark.parametrize("which", [0, 2, 3], ids=["all", "mesh", "grid"])
def test_the_time_is_looked_at_inside_every_step(which, monkeypatch):
    looks = itertools.count()
    # A clock that goes on by a second with every look: a hundred looks are all that there is time for.
    clock = SimpleNamespace(monotonic=lambda: next(looks))
    monkeypatch.setattr(network_parts, "time", clock)
    monkeypatch.setattr(networks_module, "time", clock)
    graph, terminals, edge = wide_networks()[which]
    with pytest.raises(BadInput, match="more seconds"):
        terminal_reliability(graph, terminals, edge, seconds=100)
    assert next(looks) < 105


@pytest.mark.parametrize("seconds", [-1, math.nan])
def test_seconds_are_a_number_from_zero(seconds):
    with pytest.raises(BadInput, match="seconds is a number from 0"):
        terminal_reliability(BRIDGE, "st", 0.9, seconds=seconds)

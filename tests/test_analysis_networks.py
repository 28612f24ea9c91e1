"""Networks: values that two other methods agree on, and the enumeration of all states of small ones."""

import itertools
import math

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faultlab.analysis import connection_chances, terminal_reliability
from faultlab.errors import BadInput

BRIDGE = nx.Graph(["sa", "sb", "ab", "at", "bt"])


def grid(side):
    return nx.grid_2d_graph(side, side), [(0, 0), (side - 1, side - 1)]


def opposite(graph):
    return [0, max(graph, key=lambda node: nx.shortest_path_length(graph, 0, node))]


def by_enumeration(graph, terminals, edges, nodes):
    """Add up the states in which the terminals are connected."""
    parts = [*(("node", one) for one in graph), *(("edge", one) for one in graph.edges(keys=True))]
    total = []
    for state in itertools.product((True, False), repeat=len(parts)):
        up = {part for part, works in zip(parts, state, strict=True) if works}
        chance = math.prod(
            (given if works else 1 - given)
            for part, works in zip(parts, state, strict=True)
            for given in [nodes[part[1]] if part[0] == "node" else edges[part[1]]]
        )
        left = nx.DiGraph() if graph.is_directed() else nx.Graph()
        left.add_nodes_from(node for node in graph if ("node", node) in up)
        left.add_edges_from(
            edge[:2]
            for edge in graph.edges(keys=True)
            if {("edge", edge), ("node", edge[0]), ("node", edge[1])} <= up
        )
        if all(node in left for node in terminals) and all(
            nx.has_path(left, terminals[0], node) for node in terminals[1:]
        ):
            total.append(chance)
    return math.fsum(total)


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


@st.composite
def networks(draw):
    directed = draw(st.booleans())
    graph = (nx.MultiDiGraph if directed else nx.MultiGraph)()
    graph.add_nodes_from(range(draw(st.integers(2, 4))))
    pairs = st.tuples(st.sampled_from(list(graph)), st.sampled_from(list(graph)))
    for one, other in draw(st.lists(pairs, max_size=6)):
        graph.add_edge(one, other, works=draw(st.sampled_from([0.0, 0.3, 0.9, 1.0])))
    for node in graph:
        graph.nodes[node]["works"] = draw(st.sampled_from([0.0, 0.6, 0.95, 1.0]))
    return graph, draw(st.lists(st.sampled_from(list(graph)), min_size=2, max_size=4))


@settings(max_examples=150, deadline=None)
@given(networks())
def test_random_networks_agree_with_the_enumeration_of_all_states(drawn):
    graph, terminals = drawn
    edges = nx.get_edge_attributes(graph, "works")
    nodes = nx.get_node_attributes(graph, "works")
    connected, parted = connection_chances(graph, terminals, "works", "works")
    expected = by_enumeration(graph, terminals, edges, nodes)
    assert connected == pytest.approx(expected, abs=1e-12)
    assert parted == pytest.approx(1 - expected, abs=1e-12)


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
    ("terminals", "edge", "node", "words"),
    [
        (["s", "z"], 0.9, 1.0, "no node 'z'"),
        ([], 0.9, 1.0, "two or more"),
        (["s", "t"], 1.2, 1.0, r"edge 's' - 'a' is a number from 0 to 1, not 1\.2"),
        (["s", "t"], 0.9, "up", "node 's' has no attribute 'up'"),
        (["s", "t"], math.nan, 1.0, "not nan"),
    ],
)
def test_a_network_that_makes_no_sense_is_refused(terminals, edge, node, words):
    with pytest.raises(BadInput, match=words):
        terminal_reliability(BRIDGE, terminals, edge, node)


def test_a_network_that_is_too_wide_is_refused_and_does_not_hang(monkeypatch):
    # A tenth of the states that are allowed: they take a tenth of the time, and are refused the same way.
    monkeypatch.setattr("faultlab.analysis.networks.MOST_STATES", 300_000)
    with pytest.raises(BadInput, match="too wide"):
        terminal_reliability(nx.complete_graph(16), [0, 15], 0.5)

"""The system model: exact where parts are shared, refused where it makes no sense."""

import itertools
import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from open_psa_bytes import parse_open_psa

from faultlab.__main__ import main
from faultlab.analysis.fault_trees.cut_sets import minimal_cut_sets
from faultlab.analysis.fault_trees.importances import importance
from faultlab.analysis.fault_trees.solved_tree import solve
from faultlab.analysis.fault_trees.success_trees import success_tree
from faultlab.analysis.fault_trees.tree_text import tree_as_text, tree_from_text
from faultlab.analysis.fmea.worksheet import rows_of
from faultlab.analysis.open_psa.writing import open_psa_as_text
from faultlab.analysis.systems import read_system
from faultlab.analysis.systems.block_diagrams import shared_first, still_works
from faultlab.analysis.systems.system import Component, Group, Journey, Range, Service, System
from faultlab.analysis.systems.system_options import option_report
from faultlab.analysis.systems.system_views import (
    journey_report,
    journey_times,
    naive_availability,
    single_points_of_failure,
)
from faultlab.errors import BadInput
from faultlab.metrics.estimates.availability import k_of_n

KESTREL = Path(__file__).parents[3] / "course" / "kestrel.yaml"
TWO_APP_SERVICES = """company: Example of a calculator
currency: EUR

components:
  front_door: {availability: 0.9999}
  app_north_europe: {availability: 0.9995}
  app_west_europe: {availability: 0.9995}
  sql_database: {availability: 0.99995}

groups:
  regions: {among: [north_europe, west_europe], needs: 1}

services:
  north_europe: {needs: [app_north_europe, sql_database]}
  west_europe: {needs: [app_west_europe, sql_database]}

journeys:
  site: {needs: [front_door, regions], worth_per_hour: 10000}
"""


def parts(**availabilities):
    return {name: Component(name, Range.point(value)) for name, value in availabilities.items()}


def journey(*needs):
    return {"buy": Journey("buy", needs, Range.point(1000.0))}


def own_chances(system, name):
    """The chance of every basic event that its name and the beta-factor model give, worked out here."""
    part, _, copy = name.partition("/")
    down = {n: 1 - component.availability.likely for n, component in system.components.items()}
    if copy:
        group = system.groups[part]
        beta = group.shared_cause.likely
        if group.among:
            return beta * min(down[member] for member in group.among)
        return beta * down[group.of] if copy == "shared" else (1 - beta) * down[group.of]
    taken = [
        group.shared_cause.likely * min(down[member] for member in group.among)
        for group in system.groups.values()
        if part in group.among and group.shared_cause.high > 0
    ]
    return down[part] - sum(taken)


def by_enumeration(system, name="buy", sure=None):
    """The availability as the sum over every combination of working and failed parts."""
    events = list(system.fault_tree(name).events)
    chances = {event: own_chances(system, event) for event in events} | (sure or {})
    total = 0.0
    for state in itertools.product((True, False), repeat=len(events)):
        up = dict(zip(events, state, strict=True))
        if works(system, up, system.journey(name).needs):
            total += math.prod(1 - chances[n] if up[n] else chances[n] for n in events)
    return total


def works(system, up, needs):
    """Whether everything in a list works while just some basic events have not happened."""

    def part_works(part):
        if part in system.components:
            return up[part] and all(
                up[f"{name}/shared"]
                for name, group in system.groups.items()
                if part in group.among and group.shared_cause.high > 0
            )
        if part in system.groups:
            group = system.groups[part]
            if group.among:
                return sum(part_works(member) for member in group.among) >= group.needs
            copies = sum(up[f"{part}/{i + 1}"] for i in range(group.copies))
            return up.get(f"{part}/shared", True) and copies >= group.needs
        return all(part_works(need) for need in system.services[part].needs)

    return all(part_works(need) for need in needs)


def test_finding_f1_two_app_services_that_share_a_database(tmp_path):
    """The published calculator's own example: 99.98997 % as it says, 99.98498 % in truth.

    UnoSD/SlaCalculator, "Fable/example diagram.drawio" and README.md: Azure Front Door before two App
    Services, North and West Europe, which both need one Azure SQL database.
    """
    (tmp_path / "site.yaml").write_text(TWO_APP_SERVICES)
    system = read_system(tmp_path / "site.yaml")
    front, app, sql = 0.9999, 0.9995, 0.99995
    naive = naive_availability(system, "site")
    report = journey_report(system, "site")
    assert 100 * naive == pytest.approx(99.98997, abs=5e-6)
    assert (1 - naive) * 525_600 == pytest.approx(52.7, abs=0.05)
    assert 100 * report.availability == pytest.approx(99.98498, abs=5e-6)
    assert report.minutes_down_per_year == pytest.approx(79.0, abs=0.05)
    assert report.availability == pytest.approx(by_enumeration(system, "site"), abs=1e-15)
    assert report.availability == pytest.approx(front * sql * (1 - (1 - app) ** 2), abs=1e-15)
    assert report.single_points_of_failure == ("front_door", "sql_database")

    # The calculator's own arithmetic: dependencies are subtracted, a choice is a product.
    subtracted = front - (1 - (app - (1 - sql))) ** 2
    assert naive == pytest.approx(subtracted, abs=1e-8)
    understated = 1 - (1 - subtracted) / (1 - report.availability)
    assert understated == pytest.approx(0.33, abs=0.005)


def test_a_shared_database_is_counted_once():
    """Two services that stand on one database: the part-by-part product takes it twice."""
    app, database = 0.9995, 0.9999
    system = System(
        "Shop",
        "EUR",
        parts(left=app, right=app, database=database, manager=0.99995),
        services={"one": Service("one", ("left", "database")), "two": Service("two", ("right", "database"))},
        journeys=journey("one", "two", "manager"),
    )
    exact = app * app * database * 0.99995
    assert system.availability("buy") == pytest.approx(exact, abs=1e-15)
    assert naive_availability(system, "buy") == pytest.approx(exact * database, abs=1e-15)


@pytest.mark.parametrize(("beta", "percent"), [(0, 99.9975), (0.01, 99.9925), (0.05, 99.9727), (0.1, 99.948)])
def test_two_replicas_with_a_shared_cause_give_the_published_figures(beta, percent):
    system = System(
        "Shop",
        "EUR",
        parts(server=0.995),
        {"pair": Group("pair", "server", 1, 2, Range.point(beta))},
        journeys=journey("pair"),
    )
    assert 100 * system.availability("buy") == pytest.approx(percent, abs=5e-5)


@pytest.mark.parametrize(("k", "n"), [(1, 2), (2, 3), (3, 4), (9, 10)])
def test_k_of_n_agrees_with_the_binomial_sum(k, n):
    groups = {"g": Group("g", "server", k, n)}
    system = System("Shop", "EUR", parts(server=0.99), groups, journeys=journey("g"))
    assert system.availability("buy") == pytest.approx(k_of_n(k, n, 0.99), abs=1e-14)


PARTS = ["a", "b", "c", "d", "g", "n"]


@st.composite
def systems(draw):
    """Shared nodes, copies with a common cause, named parts with one, choices among all of them."""
    values = draw(st.lists(st.floats(0, 1), min_size=4, max_size=4))
    copies = draw(st.integers(1, 3))
    groups = {
        "g": Group("g", "a", draw(st.integers(1, copies)), copies, Range.point(draw(st.floats(0, 1)))),
        "n": Group("n", None, draw(st.integers(1, 2)), 2, Range.point(draw(st.floats(0, 1))), ("b", "c")),
    }
    services, known = {}, list(PARTS)
    for i in range(draw(st.integers(1, 3))):
        needs = draw(st.lists(st.sampled_from(known), min_size=1, max_size=3))
        services[f"s{i}"] = Service(f"s{i}", tuple(needs))
        choice = draw(st.lists(st.sampled_from([*known, f"s{i}"]), min_size=1, max_size=4, unique=True))
        needed = draw(st.integers(1, len(choice)))
        groups[f"h{i}"] = Group(f"h{i}", None, needed, len(choice), among=tuple(choice))
        known += [f"s{i}", f"h{i}"]
    needs = draw(st.lists(st.sampled_from(known), min_size=1, max_size=4))
    return System(
        "Shop", "EUR", parts(**dict(zip("abcd", values, strict=True))), groups, services, journey(*needs)
    )


@settings(max_examples=200, deadline=None)
@given(systems())
def test_every_view_agrees_with_the_enumeration_of_all_states(system):
    exact = by_enumeration(system)
    up, down = system.up_and_down("buy")
    assert up == pytest.approx(exact, abs=1e-9)
    assert up + down == pytest.approx(1, abs=1e-12)

    tree = system.fault_tree("buy")
    again = parse_open_psa(open_psa_as_text(tree).encode())
    assert again == tree
    assert solve(again).probability()[1] == pytest.approx(exact, abs=1e-9)
    assert solve(tree_from_text(tree_as_text(tree))).probability()[1] == pytest.approx(exact, abs=1e-9)
    assert solve(success_tree(tree)).probability()[0] == pytest.approx(exact, abs=1e-9)

    report = journey_report(system, "buy", samples=100)
    assert report.minutes_down_per_year == pytest.approx((1 - exact) * 525_600, abs=1e-3)
    assert report.cost_per_year.likely == pytest.approx((1 - exact) * 8760 * 1000, abs=1e-2)
    for found in (report.cost_per_year, report.minutes_down_range, report.availability_range):
        assert found.low == pytest.approx(found.likely, abs=1e-6)
        assert found.high == pytest.approx(found.likely, abs=1e-6)

    whole, solved = set(tree.events), system.solved("buy")
    for once in (True, False):
        diagram = system.block_diagram("buy", once)
        factored = shared_first(diagram)
        for state in itertools.product((True, False), repeat=len(whole)):
            working = dict(zip(tree.events, state, strict=True))
            drawn = still_works(diagram, {name for name in whole if working[name]})
            assert drawn == works(system, working, system.journey("buy").needs)
            assert drawn == still_works(factored, {name for name in whole if working[name]})

    sets = [set(one.events) for one in minimal_cut_sets(solved).most_probable(10_000)]
    for one in sets:
        assert not works(system, {n: n not in one for n in whole}, system.journey("buy").needs)
        for spared in one:
            up_then = {n: n not in one or n == spared for n in whole}
            assert works(system, up_then, system.journey("buy").needs)
    possible = {name for name, model in tree.events.items() if model.probability > 0}
    single = [name for name in report.single_points_of_failure if name in possible]
    assert sorted(single) == sorted(next(iter(one)) for one in sets if len(one) == 1 and one <= possible)

    for one in importance(solved):
        low, high = (by_enumeration(system, sure={one.event: chance}) for chance in (1, 0))
        assert one.birnbaum == pytest.approx(high - low, abs=1e-9)

    def item(event):
        return event if event.endswith("/shared") else event.partition("/")[0]

    rows = rows_of(system)
    assert {row.item for row in rows} == {item(name) for name in whole}
    stopping = {row.item for row in rows if row.effect.startswith("stops buy")}
    assert stopping == {item(name) for name in report.single_points_of_failure}


def test_kestrel_is_read_and_makes_sense():
    kestrel = read_system(KESTREL)
    assert list(kestrel.journeys) == ["web", "search", "basket", "checkout", "payments"]
    for name in kestrel.journeys:
        report = journey_report(kestrel, name)
        assert report.availability == pytest.approx(by_enumeration(kestrel, name), abs=1e-12)
        assert report.cost_per_year.low < report.cost_per_year.likely < report.cost_per_year.high
        assert kestrel.availability(name, "low") < report.availability < kestrel.availability(name, "high")
    assert "payment_provider" in single_points_of_failure(kestrel, "payments")
    assert "web_servers/1" not in single_points_of_failure(kestrel, "web")


def test_an_option_helps_what_it_touches_and_nothing_else():
    kestrel = read_system(KESTREL)
    bought = kestrel.with_option("second_payment_provider")
    assert bought.availability("payments") > kestrel.availability("payments")
    assert bought.availability("search") == kestrel.availability("search")
    quicker = kestrel.with_option("faster_search_rollback")
    assert quicker.components["search_index"].availability.likely == pytest.approx(500 / 500.4)
    with pytest.raises(BadInput, match="staged_releases"):
        kestrel.with_option("prayer")


def test_one_cause_that_strikes_two_named_providers():
    """By hand: both fail on their own, or the cause strikes, which takes a tenth of the better one's."""
    group = Group("either", None, 1, 2, Range.point(0.1), ("first", "second"))
    system = System("Shop", "EUR", parts(first=0.99, second=0.98), {"either": group}, {}, journey("either"))
    own = (0.01 - 0.001) * (0.02 - 0.001)
    assert system.up_and_down("buy")[1] == pytest.approx(0.001 + 0.999 * own, abs=1e-15)
    # Whoever needs the second alone is struck by the cause too, and no more often than before.
    system = System("Shop", "EUR", parts(first=0.99, second=0.98), {"either": group}, {}, journey("second"))
    assert system.up_and_down("buy")[1] == pytest.approx(0.02, abs=1e-4)
    assert single_points_of_failure(system, "buy") == ("second", "either/shared")


def test_the_command_line_answers_what_the_functions_do(capsys):
    assert main(["rbd", str(KESTREL), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    kestrel = read_system(KESTREL)
    assert list(found) == ["company", "currency", "journeys", "options"]
    assert list(found["journeys"]) == list(kestrel.journeys)
    for name, one in found["journeys"].items():
        assert one["availability"] == kestrel.availability(name)
        assert one["minutes_down_per_year"] == pytest.approx((1 - one["availability"]) * 525_600)
        assert one["naive_availability"] == naive_availability(kestrel, name)
        assert one["single_points_of_failure"] == list(single_points_of_failure(kestrel, name))
        assert one["times"]["mtbf_hours"] == journey_times(kestrel, name).mtbf_hours
    for name, one in found["options"].items():
        assert one["saved_per_year"]["likely"] == option_report(kestrel, name).saved_per_year.likely
    assert main(["rbd", str(KESTREL), "--journey", "checkout"]) == 0
    assert "checkout: up 99.73 %" in capsys.readouterr().out
    assert main(["rbd", str(KESTREL), "--journey", "returns"]) == 2
    assert "It has: web, search" in capsys.readouterr().err

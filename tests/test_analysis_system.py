"""The system model: exact where parts are shared, refused where it makes no sense."""

import itertools
import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faultlab.__main__ import main
from faultlab.analysis import (
    Component,
    Group,
    Journey,
    Range,
    Service,
    System,
    journey_report,
    naive_availability,
    single_points_of_failure,
)
from faultlab.errors import BadInput
from faultlab.metrics import k_of_n

KESTREL = Path(__file__).parents[1] / "course" / "kestrel.yaml"


def parts(**availabilities):
    return {name: Component(name, Range.point(value)) for name, value in availabilities.items()}


def journey(*needs):
    return {"buy": Journey("buy", needs, Range.point(1000.0))}


def by_enumeration(system, name="buy"):
    """The availability as the sum over every combination of working and failed parts."""
    events = list(system.fault_tree(name).events)
    chances = system.chances(events)
    total = 0.0
    for state in itertools.product((True, False), repeat=len(events)):
        up = dict(zip(events, state, strict=True))

        def works(part, up=up):
            if part in system.components:
                return up[part]
            if part in system.groups:
                group = system.groups[part]
                if group.among:
                    return sum(works(member) for member in group.among) >= group.needs
                copies = sum(up[f"{part}/{i + 1}"] for i in range(group.copies))
                return up[f"{part}/shared"] and copies >= group.needs
            return all(works(need) for need in system.services[part].needs)

        if all(works(need) for need in system.journey(name).needs):
            total += math.prod(chances[n][1] if up[n] else chances[n][0] for n in events)
    return total


def test_finding_f1_two_app_services_that_share_a_database():
    """The published calculator's own example: 99.98997 % as it says, 99.98498 % in truth."""
    system = System(
        "Shop",
        "EUR",
        parts(app_1=0.9995, app_2=0.9995, sql=0.99995, traffic_manager=0.9999),
        {"regions": Group("regions", None, 1, 2, among=("region_1", "region_2"))},
        {
            "region_1": Service("region_1", ("app_1", "sql")),
            "region_2": Service("region_2", ("app_2", "sql")),
        },
        journey("traffic_manager", "regions"),
    )
    assert 100 * system.availability("buy") == pytest.approx(99.98498, abs=5e-6)
    assert 100 * naive_availability(system, "buy") == pytest.approx(99.98997, abs=5e-6)
    assert system.availability("buy") == pytest.approx(by_enumeration(system), abs=1e-15)
    report = journey_report(system, "buy")
    assert report.minutes_down_per_year == pytest.approx(79.0, abs=0.1)
    assert single_points_of_failure(system, "buy") == ("traffic_manager", "sql")


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


names = st.sampled_from(["a", "b", "c", "d"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0, 1), min_size=4, max_size=4),
    st.lists(st.lists(names, min_size=1, max_size=3), min_size=1, max_size=3),
    st.integers(1, 3),
    st.integers(1, 3),
    st.floats(0, 1),
    st.lists(st.sampled_from(["a", "b", "c", "d", "g", "s0"]), min_size=1, max_size=4, unique=True),
)
def test_every_system_agrees_with_the_enumeration_of_all_states(values, services, k, n, beta, choice):
    rooms = {f"s{i}": Service(f"s{i}", tuple(needs)) for i, needs in enumerate(services)}
    system = System(
        "Shop",
        "EUR",
        parts(**dict(zip("abcd", values, strict=True))),
        {
            "g": Group("g", "a", min(k, n), n, Range.point(beta)),
            "h": Group("h", None, min(k, len(choice)), len(choice), among=tuple(choice)),
        },
        rooms,
        journey(*rooms, "g", "h"),
    )
    assert system.availability("buy") == pytest.approx(by_enumeration(system), abs=1e-9)
    up, down = system.up_and_down("buy")
    assert up + down == pytest.approx(1, abs=1e-12)


def test_kestrel_is_read_and_makes_sense():
    kestrel = System.read(KESTREL)
    assert list(kestrel.journeys) == ["web", "search", "basket", "checkout", "payments"]
    for name in kestrel.journeys:
        report = journey_report(kestrel, name)
        assert report.availability == pytest.approx(by_enumeration(kestrel, name), abs=1e-12)
        assert report.cost_per_year.low < report.cost_per_year.likely < report.cost_per_year.high
        assert kestrel.availability(name, "low") < report.availability < kestrel.availability(name, "high")
    assert "payment_provider" in single_points_of_failure(kestrel, "payments")
    assert "web_servers/1" not in single_points_of_failure(kestrel, "web")


def test_an_option_helps_what_it_touches_and_nothing_else():
    kestrel = System.read(KESTREL)
    bought = kestrel.with_option("second_payment_provider")
    assert bought.availability("payments") > kestrel.availability("payments")
    assert bought.availability("search") == kestrel.availability("search")
    quicker = kestrel.with_option("faster_search_rollback")
    assert quicker.components["search_index"].availability.likely == pytest.approx(500 / 500.4)
    with pytest.raises(BadInput, match="staged_releases"):
        kestrel.with_option("prayer")


GOOD = """components:
  disk: {availability: 0.99}
groups:
  pair: {of: disk, needs: 1, copies: 2}
services:
  store: {needs: [pair]}
journeys:
  buy: {needs: [store], worth_per_hour: 100}
"""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("0.99", "1.2"), "line 2.*between 0 and 1"),
        (("0.99", "nan"), "line 2.*between 0 and 1"),
        (("0.99", "often"), "line 2.*number.*often"),
        (("0.99", "[0.99, 0.9, 0.999]"), "line 2.*upwards"),
        (("0.99", "[0.9, 0.99]"), "line 2.*three numbers"),
        (("availability: 0.99", "mtbf_hours: 5"), "line 2.*mttr_hours"),
        (("needs: 1", "needs: 3"), "line 4.*3 of 2.*k can't be above n"),
        (("of: disk", "of: disc"), "line 4.*'disc'.*no component"),
        (("[pair]", "[pear]"), "line 6.*'pear'"),
        (("[pair]", "[store]"), "'store' needs itself"),
        (("[pair]", "pair"), "line 6.*needs: \\[one, other\\]"),
        (("  store:", "  disk:"), "'disk' stands in components and in services"),
        (("journeys:", "travels:"), "travels.*may have"),
        ((", worth_per_hour: 100", ""), "line 8.*worth_per_hour"),
        (("buy: {", "buy: {needs: [disk], "), "line 8.*twice"),
        (("groups:", "groups: ["), "not YAML"),
        (("disk: {availability: 0.99}", "disk: !!python/object:os.system {}"), "has `availability`"),
        (("{of: disk, needs: 1, copies: 2}", "{among: [disk, store], needs: 1}"), "'store' needs itself"),
        (("{of: disk, needs: 1, copies: 2}", "{among: [disk], needs: 2}"), "line 4.*2 of 1"),
        (("{of: disk, needs: 1, copies: 2}", "{among: [], needs: 1}"), "line 4.*among"),
        (("{of: disk, needs: 1, copies: 2}", "{among: [disk], of: disk, needs: 1}"), "line 4.*among"),
        (("availability: 0.99", "failures_per_hour: 1"), "line 2.*mission_hours"),
        ((GOOD, ""), "holds names"),
        ((GOOD, "- a\n- b\n"), "holds names"),
        ((GOOD, "components: {}\njourneys: {}\n"), "components.*journeys"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_line(tmp_path, capsys, change, words):
    file = tmp_path / "shop.yaml"
    file.write_text(GOOD)
    assert System.read(file).availability("buy") == pytest.approx(0.9999)
    file.write_text(GOOD.replace(*change))
    with pytest.raises(BadInput, match=f"(?s){words}"):
        System.read(file)
    assert main(["rbd", str(file)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_bytes_that_are_no_text_and_files_that_are_absent(tmp_path, capsys):
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe\x00\x01")
    assert main(["rbd", str(tmp_path / "a.yaml")]) == 2
    assert main(["rbd", str(tmp_path / "b.yaml")]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert "UTF-8" in said[0]
    assert "b.yaml" in said[1]


def test_the_command_line_answers_what_the_functions_do(capsys):
    assert main(["rbd", str(KESTREL), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    kestrel = System.read(KESTREL)
    for one in found["journeys"]:
        assert one["availability"] == kestrel.availability(one["journey"])
        assert one["minutes_down_per_year"] == pytest.approx((1 - one["availability"]) * 525_600)
        assert one["naive_availability"] == naive_availability(kestrel, one["journey"])
        assert one["single_points_of_failure"] == list(single_points_of_failure(kestrel, one["journey"]))
    assert main(["rbd", str(KESTREL), "--journey", "checkout"]) == 0
    assert "checkout: up 99.73 %" in capsys.readouterr().out
    assert main(["rbd", str(KESTREL), "--journey", "returns"]) == 2
    assert "It has: web, search" in capsys.readouterr().err

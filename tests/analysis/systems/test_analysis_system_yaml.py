"""Models in YAML that make no sense, or are too large: refused with the line and the remedy."""

import pytest

from faultlab.__main__ import main
from faultlab.analysis.systems import read_system
from faultlab.analysis.systems.system import Component, Journey, Range, Service, System
from faultlab.analysis.systems.system_views import journey_report, naive_availability
from faultlab.errors import BadInput


def chain(services):
    parts = {"a": Component("a", Range.point(0.9))}
    journeys = {"buy": Journey("buy", (list(services)[-1],), Range.point(1000.0))}
    return System("Shop", "EUR", parts, {}, services, journeys)


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
        (("0.99", "[0.99, 0.9, 0.999]"), "line 2.*put 0.99, 0.9, 0.999 in that order"),
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
        (("availability: 0.99", "scale_hours: 9, shape: 2"), "line 2.*`shape` and `mission_hours`"),
        (("availability: 0.99", "scale_hours: 9, shape: 0, mission_hours: 1"), "line 2.*shape.*0.1 and 20"),
        (("{availability: 0.99}", "&a {availability: 0.99}\n  more: *a"), "line 3.*aliases"),
        (("  disk:", "  a/b:"), "line 2.*'a/b' can't be a name"),
        (("  disk:", "  a fails:"), "line 2.*can't be a name"),
        (("  disk:", '  "\\ud800":'), "line 2.*invisible"),
        (("  disk:", "  ? [a]\n  :"), "line 2.*one word"),
        (("{of: disk, needs: 1, copies: 2}", "{among: [disk, disk], needs: 1}"), "line 4.*twice"),
        (
            ("{of: disk, needs: 1, copies: 2}", "{among: [store], needs: 1, shared_cause: 0.1}"),
            "strikes comp",
        ),
        (("needs: 1, copies: 2", "needs: 1, copies: 51"), "line 4.*between 1 and 50"),
        (("needs: 1, copies: 2", "needs: 1, copies: 1e1"), "line 4.*whole number, not '1e1'"),
        (
            ("100}", "100}\noptions:\n  raid: {cost_per_year: 1, changes: {disk: {mttr_hours: 1}}}"),
            "line 10.*its availability",
        ),
        (
            ("100}", "100}\noptions:\n  raid: {cost_per_year: 1, changes: {dish: {needs: 1}}}"),
            "line 10.*'dish'",
        ),
        (
            ("100}", "100}\noptions:\n  raid: {cost_per_year: 1, changes: {pair: {}}}"),
            "line 10.*names one of",
        ),
        (("100}", "100}\noptions:\n  raid: {changes: {pair: {}}}"), "line 10.*cost_per_year"),
        ((GOOD, ""), "holds names"),
        ((GOOD, "- a\n- b\n"), "holds names"),
        ((GOOD, "components: {}\njourneys: {}\n"), "components.*journeys"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_line(tmp_path, capsys, change, words):
    file = tmp_path / "shop.yaml"
    file.write_text(GOOD)
    assert read_system(file).availability("buy") == pytest.approx(0.9999)
    file.write_text(GOOD.replace(*change))
    with pytest.raises(BadInput, match=f"(?s){words}"):
        read_system(file)
    assert main(["rbd", str(file)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_bytes_that_are_no_text_and_files_that_are_absent(tmp_path, capsys):
    (tmp_path / "a.yaml").write_bytes(b"company: \xff\xfe")
    assert main(["rbd", str(tmp_path / "a.yaml")]) == 2
    assert main(["rbd", str(tmp_path / "b.yaml")]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert "UTF-8" in said[0]
    assert "b.yaml" in said[1]


def test_shared_causes_of_named_parts_are_not_more_than_all_of_their_failures(tmp_path):
    file = tmp_path / "shop.yaml"
    either = "{among: [disk, tape], needs: 1, shared_cause: 0."
    causes = f"\n  one: {either}6}}\n  two: {either}5}}"
    text = GOOD.replace("0.99}", "0.99}\n  tape: {availability: 0.98}").replace("groups:", "groups:" + causes)
    file.write_text(text)
    with pytest.raises(BadInput, match=r"line 6.*over 100 % of the failures of 'disk'"):
        read_system(file)
    file.write_text(text.replace("0.5}", "0.4}"))
    assert read_system(file).chances(["disk"])["disk"][0] == pytest.approx(0, abs=1e-15)


def test_a_graph_that_doubles_at_every_level_is_answered_and_not_drawn():
    """2 ** 60 ways down: every part is looked at once."""
    services = {"s0": Service("s0", ("a",))}
    for i in range(1, 60):
        services[f"s{i}"] = Service(f"s{i}", (f"s{i - 1}", f"s{i - 1}"))
    system = chain(services)
    assert system.availability("buy") == pytest.approx(0.9)
    assert naive_availability(system, "buy") == pytest.approx(0)
    with pytest.raises(BadInput, match="too large for a block diagram"):
        system.block_diagram("buy")


def test_a_chain_of_many_services_is_answered():
    services = {"s0": Service("s0", ("a",))}
    services |= {f"s{i}": Service(f"s{i}", (f"s{i - 1}",)) for i in range(1, 5000)}
    system = chain(services)
    assert system.availability("buy") == pytest.approx(0.9)
    assert naive_availability(system, "buy") == pytest.approx(0.9)
    with pytest.raises(BadInput, match="too large for a block diagram"):
        system.block_diagram("buy")


def test_a_journey_too_large_for_an_exact_answer_is_refused_and_still_has_an_interval(
    monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr("faultlab.analysis.systems.system.MOST_NODES", 3)
    file = tmp_path / "shop.yaml"
    triples = "\n".join(
        f"  t{i}: {{among: [p{a}, p{b}, p{c}], needs: 2}}"
        for i, (a, b, c) in enumerate(("012", "234", "450", "135"), 1)
    )
    components = "\n".join(f"  p{i}: {{availability: 0.9}}" for i in range(6))
    journeys = "journeys:\n  buy: {needs: [t1, t2, t3, t4], worth_per_hour: 1}"
    file.write_text(f"components:\n{components}\ngroups:\n{triples}\n{journeys}\n")
    assert main(["rbd", str(file)]) == 2
    said = capsys.readouterr().err
    assert "journey 'buy' is too large for an exact answer here; `fta` with --journey gives" in said
    assert main(["fta", str(file), "--journey", "buy", "--seconds", "5"]) == 0


def test_a_model_of_many_parts_is_answered_and_one_of_too_many_refused(tmp_path):
    """Two thousand parts in a row; a part more than a model may have is named with the remedy."""

    def row(count):
        parts = "\n".join(f"  p{i}: {{availability: [0.99, 0.9999, 0.99999]}}" for i in range(count))
        needs = ", ".join(f"p{i}" for i in range(count))
        return f"components:\n{parts}\njourneys:\n  buy: {{needs: [{needs}], worth_per_hour: 1}}\n"

    file = tmp_path / "row.yaml"
    file.write_text(row(2000))
    report = journey_report(read_system(file), "buy", samples=200)
    assert report.availability == pytest.approx(0.9999**2000, rel=1e-12)
    assert len(report.single_points_of_failure) == 2000
    file.write_text(row(2001))
    with pytest.raises(BadInput, match=r"line 2: components has 2,001 entries.*leave out"):
        read_system(file)

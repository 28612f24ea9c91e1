"""Spares whose failures a test finds, switch-overs that fail, and parts that have to outlast a mission."""

import itertools
import json
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultlab.__main__ import main
from faultlab.analysis.systems import read_system
from faultlab.analysis.systems.component_lives import down_and_up, hidden_times
from faultlab.analysis.systems.system_views import journey_report, journey_times
from faultlab.errors import BadInput

SHOP = """
components:
  database: {{mtbf_hours: 2000, mttr_hours: 2}}
groups:
  databases: {{of: database, needs: {needs}, copies: {copies}{more}}}
journeys:
  buy: {{needs: [databases], worth_per_hour: 1000}}
"""
MISSION = """
components:
  fan: {failures_per_hour: [1e-5, 1e-4, 2e-4], mission_hours: 720}
  lamp: {scale_hours: 9000, shape: 2, mission_hours: 720}
  disk: {mtbf_hours: 999, mttr_hours: 1}
journeys:
  fly: {needs: [fan, lamp], worth_per_hour: 1000}
  buy: {needs: [disk], worth_per_hour: 1000}
options:
  better: {cost_per_year: 1, changes: {disk: {mttr_hours: 0.5}, lamp: {scale_hours: 18000}}}
"""


def shop(tmp_path, needs, copies, **more):
    file = tmp_path / "shop.yaml"
    said = "".join(f", {key}: {value}" for key, value in more.items())
    file.write_text(SHOP.format(needs=needs, copies=copies, more=said))
    return read_system(file)


def test_hidden_failures_are_those_of_a_plain_simulation():
    mtbf, every, repair, turns = 300.0, 168.0, 12.0, 200_000
    life = np.random.default_rng(3).exponential(mtbf, turns)
    found_after = np.ceil(life / every) * every  # tests begin anew after each repair
    down = found_after - life + repair
    share = down.sum() / (life + down).sum()
    spare = {"mtbf_hours": mtbf, "mttr_hours": repair, "tested_every_hours": every}
    assert float(down_and_up(spare)[0]) == pytest.approx(share, rel=5e-3)


@given(st.floats(1e-2, 1e9), st.floats(0, 1e4), st.floats(1e-3, 1e6))
def test_hidden_times_keep_their_digits(mtbf, repair, every):
    up, down = hidden_times({"mtbf_hours": mtbf, "mttr_hours": repair, "tested_every_hours": every})
    x = Fraction(every) / Fraction(mtbf)
    if x < Fraction(1, 10):  # the series x / (1 - exp(-x)) - 1, far beyond the digits of a float
        hidden = x / 2 + x**2 / 12 - x**4 / 720 + x**6 / 30240 - x**8 / 1209600
    elif x < 700:
        hidden = x / Fraction(-math.expm1(-float(x))) - 1
    else:
        hidden = x - 1
    exact = hidden * Fraction(mtbf) + Fraction(repair)
    assert up == mtbf
    assert float(down) == pytest.approx(float(exact), rel=1e-12)


@pytest.mark.parametrize(("needs", "copies"), [(1, 2), (2, 3), (2, 4)])
def test_the_group_is_down_as_a_sum_over_all_states_says(tmp_path, needs, copies):
    """No engine: every state of copies, common cause and switch, with its chance."""
    system = shop(tmp_path, needs, copies, shared_cause=0.1, switch_over_fails=0.05, tested_every_hours=720)
    q = 2 / 2002
    hidden = float(down_and_up({"mtbf_hours": 2000, "mttr_hours": 2, "tested_every_hours": 720})[0])
    chances = [0.9 * (q if i < needs else hidden) for i in range(copies)] + [0.1 * q, 0.05]
    total = 0.0
    for state in itertools.product((0, 1), repeat=copies + 2):
        chance = math.prod(p if bad else 1 - p for p, bad in zip(chances, state, strict=True))
        *failed, shared, stuck = state
        down = shared or sum(failed) > copies - needs or (stuck and any(failed[:needs]))
        total += chance * bool(down)
    assert system.up_and_down("buy")[1] == pytest.approx(total, rel=1e-12)
    assert system.block_diagram("buy") is not None


def test_a_spare_that_is_not_tested_shows_its_failures_at_once(tmp_path):
    plain = shop(tmp_path, 1, 2, shared_cause=0.1).up_and_down("buy")[1]
    often = shop(tmp_path, 1, 2, shared_cause=0.1, tested_every_hours=0.001).up_and_down("buy")[1]
    seldom = shop(tmp_path, 1, 2, shared_cause=0.1, tested_every_hours=8760).up_and_down("buy")[1]
    assert plain == pytest.approx(often, rel=1e-3)
    assert seldom > 2 * plain


def test_a_stuck_switch_lasts_as_long_as_the_copy_in_use_and_begins_with_it(tmp_path):
    times = journey_times(shop(tmp_path, 1, 2, switch_over_fails=1.0), "buy")
    assert times.mtbf_hours == pytest.approx(2000)  # no switch-over ever succeeds: one copy alone
    assert times.mttr_hours == pytest.approx(2)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ("of: a, needs: 2, copies: 2, switch_over_fails: 0.1", "line 5.*no spare"),
        ("of: a, needs: 1, copies: 2, switch_over_fails: 1.1", "line 5.*between 0 and 1"),
        ("of: a, needs: 1, copies: 2, tested_every_hours: 0", "line 5.*between 0.001"),
        ("of: b, needs: 1, copies: 2, tested_every_hours: 9", "line 5.*give 'b' `mttr_hours`"),
        ("among: [a, b], needs: 1, tested_every_hours: 9", "line 5.*are for copies"),
    ],
)
def test_spares_that_make_no_sense_are_refused(tmp_path, fields, says):
    file = tmp_path / "shop.yaml"
    file.write_text(
        "components:\n  a: {mtbf_hours: 9, mttr_hours: 1}\n  b: {availability: 0.9}\n"
        f"groups:\n  pair: {{{fields}}}\njourneys:\n  buy: {{needs: [pair], worth_per_hour: 1}}\n"
    )
    with pytest.raises(BadInput, match=says):
        read_system(file)


def test_a_mission_is_no_time_down(tmp_path, capsys):
    file = tmp_path / "m.yaml"
    file.write_text(MISSION)
    assert main(["rbd", str(file), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    fly = said["journeys"]["fly"]
    assert fly["availability"] == pytest.approx(math.exp(-0.072) * math.exp(-((720 / 9000) ** 2)))
    assert fly["mission_hours"] == 720
    assert [fly[key] for key in ("minutes_down_per_year", "minutes_down_range", "cost_per_year")] == [
        None
    ] * 3
    assert set(said["options"]["better"]["minutes_saved"]) == {"buy"}
    assert said["journeys"]["buy"]["without_range"] == ["disk"]
    assert main(["rbd", str(file)]) == 0
    assert "lasts its mission of 720 h" in capsys.readouterr().out


def test_a_mission_and_a_year_make_no_one_chance(tmp_path):
    file = tmp_path / "m.yaml"
    file.write_text(MISSION.replace("needs: [disk]", "needs: [disk, fan]"))
    with pytest.raises(BadInput, match="'fan' for 720 h and 'disk' by the year"):
        journey_report(read_system(file), "buy")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("  web: {availability: 99.9%}", "line 2: .*for 99.9% write 0.999"),
        ("  web: {availability: 0.9, mttr_hours: 8h}", "line 2: .*write 8, the unit"),
        ("  web: {availability: 0.9, mttr_hours: 1,5}", "line 2: .*comma"),
        ("  web: {availability: 99.9}", "line 2: .*between 0 and 1, not at 99.9: for 99.9 % write 0.999"),
        ("  web: {availability: 0.9, mttr_hours: 5 min}", "line 2: .*write 0.0833333, the unit"),
        ("  web: {mtbf_hours: 30 days, mttr_hours: 1}", "line 2: .*write 720, the unit"),
        ("  web: {availability: 0.9, mttr_hours: ninety}", "line 2: .*write digits alone"),
        ("  web: {availability: 0.9, mttr_hours: 0xFF}", "line 2: .*write digits alone"),
        ("  web: {availability: 0.9, mttr_hours: }", "line 2: .*write digits alone"),
        ("  web: {availability: 0.9, mttr_hours: -1}", "line 2: .*lies between 0 and"),
        ("  web: {availability: 0.9, mttr_hours: nan}", "line 2: .*lies between 0 and"),
        ('  "we\u200bb": {availability: 0.9}', "line 2: .*none of them invisible"),
        ("  web: {availability:0.9}", "line 2: .*write `availability: 0.9`"),
        ("\tweb: {availability: 0.9}", "line 2: .*not with a tab"),
        ("  web: {availability: 0.9}\ncompany: Shop: EU", "line 3: .*stands in quotes"),
        ("  web: {availability: 0.9}\napiVersion: v1", "line 3: 'apiVersion' tells another kind"),
    ],
)
def test_the_remedy_fits_what_was_typed(tmp_path, line, says):
    file = tmp_path / "shop.yaml"
    file.write_text(f"components:\n{line}\njourneys:\n  buy: {{needs: [web], worth_per_hour: 1}}\n")
    with pytest.raises(BadInput, match=says):
        read_system(file)


@pytest.mark.parametrize(
    ("worth", "says"),
    [
        ("1,000", "write 1000, or with a point 1.000 where that is meant"),
        ("1,234,567", "write 1234567$"),
        ("10 000", "write 10000$"),
        ("0,5", "write decimals with a point, 0.5$"),
        ("10k", "write 10000$"),
        ("€1000", "write 1000$"),
        ("1000 EUR", "write 1000$"),
        ("2.5 million", "write 2500000$"),
        ("12 apples", "write digits alone, such as 1000 or 0.99$"),
    ],
)
def test_an_amount_gets_the_remedy(tmp_path, worth, says):
    file = tmp_path / "shop.yaml"
    file.write_text(
        "components: {web: {availability: 0.9}}\n"
        f"journeys: {{buy: {{needs: [web], worth_per_hour: '{worth}'}}}}\n"
    )
    with pytest.raises(BadInput, match=says.replace("$", r"\.$")):
        read_system(file)
    file.write_text(file.read_text().replace("'1,000'", "1,000"))
    if worth == "1,000":
        with pytest.raises(
            BadInput, match="line 2: in 'buy' a comma stands before '000': write thousands without"
        ):
            read_system(file)


def test_empty_sections_and_an_empty_document_are_nothing(tmp_path):
    file = tmp_path / "shop.yaml"
    text = (
        "---\ncomponents:\n  web: {availability: 0.9}\ngroups:\n"
        "journeys:\n  buy: {needs: [web], worth_per_hour: 1}\n---\n"
    )
    file.write_text(text)
    assert read_system(file).availability("buy") == 0.9
    file.write_text(text + "company: Another\n")
    with pytest.raises(BadInput, match="line 8: a second document"):
        read_system(file)

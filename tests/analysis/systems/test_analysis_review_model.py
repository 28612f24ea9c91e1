"""Scenarios, objectives, appetite and origins in YAML; options that meet at the same part."""

from pathlib import Path

import pytest

from faultlab.analysis.systems import read_system
from faultlab.analysis.systems.system import Appetite, Objectives, Origin, Range
from faultlab.errors import BadInput

KESTREL = Path(__file__).parents[3] / "course" / "kestrel.yaml"
PROMISED = "origin: {availability: {contract: terms}}"
GOOD = """components:
  disk: {mtbf_hours: [20, 40, 90], mttr_hours: 2, origin: {mttr_hours: {measured: incidents.csv}}}
groups:
  pair: {of: disk, needs: 1, copies: 2, shared_cause: 0.1, origin: typical}
journeys:
  buy: {needs: [pair], worth_per_hour: 100, objectives: {availability: 0.99, tolerance_hours: 4, PROMISED}}
scenarios:
  fire: {per_year: 0.1, hours: [1, 2, 8], journeys: [buy], lasting_cost: 1000, origin: {judgement: the board}}
appetite: {loss: 5000, chance: 0.1}
options:
  faster: {cost_per_year: 9, changes: {disk: {mttr_hours: 1}, fire: {hours: 1}}}
  better: {cost_per_year: 9, changes: {disk: {mtbf_hours: 100}, pair: {shared_cause: 0}}, requires: [faster]}
  third: {cost_per_year: 9, changes: {pair: {copies: 3}}, excludes: [better]}
""".replace("PROMISED", PROMISED)


def read(tmp_path, text):
    (tmp_path / "shop.yaml").write_text(text, encoding="utf-8")
    return read_system(tmp_path / "shop.yaml")


def test_every_key_arrives(tmp_path):
    shop = read(tmp_path, GOOD)
    fire = shop.scenarios["fire"]
    assert (fire.per_year, fire.hours, fire.journeys) == (Range.point(0.1), Range(1, 2, 8), ("buy",))
    assert fire.lasting_cost == Range.point(1000)
    assert shop.journeys["buy"].objectives == Objectives(0.99, 4)
    assert shop.appetite == Appetite(5000, 0.1)
    assert shop.origins == {
        "disk.mttr_hours": Origin("measured", "incidents.csv"),
        "pair.shared_cause": Origin("typical"),
        "journey buy.availability": Origin("contract", "terms"),
        **{
            f"scenario fire.{key}": Origin("judgement", "the board")
            for key in ("per_year", "hours", "lasting_cost")
        },
    }
    assert shop.options["better"].requires == ("faster",)
    assert shop.options["third"].excludes == ("better",)


def test_options_keep_what_the_others_changed(tmp_path):
    shop = read(tmp_path, GOOD)
    for names in (("faster", "better", "third"), ("third", "better", "faster")):
        all_three = shop.with_options(names)
        life = {"mtbf_hours": Range.point(100), "mttr_hours": Range.point(1)}
        assert all_three.components["disk"].life == life
        assert (all_three.groups["pair"].copies, all_three.groups["pair"].shared_cause.high) == (3, 0)
        assert all_three.scenarios["fire"].hours == Range.point(1)
    assert shop.with_options(()).components == shop.components


def test_every_number_of_kestrel_with_an_origin_has_one_of_the_model():
    kestrel = read_system(KESTREL)
    assert set(kestrel.origins) < {*kestrel.numbers(), *kestrel.promises()}
    assert "identity.availability" not in kestrel.origins
    assert set(kestrel.promises()) < set(kestrel.origins)


def test_objectives_have_an_origin_of_their_own(tmp_path):
    text = GOOD.replace("worth_per_hour: 100,", "worth_per_hour: 100, origin: measured,")
    shop = read(tmp_path, text.replace(PROMISED, "origin: judgement"))
    assert shop.origins["journey buy.worth_per_hour"] == Origin("measured")
    for name in shop.promises():
        assert shop.origins[name] == Origin("judgement"), "and not the one of what an hour costs"
    unsaid = read(tmp_path, text.replace(f", {PROMISED}", ""))
    assert not set(unsaid.promises()) & set(unsaid.origins)


def test_an_origin_may_name_what_is_nought(tmp_path):
    text = GOOD.replace(
        "lasting_cost: 1000, origin: {judgement: the board}",
        "lasting_cost: 0, origin: {hours: typical, lasting_cost: assumed}",
    )
    shop = read(tmp_path, text)
    assert shop.origins["scenario fire.hours"] == Origin("typical")
    assert not {"scenario fire.lasting_cost", "scenario fire.per_year"} & set(shop.origins)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("journeys: [buy]", "journeys: [sell]", "line 8.*'sell'.*no journey; there are: buy"),
        ("journeys: [buy]", "journeys: buy", "line 8.*lists its journeys"),
        ("hours: [1, 2, 8]", "hours: [1, 2, 8761]", "line 8.*hours of 'fire'.*8760"),
        ("per_year: 0.1, ", "", "line 8.*lacks `per_year`"),
        ("lasting_cost", "cost", "line 8.*'cost' means nothing"),
        ("  fire: {", "  pair: {", "'pair' stands in groups and in scenarios"),
        ("[pair]", "[fire]", "'buy' needs 'fire', which isn't a component"),
        ("availability: 0.99, t", "availability: 99, t", "line 6.*availability in the objectives.*0 and 1"),
        ("tolerance_hours", "tolerance", "line 6.*'tolerance' means nothing"),
        ("{loss: 5000, chance: 0.1}", "5000", "line 9.*appetite holds names"),
        (", chance: 0.1", "", "line 9.*`chance`"),
        ("origin: typical", "origin: guess", "line 4.*one of contract.*not 'guess'"),
        ("{measured: incidents.csv}", "{seen: yes}", "line 2.*'seen' means nothing"),
        ("{mttr_hours: {m", "{mttr: {m", "line 2.*'mttr' means nothing.*mttr_hours"),
        ("origin: {judgement: the board}", "origin: {judgement: a, typical: b}", "line 8.*keep one"),
        ("fire: {hours: 1}", "fire: {journeys: [buy]}", "line 11.*'journeys' means nothing"),
        ("fire: {hours: 1}", "fire: {}", "line 11.*names one of: per_year"),
        ("requires: [faster]", "requires: [quicker]", "line 12.*'quicker'.*no option"),
        ("excludes: [better]", "excludes: [third]", "line 13.*names itself"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path, old, new, words):
    assert old in GOOD
    with pytest.raises(BadInput, match=f"(?s)shop.yaml, .*{words}"):
        read(tmp_path, GOOD.replace(old, new, 1))

"""The form of a system of one's own: what is typed is saved and answered; templates; the page; ten ranges."""

import copy
import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml

from faultlab.analysis.reviews import mean_loss, review
from faultlab.analysis.systems import read_system
from faultlab.classroom import my_page, open_lesson
from faultlab.classroom.learner.progress import Progress
from faultlab.classroom.learner.record import company_of
from faultlab.classroom.own_system.system_form import BEFORE, FILE, system_of
from faultlab.classroom.own_system.typed_yaml import Refusal, tree_of, written
from faultlab.errors import BadInput
from faultlab.metrics.estimates import percent

COURSE = Path(__file__).parents[3] / "course"
TEMPLATES = sorted((COURSE / "templates").glob("*.yaml"))
MODELS = [*TEMPLATES, COURSE / "kestrel.yaml", COURSE / "data" / "clinic_booking.yaml"]


@pytest.fixture
def lesson(tmp_path):
    return open_lesson("10_resilience_review", Progress(tmp_path))


def put(form, room, name, **fields):
    """Type something into an entry."""
    tree = copy.deepcopy(form._tree)
    tree.setdefault(room, {}).setdefault(name, {}).update(fields)
    form.describe(tree)


def settle(lesson, form):
    """Turn the two cards about which the form is silent until then."""
    lesson.reveal("own_year", truth=form.year).uncover()
    lesson.reveal("biggest_carrier", truth="Ransomware, likely once in fifty years").uncover()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_number_of_a_template_is_typical_with_its_source_or_assumed(path):
    system = read_system(path)
    assert set(system.origins) == {*system.numbers(), *system.promises()}
    for name, origin in system.origins.items():
        assert origin.kind in ("typical", "assumed"), name
        assert origin.kind == "assumed" or len(origin.source) > 20, name
    assert len(system.journeys) >= 2
    assert system.scenarios
    assert system.options
    assert any(origin.kind == "typical" for origin in system.origins.values())


def test_there_are_five_templates():
    names = {path.stem for path in TEMPLATES}
    wanted = {"online_shop", "subscription_service", "bank_payments", "mobile_back_end", "data_pipeline"}
    assert names == wanted


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_what_is_written_reads_as_the_same_system(path, tmp_path):
    text, places = written(tree_of(path))
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    again, before = system_of(tmp_path / FILE, places), read_system(path)
    assert again.numbers() == before.numbers()
    assert again.origins == before.origins
    assert [one.objectives for one in again.journeys.values()] == [
        one.objectives for one in before.journeys.values()
    ]
    assert mean_loss(again) == mean_loss(before)
    assert written(tree_of(tmp_path / FILE))[0] == text


def test_texts_that_yaml_would_take_for_something_else_come_back(tmp_path):
    odd = [
        "a: b",
        "- x",
        "#1",
        "yes",
        "[1",
        "é “q”",
        "*star",
        " 7",
        "",
        'say "no"',
        "1e3",
        "{a}",
        "\x00\x85\u2028",
        "--- x",
        "a\tb",
    ]
    tree = {"company": "x", "components": {name or "empty": {"note": [name]} for name in odd}}
    (tmp_path / FILE).write_text(written(tree)[0], encoding="utf-8")
    assert tree_of(tmp_path / FILE) == tree


def test_kestrel_stands_there_first_and_nothing_is_saved(lesson, tmp_path):
    form = lesson.own_system()
    assert form.system.company == "Kestrel"
    assert not form.own
    assert not (tmp_path / FILE).exists()


def test_every_letter_is_saved_as_the_yaml_that_the_command_reads(lesson, tmp_path):
    form = lesson.own_system()
    put(form, "components", "cdn", availability="0.5")
    assert form.system.components["cdn"].availability.likely == 0.5
    assert read_system(tmp_path / FILE).numbers() == form.system.numbers()
    assert open_lesson("10_resilience_review", Progress(tmp_path)).own_system().system.numbers() == (
        form.system.numbers()
    )


@pytest.mark.parametrize(
    ("room", "name", "fields", "says"),
    [
        ("components", "cdn", {"availability": "ninety"}, "is a number, not 'ninety'"),
        ("components", "cdn", {"availability": ["0.9", "0.8", "0.99"]}, "put 0.9, 0.8, 0.99 in that order"),
        ("components", "dns", {"mttr_hours": ["1", "", "3"]}, "is a number"),
        ("groups", "web_servers", {"needs": "9"}, "k can't be above n"),
        ("journeys", "web", {"needs": ["nobody"]}, "define it"),
        ("journeys", "web", {"needs": []}, "tick at least one part that it needs, or take it out."),
        ("services", "stock", {"needs": []}, "tick at least one part that it stands on"),
        (
            "scenarios",
            "ransomware",
            {"journeys": [], "lasting_cost": ""},
            "tick at least one journey that stands still",
        ),
        ("scenarios", "ransomware", {"per_year": "-1"}, "lies between"),
        ("options", "staged_releases", {"requires": ["gone"]}, "there are:"),
    ],
)
def test_what_makes_no_system_is_kept_and_answered_with_its_place(lesson, tmp_path, room, name, fields, says):
    form = lesson.own_system()
    before = form.widget.shown["answers"]
    put(form, room, name, **fields)
    refusal = form.widget.shown["refusal"]
    assert says in refusal["says"]
    assert ", line " not in refusal["says"]
    assert "\n" not in refusal["says"]
    assert (refusal["room"], refusal["name"]) == (room, name)
    assert form.widget.shown["answers"] == before, "the last answer stays"
    kept = tree_of(tmp_path / FILE)[room][name]
    assert all(kept[key] == value for key, value in fields.items()), "nothing typed is lost"
    assert form.system.company == "Kestrel"


def test_a_scenario_may_cost_money_and_stop_nothing(lesson):
    form = lesson.own_system()
    put(form, "scenarios", "breach", per_year="0.1", hours="1", journeys=[], lasting_cost="1000")
    assert form.refusal is None
    before = form.year()
    put(form, "scenarios", "breach", lasting_cost="10000000")
    assert form.year() == pytest.approx(before + 1e6, rel=0.01)


def test_what_was_typed_before_stays_beside_a_new_beginning(lesson, tmp_path):
    form = lesson.own_system()
    put(form, "components", "cdn", availability="0.5")
    typed = (tmp_path / FILE).read_text(encoding="utf-8")
    form.start("data_pipeline")
    assert form.system.company == "A data pipeline"
    assert (tmp_path / BEFORE).read_text(encoding="utf-8") == typed
    form.start("empty")
    assert not isinstance(system_of(tmp_path / FILE, {}), Refusal), "an empty sheet is a system"
    with pytest.raises(BadInput, match="There are: kestrel"):
        form.start("nothing")


def test_a_file_that_is_no_system_is_refused_and_nothing_changes(lesson):
    form = lesson.own_system()
    for name, text, says in (
        ("a.yaml", "components: [", "this is not YAML"),
        ("../b.yaml", "x: 1", "b.yaml, line 1"),
        ("c.yaml", "a: &a [1]\nb: *a", "aliases"),
    ):
        form.widget.status = ""
        form._heard(None, {"open": {"name": name, "text": text}}, [])
        assert says in form.status
        assert form.system.company == "Kestrel"
    form.open("mine.yaml", (COURSE / "data" / "clinic_booking.yaml").read_text(encoding="utf-8"))
    assert form.system.company == "Riverside Clinic"


def test_a_saved_file_that_somebody_broke_is_set_aside(lesson, tmp_path):
    (tmp_path / FILE).write_text("{ not yaml", encoding="utf-8")
    form = lesson.own_system()
    assert form.system.company == "Kestrel"
    assert "no YAML" in form.status
    assert BEFORE in form.status
    assert (tmp_path / BEFORE).read_text(encoding="utf-8") == "{ not yaml"


@pytest.mark.parametrize(
    "text", ["[1, 2]", "components: 7", "components: {a: 1}", "journeys: {a: }", "{[a]: b}"]
)
def test_what_is_yaml_and_no_system_is_named(text, tmp_path):
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=f"{FILE} is no (system|YAML)"):
        tree_of(tmp_path / FILE)


def test_the_form_gives_no_bet_away(lesson):
    form = lesson.own_system()
    answers = form.widget.shown["answers"]
    assert not answers["carriers"]
    assert "year costs" not in answers["sentence"]
    assert "million" not in str({key: value for key, value in answers.items() if key != "svg"})
    form._heard(None, {"serial": 1, "offers": True}, [])
    assert not form.widget.shown["answers"]["offers"]
    settle(lesson, form)
    answers = form.widget.shown["answers"]
    assert answers["carriers"][0]["name"] == "Ransomware"
    assert answers["sentence"].startswith("An average year costs")
    assert "Worth buying" in answers["offers"]


def test_the_answers_are_those_of_the_review(lesson):
    form = lesson.own_system()
    settle(lesson, form)
    answers = form.widget.shown["answers"]
    rows = {row["Journey"]: row for row in answers["rows"]}
    checkout = next(one for one in review(form.system).journeys if one.journey == "checkout")
    assert rows["checkout"]["Works"] == percent(checkout.availability)
    hours = checkout.minutes_down.likely / 60
    assert float(rows["checkout"]["Hours down a year"]) == pytest.approx(hours, abs=0.05)
    form._heard(None, {"serial": 1, "journey": "checkout"}, [])
    likely = (1 - form.system.availability("checkout")) * 8760
    assert (
        f"is down for {likely:.1f} hours a year and not for {hours:.1f}"
        in (form.widget.shown["answers"]["apart"])
    )
    said = float(re.search(r"costs ([\d.]+)", answers["sentence"])[1])
    assert said == pytest.approx(mean_loss(form.system) / 1e6, abs=0.005)
    form._heard(None, {"serial": 1, "journey": "payments"}, [])
    assert "payment" in form.widget.shown["answers"]["svg"]


def test_the_year_that_was_bet_on_is_the_one_that_was_described(lesson):
    form = lesson.own_system()
    revealed = lesson.reveal("own_year", truth=form.year)
    kestrel = revealed.truth
    form.start("data_pipeline")
    assert revealed.truth == form.year() != kestrel
    lesson.bet("own_year").choose(100_000)
    revealed.uncover()
    seen = revealed.truth
    put(form, "journeys", "send_invoices", worth_per_hour="1")
    assert revealed.truth == seen, "a card that was turned stays as it was"


def test_the_button_writes_the_page_of_the_system_in_the_form(lesson, tmp_path):
    form = lesson.own_system()
    form.start("online_shop")
    button = lesson.board_page(form)
    button._heard(None, {"budget": "40,000"}, [])
    assert "cost my company? Bet first." in button.status
    assert not (tmp_path / "board_page.html").exists()
    lesson.bet("own_year").choose(100_000)
    button._heard(None, {"budget": "40,000"}, [])
    page = (tmp_path / "board_page.html").read_text(encoding="utf-8")
    assert "An online shop" in page
    assert button.widget.shown["html"] == page
    assert "a year saves us" in button.status
    button._heard(None, {"budget": "some"}, [])
    assert "read 'some'" in button.status
    put(form, "components", "dns", mttr_hours="long")
    button._heard(None, {"budget": ""}, [])
    assert button.status.startswith("Your system can't be reviewed yet")


@pytest.mark.parametrize(
    ("currency", "typed", "says"),
    [
        ("EUR", "100.000", "a year saves us"),
        ("EUR", "100k EUR a year", "a year saves us"),
        ("EUR", "100.500", "whether '100.500' means 100,500 or 100.5"),
        ("USD", "100,000", "a year saves us"),
        ("USD", "$100.000", "a year saves us"),
        ("USD", "€100,000", "can't read"),
        ("", "100.000", "whether '100.000' means 100,000 or 100"),
    ],
)
def test_a_budget_is_read_as_bets_are(lesson, currency, typed, says):
    form = lesson.own_system()
    form.start("online_shop")
    form.describe(form.widget.shown["tree"] | {"currency": currency})
    lesson.bet("own_year").choose(100_000)
    button = lesson.board_page(form)
    button._heard(None, {"budget": typed}, [])
    assert says in button.status


def test_the_company_is_asked_once_whichever_form_asks(lesson, tmp_path):
    form, saved = lesson.own_system(), Progress(tmp_path)
    lesson.bet("own_year").choose(100_000)
    form.start("online_shop")
    lesson.board_page(form).write()
    assert company_of(saved.read())["name"] == "", "a template's name is nobody's"
    form.describe(form.widget.shown["tree"] | {"company": "Acme"})
    lesson.board_page(form).write()
    assert company_of(saved.read())["name"] == "Acme"
    lesson.company().remember("Widgets & Sons", ("", ""), ("40k", ""))
    lesson.board_page(form).write()
    assert company_of(saved.read()) == {"name": "Widgets & Sons", "users": None, "worth": [40_000, 40_000]}
    for start, name in (
        ("online_shop", "Widgets & Sons"),
        ("empty", "Widgets & Sons"),
        ("kestrel", "Kestrel"),
    ):
        form.start(start)
        assert form.system.company == name


def test_my_page_knows_the_boards_page(lesson, tmp_path):
    page = my_page(Progress(tmp_path))

    def known():
        return next(one for one in page.widget.shown["record"]["lessons"] if one["number"] == "10")

    assert (known()["board"], known()["state"], page.widget.shown["board"]) == (None, "", "")
    form = lesson.own_system()
    form.start("online_shop")
    lesson.bet("own_year").choose(100_000)
    button = lesson.board_page(form)
    button.write("40,000")
    page.refresh()
    board = known()["board"]
    assert button.status.startswith(f"✓ {board['said']} It stands in")
    assert board == {
        "company": "An online shop",
        "said": board["said"],
        "date": date.today().isoformat(),
        "file": "board_page.html",
    }
    assert page.widget.shown["board"] == button.widget.shown["html"]
    (tmp_path / "board_page.html").unlink()
    page.refresh()
    assert page.widget.shown["board"] == ""


def test_kestrels_page_waits_for_the_bets_on_kestrel(lesson, tmp_path):
    form = lesson.own_system()
    put(form, "components", "dns", mttr_hours="2")
    button = lesson.board_page(form)
    lesson.bet("own_year").choose(100_000)
    button._heard(None, {"budget": ""}, [])
    assert "a system of your own" in button.status
    assert "What carries most of Kestrel" in button.status
    lesson.bet("biggest_carrier").choose("Ransomware, likely once in fifty years")
    lesson.bet("promise_kept").choose(0.5)
    button._heard(None, {"budget": ""}, [])
    assert (tmp_path / "board_page.html").exists()


def test_a_part_that_no_journey_needs_is_said(lesson):
    form = lesson.own_system()
    assert form.widget.shown["answers"]["idle"] == ""
    put(form, "components", "fax", availability="0.9")
    assert form.widget.shown["answers"]["idle"].startswith("No journey needs fax yet")


def test_ten_ranges_are_kept_and_their_truths_have_sources(lesson, tmp_path):
    asked = lesson.ten_ranges()
    assert len(asked.questions) == 10
    for one in asked.questions:
        assert one["question"].endswith("?")
        assert 0 < one["truth"] < one["high"]
        assert len(one["source"]) > 20
    truths = [one["truth"] for one in asked.questions]
    assert truths[0] == pytest.approx(0.0005 * 525_600)
    assert truths[8] == round(100 * 0.99**30)
    asked._heard(None, {"ranges": {"0": ["1", "2"], "77": ["1", "2"], "x": []}, "seen": True}, [])
    assert Progress(tmp_path).read()["ranges"] == {"0": ["1", "2"], "seen": True}
    assert lesson.ten_ranges().widget.shown["typed"]["0"] == ["1", "2"]


def test_how_often_a_good_judge_has_so_few_hits():
    rng = np.random.default_rng(1)
    hits = rng.binomial(10, 0.9, 2_000_000)
    assert 1 / np.mean(hits <= 6) == pytest.approx(80, rel=0.05)
    assert 1 / np.mean(hits <= 5) == pytest.approx(600, rel=0.05)


def test_typical_values_fill_what_there_is_and_say_where_they_come_from():
    found = yaml.safe_load((COURSE / "data" / "typical_values.yaml").read_text(encoding="utf-8"))
    rooms = {"components", "groups", "journeys", "scenarios"}
    assert {one["room"] for one in found} == rooms
    sources = [one["source"] for one in found if "source" in one]
    assert len(sources) >= 8
    assert all(len(source) <= 200 for source in sources), "what an origin holds"
    for one in found:
        for low, likely, high in one["values"].values():
            assert 0 < low <= likely <= high


def test_no_template_takes_the_place_of_what_was_typed(lesson, tmp_path):
    form = lesson.own_system()
    for company in ("Hartwell Grain", "Hartwell Milk"):
        form.describe(copy.deepcopy(form._tree) | {"company": company})
        form.start("bank_payments")
        assert form.widget.status.startswith("What you had is kept as my_system_before"), company
        form.start("data_pipeline")
        assert form.widget.status == "", "an untouched template can be had again"
    kept = sorted(tmp_path.rglob("my_system_before*.yaml"))
    assert [read_system(path).company for path in kept] == ["Hartwell Grain", "Hartwell Milk"]

"""What a learner takes away: the company, decisions, Monday's questions, and My page, which holds it all."""

import json
import re
from pathlib import Path

import nbformat
import pytest
import yaml

from faultlab.analysis.systems import journey_report, read_system
from faultlab.classroom import Progress, before_and_after, my_page, open_lesson, read_lesson_file
from faultlab.classroom.learner.before_and_after import gain_said
from faultlab.classroom.learner.catalogue import Catalogue
from faultlab.classroom.learner.progress import merge
from faultlab.classroom.learner.record import course_record
from faultlab.classroom.learner.resume_code import read, write
from faultlab.classroom.notebook.place import Place
from faultlab.classroom.notebook.taking_away import read_company
from faultlab.errors import BadInput
from faultlab.metrics.estimates import downtime_minutes
from faultlab.views.lesson_00.outage_price import outage_price
from faultlab.views.lesson_03.sale_evening import plans_compared
from faultlab.views.lesson_04.shared_cell import shared_cell
from faultlab.views.lesson_05.proposals import proposal
from faultlab.views.lesson_09.signature import PROPOSALS, signature

COURSE = Path(__file__).parents[3] / "course"
LESSONS = sorted(COURSE.glob("[0-9][0-9]_*.yaml"))
KESTREL = read_system(COURSE / "kestrel.yaml")
REGIONS = read_system(COURSE / "data" / "kestrel_two_regions.yaml")


def opened(tmp_path, name="05_reliability_block_diagrams"):
    return open_lesson(name, Progress(tmp_path))


# ---------- what is asked ----------


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_lesson_ends_in_a_decision_and_three_questions(path):
    file = read_lesson_file(path)
    assert len(file.decision.options) >= 3
    assert file.decision.question.endswith("?")
    assert len(set(file.monday)) == 3
    assert all(question.endswith((".", "?")) for question in file.monday)
    cells = nbformat.read(path.with_suffix(".ipynb"), 4).cells
    sources = [cell.source for cell in cells]
    (decides,) = [i for i, source in enumerate(sources) if source.endswith("lesson.decision()")]
    (asks,) = [i for i, source in enumerate(sources) if source == "lesson.monday()"]
    quiz = sources.index("lesson.quiz()")
    assert decides < asks < quiz
    # Said once: neither the questions nor what we would sign stand in the notebook as well.
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert not [said for said in (*file.monday, file.decision.ours.split("\n")[0]) if said in text]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("{question: 'Sign?', ours: Yes.}", "`options` is missing"),
        ("{question: 'Sign?', options: [{text: 'Yes', follows: It costs.}], ours: Yes.}", "two options"),
        (
            "{question: 'Sign?', options: [{text: 'Yes'}, {text: 'No', follows: It waits.}], ours: Yes.}",
            "`follows`",
        ),
        ("{question: 'Sign?', options: [{text: No, follows: It waits.}], ours: Yes.}", "into quotes"),
        ("[Sign]", "expected entries"),
    ],
)
def test_a_decision_that_cannot_be_shown_is_named(tmp_path, words, said):
    path = tmp_path / "05_a.yaml"
    path.write_text(f"decision: {words}\n", encoding="utf-8")
    with pytest.raises(BadInput, match=re.escape(said)) as problem:
        read_lesson_file(path)
    assert str(problem.value).startswith("05_a.yaml, decision")


# ---------- what is typed, and kept ----------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (("40,000", "60,000"), [40_000, 60_000]),
        (("40k", "0.06m EUR"), [40_000, 60_000]),
        (("€ 50 000 an hour", ""), [50_000, 50_000]),
        (("", "50.000"), [50_000, 50_000]),
        (("", " "), None),
    ],
)
def test_a_company_is_read_as_every_number_is(typed, kept):
    assert read_company("Acme", ("", ""), typed)["worth"] == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("60,000", "40,000"), "put the smaller one first"),
        (("many", ""), "can't read"),
        (("5 minutes", ""), "can't read"),
        (("-3", ""), "from 0"),
    ],
)
def test_what_cannot_be_read_is_answered_and_changes_nothing(tmp_path, typed, said):
    form = opened(tmp_path).company()
    form.remember("Acme", ("250k", ""), ("50,000", ""))
    form._heard(None, {"company": {"name": "Other", "users": ["", ""], "worth": list(typed)}}, [])
    assert said in form.status
    assert Progress(tmp_path).read()["company"] == {
        "name": "Acme",
        "users": [250_000, 250_000],
        "worth": [50_000, 50_000],
    }


def test_a_decision_is_signed_with_a_name_and_a_date_and_stays(tmp_path):
    card = opened(tmp_path).decision()
    choice = card.widget.shown["decision"]["options"][1]["text"]
    for wrong in (("Maybe", "Ann", "2026-12-02"), (choice, " ", "2026-12-02"), (choice, "Ann", "2 Dec")):
        with pytest.raises(BadInput):
            card.sign(*wrong)
    assert card.widget.shown["signed"]["choice"] == ""
    card.sign(choice, "Ann", "2026-12-02", "The sum counts the CDN twice.")
    assert card.status == "✓ Signed by Ann on 2 December 2026. It stands on My page."
    again = opened(tmp_path).decision()
    assert again.widget.shown["signed"] == {
        "choice": choice,
        "name": "Ann",
        "date": "2026-12-02",
        "reason": "The sum counts the CDN twice.",
    }
    assert again.widget.shown["me"] == "Ann"


def test_a_form_says_it_is_saved_each_time(tmp_path):
    # The same sentence twice is no change of a trait: it is emptied in between, or a browser waits.
    lines = opened(tmp_path).monday()
    heard = []
    lines.widget.observe(lambda change: heard.append(change["new"]), "status")
    lines.name(1, "Ann", "2026-12-02")
    lines.name(1, "Ann", "2026-12-02")
    assert heard[-2:] == ["", "✓ Saved."]


def test_the_same_bet_twice_is_answered_twice(tmp_path):
    bet = opened(tmp_path, "00_start_here").bet("bad_year")
    heard = []
    bet.widget.observe(lambda change: heard.append(change["new"]), "status")
    for _ in range(2):
        bet._heard(bet.widget, {"bet": 900_000}, [])
    assert heard[-2:] == ["", bet.status]
    assert bet.status.startswith("✓ Your bet is saved")


def test_what_one_form_keeps_another_one_shows(tmp_path):
    lesson = opened(tmp_path)
    beside, card = lesson.yours({"Saved in a year": 13.3}), lesson.decision()
    assert beside.widget.shown["company"]["worth"] is None
    lesson.company().remember("Acme", ("", ""), ("40k", "60k"))
    assert (
        beside.widget.shown["company"]["worth"] == card.widget.shown["company"]["worth"] == [40_000, 60_000]
    )
    assert card.widget.shown["figures"] == [{"what": "Saved in a year", "hours": 13.3, "kestrel": 50_000}]


def test_my_page_holds_all_of_it_and_takes_names_and_figures(tmp_path):
    lesson = opened(tmp_path)
    lesson.bet("second_region").choose(3)
    lesson.reveal("second_region", truth=10.1).uncover()
    lesson.yours({"Saved in a year": 13.3})
    choice = lesson.file.decision.options[0].text
    lesson.decision().sign(choice, "Ann", "2026-12-02")
    page = my_page(Progress(tmp_path))
    page._heard(None, {"monday": {"lesson": "05", "place": 2, "name": "Ben", "date": "2026-12-04"}}, [])
    page._heard(None, {"company": {"name": "Acme", "users": ["", ""], "worth": ["50k", ""]}}, [])
    record = page.widget.shown["record"]
    assert record["company"]["worth"] == [50_000, 50_000]
    (found,) = [one for one in record["lessons"] if one["number"] == "05"]
    assert (found["title"], found["minutes"]) == ("Reliability block diagrams: what can you promise?", 20)
    (bet,) = found["bets"]
    assert (bet["mine"], bet["answer"]) == ("3 hours", "10.1 hours")
    assert found["decision"]["choice"] == choice
    assert [line["name"] for line in found["monday"]] == ["", "Ben", ""]
    assert found["figures"] == [{"what": "Saved in a year", "hours": 13.3, "kestrel": 50_000}]
    assert [one["number"] for one in record["lessons"]] == [path.stem[:2] for path in LESSONS]
    page._heard(None, {"monday": {"lesson": "05", "place": 9, "name": "Ben", "date": ""}}, [])
    assert "3 questions" in page.status


def test_what_another_notebook_kept_is_there_when_a_form_comes_into_sight(tmp_path):
    page = my_page(Progress(tmp_path))
    opened(tmp_path).monday().name(1, "Ann")
    page._heard(None, {"look": True}, [])
    (found,) = [one for one in page.widget.shown["record"]["lessons"] if one["number"] == "05"]
    assert found["monday"][0]["name"] == "Ann"


def test_a_resume_code_carries_no_names_and_figures_and_takes_none_away(tmp_path):
    saved, catalogue = Progress(tmp_path), Catalogue(COURSE)
    lesson = opened(tmp_path)
    lesson.bet("second_region").choose(3)
    bare = write(saved.read(), catalogue)
    lesson.company().remember("Acme", ("", ""), ("40k", "60k"))
    lesson.decision().sign(lesson.file.decision.options[0].text, "Ann", "2026-12-02")
    lesson.monday().name(1, "Ann")
    lesson.yours({"Saved in a year": 13.3})
    assert write(saved.read(), catalogue) == bare
    own = {part: saved.read()[part] for part in ("company", "decisions", "monday", "figures")}
    found, *_ = read(bare, catalogue)
    saved.change(lambda data: merge(data, found))
    assert {part: saved.read()[part] for part in own} == own


def test_progress_from_before_my_page_is_read_and_a_broken_one_set_aside(tmp_path):
    old = {"format": 1, "team": "red-7", "tasks": {}, "bets": {}, "quiz": {}}
    (tmp_path / "progress.json").write_text(json.dumps(old), encoding="utf-8")
    assert course_record(Progress(tmp_path).read(), Catalogue(COURSE))["team"] == "red-7"
    (tmp_path / "progress.json").write_text(json.dumps(old | {"monday": {"05": [1]}}), encoding="utf-8")
    saved = Progress(tmp_path)
    assert saved.read()["monday"] == {}
    assert "set aside" in saved.remark
    (tmp_path / "progress.json").write_text(
        json.dumps(old | {"company": {"name": 5, "worth": ["a", 2], "users": [9, 1]}}), encoding="utf-8"
    )
    company = course_record(Progress(tmp_path).read(), Catalogue(COURSE))["company"]
    assert company == {"name": "5", "users": None, "worth": None}


# ---------- figures: the learner's are Kestrel's formula at the learner's hour ----------


def test_an_hours_worth_scales_every_price_in_the_course():
    # So hours are all that has to be kept of a figure.
    for worth in (1_000, 40_000, 777_000):
        for row, base in zip(outage_price(6, 45, worth).rows, outage_price(6, 45, 50_000).rows, strict=True):
            assert row["EUR a year"] / worth == pytest.approx(base["EUR a year"] / 50_000, abs=2e-3)
    rows = {row["Counted"]: row for row in proposal(KESTREL, REGIONS, "checkout", price=750_000).rows}
    hours = journey_report(KESTREL, "checkout").minutes_down_per_year / 60
    worth = KESTREL.journey("checkout").worth_per_hour.likely
    assert rows["Today, exact"]["Loss, EUR a year"] == pytest.approx(hours * worth, abs=1)


# ---------- what follows from an option is what the models say ----------


def follows(lesson):
    (path,) = COURSE.glob(f"{lesson}_*.yaml")
    return {way.text: way.follows for way in read_lesson_file(path).decision.options}


def test_what_follows_in_the_sale():
    rows = {row["Arrangement"]: row for row in plans_compared()}
    said = follows("03")
    always, tracking = rows["Nobody: always 24 servers"], rows["Target tracking, 60 % busy"]
    assert always["30 % more come"] in said["Twenty-four servers all evening, and no autoscaler"]
    assert tracking["As forecast"] in said["Target tracking at 60 % and no plan"]
    for words, arrangement in (
        ("Target tracking at 30 % and no plan", "Target tracking, 30 % busy"),
        (
            "A plan, target tracking at 60 % behind it, and browsing visitors turned away first",
            "The plan and target tracking, 60 % busy; browsing visitors turned away first",
        ),
    ):
        low, high = re.search(r"([\d,]+) to ([\d,]+) EUR", said[words]).groups()
        ends = [
            int(end.replace(",", ""))
            for case in ("As forecast", "30 % more come")
            for end in re.findall(r"[\d,]+", rows[arrangement][case])
        ]
        assert (int(low), int(high)) == (min(ends), max(ends))


def test_what_follows_in_the_cell():
    def without(raised, dies):
        said = shared_cell(raised=raised, dies=dies, reclaim="yes", come=100).sentence
        return "production tasks have no machine" in said

    said = follows("04")
    assert without("reports and training", "nothing")
    assert "before anything fails" in said["Reports and training"]
    assert not without("reports", "a rack of six")
    assert without("reports", "two racks")
    assert not without("nobody", "two racks")


def test_what_follows_from_the_offer():
    said = follows("05")
    today, offer, staged = (
        f"{downtime_minutes(system.availability('checkout')) / 60:.1f}"
        for system in (KESTREL, REGIONS, KESTREL.with_option("staged_releases"))
    )
    assert f"{offer} hours a year instead of {today}" in said["Sign"]
    assert f"{staged} hours" in said["Buy releases in stages instead"]
    assert KESTREL.options["staged_releases"].cost_per_year.likely == 50_000


def test_what_follows_from_the_boards_table():
    (path,) = COURSE.glob("06_*.ipynb")
    html = " ".join(
        output.data.get("text/html", "")
        for cell in nbformat.read(path, 4).cells
        if cell.id == "l06-39"
        for output in cell.outputs
    )
    for words in follows("06").values():
        for figure in re.findall(r"[\d.]+ (?:seconds|minutes|hours)", words):
            assert figure in html


def test_what_follows_from_the_signature():
    said = follows("09")
    assert "43 false alarms a month" in signature(PROPOSALS[1]).sentence
    assert "43 false alarms a month" in said["Both, as they stand"]
    checkout = signature(PROPOSALS[2]).rows[0]
    assert checkout["Total outage"] == "pages after 52 seconds"
    assert "52 seconds" in said["The alert for the checkout alone"]


def test_who_comes_back_is_told_where_they_are_once_they_look(tmp_path):
    opened(tmp_path).monday().name(1, "Ann")
    card = opened(tmp_path, "00_start_here").where_you_are()
    assert card.widget.shown["record"]["lessons"] == []
    card._heard(None, {"look": True}, [])
    lessons = {one["number"]: one for one in card.widget.shown["record"]["lessons"]}
    assert lessons["05"]["monday"][0]["name"] == "Ann"


def test_ten_decisions_are_handed_in_once_and_leave_out_what_is_not_known(tmp_path):
    saved = Progress(tmp_path)
    form, pairs = before_and_after(saved), Catalogue(COURSE).pairs
    with pytest.raises(BadInput, match="at least one"):
        form.hand_in("before", {})
    with pytest.raises(BadInput, match="before and after"):
        form.hand_in("between", {"overload": 0})
    form.hand_in("before", {"overload": 1, "chain": 9, "none": 0})
    assert saved.read()["before_and_after"] == {
        "before": {"overload": {"chosen": pairs[0].before.options[1].text}}
    }
    form._heard(None, {"hand_in": {"form": "before", "chosen": {"chain": 0}}}, None)
    assert form.status == "These ten are handed in already, and stay as they are."
    assert list(saved.read()["before_and_after"]["before"]) == ["overload"]
    form.hand_in("after", {pair.id: 0 for pair in pairs})
    assert len(saved.read()["before_and_after"]["after"]) == 10
    there = Progress(tmp_path / "there")
    code = Place(saved).code
    place = Place(there)
    place.restore(code)
    assert there.read()["before_and_after"] == saved.read()["before_and_after"]


def answered(pairs, form, right, wrong=0):
    """A form with so many right answers, then wrong ones, and the rest left out."""
    places = [pair.asked(form).correct[0] for pair in pairs[:right]]
    places += [(pair.asked(form).correct[0] + 1) % 3 for pair in pairs[right : right + wrong]]
    return {
        pair.id: {"chosen": pair.asked(form).options[place].text}
        for pair, place in zip(pairs, places, strict=False)
    }


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            (4, 4),
            (10,),
            "4 of 10 were right, with 2 left out, and after it 10. What is left out counts as missed. "
            "That is 6 more, of 6 that were missed: a gain of 100\N{NO-BREAK SPACE}%.",
        ),
        (
            (4, 6),
            (5, 5),
            "4 of 10 were right, and after it 5. That is 1 more, of 6 that were missed: "
            "a gain of 17\N{NO-BREAK SPACE}%.",
        ),
        (
            (5, 5),
            (5, 4),
            "after it 5, with 1 left out. What is left out counts as missed. The number is the same.",
        ),
        ((5, 5), (4, 6), "after it 4. That is fewer."),
        ((10,), (10,), "after it 10. There was nothing left to gain."),
        ((10,), (9, 1), "There was nothing to gain, and something to lose."),
        ((0,), (9, 1), ""),
    ],
)
def test_a_gain_says_how_it_counts_what_was_left_out(before, after, said):
    pairs = Catalogue(COURSE).pairs
    told = gain_said(
        {"before": answered(pairs, "before", *before), "after": answered(pairs, "after", *after)}, pairs
    )
    assert told.endswith(said)
    assert bool(told) == bool(said)


def test_the_second_ten_know_which_lessons_are_not_done(tmp_path):
    opened(tmp_path).monday().name(1, "Ann")
    lesson = opened(tmp_path, "07_fmea")
    for place, question in enumerate(lesson.file.quiz):
        lesson.quiz().choose(place, question.correct[0])
    known = {
        one["number"]: one["state"] for one in before_and_after(Progress(tmp_path)).widget.shown["lessons"]
    }
    assert (known.pop("05"), known.pop("07")) == ("begun", "done")
    assert set(known.values()) == {""}
    assert set(known) | {"05", "07"} == {pair.lesson for pair in Catalogue(COURSE).pairs}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda pairs: pairs[2].pop("idea"), "pair 3: `idea` is missing"),
        (lambda pairs: pairs[0]["after"].pop("question"), "pair 1, after: it needs a `question`"),
        (
            lambda pairs: pairs[1]["before"]["options"][0].update(correct=True),
            "pair 2, before: one option is right",
        ),
        (lambda pairs: pairs[4]["before"]["options"].append(3), "pair 5, before: it needs"),
    ],
)
def test_a_pair_that_makes_no_sense_is_named(tmp_path, change, said):
    pairs = yaml.safe_load((COURSE / "before_and_after.yaml").read_text(encoding="utf-8"))
    change(pairs)
    (tmp_path / "before_and_after.yaml").write_text(yaml.safe_dump(pairs), encoding="utf-8")
    with pytest.raises(BadInput, match=re.escape(said)):
        _ = Catalogue(tmp_path).pairs

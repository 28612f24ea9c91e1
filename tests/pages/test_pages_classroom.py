"""Bets, quiz and place on a page say what they say in a notebook: both are driven by the same answers."""

import json
import random
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path

import pytest

from faultlab.classroom.learner import Catalogue, Progress, read_lesson_file
from faultlab.classroom.learner.record import settled_bets
from faultlab.classroom.notebook import before_and_after, my_page, open_lesson
from faultlab.classroom.notebook.place import Place
from faultlab.metrics.customers import CHECKOUT_HOUR
from faultlab.pages.site import Site, course_facts

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "course"
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(not NODE, reason="needs Node: install it")
LESSONS = (
    "00_start_here",
    "01_designing_for_failure",
    "02_netflix_chaos_monkey",
    "05_reliability_block_diagrams",
)
TRUTHS = {"number": 12.5, "probability": 0.44}
LOOKING = ("company", "decision", "decisions", "monday", "figures", "where", "page")
PARTS = ("name", "answer", "closed", "status", "shown", "marks")
HOURS, SHARES = {"A bad year": 12.5, "An hour": 1.0}, {"Users without a shop": 0.25}
AMOUNTS = ["250k", "", "40,000", "60.000 EUR", "x", "-1", "2 million", "1e11"]
DATES = ["2026-12-02", "", "2026-02-30", "tomorrow"]
TYPED = ["15", "8,5", "0.5", "1.200", "99.95 %", "k", "", "-3", "1e9", "20 %", "12.5", "100"]
ANSWERED_BEFORE = {  # by a course that kept places, and by a resume code
    "q1": {"chosen": [0], "right": True},
    "q2": {"right": False},
    "q3": {"chosen": [], "right": False},
}
BOARD_BEFORE = {
    "10": {
        "company": "Acme",
        "said": "Outages cost us much.",
        "date": "2026-12-02",
        "file": "board_page.html",
    }
}
PLAYED_BEFORE = {
    "11": {"game": {"code": "GD1-A", "finished": {"code": "GD1-B", "said": "You decided better."}}}
}
DRIVE = """
import { Classroom, betModel, placeModel, quizModel, recordModel, revealModel } from SCRIPT;
import { companyModel, decisionModel, decisionsModel, figuresModel, mondayModel } from OWN;
import { pageModel, whereModel } from OWN;
import { readFileSync } from "node:fs";
const { page, moves, before } = JSON.parse(readFileSync(0, "utf-8"));
const kept = new Map([["faultlab-progress", before]]);
const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
const here = new Classroom(page, storage);
const forms = {
  quiz: quizModel(here), record: recordModel(here), place: placeModel(here), company: companyModel(here),
  decision: decisionModel(here), monday: mondayModel(here), figures: figuresModel(here, FIGURES),
  where: whereModel(here), page: pageModel(here, ""), decisions: decisionsModel(here),
};
for (const id of Object.keys(page.bets)) {
  forms[`bet ${id}`] = betModel(here, id);
  forms[`reveal ${id}`] = revealModel(here, id);
}
const PARTS = ["name", "answer", "closed", "status", "shown", "marks"];
const seen = (form) => Object.fromEntries(PARTS.map((name) => [name, form.get(name) ?? null]));
console.log(JSON.stringify(moves.map(([name, content]) => {
  forms[name].send(content);
  for (const name of LOOKING) forms[name].send({ look: true }); // as the browser does for what is in sight
  return Object.fromEntries(Object.entries(forms).map(([key, form]) => [key, seen(form)]));
})));
"""


def moves_in(lesson, file, rng):
    """What a learner might do, in any order: the form, and what it sends."""
    moves = []
    for _ in range(25):
        id, bet = rng.choice(list(file.bets.items()))
        question = rng.choice(file.quiz)
        options = range(len(question.options))
        value = rng.choice(bet.options) if bet.kind == "choice" else rng.choice(TYPED)
        moves += [
            (f"bet {id}", {"bet": value, "typed": bet.kind != "choice"}),
            ("quiz", {"question": question.id, "chosen": sorted(rng.sample(options, rng.randint(1, 2)))}),
            (
                "place",
                {"team": rng.choice(["Red 7", "blue_2", "", "far too long a name for a team", "kestrel"])},
            ),
            own_move(file, rng),
        ]
        if rng.random() < 0.2:
            moves.append((f"reveal {id}", {"seen": True}))
    choice = file.decision.options[0].text
    moves += [
        ("company", {"company": {"name": "Acme", "users": ["250k", ""], "worth": ["40,000", "60.000 EUR"]}}),
        ("decision", {"sign": {"choice": choice, "name": "Ada", "date": "2026-12-02", "reason": "It pays."}}),
        ("monday", {"monday": {"place": 1, "name": "Bo", "date": "2026-12-07"}}),
    ]
    rng.shuffle(moves)
    return [*moves, *((f"reveal {id}", {"seen": True}) for id in file.bets), ("place", {"restore": "FT3-X"})]


def own_move(file, rng):
    """Something that a learner says of the company, signs, or asks on Monday."""
    company = {"name": rng.choice(["Acme", "  A   name of more than forty letters, which is too long", ""])}
    company |= {key: [rng.choice(AMOUNTS), rng.choice(AMOUNTS)] for key in ("users", "worth")}
    sign = {"choice": rng.choice([way.text for way in file.decision.options] + ["Neither"])}
    sign |= {
        "name": rng.choice(["Ada", ""]),
        "date": rng.choice(DATES),
        "reason": rng.choice(["", "It pays. " * 20]),
    }
    line = {"place": rng.choice([0, 1, 3, 4]), "name": rng.choice(["Bo", ""]), "date": rng.choice(DATES)}
    return rng.choice(
        [
            ("company", {"company": company}),
            ("page", {"company": company}),
            ("decision", {"sign": sign}),
            ("monday", {"monday": line}),
            ("page", {"monday": line | {"lesson": rng.choice(["00", "05"])}}),
            ("where", {"look": True}),
            ("decisions", {"hand_in": handed_in(rng)}),
        ]
    )


def handed_in(rng):
    """Answers of a form: all, some or none, and now and then what there is not."""
    pairs = Catalogue(COURSE).pairs
    chosen = {pair.id: rng.choice([0, 1, 2, 7]) for pair in pairs if rng.random() < rng.choice([0, 0.7, 1])}
    return {"form": rng.choice(["before", "after"]), "chosen": chosen | {"no_such": 1}}


def truth_of(bet):
    return bet.options[0] if bet.kind == "choice" else TRUTHS[bet.kind]


def in_a_notebook(lesson, file, moves, folder):
    """What the widgets show after each move."""
    saved = Progress(folder)
    saved.change(lambda data: data["quiz"].update({lesson[:2]: ANSWERED_BEFORE}))
    saved.change(lambda data: data["board"].update(BOARD_BEFORE))
    saved.change(lambda data: data["monday"].update(PLAYED_BEFORE))
    before = json.dumps(saved.read())
    here = open_lesson(lesson, saved)
    record, place, quiz = here.bets_so_far(), Place(saved), here.quiz()
    forms = {"quiz": quiz, "record": record, "place": place}
    forms |= {"company": here.company(), "decision": here.decision(), "monday": here.monday()}
    forms |= {
        "figures": here.yours(HOURS, users=SHARES),
        "where": here.where_you_are(),
        "page": my_page(saved),
        "decisions": before_and_after(saved),
    }
    for id, bet in file.bets.items():
        forms[f"bet {id}"] = here.bet(id)
        forms[f"reveal {id}"] = here.reveal(id, truth_of(bet))
    seen = []
    for name, content in moves:
        forms[name]._heard(None, content, None)
        for own in LOOKING:
            forms[own]._heard(None, {"look": True}, None)
        seen.append(
            {key: {part: getattr(form.widget, part, None) for part in PARTS} for key, form in forms.items()}
        )
    return seen, before


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_page_and_a_notebook_answer_alike(lesson, tmp_path):
    file = read_lesson_file(COURSE / f"{lesson}.yaml")
    moves = moves_in(lesson, file, random.Random(lesson))
    page = {
        "number": lesson[:2],
        "bets": {id: asdict(bet) for id, bet in file.bets.items()},
        "truths": {id: truth_of(bet) for id, bet in file.bets.items()},
        "questions": [asdict(question) for question in file.quiz],
        "decision": asdict(file.decision),
        **course_facts(Site(COURSE)),
    }
    figures = [{"what": what, "hours": hours, "kestrel": CHECKOUT_HOUR[1]} for what, hours in HOURS.items()]
    figures += [{"what": what, "share": share} for what, share in SHARES.items()]
    script, own = (
        json.dumps((ROOT / "faultlab/pages/scripts" / name).as_uri()) for name in ("classroom.js", "own.js")
    )
    drive = DRIVE.replace("SCRIPT", script).replace("OWN", own).replace("FIGURES", json.dumps(figures))
    drive = drive.replace("LOOKING", json.dumps(LOOKING))
    in_notebook, before = in_a_notebook(lesson, file, moves, tmp_path)
    said = subprocess.run(
        [NODE, "--input-type=module", "-e", drive],
        input=json.dumps({"page": page, "moves": moves, "before": before}),
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )
    on_a_page = json.loads(said.stdout)
    assert len(on_a_page) == len(moves) == len(in_notebook)
    for move, page_shows, notebook_shows in zip(
        moves, on_a_page, json.loads(json.dumps(in_notebook)), strict=True
    ):
        for form, wanted in notebook_shows.items():
            assert alike(page_shows[form]) == alike(wanted), (move, form)


def addressed(found):
    """With the addresses of pages in place of those of notebooks."""
    return json.loads(json.dumps(found).replace(".ipynb", ".html"))


def alike(form):
    """What a form shows; nothing is nothing, whatever its kind."""
    return {name: addressed(form[name]) or None for name in PARTS}


def test_the_page_knows_every_bet_of_the_course():
    facts = course_facts(Site(COURSE))
    catalogue = Catalogue(COURSE)
    assert {number: list(bets) for number, bets in facts["everyBet"].items()} == {
        number: list(catalogue.bets(number)) for number in facts["everyBet"]
    }


def test_a_bet_on_what_turns_out_to_be_zero_is_the_same_row_on_a_page():
    data = {"bets": {"04": {"rack_dies": {"bet": 20, "truth": 0}, "segregated": {"bet": 20, "truth": 30}}}}
    script = json.dumps((ROOT / "faultlab/pages/scripts/record.js").as_uri())
    ask = f"""
import {{ settledBets }} from {script};
import {{ readFileSync }} from "node:fs";
const {{ data, facts }} = JSON.parse(readFileSync(0, "utf-8"));
const scores = settledBets(data, facts).map(({{ score }}) => (score === Infinity ? "endless" : score));
console.log(JSON.stringify(scores));
"""
    said = subprocess.run(
        [str(NODE), "--input-type=module", "-e", ask],
        input=json.dumps({"data": data, "facts": course_facts(Site(COURSE))}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    scores = [row["score"] for row in settled_bets(data, Catalogue(COURSE))]
    assert json.loads(said.stdout) == scores
    assert None in scores


def test_ten_ranges_are_kept_on_a_page_as_in_a_notebook(tmp_path):
    asked = open_lesson("10_resilience_review", Progress(tmp_path)).ten_ranges()
    moves = [
        {"ranges": {"0": ["200", "300"], "3": ["1", ""], "99": ["1", "2"], "x": ["1", "2"]}},
        {"ranges": {"0": ["200", "300" * 30], "1": ["5", "50", "7"]}, "seen": True},
    ]
    script = f"""
import {{ Classroom }} from {json.dumps((ROOT / "faultlab/pages/scripts/classroom.js").as_uri())};
import {{ rangesModel }} from {json.dumps((ROOT / "faultlab/pages/scripts/own.js").as_uri())};
const full = {{ getItem: () => null, setItem: () => {{ throw new Error(); }} }};
const here = new Classroom({{ number: "10", bets: {{}} }}, full);
const form = rangesModel(here, {json.dumps(asked.questions)});
const after = (move) => {{ form.send(move); return form.get("shown"); }};
console.log(JSON.stringify({json.dumps(moves)}.map(after)));
"""
    found = json.loads(
        subprocess.run(
            [str(NODE), "--input-type=module", "-"],
            input=script,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        ).stdout
    )
    for move, there in zip(moves, found, strict=True):
        asked._heard(None, move, [])
        assert there == asked.widget.shown

"""A lab's page: its decisions are judged as in the notebook, and no answer stands on it."""

import gzip
import json
import random
import re
import subprocess
from pathlib import Path

import pytest
from jupyter_browser import CHROMIUM, MISSING
from node import node

from faultlab.classroom.answers import Choice, Names, Number
from faultlab.classroom.learner import DEFAULT_TEAM, Catalogue
from faultlab.classroom.learner.resume_code import read
from faultlab.classroom.tasks import labs, tasks_of
from faultlab.errors import BadInput
from faultlab.pages.check import open_page
from faultlab.pages.labs import TEAMS, decision, read_teams, veiled
from faultlab.pages.site import Site, built_lab

pytestmark = pytest.mark.xdist_group("browser")
ROOT = Path(__file__).parents[2]
CODES = (DEFAULT_TEAM, *TEAMS)
DECISIONS = [
    (path.stem, task)
    for path in sorted((ROOT / "labs").glob("*.ipynb"))
    for task in tasks_of(path.stem).values()
    if isinstance(task, Number | Choice | Names)
]
needs_browser = pytest.mark.skipif(not CHROMIUM, reason=MISSING)
DRIVE = """
import { readFileSync } from "node:fs";
import { LabTask } from SCRIPT;
const { task, lab, codes, asked } = JSON.parse(readFileSync(0, "utf-8"));
console.log(JSON.stringify(asked.map(([team, answers]) => {
  const mine = new LabTask(task, lab, codes, team);
  return [mine.asked, mine.hints, mine.solution(), answers.map((text) => mine.check(text))];
})));
"""


def answers_to(task, numbers, luck):
    """What learners may type: what is right, what people believe, and what lies near or elsewhere."""
    known = [task.reference(numbers), *(wrong.answer(numbers) for wrong in task.misconceptions)]
    if isinstance(task, Choice):
        return [*known, *task.options, *(f"option {letter.lower()}" for letter in task.options), "Z", ""]
    if isinstance(task, Names):
        joined = [", ".join(names) for names in map(sorted, known)]
        return [
            *joined,
            *(text.upper() for text in joined),
            joined[0].rpartition(", ")[0],
            f"{joined[0]}, moon",
            "...",
        ]
    values = [float(value) for value in known]
    factors = (1.002, 0.998, 1.004, 1.02, 0.97, -1, 60, 1 / 60, 24, 100, 1 / 100, 12, 365, 1000, 1.5)
    values += [values[0] * factor for factor in factors] + [1 - values[0], 100 - values[0], 0.0]
    values += [luck.uniform(0, 2 * abs(values[0]) + 1) for _ in range(8)]
    values += [round(values[0], places) for places in range(6)] + [values[0] + 0.1, values[0] + 1]
    return [*map(repr, values), f"{values[0]:,.2f} {task.unit}", "many", "12 apples", f"{values[1]:.6g}"]


def on_an_edge(task, answer, numbers):
    """Whether a thousand millionth more or less is judged otherwise: there, rounding decides."""
    try:
        value = float(answer)
    except ValueError:
        return False
    said = (task.check(value * (1 + by), numbers).message for by in (0, -1e-9, 1e-9))
    return (
        not task.whole
        and len({message.partition("%")[2] or message.partition(". ")[2] for message in said}) > 1
    )


@pytest.mark.parametrize(("lab", "task"), DECISIONS, ids=lambda one: getattr(one, "name", one))
def test_a_page_says_of_an_answer_what_the_notebook_says(lab, task):
    luck = random.Random(task.name)
    teams = [DEFAULT_TEAM, *luck.sample(TEAMS, 4)]
    numbers = {team: task.numbers(team, lab) for team in teams}
    asked = [(team, answers_to(task, numbers[team], luck)) for team in teams]
    script = DRIVE.replace("SCRIPT", json.dumps(str(ROOT / "faultlab/pages/scripts/lab_check.js")))
    given = {"task": decision(task, lab, CODES), "lab": lab, "codes": CODES, "asked": asked}
    run = [node(), "--input-type=module", "-e", script]
    said = subprocess.run(run, input=json.dumps(given), capture_output=True, text=True, encoding="utf-8")
    assert said.returncode == 0, said.stderr
    states = set()
    for (team, answers), (question, hints, solution, outcomes) in zip(
        asked, json.loads(said.stdout), strict=True
    ):
        mine = numbers[team]
        assert question == task.asked(mine)
        assert hints == [task.hint(step, mine) for step in range(len(task.hints))]
        assert solution == task.explained(mine)
        for answer, outcome in zip(answers, outcomes, strict=True):
            theirs = task.check(answer, mine)
            if isinstance(task, Number) and on_an_edge(task, answer, mine):
                continue
            assert (outcome["state"], outcome["message"]) == (theirs.state, theirs.message), (team, answer)
            states.add(theirs.state)
    assert {"correct", "try again"} <= states


def test_every_lab_has_its_decisions():
    assert len(labs()) == len({lab for lab, _ in DECISIONS})
    assert len(DECISIONS) >= 68


@pytest.mark.parametrize(("lab", "task"), DECISIONS, ids=lambda one: getattr(one, "name", one))
def test_no_answer_hint_or_solution_can_be_read_in_the_source(lab, task):
    written = json.dumps(decision(task, lab, CODES), ensure_ascii=False)
    questions = " ".join(task.asked(task.numbers(team, lab)) for team in CODES)
    for team in CODES[:6]:
        numbers = task.numbers(team, lab)
        solution = task.explained(numbers)
        assert solution not in written
        assert json.dumps(veiled(solution), ensure_ascii=False)[1:-1] in written
        if isinstance(task, Number):
            printed = task.as_text(task.reference(numbers)).split(" ")[0]
            if len(printed) > 4 and printed not in questions:
                assert printed not in written
    for hint in (*task.hints, *(wrong.hint for wrong in task.misconceptions)):
        assert hint not in written
    assert len(gzip.compress(written.encode())) < 25_000


def test_teams_are_read_from_a_file(tmp_path):
    file = tmp_path / "teams.txt"
    file.write_text("# our workshop\nRed 7\nblue-12 # by the window\n\nred-7\n", encoding="utf-8")
    assert read_teams(file) == ("red-7", "blue-12")
    file.write_text("learner;team\nAnn;Red 7\n;blue-12\nBob;red-7\n", encoding="utf-8")
    assert read_teams(file) == ("red-7", "blue-12")
    for text, said in (
        ("", "names 0 teams"),
        ("red-7\nÄrger!", "line 2: A team code is"),
        ("a,b\nred-7,blue-12\n", "a table with a column team"),
        ("\n".join(f"t{i}" for i in range(99)), "99 teams"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(BadInput, match=said):
            read_teams(file)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The page of lab 08, for three teams."""
    out = tmp_path_factory.mktemp("labs")
    site = Site(ROOT / "course", teams=("red-7", "blue-5"))
    (out / "lab_08_metrics.html").write_text(built_lab(site, "08_metrics").html, encoding="utf-8")
    return out.as_uri()


@pytest.fixture
def page(browser, lab):
    with open_page(browser, lab, "lab_08_metrics.html") as page:
        yield page


def first_answer(page, text):
    box = page.locator("form.faultlab-answer input[type=text]").first
    box.fill(text)
    box.press("Enter")
    return page.locator(".faultlab-judged .faultlab-box").first


@needs_browser
def test_a_decision_is_answered_kept_and_carried_by_the_code(page):
    minutes = tasks_of("08_metrics")["minutes_a_month"]
    right = minutes.reference(minutes.numbers(DEFAULT_TEAM, "08_metrics"))
    assert first_answer(page, "many").inner_text().startswith("○ Not started")
    assert page.locator(".faultlab-said.wrong").first.inner_text().startswith("I can't read 'many'")
    said = first_answer(page, f"{right * 12} minutes")
    assert "12 times too large. Did you mix up a month and a year?" in said.inner_text()
    page.locator("button:text-is('Hint')").first.click()
    assert "Hint 1 of" in page.locator(".faultlab-help").first.inner_text()
    assert "✓ Correct" in first_answer(page, f"{right:.1f}".replace(".", ",") + " min").inner_text()
    assert "decisions 1 of" in page.locator(".lab-summary").inner_text()
    code = page.locator(".resume").text_content()
    data, lost = read(code, Catalogue())
    assert (data["tasks"]["08"]["minutes_a_month"], lost) == ({"outcome": "correct", "hints": 1}, "")
    page.reload()
    page.locator(".faultlab-judged .faultlab-box.correct").first.wait_for()
    assert (
        page.locator("form.faultlab-answer input[type=text]")
        .first.input_value()
        .startswith(f"{right:.0f}"[:2])
    )


@needs_browser
def test_another_team_has_other_numbers_and_an_unknown_one_is_told(page):
    question = page.locator("[data-task=minutes_a_month] .faultlab-box").first
    before = question.inner_text()
    page.locator(".lab-team summary").click()
    for team, said in (
        ("red-7", "team red-7"),
        ("unknown", "got the numbers of team unknown"),
    ):
        page.locator(".lab-team input").first.fill(team)
        page.locator("button:text-is('Use this team')").click()
        page.locator(f".lab-team .faultlab-box:has-text('{said}')").wait_for()
        minutes = tasks_of("08_metrics")["minutes_a_month"]
        shown = team if team == "red-7" else DEFAULT_TEAM
        asked = minutes.asked(minutes.numbers(shown, "08_metrics"))
        assert " ".join(asked.split()) in " ".join(question.inner_text().split())
    assert question.inner_text() == before


@needs_browser
def test_what_takes_python_has_its_question_and_the_door_and_nothing_is_wider_than_a_telephone(browser, lab):
    with open_page(browser, lab, "lab_08_metrics.html") as page:
        page.set_viewport_size({"width": 400, "height": 800})
        door = page.locator("[data-task=own_file] .door")
        assert door.locator("a").get_attribute("href") == "index.html#python"
        assert "in a form, without code" in door.inner_text()
        assert door.locator(".resume").count() == 0
        door.locator("button").click()
        _, lost = read(door.locator(".resume").inner_text(), Catalogue())
        assert lost == ""
        page.locator(".faultlab-hood button").first.click()
        assert page.locator("[data-task=mtbf_function] .door").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
    shut = browser.new_context(java_script_enabled=False)
    still = shut.new_page()
    still.goto(f"{lab}/lab_08_metrics.html")
    assert "How many minutes may it be down?" in still.locator("[data-task=minutes_a_month]").inner_text()
    shut.close()


def test_what_a_question_calls_a_drawing_stands_above_it_for_each_team():
    name = "05_reliability_block_diagrams"
    page = built_lab(Site(ROOT / "course"), name).html
    above, asked = page.index("data-teams='"), page.index("data-task='single_points'")
    assert above < asked
    of_team = {
        team: re.search(r"Kestrel(?:&#x27;|')s (\w+), from in to out", drawing)[1]
        for drawing in page[above:asked].split("data-teams='")[1:]
        for team in drawing.partition("'")[0].split()
    }
    single = tasks_of(name)["single_points"]
    assert of_team == {team: single.numbers(team, name).journey for team in CODES}

"""The kit of a facilitator: plans that add up, a page for every lesson, numbers that are the lessons' own."""

import csv
import json
import random
import re
import shlex
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from faultlab.__main__ import main
from faultlab.cases.game_day import QUARTERS, YearInPlay, read_game, write_game_code
from faultlab.classroom.answers import scoring
from faultlab.classroom.learner import Catalogue, openings, progress, resume_code, truths
from faultlab.classroom.learner.before_and_after import FORMS

COURSE = Path(__file__).parents[2] / "course"
TEACHING = COURSE / "teaching"
CATALOGUE = Catalogue(COURSE)
LESSONS = {one["number"]: one for one in openings(COURSE)}
MINUTES = {number: {one["minutes"]} for number, one in LESSONS.items()} | {
    "10": {30, 60}
}  # Kestrel's system, or one's own
LONGEST_WITHOUT_A_BREAK = 110
PLANS = {  # the whole in minutes, and the lessons that are in it
    "Half a day for a board": (210, "00 05 08 10"),
    "One day": (480, "00 01 03 05 08 10 11"),
    "Two days": (960, " ".join(sorted(MINUTES))),
    "Eight weekly hours": (480, " ".join(sorted(MINUTES))),
}


def sections(name, mark):
    """The parts of a page below headings of one rank, by heading."""
    text = (TEACHING / name).read_text(encoding="utf-8")
    parts = re.split(rf"^{mark} (.+)$", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def tables(plan):
    """Each table of a plan as rows of (minutes past midnight, minutes, what, the room)."""
    for table in re.findall(r"(?:^\|.*\n)+", plan, re.M):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
        yield [
            (60 * int(start.split(":")[0]) + int(start.split(":")[1]), int(minutes), what, room)
            for start, minutes, what, room in rows
        ]


@pytest.mark.parametrize("name", PLANS)
def test_every_row_begins_where_the_last_one_ended(name):
    total = 0
    for rows in tables(sections("run_sheets.md", "##")[name]):
        for (start, minutes, what, _), (following, *_) in pairwise(rows):
            assert start + minutes == following, what
        assert rows[-1][1:3] == (0, "End")
        total += rows[-1][0] - rows[0][0]
    assert total == PLANS[name][0]


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_gives_each_lesson_and_lab_its_minutes(name):
    plan, given, files = sections("run_sheets.md", "##")[name], Counter(), {}
    for rows in tables(plan):
        for _, minutes, what, _ in rows:
            for kind, file, number in re.findall(r"\[(Lesson|Lab) \d\d\]\(([^)]*?((?:\d\d))_[^)]*)\)", what):
                given[kind, number] += minutes
                files[kind, number] = file
    for number, file, minutes in re.findall(r"\[Lesson (\d\d)\]\(([^)]+)\), (\d+) minutes", plan):
        given["Lesson", number] += int(minutes)
        files["Lesson", number] = file
    assert " ".join(sorted(number for kind, number in given if kind == "Lesson")) == PLANS[name][1]
    for (kind, number), minutes in given.items():
        path = TEACHING / files[kind, number]
        if kind == "Lesson":
            assert minutes in MINUTES[number], number
            assert LESSONS[number]["minutes"] in MINUTES[number]
            assert path.name == LESSONS[number]["link"]
        else:
            head = path.read_text(encoding="utf-8")
            assert minutes == int(re.search(r"about (\d+) for the decisions", head)[1]), number


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_asks_the_ten_decisions_before_the_first_lesson_and_after_the_last(name):
    plan = sections("run_sheets.md", "##")[name]
    row = r"\| (\d+) \| \[Ten decisions\]\(([^)]+)\)"
    alone = r"\[Ten decisions\]\(([^)]+)\), (\d+) minutes: the ten (before|after)"
    asked = [
        (found.start(), *found.groups()) for found in re.finditer(row + r" \| Alone: the ten (\w+)", plan)
    ]
    asked += [(found.start(), found[2], found[1], found[3]) for found in re.finditer(alone, plan)]
    assert [form for *_, form in sorted(asked)] == list(FORMS)
    lessons = [found.start() for found in re.finditer(r"\[Lesson \d\d\]", plan)]
    assert asked[0][0] < min(lessons) < max(lessons) < asked[1][0]
    for _, minutes, file, form in asked:
        page = json.loads((TEACHING / file).read_text(encoding="utf-8"))
        promised = re.findall(r"(\d+) minutes", "".join(page["cells"][0]["source"]))
        assert minutes == promised[FORMS.index(form)], form


def test_a_lesson_is_followed_by_a_talk_or_more_of_the_same():
    for plan in sections("run_sheets.md", "##").values():
        for rows in tables(plan):
            for (*_, what, _), (*_, following, _) in pairwise(rows):
                if "Lesson 00" not in what and "Lesson 11" not in what and what.startswith("[Lesson"):
                    assert following == "Talk", what


def test_nobody_sits_too_long():
    for plan in sections("run_sheets.md", "##").values():
        for rows in tables(plan):
            rested = rows[0][0]
            for start, minutes, what, _ in rows:
                assert start + minutes * ("reak" not in what) - rested <= LONGEST_WITHOUT_A_BREAK, what
                if "reak" in what:
                    rested = start + minutes
            if rows[-1][0] - rows[0][0] >= 420:
                assert sum(minutes for _, minutes, what, _ in rows if "Lunch" in what) >= 45


HEADINGS = ["Purpose", "Bets", "If it fails", "Debrief", "When late"]
PAGES = {heading[:2]: text for heading, text in sections("facilitator.md", "##").items()}
A_BET = re.compile(r"- `(\w+)`, (\d) minutes\. Ask: “?\"([^\"]+)\" Tempting: (.+?) Answer: \*\*(.+)\*\*\.")


@pytest.mark.parametrize("number", LESSONS)
def test_a_lesson_has_its_page(number):
    page = PAGES[number]
    assert re.findall(r"^\*\*(.+?)\.\*\*", page, re.M) == HEADINGS
    assert re.findall(r"^(\d)\. .+\?", page, re.M) == ["1", "2", "3"]


@pytest.mark.parametrize("number", LESSONS)
def test_every_bet_is_told_with_its_own_answer(number):
    told = {id: answer for id, _, _, _, answer in A_BET.findall(PAGES[number])}
    assert list(told) == re.findall(r"^- `(\w+)`", PAGES[number], re.M)
    bets, known = CATALOGUE.bets(number), truths(CATALOGUE, number)
    assert set(told) == set(bets)
    for id, bet in bets.items():
        assert told[id] == scoring.written(bet.kind, known[id], bet.unit), id


def test_what_a_page_says_to_skip_is_in_the_lesson():
    for number, one in LESSONS.items():
        lesson = (COURSE / one["link"]).read_text(encoding="utf-8")
        for named in re.findall(r"\*([^*\n]+)\*(?!\*)", PAGES[number].split("**When late.**")[1]):
            assert named in lesson, (number, named)


@pytest.mark.parametrize("page", sorted(TEACHING.glob("*.md")), ids=lambda page: page.name)
def test_what_a_page_sends_you_to_is_there(page):
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (TEACHING / link).exists(), link
    for command in re.findall(r"`python3 start\.py (\w+)", text):
        assert f'"{command}": ' in (COURSE.parent / "start.py").read_text(encoding="utf-8"), command


def test_the_kit_s_commands_run_as_they_are_written(tmp_path, monkeypatch, capsys):
    """In a row, as on the day; only a resume code has to be put in its place."""
    text = "".join(page.read_text(encoding="utf-8") for page in sorted(TEACHING.glob("*.md")))
    commands = [shlex.split(line) for line in re.findall(r"`python -m faultlab ([^`]+)`", text)]
    assert {tool for tool, *_ in commands} == {"teams", "room", "certificate", "grade", "feedback"}
    learner = progress.empty()
    take("00", learner, random.Random(0))
    code = resume_code.write(learner, CATALOGUE)
    (tmp_path / "codes.txt").write_text(code, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("correct horse battery", encoding="utf-8")
    monkeypatch.setenv("FAULTLAB_COURSE", str(COURSE.parent))
    monkeypatch.chdir(tmp_path)
    for command in commands:
        told = [code if word == "CODE" else word for word in command]
        assert not [word for word in told if re.fullmatch(r"[A-Z]+(\.\w+)?", word)], command
        assert main(told) == 0, capsys.readouterr().err
        if command[0] == "certificate":
            assert main([*told, "--secret", "secret.txt"]) == 0
        if "--table" in command:
            with open("feedback.csv", "a", encoding="utf-8") as file:
                file.write("9,Buy no spare,,,yes,right,,\n")


def test_a_day_of_thirty_learners_is_held_from_the_kit_alone(tmp_path, capsys):
    """From cards to the league: at each talk the room's codes so far are pasted, as a chat has them."""
    luck, cards = random.Random(30), tmp_path / "teams.csv"
    asked = ["--count", "30", "--workshop", "Rehearsal", "--out", str(tmp_path / "cards.html")]
    assert main(["teams", *asked, "--list", str(cards)]) == 0
    with cards.open(encoding="utf-8", newline="") as file:
        learners = [progress.empty() | {"team": row["team"]} for row in csv.DictReader(file)]
    game = read_game(COURSE / "data" / "game_day.yaml", COURSE / "kestrel.yaml")

    def room(lines):
        chat = tmp_path / "chat.txt"
        chat.write_text("Good morning\n" + "\n".join(lines), encoding="utf-8")
        capsys.readouterr()
        assert main(["room", str(chat), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    lines, held = [], []
    for rows in tables(sections("run_sheets.md", "##")["One day"]):
        for _, _, what, _ in rows:
            if lesson := re.search(r"\[Lesson (\d\d)\]", what):
                held.append(lesson[1])
                for data in learners:
                    take(lesson[1], data, luck)
                if lesson[1] == "11":
                    lines += [f"team {team} 16:00 {play(game, luck)}" for team in range(8)]
            elif what == "Talk":
                lines += [
                    f"[10:{number:02d}] learner {number}: {resume_code.write(data, CATALOGUE)}"
                    for number, data in enumerate(learners)
                ]
                found = room([*lines, lines[-1]])
                assert found["learners"] == 30, "an earlier code of the same team is no learner more"
                assert len(found["unreadable"]) == 2
                told = {one["number"]: one for one in found["lessons"]}
                assert list(told) == [number for number in held if number in told]
                for bet in told[held[-1]]["bets"]:
                    asked_for = CATALOGUE.bets(held[-1])[bet["id"]]
                    assert (sum(bet["placed"]) if asked_for.options else len(bet["placed"])) == 30
                    answer = truths(CATALOGUE, held[-1])[bet["id"]]
                    assert bet["truth"] == (None if asked_for.own else answer)
                assert {question["answered"] for question in told[held[-1]]["quiz"]} == {30}
    assert len(found["games"]) == 8
    assert [one["expected"] for one in found["games"]] == sorted(one["expected"] for one in found["games"])


def take(number, data, luck):
    """A learner goes through a lesson: a bet around the truth or any option, a quiz half known."""
    known = truths(CATALOGUE, number)
    for id, bet in CATALOGUE.bets(number).items():
        if bet.options:
            placed = luck.choice(bet.options)
        else:
            placed = min(max(known[id] * luck.lognormvariate(0, 0.8), bet.low), bet.high)
        data["bets"].setdefault(number, {})[id] = {"bet": placed}
    for id in CATALOGUE.quiz(number):
        data["quiz"].setdefault(number, {})[id] = {"right": luck.random() < 0.5}


def play(game, luck):
    """The code of a game played to the end by somebody who buys and decides at random."""
    year = YearInPlay(game, "board", seed=luck.randrange(1000))
    for _ in range(QUARTERS):
        year.begin([])
        while year.pending:
            year.decide(luck.randrange(2))
    return write_game_code(year)


def test_the_facilitator_finds_which_year_teaches_what_and_players_do_not():
    game = read_game(COURSE / "data" / "game_day.yaml", COURSE / "kestrel.yaml")
    rows = re.findall(r"^\| (\d+) \| (\d+) \| (.+?) \| (.+?) \|$", PAGES["11"], re.M)
    assert rows == [
        (str(place), str(one.seed), one.name, one.teaches) for place, one in enumerate(game.seeds, 1)
    ]
    assert [f"year {place}" for place, *_ in rows] == [game.called(one.seed) for one in game.seeds]
    lesson = (COURSE / LESSONS["11"]["link"]).read_text(encoding="utf-8")
    lab = (COURSE.parent / "labs" / LESSONS["11"]["link"]).read_text(encoding="utf-8")
    for one in game.seeds:
        assert one.name not in lesson + lab
        assert one.teaches not in lesson + lab

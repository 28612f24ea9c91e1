"""The kit of a facilitator: plans that add up, a page for every lesson, numbers that are the lessons' own."""

import argparse
import importlib
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from faultlab.classroom.answers import scoring
from faultlab.classroom.learner import Catalogue, openings, truths

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
    for tool, options in re.findall(r"`python -m faultlab (\w+)([^`]*)`", text):
        parser = argparse.ArgumentParser()
        importlib.import_module(f"faultlab.commands.{tool}").add_arguments(parser)
        parser.parse_args(options.replace("NAME", "May").split())

"""Options of quizzes, labs and bets: neither place nor length tells the right one; a bet in a line."""

import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest
import yaml

from faultlab.classroom import Catalogue, Choice, labs, tasks_of
from faultlab.classroom.learner import read_lesson_file
from faultlab.classroom.learner.before_and_after import FORMS

COURSE = Path(__file__).parents[2] / "course"
REVEALED = re.compile(r'lesson\.reveal\(\s*"(\w+)"')
LONGER = 1.15  # times the longest of the wrong ones
A_LINE = 70  # letters
MOST = 0.5  # of the questions in which the right option is the longest, or the shortest


def asked():
    """Each question: where it is, its options, and the right one."""
    for path in sorted(COURSE.glob("[0-9][0-9]_*.yaml")):
        lesson = yaml.safe_load(path.read_text(encoding="utf-8"))
        for number, question in enumerate(lesson["quiz"], 1):
            options = [option["text"] for option in question["options"]]
            right = next(option["text"] for option in question["options"] if option.get("correct"))
            yield f"{path.stem}, question {number}", options, right
    for number in labs():
        for name, task in tasks_of(number).items():
            if isinstance(task, Choice):
                numbers = task.numbers("kestrel", number)
                options = {letter: task.filled(text, numbers) for letter, text in task.texts.items()}
                yield f"lab {number}, {name}", list(options.values()), options[task.reference(numbers)]


def bets():
    for path in sorted(COURSE.glob("[0-9][0-9]_*.yaml")):
        cells = nbformat.read(path.with_suffix(".ipynb"), 4).cells
        shown = {
            found[1]: cell.outputs[0].data["text/plain"]
            for cell in cells
            if (found := REVEALED.search(cell.source))
        }
        for bet in yaml.safe_load(path.read_text(encoding="utf-8"))["bets"]:
            if bet["kind"] == "choice":
                (right,) = (one for one in bet["options"] if f": {one}." in shown[bet["id"]].split("\n")[0])
                yield bet["id"], bet["options"], right


def decisions():
    for pair in Catalogue(COURSE).pairs:
        for form in FORMS:
            options = [option.text for option in pair.asked(form).options]
            yield f"{form} the course, {pair.id}", options, options[pair.asked(form).correct[0]]


@pytest.fixture(scope="module")
def found():
    """All that is asked, by where it is asked."""
    questions = list(asked())
    of_labs = [one for one in questions if one[0].startswith("lab")]
    return {
        "quizzes": [one for one in questions if one not in of_labs],
        "labs": of_labs,
        "bets": list(bets()),
        "forms": list(decisions()),
    }


def test_the_right_option_is_not_the_long_one(found):
    questions = found["quizzes"] + found["labs"] + found["forms"]
    assert all(right in options for _, options, right in questions)
    longest = {
        place: max(len(option) for option in options if option != right)
        for place, options, right in questions
    }
    assert [place for place, _, right in questions if len(right) > LONGER * longest[place]] == []


PLACES = [("quizzes", "labs", "forms"), ("bets",), ("forms",)]


@pytest.mark.parametrize("places", PLACES, ids=["all questions", "bets", "forms"])
@pytest.mark.parametrize("extreme", [max, min])
def test_length_gives_nothing_away(found, places, extreme):
    questions = [one for place in places for one in found[place]]
    alike = sum(extreme(options, key=len) == right for _, options, right in questions)
    assert alike <= MOST * len(questions)


@pytest.mark.parametrize("place", ["quizzes", "labs", "bets", "forms"])
def test_no_place_is_right_more_often_than_the_others(found, place):
    for many in {len(options) for _, options, _ in found[place]}:
        places = Counter(options.index(right) for _, options, right in found[place] if len(options) == many)
        fair = places.total() / many
        assert all(abs(places[one] - fair) <= max(2, 0.2 * fair) for one in range(many)), (many, places)


def test_a_sheet_names_every_bet_in_a_line():
    files = [path.read_text(encoding="utf-8") for path in sorted(COURSE.glob("[0-9]*.yaml"))]
    named = [bet["short"] for file in files for bet in yaml.safe_load(file)["bets"]]
    assert len(set(named)) == len(named)
    assert all(short.endswith("?") and len(short) <= A_LINE for short in named)


def test_the_two_forms_are_parallel():
    """Ten pairs, each of a lesson's idea: as many options, another right place, no words twice."""
    pairs = Catalogue(COURSE).pairs
    assert len(pairs) == 10
    assert {pair.lesson for pair in pairs} <= {path.name[:2] for path in COURSE.glob("[0-9][0-9]_*.ipynb")}
    assert len({pair.lesson for pair in pairs}) == 10
    for pair in pairs:
        assert len(pair.before.options) == len(pair.after.options) == 3
        assert pair.before.correct != pair.after.correct, pair.id
        texts = [option.text for option in (*pair.before.options, *pair.after.options)]
        assert len(set(texts)) == len(texts)
    asked = {one.text for path in COURSE.glob("[0-9]*.yaml") for one in read_lesson_file(path).quiz}
    assert not asked & {pair.asked(form).text for pair in pairs for form in FORMS}

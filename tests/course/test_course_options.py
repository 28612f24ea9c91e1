"""Options of quizzes, labs and bets: neither place nor length tells the right one; a bet in a line."""

import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest
import yaml

from faultlab.classroom import Choice, labs, tasks_of

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


QUESTIONS, BETS = list(asked()), list(bets())
LABS = [one for one in QUESTIONS if one[0].startswith("lab")]
QUIZZES = [one for one in QUESTIONS if one not in LABS]


@pytest.mark.parametrize(("place", "options", "right"), QUESTIONS, ids=[place for place, *_ in QUESTIONS])
def test_the_right_option_is_not_the_long_one(place, options, right):
    assert right in options
    assert len(right) <= LONGER * max(len(option) for option in options if option != right)


@pytest.mark.parametrize("found", [QUESTIONS, BETS], ids=["quizzes and labs", "bets"])
@pytest.mark.parametrize("extreme", [max, min])
def test_length_gives_nothing_away(found, extreme):
    alike = sum(extreme(options, key=len) == right for _, options, right in found)
    assert alike <= MOST * len(found)


@pytest.mark.parametrize("found", [QUIZZES, LABS, BETS], ids=["quizzes", "labs", "bets"])
def test_no_place_is_right_more_often_than_the_others(found):
    for many in {len(options) for _, options, _ in found}:
        places = Counter(options.index(right) for _, options, right in found if len(options) == many)
        fair = places.total() / many
        assert all(abs(places[place] - fair) <= max(2, 0.2 * fair) for place in range(many)), (many, places)


def test_a_sheet_names_every_bet_in_a_line():
    files = [path.read_text(encoding="utf-8") for path in sorted(COURSE.glob("[0-9]*.yaml"))]
    named = [bet["short"] for file in files for bet in yaml.safe_load(file)["bets"]]
    assert len(set(named)) == len(named)
    assert all(short.endswith("?") and len(short) <= A_LINE for short in named)

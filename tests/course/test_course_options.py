"""Options of quizzes, labs and bets: their length doesn't tell which is right; what a sheet calls a bet."""

import re
from pathlib import Path

import nbformat
import pytest
import yaml

from faultlab.classroom import Choice, labs, tasks_of

COURSE = Path(__file__).parents[2] / "course"
TRUTH = re.compile(r'reveal\(\s*"(\w+)", truth="([^"]+)"')
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
        code = "\n".join(cell.source for cell in nbformat.read(path.with_suffix(".ipynb"), 4).cells)
        truths = dict(TRUTH.findall(code))
        for bet in yaml.safe_load(path.read_text(encoding="utf-8"))["bets"]:
            if bet["id"] in truths:
                yield bet["id"], bet["options"], truths[bet["id"]]


QUESTIONS, BETS = list(asked()), list(bets())


@pytest.mark.parametrize(("place", "options", "right"), QUESTIONS, ids=[place for place, *_ in QUESTIONS])
def test_the_right_option_is_not_the_long_one(place, options, right):
    assert right in options
    assert len(right) <= LONGER * max(len(option) for option in options if option != right)


@pytest.mark.parametrize("found", [QUESTIONS, BETS], ids=["quizzes and labs", "bets"])
@pytest.mark.parametrize("extreme", [max, min])
def test_length_gives_nothing_away(found, extreme):
    alike = sum(extreme(options, key=len) == right for _, options, right in found)
    assert alike <= MOST * len(found)


def test_a_sheet_names_every_bet_in_a_line():
    files = [path.read_text(encoding="utf-8") for path in sorted(COURSE.glob("[0-9]*.yaml"))]
    named = [bet["short"] for file in files for bet in yaml.safe_load(file)["bets"]]
    assert len(set(named)) == len(named)
    assert all(short.endswith("?") and len(short) <= A_LINE for short in named)

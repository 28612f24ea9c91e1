"""The minutes that a lesson promises are what its path takes: 200 words a minute, and its widgets."""

import re
from pathlib import Path

import nbformat
import pytest
import yaml

from faultlab.classroom.learner.before_and_after import FORMS
from faultlab.classroom.learner.catalogue import Catalogue
from faultlab.classroom.tasks import tasks_of

COURSE = Path(__file__).parents[2] / "course"
LABS = COURSE.parent / "labs"
A_TASK = {"Choice": 1.5, "Number": 3, "Names": 2, "FileReport": 5, "OwnTree": 5, "Function": 8, "Scored": 8}
"""Minutes to think and answer, beside reading the question."""
A_DECISION = 0.5
"""Minutes to think and choose, of the ten before and after: each is a story, and nobody looks anything up."""
SCRIPTS = Path(__file__).parents[2] / "faultlab"
FOLDED = re.compile(r"(#{2,3}) (?:Under the hood|For engineers|Functions)")
WITHIN = 0.2


def reading_speed():
    """Words a minute, and the minutes of each kind of widget, as the page's own bar counts them."""
    script = next(text for text in map(read_utf8, SCRIPTS.rglob("*.js")) if "const MINUTES_OF" in text)
    words = int(re.search(r"const WORDS_A_MINUTE = (\d+);", script)[1])
    kinds = re.search(r"const MINUTES_OF = \[(.*?)\n?\];", script, re.S)[1]
    return words, [(kind, float(minutes)) for kind, minutes in re.findall(r"\[/(.+?)/, ([\d.]+)\]", kinds)]


def read_utf8(path):
    return path.read_text(encoding="utf-8")


def read_path(cells):
    """The cells of a lesson that everybody reads: what is folded and the sources are not among them."""
    level = 0
    for cell in cells:
        heading = re.match(r"(#{1,3}) (.*)", cell.source) if cell.cell_type == "markdown" else None
        if heading and (not level or len(heading[1]) <= level):
            level = len(heading[1]) if FOLDED.match(cell.source) or heading[2] == "Sources" else 0
        if not level:
            yield cell


def words_in(text):
    return len(re.sub(r"<details>.*?</details>|\]\([^)]*\)", " ", text, flags=re.S).split())


def minutes_of(path):
    """How long a lesson takes, by its words and its widgets."""
    asked = yaml.safe_load(path.with_suffix(".yaml").read_text(encoding="utf-8"))
    said = [bet["question"] + " " + bet.get("meaning", "") for bet in asked.get("bets", ())]
    for question in asked.get("quiz", ()):  # with the feedback on one option
        texts = [option["text"] for option in question["options"]]
        feedback = next(option["feedback"] for option in question["options"] if option.get("correct"))
        said += [question["question"], *texts, feedback]
    words_a_minute, kinds = reading_speed()
    played = 0
    for cell in read_path(nbformat.read(path, 4).cells):
        if cell.cell_type == "markdown":
            said.append(cell.source)
        else:
            played += sum(minutes * len(re.findall(kind, cell.source)) for kind, minutes in kinds)
    return sum(map(words_in, said)) / words_a_minute + played


@pytest.mark.parametrize("path", sorted(COURSE.glob("[0-9][0-9]_*.ipynb")), ids=lambda path: path.stem)
def test_a_lesson_takes_the_minutes_that_it_promises(path):
    promised = int(re.search(r"(\d+) minutes", nbformat.read(path, 4).cells[0].source)[1])
    assert minutes_of(path) == pytest.approx(promised, rel=WITHIN)


def test_the_readme_promises_the_same_minutes():
    readme = (COURSE.parent / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"\]\(course/(\d\d)_[^)]*\) \|[^|]*\| (\d+) \|", readme))
    for path in sorted(COURSE.glob("[0-9][0-9]_*.ipynb")):
        promised = re.search(r"(\d+) minutes", nbformat.read(path, 4).cells[0].source)[1]
        assert rows.get(path.stem[:2], promised) == promised, path.stem


@pytest.mark.parametrize("form", FORMS)
def test_the_ten_decisions_take_the_minutes_that_they_promise(form):
    path = COURSE / "before_and_after.ipynb"
    cells = nbformat.read(path, 4).cells
    asked = [pair.asked(form) for pair in Catalogue(COURSE).pairs]
    texts = [text for one in asked for text in (one.text, *(option.text for option in one.options))]
    answering = sum(map(words_in, texts)) / reading_speed()[0] + A_DECISION * len(asked)
    reading = sum(words_in(cell.source) for cell in read_path(cells) if cell.cell_type == "markdown")
    played = next(minutes for kind, minutes in reading_speed()[1] if "before_and_after" in kind)
    assert answering == pytest.approx(played, rel=WITHIN)
    promised = re.findall(r"(\d+) minutes", cells[0].source)
    assert len(promised) == 2
    assert answering + reading / reading_speed()[0] == pytest.approx(
        int(promised[FORMS.index(form)]), rel=WITHIN
    )


@pytest.mark.parametrize("path", sorted(LABS.glob("[0-9][0-9]_*.ipynb")), ids=lambda path: path.stem)
def test_a_lab_takes_the_minutes_that_it_promises(path):
    cells = nbformat.read(path, 4).cells
    tasks = tasks_of(path.stem)
    whole, decisions = 0.0, None
    for cell in cells:
        if cell.source.startswith("## Functions"):
            decisions = whole
        shown = [output.get("data", {}).get("text/html", "") for output in cell.get("outputs", ())]
        text = cell.source if cell.cell_type == "markdown" else re.sub(r"<[^>]+>", " ", " ".join(shown))
        whole += words_in(text) / reading_speed()[0]
        asked = re.fullmatch(r"check\.(\w+)\.question\(\)", cell.source)
        whole += A_TASK[type(tasks[asked[1]]).__name__] if asked else 0
    promised, part = map(
        int, re.search(r"(\d+) minutes; about (\d+) for the decisions", cells[0].source).groups()
    )
    assert (whole, decisions) == pytest.approx((promised, part), rel=WITHIN)

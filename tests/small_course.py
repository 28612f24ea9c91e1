"""A course of one small lesson, for the tests of the pages."""

import nbformat

from faultlab.classroom.build import fold, run
from faultlab.pages.site import Site

NAME = "00_small"
QUESTIONS = """
bets:
  - {id: copies, kind: number, unit: hours, low: 0, high: 100, question: "How many hours?", meaning: Ask.}
  - {id: likely, kind: probability, question: "How likely is it?"}
quiz:
  - question: "Which one?"
    options:
      - {text: "This one", feedback: "It is.", correct: true}
      - {text: "That one", feedback: "It isn't."}
"""
SQUARE = """
from faultlab.views.kit import Axis, Chart, Choice, Explorer, Picture, Slider

def square(side, colour):
    chart = Chart(Axis(0, 5, "side", (0, 5)), Axis(0, 25, "area", (0, 25)))
    chart.line([0, side], [0, side * side])
    said = f"A {colour} square of {side * side:,} units."
    return Picture(chart.svg(f"A {colour} square."), "A square.", said, [{"side": side, "area": side * side}])
"""
EXPLORER = """
Explorer(square, [Slider("side", "Side", 0, 4, 2, 0.5), Choice("colour", "Colour", ("red", "blue"), "red")],
         "How large is it?")
"""
CELLS = [
    (
        "markdown",
        "# Small: a course of one lesson\n\n*20 minutes. Part 1, small.*\n\n**In this lesson** you will see.",
    ),
    ("code", f'from faultlab.classroom import open_lesson\n\nlesson = open_lesson("{NAME}", course=".")'),
    (
        "markdown",
        "## How many?\n\nSay it. A <b>tag</b>, a [lab](../labs/00_small.ipynb), a https://example.org link.",
    ),
    ("code", 'lesson.bet("copies")'),
    ("code", 'lesson.reveal("copies", truth=12.5)'),
    ("markdown", "## Move it\n\nThe answer was 12.5."),
    ("code", f"{SQUARE}{EXPLORER}".strip()),
    ("code", 'lesson.bet("likely")'),
    ("code", 'lesson.reveal("likely", truth=0.25)'),
    ("markdown", "## Under the hood: a sum"),
    ("code", "print(1 + 1)"),
    ("markdown", "## Check yourself"),
    ("code", "lesson.quiz()"),
    ("code", "from faultlab.classroom import keep_place\n\nkeep_place()"),
]


def course_of(cells, folder):
    """A course of one executed lesson."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.yaml").write_text(QUESTIONS, encoding="utf-8")
    make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    notebook = nbformat.v4.new_notebook(cells=[make[kind](source) for kind, source in cells])
    fold(notebook)
    run(notebook, folder, NAME)
    nbformat.write(notebook, folder / f"{NAME}.ipynb")
    return Site(folder)

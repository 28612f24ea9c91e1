"""Read what people wrote on the feedback form, a row a person, and say how little so few answers prove.

`--form` writes the form to print, and `--table` the heading of the table to type it into; a survey tool that
asks the same questions in the same words writes one that is read as it comes.
"""

from __future__ import annotations

import argparse
import csv
from html import escape
from pathlib import Path
from typing import Any

from faultlab.errors import BadInput
from faultlab.input_files import refuse_overwriting
from faultlab.metrics.customers import CHOICES, QUESTIONS, read_feedback
from faultlab.views.kit import LOOK

SCALE = ("0, not at all", *(str(number) for number in range(1, 10)), "10, certainly")
STYLE = """
.look .form li { margin: 0 0 5mm; break-inside: avoid; }
.look .form ol { margin: 6mm 0 0; padding-left: 6mm; }
.look .sheet.form { --letters: 11pt; }
.look .form .lines { height: 16mm; border-bottom: 1px solid var(--edge); }
.look .form .lines::before { content: ""; display: block; height: 8mm; border-bottom: 1px solid var(--edge); }
.look .form .boxes { display: flex; flex-wrap: wrap; gap: 2mm 4mm; margin-top: 2mm; }
.look .form .boxes span::before { content: ""; display: inline-block; width: 4mm; height: 4mm;
  margin-right: 1.5mm; border: 1px solid var(--ink); vertical-align: -0.6mm; }
@media screen { .look .form { padding-inline: var(--s4); } }
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the table, and what to write for it."""
    parser.add_argument("file", nargs="?", help="the answers in CSV")
    parser.add_argument("--form", metavar="FILE.html", help="write the form, to print")
    parser.add_argument("--table", metavar="FILE.csv", help="write an empty table for the answers")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what was said; the JSON keys are those of `Feedback`, and `written`."""
    if not (arguments.file or arguments.form or arguments.table):
        raise BadInput("Name the answers in CSV, or ask for the form with --form FILE.html.")
    refuse_overwriting([arguments.file], [arguments.form, arguments.table])
    written = []
    if arguments.form:
        Path(arguments.form).write_text(_form(), encoding="utf-8")
        written.append(arguments.form)
    if arguments.table:
        with open(arguments.table, "w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerow(QUESTIONS)
        written.append(arguments.table)
    if not arguments.file:
        return {"written": written}
    found = read_feedback(arguments.file)
    return {
        "written": written,
        "answers": found.answers,
        "score": _as_json(found.score),
        "free": _as_json(found.free),
        "choices": found.choices,
        "least_worth": {str(lesson): count for lesson, count in found.least_worth.items()},
        "sentences": found.sentences,
        "unreadable": list(found.unreadable),
    }


def _as_json(estimate):
    keys = ("value", "low", "high", "confidence", "method")
    return estimate and {key: getattr(estimate, key) for key in keys}


def _form():
    lines = []
    for key, words in QUESTIONS.items():
        boxes = SCALE if key == "recommend" else CHOICES.get(key, ())
        below = "".join(f"<span>{escape(box)}</span>" for box in boxes)
        room = f'<div class="boxes">{below}</div>' if boxes else '<div class="lines"></div>'
        lines.append(f"<li>{escape(words)}{room}</li>")
    style = LOOK.read_text(encoding="utf-8").replace("</", "<\\/") + STYLE
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>What you think of this day</title>\n<style>\n{style}</style>\n</head>\n"
        '<body class="look"><main><article class="sheet form">'
        '<p class="kicker">Building Fault-Tolerant Software Systems</p><h1>What you think of this day</h1>'
        "<p>No name, please. Leave out what you don't want to answer.</p>"
        f"<ol>{''.join(lines)}</ol></article></main></body>\n</html>\n"
    )


def describe(result: dict[str, Any]) -> str:
    """Say the numbers with their ranges, and every sentence."""
    lines = [f"Written: {name}" for name in result["written"]]
    if "answers" not in result:
        return "\n".join(lines)
    lines.append(f"{result['answers']} people")
    for key, what, unit, times in (("score", "Net Promoter Score", "", 1), ("free", "Felt free", " %", 100)):
        if result[key]:
            value, low, high = (f"{times * result[key][end]:.0f}{unit}" for end in ("value", "low", "high"))
            sure = f"{100 * result[key]['confidence']:.0f} %"
            lines.append(f"{what}: {value}, and from so few anything from {low} to {high} ({sure})")
    for key, counts in result["choices"].items():
        if any(counts.values()):
            told = ", ".join(f"{words} {count}" for words, count in counts.items())
            lines.append(f"{QUESTIONS[key]} {told}")
    if result["least_worth"]:
        told = ", ".join(f"lesson {lesson} {count}" for lesson, count in result["least_worth"].items())
        lines.append(f"{QUESTIONS['least_worth']} {told}")
    for key, sentences in result["sentences"].items():
        lines += [f"\n{QUESTIONS[key]}", *(f"  - {sentence}" for sentence in sentences)] if sentences else []
    return "\n".join([*lines, *result["unreadable"]])

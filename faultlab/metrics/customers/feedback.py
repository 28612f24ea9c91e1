"""What people said on the feedback form, and what so few answers are worth.

The first question is that of the Net Promoter Score. Its range, and the exact one of a share, say how little
a small room proves.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from faultlab.errors import BadInput
from faultlab.input_files import table_records, text_of
from faultlab.metrics.customers.promoters import promoter_score
from faultlab.metrics.estimates import Estimate, exact_share

MOST_BYTES = 5_000_000
QUESTIONS = {
    "recommend": "How likely is it that you recommend this day to a colleague?",
    "decision": "Which one decision will you now take differently?",
    "surprise": "Which bet surprised you most, and what do you believe now?",
    "least_worth": "Which lesson was worth its minutes least?",
    "free": "Did you feel free to be wrong in front of the others?",
    "pace": "How well did the pace suit you?",
    "failed": "What didn't work, and when?",
    "monday": "What will you ask on Monday, and whom?",
}
"""The form, in its order, by the heading of each column."""

CHOICES = {"free": ("yes", "mostly", "no"), "pace": ("too slow", "right", "too fast")}
SENTENCES = ("decision", "surprise", "failed", "monday")


@dataclass(frozen=True)
class Feedback:
    """What a room said.

    Parameters
    ----------
    answers : int
        Rows with anything in them.
    score : Estimate or None
        The Net Promoter Score, where anybody gave a number.
    choices : dict
        For `free` and `pace`, how many chose each answer.
    free : Estimate or None
        The share of those who said yes.
    least_worth : dict of int to int
        How many named each lesson.
    sentences : dict
        By column, what was written, each in the order of the rows.
    unreadable : tuple of str
        A sentence for each cell that could not be used.
    """

    answers: int
    score: Estimate | None
    choices: dict[str, dict[str, int]]
    free: Estimate | None
    least_worth: dict[int, int]
    sentences: dict[str, list[str]]
    unreadable: tuple[str, ...]


def read_feedback(path: str | Path) -> Feedback:
    """Read the table of a feedback form, a row a person.

    Parameters
    ----------
    path : str or Path
        A CSV whose first line has the form's headings or its questions, as a survey tool writes them; further
        columns, such as a time, are passed over.

    Raises
    ------
    BadInput
        If the file can't be read, or has none of the questions, or no answer.
    """
    name = Path(path).name
    records = table_records(text_of(path, MOST_BYTES, "a table of feedback"), name)
    columns = _columns(records[0][1]) if records else {}
    if not columns:
        raise BadInput(f"{name}: the first line has none of the headings {', '.join(QUESTIONS)}.")
    rows = [
        (line, {key: cells[n].strip() for key, n in columns.items() if n < len(cells)})
        for line, cells in records[1:]
    ]
    rows = [(line, row) for line, row in rows if any(row.values())]
    if not rows:
        raise BadInput(f"{name}: no row has an answer.")
    wrong: list[str] = []
    scores = _numbers(rows, "recommend", 10, wrong, name)
    lessons = _numbers(rows, "least_worth", 99, wrong, name)
    choices = {key: _choices(rows, key, wrong, name) for key in CHOICES}
    said_free = sum(choices["free"].values())
    promoters, detractors = sum(score >= 9 for score in scores), sum(score <= 6 for score in scores)
    return Feedback(
        len(rows),
        promoter_score(promoters, detractors, len(scores)) if scores else None,
        choices,
        exact_share(choices["free"]["yes"], said_free) if said_free else None,
        dict(sorted(Counter(lessons).items())),
        {key: [row[key] for _, row in rows if row.get(key)] for key in SENTENCES},
        tuple(wrong),
    )


def _columns(head):
    """The place of each question, by its heading or its words."""
    known = {_plain(words): key for key, words in QUESTIONS.items()} | {_plain(key): key for key in QUESTIONS}
    found: dict[str, int] = {}
    for place, cell in enumerate(head):
        plain = re.sub(r"^\d+ ", "", _plain(re.sub(r"\([^)]*\)", "", cell)))
        if plain in known:
            found.setdefault(known[plain], place)
    return found


def _plain(text):
    return " ".join(re.findall(r"[a-z0-9]+", text.replace("’", "'").lower()))


def _numbers(rows, key, most, wrong, name):
    """The whole numbers of a column; a lesson may be written “Lesson 3”."""
    found = []
    for line, row in rows:
        text = row.get(key, "")
        number = re.fullmatch(r"(?:lesson )?(\d{1,2})", text, re.I)
        if number and int(number[1]) <= most:
            found.append(int(number[1]))
        elif text:
            wrong.append(f"{name}, line {line}: {key} is a whole number from 0 to {most}, not “{text[:30]}”.")
    return found


def _choices(rows, key, wrong, name):
    counts = dict.fromkeys(CHOICES[key], 0)
    for line, row in rows:
        text = row.get(key, "").lower().rstrip(".")
        if text in counts:
            counts[text] += 1
        elif text:
            wrong.append(f"{name}, line {line}: {key} is one of {', '.join(counts)}, not “{text[:30]}”.")
    return counts

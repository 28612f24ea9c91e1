"""Bets, quiz, decision, Monday's questions: the file beside a lesson, such as `course/08_metrics.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from faultlab.errors import BadInput

KINDS = ("number", "probability", "choice")


@dataclass(frozen=True)
class Bet:
    """A prediction that is placed before anything is shown.

    Parameters
    ----------
    id : str
        Its name in `lesson.bet(id)`.
    question : str
    kind : str
        "number", "probability" (typed in percent, kept as a fraction) or "choice".
    unit : str
        Behind a number.
    low, high : float
        The range that an answer may lie in.
    options : tuple of str
        For a choice.
    meaning : str
        What the answer means for somebody who decides, in a sentence; shown with the result.
    short : str
        The question in a line that is understood without the lesson, for My page and the sheet.
    turned : bool
        Whether the options stood in the opposite order when resume codes first counted them.
    own : bool
        Whether each learner has an answer of their own, as with their own company: a room has none to show.
    """

    id: str
    question: str
    kind: str
    unit: str = ""
    low: float = 0.0
    high: float = 1.0
    options: tuple[str, ...] = ()
    meaning: str = ""
    short: str = ""
    turned: bool = False
    own: bool = False

    @property
    def counted(self) -> tuple[str, ...]:
        """The options in the order in which a resume code counts them."""
        return self.options[::-1] if self.turned else self.options


@dataclass(frozen=True)
class Option:
    """An answer that a question offers, and what to say to who chose it."""

    text: str
    feedback: str
    correct: bool = False


@dataclass(frozen=True)
class Question:
    """A question of a quiz; several options may be correct."""

    id: str
    text: str
    options: tuple[Option, ...]

    @property
    def correct(self) -> tuple[int, ...]:
        """The places of the correct options, from 0."""
        return tuple(i for i, option in enumerate(self.options) if option.correct)


@dataclass(frozen=True)
class Way:
    """An option of a decision, and what follows from it."""

    text: str
    follows: str


@dataclass(frozen=True)
class Decision:
    """What a lesson ends in: a question that somebody signs for, and what we would sign ourselves.

    `ours` may have several paragraphs; it is shown once the learner has signed.
    """

    question: str
    options: tuple[Way, ...]
    ours: str


@dataclass(frozen=True)
class LessonFile:
    """What the file beside a lesson holds."""

    bets: dict[str, Bet]
    quiz: tuple[Question, ...]
    decision: Decision | None = None
    monday: tuple[str, ...] = ()


def read_lesson_file(path: Path) -> LessonFile:
    """Read what a lesson asks.

    Parameters
    ----------
    path : Path
        A YAML file with `bets` (id, short, question, kind, unit, low, high, options, turned, own, meaning),
        `quiz` (question, options: each `text`, `feedback` and, on the right ones, `correct: true`),
        `decision` (question, options: each `text` and `follows`; `ours`) and `monday`, a list of questions.

    Returns
    -------
    LessonFile

    Raises
    ------
    BadInput
        Names the file, the entry and what is missing.
    """
    path = Path(path)
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise BadInput(
            f"{path.name}{where}: this is not YAML; check the indentation and the quotes."
        ) from None
    if not isinstance(data, dict):
        raise BadInput(f"{path.name}: expected the keys `bets` and `quiz` at the top.")
    bets = [
        _bet(entry, f"{path.name}, bet {i + 1}") for i, entry in enumerate(_list(data, "bets", path.name))
    ]
    quiz = [
        _question(entry, i + 1, f"{path.name}, question {i + 1}")
        for i, entry in enumerate(_list(data, "quiz", path.name))
    ]
    for kind, found in (("bet", bets), ("question", quiz)):
        names = [one.id for one in found]
        if len(set(names)) < len(names):
            raise BadInput(f"{path.name}: two entries share one {kind} id; give each its own.")
    monday = tuple(str(question).strip() for question in _list(data, "monday", path.name))
    return LessonFile({bet.id: bet for bet in bets}, tuple(quiz), _decision(data, path.name), monday)


def _list(data, key, place):
    found = data.get(key) or []
    if not isinstance(found, list):
        raise BadInput(f"{place}: `{key}` is a list; begin each entry with a hyphen.")
    return found


def _bet(entry, place):
    _need(entry, ("id", "question", "kind"), place)
    place = f"{place} ({entry['id']})"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", str(entry["id"])):
        raise BadInput(f"{place}: an id has small letters, digits and underscores.")
    if entry["kind"] not in KINDS:
        raise BadInput(f"{place}: kind is one of {', '.join(KINDS)}, not {entry['kind']!r}.")
    options = tuple(str(option) for option in _list(entry, "options", place))
    low, high = entry.get("low", 0.0), entry.get("high", 1.0)
    if entry["kind"] == "number":
        _need(entry, ("low", "high"), place)
        if not all(isinstance(v, int | float) for v in (low, high)) or not low < high:
            raise BadInput(f"{place}: low and high are numbers, and low is the smaller.")
    if entry["kind"] == "choice" and not 2 <= len(options) <= 24:
        raise BadInput(f"{place}: a choice has 2 to 24 options.")
    return Bet(
        entry["id"],
        str(entry["question"]).strip(),
        entry["kind"],
        str(entry.get("unit", "")),
        low,
        high,
        options,
        str(entry.get("meaning", "")).strip(),
        str(entry.get("short") or entry["question"]).strip(),
        entry.get("turned") is True,
        entry.get("own") is True,
    )


def _question(entry, number, place):
    _need(entry, ("question", "options"), place)
    options = []
    for i, option in enumerate(_list(entry, "options", place)):
        _need(option, ("text", "feedback"), f"{place}, option {i + 1}")
        options.append(
            Option(
                str(option["text"]).strip(), str(option["feedback"]).strip(), option.get("correct") is True
            )
        )
    if len(options) < 2 or not any(option.correct for option in options):
        raise BadInput(f"{place}: it needs two options or more, and `correct: true` on at least one.")
    return Question(str(entry.get("id", f"q{number}")), str(entry["question"]).strip(), tuple(options))


def _decision(data, place):
    if "decision" not in data:
        return None
    entry, place = data["decision"], f"{place}, decision"
    _need(entry, ("question", "options", "ours"), place)
    options = _list(entry, "options", place)
    for i, option in enumerate(options):
        _need(option, ("text", "follows"), f"{place}, option {i + 1}")
    if len({option["text"] for option in options}) < max(len(options), 2):
        raise BadInput(f"{place}: it needs two options or more, and no two alike.")
    ways = tuple(Way(str(option["text"]).strip(), str(option["follows"]).strip()) for option in options)
    return Decision(str(entry["question"]).strip(), ways, str(entry["ours"]).strip())


def _need(entry, keys, place):
    if not isinstance(entry, dict):
        raise BadInput(f"{place}: expected entries such as `{keys[0]}: …`.")
    for key in keys:
        if entry.get(key) in (None, ""):
            raise BadInput(f"{place}: `{key}` is missing.")
        if isinstance(entry[key], bool):
            raise BadInput(f"{place}: to YAML this `{key}` is {entry[key]} and no text; put it into quotes.")

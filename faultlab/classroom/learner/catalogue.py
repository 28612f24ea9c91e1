"""What the course holds, by lesson number: the places that a resume code counts on, and what stands there."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from faultlab.classroom.answers.typed import plainly
from faultlab.classroom.folders import course_folder
from faultlab.classroom.learner.before_and_after import FORMS, Pair, pairs_for_browser, read_pairs
from faultlab.classroom.learner.lesson_file import Bet, Decision, LessonFile, Question, read_lesson_file
from faultlab.classroom.tasks import labs, tasks_of

PARTS = ("tasks", "bets", "quiz")
BEFORE_DIGESTS: dict[str, tuple[tuple[int, int], ...]] = {
    "00": ((0, 0x568AA60C), (1, 0x10246685), (3, 0xFADAFC7F)),
    "01": ((10, 0xBC9B309F), (3, 0x635DC635), (5, 0x09F62935)),
    "02": ((10, 0x85375EDA), (3, 0x87446E78), (5, 0x6748DBB9)),
    "03": ((10, 0x44320B6B), (3, 0x538D0710), (5, 0xAE28278A)),
    "04": ((10, 0x1B9471D5), (3, 0xC02730AD), (4, 0xEABEFF95)),
    "05": ((10, 0x80F603CB), (3, 0x025327B0), (4, 0xED6D55A5)),
    "06": ((10, 0x6D3E8CF6), (3, 0xB21EE58A), (5, 0xD6548DD6)),
    "07": ((10, 0xF9B5A7C1), (3, 0x4D970CF9), (4, 0x859CF9CB)),
    "08": ((10, 0xF3467671), (3, 0xA9FD74CC), (4, 0xE5CBB05E)),
    "09": ((10, 0x9BE99852), (3, 0xCE2C47F5), (5, 0x1CD52D8B)),
}
"""How many tasks, bets and questions a lesson had when codes said nothing of them, and their digest."""


def digest_of(part: str, number: str, marks: Sequence[str]) -> int:
    """Return 32 bits that change with what stands in a lesson's places, or with its order."""
    return int.from_bytes(hashlib.sha256("\x1f".join((part, number, *marks)).encode()).digest()[:4], "big")


class Catalogue:
    """Tasks, bets and questions of each lesson, in order.

    Parameters
    ----------
    course : Path, optional
        The folder of the lessons' files.
    """

    before = BEFORE_DIGESTS

    def __init__(self, course: Path | None = None) -> None:
        self.course = course or course_folder()
        self._files: dict[str, LessonFile | None] = {}
        self._pairs: tuple[Pair, ...] | None = None

    def decision(self, number: str) -> Decision | None:
        """The decision that a lesson ends in."""
        return self._file(number).decision if self._file(number) else None

    def monday(self, number: str) -> tuple[str, ...]:
        """A lesson's questions for Monday."""
        return self._file(number).monday if self._file(number) else ()

    def tasks(self, number: str) -> list[str]:
        """The names of a lab's tasks."""
        return list(tasks_of(number)) if number in labs() else []

    def functions(self, number: str) -> list[str]:
        """The names of those tasks of a lab that ask for code; the others are decisions."""
        from faultlab.classroom.answers.kinds import Function  # here: a task draws on the learner's seeds

        return [name for name in self.tasks(number) if isinstance(tasks_of(number)[name], Function)]

    def bets(self, number: str) -> dict[str, Bet]:
        """The bets of a lesson by id."""
        return self._file(number).bets if self._file(number) else {}

    def quiz(self, number: str) -> list[str]:
        """The ids of a lesson's questions."""
        return [question.id for question in self._file(number).quiz] if self._file(number) else []

    def questions(self, number: str) -> dict[str, Question]:
        """What a lesson's quiz asks, by id."""
        return {one.id: one for one in self._file(number).quiz} if self._file(number) else {}

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """What is asked before the course and after it."""
        if self._pairs is None:
            self._pairs = read_pairs(self.course / "before_and_after.yaml")
        return self._pairs

    def marks(self, part: str, number: str) -> list[str]:
        """What makes each task, bet or question of a lesson the one that it is, in order.

        A task is its name, a bet its name, range and options, and a question of a quiz its words: one that is
        asked anew under an old number is another one. Under "chosen", it is its options too; so is a question
        of "before" or "after", where the lesson says nothing.
        """
        if part == "tasks":
            return self.tasks(number)
        if part == "bets":
            return [_mark_of_bet(bet) for bet in self.bets(number).values()]
        if part in FORMS:
            return [_mark_of_question(pair.asked(part)) for pair in self.pairs]
        asked = self.questions(number).values()
        return [_mark_of_question(one) if part == "chosen" else f"{one.id} {one.text}" for one in asked]

    def for_browser(self, numbers: Sequence[str]) -> dict[str, Any]:
        """Return what a page without a kernel needs to write and read resume codes, as plain data."""
        lessons = {
            number: {
                "tasks": self.tasks(number),
                "functions": self.functions(number),
                "bets": {
                    name: {"kind": bet.kind, "low": bet.low, "high": bet.high, "options": bet.counted}
                    for name, bet in self.bets(number).items()
                },
                "quiz": self.quiz(number),
                "asked": {
                    id: {"options": [option.text for option in one.options], "right": list(one.correct)}
                    for id, one in self.questions(number).items()
                },
                "digests": {part: self._digests(part, number) for part in (*PARTS, "chosen")},
            }
            for number in numbers
        }
        return {
            "lessons": lessons,
            "before": self.before,
            "pairs": pairs_for_browser(self.pairs),
            "digests": {form: self._digests(form, "") for form in FORMS},
        }

    def _digests(self, part, number):
        """The digest of no mark, of the first, of the first two, and so on: shorter than the marks."""
        marks = self.marks(part, number)
        return [digest_of(part, number, marks[:count]) for count in range(len(marks) + 1)]

    def _file(self, number):
        if number not in self._files:
            path = next(iter(sorted(self.course.glob(f"{number}_*.yaml"))), None)
            self._files[number] = read_lesson_file(path) if path else None
        return self._files[number]


def _mark_of_question(question: Question) -> str:
    return "\x1e".join((question.id, question.text, *(option.text for option in question.options)))


def _mark_of_bet(bet: Bet) -> str:
    if bet.kind == "choice":
        return " ".join((bet.id, *bet.counted))
    return f"{bet.id} {bet.kind} {bet.unit} {plainly(bet.low)} {plainly(bet.high)}"

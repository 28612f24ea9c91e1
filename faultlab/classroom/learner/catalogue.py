"""What the course holds, by lesson number: the places that a resume code counts on."""

from __future__ import annotations

from pathlib import Path

from faultlab.classroom.folders import course_folder
from faultlab.classroom.learner.lesson_file import Bet, Decision, LessonFile, read_lesson_file
from faultlab.classroom.tasks import labs, tasks_of


class Catalogue:
    """Tasks, bets and questions of each lesson, in order.

    Parameters
    ----------
    course : Path, optional
        The folder of the lessons' files.
    """

    def __init__(self, course: Path | None = None) -> None:
        self.course = course or course_folder()
        self._files: dict[str, LessonFile | None] = {}

    def decision(self, number: str) -> Decision | None:
        """The decision that a lesson ends in."""
        return self._file(number).decision if self._file(number) else None

    def monday(self, number: str) -> tuple[str, ...]:
        """A lesson's questions for Monday."""
        return self._file(number).monday if self._file(number) else ()

    def tasks(self, number: str) -> list[str]:
        """The names of a lab's tasks."""
        return list(tasks_of(number)) if number in labs() else []

    def bets(self, number: str) -> dict[str, Bet]:
        """The bets of a lesson by id."""
        return self._file(number).bets if self._file(number) else {}

    def quiz(self, number: str) -> list[str]:
        """The ids of a lesson's questions."""
        return [question.id for question in self._file(number).quiz] if self._file(number) else []

    def _file(self, number):
        if number not in self._files:
            path = next(iter(sorted(self.course.glob(f"{number}_*.yaml"))), None)
            self._files[number] = read_lesson_file(path) if path else None
        return self._files[number]

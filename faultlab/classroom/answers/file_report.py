"""A task about a file that the learner names: what they report is held against what is read in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from faultlab.classroom.answers.kinds import Table
from faultlab.classroom.answers.typed import is_placeholder
from faultlab.classroom.folders import course_folder
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from typing import Any

    from faultlab.classroom.answers.kinds import Outcome


@dataclass(frozen=True, kw_only=True)
class FileReport(Table):
    """A dictionary that names a file and says what is in it.

    Parameters
    ----------
    report : callable
        From the learner's dictionary to the right one. Raises BadInput, whose sentence the learner reads,
        if the file can't be found, read or used.
    given : tuple of str
        What of the dictionary the learner names, such as the file; the rest is counted.
    reference : callable
        As in every task: from the team's numbers to the answer for the shipped file, shown where nobody
        named one. For a file that was named, `report` takes its place.
    """

    report: Callable[[dict], dict]
    given: tuple[str, ...] = ("file",)

    def as_text(self, answer: dict[str, object]) -> str:
        counted = ", ".join(
            f"{name.replace('_', ' ')} {answer[name]}" for name in answer if name not in self.given
        )
        return f"{Path(str(answer['file'])).name}: {counted}"

    def check(self, answer: object, numbers: SimpleNamespace) -> Outcome:
        if not isinstance(answer, dict):
            return super().check(answer, numbers)
        if any(is_placeholder(value) for value in answer.values()):
            return super().check(..., numbers)
        try:
            found = self.report(answer)
        except (BadInput, OSError) as problem:
            return super().check({"problem": str(problem)}, numbers)
        return super().check(answer, SimpleNamespace(**vars(numbers), report=found))

    def miss(self, given: Any, numbers: SimpleNamespace) -> str:
        if isinstance(given, dict) and "problem" in given:
            return str(given["problem"])
        return super().miss(given, numbers)


def file_of(name: str) -> Path:
    """Return the path of a learner's file, or of the course's own file of that name.

    Raises
    ------
    BadInput
        If there is neither.
    """
    for path in (Path(name), course_folder() / "data" / Path(name).name):
        if path.is_file():
            return path
    raise BadInput(f"There is no file {Path(name).name!r} here: upload it beside this notebook.")

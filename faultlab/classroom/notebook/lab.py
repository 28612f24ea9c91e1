"""What a learner holds in a lab: `check`, with a checkable task for each attribute."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from faultlab.classroom.answers import plain
from faultlab.classroom.answers.kinds import CORRECT, NOT_STARTED, TRY_AGAIN, Function, Outcome
from faultlab.classroom.answers.unquoted import read_unquoted
from faultlab.classroom.learner import progress
from faultlab.classroom.learner.seeds import team_code
from faultlab.classroom.notebook.answer_box import entry
from faultlab.classroom.notebook.forms import Form
from faultlab.classroom.notebook.showing import Box, show
from faultlab.classroom.tasks import lesson_number, tasks_of
from faultlab.errors import BadInput
from faultlab.views.kit import figure

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

    from IPython.display import DisplayHandle

    from faultlab.classroom.answers.kinds import Task
    from faultlab.classroom.learner.progress import Progress
    from faultlab.classroom.notebook.answer_box import Entry


def open_lab(lab: str, team: str | None = None, saved: Progress | None = None) -> Check:
    """Open a lab and return its `check`.

    Parameters
    ----------
    lab : str
        The lab's name, such as "08_metrics".
    team : str, optional
        A team code, which is remembered; the remembered one, or "kestrel", where it is left out.
    saved : Progress, optional
        Where progress goes; the learner's own by default.

    Returns
    -------
    Check

    Examples
    --------
    >>> import tempfile
    >>> from faultlab.classroom.learner.progress import Progress
    >>> check = open_lab("08_metrics", team="red-7", saved=Progress(tempfile.mkdtemp()))
    ? Lab 8: team red-7
    """
    saved = saved or progress.Progress()
    note = ""
    if team is not None:
        try:
            team = team_code(team)
        except BadInput as problem:
            note, team = f"{problem} You go on with team {saved.team()}.", None
        else:
            saved.change(lambda data: data.update(team=team))
    check = Check(lab, tasks_of(lab), team or saved.team(), saved)
    _name_the_letters()
    read_unquoted()
    show(
        Box(
            "lab",
            f"team {check.team}",
            " ".join(t for t in (note, saved.remark) if t),
            head=f"Lab {int(lesson_number(lab))}",
        )
    )
    return check


def _name_the_letters():
    """Let A to E, typed without quotes, stand for themselves in a notebook, unless they are taken."""
    from IPython import get_ipython

    shell = get_ipython()
    for letter in "ABCDE" if shell else "":
        shell.user_ns.setdefault(letter, letter)


class Check:
    """A lab's tasks by name: `check.mttr(answer)`, `check.mttr.hint()`, `check.mttr.solution()`."""

    def __init__(self, lab: str, tasks: dict[str, Task], team: str, saved: Progress) -> None:
        self.lab, self.team = lab, team
        self._shown: DisplayHandle | None = None
        self._tasks = {
            name: CheckedTask(task, lab, team, saved, self._refresh) for name, task in tasks.items()
        }

    def __getattr__(self, name):
        tasks = vars(self).get("_tasks", {})
        if name in tasks:
            return tasks[name]
        raise AttributeError(f"This lab has no task {name!r}. Its tasks: {', '.join(tasks)}.")

    def __dir__(self):
        return [*super().__dir__(), *self._tasks]

    def __iter__(self):
        return iter(self._tasks.values())

    @property
    def numbers(self) -> dict[str, SimpleNamespace]:
        """Every task's numbers, by the task's name."""
        return {name: task.numbers for name, task in self._tasks.items()}

    def summary(self) -> None:
        """Show what came out of each task in this session, and the points; it follows later checks."""
        self._shown = show(self._summed(), follow=True)

    def _refresh(self):
        if self._shown is not None:
            self._shown.update(self._summed())

    def _summed(self):
        rows = [(task.task, task.latest) for task in self]
        lines = [
            f"{outcome.state if outcome else NOT_STARTED}: {task.title}"
            + (f" ({task.points} of {task.points})" if outcome and outcome.state == CORRECT else "")
            for task, outcome in rows
        ]
        # Either track alone is a fair lab, so each has its own score.
        tracks: dict[str, list[tuple[int, int]]] = {"decisions": [], "functions": []}
        for task, outcome in rows:
            earned = task.points if outcome and outcome.state == CORRECT else 0
            tracks["functions" if isinstance(task, Function) else "decisions"].append((earned, task.points))
        sums = {name: tuple(map(sum, zip(*points, strict=True))) for name, points in tracks.items() if points}
        said = ", ".join(f"{name} {done} of {whole} points" for name, (done, whole) in sums.items())
        look = CORRECT if all(done == whole for done, whole in sums.values()) else "note"
        return Box(
            look, f"{said} in this session", "\n".join(lines), head=f"Lab {int(lesson_number(self.lab))}"
        )

    def __repr__(self):
        return f"Lab {self.lab}, team {self.team}: {', '.join(self._tasks)}"


class CheckedTask:
    """One task of a lab in the hands of a learner. Nothing here raises."""

    def __init__(
        self, task: Task, lab: str, team: str, saved: Progress, checked: Callable[[], None] = lambda: None
    ) -> None:
        self._checked = checked
        self.task, self.lab, self.team = task, lab, team
        self.latest: Outcome | None = None
        self._saved = saved
        self._steps = 0

    @property
    def numbers(self) -> SimpleNamespace:
        """The team's numbers for this task, as attributes."""
        return self.task.numbers(self.team, self.lab)

    def question(self) -> None:
        """Show the task with the team's own numbers."""
        points = f"{self.task.points} point" + ("s" if self.task.points != 1 else "")
        show(Box("task", self.task.title, self.task.asked(self.numbers), head=f"Task, {points}"))

    def outcome(self, answer: object) -> Outcome:
        """Return the `Outcome` of an answer; nothing is shown or recorded."""
        task = self.task
        try:
            if isinstance(task, Function):
                return task.check_function(answer, task.cases_for(self.team, self.lab))
            if callable(answer) and not isinstance(answer, type):
                return Outcome(
                    TRY_AGAIN, "This asks for a value; you gave a function. Did you forget to call it?"
                )
            return task.check(plain.decode(plain.encode(answer)), self.numbers)
        except plain.NotPlain as odd:
            return Outcome(TRY_AGAIN, f"This answer is {odd}, which can't be compared. Give plain values.")
        except RecursionError:
            return Outcome(TRY_AGAIN, "This answer contains itself, so it can't be compared.")
        except Exception as problem:
            return Outcome(TRY_AGAIN, f"This answer could not be compared ({type(problem).__name__}).")

    def __call__(self, answer=None):
        """Check an answer, show what came out, and record it."""
        self.latest = self.outcome(answer)
        self._record(progress.record_check, self.latest.state)
        show(Box(self.latest.state, self.task.title, self.latest.message))
        drawn = self._picture(answer)
        if drawn:
            figure(drawn)
        if self.latest.state != CORRECT:
            offer_help(self)
        self._checked()

    def _picture(self, answer):
        try:
            return self.task.picture(plain.decode(plain.encode(answer)))
        except (plain.NotPlain, RecursionError):
            return None

    def typed(self, text: str | dict[str, str]) -> Entry:
        """Return the `Entry` of what was typed into the answer's box; nothing is checked or recorded."""
        return entry(self.task, text)

    def hint(self) -> None:
        """Show the next hint."""
        show(self.next_hint())

    def next_hint(self) -> Box:
        """Return the next hint as a `Box`, and record it."""
        text = self.task.hint(self._steps, self.numbers)
        if text is None:
            return Box(
                "hint", self.task.title, "That was the last hint. .solution() shows a way to the answer."
            )
        self._steps += 1
        self._record(progress.record_hint, self._steps)
        head = f"Hint {self._steps} of {len(self.task.hints)}"
        return Box("hint", self.task.title, text, head=head)

    def solution(self) -> None:
        """Show the reference solution."""
        show(self.worked())

    def worked(self) -> Box:
        """Return the reference solution as a `Box`, and record that it was asked for."""
        self._record(progress.record_solution)
        code = isinstance(self.task, Function)
        return Box("solution", self.task.title, self.task.explained(self.numbers), code=code)

    def grade(self, answer: object = None) -> float:
        """Return the points of an answer, for nbgrader: the last value of a hidden test."""
        return round(self.outcome(answer).earned * self.task.points, 2)

    def _record(self, note, *details):
        before = self._saved.remark
        self._saved.change(lambda data: note(data, lesson_number(self.lab), self.task.name, *details))
        if self._saved.remark != before:
            show(Box("note", "", self._saved.remark))

    def __repr__(self):
        return f"Task {self.task.name}: {self.task.title}"


def offer_help(task: CheckedTask) -> None:
    """Show the buttons in a notebook; nothing outside of one, or where nbgrader runs it.

    Parameters
    ----------
    task : CheckedTask
    """
    from IPython import get_ipython
    from IPython.display import display

    if get_ipython() is None or "NBGRADER_EXECUTION" in os.environ:
        return
    display(help_form(task))


def help_form(task: CheckedTask) -> Form:
    """Return the form with the two buttons; its `answer` is the HTML of what was asked for."""
    form = Form(form="help", title=f"Help: {task.task.title}", answer="")

    def heard(_widget, content, _buffers):
        wanted = content.get("help")
        if wanted == "hint":
            form.answer = task.next_hint()._repr_html_()
        elif wanted == "solution":
            form.answer = task.worked()._repr_html_()

    form.on_msg(heard)
    return form

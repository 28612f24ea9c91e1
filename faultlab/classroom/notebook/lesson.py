"""What a lesson holds: bets before the reveal, quiz questions after it, and what became of them."""

from __future__ import annotations

import contextlib
import math
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from faultlab.classroom.answers import scoring, typed
from faultlab.classroom.folders import course_folder
from faultlab.classroom.learner import progress
from faultlab.classroom.learner.catalogue import Catalogue
from faultlab.classroom.learner.lesson_file import read_lesson_file
from faultlab.classroom.learner.record import LEAST_BETS, how_you_bet, settled_bets
from faultlab.classroom.notebook.forms import Form, Shown
from faultlab.classroom.notebook.showing import Box, show
from faultlab.classroom.notebook.taking_away import (
    CompanyForm,
    DecisionCard,
    FiguresBeside,
    MondayLines,
    Own,
    WhereYouAre,
)
from faultlab.classroom.tasks import lesson_number
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from faultlab.classroom.learner.lesson_file import Bet, LessonFile
    from faultlab.classroom.learner.progress import Progress
    from faultlab.classroom.own_system import BoardButton, SystemForm, TenRanges
    from faultlab.views.lesson_11 import GameDay


def open_lesson(name: str, saved: Progress | None = None, course: Path | None = None) -> Lesson:
    """Open a lesson and return its bets and quiz.

    Parameters
    ----------
    name : str
        The lesson's name; its bets and questions stand in `course/NAME.yaml`.
    saved : Progress, optional
        Where progress goes; the learner's own by default.
    course : Path, optional
        The folder of the lessons.

    Returns
    -------
    Lesson

    Raises
    ------
    BadInput
        If the file is missing or says something that can't be shown.
    """
    path = Path(course or course_folder()) / f"{name}.yaml"
    if not path.is_file():
        raise BadInput(f"The lesson {name!r} has no file {path.name} in the folder {path.parent.name}.")
    lesson = Lesson(name, read_lesson_file(path), saved or progress.Progress(), course)
    if lesson.saved.remark:
        show(Box("note", "", lesson.saved.remark))
    return lesson


class Lesson:
    """What a lesson asks, and what became of it: bets and quiz, a decision to sign, questions for Monday."""

    def __init__(self, name: str, file: LessonFile, saved: Progress, course: Path | None = None) -> None:
        self.name, self.file, self.saved, self.course = name, file, saved, course
        self.number = lesson_number(name)
        self._bets: dict[str, PlacedBet] = {}
        self._reveals: dict[str, Reveal] = {}
        self._order: list[str] = []
        self._summaries: list[BetsSoFar] = []
        self._own: list[Own] = []
        self._figures: dict[str, dict[str, Any]] = {}
        self._catalogue = Catalogue(course and Path(course))

    def bet(self, id: str) -> PlacedBet:
        """Return the form of a bet, to be shown."""
        if id not in self._bets:
            self._bets[id] = PlacedBet(self, self._known(id))
        return self._bets[id]

    def reveal(
        self, id: str, truth: float | str | Callable[[], float], game: GameDay | None = None
    ) -> Reveal:
        """Return what became of a bet, to be shown; the truth is shown whether or not there was one.

        Parameters
        ----------
        id : str
        truth : float or str, or a function that gives a number
            A fraction for a probability, the option's text for a choice. A function is asked when the learner
            looks: for what the learner says of an own system.
        game : GameDay, optional
            To be played first: until its end the answer says so, and is there for whoever won't wait.
        """
        self._reveals[id] = Reveal(self, self._known(id), truth, game)
        if id in self._bets:
            self._bets[id].refresh()
        return self._reveals[id]

    def quiz(self) -> Quiz:
        """Return the lesson's questions, to be shown."""
        return Quiz(self)

    def bets_so_far(self) -> BetsSoFar:
        """Return how the bets of the whole course went, to be shown."""
        shown = BetsSoFar(self.saved, self._catalogue)
        self._summaries.append(shown)
        return shown

    def decision(self) -> DecisionCard:
        """Return the decision that the lesson ends in, to be signed."""
        if self.file.decision is None:
            raise BadInput(f"The lesson {self.name} has no decision: write one into {self.name}.yaml.")
        return self._mine(DecisionCard(self.saved, self._catalogue, self.number, self.file.decision))

    def monday(self) -> MondayLines:
        """Return the questions for Monday, each with a name and a date to fill in."""
        return self._mine(MondayLines(self.saved, self._catalogue, self.number))

    def company(self) -> CompanyForm:
        """Return the form in which the learner says what an hour of the own company is worth."""
        return self._mine(CompanyForm(self.saved, self._catalogue))

    def yours(
        self,
        hours: Mapping[str, float],
        kestrel: float | None = None,
        users: Mapping[str, float] | None = None,
    ) -> FiguresBeside:
        """Return money for Kestrel and for the learner, side by side; nothing before there is a figure.

        Parameters
        ----------
        hours : mapping
            What it is, and how many hours of the journey it costs or saves.
        kestrel : float, optional
            What an hour is worth to Kestrel, in EUR; without one, an hour of its checkout.
        users : mapping, optional
            What it is, and which share of the learner's users it is.
        """
        from faultlab.metrics.customers import CHECKOUT_HOUR  # here: no first bet waits for numpy

        worth = CHECKOUT_HOUR[1] if kestrel is None else kestrel
        beside = FiguresBeside(self.saved, self._catalogue, hours, worth, users or {})
        for what, figure in beside.figures.items():
            self._figures[what] = figure | {"place": len(self._figures)}
        if self.saved.read()["figures"].get(self.number) != self._figures:
            self.saved.change(lambda data: data["figures"].update({self.number: self._figures}))
        return self._mine(beside)

    def own_system(self) -> SystemForm:
        """Return the form in which the learner describes a system, to be shown."""
        from faultlab.classroom.own_system import SystemForm  # no other lesson waits for it

        return self._mine(SystemForm(self))

    def board_page(self, form: SystemForm) -> BoardButton:
        """Return the button that writes the board's page of the system in a form, to be shown."""
        from faultlab.classroom.own_system import BoardButton

        return self._mine(BoardButton(self, form))

    def ten_ranges(self) -> TenRanges:
        """Return ten questions that are answered by ranges, to be shown."""
        from faultlab.classroom.own_system import TenRanges

        return self._mine(TenRanges(self))

    def play(self, game: GameDay) -> GameDay:
        """Return a game that goes on where it was left, and whose end finds the questions for Monday."""
        kept = self.saved.read()["monday"].get(self.number, {}).get("game", {})
        game.when_played = self._note_game
        finished = kept.get("finished")
        unsaid = isinstance(finished, dict) and not finished.get("said")  # it came by a resume code
        for code in ([finished.get("code")] if unsaid else []) + [kept.get("code")]:
            if code and code != game.code:
                with contextlib.suppress(BadInput):  # of a game with other rules: it begins anew
                    game.resume(str(code))
        return game

    def where_you_are(self) -> WhereYouAre:
        """Return where somebody who comes back stands in the course; nothing is seen on the first visit."""
        return self._mine(WhereYouAre(self.saved, self._catalogue))

    def _note_game(self, code, monday, said):
        def note(data):
            kept = data["monday"].setdefault(self.number, {})
            # A year that was finished stays on My page until the next one is.
            kept["game"] = kept.get("game", {}) | {"code": code}
            if said:
                kept["game"]["finished"] = {"code": code, "said": said}
            for place, question in enumerate(monday, 1):
                if kept.get(str(place), {}).get("question") != question:
                    kept[str(place)] = {"question": question}

        self.saved.change(note)
        self._refresh_own()
        for reveal in self._reveals.values():
            reveal.refresh()

    def _mine(self, form):
        """Have a form follow what another one on the page keeps."""
        form.when_kept = self._refresh_own
        self._own.append(form)
        return form

    def _refresh_own(self):
        for form in self._own:
            form.refresh()

    def _known(self, id):
        if id not in self.file.bets:
            raise BadInput(f"The lesson {self.name} has no bet {id!r}. It has: {', '.join(self.file.bets)}.")
        return self.file.bets[id]

    def _said_of(self, id):
        """What a bet is called beside its question: its place among the lesson's, as they are shown."""
        if id not in self._order:
            self._order.append(id)
        count = len(self.file.bets)
        return "your bet" if count == 1 else f"bet {self._order.index(id) + 1} of {count}"

    def _placed(self, id):
        return self.saved.read()["bets"].get(self.number, {}).get(id, {})

    def _note_bet(self, id, **values):
        self.saved.change(
            lambda data: data["bets"].setdefault(self.number, {}).setdefault(id, {}).update(values)
        )

    def __repr__(self):
        return f"Lesson {self.name}: {len(self.file.bets)} bets, {len(self.file.quiz)} questions"


class PlacedBet(Shown):
    """The form of a bet; `choose(value)` places it from code."""

    def __init__(self, lesson: Lesson, bet: Bet) -> None:
        self._lesson, self._bet = lesson, bet
        self.widget = Form(
            form="bet",
            title=f"Bet: {bet.id}",
            name=lesson._said_of(bet.id).capitalize(),
            question=bet.question,
            kind=bet.kind,
            unit=bet.unit,
            low=float(bet.low),
            high=float(bet.high),
            options=list(bet.options),
        )
        self.widget.on_msg(self._heard)
        self.refresh()

    @property
    def id(self) -> str:
        """The bet's name in the lesson's file."""
        return self._bet.id

    @property
    def answer(self) -> float | str | None:
        """The bet that is saved; None before there is one."""
        return self._lesson._placed(self._bet.id).get("bet")

    @property
    def status(self) -> str:
        """What the form says below the button."""
        return self.widget.status

    def choose(self, value: float | str) -> None:
        """Place the bet: a number, a probability as a fraction, or an option's text or place from 0."""
        bet = self._bet
        if self.widget.closed:
            return
        value = _read_bet(bet, value)
        self._lesson._note_bet(bet.id, bet=value)
        # The same bet twice would be no change, and the form would go on saying "Saving".
        self.widget.status = ""
        self.refresh()

    def refresh(self) -> None:
        """Show what is saved."""
        placed, bet = self._lesson._placed(self._bet.id), self._bet
        reveal = self._lesson._reveals.get(bet.id)
        answer = placed.get("bet")
        closed = (reveal is not None and reveal.seen) or "truth" in placed
        status, mine = "", ""
        if answer is not None:
            mine = scoring.written(bet.kind, answer, bet.unit)
            kept = "saved" if self._lesson.saved.saved else "kept until this notebook is closed"
            status = f"✓ Your bet is {kept}: {mine}." + (
                "" if closed else " You can change it until you see the result."
            )
        elif closed:
            status = "You saw the result without a bet."
        with self.widget.hold_sync():
            self.widget.answer, self.widget.closed, self.widget.status = answer, closed, status
            self.widget.shown = {"mine": mine}
        if reveal:
            reveal.refresh()

    def _heard(self, _widget, content, _buffers):
        try:
            value = content.get("bet")
            if content.get("typed") and self._bet.kind != "choice":
                value = _read_typed(self._bet, value)
            self.choose(value)
        except BadInput as problem:
            self.widget.status = ""  # as in `choose`
            self.widget.status = str(problem)

    def _still(self):
        listed = "".join(f"<li>{escape(option)}</li>" for option in self._bet.options)
        return f"<p><strong>Place your bet.</strong> {escape(self._bet.question)}</p>" + (
            f"<ul>{listed}</ul>" if listed else ""
        )

    def __repr__(self):
        return f"Bet {self._bet.id}: {self._bet.question}"


def _read_bet(bet, value):
    if bet.kind == "choice":
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(bet.options):
            return bet.options[value]
        if value in bet.options:
            return value
        raise BadInput(f"Choose one of: {'; '.join(bet.options)}.")
    if isinstance(value, bool) or not isinstance(value, int | float) or not bet.low <= value <= bet.high:
        low, high = (scoring.written(bet.kind, end) for end in (bet.low, bet.high))
        raise BadInput(f"Type a number from {low} to {high}.")
    return value


def _read_typed(bet, text):
    if bet.kind == "probability":
        return typed.number(text, "%", 0, 100) / 100
    return typed.number(text, bet.unit, bet.low, bet.high, question=bet.question)


class Reveal:
    """The truth, for everyone; and beside it, what this learner bet.

    In a browser it is covered until it is asked for; `uncover()` does the same from code.
    """

    def __init__(
        self,
        lesson: Lesson,
        bet: Bet,
        truth: float | str | Callable[[], float],
        game: GameDay | None = None,
    ) -> None:
        self._lesson, self._bet, self._truth, self._game = lesson, bet, truth, game
        if bet.kind == "choice" and truth not in bet.options:
            raise BadInput(f"The truth of {bet.id} is one of its options: {'; '.join(bet.options)}.")
        self.seen = "truth" in lesson._placed(bet.id)
        self.widget = Form(
            form="reveal",
            title=f"Your bet: {bet.id}",
            name=f"The answer to {lesson._said_of(bet.id)}",
            question=bet.question,
            kind=bet.kind,
        )
        self.widget.on_msg(self._heard)
        self.refresh()

    @property
    def truth(self) -> float | str:
        """The truth; of what the learner described, as it was when the learner looked."""
        if callable(self._truth):
            kept = self._lesson._placed(self._bet.id).get("truth")
            return float(self._truth() if kept is None else kept)
        return str(self._truth) if self._bet.kind == "choice" else float(self._truth)

    def _heard(self, _widget, content, _buffers):
        if content.get("seen"):
            self.uncover()

    def uncover(self) -> None:
        """Show the result; the bet can't be placed or changed from then on."""
        self.seen = True
        self._lesson._note_bet(self._bet.id, truth=self.truth)
        self.refresh()
        self._lesson._refresh_own()
        if self._bet.id in self._lesson._bets:
            self._lesson._bets[self._bet.id].refresh()

    @property
    def id(self) -> str:
        """The bet's name in the lesson's file."""
        return self._bet.id

    @property
    def sentence(self) -> str:
        """The truth in one sentence; it doesn't depend on the learner."""
        written = scoring.written(self._bet.kind, self.truth, self._bet.unit)
        return f"{written}." if self._bet.kind == "choice" else f"It is {written}."

    @property
    def score(self) -> float | None:
        """The bet's score (see `scoring.score`); None without a bet."""
        answer = self._lesson._placed(self._bet.id).get("bet")
        return None if answer is None else scoring.score(self._bet.kind, answer, self.truth)

    @property
    def status(self) -> str:
        """What became of the learner's bet."""
        return self.widget.status

    def refresh(self) -> None:
        """Show the bet that is saved, and the truth once it was asked for."""
        bet = self._bet
        answer = self._lesson._placed(bet.id).get("bet")
        first = self._game.to_do if self._game else ""
        shown = {
            "covered": not self.seen,
            "mine": "" if answer is None else scoring.written(bet.kind, answer, bet.unit),
            "bet": bet.id,
        }
        if not self.seen:
            status = (
                "You have not bet yet. A guess costs nothing."
                if answer is None
                else "You can still change it. Once you see the result, it stands."
            )
            if first:
                shown["early"] = True
                status = f"{first} {status}"
        else:
            truth = scoring.written(bet.kind, self.truth, bet.unit)
            status = (
                f"It is {truth}." if answer is None else scoring.told(bet.kind, answer, self.truth, bet.unit)
            )
            shown |= {
                "truth": truth,
                "missed": "" if answer is None else scoring.missed(bet.kind, answer, self.truth, bet.unit),
                "meaning": bet.meaning,
                "scale": _scale(bet, self.truth, answer),
            }
        with self.widget.hold_sync():
            self.widget.shown, self.widget.status = shown, status
        for summary in self._lesson._summaries:
            summary.refresh()

    def _ipython_display_(self):
        from IPython.display import display

        show(Box("result", self.sentence, self._bet.question))
        display(self.widget)

    def __repr__(self):
        return self.sentence


def _scale(bet, truth, answer):
    """Where the truth and the bet lie, for a picture: the ends of the scale and what is marked on it."""
    if bet.kind == "choice":
        return {"options": list(bet.options), "truth": truth, "bet": answer}
    values = [value for value in (truth, answer) if value is not None]
    if bet.kind == "probability":
        return {"low": 0, "high": 100, "unit": "%", "truth": 100 * truth, "bet": answer and 100 * answer}
    if bet.unit == "%" and max(values) <= 100 and min(values) >= 0:
        return {"low": 0, "high": 100, "unit": "%", "truth": truth, "bet": answer}
    log = min(values) > 0 and max(values) > 20 * min(values)
    low = 10 ** math.floor(math.log10(min(values))) if log else min(0, *values)
    high = 10 ** math.ceil(math.log10(max(values) * 1.01)) if log else _round(max(values))
    return {"low": low, "high": high, "log": log, "unit": bet.unit, "truth": truth, "bet": answer}


def _round(most):
    """A round number above another, for the end of a scale."""
    if most <= 0:
        return 1
    tens = 10 ** math.floor(math.log10(most * 1.05))
    return next(tens * part for part in (1.5, 2, 3, 4, 5, 6, 8, 10) if tens * part >= most * 1.05)


class Quiz(Shown):
    """A lesson's questions; `choose(question, option)` answers from code."""

    def __init__(self, lesson: Lesson) -> None:
        self._lesson = lesson
        self._questions = {question.id: question for question in lesson.file.quiz}
        listed = [
            {
                "id": question.id,
                "text": question.text,
                "several": len(question.correct) > 1,
                "options": [option.text for option in question.options],
            }
            for question in lesson.file.quiz
        ]
        self.widget = Form(form="quiz", title="Check yourself", questions=listed)
        self.widget.on_msg(self._heard)
        saved = lesson.saved.read()["quiz"].get(lesson.number, {})
        self.widget.marks = {
            id: _mark(self._questions[id], entry) for id, entry in saved.items() if id in self._questions
        }

    @property
    def answers(self) -> dict[str, bool]:
        """For each answered question, whether it was right."""
        return {id: mark["right"] for id, mark in self.widget.marks.items()}

    @property
    def score(self) -> tuple[int, int]:
        """How many are right, and of how many."""
        return sum(self.answers.values()), len(self._questions)

    def choose(self, question: int | str, *options: int) -> None:
        """Answer a question: its id or place from 0, and the places of the chosen options from 0."""
        if isinstance(question, int):
            question = list(self._questions)[question]
        asked = self._questions.get(question)
        if asked is None:
            raise BadInput(f"This quiz has no question {question!r}. It has: {', '.join(self._questions)}.")
        if not options or not all(isinstance(o, int) and 0 <= o < len(asked.options) for o in options):
            raise BadInput(f"Question {question} has the options 0 to {len(asked.options) - 1}.")
        picked = sorted(set(options))
        # In words, as a bet is: a place would mean another option once they stand in another order.
        words = [asked.options[place].text for place in picked]
        entry = {"chosen": words, "right": tuple(picked) == asked.correct}

        def note(data):
            data["quiz"].setdefault(self._lesson.number, {})[question] = entry

        self._lesson.saved.change(note)
        self.widget.marks = {**self.widget.marks, question: _mark(asked, entry)}

    def feedback(self, question: str) -> list[str]:
        """What the quiz says to each option of an answered question."""
        return [said["text"] for said in self.widget.marks[question]["feedback"]]

    def _heard(self, _widget, content, _buffers):
        try:
            self.choose(content.get("question"), *content.get("chosen", ()))
        except (BadInput, TypeError):
            return

    def _still(self):
        parts = []
        for place, question in enumerate(self._questions.values(), 1):
            items = "".join(_still_option(option) for option in question.options)
            parts.append(f"<p><strong>{place}. {escape(question.text)}</strong></p><ul>{items}</ul>")
        return "".join(parts)

    def __repr__(self):
        return f"Quiz of lesson {self._lesson.name}: {len(self._questions)} questions"


def _still_option(option):
    verdict = "✓ Right" if option.correct else "✗ Not this one"
    return (
        f"<li>{escape(option.text)} <details><summary>Is it this one?</summary>"
        f"{verdict}: {escape(option.feedback)}</details></li>"
    )


def _mark(question, entry):
    """What a form shows of an answered question.

    A resume code keeps only whether it was right, and an older progress has the places that options had then.
    """
    right, texts = bool(entry.get("right")), [option.text for option in question.options]
    picked = entry.get("chosen")
    if not isinstance(picked, list) or not picked or any(words not in texts for words in picked):
        return {
            "right": right,
            "status": "✓ Answered right before." if right else "↻ Answered before.",
            "feedback": [],
        }
    feedback = [{"right": option.correct, "text": option.feedback} for option in question.options]
    status = "✓ Right." if right else "↻ Not yet. Read the note below the options and try again."
    return {
        "right": right,
        "status": status,
        "chosen": [texts.index(words) for words in picked],
        "feedback": feedback,
    }


class BetsSoFar:
    """The bets of the whole course: each with its truth and how far off it was, shown in a widget."""

    def __init__(self, saved: Progress, catalogue: Catalogue) -> None:
        self._saved, self._catalogue = saved, catalogue
        self.rows: list[dict[str, Any]] = []
        self.widget = Form(form="record", title="Your bets so far")
        self.refresh()

    def refresh(self) -> None:
        """Read anew what is saved."""
        self.rows = settled_bets(self._saved.read(), self._catalogue)
        with self.widget.hold_sync():
            self.widget.status = self.sentence
            self.widget.shown = {"rows": self.rows if len(self.rows) >= LEAST_BETS else []}

    @property
    def sentence(self) -> str:
        """How the bets went, in a sentence or two."""
        return how_you_bet(self.rows)

    def _ipython_display_(self):
        from IPython.display import display

        display(self.widget)

    def __repr__(self):
        return "Your bets so far"

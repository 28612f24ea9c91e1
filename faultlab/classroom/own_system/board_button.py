"""The button that writes the board's page of the system that was described."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import faultlab
from faultlab.analysis.reviews import review
from faultlab.classroom.answers import typed
from faultlab.classroom.notebook.forms import OwnForm
from faultlab.classroom.notebook.taking_away import Own
from faultlab.errors import BadInput
from faultlab.views.kit import script
from faultlab.views.lesson_10 import board_page, headline

if TYPE_CHECKING:
    from faultlab.classroom.notebook.lesson import Lesson
    from faultlab.classroom.own_system.system_form import SystemForm

FILE = "board_page.html"
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
"""The commas of 30,000: the form writes thousands so, and `fields.js` reads them so."""


class _Widget(OwnForm):
    """What the browser holds of the button."""

    _esm = script(Path(__file__).parent / "board_button.js")


class BoardButton(Own):
    """The button; `write(budget)` presses it from code."""

    kind = _Widget

    def __init__(self, lesson: Lesson, form: SystemForm) -> None:
        self._form, self._place, self._html = form, lesson.saved.place, ""
        super().__init__("board", "The board's page", lesson.saved, lesson._catalogue, lesson.number)

    def write(self, budget: str = "") -> None:
        """Write the page: for the best set of options, within a budget a year where one is typed."""
        if self._form.refusal is not None:
            raise BadInput(f"Your system can't be reviewed yet: {self._form.refusal.says}")
        limit = (
            None
            if typed.is_placeholder(budget)
            else typed.number(THOUSANDS.sub("", budget), "", 0, 1e12, question="a year")
        )
        found = review(self._form.system, limit)
        self._html = board_page(found, date.today(), faultlab.__version__)
        try:
            (self._place / FILE).write_text(self._html, encoding="utf-8")
            where = f" It stands in {self._place / FILE}."
        except OSError:
            where = " It can't be saved here: open it and save it yourself."
        self._say(f"{''.join(headline(found))}.{where}")

    def _data(self, data):
        return {"html": self._html, "name": FILE, "company": self._form.system.company}

    def _take(self, content):
        self.write(str(content.get("budget", "")))

    def _still(self):
        return "<p>Here you write the board's page of your own system, once the lesson runs.</p>"

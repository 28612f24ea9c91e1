"""The button that writes the board's page of the system that was described."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import faultlab
from faultlab.analysis.reviews import review
from faultlab.analysis.systems import spoken
from faultlab.classroom.answers import typed
from faultlab.classroom.learner.record import company_of
from faultlab.classroom.notebook.forms import OwnForm
from faultlab.classroom.notebook.taking_away import BOARD_PAGE, LONGEST, Own
from faultlab.classroom.own_system.system_form import YEAR
from faultlab.errors import BadInput
from faultlab.views.kit import script
from faultlab.views.lesson_10 import board_page, headline

if TYPE_CHECKING:
    from faultlab.classroom.notebook.lesson import Lesson
    from faultlab.classroom.own_system.system_form import SystemForm


class _Widget(OwnForm):
    """What the browser holds of the button."""

    _esm = script(Path(__file__).parent / "board_button.js")


class BoardButton(Own):
    """The button; `write(budget)` presses it from code."""

    kind = _Widget

    def __init__(self, lesson: Lesson, form: SystemForm) -> None:
        self._form, self._lesson, self._place, self._html = form, lesson, lesson.saved.place, ""
        super().__init__("board", "The board's page", lesson.saved, lesson._catalogue, lesson.number)

    def write(self, budget: str = "") -> None:
        """Write the page: for the best set of options, within a budget a year where one is typed."""
        amiss = self._form.refusal
        if amiss is not None:
            where = f"{spoken(amiss.name)}: " if amiss.name else ""
            raise BadInput(f"Your system can't be reviewed yet: {where}{amiss.says}")
        self._refuse_to_give_away()
        limit = (
            None
            if typed.is_placeholder(budget)
            else typed.number(budget, self._form.system.currency, 0, 1e12, whole=True, question="a year")
        )
        found = review(self._form.system, limit)
        self._html = board_page(found, date.today(), faultlab.__version__)
        kept = True
        try:
            (self._place / BOARD_PAGE).write_text(self._html, encoding="utf-8")
            where = f" It stands in {self._place / BOARD_PAGE}."
        except OSError:
            kept = False
            where = " It can't be saved here: open it and save it yourself."
        said = f"{''.join(headline(found))}."
        entry = {
            "company": found.system.company,
            "said": said,
            "date": date.today().isoformat(),
            "file": BOARD_PAGE if kept else "",
        }
        self._keep(lambda data: self._note(data, entry), f"{said}{where}")

    def _note(self, data, entry):
        data["board"][self._number] = entry
        known = company_of(data)
        if self._form.named and not known["name"]:  # nobody is asked twice
            data["company"] = known | {"name": self._form.named[: LONGEST["name"]]}

    def _refuse_to_give_away(self):
        """The page answers the bet on one's own year, and where it is Kestrel's the bets on Kestrel too."""
        placed = self._lesson.saved.read()["bets"].get(self._lesson.number, {})
        asked = self._lesson.file.bets
        missing = [
            asked[id].short
            for id in (asked if self._form.is_example else (YEAR,))
            if not {"bet", "truth"} & set(placed.get(id, {}))
        ]
        if missing:
            bets = " ".join(missing)
            if self._form.is_example:
                raise BadInput(
                    f"This is Kestrel's page, and it answers what you haven't bet on: {bets} Bet first, or "
                    "describe a system of your own and name its company."
                )
            raise BadInput(f"The page answers what you haven't bet on: {bets} Bet first.")

    def _data(self, data):
        return {"html": self._html, "name": BOARD_PAGE, "company": self._form.system.company}

    def _take(self, content):
        self.write(str(content.get("budget", "")))

    def _still(self):
        return "<p>Here you write the board's page of your own system, once the lesson runs.</p>"

"""Ten decisions before the course and ten after it: learners see the gain once both are handed in."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from faultlab.classroom.learner.before_and_after import FORMS, gain_said, pairs_for_browser
from faultlab.classroom.learner.catalogue import Catalogue
from faultlab.classroom.learner.progress import Progress
from faultlab.classroom.learner.record import course_record
from faultlab.classroom.notebook.forms import OwnForm
from faultlab.classroom.notebook.taking_away import Own
from faultlab.errors import BadInput
from faultlab.views.kit import script


class _Widget(OwnForm):
    """What the browser holds of the two forms."""

    _esm = script(Path(__file__).parent / "ten_decisions.js")


class TenDecisions(Own):
    """The questions of `course/before_and_after.yaml`; `hand_in` answers a form from code."""

    kind = _Widget

    def __init__(self, saved: Progress, catalogue: Catalogue) -> None:
        super().__init__("decisions", "Ten decisions", saved, catalogue)

    def _data(self, data):
        asked_of = {pair.lesson for pair in self._catalogue.pairs}
        lessons = [
            {key: lesson[key] for key in ("number", "link", "state")}
            for lesson in course_record(data, self._catalogue)["lessons"]
            if lesson["number"] in asked_of
        ]
        answers = data["before_and_after"]
        return {
            "pairs": pairs_for_browser(self._catalogue.pairs),
            "answers": answers,
            "lessons": lessons,
            "gained": gain_said(answers, self._catalogue.pairs),
        }

    def hand_in(self, form: str, chosen: dict[str, int]) -> None:
        """Keep the answers of a form, once.

        Parameters
        ----------
        form : str
            "before" or "after".
        chosen : dict of str to int
            By the pair's id, the place of an option from 0; what is left out counts as missed.

        Raises
        ------
        BadInput
            If there is no such form or option, nothing is answered, or the form was handed in before.
        """
        if form not in FORMS:
            raise BadInput(f"There are the forms {' and '.join(FORMS)}, not {form!r}.")
        entries = {}
        for pair in self._catalogue.pairs:
            options, place = pair.asked(form).options, chosen.get(pair.id)
            if isinstance(place, int) and 0 <= place < len(options):
                entries[pair.id] = {"chosen": options[place].text}
        if not entries:
            raise BadInput("Answer at least one of the ten first.")
        if self._saved.read()["before_and_after"].get(form):
            raise BadInput("These ten are handed in already, and stay as they are.")
        self._keep(lambda data: data["before_and_after"].update({form: entries}), "Handed in.")

    def _take(self, content: dict[str, Any]) -> None:
        given = content["hand_in"]
        self.hand_in(given["form"], given["chosen"])

    def _still(self):
        asked = "".join(f"<li>{escape(pair.before.text)}</li>" for pair in self._catalogue.pairs)
        return f"<ol>{asked}</ol>"


def before_and_after(saved: Progress | None = None) -> TenDecisions:
    """Return the ten decisions, to be shown.

    Examples
    --------
    >>> import tempfile
    >>> before_and_after(Progress(tempfile.mkdtemp()))
    Ten decisions
    """
    return TenDecisions(saved or Progress(), Catalogue())

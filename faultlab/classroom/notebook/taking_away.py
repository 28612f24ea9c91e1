"""What is the learner's own: company, decisions, Monday's questions, and My page, which shows it all."""

from __future__ import annotations

import datetime
from abc import abstractmethod
from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from faultlab.classroom.answers import typed
from faultlab.classroom.learner import progress
from faultlab.classroom.learner.catalogue import Catalogue
from faultlab.classroom.learner.record import (
    company_of,
    course_record,
    figures_of,
    monday_of,
    signature_of,
)
from faultlab.classroom.notebook.forms import OwnForm, Shown
from faultlab.errors import BadInput
from faultlab.views.kit import LOOK

if TYPE_CHECKING:
    from faultlab.classroom.learner.lesson_file import Decision
    from faultlab.classroom.learner.progress import Progress

MY_PAGE, BOARD_PAGE = "my_page.ipynb", "board_page.html"
LONGEST = {"name": 60, "reason": 120}  # letters: what fits on a sheet
MOST_USERS, MOST_WORTH = 1e10, 1e10


class Own(Shown):
    """A form that shows what is kept, keeps what is typed, and says so."""

    kind: type[OwnForm] = OwnForm

    def __init__(
        self, form: str, title: str, saved: Progress, catalogue: Catalogue, number: str = ""
    ) -> None:
        self._saved, self._catalogue, self._number = saved, catalogue, number
        self.widget = self.kind(form=form, title=title)
        self.widget.on_msg(self._heard)
        self.when_kept: Callable[[], None] = lambda: None
        self.refresh()

    @property
    def status(self) -> str:
        """What the form says at its foot."""
        return self.widget.status

    def refresh(self) -> None:
        """Show what is kept."""
        self.widget.shown = self._data(self._saved.read())

    @abstractmethod
    def _data(self, data: dict[str, Any]) -> dict[str, Any]: ...

    def _keep(self, edit, said):
        self._saved.change(edit)
        self._say(said)

    def _say(self, said):
        kept = "" if self._saved.saved else " It is kept until this notebook is closed."
        self.refresh()
        self.widget.status = ""  # the same sentence twice would be no change
        self.widget.status = f"✓ {said}{kept}"
        self.when_kept()

    def _heard(self, _widget, content, _buffers):
        if content.get("look"):
            return self.refresh()
        try:
            self._take(content)
        except BadInput as problem:
            self.widget.status = ""
            self.widget.status = str(problem)

    def _take(self, content: dict[str, Any]) -> None:
        """Read what the browser sent."""

    def _still(self):
        return ""

    def __repr__(self):
        return self.widget.title


def read_company(name: object, users: object, worth: object) -> dict[str, Any]:
    """Return a company as it is kept, from what was typed.

    Parameters
    ----------
    name : str
    users, worth : pair of str
        The least and the most; either may be empty.

    Raises
    ------
    BadInput
        With a sentence that says what can't be read.

    Examples
    --------
    >>> read_company("Acme", ("250k", ""), ("40,000", "60.000 EUR"))
    {'name': 'Acme', 'users': [250000.0, 250000.0], 'worth': [40000.0, 60000.0]}
    """
    return {
        "name": _short(name, "name"),
        "users": _range(users, "users", MOST_USERS),
        "worth": _range(worth, "EUR", MOST_WORTH),
    }


def _range(ends, unit, most):
    given = [end for end in ends if not typed.is_placeholder(end)]
    if not given:
        return None
    low, high = (typed.number(end, unit, 0, most, question="a year an hour") for end in (given[0], given[-1]))
    if low > high:
        raise BadInput(f"{typed.plainly(low)} is more than {typed.plainly(high)}: put the smaller one first.")
    return [low, high]


def _short(text, what):
    return " ".join(str(text).split())[: LONGEST[what]]


def _date(text):
    """A date as it is kept, 2026-12-02, or an empty text."""
    try:
        return text and datetime.date.fromisoformat(str(text)).isoformat()
    except ValueError:
        raise BadInput(f"{text!r} is no date: write it like 2026-12-02.") from None


class CompanyForm(Own):
    """The learner's company, its users and what an hour is worth; `remember` fills it in from code."""

    def __init__(self, saved: Progress, catalogue: Catalogue) -> None:
        super().__init__("company", "Your company", saved, catalogue)

    def _data(self, data):
        return {"company": company_of(data)}

    def remember(self, name: str, users: tuple[str, str], worth: tuple[str, str]) -> None:
        """Keep a company as it is typed."""
        self._take({"company": {"name": name, "users": users, "worth": worth}})

    def _take(self, content):
        given = content["company"]
        found = read_company(given["name"], given["users"], given["worth"])
        said = "Saved." if any(found.values()) else "Nothing is kept of your company."
        self._keep(lambda data: data.update(company=found), said)

    def _still(self):
        return "<p>Here you say what an hour of your own company is worth, once the lesson runs.</p>"


class DecisionCard(Own):
    """The decision that a lesson ends in; `sign` signs it from code."""

    def __init__(self, saved: Progress, catalogue: Catalogue, number: str, decision: Decision) -> None:
        self._decision = decision
        options = [{"text": option.text, "follows": option.follows} for option in decision.options]
        self._asked = {"question": decision.question, "options": options, "ours": decision.ours}
        super().__init__("decision", "Your decision", saved, catalogue, number)

    def _data(self, data):
        names = [entry.get("name", "") for _, entry in sorted(data["decisions"].items())]
        return {
            "decision": self._asked,
            "signed": signature_of(data["decisions"].get(self._number, {})),
            "figures": figures_of(data, self._number),
            "company": company_of(data),
            "me": names[-1] if names else "",
        }

    def sign(self, choice: str, name: str, date: str, reason: str = "") -> None:
        """Keep a decision: one of the options, who signs, when, and why."""
        if choice not in [option.text for option in self._decision.options]:
            raise BadInput(f"Choose one of: {'; '.join(option.text for option in self._decision.options)}.")
        name, date = _short(name, "name"), _date(date)
        if not name or not date:
            raise BadInput("A decision has a name and a date under it.")
        day = datetime.date.fromisoformat(date)
        entry = {"choice": choice, "name": name, "date": date, "reason": _short(reason, "reason")}
        self._keep(
            lambda data: data["decisions"].update({self._number: entry}),
            f"Signed by {name} on {day.day} {day:%B %Y}. It stands on My page.",
        )

    def _take(self, content):
        given = content["sign"]
        self.sign(*(given[key] for key in ("choice", "name", "date", "reason")))

    def _still(self):
        options = "".join(
            f"<li>{escape(option.text)}. <em>{escape(option.follows)}</em></li>"
            for option in self._decision.options
        )
        ours = "".join(f"<p>{escape(text)}</p>" for text in self._decision.ours.split("\n\n"))
        question = f"<p><strong>{escape(self._decision.question)}</strong></p>"
        return f"{question}<ul>{options}</ul><details><summary>What we would sign</summary>{ours}</details>"


class MondayLines(Own):
    """A lesson's questions for Monday, each with a name and a date; `name` fills one in from code."""

    def __init__(self, saved: Progress, catalogue: Catalogue, number: str) -> None:
        super().__init__("monday", "Questions for Monday", saved, catalogue, number)

    def _data(self, data):
        return {"monday": monday_of(data, self._catalogue, self._number), "page": MY_PAGE}

    def name(self, place: int, name: str, date: str = "") -> None:
        """Keep who answers a question, counted from 1, and by when."""
        note_monday(self._saved, self._catalogue, self._number, place, name, date)
        self._say("Saved.")

    def _take(self, content):
        given = content["monday"]
        self.name(given["place"], given["name"], given["date"])

    def _still(self):
        asked = self._catalogue.monday(self._number)
        return f"<ol>{''.join(f'<li>{escape(question)}</li>' for question in asked)}</ol>"


def note_monday(saved: Progress, catalogue: Catalogue, number: str, place: int, name: str, date: str) -> None:
    """Keep who answers one of a lesson's questions, counted from 1, and by when."""
    if place not in range(1, len(catalogue.monday(number)) + 1):
        raise BadInput(f"Lesson {number} has {len(catalogue.monday(number))} questions for Monday.")
    entry = {"name": _short(name, "name"), "date": _date(date)}
    saved.change(lambda data: data["monday"].setdefault(number, {}).setdefault(str(place), {}).update(entry))


class FiguresBeside(Own):
    """Kestrel's money and the learner's, side by side, once the learner has said what an hour is worth.

    Every loss in the course is a number of hours times what an hour is worth, so the hours are what is kept.
    """

    def __init__(
        self,
        saved: Progress,
        catalogue: Catalogue,
        hours: Mapping[str, float],
        kestrel: float,
        users: Mapping[str, float],
    ) -> None:
        self.figures: dict[str, dict[str, Any]] = {
            what: {"hours": float(count), "kestrel": float(kestrel)} for what, count in hours.items()
        } | {what: {"share": float(share)} for what, share in users.items()}
        super().__init__("figures", "Your figures beside Kestrel's", saved, catalogue)

    def _data(self, data):
        figures = [{"what": what} | figure for what, figure in self.figures.items()]
        return {"company": company_of(data), "figures": figures}


class WhereYouAre(Own):
    """For those who come back: what is done, what comes next, and how the bets went."""

    def __init__(self, saved: Progress, catalogue: Catalogue) -> None:
        self._seen = False  # the lessons are read when somebody looks: the first bet needn't wait for it
        super().__init__("where", "Where you are", saved, catalogue)

    def _heard(self, widget, content, buffers):
        self._seen = True
        super()._heard(widget, content, buffers)

    def _data(self, data):
        record = course_record(data, self._catalogue) if self._seen else {"lessons": []}
        return {"record": record, "page": MY_PAGE}


class MyPage(Own):
    """All that a learner takes away, to print, to save as a file, to paste in a mail."""

    def __init__(self, saved: Progress, catalogue: Catalogue) -> None:
        super().__init__("page", "My page", saved, catalogue)
        self.widget.css = LOOK.read_text(encoding="utf-8")

    def _data(self, data):
        return {"record": course_record(data, self._catalogue), "board": self._board_page(data)}

    def _board_page(self, data):
        """The board's page as it was written last, where it was and is still there."""
        if not data["board"]:
            return ""
        try:
            return (self._saved.place / BOARD_PAGE).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return ""

    def _take(self, content):
        if "company" in content:
            given = content["company"]
            found = read_company(given["name"], given["users"], given["worth"])
            self._keep(lambda data: data.update(company=found), "Saved.")
        elif "monday" in content:
            given = content["monday"]
            place, name, date = given["place"], given["name"], given["date"]
            note_monday(self._saved, self._catalogue, given["lesson"], place, name, date)
            self.refresh()

    def _still(self):
        return "<p>Here you find what you bet, what you decided and whom you ask, once the page runs.</p>"


def my_page(saved: Progress | None = None) -> MyPage:
    """Return My page, to be shown.

    Examples
    --------
    >>> import tempfile
    >>> my_page(progress.Progress(tempfile.mkdtemp()))
    My page
    """
    return MyPage(saved or progress.Progress(), Catalogue())

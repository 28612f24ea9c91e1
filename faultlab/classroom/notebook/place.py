"""Keep your place: the team's code and the resume code in one form, without a line of code."""

from __future__ import annotations

from html import escape

from faultlab.classroom.learner import progress, resume_code
from faultlab.classroom.learner.catalogue import Catalogue
from faultlab.classroom.learner.seeds import team_code
from faultlab.classroom.notebook.forms import Form, Shown
from faultlab.errors import BadInput


def keep_place(saved: progress.Progress | None = None) -> Place:
    """Return the form in which a learner names the team and copies or pastes the resume code.

    Examples
    --------
    >>> import tempfile
    >>> place = keep_place(progress.Progress(tempfile.mkdtemp()))
    >>> place.choose_team("Red 7")
    >>> place.status
    '✓ Team red-7. The numbers in your labs are yours now.'
    """
    return Place(saved or progress.Progress())


def written_code(
    saved: progress.Progress | None = None, catalogue: Catalogue | None = None
) -> tuple[str, str]:
    """Return the resume code of all that is saved, and a sentence on what it leaves out.

    A page's menu asks its kernel for it (`reading.js`).
    """
    data, known = (saved or progress.Progress()).read(), catalogue or Catalogue()
    left_out = resume_code.strangers(data, known)
    for part, number, name in left_out:
        del data[part][number][name]
    try:
        code = resume_code.write(data, known)
    except BadInput as problem:
        return "", str(problem)
    if not left_out:
        return code, ""
    _, number, name = left_out[0]
    more = f" and {len(left_out) - 1} more" if len(left_out) > 1 else ""
    return code, f"The code leaves out {name!r} of lesson {number}{more}: this course hasn't got it."


class Place(Shown):
    """The form; `choose_team` and `restore` drive it from code."""

    def __init__(self, saved: progress.Progress) -> None:
        self._saved, self._catalogue = saved, Catalogue()
        self.widget = Form(form="place", title="Keep your place")
        self.widget.on_msg(self._heard)
        self._refresh("")

    @property
    def status(self) -> str:
        """What the form says at its foot."""
        return self.widget.status

    @property
    def code(self) -> str:
        """The resume code of all that is saved and that this version of the course has."""
        return self._written()[0]

    def _written(self):
        return written_code(self._saved, self._catalogue)

    def choose_team(self, text: str) -> None:
        """Remember a team's code; what can't be one is refused in the form's own words."""
        try:
            team = team_code(text)
        except BadInput as problem:
            return self._refresh(str(problem))
        self._saved.change(lambda data: data.update(team=team))
        self._refresh(f"✓ Team {team}. The numbers in your labs are yours now.")

    def restore(self, code: str) -> None:
        """Take over what a resume code holds; what is here already is kept where it is better."""
        try:
            found, lost = resume_code.read(code, self._catalogue)
            if found["team"]:
                found["team"] = team_code(found["team"])
        except BadInput as problem:
            return self._refresh(str(problem))
        self._saved.change(lambda data: progress.merge(data, found))
        self._refresh(
            f"✓ Restored, team {self._saved.team()}. Open the lessons again to see it. {lost}".strip()
        )

    def _refresh(self, status):
        with self.widget.hold_sync():
            left_out = self._renew()
            self.widget.status = " ".join(part for part in (status, left_out, self._saved.remark) if part)

    def _renew(self):
        """Show the code of what is saved by now; return what it leaves out."""
        code, left_out = self._written()
        self.widget.answer = {"team": self._saved.team(), "code": code}
        return left_out

    def _heard(self, _widget, content, _buffers):
        if content.get("code"):
            self._renew()
        elif "team" in content:
            self.choose_team(content["team"])
        elif "restore" in content:
            self.restore(str(content["restore"]))

    def _still(self):
        return f"<p>{escape('Here you name your team and find your resume code, once the lesson runs.')}</p>"

    def __repr__(self):
        return "Keep your place"

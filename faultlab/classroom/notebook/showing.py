"""How the classroom speaks: a box with symbol, word and colour, and the same as plain text."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from faultlab.classroom.answers.kinds import CORRECT, NOT_STARTED, TRY_AGAIN
from faultlab.views.kit import BLUE, BLUE_TINT, GREEN, GREEN_TINT, GREY_TINT, INK, ORANGE, ORANGE_TINT, QUIET

if TYPE_CHECKING:
    from IPython.display import DisplayHandle


LOOKS = {
    CORRECT: ("✓", "Correct", GREEN, GREEN_TINT),
    TRY_AGAIN: ("↻", "Try again", ORANGE, ORANGE_TINT),
    NOT_STARTED: ("○", "Not started", QUIET, GREY_TINT),
    "hint": ("→", "Hint", BLUE, BLUE_TINT),
    "solution": ("=", "Solution", BLUE, BLUE_TINT),
    "task": ("?", "Task", BLUE, BLUE_TINT),
    "note": ("i", "Note", BLUE, BLUE_TINT),
}


class Box:
    """A message that a notebook shows, as HTML and as plain text.

    Parameters
    ----------
    look : str
        A key of `LOOKS`.
    title : str
        What it is about.
    text : str
        The message; lines stay lines. Escaped.
    code : bool
        Whether the message is code.
    head : str
        In place of the look's own word.
    """

    def __init__(self, look: str, title: str, text: str = "", code: bool = False, head: str = "") -> None:
        self.look, self.title, self.text, self.code = look, title, text, code
        self.head = head or LOOKS[look][1]

    def __repr__(self):
        symbol = LOOKS[self.look][0]
        title = f": {self.title}" if self.title else ""
        return f"{symbol} {self.head}{title}" + (f"\n{self.text}" if self.text else "")

    def _repr_html_(self):
        symbol, _, colour, tint = LOOKS[self.look]
        style = (
            f"border-left:6px solid {colour};background:{tint};color:{INK};padding:8px 12px;margin:6px 0;"
            "max-width:640px;box-sizing:border-box;font-size:15px;line-height:1.45;overflow-wrap:anywhere"
        )
        mark = f"<span aria-hidden='true'>{symbol}</span>"
        head = f"<strong style='color:{colour}'>{mark} {escape(self.head)}</strong>"
        title = f" <span>{escape(self.title)}</span>" if self.title else ""
        return f"<div role='status' class='faultlab-box' style='{style}'>{head}{title}{self._body()}</div>"

    def _body(self):
        if not self.text:
            return ""
        if self.code:
            pre = f"margin:6px 0 0;padding:0;background:none;color:{INK};white-space:pre-wrap;font-size:14px"
            return f"<pre style='{pre}'>{escape(self.text)}</pre>"
        lines = escape(self.text).replace("\n", "<br>")
        return f"<p style='margin:4px 0 0'>{lines}</p>"


def show(thing: object, follow: bool = False) -> DisplayHandle | None:
    """Show something in a notebook; outside of one, print it.

    With `follow`, what is returned has `update(thing)`; outside of a notebook it is None.
    """
    from IPython import get_ipython

    if get_ipython() is None:
        print(repr(thing))
        return None
    from IPython.display import display

    return display(thing, display_id=True) if follow else display(thing)

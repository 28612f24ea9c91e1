"""How the classroom speaks: a box with symbol, word and colour, and the same as plain text."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from faultlab.classroom.answers.kinds import CORRECT, NOT_STARTED, TRY_AGAIN

if TYPE_CHECKING:
    from IPython.display import DisplayHandle


LOOKS = {
    CORRECT: ("✓", "Correct", "correct"),
    TRY_AGAIN: ("↻", "Try again", "again"),
    NOT_STARTED: ("○", "Not started", "not-started"),
    "hint": ("→", "Hint", "note"),
    "solution": ("=", "Solution", "note"),
    "task": ("?", "Task", "asks"),
    "lab": ("?", "Lab", "asks"),
    "note": ("i", "Note", "note"),
    "result": ("i", "The result", "result"),
}
"""The symbol, the word and the class in `look.css` of each kind of message."""

OPTION = re.compile(r"[A-H]\) .")


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
        symbol, _, look = LOOKS[self.look]
        if self.look == "result":
            # Behind a fold, for those without a kernel; where there is one, a card takes its place.
            return (
                f"<details class='faultlab-still'><summary>{escape(self.text)} The answer</summary>"
                f"<p>{escape(self.title)}</p></details>"
            )
        quiet = self.look in ("task", "lab")  # no news
        mark = "" if quiet else f"<span aria-hidden='true'>{symbol}</span> "
        head = f"<strong>{mark}{escape(self.head)}</strong>"
        if self.look == "task":  # a place to jump to
            title = f"<h3 class='title'>{escape(self.title)}</h3>"
            return f"<div class='faultlab-box {look}'>{head}{title}{self._body()}</div>"
        title = f" <span class='title'>{escape(self.title)}</span>" if self.title else ""
        role = "" if quiet else " role='status'"
        return f"<div{role} class='faultlab-box {look}'>{head}{title}{self._body()}</div>"

    def _body(self):
        if not self.text:
            return ""
        if self.code:
            return f"<pre>{escape(self.text)}</pre>"
        return f"<p>{''.join(_line(line) for line in self.text.splitlines())}</p>"


def _line(line):
    """A line of a message; one that offers an option says so, as a form may offer it in its place."""
    kind = " class='faultlab-option'" if OPTION.match(line) else ""
    return f"<span{kind}>{escape(line)}<br></span>"


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

"""Buttons below an outcome that isn't correct: the next hint, and a way to the answer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faultlab.classroom.notebook.forms import Form
    from faultlab.classroom.notebook.lab import CheckedTask


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
    from faultlab.classroom.notebook.forms import Form

    form = Form(form="help", title=f"Help: {task.task.title}", answer="")

    def heard(_widget, content, _buffers):
        wanted = content.get("help")
        if wanted == "hint":
            form.answer = task.next_hint()._repr_html_()
        elif wanted == "solution":
            form.answer = task.worked()._repr_html_()

    form.on_msg(heard)
    return form

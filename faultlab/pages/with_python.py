"""What stands where Python is needed: what one does there, the ways to it, and the code that comes along."""

from __future__ import annotations

from html import escape

HOW = "index.html#python"
"""Where the first page says how the course is started on one's own machine."""


def door(does: str, binder: str) -> str:
    """Return the HTML of a door.

    Parameters
    ----------
    does : str
        What one does behind it, in a sentence or two.
    binder : str
        The address at which the code runs in the browser; `HOW` where there is none.

    Examples
    --------
    >>> door("Write the function.", HOW).partition("<a ")[0]
    "<div class='door'><p>Write the function. It takes Python: "
    """
    ways = f"<a href='{HOW}'>start it on your own machine</a>"
    if binder != HOW:
        ways = f"<a href='{escape(binder, quote=True)}'>open it on Binder</a>, or {ways}"
    return (
        f"<div class='door'><p>{escape(does)} It takes Python: {ways}.</p>"
        "<div class='mount' data-widget='code' data-of=''></div></div>"
    )
